use cose_ext::{
    Context, Error, Profile,
    crypto::Algorithm,
    key::{CoseKey, TrustedKey},
    rustcrypto::RustCrypto,
};
use scitt_core::ServiceKey;

use crate::{Files, ISSUER};

/// Pure Rust cryptography, the standard algorithms, any valid encoding.
pub(crate) const CONTEXT: Context<'static> = Context::new(&RustCrypto);

/// The key that speaks for the issuer.
pub(crate) fn issuer<'f>(files: &Files<'f>) -> Result<TrustedKey<'f>, Error> {
    Ok(key(files.issuer_key)?.for_issuer(ISSUER))
}

/// The key that signs the roots of the service's log.
pub(crate) fn service<'f>(files: &Files<'f>) -> Result<ServiceKey<'f>, Error> {
    Ok(ServiceKey::new(key(files.service_key)?, Algorithm::EDDSA))
}

fn key(bytes: &[u8]) -> Result<TrustedKey<'_>, Error> {
    TrustedKey::new(
        CoseKey::decode(bytes, &Profile::DETERMINISTIC)?.public_key()?,
        &Context::new(&RustCrypto),
    )
}
