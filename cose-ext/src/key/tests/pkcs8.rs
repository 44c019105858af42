//! PKCS#8 and SEC 1, read and written.

use std::{format, vec, vec::Vec};

use super::hex;
use crate::{
    Error, Rule,
    crypto::{
        Algorithm, BufferTooShort, Curve, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey,
        YCoordinate,
    },
    error::{ErrorKind, Misuse, Unsupported},
    key::{
        pkcs8::{self, Pkcs8Encoder},
        spki::{self, SpkiEncoder},
    },
};

const UNSUPPORTED: Error = Error::new(ErrorKind::Unsupported(Unsupported::KeyFormat));
const NOT_A_KEY: Error = Error::new(ErrorKind::Misuse(Misuse::Builder(Rule::KeyForm)));
const SEED: [u8; 32] = [7; 32];
const ML_DSA: [(Algorithm, &str, usize); 3] = [
    (Algorithm::ML_DSA_44, "11", 2560),
    (Algorithm::ML_DSA_65, "12", 4032),
    (Algorithm::ML_DSA_87, "13", 4896),
];

fn round_trip(key: PrivateKey<'_>, encoded: &str) {
    let encoder = Pkcs8Encoder::new(key).unwrap().with_public_part();
    let mut buffer = [0; 300];
    let written = encoder.encode(&mut buffer).unwrap();
    assert_eq!(::hex::encode(written), encoded);
    let read = pkcs8::decode(written).unwrap();
    assert!(read.public == key.public, "{read:?}");
    assert_eq!(secret(&read), secret(&key));
    assert_eq!(
        (read.profile().key_type, read.profile().curve),
        (key.profile().key_type, key.profile().curve)
    );
    let needed = encoder.len();
    assert_eq!(encoder.encode(&mut buffer[1..needed]), Err(BufferTooShort { needed }));
    #[cfg(feature = "alloc")]
    assert_eq!(::hex::encode(&*encoder.to_vec()), encoded);
    assert_eq!(format!("{encoder:?}"), format!("Pkcs8Encoder({})", key.profile()));
}

fn secret<'a>(key: &PrivateKey<'a>) -> &'a [u8] {
    match key.material {
        PrivateKeyMaterial::Okp { d, .. } | PrivateKeyMaterial::Ec2 { d, .. } => d,
        PrivateKeyMaterial::Akp { seed } => seed,
        #[allow(unreachable_patterns)]
        _ => &[],
    }
}

/// The examples of RFC 8410 10.3, attributes aside.
#[test]
fn c24_edwards_keys_come_out_as_rfc8410_has_them() {
    let d = hex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
    let x = hex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
    let d_hex = ::hex::encode(&d);
    for (curve, oid) in
        [(Curve::ED25519, "70"), (Curve::ED448, "71"), (Curve::X25519, "6e"), (Curve::X448, "6f")]
    {
        let material = PrivateKeyMaterial::Okp { curve, d: &d };
        let key = PrivateKey { material, public: None, algorithm: None };
        round_trip(key, &format!("302e020100300506032b65{oid}04220420{d_hex}"));
        // The public keys of the larger curves are longer.
        let x = [&x[..], &[7; 25]].concat();
        let x = &x[..curve.coordinate_len().unwrap()];
        let x_hex = ::hex::encode(x);
        let public = Some(KeyMaterial::Okp { curve, x });
        let key = PrivateKey { public, ..key };
        // Version 1 unless version 2 is asked for.
        let first = Pkcs8Encoder::new(key).unwrap();
        let mut buffer = [0; 110];
        let written = ::hex::encode(first.encode(&mut buffer).unwrap());
        assert_eq!(written, format!("302e020100300506032b65{oid}04220420{d_hex}"));
        let (all, bits) = (0x31 + x.len(), 1 + x.len());
        let head = format!("30{all:02x}020101300506032b65{oid}04220420{d_hex}");
        round_trip(key, &format!("{head}81{bits:02x}00{x_hex}"));
    }
}

