//! `docs/exceptions.json`: the cases where a crate differs from the published verdict, and why.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use super::Trouble;

/// `<area>::<case>` to the reading that this crate takes.
pub(super) type Exceptions = BTreeMap<String, String>;

/// Reads the lines that concern `crate_name`; no file is no exception.
pub(super) fn read(path: &Path, crate_name: &str) -> Result<Exceptions, Trouble> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Exceptions::new()),
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    };
    parse(&bytes, crate_name)
        .map_err(|trouble| format!("{}: {}", path.display(), trouble.message()).into())
}

fn parse(bytes: &[u8], crate_name: &str) -> Result<Exceptions, Trouble> {
    let Value::Array(lines) = serde_json::from_slice(bytes)? else {
        return Err("not a list".into());
    };
    let mut exceptions = Exceptions::new();
    for line in &lines {
        let text = |key: &str| match line.get(key).and_then(Value::as_str) {
            Some(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(Trouble::from(format!("{line} has no `{key}`"))),
        };
        let (case, of_crate, reading) = (text("case")?, text("crate")?, text("reading")?);
        if of_crate == crate_name
            && exceptions.insert(case.to_owned(), reading.to_owned()).is_some()
        {
            return Err(format!("{case} is listed twice for {crate_name}").into());
        }
    }
    Ok(exceptions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_lines_of_one_crate() {
        let text = br#"[{"case": "cose::a", "crate": "cose-ext", "reading": "r"},
                        {"case": "cose::a", "crate": "scitt-core", "reading": "s"}]"#;
        assert_eq!(parse(text, "cose-ext").unwrap()["cose::a"], "r");
        assert!(parse(text, "merkle-proof").unwrap().is_empty());
    }

    #[test]
    fn a_line_needs_all_three_parts() {
        let error = parse(br#"[{"case": "cose::a", "crate": "cose-ext", "reading": " "}]"#, "x")
            .unwrap_err();
        assert!(error.message().contains("`reading`"));
        assert!(parse(b"{}", "x").is_err());
    }

    #[test]
    fn a_case_is_listed_once() {
        let line = r#"{"case": "cose::a", "crate": "cose-ext", "reading": "r"}"#;
        assert!(parse(format!("[{line},{line}]").as_bytes(), "cose-ext").is_err());
    }
}
