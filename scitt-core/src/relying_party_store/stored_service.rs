//! A transparency service in the store.

use alloc::{string::String, vec, vec::Vec};

use cose_ext::{crypto::Algorithm, error::OutOfForce, header::Vds};

use super::{KeyState, StoredAuthority, StoredKey};
use crate::{AtTime, EntryRule, KeyStatus, ServiceKey};

/// What kind of log a service runs: the data structure, and which bytes of a statement are its
/// entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogProfile {
    /// The data structure of its receipts.
    pub vds: Vds,
    /// Which bytes of a statement are its entry.
    pub entry_rule: EntryRule,
}

impl LogProfile {
    /// An RFC 9162 log with the entry rule of this project.
    pub const RFC9162: Self = Self { vds: Vds::RFC9162_SHA256, entry_rule: EntryRule::DEFAULT };
    /// A CCF ledger.
    pub const CCF: Self = Self { vds: Vds::CCF_LEDGER_SHA256, entry_rule: EntryRule::CCF };
    /// An RFC 9162 log with the entry rule of scitt-cose.
    pub const SCITT_COSE: Self =
        Self { vds: Vds::RFC9162_SHA256, entry_rule: EntryRule::SCITT_COSE };
    /// A Merkle Mountain Range with the entry rule of this project.
    pub const MMR: Self = Self { vds: Vds::MMR_SHA256, entry_rule: EntryRule::DEFAULT };
}

/// A key of a service, with everything that its receipts are read by.
#[derive(Clone, Debug)]
pub struct StoredServiceKey {
    pub(crate) key: StoredKey,
    /// At least one, each once.
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) log: LogProfile,
}

impl StoredServiceKey {
    /// Pins `key` to an algorithm and a kind of log.
    #[must_use]
    pub fn new(key: StoredKey, algorithm: Algorithm, log: LogProfile) -> Self {
        Self { key, algorithms: vec![algorithm], log }
    }

    /// Returns this key with one more algorithm that its receipts may be signed by.
    #[must_use]
    pub fn also_by(mut self, algorithm: Algorithm) -> Self {
        if !self.algorithms.contains(&algorithm) {
            self.algorithms.push(algorithm);
        }
        self
    }

    /// Returns the key with its state and validity.
    #[must_use]
    pub const fn key(&self) -> &StoredKey {
        &self.key
    }

    /// Returns the algorithms of its receipts, at least one.
    #[must_use]
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Returns the kind of log that its receipts are of.
    #[must_use]
    pub const fn log(&self) -> LogProfile {
        self.log
    }

    /// Returns the key as a verifier takes it at `time`; `None` before its validity begins.
    pub(crate) fn at(&self, time: AtTime) -> Option<ServiceKey<'_>> {
        let status = match self.key.out_of_force(time) {
            None if self.key.state == KeyState::Retired => KeyStatus::RetiredAccepted,
            None => KeyStatus::Current,
            Some(OutOfForce::NotYetValid) => return None,
            Some(OutOfForce::Compromised) => KeyStatus::Compromised,
            Some(_) => KeyStatus::Retired,
        };
        let key = self.key.key.as_trusted_key();
        let (algorithm, more_algorithms) = self.algorithms.split_first()?;
        let service_key = ServiceKey::new(key, *algorithm)
            .with_more_algorithms(more_algorithms)
            .with_vds(self.log.vds)
            .with_entry_rule(self.log.entry_rule)
            .with_status(status);
        Some(match key.key_id() {
            Some(key_id) => service_key.with_key_id(key_id),
            None => service_key,
        })
    }
}

/// A transparency service that the relying party trusts: one party, with however many keys.
#[derive(Clone, Debug)]
pub struct StoredService {
    pub(crate) name: String,
    pub(crate) issuer: Option<String>,
    pub(crate) keys: Vec<StoredServiceKey>,
    pub(crate) authorities: Vec<StoredAuthority>,
}

impl StoredService {
    /// Makes a service without keys. `name` is what verdicts show; services of one name count once.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), issuer: None, keys: Vec::new(), authorities: Vec::new() }
    }

    /// Compares the issuer of its receipts with `issuer`.
    #[must_use]
    pub fn for_issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Returns this service with one more key.
    #[must_use]
    pub fn with_key(mut self, key: StoredServiceKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Returns this service with one more authority, which certifies its receipt keys.
    #[must_use]
    pub fn with_authority(mut self, authority: StoredAuthority) -> Self {
        self.authorities.push(authority);
        self
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the issuer that its receipts claim; `None`: not compared.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns its keys, past and present.
    #[must_use]
    pub fn keys(&self) -> &[StoredServiceKey] {
        &self.keys
    }

    /// Returns the authorities that certify its receipt keys.
    #[must_use]
    pub fn authorities(&self) -> &[StoredAuthority] {
        &self.authorities
    }
}
