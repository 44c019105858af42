//! Key sets and thumbprints (RFC 9052 7, RFC 9679).

use super::*;

#[test]
fn c43_a_compressed_point_is_the_same_key_as_the_whole_one() {
    let odd = ISSUER.y[31] & 1 == 1;
    let message = signed("a10126", "a0", b"x");
    let issuer = TrustedKey::new(p256_key(&ISSUER), &Context::new(&RustCrypto)).unwrap().identity();
    for (sign, accepted) in [(odd, true), (!odd, false)] {
        let material =
            KeyMaterial::Ec2 { curve: Curve::P256, x: &ISSUER.x, y: YCoordinate::Sign(sign) };
        // An algorithm that is none of signatures does not hide what the point is.
        for algorithm in [None, Some(Algorithm::ES256), Some(Algorithm::ECDH_ES_HKDF_256)] {
            let key = PublicKey { material, algorithm };
            let trusted = TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap();
            assert_eq!(trusted.identity() == issuer, accepted);
            assert_eq!(
                Identity::from(Thumbprint::of(&key, &RustCrypto).unwrap()),
                trusted.identity()
            );
        }
        let trusted =
            TrustedKey::new(PublicKey { material, algorithm: None }, &Context::new(&RustCrypto))
                .unwrap();
        assert_eq!(verify_under(&message, &trusted, AlgorithmPolicy::STANDARD).is_ok(), accepted);
        let thumbprint = Thumbprint::of(&p256_key(&ISSUER), &RustCrypto).unwrap();
        let encoded = key(
            &format!(
                "01 02 02 4131 20 01 21 5820{} 22 {}",
                hex::encode(ISSUER.x),
                if sign { "f5" } else { "f4" }
            ),
            5,
        );
        let set = [&[0x81], &encoded[..]].concat();
        let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
        let by_thumbprint = format!("a1045820{}", hex::encode(thumbprint.as_bytes()));
        for named in ["a1044131", &by_thumbprint] {
            let message = signed("a10126", named, b"x");
            let verdict = verify_under(&message, &set, AlgorithmPolicy::STANDARD);
            assert_eq!(verdict.is_ok(), accepted, "{named}");
        }
    }
    // There is no point with this x; and a provider without the curve cannot tell.
    let of = |curve, nowhere: &[u8]| {
        let material = KeyMaterial::Ec2 { curve, x: nowhere, y: YCoordinate::Sign(true) };
        Thumbprint::of(&PublicKey { material, algorithm: None }, &RustCrypto)
    };
    breaks(Rule::KeyForm, of(Curve::P256, &[0xff; 32]));
    let unknown = of(Curve::BRAINPOOL_P512R1, &[0xff; 64]).unwrap_err();
    assert!(matches!(unknown.kind(), ErrorKind::Unsupported(Unsupported::Key(_))), "{unknown:?}");
}

#[test]
fn c25_a_key_set_is_an_array_of_at_least_one() {
    for set in ["80", "9fff", "a0", "40", "f6", "00", "d83d81a0"] {
        breaks(Rule::KeySet, KeySet::decode(&h(set), &Profile::LENIENT));
    }
    let set = [&[0x81], &issuer_key(0, "")[..]].concat();
    assert_eq!(KeySet::decode(&set, &Profile::LENIENT).unwrap().iter().count(), 1);
}

#[test]
fn c25_one_bad_key_does_not_spoil_the_others() {
    let message = signed("a10126", "a0", b"x");
    let good = issuer_key(0, "");
    for bad in [
        "00",
        "f6",
        "80",
        "a0",
        "a1 40 00",
        "a1 01 40",
        "a1 01 1903e7",
        "a1 01 63666f6f",
        "a2 01 04 20 4101",
        "a3 01 02 20 01 21 4100",
        "a4 01 02 20 01 21 4100 22 f5",
        "a4 01 02 20 01 21 4100 22 4100",
        "a2 01 05 02 6161",
        // twice the same label
        "a3 01 02 1801 02 20 01",
    ] {
        let bad = h(bad);
        for set in [[&[0x82], &bad[..], &good].concat(), [&[0x82], &good[..], &bad].concat()] {
            let set = KeySet::decode(&set, &Profile::LENIENT).unwrap();
            assert_eq!(set.iter().count(), 2);
            let verdict = verify_under(&message, &set.trusted(), AlgorithmPolicy::STANDARD);
            assert_eq!(verdict, Ok(()), "{}", hex::encode(&bad));
        }
        let alone = [&[0x81], &bad[..]].concat();
        let set = KeySet::decode(&alone, &Profile::LENIENT).unwrap().trusted();
        assert!(verify_under(&message, &set, AlgorithmPolicy::STANDARD).is_err());
    }
}

