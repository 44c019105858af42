//! Receipts of RFC 9162 trees: what verifies is the root of the log, and what has a change in it does not.

use cose_ext::crypto::HashFunction;
use cose_ext::header::Vds;
use cose_ext::rustcrypto::{Sha256, Sha512};
use fuzz::Chosen;
use merkle_proof::cose::{
    AttachedRoot, CoseTree, InclusionProof, Structure, encode_consistency, encode_inclusion,
    verify_inclusion_receipts,
};
use merkle_proof::{
    LeafIndex, MemoryTree, Rfc9162Tree, Sha256Tree, TreeHash, TreeSize, UnauthenticatedPosition,
};

use crate::{
    SIGNER, attached, builder, change, decode, item, reading, readings, refused, verifying,
};

const VDS: Vds = Vds::RFC9162_SHA256;

pub fn check(chosen: &mut Chosen<'_>) {
    let leaves = 1 + u64::from(chosen.byte() % 40);
    let (index, older) = (u64::from(chosen.byte()) % leaves, 1 + u64::from(chosen.byte()) % leaves);
    let mut log = MemoryTree::new(Sha256Tree);
    (0..leaves as u8).for_each(|leaf| _ = log.append(&[&[leaf]]));
    inclusion(chosen, &log, index);
    consistency(chosen, &log, older);
    batch(chosen, &log);
    hashes();
}

fn proof(
    log: &MemoryTree<Sha256Tree>,
    leaf_index: u64,
) -> (Vec<[u8; 32]>, UnauthenticatedPosition) {
    let path = log.inclusion_path(LeafIndex(leaf_index), TreeSize(log.size())).expect("a leaf");
    (path, UnauthenticatedPosition { tree_size: log.size(), leaf_index })
}

fn inclusion(chosen: &mut Chosen<'_>, log: &MemoryTree<Sha256Tree>, index: u64) {
    let root = *log.head().root.hash();
    let (mut path, position) = proof(log, index);
    let right = encode_inclusion(position, &path);
    let changed = change(&mut path, chosen);
    let encoded = encode_inclusion(position, &path);
    let read = InclusionProof::read(&item(&encoded)).expect("it was made");
    assert_eq!(read.position(), position);
    assert!(read.path().map(|hash| hash.expect("bytes")).eq(&path));
    // One proof, or the right one behind a changed one: the root is one that some proof leads to.
    let second = chosen.byte() % 4 == 0;
    let mut receipt = builder(VDS).inclusion(encoded.clone());
    if second {
        receipt = receipt.inclusion(right);
    }
    let receipt = receipt.sign(&root, &SIGNER).expect("a receipt");
    let receipt = decode(&receipt);
    assert!(matches!(receipt.structure(), Ok(Structure::Rfc9162(_))));
    assert!(receipt.ccf_ledger().is_err() && receipt.mmr().is_err());
    let entry = [index as u8];
    let verify = |reading: &_, entry: &[u8]| {
        verifying(reading, |verifier| {
            receipt.verify_inclusion(&[entry], verifier).map(|root| *root.value().hash())
        })
    };
    // A proof that leads nowhere spoils the receipt, one that leads elsewhere does not.
    let verdict = verify(&reading(), &entry);
    match verdict {
        Ok(found) => assert!(found == root && (!changed || second)),
        Err(error) => {
            assert!(changed);
            refused(&error);
        }
    }
    assert!(verify(&reading(), b"another").is_err());
    for (reading, good) in readings(!path.is_empty()) {
        assert_eq!(verify(&reading, &entry).is_ok(), verdict.is_ok() && good);
    }
    // A root that stands in the receipt has to be the one that the proof leads to.
    let wrong = chosen.byte() % 4 == 1;
    let shown = if wrong { [7; 32] } else { root };
    let shown = attached(VDS, &encoded, &shown);
    let shown = decode(&shown);
    let equal = reading().with_attached_root(AttachedRoot::AcceptedWhenEqual);
    for (reading, good) in [(reading(), false), (equal, !changed && !wrong)] {
        let verdict =
            verifying(&reading, |verifier| shown.verify_inclusion(&[&entry], verifier).map(|_| ()));
        assert_eq!(verdict.is_ok(), good);
        verdict.err().iter().for_each(refused);
    }
}

