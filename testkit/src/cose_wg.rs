//! COSE examples in the two JSON schemas that the published collections use: cose-wg/Examples and gluecose.
//!
//! Both come out as the same [`Example`]; whatever else a file says is in [`Example::json`].

mod gluecose;

use serde_json::Value;

use crate::Trouble;
use crate::jwk::Jwk;

/// One published message with what is needed to judge or to make it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What the file calls itself.
    pub title: String,
    /// The member of `input` that describes the message: `sign0`, `sign`, `mac0`, `mac`, `encrypted`, `enveloped`.
    pub layer: String,
    /// The file marks the message as one to be rejected.
    pub fail: bool,
    /// The payload or plaintext, where the file states it.
    pub payload: Option<Vec<u8>>,
    /// The payload travels apart from the message.
    pub detached: bool,
    /// The externally supplied data of the message; empty if the file has none.
    pub external: Vec<u8>,
    /// Who signs: one entry for `sign0`, none for other layers than `sign0` and `sign`.
    pub signers: Vec<Signer>,
    /// The keys of the recipients, in order; for `mac0` and `encrypted` the shared key.
    pub recipients: Vec<Jwk>,
    /// The expected MAC_structure or Enc_structure.
    pub to_be_authenticated: Option<Vec<u8>>,
    /// The encoded message.
    pub message: Vec<u8>,
    /// The whole file.
    pub json: Value,
}

/// One signature of a message.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The signer's key, often with its private part.
    pub key: Jwk,
    /// The algorithm's name as the file spells it.
    pub alg: Option<String>,
    /// The externally supplied data that this signature covers.
    pub external: Vec<u8>,
    /// The expected Sig_structure.
    pub to_be_signed: Option<Vec<u8>>,
}

impl Example {
    /// Reads the bytes of a file in either schema.
    pub fn from_slice(json: &[u8]) -> Result<Self, Trouble> {
        Self::from_json(&serde_json::from_slice(json)?)
    }

    /// Reads a file in either schema.
    pub fn from_json(json: &Value) -> Result<Self, Trouble> {
        if gluecose::is_one(json) { gluecose::read(json) } else { read(json) }
    }

    /// The only signer of a COSE_Sign1.
    pub fn signer(&self) -> Result<&Signer, Trouble> {
        match self.signers.as_slice() {
            [signer] => Ok(signer),
            signers => Err(format!("{}: {} signers, not one", self.title, signers.len()).into()),
        }
    }
}

/// Hex at a JSON pointer; `None` where there is nothing.
fn hex_at(json: &Value, pointer: &str) -> Result<Option<Vec<u8>>, Trouble> {
    match json.pointer(pointer) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            hex::decode(text).map(Some).map_err(|error| format!("{pointer}: {error}").into())
        }
        Some(other) => Err(format!("{pointer} is {other}, not hex").into()),
    }
}

