//! What the tests of logs share.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Debug;
use std::rc::Rc;

use merkle_proof::store::{
    CheckpointLock, CreateError, DedupIndex, Entry, Identity, MemoryStore, Object, ObjectStore,
    Store, Swap, Unsigned,
};
use merkle_proof::tlog::{Checkpoint, EntryBundle, Tile, TileKind};
use merkle_proof::{Sha256Tree, TreeHash, TreeSize};

/// A note with a signature line that nobody verifies here.
pub(crate) fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} example.org/log AAAAAAAA\n").into_bytes())
}

pub(crate) fn identity(entry: &[u8]) -> Identity {
    Identity::new(Sha256Tree.leaf(&[entry]))
}

pub(crate) fn entry(text: &str) -> Entry<'_> {
    Entry::new(&Sha256Tree, text.as_bytes())
}

pub(crate) fn texts(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}

/// The entries of a log of `size`, as its bundles have them.
pub(crate) fn contents<S: ObjectStore<Error: Debug>>(store: &S, size: u64) -> Vec<String> {
    let mut texts = Vec::new();
    for index in 0..size.div_ceil(256) {
        let tile = Tile::in_tree(TileKind::Entries, index, TreeSize(size)).unwrap();
        let bytes = store.object(&tile.to_string()).unwrap().expect("a bundle");
        let bundle = EntryBundle::new(&bytes, tile.width()).unwrap();
        texts.extend(bundle.entries().map(|entry| String::from_utf8(entry.into()).unwrap()));
    }
    texts
}

/// The name of the last staged batch: the state ends with its seal.
pub(crate) fn staged<S: CheckpointLock<Error: Debug>>(store: &S) -> String {
    let state = store.load().unwrap().unwrap();
    format!("staged/{}", hex::encode(state.last_chunk::<32>().unwrap()))
}

/// One store for several writers.
#[derive(Clone)]
pub(crate) struct Shared(Rc<RefCell<MemoryStore>>);

impl Shared {
    pub(crate) fn new(store: MemoryStore) -> Self {
        Self(Rc::new(RefCell::new(store)))
    }
}

impl Store for Shared {
    type Error = Infallible;
}

impl ObjectStore for Shared {
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, Infallible> {
        self.0.borrow().object(name)
    }

    fn create(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<Infallible>> {
        self.0.borrow_mut().create(objects)
    }

    fn remove(&mut self, name: &str) -> Result<(), Infallible> {
        self.0.borrow_mut().remove(name)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Infallible> {
        self.0.borrow().list(folder)
    }

    fn published(&self) -> Result<Option<Vec<u8>>, Infallible> {
        self.0.borrow().published()
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Infallible> {
        self.0.borrow_mut().publish(checkpoint)
    }
}

impl CheckpointLock for Shared {
    fn load(&self) -> Result<Option<Vec<u8>>, Infallible> {
        self.0.borrow().load()
    }

    fn swap(&mut self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, Infallible> {
        self.0.borrow_mut().swap(expected, new)
    }
}

impl DedupIndex for Shared {
    fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, Infallible> {
        self.0.borrow().find(identities)
    }

    fn count(&self) -> Result<u64, Infallible> {
        self.0.borrow().count()
    }

    fn insert(&mut self, entries: &[(Identity, u64)]) -> Result<(), Infallible> {
        self.0.borrow_mut().insert(entries)
    }
}
