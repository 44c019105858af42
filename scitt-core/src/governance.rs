//! Which policy is in force, and how the first one comes to be.

mod checkpoint;

use alloc::{string::String, vec::Vec};

use cose_ext::{Context, key::KeyResolver};

use crate::{
    Candidate, Checked, Error, Evidence, KeyInUse, Offered, OwnedContentType, Policy, PolicyIssuer,
    ReceiptKey, Registrar, RegistrationPolicy, Rule, SignedStatement, Statement,
    policy::PolicyKeys,
};

/// How a service begins (RFC 9943 5.1.2): what counts before a policy is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "a service has one")]
#[non_exhaustive]
pub enum Bootstrap {
    /// A policy that was configured. It names who may replace it.
    Preconfigured(Policy),
    /// The first statement is the policy, whoever signs it: one of the administrators that it names
    /// itself. Nothing else is registered before.
    FirstStatement,
    /// Administrators who were enrolled out of band. Until one of them registers a policy, nothing
    /// else is registered.
    Administrators(Vec<PolicyIssuer>),
}

/// The policy that is in force, as the log says: the one that was registered last
/// (RFC 9943 5.1.1.1).
///
/// # State, invariant, cost
///
/// What it is follows from the bootstrap and from the entries of the log before the next one, and
/// from nothing else, so that an auditor who replays the log has it at every entry. Only statements
/// whose `typ` is [`Policy::TYP`] or [`ReceiptKey::TYP`] change it, once they are queued in front
/// of what they decide about. It is data as well ([`checkpoint`](Self::checkpoint)).
#[derive(Clone, Debug)]
pub struct Governance {
    service: String,
    bootstrap: Bootstrap,
    policy: Option<InForce>,
    keys: Vec<KeyInUse>,
}

/// A policy, and the entry that made it the one in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The policy.
    pub policy: Policy,
    /// The leaf index of its statement. `None`: it was configured.
    pub since: Option<u64>,
}

/// What a statement is to the service itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Policy,
    ReceiptKey,
    Ordinary,
}

impl Role {
    fn of(statement: &SignedStatement<'_>) -> Self {
        let typ = statement.message().headers().protected().typ().ok().flatten();
        match typ.map(OwnedContentType::from) {
            Some(typ) if typ == Policy::TYP.into() => Self::Policy,
            Some(typ) if typ == ReceiptKey::TYP.into() => Self::ReceiptKey,
            _ => Self::Ordinary,
        }
    }
}

impl Governance {
    /// Returns what counts for an empty log of the service whose receipts say `issuer`.
    #[must_use]
    pub fn new(issuer: &str, bootstrap: Bootstrap) -> Self {
        let policy = match &bootstrap {
            Bootstrap::Preconfigured(policy) => {
                Some(InForce { policy: policy.clone(), since: None })
            }
            Bootstrap::FirstStatement | Bootstrap::Administrators(_) => None,
        };
        Self { service: issuer.into(), bootstrap, policy, keys: Vec::new() }
    }

    /// Returns the policy that is in force, if there is one yet.
    #[must_use]
    pub const fn in_force(&self) -> Option<&InForce> {
        self.policy.as_ref()
    }

    /// Returns the receipt keys that were endorsed, the first one first.
    #[must_use]
    pub fn endorsed_keys(&self) -> &[KeyInUse] {
        &self.keys
    }

    /// Takes notice of a statement that has its place in the log, or in front of it: what governs
    /// from there on. Returns whether something has changed.
    ///
    /// # Errors
    ///
    /// If what was checked says that it is a policy or a receipt key, and cannot be read.
    pub fn take_notice(
        &mut self,
        index: u64,
        checked: &Checked,
        context: &Context<'_>,
    ) -> Result<bool, Error> {
        let evidence = Evidence::decode(checked.evidence(), &context.profile)?;
        self.take_notice_of(index, &evidence, context)
    }

