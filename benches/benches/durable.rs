//! Durable append of 100 000 entries of 1 KiB, acknowledged in batches: a log in the durable store beside the same entries in
//! a plain redb table, one commit a batch. Each row is one run on an empty folder. A log keeps an entry twice (staged and
//! bundled) and its hashes; the table keeps it once.
#![allow(missing_docs)]

use std::{
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use merkle_proof::{
    Sha256Tree,
    store::{DurableStore, Entry, Log, Unsigned},
    tlog::Checkpoint,
};
use redb::{Builder, StorageBackend, TableDefinition, backends::FileBackend};

const ENTRIES: usize = 100_000;
const LENGTH: usize = 1024;
const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entries");

#[derive(Clone, Copy, PartialEq)]
enum Phases {
    One,
    Two,
}

struct Run {
    time: Duration,
    syncs: u64,
}

/// Entries that are all different, and nothing that a file system could leave out.
fn entries() -> Vec<Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    };
    (0..ENTRIES).map(|_| (0..LENGTH / 8).flat_map(|_| next()).collect()).collect()
}

/// A signature is not what is measured.
fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} example.org/log AAAAAAAA\n").into_bytes())
}

fn log(folder: &Path, entries: &[Vec<u8>], batch: usize) -> Run {
    let store = DurableStore::open(folder).expect("a store");
    let mut log = Log::create(store, Sha256Tree, "example.org/log", sign).expect("a log");
    let (before, start) = (log.store().syncs(), Instant::now());
    for batch in entries.chunks(batch) {
        let batch: Vec<_> = batch.iter().map(|entry| Entry::new(&Sha256Tree, entry)).collect();
        let acknowledged = log.append(&batch, sign).expect("appended");
        assert_eq!(acknowledged.len(), batch.len());
    }
    let run = Run { time: start.elapsed(), syncs: log.store().syncs() - before };
    assert_eq!(log.head().size, ENTRIES as u64);
    run
}

#[derive(Debug)]
struct Counted(FileBackend, Arc<AtomicU64>);

impl StorageBackend for Counted {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.0.read(offset, len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self, eventual: bool) -> io::Result<()> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.sync_data(eventual)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

fn table(folder: &Path, entries: &[Vec<u8>], batch: usize, phases: Phases) -> Run {
    let file = fs::File::create_new(folder.join("table.redb")).expect("a file");
    let syncs = Arc::new(AtomicU64::new(0));
    let backend = Counted(FileBackend::new(file).expect("a backend"), syncs.clone());
    let mut builder = Builder::new();
    builder.create_with_file_format_v3(true);
    let database = builder.create_with_backend(backend).expect("a database");
    let (before, start) = (syncs.load(Ordering::Relaxed), Instant::now());
    let mut indexes = 0..;
    for batch in entries.chunks(batch) {
        let mut transaction = database.begin_write().expect("a transaction");
        transaction.set_two_phase_commit(phases == Phases::Two);
        {
            let mut table = transaction.open_table(TABLE).expect("a table");
            for (entry, index) in batch.iter().zip(indexes.by_ref()) {
                table.insert(index, entry.as_slice()).expect("inserted");
            }
        }
        transaction.commit().expect("committed");
    }
    Run { time: start.elapsed(), syncs: syncs.load(Ordering::Relaxed) - before }
}

fn in_folder(run: impl FnOnce(&Path) -> Run) -> Run {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("durable");
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let run = run(&folder);
    fs::remove_dir_all(&folder).expect("removed");
    run
}

fn main() {
    let entries = entries();
    println!("{ENTRIES} entries of {LENGTH} bytes, on {}", env!("CARGO_TARGET_TMPDIR"));
    for batch in [256, 1000, 10_000] {
        let batches = entries.len().div_ceil(batch) as f64;
        let rows = [
            (
                "redb table, one phase",
                in_folder(|folder| table(folder, &entries, batch, Phases::One)),
            ),
            (
                "redb table, two phases",
                in_folder(|folder| table(folder, &entries, batch, Phases::Two)),
            ),
            ("log, durable store", in_folder(|folder| log(folder, &entries, batch))),
        ];
        let rate = |run: &Run| ENTRIES as f64 / run.time.as_secs_f64();
        let plain = rate(&rows[0].1);
        println!("in batches of {batch}:");
        for (name, run) in &rows {
            println!(
                "  {name:22} {:>8.0} entries/s, {:>5.1} syncs a batch, {:.2} of the plain table",
                rate(run),
                run.syncs as f64 / batches,
                rate(run) / plain,
            );
        }
    }
}
