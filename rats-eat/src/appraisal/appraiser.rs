//! Comparison with a table.

use cose_ext::{Profile, Verified, cwt::ClaimKey};

use super::{Compared, Measured, Outcome, Reference, Verdict};
use crate::{
    Claims, EatProfile, Error,
    ar4si::{Tier, TrustClaim, TrustDimension, TrustVector},
    claim::{ContentFormat, DebugStatus, ProfileId},
    error::Breaks,
    label::{UEID, psa, psa_1},
    lifecycle::Lifecycle,
    measured_component::MeasuredComponent,
    psa::PsaClaims,
};

/// Takes components as they are compared.
type Report<'r> = dyn FnMut(&Compared<'_>) + 'r;

/// What a verifier knows: reference values, devices, implementations, the time.
///
/// It appraises what somebody vouches for, and nothing else:
///
/// ```compile_fail,E0308
/// use rats_eat::{Claims, Error, appraisal::{Appraiser, Verdict}};
/// fn mistake(appraiser: &Appraiser<'_>, claims: &Claims<'_>) -> Result<Verdict, Error> {
///     appraiser.appraise(claims, &mut |_| {}) // nobody vouches for them
/// }
/// ```
///
/// # State, invariant, cost
///
/// Nothing is kept between calls. A call compares each component of the token with each line of the
/// table. Only what is known makes a claim: without a table of devices none is made about the
/// instance, without one of implementations none about the hardware, and without a line of the
/// table that matches the status does not affirm.
#[derive(Clone, Copy, Debug)]
pub struct Appraiser<'r> {
    references: &'r [Reference<'r>],
    instances: Option<&'r [&'r [u8]]>,
    implementations: Option<&'r [&'r [u8]]>,
    component_format: Option<ContentFormat>,
    passed_over: Option<ContentFormat>,
    profile: Option<&'r str>,
    now: Option<i64>,
}

