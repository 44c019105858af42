//! Transparent statements of real services, where the folder of published vectors is there.

#![allow(dead_code)] // Each test file uses its part.

use std::{fs, path::PathBuf};

use testkit::jwk::Jwk;

use crate::keys::OwnedKey;

/// A published transparent statement by a CCF ledger, with the keys of those who signed it.
pub(crate) struct Published {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) issuer: OwnedKey,
    pub(crate) service: OwnedKey,
}

const FILES: [(&str, &str); 4] = [
    ("local-ledger-state-19", "service-8c081047b06d"),
    ("demo-service-es256", "service-fb29ce6d6b37"),
    ("uvm-0-2-10", "service-da7694f16def"),
    ("phi-4-one-service", "service-a7ad3b772951"),
];

/// None where there is no folder of vectors.
pub(crate) fn published() -> Vec<Published> {
    let folder = std::env::var_os("CONFORMANCE_VECTORS").filter(|folder| !folder.is_empty());
    let folder = folder.map_or(PathBuf::from("../shared/vectors"), PathBuf::from);
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = workspace.join(folder).join("scitt");
    let key = |name: String| {
        let json = fs::read(folder.join(name)).ok()?;
        OwnedKey::from_jwk(&Jwk::from_slice(&json).ok()?).ok()
    };
    let read = |(name, service): &(&'static str, &str)| {
        Some(Published {
            name,
            bytes: fs::read(folder.join(format!("{name}.cbor"))).ok()?,
            issuer: key(format!("{name}-issuer.jwk.json"))?,
            service: key(format!("{service}.jwk.json"))?,
        })
    };
    FILES.iter().filter_map(read).collect()
}
