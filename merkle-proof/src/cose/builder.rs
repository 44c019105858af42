//! Making receipts.

use alloc::vec::Vec;

use cose_ext::{
    Content, Error, Label, MapBuilder, Value,
    cbor::Int,
    crypto::Signer,
    header::{Vdp, Vds},
    sign1::{Sign1Builder, ToBeSigned},
};

use super::mmr_receipt::TREE_SIZE_2;
use crate::{
    TreeSize, UnauthenticatedPosition,
    ccf::{Leaf, PathElement},
    mmr::{self, Accumulator},
};

/// Makes a receipt (RFC 9942 4.3): the root is signed and detached.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Context, Profile, header::Vds, key::TrustedKey};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
/// use merkle_proof::{LeafIndex, MemoryTree, Sha256Tree, TreeSize, UnauthenticatedPosition};
/// use merkle_proof::cose::{Receipt, ReceiptBuilder, ReceiptVerifier, encode_inclusion};
///
/// // The log: an entry, its path, and a signature over the root.
/// let mut tree = MemoryTree::new(Sha256Tree);
/// tree.append(&[b"first"]);
/// tree.append(&[b"second"]);
/// let position = UnauthenticatedPosition { tree_size: 2, leaf_index: 1 };
/// let proof = encode_inclusion(position, &tree.inclusion_path(LeafIndex(1), TreeSize(2))?);
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let builder = ReceiptBuilder::new(Vds::RFC9162_SHA256).inclusion(proof);
/// let bytes = builder.sign(tree.head().root.hash(), &key)?;
///
/// // Whoever has the entry, the receipt and the log's public key.
/// let context = Context::new(&RustCrypto);
/// let public = key.public_key();
/// let keys = TrustedKey::new(&public, &context)?;
/// let receipt = Receipt::decode(&bytes, &Profile::LENIENT)?;
/// let verifier = ReceiptVerifier::new(&keys, &context);
/// let root = receipt.verify_inclusion(&[b"second"], &verifier)?;
/// assert_eq!(root.value().hash(), tree.head().root.hash());
/// assert!(receipt.verify_inclusion(&[b"third"], &verifier).is_err());
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReceiptBuilder {
    message: Sign1Builder,
    inclusion: Vec<Vec<u8>>,
    consistency: Vec<Vec<u8>>,
}

impl ReceiptBuilder {
    /// Begins a receipt of `vds` without proofs.
    #[must_use]
    pub fn new(vds: Vds) -> Self {
        let message = Sign1Builder::new().protected(Label::VDS, Value::Int(vds.value()));
        Self { message, inclusion: Vec::new(), consistency: Vec::new() }
    }

    /// Sets `kid`, protected.
    #[must_use]
    pub fn key_id(mut self, key_id: &[u8]) -> Self {
        self.message = self.message.key_id(key_id);
        self
    }

    /// Sets the CWT Claims, protected. RFC 9943 requires issuer and subject.
    #[must_use]
    pub fn cwt_claims(mut self, claims: &MapBuilder) -> Self {
        self.message = self.message.cwt_claims(claims);
        self
    }

    /// Sets `x5chain`, protected: the certificate of the key, DER, and those between it and the
    /// authority that verifiers trust. Without any nothing is set.
    #[must_use]
    pub fn certified_by(mut self, chain: &[&[u8]]) -> Self {
        self.message = self.message.x5chain(chain);
        self
    }

    /// Adds an inclusion proof, encoded by [`encode_inclusion`] or [`encode_ccf_inclusion`].
    #[must_use]
    pub fn inclusion(mut self, proof: Vec<u8>) -> Self {
        self.inclusion.push(proof);
        self
    }

    /// Adds a consistency proof, encoded by [`encode_consistency`] or [`encode_ccf_consistency`].
    #[must_use]
    pub fn consistency(mut self, proof: Vec<u8>) -> Self {
        self.consistency.push(proof);
        self
    }

    /// Signs `root`.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the signer refuses.
    pub fn sign(self, root: &[u8; 32], signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        self.with_proofs().sign(Content::Detached(root), signer)
    }

