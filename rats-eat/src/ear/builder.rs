//! Writing results of draft -04.

use alloc::vec::Vec;

use cose_ext::{MapBuilder, Profile, Value};

use super::{EarDialect, VerifierId};
use crate::{
    Claims, Error, Rule,
    appraisal::Verdict,
    ar4si::{Comparison, Tier, TrustVector},
    cmw::Cmw,
    error::ErrorKind,
    label::ear as label,
};

/// Makes the claims of an attestation result of draft -04, in deterministic CBOR; signed, they are
/// a CWT, and [`EarJson`](super::EarJson) turns them into those of a JWT.
#[derive(Clone, Debug)]
pub struct EarBuilder {
    map: MapBuilder,
    submods: MapBuilder,
    status: Option<Tier>,
    worst: Tier,
    expires_at: Option<i64>,
}

/// Makes one appraisal.
#[derive(Clone, Debug)]
pub struct AppraisalBuilder {
    map: MapBuilder,
    status: Tier,
    vector: Option<TrustVector>,
}

impl EarBuilder {
    /// Begins a result that `verifier` issues at `issued_at`, in seconds since 1970.
    #[must_use]
    pub fn new(verifier: &VerifierId<'_>, issued_at: i64) -> Self {
        let verifier = MapBuilder::new()
            .with(label::DEVELOPER, verifier.developer)
            .with(label::BUILD, verifier.build);
        let map = MapBuilder::new()
            .with(label::EAT_PROFILE, EarDialect::Draft04.profile())
            .with(label::IAT, issued_at)
            .with(label::VERIFIER_ID, &verifier);
        Self { map, submods: MapBuilder::new(), status: None, worst: Tier::None, expires_at: None }
    }

    /// Sets when the result expires, in seconds since 1970; of several times the earliest counts.
    #[must_use]
    pub fn expires_at(mut self, seconds: i64) -> Self {
        self.expires_at = Some(self.expires_at.map_or(seconds, |earlier| earlier.min(seconds)));
        self
    }

    /// Sets the nonce that the relying party asked with, 8 to 64 bytes.
    #[must_use]
    pub fn nonce(mut self, nonce: &[u8]) -> Self {
        self.map = self.map.with(label::EAT_NONCE, nonce);
        self
    }

    /// Adds the evidence that was appraised: a record.
    ///
    /// # Errors
    ///
    /// [`Rule::EarRawEvidence`] if the wrapper is not a record.
    pub fn raw_evidence(mut self, evidence: &Cmw<'_>) -> Result<Self, Error> {
        let Cmw::Record(record) = evidence else {
            return Err(Error::new(ErrorKind::Broken(Rule::EarRawEvidence)));
        };
        self.map = self.map.with(label::RAW_EVIDENCE, Value::Encoded(record.bytes()));
        Ok(self)
    }

    /// Sets the status of the whole.
    #[must_use]
    pub const fn status(mut self, status: Tier) -> Self {
        self.status = Some(status);
        self
    }

    /// Adds the appraisal of a submodule.
    ///
    /// # Errors
    ///
    /// [`Rule::StatusFloor`] if its status is better than its worst claim; [`Rule::TrustVector`] if
    /// it has a vector without claims.
    pub fn appraisal(mut self, name: &str, appraisal: &AppraisalBuilder) -> Result<Self, Error> {
        let map = appraisal.checked()?;
        self.submods = self.submods.with(name, &map);
        self.worst = self.worst.worse(appraisal.status);
        Ok(self)
    }

    /// Adds a verdict as the appraisal of a submodule; the result does not outlive it.
    ///
    /// # Errors
    ///
    /// As [`appraisal`](Self::appraisal).
    pub fn verdict(self, name: &str, verdict: &Verdict) -> Result<Self, Error> {
        let appraisal = AppraisalBuilder::new(verdict.status).vector(&verdict.vector);
        let result = self.appraisal(name, &appraisal)?;
        Ok(match verdict.expires_at {
            Some(seconds) => result.expires_at(seconds),
            None => result,
        })
    }

