//! Many callers on one log.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use merkle_proof::store::{
    Acknowledgement, Collecting, Entry, Identity, Log, LogError, MemoryStore, Sequencer,
    SequencerError, Unsigned, fsck,
};
use merkle_proof::tlog::Checkpoint;
use merkle_proof::{Sha256Tree, TreeHash};

const ORIGIN: &str = "example.org/log";

fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes())
}

fn log() -> Log<Sha256Tree, MemoryStore> {
    Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap()
}

fn identity(text: &str) -> Identity {
    Identity::new(Sha256Tree.leaf(&[text.as_bytes()]))
}

#[test]
fn callers_of_many_threads_share_batches() {
    let batches = Arc::new(AtomicUsize::new(0));
    let counted = batches.clone();
    let slow = move |checkpoint: &Checkpoint<'_>| {
        counted.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(2));
        sign(checkpoint)
    };
    let sequencer = Sequencer::start(log(), Collecting::default(), slow).unwrap();
    let indexes = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for caller in 0..32 {
            let (appender, indexes) = (sequencer.appender(), &indexes);
            scope.spawn(move || {
                for number in 0..20 {
                    let text = format!("{caller} {number}");
                    let done = appender.append(identity(&text), text.clone()).unwrap();
                    let Acknowledgement::Appended(index) = done.acknowledgement else { panic!() };
                    assert!(index < done.head.size);
                    assert!(indexes.lock().unwrap().insert(index));
                    // Handed in again it is where it was.
                    let again = appender.append(identity(&text), text).unwrap();
                    assert_eq!(again.acknowledgement, Acknowledgement::Known(index));
                }
            });
        }
    });
    let log = sequencer.stop().unwrap();
    assert_eq!(log.head().size, 640);
    assert!(indexes.into_inner().unwrap().into_iter().eq(0..640));
    let batches = batches.load(Ordering::Relaxed);
    assert!(batches < 320, "{batches} batches");
    let of = |entry: &[u8]| Entry::new(&Sha256Tree, entry).identity;
    assert_eq!(fsck(log.store(), &Sha256Tree, ORIGIN, of), Ok(log.head()));
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn tasks_await_their_entries() {
    let sequencer = Sequencer::start(log(), Collecting::default(), sign).unwrap();
    let appender = sequencer.appender();
    let pending: Vec<_> = (0..10)
        .map(|number| {
            let text = number.to_string();
            appender.submit(identity(&text), text).unwrap()
        })
        .collect();
    for (number, pending) in (0..).zip(pending) {
        let done = block_on(pending).unwrap();
        assert_eq!(done.acknowledgement, Acknowledgement::Appended(number));
    }
    drop(sequencer);
    let refused = appender.submit(identity("late"), "late").unwrap_err();
    assert!(matches!(refused, SequencerError::Stopped), "{refused}");
}

#[test]
fn a_caller_alone_does_not_wait_and_others_wait_no_longer_than_the_age() {
    let collecting = Collecting { age: Duration::from_millis(200), ..Collecting::default() };
    let sequencer = Sequencer::start(log(), collecting, sign).unwrap();
    let appender = sequencer.appender();
    let start = Instant::now();
    for number in 0..20 {
        let text = format!("alone {number}");
        appender.append(identity(&text), text).unwrap();
    }
    assert!(start.elapsed() < Duration::from_millis(400), "{:?}", start.elapsed());
    // After a batch of several, one entry waits for others, and not for ever.
    let together: Vec<_> =
        ["a", "b", "c"].map(|text| appender.submit(identity(text), text).unwrap()).into();
    together.into_iter().for_each(|pending| _ = pending.wait().unwrap());
    let start = Instant::now();
    appender.append(identity("then one"), "then one").unwrap();
    assert!(start.elapsed() < Duration::from_millis(600), "{:?}", start.elapsed());
}

