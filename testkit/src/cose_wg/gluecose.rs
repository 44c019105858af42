//! The schema of the gluecose test vectors: one COSE_Sign1 to make or to verify.

use serde_json::Value;

use super::{Example, Signer, hex_at, text_at, true_at};
use crate::Trouble;
use crate::jwk::Jwk;

const SIGN: &str = "sign1::sign";
const VERIFY: &str = "sign1::verify";

/// Whether a file is of this schema.
pub(super) fn is_one(json: &Value) -> bool {
    json.get(SIGN).or(json.get(VERIFY)).is_some()
}

/// Reads either direction. The message of a case for signing is its expected output, of which only the first
/// `fixedOutputLength` bytes are the same for every signer.
pub(super) fn read(json: &Value) -> Result<Example, Trouble> {
    let (body, message) = match (json.get(SIGN), json.get(VERIFY)) {
        (Some(body), _) => (body, "/expectedOutput/cborHex"),
        (None, Some(body)) => (body, "/taggedCOSESign1/cborHex"),
        (None, None) => return Err(format!("neither `{SIGN}` nor `{VERIFY}`").into()),
    };
    let external = hex_at(body, "/external")?.unwrap_or_default();
    let signer = Signer {
        key: Jwk::from_json(json.get("key").ok_or("no `key`")?)?,
        alg: text_at(json, "/alg"),
        external: external.clone(),
        to_be_signed: hex_at(body, "/tbsHex/cborHex")?,
    };
    Ok(Example {
        title: text_at(json, "/title").unwrap_or_default(),
        layer: "sign0".to_owned(),
        fail: body.get("shouldVerify") == Some(&Value::Bool(false)),
        payload: hex_at(body, "/payload")?,
        detached: true_at(body, "/detached"),
        external,
        signers: vec![signer],
        recipients: Vec::new(),
        to_be_authenticated: None,
        message: hex_at(body, message)?.ok_or_else(|| Trouble::from(format!("no `{message}`")))?,
        json: json.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_both_directions() {
        let key = json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "Ag"});
        let sign = json!({"title": "s", "key": key, "alg": "ES256", "sign1::sign": {
            "payload": "00", "external": "11", "detached": true, "tbsHex": {"cborHex": "84"},
            "expectedOutput": {"cborHex": "d2"}}});
        let example = Example::from_json(&sign).unwrap();
        assert!(example.detached && !example.fail);
        assert_eq!(example.signer().unwrap().to_be_signed.as_deref(), Some(&[0x84][..]));
        assert_eq!(
            (example.external.as_slice(), example.message.as_slice()),
            (&[0x11][..], &[0xd2][..])
        );
        let verify = json!({"key": key, "sign1::verify": {"taggedCOSESign1": {"cborHex": "d2"}, "shouldVerify": false}});
        let example = Example::from_json(&verify).unwrap();
        assert!(example.fail && example.payload.is_none());
        assert!(Example::from_json(&json!({"key": key, "sign1::verify": {}})).is_err());
    }
}
