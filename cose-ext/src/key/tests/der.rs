//! SubjectPublicKeyInfo, read and written.

use std::format;

use super::hex;
use crate::{
    Error, Rule,
    crypto::{
        Algorithm, BufferTooShort, Curve, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey,
        YCoordinate,
    },
    error::{ErrorKind, Unsupported},
    key::{
        pkcs8, sec1,
        spki::{self, SpkiEncoder},
    },
};

#[cfg(feature = "pem")]
use crate::error::PemLabel;

const X: &str = "f9ebe464147cc102d92324d099d927c1a50e42d57a08a116ffec0a29819d8c65";
const Y: &str = "70baf7d12888902a6a0c1d67add103123c859ab69bf8e9431c9384930d4b7eee";
const D: &str = "000000000000000000000000000000001234567890abcdef1234567890abcdef";
const ED_X: &str = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
const SPKI: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
const PKCS8: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";

const UNSUPPORTED: Error = Error::new(ErrorKind::Unsupported(Unsupported::KeyFormat));

fn malformed_at<T>(read: Result<T, Error>) -> usize {
    let error = read.map(|_| ()).unwrap_err();
    match (error.kind(), error.offset()) {
        (ErrorKind::Malformed { rule: Rule::KeyForm, fact: None }, Some(offset)) => offset,
        _ => panic!("{error}"),
    }
}

fn round_trip(encoded: &str, material: KeyMaterial<'_>) {
    let bytes = hex(encoded);
    let key = spki::decode(&bytes).unwrap();
    assert!(key.material == material, "{key:?}");
    let encoder = SpkiEncoder::new(key).unwrap();
    let mut buffer = [0; 600];
    assert_eq!(::hex::encode(encoder.encode(&mut buffer).unwrap()), encoded);
    let needed = encoder.len();
    assert_eq!(encoder.encode(&mut buffer[1..needed]), Err(BufferTooShort { needed }));
}

#[test]
fn spki_of_openssl_reads_and_comes_out_again() {
    let (x, y) = (hex(X), hex(Y));
    let ec2 = |curve, x, y| KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) };
    round_trip(&format!("{SPKI}{X}{Y}"), ec2(Curve::P256, &x, &y));
    let x = hex("11de24a2c251c777573cac5ea025e467f208e51dbff98fc54f6661cbe56583b0\
                 37882f4a1ca297e60abcdbc3836d84bc");
    let y = hex("8fa696c77440f92d0f5837e90a00e7c5284b447754d5dee88c986533b6901aeb\
                 3177686d0ae8fb33184414abe6c1713a");
    let head = "3076301006072a8648ce3d020106052b81040022036200";
    let point = format!("04{}{}", ::hex::encode(&x), ::hex::encode(&y));
    round_trip(&format!("{head}{point}"), ec2(Curve::P384, &x, &y));
    let x = hex(ED_X);
    let okp = KeyMaterial::Okp { curve: Curve::ED25519, x: &x };
    round_trip(&format!("302a300506032b6570032100{ED_X}"), okp);
    // A modulus with its highest bit set, and one without.
    let n = [&[0x80][..], &[1; 255]].concat();
    let rsa = KeyMaterial::Rsa { n: &n, e: &[1, 0, 1] };
    let head = "30820122300d06092a864886f70d01010105000382010f003082010a0282010100";
    round_trip(&format!("{head}{}0203010001", ::hex::encode(&n)), rsa);
    let rsa = KeyMaterial::Rsa { n: &[0x7f], e: &[3] };
    round_trip("301a300d06092a864886f70d0101010500030900300602017f020103", rsa);
}

#[test]
fn spki_of_ml_dsa_names_its_algorithm() {
    let bytes = hex("3011300b0609608648016503040312030200aa");
    let key = spki::decode(&bytes).unwrap();
    assert!(key.material == KeyMaterial::Akp { public: &[0xaa] });
    assert_eq!(key.algorithm, Some(Algorithm::ML_DSA_65));
    let mut buffer = [0; 30];
    assert_eq!(SpkiEncoder::new(key).unwrap().encode(&mut buffer), Ok(&bytes[..]));
}

