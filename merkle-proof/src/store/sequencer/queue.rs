//! What waits for the next batch.

use core::future::poll_fn;
use core::pin::pin;
use core::task::{Poll, Waker};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::vec::Vec;

use super::acceptance::Acceptance;
use super::pending::{Pending, Place};
use super::{Collecting, SequencerError};
use crate::store::{Acknowledgement, Identity};
use crate::{Rfc9162Tree, TreeHead};

/// So long after the last entry, what was appended is made durable as tiles.
const IDLE: Duration = Duration::from_secs(1);

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

// State: entries in the order in which they will be appended, and who waits: the one writer for
// entries (`came`, `writer`), callers for room (`went`, `callers`).
//
// Invariant: the writer is woken whenever the answer of `next` may have changed: by the first entry,
// by as many entries as make a batch, and at the end. So it never sleeps on a batch that is due.
//
// Cost: at most `Collecting::waiting` entries.
pub(super) struct Queue<E> {
    collecting: Collecting,
    state: Mutex<State<E>>,
    /// Something came, or it ends.
    came: Condvar,
    /// Something went.
    went: Condvar,
}

struct State<E> {
    waiting: VecDeque<Waiting<E>>,
    /// How many entries went the last time.
    last: usize,
    /// Something was appended since it was idle.
    busy: bool,
    /// Since when the writer waits for entries.
    idle_since: Instant,
    end: Option<SequencerError<E>>,
    /// The tree of the last answer.
    head: Head,
    /// Where entries will stand, if that is told when they are handed in.
    acceptance: Option<Acceptance<E>>,
    /// How often something came.
    comings: u64,
    /// The task that appends, and those that wait for room.
    writer: Option<Waker>,
    callers: Vec<Waker>,
}

pub(super) struct Waiting<E> {
    pub(super) identity: Identity,
    pub(super) bytes: Vec<u8>,
    pub(super) accepted: Option<Acknowledgement>,
    pub(super) place: Arc<Place<E>>,
    since: Instant,
}

pub(super) enum Taken<E> {
    Batch(Vec<Waiting<E>>),
    Idle,
    End,
}

/// What the writer does next.
enum Next<E> {
    Take(Taken<E>),
    /// It waits for something to come, or for so long.
    Wait(Option<Duration>),
}

