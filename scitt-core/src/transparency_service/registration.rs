//! Statements on their way into the log of a service, and out of it.

use alloc::vec::Vec;

use cose_ext::{Context, Input, Work};
use merkle_proof::Subtree;

use super::{ServiceError, Submitted, TransparencyService};
use crate::{
    AsyncLog, Checked, EntryId, Evidence, Log, LogRecord, Received, RegistrationPolicy,
    content_digest::sha256, log::subtree_hash, ready::now,
};

impl<L: Log> TransparencyService<L> {
    /// Registers one statement: checks it, and appends its entry unless it has one already. Its
    /// unprotected header is not logged (RFC 9943 6.3).
    ///
    /// Another signature over content that is registered gets the entry of the first one. The
    /// receipt is then of the statement that [`statement`](Self::statement) gives, and not of these
    /// bytes.
    ///
    /// # Errors
    ///
    /// If the statement is refused; then nothing has changed. Those of the log.
    pub fn register(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        now(self.register_async(statement, input, at, policy, context))
    }

    /// Checks a statement and queues it. `at` is the time, in seconds since 1970-01-01T00:00Z.
    ///
    /// # Errors
    ///
    /// As [`register`](Self::register).
    pub fn submit(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        now(self.submit_async(statement, input, at, policy, context))
    }

    /// Returns the entry of a statement that comes again, byte for byte: nothing is decided anew,
    /// also where the policy has changed since. `None` for another one.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub fn resubmitted(
        &self,
        received: &Received<'_>,
        context: &Context<'_>,
    ) -> Result<Option<Submitted>, ServiceError<L::Error>> {
        now(self.resubmitted_async(received, context))
    }

    /// Queues a statement that was checked by [`registrar`](Self::registrar), unless one of its
    /// identity has an entry.
    ///
    /// # Errors
    ///
    /// If the queue is full; those of the log.
    pub fn accept(
        &mut self,
        checked: Checked,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        now(self.accept_async(checked, context))
    }

    /// Appends all that is queued, as one batch. Returns how many entries that were.
    ///
    /// # Errors
    ///
    /// Those of the log; then nobody may be told of what was queued, and the service has to be made
    /// anew over the log, opened again.
    pub fn commit(&mut self) -> Result<usize, ServiceError<L::Error>> {
        now(self.commit_async())
    }

    /// Returns the statement of `entry` as it was registered, with an empty unprotected header:
    /// what its receipts are of. `None` if it was erased, or `entry` is of another, longer log.
    ///
    /// # Errors
    ///
    /// Those of the log; [`Rule::DecisionReplayable`](crate::Rule::DecisionReplayable) if what it
    /// kept is something else.
    pub fn statement(
        &self,
        entry: EntryId,
        context: &Context<'_>,
    ) -> Result<Option<Vec<u8>>, ServiceError<L::Error>> {
        now(self.statement_async(entry, context))
    }

    /// Returns the root that the log has, or had at an earlier size. The root of no leaves is that
    /// of no bytes.
    ///
    /// # Errors
    ///
    /// Those of the log, also where it never was that large.
    pub fn root(
        &self,
        size: u64,
        context: &Context<'_>,
    ) -> Result<[u8; 32], ServiceError<L::Error>> {
        now(self.root_async(size, context))
    }
}

impl<L: AsyncLog> TransparencyService<L> {
    /// Registers as [`register`](Self::register) does, in a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`register`](Self::register).
    pub async fn register_async(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        let submitted = self.submit_async(statement, input, at, policy, context).await?;
        self.commit_async().await?;
        Ok(submitted.entry())
    }

    /// Submits as [`submit`](Self::submit) does, to a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`submit`](Self::submit).
    pub async fn submit_async(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        // As `Context::begin`, which runs a call and waits for nothing.
        let len = statement.len().saturating_add(input.len());
        let work = Work::new(&context.profile.limits, len);
        let context = &Context { work: Some(context.work.unwrap_or(&work)), ..*context };
        let received = self.registrar.receive(statement, input, context)?;
        if let Some(known) = self.resubmitted_async(&received, context).await? {
            return Ok(known);
        }
        let checked = self.registrar.check(&received, at, policy, context)?;
        self.accept_async(checked, context).await
    }

