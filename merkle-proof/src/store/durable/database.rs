//! State and index in redb.

use std::boxed::Box;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::vec::Vec;

use redb::{
    Builder, Database, Durability, ReadableTable, ReadableTableMetadata, StorageBackend,
    TableDefinition, WriteTransaction,
};

use super::{DurableError, FileSystem};
use crate::store::{Identity, Swap};

const FILE: &str = "log.redb";
const UNFINISHED: &str = "unfinished.redb";
/// A file that is never renamed or removed, so that whoever locks it locks what all others look at.
const LOCK: &str = "writer.lock";

const STATE: TableDefinition<'_, (), &[u8]> = TableDefinition::new("state");
const INDEX: TableDefinition<'_, &[u8; 32], u64> = TableDefinition::new("index");

/// Bytes of pages kept in memory, in place of redb's own default of 1 GiB.
const CACHE: usize = 32 << 20;

/// Whatever of redb's errors it is.
type Failure = Box<dyn core::error::Error + Send + Sync>;

pub(super) struct LogDatabase {
    database: Database,
    syncs: Arc<AtomicU64>,
    /// Held as long as the database is open.
    _lock: Arc<dyn StorageBackend>,
}

impl LogDatabase {
    pub(super) fn open<F: FileSystem>(files: &F) -> Result<Self, DurableError> {
        // Before the folder is looked at: two who see no database would both begin one.
        let lock =
            files.random_access(LOCK).map_err(|error| DurableError::Database(error.into()))?;
        let lock: Arc<dyn StorageBackend> = Arc::new(lock);
        let mut builder = Builder::new();
        // The format of redb 3 and 4, which read no other.
        builder.set_cache_size(CACHE).create_with_file_format_v3(true);
        let open = |path| -> Result<_, Failure> {
            let syncs = Arc::new(AtomicU64::new(0));
            let file = DurableLength { file: files.random_access(path)?, syncs: syncs.clone() };
            let database = builder.create_with_backend(file)?;
            Ok(Self { database, syncs, _lock: lock.clone() })
        };
        let io = |error| DurableError::io(FILE, error);
        if !files.list("").map_err(io)?.iter().any(|name| name == FILE) {
            // A cut leaves either no database or a whole one.
            files.remove(UNFINISHED).map_err(io)?;
            let new = open(UNFINISHED).map_err(DurableError::Database)?;
            new.make_tables().map_err(DurableError::Database)?;
            files.rename(UNFINISHED, FILE).map_err(io)?;
        }
        files.sync_folders(&[""]).map_err(io)?;
        open(FILE).map_err(DurableError::Database)
    }

    pub(super) fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }

    fn make_tables(self) -> Result<(), Failure> {
        let transaction = self.begin(Durability::Immediate)?;
        transaction.open_table(STATE)?;
        transaction.open_table(INDEX)?;
        Ok(transaction.commit()?)
    }

    pub(super) fn load(&self) -> Result<Option<Vec<u8>>, DurableError> {
        let read = || -> Result<_, Failure> {
            let table = self.database.begin_read()?.open_table(STATE)?;
            Ok(table.get(())?.map(|state| Vec::from(state.value())))
        };
        read().map_err(DurableError::Database)
    }

    pub(super) fn swap(&self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, DurableError> {
        let swap = || -> Result<_, Failure> {
            let transaction = self.begin(Durability::Immediate)?;
            let won = {
                let mut table = transaction.open_table(STATE)?;
                let won = table.get(())?.as_ref().map(|state| state.value()) == expected;
                if won {
                    table.insert((), new)?;
                }
                won
            };
            if !won {
                transaction.abort()?;
                return Ok(Swap::Lost);
            }
            transaction.commit()?;
            Ok(Swap::Won)
        };
        swap().map_err(DurableError::Database)
    }

    pub(super) fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, DurableError> {
        let find = || -> Result<_, Failure> {
            let table = self.database.begin_read()?.open_table(INDEX)?;
            let find = |identity: &Identity| {
                Ok(table.get(identity.as_bytes())?.map(|index| index.value()))
            };
            identities.iter().map(find).collect()
        };
        find().map_err(DurableError::Database)
    }

    pub(super) fn count(&self) -> Result<u64, DurableError> {
        let count =
            || -> Result<_, Failure> { Ok(self.database.begin_read()?.open_table(INDEX)?.len()?) };
        count().map_err(DurableError::Database)
    }

    /// Durable together with the next state: until then the staged batch has it all.
    pub(super) fn insert(&self, entries: &[(Identity, u64)]) -> Result<(), DurableError> {
        let insert = || -> Result<_, Failure> {
            let transaction = self.begin(Durability::None)?;
            {
                let mut table = transaction.open_table(INDEX)?;
                for (identity, index) in entries {
                    table.insert(identity.as_bytes(), index)?;
                }
            }
            Ok(transaction.commit()?)
        };
        insert().map_err(DurableError::Database)
    }

    /// In two phases: a checksum alone would take a torn commit whose bytes somebody else chose for a whole one.
    fn begin(&self, durability: Durability) -> Result<WriteTransaction, Failure> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(durability);
        transaction.set_two_phase_commit(true);
        Ok(transaction)
    }
}

/// A file whose length is durable when it is set.
///
/// redb grows its file and writes the new length into its header between two syncs, and does not open a file that is
/// shorter than its header says. After a cut the header may be there and the length not.
#[derive(Debug)]
struct DurableLength<B> {
    file: B,
    syncs: Arc<AtomicU64>,
}

impl<B: StorageBackend> StorageBackend for DurableLength<B> {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.file.read(offset, len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.sync_data(false)
    }

    fn sync_data(&self, eventual: bool) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_data(eventual)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }
}