impl<E> Queue<E> {
    pub(super) fn new(
        collecting: Collecting,
        head: Head,
        acceptance: Option<Acceptance<E>>,
    ) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            last: 1,
            busy: false,
            idle_since: Instant::now(),
            end: None,
            head,
            acceptance,
            comings: 0,
            writer: None,
            callers: Vec::new(),
        };
        Self { collecting, state: Mutex::new(state), came: Condvar::new(), went: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(
        &self,
        identity: Identity,
        bytes: Vec<u8>,
    ) -> Result<Pending<E>, SequencerError<E>> {
        let state = self.lock();
        if !self.has_room(&state) {
            return Err(SequencerError::Full);
        }
        self.push_to(state, identity, bytes)
    }

    /// Pushes entries that nothing comes between.
    pub(super) fn push_all(
        &self,
        entries: Vec<(Identity, Vec<u8>)>,
    ) -> Result<Vec<Pending<E>>, SequencerError<E>> {
        let mut state = self.lock();
        if let Some(end) = &state.end {
            return Err(end.clone());
        }
        if entries.iter().any(|(_, bytes)| u16::try_from(bytes.len()).is_err()) {
            return Err(SequencerError::EntryTooLong);
        }
        let waiting = state.waiting.len().saturating_add(entries.len());
        if waiting > self.collecting.waiting.max(1) {
            return Err(SequencerError::Full);
        }
        let since = Instant::now();
        let (mut pushed, mut pending) = (Vec::new(), Vec::new());
        for (identity, bytes) in entries {
            let accepted = match &mut state.acceptance {
                None => None,
                Some(acceptance) => match acceptance.accept(identity) {
                    Ok(accepted) => Some(accepted),
                    // Those before it were told indexes that nothing will stand at.
                    Err(error) => {
                        drop(state);
                        self.fail(error.clone());
                        return Err(error);
                    }
                },
            };
            let place = Arc::new(Place::new());
            pushed.push(Waiting { identity, bytes, accepted, place: place.clone(), since });
            pending.push(Pending { place, accepted });
        }
        state.waiting.extend(pushed);
        self.wake_writer(state);
        Ok(pending)
    }

    pub(super) fn push_when_there_is_room(
        &self,
        identity: Identity,
        bytes: Vec<u8>,
    ) -> Result<Pending<E>, SequencerError<E>> {
        let mut state = self.lock();
        while !self.has_room(&state) {
            state = self.went.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        self.push_to(state, identity, bytes)
    }

    pub(super) async fn push_when_there_is_room_async(
        &self,
        identity: Identity,
        bytes: Vec<u8>,
    ) -> Result<Pending<E>, SequencerError<E>> {
        let mut bytes = Some(bytes);
        poll_fn(|context| {
            let mut state = self.lock();
            if !self.has_room(&state) {
                state.callers.push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(self.push_to(state, identity, bytes.take().unwrap_or_default()))
        })
        .await
    }

    /// Whether one more may wait. At the end it may, to be refused.
    fn has_room(&self, state: &State<E>) -> bool {
        state.waiting.len() < self.collecting.waiting.max(1) || state.end.is_some()
    }

    fn push_to(
        &self,
        mut state: MutexGuard<'_, State<E>>,
        identity: Identity,
        bytes: Vec<u8>,
    ) -> Result<Pending<E>, SequencerError<E>> {
        if let Some(end) = &state.end {
            return Err(end.clone());
        }
        if u16::try_from(bytes.len()).is_err() {
            return Err(SequencerError::EntryTooLong);
        }
        let accepted = match &mut state.acceptance {
            Some(acceptance) => Some(acceptance.accept(identity)?),
            None => None,
        };
        let place = Arc::new(Place::new());
        let since = Instant::now();
        let waiting = Waiting { identity, bytes, accepted, place: place.clone(), since };
        state.waiting.push_back(waiting);
        // The first one begins the wait, and as many as went the last time end it.
        let wakes = state.waiting.len() == 1 || state.waiting.len() >= self.due(&state);
        if wakes {
            self.wake_writer(state)
        } else {
            drop(state)
        }
        Ok(Pending { place, accepted })
    }

    fn wake_writer(&self, mut state: MutexGuard<'_, State<E>>) {
        state.comings = state.comings.wrapping_add(1);
        let writer = state.writer.take();
        drop(state);
        self.came.notify_all();
        if let Some(writer) = writer {
            writer.wake();
        }
    }

    fn wake_callers(&self, mut state: MutexGuard<'_, State<E>>) {
        let callers = core::mem::take(&mut state.callers);
        drop(state);
        self.went.notify_all();
        callers.into_iter().for_each(Waker::wake);
    }

    fn due(&self, state: &State<E>) -> usize {
        state.last.min(self.collecting.entries).max(1)
    }

    fn next(&self, state: &mut State<E>) -> Next<E> {
        let Some(first) = state.waiting.front() else {
            if state.end.is_some() {
                return Next::Take(Taken::End);
            }
            if !state.busy {
                return Next::Wait(None);
            }
            let left = IDLE.saturating_sub(state.idle_since.elapsed());
            if !left.is_zero() {
                return Next::Wait(Some(left));
            }
            state.busy = false;
            return Next::Take(Taken::Idle);
        };
        let left = self.collecting.age.saturating_sub(first.since.elapsed());
        let full = state.waiting.len() >= self.due(state);
        if !left.is_zero() && !full && state.end.is_none() {
            return Next::Wait(Some(left));
        }
        let (mut batch, mut bytes) = (Vec::new(), 0_usize);
        while let Some(next) = state.waiting.front() {
            bytes = bytes.saturating_add(next.bytes.len());
            let full = batch.len() >= self.collecting.entries || bytes > self.collecting.bytes;
            if full && !batch.is_empty() {
                break;
            }
            batch.extend(state.waiting.pop_front());
        }
        (state.last, state.busy) = (batch.len(), true);
        Next::Take(Taken::Batch(batch))
    }

    /// Waits for a batch.
    pub(super) fn take(&self) -> Taken<E> {
        let mut state = self.lock();
        state.idle_since = Instant::now();
        loop {
            state = match self.next(&mut state) {
                Next::Take(taken) => {
                    self.wake_callers(state);
                    return taken;
                }
                Next::Wait(None) => self.came.wait(state).unwrap_or_else(PoisonError::into_inner),
                Next::Wait(Some(left)) => {
                    let waited = self.came.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Waits for a batch as [`take`](Self::take) does, without a thread of its own.
    pub(super) async fn take_async(&self, sleep: &mut impl AsyncFnMut(Duration)) -> Taken<E> {
        self.lock().idle_since = Instant::now();
        loop {
            let (next, seen) = {
                let mut state = self.lock();
                let next = self.next(&mut state);
                let seen = state.comings;
                if matches!(next, Next::Take(_)) {
                    self.wake_callers(state);
                }
                (next, seen)
            };
            match next {
                Next::Take(taken) => return taken,
                Next::Wait(None) => poll_fn(|context| self.poll_came(seen, context.waker())).await,
                Next::Wait(Some(left)) => {
                    let mut slept = pin!(sleep(left));
                    poll_fn(|context| match self.poll_came(seen, context.waker()) {
                        Poll::Ready(()) => Poll::Ready(()),
                        Poll::Pending => slept.as_mut().poll(context),
                    })
                    .await;
                }
            }
        }
    }

    fn poll_came(&self, seen: u64, waker: &Waker) -> Poll<()> {
        let mut state = self.lock();
        if state.comings != seen {
            return Poll::Ready(());
        }
        state.writer = Some(waker.clone());
        Poll::Pending
    }

    /// The tree of the last answer.
    pub(super) fn head(&self) -> Head {
        self.lock().head
    }

    /// Says that a batch is in the log, before its callers are told.
    pub(super) fn appended(&self, batch: &[Waiting<E>], head: Head) {
        let mut state = self.lock();
        state.head = head;
        if let Some(acceptance) = &mut state.acceptance {
            acceptance.appended(batch.iter().map(|waiting| &waiting.identity));
        }
    }

    /// Takes nothing more; what waits is still appended.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.end.get_or_insert(SequencerError::Stopped);
        self.wake_writer(state);
        self.wake_callers(self.lock());
    }

    /// Ends it for all who wait.
    pub(super) fn fail(&self, error: SequencerError<E>) {
        let mut state = self.lock();
        state.end = Some(error.clone());
        let waiting = core::mem::take(&mut state.waiting);
        self.wake_callers(state);
        waiting.iter().for_each(|waiting| waiting.place.put(Err(error.clone())));
    }

    /// Why the log failed, if it did.
    pub(super) fn failure(&self) -> Option<SequencerError<E>> {
        match &self.lock().end {
            Some(SequencerError::Stopped) | None => None,
            Some(error) => Some(error.clone()),
        }
    }

    /// Ends it for all who wait when it is dropped.
    pub(super) fn closing(&self) -> Closing<'_, E> {
        Closing(self)
    }
}

pub(super) struct Closing<'q, E>(&'q Queue<E>);

impl<E> Drop for Closing<'_, E> {
    fn drop(&mut self) {
        let end = self.0.lock().end.clone();
        self.0.fail(end.unwrap_or(SequencerError::Stopped));
    }
}

impl<E> Drop for Waiting<E> {
    /// A caller whose entry is dropped on the way, by a panic of the signer for example, is told
    /// so.
    fn drop(&mut self) {
        self.place.put(Err(SequencerError::Stopped));
    }
}
