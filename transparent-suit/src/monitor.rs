//! Monitors: who watch what is released for their devices (docs/transparent-suit.md 9).

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::fmt;

use cose_ext::{
    Context, Verified,
    header::{ContentType, Protected},
    key::KeyResolver,
};
use scitt_core::{
    Error as ScittError, ErrorKind as ScittErrorKind, Replay, ReplayedPolicy, Requirements,
    Rule as ScittRule, Statement,
};

use crate::{
    Alarm, FirmwareRegistry, Rule, header, profile,
    release::{Release, is_of_typ, manifest_in},
};

/// Watches the releases of a log. It is given to an [`Auditor`](scitt_core::Auditor) as the policy
/// to be replayed; whatever is alarming becomes an [`Alarm`], and the replay goes on.
///
/// # State, invariant, cost
///
/// Of every release it keeps issuer, subject, number and digest. Only what expected issuers
/// released moves the numbers that later ones are compared with, so that nobody else can make good
/// releases alarming.
pub struct FirmwareMonitor<'m> {
    firmware: &'m dyn KeyResolver,
    /// Issuer and subject.
    expected: &'m [(&'m str, &'m str)],
    others: Option<&'m mut dyn ReplayedPolicy>,
    releases: Decided,
    typ: ContentType<'m>,
    own_releases: Option<BTreeSet<Vec<u8>>>,
    manifests: FirmwareRegistry,
    seen: BTreeMap<(String, String), BTreeMap<u64, Vec<u8>>>,
    alarms: Vec<Alarm>,
}

/// Who decided about releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decided {
    /// Whoever has the firmware keys.
    ByKeys,
    /// The policy that decides about all other statements, too.
    ByPolicy,
}

impl<'m> FirmwareMonitor<'m> {
    /// Watches the statements of `firmware` keys; of each pair in `expected`, an issuer and a
    /// class, the issuer may release for the class.
    pub const fn new(firmware: &'m dyn KeyResolver, expected: &'m [(&'m str, &'m str)]) -> Self {
        Self {
            firmware,
            expected,
            others: None,
            releases: Decided::ByKeys,
            typ: profile::TYP,
            own_releases: None,
            manifests: FirmwareRegistry::new(),
            seen: BTreeMap::new(),
            alarms: Vec::new(),
        }
    }

    /// Returns this monitor with the policy for statements of another typ; without one they are
    /// findings of the auditor.
    #[must_use]
    pub fn and(mut self, others: &'m mut dyn ReplayedPolicy) -> Self {
        self.others = Some(others);
        self
    }

    /// Returns this monitor for a log whose registered `policy` decides about every statement,
    /// releases among them: a [`Governance`](scitt_core::Governance), which finds keys and rules in
    /// the log itself. The keys that this monitor was made with are not asked then.
    #[must_use]
    pub fn under(mut self, policy: &'m mut dyn ReplayedPolicy) -> Self {
        self.others = Some(policy);
        self.releases = Decided::ByPolicy;
        self
    }

    /// Returns this monitor for another `typ`.
    #[must_use]
    pub const fn with_typ(mut self, typ: ContentType<'m>) -> Self {
        self.typ = typ;
        self
    }

    /// Returns this monitor with the manifests that a service keeps, for entries that come without.
    #[must_use]
    pub fn with_manifests(mut self, manifests: &FirmwareRegistry) -> Self {
        self.manifests = manifests.clone();
        self
    }

    /// Returns this monitor for the author of the releases with these digests, each a SUIT_Digest
    /// as encoded: any other release for an expected class is one that the author did not make.
    #[must_use]
    pub fn knowing<'d>(mut self, digests: impl IntoIterator<Item = &'d [u8]>) -> Self {
        self.own_releases = Some(digests.into_iter().map(Vec::from).collect());
        self
    }

    /// Returns the alarms, in the order of the log.
    #[must_use]
    pub fn alarms(&self) -> &[Alarm] {
        &self.alarms
    }

    /// Whether the policy for other statements decides about this one.
    fn is_for_others(&self, protected: &Protected<'_>) -> bool {
        self.releases == Decided::ByPolicy || !is_of_typ(protected, self.typ)
    }

    fn watch(
        &mut self,
        replay: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        context: &Context<'_>,
    ) {
        let statement = statement.value();
        let alarm = |rule| Alarm {
            entry: replay.index,
            rule,
            issuer: statement.issuer().unwrap_or_default().into(),
            subject: statement.subject().unwrap_or_default().into(),
            sequence: 0,
            digest: statement.payload().into(),
        };
        let Ok(claims) = header::read_claims(statement.protected()) else {
            return self.alarms.push(alarm(Rule::ClaimsAgree));
        };
        let mut raise = |rule| {
            self.alarms.push(Alarm { sequence: claims.sequence, ..alarm(rule) });
        };
        let digest = statement.payload();
        let collateral = replay.statement.message().headers().unprotected();
        let manifest = manifest_in(collateral).ok().or(self.manifests.manifest(digest));
        let agrees = manifest.is_some_and(|manifest| {
            let protected = statement.protected();
            Release::examine(protected, digest, manifest, self.typ, context).is_ok()
        });
        if !agrees {
            raise(Rule::ClaimsAgree);
        }
        if !self.expected.contains(&(claims.issuer, claims.subject)) {
            return raise(Rule::IssuerExpected);
        }
        let is_own = self.own_releases.as_ref().is_none_or(|own| own.contains(digest));
        if !is_own {
            raise(Rule::ReleaseKnown);
        }
        let key = (claims.issuer.into(), claims.subject.into());
        let seen = self.seen.entry(key).or_default();
        match seen.get(&claims.sequence) {
            Some(known) if known != digest => raise(Rule::DigestsAgree),
            Some(_) => {}
            None => {
                let is_back =
                    seen.last_key_value().is_some_and(|(last, _)| *last > claims.sequence);
                if is_back {
                    raise(Rule::SequenceForward);
                }
                seen.insert(claims.sequence, digest.into());
            }
        }
    }
}

impl ReplayedPolicy for FirmwareMonitor<'_> {
    fn with_issuers(
        &mut self,
        replay: &Replay<'_, '_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver, Requirements),
    ) -> Result<(), ScittError> {
        let protected = replay.statement.message().headers().protected();
        if !self.is_for_others(protected) {
            then(self.firmware, Requirements::Rfc9943);
            return Ok(());
        }
        match &mut self.others {
            Some(others) => others.with_issuers(replay, context, then),
            None => Err(ScittErrorKind::Refused(ScittRule::AuditDecision).into()),
        }
    }

    fn decide(
        &mut self,
        replay: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        context: &Context<'_>,
    ) -> Result<(), ScittError> {
        let is_for_others = self.is_for_others(statement.value().protected());
        match &mut self.others {
            Some(others) if is_for_others => others.decide(replay, statement, context),
            _ => Ok(()),
        }
    }

    fn committed(
        &mut self,
        replay: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        context: &Context<'_>,
    ) {
        if is_of_typ(statement.value().protected(), self.typ) {
            return self.watch(replay, statement, context);
        }
        if let Some(others) = &mut self.others {
            others.committed(replay, statement, context);
        }
    }
}

impl fmt::Debug for FirmwareMonitor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirmwareMonitor")
            .field("expected", &self.expected)
            .field("alarms", &self.alarms)
            .finish_non_exhaustive()
    }
}
