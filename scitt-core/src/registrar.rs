//! The way of a statement into the log, as a machine.

use alloc::{collections::BTreeMap, vec::Vec};

use cose_ext::{Context, Input, IssuerBinding, header::Vds};

use crate::{
    Candidate, EntryRule, Error, ErrorKind, Evidence, Offered, RegistrationPolicy, Rule,
    SignedStatement, Statement, content_digest::sha256, ledger_leaf::LedgerLeaf,
    limits::ServiceLimits,
};

/// An entry of the log. Only queueing a statement that was checked makes one, so that no receipt
/// can come before its registration (RFC 9943 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId {
    index: u64,
}

impl EntryId {
    pub(crate) const fn new(index: u64) -> Self {
        Self { index }
    }

    /// Returns the index of the leaf, from zero.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }
}

/// How far an entry has come. Before it has one, a statement is [`Received`], and then [`Checked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum RegistrationState {
    /// It has its index, and is not in the log yet: nobody must be told.
    Queued,
    /// It is in the log.
    Committed,
    /// A signed root covers it, so that its receipt can be made without a key.
    ReceiptReady,
}

/// Registers statements (RFC 9943 6.3), without a log, a clock or a key: received, checked, queued,
/// committed.
///
/// # State, invariant, cost
///
/// A statement that is queued has the index that it will have in the log: committed leaves first,
/// then the queue, in its order. [`batch`](Self::batch) hands out the whole queue; the caller
/// appends it, all or nothing, and says [`committed`](Self::committed). After a failure the queue
/// is dropped ([`abandon`](Self::abandon)): nobody was told of an entry in it.
/// [`check`](Self::check) takes `&self` and does all that is slow, so that many threads can check
/// beside each other.
#[derive(Clone, Debug)]
pub struct Registrar {
    entry_rule: EntryRule,
    structure: Vds,
    committed: u64,
    queue: Vec<Queued>,
    places: BTreeMap<[u8; 32], u64>,
    limits: ServiceLimits,
}

/// A statement that was read, and is known by its identity.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    statement: SignedStatement<'a>,
    input: Input<'a, 'a>,
    payload: &'a [u8],
    identity: [u8; 32],
}

impl<'a> Received<'a> {
    /// Returns the digest of what the issuer signed: another signature over the same content, a
    /// flipped ECDSA s for one, has the same.
    #[must_use]
    pub const fn identity(&self) -> &[u8; 32] {
        &self.identity
    }

    /// Returns the statement.
    #[must_use]
    pub const fn statement(&self) -> &SignedStatement<'a> {
        &self.statement
    }
}

/// A statement that the policy lets in, with everything that goes into the log.
#[derive(Clone, Debug)]
#[must_use]
pub struct Checked {
    identity: [u8; 32],
    entry: Vec<u8>,
    evidence: Vec<u8>,
}

impl Checked {
    /// Returns the digest of what the issuer signed.
    #[must_use]
    pub const fn identity(&self) -> &[u8; 32] {
        &self.identity
    }

    /// Returns the encoded [`Evidence`] of the decision.
    #[must_use]
    pub fn evidence(&self) -> &[u8] {
        &self.evidence
    }
}

/// A statement in the queue.
#[derive(Clone, Debug)]
pub struct Queued {
    pub(crate) identity: [u8; 32],
    pub(crate) leaf: Vec<u8>,
    pub(crate) evidence: Vec<u8>,
}

impl Registrar {
    /// Returns a machine for a log of this structure that has `committed` leaves.
    #[must_use]
    pub const fn new(structure: Vds, committed: u64) -> Self {
        Self {
            entry_rule: EntryRule::DEFAULT,
            structure,
            committed,
            queue: Vec::new(),
            places: BTreeMap::new(),
            limits: ServiceLimits::DEFAULT,
        }
    }

