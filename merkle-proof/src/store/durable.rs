//! The durable store of one machine.

mod file_system;
mod index;
mod known_entries;
mod public_folder;
#[cfg(all(test, feature = "rustcrypto"))]
mod simulation;
mod spares;
mod state_file;
#[cfg(all(test, feature = "rustcrypto"))]
mod tests;
mod tile_files;

use core::fmt;
use std::io;
use std::path::Path;
use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

use self::file_system::{Disk, FileSystem, Job};
use self::index::{Index, Needed};
pub use self::known_entries::KnownEntries;
pub use self::public_folder::PublicFolder;
use self::state_file::{StateFile, Unsynced};
use self::tile_files::TileFiles;
use super::{CheckpointLock, CreateError, DedupIndex, Identity, Object, ObjectStore, Store, Swap};

/// A file that is never renamed or removed, so that whoever locks it locks what all others look at.
const LOCK: &str = "writer.lock";

/// How many batches are staged at most: what a restart does again, and how often tiles are made
/// durable.
const SLOTS: u64 = 256;

/// A log in a folder: tiles, staged batches and state as files, the index in redb.
///
/// | in the folder | is |
/// |---|---|
/// | `public/` | checkpoint, tiles and entry bundles; any web server can serve it as it is |
/// | `staged/` | 256 places for batches, each with the state that it leads to; written over again |
/// | `state` | the state that needs no batch, twice: a swap writes the one that is older |
/// | `unfinished/` | files that wait for their names or their end; `open` removes them |
/// | `index.redb` | the index, each commit in two phases |
/// | `writer.lock` | nothing; whoever has the store open locks it: a folder has one writer |
///
/// On the way to an acknowledgement it syncs two files, whatever the size of the batch: the staged
/// batch with the state, and the public checkpoint before it is renamed. Tiles, their folders and
/// the index are synced in a thread beside, begun by [`settle`](ObjectStore::settle). Another one
/// makes files before they are needed, and removes and cuts those that are not needed any more.
///
/// After a write or sync that failed, every further call fails: drop the store and open it again.
/// Where it was a sync, first restart the machine, or mount the file system again: until then the
/// operating system may show bytes that never reached the disk.
pub struct DurableStore<F: FileSystem = Disk> {
    files: TileFiles<F>,
    state: StateFile<F>,
    index: Arc<Index>,
    /// The batch that was staged last, until a state is swapped.
    unsynced: Option<Unsynced>,
    job: Option<F::Job>,
    /// Dropped last.
    _lock: F::Lock,
}

/// Why the durable store failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DurableError {
    /// The file system did.
    Io {
        /// The file, or the first of those that were written together, relative to the store's
        /// folder.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// Somebody else has the store open.
    Locked,
    /// A file is lost, empty, cut or changed.
    Damaged {
        /// The file, relative to the store's folder.
        path: &'static str,
        /// What was found.
        why: String,
    },
    /// A write failed earlier.
    Broken,
    /// The store is there to be read only.
    ReadOnly,
    /// No object has such a name, or the state is longer than it can be.
    Name(String),
}

impl DurableError {
    fn io(path: &str, error: io::Error) -> Self {
        Self::Io { path: path.into(), error }
    }
}

impl fmt::Display for DurableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{path}: {error}"),
            Self::Locked => write!(f, "{LOCK}: another program has the log open"),
            Self::Damaged { path, why } if *path == index::FILE => write!(
                f,
                "{path} is damaged: {why}; make it again with DurableStore::open_with_new_index and rebuild_index"
            ),
            Self::Damaged { path, why } => write!(
                f,
                "{path} is damaged: {why}; restore its newest copy, or remove it and make it again with restore_state"
            ),
            Self::Broken => f.write_str("an earlier write failed, open the store again"),
            Self::ReadOnly => f.write_str("the store is there to be read only"),
            Self::Name(name) => write!(f, "no object is named {name:?}"),
        }
    }
}

impl core::error::Error for DurableError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            // `Display` has shown the error itself.
            Self::Io { error, .. } => error.source(),
            _ => None,
        }
    }
}

impl DurableStore {
    /// Opens the store in a folder that is there, an empty one too.
    ///
    /// # Errors
    ///
    /// Those of the file system; [`DurableError::Locked`]; [`DurableError::Damaged`], which says
    /// what to do.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, DurableError> {
        Self::on(Disk::new(folder.as_ref().into()), SLOTS)
    }

    /// Opens the store with an index that is empty, in the place of one that is lost or damaged:
    /// for [`rebuild_index`](super::rebuild_index), without which no log opens on it.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_with_new_index(folder: impl AsRef<Path>) -> Result<Self, DurableError> {
        Self::with_index(Disk::new(folder.as_ref().into()), SLOTS, |_| Needed::Anew)
    }

    /// Returns what answers where entries stand, while the store belongs to a log.
    #[must_use]
    pub fn known_entries(&self) -> KnownEntries {
        KnownEntries::new(self.index.clone())
    }

    /// Returns how many syncs of files and folders were asked for since the store was opened. They
    /// are most of what appending costs.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.files.syncs().saturating_add(self.index.syncs())
    }
}

