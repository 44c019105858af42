//! The stores of this crate, and some broken ones, in the suite that any store can run.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use merkle_proof::store::conformance::{Departure, check};
use merkle_proof::store::{
    CheckpointLock, Collecting, CreateError, DedupIndex, DurableError, DurableStore, Entry,
    Identity, Log, LogError, MemoryStore, Object, ObjectStore, PublicFolder, Sequencer, Store,
    Swap, Unsigned,
};
use merkle_proof::tlog::{Checkpoint, Tile, TreeReader};
use merkle_proof::{LeafIndex, Node, Rule, Sha256Tree, TreeHash, TreeSize, verify_inclusion};

/// A folder of a test's own, removed when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("merkle-proof-{}-{name}", std::process::id()));
        _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_store_in_memory_conforms() {
    assert_eq!(check(|| Ok(MemoryStore::new()), Ok), Ok(()));
}

#[test]
fn the_durable_store_conforms() {
    let folders = ["conforms-1", "conforms-2"].map(Folder::new);
    let used = Cell::new(0);
    let make = || {
        used.set(used.get() + 1);
        DurableStore::open(folders[used.get() - 1].path())
    };
    let reopen = |store| {
        drop(store);
        DurableStore::open(folders[used.get() - 1].path())
    };
    check(make, reopen).unwrap();
    assert_eq!(used.get(), 2);
}

#[test]
fn a_folder_has_one_writer() {
    let folder = Folder::new("one-writer");
    let store = DurableStore::open(folder.path()).unwrap();
    assert!(matches!(DurableStore::open(folder.path()), Err(DurableError::Locked)));
    drop(store);
    DurableStore::open(folder.path()).unwrap();
}

/// What is left of a folder when its state is gone, or is a file without bytes: a program that
/// opens the log, or else begins one, must not sign a second history.
#[test]
fn m113_a_folder_without_its_state_begins_no_second_log() {
    let sign = |checkpoint: &Checkpoint<'_>| {
        Ok(format!("{checkpoint}\n\u{2014} example.org/log AAAAAAAA\n").into_bytes())
    };
    let lose = |file: &Path| std::fs::remove_file(file).unwrap();
    let empty = |file: &Path| std::fs::write(file, []).unwrap();
    for (name, damage) in [("lost", &lose as &dyn Fn(&Path)), ("empty", &empty)] {
        let folder = Folder::new(&format!("state-{name}"));
        let open = || DurableStore::open(folder.path()).unwrap();
        let origin = "example.org/log";
        let mut log = Log::create(open(), Sha256Tree, "example.org/log", sign).unwrap();
        let entries = [b"one", b"two"].map(|bytes| Entry::new(&Sha256Tree, bytes));
        log.append(&entries, sign).unwrap();
        let published = log.store().published().unwrap();
        drop(log);
        damage(&folder.path().join("state"));
        if name == "empty" {
            let refused = DurableStore::open(folder.path()).unwrap_err();
            assert!(matches!(refused, DurableError::Damaged { path: "state", .. }), "{refused}");
            assert!(refused.to_string().contains("restore"), "{refused}");
            std::fs::remove_file(folder.path().join("state")).unwrap();
        }
        let opened = Log::open(open(), Sha256Tree, origin, sign);
        let created = Log::create(open(), Sha256Tree, origin, sign);
        let either = Log::open_or_create(open(), Sha256Tree, origin, sign);
        for refused in [opened, created, either] {
            let lost =
                |error| matches!(error, LogError::StateLost { name } if name == "checkpoint");
            assert!(refused.err().is_some_and(lost), "{name}");
        }
        assert_eq!(open().published().unwrap(), published, "{name}");
    }
}

#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    let folder = Folder::new("names");
    let mut store = DurableStore::open(folder.path()).unwrap();
    for name in [
        "",
        "tile",
        "tile/",
        "tile/../x",
        "/tile/0",
        "tile//0",
        "tile/.0",
        "index.redb",
        "tile/a\\b",
        "other/0",
    ] {
        let object = Object { name, bytes: b"" };
        assert!(matches!(store.object(name), Err(DurableError::Name(_))), "{name}");
        assert!(matches!(store.remove(name), Err(DurableError::Name(_))), "{name}");
        let created = store.create(&[object]);
        assert!(matches!(created, Err(CreateError::Store(DurableError::Name(_)))), "{name}");
    }
}

#[test]
fn a_damaged_file_is_not_gone_on_from() {
    let folder = Folder::new("damaged");
    drop(DurableStore::open(folder.path()).unwrap());
    for file in ["index.redb", "state"] {
        std::fs::write(folder.path().join(file), b"something else").unwrap();
        let refused = DurableStore::open(folder.path()).unwrap_err();
        assert!(matches!(refused, DurableError::Damaged { path, .. } if path == file), "{refused}");
    }
}

/// Does what it should, but for one thing.
struct Broken {
    store: MemoryStore,
    how: How,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Overwrites,
    NamesAnother,
    SwapsWhatever,
    CreatesTwice,
    KeepsFirstIndex,
    CountsInsertions,
    PublishesOnce,
    ForgetsObjects,
}

impl Store for Broken {
    type Error = std::convert::Infallible;
}

