//! One case of a `cases.json`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::Trouble;

/// The published verdict of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// To be accepted.
    Valid,
    /// To be refused.
    Invalid,
}

/// One case: what `cases.json` says about it, and access to its files.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder of `cases.json`, e.g. `cose`.
    pub area: String,
    /// Unique within the area.
    pub name: String,
    /// What the file is and what is judged; selects the runner.
    pub kind: String,
    /// The specification that the case follows.
    pub spec: String,
    /// Why the verdict is what it is.
    pub why: String,
    /// The published verdict.
    pub expect: Expect,
    /// The file that is judged, relative to the area's folder.
    pub file: String,
    /// The keys that a verifier is given, relative to the area's folder.
    pub keys: Vec<String>,
    /// Decoded values to compare with, and commentary.
    pub facts: Map<String, Value>,
    folder: PathBuf,
}

impl Case {
    /// Reads one entry of the `cases` list of an area that lies in `folder`.
    pub(super) fn from_entry(area: &str, folder: &Path, entry: &Value) -> Result<Self, Trouble> {
        let text = |key: &str| match entry.get(key) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(Trouble::from(format!("`{key}` of the case is not a string"))),
            None => Err(Trouble::from(format!("the case has no `{key}`"))),
        };
        let expect = match text("expect")?.as_str() {
            "valid" => Expect::Valid,
            "invalid" => Expect::Invalid,
            other => {
                return Err(
                    format!("`expect` is {other:?}, neither \"valid\" nor \"invalid\"").into()
                );
            }
        };
        let keys = match entry.get("keys") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(keys)) => keys
                .iter()
                .map(|key| {
                    key.as_str()
                        .map(str::to_owned)
                        .ok_or("an entry of `keys` is not a string".into())
                })
                .collect::<Result<_, Trouble>>()?,
            Some(_) => return Err("`keys` is not a list".into()),
        };
        let facts = match entry.get("facts") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(facts)) => facts.clone(),
            Some(_) => return Err("`facts` is not an object".into()),
        };
        Ok(Case {
            area: area.to_owned(),
            name: text("name")?,
            kind: text("kind")?,
            spec: text("spec").unwrap_or_default(),
            why: text("why").unwrap_or_default(),
            expect,
            file: text("file")?,
            keys,
            facts,
            folder: folder.to_owned(),
        })
    }

    /// `<area>::<case>`: the test's name, and the case's name in `reasons.json` and `exceptions.json`.
    pub fn id(&self) -> String {
        format!("{}::{}", self.area, self.name)
    }

    /// The path of the file that is judged.
    pub fn path(&self) -> PathBuf {
        self.sibling_path(&self.file)
    }

    /// The file that is judged.
    pub fn bytes(&self) -> Result<Vec<u8>, Trouble> {
        self.sibling(&self.file)
    }

    /// The file that is judged, as text.
    pub fn text(&self) -> Result<String, Trouble> {
        String::from_utf8(self.bytes()?)
            .map_err(|error| format!("{}: {error}", self.path().display()).into())
    }

    /// The file that is judged, as JSON.
    pub fn json(&self) -> Result<Value, Trouble> {
        self.sibling_json(&self.file)
    }

    /// The paths of the keys.
    pub fn key_files(&self) -> Vec<PathBuf> {
        self.keys.iter().map(|key| self.sibling_path(key)).collect()
    }

    /// The file of key number `index`.
    pub fn key_bytes(&self, index: usize) -> Result<Vec<u8>, Trouble> {
        self.sibling(self.key_name(index)?)
    }

    /// Key number `index`, as JSON.
    pub fn key_json(&self, index: usize) -> Result<Value, Trouble> {
        self.sibling_json(self.key_name(index)?)
    }

    fn key_name(&self, index: usize) -> Result<&str, Trouble> {
        match self.keys.get(index) {
            Some(name) => Ok(name),
            None => {
                Err(format!("the case has {} keys, number {index} was asked for", self.keys.len())
                    .into())
            }
        }
    }

    /// The path of another file of the area, as facts such as `statement` name them.
    pub fn sibling_path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Another file of the area.
    pub fn sibling(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        let path = self.sibling_path(name);
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// Another file of the area, as JSON.
    pub fn sibling_json(&self, name: &str) -> Result<Value, Trouble> {
        serde_json::from_slice(&self.sibling(name)?)
            .map_err(|error| format!("{}: {error}", self.sibling_path(name).display()).into())
    }

    /// What the case states under `key`, if it does.
    pub fn fact(&self, key: &str) -> Option<&Value> {
        self.facts.get(key)
    }

    /// A fact that the runner cannot do without.
    fn needed<'a, T>(
        &'a self,
        key: &str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Trouble> {
        let value =
            self.fact(key).ok_or_else(|| Trouble::from(format!("the case has no fact `{key}`")))?;
        read(value).ok_or_else(|| format!("fact `{key}` is {value}, not {wanted}").into())
    }

    /// The string fact `key`.
    pub fn fact_str(&self, key: &str) -> Result<&str, Trouble> {
        self.needed(key, "a string", Value::as_str)
    }

    /// The fact `key`, a number from zero up.
    pub fn fact_u64(&self, key: &str) -> Result<u64, Trouble> {
        self.needed(key, "an unsigned integer", Value::as_u64)
    }

    /// The fact `key`, an integer.
    pub fn fact_i64(&self, key: &str) -> Result<i64, Trouble> {
        self.needed(key, "an integer", Value::as_i64)
    }

    /// The fact `key`, true or false.
    pub fn fact_bool(&self, key: &str) -> Result<bool, Trouble> {
        self.needed(key, "a boolean", Value::as_bool)
    }

    /// The fact `key`, bytes written in hex.
    pub fn fact_hex(&self, key: &str) -> Result<Vec<u8>, Trouble> {
        self.needed(key, "hex", |value| hex::decode(value.as_str()?).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_folder::TempFolder;
    use serde_json::json;

    fn entry() -> Value {
        json!({"name": "a", "file": "a.cbor", "kind": "k", "spec": "RFC 0", "keys": ["k.json"], "expect": "valid",
               "why": "because", "facts": {"alg": -7, "n": 2, "kid_hex": "3131", "ok": true}})
    }

    #[test]
    fn reads_an_entry_and_its_files() {
        let folder = TempFolder::new("case-files");
        folder.write("a.cbor", b"\xa0");
        folder.write("k.json", b"{\"kty\":\"OKP\"}");
        let case = Case::from_entry("area", folder.path(), &entry()).unwrap();
        assert_eq!(case.id(), "area::a");
        assert_eq!(case.bytes().unwrap(), b"\xa0");
        assert_eq!(case.key_json(0).unwrap(), json!({"kty": "OKP"}));
        assert_eq!(case.key_files(), [folder.path().join("k.json")]);
        assert_eq!(case.fact_i64("alg").unwrap(), -7);
        assert_eq!(case.fact_u64("n").unwrap(), 2);
        assert_eq!(case.fact_hex("kid_hex").unwrap(), b"11");
        assert!(case.fact_bool("ok").unwrap());
    }

    #[test]
    fn says_what_is_missing() {
        let folder = TempFolder::new("case-missing");
        let case = Case::from_entry("area", folder.path(), &entry()).unwrap();
        assert!(case.bytes().unwrap_err().message().contains("a.cbor"));
        assert!(case.key_bytes(1).unwrap_err().message().contains("1 keys, number 1"));
        assert!(case.fact_str("nope").unwrap_err().message().contains("`nope`"));
        assert!(case.fact_str("alg").unwrap_err().message().contains("-7, not a string"));
    }

    #[test]
    fn refuses_an_entry_that_is_not_a_case() {
        for (key, value) in [
            ("expect", json!("maybe")),
            ("name", json!(1)),
            ("keys", json!([1])),
            ("facts", json!(1)),
        ] {
            let mut broken = entry();
            broken[key] = value;
            let error = Case::from_entry("area", Path::new("."), &broken).unwrap_err();
            assert!(error.message().contains(&format!("`{key}`")), "{error:?}");
        }
        assert!(Case::from_entry("area", Path::new("."), &json!("text")).is_err());
    }
}
