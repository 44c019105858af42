//! Transparent statements about one subject, evaluated as a set.

mod member;
mod requirement;
mod statement_id;

use alloc::{string::String, vec::Vec};

use cose_ext::Context;

use self::member::Member;
pub use self::{
    requirement::{RequiredStatement, RequirementOutcome},
    statement_id::StatementId,
};
use crate::{Error, Rule, Transparent};

/// Which statements of an issuer replace earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Supersession {
    /// Those that say so, in the claim [`StatementId::SUPERSEDES`].
    #[default]
    Stated,
    /// Those that say so, and every one with a later `iat` and the same content type. The issuer
    /// sets `iat`, so this is the issuer's own word on its own statements.
    Newest,
}

/// Transparent statements about one subject.
///
/// RFC 9943 lets an issuer say more about a subject by another statement, and has no words for
/// taking one back. Here two claims do that, with the identity of the statement that they mean:
/// `supersedes` and `withdraws`. Only the issuer of a statement can do either to it. What is
/// superseded stays so, also where the newer statement is withdrawn in turn; what is withdrawn
/// stays withdrawn.
///
/// A set is as complete as whoever hands it over makes it: a statement that is not in it may
/// withdraw one that is. `Monitor`, or a service that answers by subject, is asked for that.
#[derive(Clone, Debug)]
pub struct StatementSet {
    subject: String,
    members: Vec<Member>,
}

/// What has become of a statement of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Standing {
    /// It stands.
    Current,
    /// Another one took its place: this member.
    Superseded {
        /// Its place in the set.
        by: usize,
    },
    /// Its issuer took it back, by this member.
    Withdrawn {
        /// Its place in the set.
        by: usize,
    },
    /// It is the statement that another member is, once more.
    Repeated {
        /// Its place in the set.
        of: usize,
    },
}

impl StatementSet {
    /// Makes an empty set of statements about `subject`.
    #[must_use]
    pub fn new(subject: &str) -> Self {
        Self { subject: subject.into(), members: Vec::new() }
    }

    /// Adds a statement, and returns its place. It is a [`Transparent`] one: its issuer signed it,
    /// and services that the relying party trusts logged it.
    ///
    /// # Errors
    ///
    /// [`Rule::OneSubject`] if it is about something else; if one of its two claims is malformed.
    pub fn add(
        &mut self,
        statement: &Transparent<'_>,
        context: &Context<'_>,
    ) -> Result<usize, Error> {
        if statement.statement().value().subject() != Some(self.subject.as_str()) {
            return Err(Error::refused(Rule::OneSubject));
        }
        let place = self.members.len();
        self.members.push(Member::of(statement, context)?);
        Ok(place)
    }

    /// Returns what the statements are about.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns what has become of each statement, in the order in which they were added.
    #[must_use]
    pub fn standings(&self, supersession: Supersession) -> Vec<Standing> {
        (0..self.members.len()).map(|place| self.standing(place, supersession)).collect()
    }

    fn standing(&self, place: usize, supersession: Supersession) -> Standing {
        let Some(member) = self.members.get(place) else { return Standing::Current };
        let others = || self.members.iter().enumerate().filter(|(other, _)| *other != place);
        let mut before = others().take_while(|(other, _)| *other < place);
        if let Some((of, _)) = before.find(|(_, other)| other.id == member.id) {
            return Standing::Repeated { of };
        }
        let mut own = others().filter(|(_, other)| other.may_replace(member));
        if let Some((by, _)) = own.find(|(_, other)| other.withdraws.contains(&member.id)) {
            return Standing::Withdrawn { by };
        }
        let replaces = |other: &Member| {
            other.supersedes.contains(&member.id)
                || (supersession == Supersession::Newest && other.is_newer_than(member))
        };
        let mut own = others().filter(|(_, other)| other.may_replace(member));
        match own.find(|(_, other)| replaces(other)) {
            Some((by, _)) => Standing::Superseded { by },
            None => Standing::Current,
        }
    }

    /// Evaluates the set: which of `required` there are, by whom, standing.
    pub fn evaluate(
        &self,
        required: &[RequiredStatement<'_>],
        supersession: Supersession,
    ) -> SetVerdict {
        let standings = self.standings(supersession);
        let outcomes =
            required.iter().map(|one| requirement::outcome(one, &self.members, &standings));
        SetVerdict { outcomes: outcomes.collect(), standings }
    }
}

/// What a set of statements comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct SetVerdict {
    outcomes: Vec<RequirementOutcome>,
    standings: Vec<Standing>,
}

impl SetVerdict {
    /// Returns whether every requirement is met. That nothing newer exists elsewhere is not
    /// checked.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.outcomes.iter().all(|outcome| matches!(outcome, RequirementOutcome::Met { .. }))
    }

    /// Returns what became of each requirement, in their order.
    #[must_use]
    pub fn outcomes(&self) -> &[RequirementOutcome] {
        &self.outcomes
    }

    /// Returns what has become of each statement, in the order in which they were added.
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }
}
