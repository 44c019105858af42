//! Keys as data, and what each may be used for.

use cose_ext::crypto::{
    Algorithm, AlgorithmPolicy, Binding, Curve, InvalidKey, Key, KeyMaterial, KeyProfile, KeyType,
    PublicKey, SignatureVerifier, Signer, VerifyError, YCoordinate,
};
use cose_ext::error::{Error, ErrorKind, Policy, Unsupported};
use cose_ext::key::{
    CoseKey, Identity, KeyLabel, KeyResolver, KeySet, THUMBPRINT_URI_PREFIX, Thumbprint,
    TrustedKey, with_thumbprint_input,
};
use cose_ext::rustcrypto::{P256VerifyingKey, RustCrypto, Sha256, Sha384};
use cose_ext::{Context, Input, Profile, Rule};

use crate::expect::{breaks, breaks_at};
use crate::messages::{
    EDWARDS, ISSUER, STRANGER, decode, ed25519_key, edwards, h, issuer, p256_key, sign1, signature,
    signed, trusted_issuer,
};

mod thumbprints;

/// A COSE_Key map from hex parameters, which must be given in full.
fn key(parameters: &str, count: usize) -> Vec<u8> {
    [&[0xa0 | u8::try_from(count).unwrap()], &h(parameters)[..]].concat()
}

fn issuer_parameters() -> String {
    format!("01 02 20 01 21 5820{} 22 5820{}", hex::encode(ISSUER.x), hex::encode(ISSUER.y))
}

/// The issuer's COSE_Key with more parameters.
fn issuer_key(count: usize, more: &str) -> Vec<u8> {
    key(&format!("{} {more}", issuer_parameters()), 4 + count)
}

fn public_key(encoded: &[u8]) -> Result<KeyProfile, Error> {
    CoseKey::decode(encoded, &Profile::LENIENT)?.public_key().map(|key| key.profile())
}

fn verify_under(
    message: &[u8],
    keys: &dyn KeyResolver,
    algorithms: AlgorithmPolicy<'_>,
) -> Result<(), Error> {
    let context = Context::new(&RustCrypto).with_algorithms(algorithms);
    decode(message)?.verify(&Input::embedded(), keys, &context).map(|_| ())
}

/// A message whose alg is `alg`, signed by what the hash of `signer` says.
fn signed_as(alg: &str, signer: &dyn Signer) -> Vec<u8> {
    let protected = h(&format!("a101{alg}"));
    sign1(&protected, &[0xa0], Some(b"x"), &signature(signer, &protected, b"", b"x"))
}

#[test]
fn c21_algorithm_key_type_and_curve_are_a_triple() {
    let ed25519 = TrustedKey::new(ed25519_key(&EDWARDS), &Context::new(&RustCrypto)).unwrap();
    let p256 = trusted_issuer();
    let standard = AlgorithmPolicy::STANDARD;
    assert!(verify_under(&signed_as("26", &issuer()), &p256, standard).is_ok());
    assert!(verify_under(&signed_as("28", &issuer()), &p256, standard).is_ok());
    assert!(verify_under(&signed_as("27", &edwards()), &ed25519, standard).is_ok());
    assert!(verify_under(&signed_as("32", &edwards()), &ed25519, standard).is_ok());
    // ES384, ES512, ESP384, ES256K, EdDSA, PS256, HSS-LMS, ML-DSA-44, HMAC 256/256, A128GCM with a key of P-256.
    for alg in ["3822", "3823", "3832", "382e", "27", "3824", "382d", "382f", "05", "01"] {
        let refusal =
            breaks(Rule::KeyPermitted, verify_under(&signed_as(alg, &issuer()), &p256, standard));
        assert!(matches!(refusal.kind(), ErrorKind::Policy(Policy::KeyNotPermitted { .. })));
    }
    for alg in ["26", "28", "3834", "3824"] {
        breaks(Rule::KeyPermitted, verify_under(&signed_as(alg, &edwards()), &ed25519, standard));
    }
    // A policy of its own, without anything else.
    let only = [Binding::ec2(Algorithm::ESP256, Curve::P256)];
    assert!(verify_under(&signed_as("28", &issuer()), &p256, AlgorithmPolicy::only(&only)).is_ok());
    breaks(
        Rule::KeyPermitted,
        verify_under(&signed_as("26", &issuer()), &p256, AlgorithmPolicy::only(&only)),
    );
    breaks(
        Rule::KeyPermitted,
        verify_under(&signed_as("26", &issuer()), &p256, AlgorithmPolicy::only(&[])),
    );
}

