//! Receipts made for the tests: a log, a ledger, and messages written by hand.

use cose_ext::Content;
use cose_ext::cbor::Int;
use cose_ext::header::{Vdp, Vds};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{Ed25519SigningKey, RustCrypto};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, IntOrText, Label, MapBuilder, Profile, Value, Verified};
use merkle_proof::ccf::{AnchorReading, CcfSha256Tree, Leaf, PathElement};
use merkle_proof::cose::{
    Error, Receipt, ReceiptBuilder, ReceiptReading, ReceiptVerifier, SignedRoot,
    encode_ccf_consistency, encode_ccf_inclusion, encode_consistency, encode_inclusion,
};
use merkle_proof::{
    CcfLedger, LeafIndex, MemoryTree, Rfc9162Tree, Sha256Tree, TreeHead, TreeSize, TrustedRoot,
    UnauthenticatedPosition,
};
use testkit::fixed_keys::{ED25519_RFC8032_1, ED25519_RFC8032_2};

pub(crate) type Head = TreeHead<Rfc9162Tree, [u8; 32]>;
pub(crate) type Sha256Leaf<'a> = Leaf<'a, [u8; 32]>;
pub(crate) type LedgerProof = merkle_proof::ccf::ConsistencyProof<[u8; 32]>;

pub(crate) const LEDGER: ReceiptReading<'static> = ReceiptReading::DEFAULT.with_ccf_ledger();

pub(crate) fn signer() -> Ed25519SigningKey {
    Ed25519SigningKey::from_bytes(&ED25519_RFC8032_1.private).unwrap()
}

pub(crate) fn stranger() -> Ed25519SigningKey {
    Ed25519SigningKey::from_bytes(&ED25519_RFC8032_2.private).unwrap()
}

pub(crate) fn position(tree_size: u64, leaf_index: u64) -> UnauthenticatedPosition {
    UnauthenticatedPosition { tree_size, leaf_index }
}

/// Entry `i` is the byte `i`.
pub(crate) fn log(size: u8) -> MemoryTree<Sha256Tree> {
    let mut log = MemoryTree::new(Sha256Tree);
    (0..size).for_each(|entry| {
        log.append(&[&[entry]]);
    });
    log
}

pub(crate) fn root_of(log: &MemoryTree<Sha256Tree>) -> [u8; 32] {
    *log.head().root.hash()
}

pub(crate) fn inclusion(log: &MemoryTree<Sha256Tree>, index: u64) -> Vec<u8> {
    let path = log.inclusion_path(LeafIndex(index), TreeSize(log.size())).unwrap();
    encode_inclusion(position(log.size(), index), &path)
}

pub(crate) fn consistency(log: &MemoryTree<Sha256Tree>, older: u64) -> Vec<u8> {
    encode_consistency(
        TreeSize(older),
        TreeSize(log.size()),
        &log.consistency_path(TreeSize(older), TreeSize(log.size())).unwrap(),
    )
}

/// Leaf `i` of the ledger has 32 times the byte `i` as data hash.
pub(crate) fn ledger_leaf(index: u8) -> Sha256Leaf<'static> {
    Leaf::new(&[0xee; 32], "ce:2.18", &[index; 32]).unwrap()
}

pub(crate) fn ledger(size: u8) -> MemoryTree<CcfSha256Tree> {
    let mut ledger = MemoryTree::new(CcfSha256Tree);
    (0..size).for_each(|leaf| {
        ledger.append_leaf(ledger_leaf(leaf).hash(&CcfSha256Tree));
    });
    ledger
}

pub(crate) fn ledger_root(
    ledger: &MemoryTree<CcfSha256Tree>,
    size: u64,
) -> TrustedRoot<CcfLedger, [u8; 32]> {
    ledger.head_at(size).unwrap().root
}