#[test]
fn spki_with_a_compressed_point() {
    let encoded = format!("3039301306072a8648ce3d020106082a8648ce3d03010703220002{X}");
    let x = hex(X);
    let y = YCoordinate::Sign(false);
    round_trip(&encoded, KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y });
}

#[test]
fn c24_what_is_no_spki_is_malformed() {
    let whole = hex(&format!("{SPKI}{X}{Y}"));
    for len in 0..whole.len() {
        assert!(malformed_at(spki::decode(&whole[..len])) <= len);
    }
    let trailing = [&whole[..], &[0]].concat();
    assert_eq!(malformed_at(spki::decode(&trailing)), whole.len());
    // Hybrid form, infinity, and a bit string that is not whole bytes.
    for (at, byte) in [(26, 0x06), (26, 0x00), (25, 0x01)] {
        let mut changed = whole.clone();
        changed[at] = byte;
        let offset = malformed_at(spki::decode(&changed));
        assert!((25..=26).contains(&offset), "{offset}");
    }
    // EC without a named curve; an RSA key with rubbish behind it.
    malformed_at(spki::decode(&hex("3010300906072a8648ce3d020103030004aa")));
    malformed_at(spki::decode(&hex("301b300d06092a864886f70d0101010500030a00300602017f02010300")));
}

#[test]
fn spki_of_other_kinds_is_unsupported() {
    // secp224r1, id-RSASSA-PSS without parameters, DSA.
    for other in [
        "3016301006072a8648ce3d020106052b8104002103020004",
        "3013300b06092a864886f70d01010a030400300100",
        "300f300906072a8648ce38040103020004",
    ] {
        assert_eq!(spki::decode(&hex(other)).map(|_| ()), Err(UNSUPPORTED), "{other}");
    }
    let akp = PublicKey { material: KeyMaterial::Akp { public: &[1] }, algorithm: None };
    assert_eq!(SpkiEncoder::new(akp).map(|_| ()), Err(UNSUPPORTED));
    let unknown = KeyMaterial::Okp { curve: Curve::new(99), x: &[1] };
    let unknown = PublicKey { material: unknown, algorithm: None };
    assert_eq!(SpkiEncoder::new(unknown).map(|_| ()), Err(UNSUPPORTED));
}

/// An RSA key of RSASSA-PSS alone whose identifier has `parameters`.
fn pss_key(parameters: &str) -> std::vec::Vec<u8> {
    let identifier = std::format!("06092a864886f70d01010a{parameters}");
    let key = "0309003006020103020103";
    let whole = std::format!("30{:02x}{identifier}{key}", identifier.len() / 2);
    hex(&std::format!("30{:02x}{whole}", whole.len() / 2))
}

/// Parameters: hash and mask by the last byte of SHA-2's identifier, and what follows.
fn pss_parameters(hash: &str, mask: &str, rest: &str) -> std::string::String {
    let sha2 = |last: &str| std::format!("300d06096086480165030402{last}0500");
    let mask = std::format!("06092a864886f70d010108{}", sha2(mask));
    let content = std::format!("a00f{}a11c301a{mask}{rest}", sha2(hash));
    std::format!("30{:02x}{content}", content.len() / 2)
}

