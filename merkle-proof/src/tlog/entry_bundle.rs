//! Entries as a tile log serves them (C2SP tlog-tiles).

use super::tile::WIDTH;
use super::{Error, TileHashes};
use crate::{Rule, TreeHash};

/// An entry bundle as it was received: checked to be of a whole number of entries, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct EntryBundle<'b> {
    entries: &'b [u8],
}

impl<'b> EntryBundle<'b> {
    /// Reads a bundle of `width` entries, the width of its [`Tile`](super::Tile).
    ///
    /// A full bundle stands for a partial one: the entries after the first `width` are left out.
    ///
    /// # Errors
    ///
    /// [`Rule::EntryBundle`].
    pub fn new(bytes: &'b [u8], width: u16) -> Result<Self, Error> {
        let malformed = Error::malformed(Rule::EntryBundle);
        let (mut rest, mut count, mut wanted) = (bytes, 0_u16, 0);
        while !rest.is_empty() {
            let (_, after) = split(rest).ok_or(malformed)?;
            (rest, count) = (after, count.saturating_add(1));
            if count <= width {
                wanted = bytes.len().saturating_sub(rest.len());
            }
        }
        if count == width || (u64::from(count) == WIDTH && count > width) {
            Ok(Self { entries: bytes.get(..wanted).ok_or(malformed)? })
        } else {
            Err(malformed)
        }
    }

    /// Returns the entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = &'b [u8]> + use<'b> {
        let mut rest = self.entries;
        core::iter::from_fn(move || {
            let (entry, after) = split(rest)?;
            rest = after;
            Some(entry)
        })
    }

    /// Checks that these are the entries whose leaf hashes the authenticated tile of level 0 holds.
    ///
    /// # Errors
    ///
    /// [`Rule::EntryHashes`].
    pub fn verify<T: TreeHash>(&self, tree: &T, hashes: &TileHashes<T::Hash>) -> Result<(), Error> {
        let leaves = self.entries().map(|entry| tree.leaf(&[entry]));
        if leaves.eq(hashes.as_slice().iter().copied()) {
            Ok(())
        } else {
            Err(Error::Verification { rule: Rule::EntryHashes })
        }
    }

    /// Appends an entry to a bundle that is being made; `None` where it has more than 65 535 bytes.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn append(bundle: &mut alloc::vec::Vec<u8>, entry: &[u8]) -> Option<()> {
        bundle.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
        bundle.extend_from_slice(entry);
        Some(())
    }
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m92_a_bundle_is_entries_after_their_lengths() {
        let bundle = EntryBundle::new(b"\0\x03one\0\0\0\x01x", 3).unwrap();
        assert!(bundle.entries().eq([&b"one"[..], b"", b"x"]));
        assert_eq!(EntryBundle::new(b"", 0).unwrap().entries().count(), 0);
        for (bytes, width) in [(&b"\0\x03on"[..], 1), (b"\0", 1), (b"\0\0", 2), (b"\0\0\0\0", 1)] {
            let refused = Error::malformed(Rule::EntryBundle);
            assert_eq!(EntryBundle::new(bytes, width).err(), Some(refused));
        }
        // The full bundle stands for a partial one, and no other does.
        let entries: std::vec::Vec<_> = (0..=255_u8).flat_map(|entry| [0, 1, entry]).collect();
        let partial = EntryBundle::new(&entries, 44).unwrap();
        assert_eq!(partial.entries().last(), Some(&[43][..]));
        assert_eq!(partial.entries().count(), 44);
        assert!(EntryBundle::new(&entries[..255 * 3], 44).is_err());
        assert!(EntryBundle::new(&entries, 257).is_err());
    }
}
