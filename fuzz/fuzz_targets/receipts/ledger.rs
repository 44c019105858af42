//! Ledgers of CCF, and their receipts.

use cose_ext::header::Vds;
use cose_ext::rustcrypto::Sha256;
use fuzz::Chosen;
use merkle_proof::ccf::{self, AnchorReading, Ccf, CcfSha256Tree, Leaf, PathElement};
use merkle_proof::cose::{CoseTree, Structure, encode_ccf_consistency, encode_ccf_inclusion};
use merkle_proof::{CcfLedger, LeafIndex, MemoryTree, TreeHash, TreeSize};

use crate::{SIGNER, attached, builder, decode, reading, readings, refused, verifying};

const VDS: Vds = Vds::CCF_LEDGER_SHA256;
const TRANSACTION: [u8; 32] = [3; 32];

pub fn check(chosen: &mut Chosen<'_>) {
    let leaves = 1 + u64::from(chosen.byte() % 40);
    let (index, older) = (u64::from(chosen.byte()) % leaves, 1 + u64::from(chosen.byte()) % leaves);
    let mut log = MemoryTree::new(CcfSha256Tree);
    (0..leaves as u8).for_each(|data| _ = log.append_leaf(leaf(&[data; 32]).hash(&CcfSha256Tree)));
    assert!(Leaf::<[u8; 32]>::new(&TRANSACTION[1..], "evidence", &TRANSACTION).is_err());
    inclusion(chosen, &log, index as u8);
    consistency(chosen, &log, older);
    hashes();
}

fn leaf(data: &[u8; 32]) -> Leaf<'static, [u8; 32]> {
    Leaf::new(&TRANSACTION, "evidence", data).expect("of the right length")
}

/// Changes a side or a hash, or appends or removes an element; returns whether anything is another.
fn change(path: &mut Vec<PathElement<Vec<u8>>>, chosen: &mut Chosen<'_>) -> bool {
    let place = usize::from(chosen.byte()) % path.len().max(1);
    match chosen.byte() % 10 {
        0 => path.push(PathElement { left: true, hash: vec![7; 32] }),
        1 => return path.pop().is_some(),
        2 if !path.is_empty() => path[place].hash[place % 32] ^= 1,
        3 if !path.is_empty() => path[place].left ^= true,
        4 if !path.is_empty() => path[place].hash.truncate(20),
        // More than any tree has.
        5 => path.extend((0..70).map(|_| PathElement { left: false, hash: vec![7; 32] })),
        _ => return false,
    }
    true
}

fn owned(path: &[PathElement<[u8; 32]>]) -> Vec<PathElement<Vec<u8>>> {
    path.iter().map(|it| PathElement { left: it.left, hash: it.hash.to_vec() }).collect()
}

fn inclusion(chosen: &mut Chosen<'_>, log: &MemoryTree<CcfSha256Tree>, index: u8) {
    let head = log.head();
    let path = log.ccf_inclusion_path(LeafIndex(index.into()), TreeSize(head.size));
    let path = owned(&path.expect("a leaf"));
    let (data, mut other) = ([index; 32], path.clone());
    let changed = change(&mut other, chosen);
    let hash = leaf(&data).hash(&CcfSha256Tree);
    let verdict = ccf::verify_inclusion(&CcfSha256Tree, &hash, other.clone(), &head.root);
    assert_eq!(verdict.is_ok(), !changed);
    if let Err(error) = verdict {
        assert!(!error.to_string().is_empty());
    }
    let encoded = encode_ccf_inclusion(&leaf(&data), &other);
    let receipt = builder(VDS).inclusion(encoded.clone()).sign(head.root.hash(), &SIGNER);
    let receipt = receipt.expect("a receipt");
    let receipt = decode(&receipt);
    assert!(
        matches!(receipt.structure(), Ok(Structure::CcfLedger(_))) && receipt.rfc9162().is_err()
    );
    let verify = |reading: &_, entry: &[u8]| {
        verifying(reading, |verifier| {
            receipt.verify_inclusion(&[entry], verifier).map(|root| {
                assert_eq!(root.value().ccf_ledger(), Some(head.root));
                assert!(root.value().rfc9162().is_none());
            })
        })
    };
    let verdict = verify(&reading(), &data);
    assert_eq!(verdict.is_ok(), !changed);
    verdict.err().iter().for_each(refused);
    // Its leaf says what the entry is, and it is accepted by name only.
    refused(&verify(&reading(), &[index ^ 1; 32]).expect_err("another entry"));
    refused(&verify(&Default::default(), &data).expect_err("nobody asked for it"));
    for (reading, good) in readings(!other.is_empty()) {
        assert_eq!(verify(&reading, &data).is_ok(), !changed && good);
    }
    let read = receipt.ccf_ledger().expect("of that structure");
    for proof in read.inclusion_proofs().expect("there is one") {
        let proof = proof.expect("it was made");
        assert_eq!((proof.leaf(), proof.path().count()), (&leaf(&data), other.len()));
        assert_eq!(proof.leaf().internal_evidence(), "evidence");
    }
    // The root is never in it.
    let shown = attached(VDS, &encoded, head.root.hash());
    let shown = decode(&shown);
    let verdict =
        verifying(&reading(), |verifier| shown.verify_inclusion(&[&data], verifier).map(|_| ()));
    refused(&verdict.expect_err("its root is attached"));
}

