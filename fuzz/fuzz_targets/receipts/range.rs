//! Mountain ranges, and their receipts.

use cose_ext::header::Vds;
use cose_ext::rustcrypto::Sha256;
use fuzz::Chosen;
use merkle_proof::MountainRange;
use merkle_proof::cose::{CoseTree, Structure, encode_mmr_consistency, encode_mmr_inclusion};
use merkle_proof::mmr::{
    self, Accumulator, MemoryMmr, Mmr, MmrHash, MmrSha256, height, leaf_count, leaf_node,
    path_indices, peaks, root_from_inclusion, size_of,
};

use crate::{SIGNER, attached, builder, change, decode, reading, readings, refused, verifying};

const VDS: Vds = Vds::MMR_SHA256;

pub fn check(chosen: &mut Chosen<'_>) {
    let leaves = 1 + u64::from(chosen.byte() % 40);
    let leaf = u64::from(chosen.byte()) % leaves;
    let older = size_of(u64::from(chosen.byte()) % leaves).expect("few leaves");
    let mut range = MemoryMmr::new(MmrSha256);
    for entry in 0..leaves as u8 {
        let node = range.append(&[&[entry]]).expect("few leaves");
        assert_eq!(Some(node), leaf_node(entry.into()));
    }
    let state = *range.accumulator();
    assert_eq!((state.leaves(), Some(state.size())), (leaves, size_of(leaves)));
    shape(&range, &state);
    inclusion(chosen, &range, leaf);
    consistency(chosen, &range, older);
    numbers(chosen);
    hashes();
}

/// Peaks descend, and a state is its size and its peaks.
fn shape(range: &MemoryMmr<MmrSha256>, state: &Accumulator<[u8; 32]>) {
    let size = state.size();
    let tops: Vec<_> = peaks(size).expect("a complete range").collect();
    assert!(tops.windows(2).all(|two| two[0].height > two[1].height));
    assert!(tops.iter().all(|peak| height(peak.index) == peak.height));
    assert!(state.peaks().eq(tops.iter().filter_map(|peak| range.node(peak.index))));
    assert_eq!(range.accumulator_at(size).as_ref(), Ok(state));
    let kept: Vec<_> = state.peaks().copied().collect();
    assert_eq!(Accumulator::from_peaks(size, &kept).as_ref(), Ok(state));
    for wrong in [&kept[1..], &[&kept[..], &kept[..1]].concat()] {
        assert!(Accumulator::<[u8; 32]>::from_peaks(size, wrong).is_err());
    }
    assert!(format!("{state:?}").contains("size"));
    assert_eq!(Accumulator::<[u8; 32]>::default().leaves(), 0);
    // Two trees of one height are one: no range has this size.
    assert!(leaf_count(2).is_err() && range.accumulator_at(2).is_err());
}

fn inclusion(chosen: &mut Chosen<'_>, range: &MemoryMmr<MmrSha256>, leaf: u64) {
    let state = range.accumulator();
    let index = leaf_node(leaf).expect("few leaves");
    let entry = [leaf as u8];
    let value = MmrSha256.leaf(&[&entry]);
    assert_eq!(range.node(index), Some(&value));
    let mut path = range.inclusion_path(index, state.size()).expect("a leaf");
    assert_eq!(path_indices(index, state.size()).map(|nodes| nodes.count()), Ok(path.len()));
    assert!(range.inclusion_path(state.size(), state.size()).is_err());
    let changed = change(&mut path, chosen);
    let verdict = mmr::verify_inclusion(&MmrSha256, &value, index, &path, state);
    assert_eq!(verdict.is_ok(), !changed);
    if let Err(error) = verdict {
        assert!(!error.to_string().is_empty());
    }
    assert!(mmr::verify_inclusion(&MmrSha256, &value, state.size(), &path, state).is_err());
    // A receipt is signed over one peak: that which the path leads to.
    let top = peaks(state.size()).expect("complete").find(|peak| index <= peak.index);
    let top = *top.and_then(|peak| range.node(peak.index)).expect("above the leaf");
    let encoded = encode_mmr_inclusion(index, &path);
    let receipt = builder(VDS).inclusion(encoded.clone()).sign(&top, &SIGNER).expect("a receipt");
    let receipt = decode(&receipt);
    assert!(matches!(receipt.structure(), Ok(Structure::Mmr(_))) && receipt.rfc9162().is_err());
    let verify = |reading: &_, entry: &[u8]| {
        verifying(reading, |verifier| {
            receipt.verify_inclusion(&[entry], verifier).map(|root| {
                let root = root.value();
                assert_eq!(root.mountain_range().map(|root| *root.hash()), Some(top));
                assert!(root.rfc9162().is_none() && root.ccf_ledger().is_none());
            })
        })
    };
    let verdict = verify(&reading(), &entry);
    assert_eq!(verdict.is_ok(), !changed);
    verdict.err().iter().for_each(refused);
    refused(&verify(&Default::default(), &entry).expect_err("nobody asked for it"));
    // What may be an interior node is no entry.
    refused(&verify(&reading(), &[7; 72]).expect_err("as long as a node's input"));
    for (reading, good) in readings(!path.is_empty()) {
        assert_eq!(verify(&reading, &entry).is_ok(), !changed && good);
    }
    let led = root_from_inclusion(&MmrSha256, &value, index, &path);
    assert_eq!(led.is_ok_and(|led| *led.unconfirmed() == top), !changed);
    let read = receipt.mmr().expect("of that structure");
    for proof in read.inclusion_proofs().expect("there is one") {
        assert_eq!(proof.expect("it was made").danger_unauthenticated_index(), index);
    }
    // An interior node is no leaf, and the peak is never in the receipt.
    let inner = encode_mmr_inclusion(2, &path);
    let inner = builder(VDS).inclusion(inner).sign(&top, &SIGNER).expect("a receipt");
    let shown = attached(VDS, &encoded, &top);
    for wrong in [&inner, &shown] {
        let wrong = decode(wrong);
        let verdict = verifying(&reading(), |verifier| {
            wrong.verify_inclusion(&[&entry], verifier).map(|_| ())
        });
        refused(&verdict.expect_err("it is none"));
    }
}

