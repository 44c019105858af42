//! What the caller brings to the verification of a message.

use crate::{Error, Label, crypto::Algorithm, error::Misuse};

/// Where the payload of a message is. The caller always says; a mismatch is an error, and nil never
/// means empty (RFC 9052 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9052 2 has no others")]
pub enum Payload<'p> {
    /// In the message.
    Embedded,
    /// Not in the message, but these bytes.
    Detached(&'p [u8]),
}

/// What the caller brings to the verification of a message: where the payload is, and what is
/// supplied beside the message.
///
/// Only the payload's lifetime `'p` ties to the result. What is supplied lives as long as the call.
///
/// ```
/// use cose_ext::{Input, Processed};
/// let input = Input::detached(b"payload").with_external_aad(b"session 7");
/// assert_eq!(input.supplied().external_aad, b"session 7");
/// # let _ = Processed::NOTHING;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input<'p, 's> {
    payload: Payload<'p>,
    supplied: Supplied<'s>,
}

/// What is supplied beside a message and its payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supplied<'s> {
    /// Externally supplied data (RFC 9052 4.3), empty where there is none.
    pub external_aad: &'s [u8],
    /// The header parameters that the caller processes, and may stand in `crit`.
    pub processed: Processed<'s>,
    /// The issuer that the payload claims, where this very signature covers the payload: a CWT's
    /// `iss`. A key that is enrolled for an issuer is compared with it; a header that claims
    /// another issuer is refused.
    pub claimed_issuer: Option<&'s str>,
    /// Which algorithm a message has that names none (RFC 9052 appendix A).
    pub implied_algorithm: ImpliedAlgorithm,
}

/// Which algorithm a message has that names none, because both sides know it (RFC 9052 appendix A).
/// Where one is implied, a message that names one all the same is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImpliedAlgorithm {
    /// None: the message names its algorithm, or it is refused.
    #[default]
    Nothing,
    /// This one, which the application fixes.
    Is(Algorithm),
    /// The one that the key states (`alg`, RFC 9052 7.1); a key that states none is not used. For
    /// signatures, countersignatures and COSE_Mac0; the other messages name theirs.
    OfKey,
}

/// Header parameters that this layer processes, and those of the layers above: a chain, so that
/// each layer adds its own and none takes another's place.
///
/// ```
/// use cose_ext::{Input, Processed, header::Label};
/// let above = Processed { labels: &[Label::TYP], above: None };
/// let here = Processed { labels: &[Label::CWT_CLAIMS], above: Some(&above) };
/// let input = Input::embedded().with_processed(here);
/// assert!(input.processes(Label::TYP) && input.processes(Label::CWT_CLAIMS));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Processed<'s> {
    /// What this layer processes.
    pub labels: &'s [Label<'s>],
    /// What the layers above process.
    pub above: Option<&'s Processed<'s>>,
}

impl<'s> Processed<'s> {
    /// No parameter beyond those that every implementation processes (RFC 9052 3.1).
    pub const NOTHING: Self = Self { labels: &[], above: None };

    /// Returns a chain of one layer that processes `labels`.
    #[must_use]
    pub const fn new(labels: &'s [Label<'s>]) -> Self {
        Self { labels, above: None }
    }

    /// Returns whether some layer processes `label`. The cost is linear in the labels of the chain.
    #[must_use]
    pub fn contains(&self, label: Label<'_>) -> bool {
        let mut layer = Some(self);
        while let Some(Processed { labels, above }) = layer {
            if labels.contains(&label) {
                return true;
            }
            layer = *above;
        }
        false
    }
}

impl Supplied<'_> {
    /// No data, no further parameters, no issuer, no algorithm.
    pub const NOTHING: Self = Self {
        external_aad: &[],
        processed: Processed::NOTHING,
        claimed_issuer: None,
        implied_algorithm: ImpliedAlgorithm::Nothing,
    };
}

impl<'p, 's> Input<'p, 's> {
    const fn new(payload: Payload<'p>) -> Self {
        Self { payload, supplied: Supplied::NOTHING }
    }

    /// Says that the payload is in the message.
    #[must_use]
    pub const fn embedded() -> Self {
        Self::new(Payload::Embedded)
    }

    /// Says that the payload is not in the message, and brings it.
    #[must_use]
    pub const fn detached(payload: &'p [u8]) -> Self {
        Self::new(Payload::Detached(payload))
    }

    /// Replaces all that is supplied beside the payload.
    #[must_use]
    pub const fn with_supplied(mut self, supplied: Supplied<'s>) -> Self {
        self.supplied = supplied;
        self
    }

    /// Sets the externally supplied data (RFC 9052 4.3).
    #[must_use]
    pub const fn with_external_aad(mut self, external_aad: &'s [u8]) -> Self {
        self.supplied.external_aad = external_aad;
        self
    }

    /// Sets which header parameters are processed, so that `crit` may name them. A layer in the
    /// middle puts its own before those of its caller, [`Processed::above`].
    #[must_use]
    pub const fn with_processed(mut self, processed: Processed<'s>) -> Self {
        self.supplied.processed = processed;
        self
    }

    /// Says which issuer the payload claims. Only for a payload that this very signature covers.
    #[must_use]
    pub const fn claiming_issuer(mut self, issuer: &'s str) -> Self {
        self.supplied.claimed_issuer = Some(issuer);
        self
    }

    /// Says which algorithm the message has, which names none: what the application fixes. The
    /// result notes it: [`Notes::IMPLIED_ALGORITHM`](crate::Notes::IMPLIED_ALGORITHM).
    #[must_use]
    pub const fn implying_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.supplied.implied_algorithm = ImpliedAlgorithm::Is(algorithm);
        self
    }

    /// Says that the message names no algorithm, and has the one that the key states. The result
    /// notes it, and says which one that was.
    #[must_use]
    pub const fn implying_algorithm_of_key(mut self) -> Self {
        self.supplied.implied_algorithm = ImpliedAlgorithm::OfKey;
        self
    }

    /// Returns where the payload is.
    #[must_use]
    pub const fn payload(&self) -> Payload<'p> {
        self.payload
    }

    /// Returns what is supplied beside the payload.
    #[must_use]
    pub const fn supplied(&self) -> &Supplied<'s> {
        &self.supplied
    }

    /// Returns whether the caller, or a layer above the message, processes `label`.
    #[must_use]
    pub fn processes(&self, label: Label<'_>) -> bool {
        self.supplied.processed.contains(label)
    }

    /// Returns how many bytes the caller brings: a detached payload and external data. With the
    /// length of the message it is what a meter begins with
    /// ([`Context::begin`](crate::Context::begin)).
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        let payload = match self.payload {
            Payload::Embedded => 0,
            Payload::Detached(payload) => payload.len(),
        };
        payload.saturating_add(self.supplied.external_aad.len())
    }

    /// Returns the payload of a message that embeds `embedded`.
    ///
    /// # Errors
    ///
    /// [`Misuse`] if it is not where the caller says.
    pub(crate) fn resolve<'r>(&self, embedded: Option<&'r [u8]>) -> Result<&'r [u8], Error>
    where
        'p: 'r,
    {
        match (self.payload, embedded) {
            (Payload::Embedded, Some(payload)) => Ok(payload),
            (Payload::Detached(payload), None) => Ok(payload),
            (Payload::Embedded, None) => Err(Misuse::PayloadIsDetached.into()),
            (Payload::Detached(_), Some(_)) => Err(Misuse::PayloadIsEmbedded.into()),
        }
    }
}