    /// Returns this machine with another entry rule. A CCF ledger has none but the default.
    #[must_use]
    pub const fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.entry_rule = entry_rule;
        self
    }

    /// Returns this machine with other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: ServiceLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns this machine as it was made, to check beside the one that queues.
    #[cfg(feature = "std")]
    pub(crate) fn without_queue(&self) -> Self {
        let (queue, places) = (Vec::new(), BTreeMap::new());
        Self { queue, places, ..*self }
    }

    /// Returns the entry rule, which relying parties have to know.
    #[must_use]
    pub fn entry_rule(&self) -> EntryRule {
        if self.structure == Vds::CCF_LEDGER_SHA256 { EntryRule::CCF } else { self.entry_rule }
    }

    /// Reads a statement that was submitted.
    ///
    /// # Errors
    ///
    /// If it is not a statement, is longer than a service takes, or its payload is not where
    /// `input` says.
    pub fn receive<'a>(
        &self,
        statement: &'a [u8],
        input: &Input<'a, 'a>,
        context: &Context<'_>,
    ) -> Result<Received<'a>, Error> {
        let len = statement.len().saturating_add(input.len());
        if len > self.limits.statement_bytes {
            return Err(ErrorKind::StatementTooLong.into());
        }
        let statement = SignedStatement::decode(statement, &context.profile)?;
        let payload = statement.message().danger_unverified_payload_of(input)?;
        let signed = statement.message().to_be_signed(input, &context.profile)?;
        let identity = sha256(context, &signed.parts())?;
        Ok(Received { statement, input: *input, payload, identity })
    }

    /// Checks signature, header and policy: all that is decided about a statement.
    ///
    /// # Errors
    ///
    /// If the statement is refused.
    pub fn check(
        &self,
        received: &Received<'_>,
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<Checked, Error> {
        let message = received.statement.message();
        let len = message.bytes().len().saturating_add(received.input.len());
        context.begin(len, |context| self.check_metered(received, at, policy, context))
    }

    fn check_metered(
        &self,
        received: &Received<'_>,
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<Checked, Error> {
        let Received { statement, input, payload, identity } = *received;
        let offered = Offered { statement, danger_unverified_payload: payload, at };
        let requirements = policy.requirements();
        let mut outcome = Err(Error::refused(Rule::PolicyInForce));
        policy.with_issuers(&offered, context, &mut |issuers| {
            outcome = statement.verify(&input, issuers, requirements, context).map(candidate);
        })?;
        let verified = outcome?;
        if verified.by().issuer() != IssuerBinding::Checked {
            requirements.check([Rule::IssuerBound].into_iter())?;
        }
        let collateral = *statement.message().headers().unprotected();
        policy.decide(&Candidate { statement: verified, collateral, at }, context)?;

        let rule = self.entry_rule();
        let entry = rule.entry(statement.message(), payload);
        let entry = match rule.hash {
            Some(algorithm) => context.hash(algorithm, &entry.parts())?.as_ref().to_vec(),
            None => {
                context.spend_hashed(entry.parts().iter().map(|part| part.len()).sum())?;
                entry.parts().concat()
            }
        };
        let evidence = Evidence::of(statement.message().bytes(), &input, at).encode();
        Ok(Checked { identity, entry, evidence })
    }

    /// Returns the place in the queue of a statement of this identity, if it is there.
    pub fn find(&self, identity: &[u8; 32]) -> Option<EntryId> {
        self.places.get(identity).copied().map(EntryId::new)
    }

    /// Queues a statement, unless one of its identity is queued. Whether one is in the log is for
    /// the caller to ask the log.
    ///
    /// # Errors
    ///
    /// If the queue is as long as it may be, or the log as large as it can be.
    pub fn queue(&mut self, checked: Checked, context: &Context<'_>) -> Result<EntryId, Error> {
        if let Some(entry) = self.find(&checked.identity) {
            return Ok(entry);
        }
        if self.queue.len() >= self.limits.queued {
            return Err(ErrorKind::QueueFull.into());
        }
        let index = self.next().ok_or(ErrorKind::LogFull)?;
        let leaf = self.leaf(&checked, index, context)?;
        let Checked { identity, evidence, .. } = checked;
        self.queue.push(Queued { identity, leaf, evidence });
        self.places.insert(identity, index);
        Ok(EntryId::new(index))
    }

    /// Returns what is hashed into the leaf of a statement that stands at `index`.
    ///
    /// # Errors
    ///
    /// If the provider has no SHA-256.
    pub fn leaf(
        &self,
        checked: &Checked,
        index: u64,
        context: &Context<'_>,
    ) -> Result<Vec<u8>, Error> {
        if self.structure != Vds::CCF_LEDGER_SHA256 {
            return Ok(checked.entry.clone());
        }
        let data_hash = checked.entry.as_slice().try_into();
        let data_hash = data_hash.map_err(|_| Error::refused(Rule::ServiceKeyPinned))?;
        Ok(LedgerLeaf::new(&data_hash, index, context)?.to_be_hashed(context)?.to_vec())
    }

    /// Returns the evidence of an entry that is queued.
    pub(crate) fn evidence(&self, index: u64) -> Option<&[u8]> {
        let place = usize::try_from(index.checked_sub(self.committed)?).ok()?;
        self.queue.get(place).map(|queued| queued.evidence.as_slice())
    }

    /// Returns what is to be appended next, as one batch: the whole queue.
    #[must_use]
    pub fn batch(&self) -> &[Queued] {
        &self.queue
    }

    /// Says that the batch is in the log.
    pub fn committed(&mut self) {
        let queued = u64::try_from(self.queue.len()).unwrap_or(u64::MAX);
        self.committed = self.committed.saturating_add(queued);
        self.clear();
    }

    /// Says that the log failed: whether the batch is in it has to be found out, and how large it
    /// is.
    pub fn abandon(&mut self, committed: u64) {
        self.committed = committed;
        self.clear();
    }

    fn clear(&mut self) {
        self.queue.clear();
        self.places.clear();
    }

    /// Returns how many leaves are committed.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.committed
    }

    fn next(&self) -> Option<u64> {
        let next = self.committed.checked_add(u64::try_from(self.queue.len()).ok()?)?;
        (next < u64::MAX).then_some(next)
    }

    /// Returns how far an entry has come, of which `covered` leaves have a signed root; `None` if
    /// there is no such entry.
    #[must_use]
    pub fn state(&self, entry: EntryId, covered: u64) -> Option<RegistrationState> {
        match entry.index {
            index if index < covered.min(self.committed) => Some(RegistrationState::ReceiptReady),
            index if index < self.committed => Some(RegistrationState::Committed),
            index if self.next().is_some_and(|next| index < next) => {
                Some(RegistrationState::Queued)
            }
            _ => None,
        }
    }
}

/// Ties both lifetimes of a statement to the shorter one.
fn candidate<'a>(
    statement: cose_ext::Verified<Statement<'a, 'a>>,
) -> cose_ext::Verified<Statement<'a, 'a>> {
    statement
}
