//! A process that appends through the sequencer is killed again and again: nothing that was
//! acknowledged is lost or there twice, every tree that was published is a beginning of the log,
//! and the log is sound.
//!
//! `MERKLE_PROOF_KILLS` says how often; the quick run kills it 5 times.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use merkle_proof::store::{
    Collecting, DurableStore, Entry, Identity, Log, ObjectStore, Sequencer, Unsigned, fsck,
};
use merkle_proof::tlog::{Checkpoint, Tile, TreeReader};
use merkle_proof::{
    LeafIndex, Rfc9162Tree, Sha256Tree, TreeHead, TreeSize, TrustedRoot, verify_inclusion,
};

const ORIGIN: &str = "example.org/log";
const CHILD: &str = "MERKLE_PROOF_CHILD_FOLDER";

fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes())
}

fn identity(entry: &[u8]) -> Identity {
    Entry::new(&Sha256Tree, entry).identity
}

fn open(folder: &Path) -> Log<Sha256Tree, DurableStore> {
    let store = DurableStore::open(folder).unwrap();
    Log::open_or_create(store, Sha256Tree, ORIGIN, sign).unwrap()
}

/// What the process does that is killed: eight callers append, and each prints what it was told.
#[test]
fn the_child_process() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let seed = std::env::var("MERKLE_PROOF_CHILD_SEED").unwrap();
    let log = open(Path::new(&folder));
    let sequencer = Sequencer::start(log, Collecting::default(), sign).unwrap();
    std::thread::scope(|scope| {
        for caller in 0..8 {
            let (appender, seed) = (sequencer.appender(), &seed);
            scope.spawn(move || {
                for number in 0.. {
                    let text = format!("{seed} {caller} {number}");
                    let done = appender.append(identity(text.as_bytes()), text.clone()).unwrap();
                    let root = hex::encode(done.head.root.hash());
                    let (index, size) = (done.acknowledgement.index(), done.head.size);
                    let line = format!("@ {index} {size} {root} {text}\n");
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What was told by processes that are dead.
#[derive(Default)]
struct Told {
    entries: BTreeMap<u64, String>,
    heads: BTreeMap<u64, [u8; 32]>,
    /// Proofs that were made, of leaf and size.
    proofs: Vec<(u64, u64, Vec<[u8; 32]>)>,
}

impl Told {
    fn line(&mut self, line: &str) {
        let Some(told) = line.split_once("@ ").map(|(_, told)| told) else { return };
        let mut parts = told.splitn(4, ' ');
        let mut next = || parts.next();
        // The last line may be cut.
        let (Some(index), Some(size), Some(root), Some(text)) = (next(), next(), next(), next())
        else {
            return;
        };
        let (index, size) = (index.parse().unwrap(), size.parse().unwrap());
        let root: [u8; 32] = hex::decode(root).unwrap().try_into().unwrap();
        assert!(self.entries.insert(index, text.into()).is_none(), "two entries at {index}");
        assert_eq!(*self.heads.entry(size).or_insert(root), root, "two trees of size {size}");
    }

    fn compare(&mut self, log: &Log<Sha256Tree, DurableStore>, seed: u64) {
        let head = fsck(log.store(), &Sha256Tree, ORIGIN, identity).unwrap();
        assert_eq!(head, log.head());
        let store = log.store();
        let mut fetch = |tile: &Tile| store.object(&tile.to_string());
        let mut reader = TreeReader::new(Sha256Tree, head, 16 << 20);
        for (index, text) in self.entries.iter().rev().step_by(3).take(200) {
            assert_eq!(reader.entry(LeafIndex(*index), &mut fetch).unwrap(), text.as_bytes());
        }
        for (size, root) in &self.heads {
            assert_eq!(reader.root_at(*size, &mut fetch).unwrap(), *root, "of size {size}");
        }
        for (index, size, path) in &self.proofs {
            let entry = reader.entry(LeafIndex(*index), &mut fetch).unwrap();
            let leaf = identity(&entry);
            let root = reader.root_at(*size, &mut fetch).unwrap();
            let then: TreeHead<Rfc9162Tree, _> =
                TreeHead::new(*size, TrustedRoot::vouched_for(root));
            verify_inclusion(&Sha256Tree, leaf.as_bytes(), LeafIndex(*index), path, &then).unwrap();
        }
        if head.size > 0 {
            for number in 0..8 {
                let index = (seed + number).wrapping_mul(0x9e37_79b9_7f4a_7c15) % head.size;
                let path = reader
                    .inclusion_path(LeafIndex(index), TreeSize(head.size), &mut fetch)
                    .unwrap();
                self.proofs.push((index, head.size, path));
            }
        }
    }
}

#[test]
fn m115_a_process_that_is_killed_loses_nothing_acknowledged() {
    let kills = std::env::var("MERKLE_PROOF_KILLS").map_or(5, |kills| kills.parse().unwrap());
    let path = std::env::temp_dir().join(format!("merkle-proof-{}-kills", std::process::id()));
    _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    let (folder, mut told) = (Folder(path), Told::default());
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["the_child_process", "--exact", "--nocapture"])
            .env(CHILD, &folder.0)
            .env("MERKLE_PROOF_CHILD_SEED", kill.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        let reads = std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).collect::<Vec<_>>()
        });
        // A quarter of them while the log is opened.
        let wait = u64::wrapping_mul(kill + 1, 0x9e37_79b9_7f4a_7c15) >> 32;
        let wait = if kill % 4 == 3 { wait % 60 } else { wait % 700 };
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let lines = reads.join().unwrap();
        // A line that was cut has no newline, and is read all the same: it is left out where it is
        // not whole.
        lines.iter().filter(|line| line.matches(' ').count() == 6).for_each(|line| told.line(line));
        told.compare(&open(&folder.0), kill);
    }
    // No more is staged than there are places, and all of it is let go of.
    let mut log = open(&folder.0);
    log.settle().unwrap();
    assert!(std::fs::read_dir(folder.0.join("staged")).unwrap().count() <= 256);
    assert!(std::fs::read_dir(folder.0.join("unfinished")).unwrap().count() <= 2);
    println!(
        "{} acknowledged entries, {} trees, {kills} kills",
        told.entries.len(),
        told.heads.len()
    );
    assert!(kills < 5 || !told.entries.is_empty());
}
