//! Auditors: who replay a whole log.

mod audited_entry;
mod checkpoint;
mod fault;
mod heads;
mod receipts;
mod replayed_policy;
mod report;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use cose_ext::{
    Context, Input,
    crypto::{Algorithm, HashValue},
};
use merkle_proof::{MemoryTree, TreeHash, TreeHead};

pub use self::{
    audited_entry::{AuditedEntry, LedgerParts, LoggedContent},
    fault::AuditFault,
    heads::HeadAudit,
    receipts::ReceiptAudit,
    replayed_policy::{ReplayedPolicy, TrustedIssuers},
    report::{AuditReport, EntryAudit, EntryOutcome},
};
use crate::{EntryRule, Error, Rule, SignedStatement};

/// Replays a log from its first entry: signatures, decisions of the policy, roots, receipts.
///
/// # State, invariant, cost
///
/// The auditor keeps the tree, about two hashes an entry, and every root that the log ever had, so
/// that it can say of any receipt whether its root is one of them. It keeps no statements. An entry
/// that is wrong is a finding, and the replay goes on; only an entry whose place in the tree cannot
/// be computed stops it, since every later root depends on it.
///
/// All that it keeps is data ([`checkpoint`](Self::checkpoint)), so that an audit goes on where it
/// stopped.
///
/// Who is wrong where the replay disagrees with a signature, the service or whoever handed out the
/// entries, a replay cannot say: see [`HeadAudit`] and [`ReceiptAudit`].
#[derive(Clone, Debug)]
pub struct Auditor<T: TreeHash<Hash = [u8; 32]>> {
    tree: MemoryTree<T>,
    entry_rule: EntryRule,
    /// Every root, with the size that the log had then.
    roots: BTreeMap<[u8; 32], u64>,
    /// The digests of what issuers signed.
    identities: BTreeSet<[u8; 32]>,
    report: AuditReport,
}

impl<T: TreeHash<Hash = [u8; 32]>> Auditor<T> {
    /// Begins an audit of a log whose entries are made by `entry_rule`, at the log's beginning.
    pub fn new(tree: T, entry_rule: EntryRule) -> Self {
        let tree = MemoryTree::new(tree);
        let mut roots = BTreeMap::new();
        roots.insert(*tree.head().root.hash(), 0);
        let (identities, report) = (BTreeSet::new(), AuditReport::new());
        Self { tree, entry_rule, roots, identities, report }
    }

    /// Replays the next entry: computes its leaf, and checks the statement, its signature and the
    /// decision that let it in.
    ///
    /// # Errors
    ///
    /// If the entry cannot be computed, or the meter of `context` is spent; then nothing has
    /// changed.
    pub fn replay(
        &mut self,
        entry: &AuditedEntry<'_>,
        policy: &mut dyn ReplayedPolicy,
        context: &Context<'_>,
    ) -> Result<EntryAudit, Error> {
        context.begin(entry.len(), |context| self.replay_metered(entry, policy, context))
    }

    fn replay_metered(
        &mut self,
        entry: &AuditedEntry<'_>,
        policy: &mut dyn ReplayedPolicy,
        context: &Context<'_>,
    ) -> Result<EntryAudit, Error> {
        let index = self.tree.size();
        let content = self.content(entry, context)?;
        let outcome = self.examine(index, entry, &content, policy, context)?;
        self.append(entry, &content);
        self.report.count(index, &outcome);
        Ok(EntryAudit { index, outcome })
    }

