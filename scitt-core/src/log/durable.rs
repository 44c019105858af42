//! A log that survives a power cut.

use core::fmt;
use std::{
    boxed::Box,
    collections::BTreeMap,
    fs, io,
    path::Path,
    string::{String, ToString},
    sync::{Mutex, MutexGuard, PoisonError},
    vec::Vec,
};

use cose_ext::header::Vds;
use merkle_proof::{
    Node, Sha256Tree, TreeHash, TreeSize,
    store::{
        Acknowledgement, DedupIndex, DurableError, DurableStore, Entry, Identity, LogError,
        ObjectStore, Unsigned,
    },
    tlog::{Checkpoint, EntryBundle, Tile, TileKind},
};

use super::{Log, LogRecord, LogTree, record_file::RecordFile};

/// So many full tiles are kept in memory, 8 KiB each.
const TILES: usize = 64;

/// Signs the checkpoint of a log, as a signed note (C2SP signed-note).
type SignCheckpoint = Box<dyn FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> + Send>;

/// A log in a folder, by the durable log of [`merkle_proof::store`]: tiles, index and checkpoint as
/// there, and beside them a file of what the leaves stand for.
///
/// # State, invariant, cost
///
/// The records of a batch are synced before the log commits its leaves, so every leaf has its
/// record. A batch costs the syncs of the tile log and one more. Proofs are made out of stored
/// tiles, of which the full ones, which never change, are kept in memory up to 512 KiB.
pub struct DurableLog {
    log: merkle_proof::store::Log<Sha256Tree, DurableStore>,
    records: RecordFile,
    sign: SignCheckpoint,
    tiles: Mutex<BTreeMap<String, Vec<u8>>>,
}

/// Why a durable log failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DurableLogError {
    /// The tile log did.
    Log(LogError<DurableError>),
    /// The file of records did.
    Records(io::Error),
    /// The tree has no such node, or its tile is not there.
    Node(Node),
    /// The index of the log knows a statement that the service does not.
    Index,
}

impl DurableLog {
    /// Opens the log in `folder`, and begins one where there is none: its checkpoints have `origin`
    /// on their first line, and `sign` makes a signed note of them.
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
        let mut sign: SignCheckpoint = Box::new(sign);
        let tiles = folder.join("log");
        fs::create_dir_all(&tiles).map_err(DurableLogError::Records)?;
        let store = || DurableStore::open(&tiles).map_err(LogError::Store);
        let opened = store().and_then(|store| {
            merkle_proof::store::Log::open(store, Sha256Tree, origin, &mut *sign)
        });
        let log = match opened {
            Err(LogError::NoLog) => store().and_then(|store| {
                merkle_proof::store::Log::create(store, Sha256Tree, origin, &mut *sign)
            }),
            opened => opened,
        };
        let log = log.map_err(DurableLogError::Log)?;
        let records = RecordFile::open(&folder.join("records"), log.head().size);
        let records = records.map_err(DurableLogError::Records)?;
        Ok(Self { log, records, sign, tiles: Mutex::default() })
    }

    /// Returns the tile log: checkpoint, tiles and bundles to be served.
    pub const fn tile_log(&self) -> &merkle_proof::store::Log<Sha256Tree, DurableStore> {
        &self.log
    }

    fn tiles(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.tiles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tile as it is now, or the full one, from memory or from the store.
    fn with_tile<R>(
        &self,
        tile: &Tile,
        then: impl FnOnce(&[u8]) -> R,
    ) -> Result<Option<R>, DurableLogError> {
        let name = tile.to_string();
        if let Some(bytes) = self.tiles().get(&name) {
            return Ok(Some(then(bytes)));
        }
        let store = self.log.store();
        let failed = |error| DurableLogError::Log(LogError::Store(error));
        let mut bytes = store.object(&name).map_err(failed)?;
        if bytes.is_none() {
            bytes = store.object(&tile.full().to_string()).map_err(failed)?;
        }
        let Some(bytes) = bytes else { return Ok(None) };
        let result = then(&bytes);
        if !tile.is_partial() {
            let mut tiles = self.tiles();
            if tiles.len() >= TILES {
                tiles.pop_first();
            }
            tiles.insert(name, bytes);
        }
        Ok(Some(result))
    }
}

