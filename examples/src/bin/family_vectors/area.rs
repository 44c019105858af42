//! One folder of vectors: cases and their files.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::Trouble;

/// Whether the folder is written, or compared with what would be written.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// The cases of one area, in the order in which they are made, and their files.
pub(crate) struct Area {
    name: &'static str,
    cases: Vec<Value>,
    files: Vec<(String, Vec<u8>)>,
}

/// What a case says of itself.
pub(crate) struct Case<'c> {
    pub(crate) name: &'c str,
    pub(crate) kind: &'static str,
    pub(crate) spec: &'static str,
    pub(crate) file: &'c str,
    pub(crate) keys: &'c [&'c str],
    pub(crate) is_valid: bool,
    pub(crate) why: &'c str,
    pub(crate) facts: Value,
}

impl Area {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, cases: Vec::new(), files: Vec::new() }
    }

    /// Adds a file; one that is there already stays, since keys serve many cases.
    pub(crate) fn file(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        if !self.files.iter().any(|(known, _)| known == name) {
            self.files.push((name.to_owned(), bytes.into()));
        }
    }

    pub(crate) fn json(&mut self, name: &str, value: &Value) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.file(name, text + "\n");
    }

    pub(crate) fn case(&mut self, case: &Case<'_>) {
        self.cases.push(json!({
            "name": case.name,
            "file": case.file,
            "kind": case.kind,
            "spec": case.spec,
            "keys": case.keys,
            "expect": if case.is_valid { "valid" } else { "invalid" },
            "why": case.why,
            "facts": case.facts,
        }));
    }

    /// Writes the folder, or says what in it is not what would be written.
    pub(crate) fn finish(self, root: &Path, mode: Mode) -> Result<(), Trouble> {
        let folder = root.join(self.name);
        let lines: Vec<String> = self.cases.iter().map(Value::to_string).collect();
        let index = format!("{{\"cases\": [\n{}\n]}}\n", lines.join(",\n"));
        let index = ("cases.json".to_owned(), index.into_bytes());
        let all: Vec<_> = self.files.into_iter().chain([index]).collect();
        for (name, bytes) in &all {
            let path = folder.join(name);
            match mode {
                Mode::Write => {
                    if let Some(parent) = path.parent() {
                        fs::create_dir_all(parent)?;
                    }
                    fs::write(path, bytes)?;
                }
                Mode::Check if fs::read(&path).ok().as_ref() == Some(bytes) => {}
                Mode::Check => return Err(format!("{}/{name} is another", self.name).into()),
            }
        }
        println!("{}: {} cases, {} files", self.name, self.cases.len(), all.len());
        Ok(())
    }
}
