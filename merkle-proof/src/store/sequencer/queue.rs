//! What waits for the next batch.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::vec::Vec;

use super::pending::{Pending, Place};
use super::{Collecting, SequencerError};
use crate::store::Identity;

/// So long after the last entry, what was appended is made durable as tiles.
const IDLE: Duration = Duration::from_secs(1);

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
    end: Option<SequencerError<E>>,
}

pub(super) struct Waiting<E> {
    pub(super) identity: Identity,
    pub(super) bytes: Vec<u8>,
    pub(super) place: Arc<Place<E>>,
    since: Instant,
}

pub(super) enum Taken<E> {
    Batch(Vec<Waiting<E>>),
    Idle,
    End,
}

impl<E> Queue<E> {
    pub(super) fn new(collecting: Collecting) -> Self {
        let state = State { waiting: VecDeque::new(), last: 1, busy: false, end: None };
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
        if state.waiting.len() >= self.collecting.waiting && state.end.is_none() {
            return Err(SequencerError::Full);
        }
        self.push_to(state, identity, bytes)
    }

    pub(super) fn push_when_there_is_room(
        &self,
        identity: Identity,
        bytes: Vec<u8>,
    ) -> Result<Pending<E>, SequencerError<E>> {
        let mut state = self.lock();
        while state.waiting.len() >= self.collecting.waiting.max(1) && state.end.is_none() {
            state = self.went.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        self.push_to(state, identity, bytes)
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
        let place = Arc::new(Place::new());
        let waiting = Waiting { identity, bytes, place: place.clone(), since: Instant::now() };
        state.waiting.push_back(waiting);
        // The first one begins the wait, and as many as went the last time end it.
        let wakes = state.waiting.len() == 1 || state.waiting.len() >= self.due(&state);
        drop(state);
        if wakes {
            self.came.notify_one();
        }
        Ok(Pending { place })
    }

    fn due(&self, state: &State<E>) -> usize {
        state.last.min(self.collecting.entries).max(1)
    }

    /// Waits for a batch.
    pub(super) fn take(&self) -> Taken<E> {
        let mut state = self.lock();
        loop {
            let Some(first) = state.waiting.front() else {
                if state.end.is_some() {
                    return Taken::End;
                }
                if !state.busy {
                    state = self.came.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
                let waited = self.came.wait_timeout(state, IDLE);
                let (after, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                state = after;
                if timeout.timed_out() && state.waiting.is_empty() {
                    state.busy = false;
                    return Taken::Idle;
                }
                continue;
            };
            let left = self.collecting.age.saturating_sub(first.since.elapsed());
            let full = state.waiting.len() >= self.due(&state);
            if left.is_zero() || full || state.end.is_some() {
                break;
            }
            let waited = self.came.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
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
        drop(state);
        self.went.notify_all();
        Taken::Batch(batch)
    }

    /// Takes nothing more; what waits is still appended.
    pub(super) fn close(&self) {
        self.lock().end.get_or_insert(SequencerError::Stopped);
        self.came.notify_all();
        self.went.notify_all();
    }

    /// Ends it for all who wait.
    pub(super) fn fail(&self, error: SequencerError<E>) {
        let mut state = self.lock();
        state.end = Some(error.clone());
        let waiting = core::mem::take(&mut state.waiting);
        drop(state);
        waiting.iter().for_each(|waiting| waiting.place.put(Err(error.clone())));
        self.went.notify_all();
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
