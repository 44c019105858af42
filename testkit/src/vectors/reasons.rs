//! `tests/reasons.json`: which rule an invalid case breaks.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use super::Trouble;

/// `<area>::<case>` to rule id.
pub(super) type Reasons = BTreeMap<String, String>;

/// Reads the map; no file is an empty map.
pub(super) fn read(path: &Path) -> Result<Reasons, Trouble> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Reasons::new()),
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    };
    parse(&bytes).map_err(|trouble| format!("{}: {}", path.display(), trouble.message()).into())
}

fn parse(bytes: &[u8]) -> Result<Reasons, Trouble> {
    let Value::Object(map) = serde_json::from_slice(bytes)? else {
        return Err("not an object from case to rule id".into());
    };
    let entries = map.into_iter().map(|(case, rule)| match rule {
        Value::String(rule) => Ok((case, rule)),
        other => Err(format!("the rule of {case} is {other}, not a string").into()),
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_map_of_strings_and_nothing_else() {
        assert_eq!(parse(br#"{"cose::a": "C1"}"#).unwrap()["cose::a"], "C1");
        assert!(parse(b"[]").is_err());
        assert!(parse(br#"{"cose::a": 1}"#).unwrap_err().message().contains("cose::a"));
        assert!(read(Path::new("does/not/exist.json")).unwrap().is_empty());
    }
}
