//! A transparency service.

mod error;
mod head;
mod proofs;

use alloc::{vec, vec::Vec};

use cose_ext::{Context, Input};
use merkle_proof::{Subtree, TreeHead, cose::ReceiptBuilder};

use crate::{
    Checked, EntryId, EntryRule, Evidence, KeyInUse, Log, LogHash, LogRecord, MemoryLog,
    ReceiptKey, Received, Registrar, RegistrationPolicy, RegistrationState, ServiceLimits,
    content_digest::sha256, log::subtree_hash, receipt_key::ServiceIdentity,
};

pub use error::ServiceError;
pub use head::{PendingReceipt, ReceiptHead};

/// A transparency service (RFC 9943 5.1): it registers statements in an append-only log and makes
/// receipts.
///
/// It holds no private key, clock or socket. Signing is two steps: what is to be signed is handed
/// out, and the signature comes back.
///
/// # State, invariant, cost
///
/// A [`Registrar`] decides and queues, the log keeps; both have the same size whenever no call
/// runs. After an error of the log nothing is taken in until the service was made anew over the
/// opened log ([`over`](Self::over)). A signed head serves the receipts of all entries that it
/// covers: one signature for a batch, and the path of each, which is read from the log.
#[derive(Clone, Debug)]
pub struct TransparencyService<L> {
    log: L,
    registrar: Registrar,
    identity: ServiceIdentity,
    head: Option<ReceiptHead>,
    is_interrupted: bool,
}

/// What became of a statement that was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It has an entry since earlier.
    Known(EntryId),
    /// It is queued. The entry is its own once [`commit`](TransparencyService::commit) has
    /// returned, and nobody must be told of it before.
    Queued(EntryId),
}

impl Submitted {
    /// Returns the entry.
    #[must_use]
    pub const fn entry(self) -> EntryId {
        match self {
            Self::Known(entry) | Self::Queued(entry) => entry,
        }
    }
}

impl<T: LogHash> TransparencyService<MemoryLog<T>> {
    /// Returns a service of `issuer` over an empty log in memory.
    pub fn in_memory(tree: T, issuer: &str, key: ReceiptKey) -> Self {
        Self::over(MemoryLog::new(tree), issuer, key)
    }
}

impl<L: Log> TransparencyService<L> {
    /// `sub` of the receipts that a service makes.
    pub const RECEIPT_SUBJECT: &'static str = "scitt.receipt.v1";

    /// Returns a service of `issuer` over a log, whose receipts `key` signs.
    pub fn over(log: L, issuer: &str, key: ReceiptKey) -> Self {
        let registrar = Registrar::new(log.structure(), log.size());
        let keys = vec![KeyInUse { key, since: 0 }];
        let identity = ServiceIdentity { issuer: issuer.into(), keys };
        Self { log, registrar, identity, head: None, is_interrupted: false }
    }

