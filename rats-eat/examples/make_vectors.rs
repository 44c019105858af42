//! Makes the family's own vectors of attestation, each time the same bytes:
//!
//! `cargo run -p rats-eat --all-features --example make_vectors -- vectors/rats`
//!
//! The keys are printed in RFCs and in COSE's examples; none may protect anything.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

use std::{collections::BTreeMap, fs, path::Path};

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::{
    Content, Digest,
    cbor::Writer,
    crypto::{Algorithm, HashFunction, SecretKey, SymmetricKey},
    cwt::ClaimKey,
    key::{Jwk, Thumbprint},
    mac0::Mac0Builder,
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto, Sha256},
    sign1::Sign1Builder,
};
use rats_eat::{
    attester::{self, ClaimsWriter, VersionScheme, write_claims},
    jws,
};
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

    fn tokens(&mut self) {
        let minimal = token(&|claims| _ = basis(claims));
        let stated = json!({ "claims": {
            "6": IAT, "10": "h'6e6f6e6365206f662066616d696c7921'",
            "256": "h'016465766963652d6f662d66616d696c79'",
        }, "tags": [61, 18], "protected": {"1": -7} });
        self.eat("own-eat-minimal", (true, ""), &minimal, stated.clone());
        let payload = claims(&|claims| _ = basis(claims));
        let secret = SymmetricKey { k: &MAC_KEY, algorithm: Some(Algorithm::HMAC_256) };
        let secret = SecretKey::symmetric(secret, &RustCrypto);
        let maced = Mac0Builder::new()
            .authenticate(Algorithm::HMAC_256, Content::Embedded(&payload), &secret)
            .unwrap();
        let maced = [&[0xd8, 0x3d][..], &maced].concat();
        let mut facts = stated;
        facts["tags"] = json!([61, 17]);
        facts["protected"] = json!({"1": 5});
        let id = ("own-eat-mac0", "eat-cwt", "RFC 9711");
        self.add(id, &[SECRET], (true, "a COSE_Mac0"), &maced, facts);
        let everything = token(&|claims| {
            basis(claims)
                .claim(ClaimKey::SUEIDS, |map| _ = map.map(1).text("board").bytes(&UEID))
                .int(ClaimKey::OEMID, 64242)
                .bytes(ClaimKey::HWMODEL, b"model")
                .version(ClaimKey::HWVERSION, "1.2.3", Some(VersionScheme::Number(1.into())))
                .uint(ClaimKey::UPTIME, 60)
                .bool(ClaimKey::OEMBOOT, true)
                .uint(ClaimKey::DBGSTAT, 3)
                .claim(ClaimKey::LOCATION, |map| {
                    _ = map.map(2).int(1).float(48.5).int(2).float(-3.25)
                })
                .text(ClaimKey::EAT_PROFILE, "https://profile.example")
                .uint(ClaimKey::BOOTCOUNT, 7)
                .bytes(ClaimKey::BOOTSEED, &[9; 16])
                .claim(ClaimKey::DLOAS, |array| {
                    array.array(1).array(2).text("https://dloa.example").text("platform");
                })
                .text(ClaimKey::SWNAME, "firmware")
                .version(ClaimKey::SWVERSION, "4.5", Some(VersionScheme::Name("semver")))
                .claim(ClaimKey::MANIFESTS, |array| {
                    _ = array.array(1).array(2).int(258).bytes(&[0xa0])
                })
                .claim(ClaimKey::MEASUREMENTS, |array| {
                    array.array(1).array(2).int(258).bytes(&[0xa0]);
                })
                .claim(ClaimKey::MEASRES, |array| {
                    array.array(1).array(2).text("system").array(1).array(2).text("id").int(1);
                })
                .claim(ClaimKey::INTUSE, |writer| _ = writer.int(5))
                .text(ClaimKey::int(-70_001), "unknown claims are kept");
        });
        self.eat(
            "own-eat-every-claim",
            (true, "each of RFC 9711 but submods"),
            &everything,
            json!({}),
        );
        let lone = token(&|claims| {
            _ = basis(claims).version(ClaimKey::SWVERSION, "1", None);
        });
        let facts = json!({ "strict_violation": "swversion-without-swname" });
        self.eat(
            "own-eat-swversion-alone",
            (true, "decodes; a validator reports it"),
            &lone,
            facts,
        );
    }

    /// One claim in a form that it must not have, each beside a nonce.
    fn negatives(&mut self) {
        let bad: [(&str, &str, &str); 14] = [
            ("iat-float", "06fb41dac7b2a0000000", "iat is a float"),
            ("exp-infinity", "04f97c00", "exp is infinite"),
            ("nonce-7-bytes", "0a4700000000000000", "the nonce has 7 bytes"),
            ("nonce-set-of-one", "0a814800000000000000 00", "an array of one nonce"),
            ("ueid-34-bytes", "190100582201", "the ueid has 34 bytes"),
            ("oemid-4-bytes", "1901024400000000", "the oemid has 4 bytes"),
            ("hwmodel-empty", "19010340", "hwmodel is empty"),
            ("dbgstat-5", "19010705", "dbgstat is 5"),
            ("location-no-longitude", "190108a10100", "location without longitude"),
            ("profile-tagged", "190109d820 6161", "eat_profile is a tagged URI"),
            ("bootcount-negative", "19010b20", "bootcount is negative"),
            ("manifests-empty", "19011080", "manifests is empty"),
            ("measres-5", "1901128182617381826161 05", "a result of 5"),
            ("intuse-text", "1901136161", "intuse is a text"),
        ];
        for (name, claim, why) in bad {
            let mut claim = hex::decode(claim.replace(' ', "")).unwrap();
            if name == "ueid-34-bytes" {
                claim.extend([0; 33]);
            }
            let nonce: &[u8] = b"\x0a\x48\x07\x07\x07\x07\x07\x07\x07\x07";
            let has_nonce = name.starts_with("nonce");
            let parts: [&[u8]; 3] = [
                if has_nonce { &[0xa1] } else { &[0xa2] },
                if has_nonce { &[] } else { nonce },
                &claim,
            ];
            let name = format!("own-eat-{name}");
            self.eat(
                &name,
                (false, &format!("claims: {why}")),
                &signed(&parts.concat()),
                json!({}),
            );
        }
        let twice = hex::decode("a2190105011901 0502".replace(' ', "")).unwrap();
        self.eat(
            "own-eat-claim-twice",
            (false, "claims: uptime is there twice"),
            &signed(&twice),
            json!({}),
        );
        let long = hex::decode("a219010501190107").unwrap();
        self.eat(
            "own-eat-claims-cut",
            (false, "framing: the claims set is cut"),
            &signed(&long),
            json!({}),
        );
        let mut forged = token(&|claims| _ = basis(claims));
        let last = forged.len() - 1;
        forged[last] ^= 1;
        self.eat(
            "own-eat-bad-signature",
            (false, "signature: one bit changed"),
            &forged,
            json!({}),
        );
    }

    fn submodules(&mut self) {
        let uptime = |claims: &mut ClaimsWriter<'_, '_>| _ = claims.uint(ClaimKey::UPTIME, 1);
        let mut buffer = [0; 512];
        let inner = attester::sign(
            &mut buffer,
            Some(&thumbprint(&subsystem_key())),
            &subsystem_key(),
            &uptime,
        )
        .unwrap()
        .to_vec();
        let jwt = jws::sign(br#"{"uptime":2}"#, None, &subsystem_key()).unwrap();
        let uccs = [&[0xd9, 0x02, 0x59][..], &claims(&uptime)].concat();
        let detached = claims(&uptime);
        let hash = Sha256.hash(&[&detached]);
        let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
        let text = format!(r#"["JWT","{jwt}"]"#);
        let all = |inner: &[u8], text: &str| {
            token(&|claims| {
                basis(claims).uint(ClaimKey::DBGSTAT, 1).submodules(&|parts| {
                    parts.claims("c", &uptime).digest("d", &digest).json("j", text);
                    parts.token("t", inner).token("u", &uccs);
                });
            })
        };
        let facts = json!({ "submods": {
            "c": {"form": "claims set", "dbgstat": null, "nonce": null},
            "d": {"form": "digest"},
            "j": {"form": "nested JWT", "dbgstat": null, "nonce": null},
            "t": {"form": "nested CWT", "dbgstat": null, "nonce": null},
            "u": {"form": "UCCS", "dbgstat": null, "nonce": null},
        } });
        let (keys, spec) = ([ATTESTER, SUBSYSTEM], "RFC 9711 4.2.18");
        let id = ("own-eat-submods", "eat-cwt", spec);
        self.add(id, &keys, (true, "each form; nothing is inherited"), &all(&inner, &text), facts);
        let mut forged = inner.clone();
        let last = forged.len() - 1;
        forged[last] ^= 1;
        let id = ("own-eat-nested-cwt-bad-signature", "eat-cwt", spec);
        let why = (false, "signature: of the token within, one bit changed");
        self.add(id, &keys, why, &all(&forged, &text), json!({}));
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let header = signed.split_once('.').unwrap().0;
        let forged = format!(r#"["JWT","{header}.{}.{signature}"]"#, b64(br#"{"uptime":3}"#));
        let id = ("own-eat-nested-jwt-bad-signature", "eat-cwt", spec);
        let why = (false, "signature: of the JWT within, another payload");
        self.add(id, &keys, why, &all(&inner, &forged), json!({}));
        let selector = token(&|claims| {
            basis(claims)
                .submodules(&|parts| _ = parts.json("j", r#"["DIGEST",["SHA-256","AA"]]"#));
        });
        let why = (false, "claims: a digest in JSON within CBOR");
        self.eat("own-eat-json-digest", why, &selector, json!({}));
        let untagged = token(&|claims| {
            basis(claims)
                .submodules(&|parts| _ = parts.token("t", &[0x84, 0x40, 0xa0, 0x40, 0x40]));
        });
        let why = (false, "claims: the token within has no tag");
        self.eat("own-eat-nested-untagged", why, &untagged, json!({}));
    }

    fn psa(&mut self) {
        let with = |client: i64, nonce: &[u8], components: usize, lifecycle: u64| {
            let instance = [&[1][..], &[0x22; 32]].concat();
            let payload = cbor(|writer| {
                // In the order in which devices write them: not ascending.
                writer
                    .map(7)
                    .int(256)
                    .bytes(&instance)
                    .int(2396)
                    .bytes(&[0x33; 32])
                    .int(10)
                    .bytes(nonce);
                writer.int(2394).int(client).int(2395).int(lifecycle);
                writer
                    .int(265)
                    .text("tag:psacertified.org,2023:psa#tfm")
                    .int(2399)
                    .array(components);
                for _ in 0..components {
                    writer
                        .map(3)
                        .int(5)
                        .bytes(&[0x44; 32])
                        .int(2)
                        .bytes(&[0x55; 32])
                        .int(1)
                        .text("BL");
                }
            });
            Sign1Builder::new().sign(Content::Embedded(&payload), &attester_key()).unwrap()
        };
        let (kind, spec) = ("psa-token", "RFC 9783");
        let mut add = |name: &str, why, bytes: &[u8], facts| {
            self.add((name, kind, spec), &[ATTESTER], why, bytes, facts);
        };
        let facts = json!({ "lifecycle_state": "secured", "signature_verified": true });
        add(
            "own-psa-unsorted",
            (true, "claims out of order"),
            &with(-1, &[7; 32], 2, 0x3000),
            facts,
        );
        let refused = |why| (false, why);
        add(
            "own-psa-client-0",
            refused("claims: client id 0"),
            &with(0, &[7; 32], 1, 0x3000),
            json!({}),
        );
        add(
            "own-psa-nonce-16",
            refused("claims: a nonce of 16 bytes"),
            &with(1, &[7; 16], 1, 0x3000),
            json!({}),
        );
        add(
            "own-psa-no-components",
            refused("claims: no component"),
            &with(1, &[7; 32], 0, 0x3000),
            json!({}),
        );
        add(
            "own-psa-lifecycle-7000",
            refused("claims: lifecycle 0x7000"),
            &with(1, &[7; 32], 1, 0x7000),
            json!({}),
        );
    }

    fn bundles(&mut self) {
        let set = claims(&|claims| _ = claims.uint(ClaimKey::UPTIME, 5));
        let hash = Sha256.hash(&[&set]);
        let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
        let elsewhere = [0x66; 32];
        let absent = Digest::new(Algorithm::SHA256, &elsewhere).unwrap();
        let main = token(&|claims| {
            basis(claims)
                .submodules(&|parts| _ = parts.digest("GPU", &digest).digest("TEE", &absent));
        });
        let bundle = |detached: &[(&str, &[u8])]| {
            let mut buffer = [0; 2048];
            attester::bundle(&mut buffer, &main, detached).unwrap().to_vec()
        };
        let (kind, spec) = ("eat-detached-bundle-cbor", "RFC 9711 5");
        let facts = json!({ "not_supplied": ["TEE"], "detached": {"GPU": {"261": 5}}, "tag": 602 });
        let id = ("own-deb", kind, spec);
        self.add(id, &[ATTESTER], (true, ""), &bundle(&[("GPU", &set)]), facts);
        let other = claims(&|claims| _ = claims.uint(ClaimKey::UPTIME, 6));
        let id = ("own-deb-other-set", kind, spec);
        let why = (false, "claims: the set is not the one of the digest");
        self.add(id, &[ATTESTER], why, &bundle(&[("GPU", &other)]), json!({}));
        let id = ("own-deb-surplus", kind, spec);
        let why = (false, "claims: no digest names the set");
        self.add(id, &[ATTESTER], why, &bundle(&[("CPU", &set)]), json!({}));
    }

    fn jwts(&mut self) {
        const CLAIMS: &str = r#"{"iat":1790000000,"eat_nonce":"bm9uY2Ugb2YgZmFtaWx5IQ","oemid":64242,"oemboot":true,"dbgstat":"disabled-permanently"}"#;
        let parts = |header: &str, claims: &str| {
            format!("{}.{}", b64(header.as_bytes()), b64(claims.as_bytes()))
        };
        let sign = |header: &str, claims: &str| {
            use cose_ext::crypto::Signer;
            let signed = parts(header, claims);
            let mut signature = [0; 64];
            attester_key().sign(&[signed.as_bytes()], &mut signature).unwrap();
            format!("{signed}.{}", b64(&signature))
        };
        let (kind, spec) = ("eat-jwt", "RFC 9711, RFC 7515");
        let mut add = |name: &str, why, text: &str, facts| {
            self.add((name, kind, spec), &[ATTESTER], why, text.as_bytes(), facts);
        };
        let es256 = r#"{"alg":"ES256","typ":"JWT"}"#;
        let facts = json!({
            "claims": serde_json::from_str::<Value>(CLAIMS).unwrap(), "verifies_with": ["attester-p256"],
        });
        add("own-jwt-es256", (true, ""), &sign(es256, CLAIMS), facts);
        let refused = |why| (false, why);
        add(
            "own-jwt-none",
            refused("signature: alg none"),
            &format!("{}.", parts(r#"{"alg":"none"}"#, CLAIMS)),
            json!({}),
        );
        let crit = r#"{"alg":"ES256","crit":["x"],"x":1}"#;
        add(
            "own-jwt-crit",
            refused("framing: crit names what nobody knows"),
            &sign(crit, CLAIMS),
            json!({}),
        );
        let plain = r#"{"alg":"ES256","b64":false,"crit":["b64"]}"#;
        add(
            "own-jwt-b64-false",
            refused("framing: the payload is not encoded"),
            &sign(plain, CLAIMS),
            json!({}),
        );
        let twice = r#"{"iat":1790000000,"i\u0061t":1}"#;
        add(
            "own-jwt-claim-twice",
            refused("claims: iat is there twice"),
            &sign(es256, twice),
            json!({}),
        );
        let float = r#"{"iat":1790000000.0}"#;
        add("own-jwt-float-iat", refused("claims: iat is a float"), &sign(es256, float), json!({}));
    }

    fn results(&mut self) {
        let result = |status: u64, claim: i64| {
            cbor(|writer| {
                writer.map(4).int(6).int(IAT).int(265).text("tag:ietf.org,2026:rats/ear#04");
                writer.int(266).map(1).text("PSA").map(2).int(1000).int(status);
                writer.int(1001).map(1).int(2).int(claim);
                writer.int(1004).map(2).int(0).text("https://verifier.example").int(1).text("1");
            })
        };
        let sign = |payload: &[u8]| {
            Sign1Builder::new().sign(Content::Embedded(payload), &verifier_key()).unwrap()
        };
        let (kind, spec) = ("ear-cwt", "draft-ietf-rats-ear-04");
        let facts =
            json!({ "status": "affirming", "worst_claim_tier": "affirming", "must_report": false });
        let id = ("own-ear-affirming", kind, spec);
        self.add(
            id,
            &[VERIFIER],
            (true, "31 is the last affirming value"),
            &sign(&result(2, 31)),
            facts,
        );
        let facts = json!({
            "status": "affirming", "worst_claim_tier": "warning", "must_report": true,
            "strict_violation": "ear-status-better-than-worst-claim",
        });
        let id = ("own-ear-too-good", kind, spec);
        self.add(
            id,
            &[VERIFIER],
            (true, "affirming over a warning: reported"),
            &sign(&result(2, 32)),
            facts,
        );
        let id = ("own-ear-claim-128", kind, spec);
        self.add(
            id,
            &[VERIFIER],
            (false, "claims: 128 is out of range"),
            &sign(&result(96, 128)),
            json!({}),
        );
        let json_of = format!(
            r#"{{"eat_profile":"tag:ietf.org,2026:rats/ear#04","iat":{IAT},"ear_verifier_id":{{"developer":"https://verifier.example","build":"1"}},"submods":{{"PSA":{{"ear_status":"warning","ear_trustworthiness_vector":{{"executables":33}}}}}}}}"#
        );
        let jwt = jws::sign(json_of.as_bytes(), None, &verifier_key()).unwrap();
        let id = ("own-ear-jwt", "ear-jwt", spec);
        let facts = json!({ "status": "warning", "worst_claim_tier": "warning" });
        self.add(id, &[VERIFIER], (true, ""), jwt.as_bytes(), facts);
    }

    fn wrappers(&mut self) {
        let record = |ind: Option<i64>| {
            cbor(|writer| {
                writer
                    .array(if ind.is_some() { 3 } else { 2 })
                    .text("application/eat+cwt")
                    .bytes(&[1, 2]);
                if let Some(ind) = ind {
                    writer.int(ind);
                }
            })
        };
        let (kind, spec) = ("cmw-cbor", "RFC 9999");
        let mut add = |name: &str, why, bytes: &[u8], facts| {
            self.add((name, kind, spec), &[], why, bytes, facts);
        };
        add(
            "own-cmw-record",
            (true, "evidence"),
            &record(Some(4)),
            json!({ "first_byte": "0x83" }),
        );
        add("own-cmw-ind-0", (false, "framing: no indicator is set"), &record(Some(0)), json!({}));
        let inner = record(None);
        let collection = cbor(|writer| {
            writer.map(2).int(1).encoded(&inner).text("c").map(1).text("d").encoded(&inner);
        });
        add(
            "own-cmw-collection",
            (true, "a collection in a collection"),
            &collection,
            json!({ "first_byte": "0xa2" }),
        );
        add(
            "own-cmw-collection-empty",
            (false, "framing: an empty collection"),
            &[0xa0],
            json!({}),
        );
        let tagged = cbor(|writer| _ = writer.tag(1_668_546_817 + 60).bytes(&[0xa0]));
        add("own-cmw-tag", (true, "content format 60"), &tagged, json!({ "first_byte": "0xda" }));
    }

    fn rest(&mut self) {
        let (kind, spec) = ("epoch-marker", "draft-ietf-rats-epoch-markers-04");
        for (name, why, hex) in [
            ("own-epoch-tick", (true, ""), "d96966 48 0102030405060708"),
            ("own-epoch-ticks", (true, ""), "d96967 82 01 6174"),
            ("own-epoch-counter", (true, ""), "d96968 1903e8"),
            ("own-epoch-counter-negative", (false, "a counter below zero"), "d96968 20"),
            (
                "own-epoch-time-without-base",
                (false, "an extended time without a time"),
                "d903e9 a0",
            ),
        ] {
            let bytes = hex::decode(hex.replace(' ', "")).unwrap();
            self.add((name, kind, spec), &[], why, &bytes, json!({}));
        }
        let component = cbor(|writer| {
            writer.map(2).int(1).array(2).text("boot loader").array(1).text("1.4");
            writer.int(2).array(2).int(-16).bytes(&[0x55; 32]);
        });
        let id = ("own-measured-component", "measured-component-cbor", "RFC 10013");
        self.add(id, &[], (true, ""), &component, json!({}));
    }
}
