//! COSE_Sign1 by RSA: PS256, PS384, PS512 with salts that are derived, and RS256.

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::crypto::{Algorithm, PrivateKey, PrivateKeyMaterial, Signer};
use cose_ext::rustcrypto::RsaSigningKey;
use cose_ext::{Content, Input, Profile, Sign1, sign1::Sign1Builder};
use serde_json::{Value, json};

use super::Trouble;
use super::area::Area;
use super::cose::{KID, PAYLOAD, add, changed_at};

/// The numbers of a key of 2048 bits that protects nothing, one after the other in the order of RFC 8230 4.
const KEY: &[u8] = include_bytes!("../../../../testkit/src/rsa-2048.private");
/// The lengths of these numbers.
const LENGTHS: [usize; 8] = [256, 3, 256, 128, 128, 128, 128, 128];

const ALGORITHMS: [(&str, Algorithm); 4] = [
    ("ps256", Algorithm::PS256),
    ("ps384", Algorithm::PS384),
    ("ps512", Algorithm::PS512),
    ("rs256", Algorithm::RS256),
];

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let [n, e, d, p, q, dp, dq, qi] = numbers()?;
    let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
    let encode = Base64UrlUnpadded::encode_string;
    let jwk = json!({ "kty": "RSA", "n": encode(n), "e": encode(e) });
    for (name, algorithm) in ALGORITHMS {
        let key = PrivateKey { material, public: None, algorithm: Some(algorithm) };
        let signer = RsaSigningKey::from_private_key(&key)?;
        sign1(area, name, &signer, &jwk)?;
    }
    Ok(())
}

fn numbers() -> Result<[&'static [u8]; 8], Trouble> {
    let (mut rest, mut numbers) = (KEY, [&[][..]; 8]);
    for (number, len) in numbers.iter_mut().zip(LENGTHS) {
        (*number, rest) = rest.split_at_checked(len).ok_or("the key is cut")?;
    }
    Ok(numbers)
}

fn sign1(area: &mut Area, name: &str, signer: &dyn Signer, jwk: &Value) -> Result<(), Trouble> {
    let plain = || Sign1Builder::new().key_id(KID);
    let embedded = plain().sign(Content::Embedded(PAYLOAD), signer)?;
    let detached = plain().sign(Content::Detached(PAYLOAD), signer)?;
    let changed_signature = changed_at(&embedded, embedded.len().saturating_sub(1));
    let place = embedded.windows(PAYLOAD.len()).position(|window| window == PAYLOAD);
    let changed_payload = changed_at(&embedded, place.ok_or("no payload")?);
    let good = "made and signed by cose-ext";
    for (what, message, why, is_valid) in [
        ("plain", &embedded, good, true),
        ("detached", &detached, good, true),
        (
            "changed-signature",
            &changed_signature,
            "the last bit of the signature was changed",
            false,
        ),
        ("changed-payload", &changed_payload, "a bit of the payload was changed", false),
    ] {
        let is_detached = what == "detached";
        let view = Sign1::decode(message, &Profile::LENIENT)?;
        let input = if is_detached { Input::detached(PAYLOAD) } else { Input::embedded() };
        let structure = view.to_be_signed(&input, &Profile::LENIENT)?.parts().concat();
        let name = format!("family-sign1-{name}-{what}");
        let mut json = json!({
            "title": name,
            "fail": !is_valid,
            "input": {
                "plaintext_hex": hex::encode(PAYLOAD),
                "sign0": { "key": jwk, "external": "" },
            },
            "intermediates": { "ToBeSign_hex": hex::encode(&structure) },
            "output": { "cbor": hex::encode(message) },
        });
        if is_detached && let Some(input) = json.get_mut("input") {
            input["detached"] = Value::Bool(true);
        }
        let facts = json!({
            "alg": signer.algorithm().value(), "tag": 18, "message_bytes": message.len(),
            "to_be_signed_hex": hex::encode(&structure),
        });
        add(area, &name, "cose-sign1", &json, is_valid, why, facts);
    }
    Ok(())
}
