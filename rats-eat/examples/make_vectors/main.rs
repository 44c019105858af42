//! Makes the family's own vectors of attestation, each time the same bytes:
//!
//! `cargo run -p rats-eat --all-features --example make_vectors -- vectors/rats`
//!
//! The keys are printed in RFCs and in COSE's examples; none may protect anything.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

mod bundles;
mod cca;
mod jwts;
mod negatives;
mod psa;
mod results;
mod submodules;
mod tokens;
mod wrappers;

use std::{collections::BTreeMap, fs, path::Path};

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::{
    Content,
    cbor::Writer,
    crypto::HashFunction,
    cwt::ClaimKey,
    key::{Jwk, Thumbprint},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, Sha256},
    sign1::Sign1Builder,
};
use rats_eat::attester::{ClaimsWriter, write_claims};
use serde_json::{Value, json};
use testkit::fixed_keys::{ED25519_RFC8032_1, P256_COSE_11, P256_RFC6979};

fn main() {
    let folder = std::env::args().nth(1).expect("the folder to write to");
    write(Path::new(&folder));
}

/// Writes all files into `folder`.
pub fn write(folder: &Path) {
    fs::create_dir_all(folder.join("keys")).unwrap();
    for (name, bytes) in made() {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// Every file by its name: the cases, their keys, and `cases.json`.
pub fn made() -> BTreeMap<String, Vec<u8>> {
    let mut vectors = Vectors::default();
    vectors.keys();
    vectors.tokens();
    vectors.negatives();
    vectors.submodules();
    vectors.psa();
    vectors.bundles();
    vectors.jwts();
    vectors.results();
    vectors.wrappers();
    vectors.rest();
    vectors.new_results();
    vectors.old_psa();
    vectors.cca();
    vectors.parsec();
    let index = json!({ "cases": vectors.cases });
    let mut text = serde_json::to_string_pretty(&index).unwrap();
    text.push('\n');
    vectors.files.insert("cases.json".into(), text.into_bytes());
    vectors.files
}

#[derive(Default)]
struct Vectors {
    files: BTreeMap<String, Vec<u8>>,
    cases: Vec<Value>,
}

const ATTESTER: &str = "keys/attester-p256.jwk.json";
const SUBSYSTEM: &str = "keys/subsystem-p256.jwk.json";
const VERIFIER: &str = "keys/verifier-ed25519.jwk.json";
const SECRET: &str = "keys/secret-hmac256.jwk.json";
const NONCE: [u8; 16] = *b"nonce of family!";
const UEID: [u8; 17] = *b"\x01device-of-family";
const IAT: i64 = 1_790_000_000;
/// RFC 8152's example key, 32 bytes.
const MAC_KEY: [u8; 32] = *b"a secret that everybody can read";

fn attester_key() -> P256SigningKey {
    P256SigningKey::from_bytes(&P256_RFC6979.private).unwrap()
}

fn subsystem_key() -> P256SigningKey {
    P256SigningKey::from_bytes(&P256_COSE_11.private).unwrap()
}

fn verifier_key() -> Ed25519SigningKey {
    Ed25519SigningKey::from_bytes(&ED25519_RFC8032_1.private).unwrap()
}

/// The kid of a key: its thumbprint (RFC 9679).
fn thumbprint(key: &P256SigningKey) -> Vec<u8> {
    let public = key.public_key();
    Thumbprint::new(&(&public).into(), &Sha256).unwrap().as_bytes().to_vec()
}

fn b64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn cbor(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer);
    writer.finish().unwrap().to_vec()
}

fn claims(claims: &dyn Fn(&mut ClaimsWriter<'_, '_>)) -> Vec<u8> {
    cbor(|writer| write_claims(writer, claims).unwrap())
}

/// A COSE_Sign1 by the attester under tags 61 and 18, around whatever stands in `payload`.
fn signed(payload: &[u8]) -> Vec<u8> {
    let builder = Sign1Builder::new().key_id(&thumbprint(&attester_key()));
    let message = builder.sign(Content::Embedded(payload), &attester_key()).unwrap();
    [&[0xd8, 0x3d][..], &message].concat()
}

fn token(writer: &dyn Fn(&mut ClaimsWriter<'_, '_>)) -> Vec<u8> {
    signed(&claims(writer))
}

/// What every token of the attester begins with.
fn basis<'c, 'w, 'o>(claims: &'c mut ClaimsWriter<'w, 'o>) -> &'c mut ClaimsWriter<'w, 'o> {
    claims.int(ClaimKey::IAT, IAT).bytes(ClaimKey::EAT_NONCE, &NONCE).bytes(ClaimKey::UEID, &UEID)
}

impl Vectors {
    /// Adds a case. `facts` are what its bytes say, beside length and digest.
    fn add(
        &mut self,
        (name, kind, spec): (&str, &str, &str),
        keys: &[&str],
        (is_valid, why): (bool, &str),
        bytes: &[u8],
        mut facts: Value,
    ) {
        let ending = if kind.ends_with("jwt") { "jwt" } else { "cbor" };
        let file = format!("{name}.{ending}");
        facts["length"] = bytes.len().into();
        facts["sha256"] = hex::encode(Sha256.hash(&[bytes]).as_ref()).into();
        self.cases.push(json!({
            "name": name, "file": file, "kind": kind, "spec": spec, "keys": keys,
            "expect": if is_valid { "valid" } else { "invalid" }, "why": why, "facts": facts,
        }));
        assert!(self.files.insert(file, bytes.to_vec()).is_none(), "{name} is there twice");
    }

    fn keys(&mut self) {
        let public = [attester_key().public_key(), subsystem_key().public_key()];
        for (name, key) in [ATTESTER, SUBSYSTEM].iter().zip(&public) {
            let jwk = Jwk::encode(&key.into(), None).unwrap();
            self.files.insert((*name).into(), jwk.into_bytes());
        }
        let public = verifier_key().public_key();
        let jwk = Jwk::encode(&(&public).into(), None).unwrap();
        self.files.insert(VERIFIER.into(), jwk.into_bytes());
        let secret = format!(r#"{{"kty":"oct","alg":"HS256","k":"{}"}}"#, b64(&MAC_KEY));
        self.files.insert(SECRET.into(), secret.into_bytes());
    }

    fn eat(&mut self, name: &str, why: (bool, &str), bytes: &[u8], facts: Value) {
        self.add((name, "eat-cwt", "RFC 9711"), &[ATTESTER], why, bytes, facts);
    }
}
