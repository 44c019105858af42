use crate::Label;

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

/// What the caller brings to the verification of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    payload: Payload<'a>,
    external_aad: &'a [u8],
    /// Of the caller, and of a layer between the caller and the message.
    processed: [&'a [Label<'a>]; 2],
}

impl<'a> Input<'a> {
    /// The payload is in the message.
    pub const fn embedded() -> Self {
        Self { payload: Payload::Embedded, external_aad: &[], processed: [&[], &[]] }
    }

    /// The payload is not in the message; it is `payload`.
    pub const fn detached(payload: &'a [u8]) -> Self {
        Self { payload: Payload::Detached(payload), external_aad: &[], processed: [&[], &[]] }
    }

    /// The payload is not in the message and is handed over piece by piece, to
    /// [`Sign1::verify_stream`](crate::Sign1::verify_stream).
    pub const fn streamed() -> Self {
        Self { payload: Payload::Streamed, external_aad: &[], processed: [&[], &[]] }
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