    /// Prepares what is to be signed, for a key that lives elsewhere: the first of two steps.
    ///
    /// # Errors
    ///
    /// If the headers break a rule.
    pub fn prepare(
        self,
        algorithm: cose_ext::crypto::Algorithm,
        root: &[u8; 32],
    ) -> Result<ToBeSigned<'_>, Error> {
        self.with_proofs().prepare(algorithm, Content::Detached(root))
    }

    /// Signs the state of a mountain range, for a receipt of consistency: size and peaks.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the signer refuses.
    pub fn sign_accumulator(
        mut self,
        state: &Accumulator<[u8; 32]>,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, Error> {
        let peaks: Vec<u8> = state.peaks().flatten().copied().collect();
        let size = Value::Int(Int::unsigned(state.size()));
        self.message = self.message.protected(TREE_SIZE_2, size);
        self.with_proofs().sign(Content::Detached(&peaks), signer)
    }

    fn with_proofs(self) -> Sign1Builder {
        let mut vdp = MapBuilder::new();
        for (kind, proofs) in
            [(Vdp::INCLUSION, &self.inclusion), (Vdp::CONSISTENCY, &self.consistency)]
        {
            let proofs: Vec<Value<'_>> = proofs.iter().map(|proof| Value::Bytes(proof)).collect();
            if !proofs.is_empty() {
                vdp = vdp.with(kind, proofs.as_slice());
            }
        }
        self.message.unprotected(Label::VDP, &vdp)
    }
}

/// Encodes `[tree-size, leaf-index, path]` (RFC 9942 5.2).
pub fn encode_inclusion<H: AsRef<[u8]>>(position: UnauthenticatedPosition, path: &[H]) -> Vec<u8> {
    encode_sizes(position.tree_size, position.leaf_index, path)
}

/// Encodes `[tree-size-1, tree-size-2, path]` (RFC 9942 5.3).
pub fn encode_consistency<H: AsRef<[u8]>>(older: TreeSize, newer: TreeSize, path: &[H]) -> Vec<u8> {
    encode_sizes(older.0, newer.0, path)
}

fn encode_sizes<H: AsRef<[u8]>>(first: u64, second: u64, path: &[H]) -> Vec<u8> {
    let path = hashes(path);
    let int = |value| Value::Int(Int::unsigned(value));
    Value::Array(&[int(first), int(second), Value::Array(&path)]).to_bytes()
}

/// Encodes `{1: leaf, 2: path}` (draft-ietf-scitt-receipts-ccf-profile 3.1).
pub fn encode_ccf_inclusion<B: AsRef<[u8]>>(
    leaf: &Leaf<'_, [u8; 32]>,
    path: &[PathElement<B>],
) -> Vec<u8> {
    let leaf = [
        Value::Bytes(leaf.internal_transaction_hash()),
        Value::Text(leaf.internal_evidence()),
        Value::Bytes(leaf.data_hash()),
    ];
    encode_ccf(Value::Array(&leaf), path)
}

/// Encodes `{1: anchor, 2: path}` (draft-ietf-scitt-receipts-ccf-profile 4).
pub fn encode_ccf_consistency<B: AsRef<[u8]>>(
    anchor: &[u8; 32],
    path: &[PathElement<B>],
) -> Vec<u8> {
    encode_ccf(Value::Bytes(anchor), path)
}

fn encode_ccf<B: AsRef<[u8]>>(first: Value<'_>, path: &[PathElement<B>]) -> Vec<u8> {
    let pairs: Vec<[Value<'_>; 2]> = path
        .iter()
        .map(|element| [Value::Bool(element.left), Value::Bytes(element.hash.as_ref())])
        .collect();
    let path: Vec<Value<'_>> = pairs.iter().map(|pair| Value::Array(pair)).collect();
    MapBuilder::new().with(1, first).with(2, path.as_slice()).to_bytes()
}

/// Encodes `[index, path]` (draft-bryce-cose-receipts-mmr-profile, inclusion proofs).
pub fn encode_mmr_inclusion<H: AsRef<[u8]>>(index: u64, path: &[H]) -> Vec<u8> {
    Value::Array(&[Value::Int(Int::unsigned(index)), Value::Array(&hashes(path))]).to_bytes()
}

/// Encodes `[tree-size-1, tree-size-2, paths, right-peaks]` (draft-bryce-cose-receipts-mmr-profile,
/// consistency proof).
#[must_use]
pub fn encode_mmr_consistency<H: AsRef<[u8]>>(
    older: u64,
    newer: u64,
    proof: &mmr::ConsistencyProof<H>,
) -> Vec<u8> {
    let paths: Vec<Vec<Value<'_>>> = proof.paths.iter().map(|path| hashes(path)).collect();
    let paths: Vec<Value<'_>> = paths.iter().map(|path| Value::Array(path)).collect();
    let int = |value| Value::Int(Int::unsigned(value));
    let right_peaks = hashes(&proof.right_peaks);
    let parts = [int(older), int(newer), Value::Array(&paths), Value::Array(&right_peaks)];
    Value::Array(&parts).to_bytes()
}

fn hashes<H: AsRef<[u8]>>(path: &[H]) -> Vec<Value<'_>> {
    path.iter().map(|hash| Value::Bytes(hash.as_ref())).collect()
}