#[test]
fn a_key_of_rsassa_pss_alone_states_the_algorithm_of_its_parameters() {
    let stated = |parameters: &str| {
        let der = pss_key(parameters);
        let read = spki::decode(&der).map(|key| key.algorithm.unwrap());
        for algorithm in [Algorithm::PS256, Algorithm::RS256] {
            let other = spki::decode_for(&der, algorithm).map(|key| key.algorithm.unwrap());
            assert_eq!(other, read, "what it states is not asked for");
        }
        read
    };
    for (hash, salt, algorithm) in [
        ("01", "a203020120", Algorithm::PS256),
        ("02", "a203020130", Algorithm::PS384),
        ("03", "a203020140", Algorithm::PS512),
        // Any salt; one of 20 bytes, by default; the trailer in words.
        ("01", "a203020100", Algorithm::PS256),
        ("03", "", Algorithm::PS512),
        ("01", "a203020120a303020101", Algorithm::PS256),
    ] {
        let parameters = pss_parameters(hash, hash, salt);
        assert_eq!(stated(&parameters), Ok(algorithm), "{parameters}");
    }
    const MGF1_SHA1: &str = "a118301606092a864886f70d010108300906052b0e03021a0500";
    for (unsupported, why) in [
        // All defaults, SHA-1; only the mask by SHA-1, unsaid and said.
        ("3000", Unsupported::PssHash),
        ("3011a00f300d06096086480165030402010500", Unsupported::PssMask),
        (&*format!("302ba00f300d06096086480165030402010500{MGF1_SHA1}"), Unsupported::PssMask),
        // Two hash functions; SHA-224; a salt that is longer than ours; another trailer.
        (&pss_parameters("01", "02", "a203020120"), Unsupported::PssMask),
        (&pss_parameters("04", "04", "a203020120"), Unsupported::PssHash),
        (&pss_parameters("01", "01", "a203020121"), Unsupported::PssSalt),
        (&pss_parameters("01", "01", "a203020120a303020102"), Unsupported::KeyFormat),
    ] {
        assert_eq!(stated(unsupported), Err(Error::from(why)), "{unsupported}");
    }
    let texts = [Unsupported::PssHash, Unsupported::PssMask, Unsupported::PssSalt];
    let texts = texts.map(|why| format!("{why}"));
    assert!(texts.iter().all(|text| text.starts_with("the RSASSA-PSS key ")), "{texts:?}");
    for malformed in ["0500", "3003a20302", &pss_parameters("01", "01", "a203020120a403020101")] {
        malformed_at(spki::decode(&pss_key(malformed)));
    }
}

#[test]
fn a_key_of_rsassa_pss_alone_without_parameters_is_read_for_an_algorithm() {
    let der = pss_key("");
    for algorithm in [Algorithm::PS256, Algorithm::PS384, Algorithm::PS512] {
        let key = spki::decode_for(&der, algorithm).unwrap();
        assert_eq!(key.algorithm, Some(algorithm));
    }
    for other in [Algorithm::RS256, Algorithm::ES256] {
        let error = spki::decode_for(&der, other).map(|_| ()).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::KeyAlgorithm.to_ref()));
    }
}

fn assert_p256(key: PrivateKey<'_>) {
    let (x, y, d) = (hex(X), hex(Y), hex(D));
    assert!(matches!(
        key.material,
        PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: secret } if secret == d
    ));
    let y = YCoordinate::Value(&y);
    assert!(key.public == Some(KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y }));
    #[cfg(feature = "p256")]
    crate::rustcrypto::P256SigningKey::from_private_key(&key).unwrap();
}

#[test]
fn private_keys_of_openssl_are_read() {
    let bytes = hex(&format!("{PKCS8}{D}a14403420004{X}{Y}"));
    assert_p256(pkcs8::decode(&bytes).unwrap());
    let bytes = hex(&format!("30770201010420{D}a00a06082a8648ce3d030107a14403420004{X}{Y}"));
    assert_p256(sec1::decode(&bytes).unwrap());
    let seed = "07".repeat(32);
    let bytes = hex(&format!("302e020100300506032b657004220420{seed}"));
    let key = pkcs8::decode(&bytes).unwrap();
    assert!(matches!(
        key.material,
        PrivateKeyMaterial::Okp { curve: Curve::ED25519, d } if d == [7; 32]
    ));
    assert!(key.public.is_none());
    assert_eq!(format!("{key:?}"), "PrivateKey(OKP Ed25519)");
    // The same with its public key, version 2 (RFC 8410 10.3).
    let bytes = hex(&format!("3051020101300506032b657004220420{seed}812100{ED_X}"));
    let key = pkcs8::decode(&bytes).unwrap();
    let x = hex(ED_X);
    assert!(key.public == Some(KeyMaterial::Okp { curve: Curve::ED25519, x: &x }));
    #[cfg(feature = "ed25519")]
    crate::rustcrypto::Ed25519SigningKey::from_private_key(&key).unwrap();
}

