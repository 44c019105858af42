//! Making COSE_Mac0 (RFC 9052 6.2).

use alloc::vec::Vec;

use super::Mac0;
use crate::{
    Content, Error, Label, MacStructure,
    answer::answer,
    crypto::{Algorithm, KeyOperation, Secret, SecretError},
    frame::{byte_string, encode, no_exemption},
    header::{HeadersBuilder, message_methods},
    key::check_use,
};

/// Makes a COSE_Mac0 (RFC 9052 6.2): headers first, then [`authenticate`](Self::authenticate).
#[derive(Clone, Debug, Default)]
pub struct Mac0Builder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
}

impl Mac0Builder {
    /// Begins a message without headers, which will be tagged.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false }
    }

    message_methods!();

    /// Sets `kid`, protected.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.protected(Label::KID, key_id)
    }

    /// Makes the message, with a tag by `key`.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the key does not do `algorithm`.
    pub fn authenticate(
        mut self,
        algorithm: Algorithm,
        content: Content<'_>,
        key: &dyn Secret,
    ) -> Result<Vec<u8>, Error> {
        check_use(key, algorithm, KeyOperation::MacCreate)?;
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(no_exemption)?;
        let structure =
            MacStructure::mac0(headers.authenticated(), headers.external_aad(), content.bytes());
        let tag = answer(SecretError::Unsupported, |tag| {
            key.with_mac(&mut |mac| *tag = mac.tag(algorithm, &structure.parts()))
        })?;
        let tag = byte_string(tag.as_ref());
        let message_tag = (!self.is_untagged).then_some(Mac0::TAG);
        Ok(encode(message_tag, headers.as_bytes(), content.embedded(), &[&tag]))
    }
}