/// ECDSA of P-256 over SHA-384: what real services have published.
struct Es384OnP256;

impl Signer for Es384OnP256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES384
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(
        &self,
        message: &[&[u8]],
        out: &mut [u8],
    ) -> Result<usize, cose_ext::crypto::SignError> {
        use cose_ext::crypto::HashFunction;
        use p256::ecdsa::signature::hazmat::PrehashSigner;
        let key = p256::ecdsa::SigningKey::from_slice(&ISSUER.private).unwrap();
        let signature: p256::ecdsa::Signature =
            key.sign_prehash(Sha384.hash(message).as_ref()).unwrap();
        out.copy_from_slice(&signature.to_bytes());
        Ok(64)
    }
}

#[test]
fn c21_es384_with_p256_only_where_policy_lists_it() {
    let message = signed_as("3822", &Es384OnP256);
    breaks(
        Rule::KeyPermitted,
        verify_under(&message, &trusted_issuer(), AlgorithmPolicy::STANDARD),
    );
    let listed = [Binding::ec2(Algorithm::ES384, Curve::P256)];
    let policy = AlgorithmPolicy::STANDARD.and(&listed);
    assert_eq!(verify_under(&message, &trusted_issuer(), policy), Ok(()));
    // The hash is that of the algorithm: a signature over SHA-256 is none.
    breaks(Rule::Signature, verify_under(&signed_as("3822", &issuer()), &trusted_issuer(), policy));
    breaks(
        Rule::Signature,
        verify_under(&signed_as("26", &Es384OnP256), &trusted_issuer(), policy),
    );
    // The fully specified identifier names its curve, and no policy changes that.
    let listed = [Binding::ec2(Algorithm::ESP384, Curve::P256)];
    let verdict = verify_under(
        &signed_as("3832", &Es384OnP256),
        &trusted_issuer(),
        AlgorithmPolicy::STANDARD.and(&listed),
    );
    assert_eq!(verdict, Err(Error::from(Unsupported::Algorithm(Algorithm::ESP384))));
}

#[test]
fn c21_what_no_provider_does_is_unsupported_not_wrong() {
    let y = YCoordinate::Value(&[7; 64]);
    let key = PublicKey {
        material: KeyMaterial::Ec2 { curve: Curve::BRAINPOOL_P512R1, x: &[7; 64], y },
        algorithm: None,
    };
    let trusted = TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap();
    // ESB512 is -268.
    let message = signed_as("39010b", &issuer());
    let verdict = verify_under(&message, &trusted, AlgorithmPolicy::STANDARD);
    assert_eq!(verdict, Err(Error::from(Unsupported::Algorithm(Algorithm::ESB512))));
}

#[test]
fn c22_a_key_that_states_its_algorithm_is_used_with_that_one() {
    let message = |alg: &str| signed_as(alg, &issuer());
    let under = |stated: i64, message: &[u8]| {
        let mut key = p256_key(&ISSUER);
        key.algorithm = Some(Algorithm::new(stated));
        verify_under(
            message,
            &TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap(),
            AlgorithmPolicy::STANDARD,
        )
    };
    // -7 and -9 are two spellings of one algorithm on P-256.
    for stated in [-7, -9] {
        assert_eq!(under(stated, &message("26")), Ok(()));
        assert_eq!(under(stated, &message("28")), Ok(()));
    }
    for stated in [-35, -36, -51, -52, -8, -19, -47, -37, 5, 0, 7] {
        for alg in ["26", "28"] {
            let refusal = breaks(Rule::KeyAlgorithm, under(stated, &message(alg)));
            assert!(matches!(refusal.kind(), ErrorKind::Policy(Policy::KeyAlgorithm { .. })));
        }
    }
    let under = |stated: i64, message: &[u8]| {
        let mut key = ed25519_key(&EDWARDS);
        key.algorithm = Some(Algorithm::new(stated));
        verify_under(
            message,
            &TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap(),
            AlgorithmPolicy::STANDARD,
        )
    };
    for stated in [-8, -19] {
        assert_eq!(under(stated, &signed_as("27", &edwards())), Ok(()));
        assert_eq!(under(stated, &signed_as("32", &edwards())), Ok(()));
    }
    for stated in [-53, -7, -9] {
        breaks(Rule::KeyAlgorithm, under(stated, &signed_as("27", &edwards())));
        breaks(Rule::KeyAlgorithm, under(stated, &signed_as("32", &edwards())));
    }
}

