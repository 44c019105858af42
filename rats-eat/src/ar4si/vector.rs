//! Trustworthiness vectors.

use cose_ext::cbor::{Map, Raw, Reader};

use super::{Tier, TrustClaim, TrustDimension};
use crate::{Error, Rule, error::Breaks};

/// At most one trustworthiness claim for each dimension. A vector that was read has at least one.
///
/// ```
/// use rats_eat::ar4si::{Tier, TrustClaim, TrustDimension, TrustVector};
///
/// let vector = TrustVector::EMPTY
///     .with(TrustDimension::Hardware, TrustClaim::new(2))
///     .with(TrustDimension::Executables, TrustClaim::new(-97));
/// assert_eq!(vector.worst(), Tier::Contraindicated);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrustVector {
    claims: [Option<TrustClaim>; 8],
}

impl TrustVector {
    /// The vector without claims.
    pub const EMPTY: Self = Self { claims: [None; 8] };

    /// Sets the claim of one dimension.
    #[must_use]
    pub fn with(mut self, dimension: TrustDimension, claim: TrustClaim) -> Self {
        if let Some(slot) = self.claims.get_mut(usize::from(dimension.key())) {
            *slot = Some(claim);
        }
        self
    }

    /// Returns the claim of one dimension.
    #[must_use]
    pub fn claim(&self, dimension: TrustDimension) -> Option<TrustClaim> {
        self.claims.get(usize::from(dimension.key())).copied().flatten()
    }

    /// Returns the claims that there are, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (TrustDimension, TrustClaim)> + '_ {
        let pairs = TrustDimension::ALL.into_iter().zip(&self.claims);
        pairs.filter_map(|(dimension, claim)| Some((dimension, (*claim)?)))
    }

    /// Returns whether there is no claim.
    pub fn is_empty(&self) -> bool {
        self.claims.iter().all(Option::is_none)
    }

    /// Returns the tier of the worst claim; [`Tier::None`] if no claim asserts anything.
    #[must_use]
    pub fn worst(&self) -> Tier {
        self.iter().fold(Tier::None, |worst, (_, claim)| worst.worse(claim.tier()))
    }

    pub(crate) fn read(raw: &Raw<'_>) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::TrustVector)?;
        let mut vector = Self::EMPTY;
        for (key, value) in &map {
            let dimension = key.read(Reader::int).ok().and_then(TrustDimension::from_key);
            let dimension = dimension.ok_or(Error::broken(Rule::TrustVector, key.offset()))?;
            let value_of = value.read(Reader::int).breaks(Rule::TrustClaim)?;
            let claim = TrustClaim::from_int(value_of);
            let claim = claim.ok_or(Error::broken(Rule::TrustClaim, value.offset()))?;
            vector = vector.with(dimension, claim);
        }
        if vector.is_empty() {
            return Err(Error::broken(Rule::TrustVector, raw.offset()));
        }
        Ok(vector)
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn to_map(self) -> cose_ext::MapBuilder {
        self.iter().fold(cose_ext::MapBuilder::new(), |map, (dimension, claim)| {
            map.with(i64::from(dimension.key()), i64::from(claim.value()))
        })
    }
}
