//! Recipients: who can get the key of a COSE_Mac or COSE_Encrypt, and how (RFC 9052 5.1, 8.5).

mod agreed;
#[cfg(feature = "alloc")]
mod builder;
mod content_key;
mod kdf_context;
mod open_input;
mod opened;
#[cfg(feature = "alloc")]
mod sealing;
mod sender;

pub use agreed::{Agreed, PartyInfo};
#[cfg(feature = "alloc")]
pub use builder::RecipientBuilder;
pub(crate) use content_key::KeySearch;
pub use kdf_context::{KdfContext, Party};
pub use open_input::OpenInput;
pub use opened::Opened;
pub(crate) use opened::Opening;
#[cfg(feature = "alloc")]
pub use sealing::Sealer;
pub use sender::KnownSender;

use crate::{
    Error, Label, Profile, Rule,
    cbor::{Reader, Strictness, widen},
    crypto::{Operation, Sender},
    diag::{Message, shown_as},
    error::Limit,
    frame::{Layer, read_content},
    header::Headers,
};

/// RFC 9052 8.5: direct and key wrap have nothing that protects a parameter.
pub(crate) fn protects_nothing(operation: Operation) -> bool {
    matches!(operation, Operation::Direct | Operation::KeyWrap)
}

/// One COSE_recipient as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    headers: Headers<'a>,
    ciphertext: Option<&'a [u8]>,
    recipients: Option<Recipients<'a>>,
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Recipient<'a> {
    fn read(
        reader: &mut Reader<'a>,
        profile: &Profile,
        depth: usize,
        left: &mut usize,
    ) -> Result<Self, Error> {
        let offset = reader.position();
        let array = Layer::open(reader, 3, 4, Rule::RecipientStructure)?;
        let headers = Headers::read_exempting(reader, profile, protects_nothing)?;
        let ciphertext = read_content(reader, Rule::RecipientStructure)?;
        let recipients = if array.has_element(3, reader)? {
            Some(Recipients::read_within(reader, profile, depth, left)?)
        } else {
            None
        };
        array.close(reader, Rule::RecipientStructure)?;
        Ok(Self { headers, ciphertext, recipients, bytes: reader.raw_since(offset), offset })
    }

    /// Returns both header buckets.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// Returns the encrypted key, or `None` for nil.
    #[must_use]
    pub const fn ciphertext(&self) -> Option<&'a [u8]> {
        self.ciphertext
    }

    /// Returns the recipients of the layer below, who can decrypt the key that this layer is
    /// encrypted with.
    #[must_use]
    pub const fn recipients(&self) -> Option<&Recipients<'a>> {
        self.recipients.as_ref()
    }

    /// Returns the whole COSE_recipient as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What each class of recipient algorithms asks of the structure (RFC 9052 8.5); `count` stand
    /// beside each other, this one included.
    fn check_form(&self, operation: Operation, count: usize) -> Result<(), Error> {
        let protected_is_empty = self.headers.protected().is_empty();
        let ciphertext_is_empty = self.ciphertext.is_some_and(<[u8]>::is_empty);
        let alone = count == 1 && self.recipients.is_none();
        let (holds, rule) = match operation {
            Operation::Direct => {
                (alone && ciphertext_is_empty && protected_is_empty, Rule::DirectForm)
            }
            Operation::DirectWithKdf(_) => (alone && ciphertext_is_empty, Rule::DirectForm),
            Operation::KeyAgreement(..) => (alone && ciphertext_is_empty, Rule::AgreementForm),
            Operation::KeyWrap => (protected_is_empty, Rule::KeyWrapForm),
            Operation::KeyAgreementWithKeyWrap(..) => {
                (self.recipients.is_none(), Rule::RecipientStructure)
            }
            _ => (false, Rule::RecipientStructure),
        };
        if holds { Ok(()) } else { Err(Error::malformed(rule, self.offset)) }
    }

    /// Refuses a recipient whose derived key may have been derived before: direct+HKDF and ECDH-SS
    /// need a salt or a nonce of party U (RFC 9053 6.1.2, 6.3.1), in the header or in `agreed`.
    ///
    /// Builders here always put one there. Opening a message does not ask for it: published
    /// examples have none, and a repeated key harms the sender only.
    ///
    /// # Errors
    ///
    /// If there is neither, or no algorithm.
    pub fn check_salted(&self, agreed: &Agreed<'_>) -> Result<(), Error> {
        let salted = match self.headers.algorithm()?.operation() {
            Some(
                Operation::DirectWithKdf(_)
                | Operation::KeyAgreement(_, Sender::Static)
                | Operation::KeyAgreementWithKeyWrap(_, Sender::Static),
            ) => {
                let found = self.headers.find(Label::SALT);
                found.or_else(|| self.headers.find(Label::PARTY_U_NONCE)).is_some()
                    || agreed.party_u.nonce.is_some()
            }
            _ => true,
        };
        if salted { Ok(()) } else { Err(Error::malformed(Rule::SaltOrNonce, self.offset)) }
    }
}

shown_as!(Recipient, Message::RECIPIENT);

/// The recipients of one layer, at least one, all of which can be decoded.
#[derive(Clone, Copy, Debug)]
pub struct Recipients<'a> {
    /// The array.
    bytes: &'a [u8],
    offset: usize,
    len: usize,
    profile: Profile,
}

impl<'a> Recipients<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>, profile: &Profile) -> Result<Self, Error> {
        let mut left = profile.limits.recipients;
        Self::read_within(reader, profile, profile.limits.recipient_depth, &mut left)
    }

    /// `depth` more layers, and `left` more recipients in all of them.
    fn read_within(
        reader: &mut Reader<'a>,
        profile: &Profile,
        depth: usize,
        left: &mut usize,
    ) -> Result<Self, Error> {
        let start = reader.position();
        let too_deep = Error::from(Limit::RecipientDepth).at(start);
        let depth = depth.checked_sub(1).ok_or(too_deep)?;
        let array = Layer::open(reader, 1, u64::MAX, Rule::RecipientStructure)?;
        let mut len: usize = 0;
        while array.has_element(widen(len), reader)? {
            let too_many = Error::from(Limit::Recipients).at(start);
            *left = left.checked_sub(1).ok_or(too_many)?;
            Recipient::read(reader, profile, depth, left)?;
            len = len.saturating_add(1);
        }
        if len == 0 {
            return Err(Error::malformed(Rule::RecipientStructure, start));
        }
        array.close(reader, Rule::RecipientStructure)?;
        Ok(Self { bytes: reader.raw_since(start), offset: start, len, profile: *profile })
    }

    /// Returns the number of recipients, at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns the recipients in the order of the message.
    pub fn iter(&self) -> impl Iterator<Item = Recipient<'a>> + use<'a> {
        let mut reader = Reader::new(self.bytes, Strictness::LENIENT);
        let profile = Profile { strictness: Strictness::LENIENT, ..self.profile };
        // The head and each element were read before.
        let _ = reader.array();
        let (depth, offset) = (profile.limits.recipient_depth, self.offset);
        (0..self.len).map_while(move |_| {
            let mut left = profile.limits.recipients;
            let mut recipient = Recipient::read(&mut reader, &profile, depth, &mut left).ok()?;
            recipient.offset = recipient.offset.saturating_add(offset);
            recipient.headers = recipient.headers.within(offset);
            if let Some(inner) = &mut recipient.recipients {
                inner.offset = inner.offset.saturating_add(offset);
            }
            Some(recipient)
        })
    }

    /// Returns where the array starts in the input, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}