    /// Returns this service with another entry rule. To be chosen before the first statement, and
    /// to be told to every relying party. A log of the shape of a CCF ledger has no other than the
    /// default.
    #[must_use]
    pub fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.registrar = self.registrar.with_entry_rule(entry_rule);
        self
    }

    /// Returns this service with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: ServiceLimits) -> Self {
        self.registrar = self.registrar.with_limits(limits);
        self
    }

    /// Lets `key` sign from now on. Receipts that are out stay good for relying parties that keep
    /// the earlier keys.
    pub fn rotate(&mut self, key: ReceiptKey) {
        self.rotate_at(key, self.log.size());
    }

    pub(crate) fn rotate_at(&mut self, key: ReceiptKey, since: u64) {
        self.identity.keys.push(KeyInUse { key, since });
        self.head = None;
    }

    /// Returns the keys that have signed and will sign, the first one first.
    pub fn keys(&self) -> &[KeyInUse] {
        &self.identity.keys
    }

    /// Returns `iss` of the receipts.
    pub fn issuer(&self) -> &str {
        &self.identity.issuer
    }

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
        let submitted = self.submit(statement, input, at, policy, context)?;
        self.commit()?;
        Ok(submitted.entry())
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
        let len = statement.len().saturating_add(input.len());
        context.begin(len, |context| {
            let received = self.registrar.receive(statement, input, context)?;
            if let Some(known) = self.resubmitted(&received, context)? {
                return Ok(known);
            }
            let checked = self.registrar.check(&received, at, policy, context)?;
            self.accept(checked, context)
        })
    }

    /// Returns the machine, whose [`check`](Registrar::check) many threads can call beside each
    /// other.
    pub const fn registrar(&self) -> &Registrar {
        &self.registrar
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
        let Some(known) = self.find(received.identity())? else { return Ok(None) };
        let index = known.entry().index();
        let evidence = match known {
            Submitted::Known(_) => self.log.evidence(index).map_err(ServiceError::Log)?,
            Submitted::Queued(_) => self.registrar.evidence(index).map(Vec::from),
        };
        let Some(evidence) = evidence else { return Ok(None) };
        let known_statement = Evidence::decode(&evidence, &context.profile)
            .and_then(|evidence| evidence.statement(&context.profile))?;
        let submitted = crate::Entry::as_received(received.statement().message());
        Ok((known_statement == submitted.parts().concat()).then_some(known))
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
        if self.is_interrupted {
            return Err(ServiceError::Interrupted);
        }
        if let Some(known) = self.find(checked.identity())? {
            return Ok(known);
        }
        Ok(Submitted::Queued(self.registrar.queue(checked, context)?))
    }

    fn find(&self, identity: &[u8; 32]) -> Result<Option<Submitted>, ServiceError<L::Error>> {
        if let Some(queued) = self.registrar.find(identity) {
            return Ok(Some(Submitted::Queued(queued)));
        }
        let found = self.log.find(identity).map_err(ServiceError::Log)?;
        Ok(found.map(|index| Submitted::Known(EntryId::new(index))))
    }

    /// Appends all that is queued, as one batch. Returns how many entries that were.
    ///
    /// # Errors
    ///
    /// Those of the log; then nobody may be told of what was queued, and the service has to be made
    /// anew over the log, opened again.
    pub fn commit(&mut self) -> Result<usize, ServiceError<L::Error>> {
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
        if let Err(error) = self.log.append(&records) {
            self.is_interrupted = true;
            self.registrar.abandon(self.log.size());
            return Err(ServiceError::Log(error));
        }
        self.registrar.committed();
        Ok(count)
    }

    /// Returns how far an entry has come; `None` if there is no such entry.
    pub fn state(&self, entry: EntryId) -> Option<RegistrationState> {
        let covered = self.head.as_ref().map_or(0, ReceiptHead::size);
        self.registrar.state(entry, covered)
    }

    /// Returns the entry of the log at `index`, if there is one.
    pub fn entry(&self, index: u64) -> Option<EntryId> {
        (index < self.registrar.size()).then_some(EntryId::new(index))
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
        let evidence = self.log.evidence(entry.index()).map_err(ServiceError::Log)?;
        let Some(evidence) = evidence else { return Ok(None) };
        let evidence = Evidence::decode(&evidence, &context.profile)?;
        Ok(Some(evidence.statement(&context.profile)?))
    }

    /// Returns how many statements are registered.
    pub fn size(&self) -> u64 {
        self.log.size()
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
        let empty = sha256(context, &[])?;
        subtree_hash(&self.log, Subtree::prefix(size), empty).map_err(ServiceError::Log)
    }

    /// Returns the log.
    pub const fn log(&self) -> &L {
        &self.log
    }

    /// Returns the log, to change what is not part of the tree: to erase what a leaf stands for.
    pub const fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// Gives the log back.
    pub fn into_log(self) -> L {
        self.log
    }

    pub(crate) const fn identity(&self) -> &ServiceIdentity {
        &self.identity
    }

    pub(crate) fn builder(&self, key: &ReceiptKey, issued_at: i64) -> ReceiptBuilder {
        let claims = cose_ext::MapBuilder::new()
            .with(cose_ext::cwt::ClaimKey::ISS, self.issuer())
            .with(cose_ext::cwt::ClaimKey::SUB, Self::RECEIPT_SUBJECT)
            .with(cose_ext::cwt::ClaimKey::IAT, issued_at);
        let certificates: Vec<_> = key.certificates().collect();
        let builder = ReceiptBuilder::new(self.log.structure()).certified_by(&certificates);
        builder.key_id(key.key_id()).cwt_claims(&claims)
    }
}

impl<T: LogHash> TransparencyService<MemoryLog<T>> {
    /// Returns size and root of the log.
    pub fn head(&self) -> TreeHead<T::Kind, [u8; 32]> {
        self.log.head()
    }
}
