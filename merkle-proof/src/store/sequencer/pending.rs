//! An answer that is waited for.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::{Sequenced, SequencerError};
use crate::store::Acknowledgement;

type Answer<E> = Result<Sequenced, SequencerError<E>>;

/// An entry that was handed in. It is waited for by a thread, [`wait`](Self::wait), or by a task of
/// any executor: it is a future. Dropping it does not take the entry back.
pub struct Pending<E> {
    pub(super) place: Arc<Place<E>>,
    pub(super) accepted: Option<Acknowledgement>,
}

/// Where the answer is put.
pub(super) struct Place<E> {
    state: Mutex<State<E>>,
    there: Condvar,
}

enum State<E> {
    Waiting(Option<Waker>),
    Answered(Answer<E>),
}

impl<E> Place<E> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State::Waiting(None)), there: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the first answer; later ones are skipped.
    pub(super) fn put(&self, answer: Answer<E>) {
        let mut state = self.lock();
        let State::Waiting(waker) = &mut *state else { return };
        let waker = waker.take();
        *state = State::Answered(answer);
        drop(state);
        self.there.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<E> Pending<E> {
    /// Returns where the entry will stand, as it was decided when the entry was handed in. `None`
    /// unless the sequencer was given the [known entries](super::Sequencer::start_with_known).
    ///
    /// The answer that is waited for has this index, or is an error. Before that answer the entry
    /// is not durable: after a power cut it may get another index.
    #[must_use]
    pub const fn accepted(&self) -> Option<Acknowledgement> {
        self.accepted
    }

    /// Waits for the answer.
    ///
    /// # Errors
    ///
    /// Those of [`SequencerError`] but [`Full`](SequencerError::Full).
    pub fn wait(self) -> Answer<E> {
        let mut state = self.place.lock();
        loop {
            match &*state {
                State::Answered(answer) => return answer.clone(),
                State::Waiting(_) => {
                    state = self.place.there.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

impl<E> Future for Pending<E> {
    type Output = Answer<E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.place.lock();
        match &mut *state {
            State::Answered(answer) => Poll::Ready(answer.clone()),
            State::Waiting(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<E> fmt::Debug for Pending<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("accepted", &self.accepted).finish_non_exhaustive()
    }
}