impl ObjectStore for Broken {
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        self.store.object(name)
    }

    fn create(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<Self::Error>> {
        if self.how == How::Overwrites {
            objects.iter().for_each(|object| self.store.remove(object.name).unwrap());
        }
        match self.store.create(objects) {
            Err(CreateError::Conflict { .. }) if self.how == How::NamesAnother => {
                Err(CreateError::Conflict { name: objects[0].name.into() })
            }
            created => created,
        }
    }

    fn remove(&mut self, name: &str) -> Result<(), Self::Error> {
        self.store.remove(name)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Self::Error> {
        self.store.list(folder)
    }

    fn published(&self) -> Result<Option<Vec<u8>>, Self::Error> {
        self.store.published()
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Self::Error> {
        if self.how == How::PublishesOnce && self.store.published()?.is_some() {
            return Ok(());
        }
        self.store.publish(checkpoint)
    }
}

impl CheckpointLock for Broken {
    fn load(&self) -> Result<Option<Vec<u8>>, Self::Error> {
        self.store.load()
    }

    fn swap(&mut self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, Self::Error> {
        let there = self.store.load()?;
        let expected = match self.how {
            How::SwapsWhatever => there.as_deref(),
            How::CreatesTwice if expected.is_none() => there.as_deref(),
            _ => expected,
        };
        self.store.swap(expected, new)
    }
}

impl DedupIndex for Broken {
    fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, Self::Error> {
        self.store.find(identities)
    }

    fn count(&self) -> Result<u64, Self::Error> {
        let once_too_often = u64::from(self.how == How::CountsInsertions);
        Ok(self.store.count()? + once_too_often)
    }

    fn insert(&mut self, entries: &[(Identity, u64)]) -> Result<(), Self::Error> {
        for entry in entries {
            let first = self.store.find(&[entry.0])? == [None];
            if first || self.how != How::KeepsFirstIndex {
                self.store.insert(&[*entry])?;
            }
        }
        Ok(())
    }
}

#[test]
fn a_store_that_departs_from_the_contract_is_found_out() {
    for (how, rule) in [
        (How::Overwrites, Rule::ObjectImmutable),
        (How::NamesAnother, Rule::ObjectImmutable),
        (How::SwapsWhatever, Rule::OneWriter),
        (How::CreatesTwice, Rule::OneWriter),
        (How::KeepsFirstIndex, Rule::OneIndex),
        (How::CountsInsertions, Rule::OneIndex),
        (How::PublishesOnce, Rule::PublishedCheckpoint),
        (How::ForgetsObjects, Rule::ObjectImmutable),
    ] {
        let make = || Ok(Broken { store: MemoryStore::new(), how });
        let reopen = |store| match how {
            How::ForgetsObjects => make(),
            _ => Ok(store),
        };
        match check(make, reopen) {
            Err(Departure::Answered { rule: broken, .. }) => assert_eq!(broken, rule),
            other => panic!("{other:?}"),
        }
    }
}

/// The index answers while the log is a sequencer's, and receipts come out of the folder.
#[test]
fn m114_a_durable_log_is_asked_and_read_while_it_is_written() {
    let folder = Folder::new("known");
    let store = DurableStore::open(folder.path()).unwrap();
    let known = store.known_entries();
    let log = Log::create(store, Sha256Tree, "example.org/log", sign).unwrap();
    let asked = known.clone();
    let known_at = move |identity: &Identity| asked.find(identity);
    let sequencer =
        Sequencer::start_with_known(log, Collecting::default(), known_at, sign).unwrap();
    let public = PublicFolder::new(folder.path().join("public"));
    let mut fetch = |tile: &Tile| public.object(&tile.to_string());
    let identity = |text: &str| Entry::new(&Sha256Tree, text.as_bytes()).identity;
    std::thread::scope(|scope| {
        for caller in 0..4 {
            let (appender, known) = (sequencer.appender(), known.clone());
            scope.spawn(move || {
                for number in 0..30 {
                    let text = format!("{caller} {number}");
                    let pending = appender.submit(identity(&text), text.clone()).unwrap();
                    let accepted = pending.accepted().unwrap();
                    assert_eq!(pending.wait().unwrap().acknowledgement, accepted);
                    assert_eq!(known.find(&identity(&text)).unwrap(), Some(accepted.index()));
                    let again = appender.submit(identity(&text), text).unwrap();
                    assert_eq!(again.accepted().unwrap().index(), accepted.index());
                }
            });
        }
        let appender = sequencer.appender();
        let mut reader = TreeReader::new(Sha256Tree, appender.head(), 1 << 20);
        while reader.head().size < 120 {
            reader.advance(appender.head(), &mut fetch).unwrap();
            let head = *reader.head();
            if let Some(last) = head.size.checked_sub(1) {
                let index = LeafIndex(last / 2);
                let path = reader.inclusion_path(index, TreeSize(head.size), &mut fetch).unwrap();
                let entry = reader.entry(index, &mut fetch).unwrap();
                let leaf = Sha256Tree.leaf(&[&entry]);
                let node = Node { level: 0, index: index.0 };
                assert_eq!(reader.node(node, &mut fetch).unwrap(), leaf);
                verify_inclusion(&Sha256Tree, &leaf, index, &path, &head).unwrap();
            }
        }
    });
    assert_eq!(sequencer.stop().unwrap().head().size, 120);
    let all = ["0 0", "none"].map(identity);
    let [Some(_), None] = known.find_all(&all).unwrap()[..] else { panic!() };
}

fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} example.org/log AAAAAAAA\n").into_bytes())
}
