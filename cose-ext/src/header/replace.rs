//! A layer with another unprotected bucket, and every other byte as it was received.

use alloc::vec::Vec;

use super::{EncodedHeaders, Headers};
use crate::{Error, MapBuilder, crypto::Operation};

/// Returns `layer` with another unprotected bucket. The layer starts at byte `start` of the input
/// in which `headers` stand.
///
/// # Errors
///
/// If the new bucket breaks a rule.
pub(crate) fn replace_unprotected(
    (layer, start): (&[u8], usize),
    headers: &Headers<'_>,
    unprotected: &MapBuilder,
    exempt: fn(Operation) -> bool,
) -> Result<Vec<u8>, Error> {
    let new = unprotected.to_bytes();
    EncodedHeaders::new(headers.protected().as_received(), &new, exempt)?;
    let old = headers.unprotected();
    let at = old.offset().saturating_sub(start);
    let end = at.saturating_add(old.bytes().len());
    let before = layer.get(..at).unwrap_or_default();
    let after = layer.get(end..).unwrap_or_default();
    Ok([before, &new, after].concat())
}
