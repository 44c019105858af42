//! Thumbprints of keys in each encoding.

use std::{format, vec::Vec};

use super::{X, Y, hex};
use crate::{
    Error, Profile,
    crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate},
    error::{ErrorKind, Misuse, Unsupported},
    key::{CoseKey, Thumbprint, with_thumbprint_input},
    rustcrypto::{Sha256, Sha512_256},
};

/// The example of RFC 9679 6, its kid included.
fn example() -> Vec<u8> {
    let kid = "6d65726961646f632e6272616e64796275636b406275636b6c616e642e6578616d706c65";
    hex(&format!("a501022001215820{X}225820{Y}025824{kid}"))
}

const ANSWER: &str = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";

#[test]
fn c43_thumbprint_of_the_example_in_rfc9679() {
    let bytes = example();
    let key = CoseKey::decode(&bytes, &Profile::LENIENT).unwrap().public_key().unwrap();
    let mut input = Vec::new();
    with_thumbprint_input(&key, &mut |parts| input = parts.concat()).unwrap();
    assert_eq!(::hex::encode(input), format!("a401022001215820{X}225820{Y}"));
    let thumbprint = Thumbprint::new(&key, &Sha256).unwrap();
    assert_eq!(::hex::encode(thumbprint.as_bytes()), ANSWER);
}

#[test]
fn c43_thumbprint_does_not_depend_on_alg_order_or_encoding() {
    let (x, y) = (hex(X), hex(Y));
    let y_value = YCoordinate::Value(&y);
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y: y_value };
    for algorithm in [None, Some(Algorithm::ES256)] {
        let thumbprint = Thumbprint::new(&PublicKey { material, algorithm }, &Sha256).unwrap();
        assert_eq!(::hex::encode(thumbprint.as_bytes()), ANSWER);
    }
    // The same key in another order, with heads that are longer than need be, and with key_ops.
    let bytes = hex(&format!("a5225820{Y}21590020{X}20180101021804811802"));
    let key = CoseKey::decode(&bytes, &Profile::LENIENT);
    let key = key.unwrap().public_key().unwrap();
    let thumbprint = Thumbprint::new(&key, &Sha256).unwrap();
    assert_eq!(::hex::encode(thumbprint.as_bytes()), ANSWER);
}

#[test]
fn c43_thumbprint_needs_the_whole_point_and_sha256() {
    let (x, y) = (hex(X), YCoordinate::Sign(false));
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y };
    let key = PublicKey { material, algorithm: None };
    let unsupported = Err(Error::from(Unsupported::KeyFormat));
    assert_eq!(Thumbprint::new(&key, &Sha256).map(|_| ()), unsupported);
    let other = Thumbprint::new(&key, &Sha512_256);
    assert!(matches!(
        other.map_err(|error| error.kind()),
        Err(ErrorKind::Misuse(Misuse::OtherHash { .. }))
    ));
}

#[cfg(any(feature = "p256", feature = "aws-lc"))]
#[test]
fn c43_every_provider_finds_y() {
    use crate::crypto::Provider;
    let x = hex(X);
    let providers: &[&dyn Provider] = &[
        #[cfg(feature = "p256")]
        &crate::rustcrypto::RustCrypto,
        #[cfg(feature = "aws-lc")]
        &crate::aws_lc::AwsLc,
    ];
    for provider in providers {
        // y of the example is even.
        for (odd, same) in [(false, true), (true, false)] {
            let material =
                KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y: YCoordinate::Sign(odd) };
            let thumbprint = Thumbprint::of(&PublicKey { material, algorithm: None }, *provider);
            assert_eq!(::hex::encode(thumbprint.unwrap().as_bytes()) == ANSWER, same);
        }
    }
}

/// A provider that cannot tell what its keys are.
#[test]
fn c43_where_y_is_not_known_there_is_no_thumbprint() {
    use crate::crypto::{HashFunction, InvalidKey, Provider, SignatureVerifier};
    struct Hashes;
    impl Provider for Hashes {
        fn with_verifier(
            &self,
            _: &PublicKey<'_>,
            _: &mut dyn FnMut(&dyn SignatureVerifier),
        ) -> Result<(), InvalidKey> {
            Err(InvalidKey::Unsupported)
        }

        fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
            (algorithm == Algorithm::SHA256).then_some(&Sha256)
        }
    }
    let (x, y) = (hex(X), hex(Y));
    let of = |y| {
        let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y };
        Thumbprint::of(&PublicKey { material, algorithm: None }, &Hashes)
    };
    let compressed = of(YCoordinate::Sign(false));
    assert!(matches!(
        compressed.map_err(|error| error.kind()),
        Err(ErrorKind::Unsupported(Unsupported::Key(_)))
    ));
    assert_eq!(::hex::encode(of(YCoordinate::Value(&y)).unwrap().as_bytes()), ANSWER);
}
