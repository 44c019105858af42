use alloc::vec::Vec;

use rand_core::CryptoRng;

use super::Mac;
use crate::{
    Content, Error, Input, Label, MacStructure,
    crypto::{Algorithm, HashValue, KeyOperation, SecretError, SecretProvider},
    frame::{byte_string, encode, nothing},
    header::{HeadersBuilder, message_methods},
    recipient::{RecipientBuilder, Sealing},
};

/// Makes a COSE_Mac (RFC 9052 6.1): headers first, then [`authenticate`](Self::authenticate).
#[derive(Clone, Debug, Default)]
pub struct MacBuilder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
}

impl MacBuilder {
    /// A message without headers, to be tagged.
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false }
    }

    message_methods!();

    /// The message for `recipients`. `input` has the external data, and what keys are bound to;
    /// where the payload goes is for `content` to say.
    ///
    /// # Errors
    /// If the headers break a rule, the recipients do not go together (RFC 9052 8.5), or a key does
    /// not do what is asked of it.
    pub fn authenticate(
        mut self,
        algorithm: Algorithm,
        content: Content<'_>,
        input: &Input<'_>,
        recipients: &[RecipientBuilder<'_>],
        provider: &dyn SecretProvider,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, Error> {
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(nothing)?;
        let structure =
            MacStructure::mac(headers.authenticated(), input.external_aad(), content.bytes());
        let mut tag: Result<HashValue, SecretError> = Err(SecretError::Unsupported);
        let mut sealing = Sealing { input, provider, random };
        let recipients =
            sealing.seal(recipients, (algorithm, KeyOperation::MacCreate), &mut |secret| {
                let set_up =
                    secret.with_mac(&mut |mac| tag = mac.tag(algorithm, &structure.parts()));
                Ok(set_up.map_err(SecretError::from)?)
            })?;
        let tag = byte_string(tag?.as_ref());
        let message_tag = (!self.is_untagged).then_some(Mac::TAG);
        Ok(encode(message_tag, headers.as_bytes(), content.embedded(), &[&tag, &recipients]))
    }
}
