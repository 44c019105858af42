//! Which statements a set has to have.

use alloc::vec::Vec;

use cose_ext::header::ContentType;

use super::{Member, Standing};

/// A statement that a set has to have.
#[derive(Clone, Copy, Debug)]
pub struct RequiredStatement<'p> {
    /// The content types that do, of the payload or, of a hash envelope, of what it is the digest
    /// of. Empty: any.
    pub content_types: &'p [ContentType<'p>],
    /// The issuers that do. Empty: any, also one that nobody checked. Of an issuer that is named
    /// here, the key has to be enrolled for it.
    pub issuers: &'p [&'p str],
    /// How many different issuers have to have made such a statement; at least one.
    pub count: usize,
}

impl<'p> RequiredStatement<'p> {
    /// Requires one statement of one of these types, by anybody.
    #[must_use]
    pub const fn of_type(content_types: &'p [ContentType<'p>]) -> Self {
        Self { content_types, issuers: &[], count: 1 }
    }

    /// Returns this requirement for these issuers.
    #[must_use]
    pub const fn by(mut self, issuers: &'p [&'p str]) -> Self {
        self.issuers = issuers;
        self
    }

    /// Returns this requirement for so many different issuers.
    #[must_use]
    pub const fn by_at_least(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    fn asks_for(&self, member: &Member) -> bool {
        let is_type = self.content_types.is_empty()
            || self.content_types.iter().any(|content_type| member.is_of(*content_type));
        let is_issuer = self.issuers.is_empty()
            || (member.is_issuer_checked
                && member.issuer.as_deref().is_some_and(|issuer| self.issuers.contains(&issuer)));
        is_type && is_issuer
    }
}

/// What became of one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequirementOutcome {
    /// It is met by these members, one for each issuer.
    Met {
        /// Their places in the set.
        by: Vec<usize>,
    },
    /// No such statement is in the set.
    Missing,
    /// There are such statements, and none of them stands: all are superseded or withdrawn.
    NoneStands,
    /// Such statements stand, by fewer different issuers than asked for.
    TooFew {
        /// By how many issuers.
        issuers: usize,
    },
}

pub(super) fn outcome(
    required: &RequiredStatement<'_>,
    members: &[Member],
    standings: &[Standing],
) -> RequirementOutcome {
    let mut such = members.iter().zip(standings).enumerate();
    let such: Vec<_> = such.by_ref().filter(|(_, (one, _))| required.asks_for(one)).collect();
    let standing = such.iter().filter(|(_, (_, standing))| **standing == Standing::Current);
    let mut by: Vec<(usize, &Member)> = Vec::new();
    for (place, (member, _)) in standing {
        // Two statements of one issuer, or two issuers' names for one key, count once.
        if !by.iter().any(|(_, other)| member.may_replace(other)) {
            by.push((*place, member));
        }
    }
    match by.len() {
        0 if such.is_empty() => RequirementOutcome::Missing,
        0 => RequirementOutcome::NoneStands,
        issuers if issuers < required.count => RequirementOutcome::TooFew { issuers },
        _ => RequirementOutcome::Met { by: by.into_iter().map(|(place, _)| place).collect() },
    }
}
