//! One element of a CCF path.

/// `ccf-proof-element` (draft-ietf-scitt-receipts-ccf-profile 3): a hash and the side it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathElement<B> {
    /// It is hashed in from the left.
    pub left: bool,
    /// The hash, or bytes that should be one.
    pub hash: B,
}
