//! Kind `cose-sign`: one message, every signature of it.

use crate::named::Named;
use cose_ext::crypto::{AlgorithmPolicy, KeyProfile};
use cose_ext::key::{TrustStore, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::SignPolicy;
use cose_ext::{Context, Input, Label, Processed, Profile, Sign};
use serde_json::{Value, json};
use sha2::Digest;
use testkit::cose_wg::Example;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::build::lacks;
use crate::key::VectorKey;
use crate::sign1::{bindings_of, refused};

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let mut facts = Facts::new();
    facts.is("message_bytes", example.message.len());
    facts.is_hex("message_sha256", sha2::Sha256::digest(&example.message));
    let message = match Sign::decode(&example.message, &Profile::LENIENT) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if message.is_tagged() {
        facts.is("tag", Sign::TAG);
    }
    // The message of RFC 8152 C.1.4 has a label that the caller is to process.
    let critical = example.json.pointer("/input/sign/protected/crit").and_then(Value::as_array);
    let critical: Vec<Label<'_>> = critical
        .into_iter()
        .flatten()
        .filter_map(|name| Some(Label::text(name.as_str()?)))
        .collect();
    let input = match &example.payload {
        Some(payload) if example.detached => Input::detached(payload),
        _ => Input::embedded(),
    };
    let input = input.with_processed(Processed::new(&critical));
    let mut algorithms = Vec::new();
    let mut structures = Vec::new();
    for (signature, signer) in message.signatures().iter().zip(&example.signers) {
        let input = input.with_external_aad(&signer.external);
        let structure =
            message.to_be_signed(&signature, &input, &Profile::LENIENT)?.parts().concat();
        if !example.fail && signer.to_be_signed.as_ref().is_some_and(|stated| *stated != structure)
        {
            return Ok(Outcome::Failed(format!("Sig_structure {}", hex::encode(&structure))));
        }
        structures.push(hex::encode(sha2::Sha256::digest(&structure)));
        match signature.headers().algorithm() {
            Ok(algorithm) => algorithms.push(algorithm),
            Err(error) => return Ok(refused(&error, facts)),
        }
    }
    facts.is("alg", json!(algorithms.iter().map(|alg| alg.value()).collect::<Vec<_>>()));
    facts.is("to_be_authenticated_sha256", json!(structures));

    let keys = example.signers.iter().map(|signer| VectorKey::from_jwk(&signer.key));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let mut trusted = Vec::new();
    let mut bindings = Vec::new();
    for (key, signer) in keys.iter().zip(&example.signers) {
        let public = key.public_key();
        bindings.extend(bindings_of(signer.alg.as_deref(), &public));
        let mut one = TrustedKey::new(public, &Context::new(&RustCrypto))?;
        if let Some(key_id) = &key.key_id {
            one = one.with_key_id(key_id);
        }
        trusted.push(one);
    }
    let context =
        Context::new(&RustCrypto).with_algorithms(AlgorithmPolicy::STANDARD.and(&bindings));
    let aad = example.signers.first().map(|signer| signer.external.clone()).unwrap_or_default();
    let input = input.with_external_aad(&aad);
    let store = Named(TrustStore::new(&trusted));
    let verdict = message.verify(&input, &SignPolicy::All, &store, &context);
    let profiles: Vec<KeyProfile> = keys.iter().map(|key| key.public_key().profile()).collect();
    let missing = algorithms.iter().zip(&profiles).find_map(|(alg, key)| lacks(*alg, key));
    if let Some(why) = missing {
        return Ok(match verdict {
            Ok(_) => Outcome::Failed(format!("{why}, and it was accepted")),
            Err(_) => Outcome::NotRun(why),
        });
    }
    match verdict {
        Ok(verified) => {
            if verified.by().signatures() != example.signers.len() {
                return Ok(Outcome::Failed(format!("verified by {:?}", verified.by())));
            }
            let payload = Some(verified.value().payload());
            if payload != message.danger_unverified_payload().or(example.payload.as_deref()) {
                return Ok(Outcome::Failed("verified, with another payload".into()));
            }
            // What holds under all holds under as many different keys.
            let policy = SignPolicy::AtLeast(verified.by().iter().count());
            let _ = message.verify(&input, &policy, &store, &context)?;
            Ok(Outcome::Accepted(facts))
        }
        Err(error) => Ok(refused(&error, facts)),
    }
}
