//! A message that lacks its signatures.

use core::ops::Range;

use cose_ext::{
    BufferTooShort, Label, SigStructure,
    cbor::{Head, Writer},
    crypto::{Algorithm, Signer},
    tag,
};

use crate::redacted::redacted;
use crate::{Error, Misuse, Numbering, Suite, cipher_suite::MOST_SUITES, encode::Content};

redacted!(Draft);

/// A key that this side signs with, by what a message says of it. The key itself is the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// The suite that it serves.
    pub suite: Suite,
    /// Its RFC 9679 thumbprint, which becomes the kid; without one the message names no key.
    pub thumbprint: Option<[u8; 32]>,
}

/// A message in memory of the caller that lacks only its signatures: one COSE_Sign1, or for the
/// first QueryRequest a COSE_Sign with one signature for each suite.
///
/// Keys that answer at once sign with [`sign`](Self::sign). For one that lives elsewhere, the draft
/// is kept, [`structure`](Self::structure) says what is to be signed, and [`attach`](Self::attach)
/// ends it.
///
/// # State, invariant, cost
///
/// The first `len` bytes of the buffer are the message up to its signatures; `payload` lies within
/// them. The buffer has room for all signatures.
#[must_use]
pub struct Draft<'o> {
    out: &'o mut [u8],
    len: usize,
    payload: Range<usize>,
    keys: [Option<SigningKey>; MOST_SUITES],
    form: Form,
}

/// Signatures of all suites have 64 bytes.
const SIGNATURE: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Sign1,
    Sign,
}

impl<'o> Draft<'o> {
    pub(crate) fn write(
        out: &'o mut [u8],
        numbering: Numbering,
        form: Form,
        keys: &[SigningKey],
        content: &impl Content,
    ) -> Result<Self, Error> {
        content.check().map_err(Error::misuse)?;
        let first = keys.first().ok_or(Error::misuse(Misuse::NoSigningKey))?;
        let mut kept = [None; MOST_SUITES];
        for (slot, key) in kept.iter_mut().zip(keys) {
            *slot = Some(*key);
        }
        let mut writer = Writer::new(out);
        match form {
            Form::Sign1 => {
                writer.tag(tag::COSE_SIGN1).array(4);
                headers(&mut writer, first);
            }
            Form::Sign => {
                writer.tag(tag::COSE_SIGN).array(4).bytes(&[]).map(0);
            }
        }
        let payload = writer.embedded(|writer| content.write(writer, numbering));
        if form == Form::Sign {
            writer.array(kept.iter().flatten().count());
        }
        let len = writer.finish()?.len();
        let draft = Self { out, len, payload, keys: kept, form };
        let needed = draft.keys().fold(len, |sum, key| sum.saturating_add(draft.room(&key)));
        if needed > draft.out.len() {
            return Err(BufferTooShort { needed }.into());
        }
        Ok(draft)
    }

