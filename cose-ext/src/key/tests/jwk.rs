//! JWKs, and what they are refused for.

use std::{format, fs, path::Path, println, vec, vec::Vec};

use crate::{
    Error, Rule,
    crypto::{
        Algorithm, Curve, KeyMaterial, KeyOperation, KeyOperations, PrivateKey, PrivateKeyMaterial,
        PublicKey, SymmetricKey, YCoordinate,
    },
    error::{ErrorKind, Misuse, Policy, Unsupported},
    key::{Jwk, JwkEncoder, JwkSet},
};

const UNSUPPORTED: Error = Error::new(ErrorKind::Unsupported(Unsupported::KeyFormat));
const OKP: &str =
    r#""kty":"OKP","crv":"Ed25519","x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE""#;

fn public(json: &str) -> Result<(), Error> {
    Jwk::decode(json.as_bytes())?.public_key().map(|_| ())
}

fn malformed_at(broken: Rule, json: &str) -> usize {
    let error = Jwk::decode(json.as_bytes()).map(|_| ()).unwrap_err();
    match (error.kind(), error.offset()) {
        (ErrorKind::Malformed { rule, fact: None }, Some(offset)) if rule == broken => offset,
        _ => panic!("{json}: {error}"),
    }
}

#[test]
fn keys_read_and_come_out_again() {
    let ec2 = |y| KeyMaterial::Ec2 { curve: Curve::P256, x: &[1; 32], y };
    let cases = [
        (
            ec2(YCoordinate::Value(&[0xff; 32])),
            Some(Algorithm::ES256),
            concat!(
                r#"{"alg":"ES256","crv":"P-256","kty":"EC","#,
                r#""x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","y":"__________________________________________8"}"#
            ),
        ),
        (
            KeyMaterial::Okp { curve: Curve::ED25519, x: &[1; 32] },
            None,
            r#"{"crv":"Ed25519","kty":"OKP","x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}"#,
        ),
        (
            KeyMaterial::Rsa { n: &[9, 9], e: &[1, 0, 1] },
            Some(Algorithm::PS384),
            r#"{"alg":"PS384","e":"AQAB","kty":"RSA","n":"CQk"}"#,
        ),
        (
            KeyMaterial::Akp { public: &[7] },
            Some(Algorithm::ML_DSA_44),
            r#"{"alg":"ML-DSA-44","kty":"AKP","pub":"Bw"}"#,
        ),
    ];
    for (material, algorithm, json) in cases {
        let key = PublicKey { material, algorithm };
        assert_eq!(Jwk::encode(&key, None).unwrap(), json);
        let jwk = Jwk::decode(json.as_bytes()).unwrap();
        assert!(jwk.public_key() == Ok(key), "{json}");
        assert_eq!(jwk.key_id(), None);
        for key_id in ["", "\"", "a\\\"\"", "\u{1}ü"] {
            let json = Jwk::encode(&key, Some(key_id)).unwrap();
            let jwk = Jwk::decode(json.as_bytes()).unwrap();
            assert_eq!(jwk.key_id(), Some(key_id));
            assert!(jwk.public_key() == Ok(key), "{json}");
        }
    }
    let nameless = [
        PublicKey { material: ec2(YCoordinate::Sign(true)), algorithm: None },
        PublicKey { material: KeyMaterial::HssLms { public: &[1] }, algorithm: None },
        PublicKey { material: KeyMaterial::Akp { public: &[1] }, algorithm: None },
        PublicKey {
            material: KeyMaterial::Okp { curve: Curve::new(99), x: &[1] },
            algorithm: None,
        },
        PublicKey {
            material: KeyMaterial::Rsa { n: &[1], e: &[1] },
            algorithm: Some(Algorithm::SHA256),
        },
    ];
    for key in nameless {
        assert_eq!(Jwk::encode(&key, None), Err(UNSUPPORTED));
    }
}