pub(crate) fn ledger_inclusion(ledger: &MemoryTree<CcfSha256Tree>, index: u8) -> Vec<u8> {
    let path = ledger.ccf_inclusion_path(LeafIndex(index.into()), TreeSize(ledger.size())).unwrap();
    encode_ccf_inclusion(&ledger_leaf(index), &path)
}

pub(crate) fn ledger_consistency(proof: &LedgerProof) -> Vec<u8> {
    encode_ccf_consistency(&proof.anchor, &proof.path)
}

/// A receipt of the log with these proofs.
pub(crate) fn log_receipt(proofs: &[Vec<u8>], root: &[u8; 32]) -> Vec<u8> {
    let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256).key_id(b"log");
    let receipt = proofs.iter().fold(receipt, |receipt, proof| receipt.inclusion(proof.clone()));
    receipt.sign(root, &signer()).unwrap()
}

pub(crate) fn ledger_receipt(proofs: &[Vec<u8>], root: &[u8; 32]) -> Vec<u8> {
    let receipt = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256).key_id(b"log");
    let receipt = proofs.iter().fold(receipt, |receipt, proof| receipt.inclusion(proof.clone()));
    receipt.sign(root, &signer()).unwrap()
}

/// A message that is to be a receipt, with any `vds` and any `vdp`.
pub(crate) fn by_hand(vds: i64, vdp: &MapBuilder) -> Sign1Builder {
    Sign1Builder::new().key_id(b"log").protected(Label::VDS, vds).unprotected(Label::VDP, vdp)
}

pub(crate) fn signed(message: Sign1Builder, content: Content<'_>) -> Vec<u8> {
    message.sign(content, &signer()).unwrap()
}

/// `{-1: [<<proof>>]}`.
pub(crate) fn one_proof(kind: IntOrText<'static>, proof: Value<'_>) -> MapBuilder {
    MapBuilder::new().with(kind, Value::Array(&[Value::Bytes(&proof.to_bytes())]))
}

pub(crate) fn as_inclusion(proof: Value<'_>) -> MapBuilder {
    one_proof(Vdp::INCLUSION, proof)
}

pub(crate) fn uint(value: u64) -> Value<'static> {
    Value::Int(Int::unsigned(value))
}

pub(crate) fn element(left: bool, hash: [u8; 32]) -> PathElement<[u8; 32]> {
    PathElement { left, hash }
}

/// Decodes and verifies an inclusion receipt under the log's key.
pub(crate) fn verify<'a>(
    receipt: &'a [u8],
    entry: &[u8],
    reading: &ReceiptReading<'_>,
) -> Result<Verified<SignedRoot<'a>>, Error> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT)?;
    with_key(|key, context| {
        receipt
            .verify_inclusion(&[entry], &ReceiptVerifier::new(key, context).with_reading(reading))
    })
}

pub(crate) fn verify_consistency<'a>(
    receipt: &'a [u8],
    older: &Head,
) -> Result<Verified<SignedRoot<'a>>, Error> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT)?;
    with_key(|key, context| {
        receipt.rfc9162().and_then(|receipt| {
            receipt.verify_consistency(older, &ReceiptVerifier::new(key, context))
        })
    })
}

pub(crate) fn verify_ledger_consistency<'a>(
    receipt: &'a [u8],
    older: &TrustedRoot<CcfLedger, [u8; 32]>,
) -> Result<Verified<SignedRoot<'a>>, Error> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT)?;
    with_key(|key, context| {
        let anchor = AnchorReading::Strict;
        receipt.ccf_ledger().and_then(|receipt| {
            receipt.verify_consistency(
                older,
                anchor,
                &ReceiptVerifier::new(key, context).with_reading(&LEDGER),
            )
        })
    })
}

pub(crate) fn with_key<T>(then: impl FnOnce(&TrustedKey<'_>, &Context<'_>) -> T) -> T {
    let key = signer().public_key();
    let context = Context::new(&RustCrypto);
    let key = TrustedKey::new(&key, &context).unwrap().with_key_id(b"log");
    then(&key, &context)
}
