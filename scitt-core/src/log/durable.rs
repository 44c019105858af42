//! A log that survives a power cut.

use core::fmt;
use std::{
    fs, io,
    path::Path,
    string::ToString,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
    vec::Vec,
};

use cose_ext::header::Vds;
use merkle_proof::{
    LeafIndex, Node, Rfc9162Tree, Sha256Tree, TreeHash, TreeHead,
    store::{
        Acknowledgement, Appender, Collecting, DurableError, DurableStore, Identity, KnownEntries,
        LogError, ObjectStore, PublicFolder, Sequencer, SequencerError, Unsigned,
    },
    tlog::{Checkpoint, ReadError, Tile, TreeReader},
};

use super::{Log, LogRecord, LogTree, record_file::RecordFile};

/// What full tiles take in memory, of which proofs are made.
const TILES: usize = 1 << 20;

/// A service collects its batches itself: whatever it hands in is appended at once, as one batch.
const COLLECTING: Collecting =
    Collecting { age: Duration::ZERO, entries: usize::MAX, bytes: usize::MAX, waiting: usize::MAX };

/// A log in a folder, by the durable log of [`merkle_proof::store`] behind its sequencer: tiles,
/// index and checkpoint as there, and beside them a file of what the leaves stand for.
///
/// # State, invariant, cost
///
/// One index knows which statements are in the log, that of the tile log; where a new one will
/// stand, the sequencer says when it is handed in, and that has to be where the service counts it.
/// The records of a batch are synced before the log commits its leaves, so every leaf has its
/// record. A batch costs the syncs of the tile log and one more; in the quiet between batches the
/// sequencer makes tiles durable. Proofs are made out of stored tiles, each of which led to the
/// root of the log before a hash of it is used; 1 MiB of full ones, which never change, is kept.
pub struct DurableLog {
    appender: Appender<DurableError>,
    known: KnownEntries,
    public: PublicFolder,
    reader: Mutex<TreeReader<Sha256Tree>>,
    records: RecordFile,
    /// Ends with the log.
    _sequencer: Sequencer<Sha256Tree, DurableStore>,
}

/// Why a durable log failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DurableLogError {
    /// The tile log was not opened, or its index not read.
    Log(LogError<DurableError>),
    /// The tile log did not append.
    Sequencer(SequencerError<DurableError>),
    /// The file of records failed, or there is no thread for the sequencer.
    Records(io::Error),
    /// A stored tile is missing, or is not what the root of the log says.
    Tile(ReadError<DurableError>),
    /// The index of the log knows a statement that the service does not.
    Index,
}

impl DurableLog {
    /// Opens the log in `folder`, and begins one where there is none: its checkpoints have `origin`
    /// on their first line, and `sign` makes a signed note of them (C2SP signed-note).
    ///
    /// # Errors
    ///
    /// As [`merkle_proof::store::Log::open`] and [`create`](merkle_proof::store::Log::create); and
    /// if the record of a leaf is missing or damaged.
    pub fn open(
        folder: &Path,
        origin: &str,
        sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> + Send + 'static,
    ) -> Result<Self, DurableLogError> {
        let mut sign = sign;
        let tiles = folder.join("log");
        fs::create_dir_all(&tiles).map_err(DurableLogError::Records)?;
        let store = || DurableStore::open(&tiles).map_err(LogError::Store);
        let opened = store()
            .and_then(|store| merkle_proof::store::Log::open(store, Sha256Tree, origin, &mut sign));
        let log = match opened {
            Err(LogError::NoLog) => store().and_then(|store| {
                merkle_proof::store::Log::create(store, Sha256Tree, origin, &mut sign)
            }),
            opened => opened,
        };
        let log = log.map_err(DurableLogError::Log)?;
        let records = RecordFile::open(&folder.join("records"), log.head().size);
        let records = records.map_err(DurableLogError::Records)?;
        let known = log.store().known_entries();
        let reader = Mutex::new(TreeReader::new(Sha256Tree, log.head(), TILES));
        let asked = known.clone();
        let find = move |identity: &Identity| asked.find(identity);
        let sequencer = Sequencer::start_with_known(log, COLLECTING, find, sign);
        let sequencer = sequencer.map_err(DurableLogError::Records)?;
        let public = PublicFolder::new(tiles.join("public"));
        let appender = sequencer.appender();
        Ok(Self { appender, known, public, reader, records, _sequencer: sequencer })
    }

