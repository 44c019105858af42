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

/// What the sequencer in a task does, on a store that waits, with an executor that has one thread.
#[cfg(feature = "std")]
mod sequenced {
    use std::pin::Pin;
    use std::time::Duration;

    use merkle_proof::store::{
        Acknowledgement, Appender, AsyncSequencer, Collecting, SequencerError, Unsigned,
    };

    use super::*;

    async fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
        wait_once().await;
        Ok(format!("{checkpoint}\n\u{2014} log AAAAAAAA\n").into_bytes())
    }

    /// Sleeps by being polled: the tests know no clock but the number of polls.
    async fn sleep(_: Duration) {
        wait_once().await;
    }

    fn log() -> Log<Sha256Tree, Slow> {
        done(Log::create_async(Slow(MemoryStore::new()), Sha256Tree, "log", sign)).unwrap()
    }

    fn identity(text: &str) -> Identity {
        Entry::new(&Sha256Tree, text.as_bytes()).identity
    }

    /// Polls all until all are done.
    fn join(mut tasks: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>) {
        while !tasks.is_empty() {
            let mut context = Context::from_waker(Waker::noop());
            tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        }
    }

    async fn hand_in(
        appender: Appender<Infallible>,
        caller: u32,
        told: &std::cell::RefCell<Vec<u64>>,
    ) {
        for number in 0..10 {
            let text = format!("{caller} {number}");
            let done = appender.append_async(identity(&text), text.clone()).await.unwrap();
            assert!(matches!(done.acknowledgement, Acknowledgement::Appended(_)));
            assert!(done.acknowledgement.index() < done.head.size);
            assert!(appender.head().size >= done.head.size);
            told.borrow_mut().push(done.acknowledgement.index());
            let again = appender.append_async(identity(&text), text).await.unwrap();
            assert_eq!(again.acknowledgement, Acknowledgement::Known(done.acknowledgement.index()));
        }
    }

    #[test]
    fn callers_of_many_tasks_share_batches() {
        // Less room than callers: some wait for it.
        let collecting = Collecting { waiting: 5, ..Collecting::default() };
        let (sequencer, writing) = AsyncSequencer::new(log(), collecting, sign, sleep);
        let told = std::cell::RefCell::default();
        let ended = std::cell::RefCell::new(None);
        let left = std::cell::Cell::new(12);
        let sequencer = std::cell::RefCell::new(Some(sequencer));
        let mut tasks: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
        for caller in 0..12 {
            let appender = sequencer.borrow().as_ref().unwrap().appender();
            let (told, left, sequencer) = (&told, &left, &sequencer);
            tasks.push(Box::pin(async move {
                hand_in(appender, caller, told).await;
                left.set(left.get() - 1);
                if left.get() == 0 {
                    sequencer.take().unwrap().stop();
                }
            }));
        }
        tasks.push(Box::pin(async {
            let log = writing.await.unwrap();
            *ended.borrow_mut() = Some(log);
        }));
        join(tasks);
        let log = ended.into_inner().unwrap();
        let mut told = told.into_inner();
        told.sort_unstable();
        assert!(told.into_iter().eq(0..120));
        assert_eq!(log.head().size, 120);
        let of = |entry: &[u8]| Entry::new(&Sha256Tree, entry).identity;
        let head = log.head();
        assert_eq!(fsck(&log.into_store().0, &Sha256Tree, "log", of), Ok(head));
    }

    #[test]
    fn a_writing_future_that_is_dropped_leaves_nobody_waiting() {
        let (sequencer, writing) = AsyncSequencer::new(log(), Collecting::default(), sign, sleep);
        let appender = sequencer.appender();
        let pending = appender.submit(identity("one"), "one").unwrap();
        {
            let mut writing = pin!(writing);
            for _ in 0..3 {
                let polled = writing.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert!(polled.is_pending());
            }
        }
        assert!(matches!(done(pending), Err(SequencerError::Stopped)));
        let refused = appender.submit(identity("two"), "two").unwrap_err();
        assert!(matches!(refused, SequencerError::Stopped), "{refused}");
    }

    #[test]
    fn a_log_that_fails_ends_the_future() {
        let refuses = async |_: &Checkpoint<'_>| Err(Unsigned);
        let (sequencer, writing) =
            AsyncSequencer::new(log(), Collecting::default(), refuses, sleep);
        let pending = sequencer.appender().submit(identity("one"), "one").unwrap();
        let ended = done(writing);
        let is_unsigned = |error: SequencerError<_>| matches!(error, SequencerError::Log(error) if *error == LogError::Unsigned);
        assert!(is_unsigned(ended.err().unwrap()));
        assert!(is_unsigned(done(pending).unwrap_err()));
    }

    /// The writing future stays on its thread, and is handed entries from others.
    #[test]
    fn entries_come_from_other_threads() {
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let sleep = async |time| std::thread::sleep(time);
            let (sequencer, writing) =
                AsyncSequencer::new(log(), Collecting::default(), sign, sleep);
            tell.send((sequencer.appender(), sequencer)).unwrap();
            done(writing).unwrap().head().size
        });
        let (appender, sequencer) = told.recv().unwrap();
        let known = appender.append(identity("one"), "one").unwrap();
        assert_eq!(known.acknowledgement, Acknowledgement::Appended(0));
        sequencer.stop();
        assert_eq!(thread.join().unwrap(), 1);
    }

    #[test]
    fn m114_an_entry_has_its_index_when_it_is_handed_in() {
        let known = |of: &Identity| Ok((*of == identity("old")).then_some(0));
        let (sequencer, writing) =
            AsyncSequencer::with_known(log(), Collecting::default(), known, sign, sleep);
        let submit = |text: &str| sequencer.appender().submit(identity(text), text).unwrap();
        use Acknowledgement::{Appended, Known};
        assert_eq!(submit("a").accepted(), Some(Appended(0)));
        assert_eq!(submit("a").accepted(), Some(Known(0)));
        assert_eq!(submit("b").accepted(), Some(Appended(1)));
        sequencer.stop();
        assert_eq!(done(writing).unwrap().head().size, 2);
    }
}
