//! A key of the store: its state and its validity.

use cose_ext::{error::OutOfForce, key::OwnedTrustedKey};

use crate::AtTime;

/// What the relying party knows of a key's life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum KeyState {
    /// In use.
    #[default]
    Current,
    /// No longer in use. What it signed is refused, unless the relying party accepts retired keys
    /// by name ([`AtTime::accepting_retired`](crate::AtTime::accepting_retired)).
    Retired,
    /// Others know its private key. All that it signed is refused, whatever time it claims.
    Compromised,
}

impl KeyState {
    pub(crate) const fn number(self) -> u64 {
        match self {
            Self::Current => 1,
            Self::Retired => 2,
            Self::Compromised => 3,
        }
    }

    pub(crate) const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Current),
            2 => Some(Self::Retired),
            3 => Some(Self::Compromised),
            _ => None,
        }
    }
}

/// When a key may be used, in seconds since 1970-01-01T00:00Z, both ends included. `None` at an
/// end: no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyValidity {
    /// The first second.
    pub not_before: Option<i64>,
    /// The last second.
    pub not_after: Option<i64>,
}

/// A key that the relying party enrolled.
#[derive(Clone, Debug)]
pub struct StoredKey {
    pub(crate) key: OwnedTrustedKey,
    pub(crate) state: KeyState,
    pub(crate) validity: KeyValidity,
}

impl StoredKey {
    /// Makes a key in use, without bounds in time. Its kid is that of `key`.
    #[must_use]
    pub const fn new(key: OwnedTrustedKey) -> Self {
        let validity = KeyValidity { not_before: None, not_after: None };
        Self { key, state: KeyState::Current, validity }
    }

    /// Returns this key with another state.
    #[must_use]
    pub const fn with_state(mut self, state: KeyState) -> Self {
        self.state = state;
        self
    }

    /// Returns this key with bounds in time.
    #[must_use]
    pub const fn with_validity(mut self, validity: KeyValidity) -> Self {
        self.validity = validity;
        self
    }

    /// Returns the key.
    #[must_use]
    pub const fn key(&self) -> &OwnedTrustedKey {
        &self.key
    }

    /// Returns its state.
    #[must_use]
    pub const fn state(&self) -> KeyState {
        self.state
    }

    /// Returns its bounds in time.
    #[must_use]
    pub const fn validity(&self) -> KeyValidity {
        self.validity
    }

    /// Returns why the key does not count at `time`; `None` if it does.
    #[must_use]
    pub fn out_of_force(&self, time: AtTime) -> Option<OutOfForce> {
        let is_before = |bound: Option<i64>| matches!((time.seconds, bound), (Some(now), Some(bound)) if now < bound);
        let is_after = matches!(
            (time.seconds, self.validity.not_after), (Some(now), Some(bound)) if now > bound
        );
        match self.state {
            KeyState::Compromised => Some(OutOfForce::Compromised),
            _ if is_before(self.validity.not_before) => Some(OutOfForce::NotYetValid),
            _ if time.accepts_retired => None,
            KeyState::Retired => Some(OutOfForce::Retired),
            KeyState::Current if is_after => Some(OutOfForce::Expired),
            KeyState::Current => None,
        }
    }
}
