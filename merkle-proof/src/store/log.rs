//! A log that lives in a store.

mod append;
mod begin;
mod recover;

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub(super) use self::begin::public_head;
use super::state::State;
use super::{Entry, LogError, LogStore, Unsigned};
use crate::tlog::Checkpoint;
use crate::tlog::ready::now;
use crate::{Rfc9162Tree, TreeHash, TreeHead, TrustedRoot};

// State: what is committed (`state`), the staged batches that the state still needs (`held`), and
// up to which of them tiles are being made durable (`settling`).
//
// Invariant: `state` is what the store's lock holds, byte for byte, whenever no call is running.
// Every tile follows from the committed range and from the batches in `held`, so a tile that a cut
// tears or takes away can be written again. A batch leaves `held` only once what follows from it is
// durable.
//
// Cost: below 4 KiB between batches. An append writes the batch once as it is staged and once as
// tiles; it waits for three syncs, whatever its length.
/// A tile log (C2SP tlog-tiles) in a store. It is the only writer of its tree.
///
/// Begin with [`create`](Self::create), [`open`](Self::open) or
/// [`open_or_create`](Self::open_or_create), then [`append`](Self::append). A method that ends in
/// `_async` does what the one without that ending does, in a store that may have to be waited for.
///
/// A batch is staged, committed, written as tiles, published in a signed checkpoint, and then
/// acknowledged. What is acknowledged survives a power cut; what is not can be handed in again and
/// enters the log once. Between batches the log keeps under 4 KiB: the hashes of a
/// [`CompactRange`](crate::CompactRange), and the names of the staged batches. It reads tiles again
/// when it needs them, and checks them against these hashes.
///
/// Tiles need not be durable when a batch is acknowledged: as long as they are not, the staged
/// batches they follow from stay. The state names those that are needed, at most as many as the
/// [store](super::ObjectStore::slots) holds.
///
/// Dropping a future of an asynchronous call is a cut like any other: the log has to be opened
/// again.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use merkle_proof::Sha256Tree;
/// use merkle_proof::store::{Acknowledgement, Entry, Log, MemoryStore, Unsigned};
/// use merkle_proof::tlog::Checkpoint;
///
/// // A signer returns the signed note of a checkpoint; see `NoteSigner`.
/// let sign = |checkpoint: &Checkpoint<'_>| -> Result<Vec<u8>, Unsigned> {
///     Ok(format!("{checkpoint}\n\u{2014} example.org/log AAAAAAAA\n").into_bytes())
/// };
/// let mut log = Log::create(MemoryStore::new(), Sha256Tree, "example.org/log", sign)?;
/// let entry = Entry::new(&Sha256Tree, b"first");
/// assert_eq!(log.append(&[entry], sign)?, [Acknowledgement::Appended(0)]);
/// assert_eq!(log.append(&[entry], sign)?, [Acknowledgement::Known(0)]);
/// assert_eq!(log.head().size, 1);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Log<T: TreeHash, S> {
    store: S,
    origin: String,
    /// As it is committed.
    state: State<T>,
    /// The batches that are staged and needed, from the oldest on.
    held: VecDeque<Held>,
    /// Batches before this one are being made durable.
    settling: Option<u64>,
    phase: Phase,
}

/// A staged batch.
struct Held {
    sequence: u64,
    seal: [u8; 32],
    /// What it counts.
    weight: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Settled,
    /// Something was begun and not ended.
    Interrupted,
}

/// Where an entry stands, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Acknowledgement {
    /// The entry was appended now, as the leaf of this index.
    Appended(u64),
    /// An entry of this identity was in the log already, as the leaf of this index.
    Known(u64),
}

