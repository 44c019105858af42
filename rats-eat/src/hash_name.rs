//! Hash algorithms by the names that CCA tokens give them.

use cose_ext::crypto::Algorithm;

/// Returns the hash function that CCA tokens call `name`.
pub(crate) fn hash_named(name: &str) -> Option<Algorithm> {
    match name {
        "sha-256" => Some(Algorithm::SHA256),
        "sha-384" => Some(Algorithm::SHA384),
        "sha-512" => Some(Algorithm::SHA512),
        _ => None,
    }
}
