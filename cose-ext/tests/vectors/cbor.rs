//! Kind `cbor`: the examples of RFC 8949 appendix A.

use cose_ext::cbor::{ErrorKind, Item, Limits, Raw, Reader, Strictness};
use serde_json::Value;
use testkit::vectors::{Case, Facts, Outcome, SubCases, Trouble};

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let table = case.json()?;
    let rows = table.as_array().ok_or("not a list")?;
    let mut sub_cases = SubCases::new();
    let (mut not_preferred, mut refused) = (0, Vec::new());
    for row in rows {
        let text = row.get("hex").and_then(Value::as_str).ok_or("a row without hex")?;
        let encoded = hex::decode(text)?;
        let roundtrip = row.get("roundtrip").and_then(Value::as_bool).ok_or("no roundtrip")?;
        not_preferred += usize::from(!roundtrip);
        match Raw::decode(&encoded, 0, Strictness::LENIENT, &Limits::DEFAULT) {
            Ok(_) => sub_cases.check(text, lenient(&encoded, row.get("decoded"))),
            Err(error) => {
                // `f818` comes from RFC 7049; RFC 8949 3.3 took the two-byte form of values below 32 away.
                let known = text == "f818" && error.kind() == ErrorKind::Reserved;
                sub_cases.check(text, if known { Ok(()) } else { Err(error.to_string()) });
                refused.push(text);
                continue;
            }
        }
        let deterministic = Raw::decode(&encoded, 0, Strictness::DETERMINISTIC, &Limits::DEFAULT);
        sub_cases.check_verdict(
            format!("{text} under the deterministic profile"),
            roundtrip,
            deterministic.map(|_| ()),
        );
        sub_cases.check(format!("{text} cut or with more"), cut(&encoded));
    }
    let mut facts = Facts::new();
    facts
        .is("items", rows.len())
        .is("roundtrip_false", not_preferred)
        .is("not_decoded_by_checker", refused);
    Ok(sub_cases.outcome(facts))
}

/// The value is the one that the table states, as far as JSON can state it.
fn lenient(encoded: &[u8], stated: Option<&Value>) -> Result<(), String> {
    let Some(stated) = stated else { return Ok(()) };
    let item =
        Reader::new(encoded, Strictness::LENIENT).item().map_err(|error| error.to_string())?;
    let is_right = match (&item, stated) {
        (Item::Int(found), Value::Number(stated)) => {
            stated.as_i64() == found.to_i64() || stated.as_f64() == found.to_string().parse().ok()
        }
        (Item::Float(found), Value::Number(stated)) => {
            // The JSON reader may be off by a few units in the last place.
            stated.as_f64().is_some_and(|stated| (stated - found).abs() <= found.abs() * 1e-15)
        }
        (Item::Text(found), Value::String(stated)) => found == stated,
        (Item::Bool(found), Value::Bool(stated)) => found == stated,
        (Item::Null, Value::Null) => true,
        (Item::Array(len), Value::Array(stated)) => {
            len.is_none_or(|len| len == stated.len() as u64)
        }
        (Item::Map(len), Value::Object(stated)) => len.is_none_or(|len| len == stated.len() as u64),
        (Item::TextStart, Value::String(_)) => true,
        // Bignums and maps with keys that are no text have no form in JSON.
        (Item::Tag(2 | 3), _) | (Item::Map(_), _) => true,
        _ => false,
    };
    if is_right { Ok(()) } else { Err(format!("read as {item:?}, stated as {stated}")) }
}

/// Every proper front of an item is refused, and so is an item with a byte behind it.
fn cut(encoded: &[u8]) -> Result<(), String> {
    for len in 0..encoded.len() {
        match Raw::decode(&encoded[..len], 0, Strictness::LENIENT, &Limits::DEFAULT) {
            Err(error) if error.kind() == ErrorKind::EndOfInput => {}
            other => return Err(format!("the first {len} bytes: {other:?}")),
        }
    }
    let more = [encoded, &[0]].concat();
    match Raw::decode(&more, 0, Strictness::LENIENT, &Limits::DEFAULT) {
        Err(error)
            if (error.kind(), error.offset()) == (ErrorKind::TrailingBytes, encoded.len()) =>
        {
            Ok(())
        }
        other => Err(format!("with a byte behind: {other:?}")),
    }
}
