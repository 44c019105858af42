//! Which key a message asks for.

use core::fmt;

use crate::{
    Label, Profile,
    cbor::{Array, Item, Map, Reader, Strictness},
    label::ClaimKey,
};

/// The longest kid and issuer that are shown, in bytes and in characters.
const LONGEST: usize = 32;
/// The tags that can stand around a message: self-described, CWT, and its own.
const TAGS: usize = 3;

/// Writes the kid and the issuer of the message that `input` is, as far as they can be read. For a
/// COSE_Sign that is what its body says.
pub(super) fn write(input: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some([protected, unprotected]) = buckets(input) else { return Ok(()) };
    let buckets = [protected.as_ref(), unprotected.as_ref()];
    let find = |label: i64| buckets.iter().flatten().find_map(|bucket| bucket.find(label));
    let kid = Label::KID.to_i64().and_then(find);
    let kid = kid.and_then(|kid| kid.read(Reader::bytes).ok());
    match kid {
        Some(kid) => {
            f.write_str("; the message asks for kid h'")?;
            for byte in kid.iter().take(LONGEST) {
                write!(f, "{byte:02x}")?;
            }
            f.write_str(if kid.len() > LONGEST { "...'" } else { "'" })?;
            if !kid.is_empty() && kid.len() <= LONGEST && kid.iter().all(u8::is_ascii_graphic) {
                f.write_str(" (\"")?;
                for byte in kid {
                    write!(f, "{}", byte.escape_ascii())?;
                }
                f.write_str("\")")?;
            }
        }
        None => f.write_str("; the message names no kid")?,
    }
    let claims = Label::CWT_CLAIMS.to_i64().zip(protected.as_ref());
    let claims = claims.and_then(|(label, protected)| protected.find(label));
    let claims = claims.and_then(|claims| Map::new(&claims).ok());
    let issuer = ClaimKey::ISS.to_i64().zip(claims).and_then(|(key, claims)| claims.find(key));
    match issuer.as_ref().and_then(|issuer| issuer.read(Reader::text).ok()) {
        Some(issuer) => {
            f.write_str(" and claims issuer \"")?;
            for character in issuer.chars().take(LONGEST) {
                write!(f, "{}", character.escape_debug())?;
            }
            f.write_str(if issuer.chars().nth(LONGEST).is_some() { "...\"" } else { "\"" })
        }
        None => f.write_str(" and claims no issuer in its header"),
    }
}

/// The protected and the unprotected bucket of the message.
fn buckets(input: &[u8]) -> Option<[Option<Map<'_>>; 2]> {
    let mut reader = Reader::new(input, Strictness::LENIENT);
    let mut start = 0;
    for _ in 0..TAGS {
        if !matches!(reader.item().ok()?, Item::Tag(_)) {
            break;
        }
        start = reader.position();
    }
    let message = Profile::LENIENT.item(input.get(start..)?, start).ok()?;
    let mut parts = Array::new(&message).ok()?.iter();
    let protected = parts.next()?;
    let unprotected = parts.next()?;
    let protected = Profile::LENIENT.embedded(&protected).ok();
    let protected = protected.as_ref().and_then(|raw| Map::new(raw).ok());
    Some([protected, Map::new(&unprotected).ok()])
}