#[test]
fn c24_members_are_there_once_and_as_their_kty_wants() {
    assert_eq!(public(&format!("{{{OKP}}}")), Ok(()));
    for incomplete in [
        r#"{"kty":"OKP","crv":"Ed25519"}"#,
        r#"{"kty":"OKP","x":"AQID"}"#,
        r#"{"kty":"EC","crv":"P-256","x":"AQID"}"#,
        r#"{"kty":"RSA","n":"AQID"}"#,
        r#"{"kty":"AKP","pub":"AQID"}"#,
    ] {
        let error = public(incomplete).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::KeyForm.to_ref()), "{incomplete}");
    }
    malformed_at(Rule::KeyForm, "{}");
    malformed_at(Rule::JwkForm, "");
    malformed_at(Rule::KeyForm, "[]");
    malformed_at(Rule::KeyForm, r#"{"kty":1}"#);
    malformed_at(Rule::KeyForm, &format!("{{{OKP},{OKP}}}"));
    malformed_at(Rule::KeyForm, &format!("{{{OKP},\"d\":\"AQID\",\"d\":\"AQID\"}}"));
    malformed_at(Rule::KeyForm, &format!("{{{OKP},\"key_ops\":\"verify\"}}"));
    assert_eq!(malformed_at(Rule::JwkForm, &format!("{{{OKP}}} x")), OKP.len() + 3);
    // The place is counted over lines.
    let offset = malformed_at(Rule::Base64Form, "{\n \"kty\":\n\"OKP\",\n \"x\": 17\n}");
    assert!((23..=27).contains(&offset), "{offset}");
}

#[test]
fn c98_base64url_is_strict() {
    // Padding, the other alphabet, white space, left-over bits, an impossible length.
    for x in ["AQ==", "AQID+/8", "AQ ID", "AQ\\n", "AR", "A"] {
        malformed_at(Rule::Base64Form, &format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#));
    }
    // An escape that JSON allows is another spelling of the same text.
    let x = "QEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    let escaped = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"\u0041{x}"}}"#);
    assert_eq!(public(&escaped), Ok(()));
}

#[test]
fn other_kinds_are_unsupported() {
    for other in [
        r#"{"kty":"HSS"}"#,
        r#"{"kty":"OKP","crv":"Bandersnatch","x":"AQID"}"#,
        r#"{"kty":"EC","crv":"p-256","x":"AQID","y":"AQID"}"#,
    ] {
        assert_eq!(public(other), Err(UNSUPPORTED), "{other}");
    }
    for name in ["RS1", "HS256", "es256", "SHA-256", ""] {
        let error = public(&format!("{{{OKP},\"alg\":\"{name}\"}}")).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported(Unsupported::AlgorithmName)));
    }
}

