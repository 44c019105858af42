//! The entries of one statement, each hashed once.

use cose_ext::{
    Context, Input,
    crypto::{Algorithm, HashValue},
};

use crate::{EntryRule, Error, LoggedStatement, SignedStatement};

/// How many digests are remembered. Services with more different entry rules than that cost a
/// digest for each of their receipts.
const REMEMBERED: usize = 4;

/// What logs may call the entry of one statement: one for each entry rule.
///
/// # State, invariant, cost
///
/// The digest of an entry is computed when a receipt first needs it, which is once its proofs have
/// been found well formed, and then remembered: the payload is hashed once for each entry rule,
/// however many receipts there are. Nothing is allocated.
#[derive(Clone, Copy, Debug)]
pub struct StatementEntries<'s> {
    statement: SignedStatement<'s>,
    payload: &'s [u8],
    digests: [Option<(EntryRule, HashValue)>; REMEMBERED],
}

impl<'s> StatementEntries<'s> {
    /// Returns the entries of `statement`, whose payload is where `input` says.
    ///
    /// # Errors
    ///
    /// If the payload is not there.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    pub fn new(statement: &SignedStatement<'s>, input: &Input<'s, '_>) -> Result<Self, Error> {
        let payload = statement.message().danger_unverified_payload_of(input)?;
        Ok(Self { statement: *statement, payload, digests: [None; REMEMBERED] })
    }

    /// Returns what an entry by `rule` binds of the statement.
    pub(crate) fn logged(&self, rule: &EntryRule) -> LoggedStatement<'s> {
        let binds_payload = rule.binds_payload(self.statement.message());
        LoggedStatement::new(self.statement.message(), binds_payload.then_some(self.payload))
    }

    /// Returns how many bytes statement and payload have.
    pub(crate) const fn len(&self) -> usize {
        self.statement.message().bytes().len().saturating_add(self.payload.len())
    }

    /// Calls `then` with these entries and the one by `rule`, in parts.
    ///
    /// # Errors
    ///
    /// If the hash function of the rule is not there, or the meter of `context` is spent; those of
    /// `then`.
    pub(crate) fn with_entry<T>(
        &mut self,
        rule: &EntryRule,
        context: &Context<'_>,
        then: impl FnOnce(&Self, &[&[u8]]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match rule.hash {
            None => then(self, &rule.entry(self.statement.message(), self.payload).parts()),
            Some(algorithm) => {
                let digest = self.digest(rule, algorithm, context)?;
                then(self, &[digest.as_ref()])
            }
        }
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn digest(
        &mut self,
        rule: &EntryRule,
        algorithm: Algorithm,
        context: &Context<'_>,
    ) -> Result<HashValue, Error> {
        if let Some((_, digest)) = self.digests.iter().flatten().find(|(known, _)| known == rule) {
            return Ok(*digest);
        }
        let entry = rule.entry(self.statement.message(), self.payload);
        let digest = context.hash(algorithm, &entry.parts())?;
        if let Some(room) = self.digests.iter_mut().find(|room| room.is_none()) {
            *room = Some((*rule, digest));
        }
        Ok(digest)
    }
}
