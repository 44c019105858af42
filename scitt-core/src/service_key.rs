//! A key of a transparency service.

#[cfg(all(feature = "alloc", feature = "x509"))]
mod authority;
mod source;

use core::ops::ControlFlow;

use cose_ext::{
    Context,
    crypto::Algorithm,
    header::Vds,
    key::{Candidate, KeyHint, KeyResolver, TrustedKey},
};
use merkle_proof::cose::ReceiptReading;

#[cfg(all(feature = "alloc", feature = "x509"))]
pub(crate) use self::authority::{AuthorityAt, KeyObjection};
pub use self::source::ServiceKeySource;
use crate::{EntryRule, Error, Rule, receipt::ReadReceipt};

/// A key of a service, pinned with everything that its receipts are read by.
#[derive(Clone, Copy, Debug)]
pub struct ServiceKey<'a> {
    /// The key, or the authority that certifies it.
    pub key: ServiceKeySource<'a>,
    /// `kid` of its receipts. `None`: it is offered to every receipt.
    pub key_id: Option<&'a [u8]>,
    /// The algorithm of its receipts.
    pub algorithm: Algorithm,
    /// Further algorithms that it signs receipts by. As a rule there are none: an RSA key may have
    /// some, and so may a key whose service moves to the fully specified algorithms of RFC 9864.
    pub more_algorithms: &'a [Algorithm],
    /// The data structure of its receipts. Any but RFC9162_SHA256 is accepted because it stands
    /// here, by name.
    pub vds: Vds,
    /// Which bytes of a statement are its entry.
    pub entry_rule: EntryRule,
    /// Whether its receipts are still good.
    pub status: KeyStatus,
}

/// See [`ServiceKey::status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum KeyStatus {
    /// In use.
    Current,
    /// No longer in use, and its receipts are refused.
    Retired,
    /// No longer in use, and its receipts are accepted by explicit choice of the relying party.
    RetiredAccepted,
    /// Others know its private key. All its receipts are refused, older ones too, since an attacker
    /// chooses the date.
    Compromised,
}

impl<'a> ServiceKey<'a> {
    /// Makes a key in use, of an RFC 9162 log with the default entry rule.
    #[must_use]
    pub const fn new(key: TrustedKey<'a>, algorithm: Algorithm) -> Self {
        Self::from_source(ServiceKeySource::new(key), algorithm)
    }

    /// Makes a key that is not enrolled itself: receipts bring it in `x5chain`, and `paths` finds
    /// the way to an authority that certifies this service and nobody else, as
    /// [`CertificationPaths`](cose_ext::x509::CertificationPaths) does. Receipts without
    /// certificates are no receipts of such a key.
    ///
    /// ```
    /// # #[cfg(feature = "x509")] {
    /// use cose_ext::{crypto::Algorithm, cwt::Time};
    /// use cose_ext::x509::{CertificationPaths, TrustAnchor, WebPki};
    /// use scitt_core::{ServiceKey, TrustedService};
    ///
    /// # fn verify(authority: &[u8]) -> Result<(), Box<dyn core::error::Error>> {
    /// // `authority`: the certificate of the service's own authority, DER.
    /// let (anchors, validator) = ([TrustAnchor::new(authority)?], WebPki::new());
    /// let now = Some(Time::Seconds(1_800_000_000));
    /// let paths = CertificationPaths::new(&validator, &anchors, now);
    /// let keys = [ServiceKey::certified(&paths, Algorithm::ES256)];
    /// let log = TrustedService { name: "log", issuer: Some("https://log.example"), keys: &keys };
    /// # let _ = log; Ok(()) }
    /// # }
    /// ```
    #[must_use]
    pub const fn certified(paths: &'a dyn KeyResolver, algorithm: Algorithm) -> Self {
        Self::from_source(ServiceKeySource::certified(paths), algorithm)
    }

    pub(crate) const fn from_source(key: ServiceKeySource<'a>, algorithm: Algorithm) -> Self {
        Self {
            key,
            key_id: None,
            algorithm,
            more_algorithms: &[],
            vds: Vds::RFC9162_SHA256,
            entry_rule: EntryRule::DEFAULT,
            status: KeyStatus::Current,
        }
    }

    /// Returns this key for receipts with this `kid`.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// Returns this key with further algorithms, beside the one that it was made with.
    #[must_use]
    pub const fn with_more_algorithms(mut self, algorithms: &'a [Algorithm]) -> Self {
        self.more_algorithms = algorithms;
        self
    }

