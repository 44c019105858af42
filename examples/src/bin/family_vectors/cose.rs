//! Messages that hold: COSE_Sign1, COSE_Sign and COSE_Mac0, in the JSON form of the COSE working group.

use cose_ext::crypto::{Algorithm, SecretKey, Signer, SymmetricKey};
use cose_ext::header::ContentType;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::{SignBuilder, SignatureBuilder};
use cose_ext::{
    Content, Input, Label, Mac0, Profile, Sign, Sign1, mac0::Mac0Builder, sign1::Sign1Builder,
};
use serde_json::{Value, json};

use super::Trouble;
use super::area::{Area, Case};
use super::keys::{Key, mac_key, signing_keys};

pub(crate) const PAYLOAD: &[u8] = b"This is the family's content.";
const EXTERNAL: &[u8] = b"known to both";
pub(crate) const KID: &[u8] = b"family-1";

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    for key in signing_keys()? {
        sign1(area, &key)?;
    }
    several(area)?;
    macs(area)
}

/// What is made, the message, its payload and the external data.
type Made<'m> = (&'m str, Vec<u8>, &'m [u8], &'m [u8]);

fn sign1(area: &mut Area, key: &Key) -> Result<(), Trouble> {
    let long = [0x5a; 300];
    let signer = &*key.signer;
    let plain = || Sign1Builder::new().key_id(KID);
    let with_type = ContentType::MediaType("application/octet-stream");
    let made: [Made<'_>; 6] = [
        ("plain", plain().sign(Content::Embedded(PAYLOAD), signer)?, PAYLOAD, b""),
        (
            "external",
            plain().external_aad(EXTERNAL).sign(Content::Embedded(PAYLOAD), signer)?,
            PAYLOAD,
            EXTERNAL,
        ),
        ("detached", plain().sign(Content::Detached(PAYLOAD), signer)?, PAYLOAD, b""),
        ("empty", plain().sign(Content::Embedded(b""), signer)?, b"", b""),
        ("long", plain().sign(Content::Embedded(&long), signer)?, &long, b""),
        (
            "headers",
            plain()
                .content_type(with_type)
                .protected(Label::text("made by"), "the family")
                .unprotected(Label::int(-70_000), 1)
                .sign(Content::Embedded(PAYLOAD), signer)?,
            PAYLOAD,
            b"",
        ),
    ];
    for (name, message, payload, external) in made {
        let view = Sign1::decode(&message, &Profile::LENIENT)?;
        let is_detached = name == "detached";
        let input = if is_detached { Input::detached(payload) } else { Input::embedded() };
        let input = input.with_external_aad(external);
        let structure = view.to_be_signed(&input, &Profile::LENIENT)?.parts().concat();
        let name = format!("family-sign1-{}-{name}", key.name);
        let json = sign1_json(&name, key, &message, (payload, external), &structure, false);
        let mut json = json;
        if is_detached && let Some(input) = json.get_mut("input") {
            input["detached"] = Value::Bool(true);
        }
        let facts = json!({
            "alg": key.algorithm.value(), "tag": 18, "message_bytes": message.len(),
            "to_be_signed_hex": hex::encode(&structure),
        });
        add(area, &name, "cose-sign1", &json, true, "made and signed by cose-ext", facts);
    }
    Ok(())
}

pub(crate) fn sign1_json(
    title: &str,
    key: &Key,
    message: &[u8],
    (payload, external): (&[u8], &[u8]),
    structure: &[u8],
    is_broken: bool,
) -> Value {
    json!({
        "title": title,
        "fail": is_broken,
        "input": {
            "plaintext_hex": hex::encode(payload),
            "sign0": { "key": key.jwk, "external": hex::encode(external) },
        },
        "intermediates": { "ToBeSign_hex": hex::encode(structure) },
        "output": { "cbor": hex::encode(message) },
    })
}

/// Adds a case and its file, which has the name of the case.
pub(crate) fn add(
    area: &mut Area,
    name: &str,
    kind: &'static str,
    json: &Value,
    is_valid: bool,
    why: &str,
    facts: Value,
) {
    let file = format!("{name}.json");
    area.json(&file, json);
    let spec = "RFC 9052";
    area.case(&Case { name, kind, spec, file: &file, keys: &[], is_valid, why, facts });
}

