//! What a disk or an operator can do to the files of a durable store: every answer is an error that
//! says what to do, or a log that is as it was; never a panic, and never a second history.
//!
//! The quick run tries some lengths and bits of each file; `MERKLE_PROOF_THOROUGH=1` tries more.
//! Every length of the index is tried by the tests of the index itself, and so are 2 000 of its
//! bits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use merkle_proof::store::{
    DurableError, DurableStore, Entry, Log, LogError, ObjectStore, PublicFolder, Unsigned, fsck,
    fsck_public, rebuild_index,
};
use merkle_proof::tlog::Checkpoint;
use merkle_proof::{Rule, Sha256Tree};

const ORIGIN: &str = "example.org/log";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("merkle-proof-{}-{name}", std::process::id()));
        _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes())
}

fn texts(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

type DurableLog = Log<Sha256Tree, DurableStore>;

fn open(folder: &Path) -> Result<DurableLog, LogError<DurableError>> {
    Log::open(DurableStore::open(folder).map_err(LogError::Store)?, Sha256Tree, ORIGIN, sign)
}

fn append(log: &mut DurableLog, texts: &[String]) -> Result<Vec<u64>, LogError<DurableError>> {
    let batch: Vec<_> = texts.iter().map(|text| Entry::new(&Sha256Tree, text.as_bytes())).collect();
    Ok(log.append(&batch, sign)?.iter().map(|one| one.index()).collect())
}

fn identity(entry: &[u8]) -> merkle_proof::store::Identity {
    Entry::new(&Sha256Tree, entry).identity
}

/// A log of 300 entries, all of it durable.
fn made(name: &str) -> Folder {
    let folder = Folder::new(name);
    let store = DurableStore::open(&folder.0).unwrap();
    let mut log = Log::create(store, Sha256Tree, ORIGIN, sign).unwrap();
    for batch in 0..3 {
        append(&mut log, &texts(batch * 100..batch * 100 + 100)).unwrap();
    }
    log.settle().unwrap();
    folder
}

fn public_size(folder: &Folder) -> u64 {
    let note = std::fs::read_to_string(folder.file("public/checkpoint")).unwrap();
    note.lines().nth(1).unwrap().parse().unwrap()
}

/// Opens the log on changed bytes of a file, hands in old entries and a new one, and tells whether
/// all went well. It leaves the folder as it was.
fn tried(folder: &Folder, file: &str, bytes: &[u8]) -> Result<(), LogError<DurableError>> {
    let size = public_size(folder);
    let path = folder.file(file);
    let saved: Vec<_> = ["state", "index.redb", "public/checkpoint", "staged/003", "staged/004"]
        .map(|name| (folder.file(name), std::fs::read(folder.file(name)).unwrap()))
        .into();
    std::fs::write(&path, bytes).unwrap();
    let attempt = || {
        let mut log = open(&folder.0)?;
        assert_eq!(log.head().size, size);
        // What is known already is acknowledged where it is, or refused.
        assert_eq!(append(&mut log, &texts(5..9))?, [5, 6, 7, 8]);
        Ok(())
    };
    let outcome = catch_unwind(AssertUnwindSafe(attempt));
    assert!(public_size(folder) >= size);
    for (path, bytes) in saved {
        std::fs::write(path, bytes).unwrap();
    }
    outcome.unwrap_or_else(|_| panic!("a panic with {} bytes of {file}", bytes.len()))
}

fn says_what_to_do(error: &LogError<DurableError>) {
    let text = error.to_string();
    let advice = ["restore", "make it again", "M113", "M114", "M106", "M109"];
    assert!(advice.iter().any(|advice| text.contains(advice)), "{text}");
}

fn thorough() -> bool {
    std::env::var_os("MERKLE_PROOF_THOROUGH").is_some()
}

/// Panics of redb are caught, and not printed a thousand times.
fn quiet<T>(run: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_none_or(|location| !location.file().contains("redb")) {
            eprintln!("{panic}");
        }
    }));
    let outcome = catch_unwind(AssertUnwindSafe(run));
    std::panic::set_hook(hook);
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[test]
fn m106_every_length_of_the_state_is_refused_or_whole() {
    let folder = made("state-lengths");
    let bytes = std::fs::read(folder.file("state")).unwrap();
    let step = if thorough() { 1 } else { 61 };
    for length in (0..bytes.len()).step_by(step) {
        let refused = tried(&folder, "state", &bytes[..length]).unwrap_err();
        assert!(matches!(&refused, LogError::Store(DurableError::Damaged { path: "state", .. })));
        says_what_to_do(&refused);
    }
    assert!(tried(&folder, "state", &bytes).is_ok());
}

/// The last state stands before its batch: every bit of both counts, and without them the log is
/// behind its checkpoint.
#[test]
fn m113_every_bit_of_the_last_state_and_batch_counts() {
    let folder = made("state-bits");
    append(&mut open(&folder.0).unwrap(), &texts(300..301)).unwrap();
    let bytes = std::fs::read(folder.file("staged/003")).unwrap();
    let (mut refused, mut harmless) = (0, 0);
    for bit in (0..bytes.len() * 8).step_by(if thorough() { 67 } else { 997 }) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        match tried(&folder, "staged/003", &changed) {
            Err(error) => {
                assert_eq!(error.rule(), Some(Rule::PublishedCheckpoint.to_ref()), "bit {bit}");
                refused += 1;
            }
            // Between the state and the batch.
            Ok(()) => harmless += 1,
        }
    }
    assert!(refused > 0 && harmless > 0, "{refused} {harmless}");
}

