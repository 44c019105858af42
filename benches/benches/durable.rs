//! A log in the durable store beside the same payloads in a redb table with two-phase commits, one a batch; callers with one
//! entry each through the sequencer; proofs out of the stored log.
//!
//! Rows of one batch size are interleaved five times, after a warm-up, each in a folder of its own; the side that begins
//! changes from run to run, and before each measured time the disk is synced, so that nobody writes what another left. Two
//! ratios are printed, for each run and as medians: until the last batch was acknowledged, and until all of the log is durable
//! as tiles too, when no staged batch is needed any more. A table has nothing left to do then. A log keeps an entry twice
//! (staged and bundled) and its hashes; the table keeps it once. `DURABLE_FOLDER` says where. It takes 10 GB until it ends,
//! and leaves empty files.
#![allow(missing_docs)]

use std::{
    cell::Cell,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use benches::say;
use merkle_proof::{
    LeafIndex, Sha256Tree, TreeSize,
    store::{Collecting, DurableStore, Entry, Log, ObjectStore, PublicFolder, Sequencer, Unsigned},
    tlog::{Checkpoint, Tile, TreeReader},
};
use redb::{Builder, StorageBackend, TableDefinition, backends::FileBackend};

const ENTRIES: usize = 100_000;
const LENGTH: usize = 1024;
const RUNS: usize = 5;
const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entries");

#[derive(Clone, Copy)]
struct Run {
    /// Until the last batch was acknowledged.
    time: Duration,
    /// Until nothing was left to be made durable.
    settled: Duration,
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
    let (time, syncs) = (start.elapsed(), log.store().syncs() - before);
    log.settle().expect("settled");
    assert_eq!(log.head().size, ENTRIES as u64);
    Run { time, settled: start.elapsed(), syncs }
}

#[derive(Debug)]
struct Counted(FileBackend, Arc<AtomicU64>);

impl StorageBackend for Counted {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

fn table(folder: &Path, entries: &[Vec<u8>], batch: usize) -> Run {
    let file = fs::File::create_new(folder.join("table.redb")).expect("a file");
    let syncs = Arc::new(AtomicU64::new(0));
    let backend = Counted(FileBackend::new(file).expect("a backend"), syncs.clone());
    let database = Builder::new().create_with_backend(backend).expect("a database");
    let (before, start) = (syncs.load(Ordering::Relaxed), Instant::now());
    let mut indexes = 0..;
    for batch in entries.chunks(batch) {
        let mut transaction = database.begin_write().expect("a transaction");
        transaction.set_two_phase_commit(true);
        {
            let mut table = transaction.open_table(TABLE).expect("a table");
            for (entry, index) in batch.iter().zip(indexes.by_ref()) {
                table.insert(index, entry.as_slice()).expect("inserted");
            }
        }
        transaction.commit().expect("committed");
    }
    let time = start.elapsed();
    Run { time, settled: time, syncs: syncs.load(Ordering::Relaxed) - before }
}

fn place() -> PathBuf {
    let place = std::env::var_os("DURABLE_FOLDER").map(PathBuf::from);
    place.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("durable"))
}

/// A folder of its own for each run. Nothing is removed, only emptied, in the end: a file system (ext4) does not use again
/// for minutes what was removed, and looks at each of those places whenever it makes a file. Ten thousand removed files make
/// a new one twenty times slower, for the log, which makes files, and hardly for a table. Remove the folder when you like,
/// and not within the minutes before a run; what a new file takes is printed.
struct Folders {
    number: Cell<u32>,
    all: PathBuf,
}

impl Folders {
    fn new() -> Self {
        let all = place().join(std::process::id().to_string());
        fs::create_dir_all(&all).expect("a folder");
        Self { number: Cell::new(0), all }
    }

    /// The next folder, on a disk that has nothing left to write.
    fn next(&self) -> PathBuf {
        self.number.set(self.number.get() + 1);
        let folder = self.all.join(self.number.get().to_string());
        fs::create_dir_all(&folder).expect("a folder");
        // Where there is no such program, the first side pays for the second, and the other way round.
        _ = std::process::Command::new("sync").status();
        folder
    }

    /// How long it takes to make a file.
    fn a_new_file(&self) -> Duration {
        let (folder, count) = (self.next(), 64);
        let start = Instant::now();
        (0..count)
            .for_each(|file| _ = fs::File::create(folder.join(file.to_string())).expect("a file"));
        start.elapsed() / count
    }
}

/// Gives the space of all files back, some at a time.
fn empty(folder: &Path) -> io::Result<()> {
    let (mut folders, mut files) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            kind.push(entry.path());
        }
    }
    let cut = |path: &PathBuf| fs::File::create(path).map(|_| ());
    std::thread::scope(|scope| {
        for files in files.chunks(files.len().div_ceil(32).max(1)) {
            scope.spawn(move || files.iter().try_for_each(cut));
        }
    });
    Ok(())
}

