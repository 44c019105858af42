//! What the receiver brings to a message that is opened with a secret key.

use core::fmt;

use super::{Agreed, KnownSender};
use crate::Input;

/// What the receiver brings to a message that is encrypted or has recipients: an [`Input`], and
/// what only secret keys need. Calls that open take an [`Input`] in its place where nothing more is
/// needed. `Debug` shows no secret.
///
/// ```
/// use cose_ext::{Input, OpenInput};
/// let input = OpenInput::from(Input::embedded()).with_context_iv(&[0; 12]);
/// # let _ = input;
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OpenInput<'p, 's> {
    /// Where the payload is, and what is supplied beside the message. An encrypted message has a
    /// ciphertext in the place of the payload, embedded or detached.
    pub input: Input<'p, 's>,
    /// The context IV of a message that brings a Partial IV (RFC 9052 3.1). It is as long as the
    /// nonce, and often comes with the key (`Base IV`).
    pub context_iv: Option<&'s [u8]>,
    /// What both sides bind derived keys to without sending it (RFC 9053 5.2).
    pub agreed: Agreed<'s>,
    /// Static keys of senders that the receiver knows, for ECDH-SS.
    pub senders: &'s [KnownSender<'s>],
}

impl<'p, 's> From<Input<'p, 's>> for OpenInput<'p, 's> {
    fn from(input: Input<'p, 's>) -> Self {
        Self { input, context_iv: None, agreed: Agreed::NOTHING, senders: &[] }
    }
}

impl<'p, 's> From<&Input<'p, 's>> for OpenInput<'p, 's> {
    fn from(input: &Input<'p, 's>) -> Self {
        Self::from(*input)
    }
}

impl From<&Self> for OpenInput<'_, '_> {
    fn from(input: &Self) -> Self {
        *input
    }
}

impl<'s> OpenInput<'_, 's> {
    /// Sets the context IV (RFC 9052 3.1).
    #[must_use]
    pub const fn with_context_iv(mut self, context_iv: &'s [u8]) -> Self {
        self.context_iv = Some(context_iv);
        self
    }

    /// Sets what both sides agreed on without sending it (RFC 9053 5.2).
    #[must_use]
    pub const fn with_agreed(mut self, agreed: Agreed<'s>) -> Self {
        self.agreed = agreed;
        self
    }

    /// Sets the static keys of known senders, for ECDH-SS.
    #[must_use]
    pub const fn with_known_senders(mut self, senders: &'s [KnownSender<'s>]) -> Self {
        self.senders = senders;
        self
    }
}

impl fmt::Debug for OpenInput<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenInput").field("input", &self.input).finish_non_exhaustive()
    }
}
