//! What an operator does for a log now and then.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::fsck::stored_state;
use super::open_tiles::OpenTiles;
use super::state::State;
use super::{AsyncLogStore, Log, LogError, LogStore, Object, Swap};
use crate::tlog::ready::now;
use crate::tlog::{EntryBundle, Tile, TileKind, TreeReader};
use crate::{CompactRange, Rfc9162Tree, Rule, Subtree, TreeHash, TreeHead, TreeSize};

impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: LogStore,
{
    /// Removes the partial tiles and bundles in whose place there is a full one, of leaves from
    /// `first_leaf` on, and returns how many (C2SP tlog-tiles, Partial Tiles). Waits until the full
    /// ones are durable.
    ///
    /// Readers of older checkpoints take the full ones. The size that the log has now is what the
    /// next call can begin at.
    ///
    /// # Errors
    ///
    /// Those of the store, and of [`settle`](Self::settle).
    pub fn collect(&mut self, first_leaf: u64) -> Result<u64, LogError<S::Error>> {
        now(self.collect_async(first_leaf))
    }
}

impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: AsyncLogStore,
{
    /// Collects as [`collect`](Self::collect) does, in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`collect`](Self::collect).
    pub async fn collect_async(&mut self, first_leaf: u64) -> Result<u64, LogError<S::Error>> {
        self.settle_async().await?;
        let (size, mut removed) = (self.head().size, 0_u64);
        for level in core::iter::once(None).chain((0..8_u8).map(Some)) {
            let rows = u32::from(level.unwrap_or(0)).saturating_add(1).saturating_mul(8);
            let kind = level.map_or(TileKind::Entries, |level| TileKind::Hashes { level });
            let shifted = |leaves: u64| leaves.checked_shr(rows).unwrap_or(0);
            for index in shifted(first_leaf)..shifted(size) {
                let Some(tile) = Tile::in_tree(kind, index, TreeSize(size)) else { continue };
                let partial = alloc::format!("{tile}.p");
                let names = self.store().list_async(&partial).await.map_err(LogError::Store)?;
                for name in names {
                    self.store_mut().remove_async(&name).await.map_err(LogError::Store)?;
                    removed = removed.saturating_add(1);
                }
            }
        }
        Ok(removed)
    }
}

/// Makes the tiles of a log from its entries again where they are missing or wrong, and returns how
/// many it made. For a store that no log is open on. Entries that are missing or wrong nothing
/// brings back but a copy.
///
/// # Errors
///
/// [`Rule::StoredEntries`] and [`Rule::EntryBundle`] with the bundle that is missing or malformed;
/// [`Rule::StoredRoot`] where the entries are not those of the state.
pub fn repair_tiles<T, S>(store: &mut S, tree: &T, origin: &str) -> Result<u64, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: LogStore,
{
    now(repair_tiles_async(store, tree, origin))
}

/// Repairs tiles as [`repair_tiles`] does, in a store that may have to be waited for.
///
/// # Errors
///
/// Those of [`repair_tiles`].
pub async fn repair_tiles_async<T, S>(
    store: &mut S,
    tree: &T,
    origin: &str,
) -> Result<u64, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let state = stored_state(store, tree, origin).await?;
    let size = state.size();
    // Nothing is written before it is known that the entries are the right ones.
    let mut range = CompactRange::new(tree);
    for index in 0..size.div_ceil(256) {
        let leaves = leaves_of(store, tree, size, index).await?;
        range.append_leaves(&leaves)?;
    }
    if !range.hashes().eq(state.range.hashes()) {
        return Err(LogError::corrupt("state", Rule::StoredRoot));
    }
    let (mut range, mut tiles, mut made) = (CompactRange::new(tree), OpenTiles::new(size), 0_u64);
    for index in 0..size.div_ceil(256) {
        let leaves = leaves_of(store, tree, size, index).await?;
        range.append_leaves_and(&leaves, |node, hash| tiles.push_node(node, hash))?;
        if range.leaves().end() == size {
            tiles.close();
        }
        for (name, bytes) in core::mem::take(&mut tiles.done) {
            if Tile::parse(&name)?.kind() == TileKind::Entries {
                continue;
            }
            let there = store.object_async(&name).await.map_err(LogError::Store)?;
            if there.as_ref() != Some(&bytes) {
                store.replace_async(&[Object { name: &name, bytes: &bytes }]).await?;
                made = made.saturating_add(1);
            }
        }
    }
    store.settle_async().await.map_err(LogError::Store)?;
    store.finish_settling_async().await.map_err(LogError::Store)?;
    Ok(made)
}

