//! Keys and identities of these tests.

use cose_ext::crypto::{
    Algorithm, Curve, KeyAgreement, PrivateKey, PrivateKeyMaterial, PublicKey, SecretKey,
    SecretProvider, SymmetricKey,
};
use cose_ext::key::{HeldSecret, Identity, OwnedPublicKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Label};

pub const SHARED: Identity = Identity::new([1; 32]);
pub const OWN: Identity = Identity::new([2; 32]);
pub const SENDER: Identity = Identity::new([3; 32]);

pub fn h(text: &str) -> Vec<u8> {
    hex::decode(text.split_whitespace().collect::<String>()).unwrap()
}

pub fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

pub const KEY_16: [u8; 16] = [0x16; 16];
pub const KEY_32: [u8; 32] = [0x32; 32];

/// A symmetric key for any algorithm.
pub fn symmetric(k: &'static [u8]) -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k, algorithm: None }, &RustCrypto)
}

/// A symmetric key for one algorithm.
pub fn symmetric_for(k: &'static [u8], algorithm: Algorithm) -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k, algorithm: Some(algorithm) }, &RustCrypto)
}

pub fn held(k: &'static [u8]) -> HeldSecret<'static> {
    HeldSecret::new(symmetric(k), SHARED)
}

/// The private key on `curve` whose bytes are all `byte`.
pub fn private(curve: Curve, byte: u8) -> PrivateKey<'static> {
    let d: &'static [u8] = match curve {
        Curve::P384 => vec![byte; 48].leak(),
        // The order of P-521 is a little below 2^521.
        Curve::P521 => [&[0][..], &[byte; 65]].concat().leak(),
        _ => vec![byte; 32].leak(),
    };
    let material = match curve {
        Curve::X25519 => PrivateKeyMaterial::Okp { curve, d },
        _ => PrivateKeyMaterial::Ec2 { curve, d },
    };
    PrivateKey { material, public: None, algorithm: None }
}

pub fn with_agreement(key: &PrivateKey<'_>, then: &mut dyn FnMut(&dyn KeyAgreement)) {
    RustCrypto.with_key_agreement(key, then).unwrap();
}

/// Its public key.
pub fn public(key: &PrivateKey<'_>) -> OwnedPublicKey {
    let mut found = None;
    with_agreement(key, &mut |key| {
        key.with_public_key(&mut |public: &PublicKey<'_>| {
            found = Some(OwnedPublicKey::from(public))
        });
    });
    found.unwrap()
}

/// A private key that the receiver holds.
pub fn held_private(key: PrivateKey<'static>) -> HeldSecret<'static> {
    HeldSecret::new(SecretKey::private(key, &RustCrypto), OWN)
}

/// The label of a parameter that nobody processes.
pub const PRIVATE_LABEL: Label<'static> = Label::int(-70001);
