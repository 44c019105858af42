//! Keys as data (COSE_Key, key sets), who they belong to, and which to try.

mod candidates;
mod cose_key;
mod encoder;
mod hint;
mod identity;
mod key_set;
mod output;
#[cfg(feature = "alloc")]
mod owned_public_key;
mod resolver;
mod thumbprint;
mod trust_store;

pub(crate) use candidates::try_candidates;
pub use cose_key::CoseKey;
pub use encoder::{CoseKeyEncoder, KeySetEncoder};
pub use hint::KeyHint;
pub use identity::Identity;
pub use key_set::{KeySet, KeySetStore};
pub use output::BufferTooShort;
#[cfg(feature = "alloc")]
pub use owned_public_key::OwnedPublicKey;
pub use resolver::{Candidate, KeyResolver};
pub use thumbprint::{THUMBPRINT_URI_PREFIX, Thumbprint, with_thumbprint_input};
pub use trust_store::{TrustStore, TrustedKey};
