//! Making COSE_Mac (RFC 9052 6.1).

use alloc::vec::Vec;

use super::Mac;
use crate::{
    Content, Error, Label, MacStructure,
    crypto::{Algorithm, HashValue, KeyOperation, SecretError},
    frame::{byte_string, encode, no_exemption},
    header::{HeadersBuilder, message_methods},
    recipient::{RecipientBuilder, Sealer},
};

/// Makes a COSE_Mac (RFC 9052 6.1): headers first, then [`authenticate`](Self::authenticate).
#[derive(Clone, Debug, Default)]
pub struct MacBuilder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
}

impl MacBuilder {
    /// Begins a message without headers, which will be tagged.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false }
    }

    message_methods!();

    /// Makes the message for `recipients`.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, the recipients do not go together (RFC 9052 8.5), or a key does
    /// not do what is asked of it.
    pub fn authenticate(
        mut self,
        algorithm: Algorithm,
        content: Content<'_>,
        recipients: &[RecipientBuilder<'_>],
        sealer: &mut Sealer<'_>,
    ) -> Result<Vec<u8>, Error> {
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(no_exemption)?;
        let structure =
            MacStructure::mac(headers.authenticated(), headers.external_aad(), content.bytes());
        let mut tag: Result<HashValue, SecretError> = Err(SecretError::Unsupported);
        let recipients =
            sealer.seal(recipients, (algorithm, KeyOperation::MacCreate), &mut |secret| {
                let set_up =
                    secret.with_mac(&mut |mac| tag = mac.tag(algorithm, &structure.parts()));
                Ok(set_up.map_err(SecretError::from)?)
            })?;
        let tag = byte_string(tag?.as_ref());
        let message_tag = (!self.is_untagged).then_some(Mac::TAG);
        Ok(encode(message_tag, headers.as_bytes(), content.embedded(), &[&tag, &recipients]))
    }
}
