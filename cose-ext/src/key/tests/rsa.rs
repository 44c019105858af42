//! RSA private keys in every form.

use std::{format, vec::Vec};

use super::hex;
use crate::{
    Error, Profile, Rule,
    crypto::{
        Algorithm, KeyMaterial, KeyOperation, KeyOperations, PrivateKey, PrivateKeyMaterial, Signer,
    },
    error::{ErrorKind, Misuse, PemLabel, Policy, Unsupported},
    key::{CoseKey, Jwk, JwkEncoder, Pem, SecretKeyEncoder, pkcs8, pkcs8::Pkcs8Encoder},
    rustcrypto::RsaSigningKey,
};

const UNSUPPORTED: Error = Error::new(ErrorKind::Unsupported(Unsupported::KeyFormat));
const NOT_A_KEY: Error = Error::new(ErrorKind::Misuse(Misuse::Builder(Rule::KeyForm)));

fn numbers_of<'a>(key: &PrivateKey<'a>) -> [&'a [u8]; 8] {
    match key.material {
        PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi } => [n, e, d, p, q, dp, dq, qi],
        other => panic!("{other:?}"),
    }
}

fn with(numbers: [&[u8]; 8]) -> PrivateKey<'_> {
    let [n, e, d, p, q, dp, dq, qi] = numbers;
    let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
    PrivateKey { material, public: Some(KeyMaterial::Rsa { n, e }), algorithm: None }
}

fn key() -> PrivateKey<'static> {
    with(testkit::rsa::numbers())
}

/// The key is read as it was written, and signs.
fn is_it(read: &PrivateKey<'_>, algorithm: Option<Algorithm>) {
    assert_eq!(numbers_of(read), testkit::rsa::numbers());
    assert!(read.public == key().public);
    assert_eq!(read.algorithm, algorithm);
    let signer = RsaSigningKey::from_private_key(read).unwrap();
    assert_eq!(signer.algorithm(), algorithm.unwrap_or(Algorithm::PS256));
}

#[test]
fn c24_a_cose_key_holds_an_rsa_key_with_two_primes() {
    for algorithm in [None, Some(Algorithm::PS384)] {
        let own = PrivateKey { algorithm, ..key() };
        let encoder = SecretKeyEncoder::private(own).unwrap().with_key_id(b"11");
        let bytes = encoder.to_vec();
        let read = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        is_it(&read.private_key().unwrap(), algorithm);
        assert!(read.public_key().unwrap().material == key().public.unwrap());
        assert_eq!(read.key_id().unwrap(), Some(&b"11"[..]));
        let shown = format!("{read}");
        assert!(shown.contains("-3 / d /: ... / secret /"), "{shown}");
        assert_eq!(format!("{encoder:?}"), "SecretKeyEncoder(RSA)");
    }
    let encoder = SecretKeyEncoder::private(key()).unwrap();
    let verifies = encoder.with_operations(KeyOperations::NONE.and(KeyOperation::Verify)).unwrap();
    let bytes = verifies.to_vec();
    let read = CoseKey::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(read.private_key().unwrap_err().kind(), Policy::KeyOperations.into());
}

