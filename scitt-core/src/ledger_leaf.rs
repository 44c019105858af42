//! The leaves of a service whose log has the shape of a CCF ledger.

use alloc::{format, string::String, vec::Vec};

use cose_ext::Context;
use merkle_proof::ccf::Leaf;

use crate::{Error, content_digest::sha256};

/// Separates these hashes from all others.
const PREFIX: &[u8] = b"scitt-core ledger entry\0";

/// A leaf of draft-ietf-scitt-receipts-ccf-profile 2.2. A ledger takes the first two components
/// from its consensus; here they follow from the data hash and the index, so that nothing but the
/// tree has to be kept.
pub(crate) struct LedgerLeaf {
    transaction: [u8; 32],
    evidence: String,
    data_hash: [u8; 32],
}

impl LedgerLeaf {
    pub(crate) fn new(
        data_hash: &[u8; 32],
        index: u64,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let transaction = sha256(context, &[PREFIX, &index.to_be_bytes(), data_hash])?;
        let commit = sha256(context, &[PREFIX, b"evidence", &transaction])?;
        let commit: String = commit.iter().map(|byte| format!("{byte:02x}")).collect();
        let number = index.saturating_add(1);
        let evidence = format!("ce:1.{number}:{commit}");
        Ok(Self { transaction, evidence, data_hash: *data_hash })
    }

    /// Returns what is hashed into the leaf.
    pub(crate) fn to_be_hashed(&self, context: &Context<'_>) -> Result<[u8; 96], Error> {
        let evidence = sha256(context, &[self.evidence.as_bytes()])?;
        let parts: Vec<u8> = [self.transaction, evidence, self.data_hash].concat();
        Ok(parts.try_into().unwrap_or([0; 96]))
    }

    /// Returns the leaf as a proof shows it.
    pub(crate) fn as_leaf(&self) -> Result<Leaf<'_, [u8; 32]>, Error> {
        let leaf = Leaf::new(&self.transaction, &self.evidence, &self.data_hash);
        leaf.map_err(|error| merkle_proof::cose::Error::from(error).into())
    }
}