/// The leaf hashes of a bundle.
async fn leaves_of<T, S>(
    store: &S,
    tree: &T,
    size: u64,
    index: u64,
) -> Result<Vec<[u8; 32]>, LogError<S::Error>>
where
    T: TreeHash<Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let missing = || LogError::corrupt("state", Rule::LogState);
    let tile = Tile::in_tree(TileKind::Entries, index, TreeSize(size)).ok_or_else(missing)?;
    let name = tile.to_string();
    let bytes = store.object_async(&name).await.map_err(LogError::Store)?;
    let bytes = bytes.ok_or_else(|| LogError::corrupt(&name, Rule::StoredEntries))?;
    let bundle = EntryBundle::new(&bytes, tile.width());
    let bundle = bundle.map_err(|_| LogError::corrupt(&name, Rule::EntryBundle))?;
    Ok(bundle.entries().map(|entry| tree.leaf(&[entry])).collect())
}

/// Makes the state of a log from its tiles again, for a store that lost it. `head` is the newest
/// checkpoint that anybody has, its signature verified: the public one, if no witness or reader
/// knows a newer one.
///
/// What was appended after that checkpoint is not in the log any more, and the tiles of it, if
/// there are some, are in the way: [`Log::append`](Log::append) refuses then and names them. Where
/// the index is lost too, go on with
/// [`rebuild_index`](super::rebuild_index).
///
/// # Errors
///
/// [`LogError::Exists`] where there is a state; [`Rule::PublishedCheckpoint`] where the public
/// checkpoint is newer than `head`; [`Rule::TileMissing`] and [`Rule::TileAuthenticated`] where the
/// tiles do not lead to it.
pub fn restore_state<T, S>(
    store: &mut S,
    tree: &T,
    origin: &str,
    head: &TreeHead<Rfc9162Tree, [u8; 32]>,
) -> Result<(), LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: LogStore,
{
    now(restore_state_async(store, tree, origin, head))
}

/// Restores the state as [`restore_state`] does, in a store that may have to be waited for.
///
/// # Errors
///
/// Those of [`restore_state`].
pub async fn restore_state_async<T, S>(
    store: &mut S,
    tree: &T,
    origin: &str,
    head: &TreeHead<Rfc9162Tree, [u8; 32]>,
) -> Result<(), LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let public = store.published_async().await.map_err(LogError::Store)?;
    if let Some(public) = public {
        let public = super::log::public_head(&public, origin);
        if public.is_none_or(|public| public.size > head.size) {
            return Err(LogError::corrupt("checkpoint", Rule::PublishedCheckpoint));
        }
    }
    let mut hashes = Vec::new();
    if head.size > 0 {
        let mut reader = TreeReader::new(tree, *head, 0);
        let mut fetch = async |tile: &Tile| store.object_async(&tile.to_string()).await;
        hashes = reader.nodes_async(head.size, &mut fetch).await?;
    }
    let range = CompactRange::from_hashes(tree, Subtree::prefix(head.size), hashes)?;
    // No staged batch is needed: what the tiles were not made of is lost.
    let batches = u64::from(head.size > 0);
    let state = State { range, oldest: batches, next: batches, staged: None };
    let encoded = state.encode(origin)?;
    match store.swap_async(None, &encoded).await.map_err(LogError::Store)? {
        Swap::Won => Ok(()),
        Swap::Lost => Err(LogError::Exists),
    }
}
