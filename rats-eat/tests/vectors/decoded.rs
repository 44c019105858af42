//! CBOR as the facts of the vectors write it.

use cose_ext::cbor::{Array, Item, Map, Raw, Type};
use rats_eat::Claims;
use serde_json::{Map as Object, Value, json};

/// The claims as an object.
pub(crate) fn of_claims(claims: &Claims<'_>) -> Value {
    let entries = claims.iter().map(|(key, value)| (key_text(&key.to_string()), of_item(&value)));
    Value::Object(entries.collect())
}

fn key_text(key: &str) -> String {
    key.trim_matches('"').to_owned()
}

/// Byte strings as `h'..'`, integer keys as text, tags as objects.
pub(crate) fn of_item(item: &Raw<'_>) -> Value {
    match item.data_type() {
        Type::Array => {
            let array = Array::new(item).unwrap();
            Value::Array(array.iter().map(|element| of_item(&element)).collect())
        }
        Type::Map => {
            let mut object = Object::new();
            for (key, value) in &Map::new(item).unwrap() {
                let key = match of_item(&key) {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                object.insert(key, of_item(&value));
            }
            Value::Object(object)
        }
        Type::Tag => {
            let profile = cose_ext::Profile::LENIENT;
            let (tag, head) = item
                .read(|reader| {
                    let Ok(Item::Tag(tag)) = reader.item() else { panic!("a tag") };
                    let head = reader.position();
                    reader.skip()?;
                    Ok((tag, head))
                })
                .unwrap();
            let content = profile.item(&item.bytes()[head..], 0).unwrap();
            json!({ "tag": tag, "value": of_item(&content) })
        }
        _ => match item.read(|reader| reader.item()).unwrap() {
            Item::Int(int) => int.to_i64().map_or_else(|| int.to_string().into(), Value::from),
            Item::Bytes(bytes) => format!("h'{}'", hex::encode(bytes)).into(),
            Item::Text(text) => text.into(),
            Item::Bool(bool) => bool.into(),
            Item::Float(float) if float.is_nan() => "nan".into(),
            Item::Float(float) if float.is_infinite() => "inf".into(),
            Item::Float(float) => float.into(),
            _ => Value::Null,
        },
    }
}

/// Whether `found` is what the facts state. Long strings may be stated as their length and SHA-256,
/// and deep values as an ellipsis.
pub(crate) fn agrees(stated: &Value, found: &Value) -> bool {
    match (stated, found) {
        (Value::Object(stated), Value::String(found)) if stated.contains_key("sha256") => {
            let hex = found.strip_prefix("h'").and_then(|hex| hex.strip_suffix('\''));
            let bytes = hex.and_then(|hex| hex::decode(hex).ok()).unwrap_or_default();
            stated["len"] == bytes.len() && stated["sha256"] == sha256(&bytes)
        }
        (Value::Object(stated), Value::Object(found)) => {
            stated.len() == found.len()
                && stated
                    .iter()
                    .all(|(key, value)| found.get(key).is_some_and(|found| agrees(value, found)))
        }
        (Value::Array(stated), Value::Array(found)) => {
            stated.len() == found.len()
                && stated.iter().zip(found).all(|(stated, found)| agrees(stated, found))
        }
        // Some facts have numbers of coordinates as text.
        (Value::String(stated), Value::Number(found)) => *stated == found.to_string(),
        (Value::String(stated), Value::String(found)) => {
            stated == found || stated.strip_suffix("...").is_some_and(|it| found.starts_with(it))
        }
        _ => stated == found,
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    use cose_ext::crypto::{Algorithm, Provider};
    let hash = cose_ext::rustcrypto::RustCrypto.hash_function(Algorithm::SHA256).unwrap();
    hex::encode(hash.hash(&[bytes]))
}
