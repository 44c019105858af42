//! Kind `signature-primitive`: wycheproof, each test with its own verdict, through the seam's three doors and every
//! provider.

use std::collections::BTreeMap;

use cose_ext::crypto::{
    Algorithm, Curve, Key, KeyMaterial, Provider, PublicKey, SignatureVerifier, VerifyError,
    YCoordinate,
};
use cose_ext::rustcrypto::RustCrypto;
use serde_json::{Value, json};
use testkit::vectors::{Case, Facts, Outcome, SubCases, Trouble};

use crate::build::lacks;

/// A provider, the curves it knows, and those of them for which it has a streaming form.
struct Named {
    name: &'static str,
    provider: &'static dyn Provider,
    curves: &'static [Curve],
    streams: &'static [Curve],
}

/// Every provider of this build gives every verdict.
const PROVIDERS: &[Named] = &[
    Named {
        name: "rustcrypto",
        provider: &RustCrypto,
        curves: &[
            Curve::P256,
            Curve::P384,
            Curve::P521,
            Curve::SECP256K1,
            Curve::BRAINPOOL_P256R1,
            Curve::BRAINPOOL_P384R1,
            Curve::ED25519,
            Curve::ED448,
        ],
        streams: &[
            Curve::P256,
            Curve::P384,
            Curve::P521,
            Curve::SECP256K1,
            Curve::BRAINPOOL_P256R1,
            Curve::BRAINPOOL_P384R1,
            Curve::ED25519,
        ],
    },
    #[cfg(feature = "aws-lc")]
    Named {
        name: "aws-lc",
        provider: &cose_ext::aws_lc::AwsLc,
        curves: &[Curve::P256, Curve::P384, Curve::P521, Curve::ED25519],
        streams: &[Curve::P256, Curve::P384, Curve::P521],
    },
];

/// Reads the curve of a group and the algorithm that pairs it with the hash function of the group.
fn algorithm_and_curve(group: &Value) -> Result<(Algorithm, Curve), Trouble> {
    let curve = group["publicKey"]["curve"].as_str().ok_or("no curve")?;
    let curve = match curve {
        "secp256r1" => Curve::P256,
        "secp384r1" => Curve::P384,
        "secp521r1" => Curve::P521,
        "secp256k1" => Curve::SECP256K1,
        "brainpoolP256r1" => Curve::BRAINPOOL_P256R1,
        "brainpoolP384r1" => Curve::BRAINPOOL_P384R1,
        "edwards25519" => return Ok((Algorithm::EDDSA, Curve::ED25519)),
        "edwards448" => return Ok((Algorithm::EDDSA, Curve::ED448)),
        other => return Err(format!("curve {other}").into()),
    };
    let algorithm = match group["sha"].as_str() {
        Some("SHA-256") if curve == Curve::SECP256K1 => Algorithm::ES256K,
        Some("SHA-256") if curve == Curve::BRAINPOOL_P256R1 => Algorithm::ESB256,
        Some("SHA-384") if curve == Curve::BRAINPOOL_P384R1 => Algorithm::ESB384,
        Some("SHA-256") => Algorithm::ES256,
        Some("SHA-384") => Algorithm::ES384,
        Some("SHA-512") => Algorithm::ES512,
        other => return Err(format!("hash function {other:?}").into()),
    };
    Ok((algorithm, curve))
}

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let file = case.json()?;
    let mut sub_cases = SubCases::new();
    let mut results = BTreeMap::<String, u64>::new();
    let mut disagreements = Vec::new();
    for group in list(&file, "testGroups")? {
        let key = hex_of(&group["publicKey"], "uncompressed")
            .or_else(|_| hex_of(&group["publicKey"], "pk"))?;
        let (algorithm, curve) = algorithm_and_curve(group)?;
        let key = if algorithm == Algorithm::EDDSA {
            KeyMaterial::Okp { curve, x: &key }
        } else {
            let point = key.strip_prefix(&[4]).ok_or("a point that is not uncompressed")?;
            let (x, y) = point.split_at(point.len() / 2);
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) }
        };
        let key = PublicKey { material: key, algorithm: None };
        if let Some(why) = lacks(algorithm, &key.profile()) {
            return Ok(Outcome::NotRun(why));
        }
        for test in list(group, "tests")? {
            let result = test["result"].as_str().ok_or("no result")?;
            *results.entry(result.to_owned()).or_default() += 1;
            let (message, signature) = (hex_of(test, "msg")?, hex_of(test, "sig")?);
            for named in PROVIDERS.iter().filter(|named| named.curves.contains(&curve)) {
                let key = Key::new(key, named.provider);
                let verdict = key.verify(algorithm, &[&message], &signature);
                let name = format!("{} {}, {}", test["tcId"], test["comment"], named.name);
                if (result == "valid") != verdict.is_ok() {
                    disagreements.push(test["tcId"].clone());
                }
                sub_cases.check_verdict(&name, result == "valid", verdict);
                if verdict == Err(VerifyError::Unsupported) {
                    sub_cases.check(&name, Err("called unsupported"));
                }
                let same =
                    other_doors(&key, named, algorithm, curve, &message, &signature, verdict);
                sub_cases.check(format!("{name}, the other doors"), same);
            }
        }
    }
    let mut facts = Facts::new();
    facts.is("tests", results.values().sum::<u64>()).is("results", json!(results));
    facts.is("disagreements_with_checker", disagreements);
    Ok(sub_cases.outcome(facts))
}