#[test]
fn c43_a_thumbprint_covers_the_required_parameters_only() {
    let bare = CoseKey::decode(&issuer_key(0, ""), &Profile::LENIENT)
        .unwrap()
        .public_key()
        .map(|key| Thumbprint::new(&key, &Sha256))
        .unwrap()
        .unwrap();
    let descending = format!(
        "22 5820{} 21 5820{} 20 01 01 02 02 4131 04 8102 03 26",
        hex::encode(ISSUER.y),
        hex::encode(ISSUER.x)
    );
    for encoded in [
        issuer_key(1, "02 4131"),
        issuer_key(1, "03 26"),
        issuer_key(1, "04 8102"),
        issuer_key(1, "05 40"),
        issuer_key(1, &format!("23 5820{}", hex::encode(ISSUER.private))),
        key(&descending, 7),
        key(&issuer_parameters().replace("01 02 20 01", "1801 1802 3800 1801"), 4),
    ] {
        let key = CoseKey::decode(&encoded, &Profile::LENIENT).unwrap();
        let thumbprint = Thumbprint::new(&key.public_key().unwrap(), &Sha256).unwrap();
        assert_eq!(thumbprint, bare, "{}", hex::encode(&encoded));
    }
    assert_ne!(Thumbprint::new(&p256_key(&STRANGER), &Sha256).unwrap(), bare);
    assert_eq!(trusted_issuer().identity().as_bytes(), bare.as_bytes());
}

#[test]
fn c43_the_input_is_deterministic_for_every_key_type() {
    let long = [7_u8; 300];
    for (material, algorithm, stated) in [
        (
            KeyMaterial::Okp { curve: Curve::ED25519, x: &[1; 32] },
            None,
            format!("a3 01 01 20 06 21 5820 {}", "01".repeat(32)),
        ),
        (
            KeyMaterial::Ec2 { curve: Curve::P256, x: &[1; 32], y: YCoordinate::Value(&[2; 32]) },
            Some(-7),
            format!("a4 01 02 20 01 21 5820{} 22 5820{}", "01".repeat(32), "02".repeat(32)),
        ),
        (
            KeyMaterial::Rsa { n: &long, e: &[1, 0, 1] },
            Some(-37),
            format!("a3 01 03 20 59012c {} 21 43010001", "07".repeat(300)),
        ),
        (KeyMaterial::HssLms { public: &[3; 4] }, Some(-46), "a2 01 05 20 4403030303".to_owned()),
        // alg is a required parameter of this type alone (RFC 9964 3)
        (
            KeyMaterial::Akp { public: &[4; 4] },
            Some(-49),
            "a3 01 07 03 3830 20 4404040404".to_owned(),
        ),
    ] {
        let key = PublicKey { material, algorithm: algorithm.map(Algorithm::new) };
        let mut input = Vec::new();
        with_thumbprint_input(&key, &mut |parts| input = parts.concat()).unwrap();
        assert_eq!(input, h(&stated));
        assert!(CoseKey::decode(&input, &Profile::DETERMINISTIC).is_ok());
    }
    let compressed = PublicKey {
        material: KeyMaterial::Ec2 { curve: Curve::P256, x: &ISSUER.x, y: YCoordinate::Sign(true) },
        algorithm: None,
    };
    assert!(Thumbprint::new(&compressed, &Sha256).is_err(), "RFC 9679 4.2 hashes y as a whole");
    let without_algorithm =
        PublicKey { material: KeyMaterial::Akp { public: &[4; 4] }, algorithm: None };
    assert!(Thumbprint::new(&without_algorithm, &Sha256).is_err());
    assert!(
        Thumbprint::new(&p256_key(&ISSUER), &Sha384).is_err(),
        "the prefix {THUMBPRINT_URI_PREFIX} says SHA-256"
    );
}
