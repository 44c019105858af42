//! Arbitrary places are in their trees, proofs have the form that their places ask for, and differ.

use std::{cell::Cell, collections::BTreeSet};

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::{Encoded, View};
use merkle_proof::{
    CompactRange, LeafIndex, MemoryTree, Node, Sha256Tree, Subtree, TreeSize, TrustedRoot,
    UnauthenticatedPosition,
    ccf::{CcfSha256Tree, Leaf},
    cose::{
        CcfConsistencyProof, CcfInclusionProof, ConsistencyProof, InclusionProof,
        MmrConsistencyProof, MmrInclusionProof, Receipt, ReceiptReading, Structure,
    },
    mmr::{Accumulator, MemoryMmr, MmrSha256},
    tlog::{AddCheckpoint, Checkpoint, Note, Tile, TileScheme, TlogProof},
};
use testkit::varieties::{Inputs, needs_no_input};

const INPUTS: Inputs = Inputs { count: 4000, len: 1024 };

fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(each: impl Fn(&T) -> A) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(each)
}

/// Each can be decoded, and nine of ten are different ones.
fn encodings<T: View>(each: impl Fn(T::Of<'_>)) {
    let different = variety::<Encoded<T>, _>(|value| {
        assert!(value.bytes().len() <= 16_384, "{} bytes of 1024", value.bytes().len());
        each(value.view().ok().unwrap());
        value.bytes().to_vec()
    });
    assert!(different > 3600, "{different} of 4000");
}

#[test]
fn places_are_in_their_trees() {
    variety::<UnauthenticatedPosition, _>(|position| {
        assert!(position.leaf_index < position.tree_size);
    });
    let different = variety::<Subtree, _>(|subtree| {
        assert_eq!(Subtree::new(subtree.start(), subtree.end()), Ok(*subtree));
        (subtree.start(), subtree.end())
    });
    assert!(different > 1500, "{different} subtrees");
    variety::<Node, _>(|node| {
        let leaves = 1_u128 << node.level;
        assert!((u128::from(node.index) + 1) * leaves <= 1 << 64);
    });
    let levels = variety::<Tile, _>(|tile| {
        assert_eq!(Tile::parse(&tile.to_string()), Ok(*tile));
        let path = tile.path(TileScheme::SumDb).to_string();
        assert_eq!(Tile::parse_as(&path, TileScheme::SumDb), Ok(*tile));
        (format!("{:?}", tile.kind()), tile.is_partial())
    });
    assert!(levels > 12, "{levels} kinds and levels");
    assert!(variety::<TreeSize, _>(|size| size.0) > 1000);
    assert!(variety::<LeafIndex, _>(|index| index.0) > 1000);
    // Structures, twice an attached root, twice an empty path, and limits.
    assert!(variety::<ReceiptReading<'static>, _>(|reading| format!("{reading:?}")) > 15);
}

#[test]
fn trees_and_ranges_are_whole() {
    variety::<CompactRange<Sha256Tree>, _>(|range| {
        assert_eq!(range.hashes().count(), range.leaves().nodes().count());
        let again = CompactRange::from_hashes(Sha256Tree, range.leaves(), range.hashes()).unwrap();
        assert_eq!(again.root(), range.root());
    });
    let sizes = variety::<MemoryTree<CcfSha256Tree>, _>(|tree| {
        assert_eq!(tree.head().size, tree.size());
        tree.size()
    });
    assert_eq!(sizes, 41, "none to 40 leaves");
    variety::<Accumulator<[u8; 32]>, _>(|range| {
        assert_eq!(range.peaks().count(), usize::try_from(range.leaves().count_ones()).unwrap());
    });
    let sizes = variety::<MemoryMmr<MmrSha256>, _>(|range| range.accumulator().size());
    assert_eq!(sizes, 41);
}

/// How many of all, in hundredths.
fn share(is_true: &Cell<u32>, all: &Cell<u32>) -> u32 {
    is_true.get() * 100 / all.get()
}

#[test]
fn proofs_are_as_long_as_their_places_ask_for() {
    let (led, all) = (Cell::new(0), Cell::new(0));
    let count = |leads: bool| {
        all.set(all.get() + 1);
        led.set(led.get() + u32::from(leads));
    };
    encodings::<InclusionProof<'static>>(|proof| {
        assert!(proof.path().all(|element| element.unwrap().len() == 32));
        count(proof.root(&Sha256Tree, &[1; 32]).is_ok());
    });
    encodings::<ConsistencyProof<'static>>(|proof| {
        assert!(proof.path().all(|element| element.unwrap().len() == 32));
        assert!(
            proof.danger_unauthenticated_older_size() <= proof.danger_unauthenticated_newer_size()
        );
    });
    encodings::<CcfInclusionProof<'static>>(|proof| count(proof.root(&CcfSha256Tree).is_ok()));
    encodings::<CcfConsistencyProof<'static>>(|proof| assert_eq!(proof.anchor().len(), 32));
    encodings::<MmrInclusionProof<'static>>(|proof| {
        count(proof.root(&MmrSha256, &[1; 32]).is_ok());
    });
    // Seven of eight have the length that is due, and those of ledgers may have any.
    assert!(share(&led, &all) > 85, "{} of {} lead to a root", led.get(), all.get());
    let (from_nothing, grown) = (Cell::new(0), Cell::new(0));
    encodings::<MmrConsistencyProof<'static>>(|proof| {
        if proof.danger_unauthenticated_older_size() == 0 {
            from_nothing.set(from_nothing.get() + 1);
            let grows = proof.accumulator(&MmrSha256, &Accumulator::empty()).is_ok();
            grown.set(grown.get() + u32::from(grows));
        }
    });
    assert!(from_nothing.get() > 10, "{} from the empty range", from_nothing.get());
    assert_eq!(grown, from_nothing, "the right peaks are all peaks");
}

