//! Roots of one service that were not shown to be of one log.

mod observed_root;

use core::{fmt, ops::ControlFlow};

use cose_ext::{
    Context, Verified,
    key::{Candidate, KeyHint, KeyResolver},
};
#[cfg(feature = "ccf")]
use merkle_proof::{CcfLedger, TrustedRoot, ccf::AnchorReading};
use merkle_proof::{
    Rfc9162Tree, TreeHead,
    cose::{Receipt, ReceiptReading, ReceiptVerifier, SignedRoot},
};

pub use self::observed_root::ObservedRoot;
use crate::{Error, Rule, ServiceKey, TrustedService, receipt::ReadReceipt};

/// A signed root of a service that somebody could not find in what is known of its log.
///
/// It is a question and no accusation: receipts sign no size, so a root may be one of a size that
/// nobody has looked at yet. [`resolve`](Self::resolve) takes the answer, a receipt of consistency.
/// What proves a fork is a `ForkProof`, which takes two signed heads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Discrepancy {
    known: TreeHead<Rfc9162Tree, [u8; 32]>,
    root: [u8; 32],
}

/// What an answer of the service did to a discrepancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Resolution {
    /// The signed root is one of the log that was known, grown.
    Resolved,
    /// The log that was known has grown to another signed root, this one; the root in question may
    /// be one between, or a later one: ask again.
    Open {
        /// The root that the service showed to be consistent with what was known.
        consistent: [u8; 32],
    },
}

impl Discrepancy {
    /// Makes the question where `root`, which the service signed, stands in its log, of which
    /// `known` is known.
    #[must_use]
    pub const fn new(known: TreeHead<Rfc9162Tree, [u8; 32]>, root: [u8; 32]) -> Self {
        Self { known, root }
    }

    /// Returns the size that the service is to be asked to prove consistency from.
    #[must_use]
    pub const fn older_size(&self) -> u64 {
        self.known.size
    }

    /// Returns what is known of the log.
    #[must_use]
    pub const fn known(&self) -> &TreeHead<Rfc9162Tree, [u8; 32]> {
        &self.known
    }

    /// Returns the root in question.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Checks a receipt of consistency, the answer of the service.
    ///
    /// # Errors
    ///
    /// If the answer is not signed by a key of the service in force, or does not prove that its
    /// root grew out of what is known. The question then stands as before.
    pub fn resolve(
        &self,
        answer: &Receipt<'_>,
        service: &TrustedService<'_>,
        reading: &ReceiptReading<'_>,
        context: &Context<'_>,
    ) -> Result<Resolution, Error> {
        let grown = service.verify_consistency(&self.known, answer, reading, context)?;
        let consistent = *grown.value().hash();
        Ok(match consistent == self.root {
            true => Resolution::Resolved,
            false => Resolution::Open { consistent },
        })
    }
}

impl fmt::Debug for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not known in a log of size {}: ", self.known.size)?;
        self.root.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl TrustedService<'_> {
    /// Checks a receipt of consistency (RFC 9942 5.3): the log whose root it signs begins with the
    /// log of `older`. The size of the newer log is not signed.
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptTrusted`] if the receipt names no key of this service in force; otherwise as
    /// [`Rfc9162Receipt::verify_consistency`].
    ///
    /// [`Rfc9162Receipt::verify_consistency`]:
    ///     merkle_proof::cose::Rfc9162Receipt::verify_consistency
    pub fn verify_consistency<'a>(
        &self,
        older: &TreeHead<Rfc9162Tree, [u8; 32]>,
        receipt: &Receipt<'a>,
        reading: &ReceiptReading<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let read = ReadReceipt::new(receipt);
        let keys = ReceiptKeys::new(self, &read)?;
        let verifier = ReceiptVerifier::new(&keys, context).with_reading(reading);
        Ok(receipt.rfc9162()?.verify_consistency(older, &verifier)?)
    }

    /// Checks a receipt of consistency of a CCF ledger (draft-ietf-scitt-receipts-ccf-profile 4):
    /// the ledger whose root it signs begins with the ledger of `older`, a root that the caller has
    /// verified before. One that stands beside the receipt proves nothing (7.3).
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptTrusted`] if the receipt names no key of this service in force that is
    /// enrolled for such ledgers; otherwise as [`CcfReceipt::verify_consistency`].
    ///
    /// [`CcfReceipt::verify_consistency`]: merkle_proof::cose::CcfReceipt::verify_consistency
    #[cfg(feature = "ccf")]
    pub fn verify_ledger_consistency<'a>(
        &self,
        older: &TrustedRoot<CcfLedger, [u8; 32]>,
        receipt: &Receipt<'a>,
        reading: &ReceiptReading<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let read = ReadReceipt::new(receipt);
        let keys = ReceiptKeys::new(self, &read)?;
        let reading = reading.with_ccf_ledger();
        let verifier = ReceiptVerifier::new(&keys, context).with_reading(&reading);
        let ledger = receipt.ccf_ledger()?;
        Ok(ledger.verify_consistency(older, AnchorReading::default(), &verifier)?)
    }
}

/// The keys of a service that answer to a receipt, whatever their entry rules: for receipts whose
/// entry is given, or that are of no entry.
pub(crate) struct ReceiptKeys<'k> {
    keys: &'k [ServiceKey<'k>],
    issuer: Option<&'k str>,
    receipt: &'k ReadReceipt<'k, 'k>,
}

impl<'k> ReceiptKeys<'k> {
    /// Picks them.
    ///
    /// # Errors
    ///
    /// If there is not at least one, or the receipt claims another issuer than the service is
    /// enrolled for.
    pub(crate) fn new(
        service: &'k TrustedService<'k>,
        receipt: &'k ReadReceipt<'k, 'k>,
    ) -> Result<Self, Error> {
        if let Some(enrolled) = service.issuer
            && receipt.facts.issuer != Some(enrolled)
        {
            return Err(Error::refused(Rule::ReceiptIssuer));
        }
        let keys = Self { keys: service.keys, issuer: service.issuer, receipt };
        let mut refused = Error::refused(Rule::ReceiptTrusted);
        for key in service.keys.iter().filter(|key| key.answers_to(receipt)) {
            match key.check(receipt) {
                Ok(()) => return Ok(keys),
                Err(error) => refused = refused.more_specific(error),
            }
        }
        Err(refused)
    }
}

impl KeyResolver for ReceiptKeys<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let offered =
            |key: &&ServiceKey<'_>| key.answers_to(self.receipt) && key.check(self.receipt).is_ok();
        for key in self.keys.iter().filter(offered) {
            let mut flow = ControlFlow::Continue(());
            key.key.candidates(hint, context, &mut |candidate| {
                let issuer = candidate.issuer.or(self.issuer);
                flow = each(Candidate { named: true, issuer, ..candidate });
                flow
            });
            if flow.is_break() {
                return;
            }
        }
    }
}
