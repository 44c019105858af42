//! Messages made by hand, so that a test can break what the builder keeps whole. Nothing here asks the library how a
//! message or a Sig_structure looks.

use cose_ext::crypto::{Curve, KeyMaterial, PublicKey, Signer, YCoordinate};
use cose_ext::error::Error;
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto};
use cose_ext::{Context, Input, Profile, Verified};
use cose_ext::{Sign1, Signed};
use testkit::fixed_keys::{ED25519_RFC8032_1, EcKey, Ed25519Key, P256_COSE_11, P256_RFC6979};

/// The key that messages are signed with unless a test says otherwise.
pub static ISSUER: EcKey<32> = P256_RFC6979;
/// Another one.
pub static STRANGER: EcKey<32> = P256_COSE_11;
/// An Ed25519 key.
pub static EDWARDS: Ed25519Key = ED25519_RFC8032_1;

/// Hex with spaces to bytes.
pub fn h(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    hex::decode(&digits).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A head in preferred serialization.
pub fn head(major: u8, argument: usize) -> Vec<u8> {
    let bytes = (argument as u64).to_be_bytes();
    let (info, len) = match argument {
        0..=23 => return vec![major << 5 | bytes[7]],
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    [&[major << 5 | info], &bytes[8 - len..]].concat()
}

/// A byte string.
pub fn bstr(content: &[u8]) -> Vec<u8> {
    [&head(2, content.len()), content].concat()
}

/// An untagged COSE_Sign1; no payload is nil.
pub fn sign1(
    protected: &[u8],
    unprotected: &[u8],
    payload: Option<&[u8]>,
    signature: &[u8],
) -> Vec<u8> {
    let payload = payload.map_or(vec![0xf6], bstr);
    [&[0x84][..], &bstr(protected), unprotected, &payload, &bstr(signature)].concat()
}

/// The Sig_structure of RFC 9052 4.4, all in one piece.
pub fn sig_structure(protected: &[u8], external_aad: &[u8], payload: &[u8]) -> Vec<u8> {
    [b"\x84\x6aSignature1", &bstr(protected)[..], &bstr(external_aad), &bstr(payload)].concat()
}

/// A signature over `protected` and `payload`.
pub fn signature(
    signer: &dyn Signer,
    protected: &[u8],
    external_aad: &[u8],
    payload: &[u8],
) -> Vec<u8> {
    let mut signature = vec![0; signer.signature_len()];
    let len =
        signer.sign(&[&sig_structure(protected, external_aad, payload)], &mut signature).unwrap();
    signature.truncate(len);
    signature
}

/// A message with these headers, given in hex, signed by [`ISSUER`] whatever `alg` says.
pub fn signed(protected: &str, unprotected: &str, payload: &[u8]) -> Vec<u8> {
    let protected = h(protected);
    let signature = signature(&issuer(), &protected, &[], payload);
    sign1(&protected, &h(unprotected), Some(payload), &signature)
}

/// A message with these headers, given in hex, and a signature of no worth: for what is refused before.
pub fn unsigned(protected: &str, unprotected: &str) -> Vec<u8> {
    sign1(&h(protected), &h(unprotected), Some(b"payload"), &[0; 64])
}

/// [`ISSUER`] as a signer, by ES256.
pub fn issuer() -> P256SigningKey {
    P256SigningKey::from_bytes(&ISSUER.private).unwrap()
}

/// [`STRANGER`] as a signer, by ES256.
pub fn stranger() -> P256SigningKey {
    P256SigningKey::from_bytes(&STRANGER.private).unwrap()
}

/// [`EDWARDS`] as a signer, by EdDSA.
pub fn edwards() -> Ed25519SigningKey {
    Ed25519SigningKey::from_bytes(&EDWARDS.private).unwrap()
}

/// A key of P-256 as data.
pub const fn p256_key(key: &EcKey<32>) -> PublicKey<'_> {
    let y = YCoordinate::Value(&key.y);
    PublicKey { material: KeyMaterial::Ec2 { curve: Curve::P256, x: &key.x, y }, algorithm: None }
}

/// A key of Ed25519 as data.
pub const fn ed25519_key(key: &Ed25519Key) -> PublicKey<'_> {
    PublicKey {
        material: KeyMaterial::Okp { curve: Curve::ED25519, x: &key.public },
        algorithm: None,
    }
}

/// [`ISSUER`], trusted.
pub fn trusted_issuer() -> TrustedKey<'static> {
    TrustedKey::new(p256_key(&ISSUER), &Context::new(&RustCrypto)).unwrap()
}

/// [`STRANGER`], trusted.
pub fn trusted_stranger() -> TrustedKey<'static> {
    TrustedKey::new(p256_key(&STRANGER), &Context::new(&RustCrypto)).unwrap()
}

/// [`EDWARDS`], trusted.
pub fn trusted_edwards() -> TrustedKey<'static> {
    TrustedKey::new(ed25519_key(&EDWARDS), &Context::new(&RustCrypto)).unwrap()
}

/// Reads leniently.
pub fn decode(bytes: &[u8]) -> Result<Sign1<'_>, Error> {
    Sign1::decode(bytes, &Profile::LENIENT)
}

/// Reads leniently and verifies under [`ISSUER`], payload embedded.
pub fn verify(bytes: &[u8]) -> Result<Verified<Signed<'_, '_>>, Error> {
    verify_with(bytes, &Input::embedded())
}

/// Reads leniently and verifies under [`ISSUER`].
pub fn verify_with<'b>(
    bytes: &'b [u8],
    input: &Input<'b, '_>,
) -> Result<Verified<Signed<'b, 'b>>, Error> {
    decode(bytes)?.verify(input, &trusted_issuer(), &Context::new(&RustCrypto))
}
