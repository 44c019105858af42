//! A governed service for many threads.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use cose_ext::{Context, Input};

use crate::{
    EntryId, Governance, GovernedService, Log, Received, Registrar, ServiceError, Submitted,
};

/// A [`GovernedService`] that many threads register with: each checks signature and policy for
/// itself, and all that came meanwhile is committed together.
///
/// # State, invariant, cost
///
/// Slow work is done outside of the lock, under the policy of a snapshot; where another policy was
/// queued meanwhile, it is done again under that one, so each decision is made under the policy
/// that stands before its entry. Whoever is last in line commits the batch of all, so that a batch
/// costs one append however many threads wait; none waits for a timer. [`register`](Self::register)
/// returns an entry once it is durable: its index is never another one afterwards.
#[derive(Debug)]
pub struct SharedService<L> {
    shared: Arc<Shared<L>>,
}

#[derive(Debug)]
struct Shared<L> {
    state: Mutex<State<L>>,
    /// Signalled after each batch.
    committed: Condvar,
    /// Threads between the end of their check and their place in the queue. It grows at any time,
    /// and shrinks under the lock: who takes it to zero knows that nobody is about to queue.
    arriving: AtomicUsize,
}

#[derive(Debug)]
struct State<L> {
    service: GovernedService<L>,
    /// What decides, and how often it has changed.
    snapshot: Arc<Snapshot>,
    /// Batches that were committed.
    batches: u64,
    has_failed: bool,
}

#[derive(Debug)]
struct Snapshot {
    registrar: Registrar,
    governance: Governance,
    version: u64,
}

impl<L> Clone for SharedService<L> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<L: Log> SharedService<L> {
    /// Shares a service. What is queued in it is committed with the first batch.
    pub fn new(service: GovernedService<L>) -> Self {
        let registrar = service.service().registrar().without_queue();
        let governance = service.governance().clone();
        let snapshot = Arc::new(Snapshot { registrar, governance, version: 0 });
        let state = State { service, snapshot, batches: 0, has_failed: false };
        let (state, committed, arriving) = (Mutex::new(state), Condvar::new(), AtomicUsize::new(0));
        Self { shared: Arc::new(Shared { state, committed, arriving }) }
    }

    /// Registers one statement, and returns once its entry is in the log.
    ///
    /// # Errors
    ///
    /// As [`GovernedService::register`]; [`ServiceError::Interrupted`] where the batch of another
    /// thread failed, too: the service is then made anew over the log, opened again.
    pub fn register(
        &self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        context: &Context<'_>,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        let len = statement.len().saturating_add(input.len());
        context.begin(len, |context| {
            let snapshot = self.lock().snapshot.clone();
            let received = snapshot.registrar.receive(statement, input, context)?;
            if let Some(known) = self.known(&received, context)? {
                return Ok(known);
            }
            self.decide(snapshot, &received, at, context)
        })
    }

    /// The entry of a statement that comes again, once it is in the log.
    fn known(
        &self,
        received: &Received<'_>,
        context: &Context<'_>,
    ) -> Result<Option<EntryId>, ServiceError<L::Error>> {
        let state = self.lock();
        match state.service.service().resubmitted(received, context)? {
            None => Ok(None),
            Some(Submitted::Known(entry)) => Ok(Some(entry)),
            Some(Submitted::Queued(entry)) => {
                self.arrive();
                self.wait_for(state, entry).map(Some)
            }
        }
    }

    fn decide(
        &self,
        mut snapshot: Arc<Snapshot>,
        received: &Received<'_>,
        at: i64,
        context: &Context<'_>,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        loop {
            let Snapshot { registrar, governance, version } = &*snapshot;
            let checked = registrar.check(received, at, governance, context)?;
            self.arrive();
            let mut state = self.lock();
            if state.snapshot.version != *version {
                let newer = state.snapshot.clone();
                drop(self.leave(state)?);
                snapshot = newer;
                continue;
            }
            let submitted = match state.service.accept(checked, context) {
                Ok(submitted) => submitted,
                Err(error) => {
                    drop(self.leave(state)?);
                    return Err(error);
                }
            };
            let governance = state.service.governance();
            if governance.in_force() != snapshot.governance.in_force()
                || governance.endorsed_keys().len() != snapshot.governance.endorsed_keys().len()
            {
                state.snapshot = Arc::new(Snapshot {
                    registrar: snapshot.registrar.clone(),
                    governance: governance.clone(),
                    version: version.saturating_add(1),
                });
            }
            return self.wait_for(state, submitted.entry());
        }
    }

    /// Counts this thread among those that are about to queue something.
    fn arrive(&self) {
        self.shared.arriving.fetch_add(1, SeqCst);
    }

    /// Leaves the line; whoever is last in it commits.
    fn leave<'s>(
        &'s self,
        mut state: MutexGuard<'s, State<L>>,
    ) -> Result<MutexGuard<'s, State<L>>, ServiceError<L::Error>> {
        let is_last = self.shared.arriving.fetch_sub(1, SeqCst) == 1;
        if is_last && !state.has_failed {
            let outcome = state.service.commit();
            state.has_failed = outcome.is_err();
            self.shared.committed.notify_all();
            if outcome? > 0 {
                state.batches = state.batches.saturating_add(1);
            }
        }
        Ok(state)
    }

    /// Leaves the line and returns once the entry is in the log.
    fn wait_for(
        &self,
        state: MutexGuard<'_, State<L>>,
        entry: EntryId,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        let mut state = self.leave(state)?;
        while entry.index() >= state.service.service().size() {
            if state.has_failed {
                return Err(ServiceError::Interrupted);
            }
            let waited = self.shared.committed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        Ok(entry)
    }

    /// Calls `then` with the service, to make heads and receipts. Registering waits meanwhile.
    pub fn with_service<R>(&self, then: impl FnOnce(&mut GovernedService<L>) -> R) -> R {
        then(&mut self.lock().service)
    }

    /// Returns how many batches were committed.
    #[must_use]
    pub fn batches(&self) -> u64 {
        self.lock().batches
    }

    fn lock(&self) -> MutexGuard<'_, State<L>> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