#[test]
fn c64_an_akp_key_is_used_with_the_algorithm_that_it_states() {
    let key = |stated: Option<i64>| PublicKey {
        material: KeyMaterial::Akp { public: &[7; 1312] },
        algorithm: stated.map(Algorithm::new),
    };
    let under = |stated: i64, alg: &str| {
        let trusted = TrustedKey::new(key(Some(stated)), &Context::new(&RustCrypto)).unwrap();
        verify_under(&signed_as(alg, &issuer()), &trusted, AlgorithmPolicy::STANDARD)
    };
    // What ML-DSA says of such a signature is another matter; the key may be asked.
    let asked = under(-48, "382f").unwrap_err();
    assert!(
        matches!(
            asked.kind(),
            ErrorKind::Policy(Policy::NotEnrolled { tried: 1 }) | ErrorKind::Unsupported(_)
        ),
        "{asked:?}"
    );
    for (stated, alg) in [(-49, "382f"), (-50, "382f"), (-48, "3830"), (-48, "26"), (-7, "382f")] {
        let refusal = breaks(Rule::AkpAlgorithm, under(stated, alg));
        assert!(matches!(refusal.kind(), ErrorKind::Policy(Policy::AkpAlgorithm { .. })));
    }
    // A key of an algorithm that is none of this type.
    breaks(Rule::KeyPermitted, under(-7, "26"));
    // Without an algorithm it is a key for nothing, and nobody.
    assert!(TrustedKey::new(key(None), &Context::new(&RustCrypto)).is_err());
    let unstated = Key::new(key(None), &RustCrypto);
    let identity = cose_ext::key::Identity::new([0; 32]);
    let trusted = TrustedKey::parsed(&unstated, identity);
    for alg in ["382f", "3830", "3831", "26"] {
        let verdict = verify_under(&signed_as(alg, &issuer()), &trusted, AlgorithmPolicy::STANDARD);
        breaks(Rule::AkpAlgorithm, verdict);
    }
    assert_eq!(unstated.profile().algorithm, None);
}

#[test]
fn c22_kin_depend_on_the_curve() {
    let kin = |a: i64, b: i64, curve| Algorithm::new(a).is_equivalent_on(Algorithm::new(b), curve);
    for (old, new, curve) in [
        (-7, -9, Curve::P256),
        (-35, -51, Curve::P384),
        (-36, -52, Curve::P521),
        (-8, -19, Curve::ED25519),
        (-8, -53, Curve::ED448),
    ] {
        for other in
            [Curve::P256, Curve::P384, Curve::P521, Curve::ED25519, Curve::ED448, Curve::SECP256K1]
        {
            assert_eq!(kin(old, new, Some(other)), other == curve);
            assert_eq!(kin(new, old, Some(other)), other == curve);
        }
        assert!(!kin(old, new, None));
        assert!(kin(old, old, None) && kin(new, new, None));
    }
    assert!(
        !kin(-19, -53, Some(Curve::ED25519))
            && !kin(-7, -35, Some(Curve::P256))
            && !kin(-7, -47, Some(Curve::P256))
    );
    // ES384 stated by a key on P-256 does not make it ESP384, whatever policy lists.
    let profile = KeyProfile {
        key_type: KeyType::EC2,
        curve: Some(Curve::P256),
        algorithm: Some(Algorithm::ES384),
    };
    let listed =
        [Binding::ec2(Algorithm::ESP384, Curve::P256), Binding::ec2(Algorithm::ES384, Curve::P256)];
    let policy = AlgorithmPolicy::STANDARD.and(&listed);
    assert!(
        policy.permits(Algorithm::ES384, &profile) && !policy.permits(Algorithm::ESP384, &profile)
    );
}

