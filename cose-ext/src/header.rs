//! Header buckets (RFC 9052 3) and the typed readers of their parameters.
//!
//! The buckets keep every label and value as received; unknown ones are kept, never an error.
//! Placement rules are enforced when a message is decoded; forms are checked by the typed readers,
//! so that a parameter nobody reads stops nobody.

mod bucket;
mod bucket_reader;
#[cfg(feature = "alloc")]
mod builder;
mod common;
mod content_type;
mod crit;
mod hash_envelope;
mod placement;
mod proofs;
mod protected;
mod protected_facts;
mod receipts;
#[cfg(feature = "alloc")]
mod replace;
mod timestamp;
mod x509;

pub use bucket::{Bucket, Parameters};
#[cfg(feature = "alloc")]
pub(crate) use builder::{
    EncodedHeaders, HeadersBuilder, encoded_chain, header_methods, message_methods,
};
pub use content_type::ContentType;
pub use crit::Crit;
pub use hash_envelope::HashEnvelope;
pub use proofs::{Vdp, Vds};
pub use protected::Protected;
pub(crate) use protected::read_bytes;
pub use protected_facts::ProtectedFacts;
pub use receipts::Receipts;
#[cfg(feature = "alloc")]
pub(crate) use replace::replace_unprotected;
pub use timestamp::{Timestamp, TimestampMode};
pub use x509::{ArrayOfOne, Certificates, X5t};

pub use crate::label::Label;

use bucket_reader::bit;
use placement::Side;

use crate::{
    AlgorithmPlacement, Error, ImpliedAlgorithm, IntOrText, LabelInBoth, Notes, Processed, Profile,
    Rule, Supplied,
    cbor::{Map, Raw, Reader},
    crypto::{Algorithm, Operation},
    error::{Breaks, Policy, Unsupported},
};

/// Both header buckets of one layer of a message. Untrusted until the message is verified, and the
/// unprotected one even then.
///
/// ```
/// use cose_ext::{Label, Profile, Sign1, crypto::Algorithm};
///
/// // [<<{1: -7}>>, {4: 'key'}, 'x', h'']
/// let bytes = b"\x84\x43\xa1\x01\x26\xa1\x04\x43key\x41x\x40";
/// let message = Sign1::decode(bytes, &Profile::LENIENT)?;
/// let headers = message.headers();
/// assert_eq!(headers.algorithm()?, Algorithm::ES256);
/// // Nobody signs what stands in the unprotected bucket.
/// assert_eq!(headers.unprotected().key_id()?, Some(&b"key"[..]));
/// assert!(headers.find(Label::X5CHAIN).is_none());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    protected: Protected<'a>,
    unprotected: Bucket<'a>,
}

impl<'a> Headers<'a> {
    /// Of what has no headers.
    pub(crate) const EMPTY: Self = Self { protected: Protected::EMPTY, unprotected: Bucket::EMPTY };

    /// Returns these headers for an input that starts at byte `base` of a larger one.
    pub(crate) const fn within(self, base: usize) -> Self {
        let unprotected = self.unprotected.within(base);
        Self { protected: self.protected.within(base), unprotected }
    }

    /// Reads the protected byte string and the unprotected map at the front of a message.
    ///
    /// # Errors
    ///
    /// For malformed buckets, labels in both, and parameters in a bucket that their specification
    /// forbids.
    #[inline]
    pub(crate) fn read(reader: &mut Reader<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::read_placing(reader, profile, profile.algorithm_placement)
    }

    #[inline]
    fn read_placing(
        reader: &mut Reader<'a>,
        profile: &Profile,
        algorithm: AlgorithmPlacement,
    ) -> Result<Self, Error> {
        let protected = Protected::read(reader, &profile.limits)?;
        let side = Side::Unprotected(algorithm);
        let unprotected = Bucket::read(reader, side, &profile.limits)?;
        let headers = Self { protected, unprotected };
        if profile.label_in_both == LabelInBoth::Refused
            && let Some(offset) = headers.label_in_both()
        {
            return Err(Error::malformed(Rule::OneBucket, offset));
        }
        headers.check_ivs()?;
        // Last, so that a label in both buckets shows as that.
        placement::check(&headers, side)?;
        Ok(headers)
    }

