//! Decisions of a service, made again.

use core::fmt;

use cose_ext::{Context, IssuerBinding, Verified, key::KeyResolver};

use super::Replay;
use crate::{Error, Requirements, Rule, Statement};

/// A registration policy as an auditor replays it (RFC 9943 5.1.1): whose statements were let in,
/// and which of them, at each place of the log.
///
/// Policies change: the one that decides about an entry is the one that was committed most recently
/// before it. An implementation learns of every entry ([`committed`](Self::committed)), and may
/// find its next version there.
pub trait ReplayedPolicy {
    /// Calls `then` with the keys that the statement of `replay` is checked under, and how much of
    /// RFC 9943 is asked of it.
    ///
    /// # Errors
    ///
    /// If such a statement would not have been registered, whoever signed it.
    fn with_issuers(
        &mut self,
        replay: &Replay<'_, '_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver, Requirements),
    ) -> Result<(), Error>;

    /// Decides about a statement whose signature is its issuer's.
    ///
    /// # Errors
    ///
    /// If it would not have been registered.
    fn decide(
        &mut self,
        replay: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        context: &Context<'_>,
    ) -> Result<(), Error>;

    /// Takes notice of an entry that was found good: a policy among them is in force from here on.
    fn committed(
        &mut self,
        _replay: &Replay<'_, '_>,
        _statement: &Verified<Statement<'_, '_>>,
        _context: &Context<'_>,
    ) {
    }
}

/// The smallest policy: whatever these issuers sign.
#[derive(Clone, Copy)]
pub struct TrustedIssuers<'r> {
    /// Keys of the issuers. A key that is bound to no issuer makes a fault of every statement,
    /// unless the requirements are lenient.
    pub issuers: &'r dyn KeyResolver,
    /// How much of RFC 9943 is asked of statements.
    pub requirements: Requirements,
}

impl ReplayedPolicy for TrustedIssuers<'_> {
    fn with_issuers(
        &mut self,
        _: &Replay<'_, '_>,
        _: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver, Requirements),
    ) -> Result<(), Error> {
        then(self.issuers, self.requirements);
        Ok(())
    }

    fn decide(
        &mut self,
        _: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        _: &Context<'_>,
    ) -> Result<(), Error> {
        match statement.by().issuer() {
            IssuerBinding::Checked => Ok(()),
            _ => self.requirements.check([Rule::IssuerBound].into_iter()),
        }
    }
}

impl fmt::Debug for TrustedIssuers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedIssuers")
            .field("requirements", &self.requirements)
            .finish_non_exhaustive()
    }
}

/// Checks the signature of an entry, and makes the decision about it again.
pub(super) fn replay_decision<'e>(
    replay: &Replay<'_, 'e>,
    policy: &mut dyn ReplayedPolicy,
    context: &Context<'_>,
) -> Result<Verified<Statement<'e, 'e>>, Error> {
    // A policy that names no keys lets nobody in.
    let mut outcome = Err(Error::refused(Rule::AuditDecision));
    policy.with_issuers(replay, context, &mut |issuers, requirements| {
        let input = &replay.input;
        outcome = replay.statement.verify(input, issuers, requirements, context);
    })?;
    let statement = outcome?;
    policy.decide(replay, &statement, context)?;
    Ok(statement)
}
