//! How a log grows.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Acknowledgement, Held, Log, Phase};
use crate::store::open_tiles::{OpenTiles, hashes, partial_tiles};
use crate::store::staged_batch::Staging;
use crate::store::state::State;
use crate::store::{
    AsyncLogStore, CreateError, Entry, LogError, Object, Swap, Unsigned, staged_batch,
};
use crate::tlog::{Checkpoint, Tile, TileKind};
use crate::{Rfc9162Tree, Rule, TreeHash, TreeSize};

/// So many tiles ready, they are created: what a batch takes in memory beside itself is bounded,
/// and small enough to be in a processor's cache still.
const AT_ONCE: usize = 8;
/// So much staged, what follows from it is begun to be made durable.
const DUE: usize = 128 << 20;
/// So much staged, that is waited for: what a restart has to do again is bounded, and so is the
/// part of the index that is in memory.
const MOST: usize = 256 << 20;

/// What a staged batch counts: its bytes, and for each entry what a store keeps of it meanwhile.
pub(super) fn weight(bytes: usize, entries: usize) -> usize {
    bytes.saturating_add(entries.saturating_mul(256))
}

/// Why tiles are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// Their batch has just been committed: nobody else wrote them.
    First,
    /// A cut may have left them away or torn them.
    Again,
}