impl<'r> Appraiser<'r> {
    /// Begins with a table of reference values.
    #[must_use]
    pub const fn new(references: &'r [Reference<'r>]) -> Self {
        Self {
            references,
            instances: None,
            implementations: None,
            component_format: None,
            passed_over: None,
            profile: None,
            now: None,
        }
    }

    /// Sets the identifiers (`ueid`) of all devices that are known; any other is not recognised.
    #[must_use]
    pub const fn with_instances(mut self, instances: &'r [&'r [u8]]) -> Self {
        self.instances = Some(instances);
        self
    }

    /// Sets the implementation ids of all implementations of PSA and CCA that are known; any other
    /// is not recognised.
    #[must_use]
    pub const fn with_implementations(mut self, implementations: &'r [&'r [u8]]) -> Self {
        self.implementations = Some(implementations);
        self
    }

    /// Sets the content format under which `measurements` has measured components (RFC 10013).
    #[must_use]
    pub const fn with_component_format(mut self, format: ContentFormat) -> Self {
        self.component_format = Some(format);
        self
    }

    /// Passes over what `measurements` has under this content format, which is not a component: a
    /// SUIT_Report, for one, that the caller looks at. Without it such a measurement is unknown,
    /// and the status does not affirm.
    #[must_use]
    pub const fn passing_over(mut self, format: ContentFormat) -> Self {
        self.passed_over = Some(format);
        self
    }

    /// Names a profile by which the authorities of a measured component are its signers. Tokens of
    /// any other profile whose components have authorities or flags are refused (RFC 10013 4.3).
    #[must_use]
    pub const fn with_profile(mut self, uri: &'r str) -> Self {
        self.profile = Some(uri);
        self
    }

    /// Sets the time, in seconds since 1970: lines of the table that have expired are not looked
    /// at.
    #[must_use]
    pub const fn at(mut self, now: i64) -> Self {
        self.now = Some(now);
        self
    }

    /// Appraises the claims of one token, or of one part of a token: nothing is taken from the
    /// others. `report` gets each component and how it compares.
    ///
    /// A PSA token, in any form, is compared by its components; the platform token of CCA likewise;
    /// any other by the measured components in `measurements`. Whether the token is fresh is for
    /// [`Freshness`](crate::Freshness), beforehand.
    ///
    /// # Errors
    ///
    /// The first rule of its profile that a PSA or CCA token breaks; a claim that is read here in
    /// another form than its own; [`Rule::ComponentProfile`](crate::Rule::ComponentProfile) for
    /// measured components whose authorities or flags a profile would have to explain.
    pub fn appraise<B>(
        &self,
        claims: &Verified<Claims<'_>, B>,
        report: &mut dyn FnMut(&Compared<'_>),
    ) -> Result<Verdict, Error> {
        let claims = claims.value();
        let expires = claims.expires_at()?.map(|time| time.floor());
        let mut tally = Tally { appraiser: self, report, worst: None, expires, counts: [0; 2] };
        let mut vector = TrustVector::EMPTY;
        let is_oldest = claims.find(ClaimKey::int(psa_1::NONCE)).is_some();
        if EatProfile::CCA_PLATFORM.is_named_by(claims) {
            EatProfile::CCA_PLATFORM.check(claims)?;
            for component in crate::psa::components_of(claims) {
                tally.take(&Measured::Psa(component));
            }
            let lifecycle = claims.find(ClaimKey::int(psa::LIFECYCLE));
            let lifecycle = lifecycle.map(|value| value.read(cose_ext::cbor::Reader::uint));
            let lifecycle = lifecycle.transpose().breaks(crate::Rule::PsaLifecycle)?;
            vector = of_lifecycle(vector, lifecycle.and_then(Lifecycle::of));
        } else if is_oldest || is_psa(claims) {
            let token = PsaClaims::read(*claims)?;
            token.components().for_each(|component| tally.take(&Measured::Psa(component)));
            vector = of_lifecycle(vector, Some(token.lifecycle));
        } else {
            self.take_measurements(claims, &mut tally)?;
            if claims.debug_status()? == Some(DebugStatus::Enabled) {
                vector = vector.with(TrustDimension::RuntimeOpaque, VISIBLE_MEMORY);
            }
        }
        let known = |table: Option<&[&[u8]]>, keys: [i64; 2]| {
            let table = table?;
            let value = keys.iter().find_map(|key| claims.find(ClaimKey::int(*key)))?;
            let value = value.read(cose_ext::cbor::Reader::bytes).ok()?;
            Some(if table.contains(&value) { RECOGNISED } else { NOT_RECOGNISED })
        };
        if let Some(claim) = known(self.instances, [UEID, psa_1::INSTANCE_ID]) {
            vector = vector.with(TrustDimension::InstanceIdentity, claim);
        }
        let implementation = [psa::IMPLEMENTATION_ID, psa_1::IMPLEMENTATION_ID];
        if let Some(claim) = known(self.implementations, implementation) {
            vector = vector.with(TrustDimension::Hardware, claim);
        }
        Ok(tally.verdict(vector))
    }

    fn take_measurements(
        &self,
        claims: &Claims<'_>,
        tally: &mut Tally<'_, '_>,
    ) -> Result<(), Error> {
        let measurements = claims.measurements()?;
        let is_explained = match (claims.profile()?, self.profile) {
            (Some(ProfileId::Uri(named)), Some(known)) => named == known,
            _ => false,
        };
        for content in measurements.iter().flat_map(|contents| contents.iter()) {
            if Some(content.format) == self.passed_over {
                continue;
            }
            if Some(content.format) != self.component_format {
                tally.count("", Outcome::Unknown);
                continue;
            }
            let component = MeasuredComponent::decode(content.bytes, &Profile::LENIENT)
                .map_err(|error| error.within(content.offset))?;
            if !is_explained {
                component.check_without_profile().map_err(|error| error.at(content.offset))?;
            }
            tally.take(&Measured::Component(component));
        }
        Ok(())
    }
}

