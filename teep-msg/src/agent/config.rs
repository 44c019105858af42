//! What an Agent is configured with.

use crate::{EAT_PROFILE, Numbering, SigningKey, WithoutStatus, cipher_suite::MOST_SUITES};

/// What an Agent is configured with: plain values, kept beside every session.
#[derive(Clone, Copy, Debug)]
pub struct AgentConfig {
    /// The numbering that its TAM speaks.
    pub numbering: Numbering,
    /// The keys that it signs with, the preferred suite first.
    pub keys: [Option<SigningKey>; MOST_SUITES],
    /// Whether a TAM has to be attested before it learns anything.
    pub tam_attestation: TamAttestation,
    /// What a result about the TAM without a status is.
    pub without_status: WithoutStatus,
    /// The name of TEEP's EAT profile.
    pub eat_profile: &'static str,
    /// Whether evidence of this device can show a time of issue, besides repeating a nonce.
    pub has_clock: bool,
    /// What of an empty protected header older peers sign: see
    /// [`Protection::empty_protected`](crate::Protection::empty_protected).
    pub empty_protected: cose_ext::EmptyProtected,
}

/// See [`AgentConfig::tam_attestation`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TamAttestation {
    /// It need not be.
    #[default]
    NotNeeded,
    /// It has to be, by a result that repeats this Agent's challenge.
    Required,
}

impl AgentConfig {
    /// Speaks the IANA numbering with `keys`, and asks no TAM for attestation.
    #[must_use]
    pub fn new(keys: &[SigningKey]) -> Self {
        let mut kept = [None; MOST_SUITES];
        for (slot, key) in kept.iter_mut().zip(keys) {
            *slot = Some(*key);
        }
        Self {
            numbering: Numbering::Iana,
            keys: kept,
            tam_attestation: TamAttestation::NotNeeded,
            without_status: WithoutStatus::Refused,
            eat_profile: EAT_PROFILE,
            has_clock: false,
            empty_protected: cose_ext::EmptyProtected::ZeroLength,
        }
    }
}