#[test]
fn receipts_have_proofs_of_the_structure_that_they_state() {
    let structures = std::cell::RefCell::new(BTreeSet::new());
    encodings::<Receipt<'static>>(|receipt| {
        let [included, consistent] = match receipt.structure().unwrap() {
            Structure::Rfc9162(receipt) => [
                receipt.inclusion_proofs().map_or(0, Iterator::count),
                receipt.consistency_proofs().map_or(0, Iterator::count),
            ],
            Structure::CcfLedger(receipt) => [
                receipt.inclusion_proofs().map_or(0, Iterator::count),
                receipt.consistency_proofs().map_or(0, Iterator::count),
            ],
            Structure::Mmr(receipt) => [
                receipt.inclusion_proofs().map_or(0, Iterator::count),
                receipt.consistency_proofs().map_or(0, Iterator::count),
            ],
            other => panic!("{other:?}"),
        };
        assert!(included + consistent > 0);
        structures.borrow_mut().insert((receipt.vds().value(), included, consistent));
    });
    assert_eq!(structures.borrow().len(), 9, "{structures:?}");
}

#[test]
fn a_leaf_has_evidence_and_a_root_is_nobodys() {
    for bytes in INPUTS.each() {
        let mut u = Unstructured::new(&bytes);
        let leaf = Leaf::<[u8; 32]>::arbitrary(&mut u).unwrap();
        assert!(!leaf.internal_evidence().is_empty());
    }
    let trusted = TrustedRoot::vouched_for([7; 32]);
    encodings::<InclusionProof<'static>>(|proof| {
        if let Ok(root) = proof.root(&Sha256Tree, &[1; 32]) {
            assert!(root.confirm(&trusted).is_err());
        }
    });
}

#[test]
fn the_texts_of_tile_logs_are_read() {
    encodings::<Note<'static>>(|note| {
        assert!(note.signatures().count() >= 1);
        assert!(note.danger_unverified_text().ends_with('\n'));
    });
    encodings::<Checkpoint<'static>>(|checkpoint| {
        assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
    });
    encodings::<TlogProof<'static>>(|proof| {
        let checkpoint = Checkpoint::parse(proof.note().danger_unverified_text()).unwrap();
        assert!(proof.index() < checkpoint.size());
    });
    encodings::<AddCheckpoint<'static>>(|request| assert!(!request.origin().is_empty()));
}
