//! What a comparison comes to.

use crate::ar4si::{Tier, TrustVector};

/// What is to be thought of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    /// What was found, for each dimension that the appraiser knows something about.
    pub vector: TrustVector,
    /// The tier of the worst claim; never affirming where nothing that was measured matches a
    /// reference.
    pub status: Tier,
    /// From when on this does not hold, in seconds since 1970: the earliest expiry of the token and
    /// of every line of the table that was relied upon. `None` if none of them expires.
    pub expires_at: Option<i64>,
    /// How many components match.
    pub matched: usize,
    /// How many components do not.
    pub not_matched: usize,
}
