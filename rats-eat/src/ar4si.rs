//! Trustworthiness claims and their tiers (draft-ietf-rats-ar4si 2.3).

mod claim;
mod tier;
mod vector;

pub use claim::{TrustClaim, TrustDimension};
pub use tier::{Comparison, Tier};
pub use vector::TrustVector;
