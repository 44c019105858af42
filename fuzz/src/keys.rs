//! One key of each kind that the standard policy lets sign.

use cose_ext::Context;
use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::key::{TrustStore, TrustedKey};

use crate::Accept;

/// Numbers of the right length; that no curve has such a point is nothing that a provider here would notice.
static NUMBERS: [u8; 2592] = [0x81; 2592];

/// One key of each kind.
pub fn public_keys() -> [PublicKey<'static>; 7] {
    let ec2 = |curve, len: usize| {
        let (x, y) = (&NUMBERS[..len], YCoordinate::Value(&NUMBERS[..len]));
        PublicKey { material: KeyMaterial::Ec2 { curve, x, y }, algorithm: None }
    };
    let okp = |curve, len: usize| PublicKey {
        material: KeyMaterial::Okp { curve, x: &NUMBERS[..len] },
        algorithm: None,
    };
    [
        ec2(Curve::P256, 32),
        ec2(Curve::P384, 48),
        ec2(Curve::P521, 66),
        okp(Curve::ED25519, 32),
        okp(Curve::ED448, 57),
        PublicKey {
            material: KeyMaterial::Rsa { n: &NUMBERS[..256], e: &[1, 0, 1] },
            algorithm: None,
        },
        PublicKey {
            material: KeyMaterial::Akp { public: &NUMBERS[..1312] },
            algorithm: Some(Algorithm::ML_DSA_44),
        },
    ]
}

thread_local! {
    // Enrolled once: their thumbprints cost more than most inputs.
    static TRUSTED: [TrustedKey<'static>; 7] = public_keys().map(|key| {
        TrustedKey::new(key, &Context::new(&Accept::ALL)).expect("a key of the right shape")
    });
}

/// Calls `then` with a trust store in which a key for each algorithm answers to every message.
pub fn with_keys<R>(then: impl FnOnce(&TrustStore<'_>) -> R) -> R {
    TRUSTED.with(|trusted| then(&TrustStore::new(trusted)))
}