    /// Adds the topology of the device: which submodules stand directly below each.
    #[must_use]
    pub fn device_topology(mut self, topology: &[(&str, &[&str])]) -> Self {
        let map = topology.iter().fold(MapBuilder::new(), |map, (name, below)| {
            let below: Vec<_> = below.iter().copied().map(Value::Text).collect();
            map.with(*name, below.as_slice())
        });
        self.map = self.map.with(label::DEVICE_TOPOLOGY, &map);
        self
    }

    /// Returns the claims.
    ///
    /// # Errors
    ///
    /// [`Rule::EarSubmods`] without an appraisal; [`Rule::GlobalStatusFloor`] if the status of the
    /// whole is better than the worst appraisal.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        if self.submods.is_empty() {
            return Err(Error::new(ErrorKind::Broken(Rule::EarSubmods)));
        }
        let mut map = self.map.clone().with(label::SUBMODS, &self.submods);
        if let Some(seconds) = self.expires_at {
            map = map.with(label::EXP, seconds);
        }
        if let Some(status) = self.status {
            if status.compared_with(self.worst) == Comparison::Better {
                return Err(Error::new(ErrorKind::Broken(Rule::GlobalStatusFloor)));
            }
            map = map.with(label::STATUS, i64::from(status.value()));
        }
        Ok(map.to_bytes())
    }
}

impl AppraisalBuilder {
    /// Begins an appraisal with a status alone.
    #[must_use]
    pub fn new(status: Tier) -> Self {
        let map = MapBuilder::new().with(label::STATUS, i64::from(status.value()));
        Self { map, status, vector: None }
    }

    /// Begins an appraisal whose status is the tier of its worst claim.
    #[must_use]
    pub fn of(vector: &TrustVector) -> Self {
        Self::new(vector.worst()).vector(vector)
    }

    /// Sets the claims that the status sums up.
    #[must_use]
    pub fn vector(mut self, vector: &TrustVector) -> Self {
        self.map = self.map.with(label::TRUSTWORTHINESS_VECTOR, &vector.to_map());
        self.vector = Some(*vector);
        self
    }

    /// Names the policies that were applied.
    #[must_use]
    pub fn policy_ids<'p>(mut self, policies: impl IntoIterator<Item = &'p str>) -> Self {
        let policies: Vec<_> = policies.into_iter().map(Value::Text).collect();
        self.map = self.map.with(label::APPRAISAL_POLICY_IDS, policies.as_slice());
        self
    }

    /// Sets the nonce of the evidence.
    #[must_use]
    pub fn nonce(mut self, nonce: &[u8]) -> Self {
        self.map = self.map.with(label::EAT_NONCE, nonce);
        self
    }

    /// Adds what the attester claims, an encoded map.
    ///
    /// # Errors
    ///
    /// Those of reading CBOR; [`Rule::ClaimsSet`] for anything but a map of claims.
    pub fn attester_claims(self, claims: &[u8]) -> Result<Self, Error> {
        self.claims(label::ATTESTER_CLAIMS, claims)
    }

    /// Adds what the verifier found beside, an encoded map.
    ///
    /// # Errors
    ///
    /// As [`attester_claims`](Self::attester_claims).
    pub fn verifier_claims(self, claims: &[u8]) -> Result<Self, Error> {
        self.claims(label::VERIFIER_CLAIMS, claims)
    }

    fn claims(mut self, key: i64, claims: &[u8]) -> Result<Self, Error> {
        Claims::decode(claims, &Profile::DETERMINISTIC)?;
        self.map = self.map.with(key, Value::Encoded(claims));
        Ok(self)
    }

    fn checked(&self) -> Result<MapBuilder, Error> {
        let broken = |rule| Err(Error::new(ErrorKind::Broken(rule)));
        match self.vector {
            Some(vector) if vector.is_empty() => broken(Rule::TrustVector),
            Some(vector) if self.status.compared_with(vector.worst()) == Comparison::Better => {
                broken(Rule::StatusFloor)
            }
            _ => Ok(self.map.clone()),
        }
    }
}
