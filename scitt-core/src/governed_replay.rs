//! The policy in a log, as an auditor replays it.

use cose_ext::{Context, Verified, key::KeyResolver};

use crate::{
    AuditedEntry, Candidate, Error, Evidence, Governance, Offered, RegistrationPolicy, Replay,
    ReplayedPolicy, Requirements, Statement,
};

impl<'e> From<&Evidence<'e>> for AuditedEntry<'e> {
    /// Returns the entry of an RFC 9162 log that the service kept this evidence of.
    fn from(evidence: &Evidence<'e>) -> Self {
        let entry = AuditedEntry::statement(evidence.submitted, evidence.input());
        entry.decided_at(evidence.decided_at)
    }
}

/// Replays the decisions of a governed service: beside policies and keys, which it finds in the log
/// itself, it takes nothing but the bootstrap. An entry that does not say when it was decided upon
/// is decided upon at the beginning of 1970.
impl ReplayedPolicy for Governance {
    fn with_issuers(
        &mut self,
        replay: &Replay<'_, '_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver, Requirements),
    ) -> Result<(), Error> {
        let message = replay.statement.message();
        let offered = Offered {
            statement: replay.statement,
            danger_unverified_payload: message.danger_unverified_payload_of(&replay.input)?,
            at: replay.entry.decided_at.unwrap_or(0),
        };
        let requirements = self.requirements();
        RegistrationPolicy::with_issuers(self, &offered, context, &mut |issuers| {
            then(issuers, requirements);
        })
    }

    fn decide(
        &mut self,
        replay: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let candidate = Candidate {
            statement: *statement,
            collateral: *replay.statement.message().headers().unprotected(),
            at: replay.entry.decided_at.unwrap_or(0),
        };
        RegistrationPolicy::decide(self, &candidate, context)
    }

    fn committed(
        &mut self,
        replay: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        context: &Context<'_>,
    ) {
        // It was decided upon just now, so it is what it says.
        let _ = self.take_notice_of_statement(
            replay.index,
            &replay.statement,
            statement.value().payload(),
            context,
        );
    }
}
