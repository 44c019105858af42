//! What a log has of a statement.

use cose_ext::{Sign1, header::Protected};

/// What the entry of a log binds of a statement: the protected header, and payload and signature if
/// they are in the entry. The unprotected header is not logged (RFC 9943 6.3), nor are the heads
/// and the tag that the statement came with, so they are not in here.
///
/// Logged is not signed: whether its issuer signed it is not checked.
///
/// ```compile_fail,E0599
/// fn unprotected(logged: scitt_core::LoggedStatement<'_>) {
///     let _ = logged.unprotected(); // was not logged
/// }
/// ```
///
/// ```compile_fail,E0599
/// use scitt_core::{Included, LoggedStatement};
/// fn received(included: Included<'_, LoggedStatement<'_>>) {
///     let _ = included.value().message(); // the message as received holds what was not logged
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LoggedStatement<'s> {
    protected: Protected<'s>,
    payload: Option<&'s [u8]>,
    signature: Option<&'s [u8]>,
}

impl<'s> LoggedStatement<'s> {
    /// Every entry rule so far logs the signature.
    pub(crate) const fn new(statement: &Sign1<'s>, payload: Option<&'s [u8]>) -> Self {
        let protected = *statement.headers().protected();
        Self { protected, payload, signature: Some(statement.signature()) }
    }

    /// Returns the protected header.
    #[must_use]
    pub const fn protected(&self) -> &Protected<'s> {
        &self.protected
    }

    /// Returns the payload, if the entry contains it. If not, the log vouches for it only through
    /// the signature.
    #[must_use]
    pub const fn payload(&self) -> Option<&'s [u8]> {
        self.payload
    }

    /// Returns the signature of the statement, if the entry contains it. It was not checked.
    #[must_use]
    pub const fn signature(&self) -> Option<&'s [u8]> {
        self.signature
    }
}