#[test]
fn c22_alg_of_a_cose_key() {
    assert_eq!(public_key(&issuer_key(1, "03 26")).unwrap().algorithm, Some(Algorithm::ES256));
    assert_eq!(public_key(&issuer_key(0, "")).unwrap().algorithm, None);
    for value in ["63666f6f", "1bffffffffffffffff"] {
        let refusal = public_key(&issuer_key(1, &format!("03 {value}"))).unwrap_err();
        assert!(matches!(refusal.kind(), ErrorKind::Unsupported(Unsupported::AlgorithmName)));
    }
    breaks(Rule::KeyForm, public_key(&issuer_key(1, "03 40")));
    let key = issuer_key(1, "03 3822");
    let set = [&[0x81], &key[..]].concat();
    let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
    breaks(
        Rule::KeyAlgorithm,
        verify_under(&signed("a10126", "a0", b"x"), &set, AlgorithmPolicy::STANDARD),
    );
}

#[test]
fn c23_key_ops_without_verify_verifies_nothing() {
    for operations in
        ["81 02", "82 01 02", "81 1802", "83 01 02 03", "9f 02 ff", "81 66766572696679"]
    {
        assert!(public_key(&issuer_key(1, &format!("04 {operations}"))).is_ok(), "{operations}");
    }
    // sign, MAC verify (10), 2^64 + 2 has no encoding, -2, "2", "Verify"
    for operations in [
        "81 01",
        "81 0a",
        "83 01 03 04",
        "81 21",
        "81 6132",
        "81 66566572696679",
        "81 1b8000000000000002",
    ] {
        let encoded = issuer_key(1, &format!("04 {operations}"));
        let refusal = breaks(Rule::KeyOperations, public_key(&encoded));
        assert_eq!(refusal, Error::from(Policy::KeyOperations));
        let set = [&[0x81], &encoded[..]].concat();
        let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
        breaks(
            Rule::KeyOperations,
            verify_under(&signed("a10126", "a0", b"x"), &set, AlgorithmPolicy::STANDARD),
        );
    }
    for operations in ["02", "4102", "f6", "81 40", "a0"] {
        breaks(Rule::KeyForm, public_key(&issuer_key(1, &format!("04 {operations}"))));
    }
    assert!(public_key(&issuer_key(1, "04 80")).is_err());
}

#[test]
fn c24_a_key_has_what_its_type_requires() {
    let coordinate = "5820".to_owned() + &"01".repeat(32);
    assert!(public_key(&key(&format!("01 02 20 01 21 {coordinate} 22 {coordinate}"), 4)).is_ok());
    assert!(
        public_key(&key(&format!("01 02 20 01 21 {coordinate} 22 f5"), 4)).is_ok(),
        "a sign of y"
    );
    assert!(public_key(&key(&format!("01 01 20 06 21 {coordinate}"), 3)).is_ok());
    assert!(public_key(&key("01 03 20 4101 21 4103", 3)).is_ok());
    assert!(public_key(&key("01 05 20 4101", 2)).is_ok());
    assert_eq!(
        public_key(&key("01 07 03 382f 20 4101", 3)).unwrap().algorithm,
        Some(Algorithm::ML_DSA_44)
    );
    for (parameters, count) in [
        // kty: missing, bytes, nil
        (format!("20 01 21 {coordinate} 22 {coordinate}"), 3),
        ("01 40".to_owned(), 1),
        ("01 f6".to_owned(), 1),
        // EC2 without crv, x, y; and with each of another type
        (format!("01 02 21 {coordinate} 22 {coordinate}"), 3),
        (format!("01 02 20 01 22 {coordinate}"), 3),
        (format!("01 02 20 01 21 {coordinate}"), 3),
        (format!("01 02 20 40 21 {coordinate} 22 {coordinate}"), 4),
        (format!("01 02 20 01 21 6161 22 {coordinate}"), 4),
        (format!("01 02 20 01 21 {coordinate} 22 00"), 4),
        (format!("01 02 20 01 21 {coordinate} 22 f6"), 4),
        // OKP without crv, x
        (format!("01 01 21 {coordinate}"), 2),
        ("01 01 20 06".to_owned(), 2),
        // RSA without n, e
        ("01 03 21 4103".to_owned(), 2),
        ("01 03 20 4101".to_owned(), 2),
        // AKP without alg, pub (RFC 9964)
        ("01 07 20 4101".to_owned(), 2),
        ("01 07 03 382f".to_owned(), 2),
        // HSS-LMS without pub
        ("01 05".to_owned(), 1),
        // a label that is none
        ("01 05 20 4101 40 00".to_owned(), 3),
    ] {
        breaks(Rule::KeyForm, public_key(&key(&parameters, count)));
    }
    breaks_at(Rule::KeyForm, 0, CoseKey::decode(&h("80"), &Profile::LENIENT));
    breaks(
        Rule::KeyForm,
        CoseKey::decode(&h("a2 01 05 02 6161"), &Profile::LENIENT).unwrap().key_id(),
    );
    let unknown = public_key(&key("01 1903e7", 1));
    assert_eq!(unknown, Err(Error::from(Unsupported::KeyFormat)));
    assert_eq!(public_key(&key("01 634f4b50", 1)), Err(Error::from(Unsupported::KeyFormat)));
    // 2^64 - 1 is not -1.
    breaks(Rule::KeyForm, public_key(&key("01 05 1bffffffffffffffff 4101", 2)));
}

