//! The durable store of one machine.

mod database;
mod file_system;
#[cfg(all(test, feature = "rustcrypto"))]
mod simulation;
#[cfg(all(test, feature = "rustcrypto"))]
mod tests;
mod tile_files;

use core::fmt;
use std::boxed::Box;
use std::io;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use self::database::LogDatabase;
use self::file_system::{Disk, FileSystem};
use self::tile_files::TileFiles;
use super::{CheckpointLock, CreateError, DedupIndex, Identity, Object, ObjectStore, Store, Swap};

/// A log in a folder: tiles as files, state and index in redb.
///
/// | in the folder | is |
/// |---|---|
/// | `public/` | checkpoint, tiles and entry bundles; any web server can serve it as it is |
/// | `staged/` | the last batch |
/// | `unfinished/` | files on their way to their names |
/// | `log.redb` | state and index, each commit in two phases |
/// | `writer.lock` | nothing; locked by whoever has the store open, so that a folder has one writer |
///
/// A file is written apart, synced, renamed, and its folder synced. After a write or sync that failed, every further
/// call fails: drop the store and open it again. Where it was a sync, first restart the machine, or mount the file system
/// again: until then the operating system may show bytes that never reached the disk.
pub struct DurableStore<F = Disk> {
    files: TileFiles<F>,
    database: LogDatabase,
}

/// Why the durable store failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DurableError {
    /// The file system did.
    Io {
        /// The file, or the first of those that were written together, relative to the store's folder.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// The database did.
    Database(Box<dyn core::error::Error + Send + Sync>),
    /// A write failed earlier.
    Broken,
    /// No object has such a name.
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
            Self::Database(error) => write!(f, "log.redb: {error}"),
            Self::Broken => f.write_str("an earlier write failed, open the store again"),
            Self::Name(name) => write!(f, "no object is named {name:?}"),
        }
    }
}

impl core::error::Error for DurableError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            // `Display` has shown the error itself.
            Self::Io { error, .. } => error.source(),
            Self::Database(error) => error.source(),
            Self::Broken | Self::Name(_) => None,
        }
    }
}

impl DurableStore {
    /// Opens the store in a folder that is there, an empty one too.
    ///
    /// # Errors
    ///
    /// Those of the file system and of redb, also where another process has the store open.
    pub fn open(folder: &Path) -> Result<Self, DurableError> {
        Self::on(Disk::new(folder.into()))
    }

    /// How many syncs of files and folders were asked for since the store was opened: most of what appending costs.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.files.syncs().saturating_add(self.database.syncs())
    }
}

impl<F: FileSystem> DurableStore<F> {
    fn on(files: F) -> Result<Self, DurableError> {
        // The database first: whoever has it has the folder.
        let database = LogDatabase::open(&files)?;
        Ok(Self { files: TileFiles::open(files)?, database })
    }
}

impl<F> Store for DurableStore<F> {
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

    fn published(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.files.published()
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), DurableError> {
        self.files.publish(checkpoint)
    }
}

impl<F: FileSystem> CheckpointLock for DurableStore<F> {
    fn load(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.database.load()
    }

    fn swap(&mut self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, DurableError> {
        self.database.swap(expected, new)
    }
}

impl<F: FileSystem> DedupIndex for DurableStore<F> {
    fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, DurableError> {
        self.database.find(identities)
    }

    fn count(&self) -> Result<u64, DurableError> {
        self.database.count()
    }

    fn insert(&mut self, entries: &[(Identity, u64)]) -> Result<(), DurableError> {
        self.database.insert(entries)
    }
}

impl<F> fmt::Debug for DurableStore<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableStore").finish_non_exhaustive()
    }
}