#[test]
fn c24_what_is_no_private_key_is_malformed() {
    let whole = hex(&format!("{PKCS8}{D}a14403420004{X}{Y}"));
    for len in 0..whole.len() {
        assert!(malformed_at(pkcs8::decode(&whole[..len])) <= len);
    }
    // The inner structure names another curve than the outer one.
    let p384 = "06052b81040022";
    let inner = format!("302e0201010420{D}a007{p384}");
    let other = format!("304a020100301306072a8648ce3d020106082a8648ce3d0301070430{inner}");
    assert_eq!(malformed_at(pkcs8::decode(&hex(&other))), 28);
    // A fault of the inner structure is told by its place in the outer one.
    let mut version = whole.clone();
    version[33] = 2;
    assert!((29..=36).contains(&malformed_at(pkcs8::decode(&version))));
    malformed_at(pkcs8::decode(&hex("300e020100300506032b657004020401")));
}

#[test]
fn private_keys_of_other_kinds_are_unsupported() {
    // DSA; an EC key whose curve is nowhere named.
    let dsa = hex("3010020100300906072a8648ce3804010400");
    assert_eq!(pkcs8::decode(&dsa).map(|_| ()), Err(UNSUPPORTED));
    let nameless = hex(&format!("30250201010420{D}"));
    assert_eq!(sec1::decode(&nameless).map(|_| ()), Err(UNSUPPORTED));
}

#[cfg(feature = "pem")]
#[test]
fn pem_holds_the_same_keys() {
    use crate::key::Pem;
    let block = |label: &str, base64: &str| {
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    };
    let private = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAA\n\
                   AAAAABI0VniQq83vEjRWeJCrze+hRANCAAT56+RkFHzBAtkjJNCZ2SfBpQ5C1XoI\n\
                   oRb/7AopgZ2MZXC699EoiJAqagwdZ63RAxI8hZq2m/jpQxyThJMNS37u";
    let public = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+evkZBR8wQLZIyTQmdknwaUOQtV6\n\
                  CKEW/+wKKYGdjGVwuvfRKIiQKmoMHWet0QMSPIWatpv46UMck4STDUt+7g==";
    let ec = "MHcCAQEEIAAAAAAAAAAAAAAAAAAAAAASNFZ4kKvN7xI0VniQq83voAoGCCqGSM49\n\
              AwEHoUQDQgAE+evkZBR8wQLZIyTQmdknwaUOQtV6CKEW/+wKKYGdjGVwuvfRKIiQ\n\
              KmoMHWet0QMSPIWatpv46UMck4STDUt+7g==";
    let pem = |text: &std::string::String| Pem::decode(text.as_bytes());
    let key = pem(&block("PRIVATE KEY", private)).unwrap();
    assert_p256(key.private_key().unwrap());
    let label = |label| Err(Error::from(Unsupported::PemLabel(label)));
    assert_eq!(key.public_key().map(|_| ()), label(PemLabel::PrivateKey));
    assert_eq!(format!("{key:?}"), "Pem(PRIVATE KEY)");
    assert_p256(pem(&block("EC PRIVATE KEY", ec)).unwrap().private_key().unwrap());
    let key = pem(&block("PUBLIC KEY", public)).unwrap();
    let der = hex(&format!("{SPKI}{X}{Y}"));
    assert!(key.public_key() == spki::decode(&der));
    assert_eq!(key.private_key().map(|_| ()), label(PemLabel::PublicKey));
    let certificate = pem(&block("CERTIFICATE", public)).map(|_| ());
    assert_eq!(certificate, label(PemLabel::Certificate));
    for no_pem in ["", "-----BEGIN PUBLIC KEY-----", &block("PUBLIC KEY", "MFk*")] {
        let error = Pem::decode(no_pem.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::PemForm.to_ref()), "{no_pem}");
    }
}