#[test]
fn callers_are_pushed_back() {
    let gate = Arc::new(Mutex::new(()));
    let waits = gate.clone();
    let stuck = move |checkpoint: &Checkpoint<'_>| {
        drop(waits.lock());
        sign(checkpoint)
    };
    let collecting = Collecting { waiting: 3, ..Collecting::default() };
    let sequencer = Sequencer::start(log(), collecting, stuck).unwrap();
    // Let go of before the sequencer is, which waits for its thread.
    let held = gate.lock().unwrap();
    let appender = sequencer.appender();
    let submit = |text: &str| appender.submit(identity(text), text);
    let first = submit("first").unwrap();
    // It is taken and stuck at the signer, alone or with what came before the thread looked.
    let mut pending = Vec::new();
    let full = loop {
        match submit(&format!("{}", pending.len())) {
            Ok(one) => pending.push(one),
            Err(error) => break error,
        }
        std::thread::sleep(Duration::from_millis(1));
        assert!(pending.len() <= 5);
    };
    assert!(matches!(full, SequencerError::Full), "{full}");
    let too_long = appender.submit(identity("long"), vec![0; 65_536]);
    assert!(matches!(too_long, Err(SequencerError::Full | SequencerError::EntryTooLong)));
    let waiting = std::thread::spawn({
        let appender = appender.clone();
        move || appender.append(identity("patient"), "patient").unwrap()
    });
    drop(held);
    first.wait().unwrap();
    pending.into_iter().for_each(|pending| _ = pending.wait().unwrap());
    waiting.join().unwrap();
    let too_long = appender.submit(identity("long"), vec![0; 65_536]);
    assert!(matches!(too_long, Err(SequencerError::EntryTooLong)));
}

#[test]
fn a_log_that_fails_answers_everybody() {
    let signed = AtomicUsize::new(0);
    let refuses = move |checkpoint: &Checkpoint<'_>| {
        if signed.fetch_add(1, Ordering::Relaxed) < 2 { sign(checkpoint) } else { Err(Unsigned) }
    };
    let sequencer = Sequencer::start(log(), Collecting::default(), refuses).unwrap();
    let appender = sequencer.appender();
    let refused = (0..10).find_map(|number| {
        let text = number.to_string();
        appender.append(identity(&text), text).err()
    });
    let is_unsigned = |error: &SequencerError<_>| matches!(error, SequencerError::Log(error) if **error == LogError::Unsigned);
    assert!(refused.is_some_and(|error| is_unsigned(&error)));
    assert!(is_unsigned(&appender.submit(identity("more"), "more").unwrap_err()));
    assert!(is_unsigned(&sequencer.stop().unwrap_err()));
}

#[test]
fn a_signer_that_panics_leaves_nobody_waiting() {
    let panics = |_: &Checkpoint<'_>| -> Result<Vec<u8>, Unsigned> {
        std::panic::resume_unwind(Box::new("on purpose"))
    };
    let sequencer = Sequencer::start(log(), Collecting::default(), panics).unwrap();
    let appender = sequencer.appender();
    let refused = appender.append(identity("one"), "one").unwrap_err();
    assert!(matches!(refused, SequencerError::Stopped), "{refused}");
    let refused = appender.append(identity("two"), "two").unwrap_err();
    assert!(matches!(refused, SequencerError::Stopped), "{refused}");
}

/// What the log knows, for whoever hands in: the tests' own, as the store in memory gives none.
type Index = Arc<Mutex<std::collections::BTreeMap<Identity, u64>>>;

