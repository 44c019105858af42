//! What a decoder accepts.

use crate::{
    Limits,
    cbor::{self, Raw, Strictness},
};

/// What a decoder accepts, and how much of it.
///
/// ```
/// use cose_ext::{Profile, Sign1};
///
/// // `{1: -7}` with the length of the map in two bytes: valid, not deterministic.
/// let bytes = b"\x84\x44\xb8\x01\x01\x26\xa0\x41x\x40";
/// assert!(Sign1::decode(bytes, &Profile::LENIENT).is_ok());
/// assert!(Sign1::decode(bytes, &Profile::DETERMINISTIC).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Which valid encodings.
    pub strictness: Strictness,
    /// How much work.
    pub limits: Limits,
    /// Where a message may name its algorithm.
    pub algorithm_placement: AlgorithmPlacement,
    /// What of an empty protected map enters a structure that is signed, tagged or encrypted.
    pub empty_protected: EmptyProtected,
    /// What becomes of a layer that has one label in both buckets.
    pub label_in_both: LabelInBoth,
}

/// Says what happens to a layer with one label in both buckets ([`Profile::label_in_both`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelInBoth {
    /// It is refused, as RFC 9052 3 recommends.
    #[default]
    Refused,
    /// The protected parameter counts, and the unprotected one of its label is not looked at:
    /// "attributes MUST be obtained from the protected bucket" (RFC 9052 3). Published documents
    /// come so. The result notes it:
    /// [`Notes::LABEL_IN_BOTH_BUCKETS`](crate::Notes::LABEL_IN_BOTH_BUCKETS).
    ProtectedWins,
}

/// Says in which form an empty protected map enters what is signed ([`Profile::empty_protected`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyProtected {
    /// `h''`, however the empty map came: RFC 9052 4.4, "If there are no protected attributes, a
    /// zero-length byte string is used."
    #[default]
    ZeroLength,
    /// The bytes as received, `h'a0'` too, as some older peers sign them. The result notes it:
    /// [`Notes::EMPTY_MAP_AS_RECEIVED`](crate::Notes::EMPTY_MAP_AS_RECEIVED).
    AsReceived,
}

/// Says where a message may name its algorithm ([`Profile::algorithm_placement`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlgorithmPlacement {
    /// In the protected bucket: RFC 9052 3.1 requires it authenticated wherever that is possible.
    #[default]
    Protected,
    /// In either bucket, for old messages (RFC 8152) whose `alg` anybody can change. The policy
    /// still has to permit the algorithm with the key.
    AnyBucket,
}

impl Profile {
    /// Any valid CBOR, default limits: what RFC 9052 asks of a reader.
    pub const LENIENT: Self = Self {
        strictness: Strictness::LENIENT,
        limits: Limits::DEFAULT,
        algorithm_placement: AlgorithmPlacement::Protected,
        empty_protected: EmptyProtected::ZeroLength,
        label_in_both: LabelInBoth::Refused,
    };

    /// Core deterministic encoding only (RFC 8949 4.2.1), default limits.
    pub const DETERMINISTIC: Self = Self {
        strictness: Strictness::DETERMINISTIC,
        limits: Limits::DEFAULT,
        algorithm_placement: AlgorithmPlacement::Protected,
        empty_protected: EmptyProtected::ZeroLength,
        label_in_both: LabelInBoth::Refused,
    };

    /// Reads the item that is the whole of `bytes`, which stand at byte `offset` of a larger input,
    /// and checks all of it as this profile says.
    ///
    /// # Errors
    ///
    /// Those of [`Raw::decode`].
    pub fn item<'b>(&self, bytes: &'b [u8], offset: usize) -> Result<Raw<'b>, cbor::Error> {
        Raw::decode(bytes, offset, self.strictness, &self.limits.cbor)
    }

    /// Reads the item inside of `raw`, a byte string that wraps CBOR, and checks all of it as this
    /// profile says.
    ///
    /// # Errors
    ///
    /// Those of [`Raw::embedded`].
    pub fn embedded<'b>(&self, raw: &Raw<'b>) -> Result<Raw<'b>, cbor::Error> {
        raw.embedded(self.strictness, &self.limits.cbor)
    }

    /// Returns this profile with another placement of `alg`.
    #[must_use]
    pub const fn with_algorithm_placement(mut self, placement: AlgorithmPlacement) -> Self {
        self.algorithm_placement = placement;
        self
    }

    /// Sets what of an empty protected map enters a structure.
    #[must_use]
    pub const fn with_empty_protected(mut self, empty_protected: EmptyProtected) -> Self {
        self.empty_protected = empty_protected;
        self
    }

    /// Sets what becomes of a layer that has one label in both buckets.
    #[must_use]
    pub const fn with_label_in_both(mut self, label_in_both: LabelInBoth) -> Self {
        self.label_in_both = label_in_both;
        self
    }

    /// Returns this profile with other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
