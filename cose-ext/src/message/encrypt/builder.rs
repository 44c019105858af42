//! Making COSE_Encrypt (RFC 9052 5.1).

use alloc::vec::Vec;

use super::Encrypt;
use crate::{
    EncStructure, Error, Label,
    crypto::{Algorithm, KeyOperation, Secret},
    encrypt0::{
        DetachedCiphertext, Plaintext, authenticates_nothing, check_unauthenticated, nonce_methods,
    },
    frame::encode,
    header::{EncodedHeaders, HeadersBuilder, message_methods},
    recipient::{RecipientBuilder, Sealer},
};

/// Makes a COSE_Encrypt (RFC 9052 5.1): headers and nonce first, then [`encrypt`](Self::encrypt).
#[derive(Clone, Debug, Default)]
pub struct EncryptBuilder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
    pub(crate) nonce: Vec<u8>,
}

/// A message in the making: its parts, before the ciphertext finds its place.
struct Parts {
    tag: Option<u64>,
    headers: EncodedHeaders,
    ciphertext: Vec<u8>,
    recipients: Vec<u8>,
}

impl EncryptBuilder {
    /// Begins a message without headers, which will be tagged.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false, nonce: Vec::new() }
    }

    message_methods!();
    nonce_methods!();

    /// Makes the message for `recipients`.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, the recipients do not go together (RFC 9052 8.5), or a key does
    /// not do what is asked of it.
    pub fn encrypt(
        self,
        algorithm: Algorithm,
        plaintext: &[u8],
        recipients: &[RecipientBuilder<'_>],
        sealer: &mut Sealer<'_>,
    ) -> Result<Vec<u8>, Error> {
        let parts = self.seal(algorithm, plaintext, recipients, sealer)?;
        let Parts { tag, headers, ciphertext, recipients } = parts;
        Ok(encode(tag, headers.as_bytes(), Some(&ciphertext), &[&recipients]))
    }

    /// Encrypts as above and hands out the ciphertext apart.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt).
    pub fn encrypt_detached(
        self,
        algorithm: Algorithm,
        plaintext: &[u8],
        recipients: &[RecipientBuilder<'_>],
        sealer: &mut Sealer<'_>,
    ) -> Result<DetachedCiphertext, Error> {
        let parts = self.seal(algorithm, plaintext, recipients, sealer)?;
        let Parts { tag, headers, ciphertext, recipients } = parts;
        let message = encode(tag, headers.as_bytes(), None, &[&recipients]);
        Ok(DetachedCiphertext { message, ciphertext })
    }

    /// Encrypts a message with a cipher that authenticates nothing (RFC 9459).
    ///
    /// There may be no protected parameters and no external data.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt), and for protected parameters.
    pub fn encrypt_unauthenticated(
        mut self,
        algorithm: Algorithm,
        plaintext: &[u8],
        recipients: &[RecipientBuilder<'_>],
        sealer: &mut Sealer<'_>,
    ) -> Result<Vec<u8>, Error> {
        check_unauthenticated(algorithm, &self.headers)?;
        self.headers.unprotect(Label::ALG, algorithm);
        let headers = self.headers.encode(authenticates_nothing)?;
        let content = Plaintext { algorithm, nonce: &self.nonce, plaintext };
        let mut ciphertext = Vec::new();
        let recipients = sealer.seal(
            recipients,
            (algorithm, KeyOperation::Encrypt),
            &mut |secret: &dyn Secret| {
                ciphertext = content.encrypt_unauthenticated(secret)?;
                Ok(())
            },
        )?;
        let tag = (!self.is_untagged).then_some(Encrypt::TAG);
        Ok(encode(tag, headers.as_bytes(), Some(&ciphertext), &[&recipients]))
    }

    fn seal(
        mut self,
        algorithm: Algorithm,
        plaintext: &[u8],
        recipients: &[RecipientBuilder<'_>],
        sealer: &mut Sealer<'_>,
    ) -> Result<Parts, Error> {
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(authenticates_nothing)?;
        let structure = EncStructure::encrypt(headers.authenticated(), headers.external_aad());
        let content = Plaintext { algorithm, nonce: &self.nonce, plaintext };
        let mut ciphertext = Vec::new();
        let recipients = sealer.seal(
            recipients,
            (algorithm, KeyOperation::Encrypt),
            &mut |secret: &dyn Secret| {
                ciphertext = content.encrypt(&structure, secret)?;
                Ok(())
            },
        )?;
        let tag = (!self.is_untagged).then_some(Encrypt::TAG);
        Ok(Parts { tag, headers, ciphertext, recipients })
    }
}