fn consistency(chosen: &mut Chosen<'_>, log: &MemoryTree<Sha256Tree>, older: u64) {
    let head = log.head();
    let path = log.consistency_path(TreeSize(older), TreeSize(head.size)).expect("a smaller size");
    let mut other = path.clone();
    let changed = change(&mut other, chosen);
    let receipt = builder(VDS)
        .consistency(encode_consistency(TreeSize(older), TreeSize(head.size), &other))
        .sign(head.root.hash(), &SIGNER);
    let receipt = receipt.expect("a receipt");
    let receipt = decode(&receipt).rfc9162().expect("of that structure");
    assert_eq!(receipt.receipt().vds(), VDS);
    for proof in receipt.consistency_proofs().expect("there is one") {
        let proof = proof.expect("it was made");
        assert_eq!(proof.danger_unauthenticated_older_size(), older);
        assert_eq!(proof.danger_unauthenticated_newer_size(), head.size);
    }
    assert!(receipt.inclusion_proofs().is_err());
    let held = log.head_at(older).expect("a smaller size");
    let verify = |held| {
        verifying(&reading(), |verifier| {
            receipt.verify_consistency(held, verifier).map(|root| {
                let root = root.value();
                assert_eq!(root.rfc9162(), Some(head.root));
                assert!(root.ccf_ledger().is_none() && root.mountain_range().is_none());
                assert_eq!(root.protected().key_id(), Ok(Some(&b"1"[..])));
            })
        })
    };
    let verdict = verify(&held);
    assert_eq!(verdict.is_ok(), !changed);
    verdict.err().iter().for_each(refused);
    let other = log.head_at(older - 1).expect("a smaller size");
    refused(&verify(&other).expect_err("it is not the head that is held"));
}

/// Each of many receipts has the verdict that it has alone.
fn batch(chosen: &mut Chosen<'_>, log: &MemoryTree<Sha256Tree>) {
    let root = *log.head().root.hash();
    let mut made = Vec::new();
    for index in 0..log.size().min(20) {
        let (mut path, position) = proof(log, index);
        change(&mut path, chosen);
        let proof = encode_inclusion(position, &path);
        let mut receipt = builder(VDS).inclusion(proof.clone());
        match chosen.byte() % 8 {
            0 => receipt = receipt.inclusion(proof),
            1 => receipt = builder(Vds::MMR_SHA256).inclusion(proof),
            2 => receipt = receipt.key_id(b"another"),
            3 => receipt = receipt.certified_by(&[b"of a certificate"]),
            _ => {}
        }
        made.push(receipt.sign(&root, &SIGNER).expect("a receipt"));
    }
    let entries: Vec<[u8; 1]> = (0..20).map(|entry| [entry]).collect();
    let entries: Vec<[&[u8]; 1]> = entries.iter().map(|entry| [&entry[..]]).collect();
    let receipts: Vec<_> = made.iter().map(|receipt| decode(receipt)).collect();
    let mut answers = 0;
    verifying(&reading(), |verifier| {
        let lent = receipts.iter().zip(&entries).map(|(receipt, entry)| (*receipt, &entry[..]));
        verify_inclusion_receipts(&Sha256Tree, lent, verifier, |place, verdict| {
            answers += 1;
            let alone = receipts[place].verify_inclusion(&entries[place], verifier);
            let hash =
                |verdict: Result<cose_ext::Verified<merkle_proof::cose::SignedRoot<'_>>, _>| {
                    verdict.map(|root| (*root.value().hash(), root.by().notes()))
                };
            assert_eq!(hash(verdict), hash(alone), "{place}");
        });
    });
    assert_eq!(answers, receipts.len());
}

/// A tree over a provider's hash function is the tree; there is none over another one.
fn hashes() {
    assert!(CoseTree::<Rfc9162Tree>::new(&Sha512).is_none());
    let tree = CoseTree::<Rfc9162Tree>::new(&Sha256).expect("SHA-256");
    assert_eq!(tree.empty(), Sha256Tree.empty());
    assert_eq!(tree.empty()[..], *Sha256.hash(&[]).as_ref());
}