#[test]
fn c24_unknown_parameters_are_kept() {
    let encoded = issuer_key(3, "02 4131 3903e7 f7 6161 00");
    let cose_key = CoseKey::decode(&encoded, &Profile::LENIENT).unwrap();
    assert_eq!(cose_key.key_id(), Ok(Some(&b"1"[..])));
    assert_eq!(cose_key.find(KeyLabel::int(-1000)).unwrap().bytes(), [0xf7]);
    assert!(cose_key.find("a".into()).is_some());
    assert_eq!(cose_key.public_key(), Ok(p256_key(&ISSUER)));
}

#[test]
fn c24_a_key_that_is_none_verifies_nothing() {
    let (x, y) = (ISSUER.x, ISSUER.y);
    let long = [&[0], &x[..]].concat();
    let message = signed("a10126", "a0", b"x");
    for (x, y) in [
        (&x[..], &x[..]),
        (&y, &x),
        (&[0; 32], &[0; 32]),
        (&[0xff; 32], &y),
        (&x[1..], &y),
        (&x, &y[..31]),
        (&long, &y),
        (&[], &[]),
    ] {
        let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(y) };
        let key = PublicKey { material, algorithm: None };
        // The fault is the key's, and nothing is said of the signature. Lengths are looked at when a
        // key is enrolled, whether it lies on its curve when it is used.
        match TrustedKey::new(key, &Context::new(&RustCrypto)) {
            Ok(trusted) => {
                assert!(key.check().is_ok());
                let verdict = verify_under(&message, &trusted, AlgorithmPolicy::STANDARD);
                breaks(Rule::KeyForm, verdict);
            }
            Err(refusal) => {
                assert_eq!(key.check(), Err(InvalidKey::Malformed));
                breaks(Rule::KeyForm, Err::<(), _>(refusal));
            }
        }
        assert!(P256VerifyingKey::from_public_key(&key).is_err());
    }
    // The same bytes on another curve are no key of that curve.
    for curve in [Curve::P384, Curve::P521, Curve::ED25519] {
        let material = KeyMaterial::Ec2 { curve, x: &x, y: YCoordinate::Value(&y) };
        let refused =
            TrustedKey::new(PublicKey { material, algorithm: None }, &Context::new(&RustCrypto));
        breaks(Rule::KeyForm, refused);
    }
    for curve in [Curve::SECP256K1, Curve::new(99)] {
        let material = KeyMaterial::Ec2 { curve, x: &x, y: YCoordinate::Value(&y) };
        let trusted =
            TrustedKey::new(PublicKey { material, algorithm: None }, &Context::new(&RustCrypto))
                .unwrap();
        breaks(Rule::KeyPermitted, verify_under(&message, &trusted, AlgorithmPolicy::STANDARD));
    }
}

/// A signature under a key that policy or the algorithm refuses is not called wrong.
#[cfg(feature = "rsa")]
#[test]
fn c24_an_rsa_key_of_1024_bits_is_a_bad_key_and_no_bad_signature() {
    let material = KeyMaterial::Rsa { n: &[0xc1; 128], e: &[1, 0, 1] };
    let key = PublicKey { material, algorithm: None };
    let trusted = TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap();
    let message = signed("a1013824", "a0", b"x");
    breaks(Rule::KeyForm, verify_under(&message, &trusted, AlgorithmPolicy::STANDARD));
    let verdict = Key::new(key, &RustCrypto).verify(Algorithm::PS256, &[b"x"], &[1; 128]);
    assert_eq!(verdict, Err(VerifyError::InvalidKey));
}