#[test]
fn c24_numbers_of_a_cose_key_are_minimal_and_no_more_than_two_primes() {
    let own = testkit::rsa::numbers();
    for at in 0..own.len() {
        for broken in [Vec::new(), [&[0], own[at]].concat()] {
            let mut numbers = own;
            numbers[at] = &broken;
            assert_eq!(SecretKeyEncoder::private(with(numbers)).unwrap_err(), NOT_A_KEY);
            assert_eq!(JwkEncoder::private(with(numbers)).unwrap_err(), NOT_A_KEY);
        }
    }
    let other = PrivateKey { public: Some(KeyMaterial::Rsa { n: own[0], e: &[3] }), ..key() };
    assert_eq!(SecretKeyEncoder::private(other).unwrap_err(), NOT_A_KEY);
    assert_eq!(JwkEncoder::private(other).unwrap_err(), NOT_A_KEY);
    assert_eq!(Pkcs8Encoder::new(other).unwrap_err(), NOT_A_KEY);

    // Written by hand: a leading zero, and what a third prime brings.
    let entry = |label: u8, number: &[u8]| {
        let len = u16::try_from(number.len()).unwrap().to_be_bytes();
        [&[label, 0x59][..], &len, number].concat()
    };
    let map = |count: u8, own: &[&[u8]]| {
        let entries = own.iter().zip(0x20..).map(|(number, label)| entry(label, number));
        [&[0xa0 | count, 0x01, 0x03][..], &entries.collect::<Vec<_>>().concat()].concat()
    };
    let whole = map(9, &own);
    is_it(&CoseKey::decode(&whole, &Profile::LENIENT).unwrap().private_key().unwrap(), None);
    for at in 0..own.len() {
        let padded = [&[0], own[at]].concat();
        let mut numbers = own;
        numbers[at] = &padded;
        let bytes = map(9, &numbers);
        let read = CoseKey::decode(&bytes, &Profile::LENIENT).unwrap();
        assert_eq!(read.private_key().unwrap_err().rule(), Some(Rule::KeyForm.to_ref()), "{at}");
    }
    let third = [&whole[..], &[0x28, 0x80]].concat().into_iter().enumerate();
    let third: Vec<u8> = third.map(|(at, byte)| if at == 0 { 0xaa } else { byte }).collect();
    let read = CoseKey::decode(&third, &Profile::LENIENT).unwrap();
    assert_eq!(read.private_key().unwrap_err(), UNSUPPORTED);
}

