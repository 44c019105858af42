//! Many callers, few batches.

mod acceptance;
mod in_task;
mod pending;
mod queue;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use std::vec::Vec;

use self::acceptance::Acceptance;
pub use self::in_task::AsyncSequencer;
pub use self::pending::Pending;
use self::queue::{Queue, Taken, Waiting};
use super::{Acknowledgement, Entry, Identity, Log, LogError, LogStore, Unsigned};
use crate::tlog::Checkpoint;
use crate::{Rfc9162Tree, Rule, TreeHash, TreeHead};

/// When a batch is appended, and how many entries may wait for it.
#[derive(Clone, Copy, Debug)]
pub struct Collecting {
    /// How long an entry waits for others at most. A batch is appended earlier when as many entries
    /// wait as the last batch had, so that a single caller does not wait at all.
    pub age: Duration,
    /// How many entries a batch has at most.
    pub entries: usize,
    /// How many bytes the entries of a batch have at most, if it has more than one entry.
    pub bytes: usize,
    /// How many entries wait at most. More are refused, so that callers notice before memory is
    /// used up.
    pub waiting: usize,
}

impl Default for Collecting {
    /// Returns 20 ms, 4096 entries and 8 MiB for a batch, and 16384 entries waiting.
    fn default() -> Self {
        Self { age: Duration::from_millis(20), entries: 4096, bytes: 8 << 20, waiting: 16_384 }
    }
}

/// What a caller gets for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequenced {
    /// Where the entry stands.
    pub acknowledgement: Acknowledgement,
    /// The tree that was public when it was acknowledged, with this entry in it.
    pub head: TreeHead<Rfc9162Tree, [u8; 32]>,
}

/// Why an entry was not appended.
#[derive(Debug)]
#[non_exhaustive]
pub enum SequencerError<E> {
    /// Too many entries wait: ask again later.
    Full,
    /// The entry has more than 65 535 bytes.
    EntryTooLong,
    /// The sequencer is stopped.
    Stopped,
    /// The log failed and has to be opened again. The entry may be in it: hand it in once more, and
    /// it enters once.
    Log(Arc<LogError<E>>),
}

impl<E> Clone for SequencerError<E> {
    fn clone(&self) -> Self {
        match self {
            Self::Full => Self::Full,
            Self::EntryTooLong => Self::EntryTooLong,
            Self::Stopped => Self::Stopped,
            Self::Log(error) => Self::Log(error.clone()),
        }
    }
}