    /// Returns size and root of the log as it was committed last.
    #[must_use]
    pub fn head(&self) -> TreeHead<Rfc9162Tree, [u8; 32]> {
        self.appender.head()
    }

    /// Returns what is public of the tile log: checkpoint, tiles and bundles, to be served.
    #[must_use]
    pub const fn public(&self) -> &PublicFolder {
        &self.public
    }

    /// Calls `read` with the reader of the tree as it is now, and with what fetches its tiles.
    fn read<R>(
        &self,
        read: impl FnOnce(
            &mut TreeReader<Sha256Tree>,
            &mut dyn FnMut(&Tile) -> Result<Option<Vec<u8>>, DurableError>,
        ) -> Result<R, ReadError<DurableError>>,
    ) -> Result<R, DurableLogError> {
        let mut fetch = |tile: &Tile| self.public.object(&tile.to_string());
        let mut reader: MutexGuard<'_, _> =
            self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let head = self.head();
        if reader.head().size < head.size {
            reader.advance(head, &mut fetch).map_err(DurableLogError::Tile)?;
        }
        read(&mut reader, &mut fetch).map_err(DurableLogError::Tile)
    }
}

impl LogTree for DurableLog {
    type Error = DurableLogError;

    fn structure(&self) -> Vds {
        Vds::RFC9162_SHA256
    }

    fn size(&self) -> u64 {
        self.head().size
    }

    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        Sha256Tree.node(left, right)
    }
}

impl Log for DurableLog {
    fn find(&self, identity: &[u8; 32]) -> Result<Option<u64>, DurableLogError> {
        let found = self.known.find(&Identity::new(*identity));
        found.map_err(|error| DurableLogError::Log(LogError::Store(error)))
    }

    fn append(&mut self, records: &[LogRecord<'_>]) -> Result<(), DurableLogError> {
        let first = self.size();
        let evidence = records.iter().map(|record| record.evidence);
        self.records.append(evidence).map_err(DurableLogError::Records)?;
        let entries = records.iter().map(|record| {
            let identity = Identity::new(record.identity);
            (identity, record.leaf.to_vec())
        });
        let pending = self.appender.submit_all(entries).map_err(DurableLogError::Sequencer)?;
        let accepted = pending.iter().map(|pending| pending.accepted());
        let expected = (first..).map(|index| Some(Acknowledgement::Appended(index)));
        let is_expected = accepted.zip(expected).all(|(found, expected)| found == expected);
        for pending in pending {
            pending.wait().map_err(DurableLogError::Sequencer)?;
        }
        if is_expected { Ok(()) } else { Err(DurableLogError::Index) }
    }

    fn node(&self, node: Node) -> Result<[u8; 32], DurableLogError> {
        self.read(|reader, fetch| reader.node(node, fetch))
    }

    fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, DurableLogError> {
        if index >= self.size() {
            return Ok(None);
        }
        self.read(|reader, fetch| reader.entry(LeafIndex(index), fetch)).map(Some)
    }

    fn erase(&mut self, index: u64) -> Result<bool, DurableLogError> {
        self.records.erase(index).map_err(DurableLogError::Records)
    }

    fn evidence(&self, index: u64) -> Result<Option<Vec<u8>>, DurableLogError> {
        self.records.record(index).map_err(DurableLogError::Records)
    }
}

impl fmt::Debug for DurableLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableLog").field("head", &self.head()).finish_non_exhaustive()
    }
}

impl fmt::Display for DurableLogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(error) => fmt::Display::fmt(error, f),
            Self::Sequencer(error) => fmt::Display::fmt(error, f),
            Self::Records(error) => write!(f, "records: {error}"),
            Self::Tile(error) => write!(f, "stored tiles: {error}"),
            Self::Index => f.write_str("the index of the log knows a statement that is new"),
        }
    }
}

impl core::error::Error for DurableLogError {}
