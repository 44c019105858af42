//! A log's store, looked through from the entries up.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::log::public_head;
use super::open_tiles::{OpenTiles, hashes};
use super::ready::now;
use super::state::State;
use super::{AsyncLogStore, Identity, LogError, LogStore};
use crate::tlog::{EntryBundle, Tile, TileKind};
use crate::{CompactRange, Rfc9162Tree, Rule, TreeHash, TreeHead, TrustedRoot};

/// Derives every tile, every root and the index of a log from its entries again, and compares. Returns the tree it found.
///
/// Give it a log that nobody is writing to, after it was [opened](super::Log::open): what a cut left undone is not there
/// yet. `identity` tells the identity of an entry, as it was when it was appended: for
/// [`Entry::new`](super::Entry::new), the leaf hash. Partial tiles of earlier sizes and the signatures of the public checkpoint are not
/// looked at.
///
/// # Errors
///
/// [`LogError::Corrupt`] with the first object that is wrong, in the order of the leaves, and the rule that it breaks.
/// Where entries and tile do not agree, the tile above says which of the two is wrong.
pub fn fsck<T, S>(
    store: &S,
    tree: &T,
    origin: &str,
    identity: impl FnMut(&[u8]) -> Identity,
) -> Result<TreeHead<Rfc9162Tree, [u8; 32]>, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: LogStore,
{
    now(fsck_async(store, tree, origin, identity))
}

/// As [`fsck`], of a store that may have to be waited for.
///
/// # Errors
///
/// Those of [`fsck`].
pub async fn fsck_async<T, S>(
    store: &S,
    tree: &T,
    origin: &str,
    mut identity: impl FnMut(&[u8]) -> Identity,
) -> Result<TreeHead<Rfc9162Tree, [u8; 32]>, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let stored = store.load().await.map_err(LogError::Store)?.ok_or(LogError::NoLog)?;
    let state = State::decode(tree, origin, &stored);
    let state = state.map_err(|rule| LogError::corrupt("state", rule))?;
    let wrong = || LogError::corrupt("checkpoint", Rule::PublishedCheckpoint);
    let public = store.published().await.map_err(LogError::Store)?.ok_or_else(wrong)?;
    let public = public_head(&public, origin).ok_or_else(wrong)?;

    let mut check = Fsck { store, state: &state, tiles: OpenTiles::new(state.size()) };
    let mut range = CompactRange::new(tree);
    let mut public_root = (public.size == 0).then(|| range.root());
    for index in 0..state.size().div_ceil(256) {
        let tile = Tile::in_tree(TileKind::Entries, index, state.size());
        let Some(tile) = tile else { break };
        let bytes = check.object(&tile, Rule::StoredEntries).await?;
        let bundle = EntryBundle::new(&bytes, tile.width());
        let bundle = bundle.map_err(|_| LogError::corrupt(&tile.to_string(), Rule::EntryBundle))?;
        let mut identities = Vec::new();
        for entry in bundle.entries() {
            let leaf = tree.leaf(&[entry]);
            let at = range.append_leaf_and(leaf, |node, hash| check.tiles.push_node(node, hash))?;
            identities.push((identity(entry), at));
            if range.leaves().end() == public.size {
                public_root = Some(range.root());
            }
        }
        if range.leaves().end() == state.size() {
            check.tiles.close();
        }
        check.compare_done().await?;
        check.compare_index(&identities).await?;
    }
    // All entries were found in the index: more of them than entries is an entry that was never logged.
    if store.count().await.map_err(LogError::Store)? != state.size() {
        return Err(LogError::corrupt("index", Rule::OneIndex));
    }
    if !range.hashes().eq(state.range.hashes()) {
        return Err(LogError::corrupt("state", Rule::StoredRoot));
    }
    if public_root != Some(*public.root.hash()) {
        return Err(wrong());
    }
    Ok(TreeHead::new(state.size(), TrustedRoot::vouched_for(range.root())))
}

struct Fsck<'f, T: TreeHash, S> {
    store: &'f S,
    state: &'f State<T>,
    tiles: OpenTiles,
}

