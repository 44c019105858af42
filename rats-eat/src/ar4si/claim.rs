//! One trustworthiness claim, and what it is about.

use cose_ext::cbor::Int;

use super::Tier;

/// A trustworthiness claim: an integer from -128 to 127. Values below zero are the verifier's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrustClaim(i8);

impl TrustClaim {
    /// The evidence holds elements that the verifier did not expect.
    pub const UNEXPECTED_EVIDENCE: Self = Self(1);
    /// The verifier malfunctioned.
    pub const VERIFIER_MALFUNCTION: Self = Self(-1);
    /// The verifier makes no claim.
    pub const NO_CLAIM: Self = Self(0);
    /// Cryptographic validation of the evidence failed.
    pub const CRYPTO_VALIDATION_FAILED: Self = Self(99);

    /// Makes a claim.
    #[must_use]
    pub const fn new(value: i8) -> Self {
        Self(value)
    }

    /// Makes a claim from an integer of CBOR, if it is in range.
    pub fn from_int(value: Int) -> Option<Self> {
        value.to_i64().and_then(|value| i8::try_from(value).ok()).map(Self)
    }

    /// Returns the value.
    #[must_use]
    pub const fn value(self) -> i8 {
        self.0
    }

    /// Returns the tier that the claim falls into.
    #[must_use]
    pub const fn tier(self) -> Tier {
        Tier::of(self)
    }
}

/// What a trustworthiness claim is about (draft-ietf-rats-ar4si 2.3.4): a key of the vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "draft-ietf-rats-ar4si-09 2.3 has no others")]
pub enum TrustDimension {
    /// The identity of the attester.
    InstanceIdentity,
    /// Its configuration.
    Configuration,
    /// What it runs.
    Executables,
    /// Its files.
    FileSystem,
    /// Its hardware and firmware.
    Hardware,
    /// Whether its memory can be looked into from outside.
    RuntimeOpaque,
    /// Whether its storage can be read elsewhere.
    StorageOpaque,
    /// The integrity of data that it got from others.
    SourcedData,
}

impl TrustDimension {
    /// All dimensions, in the order of their keys.
    pub const ALL: [Self; 8] = [
        Self::InstanceIdentity,
        Self::Configuration,
        Self::Executables,
        Self::FileSystem,
        Self::Hardware,
        Self::RuntimeOpaque,
        Self::StorageOpaque,
        Self::SourcedData,
    ];

    /// Returns the dimension under an integer key of a vector.
    #[must_use]
    pub fn from_key(key: Int) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| key == i64::from(dimension.key()))
    }

    /// Returns the dimension that a member of a JSON vector is named by.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    /// Returns the integer key.
    #[must_use]
    pub const fn key(self) -> u8 {
        match self {
            Self::InstanceIdentity => 0,
            Self::Configuration => 1,
            Self::Executables => 2,
            Self::FileSystem => 3,
            Self::Hardware => 4,
            Self::RuntimeOpaque => 5,
            Self::StorageOpaque => 6,
            Self::SourcedData => 7,
        }
    }

    /// Returns the name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InstanceIdentity => "instance-identity",
            Self::Configuration => "configuration",
            Self::Executables => "executables",
            Self::FileSystem => "file-system",
            Self::Hardware => "hardware",
            Self::RuntimeOpaque => "runtime-opaque",
            Self::StorageOpaque => "storage-opaque",
            Self::SourcedData => "sourced-data",
        }
    }
}