impl Drop for Folders {
    fn drop(&mut self) {
        _ = empty(&self.all);
    }
}

fn median<T: Copy>(mut runs: Vec<T>, by: impl Fn(&T) -> f64) -> T {
    runs.sort_by(|one, two| by(one).total_cmp(&by(two)));
    runs[runs.len() / 2]
}

fn batches(entries: &[Vec<u8>], folders: &Folders) {
    for (batch, least, wish) in [(256, 0.5, 0.7), (1000, 0.65, 0.8), (10_000, 0.8, 0.9)] {
        let count = entries.len().div_ceil(batch) as f64;
        say!("in batches of {batch}, where a new file takes {:?}:", folders.a_new_file());
        let (mut tables, mut logs) = (Vec::new(), Vec::new());
        for run in 0..=RUNS {
            let (two, ours) = if run % 2 == 0 {
                let two = table(&folders.next(), entries, batch);
                (two, log(&folders.next(), entries, batch))
            } else {
                let ours = log(&folders.next(), entries, batch);
                (table(&folders.next(), entries, batch), ours)
            };
            // The first warms up.
            if run > 0 {
                tables.push(two);
                logs.push(ours);
            }
        }
        let seconds = |run: &Run| run.time.as_secs_f64();
        for (name, runs) in [("redb table, two phases", &tables), ("log, durable store", &logs)] {
            let run = median(runs.clone(), seconds);
            let (rate, syncs) = (ENTRIES as f64 / seconds(&run), run.syncs as f64 / count);
            say!("  {name:22} {rate:>8.0} entries/s, {syncs:>5.1} syncs a batch, beside or not");
        }
        let ratios = |of: fn(&Run) -> Duration| -> Vec<f64> {
            let pairs = tables.iter().zip(&logs);
            pairs.map(|(two, ours)| of(two).as_secs_f64() / of(ours).as_secs_f64()).collect()
        };
        for (name, ratios) in [
            ("acknowledged", ratios(|run| run.time)),
            ("durable as tiles too", ratios(|run| run.settled)),
        ] {
            let of_runs: Vec<_> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
            let (of_runs, ratio) = (of_runs.join(" "), median(ratios, |ratio| *ratio));
            say!(
                "  {name:22} ratios {of_runs}, median {ratio:.2}, at least {least}, wished for {wish}"
            );
        }
    }
}

