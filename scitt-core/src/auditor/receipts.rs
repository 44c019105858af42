//! Receipts beside a replayed log.

use cose_ext::{Context, header::Vds};
use merkle_proof::{
    Rfc9162Tree, TreeHash,
    cose::{Receipt, ReceiptReading, ReceiptVerifier},
};

use super::{AuditedEntry, Auditor};
use crate::{
    Discrepancy, Error, TrustedService, discrepancy::ReceiptKeys, receipt::ReadReceipt,
    service_key::ServiceKey,
};

/// What a receipt is beside a replayed log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum ReceiptAudit {
    /// Its root is the one that the log had at this size.
    Agrees {
        /// The size.
        size: u64,
    },
    /// The log never had its root so far. Either the log was not replayed far enough, or
    /// what was replayed is not the log that the service signed: to be resolved by asking for
    /// consistency.
    Unknown(Discrepancy),
}

impl<T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>> Auditor<T> {
    /// Checks a receipt of `entry`: it is signed by `service`, its proof leads from the entry to
    /// the signed root, and that root is one of the replayed log.
    ///
    /// # Errors
    ///
    /// If the receipt is not one of this entry, or not signed by a key of the service in force.
    pub fn check_receipt(
        &self,
        entry: &AuditedEntry<'_>,
        receipt: &Receipt<'_>,
        service: &TrustedService<'_>,
        context: &Context<'_>,
    ) -> Result<ReceiptAudit, Error> {
        let len = entry.len().saturating_add(receipt.message().bytes().len());
        context.begin(len, |context| {
            let root = self.signed_root(entry, receipt, service, context)?;
            Ok(self.place(root))
        })
    }

    /// Checks a receipt of consistency: the log whose root it signs begins with the replayed log,
    /// as it was at the size that the proof starts from.
    ///
    /// # Errors
    ///
    /// If the receipt starts from a size that was not replayed, does not lead from the replayed
    /// root, or is not signed by a key of the service in force.
    pub fn check_consistency(
        &self,
        receipt: &Receipt<'_>,
        service: &TrustedService<'_>,
        reading: &ReceiptReading<'_>,
        context: &Context<'_>,
    ) -> Result<ReceiptAudit, Error> {
        let proof = receipt.rfc9162()?.consistency_proofs()?.next().transpose()?;
        let older = proof.map_or(0, |proof| proof.danger_unauthenticated_older_size());
        let older = self.tree.head_at(older).map_err(merkle_proof::cose::Error::from)?;
        let grown = service.verify_consistency(&older, receipt, reading, context)?;
        Ok(self.place(*grown.value().hash()))
    }

    /// Where a signed root stands in the log.
    fn place(&self, root: [u8; 32]) -> ReceiptAudit {
        match self.roots.get(&root) {
            Some(size) => ReceiptAudit::Agrees { size: *size },
            None => ReceiptAudit::Unknown(Discrepancy::new(self.head(), root)),
        }
    }
}

impl<T: TreeHash<Hash = [u8; 32]>> Auditor<T> {
    /// The root that a receipt signs over an entry.
    fn signed_root(
        &self,
        entry: &AuditedEntry<'_>,
        receipt: &Receipt<'_>,
        service: &TrustedService<'_>,
        context: &Context<'_>,
    ) -> Result<[u8; 32], Error> {
        let content = self.content(entry, context)?;
        let read = ReadReceipt::new(receipt);
        let keys = ReceiptKeys::new(service, &read)?;
        let reading = reading_of(service.keys, receipt.vds());
        let verifier = ReceiptVerifier::new(&keys, context).with_reading(&reading);
        let signed = receipt.verify_inclusion(&[content.as_bytes()], &verifier);
        Ok(*signed?.value().hash())
    }
}

/// How the receipts of a service are read: its structure is accepted, since a key is enrolled with
/// it.
fn reading_of(keys: &[ServiceKey<'_>], vds: Vds) -> ReceiptReading<'static> {
    let key = keys.iter().find(|key| key.vds == vds);
    key.map_or(ReceiptReading::DEFAULT, |key| key.reading(&ReceiptReading::DEFAULT))
}

impl<T: TreeHash<Kind = merkle_proof::CcfLedger, Hash = [u8; 32]>> Auditor<T> {
    /// Checks a receipt of `entry` in a CCF ledger, as for RFC 9162 logs. `None`: the ledger
    /// never had its root so far.
    ///
    /// # Errors
    ///
    /// If the receipt is not one of this entry, or not signed by a key of the service in force.
    pub fn check_ledger_receipt(
        &self,
        entry: &AuditedEntry<'_>,
        receipt: &Receipt<'_>,
        service: &TrustedService<'_>,
        context: &Context<'_>,
    ) -> Result<Option<u64>, Error> {
        let len = entry.len().saturating_add(receipt.message().bytes().len());
        context.begin(len, |context| {
            let root = self.signed_root(entry, receipt, service, context)?;
            Ok(self.roots.get(&root).copied())
        })
    }
}