impl Acknowledgement {
    /// Returns the leaf index.
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
    /// `origin` is its name, which never changes, at most 255 bytes. `sign` makes the signed note
    /// of a checkpoint, with the log's key and with whatever cosignatures readers ask for.
    ///
    /// Asks the store for each of the 256 names that the first tile can have: nothing is signed
    /// where one is there.
    ///
    /// # Errors
    ///
    /// [`LogError::Exists`]; [`LogError::StateLost`] where a checkpoint or a tile is public, since
    /// a second log of the same name would fork the first;
    /// [`Rule::CheckpointForm`](crate::Rule::CheckpointForm) where the origin is not a line.
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

    /// Opens the log of a store, and finishes what an earlier writer had begun.
    ///
    /// # Errors
    ///
    /// [`LogError::NoLog`]; [`LogError::StateLost`] where there is none any more;
    /// [`LogError::Corrupt`], also where the public checkpoint is ahead of the state, which is the
    /// state of an old copy then.
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

    /// Opens the log of a store as [`open`](Self::open) does, or creates it as
    /// [`create`](Self::create) does where there never was one.
    ///
    /// # Errors
    ///
    /// Those of both but [`LogError::NoLog`] and [`LogError::Exists`].
    pub fn open_or_create(
        store: S,
        tree: T,
        origin: &str,
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        now(Self::open_or_create_async(store, tree, origin, async |checkpoint: &Checkpoint<'_>| {
            sign(checkpoint)
        }))
    }

    /// Opens the log of a store as [`open`](Self::open) does, if its tree begins with the tree of
    /// `least`.
    ///
    /// `least` is a checkpoint that is known from elsewhere, for example from a witness. So an
    /// older copy of the whole folder is refused.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open); [`LogError::Behind`]; [`LogError::Corrupt`] where the log had
    /// another root at that size.
    pub fn open_at_least(
        store: S,
        tree: T,
        origin: &str,
        least: &TreeHead<Rfc9162Tree, [u8; 32]>,
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        let sign = async |checkpoint: &Checkpoint<'_>| sign(checkpoint);
        now(Self::open_at_least_async(store, tree, origin, least, sign))
    }

    /// Appends the entries that the log does not have yet, and tells where each one stands, in the
    /// order of `entries`.
    ///
    /// The whole batch is committed at once. It is in memory twice until this returns.
    ///
    /// # Errors
    ///
    /// [`LogError::EntryTooLong`], then nothing happened. After any other error open the log again
    /// and hand the entries in once more.
    pub fn append(
        &mut self,
        entries: &[Entry<'_>],
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Vec<Acknowledgement>, LogError<S::Error>> {
        now(self.append_async(entries, async |checkpoint: &Checkpoint<'_>| sign(checkpoint)))
    }

    /// Waits until all that was appended is durable as tiles, and lets go of the staged batches.
    ///
    /// # Errors
    ///
    /// Those of the store; [`LogError::Superseded`]. Then open the log again.
    pub fn settle(&mut self) -> Result<(), LogError<S::Error>> {
        now(self.settle_async())
    }

    /// Signs and publishes the checkpoint of the tree as it is once more: with cosignatures that
    /// came later, a fresh time, or another key.
    ///
    /// # Errors
    ///
    /// As [`append`](Self::append).
    pub fn publish_again(
        &mut self,
        mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<(), LogError<S::Error>> {
        now(self.publish_again_async(async |checkpoint: &Checkpoint<'_>| sign(checkpoint)))
    }
}

impl<T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>, S> Log<T, S> {
    /// Returns the size and the root of the tree that was committed last.
    pub fn head(&self) -> TreeHead<Rfc9162Tree, [u8; 32]> {
        TreeHead::new(self.state.size(), TrustedRoot::vouched_for(self.state.range.root()))
    }

    /// Returns the log's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns how leaves and nodes are hashed.
    #[must_use]
    pub const fn tree(&self) -> &T {
        self.state.range.tree()
    }

    /// Returns the store, to read from.
    pub const fn store(&self) -> &S {
        &self.store
    }

    pub(super) const fn store_mut(&mut self) -> &mut S {
        &mut self.store
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
