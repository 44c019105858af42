//! `docs/exceptions.json`: the cases that a crate does not pass, and why.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use super::Trouble;

/// Why a case does not come out as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Exception {
    /// The text is read in another way, for good: the verdict differs from the published one.
    Reading(String),
    /// The crate is not finished: the case fails, in its verdict or in a fact, until somebody mends it.
    Open(String),
}

/// `<area>::<case>` to the reason why this crate does not pass it.
pub(super) type Exceptions = BTreeMap<String, Exception>;

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
        let (case, of_crate) = (text("case")?, text("crate")?);
        let exception = match (line.get("reading"), line.get("open")) {
            (Some(_), Some(_)) => return Err(format!("{line} has `reading` and `open`").into()),
            (None, Some(_)) => Exception::Open(text("open")?.to_owned()),
            (_, None) => Exception::Reading(text("reading")?.to_owned()),
        };
        if of_crate == crate_name && exceptions.insert(case.to_owned(), exception).is_some() {
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
                        {"case": "cose::a", "crate": "scitt-core", "open": "s"}]"#;
        let of = |name| parse(text, name).unwrap().remove("cose::a");
        assert_eq!(of("cose-ext"), Some(Exception::Reading("r".into())));
        assert_eq!(of("scitt-core"), Some(Exception::Open("s".into())));
        assert!(parse(text, "merkle-proof").unwrap().is_empty());
    }

    #[test]
    fn a_line_needs_all_three_parts() {
        let with = |part: &str| {
            let line = format!(r#"[{{"case": "cose::a", "crate": "cose-ext", {part}}}]"#);
            parse(line.as_bytes(), "x").map_err(|trouble| trouble.message().to_owned())
        };
        assert!(with(r#""reading": " ""#).unwrap_err().contains("no `reading`"));
        assert!(with(r#""open": """#).unwrap_err().contains("no `open`"));
        assert!(with(r#""why": "r""#).unwrap_err().contains("no `reading`"));
        assert!(with(r#""reading": "r", "open": "o""#).unwrap_err().contains("and `open`"));
        assert!(parse(b"{}", "x").is_err());
    }

    #[test]
    fn a_case_is_listed_once() {
        let line = r#"{"case": "cose::a", "crate": "cose-ext", "reading": "r"}"#;
        assert!(parse(format!("[{line},{line}]").as_bytes(), "cose-ext").is_err());
    }
}
