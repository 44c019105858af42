//! Tokens of others.

use cose_ext::{
    Context, Profile, Trust,
    key::{HeldSecret, Identity, Jwk, SecretStore, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use rats_eat::{Claims, Requirements, Token, UnboundIssuer, ear::Ear, jws::Jws};
use serde_json::Value;

use super::{Case, Trouble};

const PROFILE: &Profile = &Profile::LENIENT;

/// Keys come with the tokens: an issuer is the signer's word.
const REQUIREMENTS: Requirements<'static> =
    Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);

pub(crate) fn all(path: &str) -> Result<(), Trouble> {
    let cases: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let cases = cases.as_array().ok_or("no list of cases")?;
    let mut failures = Vec::new();
    for case in cases {
        let case = Case::from_json(case)?;
        match (one(&case), &case.wrong) {
            (Ok(()), None) | (Err(_), Some(_)) => {}
            (Ok(()), Some(why)) => {
                failures.push(format!("{}: accepted, although {why}", case.name))
            }
            (Err(trouble), None) => failures.push(format!("{}: {trouble}", case.name)),
        }
    }
    if !failures.is_empty() {
        return Err(failures.join("\n").into());
    }
    println!("{} tokens of others are as they should be", cases.len());
    Ok(())
}

fn one(case: &Case) -> Result<(), Trouble> {
    let (context, jwk) = (Context::new(&RustCrypto), Jwk::decode(case.key.as_bytes())?);
    let (mut keys, mut secrets) = (Vec::new(), Vec::new());
    match jwk.symmetric_key() {
        Ok(_) => {
            secrets.push(HeldSecret::new(jwk.secret_key(&RustCrypto)?, Identity::new([1; 32])));
        }
        Err(_) => keys.push(TrustedKey::new(jwk.public_key()?, &context)?),
    }
    let (keys, secrets) = (TrustStore::new(&keys), SecretStore::new(&secrets));
    let trust = Trust::keys(&keys).and_secrets(&secrets);
    match case.kind.as_str() {
        "cwt" | "sign1" | "ear-cwt" => {
            let bytes = hex::decode(&case.token)?;
            let claims = Token::decode(&bytes, PROFILE)?.verify(&trust, &REQUIREMENTS, &context)?;
            if hex::encode(claims.value().bytes()) != case.claims {
                return Err("other claims".into());
            }
            if case.kind == "ear-cwt" {
                let _ear = claims.try_map_within(PROFILE, Ear::of_claims)?;
            }
        }
        "jwt" => {
            let jws = Jws::decode(&case.token, PROFILE)?;
            let claims = jws.verify_eat(&trust, &REQUIREMENTS, &context)?;
            let json = Claims::decode(claims.value(), PROFILE)?.to_json()?.to_string();
            same(&json, &case.claims)?;
        }
        "ear-jwt" => {
            let jws = Jws::decode(&case.token, PROFILE)?;
            let claims = jws.verify_ear(&trust, &REQUIREMENTS, &context)?;
            let ear = Ear::decode(claims.value(), PROFILE)?;
            same(&ear.to_json()?.to_string(), &case.claims)?;
        }
        other => return Err(format!("no such kind: {other}").into()),
    }
    Ok(())
}

fn same(one: &str, other: &str) -> Result<(), Trouble> {
    let [one, other] = [one, other].map(serde_json::from_str::<Value>);
    let (one, other) = (one?, other?);
    if one == other { Ok(()) } else { Err(format!("{one} in place of {other}").into()) }
}
