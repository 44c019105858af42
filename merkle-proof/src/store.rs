//! Where a log lives: three small traits, a log that is written through them, and stores.
//!
//! | trait | holds | must |
//! |---|---|---|
//! | [`ObjectStore`] | tiles, bundles, batches; the public checkpoint | keep objects as created |
//! | [`CheckpointLock`] | the state, under 4 KiB | compare and swap |
//! | [`DedupIndex`] | identity of an entry to its leaf index | answer; it can be made again |
//!
//! [`Log`] writes a batch in this order, and acknowledges it after the last step:
//!
//! 1. the staged batch, which has everything the rest follows from;
//! 2. the state, by compare-and-swap: **the commit point**;
//! 3. tiles and entry bundles, and the index, neither of which need be durable yet;
//! 4. the public checkpoint, signed.
//!
//! Beside that the store makes tiles and index durable, and the state lets go of the staged batches
//! they follow from. A cut before the commit point leaves the log as it was; after it,
//! [`Log::open`] does steps 3 and 4 again for every staged batch that the state still needs. Only
//! what was committed is ever signed, and a public checkpoint names nothing that staged batches
//! cannot bring back.
//!
//! Each trait has an asynchronous twin, whose futures need not be `Send`, and every synchronous
//! store is an asynchronous one. Another backend runs the suite of feature `conformance`.
//!
//! ```
//! # #[cfg(feature = "rustcrypto")] {
//! # use merkle_proof::Sha256Tree;
//! # use merkle_proof::store::{Acknowledgement, Entry, Log, MemoryStore, Unsigned};
//! # use merkle_proof::tlog::Checkpoint;
//! # fn signature(_: &str) -> String { "\u{2014} example.org/log AAAAAAAA\n".into() }
//! let sign = |checkpoint: &Checkpoint<'_>| -> Result<Vec<u8>, Unsigned> {
//!     Ok(format!("{checkpoint}\n{}", signature(&checkpoint.to_string())).into_bytes())
//! };
//! let mut log = Log::create(MemoryStore::new(), Sha256Tree, "example.org/log", sign)?;
//! let batch = ["one", "two", "one"].map(|entry| Entry::new(&Sha256Tree, entry.as_bytes()));
//! let positions = log.append(&batch, sign)?;
//! assert_eq!(positions[2], Acknowledgement::Known(0));
//!
//! // After a restart:
//! let log = Log::open(log.into_store(), Sha256Tree, "example.org/log", sign)?;
//! assert_eq!(log.head().size, 2);
//! # }
//! # Ok::<(), merkle_proof::store::LogError<core::convert::Infallible>>(())
//! ```

mod care;
mod checkpoint_lock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod dedup_index;
mod derive;
#[cfg(feature = "store")]
mod durable;
mod error;
mod fsck;
mod log;
mod memory;
mod object_store;
mod open_tiles;
#[cfg(feature = "std")]
mod sequencer;
mod staged_batch;
mod state;

pub use care::{repair_tiles, repair_tiles_async, restore_state, restore_state_async};
pub use checkpoint_lock::{AsyncCheckpointLock, CheckpointLock, Swap};
pub use dedup_index::{AsyncDedupIndex, DedupIndex, Entry, Identity};
#[cfg(feature = "store")]
pub use durable::{DurableError, DurableStore, KnownEntries, PublicFolder};
pub use error::{LogError, Unsigned};
pub use fsck::{
    fsck, fsck_async, fsck_public, fsck_public_async, rebuild_index, rebuild_index_async,
};
pub use log::{Acknowledgement, Log};
pub use memory::MemoryStore;
pub use object_store::{AsyncObjectStore, CreateError, Object, ObjectStore};
#[cfg(feature = "std")]
pub use sequencer::{
    Appender, AsyncSequencer, Collecting, Pending, Sequenced, Sequencer, SequencerError,
};

/// What the traits of a store have in common.
pub trait Store {
    /// Why it failed.
    type Error;
}

/// A store that has everything a log needs.
pub trait LogStore: ObjectStore + CheckpointLock + DedupIndex {}

impl<S: ObjectStore + CheckpointLock + DedupIndex> LogStore for S {}

/// A store that has everything a log needs, and may have to be waited for.
pub trait AsyncLogStore: AsyncObjectStore + AsyncCheckpointLock + AsyncDedupIndex {}

impl<S: AsyncObjectStore + AsyncCheckpointLock + AsyncDedupIndex> AsyncLogStore for S {}
