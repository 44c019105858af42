//! The tiles at the right border of a tree that grows.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::tlog::{EntryBundle, Tile, TileKind};
use crate::{CompactRange, Node, Rfc9162Tree, Rule, TreeHash, TreeSize};

/// Tiles that are not full yet, and those that became so.
pub(super) struct OpenTiles {
    /// The size they were begun with.
    start: u64,
    /// The size they are led to.
    end: u64,
    bundle: Vec<u8>,
    rows: [Vec<[u8; 32]>; 8],
    /// Names and bytes of what is ready to be created.
    pub(super) done: Vec<(String, Vec<u8>)>,
}

/// The partial tiles of a tree, with their levels; the entries have none.
pub(super) fn partial_tiles(size: u64) -> impl Iterator<Item = (Option<u8>, Tile)> {
    let levels = core::iter::once(None).chain((0..8_u8).map(Some));
    levels.filter_map(move |level| {
        let kind = level.map_or(TileKind::Entries, |level| TileKind::Hashes { level });
        let tile = Tile::in_tree(kind, row(size, level).checked_div(256)?, TreeSize(size))?;
        tile.is_partial().then_some((level, tile))
    })
}

/// The hashes of a stored tile, if it has as many as it is wide.
pub(super) fn hashes(bytes: &[u8], tile: &Tile) -> Option<Vec<[u8; 32]>> {
    let whole = bytes.len() == usize::from(tile.width()).checked_mul(32)?;
    let hashes = bytes.chunks_exact(32).map(|hash| hash.try_into().ok());
    if whole { hashes.collect() } else { None }
}

/// How many hashes a row of tiles has.
fn row(size: u64, level: Option<u8>) -> u64 {
    size.checked_shr(u32::from(level.unwrap_or(0)).saturating_mul(8)).unwrap_or(0)
}

impl OpenTiles {
    /// Nothing yet, of a tree without leaves that is led to `end`.
    pub(super) fn new(end: u64) -> Self {
        Self { start: 0, end, bundle: Vec::new(), rows: Default::default(), done: Vec::new() }
    }

    /// Goes on from a tree of `start` leaves, whose partial tiles are [taken up](Self::take_up).
    pub(super) fn resumed(start: u64, end: u64) -> Self {
        Self { start, ..Self::new(end) }
    }

    /// Takes a partial tile as it was stored, if it leads to the tree's own hashes; entries come
    /// after level 0.
    ///
    /// # Errors
    ///
    /// [`Rule::StoredTile`]; [`Rule::StoredEntries`].
    pub(super) fn take_up<T>(
        &mut self,
        range: &CompactRange<T>,
        level: Option<u8>,
        tile: &Tile,
        bytes: Vec<u8>,
    ) -> Result<(), Rule>
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    {
        let Some(level) = level else {
            let bundle = EntryBundle::new(&bytes, tile.width()).map_err(|_| Rule::StoredEntries)?;
            let leaves = bundle.entries().map(|entry| range.tree().leaf(&[entry]));
            let [row, ..] = &self.rows;
            if !leaves.eq(row.iter().copied()) {
                return Err(Rule::StoredEntries);
            }
            self.bundle = bytes;
            return Ok(());
        };
        let hashes = hashes(&bytes, tile).ok_or(Rule::StoredTile)?;
        // The tile is a small tree, whose nodes are the range's of these eight rows.
        let mut small = CompactRange::new(range.tree());
        small.append_leaves(&hashes).map_err(|_| Rule::StoredTile)?;
        let nodes: Vec<_> = range.leaves().nodes().collect();
        let held = nodes.iter().rev().zip(range.hashes());
        let held = held
            .filter(|(node, _)| node.level.checked_div(8) == Some(u32::from(level)))
            .map(|(_, hash)| hash);
        if !held.eq(small.hashes()) {
            return Err(Rule::StoredTile);
        }
        let row = self.rows.get_mut(usize::from(level)).ok_or(Rule::StoredTile)?;
        *row = hashes;
        Ok(())
    }

    /// A node that was completed, in the order in which they are.
    pub(super) fn push_node(&mut self, node: Node, hash: &[u8; 32]) {
        let level = node.level.checked_div(8).and_then(|level| u8::try_from(level).ok());
        let Some(level) = level.filter(|_| node.level.is_multiple_of(8)) else { return };
        let Some(row) = self.rows.get_mut(usize::from(level)) else { return };
        row.push(*hash);
        if row.len() == 256 {
            let bytes = row.concat();
            row.clear();
            self.finish(TileKind::Hashes { level }, node.index.checked_div(256), bytes);
        }
    }

    /// The entry of leaf `index`, in their order.
    ///
    /// # Errors
    ///
    /// [`Rule::EntryBundle`] where it has more than 65 535 bytes.
    pub(super) fn push_entry(&mut self, index: u64, entry: &[u8]) -> Result<(), Rule> {
        EntryBundle::append(&mut self.bundle, entry).ok_or(Rule::EntryBundle)?;
        if index.checked_rem(256) == Some(255) {
            // The next one is likely to be about as long.
            let next = Vec::with_capacity(self.bundle.len());
            let bytes = core::mem::replace(&mut self.bundle, next);
            self.finish(TileKind::Entries, index.checked_div(256), bytes);
        }
        Ok(())
    }

    /// The tiles that stay partial at the end, where they are others than at the start.
    pub(super) fn close(&mut self) {
        let start = self.start;
        for (level, tile) in partial_tiles(self.end) {
            let bytes = match level {
                None => core::mem::take(&mut self.bundle),
                Some(level) => {
                    self.rows.get(usize::from(level)).map_or_else(Vec::new, |row| row.concat())
                }
            };
            if row(start, level) != row(self.end, level) {
                self.done.push((tile.to_string(), bytes));
            }
        }
    }

    fn finish(&mut self, kind: TileKind, index: Option<u64>, bytes: Vec<u8>) {
        let tile = index.and_then(|index| Tile::in_tree(kind, index, TreeSize(self.end)));
        self.done.extend(tile.map(|tile| (tile.to_string(), bytes)));
    }
}
