//! Keys as data (COSE_Key, key sets), who they belong to, and which to try.

mod any_of;
mod candidates;
mod cose_key;
#[cfg(feature = "spki")]
mod der;
mod encoder;
mod hashed_key;
mod hint;
mod identity;
mod issuer_keys;
#[cfg(feature = "jwk")]
mod jwk;
mod key_origin;
mod key_set;
mod output;
#[cfg(feature = "alloc")]
mod owned_public_key;
#[cfg(feature = "alloc")]
mod owned_trust_store;
mod parameters;
#[cfg(feature = "pem")]
mod pem;
#[cfg(feature = "pkcs8")]
pub mod pkcs8;
mod resolver;
#[cfg(feature = "pkcs8")]
pub mod sec1;
mod secret_encoder;
mod secret_key_set;
mod secret_resolver;
mod secret_tries;
mod signed_by;
#[cfg(feature = "spki")]
pub mod spki;
mod thumbprint;
mod thumbprint_uri;
mod trust_store;
mod whole;

pub use any_of::AnyOf;
pub(crate) use candidates::{Tries, signed_by, try_candidates};
pub use cose_key::CoseKey;
#[cfg(feature = "x509")]
pub(crate) use der::{offset_in, point};
pub use encoder::{CoseKeyEncoder, KeySetEncoder};
pub use hashed_key::{HashedKey, HashedVerifier};
pub use hint::KeyHint;
pub(crate) use hint::claimed_issuer;
pub use identity::Identity;
pub use issuer_keys::IssuerKeys;
#[cfg(feature = "jwk")]
pub use jwk::{Jwk, JwkEncoder, JwkSet};
pub use key_origin::KeyOrigin;
pub use key_set::{KeySet, KeySetStore};
#[cfg(feature = "alloc")]
pub use owned_public_key::OwnedPublicKey;
#[cfg(feature = "alloc")]
pub use owned_trust_store::{OwnedTrustStore, OwnedTrustedKey};
#[cfg(feature = "pem")]
pub use pem::Pem;
pub use resolver::{Candidate, CandidateKey, KeyResolver};
pub use secret_encoder::{SecretKeyEncoder, SecretKeySetEncoder};
pub use secret_key_set::SecretKeySetStore;
pub use secret_resolver::{HeldSecret, SecretCandidate, SecretResolver, SecretStore};
pub(crate) use secret_tries::check_use;
pub(crate) use secret_tries::{Refused, SecretTries};
pub(crate) use signed_by::Attribution;
pub use signed_by::{IssuerBinding, SignedBy};
pub use thumbprint::{THUMBPRINT_URI_PREFIX, Thumbprint, with_thumbprint_input};
pub use thumbprint_uri::ThumbprintUri;
pub use trust_store::{TrustStore, TrustedKey};

pub use crate::label::KeyLabel;

#[cfg(test)]
mod tests;
