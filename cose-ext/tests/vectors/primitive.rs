//! Kind `signature-primitive`: wycheproof, each test with its own verdict, through the seam's three doors and every
//! provider.

use std::collections::BTreeMap;

use cose_ext::crypto::{
    Algorithm, Curve, HashFunction, Key, KeyMaterial, Provider, PublicKey, SignatureVerifier,
    VerifyError, YCoordinate,
};
use cose_ext::rustcrypto::{RustCrypto, Sha256};
use serde_json::{Value, json};
use testkit::vectors::{Case, Facts, Outcome, SubCases, Trouble};

use crate::build::lacks;

/// A provider, and for which algorithms it has a streaming form.
struct Named {
    name: &'static str,
    provider: &'static dyn Provider,
    streams: &'static [Algorithm],
}

/// Every provider of this build gives every verdict.
const PROVIDERS: &[Named] = &[
    Named {
        name: "rustcrypto",
        provider: &RustCrypto,
        streams: &[Algorithm::ES256, Algorithm::EDDSA],
    },
    #[cfg(feature = "aws-lc")]
    Named { name: "aws-lc", provider: &cose_ext::aws_lc::AwsLc, streams: &[Algorithm::ES256] },
];

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let file = case.json()?;
    let mut sub_cases = SubCases::new();
    let mut results = BTreeMap::<String, u64>::new();
    let mut disagreements = Vec::new();
    for group in list(&file, "testGroups")? {
        let key = hex_of(&group["publicKey"], "uncompressed")
            .or_else(|_| hex_of(&group["publicKey"], "pk"))?;
        let (algorithm, key) = match group["publicKey"]["curve"].as_str() {
            Some("secp256r1") => {
                let (x, y) = key[1..].split_at(32);
                let y = YCoordinate::Value(y);
                (Algorithm::ES256, KeyMaterial::Ec2 { curve: Curve::P256, x, y })
            }
            Some("edwards25519") => {
                (Algorithm::EDDSA, KeyMaterial::Okp { curve: Curve::ED25519, x: &key })
            }
            other => return Err(format!("curve {other:?}").into()),
        };
        let key = PublicKey { material: key, algorithm: None };
        if let Some(why) = lacks(algorithm, &key.profile()) {
            return Ok(Outcome::NotRun(why));
        }
        for test in list(group, "tests")? {
            let result = test["result"].as_str().ok_or("no result")?;
            *results.entry(result.to_owned()).or_default() += 1;
            let (message, signature) = (hex_of(test, "msg")?, hex_of(test, "sig")?);
            for named in PROVIDERS {
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
                let same = other_doors(&key, named, algorithm, &message, &signature, verdict);
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
    let prehashed = key.verify_prehash(algorithm, Sha256.hash(&[message]).as_ref(), signature);
    // Ed25519 has no such form: what takes a digest would be Ed25519ph.
    let unsupported = Err(VerifyError::Unsupported);
    let expected = if algorithm == Algorithm::EDDSA { unsupported } else { verdict };
    let stream = if named.streams.contains(&algorithm) { verdict } else { unsupported };
    let is_key = key.verify(algorithm, &[], &[]) != Err(VerifyError::Unsupported);
    if (in_pieces, streamed, prehashed, is_key) == (verdict, stream, expected, true) {
        Ok(())
    } else {
        Err(format!(
            "whole {verdict:?}, in pieces {in_pieces:?}, streamed {streamed:?}, prehashed {prehashed:?}"
        ))
    }
}

fn list<'a>(json: &'a Value, name: &str) -> Result<&'a Vec<Value>, Trouble> {
    json[name].as_array().ok_or_else(|| format!("no list {name}").into())
}

fn hex_of(json: &Value, name: &str) -> Result<Vec<u8>, Trouble> {
    Ok(hex::decode(json[name].as_str().ok_or_else(|| Trouble::from(format!("no {name}")))?)?)
}
