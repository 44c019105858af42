//! What the vectors state as facts, read by this crate.

use cose_ext::{
    Authenticated, Profile,
    cbor::{Array, Map as CborMap, Raw, Reader, Type, Writer},
    crypto::HashFunction,
    header::Headers,
    rustcrypto::Sha256,
};
use serde_json::{Map, Value, json};
use teep_msg::{Message, Numbering, OptionName, SuitReport};

pub(crate) type Object = Map<String, Value>;

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256.hash(&[bytes]))
}

/// An item as JSON, in the shape that `stated` has: bytes are written in three ways.
pub(crate) fn shaped(raw: &Raw<'_>, stated: &Value) -> Value {
    let member = |key: &str| stated.get(key).unwrap_or(&Value::Null);
    match raw.data_type() {
        Type::Int => raw.read(Reader::int).unwrap().to_i64().into(),
        Type::Bytes => {
            let bytes = raw.read(Reader::bytes).unwrap();
            if stated.get("sha256").is_some() {
                json!({"len": bytes.len(), "sha256": sha256(bytes)})
            } else if stated.get("hex").is_some() {
                json!({"hex": hex::encode(bytes)})
            } else {
                hex::encode(bytes).into()
            }
        }
        Type::Text => raw.read(Reader::text).unwrap().into(),
        Type::Bool => raw.read(Reader::bool).unwrap().into(),
        Type::Array => Array::new(raw)
            .unwrap()
            .iter()
            .enumerate()
            .map(|(index, raw)| shaped(&raw, stated.get(index).unwrap_or(&Value::Null)))
            .collect(),
        Type::Map => {
            let entries = CborMap::new(raw).unwrap();
            let entries = entries.iter().map(|(key, value)| {
                let key = key_text(&key);
                let value = shaped(&value, member(&key));
                (key, value)
            });
            Value::Object(entries.collect())
        }
        _ => Value::Null,
    }
}

fn key_text(key: &Raw<'_>) -> String {
    match key.data_type() {
        Type::Int => key.read(Reader::int).unwrap().to_string(),
        _ => key.read(Reader::text).unwrap_or("?").to_owned(),
    }
}

pub(crate) fn numbering_text(numbering: Numbering) -> &'static str {
    match numbering {
        Numbering::Iana => "iana-2026 (success=4, error=5, token=19)",
        Numbering::Draft25 => "pre-26 (success=5, error=6, token=20)",
    }
}

/// What a message says; `stated` gives the shape of values.
pub(crate) fn of_message(message: &Message<'_>, stated: &Value) -> Object {
    let numbering = message.numbering();
    let member = |key: &str| stated.get(key).cloned().unwrap_or(Value::Null);
    let whole = Profile::LENIENT.item(message.bytes(), 0).unwrap();
    let elements: Vec<_> = Array::new(&whole).unwrap().iter().collect();
    let mut facts = Object::new();
    facts.insert("numbering".into(), numbering_text(numbering).into());
    facts.insert("message".into(), message.message_type().name().into());
    facts.insert("type_number".into(), message.message_type().to_wire(numbering).into());
    facts.insert("elements".into(), elements.len().into());
    facts.insert("array_len".into(), elements.len().into());
    facts.insert("payload_sha256".into(), sha256(message.bytes()).into());
    facts.insert("sha256".into(), sha256(message.bytes()).into());
    facts.insert("roundtrip_deterministic".into(), is_deterministic(message.bytes()).into());
    let stated_options = member("options");
    let mut options = Object::new();
    for (label, value) in message.options().map().iter() {
        let label = label.read(Reader::uint).unwrap();
        let name = OptionName::from_label(label, numbering).map(OptionName::name);
        let name = name.map_or_else(|| label.to_string(), str::to_owned);
        let shape = stated_options.get(&name).unwrap_or(&Value::Null);
        options.insert(name.clone(), shaped(&value, shape));
    }
    facts.insert("options".into(), options.into());
    let tail: Vec<Value> = elements.iter().skip(2).map(|raw| shaped(raw, &Value::Null)).collect();
    if let Some(request) = message.query_request() {
        facts.insert("supported-teep-cipher-suites".into(), tail[0].clone());
        facts.insert("cipher_suites".into(), tail[0].clone());
        facts.insert("supported-suit-cose-profiles".into(), tail[1].clone());
        let items = request.data_item_requested.bits();
        facts.insert("data-item-requested".into(), items.into());
    }
    if let (3, Some(code)) = (elements.len(), message.error_code()) {
        facts.insert("err-code".into(), code.to_wire(numbering).into());
    }
    let rest = if stated.get("array_len").is_some() { &tail[1..] } else { &tail[..] };
    facts.insert("rest".into(), rest.to_vec().into());
    if let Some(report) = message.options().suit_reports().and_then(|list| list.items().next()) {
        let report = SuitReport::of(&report, &Profile::LENIENT).unwrap();
        facts.insert("report".into(), of_report(&report, &member("report")).into());
    }
    facts
}

