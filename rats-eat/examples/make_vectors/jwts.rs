//! EATs as JWS.

use super::ATTESTER;
use super::Vectors;
use super::attester_key;
use super::b64;
use serde_json::Value;
use serde_json::json;

impl Vectors {
    pub(crate) fn jwts(&mut self) {
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
}
