//! What a runner found in a case.

use serde_json::{Map, Value};

/// Records decoded values under the names that the vectors give them.
///
/// The harness compares each with the case's own facts, if the case states that key; hex digits compare without regard
/// to case. Values recorded under keys that the case does not state are not compared.
#[derive(Clone, Debug, Default)]
pub struct Facts(Vec<(String, Value)>);

impl Facts {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a value as this crate found it.
    pub fn is(&mut self, key: impl Into<String>, value: impl Into<Value>) -> &mut Self {
        self.0.push((key.into(), value.into()));
        self
    }

    /// Records bytes, written in hex.
    pub fn is_hex(&mut self, key: impl Into<String>, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.is(key, hex::encode(bytes))
    }

    /// These and `others`, of another look at the same case.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Whether something was recorded under `key`.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    /// One line per recorded value that differs from what the case states.
    pub(super) fn differences(&self, stated: &Map<String, Value>) -> Vec<String> {
        let differing = self.0.iter().filter_map(|(key, found)| {
            let stated = stated.get(key)?;
            (!same(found, stated))
                .then(|| format!("fact `{key}`: found {found}, the case states {stated}"))
        });
        differing.collect()
    }
}

/// Equal as JSON, hex strings without regard to case.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => {
            a == b || (is_hex(a) && is_hex(b) && a.eq_ignore_ascii_case(b))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Keys that speak about the case instead of stating a decoded value.
pub(super) fn is_commentary(key: &str) -> bool {
    matches!(key, "verified_with" | "contested") || key.starts_with("note")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stated(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn equal_facts_have_no_differences() {
        let mut facts = Facts::new();
        facts
            .is("alg", -7)
            .is("list", vec![1, 2])
            .is_hex("root", [0xab])
            .is("text", "aB")
            .is("extra", true);
        facts.is("nested", json!({"1": ["CAFE"]}));
        let stated = stated(
            json!({"alg": -7, "list": [1, 2], "root": "AB", "text": "aB", "nested": {"1": ["cafe"]}}),
        );
        assert_eq!(facts.differences(&stated), Vec::<String>::new());
        assert!(facts.knows("extra") && !facts.knows("root_hex"));
    }

    #[test]
    fn each_difference_is_named() {
        let mut facts = Facts::new();
        facts.is("alg", -7).is("text", "hello").is("list", vec![1]).is("tag", Value::Null);
        let stated = stated(json!({"alg": -8, "text": "Hello", "list": [1, 2], "tag": 18}));
        let lines = facts.differences(&stated);
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0], "fact `alg`: found -7, the case states -8");
    }

    #[test]
    fn commentary_is_told_from_facts() {
        assert!(
            is_commentary("note_iv")
                && is_commentary("verified_with")
                && is_commentary("contested")
        );
        assert!(!is_commentary("alg"));
    }
}