#[test]
fn c24_ec_keys_come_out_with_their_named_curve() {
    let d = [0xd; 32];
    let d_hex = ::hex::encode(d);
    let (x, y) = ([1; 32], [2; 32]);
    let material = PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &d };
    let key = PrivateKey { material, public: None, algorithm: None };
    let head = "020100301306072a8648ce3d020106082a8648ce3d030107";
    let inner = format!("0201010420{d_hex}a00a06082a8648ce3d030107");
    round_trip(key, &format!("304d{head}04333031{inner}"));
    let y = YCoordinate::Value(&y);
    let public = Some(KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y });
    let point = format!("a14403420004{}{}", "01".repeat(32), "02".repeat(32));
    let key = PrivateKey { public, ..key };
    round_trip(key, &format!("308193{head}04793077{inner}{point}"));
    for (curve, len) in [(Curve::P384, 48), (Curve::P521, 66), (Curve::SECP256K1, 32)] {
        let d = vec![0xd; len];
        let material = PrivateKeyMaterial::Ec2 { curve, d: &d };
        let y = YCoordinate::Sign(true);
        let public = Some(KeyMaterial::Ec2 { curve, x: &d, y });
        let key = PrivateKey { material, public, algorithm: None };
        let mut buffer = [0; 300];
        let written = Pkcs8Encoder::new(key).unwrap().encode(&mut buffer).unwrap();
        round_trip(key, &::hex::encode(written));
    }
}

#[test]
fn c24_ml_dsa_keys_come_out_as_their_seed() {
    let seed = ::hex::encode(SEED);
    for (algorithm, oid, _) in ML_DSA {
        let material = PrivateKeyMaterial::Akp { seed: &SEED };
        let key = PrivateKey { material, public: None, algorithm: Some(algorithm) };
        let head = format!("300b06096086480165030403{oid}0422");
        round_trip(key, &format!("3034020100{head}8020{seed}"));
        let key = PrivateKey { public: Some(KeyMaterial::Akp { public: &[9] }), ..key };
        round_trip(key, &format!("3038020101{head}8020{seed}81020009"));
    }
}

/// OpenSSL writes both; the expanded key is not the seed, so a key that has it alone has no COSE
/// form.
#[test]
fn c24_of_an_ml_dsa_key_the_seed_is_taken() {
    for (algorithm, oid, expanded) in ML_DSA {
        let wrap = |inner: Vec<u8>| {
            let algorithm = hex(&format!("300b06096086480165030403{oid}"));
            der(0x30, &[hex("020100"), algorithm, der(0x04, &inner)].concat())
        };
        let seed = |len: usize| der(0x04, &vec![7; len]);
        let both = |seed: Vec<u8>, expanded: usize| {
            der(0x30, &[seed, der(0x04, &vec![8; expanded])].concat())
        };
        let bytes = wrap(both(seed(32), expanded));
        let key = pkcs8::decode(&bytes).unwrap();
        assert_eq!((secret(&key), key.algorithm), (&SEED[..], Some(algorithm)));
        let alone = wrap(der(0x04, &vec![8; expanded]));
        assert_eq!(pkcs8::decode(&alone).map(|_| ()), Err(UNSUPPORTED));
        let rubbish = [both(seed(32), expanded), vec![0]].concat();
        for bad in [
            both(seed(31), expanded),
            both(seed(32), expanded - 1),
            rubbish,
            der(0x80, &[7; 31]),
            der(0x80, &[7; 33]),
            der(0xa0, &seed(32)),
            Vec::new(),
        ] {
            let error = pkcs8::decode(&wrap(bad)).map(|_| ()).unwrap_err();
            assert_eq!(error.rule(), Some(Rule::KeyForm.to_ref()), "{error}");
        }
    }
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match len {
        [0, len] if len < 0x80 => vec![tag, len],
        [0, len] => vec![tag, 0x81, len],
        [high, low] => vec![tag, 0x82, high, low],
    };
    [&head, content].concat()
}

