//! What a TAM is configured with.

use crate::{
    DataItems, EAT_PROFILE, FreshnessMechanism, Model, Numbering, SigningKey, Suite, WithoutStatus,
    cipher_suite::MOST_SUITES,
};

/// What a TAM is configured with: plain values, kept beside every session.
#[derive(Clone, Copy, Debug)]
pub struct TamConfig {
    /// The numbering that its Agents speak.
    pub numbering: Numbering,
    /// The keys that it signs with, one for each suite that it offers.
    pub keys: [Option<SigningKey>; MOST_SUITES],
    /// What it asks for.
    pub data_item_requested: DataItems,
    /// How it gets attestation results.
    pub model: Model,
    /// How a payload has to show that it is fresh.
    pub freshness: ResultFreshness,
    /// What a result without a status is.
    pub without_status: WithoutStatus,
    /// The name of TEEP's EAT profile.
    pub eat_profile: &'static str,
    /// The suite of the Agent, if it is known before: the first request is then a COSE_Sign1.
    pub agent_suite: Option<Suite>,
    /// How many bytes the challenges have: 8 to 64.
    pub challenge_len: u8,
    /// How many bytes the tokens have: 8 to 64.
    pub token_len: u8,
    /// After how many seconds a request that nobody answered is forgotten. Hours: Agents wait for
    /// networks, and for dependencies.
    pub lifetime: u64,
}

/// How a payload has to show that it is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResultFreshness {
    /// It repeats the challenge of the request.
    Nonce,
    /// It was issued within so many seconds. In the passport model the text has no place for a
    /// nonce: the challenge has to be absent, and so has the token.
    IssuedWithin(u32),
}

impl ResultFreshness {
    pub(super) const fn mechanism(self) -> FreshnessMechanism {
        match self {
            Self::Nonce => FreshnessMechanism::NONCE,
            Self::IssuedWithin(_) => FreshnessMechanism::TIMESTAMP,
        }
    }
}

impl TamConfig {
    /// Asks for attestation and components in the background-check model, with `keys` for the
    /// suites on offer; requests live six hours.
    #[must_use]
    pub fn new(keys: &[SigningKey], without_status: WithoutStatus) -> Self {
        let mut kept = [None; MOST_SUITES];
        for (slot, key) in kept.iter_mut().zip(keys) {
            *slot = Some(*key);
        }
        Self {
            numbering: Numbering::Iana,
            keys: kept,
            data_item_requested: DataItems::ATTESTATION.and(DataItems::TRUSTED_COMPONENTS),
            model: Model::BackgroundCheck,
            freshness: ResultFreshness::Nonce,
            without_status,
            eat_profile: EAT_PROFILE,
            agent_suite: None,
            challenge_len: 32,
            token_len: 16,
            lifetime: 6 * 3600,
        }
    }

    pub(super) const fn asks_attestation(&self) -> bool {
        self.data_item_requested.contains(DataItems::ATTESTATION)
    }

    /// Whether the request has a challenge: the passport model has none (section 4.2).
    pub(super) fn has_challenge(&self) -> bool {
        self.asks_attestation()
            && self.model == Model::BackgroundCheck
            && self.freshness == ResultFreshness::Nonce
    }

    /// Whether the request has a token: if and only if attestation is not asked for (section 4.2).
    pub(super) const fn has_token(&self) -> bool {
        !self.asks_attestation()
    }
}