#[test]
fn m106_no_bit_of_the_state_makes_a_panic() {
    let folder = made("state-own-bits");
    let bytes = std::fs::read(folder.file("state")).unwrap();
    for bit in (0..bytes.len() * 8).step_by(if thorough() { 67 } else { 997 }) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Err(error) = tried(&folder, "state", &changed) {
            says_what_to_do(&error);
        }
    }
}

#[test]
fn m114_a_log_on_an_index_that_is_cut_is_refused() {
    let folder = made("index-lengths");
    let bytes = std::fs::read(folder.file("index.redb")).unwrap();
    let near = |at: usize| [at.saturating_sub(1), at, at + 1];
    let mut lengths: Vec<_> =
        (0..bytes.len()).step_by(if thorough() { 1 } else { 65_536 }).collect();
    lengths
        .extend((0..bytes.len()).step_by(if thorough() { 4096 } else { 131_072 }).flat_map(near));
    lengths.extend(0..if thorough() { 1000 } else { 24 });
    lengths.extend(near(320));
    lengths.push(bytes.len() - 1);
    quiet(|| {
        for length in lengths.into_iter().filter(|length| *length < bytes.len()) {
            let refused = tried(&folder, "index.redb", &bytes[..length]).unwrap_err();
            says_what_to_do(&refused);
        }
    });
}

#[test]
fn m114_no_bit_of_the_index_makes_a_panic() {
    let folder = made("index-bits");
    let bytes = std::fs::read(folder.file("index.redb")).unwrap();
    let flips = if thorough() { 2000 } else { 60 };
    let (mut state, mut refused) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    quiet(|| {
        for flip in 0..flips {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Half of them in the header and the first pages, where most is.
            let within = if flip % 2 == 0 { 8192 } else { bytes.len() };
            let bit = usize::try_from(state % (within as u64 * 8)).unwrap();
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Err(error) = tried(&folder, "index.redb", &changed) {
                says_what_to_do(&error);
                refused += 1;
            }
        }
    });
    println!("{refused} of {flips} single bits of {} bytes were refused", bytes.len());
}

#[test]
fn m114_a_lost_index_is_made_again() {
    for how in ["lost", "empty", "cut", "other"] {
        let folder = made(&format!("index-{how}"));
        let path = folder.file("index.redb");
        match how {
            "lost" => std::fs::remove_file(&path).unwrap(),
            "empty" => std::fs::write(&path, []).unwrap(),
            "cut" => std::fs::write(&path, &std::fs::read(&path).unwrap()[..5000]).unwrap(),
            _ => std::fs::write(&path, b"something else").unwrap(),
        }
        let refused = quiet(|| open(&folder.0).unwrap_err());
        assert!(matches!(
            &refused,
            LogError::Store(DurableError::Damaged { path: "index.redb", .. })
        ));
        assert!(refused.to_string().contains("rebuild_index"), "{refused}");

        let mut store = DurableStore::open_with_new_index(&folder.0).unwrap();
        drop(store);
        // A log whose index is not made yet does not open: it would have entries twice.
        let refused = open(&folder.0).unwrap_err();
        assert_eq!(refused.rule(), Some(Rule::OneIndex.to_ref()));
        store = DurableStore::open_with_new_index(&folder.0).unwrap();
        rebuild_index(&mut store, &Sha256Tree, ORIGIN, identity).unwrap();
        drop(store);
        let mut log = open(&folder.0).unwrap();
        assert_eq!(append(&mut log, &texts(299..301)).unwrap(), [299, 300]);
        assert_eq!(fsck(log.store(), &Sha256Tree, ORIGIN, identity).unwrap().size, 301);
    }
}

/// The folder from before the last batches, whole: nothing in it tells, so a checkpoint from
/// elsewhere has to.
#[test]
fn m113_an_older_copy_of_the_folder_is_told_by_a_checkpoint() {
    let folder = made("older-copy");
    let mut log = open(&folder.0).unwrap();
    let old = log.head();
    append(&mut log, &texts(300..310)).unwrap();
    let known = log.head();
    drop(log);
    let store = DurableStore::open(&folder.0).unwrap();
    let log = Log::open_at_least(store, Sha256Tree, ORIGIN, &known, sign).unwrap();
    drop(log);
    let copy = made("older-copy-restored");
    let restored = DurableStore::open(&copy.0).unwrap();
    let refused = Log::open_at_least(restored, Sha256Tree, ORIGIN, &known, sign).unwrap_err();
    assert!(matches!(refused, LogError::Behind { size: 300, least: 310 }), "{refused}");
    let restored = DurableStore::open(&copy.0).unwrap();
    assert!(Log::open_at_least(restored, Sha256Tree, ORIGIN, &old, sign).is_ok());
}

#[test]
fn a_running_log_is_looked_through() {
    let folder = made("running");
    let mut log = open(&folder.0).unwrap();
    let public = PublicFolder::new(folder.file("public"));
    assert_eq!(fsck_public(&public, &Sha256Tree, ORIGIN).unwrap(), log.head());
    append(&mut log, &texts(300..700)).unwrap();
    assert_eq!(fsck_public(&public, &Sha256Tree, ORIGIN).unwrap(), log.head());
    let mut other = public.clone();
    assert!(matches!(other.publish(b""), Err(DurableError::ReadOnly)));
    assert!(matches!(other.remove("tile/0/000"), Err(DurableError::ReadOnly)));
    assert!(matches!(public.object("staged/000"), Err(DurableError::Name(_))));
    std::fs::write(folder.file("public/tile/entries/001"), b"damage").unwrap();
    let refused = fsck_public(&public, &Sha256Tree, ORIGIN).unwrap_err();
    assert_eq!(refused.rule(), Some(Rule::EntryBundle.to_ref()));
}
