//! Keys that everybody may know, and their thumbprints.

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::crypto::{Algorithm, KeyMaterial, PublicKey, Signer, YCoordinate};
use cose_ext::key::{
    CoseKeyEncoder, OwnedPublicKey, Thumbprint, ThumbprintUri, with_thumbprint_input,
};
use cose_ext::rustcrypto::{
    Ed25519SigningKey, P256SigningKey, P384SigningKey, P521SigningKey, Sha256,
};
use serde_json::{Value, json};

use super::Trouble;
use super::area::{Area, Case};

/// A signer with its public key.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) algorithm: Algorithm,
    pub(crate) signer: Box<dyn Signer>,
    pub(crate) public: OwnedPublicKey,
    pub(crate) jwk: Value,
}

pub(crate) fn signing_keys() -> Result<Vec<Key>, Trouble> {
    let p521 = [&[0][..], &[7; 65]].concat();
    let es256 = P256SigningKey::from_bytes(&[7; 32])?;
    let es384 = P384SigningKey::from_bytes(&[7; 48])?;
    let es512 = P521SigningKey::from_bytes(&p521)?;
    let eddsa = Ed25519SigningKey::from_bytes(&[7; 32])?;
    Ok(vec![
        key("es256", &es256.public_key().as_public_key(), Box::new(es256)),
        key("es384", &es384.public_key().as_public_key(), Box::new(es384)),
        key("es512", &es512.public_key().as_public_key(), Box::new(es512)),
        key("eddsa", &eddsa.public_key().as_public_key(), Box::new(eddsa)),
    ])
}

/// A signer of each kind whose key is another one.
pub(crate) fn strangers() -> Result<Vec<Box<dyn Signer>>, Trouble> {
    let p521 = [&[0][..], &[8; 65]].concat();
    Ok(vec![
        Box::new(P256SigningKey::from_bytes(&[8; 32])?),
        Box::new(P384SigningKey::from_bytes(&[8; 48])?),
        Box::new(P521SigningKey::from_bytes(&p521)?),
        Box::new(Ed25519SigningKey::from_bytes(&[8; 32])?),
    ])
}

fn key(name: &'static str, public: &PublicKey<'_>, signer: Box<dyn Signer>) -> Key {
    let algorithm = signer.algorithm();
    Key { name, algorithm, signer, public: OwnedPublicKey::from(public), jwk: jwk(public) }
}

/// The key as a JSON Web Key.
pub(crate) fn jwk(key: &PublicKey<'_>) -> Value {
    let encode = Base64UrlUnpadded::encode_string;
    match key.material {
        KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } => {
            json!({ "kty": "EC", "crv": curve.to_string(), "x": encode(x), "y": encode(y) })
        }
        KeyMaterial::Okp { curve, x } => {
            json!({ "kty": "OKP", "crv": curve.to_string(), "x": encode(x) })
        }
        _ => Value::Null,
    }
}

pub(crate) fn mac_key(len: usize) -> Vec<u8> {
    (1..).take(len).collect()
}

pub(crate) fn symmetric_jwk(key: &[u8]) -> Value {
    json!({ "kty": "oct", "k": Base64UrlUnpadded::encode_string(key) })
}

/// Thumbprints of the keys (RFC 9679): as they are, and with parameters that do not count.
pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    for key in signing_keys()? {
        let public = key.public.as_public_key();
        let plain = CoseKeyEncoder::new(public)?.to_vec();
        let map = cose_ext::MapBuilder::new()
            .with_key(&cose_ext::Value::from(2), cose_ext::Value::Bytes(b"a kid"))
            .to_bytes();
        // One entry more, behind the first: {1: kty, 2: kid, ..}.
        let [head, kty_label, kty, rest @ ..] = &plain[..] else { return Err("no key".into()) };
        let with_kid = [&[head.saturating_add(1), *kty_label, *kty], &map[1..], rest].concat();
        for (what, bytes) in [("", plain.clone()), ("-with-kid", with_kid)] {
            let name = format!("family-thumbprint-{}{what}", key.name);
            let file = format!("{name}.cose-key.cbor");
            let thumbprint = Thumbprint::new(&public, &Sha256)?;
            let mut input = Vec::new();
            with_thumbprint_input(&public, &mut |parts| input = parts.concat())?;
            let facts = json!({
                "thumbprint_input_hex": hex::encode(&input),
                "thumbprint_sha256": hex::encode(thumbprint.as_bytes()),
                "uri": ThumbprintUri(thumbprint).to_string(),
            });
            area.file(&file, bytes);
            let why = "kty, crv, x and y alone are hashed";
            let kind = "cose-key-thumbprint";
            let (spec, keys) = ("RFC 9679 3", &[][..]);
            area.case(&Case {
                name: &name,
                kind,
                spec,
                file: &file,
                keys,
                is_valid: true,
                why,
                facts,
            });
        }
    }
    Ok(())
}
