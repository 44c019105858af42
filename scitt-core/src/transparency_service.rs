//! A transparency service.

mod error;
mod head;
mod proofs;
mod registration;

use alloc::{vec, vec::Vec};

use merkle_proof::{TreeHead, cose::ReceiptBuilder};

use crate::{
    EntryId, EntryRule, KeyInUse, LogHash, LogTree, MemoryLog, ReceiptKey, Registrar,
    RegistrationState, ServiceLimits, receipt_key::ServiceIdentity,
};

pub use error::ServiceError;
pub use head::{PendingReceipt, ReceiptHead};

/// A transparency service (RFC 9943 5.1): it registers statements in an append-only log and makes
/// receipts.
///
/// It holds no private key, clock or socket. Signing is two steps: what is to be signed is handed
/// out, and the signature comes back.
///
/// # State, invariant, cost
///
/// A [`Registrar`] decides and queues, the log keeps; both have the same size whenever no call
/// runs. After an error of the log nothing is taken in until the service was made anew over the
/// opened log ([`over`](Self::over)). A signed head serves the receipts of all entries that it
/// covers: one signature for a batch, and the path of each, which is read from the log.
///
/// Over an [`AsyncLog`](crate::AsyncLog), whatever asks the log has a twin whose name ends in
/// `_async`.
#[derive(Clone, Debug)]
pub struct TransparencyService<L> {
    log: L,
    registrar: Registrar,
    identity: ServiceIdentity,
    head: Option<ReceiptHead>,
    is_interrupted: bool,
}

/// What became of a statement that was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Submitted {
    /// It has an entry since earlier.
    Known(EntryId),
    /// It is queued. The entry is its own once [`commit`](TransparencyService::commit) has
    /// returned, and nobody must be told of it before.
    Queued(EntryId),
}

impl Submitted {
    /// Returns the entry.
    #[must_use]
    pub const fn entry(self) -> EntryId {
        match self {
            Self::Known(entry) | Self::Queued(entry) => entry,
        }
    }
}

impl<T: LogHash> TransparencyService<MemoryLog<T>> {
    /// Returns a service of `issuer` over an empty log in memory.
    pub fn in_memory(tree: T, issuer: &str, key: ReceiptKey) -> Self {
        Self::over(MemoryLog::new(tree), issuer, key)
    }
}

impl<L: LogTree> TransparencyService<L> {
    /// `sub` of the receipts that a service makes.
    pub const RECEIPT_SUBJECT: &'static str = "scitt.receipt.v1";

    /// Returns a service of `issuer` over a log, whose receipts `key` signs.
    pub fn over(log: L, issuer: &str, key: ReceiptKey) -> Self {
        let registrar = Registrar::new(log.structure(), log.size());
        let keys = vec![KeyInUse { key, since: 0 }];
        let identity = ServiceIdentity { issuer: issuer.into(), keys };
        Self { log, registrar, identity, head: None, is_interrupted: false }
    }

    /// Returns this service with another entry rule. To be chosen before the first statement, and
    /// to be told to every relying party. A log of the shape of a CCF ledger has no other than the
    /// default.
    #[must_use]
    pub fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.registrar = self.registrar.with_entry_rule(entry_rule);
        self
    }

    /// Returns this service with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: ServiceLimits) -> Self {
        self.registrar = self.registrar.with_limits(limits);
        self
    }

    /// Lets `key` sign from now on. Receipts that are out stay good for relying parties that keep
    /// the earlier keys.
    pub fn rotate(&mut self, key: ReceiptKey) {
        self.rotate_at(key, self.log.size());
    }

    pub(crate) fn rotate_at(&mut self, key: ReceiptKey, since: u64) {
        self.identity.keys.push(KeyInUse { key, since });
        self.head = None;
    }

    /// Returns the keys that have signed and will sign, the first one first.
    pub fn keys(&self) -> &[KeyInUse] {
        &self.identity.keys
    }

    /// Returns `iss` of the receipts.
    pub fn issuer(&self) -> &str {
        &self.identity.issuer
    }

    /// Returns the machine, whose [`check`](Registrar::check) many threads can call beside each
    /// other.
    pub const fn registrar(&self) -> &Registrar {
        &self.registrar
    }

    /// Returns how far an entry has come; `None` if there is no such entry.
    pub fn state(&self, entry: EntryId) -> Option<RegistrationState> {
        let covered = self.head.as_ref().map_or(0, ReceiptHead::size);
        self.registrar.state(entry, covered)
    }

    /// Returns the entry of the log at `index`, if there is one.
    pub fn entry(&self, index: u64) -> Option<EntryId> {
        (index < self.registrar.size()).then_some(EntryId::new(index))
    }

    /// Returns how many statements are registered.
    pub fn size(&self) -> u64 {
        self.log.size()
    }

    /// Returns the log.
    pub const fn log(&self) -> &L {
        &self.log
    }

    /// Returns the log, to change what is not part of the tree: to erase what a leaf stands for.
    pub const fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// Gives the log back.
    pub fn into_log(self) -> L {
        self.log
    }

    pub(crate) const fn identity(&self) -> &ServiceIdentity {
        &self.identity
    }

    pub(crate) fn builder(&self, key: &ReceiptKey, issued_at: i64) -> ReceiptBuilder {
        let claims = cose_ext::MapBuilder::new()
            .with(cose_ext::cwt::ClaimKey::ISS, self.issuer())
            .with(cose_ext::cwt::ClaimKey::SUB, Self::RECEIPT_SUBJECT)
            .with(cose_ext::cwt::ClaimKey::IAT, issued_at);
        let certificates: Vec<_> = key.certificates().collect();
        let builder = ReceiptBuilder::new(self.log.structure()).certified_by(&certificates);
        builder.key_id(key.key_id()).cwt_claims(&claims)
    }
}

impl<T: LogHash> TransparencyService<MemoryLog<T>> {
    /// Returns size and root of the log.
    pub fn head(&self) -> TreeHead<T::Kind, [u8; 32]> {
        self.log.head()
    }
}
