//! A statement and a receipt with what a relying party has, as JSON; bytes are hex.

use std::fs;

use serde_json::{Value, json};

use super::Trouble;

/// What makes a case good or broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The issuer signed the statement.
    pub(crate) statement: bool,
    /// The receipt is one of this statement, by this log.
    pub(crate) receipt: bool,
    /// Headers are as RFC 9943 wants them.
    pub(crate) rfc9943: bool,
}

/// A statement with a receipt.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) statement: Vec<u8>,
    pub(crate) receipt: Vec<u8>,
    /// What the log calls its entry: the SHA-256 of the statement's bytes.
    pub(crate) entry: Vec<u8>,
    /// COSE_Keys.
    pub(crate) issuer_key: Vec<u8>,
    pub(crate) log_key: Vec<u8>,
    pub(crate) issuer: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) expected: Expected,
}

impl Case {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "statement": hex::encode(&self.statement),
            "receipt": hex::encode(&self.receipt),
            "entry": hex::encode(&self.entry),
            "issuer_key": hex::encode(&self.issuer_key),
            "log_key": hex::encode(&self.log_key),
            "issuer": self.issuer,
            "payload": hex::encode(&self.payload),
            "is_signed": self.expected.statement,
            "is_logged": self.expected.receipt,
            "is_rfc9943": self.expected.rfc9943,
        })
    }

    fn from_json(json: &Value) -> Result<Self, Trouble> {
        let text = |key: &str| {
            json[key].as_str().ok_or_else(|| Trouble::from(format!("{json}: no `{key}`")))
        };
        let bytes = |key: &str| text(key).and_then(|text| Ok(hex::decode(text)?));
        let is = |key: &str| {
            json[key].as_bool().ok_or_else(|| Trouble::from(format!("{json}: no `{key}`")))
        };
        Ok(Self {
            name: text("name")?.to_owned(),
            statement: bytes("statement")?,
            receipt: bytes("receipt")?,
            entry: bytes("entry")?,
            issuer_key: bytes("issuer_key")?,
            log_key: bytes("log_key")?,
            issuer: text("issuer")?.to_owned(),
            payload: bytes("payload")?,
            expected: Expected {
                statement: is("is_signed")?,
                receipt: is("is_logged")?,
                rfc9943: is("is_rfc9943")?,
            },
        })
    }
}

pub(crate) fn write(path: &str, cases: &[Case]) -> Result<(), Trouble> {
    let cases: Vec<Value> = cases.iter().map(Case::to_json).collect();
    Ok(fs::write(path, serde_json::to_vec_pretty(&cases)?)?)
}

pub(crate) fn read(path: &str) -> Result<Vec<Case>, Trouble> {
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(path)?)?;
    cases.iter().map(Case::from_json).collect()
}
