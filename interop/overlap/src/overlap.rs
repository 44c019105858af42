//! What rats-eat, cmw and ear all do: a conceptual message wrapper read, and an attestation result in a JWT verified and read.
//!
//! ear's CWTs are no part of it: it panics on each of the published ones (`docs/conformance-peers.md`). No crate of this
//! project reads CoRIM, so corim has nothing beside it.

use std::hint::black_box;

use cose_ext::{
    Context, Profile, Trust,
    aws_lc::{AwsLc, Ed25519VerifyingKey},
    crypto::{Provider, SignatureVerifier},
    key::{Identity, Jwk, TrustedKey},
    rustcrypto,
};
use rats_eat::{Requirements, cmw::Cmw, jws::Jws};

use crate::work::{Work, kept};

const RECORD: &[u8] = include_bytes!("../../../vectors/rats/own-cmw-record.cbor");
const COLLECTION: &[u8] = include_bytes!("../../../vectors/rats/own-cmw-collection.cbor");
const RESULT: &str = include_str!("../../../vectors/rats/own-ear-jwt.jwt");
const KEY: &str = include_str!("../../../vectors/rats/keys/verifier-ed25519.jwk.json");

fn ours(bytes: &[u8]) {
    _ = black_box(Cmw::decode(black_box(bytes), &Profile::LENIENT).expect("a wrapper"));
}

fn by_cmw(bytes: &[u8]) -> cmw::CMW {
    let wrapper = cmw::CMW::unmarshal_cbor(black_box(bytes)).expect("a wrapper");
    wrapper.validate().expect("valid");
    wrapper
}

fn verify(key: &TrustedKey<'_>, provider: &dyn Provider) -> Vec<u8> {
    let token = Jws::decode(black_box(RESULT), &Profile::LENIENT).expect("a JWS");
    let context = Context::new(provider);
    let claims = token.verify_ear(&Trust::keys(key), &Requirements::DEFAULT, &context);
    claims.expect("a result").value().clone()
}

fn enrolled(key: impl SignatureVerifier + 'static) -> &'static TrustedKey<'static> {
    kept(TrustedKey::parsed(kept(key), Identity::new([1; 32])))
}

/// Returns all of it.
pub fn works() -> Vec<Work> {
    let jwk = Jwk::decode(KEY.as_bytes()).expect("a key");
    let public = jwk.public_key().expect("a key");
    let aws_lc = enrolled(Ed25519VerifyingKey::from_public_key(&public).expect("a key"));
    let dalek = rustcrypto::Ed25519VerifyingKey::from_public_key(&public).expect("a key");
    let dalek = enrolled(dalek);
    let theirs: jsonwebtoken::jwk::Jwk = serde_json::from_str(KEY).expect("a key");
    let theirs = jsonwebtoken::DecodingKey::from_jwk(&theirs).expect("a key");
    let record = "CMW record of 25 bytes read";
    let collection = "CMW collection of 55 bytes read";
    let result = "attestation result, a JWT of 426 bytes, verified (EdDSA) and read";
    vec![
        Work::new(record, "rats-eat", || ours(RECORD)),
        Work::new(record, "cmw", || by_cmw(RECORD)),
        Work::new(collection, "rats-eat", || ours(COLLECTION)),
        Work::new(collection, "cmw", || by_cmw(COLLECTION)),
        Work::new(result, "rats-eat with AWS-LC", move || verify(aws_lc, &AwsLc)),
        Work::new(result, "ear, whose cryptography is AWS-LC", move || {
            ear::Ear::from_jwt(black_box(RESULT), jsonwebtoken::Algorithm::EdDSA, &theirs)
                .expect("a result")
        }),
        Work::new(result, "rats-eat with ed25519-dalek", move || {
            verify(dalek, &rustcrypto::RustCrypto)
        }),
    ]
}
