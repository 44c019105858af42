//! COSE_Encrypt: encrypted, with recipients who can get at the key (RFC 9052 5.1).

#[cfg(feature = "alloc")]
mod builder;
#[cfg(feature = "alloc")]
pub use builder::EncryptBuilder;

use crate::{
    Context, EncStructure, Error, Input, Opened, Profile, Rule, Signed, Unauthenticated,
    crypto::{KeyOperation, Secret},
    diag::{Message, shown_as},
    encrypt0::{Content, authenticates_nothing},
    error::Verification,
    frame::{Form, Frame, message_view},
    header::Headers,
    key::{Refused, SecretResolver, SecretTries},
    recipient::{KeySearch, Opening, Recipients},
};

/// A COSE_Encrypt as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Encrypt<'a> {
    bytes: &'a [u8],
    is_tagged: bool,
    headers: Headers<'a>,
    ciphertext: Option<&'a [u8]>,
    recipients: Recipients<'a>,
}

const FORM: Form = Form {
    tag: Encrypt::TAG,
    elements: 4,
    structure: Rule::EncryptStructure,
    exempt: authenticates_nothing,
};

impl<'a> Encrypt<'a> {
    message_view!(crate::tag::COSE_ENCRYPT);

    /// Reads a message that is the whole of `bytes`, with tag 96 or without.
    ///
    /// # Errors
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let (frame, mut reader) = Frame::open(bytes, &FORM, profile)?;
        let recipients = Recipients::read(&mut reader, profile)?;
        frame.close(&mut reader)?;
        let Frame { is_tagged, headers, content: ciphertext, .. } = frame;
        Ok(Self { bytes, is_tagged, headers, ciphertext, recipients })
    }

    /// Both header buckets.
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// The ciphertext as received; `None` when it is detached.
    pub const fn ciphertext(&self) -> Option<&'a [u8]> {
        self.ciphertext
    }

    /// The recipients, at least one.
    pub const fn recipients(&self) -> &Recipients<'a> {
        &self.recipients
    }

    /// The additional data that is authenticated (RFC 9052 5.3), in parts.
    pub fn enc_structure<'p>(&self, input: &Input<'p>) -> EncStructure<'p>
    where
        'a: 'p,
    {
        let protected = self.headers.protected().as_authenticated();
        EncStructure::encrypt(protected, input.external_aad())
    }

    /// Checks the tag with the content key that one of the keys that `keys` answers with leads to,
    /// through any of the recipients, and decrypts to the front of `plaintext`, which is at least as
    /// long as the ciphertext without its tag: as long as the ciphertext always suffices.
    ///
    /// After an error, `plaintext` holds nothing of the message.
    ///
    /// # Errors
    /// `Verification` if no key opens it, `Unsupported` if it could not be tried, `Policy` if no
    /// permitted key answers, the cipher authenticates nothing, or `crit` names what this call and
    /// its caller do not process; `Misuse` if `plaintext` is too short.
    pub fn decrypt<'o>(
        &self,
        input: &Input<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        plaintext: &'o mut [u8],
    ) -> Result<Opened<Signed<'a, 'o>>, Error> {
        let content = Content::new(&self.headers, self.ciphertext, input)?;
        let additional = self.enc_structure(input);
        let (opening, len) = self.open(&content, input, keys, context, &mut |secret| {
            content.decrypt(&additional, secret, plaintext)
        })?;
        let plaintext = plaintext.get(..len).unwrap_or_default();
        Ok(Opened::new(Signed::new(self.headers, plaintext), opening, content.algorithm()))
    }

    /// Decrypts a message whose cipher authenticates nothing (RFC 9459), to the front of `plaintext`,
    /// which is as long as the ciphertext. A wrong key gives wrong bytes, or an error.
    ///
    /// # Errors
    /// As [`decrypt`](Self::decrypt), and for authenticated ciphers, protected parameters and
    /// external data.
    pub fn decrypt_unauthenticated<'o>(
        &self,
        input: &Input<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        plaintext: &'o mut [u8],
    ) -> Result<Unauthenticated<&'o [u8]>, Error> {
        let content = Content::unauthenticated(&self.headers, self.ciphertext, input)?;
        let (_, len) = self.open(&content, input, keys, context, &mut |secret| {
            content.decrypt_unauthenticated(secret, plaintext)
        })?;
        Ok(Unauthenticated::new(plaintext.get(..len).unwrap_or_default()))
    }

    fn open(
        &self,
        content: &Content<'_>,
        input: &Input<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        decrypt: &mut dyn FnMut(&dyn Secret) -> Result<usize, Refused>,
    ) -> Result<(Opening, usize), Error> {
        self.headers.check_critical(input)?;
        let algorithm = content.algorithm();
        let search = KeySearch { input, keys, context };
        let mut tries = SecretTries::new(context.profile.limits.secret_candidates);
        let mut opened = None;
        let usage = (algorithm, KeyOperation::Decrypt);
        search.through(&self.recipients, usage, &mut tries, &mut |secret, opening| {
            opened = Some((opening, decrypt(secret)?));
            Ok(())
        });
        tries.conclude(|tried| Verification::NotDecrypted { tried })?;
        opened.ok_or(Error::from(Verification::NotDecrypted { tried: 0 }))
    }
}

shown_as!(Encrypt, Message::ENCRYPT);
