//! The encrypted content of COSE_Encrypt0 and COSE_Encrypt (RFC 9052 5.3).

use crate::{
    EncStructure, Error, OpenInput, Rule,
    answer::answer,
    crypto::{Algorithm, BufferTooShort, Operation, Secret, SecretError, VerifyError},
    error::{Misuse, Policy, Unsupported},
    header::Headers,
    key::Refused,
    message::nonce::Nonce,
};

/// Ciphers that authenticate nothing have their `alg` unprotected (RFC 9459 4).
pub(crate) fn authenticates_nothing(operation: Operation) -> bool {
    operation == Operation::UnauthenticatedCipher
}

/// What there is to decrypt, and how.
pub(crate) struct Content<'c> {
    algorithm: Algorithm,
    nonce: Nonce,
    ciphertext: &'c [u8],
}

impl<'c> Content<'c> {
    /// Content of a message that is authenticated.
    pub(crate) fn new(
        headers: &Headers<'c>,
        embedded: Option<&'c [u8]>,
        input: &OpenInput<'c, '_>,
    ) -> Result<Self, Error> {
        let algorithm = headers.algorithm_given(input.input.supplied())?;
        match algorithm.operation() {
            Some(Operation::Aead) => Self::read(algorithm, headers, embedded, input),
            Some(Operation::UnauthenticatedCipher) => {
                Err(Error::from(Policy::UnauthenticatedCipher(algorithm)))
            }
            _ => Err(Error::from(Unsupported::Algorithm(algorithm))),
        }
    }

    /// Content of a message that nothing authenticates (RFC 9459 4).
    pub(crate) fn unauthenticated(
        headers: &Headers<'c>,
        embedded: Option<&'c [u8]>,
        input: &OpenInput<'c, '_>,
    ) -> Result<Self, Error> {
        let algorithm = headers.algorithm_given(input.input.supplied())?;
        if algorithm.operation() != Some(Operation::UnauthenticatedCipher) {
            return Err(Error::from(Misuse::AuthenticatedCipher(algorithm)));
        }
        if !headers.protected().is_empty() {
            return Err(Error::malformed(Rule::Unauthenticated, headers.protected().offset()));
        }
        if !input.input.supplied().external_aad.is_empty() {
            return Err(Error::from(Misuse::Builder(Rule::Unauthenticated)));
        }
        Self::read(algorithm, headers, embedded, input)
    }

    fn read(
        algorithm: Algorithm,
        headers: &Headers<'c>,
        embedded: Option<&'c [u8]>,
        input: &OpenInput<'c, '_>,
    ) -> Result<Self, Error> {
        let ciphertext = input.input.resolve(embedded)?;
        Ok(Self { algorithm, nonce: Nonce::new(algorithm, headers, input.context_iv)?, ciphertext })
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn decrypt(
        &self,
        additional: &EncStructure<'_>,
        secret: &dyn Secret,
        plaintext: &mut [u8],
    ) -> Result<usize, Refused> {
        let tag_len = self.algorithm.tag_len().unwrap_or_default();
        let Some(needed) = self.ciphertext.len().checked_sub(tag_len) else {
            return Err(Refused::from(VerifyError::InvalidSignature));
        };
        if plaintext.len() < needed {
            return Err(Refused::Error(Error::from(BufferTooShort { needed })));
        }
        answer(Refused::from(VerifyError::Unsupported), |verdict| {
            secret.with_aead(&mut |aead| {
                let len = aead.decrypt(
                    self.algorithm,
                    self.nonce.as_bytes(),
                    &additional.parts(),
                    self.ciphertext,
                    plaintext,
                );
                *verdict = len.map_err(Refused::from);
            })
        })
    }

    pub(crate) fn decrypt_unauthenticated(
        &self,
        secret: &dyn Secret,
        plaintext: &mut [u8],
    ) -> Result<usize, Refused> {
        let needed = self.ciphertext.len();
        if plaintext.len() < needed {
            return Err(Refused::Error(Error::from(BufferTooShort { needed })));
        }
        answer(Refused::from(SecretError::Unsupported), |verdict| {
            secret.with_cipher(&mut |cipher| {
                let len = cipher.decrypt_unauthenticated(
                    self.algorithm,
                    self.nonce.as_bytes(),
                    self.ciphertext,
                    plaintext,
                );
                *verdict = len.map_err(Refused::from);
            })
        })
    }
}
