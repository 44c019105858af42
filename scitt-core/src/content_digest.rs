//! Digests that a service computes itself.

use cose_ext::{
    Context,
    crypto::{Algorithm, HashValue},
    error::Unsupported,
};

use crate::Error;

/// Returns the SHA-256 of `parts`, by the provider and from the meter of `context`.
pub(crate) fn sha256(context: &Context<'_>, parts: &[&[u8]]) -> Result<[u8; 32], Error> {
    let digest: HashValue = context.hash(Algorithm::SHA256, parts)?;
    let digest = digest.as_ref().try_into();
    digest.map_err(|_| cose_ext::Error::from(Unsupported::Hash(Algorithm::SHA256)).into())
}