#[test]
fn c24_a_jwk_holds_an_rsa_key_with_two_primes() {
    for algorithm in [None, Some(Algorithm::PS512), Some(Algorithm::RS256)] {
        let own = PrivateKey { algorithm, ..key() };
        let json = JwkEncoder::private(own).unwrap().with_key_id("one").encode();
        let read = Jwk::decode(json.as_bytes()).unwrap();
        is_it(&read.private_key().unwrap(), algorithm);
        assert!(read.public_key().unwrap().material == key().public.unwrap());
        let without_public = PrivateKey { public: None, ..own };
        assert_eq!(
            *JwkEncoder::private(without_public).unwrap().with_key_id("one").encode(),
            *json
        );
        // RFC 7517: members in alphabetical order, each once.
        let names =
            ["\"d\":", "\"dp\":", "\"dq\":", "\"e\":", "\"n\":", "\"p\":", "\"q\":", "\"qi\":"];
        let places: Vec<_> = names.iter().map(|name| json.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn c24_a_jwk_without_all_private_members_is_malformed() {
    let json = JwkEncoder::private(key()).unwrap().encode();
    for name in ["d", "dp", "dq", "p", "q", "qi", "n", "e"] {
        let renamed = json.replace(&format!("\"{name}\":"), "\"other\":");
        let read = Jwk::decode(renamed.as_bytes()).unwrap();
        assert_eq!(read.private_key().unwrap_err().rule(), Some(Rule::KeyForm.to_ref()), "{name}");
        // A leading zero byte is four digits that begin with A.
        let start = json.find(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
        let padded = [&json[..start], "AAAA", &json[start..]].concat();
        let read = Jwk::decode(padded.as_bytes()).unwrap();
        assert_eq!(read.private_key().unwrap_err().rule(), Some(Rule::KeyForm.to_ref()), "{name}");
    }
    let third = json.replace('}', ",\"oth\":[]}");
    let read = Jwk::decode(third.as_bytes()).unwrap();
    assert_eq!(read.private_key().unwrap_err(), UNSUPPORTED);
    assert!(read.public_key().is_ok());
    let shown = format!("{read:?} {:?}", JwkEncoder::private(key()).unwrap());
    assert_eq!(shown, "Jwk(RSA) JwkEncoder(RSA)");
}

/// `openssl pkcs8 -topk8 -nocrypt` of the same key has the same bytes.
#[test]
fn c24_pkcs8_of_an_rsa_key_is_that_of_openssl() {
    let encoder = Pkcs8Encoder::new(key()).unwrap();
    let der = encoder.to_vec();
    assert_eq!(&*encoder.with_public_part().to_vec(), &*der);
    assert_eq!(der.len(), 1218);
    let digest = crate::rustcrypto::Sha256;
    let digest = crate::crypto::HashFunction::hash(&digest, &[&der]);
    assert_eq!(::hex::encode(digest), OPENSSL_SHA_256);
    is_it(&pkcs8::decode(&der).unwrap(), None);
    is_it(&pkcs8::decode_for(&der, Algorithm::RS256).unwrap(), None);

    let pem = Pem::encode_private(&key()).unwrap();
    is_it(&Pem::decode(pem.as_bytes()).unwrap().private_key().unwrap(), None);

    // The older form lies within: a version, eight numbers.
    let pkcs1 = &der[der.len() - 1192..];
    is_it(&pkcs8::decode_pkcs1(pkcs1).unwrap(), None);
    let older = pem_rfc7468::encode_string("RSA PRIVATE KEY", pem_rfc7468::LineEnding::LF, pkcs1);
    let older = Pem::decode(older.unwrap().as_bytes()).unwrap();
    is_it(&older.private_key().unwrap(), None);
    assert_eq!(format!("{older:?}"), "Pem(RSA PRIVATE KEY)");
    let refused = older.public_key().unwrap_err();
    assert_eq!(refused, Unsupported::PemLabel(PemLabel::RsaPrivateKey).into());
}

const OPENSSL_SHA_256: &str = "cdbefd576cf0a8ed53a427273f85df2a906eba0ed5a20f747cc33b1e2aa8eef3";

#[test]
fn c24_der_that_is_no_rsa_key_is_malformed() {
    let der = Pkcs8Encoder::new(key()).unwrap().to_vec();
    for len in (0..der.len()).step_by(7) {
        assert_eq!(
            pkcs8::decode(&der[..len]).unwrap_err().rule(),
            Some(Rule::KeyForm.to_ref()),
            "{len}"
        );
    }
    let pkcs1 = der[der.len() - 1192..].to_vec();
    let version = |version: u8| {
        let mut changed = pkcs1.clone();
        assert_eq!(changed[4..7], [2, 1, 0]);
        changed[6] = version;
        changed
    };
    assert_eq!(pkcs8::decode_pkcs1(&version(1)).unwrap_err(), UNSUPPORTED);
    let broken = pkcs8::decode_pkcs1(&version(2)).unwrap_err();
    assert_eq!(broken.rule(), Some(Rule::KeyForm.to_ref()));
    let trailing = [&pkcs1[..], &[0]].concat();
    assert_eq!(pkcs8::decode_pkcs1(&trailing).unwrap_err().rule(), Some(Rule::KeyForm.to_ref()));
}

/// A key of RSASSA-PSS alone states its algorithm, or takes the one it is wanted for (RFC 4055).
#[test]
fn c24_a_pss_key_states_what_it_is_for() {
    let der = Pkcs8Encoder::new(key()).unwrap().to_vec();
    let plain = hex("300d06092a864886f70d0101010500");
    let open = hex("300b06092a864886f70d01010a");
    let sha384 = hex(concat!(
        "304106092a864886f70d01010a3034a00f300d06096086480165030402020500",
        "a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130",
    ));
    let with_identifier = |identifier: &[u8]| {
        let at = der.windows(plain.len()).position(|window| window == plain).unwrap();
        let content = [&der[4..at], identifier, &der[at + plain.len()..]].concat();
        let len = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82][..], &len, &content].concat()
    };
    let open = with_identifier(&open);
    assert_eq!(pkcs8::decode(&open).unwrap_err(), UNSUPPORTED);
    is_it(&pkcs8::decode_for(&open, Algorithm::PS512).unwrap(), Some(Algorithm::PS512));
    let refused = pkcs8::decode_for(&open, Algorithm::RS256).unwrap_err();
    assert_eq!(refused.rule(), Some(Rule::KeyAlgorithm.to_ref()));
    is_it(&pkcs8::decode(&with_identifier(&sha384)).unwrap(), Some(Algorithm::PS384));
}
