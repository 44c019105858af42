//! Keys as data (COSE_Key, key sets), who they belong to, and which to try.

mod candidates;
mod cose_key;
mod hint;
mod identity;
mod key_set;
mod resolver;
mod thumbprint;
mod trust_store;

pub(crate) use candidates::try_candidates;
pub use cose_key::CoseKey;
pub use hint::KeyHint;
pub use identity::Identity;
pub use key_set::{KeySet, KeySetStore};
pub use resolver::{Candidate, KeyResolver};
pub use thumbprint::{THUMBPRINT_URI_PREFIX, Thumbprint, with_thumbprint_input};
pub use trust_store::{TrustStore, TrustedKey};