/// A message in pieces, a stream and a digest get the verdict that the whole message got.
fn other_doors(
    key: &Key<'_>,
    named: &Named,
    algorithm: Algorithm,
    curve: Curve,
    message: &[u8],
    signature: &[u8],
    verdict: Result<(), VerifyError>,
) -> Result<(), String> {
    let (front, back) = message.split_at(message.len() / 2);
    let in_pieces = key.verify(algorithm, &[front, &[], back], signature);
    let mut feed = |sink: &mut dyn FnMut(&[u8])| {
        message.chunks(7).for_each(sink);
        Ok(())
    };
    let streamed = key.verify_stream(algorithm, &mut feed, signature);
    let prehashed = key.verify_prehash(algorithm, digest(algorithm, message)?.as_ref(), signature);
    // EdDSA has no such form: what takes a digest would be Ed25519ph.
    let unsupported = Err(VerifyError::Unsupported);
    let expected = if algorithm == Algorithm::EDDSA { unsupported } else { verdict };
    let stream = if named.streams.contains(&curve) { verdict } else { unsupported };
    let is_key = key.verify(algorithm, &[], &[]) != Err(VerifyError::Unsupported);
    if (in_pieces, streamed, prehashed, is_key) == (verdict, stream, expected, true) {
        Ok(())
    } else {
        Err(format!(
            "whole {verdict:?}, in pieces {in_pieces:?}, streamed {streamed:?}, prehashed {prehashed:?}"
        ))
    }
}

/// What a signature by `algorithm` is over, where that is a digest; for others any digest.
fn digest(algorithm: Algorithm, message: &[u8]) -> Result<impl AsRef<[u8]>, String> {
    let hash = match algorithm {
        Algorithm::ES384 => Algorithm::SHA384,
        Algorithm::ES512 => Algorithm::SHA512,
        _ => Algorithm::SHA256,
    };
    let hash = RustCrypto.hash_function(hash).ok_or("no such hash function")?;
    Ok(hash.hash(&[message]))
}

fn list<'a>(json: &'a Value, name: &str) -> Result<&'a Vec<Value>, Trouble> {
    json[name].as_array().ok_or_else(|| format!("no list {name}").into())
}

fn hex_of(json: &Value, name: &str) -> Result<Vec<u8>, Trouble> {
    Ok(hex::decode(json[name].as_str().ok_or_else(|| Trouble::from(format!("no {name}")))?)?)
}