#[test]
fn c26_a_symmetric_jwk_is_no_public_key() {
    let not_public = Err(Error::from(Policy::NotAPublicKey));
    assert_eq!(public(r#"{"kty":"oct","k":"AQID"}"#), not_public);
    assert_eq!(public(r#"{"kty":"oct","k":"AQID","x":"AQID","crv":"P-256"}"#), not_public);
}

#[test]
fn c23_key_ops_and_use_are_respected() {
    let operations = Err(Error::from(Policy::KeyOperations));
    let with = |more: &str| format!("{{{OKP},\"d\":\"BAUG\",{more}}}");
    let private = |json: &str| Jwk::decode(json.as_bytes())?.private_key().map(|_| ());
    let cases = [
        (r#""key_ops":["verify"]"#, true, false),
        (r#""key_ops":["sign"]"#, false, true),
        (r#""key_ops":["sign","verify"]"#, true, true),
        (r#""key_ops":[]"#, false, false),
        (r#""key_ops":["deriveKey"]"#, false, false),
        (r#""use":"sig""#, true, true),
        (r#""use":"enc""#, false, false),
        (r#""use":"enc","key_ops":["sign","verify"]"#, false, false),
        (r#""kid":"none of these""#, true, true),
    ];
    for (more, verifies, signs) in cases {
        let json = with(more);
        assert_eq!(public(&json), if verifies { Ok(()) } else { operations }, "{more}");
        assert_eq!(private(&json), if signs { Ok(()) } else { operations }, "{more}");
    }
}

#[test]
fn private_keys_are_read_and_never_printed() {
    let json = format!("{{{OKP},\"d\":\"BAUG\",\"alg\":\"EdDSA\"}}");
    let jwk = Jwk::decode(json.as_bytes()).unwrap();
    let private = jwk.private_key().unwrap();
    assert!(matches!(
        private.material,
        PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: [4, 5, 6] }
    ));
    assert!(private.public == Some(jwk.public_key().unwrap().material));
    assert_eq!(private.algorithm, Some(Algorithm::EDDSA));
    assert_eq!(format!("{jwk:?} {private:?}"), "Jwk(OKP) PrivateKey(OKP Ed25519)");
    // An error about a secret does not repeat it.
    let bad = format!("{{{OKP},\"d\":\"BAUG*\"}}");
    let error = Jwk::decode(bad.as_bytes()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("BAUG"));
    let rsa = Jwk::decode(br#"{"kty":"RSA","n":"CQk","e":"AQAB","d":"BAUG"}"#).unwrap();
    assert_eq!(rsa.private_key().map(|_| ()), Err(UNSUPPORTED));
    assert!(rsa.public_key().is_ok());
    let no_secret = Jwk::decode(format!("{{{OKP}}}").as_bytes()).unwrap();
    assert_eq!(no_secret.private_key().unwrap_err().rule(), Some(Rule::KeyForm.to_ref()));
}

#[test]
fn c25_one_bad_jwk_does_not_spoil_the_others() {
    let json = format!(
        r#"{{"more":[1],"keys":[{{"kty":"oct","k":"AQ"}},17,{{{OKP}}},{{"x":"AQ"}},{{"kty":"?"}}]}}"#
    );
    let set = JwkSet::decode(json.as_bytes()).unwrap();
    let verifies = |key: Result<Jwk, Error>| key.is_ok_and(|key| key.public_key().is_ok());
    let read: Vec<bool> = set.iter().map(verifies).collect();
    assert_eq!(read, vec![false, false, true, false, false]);
    for no_set in ["{}", "[]", r#"{"keys":1}"#, r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{]}"#] {
        let error = JwkSet::decode(no_set.as_bytes()).map(|_| ()).unwrap_err();
        let is_json = no_set != r#"{"keys":[{]}"#;
        let rule = if is_json { Rule::KeySet } else { Rule::JwkForm };
        assert_eq!(error.rule(), Some(rule.to_ref()), "{no_set}");
    }
}

/// Real keys: of issuers, transparency services and devices.
#[test]
fn published_jwks_parse() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    if !vectors.exists() {
        println!("SKIPPED: no vectors beside the repository");
        return;
    }
    let mut folders = vec![vectors];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".jwk.json") {
                let jwk = Jwk::decode(&fs::read(&path).unwrap()).unwrap();
                match jwk.public_key() {
                    Ok(key) => {
                        #[cfg(all(feature = "rustcrypto", feature = "p384"))]
                        provider_takes(&key);
                        let json = Jwk::encode(&key, None).unwrap();
                        assert!(Jwk::decode(json.as_bytes()).unwrap().public_key() == Ok(key));
                    }
                    Err(error) => {
                        let symmetric = Error::from(Policy::NotAPublicKey);
                        assert_eq!(error, symmetric, "{}", path.display());
                    }
                }
                read += 1;
            }
        }
    }
    println!("{read} JWKs read");
    assert!(read > 0);
}

#[cfg(all(feature = "rustcrypto", feature = "p384"))]
fn provider_takes(key: &PublicKey<'_>) {
    use crate::{
        crypto::{InvalidKey, Provider},
        rustcrypto::RustCrypto,
    };
    let parsed = RustCrypto.with_verifier(key, &mut |_| ());
    let may_be_absent = match key.material {
        KeyMaterial::Ec2 { curve, .. } => curve == Curve::SECP256K1 || curve == Curve::P521,
        KeyMaterial::Rsa { .. } => true,
        _ => false,
    };
    let absent = may_be_absent && parsed == Err(InvalidKey::Unsupported);
    assert!(parsed.is_ok() || absent, "{key:?}: {parsed:?}");
}

fn operations(json: &str) -> KeyOperations {
    Jwk::decode(json.as_bytes()).unwrap().operations()
}

#[test]
fn c23_operations_of_a_jwk_are_those_of_a_cose_key() {
    use KeyOperation::{Decrypt, DeriveKey, Encrypt, MacCreate, MacVerify, Sign, Verify, WrapKey};
    let permitted = |json: &str| {
        let operations = operations(json);
        let all = [Sign, Verify, MacCreate, MacVerify, Encrypt, Decrypt, WrapKey, DeriveKey];
        all.into_iter().filter(|one| operations.permit(*one)).collect::<Vec<_>>()
    };
    let oct = |more: &str| permitted(&format!(r#"{{"kty":"oct","k":"AQ",{more}}}"#));
    let okp = |more: &str| permitted(&format!("{{{OKP},{more}}}"));
    assert_eq!(operations(r#"{"kty":"oct","k":"AQ"}"#), KeyOperations::ALL);
    // With a symmetric key, to sign is to make a MAC (RFC 7517 4.3).
    assert_eq!(oct(r#""key_ops":["sign","verify"]"#), [MacCreate, MacVerify]);
    assert_eq!(okp(r#""key_ops":["sign","verify"]"#), [Sign, Verify]);
    assert_eq!(oct(r#""use":"sig""#), [MacCreate, MacVerify]);
    assert_eq!(oct(r#""use":"enc""#), [Encrypt, Decrypt, WrapKey, DeriveKey]);
    assert_eq!(okp(r#""use":"enc","key_ops":["deriveKey","sign"]"#), [DeriveKey]);
    for nothing in [r#""use":"sig","key_ops":["encrypt"]"#, r#""use":"?""#, r#""key_ops":["?"]"#] {
        assert_eq!(oct(nothing), [], "{nothing}");
    }
    malformed_at(Rule::KeyForm, r#"{"kty":"oct","k":"AQ","key_ops":["sign","sign"]}"#);
}

#[test]
fn symmetric_keys_are_read_and_never_printed() {
    let json = r#"{"kty":"oct","k":"_v79","alg":"HS256","kid":"a","key_ops":["verify"]}"#;
    let jwk = Jwk::decode(json.as_bytes()).unwrap();
    let key = jwk.symmetric_key().unwrap();
    assert_eq!((key.k, key.algorithm), (&[0xfe, 0xfe, 0xfd][..], Some(Algorithm::HMAC_256)));
    assert_eq!(format!("{jwk:?} {key:?}"), "Jwk(oct) SymmetricKey");
    #[cfg(feature = "sha256")]
    {
        use crate::{crypto::Secret, rustcrypto::RustCrypto};
        let secret = jwk.secret_key(&RustCrypto).unwrap();
        assert_eq!(secret.profile(), key.profile());
        assert_eq!(secret.operations(), KeyOperations::NONE.and(KeyOperation::MacVerify));
        let agrees =
            format!(r#"{{{},"d":"Ag","key_ops":["deriveKey"]}}"#, OKP.replace("Ed25519", "X25519"));
        let jwk = Jwk::decode(agrees.as_bytes()).unwrap();
        let secret = jwk.secret_key(&RustCrypto).unwrap();
        assert_eq!(secret.operations(), KeyOperations::NONE.and(KeyOperation::DeriveKey));
        assert_eq!(jwk.private_key().map(|_| ()), Err(Error::from(Policy::KeyOperations)));
        assert!(jwk.public_key() == Err(Error::from(Policy::KeyOperations)));
        assert_eq!(jwk.agreement_key().unwrap().profile(), secret.profile());
    }
    let symmetric = |json: &str| Jwk::decode(json.as_bytes()).unwrap().symmetric_key().map(|_| ());
    assert_eq!(symmetric(r#"{"kty":"oct"}"#).unwrap_err().rule(), Some(Rule::KeyForm.to_ref()));
    assert_eq!(symmetric(&format!("{{{OKP}}}")), Err(UNSUPPORTED));
    // Of another key type, of an algorithm that COSE has not, or that means something else there.
    for name in ["ES256", "dir", "A128CBC-HS256", "ECDH-ES", "HMAC 256/256"] {
        let error = symmetric(&format!(r#"{{"kty":"oct","k":"AQ","alg":"{name}"}}"#));
        let unknown = Error::from(Unsupported::AlgorithmName).at(0);
        assert_eq!(error, Err(unknown), "{name}");
    }
}

#[test]
fn secret_keys_come_out_and_read_back() {
    let okp = PrivateKey {
        material: PrivateKeyMaterial::Okp { curve: Curve::X25519, d: &[4, 5, 6] },
        public: Some(KeyMaterial::Okp { curve: Curve::X25519, x: &[1; 32] }),
        algorithm: None,
    };
    let y = YCoordinate::Value(&[0xff; 32]);
    let ec = PrivateKey {
        material: PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &[4, 5, 6] },
        public: Some(KeyMaterial::Ec2 { curve: Curve::P256, x: &[1; 32], y }),
        algorithm: Some(Algorithm::ES256),
    };
    let akp = PrivateKey {
        material: PrivateKeyMaterial::Akp { seed: &[4, 5, 6] },
        public: Some(KeyMaterial::Akp { public: &[1, 2, 3] }),
        algorithm: Some(Algorithm::ML_DSA_87),
    };
    for (key, json) in [
        (
            okp,
            r#"{"crv":"X25519","d":"BAUG","kty":"OKP","x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}"#,
        ),
        (
            ec,
            concat!(
                r#"{"alg":"ES256","crv":"P-256","d":"BAUG","kty":"EC","#,
                r#""x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","y":"__________________________________________8"}"#
            ),
        ),
        (akp, r#"{"alg":"ML-DSA-87","kty":"AKP","priv":"BAUG","pub":"AQID"}"#),
    ] {
        let encoder = JwkEncoder::private(key).unwrap();
        assert_eq!(*encoder.encode(), json);
        let read = Jwk::decode(json.as_bytes()).unwrap();
        let read = read.private_key().unwrap();
        assert!(read.public == key.public && read.profile() == key.profile());
        assert_eq!(format!("{encoder:?}"), format!("JwkEncoder({})", key.profile()));
        // RFC 7518 6.2.2, RFC 8037 2 and RFC 9964 3 want the public part beside the secret.
        let alone = JwkEncoder::private(PrivateKey { public: None, ..key }).map(|_| ());
        assert_eq!(alone, Err(Error::from(Misuse::Builder(Rule::KeyForm))));
        let other = Some(KeyMaterial::Okp { curve: Curve::ED25519, x: &[1] });
        let other = JwkEncoder::private(PrivateKey { public: other, ..key }).map(|_| ());
        assert_eq!(other, Err(Error::from(Misuse::Builder(Rule::KeyForm))));
    }
    let akp = PrivateKey { algorithm: None, ..akp };
    assert_eq!(JwkEncoder::private(akp).map(|_| ()), Err(UNSUPPORTED));

    let operations = KeyOperations::NONE.and(KeyOperation::MacCreate).and(KeyOperation::MacVerify);
    // Longer than the pieces that are encoded at a time, and no multiple of three.
    for (len, digits) in [(0, 0), (1, 2), (48, 64), (100, 134)] {
        let k = vec![0xfb; len];
        let key = SymmetricKey { k: &k, algorithm: Some(Algorithm::HMAC_512) };
        let encoder = JwkEncoder::symmetric(key).unwrap().with_operations(operations);
        let json = encoder.with_key_id("\u{1f}\u{b}\"").encode();
        let head = r#"{"alg":"HS512","k":""#;
        let tail = r#"","key_ops":["sign","verify"],"kid":"\u001f\u000b\"","kty":"oct"}"#;
        let text = json.strip_prefix(head).unwrap().strip_suffix(tail).unwrap();
        assert_eq!(text.len(), digits);
        let read = Jwk::decode(json.as_bytes()).unwrap();
        assert_eq!(read.symmetric_key().unwrap().k, k);
        assert_eq!(read.operations(), operations);
        assert_eq!(read.key_id(), Some("\u{1f}\u{b}\""));
    }
    let key = SymmetricKey { k: &[1], algorithm: Some(Algorithm::HMAC_256_64) };
    assert_eq!(JwkEncoder::symmetric(key).map(|_| ()), Err(UNSUPPORTED));
}
