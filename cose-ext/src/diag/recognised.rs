//! Keys, claims sets and messages that are known by their shape, wherever they stand.

use super::{
    ClaimsNames, CoseNames, KeyNames, Names, Wrapped,
    skip::{next_chunk, skip},
};
use crate::{
    IntOrText,
    cbor::{Item, MAX_DEPTH, Reader, Strictness, Type},
    label::{self, ClaimKey, KeyLabel},
    registry, tag,
};

/// The content of a message: a claims set, a key or another message, if it has the shape of one.
pub(super) struct Content;

impl Names for Content {
    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        match Reader::new(item, Strictness::LENIENT).item().ok()? {
            Item::Bytes(content) => wrapped(content),
            _ => None,
        }
    }
}

/// The place of a byte string whose content has the shape of something known.
fn wrapped(content: &[u8]) -> Option<&'static dyn Names> {
    if is_key(content) {
        Some(&Wrapped(&KeyNames))
    } else if is_claims(content) {
        Some(&Wrapped(&ClaimsNames))
    } else if is_message(content) {
        Some(&Wrapped(&CoseNames))
    } else {
        None
    }
}

/// The place of an item of which nothing is said, if it is a key, whose secrets have to be hidden,
/// or a byte string that wraps one.
pub(super) fn key_in(item: &[u8]) -> Option<&'static dyn Names> {
    if is_key(item) {
        return Some(key(item));
    }
    match Reader::new(item, Strictness::LENIENT).item().ok()? {
        Item::Bytes(content) if is_key(content) => Some(&Wrapped(&KeyNames)),
        _ => None,
    }
}

/// The place of a data item that stands alone, if it has the shape of something known.
pub(super) fn alone(item: &[u8]) -> Option<&'static dyn Names> {
    if is_key(item) {
        Some(key(item))
    } else if is_claims(item) {
        Some(&ClaimsNames)
    } else {
        None
    }
}

/// The place of a key: that of its type, where it says which one.
fn key(item: &[u8]) -> &'static dyn Names {
    const KEY: &KeyNames = &KeyNames;
    KEY.resolve(item).unwrap_or(KEY)
}

/// What the parameters of key types are called, a table for each type.
const PARAMETERS: [&[label::Named]; 6] =
    [label::OKP, label::EC2, label::RSA, label::SYMMETRIC, label::HSS_LMS, label::AKP];

/// Returns whether `item` starts with a map that has a registered key type and a parameter of such
/// a type. Rather too much is hidden than too little, so more is not asked for.
fn is_key(item: &[u8]) -> bool {
    let (mut has_key_type, mut has_parameter) = (false, false);
    // Of a map that breaks off, too: its secret may stand before the break.
    let _ = each_entry(item, &mut |label, value| {
        if label == KeyLabel::KTY.value() {
            let key_type = value.map(IntOrText::int);
            has_key_type |=
                key_type.is_some_and(|value| registry::KEY_TYPES.name_of(value).is_some());
        }
        has_parameter |= PARAMETERS
            .iter()
            .any(|names| names.iter().any(|(number, _)| label == IntOrText::int(*number)));
        Some(())
    });
    has_key_type && has_parameter
}

/// Returns whether `item` starts with a map whose registered claims have the types that RFC 8392
/// 3.1 gives them, and that has at least two registered claims, or no other entry.
fn is_claims(item: &[u8]) -> bool {
    let (mut registered, mut others) = (0_usize, 0_usize);
    let whole = each_typed(item, &mut |label, data_type| {
        let is_right = match ClaimKey::from(label) {
            ClaimKey::ISS | ClaimKey::SUB => data_type == Type::Text,
            ClaimKey::AUD => matches!(data_type, Type::Text | Type::Array),
            ClaimKey::EXP | ClaimKey::NBF | ClaimKey::IAT => {
                matches!(data_type, Type::Int | Type::Float | Type::Tag)
            }
            ClaimKey::CTI => data_type == Type::Bytes,
            ClaimKey::CNF => data_type == Type::Map,
            _ => true,
        };
        let is_registered = registry::CWT_CLAIMS.name_of(label).is_some();
        let count = if is_registered { &mut registered } else { &mut others };
        *count = count.saturating_add(1);
        is_right.then_some(())
    });
    whole.is_some() && (registered >= 2 || (registered == 1 && others == 0))
}

/// Returns whether `item` starts with the tag of a message or of a CWT.
fn is_message(item: &[u8]) -> bool {
    let known = Reader::new(item, Strictness::LENIENT).item();
    matches!(
        known,
        Ok(Item::Tag(
            tag::COSE_SIGN1
                | tag::COSE_SIGN
                | tag::COSE_MAC0
                | tag::COSE_MAC
                | tag::COSE_ENCRYPT0
                | tag::COSE_ENCRYPT
                | tag::CWT
        ))
    )
}

/// Calls `each` with every label of the map that `item` starts with, and the value under it where
/// that is a small integer. Stops where the map breaks off, and where `each` says so.
fn each_entry(
    item: &[u8],
    each: &mut dyn FnMut(IntOrText<'_>, Option<i64>) -> Option<()>,
) -> Option<()> {
    walk(item, &mut |label, reader| {
        let value = match reader.clone().item().ok()? {
            Item::Int(value) => value.to_i64(),
            _ => None,
        };
        each(label, value)
    })
}

/// Calls `each` with every label of the map that `item` starts with, and the type of its value.
fn each_typed(item: &[u8], each: &mut dyn FnMut(IntOrText<'_>, Type) -> Option<()>) -> Option<()> {
    walk(item, &mut |label, reader| each(label, reader.peek().ok()?))
}

fn walk(item: &[u8], each: &mut dyn FnMut(IntOrText<'_>, &Reader<'_>) -> Option<()>) -> Option<()> {
    let mut reader = Reader::new(item, Strictness::LENIENT);
    let Item::Map(pairs) = reader.item().ok()? else { return None };
    let mut left = pairs;
    loop {
        match &mut left {
            Some(0) => return Some(()),
            Some(left) => *left = left.saturating_sub(1),
            None if reader.take_break().ok()? => return Some(()),
            None => {}
        }
        let start = reader.position();
        match reader.item().ok()? {
            Item::Int(label) => each(IntOrText::Int(label), &reader)?,
            Item::Text(label) => each(IntOrText::Text(label), &reader)?,
            Item::TextStart => while next_chunk(&mut reader, Type::Text).ok()?.is_some() {},
            _ => {
                reader = reader.at(start);
                skip(&mut reader, MAX_DEPTH).ok()?;
            }
        }
        skip(&mut reader, MAX_DEPTH).ok()?;
    }
}
