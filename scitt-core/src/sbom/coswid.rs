//! Software identification tags (RFC 9393).

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use cose_ext::cbor::{Array, Limits, Map, Raw, Reader, Strictness, Type};

use super::{Document, DocumentError, DocumentKind, Package, document_error::Member, identifier};
use crate::{Purl, VersionOrder};

/// The tag of a CoSWID (RFC 9393 8).
const TAG: u64 = 1_398_229_316;

/// Keys of the maps (RFC 9393 2.3, 2.9).
mod key {
    pub(super) const TAG_ID: u64 = 0;
    pub(super) const SOFTWARE_NAME: u64 = 1;
    pub(super) const ENTITY: u64 = 2;
    pub(super) const PAYLOAD: u64 = 6;
    pub(super) const SOFTWARE_VERSION: u64 = 13;
    pub(super) const VERSION_SCHEME: u64 = 14;
    pub(super) const DIRECTORY: u64 = 16;
    pub(super) const FILE: u64 = 17;
    pub(super) const FILE_VERSION: u64 = 21;
    pub(super) const FS_NAME: u64 = 24;
    pub(super) const PATH_ELEMENTS: u64 = 26;
    pub(super) const ENTITY_NAME: u64 = 31;
}

/// The version scheme of Semantic Versioning (RFC 9393 4.1).
const SEMVER: u64 = 16384;

/// Files of all depths: a map for each, so as deep as CBOR may be nested here.
const LIMITS: Limits = Limits::DEFAULT.with_items(1 << 20);

pub(super) fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let raw =
        Raw::decode(bytes, 0, Strictness::LENIENT, &LIMITS).map_err(|_| DocumentError::Cbor)?;
    let raw = raw.under_tag(TAG).unwrap_or(raw);
    let map = Map::new(&raw).map_err(|_| DocumentError::Unknown)?;
    let name = map.find(key::SOFTWARE_NAME).and_then(|name| text(&name));
    let (Some(id), Some(name)) = (map.find(key::TAG_ID), name) else {
        return Err(DocumentError::Unknown);
    };
    let id = tag_id(&id).ok_or(DocumentError::Missing(Member("tag-id")))?;
    let mut document = Document::new(DocumentKind::CoSwid, identifier(Some(&id)));
    let version = map.find(key::SOFTWARE_VERSION).and_then(|version| text(&version));
    let mut package = Package::new(name).with_version(version);
    let entity = map.find(key::ENTITY).and_then(|entity| first_entity(&entity));
    package.purl = Purl::of("swid", entity, name, version).ok();
    let scheme = map.find(key::VERSION_SCHEME);
    if scheme.is_some_and(|scheme| scheme.read(Reader::uint) == Ok(SEMVER)) {
        package.order = Some(VersionOrder::SemVer);
    }
    document.packages.push(package);
    if let Some(payload) = map.find(key::PAYLOAD) {
        read_files(&payload, &mut document.packages);
    }
    Ok(document)
}

fn text<'b>(raw: &Raw<'b>) -> Option<&'b str> {
    raw.read(Reader::text).ok()
}

/// A text, or a UUID in 16 bytes.
fn tag_id(raw: &Raw<'_>) -> Option<String> {
    if let Some(text) = text(raw) {
        return Some(text.to_string());
    }
    let bytes: [u8; 16] = raw.read(Reader::bytes).ok()?.try_into().ok()?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let [a, b, c, d, rest @ ..] = bytes;
    let [e, f, g, h, i, j, node @ ..] = rest;
    let parts = [&[a, b, c, d][..], &[e, f], &[g, h], &[i, j], &node];
    let parts: Vec<_> = parts.iter().map(|part| hex(part)).collect();
    Some(format!("urn:uuid:{}", parts.join("-")))
}

/// One map, or an array of at least two.
fn one_or_more<'b>(raw: &Raw<'b>) -> Vec<Raw<'b>> {
    match raw.data_type() {
        Type::Array => Array::new(raw).map(|array| array.iter().collect()).unwrap_or_default(),
        _ => Vec::from([*raw]),
    }
}

fn first_entity<'b>(raw: &Raw<'b>) -> Option<&'b str> {
    let entity = one_or_more(raw).into_iter().next()?;
    Map::new(&entity).ok()?.find(key::ENTITY_NAME).and_then(|name| text(&name))
}

/// Files, and directories of them. A file is listed where it has a version of its own.
fn read_files(payload: &Raw<'_>, packages: &mut Vec<Package>) {
    let mut pending = one_or_more(payload);
    while let Some(raw) = pending.pop() {
        let Ok(map) = Map::new(&raw) else { continue };
        for label in [key::DIRECTORY, key::PATH_ELEMENTS] {
            if let Some(inner) = map.find(label) {
                pending.extend(one_or_more(&inner));
            }
        }
        let files = map.find(key::FILE).map(|files| one_or_more(&files));
        for file in files.unwrap_or_default() {
            let Ok(file) = Map::new(&file) else { continue };
            let (name, version) = (file.find(key::FS_NAME), file.find(key::FILE_VERSION));
            let name = name.and_then(|name| text(&name));
            if let (Some(name), Some(version)) = (name, version.and_then(|version| text(&version)))
            {
                packages.push(Package::new(name).with_version(Some(version)));
            }
        }
    }
}