    /// What is hashed into the leaf: the entry, or its digest.
    fn content<'e>(
        &self,
        entry: &AuditedEntry<'e>,
        context: &Context<'_>,
    ) -> Result<Content<'e>, Error> {
        match entry.content {
            LoggedContent::Statement { statement, input } => {
                let statement = SignedStatement::decode(statement, &context.profile)?;
                let payload = statement.message().danger_unverified_payload_of(&input)?;
                self.content_of(&statement, payload, context)
            }
            LoggedContent::Withheld { entry, .. } => Ok(Content::Given(entry)),
        }
    }

    fn content_of<'e>(
        &self,
        statement: &SignedStatement<'e>,
        payload: &'e [u8],
        context: &Context<'_>,
    ) -> Result<Content<'e>, Error> {
        let entry = self.entry_rule.entry(statement.message(), payload);
        Ok(match self.entry_rule.hash {
            Some(algorithm) => Content::Digest(context.hash(algorithm, &entry.parts())?),
            None => {
                context.spend_hashed(entry.parts().iter().map(|part| part.len()).sum())?;
                Content::Bytes(entry.parts().concat())
            }
        })
    }

    /// Checks everything but the place in the tree.
    fn examine(
        &mut self,
        index: u64,
        entry: &AuditedEntry<'_>,
        content: &Content<'_>,
        policy: &mut dyn ReplayedPolicy,
        context: &Context<'_>,
    ) -> Result<EntryOutcome, Error> {
        let outcome = match entry.content {
            LoggedContent::Statement { statement, input } => {
                let statement = SignedStatement::decode(statement, &context.profile)?;
                self.examine_statement(&Replay { index, entry, statement, input }, policy, context)
                    .map(|()| EntryOutcome::Checked)
            }
            LoggedContent::Withheld { statement: None, .. } => {
                Ok(EntryOutcome::Withheld { header_is_bound: false })
            }
            LoggedContent::Withheld { statement: Some(statement), .. } => {
                let statement = SignedStatement::decode(statement, &context.profile)?;
                self.examine_withheld(&statement, content, context)
            }
        };
        match outcome {
            Ok(outcome) => Ok(outcome),
            Err(error) if error.is_limit() => Err(error),
            Err(error) => Ok(EntryOutcome::Faulty(error)),
        }
    }

    fn examine_statement(
        &mut self,
        replay: &Replay<'_, '_>,
        policy: &mut dyn ReplayedPolicy,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let Replay { statement, input, .. } = replay;
        let signed = statement.message().to_be_signed(input, &context.profile)?;
        let identity = context.hash(Algorithm::SHA256, &signed.parts())?;
        let verified = replayed_policy::replay_decision(replay, policy, context)?;
        // Only a good entry is the one that its statement has: a broken copy before it takes
        // nothing away.
        let is_new = identity.as_ref().try_into().is_ok_and(|id| self.identities.insert(id));
        if !is_new {
            return Err(Error::broken(Rule::OneEntry, 0));
        }
        policy.committed(replay, &verified, context);
        Ok(())
    }

    /// Without the payload nobody can check the signature. Where the entry does not bind the
    /// payload, the header is shown to be the one that was logged.
    fn examine_withheld(
        &self,
        statement: &SignedStatement<'_>,
        content: &Content<'_>,
        context: &Context<'_>,
    ) -> Result<EntryOutcome, Error> {
        if self.entry_rule.binds_payload(statement.message()) {
            return Ok(EntryOutcome::Withheld { header_is_bound: false });
        }
        let computed = self.content_of(statement, &[], context)?;
        match computed.as_bytes() == content.as_bytes() {
            true => Ok(EntryOutcome::Withheld { header_is_bound: true }),
            false => Err(Error::broken(Rule::AuditRoot, 0)),
        }
    }

    fn append(&mut self, entry: &AuditedEntry<'_>, content: &Content<'_>) {
        match &entry.ledger {
            None => self.tree.append(&[content.as_bytes()]),
            Some(LedgerParts { transaction, evidence_hash }) => {
                self.tree.append(&[transaction, evidence_hash, content.as_bytes()])
            }
        };
        let head = self.tree.head();
        self.roots.insert(*head.root.hash(), head.size);
    }

    /// Returns how many entries were replayed.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Returns size and root of the log as far as it was replayed.
    pub fn head(&self) -> TreeHead<T::Kind, [u8; 32]> {
        self.tree.head()
    }

    /// Returns what was found so far.
    pub const fn report(&self) -> &AuditReport {
        &self.report
    }
}

/// One entry as its decision is replayed.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'r, 'e> {
    /// Its leaf index.
    pub index: u64,
    /// The entry.
    pub entry: &'r AuditedEntry<'e>,
    /// The statement in it.
    pub statement: SignedStatement<'e>,
    /// Where its payload is.
    pub input: Input<'e, 'e>,
}

/// What is hashed into a leaf.
enum Content<'e> {
    /// The digest that the entry rule wants.
    Digest(HashValue),
    /// The entry itself, under a rule without a hash function.
    Bytes(Vec<u8>),
    /// As whoever handed out the log says.
    Given(&'e [u8]),
}

impl Content<'_> {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Digest(digest) => digest.as_ref(),
            Self::Bytes(bytes) => bytes,
            Self::Given(bytes) => bytes,
        }
    }
}
