//! A verified token vouches for a submodule that stands elsewhere, and for nothing else.

use cose_ext::{
    Content, Context, Error as CoseError, MapBuilder, Value,
    crypto::{Algorithm, HashFunction},
    cwt::ClaimKey,
    error::Verification,
    key::TrustedKey,
    rustcrypto::{RustCrypto, Sha256},
    sign1::Sign1Builder,
};
use stubs::{
    Error,
    eat_submodule::{claims, detached_submodule},
};

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn radio() -> Vec<u8> {
    MapBuilder::new().with(ClaimKey::SUB, "radio").to_bytes()
}

/// A token with the digest of [`radio`] under "radio", and a claims set under "inline".
fn token() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let digest = Sha256.hash(&[&radio()]);
    let digest = [Algorithm::SHA256.into(), Value::Bytes(digest.as_ref())];
    let submodules = MapBuilder::new()
        .with("radio", Value::Array(&digest))
        .with("inline", &MapBuilder::new().with(ClaimKey::SUB, "inline"));
    let claims = MapBuilder::new()
        .with(ClaimKey::SUB, "device")
        .with(ClaimKey::SUBMODS, &submodules)
        .to_bytes();
    let signer = canary_fixtures::service_key().map_err(|error| error.to_string())?;
    Ok(Sign1Builder::new().sign(Content::Embedded(&claims), &signer)?)
}

#[test]
fn a_detached_submodule_has_the_token_s_signer() -> TestResult {
    let (token, radio) = (token()?, radio());
    let key = canary_fixtures::service_key().map_err(|error| error.to_string())?.public_key();
    let key = TrustedKey::new(key.as_public_key(), &Context::new(&RustCrypto))?;
    let context = Context::new(&RustCrypto);
    let claims = claims(&token, &key, &context)?;
    let submodule = detached_submodule(&claims, "radio", &radio, &context)?;
    assert_eq!(submodule.value().subject()?, Some("radio"));
    assert_eq!(submodule.by().identity(), key.identity());

    let other = MapBuilder::new().with(ClaimKey::SUB, "attacker").to_bytes();
    let refused = detached_submodule(&claims, "radio", &other, &context).err();
    let mismatch = Error::from(CoseError::from(Verification::DigestMismatch));
    assert_eq!(refused, Some(mismatch));
    let refused = detached_submodule(&claims, "modem", &radio, &context).err();
    assert_eq!(refused, Some(Error::Shape), "no such submodule");
    let refused = detached_submodule(&claims, "inline", &radio, &context).err();
    assert!(refused.is_some(), "a claims set is no digest");
    Ok(())
}

#[test]
fn an_unknown_signer_vouches_for_nothing() -> TestResult {
    let token = token()?;
    let key = canary_fixtures::issuer_key().map_err(|error| error.to_string())?.public_key();
    let key = TrustedKey::new(key.as_public_key(), &Context::new(&RustCrypto))?;
    assert!(claims(&token, &key, &Context::new(&RustCrypto)).is_err());
    Ok(())
}
