//! What has to be done again after a cut.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::state::{read_range, write_range};
use super::{Entry, Identity};
use crate::{CompactRange, TreeHash};

const FORMAT: &[u8] = b"merkle-proof batch 2\n";

/// A batch as it is staged before it is committed: the tree it follows, and every entry with its
/// identity. Tiles, index and checkpoint follow from it.
///
/// Stored it is, in this order: the format's name; the length of all that follows the seal, in
/// eight bytes; the seal; the sequence number in eight; the seal of the batch before, zeros where
/// that is not needed; the range; and the entries, each with its identity and its length in two
/// bytes. The seal is a hash over all of it, the entries by their leaf hashes, so that whatever a
/// cut left of a batch is taken for no other.
pub(super) struct StagedBatch<'b, T: TreeHash> {
    pub(super) before: CompactRange<T>,
    pub(super) entries: Vec<Entry<'b>>,
    pub(super) leaves: Vec<[u8; 32]>,
    pub(super) previous: [u8; 32],
}

/// The name of the object with this seal.
pub(super) fn name(seal: &[u8; 32]) -> String {
    seal.iter().fold(String::from("staged/"), |mut name, byte| {
        // A String takes everything.
        _ = write!(name, "{byte:02x}");
        name
    })
}

/// The hashes of entries, in their order.
pub(super) fn leaves<T>(tree: &T, entries: &[Entry<'_>]) -> Vec<[u8; 32]>
where
    T: TreeHash<Hash = [u8; 32]>,
{
    let bytes: Vec<_> = entries.iter().map(|entry| entry.bytes).collect();
    let mut leaves = alloc::vec![tree.empty(); entries.len()];
    tree.leaves(&bytes, &mut leaves);
    leaves
}

fn seal<T>(tree: &T, head: &[u8], entries: &[Entry<'_>], leaves: &[[u8; 32]]) -> [u8; 32]
where
    T: TreeHash<Hash = [u8; 32]>,
{
    let mut sealed = Vec::from(head);
    for (entry, leaf) in entries.iter().zip(leaves) {
        sealed.extend_from_slice(entry.identity.as_bytes());
        sealed.extend_from_slice(leaf);
    }
    tree.leaf(&[&sealed])
}

/// A batch that is about to be staged, in parts: the entries stay where they are.
pub(super) struct Staging<'e> {
    pub(super) seal: [u8; 32],
    head: Vec<u8>,
    /// Identity and length of each entry.
    heads: Vec<[u8; 34]>,
    entries: &'e [Entry<'e>],
}

impl<'e> Staging<'e> {
    /// `None` where an entry has more than 65 535 bytes.
    pub(super) fn new<T>(
        before: &CompactRange<T>,
        sequence: u64,
        previous: Option<[u8; 32]>,
        entries: &'e [Entry<'e>],
        leaves: &[[u8; 32]],
    ) -> Option<Self>
    where
        T: TreeHash<Hash = [u8; 32]>,
    {
        let mut sealed = Vec::from(sequence.to_be_bytes());
        sealed.extend_from_slice(&previous.unwrap_or_default());
        write_range(before, &mut sealed);
        let seal = seal(before.tree(), &sealed, entries, leaves);
        let length = entries.iter().try_fold(sealed.len(), |length, entry| {
            length.checked_add(34)?.checked_add(entry.bytes.len())
        })?;
        let mut head = Vec::from(FORMAT);
        head.extend_from_slice(&u64::try_from(length).ok()?.to_be_bytes());
        head.extend_from_slice(&seal);
        head.extend_from_slice(&sealed);
        let mut heads = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut of_entry = [0; 34];
            let (identity, length) = of_entry.split_first_chunk_mut::<32>()?;
            *identity = *entry.identity.as_bytes();
            length.copy_from_slice(&u16::try_from(entry.bytes.len()).ok()?.to_be_bytes());
            heads.push(of_entry);
        }
        Some(Self { seal, head, heads, entries })
    }

    pub(super) fn parts(&self) -> Vec<&[u8]> {
        let entries = self.heads.iter().zip(self.entries);
        let entries = entries.flat_map(|(head, entry)| [&head[..], entry.bytes]);
        core::iter::once(&self.head[..]).chain(entries).collect()
    }
}

impl<'b, T: TreeHash<Hash = [u8; 32]>> StagedBatch<'b, T> {
    /// The batch of this number and seal, with whatever after it.
    pub(super) fn decode(
        tree: T,
        bytes: &'b [u8],
        sequence: u64,
        expected: &[u8; 32],
    ) -> Option<Self> {
        let (length, rest) = bytes.strip_prefix(FORMAT)?.split_first_chunk()?;
        let (_, rest) = rest.split_first_chunk::<32>()?;
        let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
        let all = rest.get(..length)?;
        let (number, rest) = all.split_first_chunk()?;
        let (previous, rest) = rest.split_first_chunk::<32>()?;
        let (before, mut rest) = read_range(tree, rest)?;
        let head = all.get(..all.len().checked_sub(rest.len())?)?;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let (identity, after) = rest.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (bytes, after) = after.split_at_checked(length)?;
            entries.push(Entry { identity: Identity::new(*identity), bytes });
            rest = after;
        }
        let leaves = leaves(before.tree(), &entries);
        let found = seal(before.tree(), head, &entries, &leaves);
        let same = u64::from_be_bytes(*number) == sequence && found == *expected;
        same.then_some(Self { before, entries, leaves, previous: *previous })
    }
}

#[cfg(all(test, feature = "rustcrypto"))]
mod tests {
    use super::*;
    use crate::Sha256Tree;

    #[test]
    fn m109_a_batch_is_read_as_it_was_staged_or_not_at_all() {
        let mut before = CompactRange::new(Sha256Tree);
        (0..3_u8).for_each(|entry| _ = before.append(&[&[entry]]));
        let entries = [&b"one"[..], b"", b"three"].map(|bytes| Entry::new(&Sha256Tree, bytes));
        let hashes = leaves(&Sha256Tree, &entries);
        let staging = Staging::new(&before, 4, Some([9; 32]), &entries, &hashes).unwrap();
        let (bytes, seal) = (staging.parts().concat(), staging.seal);
        let decode = |bytes: &[u8], sequence, seal| {
            let batch = StagedBatch::decode(Sha256Tree, bytes, sequence, seal)?;
            Some((batch.leaves, batch.previous, batch.before.root()))
        };
        let read = Some((hashes, [9; 32], before.root()));
        assert_eq!(decode(&bytes, 4, &seal), read);
        assert_eq!(decode(&[&bytes[..], b"of a longer one"].concat(), 4, &seal), read);
        assert_eq!(decode(&bytes, 5, &seal), None);
        assert_eq!(decode(&bytes, 4, &[0; 32]), None);
        for byte in 0..bytes.len() {
            assert_eq!(decode(&bytes[..byte], 4, &seal), None);
            let mut changed = bytes.clone();
            changed[byte] ^= 1;
            // The seal within is for people.
            let within = FORMAT.len() + 8..FORMAT.len() + 40;
            assert_eq!(decode(&changed, 4, &seal).is_some(), within.contains(&byte), "{byte}");
        }
    }
}