#[test]
fn c24_the_numbers_of_an_rsa_key_are_as_short_as_they_can_be() {
    for (n, e, accepted) in
        [("4205ff", "43010001", true), ("43 0005ff", "4103", false), ("4105", "40", false)]
    {
        let encoded = key(&format!("01 03 20 {n} 21 {e}"), 3);
        let verdict = public_key(&encoded);
        if accepted {
            assert!(verdict.is_ok());
        } else {
            breaks(Rule::KeyForm, verdict);
        }
    }
}

#[test]
fn c26_a_symmetric_key_is_no_public_key() {
    // Bytes of public keys as the key of an HMAC, with the kid of the real one.
    let uncompressed = [&[4], &ISSUER.x[..], &ISSUER.y].concat();
    for bytes in [&ISSUER.x[..], &uncompressed, &EDWARDS.public] {
        for alg in ["", "03 05", "03 26", "03 27"] {
            let head = hex::encode(crate::messages::bstr(bytes));
            let encoded =
                key(&format!("01 04 02 4131 20 {head} {alg}"), if alg.is_empty() { 3 } else { 4 });
            let refusal = breaks(Rule::PublicKeyOnly, public_key(&encoded));
            assert_eq!(refusal, Error::from(Policy::NotAPublicKey));
            let set = [&[0x81], &encoded[..]].concat();
            let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
            for message in [
                signed("a2 0126 044131", "a0", b"x"),
                signed("a10126", "a1 044131", b"x"),
                signed_as("27", &edwards()),
                // HMAC 256/256 as the alg of a signature
                signed_as("05", &issuer()),
            ] {
                breaks(
                    Rule::PublicKeyOnly,
                    verify_under(&message, &set, AlgorithmPolicy::STANDARD),
                );
            }
        }
    }
}

#[test]
fn c26_a_private_key_verifies_by_its_public_part() {
    let encoded = issuer_key(1, &format!("23 5820{}", hex::encode(ISSUER.private)));
    let cose_key = CoseKey::decode(&encoded, &Profile::LENIENT).unwrap();
    assert_eq!(cose_key.public_key(), Ok(p256_key(&ISSUER)));
    for shown in [
        format!("{cose_key:?}"),
        format!("{:?}", cose_key.public_key()),
        format!("{:?}", issuer()),
        format!("{:?}", edwards()),
    ] {
        let (secret, public) = (hex::encode(ISSUER.private), hex::encode(EDWARDS.private));
        assert!(!shown.contains(&secret[..8]) && !shown.contains(&public[..8]), "{shown}");
    }
}

#[test]
fn verifiers_never_guess_another_algorithm() {
    let key = Key::new(p256_key(&ISSUER), &RustCrypto);
    let (mut out, message): ([u8; 64], [&[u8]; 1]) = ([0; 64], [b"x"]);
    issuer().sign(&message, &mut out).unwrap();
    assert_eq!(key.verify(Algorithm::ES256, &message, &out), Ok(()));
    for algorithm in [
        Algorithm::EDDSA,
        Algorithm::PS256,
        Algorithm::ESP384,
        Algorithm::new(0),
        Algorithm::SHA256,
    ] {
        assert_eq!(key.verify(algorithm, &message, &out), Err(VerifyError::Unsupported));
    }
    // A digest of another length than the algorithm's is not cut, nor filled up.
    for len in [0, 31, 33, 48, 64] {
        assert_eq!(
            key.verify_prehash(Algorithm::ES256, &vec![0; len], &out),
            Err(VerifyError::InvalidSignature)
        );
    }
}

#[test]
fn c24_a_key_may_stand_before_something_else() {
    let key = cose_ext::key::CoseKeyEncoder::new(p256_key(&ISSUER)).unwrap().to_vec();
    let data = [&key[..], &h("a1 6b 6372656450726f74656374 02")].concat();
    let (read, rest) = CoseKey::decode_prefix(&data, &Profile::LENIENT).unwrap();
    assert!(read.public_key() == Ok(p256_key(&ISSUER)));
    assert_eq!(rest, &data[key.len()..]);
    assert!(CoseKey::decode(&data, &Profile::LENIENT).is_err());
    let (_, rest) = CoseKey::decode_prefix(&key, &Profile::LENIENT).unwrap();
    assert!(rest.is_empty());
    breaks(Rule::KeyForm, CoseKey::decode_prefix(&h("80 a0"), &Profile::LENIENT));
    breaks(Rule::WellFormed, CoseKey::decode_prefix(&key[..key.len() - 1], &Profile::LENIENT));
}
