//! A store that has to be waited for, in the suite and under a log whose futures are dropped.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use merkle_proof::Sha256Tree;
use merkle_proof::store::conformance::check_async;
use merkle_proof::store::{
    AsyncCheckpointLock, AsyncDedupIndex, AsyncObjectStore, CheckpointLock, CreateError,
    DedupIndex, Entry, Identity, Log, LogError, MemoryStore, Object, ObjectStore, Store, Swap,
    fsck,
};
use merkle_proof::tlog::Checkpoint;

/// Waits once before each answer, as a store on a network does.
struct Slow(MemoryStore);

async fn wait_once() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Store for Slow {
    type Error = Infallible;
}

impl AsyncObjectStore for Slow {
    async fn object_async(&self, name: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        wait_once().await;
        ObjectStore::object(&self.0, name)
    }

    async fn create_async(
        &mut self,
        objects: &[Object<'_>],
    ) -> Result<(), CreateError<Self::Error>> {
        wait_once().await;
        ObjectStore::create(&mut self.0, objects)
    }

    async fn remove_async(&mut self, name: &str) -> Result<(), Self::Error> {
        wait_once().await;
        ObjectStore::remove(&mut self.0, name)
    }

    async fn list_async(&self, folder: &str) -> Result<Vec<String>, Self::Error> {
        wait_once().await;
        ObjectStore::list(&self.0, folder)
    }

    async fn published_async(&self) -> Result<Option<Vec<u8>>, Self::Error> {
        wait_once().await;
        ObjectStore::published(&self.0)
    }

    async fn publish_async(&mut self, checkpoint: &[u8]) -> Result<(), Self::Error> {
        wait_once().await;
        ObjectStore::publish(&mut self.0, checkpoint)
    }
}

impl AsyncCheckpointLock for Slow {
    async fn load_async(&self) -> Result<Option<Vec<u8>>, Self::Error> {
        wait_once().await;
        CheckpointLock::load(&self.0)
    }

    async fn swap_async(
        &mut self,
        expected: Option<&[u8]>,
        new: &[u8],
    ) -> Result<Swap, Self::Error> {
        wait_once().await;
        CheckpointLock::swap(&mut self.0, expected, new)
    }
}

impl AsyncDedupIndex for Slow {
    async fn find_async(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, Self::Error> {
        wait_once().await;
        DedupIndex::find(&self.0, identities)
    }

    async fn count_async(&self) -> Result<u64, Self::Error> {
        wait_once().await;
        DedupIndex::count(&self.0)
    }

    async fn insert_async(&mut self, entries: &[(Identity, u64)]) -> Result<(), Self::Error> {
        wait_once().await;
        DedupIndex::insert(&mut self.0, entries)
    }
}

/// The output of a future that is woken each time it waited.
fn done<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

#[test]
fn a_store_that_has_to_be_waited_for_conforms() {
    let checked = check_async(async || Ok(Slow(MemoryStore::new())), async |store| Ok(store));
    assert_eq!(done(checked), Ok(()));
}

#[test]
fn m113_a_log_that_lost_its_state_is_not_created_again() {
    let sign = async |checkpoint: &Checkpoint<'_>| {
        Ok(format!("{checkpoint}\n\u{2014} log AAAAAAAA\n").into_bytes())
    };
    let mut log =
        done(Log::create_async(Slow(MemoryStore::new()), Sha256Tree, "log", sign)).unwrap();
    done(log.append_async(&[Entry::new(&Sha256Tree, b"one")], sign)).unwrap();
    let published = ObjectStore::published(&log.store().0).unwrap().unwrap();
    let tile = ObjectStore::object(&log.store().0, "tile/0/000.p/1").unwrap().unwrap();

    let (mut with_checkpoint, mut with_tile) = (MemoryStore::new(), MemoryStore::new());
    ObjectStore::publish(&mut with_checkpoint, &published).unwrap();
    let object = Object { name: "tile/0/000.p/1", bytes: &tile };
    ObjectStore::create(&mut with_tile, &[object]).unwrap();
    for (store, name) in [(with_checkpoint, "checkpoint"), (with_tile, "tile/0/000.p/1")] {
        let lost = Some(LogError::StateLost { name: name.into() });
        let created = done(Log::create_async(Slow(store.clone()), Sha256Tree, "log", sign));
        assert_eq!(created.err(), lost);
        assert_eq!(done(Log::open_async(Slow(store), Sha256Tree, "log", sign)).err(), lost);
    }
}

/// A future that is dropped is a cut: the log has to be opened again, and nothing is lost.
#[test]
fn m115_a_dropped_future_loses_nothing() {
    let sign = async |checkpoint: &Checkpoint<'_>| {
        Ok(format!("{checkpoint}\n\u{2014} log AAAAAAAA\n").into_bytes())
    };
    let entries = ["one", "two"].map(|text| Entry::new(&Sha256Tree, text.as_bytes()));
    for polls in 1.. {
        let store = Slow(MemoryStore::new());
        let mut log = done(Log::create_async(store, Sha256Tree, "log", sign)).unwrap();
        let mut finished = false;
        {
            let mut append = pin!(log.append_async(&entries, sign));
            for _ in 0..polls {
                let polled = append.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                finished = polled.is_ready();
            }
        }
        if finished {
            assert!(polls > 5);
            break;
        }
        assert_eq!(done(log.append_async(&entries, sign)), Err(LogError::Interrupted));
        log = done(Log::open_async(log.into_store(), Sha256Tree, "log", sign)).unwrap();
        let acknowledged = done(log.append_async(&entries, sign)).unwrap();
        assert!(acknowledged.iter().map(|one| one.index()).eq([0, 1]));
        let identity = |entry: &[u8]| Entry::new(&Sha256Tree, entry).identity;
        let head = log.head();
        assert_eq!(fsck(&log.into_store().0, &Sha256Tree, "log", identity), Ok(head));
    }
}
