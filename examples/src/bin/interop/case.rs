//! One message with what a reader needs, as JSON; bytes are hex.

use serde_json::{Value, json};

use super::Trouble;

/// A message and what should come out of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    /// Which library made it, where several do, and what it is.
    pub(crate) name: String,
    /// `sign1`, `sign`, `mac0`, `mac`, `encrypt0`, `encrypt`, `unauthenticated0` or `cwt`.
    pub(crate) kind: String,
    /// Of the content: signature, MAC or cipher.
    pub(crate) algorithm: i64,
    /// How recipients get at the key; 0 where there are none.
    pub(crate) recipient: i64,
    pub(crate) message: Vec<u8>,
    /// Payload or plaintext.
    pub(crate) content: Vec<u8>,
    /// What travels apart: the payload, or the ciphertext.
    pub(crate) detached: Option<Vec<u8>>,
    pub(crate) external: Vec<u8>,
    /// COSE_Keys of the reader: of each signature, or of the recipient.
    pub(crate) keys: Vec<Vec<u8>>,
    /// Why the message is wrong, if its maker makes it wrong: nobody should open it.
    pub(crate) wrong: Option<String>,
}

impl Case {
    /// A message without anything special.
    pub(crate) fn new(kind: &str, name: String, algorithm: i64, message: Vec<u8>) -> Self {
        let content = super::make::CONTENT.to_vec();
        Self { name, kind: kind.into(), algorithm, message, content, ..Self::default() }
    }

    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "kind": self.kind,
            "algorithm": self.algorithm,
            "recipient": self.recipient,
            "message": hex::encode(&self.message),
            "content": hex::encode(&self.content),
            "detached": self.detached.as_ref().map(hex::encode),
            "external": hex::encode(&self.external),
            "keys": self.keys.iter().map(hex::encode).collect::<Vec<_>>(),
            "wrong": self.wrong,
        })
    }

    fn from_json(json: &Value) -> Result<Self, Trouble> {
        let text = |key: &str| {
            json[key].as_str().ok_or_else(|| Trouble::from(format!("{json}: no `{key}`")))
        };
        let bytes = |key: &str| text(key).and_then(|text| Ok(hex::decode(text)?));
        let number = |key: &str| {
            json[key].as_i64().ok_or_else(|| Trouble::from(format!("{json}: no `{key}`")))
        };
        let keys = json["keys"].as_array().ok_or("no `keys`")?;
        let keys = keys.iter().map(|key| Ok(hex::decode(key.as_str().ok_or("a key is no text")?)?));
        Ok(Self {
            name: text("name")?.into(),
            kind: text("kind")?.into(),
            algorithm: number("algorithm")?,
            recipient: number("recipient")?,
            message: bytes("message")?,
            content: bytes("content")?,
            detached: if json["detached"].is_null() { None } else { Some(bytes("detached")?) },
            external: bytes("external")?,
            keys: keys.collect::<Result<_, Trouble>>()?,
            wrong: json["wrong"].as_str().map(str::to_owned),
        })
    }
}

pub(crate) fn write(path: &str, cases: &[Case]) -> Result<(), Trouble> {
    let cases: Vec<Value> = cases.iter().map(Case::to_json).collect();
    Ok(std::fs::write(path, serde_json::to_vec_pretty(&cases)?)?)
}

pub(crate) fn read(path: &str) -> Result<Vec<Case>, Trouble> {
    let json: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    json.as_array().ok_or("not a list")?.iter().map(Case::from_json).collect()
}