#[test]
fn c24_parameters_that_must_be_absent() {
    for (identifier, key) in [
        ("06032b6570", ""),
        ("06032b656e", ""),
        ("0609608648016503040311", "8020"),
        ("060b2a864886f70d0109100311", ""),
    ] {
        let key = [hex(key), vec![7; 32]].concat();
        let with = |more: &str| der(0x30, &hex(&format!("{identifier}{more}")));
        let spki = |more| der(0x30, &[with(more), der(0x03, &[&[0], &key[..]].concat())].concat());
        assert!(spki::decode(&spki("")).is_ok());
        let error = spki::decode(&spki("0500")).map(|_| ()).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::KeyForm.to_ref()));
    }
    let private = |more: &str| {
        let identifier = der(0x30, &hex(&format!("06032b6570{more}")));
        der(0x30, &[hex("020100"), identifier, hex("0403040107")].concat())
    };
    assert!(pkcs8::decode(&private("")).is_ok());
    let error = pkcs8::decode(&private("0500")).map(|_| ()).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::KeyForm.to_ref()));
}

#[test]
fn c24_an_hss_lms_key_is_the_bit_string_itself() {
    let public = hex(&format!("000000010000000500000004{}", "a".repeat(96)));
    let bytes = hex(&format!("304e300d060b2a864886f70d0109100311033d00{}", ::hex::encode(&public)));
    let key = spki::decode(&bytes).unwrap();
    assert!(
        key == PublicKey { material: KeyMaterial::HssLms { public: &public }, algorithm: None }
    );
    let mut buffer = [0; 100];
    assert_eq!(SpkiEncoder::new(key).unwrap().encode(&mut buffer), Ok(&bytes[..]));
    // RFC 8708 put it into an OCTET STRING, which RFC 9708 took away.
    let older = [&[0, 4, 60][..], &public].concat();
    let older = [hex("300d060b2a864886f70d0109100311"), der(0x03, &older)].concat();
    assert_eq!(spki::decode(&der(0x30, &older)).map(|_| ()), Err(UNSUPPORTED));
}

#[test]
fn what_has_no_pkcs8_form() {
    let key = |material, public, algorithm| {
        Pkcs8Encoder::new(PrivateKey { material, public, algorithm }).map(|_| ())
    };
    let akp = PrivateKeyMaterial::Akp { seed: &SEED };
    let okp = PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: &SEED };
    let nameless = PrivateKeyMaterial::Okp { curve: Curve::new(99), d: &SEED };
    assert_eq!(key(akp, None, None), Err(UNSUPPORTED));
    assert_eq!(key(akp, None, Some(Algorithm::ES256)), Err(UNSUPPORTED));
    assert_eq!(key(nameless, None, None), Err(UNSUPPORTED));
    let ml_dsa = Some(Algorithm::ML_DSA_44);
    assert_eq!(key(PrivateKeyMaterial::Akp { seed: &[7; 31] }, None, ml_dsa), Err(NOT_A_KEY));
    let other = Some(KeyMaterial::Okp { curve: Curve::X25519, x: &[1] });
    assert_eq!(key(okp, other, None), Err(NOT_A_KEY));
    assert_eq!(key(akp, other, ml_dsa), Err(NOT_A_KEY));
}

#[cfg(feature = "pem")]
#[test]
fn keys_come_out_as_pem_and_read_back() {
    use crate::key::Pem;
    let material = PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: &SEED };
    let key = PrivateKey { material, public: None, algorithm: None };
    let pem = Pem::encode_private(&key).unwrap();
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcH"));
    assert_eq!(secret(&Pem::decode(pem.as_bytes()).unwrap().private_key().unwrap()), SEED);
    let material = KeyMaterial::Akp { public: &[9; 1312] };
    let key = PublicKey { material, algorithm: Some(Algorithm::ML_DSA_44) };
    let pem = Pem::encode_public(&key).unwrap();
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert!(Pem::decode(pem.as_bytes()).unwrap().public_key() == Ok(key));
    let nameless = PublicKey { algorithm: None, ..key };
    assert_eq!(Pem::encode_public(&nameless), Err(UNSUPPORTED));
}
