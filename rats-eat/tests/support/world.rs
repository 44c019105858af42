//! An attester and a verifier with fixed keys.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Context, Profile, Trust, Verified,
    cwt::ClaimKey,
    key::TrustedKey,
    rustcrypto::{P256SigningKey, RustCrypto},
    sign::Signers,
};
use rats_eat::{
    Claims, Error, Requirements, Token,
    attester::{self, ClaimsWriter},
};

pub(crate) const ISSUER: &str = "https://vendor.example";

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

pub(crate) fn key(seed: u8) -> P256SigningKey {
    P256SigningKey::from_bytes(&[seed; 32]).unwrap()
}

/// A signed CWT by the key of `seed`, whose kid is that number.
pub(crate) fn token(seed: u8, claims: &dyn Fn(&mut ClaimsWriter<'_, '_>)) -> Vec<u8> {
    let mut buffer = [0; 4096];
    attester::sign(&mut buffer, Some(&[seed]), &key(seed), claims).unwrap().to_vec()
}

/// A signed CWT around a claims set that is encoded already.
pub(crate) fn token_around(seed: u8, payload: &[u8]) -> Vec<u8> {
    use cose_ext::{Content, sign1::Sign1Builder};
    let builder = Sign1Builder::new().key_id(&[seed]);
    let message = builder.sign(Content::Embedded(payload), &key(seed)).unwrap();
    [&[0xd8, 0x3d][..], &message].concat()
}

/// Runs `call` with the keys of `seeds` enrolled for nobody in particular.
pub(crate) fn trusting<R>(seeds: &[u8], call: impl FnOnce(&Trust<'_>) -> R) -> R {
    let keys: Vec<_> = seeds.iter().map(|seed| (*seed, key(*seed).public_key())).collect();
    let trusted: Vec<_> = keys
        .iter()
        .map(|(seed, public)| {
            let kid = std::slice::from_ref(seed);
            TrustedKey::new(public, &context()).unwrap().with_key_id(kid)
        })
        .collect();
    call(&Trust::keys(&cose_ext::key::TrustStore::new(&trusted)))
}

/// Verifies a token by the keys of `seeds`, with `requirements`.
pub(crate) fn verify<'a>(
    bytes: &'a [u8],
    seeds: &[u8],
    requirements: &Requirements<'_>,
) -> Result<Verified<Claims<'a>, Signers>, Error> {
    let token = Token::decode(bytes, &Profile::LENIENT)?;
    trusting(seeds, |trust| token.verify(trust, requirements, &context()))
}

/// The rule that was broken.
pub(crate) fn rule<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    let error = result.expect_err("refused");
    error.rule().map_or_else(|| panic!("{error}"), |rule| rule.id)
}

pub(crate) fn uptime(claims: &mut ClaimsWriter<'_, '_>) {
    claims.uint(ClaimKey::UPTIME, 1);
}