#[test]
fn m114_an_entry_has_its_index_when_it_is_handed_in() {
    let gate = Arc::new(Mutex::new(()));
    let waits = gate.clone();
    let stuck = move |checkpoint: &Checkpoint<'_>| {
        drop(waits.lock());
        sign(checkpoint)
    };
    let mut log = log();
    log.append(&[Entry::new(&Sha256Tree, b"old")], sign).unwrap();
    let index: Index = Arc::default();
    index.lock().unwrap().insert(identity("old"), 0);
    let of_sequencer = index.clone();
    let known = move |identity: &Identity| Ok(of_sequencer.lock().unwrap().get(identity).copied());
    let sequencer = Sequencer::start_with_known(log, Collecting::default(), known, stuck).unwrap();
    let held = gate.lock().unwrap();
    let appender = sequencer.appender();
    // Nothing is appended yet: the signer is stuck.
    let submit = |text: &str| appender.submit(identity(text), text).unwrap();
    let pending: Vec<_> = ["old", "a", "b", "a", "c"].map(submit).into();
    let accepted: Vec<_> = pending.iter().map(|one| one.accepted().unwrap()).collect();
    use Acknowledgement::{Appended, Known};
    assert_eq!(accepted, [Known(0), Appended(1), Appended(2), Known(1), Appended(3)]);
    assert_eq!(appender.head().size, 1);
    drop(held);
    for (pending, accepted) in pending.into_iter().zip(accepted) {
        let done = pending.wait().unwrap();
        assert_eq!(done.acknowledgement.index(), accepted.index());
        assert!(done.head.size > accepted.index());
    }
    for (number, text) in (1..).zip(["a", "b", "c"]) {
        index.lock().unwrap().insert(identity(text), number);
    }
    assert_eq!(submit("b").accepted(), Some(Known(2)));
    assert_eq!(submit("d").wait().unwrap().head, appender.head());
    // A sequencer that is not told what is known tells nothing.
    let plain = Sequencer::start(sequencer.stop().unwrap(), Collecting::default(), sign).unwrap();
    assert_eq!(plain.appender().submit(identity("e"), "e").unwrap().accepted(), None);
}

/// An index that forgets gives an entry a second place; the log does not go on from it.
#[test]
fn m114_an_index_that_forgets_ends_the_sequencer() {
    let mut log = log();
    log.append(&[Entry::new(&Sha256Tree, b"old")], sign).unwrap();
    let sequencer =
        Sequencer::start_with_known(log, Collecting::default(), |_| Ok(None), sign).unwrap();
    let pending = sequencer.appender().submit(identity("old"), "old").unwrap();
    assert_eq!(pending.accepted(), Some(Acknowledgement::Appended(1)));
    let refused = pending.wait().unwrap_err();
    assert!(
        matches!(&refused, SequencerError::Log(error)
        if error.rule() == Some(merkle_proof::Rule::OneIndex.to_ref())),
        "{refused}"
    );
    assert!(sequencer.stop().is_err());
}

#[test]
fn entries_that_are_handed_in_together_are_one_batch() {
    let collecting = Collecting { age: Duration::ZERO, ..Collecting::default() };
    let known = |_: &Identity| Ok(None);
    let sequencer = Sequencer::start_with_known(log(), collecting, known, sign).unwrap();
    let appender = sequencer.appender();
    let all = |prefix: &str, count: usize| -> Vec<(Identity, Vec<u8>)> {
        let texts = (0..count).map(|number| format!("{prefix} {number}"));
        texts.map(|text| (identity(&text), text.into_bytes())).collect()
    };
    let mut size = 0;
    for (prefix, count) in [("a", 100), ("b", 1), ("c", 3000)] {
        let pending = appender.submit_all(all(prefix, count)).unwrap();
        let end = size + u64::try_from(count).unwrap();
        for (index, pending) in (size..).zip(pending) {
            assert_eq!(pending.accepted(), Some(Acknowledgement::Appended(index)));
            // One head for all of them: nothing was public between.
            assert_eq!(pending.wait().unwrap().head.size, end);
        }
        size = end;
    }
    assert!(appender.submit_all(Vec::new()).unwrap().is_empty());
    // All of them or none.
    let mut long = all("d", 2);
    long.push((identity("long"), vec![0; 65_536]));
    let error = appender.submit_all(long).unwrap_err();
    assert!(matches!(error, SequencerError::EntryTooLong));
    let many = all("e", Collecting::default().waiting + 1);
    assert!(matches!(appender.submit_all(many).unwrap_err(), SequencerError::Full));
    assert_eq!(sequencer.stop().unwrap().head().size, size);
}