/// COSE_Sign: one, two and three signers, which are all to hold.
fn several(area: &mut Area) -> Result<(), Trouble> {
    let keys = signing_keys()?;
    for count in 1..=3 {
        let chosen: Vec<&Key> = keys.iter().take(count).collect();
        let mut signing = SignBuilder::new().prepare(Content::Embedded(PAYLOAD))?;
        for key in &chosen {
            signing.sign(SignatureBuilder::new().key_id(KID), &*key.signer)?;
        }
        let message = signing.finish()?;
        sign_case(area, &format!("family-sign-{count}"), &chosen, &message, None)?;
        // The last signature, changed in its last bit.
        let mut broken = message.clone();
        if let Some(last) = broken.last_mut() {
            *last ^= 1;
        }
        let why = "the last bit of the last signature was changed";
        sign_case(area, &format!("family-sign-{count}-changed"), &chosen, &broken, Some(why))?;
    }
    Ok(())
}

fn sign_case(
    area: &mut Area,
    name: &str,
    keys: &[&Key],
    message: &[u8],
    broken: Option<&str>,
) -> Result<(), Trouble> {
    Sign::decode(message, &Profile::LENIENT)?;
    let signers: Vec<Value> = keys.iter().map(|key| json!({ "key": key.jwk })).collect();
    let json = json!({
        "title": name,
        "fail": broken.is_some(),
        "input": { "plaintext_hex": hex::encode(PAYLOAD), "sign": { "signers": signers } },
        "output": { "cbor": hex::encode(message) },
    });
    let algorithms: Vec<i64> = keys.iter().map(|key| key.algorithm.value()).collect();
    let facts = json!({ "alg": algorithms, "tag": 98, "message_bytes": message.len() });
    let why = broken.unwrap_or("every signature holds");
    add(area, name, "cose-sign", &json, broken.is_none(), why, facts);
    Ok(())
}

/// COSE_Mac0 by each HMAC, and the tag and the payload changed.
fn macs(area: &mut Area) -> Result<(), Trouble> {
    let algorithms = [
        ("hmac-256-64", Algorithm::HMAC_256_64, 32),
        ("hmac-256", Algorithm::HMAC_256, 32),
        ("hmac-384", Algorithm::HMAC_384, 48),
        ("hmac-512", Algorithm::HMAC_512, 64),
    ];
    for (name, algorithm, len) in algorithms {
        let key = mac_key(len);
        let secret =
            SecretKey::symmetric(SymmetricKey { k: &key, algorithm: Some(algorithm) }, &RustCrypto);
        let message = Mac0Builder::new().key_id(KID).external_aad(EXTERNAL).authenticate(
            algorithm,
            Content::Embedded(PAYLOAD),
            &secret,
        )?;
        Mac0::decode(&message, &Profile::LENIENT)?;
        let changed_tag = changed_at(&message, message.len().saturating_sub(1));
        let place = message.windows(PAYLOAD.len()).position(|window| window == PAYLOAD);
        let changed_payload = changed_at(&message, place.ok_or("no payload")?);
        let made = [
            ("", &message, "made by cose-ext", true),
            ("-changed-tag", &changed_tag, "the last bit of the tag was changed", false),
            ("-changed-payload", &changed_payload, "a bit of the payload was changed", false),
        ];
        for (what, message, why, is_valid) in made {
            let name = format!("family-mac0-{name}{what}");
            let json = json!({
                "title": name,
                "fail": !is_valid,
                "input": {
                    "plaintext_hex": hex::encode(PAYLOAD),
                    "mac0": {
                        "external": hex::encode(EXTERNAL),
                        "recipients": [{ "key": super::keys::symmetric_jwk(&key) }],
                    },
                },
                "output": { "cbor": hex::encode(message) },
            });
            let facts =
                json!({ "alg": algorithm.value(), "tag": 17, "message_bytes": message.len() });
            add(area, &name, "cose-mac0", &json, is_valid, why, facts);
        }
    }
    Ok(())
}

/// The message with the lowest bit of byte `place` changed.
pub(crate) fn changed_at(message: &[u8], place: usize) -> Vec<u8> {
    let mut changed = message.to_vec();
    if let Some(byte) = changed.get_mut(place) {
        *byte ^= 1;
    }
    changed
}

/// Signs a Sig_structure that no builder would make.
pub(crate) fn signature(signer: &dyn Signer, parts: &[&[u8]]) -> Result<Vec<u8>, Trouble> {
    let mut signature = vec![0; signer.signature_len()];
    let len = signer.sign(parts, &mut signature).map_err(|error| format!("{error:?}"))?;
    signature.truncate(len);
    Ok(signature)
}
