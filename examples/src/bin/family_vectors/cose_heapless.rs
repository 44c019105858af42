//! Messages that are written in a buffer of the caller, without heap: COSE_Sign1 and COSE_Mac0. Each is compared with what the
//! builders make of the same content.

use cose_ext::crypto::{Algorithm, SecretKey, SymmetricKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{
    Content, Input, Label, Profile, Sign1, mac0, mac0::Mac0Builder, sign1, sign1::Sign1Builder,
};
use serde_json::{Value, json};

use super::Trouble;
use super::area::Area;
use super::cose::{KID, add, changed_at, sign1_json};
use super::keys::{Key, mac_key, signing_keys, symmetric_jwk};

/// What the payload is: claims as a device writes them, item by item.
const PAYLOAD: &[u8] = &[
    0xa3, 0x01, 0x66, b'd', b'e', b'v', b'i', b'c', b'e', 0x06, 0x1a, 0x6a, 0xb1, 0x3b, 0x80, 0x0a,
    0x48, 1, 2, 3, 4, 5, 6, 7, 8,
];
const EXTERNAL: &[u8] = b"known to the device";
/// Of every message, signature included.
const BUFFER: usize = 512;

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    for key in signing_keys()? {
        for form in FORMS {
            signed(area, &key, form)?;
        }
    }
    macs(area)
}

/// The forms in which each key signs.
const FORMS: [&str; 4] = ["plain", "untagged", "detached", "headers"];

/// The message of a form, by the writer; `buffer` is all the memory there is.
fn written<'o>(form: &str, key: &Key, buffer: &'o mut [u8]) -> Result<&'o [u8], Trouble> {
    let entries = if form == "headers" { 2 } else { 1 };
    let header = sign1::Draft::write(buffer, key.algorithm, entries, move |header| {
        if entries == 2 {
            header.int(3).int(60);
        }
        header.int(4).bytes(KID);
    });
    let header = header.room_for(key.signer.signature_len());
    let draft = match form {
        "detached" => header.detached(PAYLOAD)?,
        "headers" => {
            header.unprotected(1, |header| _ = header.int(-70_000).bool(true)).payload(payload)?
        }
        _ => header.payload(payload)?,
    };
    let draft = match form {
        "untagged" => draft.untagged(),
        "headers" => draft.external_aad(EXTERNAL),
        _ => draft,
    };
    draft.check()?;
    Ok(draft.sign(&*key.signer)?)
}

fn payload(writer: &mut cose_ext::cbor::Writer<'_>) {
    writer.map(3).int(1).text("device").int(6).int(1_790_000_000);
    writer.int(10).bytes(&[1, 2, 3, 4, 5, 6, 7, 8]);
}

/// The message of a form, by the builder.
fn built(form: &str, key: &Key) -> Result<Vec<u8>, Trouble> {
    let builder = Sign1Builder::new().key_id(KID);
    let signer = &*key.signer;
    Ok(match form {
        "untagged" => builder.untagged().sign(Content::Embedded(PAYLOAD), signer)?,
        "detached" => builder.sign(Content::Detached(PAYLOAD), signer)?,
        "headers" => builder
            .protected(Label::CONTENT_TYPE, 60)
            .unprotected(Label::int(-70_000), cose_ext::Value::Bool(true))
            .external_aad(EXTERNAL)
            .sign(Content::Embedded(PAYLOAD), signer)?,
        _ => builder.sign(Content::Embedded(PAYLOAD), signer)?,
    })
}

fn signed(area: &mut Area, key: &Key, form: &str) -> Result<(), Trouble> {
    let mut buffer = [0; BUFFER];
    let message = written(form, key, &mut buffer)?;
    if message != built(form, key)? {
        return Err(format!("{} {form}: writer and builder make different bytes", key.name).into());
    }
    let external = if form == "headers" { EXTERNAL } else { b"" };
    let is_detached = form == "detached";
    let input = if is_detached { Input::detached(PAYLOAD) } else { Input::embedded() };
    let input = input.with_external_aad(external);
    let view = Sign1::decode(message, &Profile::DETERMINISTIC)?;
    let structure = view.to_be_signed(&input, &Profile::DETERMINISTIC)?.parts().concat();
    let tag = if form == "untagged" { Value::Null } else { json!(18) };
    let broken = changed_at(message, message.len().saturating_sub(1));
    for (what, message, why, is_valid) in [
        ("", message, "written and signed in place, without heap", true),
        ("-changed", &broken, "the last bit of the signature was changed", false),
    ] {
        let name = format!("family-heapless-sign1-{}-{form}{what}", key.name);
        let mut json = sign1_json(&name, key, message, (PAYLOAD, external), &structure, !is_valid);
        if is_detached && let Some(input) = json.get_mut("input") {
            input["detached"] = Value::Bool(true);
        }
        let facts = json!({
            "alg": key.algorithm.value(), "tag": tag, "message_bytes": message.len(),
            "to_be_signed_hex": hex::encode(&structure),
        });
        add(area, &name, "cose-sign1", &json, is_valid, why, facts);
    }
    Ok(())
}

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
        let mut buffer = [0; BUFFER];
        let draft = mac0::Draft::write(&mut buffer, algorithm, 1, |header| {
            header.int(4).bytes(KID);
        });
        let draft = draft.payload(payload)?.external_aad(EXTERNAL);
        draft.check()?;
        let message = draft.authenticate(&secret)?;
        let builder = Mac0Builder::new().key_id(KID).external_aad(EXTERNAL);
        if message != builder.authenticate(algorithm, Content::Embedded(PAYLOAD), &secret)? {
            return Err(format!("{name}: writer and builder make different bytes").into());
        }
        let broken = changed_at(message, message.len().saturating_sub(1));
        for (what, message, why, is_valid) in [
            ("", message, "written and authenticated in place, without heap", true),
            ("-changed", &broken, "the last bit of the tag was changed", false),
        ] {
            let name = format!("family-heapless-mac0-{name}{what}");
            let json = json!({
                "title": name,
                "fail": !is_valid,
                "input": {
                    "plaintext_hex": hex::encode(PAYLOAD),
                    "mac0": {
                        "external": hex::encode(EXTERNAL),
                        "recipients": [{ "key": symmetric_jwk(&key) }],
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Each key, each form: the bytes of the writer are those of the builder.
    #[test]
    fn writer_and_builder_make_equal_bytes() {
        let mut pairs = 0;
        for key in signing_keys().unwrap() {
            for form in FORMS {
                let mut buffer = [0; BUFFER];
                let written = written(form, &key, &mut buffer).unwrap();
                assert_eq!(hex::encode(written), hex::encode(built(form, &key).unwrap()), "{form}");
                pairs += 1;
            }
        }
        assert_eq!(pairs, 16);
        // Those of the tags are compared as they are made.
        macs(&mut Area::new("cose")).unwrap();
    }
}
