//! The index in redb.

#[cfg(all(test, feature = "rustcrypto"))]
mod damage;

use std::boxed::Box;
use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::string::{String, ToString};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use redb::{
    Builder, Database, Durability, ReadableDatabase, ReadableTableMetadata, StorageBackend,
    TableDefinition,
};

use super::{DurableError, FileSystem};
use crate::store::Identity;

pub(super) const FILE: &str = "index.redb";
const UNFINISHED: &str = "unfinished.redb";

const INDEX: TableDefinition<'_, &[u8; 32], u64> = TableDefinition::new("index");

/// Bytes of pages kept in memory, in place of redb's own default of 1 GiB.
const CACHE: usize = 32 << 20;

/// Whatever of redb's errors it is.
type Failure = Box<dyn core::error::Error + Send + Sync>;

/// Identities of entries, most of them in a database; those of batches that are staged still are in
/// memory, as whoever opens the log inserts them again.
///
/// redb trusts its file: what a disk or an operator did to it can make it stop with a panic. Every
/// call of it is caught, and is an error that names the file.
pub(super) struct Index {
    /// Taken out when it is dropped.
    database: Option<Database>,
    fresh: Mutex<HashMap<Identity, u64>>,
    /// On its way into the database.
    leaving: Mutex<Arc<HashMap<Identity, u64>>>,
    syncs: Arc<AtomicU64>,
}

impl Index {
    /// Opens the index.
    ///
    /// # Errors
    ///
    /// [`DurableError::Damaged`] where it is not there and `needed`, or is not an index.
    pub(super) fn open<F: FileSystem>(
        files: &F,
        needed: Needed,
        syncs: Arc<AtomicU64>,
    ) -> Result<Self, DurableError> {
        let io = |error| DurableError::io(FILE, error);
        let there = files.list("").map_err(io)?.iter().any(|name| name == FILE);
        if !there && needed == Needed::Yes {
            return Err(DurableError::Damaged { path: FILE, why: "it is not there".into() });
        }
        if !there || needed == Needed::Anew {
            // A cut leaves either no database or a whole one.
            files.remove(UNFINISHED).map_err(io)?;
            let new = Self::of(files, UNFINISHED, syncs.clone())?;
            new.write(&HashMap::new())?;
            drop(new);
            files.rename(UNFINISHED, FILE).map_err(io)?;
        }
        files.sync_folders(&[""]).map_err(io)?;
        let index = Self::of(files, FILE, syncs)?;
        // That the table can be read is seen now, not at the first entry.
        index.count()?;
        Ok(index)
    }

    fn of<F: FileSystem>(
        files: &F,
        path: &str,
        syncs: Arc<AtomicU64>,
    ) -> Result<Self, DurableError> {
        let file = files.random_access(path).map_err(|error| DurableError::io(path, error))?;
        Self::on(file, path, syncs)
    }

    /// The index in a file that is open.
    fn on(
        file: impl StorageBackend,
        path: &str,
        syncs: Arc<AtomicU64>,
    ) -> Result<Self, DurableError> {
        if file.len().map_err(|error| DurableError::io(path, error))? == 0 && path == FILE {
            return Err(DurableError::Damaged { path: FILE, why: "it is empty".into() });
        }
        let file = DurableLength { file, syncs: syncs.clone() };
        // Every page is compared with its checksum: an entry that a changed bit hides would enter
        // the log twice. It reads the file once, about 60 bytes an entry.
        let database = guarded(|| {
            Ok(Builder::new()
                .set_cache_size(CACHE)
                .set_check_integrity_on_open(true)
                .create_with_backend(file)?)
        })?;
        Ok(Self {
            database: Some(database),
            fresh: Mutex::default(),
            leaving: Mutex::default(),
            syncs,
        })
    }

    pub(super) fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, DurableError> {
        let (fresh, leaving) = (lock(&self.fresh), lock(&self.leaving).clone());
        let mut found: Vec<Option<u64>> = identities
            .iter()
            .map(|identity| fresh.get(identity).or_else(|| leaving.get(identity)).copied())
            .collect();
        drop(fresh);
        guarded(|| {
            let table = self.database()?.begin_read()?.open_table(INDEX)?;
            for (identity, found) in identities.iter().zip(&mut found) {
                if found.is_none() {
                    *found = table.get(identity.as_bytes())?.map(|index| index.value());
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    pub(super) fn count(&self) -> Result<u64, DurableError> {
        let (fresh, leaving) = (lock(&self.fresh), lock(&self.leaving).clone());
        let only_fresh = fresh.keys().filter(|identity| !leaving.contains_key(*identity));
        guarded(|| {
            let table = self.database()?.begin_read()?.open_table(INDEX)?;
            let mut count = table.len()?;
            for identity in leaving.keys().chain(only_fresh) {
                count = count.saturating_add(u64::from(table.get(identity.as_bytes())?.is_none()));
            }
            Ok(count)
        })
    }

    pub(super) fn insert(&self, entries: &[(Identity, u64)]) {
        lock(&self.fresh).extend(entries.iter().copied());
    }

    /// What has to be written so that all that was inserted is durable. One at a time.
    pub(super) fn leave(&self) -> Arc<HashMap<Identity, u64>> {
        let leaving = Arc::new(core::mem::take(&mut *lock(&self.fresh)));
        *lock(&self.leaving) = leaving.clone();
        leaving
    }

    /// Writes entries, durably.
    pub(super) fn write(&self, entries: &HashMap<Identity, u64>) -> Result<(), DurableError> {
        guarded(|| {
            let mut transaction = self.database()?.begin_write()?;
            transaction.set_durability(Durability::Immediate)?;
            // In two phases: a checksum alone would take a torn commit whose bytes somebody else
            // chose for a whole one. And with what a restart would have to find out otherwise from
            // the whole of the file.
            transaction.set_two_phase_commit(true);
            transaction.set_quick_repair(true);
            {
                let mut table = transaction.open_table(INDEX)?;
                // In the order of the table, each of whose pages is taken up once.
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_unstable();
                for (identity, index) in entries {
                    table.insert(identity.as_bytes(), index)?;
                }
            }
            Ok(transaction.commit()?)
        })?;
        *lock(&self.leaving) = Arc::default();
        Ok(())
    }

    fn database(&self) -> Result<&Database, Failure> {
        self.database.as_ref().ok_or_else(|| "it is closed".into())
    }

    pub(super) fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let database = self.database.take();
        // Whatever it finds wrong now, the next one who opens it is told.
        _ = catch_unwind(AssertUnwindSafe(|| drop(database)));
    }
}

/// Whether there has to be an index.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needed {
    /// There is a state, so there was an index.
    Yes,
    /// Nothing is there yet.
    No,
    /// The one that is there is given up.
    Anew,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn guarded<T>(call: impl FnOnce() -> Result<T, Failure>) -> Result<T, DurableError> {
    let damaged = |why: String| DurableError::Damaged { path: FILE, why };
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(damaged(error.to_string())),
        Err(_) => Err(damaged("redb could not make sense of it".into())),
    }
}

/// A file whose length is durable when it is set.
///
/// redb grows its file and writes the new length into its header between two syncs, and does not
/// open a file that is shorter than its header says. After a cut the header may be there and the
/// length not.
#[derive(Debug)]
struct DurableLength<B> {
    file: B,
    syncs: Arc<AtomicU64>,
}

impl<B: StorageBackend> StorageBackend for DurableLength<B> {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.sync_data()
    }

    fn sync_data(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}
