//! Wrappers in JSON (RFC 9999 3).

use alloc::vec::Vec;
use core::fmt;

use cose_ext::{IntOrText, Profile};

use super::{
    Cmw, Collection, CollectionType, MediaType, Record, collection::TYPE_LABEL, media_type,
};
use crate::{
    Error, ErrorKind, Rule,
    json::{self, Base64Url, Json, Quoted, decode_base64url},
};

/// Reads a wrapper that is the whole of a JSON text, and returns it in CBOR, for [`Cmw::decode`].
/// Entries of collections keep their order.
///
/// # Errors
///
/// Those of reading JSON; what breaks a rule of wrappers, without an offset.
pub fn from_json(text: &[u8], profile: &Profile) -> Result<Vec<u8>, Error> {
    let cbor = cmw(&Json::decode(text, profile)?)?;
    // Offsets in what was made here would mislead.
    Cmw::decode(&cbor, profile).map_err(|error| Error::new(error.kind()))?;
    Ok(cbor)
}

pub(crate) fn cmw(json: &Json) -> Result<Vec<u8>, Error> {
    match json {
        Json::Array(elements) => record(elements),
        Json::Object(members) => {
            let entries = members.iter().map(|(label, value)| {
                let value = if label == TYPE_LABEL { json::of(value) } else { cmw(value)? };
                Ok([json::text(label), value].concat())
            });
            let entries = entries.collect::<Result<Vec<_>, Error>>()?;
            // Unsorted: the order of a collection is the sender's.
            let mut out = cose_ext::cbor::Head::map(entries.len()).as_bytes().to_vec();
            out.extend(entries.concat());
            Ok(out)
        }
        _ => Err(broken(Rule::CmwForm)),
    }
}

fn record(elements: &[Json]) -> Result<Vec<u8>, Error> {
    let (kind, value, indicators) = match elements {
        [kind, value] => (kind, value, None),
        [kind, value, indicators] => (kind, value, Some(indicators)),
        _ => return Err(broken(Rule::CmwRecord)),
    };
    let kind = kind.as_text().filter(|kind| media_type::is_media_type(kind));
    let kind = kind.ok_or(broken(Rule::CmwJsonType))?;
    let value = value.as_text().ok_or(broken(Rule::CmwValue))?;
    let value = decode_base64url(value).ok_or(broken(Rule::Base64Url))?;
    let indicators = indicators.map(json::of);
    let items = [json::text(kind), json::bytes(&value)].into_iter().chain(indicators);
    Ok(json::array(items))
}

fn broken(rule: Rule) -> Error {
    Error::new(ErrorKind::Broken(rule))
}

impl<'a> Cmw<'a> {
    /// Returns the wrapper as something that writes itself in JSON, without blanks.
    ///
    /// # Errors
    ///
    /// [`Rule::CmwJsonType`] if a type is not a media type, as that of a tag is: JSON has no
    /// others. [`Rule::CmwLabel`] if a label is an integer.
    pub fn to_json(&self) -> Result<CmwJson<'a>, Error> {
        check(self)?;
        Ok(CmwJson(*self))
    }
}

fn check(cmw: &Cmw<'_>) -> Result<(), Error> {
    match cmw {
        Cmw::Record(record) => match record.media_type() {
            MediaType::Text(_) => Ok(()),
            MediaType::ContentFormat(_) => Err(broken(Rule::CmwJsonType)),
        },
        Cmw::Tagged(_) => Err(broken(Rule::CmwJsonType)),
        Cmw::Collection(collection) => {
            if matches!(collection.collection_type(), Some(CollectionType::Oid(_))) {
                return Err(broken(Rule::CmwCollectionType));
            }
            collection.entries().try_for_each(|(label, cmw)| match label {
                IntOrText::Text(_) => check(&cmw),
                IntOrText::Int(_) => Err(broken(Rule::CmwLabel)),
            })
        }
    }
}

/// A wrapper that writes itself in JSON: [`Cmw::to_json`].
#[derive(Clone, Copy, Debug)]
pub struct CmwJson<'a>(Cmw<'a>);

impl fmt::Display for CmwJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

fn write(cmw: &Cmw<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match cmw {
        Cmw::Record(record) => write_record(record, f),
        Cmw::Collection(collection) => write_collection(collection, f),
        // Refused before anything is written.
        Cmw::Tagged(_) => Err(fmt::Error),
    }
}

pub(crate) fn write_record(record: &Record<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let MediaType::Text(kind) = record.media_type() else { return Err(fmt::Error) };
    write!(f, "[{},{}", Quoted(kind), Base64Url(record.value()))?;
    if let Some(indicators) = record.indicators() {
        write!(f, ",{}", indicators.bits())?;
    }
    f.write_str("]")
}

/// Writes the type where it stood, so that a text without blanks comes back as it was.
fn write_collection(collection: &Collection<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut separator = "{";
    for (label, cmw) in collection.members() {
        let IntOrText::Text(label) = label else { return Err(fmt::Error) };
        write!(f, "{separator}{}:", Quoted(label))?;
        match (cmw, collection.collection_type()) {
            (Some(cmw), _) => write(&cmw, f)?,
            (None, Some(CollectionType::Text(text))) => write!(f, "{}", Quoted(text))?,
            (None, _) => return Err(fmt::Error),
        }
        separator = ",";
    }
    f.write_str("}")
}