    /// As [`read`](Self::read), for layers whose algorithm may authenticate nothing: `alg` may be
    /// unprotected where `exempt` says so (RFC 9052 3.1, 8.5).
    #[inline]
    pub(crate) fn read_exempting(
        reader: &mut Reader<'a>,
        profile: &Profile,
        exempt: fn(Operation) -> bool,
    ) -> Result<Self, Error> {
        let headers = Self::read_placing(reader, profile, AlgorithmPlacement::AnyBucket)?;
        if headers.unprotected.labels() & bit(Label::ALG) == 0 {
            return Ok(headers);
        }
        let unprotected = headers.unprotected.find(Label::ALG);
        match unprotected.filter(|_| !headers.is_shadowed(Label::ALG)) {
            Some(value) if profile.algorithm_placement == AlgorithmPlacement::Protected => {
                let label = headers.unprotected.algorithm()?.and_then(IntOrText::to_i64);
                let operation = label.map(Algorithm::new).and_then(Algorithm::operation);
                if operation.is_some_and(exempt) {
                    Ok(headers)
                } else {
                    Err(Error::malformed(Rule::AlgorithmProtected, value.offset()))
                }
            }
            _ => Ok(headers),
        }
    }

    /// Returns the algorithm that the layer names, as a number.
    ///
    /// # Errors
    ///
    /// If it names none, or one that is not a registered number.
    pub fn algorithm(&self) -> Result<Algorithm, Error> {
        // The unprotected bucket has one only where the profile or the algorithm lets it pass.
        let label = match self.protected.algorithm()? {
            Some(label) => Some(label),
            None => self.unprotected.algorithm()?,
        };
        let offset = self.protected.offset();
        let label = label.ok_or(Error::malformed(Rule::AlgorithmPresent, offset))?;
        label.to_i64().map(Algorithm::new).ok_or(Error::from(Unsupported::AlgorithmName).at(offset))
    }

    /// Returns the algorithm that the layer names, or the one that `supplied` says is implied
    /// (RFC 9052 appendix A).
    ///
    /// # Errors
    ///
    /// As [`algorithm`](Self::algorithm); `Policy` if one is implied and the layer names one.
    pub(crate) fn algorithm_given(&self, supplied: &Supplied<'_>) -> Result<Algorithm, Error> {
        let missing = || Error::malformed(Rule::AlgorithmPresent, self.protected.offset());
        self.algorithm_given_or_of_key(supplied)?.ok_or_else(missing)
    }

    /// As [`algorithm_given`](Self::algorithm_given); `None` where the key states the algorithm.
    pub(crate) fn algorithm_given_or_of_key(
        &self,
        supplied: &Supplied<'_>,
    ) -> Result<Option<Algorithm>, Error> {
        let implied = match supplied.implied_algorithm {
            ImpliedAlgorithm::Nothing => return self.algorithm().map(Some),
            ImpliedAlgorithm::Is(algorithm) => Some(algorithm),
            ImpliedAlgorithm::OfKey => None,
        };
        match self.find(Label::ALG) {
            None => Ok(implied),
            Some(named) => Err(Error::from(Policy::AlgorithmNamed).at(named.offset())),
        }
    }

    /// Returns the value under `label` from whichever bucket has it; the protected one comes first.
    #[must_use]
    pub fn find(&self, label: Label<'_>) -> Option<Raw<'a>> {
        self.protected.find(label).or_else(|| self.unprotected.find(label))
    }

    /// Refuses the layer if `crit` names what `processed` does not (RFC 9052 3.1).
    pub(crate) fn check_critical(&self, processed: &Processed<'_>) -> Result<(), Error> {
        match self.protected.crit()? {
            Some(crit) => crit.check(processed),
            None => Ok(()),
        }
    }

    /// Returns what of the headers a verification under `profile` accepts leniently.
    pub(crate) fn notes(&self, profile: &Profile) -> Notes {
        let as_received = self.protected.is_empty_map_as_received(profile);
        let names = |labels: u64| labels & bit(Label::ALG) != 0;
        let (protected, unprotected) =
            (names(self.protected.labels()), names(self.unprotected.labels()));
        let implied = Notes::only_if(Notes::IMPLIED_ALGORITHM, !protected && !unprotected);
        let unprotected = unprotected && !protected;
        Notes::only_if(Notes::EMPTY_MAP_AS_RECEIVED, as_received)
            .and(Notes::only_if(Notes::UNPROTECTED_ALGORITHM, unprotected))
            .and(implied)
            .and(Notes::only_if(Notes::LABEL_IN_BOTH_BUCKETS, self.label_in_both().is_some()))
    }

    /// As [`notes`](Self::notes), of a body whose algorithms its signatures name.
    pub(crate) fn notes_of_body(&self, profile: &Profile) -> Notes {
        let as_received = self.protected.is_empty_map_as_received(profile);
        Notes::only_if(Notes::EMPTY_MAP_AS_RECEIVED, as_received)
            .and(Notes::only_if(Notes::LABEL_IN_BOTH_BUCKETS, self.label_in_both().is_some()))
    }

    /// Returns the bucket that the signature covers.
    #[must_use]
    pub const fn protected(&self) -> &Protected<'a> {
        &self.protected
    }

