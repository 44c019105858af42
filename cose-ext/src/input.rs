use core::fmt;

use crate::{
    Error, Label,
    error::Misuse,
    recipient::{Agreed, KnownSender},
};

/// Where the payload of a message is. The caller always says; a mismatch is an error, and nil never
/// means empty (RFC 9052 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload<'a> {
    /// In the message.
    Embedded,
    /// Not in the message, but these bytes.
    Detached(&'a [u8]),
    /// Not in the message, and handed over piece by piece.
    Streamed,
}

/// What the caller brings to the verification of a message. `Debug` shows no secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Input<'a> {
    payload: Payload<'a>,
    external_aad: &'a [u8],
    /// Of the caller, and of a layer between the caller and the message.
    processed: [&'a [Label<'a>]; 2],
    context_iv: Option<&'a [u8]>,
    agreed: Agreed<'a>,
    senders: &'a [KnownSender<'a>],
}

impl<'a> Input<'a> {
    const fn new(payload: Payload<'a>) -> Self {
        Self {
            payload,
            external_aad: &[],
            processed: [&[], &[]],
            context_iv: None,
            agreed: Agreed::NOTHING,
            senders: &[],
        }
    }

    /// The payload is in the message.
    pub const fn embedded() -> Self {
        Self::new(Payload::Embedded)
    }

    /// The payload is not in the message; it is `payload`.
    pub const fn detached(payload: &'a [u8]) -> Self {
        Self::new(Payload::Detached(payload))
    }

    /// The payload is not in the message and is handed over piece by piece, to
    /// [`Sign1::verify_stream`](crate::Sign1::verify_stream).
    pub const fn streamed() -> Self {
        Self::new(Payload::Streamed)
    }

    /// The same with externally supplied data (RFC 9052 4.3).
    #[must_use]
    pub const fn with_external_aad(mut self, external_aad: &'a [u8]) -> Self {
        self.external_aad = external_aad;
        self
    }

    /// The same, for a caller that processes the header parameters `labels`: `crit` may name them.
    #[must_use]
    pub const fn processing(mut self, labels: &'a [Label<'a>]) -> Self {
        self.processed[0] = labels;
        self
    }

    /// The same, for a layer that processes `labels` beside those of its caller.
    #[must_use]
    pub const fn and_processing(mut self, labels: &'a [Label<'a>]) -> Self {
        self.processed[1] = labels;
        self
    }

    /// The same with the context IV of a message that brings a Partial IV (RFC 9052 3.1). It has the
    /// length of the nonce, and often comes with the key (`Base IV`).
    #[must_use]
    pub const fn with_context_iv(mut self, context_iv: &'a [u8]) -> Self {
        self.context_iv = Some(context_iv);
        self
    }

    /// The same with what both sides bind derived keys to without sending it (RFC 9053 5.2).
    #[must_use]
    pub const fn with_agreed(mut self, agreed: Agreed<'a>) -> Self {
        self.agreed = agreed;
        self
    }

    /// The same with the static keys of senders that the receiver knows, for ECDH-SS.
    #[must_use]
    pub const fn from_senders(mut self, senders: &'a [KnownSender<'a>]) -> Self {
        self.senders = senders;
        self
    }

    pub(crate) const fn context_iv(&self) -> Option<&'a [u8]> {
        self.context_iv
    }

    pub(crate) const fn agreed(&self) -> &Agreed<'a> {
        &self.agreed
    }

    pub(crate) const fn senders(&self) -> &'a [KnownSender<'a>] {
        self.senders
    }

    /// The payload, of a message that embeds `embedded`.
    pub(crate) fn resolve<'p>(&self, embedded: Option<&'p [u8]>) -> Result<&'p [u8], Error>
    where
        'a: 'p,
    {
        match (self.payload, embedded) {
            (Payload::Embedded, Some(payload)) => Ok(payload),
            (Payload::Detached(payload), None) => Ok(payload),
            (Payload::Streamed, _) => Err(Misuse::PayloadIsStreamed.into()),
            (Payload::Embedded, None) => Err(Misuse::PayloadIsDetached.into()),
            (Payload::Detached(_), Some(_)) => Err(Misuse::PayloadIsEmbedded.into()),
        }
    }

    /// Where the payload is.
    pub const fn payload(&self) -> Payload<'a> {
        self.payload
    }

    /// Externally supplied data, empty when there is none.
    pub const fn external_aad(&self) -> &'a [u8] {
        self.external_aad
    }

    /// Whether the caller, or a layer above the message, processes `label`.
    pub fn processes(&self, label: Label<'_>) -> bool {
        self.processed.iter().any(|labels| labels.contains(&label))
    }
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("payload", &self.payload)
            .field("external_aad", &self.external_aad)
            .field("processed", &self.processed)
            .finish_non_exhaustive()
    }
}
