//! A log that lives in a store.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::open_tiles::{OpenTiles, partial_tiles};
use super::ready::now;
use super::staged_batch::{self, StagedBatch};
use super::state::State;
use super::{AsyncLogStore, Entry, LogError, LogStore, Object, Swap, Unsigned};
use crate::tlog::{Checkpoint, Note, Tile, TileKind};
use crate::{Rfc9162Tree, Rule, TreeHash, TreeHead, TrustedRoot};

/// So many tiles ready, they are created: what a batch takes in memory beside itself is bounded, and a store can sync the
/// folders of many at once.
const AT_ONCE: usize = 64;

/// A tile log (C2SP tlog-tiles) in a store: the one writer of its tree.
///
/// A batch is staged, committed, written as tiles, published in a signed checkpoint, and then acknowledged. What is
/// acknowledged survives a power cut; what is not can be handed in again and enters the log once. Between batches the log
/// keeps under 4 KiB: the hashes of a [`CompactRange`](crate::CompactRange). What it needs of the tiles it reads
/// again, and checks against these hashes.
///
/// Dropping a future of an asynchronous call is a cut like any other: the log has to be opened again.
pub struct Log<T: TreeHash, S> {
    store: S,
    origin: String,
    state: State<T>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Settled,
    /// Something was begun and not ended.
    Interrupted,
}

/// Where an entry stands, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// It was appended as this leaf.
    Appended(u64),
    /// An entry of its identity was this leaf already.
    Known(u64),
}

impl Acknowledgement {
    /// The leaf index.
    #[must_use]
    pub const fn index(self) -> u64 {
        match self {
            Self::Appended(index) | Self::Known(index) => index,
        }
    }
}

impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: LogStore,
{
    /// Begins a log in a store that has none, and publishes the checkpoint of the empty tree.
    ///
    /// `origin` is its name for good, at most 255 bytes. `sign` makes the signed note of a checkpoint, with the log's
    /// key and with whatever cosignatures readers ask for.
    ///
    /// Asks the store for each of the 256 names that the first tile can have: nothing is signed where one is there.
    ///
    /// # Errors
    ///
    /// [`LogError::Exists`]; [`LogError::StateLost`] where a checkpoint or a tile is public, since a second log of the same
    /// name would fork the first; [`Rule::CheckpointForm`] where the origin is no line.
    pub fn create(
        store: S,
        tree: T,
        origin: &str,
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        now(Self::create_async(store, tree, origin, async |checkpoint: &Checkpoint<'_>| {
            sign(checkpoint)
        }))
    }

    /// Takes up the log of a store, and finishes what an earlier writer was about to do.
    ///
    /// # Errors
    ///
    /// [`LogError::NoLog`]; [`LogError::StateLost`] where there is none any more; [`LogError::Corrupt`], also where the
    /// public checkpoint is ahead of the state, which is the state of an old copy then.
    pub fn open(
        store: S,
        tree: T,
        origin: &str,
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        now(Self::open_async(store, tree, origin, async |checkpoint: &Checkpoint<'_>| {
            sign(checkpoint)
        }))
    }

    /// Appends the entries that the log does not have yet, and tells where each one stands, in the order of `entries`.
    ///
    /// The whole batch is committed at once. It is in memory twice until this returns.
    ///
    /// # Errors
    ///
    /// [`LogError::EntryTooLong`], then nothing happened. After any other error open the log again and hand the entries
    /// in once more.
    pub fn append(
        &mut self,
        entries: &[Entry<'_>],
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Vec<Acknowledgement>, LogError<S::Error>> {
        now(self.append_async(entries, async |checkpoint: &Checkpoint<'_>| sign(checkpoint)))
    }
}

impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: AsyncLogStore,
{
    /// As [`create`](Self::create), in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    pub async fn create_async(
        mut store: S,
        tree: T,
        origin: &str,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        let state = State::new(tree);
        Checkpoint::new(origin, 0, state.range.root())?;
        match without_state(&store).await? {
            LogError::NoLog => {}
            refused => return Err(refused),
        }
        match store.swap(None, &state.encode(origin)?).await.map_err(LogError::Store)? {
            Swap::Won => {}
            Swap::Lost => return Err(LogError::Exists),
        }
        let mut log = Self { store, origin: origin.into(), state, phase: Phase::Settled };
        log.publish(sign).await?;
        Ok(log)
    }

    /// As [`open`](Self::open), in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub async fn open_async(
        store: S,
        tree: T,
        origin: &str,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        let Some(stored) = store.load().await.map_err(LogError::Store)? else {
            return Err(without_state(&store).await?);
        };
        let state = State::decode(tree, origin, &stored)
            .map_err(|rule| LogError::corrupt("state", rule))?;
        let mut log = Self { store, origin: origin.into(), state, phase: Phase::Settled };
        log.refuse_rollback().await?;
        log.apply_staged(&stored).await?;
        log.publish(sign).await?;
        Ok(log)
    }

    /// As [`append`](Self::append), in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`append`](Self::append).
    pub async fn append_async(
        &mut self,
        entries: &[Entry<'_>],
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Vec<Acknowledgement>, LogError<S::Error>> {
        if self.phase == Phase::Interrupted {
            return Err(LogError::Interrupted);
        }
        if let Some(place) =
            entries.iter().position(|entry| u16::try_from(entry.bytes.len()).is_err())
        {
            return Err(LogError::EntryTooLong { place });
        }
        self.phase = Phase::Interrupted;
        let (fresh, acknowledgements) = self.sort_out(entries).await?;
        if !fresh.is_empty() {
            let before = self.state.staged;
            self.commit(&fresh).await?;
            self.publish(sign).await?;
            if let Some(hash) = before {
                let name = staged_batch::name(&hash);
                self.store.remove(&name).await.map_err(LogError::Store)?;
            }
        }
        self.phase = Phase::Settled;
        Ok(acknowledgements)
    }

    /// Which entries are to be appended, and where all will stand.
    async fn sort_out<'e>(
        &self,
        entries: &[Entry<'e>],
    ) -> Result<(Vec<Entry<'e>>, Vec<Acknowledgement>), LogError<S::Error>> {
        let identities: Vec<_> = entries.iter().map(|entry| entry.identity).collect();
        let known = self.store.find(&identities).await.map_err(LogError::Store)?;
        let size = self.state.size();
        if known.len() != entries.len() || known.iter().flatten().any(|index| *index >= size) {
            // Ahead of this writer: either somebody else wrote, or the index is of another log.
            let stored = self.store.load().await.map_err(LogError::Store)?;
            let same = stored == Some(self.state.encode(&self.origin)?);
            let wrong = LogError::corrupt("index", Rule::OneIndex);
            return Err(if same { wrong } else { LogError::Superseded });
        }
        let (mut fresh, mut acknowledgements) = (Vec::new(), Vec::new());
        let mut in_batch = BTreeMap::new();
        for (entry, known) in entries.iter().zip(known) {
            let next = size.saturating_add(u64::try_from(fresh.len()).unwrap_or(u64::MAX));
            let known = known.or_else(|| in_batch.get(&entry.identity).copied());
            acknowledgements.push(match known {
                Some(index) => Acknowledgement::Known(index),
                None => {
                    in_batch.insert(entry.identity, next);
                    fresh.push(*entry);
                    Acknowledgement::Appended(next)
                }
            });
        }
        Ok((fresh, acknowledgements))
    }

    /// Stages the batch, moves the state on, and writes what follows from it.
    async fn commit(&mut self, entries: &[Entry<'_>]) -> Result<(), LogError<S::Error>> {
        let leaves = self.leaves(entries);
        let staged = staged_batch::encode(&self.state.range, entries).unwrap_or_default();
        let hash = self.state.range.tree().leaf(&[&staged]);
        let mut next = self.state.clone();
        next.range.append_leaves(&leaves)?;
        next.staged = Some(hash);
        let (old, new) = (self.state.encode(&self.origin)?, next.encode(&self.origin)?);

        let object = Object { name: &staged_batch::name(&hash), bytes: &staged };
        self.store.create(&[object]).await?;
        match self.store.swap(Some(&old), &new).await.map_err(LogError::Store)? {
            Swap::Won => {}
            // The staged object stays: the winner may have staged the same.
            Swap::Lost => return Err(LogError::Superseded),
        }
        self.state.staged = Some(hash);
        self.apply(entries, &leaves).await
    }

    /// Does again what follows from the last batch that was committed.
    async fn apply_staged(&mut self, stored: &[u8]) -> Result<(), LogError<S::Error>> {
        let Some(hash) = self.state.staged else { return Ok(()) };
        let name = staged_batch::name(&hash);
        let wrong = || LogError::corrupt(&name, Rule::StagedBatch);
        let bytes = self.store.object(&name).await.map_err(LogError::Store)?.ok_or_else(wrong)?;
        let tree = self.state.range.tree().clone();
        if tree.leaf(&[&bytes]) != hash {
            return Err(wrong());
        }
        let batch = StagedBatch::decode(tree, &bytes).ok_or_else(wrong)?;
        let leaves = self.leaves(&batch.entries);
        let mut state = State { range: batch.before.clone(), staged: Some(hash) };
        state.range.append_leaves(&leaves)?;
        if state.encode(&self.origin)? != stored {
            return Err(wrong());
        }
        self.state.range = batch.before;
        self.apply(&batch.entries, &leaves).await
    }

    fn leaves(&self, entries: &[Entry<'_>]) -> Vec<[u8; 32]> {
        let tree = self.state.range.tree();
        let bytes: Vec<_> = entries.iter().map(|entry| entry.bytes).collect();
        let mut leaves = alloc::vec![tree.empty(); entries.len()];
        tree.leaves(&bytes, &mut leaves);
        leaves
    }

    /// Writes tiles and bundles, and then the index; every step can be done twice. The range grows with them.
    async fn apply(
        &mut self,
        entries: &[Entry<'_>],
        leaves: &[[u8; 32]],
    ) -> Result<(), LogError<S::Error>> {
        let start = self.state.size();
        let end = start.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
        let mut tiles = OpenTiles::resumed(start, end);
        // The bundle is compared with the hashes of level 0, so it is last.
        let mut partial: Vec<_> = partial_tiles(start).collect();
        partial.reverse();
        for (level, tile) in partial {
            let name = tile.to_string();
            let rule = if level.is_some() { Rule::StoredTile } else { Rule::StoredEntries };
            let bytes = self.store.object(&name).await.map_err(LogError::Store)?;
            let bytes = bytes.ok_or_else(|| LogError::corrupt(&name, rule))?;
            tiles
                .take_up(&self.state.range, level, &tile, bytes)
                .map_err(|rule| LogError::corrupt(&name, rule))?;
        }
        let mut index = start..end;
        for (entries, leaves) in entries.chunks(256).zip(leaves.chunks(256)) {
            self.state.range.append_leaves_and(leaves, |node, hash| tiles.push_node(node, hash))?;
            for (place, (entry, index)) in entries.iter().zip(index.by_ref()).enumerate() {
                let too_long = |_| LogError::EntryTooLong { place };
                tiles.push_entry(index, entry.bytes).map_err(too_long)?;
            }
            if tiles.done.len() >= AT_ONCE {
                self.create_all(&mut tiles).await?;
            }
        }
        tiles.close();
        self.create_all(&mut tiles).await?;
        let indexed: Vec<_> = entries.iter().map(|entry| entry.identity).zip(start..).collect();
        self.store.insert(&indexed).await.map_err(LogError::Store)
    }

    async fn create_all(&mut self, tiles: &mut OpenTiles) -> Result<(), LogError<S::Error>> {
        let objects: Vec<_> =
            tiles.done.iter().map(|(name, bytes)| Object { name, bytes }).collect();
        self.store.create(&objects).await?;
        tiles.done.clear();
        Ok(())
    }

    /// Publishes the checkpoint of what is committed, if it is not the one that is public.
    async fn publish(
        &mut self,
        mut sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<(), LogError<S::Error>> {
        let root = self.state.range.root();
        let checkpoint = Checkpoint::new(&self.origin, self.state.size(), root)?;
        let text = checkpoint.to_string();
        let says_so =
            |note: &[u8]| Note::parse(note).is_ok_and(|note| note.danger_unverified_text() == text);
        let public = self.store.published().await.map_err(LogError::Store)?;
        if public.is_some_and(|note| says_so(&note)) {
            return Ok(());
        }
        let note = sign(&checkpoint).await?;
        if !says_so(&note) {
            return Err(LogError::OtherNote);
        }
        self.store.publish(&note).await.map_err(LogError::Store)
    }

    /// A state behind the public checkpoint is an old one; to go on from it would fork the log.
    async fn refuse_rollback(&self) -> Result<(), LogError<S::Error>> {
        let Some(public) = self.store.published().await.map_err(LogError::Store)? else {
            return Ok(());
        };
        let head = self.head();
        match public_head(&public, &self.origin) {
            Some(public) if public.size < head.size || public == head => Ok(()),
            _ => Err(LogError::corrupt("checkpoint", Rule::PublishedCheckpoint)),
        }
    }
}

/// Tells what a store is that may have no state: it has one after all, it lost one, or it never had a log.
async fn without_state<S: AsyncLogStore>(
    store: &S,
) -> Result<LogError<S::Error>, LogError<S::Error>> {
    if store.load().await.map_err(LogError::Store)?.is_some() {
        return Ok(LogError::Exists);
    }
    let lost = |name: &str| Ok(LogError::StateLost { name: name.into() });
    if store.published().await.map_err(LogError::Store)?.is_some() {
        return lost("checkpoint");
    }
    // The first tile is there from the first batch on, of the width that the first batch gave it or of a later one.
    for size in 1..=256 {
        let tile = Tile::in_tree(TileKind::Hashes { level: 0 }, 0, size);
        let Some(name) = tile.map(|tile| tile.to_string()) else { continue };
        if store.object(&name).await.map_err(LogError::Store)?.is_some() {
            return lost(&name);
        }
    }
    Ok(LogError::NoLog)
}

/// What a public checkpoint says, whoever signed it.
pub(super) fn public_head(note: &[u8], origin: &str) -> Option<TreeHead<Rfc9162Tree, [u8; 32]>> {
    let note = Note::parse(note).ok()?;
    Checkpoint::parse(note.danger_unverified_text()).ok()?.head(origin).ok()
}

impl<T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>, S> Log<T, S> {
    /// Size and root of what was committed last.
    pub fn head(&self) -> TreeHead<Rfc9162Tree, [u8; 32]> {
        TreeHead::new(self.state.size(), TrustedRoot::vouched_for(self.state.range.root()))
    }

    /// The log's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The store, to read from.
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// Gives the store back, to open the log again for example.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }
}

impl<T: TreeHash, S> fmt::Debug for Log<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("origin", &self.origin)
            .field("range", &self.state.range)
            .finish_non_exhaustive()
    }
}