    /// Returns the bucket that no signature covers: anybody can change it.
    #[must_use]
    pub const fn unprotected(&self) -> &Bucket<'a> {
        &self.unprotected
    }

    /// Returns where the first unprotected value stands whose label is in the protected bucket,
    /// too.
    #[inline]
    fn label_in_both(&self) -> Option<usize> {
        let mut first: Option<usize> = None;
        if self.protected.labels() & self.unprotected.labels() != 0 {
            // One label in both, or two that have no bit of their own.
            let labels = self.unprotected.iter().map(|(label, value)| (label, value.offset()));
            self.protected.find_each(labels, &mut |offset| {
                first = Some(first.map_or(offset, |first| first.min(offset)));
            });
        }
        first
    }

    /// Returns whether the unprotected parameter of this label does not count: only
    /// [`LabelInBoth::ProtectedWins`] lets a label pass that stands in both buckets.
    fn is_shadowed(&self, label: Label<'_>) -> bool {
        self.protected.find(label).is_some()
    }

    #[inline]
    fn check_ivs(&self) -> Result<(), Error> {
        let (protected, unprotected) = (self.protected.labels(), self.unprotected.labels());
        let ivs = bit(Label::IV) | bit(Label::PARTIAL_IV);
        if (protected | unprotected) & ivs == ivs {
            let partial = self.protected.find(Label::PARTIAL_IV);
            let partial = partial.or_else(|| self.unprotected.find(Label::PARTIAL_IV));
            let offset = partial.map_or(0, |value| value.offset());
            return Err(Error::malformed(Rule::OneIv, offset));
        }
        Ok(())
    }

    /// Returns the hash envelope (RFC 9995) that the protected bucket declares, or `None`.
    ///
    /// # Errors
    ///
    /// For a hash that may not protect, a content type beside it, or 259 and 260 without 258.
    pub fn hash_envelope(&self) -> Result<Option<HashEnvelope<'a>>, Error> {
        HashEnvelope::read(self)
    }

    /// Reads the parameters whose forms a verifier looks at without being asked: headers that are
    /// written must not be refused for them.
    pub(crate) fn check_made(&self) -> Result<(), Error> {
        self.protected().crit()?;
        self.hash_envelope()?;
        self.countersignatures(&Profile::LENIENT)?;
        self.countersignature0()?;
        Ok(())
    }

    /// Reads `3161-ctt`, a timestamp of the signature (RFC 9921 3.1).
    ///
    /// It stands in the unprotected bucket: the token is its own evidence.
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn cose_then_timestamp(&self) -> Result<Option<Timestamp<'a>>, Error> {
        let value = self.unprotected.find(Label::COSE_THEN_TIMESTAMP);
        value.map(|value| Timestamp::read(&value, TimestampMode::CoseThenTimestamp)).transpose()
    }

    /// Reads `vdp`, the proofs of a receipt (RFC 9942 4).
    ///
    /// They stand in the unprotected bucket: they mean something only when a signature over what
    /// they prove has been verified.
    ///
    /// # Errors
    ///
    /// If it is not a map.
    pub fn vdp(&self) -> Result<Option<Vdp<'a>>, Error> {
        self.unprotected()
            .find(Label::VDP)
            .map(|value| Map::new(&value).breaks(Rule::VdpUnprotected).map(Vdp::new))
            .transpose()
    }
}