    /// Looks as [`resubmitted`](Self::resubmitted) does, in a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub async fn resubmitted_async(
        &self,
        received: &Received<'_>,
        context: &Context<'_>,
    ) -> Result<Option<Submitted>, ServiceError<L::Error>> {
        let Some(known) = self.find(received.identity()).await? else { return Ok(None) };
        let index = known.entry().index();
        let evidence = match known {
            Submitted::Known(_) => {
                self.log.evidence_async(index).await.map_err(ServiceError::Log)?
            }
            Submitted::Queued(_) => self.registrar.evidence(index).map(Vec::from),
        };
        let Some(evidence) = evidence else { return Ok(None) };
        let known_statement = Evidence::decode(&evidence, &context.profile)
            .and_then(|evidence| evidence.statement(&context.profile))?;
        let submitted = crate::Entry::as_received(received.statement().message());
        Ok((known_statement == submitted.parts().concat()).then_some(known))
    }

    /// Queues as [`accept`](Self::accept) does, beside a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    pub async fn accept_async(
        &mut self,
        checked: Checked,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        if self.is_interrupted {
            return Err(ServiceError::Interrupted);
        }
        if let Some(known) = self.find(checked.identity()).await? {
            return Ok(known);
        }
        Ok(Submitted::Queued(self.registrar.queue(checked, context)?))
    }

    async fn find(&self, identity: &[u8; 32]) -> Result<Option<Submitted>, ServiceError<L::Error>> {
        if let Some(queued) = self.registrar.find(identity) {
            return Ok(Some(Submitted::Queued(queued)));
        }
        let found = self.log.find_async(identity).await.map_err(ServiceError::Log)?;
        Ok(found.map(|index| Submitted::Known(EntryId::new(index))))
    }

    /// Commits as [`commit`](Self::commit) does, to a log that may have to be waited for. Where the
    /// future is dropped before it ends, that counts as a failure of the log.
    ///
    /// # Errors
    ///
    /// As [`commit`](Self::commit).
    pub async fn commit_async(&mut self) -> Result<usize, ServiceError<L::Error>> {
        if self.is_interrupted {
            return Err(ServiceError::Interrupted);
        }
        let batch = self.registrar.batch();
        if batch.is_empty() {
            return Ok(0);
        }
        let records: Vec<_> = batch
            .iter()
            .map(|queued| LogRecord {
                identity: queued.identity,
                leaf: &queued.leaf,
                evidence: &queued.evidence,
            })
            .collect();
        let count = records.len();
        // A call that does not end may have appended: only opening the log again tells.
        self.is_interrupted = true;
        if let Err(error) = self.log.append_async(&records).await {
            self.registrar.abandon(self.log.size());
            return Err(ServiceError::Log(error));
        }
        self.is_interrupted = false;
        self.registrar.committed();
        Ok(count)
    }

    /// Reads as [`statement`](Self::statement) does, from a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`statement`](Self::statement).
    pub async fn statement_async(
        &self,
        entry: EntryId,
        context: &Context<'_>,
    ) -> Result<Option<Vec<u8>>, ServiceError<L::Error>> {
        let evidence = self.log.evidence_async(entry.index()).await;
        let Some(evidence) = evidence.map_err(ServiceError::Log)? else { return Ok(None) };
        let evidence = Evidence::decode(&evidence, &context.profile)?;
        Ok(Some(evidence.statement(&context.profile)?))
    }

    /// Computes as [`root`](Self::root) does, from a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`root`](Self::root).
    pub async fn root_async(
        &self,
        size: u64,
        context: &Context<'_>,
    ) -> Result<[u8; 32], ServiceError<L::Error>> {
        let empty = sha256(context, &[])?;
        let root = subtree_hash(&self.log, Subtree::prefix(size), empty).await;
        root.map_err(ServiceError::Log)
    }
}
