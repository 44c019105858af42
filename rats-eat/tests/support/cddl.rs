//! What the CDDL says of a claim, and what it excludes: every other type, and sizes and values next to what is allowed.

#![allow(dead_code)] // Each test file uses its part.

/// One item of each type.
pub(crate) const ITEMS: [(Type, &str); 12] = [
    (Type::Uint, "07"),
    (Type::Negative, "26"),
    (Type::Bytes, "4107"),
    (Type::Text, "6137"),
    (Type::Array, "8107"),
    (Type::Map, "a10707"),
    (Type::Tag, "d8206137"),
    (Type::Bool, "f5"),
    (Type::Null, "f6"),
    (Type::Undefined, "f7"),
    (Type::Float, "f94700"),
    (Type::Float, "fb401c000000000000"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Uint,
    Negative,
    Bytes,
    Text,
    Array,
    Map,
    Tag,
    Bool,
    Null,
    Undefined,
    Float,
}

/// What the CDDL says of a claim.
pub(crate) struct Line {
    pub(crate) key: i64,
    pub(crate) rule: &'static str,
    pub(crate) types: &'static [Type],
    /// A value that is allowed.
    pub(crate) good: String,
    /// Values of the right type that are not.
    pub(crate) bad: Vec<String>,
}

impl Line {
    /// Everything that is refused: each other type, and each value that is not allowed.
    pub(crate) fn wrong(&self) -> impl Iterator<Item = &str> {
        let items = ITEMS.iter().filter(|(of, _)| !self.types.contains(of));
        items.map(|(_, item)| *item).chain(self.bad.iter().map(String::as_str))
    }
}

pub(crate) fn line(
    key: i64,
    rule: &'static str,
    types: &'static [Type],
    good: &str,
    bad: &[&str],
) -> Line {
    let plain = |hex: &str| hex.replace(' ', "");
    Line { key, rule, types, good: plain(good), bad: bad.iter().map(|hex| plain(hex)).collect() }
}

/// A byte string of `len` bytes, each 1.
pub(crate) fn bytes(len: usize) -> String {
    let mut buffer = vec![0; len + 9];
    let mut writer = cose_ext::cbor::Writer::new(&mut buffer);
    writer.bytes(&vec![1; len]);
    hex::encode(writer.finish().unwrap())
}

/// A claim that is a byte string of one of these lengths; those next to them are not allowed.
pub(crate) fn sized(key: i64, rule: &'static str, lens: &[(usize, usize)]) -> Line {
    let good = bytes(lens[0].0);
    let next = lens.iter().flat_map(|(least, most)| [least.checked_sub(1), Some(most + 1)]);
    let is_allowed = |len: &usize| lens.iter().any(|(least, most)| (*least..=*most).contains(len));
    let bad = next.flatten().filter(|len| !is_allowed(len)).map(bytes).collect();
    Line { key, rule, types: &[Type::Bytes], good, bad }
}
