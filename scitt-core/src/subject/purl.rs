//! Package URLs (ECMA-427).

use alloc::{
    borrow::ToOwned,
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::MAX_LEN;
use crate::{Error, Rule};

/// A package URL: `pkg:type/namespace/name@version?qualifiers#subpath`, in its parts, decoded and
/// in the case that its type wants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    kind: String,
    namespace: Vec<String>,
    name: String,
    version: Option<String>,
    qualifiers: BTreeMap<String, String>,
    subpath: Vec<String>,
}

/// Types whose names know no case.
const LOWERCASE: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "composer",
    "deb",
    "github",
    "gitlab",
    "golang",
    "hex",
    "npm",
    "oci",
    "pub",
    "pypi",
    "rpm",
];

impl Purl {
    /// Reads a purl in any spelling.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if the text is not a purl.
    pub fn parse(purl: &str) -> Result<Self, Error> {
        Self::read(purl).ok_or(Error::broken(Rule::SubjectForm, 0))
    }

    fn read(purl: &str) -> Option<Self> {
        if purl.len() > MAX_LEN {
            return None;
        }
        let (scheme, rest) = purl.split_once(':')?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return None;
        }
        let (rest, subpath) = match rest.split_once('#') {
            Some((rest, subpath)) => (rest, segments(subpath)?),
            None => (rest, Vec::new()),
        };
        let subpath = subpath.into_iter().filter(|part| part != "." && part != "..").collect();
        let (rest, qualifiers) = match rest.split_once('?') {
            Some((rest, qualifiers)) => (rest, read_qualifiers(qualifiers)?),
            None => (rest, BTreeMap::new()),
        };
        let (kind, rest) = rest.trim_start_matches('/').split_once('/')?;
        let kind = kind.to_ascii_lowercase();
        let is_type = kind.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
            && kind
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
        if !is_type {
            return None;
        }
        // The version begins at the last `@` of the last segment: npm's scopes have one before.
        let start =
            rest.trim_end_matches('/').rfind('/').map_or(0, |slash| slash.saturating_add(1));
        let (before, last) = (rest.get(..start)?, rest.get(start..)?);
        let (name, version) = match last.rsplit_once('@') {
            Some((name, version)) if !name.is_empty() => (name, Some(decode(version)?)),
            _ => (last, None),
        };
        let mut name = decode(name.trim_matches('/'))?;
        let mut namespace = segments(before)?;
        if name.is_empty() {
            return None;
        }
        if LOWERCASE.contains(&kind.as_str()) {
            name = name.to_lowercase();
            namespace.iter_mut().for_each(|part| *part = part.to_lowercase());
        }
        if kind == "pypi" {
            name = name.replace(['_', '.'], "-");
        }
        let version = version.filter(|version| !version.is_empty());
        Some(Self { kind, namespace, name, version, qualifiers, subpath })
    }

    /// Returns the type, in lower case: `maven`, `npm`, `deb` and so on.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns the name, without the namespace.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Returns a qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.get(key).map(String::as_str)
    }

    /// Returns the package whatever its version is: without version, qualifiers and subpath.
    #[must_use]
    pub fn package(&self) -> Self {
        Self { version: None, qualifiers: BTreeMap::new(), subpath: Vec::new(), ..self.clone() }
    }

    /// The names that documents without purls give a package: alone, and behind its namespace.
    #[cfg(feature = "sbom")]
    pub(crate) fn plain_names(&self) -> Vec<String> {
        let mut names = Vec::from([self.name.clone()]);
        if !self.namespace.is_empty() {
            let namespace = self.namespace.join("/");
            names.extend(
                ["/", ":"].map(|between| [&namespace, between, self.name.as_str()].concat()),
            );
        }
        names
    }

    /// Makes a purl of its parts. `namespace` is split at slashes.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if they do not make a purl.
    pub fn of(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
    ) -> Result<Self, Error> {
        let mut purl = String::from("pkg:");
        purl.push_str(kind);
        for part in namespace.unwrap_or_default().split('/').filter(|part| !part.is_empty()) {
            purl.push('/');
            encode(part, &mut purl);
        }
        purl.push('/');
        encode(name, &mut purl);
        if let Some(version) = version {
            purl.push('@');
            encode(version, &mut purl);
        }
        Self::parse(&purl)
    }
}

/// The canonical form.
impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::from("pkg:");
        text.push_str(&self.kind);
        for part in self.namespace.iter().chain([&self.name]) {
            text.push('/');
            encode(part, &mut text);
        }
        if let Some(version) = &self.version {
            text.push('@');
            encode(version, &mut text);
        }
        for (place, (key, value)) in self.qualifiers.iter().enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            text.push_str(key);
            text.push('=');
            encode(value, &mut text);
        }
        for (place, part) in self.subpath.iter().enumerate() {
            text.push(if place == 0 { '#' } else { '/' });
            encode(part, &mut text);
        }
        f.write_str(&text)
    }
}

/// The segments of a path, without empty ones.
fn segments(path: &str) -> Option<Vec<String>> {
    path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
}

fn read_qualifiers(text: &str) -> Option<BTreeMap<String, String>> {
    let mut qualifiers = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=')?;
        let key = key.to_ascii_lowercase();
        let is_key = key.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        let value = decode(value)?;
        if !is_key || qualifiers.contains_key(&key) {
            return None;
        }
        if !value.is_empty() {
            qualifiers.insert(key, value);
        }
    }
    Some(qualifiers)
}

/// Undoes percent-encoding; `None` where an escape is cut short, or the bytes are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Percent-encodes all but what a purl leaves as it is.
pub(crate) fn encode(text: &str, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| char::from(DIGITS.get(usize::from(value)).copied().unwrap_or(b'0'));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
}

impl From<Purl> for super::Subject {
    fn from(purl: Purl) -> Self {
        Self(purl.to_string())
    }
}
