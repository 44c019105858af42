//! A log's store, looked through from the entries up.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::derive::derive;
use super::log::public_head;
use super::state::State;
use super::{AsyncLogStore, AsyncObjectStore, Identity, LogError, LogStore, ObjectStore};
use crate::tlog::ready::now;
use crate::tlog::{EntryBundle, Tile, TileKind};
use crate::{Rfc9162Tree, Rule, TreeHash, TreeHead, TreeSize, TrustedRoot};

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

/// Derives every tile, every root and the index of a log from its entries again, and compares.
/// Returns the tree it found.
///
/// Give it a log that nobody is writing to, after it was [opened](super::Log::open): what a cut
/// left undone is not there yet. `identity` tells the identity of an entry, as it was when it was
/// appended: for [`Entry::new`](super::Entry::new), the leaf hash. Partial tiles of earlier sizes
/// and the signatures of the public checkpoint are not looked at.
///
/// # Errors
///
/// [`LogError::Corrupt`] with the first object that is wrong, in the order of the leaves, and the
/// rule that it breaks. Where entries and tile do not agree, the tile above says which of the two
/// is wrong.
pub fn fsck<T, S>(
    store: &S,
    tree: &T,
    origin: &str,
    identity: impl FnMut(&[u8]) -> Identity,
) -> Result<Head, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: LogStore,
{
    now(fsck_async(store, tree, origin, identity))
}

/// Checks a store that may have to be waited for, as [`fsck`] does.
///
/// # Errors
///
/// Those of [`fsck`].
pub async fn fsck_async<T, S>(
    store: &S,
    tree: &T,
    origin: &str,
    mut identity: impl FnMut(&[u8]) -> Identity,
) -> Result<Head, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let state = stored_state(store, tree, origin).await?;
    let wrong = || LogError::corrupt("checkpoint", Rule::PublishedCheckpoint);
    let public = store.published_async().await.map_err(LogError::Store)?.ok_or_else(wrong)?;
    let public = public_head(&public, origin).ok_or_else(wrong)?;
    let index = async |first: u64, bundle: &EntryBundle<'_>| {
        let identities = bundle.entries().map(&mut identity).zip(first..).collect::<Vec<_>>();
        compare_index(store, &identities).await
    };
    let known = state.range.hashes().copied().collect();
    let (range, public_root) =
        derive(store, tree, state.size(), Some(known), public.size, index).await?;
    // All entries were found in the index: more of them than entries is an entry that was never
    // logged.
    if store.count_async().await.map_err(LogError::Store)? != state.size() {
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

/// Derives every tile that a public checkpoint needs from the entries again, and compares: of a log
/// that is running, a mirror, or somebody else's. Returns the tree of the checkpoint, whose
/// signatures are not looked at.
///
/// # Errors
///
/// As [`fsck`]; [`Rule::PublishedCheckpoint`] where there is no checkpoint of this log, or the
/// entries lead to another root.
pub fn fsck_public<T, S>(store: &S, tree: &T, origin: &str) -> Result<Head, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: ObjectStore,
{
    now(fsck_public_async(store, tree, origin))
}

/// Checks a store that may have to be waited for, as [`fsck_public`] does.
///
/// # Errors
///
/// Those of [`fsck_public`].
pub async fn fsck_public_async<T, S>(
    store: &S,
    tree: &T,
    origin: &str,
) -> Result<Head, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncObjectStore,
{
    let wrong = || LogError::corrupt("checkpoint", Rule::PublishedCheckpoint);
    let public = store.published_async().await.map_err(LogError::Store)?.ok_or_else(wrong)?;
    let public = public_head(&public, origin).ok_or_else(wrong)?;
    let nothing = async |_: u64, _: &EntryBundle<'_>| Ok(());
    let (range, _) = derive(store, tree, public.size, None, public.size, nothing).await?;
    if range.root() == *public.root.hash() { Ok(public) } else { Err(wrong()) }
}

/// What the lock of a store holds.
pub(super) async fn stored_state<'t, T, S>(
    store: &S,
    tree: &'t T,
    origin: &str,
) -> Result<State<&'t T>, LogError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    S: AsyncLogStore,
{
    let stored = store.load_async().await.map_err(LogError::Store)?.ok_or(LogError::NoLog)?;
    let state = State::decode(tree, origin, &stored);
    state.map_err(|rule| LogError::corrupt("state", rule))
}

async fn compare_index<S: AsyncLogStore>(
    store: &S,
    identities: &[(Identity, u64)],
) -> Result<(), LogError<S::Error>> {
    let asked: Vec<_> = identities.iter().map(|(identity, _)| *identity).collect();
    let found = store.find_async(&asked).await.map_err(LogError::Store)?;
    if found.into_iter().eq(identities.iter().map(|(_, index)| Some(*index))) {
        Ok(())
    } else {
        Err(LogError::corrupt("index", Rule::OneIndex))
    }
}

/// Makes the index of a log from its entries again, for a store whose index was lost.
///
/// # Errors
///
/// [`LogError::Corrupt`] where a bundle is missing or malformed. [`fsck`] says whether it is the
/// right one.
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

/// Makes the index anew in a store that may have to be waited for, as [`rebuild_index`] does.
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
    let state = stored_state(store, tree, origin).await?;
    let mut leaves = 0..state.size();
    for index in 0..state.size().div_ceil(256) {
        let tile = Tile::in_tree(TileKind::Entries, index, TreeSize(state.size()));
        let Some(tile) = tile else { break };
        let name = tile.to_string();
        let wrong = |rule| LogError::corrupt(&name, rule);
        let bytes = store.object_async(&name).await.map_err(LogError::Store)?;
        let bytes = bytes.ok_or_else(|| wrong(Rule::StoredEntries))?;
        let bundle = EntryBundle::new(&bytes, tile.width());
        let bundle = bundle.map_err(|_| wrong(Rule::EntryBundle))?;
        let entries: Vec<_> = bundle.entries().map(&mut identity).zip(leaves.by_ref()).collect();
        store.insert_async(&entries).await.map_err(LogError::Store)?;
    }
    store.settle_async().await.map_err(LogError::Store)?;
    store.finish_settling_async().await.map_err(LogError::Store)
}