    /// Returns the algorithms that signatures are needed for, in their order.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> + use<> {
        self.keys.into_iter().flatten().map(|key| key.suite.algorithm())
    }

    fn keys(&self) -> impl Iterator<Item = SigningKey> + use<> {
        self.keys.into_iter().flatten()
    }

    /// Tells the signer for `algorithm` what is to be signed (RFC 9052 4.4), in parts; `None` for
    /// an algorithm that no signature is needed for.
    pub fn structure<R>(
        &self,
        algorithm: Algorithm,
        then: impl FnOnce(&SigStructure<'_>) -> R,
    ) -> Option<R> {
        let key = self.keys().find(|key| key.suite.algorithm() == algorithm)?;
        let mut buffer = [0; PROTECTED];
        let payload = self.out.get(self.payload.clone()).unwrap_or_default();
        Some(then(&structure(self.form, protected(&key, &mut buffer), payload)))
    }

    /// Signs in place, with one signer for each of [`algorithms`](Self::algorithms) in any order;
    /// returns the message.
    ///
    /// # Errors
    ///
    /// `Misuse` if a signer is missing, and what a signer says.
    pub fn sign(mut self, signers: &[&dyn Signer]) -> Result<&'o [u8], Error> {
        for key in self.keys() {
            let algorithm = key.suite.algorithm();
            let signer = signers.iter().find(|signer| signer.algorithm() == algorithm);
            let signer = signer.ok_or(Error::misuse(Misuse::Signers))?;
            self.append(&key, |structure, place| {
                signer
                    .sign(&structure.parts(), place)
                    .map_err(|error| Error::from(cose_ext::Error::from(error)))
            })?;
        }
        Ok(self.into_message())
    }

    /// Attaches signatures that were made elsewhere, in the order of
    /// [`algorithms`](Self::algorithms); returns the message. They are not checked.
    ///
    /// # Errors
    ///
    /// `Misuse` for another number of signatures, or another length.
    pub fn attach(mut self, signatures: &[&[u8]]) -> Result<&'o [u8], Error> {
        let mut left = signatures.iter();
        for key in self.keys() {
            let signature = left.next().ok_or(Error::misuse(Misuse::Signers))?;
            self.append(&key, |_, place| {
                if place.len() == signature.len() {
                    place.copy_from_slice(signature);
                }
                Ok(signature.len())
            })?;
        }
        match left.next() {
            Some(_) => Err(Error::misuse(Misuse::Signers)),
            None => Ok(self.into_message()),
        }
    }

    fn into_message(self) -> &'o [u8] {
        self.out.get(..self.len).unwrap_or_default()
    }

    fn room(&self, key: &SigningKey) -> usize {
        let mut counter = Writer::new(&mut []);
        if self.form == Form::Sign {
            counter.array(3);
            headers(&mut counter, key);
        }
        counter.bytes(&[0; SIGNATURE]).len()
    }

    fn append(
        &mut self,
        key: &SigningKey,
        sign: impl FnOnce(&SigStructure<'_>, &mut [u8]) -> Result<usize, Error>,
    ) -> Result<(), Error> {
        let too_short =
            Error::from(BufferTooShort { needed: self.len.saturating_add(self.room(key)) });
        let (message, rest) = self.out.split_at_mut_checked(self.len).ok_or(too_short)?;
        let mut writer = Writer::new(rest);
        if self.form == Form::Sign {
            writer.array(3);
            headers(&mut writer, key);
        }
        writer.head(Head::bytes(SIGNATURE));
        let from = writer.finish()?.len();
        let to = from.saturating_add(SIGNATURE);
        let place = rest.get_mut(from..to).ok_or(too_short)?;
        let mut buffer = [0; PROTECTED];
        let payload = message.get(self.payload.clone()).unwrap_or_default();
        let made = sign(&structure(self.form, protected(key, &mut buffer), payload), place)?;
        if made != SIGNATURE {
            return Err(Error::misuse(Misuse::Signers));
        }
        self.len = self.len.saturating_add(to);
        Ok(())
    }
}

/// Length of the longest protected header here: a map of one algorithm.
const PROTECTED: usize = 8;

fn protected<'b>(key: &SigningKey, buffer: &'b mut [u8; PROTECTED]) -> &'b [u8] {
    let mut writer = Writer::new(buffer);
    writer.map(1).int(label(Label::ALG)).int(key.suite.algorithm().value());
    writer.finish().map(|written| &*written).unwrap_or_default()
}

/// Both header buckets: the algorithm is protected, the kid is a hint.
fn headers(writer: &mut Writer<'_>, key: &SigningKey) {
    let mut buffer = [0; PROTECTED];
    writer.bytes(protected(key, &mut buffer));
    match &key.thumbprint {
        Some(thumbprint) => writer.map(1).int(label(Label::KID)).bytes(thumbprint),
        None => writer.map(0),
    };
}

fn label(label: Label<'_>) -> i64 {
    label.to_i64().unwrap_or_default()
}

fn structure<'s>(form: Form, protected: &'s [u8], payload: &'s [u8]) -> SigStructure<'s> {
    match form {
        Form::Sign1 => SigStructure::signature1(protected, &[], payload),
        Form::Sign => SigStructure::signature(&[], protected, &[], payload),
    }
}
