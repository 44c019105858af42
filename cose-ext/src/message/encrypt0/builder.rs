//! Making COSE_Encrypt0 (RFC 9052 5.2).

use alloc::{vec, vec::Vec};

use super::{Encrypt0, content::authenticates_nothing};
use crate::{
    EncStructure, Error, Label, Rule,
    answer::answer,
    crypto::{
        Aead, Algorithm, KeyOperation, Operation, Secret, SecretError, UnauthenticatedCipher,
    },
    error::{Misuse, Unsupported},
    frame::encode,
    header::{HeadersBuilder, message_methods},
    key::check_use,
};

/// The methods of a builder that has a field `nonce`.
macro_rules! nonce_methods {
    () => {
        /// Sets the nonce or IV, which goes into the message.
        ///
        /// It must be unique for the key, and for CBC unpredictable.
        #[must_use]
        pub fn iv(mut self, iv: &[u8]) -> Self {
            self.nonce = iv.to_vec();
            self.unprotected($crate::Label::IV, iv)
        }

        /// Sets the part of the nonce that goes into the message; the receiver knows the context
        /// IV.
        ///
        /// Both are combined (RFC 9052 3.1). The result must be unique for the key.
        #[must_use]
        pub fn partial_iv(mut self, partial: &[u8], context_iv: &[u8]) -> Self {
            // One that is longer than the nonce has no place in it, and no nonce comes of it.
            self.nonce = if partial.len() > context_iv.len() { &[] } else { context_iv }.to_vec();
            for (byte, partial) in self.nonce.iter_mut().rev().zip(partial.iter().rev()) {
                *byte ^= partial;
            }
            self.unprotected($crate::Label::PARTIAL_IV, partial)
        }
    };
}

pub(crate) use nonce_methods;

/// Makes a COSE_Encrypt0 (RFC 9052 5.2): headers and nonce first, then [`encrypt`](Self::encrypt).
#[derive(Clone, Debug, Default)]
pub struct Encrypt0Builder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
    pub(crate) nonce: Vec<u8>,
}

/// Tag, headers and ciphertext, before they find their place.
type Sealed = (Option<u64>, Vec<u8>, Vec<u8>);

/// A message whose ciphertext travels apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetachedCiphertext {
    /// The message, with nil in place of the ciphertext.
    pub message: Vec<u8>,
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
}

impl Encrypt0Builder {
    /// Begins a message without headers, which will be tagged.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false, nonce: Vec::new() }
    }

    message_methods!();
    nonce_methods!();

    /// Sets `kid`, unprotected, since a receiver has to find the key before it can open the
    /// message.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.unprotected(Label::KID, key_id)
    }

    /// Encrypts the message with `key`.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the key does not do `algorithm` with such a nonce.
    pub fn encrypt(
        self,
        algorithm: Algorithm,
        plaintext: &[u8],
        key: &dyn Secret,
    ) -> Result<Vec<u8>, Error> {
        let (tag, headers, ciphertext) = self.seal(algorithm, plaintext, key)?;
        Ok(encode(tag, &headers, Some(&ciphertext), &[]))
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
        key: &dyn Secret,
    ) -> Result<DetachedCiphertext, Error> {
        let (tag, headers, ciphertext) = self.seal(algorithm, plaintext, key)?;
        Ok(DetachedCiphertext { message: encode(tag, &headers, None, &[]), ciphertext })
    }

    fn seal(
        mut self,
        algorithm: Algorithm,
        plaintext: &[u8],
        key: &dyn Secret,
    ) -> Result<Sealed, Error> {
        check_use(key, algorithm, KeyOperation::Encrypt)?;
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(authenticates_nothing)?;
        let structure = EncStructure::encrypt0(headers.authenticated(), headers.external_aad());
        let content = Plaintext { algorithm, nonce: &self.nonce, plaintext };
        let ciphertext = content.encrypt(&structure, key)?;
        let tag = (!self.is_untagged).then_some(Encrypt0::TAG);
        Ok((tag, headers.as_bytes().to_vec(), ciphertext))
    }

    /// Encrypts a message with a cipher that authenticates nothing (RFC 9459).
    ///
    /// There may be no protected parameters.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt), and for protected parameters.
    pub fn encrypt_unauthenticated(
        mut self,
        algorithm: Algorithm,
        plaintext: &[u8],
        key: &dyn Secret,
    ) -> Result<Vec<u8>, Error> {
        check_use(key, algorithm, KeyOperation::Encrypt)?;
        check_unauthenticated(algorithm, &self.headers)?;
        self.headers.unprotect(Label::ALG, algorithm);
        let headers = self.headers.encode(authenticates_nothing)?;
        let content = Plaintext { algorithm, nonce: &self.nonce, plaintext };
        let ciphertext = content.encrypt_unauthenticated(key)?;
        let tag = (!self.is_untagged).then_some(Encrypt0::TAG);
        Ok(encode(tag, headers.as_bytes(), Some(&ciphertext), &[]))
    }
}

