//! What an operator does for a log: collection, repair, and what is lost made again.

use std::path::{Path, PathBuf};

use merkle_proof::store::{
    DurableStore, Entry, Identity, Log, LogError, MemoryStore, ObjectStore, Unsigned, fsck,
    rebuild_index, repair_tiles, restore_state,
};
use merkle_proof::tlog::Checkpoint;
use merkle_proof::{Rule, Sha256Tree, TreeHead, TrustedRoot};

const ORIGIN: &str = "example.org/log";

fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes())
}

fn identity(entry: &[u8]) -> Identity {
    Entry::new(&Sha256Tree, entry).identity
}

fn filled(batches: &[u32]) -> Log<Sha256Tree, MemoryStore> {
    let mut log = Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap();
    let mut next = 0;
    for size in batches {
        let texts: Vec<_> = (next..next + size).map(|number| number.to_string()).collect();
        let batch: Vec<_> =
            texts.iter().map(|text| Entry::new(&Sha256Tree, text.as_bytes())).collect();
        log.append(&batch, sign).unwrap();
        next += size;
    }
    log
}

/// The bytes of all files in a folder.
fn bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry.file_type().unwrap().is_dir() {
            true => bytes_in(&entry.path()),
            false => entry.metadata().unwrap().len(),
        })
        .sum()
}

/// The bytes of the full tiles and bundles alone.
fn full_bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let kept = entries.filter(|entry| !entry.file_name().to_string_lossy().ends_with(".p"));
    kept.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => full_bytes_in(&entry.path()),
        false => entry.metadata().unwrap().len(),
    })
    .sum()
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `MERKLE_PROOF_THOROUGH=1` appends 2048 entries in place of 512.
#[test]
fn partial_tiles_are_collected() {
    let path = std::env::temp_dir().join(format!("merkle-proof-{}-care", std::process::id()));
    _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    let folder = Folder(path);
    let store = DurableStore::open(&folder.0).unwrap();
    let mut log = Log::create(store, Sha256Tree, ORIGIN, sign).unwrap();
    let size: u32 = if std::env::var_os("MERKLE_PROOF_THOROUGH").is_some() { 2048 } else { 512 };
    for number in 0..size {
        let entry = format!("{number:0100}");
        log.append(&[Entry::new(&Sha256Tree, entry.as_bytes())], sign).unwrap();
    }
    let tiles = folder.0.join("public/tile");
    let (before, full) = (bytes_in(&tiles), full_bytes_in(&tiles));
    assert!(before > 20 * full, "{before} of {full}");
    let removed = log.collect(0).unwrap();
    assert_eq!(removed, 2 * u64::from(size / 256) * 255);
    let after = bytes_in(&tiles);
    println!("{before} bytes, {after} after collection, {full} of them full");
    assert!(after <= 2 * full, "{after} of {full}");
    assert_eq!(fsck(log.store(), &Sha256Tree, ORIGIN, identity).unwrap().size, u64::from(size));
    // It goes on, also in folders that were removed, and from where it was.
    for number in size..size + 262 {
        let entry = format!("{number:0100}");
        log.append(&[Entry::new(&Sha256Tree, entry.as_bytes())], sign).unwrap();
    }
    assert_eq!(log.collect(u64::from(size)).unwrap(), 2 * 255);
    assert_eq!(log.collect(0).unwrap(), 0);
    drop(log);
    let store = DurableStore::open(&folder.0).unwrap();
    let log = Log::open(store, Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(
        fsck(log.store(), &Sha256Tree, ORIGIN, identity).unwrap().size,
        u64::from(size) + 262
    );
}

#[test]
fn tiles_are_repaired_from_entries() {
    let mut log = filled(&[300, 300]);
    log.settle().unwrap();
    let good = log.into_store();
    let names = ["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"];
    for name in names {
        for missing in [true, false] {
            let mut store = good.clone();
            let mut bytes = store.object(name).unwrap().unwrap();
            store.remove(name).unwrap();
            if !missing {
                bytes[3] ^= 1;
                let object = merkle_proof::store::Object { name, bytes: &bytes };
                store.create(&[object]).unwrap();
            }
            assert!(fsck(&store, &Sha256Tree, ORIGIN, identity).is_err());
            assert_eq!(repair_tiles(&mut store, &Sha256Tree, ORIGIN), Ok(1), "{name}");
            assert_eq!(fsck(&store, &Sha256Tree, ORIGIN, identity).unwrap().size, 600);
        }
    }
    let mut store = good.clone();
    assert_eq!(repair_tiles(&mut store, &Sha256Tree, ORIGIN), Ok(0));
    // Entries are what all follows from.
    store.remove("tile/entries/001").unwrap();
    let refused = repair_tiles(&mut store, &Sha256Tree, ORIGIN).unwrap_err();
    assert_eq!(refused.rule(), Some(Rule::StoredEntries.to_ref()));
    let mut other = filled(&[600]).into_store();
    let mut bytes = other.object("tile/entries/001").unwrap().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    other.remove("tile/entries/001").unwrap();
    let object = merkle_proof::store::Object { name: "tile/entries/001", bytes: &bytes };
    other.create(&[object]).unwrap();
    let refused = repair_tiles(&mut other, &Sha256Tree, ORIGIN).unwrap_err();
    assert_eq!(refused.rule(), Some(Rule::StoredRoot.to_ref()));
}

#[test]
fn a_lost_state_is_made_from_tiles_and_checkpoint() {
    for sizes in [&[][..], &[1], &[256], &[300, 300]] {
        let mut log = filled(sizes);
        log.settle().unwrap();
        let (head, old) = (log.head(), log.into_store());
        // All but the state and the index.
        let mut store = MemoryStore::new();
        let folders = ["tile/0", "tile/1", "tile/entries", "tile/0/002.p", "tile/0/000.p"];
        let more = ["tile/1/000.p", "tile/entries/002.p", "tile/entries/000.p"];
        for folder in folders.into_iter().chain(more) {
            for name in old.list(folder).unwrap() {
                let bytes = old.object(&name).unwrap().unwrap();
                store
                    .create(&[merkle_proof::store::Object { name: &name, bytes: &bytes }])
                    .unwrap();
            }
        }
        store.publish(&old.published().unwrap().unwrap()).unwrap();
        let other = TreeHead::new(head.size, TrustedRoot::vouched_for([7; 32]));
        if head.size > 0 {
            assert!(restore_state(&mut store.clone(), &Sha256Tree, ORIGIN, &other).is_err());
            let empty = TreeHead::empty(&Sha256Tree);
            let refused = restore_state(&mut store.clone(), &Sha256Tree, ORIGIN, &empty);
            let rule = refused.unwrap_err().rule();
            assert_eq!(rule, Some(Rule::PublishedCheckpoint.to_ref()), "older than what is public");
        }
        restore_state(&mut store, &Sha256Tree, ORIGIN, &head).unwrap();
        let again = restore_state(&mut store, &Sha256Tree, ORIGIN, &head);
        assert_eq!(again, Err(LogError::Exists));
        rebuild_index(&mut store, &Sha256Tree, ORIGIN, identity).unwrap();
        let mut log = Log::open(store, Sha256Tree, ORIGIN, sign).unwrap();
        assert_eq!(log.head(), head);
        log.append(&[Entry::new(&Sha256Tree, b"more")], sign).unwrap();
        let checked = fsck(log.store(), &Sha256Tree, ORIGIN, identity);
        assert_eq!(checked.unwrap().size, head.size + 1);
    }
}
