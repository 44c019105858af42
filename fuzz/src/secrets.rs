//! Secret keys of each kind.

use cose_ext::crypto::{Curve, PrivateKey, PrivateKeyMaterial, SecretKey, SymmetricKey};
use cose_ext::key::{HeldSecret, Identity, SecretStore};

use crate::Accept;

/// Curves whose keys the standard policy lets agree.
pub const AGREEING: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::X25519];
static NUMBERS: [u8; 66] = [0x11; 66];

/// Returns a symmetric key of so many bytes, 64 at most.
#[must_use]
pub fn symmetric(len: usize) -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &NUMBERS[..len.min(64)], algorithm: None }, &Accept::ALL)
}

/// Returns a private key on that curve.
#[must_use]
pub fn private_key(curve: Curve) -> PrivateKey<'static> {
    let d = match curve {
        Curve::P384 => &NUMBERS[..48],
        Curve::P521 => &NUMBERS[..66],
        _ => &NUMBERS[..32],
    };
    let material = match curve {
        Curve::X25519 => PrivateKeyMaterial::Okp { curve, d },
        _ => PrivateKeyMaterial::Ec2 { curve, d },
    };
    PrivateKey { material, public: None, algorithm: None }
}

/// Calls `then` with a symmetric key, and a private key on each curve.
pub fn with_secrets<R>(then: impl FnOnce(&SecretStore<'_>) -> R) -> R {
    let held = |key, number| HeldSecret::new(key, Identity::new([number; 32]));
    let private = AGREEING.map(|curve| SecretKey::private(private_key(curve), &Accept::ALL));
    let keys = [
        held(symmetric(16), 1),
        held(private[0], 2),
        held(private[1], 3),
        held(private[2], 4),
        held(private[3], 5),
    ];
    then(&SecretStore::new(&keys))
}
