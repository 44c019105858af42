use alloc::string::String;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::{Jwk, names};
use crate::{
    Error,
    crypto::{KeyMaterial, PublicKey, YCoordinate},
    error::Unsupported,
};

impl Jwk {
    /// Encodes a public key as a JWK: one line, members in alphabetical order, with the algorithm
    /// that the key states.
    ///
    /// # Errors
    /// `Unsupported` for what has no JWK form: compressed points, HSS/LMS keys, and curves and
    /// algorithms without a name there.
    pub fn encode(key: &PublicKey<'_>, key_id: Option<&str>) -> Result<String, Error> {
        let unsupported = Error::Unsupported(Unsupported::KeyFormat);
        let mut json = Members(String::new());
        if let Some(algorithm) = key.algorithm {
            let name = algorithm.name().filter(|name| names::algorithm(name).is_some());
            json.push("alg", name.ok_or(unsupported)?);
        }
        match key.material {
            KeyMaterial::Okp { curve, .. } | KeyMaterial::Ec2 { curve, .. } => {
                let name = curve.name().filter(|name| names::curve(name).is_some());
                json.push("crv", name.ok_or(unsupported)?);
            }
            KeyMaterial::Rsa { e, .. } => json.push_bytes("e", e),
            _ => {}
        }
        if let Some(key_id) = key_id {
            json.push_text("kid", key_id)?;
        }
        match key.material {
            KeyMaterial::Okp { x, .. } => {
                json.push("kty", "OKP");
                json.push_bytes("x", x);
            }
            KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => {
                json.push("kty", "EC");
                json.push_bytes("x", x);
                json.push_bytes("y", y);
            }
            KeyMaterial::Rsa { n, .. } => {
                json.push("kty", "RSA");
                json.push_bytes("n", n);
            }
            // RFC 9964: alg is a required member of this type.
            KeyMaterial::Akp { public } if key.algorithm.is_some() => {
                json.push("kty", "AKP");
                json.push_bytes("pub", public);
            }
            _ => return Err(unsupported),
        }
        Ok(json.finish())
    }
}

/// The members of an object, written one after the other.
struct Members(String);

impl Members {
    /// `value` needs no escapes.
    fn push(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        for part in ["\"", name, "\":\"", value, "\""] {
            self.0.push_str(part);
        }
    }

    fn push_bytes(&mut self, name: &str, value: &[u8]) {
        self.push(name, &Base64UrlUnpadded::encode_string(value));
    }

    /// Escapes what JSON wants escaped.
    fn push_text(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let quoted = serde_json::to_string(value);
        let quoted = quoted.map_err(|_| Error::Unsupported(Unsupported::KeyFormat))?;
        let text = quoted.strip_prefix('"').and_then(|quoted| quoted.strip_suffix('"'));
        self.push(name, text.unwrap_or_default());
        Ok(())
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
