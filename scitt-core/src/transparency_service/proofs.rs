//! Proofs out of the log of a service.

use alloc::vec::Vec;

use cose_ext::{Context, header::Vds};
use merkle_proof::{
    LeafIndex, PathNode, Side, TreeSize, UnauthenticatedPosition,
    ccf::PathElement,
    consistency_nodes,
    cose::{encode_ccf_consistency, encode_ccf_inclusion, encode_consistency, encode_inclusion},
    inclusion_nodes,
};

use super::{ServiceError, TransparencyService};
use crate::{
    AsyncLog, EntryId, Error, ErrorKind, LedgerParts, Log,
    ledger_leaf::LedgerLeaf,
    log::{path, subtree_hash},
    ready::now,
};

impl<L: Log> TransparencyService<L> {
    /// Returns what stands beside the statement in the leaf of `entry`, for an auditor; `None`
    /// unless the log has the shape of a CCF ledger.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub fn ledger_parts(
        &self,
        entry: EntryId,
    ) -> Result<Option<LedgerParts>, ServiceError<L::Error>> {
        now(self.ledger_parts_async(entry))
    }
}

impl<L: AsyncLog> TransparencyService<L> {
    /// Reads as [`ledger_parts`](Self::ledger_parts) does, from a log that may have to be waited
    /// for.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub async fn ledger_parts_async(
        &self,
        entry: EntryId,
    ) -> Result<Option<LedgerParts>, ServiceError<L::Error>> {
        if self.log.structure() != Vds::CCF_LEDGER_SHA256 {
            return Ok(None);
        }
        let leaf = self.log.leaf_async(entry.index()).await.map_err(ServiceError::Log)?;
        let parts = leaf.as_deref().and_then(|leaf| leaf.split_first_chunk::<32>());
        Ok(parts.and_then(|(transaction, rest)| {
            let evidence_hash = *rest.first_chunk::<32>()?;
            Some(LedgerParts { transaction: *transaction, evidence_hash })
        }))
    }

    fn beyond<T>(index: u64, size: u64) -> Result<T, ServiceError<L::Error>> {
        let error = merkle_proof::Malformed::IndexNotBelowSize { index, size };
        let error = merkle_proof::cose::Error::from(merkle_proof::Error::from(error));
        Err(Error::from(error).into())
    }

    /// Returns the inclusion proof of `entry` in a tree of `size` leaves, encoded.
    pub(super) async fn inclusion(
        &self,
        entry: EntryId,
        size: u64,
        context: &Context<'_>,
    ) -> Result<Vec<u8>, ServiceError<L::Error>> {
        let index = entry.index();
        let Ok(nodes) = inclusion_nodes(LeafIndex(index), TreeSize(size)) else {
            return Self::beyond(index, size);
        };
        let path = path(&self.log, nodes).await.map_err(ServiceError::Log)?;
        if self.log.structure() != Vds::CCF_LEDGER_SHA256 {
            let path: Vec<_> = path.into_iter().map(|(_, hash)| hash).collect();
            let position = UnauthenticatedPosition { tree_size: size, leaf_index: index };
            return Ok(encode_inclusion(position, &path));
        }
        // The data hash ends what is hashed into the leaf.
        let leaf = self.log.leaf_async(index).await.map_err(ServiceError::Log)?;
        let data_hash = leaf.as_deref().and_then(<[u8]>::last_chunk::<32>);
        let data_hash = *data_hash.ok_or(Error::from(ErrorKind::NotInLog))?;
        let leaf = LedgerLeaf::new(&data_hash, index, context)?;
        let path: Vec<_> = path.into_iter().map(element).collect();
        Ok(encode_ccf_inclusion(&leaf.as_leaf()?, &path))
    }

    /// Returns the proof that the log of `older` leaves is the beginning of the log of `newer`,
    /// encoded.
    pub(super) async fn consistency(
        &self,
        older: u64,
        newer: u64,
        context: &Context<'_>,
    ) -> Result<Vec<u8>, ServiceError<L::Error>> {
        let proof = |error| Error::from(merkle_proof::cose::Error::from(error));
        if newer > self.size() {
            return Self::beyond(newer.saturating_sub(1), self.size());
        }
        let mut nodes = consistency_nodes(TreeSize(older), TreeSize(newer)).map_err(proof)?;
        if self.log.structure() != Vds::CCF_LEDGER_SHA256 {
            let path = path(&self.log, nodes).await.map_err(ServiceError::Log)?;
            let path: Vec<_> = path.into_iter().map(|(_, hash)| hash).collect();
            return Ok(encode_consistency(TreeSize(older), TreeSize(newer), &path));
        }
        // Where the path of RFC 9162 omits its beginning, the older root is the anchor.
        let mut rest = nodes;
        let anchor = match nodes.next() {
            Some(PathNode { side: Side::Anchor, subtree }) => {
                rest = nodes;
                let hash = subtree_hash(&self.log, subtree, [0; 32]).await;
                hash.map_err(ServiceError::Log)?
            }
            _ => self.root_async(older, context).await?,
        };
        let path = path(&self.log, rest).await.map_err(ServiceError::Log)?;
        let path: Vec<_> = path.into_iter().map(element).collect();
        Ok(encode_ccf_consistency(&anchor, &path))
    }
}

const fn element((side, hash): (Side, [u8; 32])) -> PathElement<[u8; 32]> {
    PathElement { left: matches!(side, Side::Left), hash }
}
