//! Test keys written as JSON Web Keys (RFC 7517), read into their raw parts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Trouble;

/// The members that hold bytes.
const PARTS: [&str; 12] = ["x", "y", "d", "n", "e", "k", "p", "q", "dp", "dq", "qi", "public"];

/// A key as its file states it; nothing is checked beyond the encoding of its parts.
///
/// A part is base64url without padding (`x`) or hex (`x_hex`), the second being a habit of cose-wg/Examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    /// The key type as written: `EC` (also `EC2`), `OKP`, `RSA`, `oct`, ...
    pub kty: String,
    /// The curve.
    pub crv: Option<String>,
    /// The key identifier; in COSE it is the bytes of this text.
    pub kid: Option<String>,
    /// The algorithm that the key is restricted to.
    pub alg: Option<String>,
    parts: BTreeMap<&'static str, Vec<u8>>,
}

impl Jwk {
    /// Reads the bytes of a file.
    pub fn from_slice(json: &[u8]) -> Result<Self, Trouble> {
        Self::from_json(&serde_json::from_slice(json)?)
    }

    /// Reads a key that is part of a larger JSON text.
    pub fn from_json(json: &Value) -> Result<Self, Trouble> {
        let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
        let mut parts = BTreeMap::new();
        for name in PARTS {
            if let Some(bytes) = part(json, name)? {
                parts.insert(name, bytes);
            }
        }
        let kty = text("kty").ok_or("a key without `kty`")?;
        Ok(Jwk { kty, crv: text("crv"), kid: text("kid"), alg: text("alg"), parts })
    }

    /// A part by its JWK name, if the key has it.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(Vec::as_slice)
    }

    fn needed(&self, name: &str) -> Result<&[u8], Trouble> {
        self.part(name).ok_or_else(|| format!("the {} key has no `{name}`", self.kty).into())
    }

    /// The public x coordinate, or the public key of an octet key pair.
    pub fn x(&self) -> Result<&[u8], Trouble> {
        self.needed("x")
    }

    /// The public y coordinate.
    pub fn y(&self) -> Result<&[u8], Trouble> {
        self.needed("y")
    }

    /// The private scalar, seed or exponent.
    pub fn d(&self) -> Result<&[u8], Trouble> {
        self.needed("d")
    }

    /// The RSA modulus.
    pub fn n(&self) -> Result<&[u8], Trouble> {
        self.needed("n")
    }

    /// The RSA public exponent.
    pub fn e(&self) -> Result<&[u8], Trouble> {
        self.needed("e")
    }

    /// The symmetric key.
    pub fn k(&self) -> Result<&[u8], Trouble> {
        self.needed("k")
    }

    /// The public point in SEC 1's uncompressed form: 4, x, y, each coordinate as long as the field.
    pub fn uncompressed_point(&self) -> Result<Vec<u8>, Trouble> {
        let length: usize = match self.crv.as_deref() {
            Some("P-256" | "secp256k1" | "brainpoolP256r1") => 32,
            Some("P-384" | "brainpoolP384r1") => 48,
            Some("P-521") => 66,
            other => return Err(format!("no uncompressed point for curve {other:?}").into()),
        };
        let mut point = vec![4];
        for coordinate in [self.x()?, self.y()?] {
            let missing = length.checked_sub(coordinate.len()).ok_or_else(|| {
                Trouble::from(format!("a coordinate of {} bytes", coordinate.len()))
            })?;
            point.resize(point.len() + missing, 0);
            point.extend_from_slice(coordinate);
        }
        Ok(point)
    }
}

/// The member `name` in base64url, or `name_hex` in hex. `public` is always hex (HSS-LMS keys of cose-wg/Examples).
fn part(json: &Value, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
    let hex_name = match name {
        "dp" => "dP_hex", // so spelled in cose-wg/Examples
        "dq" => "dQ_hex",
        _ => &format!("{name}_hex"),
    };
    let hex_text =
        json.get(hex_name).or_else(|| (name == "public").then(|| json.get(name)).flatten());
    match (hex_text, json.get(name)) {
        (Some(Value::String(text)), _) => hex::decode(text)
            .map(Some)
            .map_err(|error| format!("key part {hex_name}: {error}").into()),
        (None, Some(Value::String(text))) => match base64url(text) {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(format!("key part {name} is not base64url").into()),
        },
        (None, None) => Ok(None),
        _ => Err(format!("key part {name} is not a string").into()),
    }
}

/// RFC 4648 section 5 without padding. Left-over bits need not be zero: a published key of RFC 8152 has some.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0u32, 0, Vec::new());
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xfff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    (held < 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_base64url_and_hex_alike() {
        let a = Jwk::from_json(&json!({"kty": "OKP", "crv": "Ed25519", "kid": "11", "x": "AQL_"}))
            .unwrap();
        let b = Jwk::from_json(
            &json!({"kty": "OKP", "crv": "Ed25519", "kid": "11", "x_hex": "0102FF"}),
        )
        .unwrap();
        assert_eq!(a, b);
        assert_eq!(a.x().unwrap(), [1, 2, 255]);
        assert_eq!(a.d().unwrap_err().message(), "the OKP key has no `d`");
        assert!(a.part("y").is_none());
    }

    #[test]
    fn reads_rsa_parts_in_both_spellings() {
        let key = Jwk::from_json(
            &json!({"kty": "RSA", "n_hex": "C1", "e": "AQAB", "dP_hex": "01", "dQ_hex": "02"}),
        );
        let key = key.unwrap();
        assert_eq!((key.n().unwrap(), key.e().unwrap()), (&[0xc1][..], &[1, 0, 1][..]));
        assert_eq!((key.part("dp").unwrap(), key.part("dq").unwrap()), (&[1][..], &[2][..]));
    }

    #[test]
    fn pads_the_coordinates_of_a_point() {
        let key =
            Jwk::from_json(&json!({"kty": "EC", "crv": "P-256", "x_hex": "01", "y_hex": "02"}))
                .unwrap();
        let point = key.uncompressed_point().unwrap();
        assert_eq!((point.len(), point[0], point[32], point[64]), (65, 4, 1, 2));
        let long = Jwk::from_json(
            &json!({"kty": "EC", "crv": "P-256", "x_hex": "01".repeat(33), "y_hex": "02"}),
        );
        assert!(long.unwrap().uncompressed_point().is_err());
    }

    #[test]
    fn base64url_of_every_length() {
        for (text, bytes) in
            [("", &b""[..]), ("Zg", b"f"), ("Zm8", b"fo"), ("Zm9v", b"foo"), ("-_8", b"\xfb\xff")]
        {
            assert_eq!(base64url(text).as_deref(), Some(bytes), "{text}");
        }
        assert_eq!(base64url("Zh").as_deref(), Some(&b"f"[..]), "left-over bits");
        for broken in ["Z", "Zm9vZ", "Zg==", "Z+"] {
            assert_eq!(base64url(broken), None, "{broken}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_key() {
        for broken in
            [json!({"crv": "P-256"}), json!({"kty": "EC", "x": "?"}), json!({"kty": "EC", "x": 1})]
        {
            assert!(Jwk::from_json(&broken).is_err(), "{broken}");
        }
        assert!(Jwk::from_slice(b"-----BEGIN PUBLIC KEY-----").is_err());
    }
}