// The order of writes is what survives a cut: 1. the batch is staged and durable; 2. the state
// moves on, by compare and swap, and the batch is committed; 3. tiles, bundles and index are
// written; 4. the checkpoint is published; 5. the caller is told.
//
// Invariant: before step 2 nothing refers to the batch, so a cut leaves the old log. After step 2
// everything else follows from the state and the staged batch, so a cut leaves work that `recover`
// does again. Nobody is told of an entry, and no reader sees it, before it is committed.
//
// Cost: one walk over the entries of the batch, which is in memory twice; for each entry that is
// known already, a read of its tile.
impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: AsyncLogStore,
{
    /// Appends entries as [`append`](Self::append) does, in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`append`](Self::append).
    pub async fn append_async(
        &mut self,
        entries: &[Entry<'_>],
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Vec<Acknowledgement>, LogError<S::Error>> {
        // A call that did not end may have committed: only opening the log again tells.
        if self.phase == Phase::Interrupted {
            return Err(LogError::Interrupted);
        }
        if let Some(place) =
            entries.iter().position(|entry| u16::try_from(entry.bytes.len()).is_err())
        {
            return Err(LogError::EntryTooLong { place });
        }
        self.phase = Phase::Interrupted;
        // Nothing is written before the whole batch is known to be sound.
        let (fresh, acknowledgements) = self.sort_out(entries).await?;
        if !fresh.is_empty() {
            let oldest = self.make_room().await?;
            self.commit(&fresh, oldest).await?;
            self.publish(sign).await?;
            self.settle_if_due().await?;
        }
        self.phase = Phase::Settled;
        Ok(acknowledgements)
    }

    /// Settles as [`settle`](Self::settle) does, in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`settle`](Self::settle).
    pub async fn settle_async(&mut self) -> Result<(), LogError<S::Error>> {
        if self.phase == Phase::Interrupted {
            return Err(LogError::Interrupted);
        }
        self.phase = Phase::Interrupted;
        if self.settling.take().is_some() {
            self.store.finish_settling_async().await.map_err(LogError::Store)?;
        }
        if !self.held.is_empty() {
            self.store.settle_async().await.map_err(LogError::Store)?;
            self.store.finish_settling_async().await.map_err(LogError::Store)?;
            self.let_go(self.state.next).await?;
        }
        self.phase = Phase::Settled;
        Ok(())
    }

    /// Which entries are to be appended, and where all will stand.
    async fn sort_out<'e>(
        &self,
        entries: &[Entry<'e>],
    ) -> Result<(Vec<Entry<'e>>, Vec<Acknowledgement>), LogError<S::Error>> {
        let identities: Vec<_> = entries.iter().map(|entry| entry.identity).collect();
        let known = self.store.find_async(&identities).await.map_err(LogError::Store)?;
        let size = self.state.size();
        if known.len() != entries.len() || known.iter().flatten().any(|index| *index >= size) {
            // Ahead of this writer: either somebody else wrote, or the index is of another log.
            let stored = self.store.load_async().await.map_err(LogError::Store)?;
            let same = stored == Some(self.state.encode(&self.origin)?);
            let wrong = LogError::corrupt("index", Rule::OneIndex);
            return Err(if same { wrong } else { LogError::Superseded });
        }
        self.compare_known(entries, &known).await?;
        // Of equal identities the first counts: places in the order of identities, and of places
        // where those are equal.
        let mut order: Vec<_> = (0..entries.len()).collect();
        order.sort_unstable_by_key(|place| (identities.get(*place), *place));
        let mut firsts: Vec<_> = (0..entries.len()).collect();
        let mut last: Option<usize> = None;
        for place in order {
            match last.filter(|first| identities.get(*first) == identities.get(place)) {
                Some(first) => firsts.get_mut(place).into_iter().for_each(|of| *of = first),
                None => last = Some(place),
            }
        }
        let (mut fresh, mut acknowledgements) = (Vec::new(), Vec::new());
        for ((place, entry), (known, first)) in
            entries.iter().enumerate().zip(known.iter().zip(firsts))
        {
            let next = size.saturating_add(u64::try_from(fresh.len()).unwrap_or(u64::MAX));
            let before = (first != place).then(|| acknowledgements.get(first)).flatten();
            let before = before.map(|of: &Acknowledgement| of.index());
            acknowledgements.push(match known.or(before) {
                Some(index) => Acknowledgement::Known(index),
                None => {
                    fresh.push(*entry);
                    Acknowledgement::Appended(next)
                }
            });
        }
        Ok((fresh, acknowledgements))
    }

    /// An entry whose identity is its leaf hash is at the leaf that the index says, or the index is
    /// wrong.
    async fn compare_known(
        &self,
        entries: &[Entry<'_>],
        known: &[Option<u64>],
    ) -> Result<(), LogError<S::Error>> {
        let wrong = || LogError::corrupt("index", Rule::OneIndex);
        let mut last: Option<(Tile, Vec<[u8; 32]>)> = None;
        for (entry, index) in entries.iter().zip(known) {
            let Some(index) = index else { continue };
            let leaf = self.tree().leaf(&[entry.bytes]);
            if leaf != *entry.identity.as_bytes() {
                continue;
            }
            let place = (index.checked_div(256), index.checked_rem(256));
            let (Some(number), Some(place)) = place else { continue };
            let kind = TileKind::Hashes { level: 0 };
            let tile =
                Tile::in_tree(kind, number, TreeSize(self.state.size())).ok_or_else(wrong)?;
            if last.as_ref().is_none_or(|(of, _)| *of != tile) {
                let name = tile.to_string();
                let bytes = self.store.object_async(&name).await.map_err(LogError::Store)?;
                let read = bytes.and_then(|bytes| hashes(&bytes, &tile));
                let read = read.ok_or_else(|| LogError::corrupt(&name, Rule::StoredTile))?;
                last = Some((tile, read));
            }
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if last.as_ref().and_then(|(_, hashes)| hashes.get(place)) != Some(&leaf) {
                return Err(wrong());
            }
        }
        Ok(())
    }

    /// Makes sure that one more batch can be staged, and tells which the oldest is that the next
    /// state needs.
    async fn make_room(&mut self) -> Result<u64, LogError<S::Error>> {
        let mut oldest = self.state.oldest;
        if let Some(below) = self.settling
            && self.store.settled_async().await.map_err(LogError::Store)?
        {
            (oldest, self.settling) = (below, None);
        }
        let bytes = self.held.iter().filter(|held| held.sequence >= oldest);
        let bytes = bytes.fold(0, |sum: usize, held| sum.saturating_add(held.weight));
        let batches = self.state.next.saturating_sub(self.state.oldest);
        if batches >= self.store.slots_async() || bytes > MOST {
            let below = match self.settling.take() {
                Some(below) => below,
                None if oldest > self.state.oldest => oldest,
                None => {
                    self.store.settle_async().await.map_err(LogError::Store)?;
                    self.state.next
                }
            };
            self.store.finish_settling_async().await.map_err(LogError::Store)?;
            // The place of the new batch is one that the state has let go of.
            self.let_go(below).await?;
            oldest = below;
        }
        Ok(oldest)
    }

    /// Commits that batches before `oldest` are not needed any more.
    pub(super) async fn let_go(&mut self, oldest: u64) -> Result<(), LogError<S::Error>> {
        let mut next = self.state.clone();
        next.let_go(oldest);
        self.swap(next).await
    }

    /// Moves the state on.
    async fn swap(&mut self, next: State<T>) -> Result<(), LogError<S::Error>> {
        let (old, new) = (self.state.encode(&self.origin)?, next.encode(&self.origin)?);
        match self.store.swap_async(Some(&old), &new).await.map_err(LogError::Store)? {
            Swap::Won => {}
            // The staged object stays: the winner may have staged the same.
            Swap::Lost => return Err(LogError::Superseded),
        }
        self.state = next;
        while self.held.front().is_some_and(|held| held.sequence < self.state.oldest) {
            let Some(held) = self.held.pop_front() else { break };
            let name = staged_batch::name(&held.seal);
            self.store.unstage_async(held.sequence, &name).await.map_err(LogError::Store)?;
        }
        Ok(())
    }

    /// Stages the batch, moves the state on, and writes what follows from it.
    async fn commit(
        &mut self,
        entries: &[Entry<'_>],
        oldest: u64,
    ) -> Result<(), LogError<S::Error>> {
        let leaves = staged_batch::leaves(self.tree(), entries);
        let (before, sequence) = (self.state.range.clone(), self.state.next);
        let staged = Staging::new(&before, sequence, self.state.staged, entries, &leaves);
        let staged = staged.ok_or(LogError::EntryTooLong { place: 0 })?;
        let (parts, seal) = (staged.parts(), staged.seal);
        let weight = weight(parts.iter().map(|part| part.len()).sum(), entries.len());
        let mut next = self.state.clone();
        next.range.append_leaves(&leaves)?;
        (next.next, next.staged) = (sequence.saturating_add(1), Some(seal));
        next.let_go(oldest);

        self.store.stage_async(sequence, &staged_batch::name(&seal), &parts).await?;
        drop(parts);
        self.swap(next).await?;
        self.held.push_back(Held { sequence, seal, weight });
        let after = core::mem::replace(&mut self.state.range, before);
        self.apply(entries, &leaves, Writing::First).await?;
        debug_assert!(self.state.range.hashes().eq(after.hashes()));
        Ok(())
    }

    pub(super) async fn settle_if_due(&mut self) -> Result<(), LogError<S::Error>> {
        let bytes = self.held.iter().fold(0, |sum: usize, held| sum.saturating_add(held.weight));
        let batches = u64::try_from(self.held.len()).unwrap_or(u64::MAX);
        let half = self.store.slots_async().checked_div(2).unwrap_or(0).max(1);
        if self.settling.is_none() && (batches >= half || bytes >= DUE) {
            self.store.settle_async().await.map_err(LogError::Store)?;
            self.settling = Some(self.state.next);
        }
        Ok(())
    }

    /// Writes tiles and bundles, and then the index; every step can be done twice. The range grows
    /// with them.
    pub(super) async fn apply(
        &mut self,
        entries: &[Entry<'_>],
        leaves: &[[u8; 32]],
        writing: Writing,
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
            let bytes = self.store.object_async(&name).await.map_err(LogError::Store)?;
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
                self.create_all(&mut tiles, writing).await?;
            }
        }
        tiles.close();
        self.create_all(&mut tiles, writing).await?;
        let indexed: Vec<_> = entries.iter().map(|entry| entry.identity).zip(start..).collect();
        self.store.insert_async(&indexed).await.map_err(LogError::Store)
    }

    async fn create_all(
        &mut self,
        tiles: &mut OpenTiles,
        writing: Writing,
    ) -> Result<(), LogError<S::Error>> {
        let objects: Vec<_> =
            tiles.done.iter().map(|(name, bytes)| Object { name, bytes }).collect();
        match self.store.create_async(&objects).await {
            // A torn tile differs from the right one, and only the batch knows the right one.
            Err(CreateError::Conflict { .. }) if writing == Writing::Again => {
                self.store.replace_async(&objects).await?;
            }
            created => created?,
        }
        tiles.done.clear();
        Ok(())
    }
}
