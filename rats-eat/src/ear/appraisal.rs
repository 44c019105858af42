//! What a result says of one submodule.

use cose_ext::cbor::{Array, Elements, Entries, Map, Raw, Reader, Type};

use super::result::read_status;
use crate::{
    Error, Rule,
    ar4si::{Tier, TrustVector},
    error::Breaks,
    label::ear as label,
};

/// The appraisal of one submodule, borrowed from its result. Claims that are not known here are
/// kept.
///
/// ```compile_fail,E0308
/// use rats_eat::{cose_ext::Verified, ear::{Appraisal, Ear}};
/// fn forge<'a>(ear: &Ear<'a>) -> Verified<Appraisal<'a>> {
///     ear.appraisals().next().unwrap().1 // of a result that nobody has verified
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Appraisal<'a> {
    map: Map<'a>,
    status: Tier,
    vector: Option<TrustVector>,
    policies: Option<Raw<'a>>,
}

impl<'a> Appraisal<'a> {
    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::EarSubmods)?;
        let keys = [label::STATUS, label::TRUSTWORTHINESS_VECTOR, label::APPRAISAL_POLICY_IDS];
        let [status, vector, policies] = map.find_all(keys);
        let status = status.ok_or(Error::broken(Rule::EarStatus, raw.offset()))?;
        if let Some(policies) = &policies {
            check_policies(policies)?;
        }
        let vector = vector.map(|vector| TrustVector::read(&vector)).transpose()?;
        Ok(Self { map, status: read_status(&status)?, vector, policies })
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> Tier {
        self.status
    }

    /// Returns the claims that the status sums up, where the result states them.
    #[must_use]
    pub const fn vector(&self) -> Option<TrustVector> {
        self.vector
    }

    /// Returns the policies that the submodule was appraised by.
    #[must_use]
    pub fn policy_ids(&self) -> PolicyIds<'a> {
        let array = self.policies.filter(|raw| raw.data_type() == Type::Array);
        PolicyIds {
            elements: array.and_then(|raw| Array::new(&raw).ok()).map(|array| array.iter()),
            single: self.policies.filter(|raw| raw.data_type() == Type::Text),
        }
    }

    /// Returns the nonce of the evidence, as it stands.
    #[must_use]
    pub fn nonce(&self) -> Option<Raw<'a>> {
        self.map.find(label::EAT_NONCE)
    }

    /// Returns what the attester claims, as it stands (-04).
    #[must_use]
    pub fn attester_claims(&self) -> Option<Raw<'a>> {
        self.map.find(label::ATTESTER_CLAIMS)
    }

    /// Returns what the verifier adds, as it stands (-04).
    #[must_use]
    pub fn verifier_claims(&self) -> Option<Raw<'a>> {
        self.map.find(label::VERIFIER_CLAIMS)
    }

    /// Returns the claims for TEEP, as they stand.
    #[must_use]
    pub fn teep_claims(&self) -> Option<Raw<'a>> {
        self.map.find(label::TEEP_CLAIMS)
    }

    /// Returns all claims, in CBOR.
    #[must_use]
    pub const fn claims(&self) -> Map<'a> {
        self.map
    }
}

/// An array of texts, not empty; the older form has one text in CBOR, too.
fn check_policies(raw: &Raw<'_>) -> Result<(), Error> {
    if raw.data_type() == Type::Text {
        return raw.read(Reader::text).breaks(Rule::EarPolicies).map(drop);
    }
    let array = Array::new(raw).breaks(Rule::EarPolicies)?;
    if array.is_empty() {
        return Err(Error::broken(Rule::EarPolicies, raw.offset()));
    }
    for policy in &array {
        policy.read(Reader::text).breaks(Rule::EarPolicies)?;
    }
    Ok(())
}

/// Iterator over the names of appraisal policies: [`Appraisal::policy_ids`].
#[derive(Clone, Debug)]
pub struct PolicyIds<'a> {
    elements: Option<Elements<'a>>,
    single: Option<Raw<'a>>,
}

impl<'a> Iterator for PolicyIds<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let raw = match &mut self.elements {
            Some(elements) => elements.next(),
            None => self.single.take(),
        };
        raw?.read(Reader::text).ok()
    }
}

/// Iterator over the submodules of a result: [`Ear::appraisals`](super::Ear::appraisals).
#[derive(Clone, Debug)]
pub struct Appraisals<'a> {
    entries: Entries<'a>,
}

impl<'a> Appraisals<'a> {
    pub(super) fn new(submods: &Map<'a>) -> Self {
        Self { entries: submods.iter() }
    }
}

impl<'a> Iterator for Appraisals<'a> {
    type Item = (&'a str, Appraisal<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        // All of it was read before.
        let (name, appraisal) = self.entries.next()?;
        Some((name.read(Reader::text).ok()?, Appraisal::read(&appraisal).ok()?))
    }
}
