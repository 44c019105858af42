//! The subject of a certificate.

use der::{
    Decode, Reader, SliceReader, Tag, Tagged,
    asn1::{AnyRef, ObjectIdentifier},
};

use super::{extensions::content, policy::is_same};

/// The names of attributes that a `did:x509` may use; others are object identifiers.
const ATTRIBUTES: [(&str, ObjectIdentifier); 7] = [
    ("CN", ObjectIdentifier::new_unwrap("2.5.4.3")),
    ("L", ObjectIdentifier::new_unwrap("2.5.4.7")),
    ("ST", ObjectIdentifier::new_unwrap("2.5.4.8")),
    ("O", ObjectIdentifier::new_unwrap("2.5.4.10")),
    ("OU", ObjectIdentifier::new_unwrap("2.5.4.11")),
    ("C", ObjectIdentifier::new_unwrap("2.5.4.6")),
    ("STREET", ObjectIdentifier::new_unwrap("2.5.4.9")),
];

fn attribute(name: &str) -> Option<ObjectIdentifier> {
    let known = ATTRIBUTES.iter().find(|(known, _)| *known == name);
    known.map(|(_, id)| *id).or_else(|| ObjectIdentifier::new(name).ok())
}

/// The pairs of a policy; `None` for a name without a value.
fn pairs(list: &str) -> impl Iterator<Item = Option<(&str, &str)>> {
    let mut parts = list.split(':');
    core::iter::from_fn(move || {
        let name = parts.next()?;
        Some(parts.next().map(|value| (name, value)))
    })
}

/// Returns whether a policy is a list of attributes, none of them twice.
pub(super) fn is_list(list: &str) -> bool {
    pairs(list).enumerate().all(|(place, pair)| {
        let Some((name, value)) = pair else { return false };
        let is_first = pairs(list).take(place).flatten().all(|(earlier, _)| earlier != name);
        is_first && !value.is_empty() && attribute(name).is_some()
    })
}

/// Returns whether a Name has every attribute of a policy, each once and with its value.
pub(super) fn has(name: &[u8], list: &str) -> bool {
    pairs(list).all(|pair| {
        let Some((attribute_name, value)) = pair else { return false };
        let Some(wanted) = attribute(attribute_name) else { return false };
        matches!(only_value(name, wanted), Ok(Some(found)) if is_same(value, found))
    })
}

/// The value of an attribute, in UTF-8; `None` where the Name has none, several, or one in another
/// character set.
fn only_value(name: &[u8], wanted: ObjectIdentifier) -> Result<Option<&[u8]>, der::Error> {
    let (mut found, mut count): (Option<&[u8]>, usize) = (None, 0);
    let mut sets = content(name)?;
    while !sets.is_finished() {
        let mut pairs = SliceReader::new(AnyRef::decode(&mut sets)?.value())?;
        while !pairs.is_finished() {
            let mut pair = SliceReader::new(AnyRef::decode(&mut pairs)?.value())?;
            let id = ObjectIdentifier::decode(&mut pair)?;
            let value = AnyRef::decode(&mut pair)?;
            if id == wanted {
                count = count.saturating_add(1);
                let is_utf8 = matches!(
                    value.tag(),
                    Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString
                );
                found = is_utf8.then(|| value.value());
            }
        }
    }
    Ok(found.filter(|_| count == 1))
}