    pub(crate) fn take_notice_of(
        &mut self,
        index: u64,
        evidence: &Evidence<'_>,
        context: &Context<'_>,
    ) -> Result<bool, Error> {
        let statement = SignedStatement::decode(evidence.submitted, &context.profile)?;
        let payload = statement.message().danger_unverified_payload_of(&evidence.input())?;
        self.take_notice_of_statement(index, &statement, payload, context)
    }

    pub(crate) fn take_notice_of_statement(
        &mut self,
        index: u64,
        statement: &SignedStatement<'_>,
        payload: &[u8],
        context: &Context<'_>,
    ) -> Result<bool, Error> {
        match Role::of(statement) {
            Role::Ordinary => return Ok(false),
            Role::Policy => {
                let policy = Policy::decode(payload, context)?;
                self.policy = Some(InForce { policy, since: Some(index) });
            }
            Role::ReceiptKey => {
                let key = ReceiptKey::from_payload(payload, &context.profile);
                let key = key.ok_or(Error::broken(Rule::ReceiptKeyEndorsed, 0))?;
                self.keys.push(KeyInUse { key, since: index.saturating_add(1) });
            }
        }
        Ok(true)
    }

    /// Makes the decision about an entry again, from its evidence, and takes notice of it. Returns
    /// it as it was checked: its leaf ([`Registrar::leaf`]) is what the tree has to hold.
    ///
    /// # Errors
    ///
    /// If the policy that was in force refuses the entry, or the bytes are not evidence.
    pub fn replay(
        &mut self,
        index: u64,
        evidence: &[u8],
        registrar: &Registrar,
        context: &Context<'_>,
    ) -> Result<Checked, Error> {
        let evidence = Evidence::decode(evidence, &context.profile)?;
        let received = registrar.receive(evidence.submitted, &evidence.input(), context)?;
        let checked = registrar.check(&received, evidence.decided_at, self, context)?;
        self.take_notice(index, &checked, context)?;
        Ok(checked)
    }

    fn policy(&self) -> Result<&Policy, Error> {
        let policy = self.policy.as_ref().map(|in_force| &in_force.policy);
        policy.ok_or(Error::refused(Rule::PolicyFirst))
    }

    fn is_about_this_service(&self, statement: &Statement<'_, '_>) -> bool {
        statement.subject() == Some(&self.service)
    }
}

impl RegistrationPolicy for Governance {
    fn with_issuers(
        &self,
        offered: &Offered<'_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver),
    ) -> Result<(), Error> {
        let at = offered.at;
        match (Role::of(&offered.statement), &self.policy, &self.bootstrap) {
            (Role::Ordinary, ..) => Policy::with_keys(&self.policy()?.issuers, at, then),
            (Role::ReceiptKey, ..) => Policy::with_keys(&self.policy()?.roots, at, then),
            (Role::Policy, Some(in_force), _) => {
                Policy::with_keys(&in_force.policy.administrators, at, then);
            }
            (Role::Policy, None, Bootstrap::Administrators(administrators)) => {
                Policy::with_keys(administrators, at, then);
            }
            (Role::Policy, None, _) => {
                let own = Policy::decode(offered.danger_unverified_payload, context)?;
                then(&PolicyKeys { issuers: &own.administrators, at });
            }
        }
        Ok(())
    }

    fn decide(&self, candidate: &Candidate<'_>, context: &Context<'_>) -> Result<(), Error> {
        let statement = candidate.statement.value();
        let is_typ = |typ| crate::receipt_key::is_typ(statement, typ);
        if is_typ(Policy::TYP) {
            let policy = Policy::decode(statement.payload(), context)?;
            // One that nobody could replace would be the last one.
            if policy.administrators.is_empty() || !self.is_about_this_service(statement) {
                return Err(Error::refused(Rule::PolicyRegistered));
            }
            return Ok(());
        }
        if is_typ(ReceiptKey::TYP) {
            ReceiptKey::endorsed_by(statement, &self.service, &context.profile)?;
            return Ok(());
        }
        self.policy()?.decide(candidate, context)
    }
}