    /// Returns this key for another data structure.
    #[must_use]
    pub const fn with_vds(mut self, vds: Vds) -> Self {
        self.vds = vds;
        self
    }

    /// Returns this key with another entry rule.
    #[must_use]
    pub const fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.entry_rule = entry_rule;
        self
    }

    /// Returns this key with another status.
    #[must_use]
    pub const fn with_status(mut self, status: KeyStatus) -> Self {
        self.status = status;
        self
    }

    /// Whether the key signs by this algorithm.
    pub(crate) fn signs_by(&self, algorithm: Algorithm) -> bool {
        self.algorithm == algorithm || self.more_algorithms.contains(&algorithm)
    }

    /// A key is offered to receipts that name it, or name none, or when no kid is enrolled. One
    /// that is not enrolled is offered to receipts with certificates only.
    pub(crate) fn answers_to(&self, receipt: &ReadReceipt<'_, '_>) -> bool {
        if !self.key.answers_to(receipt.receipt) {
            return false;
        }
        match (self.key_id, receipt.facts.key_id) {
            (Some(enrolled), Some(named)) => enrolled == named,
            (None, Some(_)) => true,
            // One that is no byte string names nobody.
            (_, None) => receipt.receipt.message().headers().protected().key_id().is_ok(),
        }
    }

    /// Checks that receipts of this key are good, and that it is used as it was enrolled.
    pub(crate) fn check(&self, receipt: &ReadReceipt<'_, '_>) -> Result<(), Error> {
        match self.status {
            KeyStatus::Current | KeyStatus::RetiredAccepted => {}
            KeyStatus::Retired | KeyStatus::Compromised => {
                return Err(Error::refused(Rule::ServiceKeyStatus));
            }
        }
        let receipt = receipt.receipt;
        if !self.signs_by(receipt.message().algorithm()?) || receipt.vds() != self.vds {
            return Err(Error::refused(Rule::ServiceKeyPinned));
        }
        Ok(())
    }

    /// Returns how the receipts of this key are read: its structure is accepted, since it stands
    /// there by name.
    pub(crate) fn reading<'r>(&self, reading: &ReceiptReading<'r>) -> ReceiptReading<'r> {
        match self.vds {
            Vds::CCF_LEDGER_SHA256 => reading.with_ccf_ledger(),
            Vds::MMR_SHA256 => reading.with_mmr(),
            _ => *reading,
        }
    }
}

/// The keys of a service that read a receipt in one way, so that its proofs are followed once for
/// all of them.
pub(crate) struct KeysOfOneRule<'k> {
    pub(crate) keys: &'k [ServiceKey<'k>],
    pub(crate) entry_rule: EntryRule,
    /// The issuer that the service was enrolled with, and that the receipt claims.
    pub(crate) issuer: Option<&'k str>,
    pub(crate) receipt: &'k ReadReceipt<'k, 'k>,
}

impl KeysOfOneRule<'_> {
    /// A candidate in the place that the caller has for it.
    fn offered<'c>(&'c self, key: &'c TrustedKey<'_>, named: bool) -> Candidate<'c> {
        let mut candidate = key.as_candidate(named);
        candidate.issuer = candidate.issuer.or(self.issuer);
        candidate
    }

    fn offers(&self, key: &ServiceKey<'_>) -> bool {
        key.entry_rule == self.entry_rule
            && key.answers_to(self.receipt)
            && key.check(self.receipt).is_ok()
    }
}

impl KeyResolver for KeysOfOneRule<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.keys.iter().filter(|key| self.offers(key)) {
            let is_named_by_key_id = key.key_id.is_some() && self.receipt.facts.key_id.is_some();
            let is_named = is_named_by_key_id || self.issuer.is_some();
            let mut flow = ControlFlow::Continue(());
            if let Some(enrolled) = key.key.enrolled() {
                // Asked without a call back, which would hold the candidate once more.
                let Some(named) = enrolled.named_by(hint) else { continue };
                flow = each(self.offered(enrolled, named || is_named));
            } else {
                key.key.candidates(hint, context, &mut |candidate| {
                    let named = candidate.named || is_named;
                    let issuer = candidate.issuer.or(self.issuer);
                    flow = each(Candidate { named, issuer, ..candidate });
                    flow
                });
            }
            if flow.is_break() {
                return;
            }
        }
    }
}