impl<T, S> Fsck<'_, T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    async fn object(&self, tile: &Tile, rule: Rule) -> Result<Vec<u8>, LogError<S::Error>> {
        let name = tile.to_string();
        let bytes = self.store.object(&name).await.map_err(LogError::Store)?;
        bytes.ok_or_else(|| LogError::corrupt(&name, rule))
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
            if stored != derived {
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
        let entries = Tile::in_tree(TileKind::Entries, tile.index(), self.state.size());
        let (Some(entries), 0, Some(hashes)) = (entries, level(tile), hashes(stored, tile)) else {
            return Ok(wrong);
        };
        let mut small = CompactRange::new(self.state.range.tree());
        small.append_leaves(&hashes)?;
        let agrees = if tile.is_partial() {
            // Its nodes are the lowest of the state.
            let (all, low) = (self.state.range.hashes().count(), small.hashes().count());
            small.hashes().eq(self.state.range.hashes().skip(all.saturating_sub(low)))
        } else {
            let above = tile.index().checked_div(256);
            let above = above.and_then(|index| {
                Tile::in_tree(TileKind::Hashes { level: 1 }, index, self.state.size())
            });
            let Some(above) = above else { return Ok(wrong) };
            let bytes = self.object(&above, Rule::StoredTile).await?;
            let place = tile.index().checked_rem(256).and_then(|place| usize::try_from(place).ok());
            place.and_then(|place| bytes.chunks_exact(32).nth(place)) == Some(&small.root()[..])
        };
        let name = entries.to_string();
        Ok(if agrees { LogError::corrupt(&name, Rule::StoredEntries) } else { wrong })
    }

    async fn compare_index(
        &self,
        identities: &[(Identity, u64)],
    ) -> Result<(), LogError<S::Error>> {
        let asked: Vec<_> = identities.iter().map(|(identity, _)| *identity).collect();
        let found = self.store.find(&asked).await.map_err(LogError::Store)?;
        if found.into_iter().eq(identities.iter().map(|(_, index)| Some(*index))) {
            Ok(())
        } else {
            Err(LogError::corrupt("index", Rule::OneIndex))
        }
    }
}

/// Makes the index of a log from its entries again, for a store whose index was lost.
///
/// # Errors
///
/// [`LogError::Corrupt`] where a bundle is missing or malformed. Whether it is the right one is for [`fsck`] to say.
pub fn rebuild_index<T, S>(
    store: &mut S,
    tree: &T,
    origin: &str,
    identity: impl FnMut(&[u8]) -> Identity,
) -> Result<(), LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: LogStore,
{
    now(rebuild_index_async(store, tree, origin, identity))
}

/// As [`rebuild_index`], in a store that may have to be waited for.
///
/// # Errors
///
/// Those of [`rebuild_index`].
pub async fn rebuild_index_async<T, S>(
    store: &mut S,
    tree: &T,
    origin: &str,
    mut identity: impl FnMut(&[u8]) -> Identity,
) -> Result<(), LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let stored = store.load().await.map_err(LogError::Store)?.ok_or(LogError::NoLog)?;
    let state = State::decode(tree, origin, &stored);
    let state = state.map_err(|rule| LogError::corrupt("state", rule))?;
    let mut leaves = 0..state.size();
    for index in 0..state.size().div_ceil(256) {
        let tile = Tile::in_tree(TileKind::Entries, index, state.size());
        let Some(tile) = tile else { break };
        let name = tile.to_string();
        let wrong = |rule| LogError::corrupt(&name, rule);
        let bytes = store.object(&name).await.map_err(LogError::Store)?;
        let bytes = bytes.ok_or_else(|| wrong(Rule::StoredEntries))?;
        let bundle = EntryBundle::new(&bytes, tile.width());
        let bundle = bundle.map_err(|_| wrong(Rule::EntryBundle))?;
        let entries: Vec<_> = bundle.entries().map(&mut identity).zip(leaves.by_ref()).collect();
        store.insert(&entries).await.map_err(LogError::Store)?;
    }
    Ok(())
}

fn level(tile: &Tile) -> u8 {
    match tile.kind() {
        TileKind::Hashes { level } => level,
        TileKind::Entries => 0,
    }
}
