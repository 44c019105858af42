//! The published cases of an area.

use std::fs;
use std::path::Path;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

/// One case, with its file and the keys that it names.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) is_valid: bool,
    pub(crate) bytes: Vec<u8>,
    pub(crate) keys: Vec<Value>,
}

/// Reads the cases of a folder.
///
/// # Panics
///
/// If it is not a folder of vectors: then there is nothing to judge.
pub(crate) fn read(folder: &Path) -> Vec<Case> {
    let text = fs::read_to_string(folder.join("cases.json")).expect("a folder of vectors");
    let all: Value = serde_json::from_str(&text).expect("cases in JSON");
    let cases = all.get("cases").unwrap_or(&all).as_array().expect("an array of cases");
    cases.iter().filter_map(|case| read_one(folder, case)).collect()
}

fn read_one(folder: &Path, case: &Value) -> Option<Case> {
    let text = |name: &str| Some(case.get(name)?.as_str()?.to_owned());
    let keys = case.get("keys").and_then(Value::as_array).into_iter().flatten();
    let keys = keys
        .filter_map(|key| serde_json::from_slice(&fs::read(folder.join(key.as_str()?)).ok()?).ok());
    Some(Case {
        name: text("name")?,
        kind: text("kind")?,
        is_valid: text("expect")? == "valid",
        bytes: fs::read(folder.join(text("file")?)).ok()?,
        keys: keys.collect(),
    })
}

/// Returns a number of a key, in hex or in base64url.
pub(crate) fn number(jwk: &Value, name: &str) -> Option<Vec<u8>> {
    if let Some(hex) = jwk.get(format!("{name}_hex")).and_then(Value::as_str) {
        return hex::decode(hex).ok();
    }
    Base64UrlUnpadded::decode_vec(jwk.get(name)?.as_str()?).ok()
}