impl<F: FileSystem> DurableStore<F> {
    fn on(files: F, slots: u64) -> Result<Self, DurableError> {
        Self::with_index(files, slots, |state| match state.load() {
            Some(_) => Needed::Yes,
            None => Needed::No,
        })
    }

    fn with_index(
        files: F,
        slots: u64,
        needed: impl FnOnce(&StateFile<F>) -> Needed,
    ) -> Result<Self, DurableError> {
        // Before the folder is looked at: two who see no state would both begin one.
        let lock = files.lock(LOCK).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => DurableError::Locked,
            _ => DurableError::io(LOCK, error),
        })?;
        let files = TileFiles::open(files, slots)?;
        let state = StateFile::open(&files.files, &tile_files::slot_paths(slots))?;
        let index = Index::open(&files.files, needed(&state), Arc::default())?;
        Ok(Self { files, state, index: Arc::new(index), unsynced: None, job: None, _lock: lock })
    }

    fn wait(&mut self) -> Result<(), DurableError> {
        match self.job.take() {
            Some(job) => self.files.guarded_by(|_| job.wait()),
            None => Ok(()),
        }
    }
}

impl<F: FileSystem> Drop for DurableStore<F> {
    fn drop(&mut self) {
        // Nobody else may have the folder before it is over.
        _ = self.wait();
        _ = self.files.finish_spares();
    }
}

impl<F: FileSystem> Store for DurableStore<F> {
    type Error = DurableError;
}

impl<F: FileSystem> ObjectStore for DurableStore<F> {
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, DurableError> {
        self.files.object(name)
    }

    fn create(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<DurableError>> {
        self.files.create(objects)
    }

    fn remove(&mut self, name: &str) -> Result<(), DurableError> {
        self.files.remove(name)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, DurableError> {
        self.files.list(folder)
    }

    fn published(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.files.published()
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), DurableError> {
        self.files.publish(checkpoint)
    }

    fn replace(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<DurableError>> {
        Ok(self.files.replace(objects)?)
    }

    fn slots(&self) -> u64 {
        self.files.slots()
    }

    fn stage(
        &mut self,
        sequence: u64,
        _: &str,
        parts: &[&[u8]],
    ) -> Result<(), CreateError<DurableError>> {
        self.unsynced = Some(self.files.stage(sequence, parts)?);
        // Made while the batch is on its way to the disk.
        self.files.begin_spares()?;
        Ok(())
    }

    fn staged(&self, sequence: u64, _: &str) -> Result<Option<Vec<u8>>, DurableError> {
        self.files.staged(sequence)
    }

    /// Its place is written over by a later batch.
    fn unstage(&mut self, sequence: u64, _: &str) -> Result<(), DurableError> {
        self.files.unstage(sequence)
    }

    fn settle(&mut self) -> Result<(), DurableError> {
        self.wait()?;
        let (unsettled, entries) = (self.files.leave(), self.index.leave());
        let (files, index) = (self.files.files.clone(), self.index.clone());
        let job = self.files.files.begin(move || {
            unsettled.settle(&files)?;
            if entries.is_empty() { Ok(()) } else { index.write(&entries) }
        });
        self.job =
            Some(self.files.guarded_by(|_| job.map_err(|error| DurableError::io("", error)))?);
        Ok(())
    }

    fn settled(&mut self) -> Result<bool, DurableError> {
        if self.job.as_ref().is_some_and(|job| !job.is_over()) {
            return Ok(false);
        }
        self.wait()?;
        Ok(true)
    }

    fn finish_settling(&mut self) -> Result<(), DurableError> {
        self.wait()
    }
}

impl<F: FileSystem> CheckpointLock for DurableStore<F> {
    fn load(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.files.check()?;
        Ok(self.state.load())
    }

    fn swap(&mut self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, DurableError> {
        let (state, staged) = (&mut self.state, self.unsynced.take());
        self.files.guarded_by(|tiles| {
            state.swap(&tiles.files, staged, expected, new, || tiles.count_syncs(1))
        })
    }
}

impl<F: FileSystem> DedupIndex for DurableStore<F> {
    fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, DurableError> {
        self.files.check()?;
        self.index.find(identities)
    }

    fn count(&self) -> Result<u64, DurableError> {
        self.index.count()
    }

    fn insert(&mut self, entries: &[(Identity, u64)]) -> Result<(), DurableError> {
        self.files.check()?;
        self.index.insert(entries);
        Ok(())
    }
}

impl<F: FileSystem> fmt::Debug for DurableStore<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableStore").finish_non_exhaustive()
    }
}
