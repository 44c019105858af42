//! Why a key of the trust store is not in force.

use core::fmt;

/// Why a key that the trust store holds does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutOfForce {
    /// Its holder uses it no more.
    Retired,
    /// Others know its private key. Nothing that it signed counts, however old, since an attacker
    /// chooses the date.
    Compromised,
    /// The time that the verifier gave is before the key's validity.
    NotYetValid,
    /// The time that the verifier gave is after the key's validity.
    Expired,
}

impl fmt::Display for OutOfForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Retired => "the key is retired",
            Self::Compromised => "the key is compromised",
            Self::NotYetValid => "the key is not yet valid",
            Self::Expired => "the key is no longer valid",
        })
    }
}
