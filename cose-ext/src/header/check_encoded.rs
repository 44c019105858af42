use super::Headers;
use crate::{
    Error, Profile,
    cbor::{Head, Reader, Strictness},
    crypto::Operation,
};

/// Reads headers back as a verifier would, so that no rule has a second implementation in builders.
/// `exempt` is as for [`Headers::read_exempting`].
pub(crate) fn check_encoded(
    protected: &[u8],
    unprotected: &[u8],
    exempt: fn(Operation) -> bool,
) -> Result<(), Error> {
    let head = Head::bytes(protected.len());
    let encoded = [head.as_bytes(), protected, unprotected].concat();
    let mut reader = Reader::new(&encoded, Strictness::LENIENT);
    let headers = Headers::read_exempting(&mut reader, &Profile::LENIENT, exempt)?;
    headers.protected().crit()?;
    headers.hash_envelope()?;
    headers.countersignatures(&Profile::LENIENT)?;
    headers.countersignature0()?;
    Ok(reader.end()?)
}
