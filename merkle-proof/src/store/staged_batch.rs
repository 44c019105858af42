//! What has to be done again after a cut.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::state::{read_range, write_range};
use super::{Entry, Identity};
use crate::{CompactRange, TreeHash};

const FORMAT: &[u8] = b"merkle-proof batch 1\n";

/// A batch as it is staged before it is committed: the tree it follows, and every entry with its identity. Tiles, index
/// and checkpoint follow from it.
pub(super) struct StagedBatch<'b, T: TreeHash> {
    pub(super) before: CompactRange<T>,
    pub(super) entries: Vec<Entry<'b>>,
}

/// The name of the object with this leaf hash.
pub(super) fn name(hash: &[u8; 32]) -> String {
    hash.iter().fold(String::from("staged/"), |mut name, byte| {
        // A String takes everything.
        _ = write!(name, "{byte:02x}");
        name
    })
}

/// `None` where an entry has more than 65 535 bytes.
pub(super) fn encode<T>(before: &CompactRange<T>, entries: &[Entry<'_>]) -> Option<Vec<u8>>
where
    T: TreeHash<Hash = [u8; 32]>,
{
    let mut bytes = Vec::from(FORMAT);
    write_range(before, &mut bytes);
    for entry in entries {
        bytes.extend_from_slice(entry.identity.as_bytes());
        bytes.extend_from_slice(&u16::try_from(entry.bytes.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(entry.bytes);
    }
    Some(bytes)
}

impl<'b, T: TreeHash<Hash = [u8; 32]>> StagedBatch<'b, T> {
    pub(super) fn decode(tree: T, bytes: &'b [u8]) -> Option<Self> {
        let (before, mut rest) = read_range(tree, bytes.strip_prefix(FORMAT)?)?;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let (identity, after) = rest.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (bytes, after) = after.split_at_checked(length)?;
            entries.push(Entry { identity: Identity::new(*identity), bytes });
            rest = after;
        }
        Some(Self { before, entries })
    }
}