impl LogTree for DurableLog {
    type Error = DurableLogError;

    fn structure(&self) -> Vds {
        Vds::RFC9162_SHA256
    }

    fn size(&self) -> u64 {
        self.log.head().size
    }

    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        Sha256Tree.node(left, right)
    }
}

impl Log for DurableLog {
    fn find(&self, identity: &[u8; 32]) -> Result<Option<u64>, DurableLogError> {
        let found = self.log.store().find(&[Identity::new(*identity)]);
        let found = found.map_err(|error| DurableLogError::Log(LogError::Store(error)))?;
        Ok(found.into_iter().next().flatten())
    }

    fn append(&mut self, records: &[LogRecord<'_>]) -> Result<(), DurableLogError> {
        let first = self.size();
        let evidence = records.iter().map(|record| record.evidence);
        self.records.append(evidence).map_err(DurableLogError::Records)?;
        let entries: Vec<_> = records
            .iter()
            .map(|record| Entry { identity: Identity::new(record.identity), bytes: record.leaf })
            .collect();
        let appended = self.log.append(&entries, &mut *self.sign).map_err(DurableLogError::Log)?;
        let expected = (first..).map(Acknowledgement::Appended);
        if appended.into_iter().zip(expected).all(|(found, expected)| found == expected) {
            Ok(())
        } else {
            Err(DurableLogError::Index)
        }
    }

    fn node(&self, node: Node) -> Result<[u8; 32], DurableLogError> {
        let missing = DurableLogError::Node(node);
        let Some((tile, first, count)) = Tile::of_node(node, TreeSize(self.size())) else {
            return Err(missing);
        };
        let hash = self.with_tile(&tile, |bytes| {
            let first = usize::from(first);
            let hashes = bytes.chunks_exact(32).skip(first).take(usize::from(count));
            let hashes: Option<Vec<[u8; 32]>> = hashes.map(|hash| hash.try_into().ok()).collect();
            let hashes = hashes.filter(|hashes| hashes.len() == usize::from(count))?;
            fold(hashes)
        })?;
        hash.flatten().ok_or(missing)
    }

    fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, DurableLogError> {
        let (bundle, place) = (index.checked_div(256), index.checked_rem(256));
        let tile = bundle
            .and_then(|bundle| Tile::in_tree(TileKind::Entries, bundle, TreeSize(self.size())));
        let place = place.and_then(|place| usize::try_from(place).ok());
        let Some((tile, place)) = tile.zip(place).filter(|_| index < self.size()) else {
            return Ok(None);
        };
        let leaf = self.with_tile(&tile, |bytes| {
            let bundle = EntryBundle::new(bytes, tile.width()).ok()?;
            bundle.entries().nth(place).map(Vec::from)
        })?;
        match leaf.flatten() {
            Some(leaf) => Ok(Some(leaf)),
            None => Err(DurableLogError::Node(Node { level: 0, index })),
        }
    }

    fn erase(&mut self, index: u64) -> Result<bool, DurableLogError> {
        self.records.erase(index).map_err(DurableLogError::Records)
    }

    fn evidence(&self, index: u64) -> Result<Option<Vec<u8>>, DurableLogError> {
        self.records.record(index).map_err(DurableLogError::Records)
    }
}

/// The hash over a complete row.
fn fold(mut row: Vec<[u8; 32]>) -> Option<[u8; 32]> {
    while row.len() > 1 {
        row = row
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(Sha256Tree.node(left, right)),
                _ => None,
            })
            .collect();
    }
    row.first().copied()
}

impl fmt::Debug for DurableLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableLog").field("log", &self.log).finish_non_exhaustive()
    }
}

impl fmt::Display for DurableLogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(error) => fmt::Display::fmt(error, f),
            Self::Records(error) => write!(f, "records: {error}"),
            Self::Node(node) => {
                write!(f, "node {} of row {} is not in the stored tiles", node.index, node.level)
            }
            Self::Index => f.write_str("the index of the log knows a statement that is new"),
        }
    }
}

impl core::error::Error for DurableLogError {}
