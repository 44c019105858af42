//! A sequencer that is a task.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::sync::Arc;
use std::vec::Vec;

use super::acceptance::Acceptance;
use super::queue::{Queue, Taken};
use super::{Appender, Collecting, SequencerError, answer, entries_of};
use crate::store::{AsyncLogStore, Identity, Log, Unsigned};
use crate::tlog::Checkpoint;
use crate::{Rfc9162Tree, TreeHash};

/// The one task that writes a log, in a store that may have to be waited for; the twin of
/// [`Sequencer`](super::Sequencer), which has a thread.
///
/// No executor comes with it. [`new`](Self::new) gives a future, which the caller spawns, and takes
/// how the caller's executor sleeps. The future ends once the sequencer is [stopped](Self::stop) or
/// dropped and all that waited is appended. It need not be `Send`: it runs where it was made, on a
/// local task or a thread, and entries come from any thread.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// # use core::future::Future;
/// # use core::task::{Context, Poll, Waker};
/// # use merkle_proof::Sha256Tree;
/// # use merkle_proof::store::{AsyncSequencer, Collecting, Identity, Log, MemoryStore, Unsigned};
/// # use merkle_proof::tlog::Checkpoint;
/// # fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
/// #     Ok(format!("{checkpoint}\n\u{2014} log AAAAAAAA\n").into_bytes())
/// # }
/// # fn block_on<F: Future>(future: F) -> F::Output {
/// #     let mut future = core::pin::pin!(future);
/// #     loop {
/// #         let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
/// #         if let Poll::Ready(output) = polled { return output }
/// #     }
/// # }
/// let log = Log::open_or_create(MemoryStore::new(), Sha256Tree, "log", sign)?;
/// let signing = async |checkpoint: &Checkpoint<'_>| sign(checkpoint);
/// // With tokio: `tokio::time::sleep`, and `tokio::task::spawn_local` for `writing`.
/// let sleep = async |time| std::thread::sleep(time);
/// let (sequencer, writing) = AsyncSequencer::new(log, Collecting::default(), signing, sleep);
/// let appender = sequencer.appender();
/// let pending = appender.submit(Identity::new([7; 32]), *b"entry").unwrap();
/// sequencer.stop();
/// // A service spawns `writing`, and does not wait for it here.
/// let log = block_on(writing).unwrap();
/// assert_eq!(block_on(pending).unwrap().acknowledgement.index(), 0);
/// assert_eq!(log.head().size, 1);
/// # }
/// # Ok::<(), merkle_proof::store::LogError<core::convert::Infallible>>(())
/// ```
pub struct AsyncSequencer<E> {
    queue: Arc<Queue<E>>,
}

impl<E> AsyncSequencer<E> {
    /// Makes a sequencer, and the future that writes the log and returns it at the end.
    ///
    /// `sleep` waits for so long; where it does not wait, the future is polled more often than it
    /// need be.
    ///
    /// The future's error is [`SequencerError::Log`] where the log failed: open it again.
    pub fn new<T, S>(
        log: Log<T, S>,
        collecting: Collecting,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
        sleep: impl AsyncFnMut(Duration),
    ) -> (Self, impl Future<Output = Result<Log<T, S>, SequencerError<E>>>)
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
        S: AsyncLogStore<Error = E>,
    {
        let queue = Arc::new(Queue::new(collecting, log.head(), None));
        (Self { queue: queue.clone() }, run(log, queue, sign, sleep))
    }

    /// Makes a sequencer that tells where an entry will stand when the entry is handed in, as
    /// [`Sequencer::start_with_known`](super::Sequencer::start_with_known) does.
    pub fn with_known<T, S>(
        log: Log<T, S>,
        collecting: Collecting,
        known: impl Fn(&Identity) -> Result<Option<u64>, E> + Send + Sync + 'static,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
        sleep: impl AsyncFnMut(Duration),
    ) -> (Self, impl Future<Output = Result<Log<T, S>, SequencerError<E>>>)
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
        S: AsyncLogStore<Error = E>,
    {
        let acceptance = Acceptance::new(log.head().size, known);
        let queue = Arc::new(Queue::new(collecting, log.head(), Some(acceptance)));
        (Self { queue: queue.clone() }, run(log, queue, sign, sleep))
    }

    /// Returns a handle by which entries are handed in.
    #[must_use]
    pub fn appender(&self) -> Appender<E> {
        Appender { queue: self.queue.clone() }
    }

    /// Accepts nothing more. The future appends what waits, and ends.
    pub fn stop(self) {
        drop(self);
    }
}

impl<E> Drop for AsyncSequencer<E> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

async fn run<T, S>(
    mut log: Log<T, S>,
    queue: Arc<Queue<S::Error>>,
    mut sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    mut sleep: impl AsyncFnMut(Duration),
) -> Result<Log<T, S>, SequencerError<S::Error>>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: AsyncLogStore,
{
    // Also where the future is dropped, nobody waits for ever.
    let _closing = queue.closing();
    loop {
        match queue.take_async(&mut sleep).await {
            Taken::Batch(batch) => {
                let appended = log.append_async(&entries_of(&batch), &mut sign).await;
                if answer(&queue, &batch, appended, log.head()).is_err() {
                    return Err(queue.failure().unwrap_or(SequencerError::Stopped));
                }
            }
            Taken::Idle => {
                if let Err(error) = log.settle_async().await {
                    let error = SequencerError::Log(Arc::new(error));
                    queue.fail(error.clone());
                    return Err(error);
                }
            }
            Taken::End => return Ok(log),
        }
    }
}

impl<E> fmt::Debug for AsyncSequencer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncSequencer").finish_non_exhaustive()
    }
}