fn of_report(report: &SuitReport<'_>, stated: &Value) -> Object {
    let mut facts = Object::new();
    facts.insert("nonce".into(), report.nonce().map(hex::encode).into());
    facts.insert("manifest_digest".into(), report.manifest_sha256().map(hex::encode).into());
    facts.insert("manifest_digest_alg".into(), report.manifest_sha256().map(|_| -16).into());
    for (key, name) in [(3, "records"), (4, "result")] {
        let shape = stated.get(name).unwrap_or(&Value::Null);
        facts.insert(name.into(), report.find(key).map(|raw| shaped(&raw, shape)).into());
    }
    facts
}

/// Whether definite lengths and the shortest heads, with members in the order as received, give the same bytes:
/// that is what the vectors mean by it.
pub(crate) fn is_deterministic(bytes: &[u8]) -> bool {
    let mut buffer = vec![0; bytes.len() + 64];
    let mut writer = Writer::new(&mut buffer);
    write_again(&mut writer, &Profile::LENIENT.item(bytes, 0).unwrap());
    writer.finish().is_ok_and(|written| written == bytes)
}

fn write_again(writer: &mut Writer<'_>, raw: &Raw<'_>) {
    match raw.data_type() {
        Type::Int => {
            writer.int(raw.read(Reader::int).unwrap());
        }
        Type::Bytes => {
            writer.bytes(raw.read(Reader::bytes).unwrap());
        }
        Type::Text => {
            writer.text(raw.read(Reader::text).unwrap());
        }
        Type::Array => {
            let array = Array::new(raw).unwrap();
            writer.array(array.len());
            array.iter().for_each(|raw| write_again(writer, &raw));
        }
        Type::Map => {
            let map = CborMap::new(raw).unwrap();
            writer.map(map.len());
            map.iter().for_each(|(key, value)| {
                write_again(writer, &key);
                write_again(writer, &value);
            });
        }
        _ => {
            writer.encoded(raw.bytes());
        }
    }
}

/// What the COSE around a message says.
pub(crate) fn of_cose(message: &Authenticated<'_>, stated: &Value) -> Object {
    let mut facts = Object::new();
    let name = match message {
        Authenticated::Sign1(_) => "COSE_Sign1",
        Authenticated::Sign(_) => "COSE_Sign",
        _ => "another",
    };
    facts.insert("cose".into(), name.into());
    facts.insert("length".into(), message.bytes().len().into());
    facts.insert("sha256".into(), sha256(message.bytes()).into());
    let headers = message.headers();
    facts.extend(of_headers(headers, stated));
    if let Authenticated::Sign(_) = message {
        let body = headers.protected().as_received();
        facts.insert("body_protected_hex".into(), hex::encode(body).into());
    }
    facts
}

pub(crate) fn of_headers(headers: &Headers<'_>, stated: &Value) -> Object {
    let mut facts = Object::new();
    let protected = headers.protected().as_received();
    let protected = if protected.is_empty() { &[0xa0] } else { protected };
    let protected = Profile::LENIENT.item(protected, 0).unwrap();
    let shape = |name| stated.get(name).unwrap_or(&Value::Null);
    facts.insert("protected".into(), shaped(&protected, shape("protected")));
    let mut unprotected = Object::new();
    for (label, value) in headers.unprotected().iter() {
        unprotected
            .insert(label.to_string().trim_matches('"').to_owned(), shaped(&value, &Value::Null));
    }
    facts.insert("unprotected".into(), unprotected.into());
    facts
}

/// Those members of `found` that the case states too.
pub(crate) fn common_part(found: &Value, stated: &Value) -> Value {
    match (found, stated) {
        (Value::Object(found), Value::Object(stated)) => {
            let common = stated.iter().map(|(key, stated)| {
                let found = found.get(key).map(|found| common_part(found, stated));
                (key.clone(), found.unwrap_or_else(|| stated.clone()))
            });
            Value::Object(common.collect())
        }
        (Value::Array(found), Value::Array(stated)) if found.len() == stated.len() => {
            found.iter().zip(stated).map(|(found, stated)| common_part(found, stated)).collect()
        }
        _ => found.clone(),
    }
}