fn consistency(chosen: &mut Chosen<'_>, log: &MemoryTree<CcfSha256Tree>, older: u64) {
    let (head, held) = (log.head(), log.head_at(older).expect("a smaller size"));
    let proof = match log.ccf_consistency_proof(TreeSize(older), TreeSize(head.size)) {
        Ok(proof) => proof,
        // The path between a tree and itself is empty, which there is no proof for.
        Err(error) => {
            assert_eq!(older, head.size);
            return assert!(!error.to_string().is_empty());
        }
    };
    let (mut anchor, mut path) = (proof.anchor, owned(&proof.path));
    let mut changed = change(&mut path, chosen);
    if chosen.byte() % 8 == 0 {
        anchor[0] ^= 1;
        changed = true;
    }
    let verdict = ccf::verify_consistency(&CcfSha256Tree, &held, &head, &anchor, path.clone());
    assert_eq!(verdict.is_ok(), !changed);
    if let Err(error) = verdict {
        assert!(!error.to_string().is_empty());
    }
    let encoded = encode_ccf_consistency(&anchor, &path);
    let receipt = builder(VDS).consistency(encoded).sign(head.root.hash(), &SIGNER);
    let receipt = receipt.expect("a receipt");
    let receipt = decode(&receipt).ccf_ledger().expect("of that structure");
    assert_eq!(receipt.receipt().vds(), VDS);
    for proof in receipt.consistency_proofs().expect("there is one") {
        let proof = proof.expect("it was made");
        assert_eq!((proof.anchor(), proof.path().count()), (&anchor[..], path.len()));
    }
    for anchors in [AnchorReading::Strict, AnchorReading::AnyThatLeadsToBothRoots] {
        let verdict = verifying(&reading(), |verifier| {
            receipt.verify_consistency(&held.root, anchors, verifier).map(|root| {
                assert_eq!(root.value().ccf_ledger(), Some(head.root));
            })
        });
        assert!(verdict.is_ok() || changed, "it is the log's own proof");
        verdict.err().iter().for_each(refused);
        let roots = ccf::root_from_consistency(&CcfSha256Tree, &anchor, path.clone(), anchors);
        let newer = roots.and_then(|roots| roots.confirm_older(&held.root));
        let newer = newer.and_then(|root| root.confirm(&head.root));
        assert_eq!(newer.is_ok(), verdict.is_ok());
    }
}

/// The trees over a user's hash function and over a provider's are the one over ours.
fn hashes() {
    let foreign = Ccf::<sha2::Sha256>::default();
    let ours = CoseTree::<CcfLedger>::new(&Sha256).expect("SHA-256");
    let leaf = CcfSha256Tree.leaf(&[b"le", b"af"]);
    assert_eq!(
        (foreign.leaf(&[b"leaf"])[..].to_vec(), ours.leaf(&[b"leaf"])),
        (leaf.to_vec(), leaf)
    );
    let node = CcfSha256Tree.node(&leaf, &leaf);
    assert_eq!(foreign.node(&leaf.into(), &leaf.into())[..], node);
    assert_eq!(
        (foreign.empty()[..].to_vec(), ours.empty()),
        (CcfSha256Tree.empty().to_vec(), CcfSha256Tree.empty())
    );
    let (mut leaves, mut nodes) = ([[0; 32]; 2], [[0; 32]]);
    CcfSha256Tree.leaves(&[b"leaf", b"leaf"], &mut leaves);
    CcfSha256Tree.nodes(&leaves, &mut nodes);
    assert_eq!((leaves, nodes), ([leaf; 2], [node]));
    assert_eq!(format!("{foreign:?}"), "Ccf");
}