impl<E: fmt::Display> fmt::Display for SequencerError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("too many entries wait, ask again later"),
            Self::EntryTooLong => f.write_str("the entry has more than 65535 bytes"),
            Self::Stopped => f.write_str("the sequencer is stopped"),
            Self::Log(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for SequencerError<E> {}

/// The one thread that writes a log. Entries that many callers hand in at once become one batch.
///
/// [`AsyncSequencer`] is its twin without a thread, for stores that have to be waited for.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// # use merkle_proof::Sha256Tree;
/// # use merkle_proof::store::{Collecting, Identity, Log, MemoryStore, Sequencer, Unsigned};
/// # use merkle_proof::tlog::Checkpoint;
/// # let sign = |checkpoint: &Checkpoint<'_>| -> Result<Vec<u8>, Unsigned> {
/// #     Ok(format!("{checkpoint}\n\u{2014} log AAAAAAAA\n").into_bytes())
/// # };
/// let log = Log::open_or_create(MemoryStore::new(), Sha256Tree, "log", sign)?;
/// let sequencer = Sequencer::start(log, Collecting::default(), sign).unwrap();
/// std::thread::scope(|scope| {
///     for caller in 0..64_u8 {
///         let appender = sequencer.appender();
///         scope.spawn(move || {
///             // Or `.await` in place of `wait`.
///             let pending = appender.submit(Identity::new([caller; 32]), [caller]).unwrap();
///             assert!(pending.wait().unwrap().head.size > 0);
///         });
///     }
/// });
/// let log = sequencer.stop().unwrap();
/// assert_eq!(log.head().size, 64);
/// # }
/// # Ok::<(), merkle_proof::store::LogError<core::convert::Infallible>>(())
/// ```
pub struct Sequencer<T: TreeHash, S: LogStore> {
    queue: Arc<Queue<S::Error>>,
    thread: Option<thread::JoinHandle<Log<T, S>>>,
}

/// Hands entries to a [`Sequencer`] or an [`AsyncSequencer`], from any thread or task.
pub struct Appender<E> {
    queue: Arc<Queue<E>>,
}

impl<T, S> Sequencer<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone + Send + 'static,
    S: LogStore<Error: Send + Sync> + Send + 'static,
{
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// Where the operating system has no thread for it.
    pub fn start(
        log: Log<T, S>,
        collecting: Collecting,
        sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> + Send + 'static,
    ) -> io::Result<Self> {
        Self::on(Queue::new(collecting, log.head(), None), log, sign)
    }

    /// Starts the thread of a sequencer that tells where an entry will stand when the entry is
    /// handed in ([`Pending::accepted`]).
    ///
    /// `known` answers the leaf index of an entry that is in the log, as
    /// [`DedupIndex::find`](super::DedupIndex::find) does; with feature `store`,
    /// `DurableStore::known_entries` gives one. It is called once for each entry, while no other
    /// entry can be handed in.
    ///
    /// # Errors
    ///
    /// Where the operating system has no thread for it.
    pub fn start_with_known(
        log: Log<T, S>,
        collecting: Collecting,
        known: impl Fn(&Identity) -> Result<Option<u64>, S::Error> + Send + Sync + 'static,
        sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> + Send + 'static,
    ) -> io::Result<Self> {
        let acceptance = Acceptance::new(log.head().size, known);
        Self::on(Queue::new(collecting, log.head(), Some(acceptance)), log, sign)
    }

    fn on(
        queue: Queue<S::Error>,
        log: Log<T, S>,
        sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> + Send + 'static,
    ) -> io::Result<Self> {
        let queue = Arc::new(queue);
        let of_thread = queue.clone();
        let thread = thread::Builder::new().name("log sequencer".into());
        let thread = thread.spawn(move || run(log, &of_thread, sign))?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// Returns a handle by which entries are handed in.
    #[must_use]
    pub fn appender(&self) -> Appender<S::Error> {
        Appender { queue: self.queue.clone() }
    }

    /// Appends what waits, accepts nothing more, and returns the log.
    ///
    /// # Errors
    ///
    /// [`SequencerError::Log`] where the log failed: open it again.
    pub fn stop(mut self) -> Result<Log<T, S>, SequencerError<S::Error>> {
        self.queue.close();
        let log = self.thread.take().and_then(|thread| thread.join().ok());
        match (self.queue.failure(), log) {
            (Some(error), _) => Err(error),
            (None, Some(log)) => Ok(log),
            (None, None) => Err(SequencerError::Stopped),
        }
    }
}

impl<T: TreeHash, S: LogStore> Drop for Sequencer<T, S> {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

impl<E> Appender<E> {
    /// Hands an entry in, and returns what a thread or a task can wait for.
    ///
    /// # Errors
    ///
    /// All of [`SequencerError`]; [`Full`](SequencerError::Full) at once, without waiting.
    pub fn submit(
        &self,
        identity: Identity,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<Pending<E>, SequencerError<E>> {
        self.queue.push(identity, bytes.into())
    }

    /// Hands entries in that nothing comes between. They are one batch, committed as a whole or not
    /// at all, if [`Collecting::entries`] and [`Collecting::bytes`] allow as many.
    ///
    /// # Errors
    ///
    /// Those of [`submit`](Self::submit); then none of them was handed in. Where the index of known
    /// entries cannot be read, the sequencer ends.
    pub fn submit_all(
        &self,
        entries: impl IntoIterator<Item = (Identity, Vec<u8>)>,
    ) -> Result<Vec<Pending<E>>, SequencerError<E>> {
        self.queue.push_all(entries.into_iter().collect())
    }

    /// Hands an entry in, and waits until it is appended; waits also where too many wait already.
    ///
    /// # Errors
    ///
    /// Those of [`submit`](Self::submit) but [`Full`](SequencerError::Full).
    pub fn append(
        &self,
        identity: Identity,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<Sequenced, SequencerError<E>> {
        self.queue.push_when_there_is_room(identity, bytes.into())?.wait()
    }

    /// Hands an entry in as [`append`](Self::append) does, for a task to wait for.
    ///
    /// # Errors
    ///
    /// Those of [`append`](Self::append).
    pub async fn append_async(
        &self,
        identity: Identity,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<Sequenced, SequencerError<E>> {
        self.queue.push_when_there_is_room_async(identity, bytes.into()).await?.await
    }

    /// Returns the tree of the last answer: what is public, and what proofs can be made of.
    #[must_use]
    pub fn head(&self) -> TreeHead<Rfc9162Tree, [u8; 32]> {
        self.queue.head()
    }
}

impl<E> Clone for Appender<E> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<E> fmt::Debug for Appender<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Appender").finish_non_exhaustive()
    }
}

impl<T: TreeHash, S: LogStore> fmt::Debug for Sequencer<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequencer").finish_non_exhaustive()
    }
}

fn run<T, S>(
    mut log: Log<T, S>,
    queue: &Queue<S::Error>,
    mut sign: impl FnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
) -> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: LogStore,
{
    // Whatever happens in here, nobody waits for ever.
    let _closing = queue.closing();
    loop {
        match queue.take() {
            Taken::Batch(batch) => {
                let appended = log.append(&entries_of(&batch), &mut sign);
                if answer(queue, &batch, appended, log.head()).is_err() {
                    return log;
                }
            }
            Taken::Idle => {
                if let Err(error) = log.settle() {
                    queue.fail(SequencerError::Log(Arc::new(error)));
                    return log;
                }
            }
            Taken::End => return log,
        }
    }
}

fn entries_of<E>(batch: &[Waiting<E>]) -> Vec<Entry<'_>> {
    let entries = batch.iter();
    entries.map(|waiting| Entry { identity: waiting.identity, bytes: &waiting.bytes }).collect()
}

/// Tells all callers of a batch what became of it. Fails where the log did, which ends it for all.
fn answer<E>(
    queue: &Queue<E>,
    batch: &[Waiting<E>],
    appended: Result<Vec<Acknowledgement>, LogError<E>>,
    head: TreeHead<Rfc9162Tree, [u8; 32]>,
) -> Result<(), ()> {
    let agreed = appended.and_then(|acknowledgements| {
        let mut all = batch.iter().zip(&acknowledgements);
        let agree = all.all(|(waiting, found)| {
            waiting.accepted.is_none_or(|accepted| accepted.index() == found.index())
        });
        if agree { Ok(acknowledgements) } else { Err(LogError::corrupt("index", Rule::OneIndex)) }
    });
    match agreed {
        Ok(acknowledgements) => {
            queue.appended(batch, head);
            for (waiting, acknowledgement) in batch.iter().zip(acknowledgements) {
                waiting.place.put(Ok(Sequenced { acknowledgement, head }));
            }
            Ok(())
        }
        Err(error) => {
            let error = SequencerError::Log(Arc::new(error));
            queue.fail(error.clone());
            batch.iter().for_each(|waiting| waiting.place.put(Err(error.clone())));
            Err(())
        }
    }
}