/// Names of AR4SI for values (draft-ietf-rats-ar4si-09 2.3.4).
const RECOGNISED: TrustClaim = TrustClaim::new(2);
const NOT_RECOGNISED: TrustClaim = TrustClaim::new(97);
const APPROVED_AT_BOOT: TrustClaim = TrustClaim::new(3);
const UNSAFE_EXECUTABLES: TrustClaim = TrustClaim::new(32);
const UNRECOGNISED_EXECUTABLES: TrustClaim = TrustClaim::new(33);
const UNSAFE_CONFIGURATION: TrustClaim = TrustClaim::new(32);
const UNACCEPTABLE_CONFIGURATION: TrustClaim = TrustClaim::new(96);
const VISIBLE_MEMORY: TrustClaim = TrustClaim::new(96);

fn is_psa(claims: &Claims<'_>) -> bool {
    EatProfile::PSA.is_named_by(claims) || EatProfile::PSA_2_0_0.is_named_by(claims)
}

/// A device that is not secured is not what its measurements say (RFC 9783 4.3.1): one whose other
/// parts are debugged is unsafe, any other not acceptable.
fn of_lifecycle(vector: TrustVector, lifecycle: Option<Lifecycle>) -> TrustVector {
    let claim = match lifecycle {
        Some(Lifecycle::Secured) => return vector,
        Some(Lifecycle::NonRotDebug | Lifecycle::RecoverableRotDebug) => UNSAFE_CONFIGURATION,
        _ => UNACCEPTABLE_CONFIGURATION,
    };
    vector.with(TrustDimension::Configuration, claim)
}

/// What was compared so far.
///
/// # Invariant
///
/// `expires` is the earliest expiry of the token and of the lines that a component matched.
struct Tally<'t, 'r> {
    appraiser: &'t Appraiser<'r>,
    report: &'t mut Report<'t>,
    worst: Option<Outcome>,
    expires: Option<i64>,
    /// Components that match, and those that do not.
    counts: [usize; 2],
}

impl Tally<'_, '_> {
    fn take(&mut self, measured: &Measured<'_>) {
        let Appraiser { references, now, .. } = *self.appraiser;
        let mut best = Outcome::Unknown;
        let mut until = None;
        for reference in references.iter().filter(|reference| reference.is_valid_at(now)) {
            let outcome = reference.compare(measured);
            let lasts_longer = match (until, reference.valid_until()) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(known), Some(other)) => other > known,
            };
            // Of several lines that match equally well the one that lasts longest is relied upon.
            if outcome < best || (outcome == best && lasts_longer) {
                best = outcome;
                until = reference.valid_until();
            }
        }
        if matches!(best, Outcome::Matches | Outcome::TooOld) {
            self.expires = earlier(self.expires, until);
        }
        self.count(measured.name().unwrap_or_default(), best);
    }

    fn count(&mut self, name: &str, outcome: Outcome) {
        let [matched, not_matched] = &mut self.counts;
        let counter = if outcome == Outcome::Matches { matched } else { not_matched };
        *counter = counter.saturating_add(1);
        self.worst = self.worst.max(Some(outcome));
        (self.report)(&Compared { name, outcome });
    }

    fn verdict(self, vector: TrustVector) -> Verdict {
        let [matched, not_matched] = self.counts;
        let has_references = !self.appraiser.references.is_empty();
        let executables = match self.worst.filter(|_| has_references) {
            None => TrustClaim::NO_CLAIM,
            Some(Outcome::Matches) => APPROVED_AT_BOOT,
            Some(Outcome::TooOld) => UNSAFE_EXECUTABLES,
            Some(Outcome::Differs | Outcome::Unknown) => UNRECOGNISED_EXECUTABLES,
        };
        let vector = vector.with(TrustDimension::Executables, executables);
        let status = match vector.worst() {
            Tier::Affirming if executables != APPROVED_AT_BOOT => Tier::None,
            worst => worst,
        };
        Verdict { vector, status, expires_at: self.expires, matched, not_matched }
    }
}

fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
