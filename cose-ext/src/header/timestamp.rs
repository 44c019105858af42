//! The two timestamp parameters (RFC 9921 3).

use crate::{
    Error, Rule,
    cbor::{Raw, Reader},
    error::Breaks,
};

/// Which of signature and timestamp came first, and so what the timestamp covers (RFC 9921 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9921 3 has no others")]
pub enum TimestampMode {
    /// 3161-ttc: the payload was stamped, then signed with the token in the protected bucket.
    TimestampThenCose,
    /// 3161-ctt: the signature was stamped; the token came into the unprotected bucket afterwards.
    CoseThenTimestamp,
}

/// A timestamp as the header carries it (RFC 9921 3): a TimeStampToken of RFC 3161 in DER. Opaque
/// here; with feature `timestamp` it can be checked against the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp<'a> {
    token: &'a [u8],
    offset: usize,
    mode: TimestampMode,
}

impl<'a> Timestamp<'a> {
    pub(super) fn read(value: &Raw<'a>, mode: TimestampMode) -> Result<Self, Error> {
        let token = value.read(Reader::bytes).breaks(Rule::TimestampForm)?;
        let head = value.bytes().len().saturating_sub(token.len());
        Ok(Self { token, offset: value.offset().saturating_add(head), mode })
    }

    /// Returns the TimeStampToken, in DER.
    #[must_use]
    pub const fn token(&self) -> &'a [u8] {
        self.token
    }

    /// Returns where the token starts in the message, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns what the timestamp covers.
    #[must_use]
    pub const fn mode(&self) -> TimestampMode {
        self.mode
    }
}