fn consistency(chosen: &mut Chosen<'_>, range: &MemoryMmr<MmrSha256>, older: u64) {
    let state = range.accumulator();
    let held = range.accumulator_at(older).expect("a smaller range");
    let mut proof = range.consistency_proof(older, state.size()).expect("a smaller range");
    let mut changed = change(&mut proof.right_peaks, chosen);
    let place = usize::from(chosen.byte()) % proof.paths.len().max(1);
    if let Some(path) = proof.paths.get_mut(place) {
        changed |= change(path, chosen);
    }
    if chosen.byte() % 16 == 0 {
        proof.paths.push(Vec::new());
        changed = true;
    }
    let encoded = encode_mmr_consistency(older, state.size(), &proof);
    let receipt = builder(VDS).consistency(encoded).sign_accumulator(state, &SIGNER);
    let receipt = receipt.expect("a receipt");
    let receipt = decode(&receipt).mmr().expect("of that structure");
    assert_eq!(receipt.receipt().vds(), VDS);
    for proof in receipt.consistency_proofs().expect("there is one") {
        let proof = proof.expect("it was made");
        assert_eq!(proof.danger_unauthenticated_older_size(), older);
        assert_eq!(proof.danger_unauthenticated_newer_size(), state.size());
        let led = proof.accumulator(&MmrSha256, &held);
        let led = led.map_err(|error| refused(&error)).ok();
        assert_eq!(led.is_some_and(|led| led.confirm(state).is_ok()), !changed);
    }
    let verify = |held| {
        verifying(&reading(), |verifier| {
            receipt.verify_consistency(held, verifier).map(|signed| {
                assert_eq!(signed.value().accumulator(), state);
            })
        })
    };
    let verdict = verify(&held);
    assert_eq!(verdict.is_ok(), !changed);
    verdict.err().iter().for_each(refused);
    let mut other = held;
    other.append_leaf(&MmrSha256, [7; 32], |_, _| ()).expect("few leaves");
    refused(&verify(&other).expect_err("it is not the state that is held"));
}

/// Sizes and places up to the greatest number.
fn numbers(chosen: &mut Chosen<'_>) {
    let number = u64::from_be_bytes(core::array::from_fn(|_| chosen.byte()));
    for size in [number, number >> 40, u64::MAX] {
        assert!(height(size) < 64);
        match leaf_count(size) {
            // The last one is full, and is counted no further.
            Ok(leaves) => assert_eq!(size_of(leaves), Some(size).filter(|size| *size < u64::MAX)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        if let Some(whole) = size_of(size) {
            assert_eq!(leaf_count(whole), Ok(size));
            assert!(peaks(whole).is_ok_and(|peaks| peaks.count() == size.count_ones() as usize));
            let path = path_indices(whole / 2, whole).map(|nodes| nodes.count());
            assert!(path.is_ok_and(|path| path < 64) || whole == 0);
        }
        let value = [7; 32];
        let led = root_from_inclusion(&MmrSha256, &value, size, [[1; 32]; 3]);
        assert!(led.is_ok() || size > u64::MAX - 8);
    }
}

/// The ranges over a user's hash function and over a provider's are the one over ours.
fn hashes() {
    let foreign = Mmr::<sha2::Sha256>::default();
    let ours = CoseTree::<MountainRange>::new(&Sha256).expect("SHA-256");
    let leaf = MmrSha256.leaf(&[b"le", b"af"]);
    assert_eq!(
        (foreign.leaf(&[b"leaf"])[..].to_vec(), ours.leaf(&[b"leaf"])),
        (leaf.to_vec(), leaf)
    );
    let node = (&MmrSha256).node(3, &leaf, &leaf);
    assert_eq!(foreign.node(3, &leaf.into(), &leaf.into())[..], node);
    assert_eq!(ours.node(3, &leaf, &leaf), node);
    assert_eq!((&MmrSha256).leaf(&[b"leaf"]), leaf);
    assert_eq!(format!("{foreign:?}"), "Mmr");
}