/// Refuses what RFC 9459 4 does not let an unauthenticated message have.
pub(crate) fn check_unauthenticated(
    algorithm: Algorithm,
    headers: &HeadersBuilder,
) -> Result<(), Error> {
    if algorithm.operation() != Some(Operation::UnauthenticatedCipher) {
        return Err(Misuse::AuthenticatedCipher(algorithm).into());
    }
    if headers.protected.is_empty() && headers.external_aad.is_empty() {
        Ok(())
    } else {
        Err(Misuse::Builder(Rule::Unauthenticated).into())
    }
}

/// What is to be encrypted, and how.
pub(crate) struct Plaintext<'p> {
    pub(crate) algorithm: Algorithm,
    pub(crate) nonce: &'p [u8],
    pub(crate) plaintext: &'p [u8],
}

impl Plaintext<'_> {
    pub(crate) fn encrypt(
        &self,
        additional: &EncStructure<'_>,
        secret: &dyn Secret,
    ) -> Result<Vec<u8>, Error> {
        answer(SecretError::Unsupported.into(), |sealed| {
            let lent = secret.with_aead(&mut |aead| *sealed = self.encrypt_with(additional, aead));
            lent.map_err(SecretError::from)
        })
    }

    pub(crate) fn encrypt_unauthenticated(&self, secret: &dyn Secret) -> Result<Vec<u8>, Error> {
        answer(SecretError::Unsupported.into(), |sealed| {
            let lent = secret
                .with_cipher(&mut |cipher| *sealed = self.encrypt_unauthenticated_with(cipher));
            lent.map_err(SecretError::from)
        })
    }

    fn encrypt_with(
        &self,
        additional: &EncStructure<'_>,
        key: &dyn Aead,
    ) -> Result<Vec<u8>, Error> {
        let unknown = Error::from(Unsupported::Algorithm(self.algorithm));
        let tag_len = self.algorithm.tag_len().ok_or(unknown)?;
        if self.algorithm.nonce_len() != Some(self.nonce.len()) {
            return Err(Misuse::Builder(Rule::NonceForm).into());
        }
        let mut ciphertext = vec![0; self.plaintext.len().saturating_add(tag_len)];
        let additional = additional.parts();
        let len =
            key.encrypt(self.algorithm, self.nonce, &additional, self.plaintext, &mut ciphertext)?;
        ciphertext.truncate(len);
        Ok(ciphertext)
    }

    fn encrypt_unauthenticated_with(
        &self,
        key: &dyn UnauthenticatedCipher,
    ) -> Result<Vec<u8>, Error> {
        /// Padding of CBC adds up to one block.
        const BLOCK: usize = 16;
        if self.algorithm.nonce_len() != Some(self.nonce.len()) {
            return Err(Misuse::Builder(Rule::NonceForm).into());
        }
        let mut ciphertext = vec![0; self.plaintext.len().saturating_add(BLOCK)];
        let len = key.encrypt(self.algorithm, self.nonce, self.plaintext, &mut ciphertext)?;
        ciphertext.truncate(len);
        Ok(ciphertext)
    }
}