/// One entry at a time, and 64 callers with one entry each through the sequencer.
fn callers(entries: &[Vec<u8>], folders: &Folders) {
    const CALLERS: usize = 64;
    let age = Collecting::default().age;
    let log_in = |folder: PathBuf| {
        let store = DurableStore::open(folder).expect("a store");
        Log::create(store, Sha256Tree, "example.org/log", sign).expect("a log")
    };
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let mut log = log_in(folders.next());
        let start = Instant::now();
        for entry in entries.iter().take(500) {
            log.append(&[Entry::new(&Sha256Tree, entry)], sign).expect("appended");
        }
        let rate_alone = 500.0 / start.elapsed().as_secs_f64();

        let collecting = Collecting { age, ..Collecting::default() };
        let sequencer =
            Sequencer::start(log_in(folders.next()), collecting, sign).expect("a thread");
        let each = 200;
        let start = Instant::now();
        let mut waits: Vec<f64> = std::thread::scope(|scope| {
            let threads: Vec<_> = entries
                .chunks(each)
                .take(CALLERS)
                .map(|entries| {
                    let appender = sequencer.appender();
                    scope.spawn(move || {
                        let append = |entry: &Vec<u8>| {
                            let start = Instant::now();
                            let identity = Entry::new(&Sha256Tree, entry).identity;
                            appender.append(identity, entry.clone()).expect("appended");
                            start.elapsed().as_secs_f64()
                        };
                        entries.iter().map(append).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("done")).collect()
        });
        let rate = (CALLERS * each) as f64 / start.elapsed().as_secs_f64();
        waits.sort_by(f64::total_cmp);
        let p99 = waits[waits.len() * 99 / 100];
        if run > 0 {
            alone.push(rate_alone);
            together.push((rate, p99));
        }
    }
    let alone = median(alone, |rate| *rate);
    let (rate, _) = median(together.clone(), |run| run.0);
    let (_, p99) = median(together, |run| run.1);
    say!("one by one:                   {alone:>8.0} entries/s");
    say!(
        "64 callers, one entry each:   {rate:>8.0} entries/s, {:.1} times, at least 20",
        rate / alone
    );
    say!(
        "  99 of 100 wait at most {:.1} ms, at most {:.0}",
        p99 * 1000.0,
        age.as_secs_f64() * 3000.0
    );
}

/// Proofs of leaves here and there, from the folder that web servers would serve.
fn proofs(entries: &[Vec<u8>], folders: &Folders) {
    {
        let folder = folders.next();
        let store = DurableStore::open(&folder).expect("a store");
        let mut log = Log::create(store, Sha256Tree, "example.org/log", sign).expect("a log");
        for batch in entries.chunks(10_000) {
            let batch: Vec<_> = batch.iter().map(|entry| Entry::new(&Sha256Tree, entry)).collect();
            log.append(&batch, sign).expect("appended");
        }
        let (head, public) = (log.head(), PublicFolder::new(folder.join("public")));
        let mut fetch = |tile: &Tile| public.object(&tile.to_string());
        let leaf = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % head.size;
        let mut warm = TreeReader::new(Sha256Tree, head, 16 << 20);
        let mut rates = Vec::new();
        for _ in 0..=RUNS {
            let (count, start) = (200_000, Instant::now());
            for number in 0..count {
                warm.inclusion_path(LeafIndex(leaf(number)), TreeSize(head.size), &mut fetch)
                    .expect("a path");
            }
            rates.push(count as f64 / start.elapsed().as_secs_f64());
        }
        let rate = median(rates[1..].to_vec(), |rate| *rate);
        say!("proofs, 16 MiB of nodes kept: {rate:>8.0} a second, at least 100000");
        let mut rates = Vec::new();
        for _ in 0..=RUNS {
            let (count, start) = (2000, Instant::now());
            for number in 0..count {
                let mut cold = TreeReader::new(Sha256Tree, head, 16 << 20);
                cold.inclusion_path(LeafIndex(leaf(number)), TreeSize(head.size), &mut fetch)
                    .expect("a path");
            }
            rates.push(count as f64 / start.elapsed().as_secs_f64());
        }
        let rate = median(rates[1..].to_vec(), |rate| *rate);
        say!("proofs, no tile kept:         {rate:>8.0} a second, at least 5000");
    }
}

fn main() {
    let entries = entries();
    say!("{ENTRIES} entries of {LENGTH} bytes, in files");
    let folders = Folders::new();
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let wanted = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    if std::env::args().nth(1).as_deref() == Some("profile") {
        let batch = std::env::args().nth(2).and_then(|batch| batch.parse().ok());
        let batch = batch.unwrap_or(10_000);
        for _ in 0..6 {
            let two = table(&folders.next(), &entries, batch);
            let ours = log(&folders.next(), &entries, batch);
            say!("table {:?}, log {:?}, settled {:?}", two.time, ours.time, ours.settled);
        }
    }
    if wanted("batches") {
        batches(&entries, &folders);
    }
    if wanted("callers") {
        callers(&entries, &folders);
    }
    if wanted("proofs") {
        proofs(&entries, &folders);
    }
}
