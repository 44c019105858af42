//! Private EC keys as ECPrivateKey in DER (RFC 5915, SEC 1 C.4), without heap.

use ::sec1::{EcParameters, EcPrivateKey};
use ::spki::der::Decode;

use super::der::{malformed, named_curve, offset_in, point};
use crate::{
    Error, Rule,
    crypto::{Curve, PrivateKey, PrivateKeyMaterial},
    error::Unsupported,
};

/// Reads a key that is the whole of `der`; it borrows from there.
///
/// # Errors
///
/// `Malformed` for what is not DER, or not an ECPrivateKey; `Unsupported` for a curve that is not
/// named, or has no COSE identifier.
pub fn decode(der: &[u8]) -> Result<PrivateKey<'_>, Error> {
    decode_on(der, None)
}

/// Reads a key on `curve`, where that is known from elsewhere.
pub(super) fn decode_on(der: &[u8], curve: Option<Curve>) -> Result<PrivateKey<'_>, Error> {
    let key = EcPrivateKey::from_der(der).map_err(malformed)?;
    let named = match key.parameters {
        Some(EcParameters::NamedCurve(named)) => Some(named_curve(named)?),
        None => None,
    };
    let curve = match (curve, named) {
        (Some(curve), None) | (None, Some(curve)) => curve,
        (Some(curve), Some(named)) if curve == named => curve,
        (Some(_), Some(_)) => return Err(Error::malformed(Rule::KeyForm, 0)),
        (None, None) => return Err(Unsupported::KeyFormat.into()),
    };
    let public = key.public_key.map(|public| point(public, curve, offset_in(der, public)));
    let material = PrivateKeyMaterial::Ec2 { curve, d: key.private_key };
    Ok(PrivateKey { material, public: public.transpose()?, algorithm: None })
}
