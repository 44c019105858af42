//! Collections: wrappers under labels (RFC 9999 3.3).

use cose_ext::{
    IntOrText,
    cbor::{self, Item, Map, Raw},
};

use super::Cmw;
use crate::{Error, Rule, error::Breaks, label::OID_TAG};

/// The label under which a collection states its own type.
pub(super) const TYPE_LABEL: &str = "__cmwc_t";

/// A collection as it was received. All wrappers in it were read once; reading them again cannot
/// fail.
#[derive(Clone, Copy, Debug)]
pub struct Collection<'a> {
    map: Map<'a>,
    collection_type: Option<CollectionType<'a>>,
    depth: usize,
}

/// What a collection says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9999 3.3 has no others")]
pub enum CollectionType<'a> {
    /// A URI, or an object identifier in dotted form.
    Text(&'a str),
    /// The bytes of an object identifier.
    Oid(&'a [u8]),
}

impl<'a> Collection<'a> {
    pub(super) fn read(raw: &Raw<'a>, depth: usize) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::CmwForm)?;
        let mut collection = Self { map, collection_type: None, depth };
        let mut is_empty = true;
        for (label, value) in &map {
            match read_label(&label)? {
                IntOrText::Text(TYPE_LABEL) => {
                    collection.collection_type = Some(CollectionType::read(&value)?);
                }
                _ => {
                    Cmw::at_depth(&value, depth.saturating_add(1))?;
                    is_empty = false;
                }
            }
        }
        if is_empty {
            return Err(Error::broken(Rule::CmwCollection, raw.offset()));
        }
        Ok(collection)
    }

    /// Returns what the collection says that it is.
    #[must_use]
    pub const fn collection_type(&self) -> Option<CollectionType<'a>> {
        self.collection_type
    }

    /// Returns the labels and wrappers, in the order in which they came.
    #[must_use]
    pub fn entries(&self) -> Entries<'a> {
        Entries { entries: self.map.iter(), depth: self.depth }
    }

    /// Returns all labels in order, that of the type without a wrapper.
    #[cfg(feature = "json")]
    pub(super) fn members(&self) -> impl Iterator<Item = (IntOrText<'a>, Option<Cmw<'a>>)> {
        let mut entries = self.entries();
        core::iter::from_fn(move || entries.next_member())
    }

    /// Returns the wrapper under `label`.
    #[must_use]
    pub fn find(&self, label: IntOrText<'_>) -> Option<Cmw<'a>> {
        self.entries().find(|(found, _)| *found == label).map(|(_, cmw)| cmw)
    }

    /// Returns the collection as it was received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }
}

impl<'a> CollectionType<'a> {
    fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let read = raw.read(|reader| match reader.item()? {
            Item::Tag(OID_TAG) => reader.bytes().map(|oid| Some(Self::Oid(oid))),
            Item::Bytes(oid) => Ok(Some(Self::Oid(oid))),
            Item::Text(text) => Ok(Some(Self::Text(text))),
            _ => reader.at(raw.bytes().len()).end().map(|()| None),
        });
        match read {
            Ok(Some(Self::Text(text))) if is_uri(text) || is_dotted(text) => Ok(Self::Text(text)),
            Ok(Some(Self::Oid(oid))) if !oid.is_empty() => Ok(Self::Oid(oid)),
            _ => Err(Error::broken(Rule::CmwCollectionType, raw.offset())),
        }
    }
}

/// Iterator over the labels and wrappers of a [`Collection`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    entries: cbor::Entries<'a>,
    depth: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (IntOrText<'a>, Cmw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (label, cmw) = self.next_member()?;
            if let Some(cmw) = cmw {
                return Some((label, cmw));
            }
        }
    }
}

impl<'a> Entries<'a> {
    /// Returns the next label with its wrapper; without one for the label of the type.
    fn next_member(&mut self) -> Option<(IntOrText<'a>, Option<Cmw<'a>>)> {
        let (label, value) = self.entries.next()?;
        let label = read_label(&label).ok()?;
        if label == IntOrText::Text(TYPE_LABEL) {
            return Some((label, None));
        }
        let cmw = Cmw::at_depth(&value, self.depth.saturating_add(1)).ok()?;
        Some((label, Some(cmw)))
    }
}

fn read_label<'a>(raw: &Raw<'a>) -> Result<IntOrText<'a>, Error> {
    match raw.read(|reader| reader.item()) {
        Ok(Item::Int(label)) => Ok(IntOrText::Int(label)),
        Ok(Item::Text(label)) => Ok(IntOrText::Text(label)),
        _ => Err(Error::broken(Rule::CmwLabel, raw.offset())),
    }
}

/// Whether `text` starts with a scheme (RFC 3986 3.1), and has no blanks.
fn is_uri(text: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    text.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether `text` is numbers between dots, two at least.
fn is_dotted(text: &str) -> bool {
    let is_number = |arc: &str| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
    text.contains('.') && text.split('.').all(is_number)
}
