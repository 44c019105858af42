//! Tiles, derived from the entries again.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::open_tiles::{OpenTiles, hashes};
use super::{AsyncObjectStore, LogError};
use crate::tlog::{EntryBundle, Tile, TileKind};
use crate::{CompactRange, Rfc9162Tree, Rule, TreeHash, TreeSize};

/// Reads the entries of a tree of `size` leaves, derives every tile from them, and compares with
/// those that are stored.
///
/// `at_bundle` sees the index of the first entry and the bundle, after its tiles were compared.
/// `known` are the tree's nodes as they should be, left to right, where that is known: they help to
/// say whether entries or tile are wrong. Returns the tree, and its root when it had `noted`
/// leaves.
pub(super) async fn derive<'t, T, S>(
    store: &S,
    tree: &'t T,
    size: u64,
    known: Option<Vec<[u8; 32]>>,
    noted: u64,
    mut at_bundle: impl AsyncFnMut(u64, &EntryBundle<'_>) -> Result<(), LogError<S::Error>>,
) -> Result<(CompactRange<&'t T>, Option<[u8; 32]>), LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncObjectStore,
{
    let mut check = Derived { store, tree, size, known, tiles: OpenTiles::new(size) };
    let mut range = CompactRange::new(tree);
    let mut noted_root = (noted == 0).then(|| range.root());
    for index in 0..size.div_ceil(256) {
        let Some(tile) = Tile::in_tree(TileKind::Entries, index, TreeSize(size)) else { break };
        let bytes = check.object(&tile, Rule::StoredEntries).await?;
        let bundle = EntryBundle::new(&bytes, tile.width());
        let bundle = bundle.map_err(|_| LogError::corrupt(&tile.to_string(), Rule::EntryBundle))?;
        let first = range.leaves().end();
        for entry in bundle.entries() {
            let leaf = tree.leaf(&[entry]);
            range.append_leaf_and(leaf, |node, hash| check.tiles.push_node(node, hash))?;
            if range.leaves().end() == noted {
                noted_root = Some(range.root());
            }
        }
        if range.leaves().end() == size {
            check.tiles.close();
        }
        check.compare_done().await?;
        at_bundle(first, &bundle).await?;
    }
    Ok((range, noted_root))
}

struct Derived<'f, T: TreeHash, S> {
    store: &'f S,
    tree: &'f T,
    size: u64,
    known: Option<Vec<[u8; 32]>>,
    tiles: OpenTiles,
}

impl<T, S> Derived<'_, T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncObjectStore,
{
    /// The bytes of a tile; of the full one where a partial one is not there any more.
    async fn object(&self, tile: &Tile, rule: Rule) -> Result<Vec<u8>, LogError<S::Error>> {
        for tile in [*tile, tile.full()] {
            let bytes = self.store.object_async(&tile.to_string()).await;
            if let Some(bytes) = bytes.map_err(LogError::Store)? {
                return Ok(bytes);
            }
        }
        Err(LogError::corrupt(&tile.to_string(), rule))
    }

    async fn compare_done(&mut self) -> Result<(), LogError<S::Error>> {
        let mut done = core::mem::take(&mut self.tiles.done);
        // From the leaves up. The bundles are what all was derived from.
        done.sort_by_key(|(name, _)| Tile::parse(name).map_or(0, |tile| level(&tile)));
        for (name, derived) in done {
            let tile = Tile::parse(&name)?;
            if tile.kind() == TileKind::Entries {
                continue;
            }
            let stored = self.object(&tile, Rule::StoredTile).await?;
            let begins = stored.len() == 256 * 32 && stored.starts_with(&derived);
            if stored != derived && !begins {
                return Err(self.blame(&tile, &stored).await?);
            }
        }
        Ok(())
    }

    /// A tile of level 0 whose hashes lead to what is above it is right, so its entries are not.
    async fn blame(
        &self,
        tile: &Tile,
        stored: &[u8],
    ) -> Result<LogError<S::Error>, LogError<S::Error>> {
        let wrong = LogError::corrupt(&tile.to_string(), Rule::StoredTile);
        let entries = Tile::in_tree(TileKind::Entries, tile.index(), TreeSize(self.size));
        let (Some(entries), 0, Some(hashes)) = (entries, level(tile), hashes(stored, tile)) else {
            return Ok(wrong);
        };
        let mut small = CompactRange::new(self.tree);
        small.append_leaves(&hashes)?;
        let agrees = if tile.is_partial() {
            // Its nodes are the lowest of the state.
            let Some(known) = &self.known else { return Ok(wrong) };
            let low = small.hashes().count();
            small.hashes().eq(known.iter().skip(known.len().saturating_sub(low)))
        } else {
            let above = tile.index().checked_div(256);
            let above = above.and_then(|index| {
                Tile::in_tree(TileKind::Hashes { level: 1 }, index, TreeSize(self.size))
            });
            let Some(above) = above else { return Ok(wrong) };
            let bytes = self.object(&above, Rule::StoredTile).await?;
            let place = tile.index().checked_rem(256).and_then(|place| usize::try_from(place).ok());
            place.and_then(|place| bytes.chunks_exact(32).nth(place)) == Some(&small.root()[..])
        };
        let name = entries.to_string();
        Ok(if agrees { LogError::corrupt(&name, Rule::StoredEntries) } else { wrong })
    }
}

fn level(tile: &Tile) -> u8 {
    match tile.kind() {
        TileKind::Hashes { level } => level,
        TileKind::Entries => 0,
    }
}