fn text_at(json: &Value, pointer: &str) -> Option<String> {
    json.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

fn true_at(json: &Value, pointer: &str) -> bool {
    json.pointer(pointer) == Some(&Value::Bool(true))
}

/// Reads the schema of cose-wg/Examples.
fn read(json: &Value) -> Result<Example, Trouble> {
    const LAYERS: [&str; 6] = ["sign0", "sign", "mac0", "mac", "encrypted", "enveloped"];
    let input = json.get("input").ok_or("neither cose-wg nor gluecose: no `input`")?;
    let (layer, body) = LAYERS
        .iter()
        .find_map(|layer| Some((*layer, input.get(layer)?)))
        .ok_or("`input` has no message that is known here")?;
    let external = hex_at(body, "/external")?.unwrap_or_default();
    let signers = match layer {
        "sign0" => vec![signer(body, &external, json, "/intermediates/ToBeSign_hex")?],
        "sign" => list(body, "signers")
            .enumerate()
            .map(|(n, one)| {
                signer(one, &external, json, &format!("/intermediates/signers/{n}/ToBeSign_hex"))
            })
            .collect::<Result<_, _>>()?,
        _ => Vec::new(),
    };
    let recipients = list(body, "recipients").filter_map(|one| one.get("key")).map(Jwk::from_json);
    let to_be_authenticated = match hex_at(json, "/intermediates/ToMac_hex")? {
        None => hex_at(json, "/intermediates/AAD_hex")?,
        found => found,
    };
    let payload = match hex_at(input, "/plaintext_hex")? {
        None => text_at(input, "/plaintext").map(String::into_bytes),
        found => found,
    };
    Ok(Example {
        title: text_at(json, "/title").unwrap_or_default(),
        layer: layer.to_owned(),
        fail: true_at(json, "/fail"),
        payload,
        detached: true_at(input, "/detached") || true_at(body, "/detached"),
        external,
        signers,
        recipients: recipients.collect::<Result<_, _>>()?,
        to_be_authenticated,
        message: hex_at(json, "/output/cbor")?.ok_or("no `output.cbor`")?,
        json: json.clone(),
    })
}

fn list<'a>(body: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    body.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn signer(
    one: &Value,
    external: &[u8],
    json: &Value,
    to_be_signed: &str,
) -> Result<Signer, Trouble> {
    let alg = ["/alg", "/protected/alg", "/unprotected/alg"]
        .iter()
        .find_map(|pointer| text_at(one, pointer));
    Ok(Signer {
        key: Jwk::from_json(one.get("key").ok_or("a signer without `key`")?)?,
        alg,
        external: hex_at(one, "/external")?.unwrap_or_else(|| external.to_vec()),
        to_be_signed: hex_at(json, to_be_signed)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x_hex": "01"})
    }

    #[test]
    fn reads_a_sign1() {
        let example = Example::from_json(&json!({
            "title": "t", "fail": true,
            "input": {"plaintext": "hi", "sign0": {"key": key(), "alg": "EdDSA", "external": "AA"}},
            "intermediates": {"ToBeSign_hex": "84"}, "output": {"cbor": "D2"}
        }));
        let example = example.unwrap();
        let signer = example.signer().unwrap();
        assert!(example.fail && !example.detached);
        assert_eq!((example.layer.as_str(), example.message.as_slice()), ("sign0", &[0xd2][..]));
        assert_eq!(
            (example.payload.as_deref(), example.external.as_slice()),
            (Some(&b"hi"[..]), &[0xaa][..])
        );
        assert_eq!(
            (signer.alg.as_deref(), signer.external.as_slice()),
            (Some("EdDSA"), &[0xaa][..])
        );
        assert_eq!(signer.to_be_signed.as_deref(), Some(&[0x84][..]));
    }

    #[test]
    fn reads_signers_and_recipients_in_order() {
        let signer = json!({"key": key(), "protected": {"alg": "EdDSA"}});
        let example = Example::from_json(&json!({
            "input": {"plaintext_hex": "00", "sign": {"signers": [signer, signer]}},
            "intermediates": {"signers": [{"ToBeSign_hex": "01"}, {"ToBeSign_hex": "02"}]}, "output": {"cbor": "D8"}
        }));
        let example = example.unwrap();
        assert_eq!(example.signers[1].to_be_signed.as_deref(), Some(&[2][..]));
        assert!(example.signer().is_err());
        let mac = Example::from_json(&json!({
            "input": {"mac0": {"recipients": [{"key": {"kty": "oct", "k": "AQ"}}]}},
            "intermediates": {"ToMac_hex": "83"}, "output": {"cbor": "D1"}
        }));
        let mac = mac.unwrap();
        assert_eq!(mac.recipients[0].k().unwrap(), [1]);
        assert_eq!(mac.to_be_authenticated.as_deref(), Some(&[0x83][..]));
    }

    #[test]
    fn says_what_is_missing() {
        for broken in [json!({}), json!({"input": {}}), json!({"input": {"sign0": {"alg": "x"}}})] {
            assert!(Example::from_json(&broken).is_err(), "{broken}");
        }
        let bad_hex = json!({"input": {"mac0": {"external": "0"}}, "output": {"cbor": "D1"}});
        assert!(Example::from_json(&bad_hex).unwrap_err().message().starts_with("/external"));
    }
}
