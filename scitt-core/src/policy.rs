//! Registration policies that are data.

mod decode;
mod encode;
mod issuer;
mod rule;

use alloc::vec::Vec;

use cose_ext::{Context, key::KeyResolver};

use crate::{Candidate, Error, OwnedContentType, Rule};

pub use issuer::PolicyIssuer;
pub(crate) use issuer::PolicyKeys;
pub use rule::{OwnedClaimKey, PolicyRule};

/// A registration policy that is data: who may register what, who may change it, and who vouches
/// for the keys of receipts.
///
/// It is registered as a Signed Statement itself, with keys and trust anchors (RFC 9943 5.1.1.1),
/// and so says for every entry after it why that was let in. A [`Governance`](crate::Governance)
/// applies it.
///
/// Encoded it is a map: 1 administrators, 2 roots, 3 issuers, 4 the rule for all, 5 rules for
/// types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub(crate) administrators: Vec<PolicyIssuer>,
    pub(crate) roots: Vec<PolicyIssuer>,
    pub(crate) issuers: Vec<PolicyIssuer>,
    pub(crate) rule: PolicyRule,
    pub(crate) types: Vec<(OwnedContentType, PolicyRule)>,
}

impl Policy {
    /// Media type in `typ` of a statement that is a policy.
    pub const TYP: &'static str = "application/x.scitt-policy+cose";
    /// Media type of the payload.
    pub const CONTENT_TYPE: &'static str = "application/x.scitt-policy+cbor";

    /// Returns a policy under which nobody may do anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `administrator` register the next policy.
    #[must_use]
    pub fn administered_by(mut self, administrator: PolicyIssuer) -> Self {
        self.administrators.push(administrator);
        self
    }

    /// Lets `root` endorse receipt keys. Its key is kept offline.
    #[must_use]
    pub fn rooted_in(mut self, root: PolicyIssuer) -> Self {
        self.roots.push(root);
        self
    }

    /// Lets `issuer` register statements.
    #[must_use]
    pub fn registering(mut self, issuer: PolicyIssuer) -> Self {
        self.issuers.push(issuer);
        self
    }

    /// Sets what is asked of all statements.
    #[must_use]
    pub fn with_rule(mut self, rule: PolicyRule) -> Self {
        self.rule = rule;
        self
    }

    /// Sets what is asked, beside the rule for all, of statements whose `typ` is `typ`.
    #[must_use]
    pub fn with_rule_for(mut self, typ: impl Into<OwnedContentType>, rule: PolicyRule) -> Self {
        let typ = typ.into();
        self.types.retain(|(known, _)| *known != typ);
        self.types.push((typ, rule));
        self
    }

    pub(crate) fn decide(
        &self,
        candidate: &Candidate<'_>,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        self.rule.decide(candidate, context)?;
        let statement = candidate.statement.value();
        let typ = statement.protected().typ()?.map(OwnedContentType::from);
        let own = self.types.iter().find(|(known, _)| Some(known) == typ.as_ref());
        own.map_or(Ok(()), |(_, rule)| rule.decide(candidate, context))
    }

    /// Calls `then` with the keys of `issuers` as they are at a time.
    pub(crate) fn with_keys(
        issuers: &[PolicyIssuer],
        at: i64,
        then: &mut dyn FnMut(&dyn KeyResolver),
    ) {
        then(&PolicyKeys { issuers, at });
    }

    pub(crate) const fn refused() -> Error {
        Error::refused(Rule::PolicyInForce)
    }
}
