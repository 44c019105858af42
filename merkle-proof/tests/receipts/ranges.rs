//! M72 to M76: receipts of Merkle Mountain Ranges.

use cose_ext::Content;
use cose_ext::cbor::Type;
use cose_ext::header::{Vdp, Vds};
use cose_ext::{Label, MapBuilder, Profile, Value, Verified};
use merkle_proof::cose::{
    EmptyPath, Error, ErrorKind, Receipt, ReceiptBuilder, ReceiptReading, ReceiptVerifier,
    SignedAccumulator, encode_mmr_consistency, encode_mmr_inclusion,
};
use merkle_proof::mmr::{Accumulator, MemoryMmr, MmrSha256, leaf_node, size_of};
use merkle_proof::{Malformed, Rule};
use testkit::alloc_count::allocations_during;

use crate::made::{as_inclusion, one_proof, signed, signer, uint, verify, with_key};
use crate::{malformed, mistyped, proof};

const RANGES: ReceiptReading<'static> = ReceiptReading::DEFAULT.with_mmr();
const TREE_SIZE_2: Label<'static> = Label::int(-65_933);

type State = Accumulator<[u8; 32]>;

/// Entry `i` is the byte `i`.
fn range(leaves: u8) -> MemoryMmr<MmrSha256> {
    let mut range = MemoryMmr::new(MmrSha256);
    (0..leaves).for_each(|leaf| {
        range.append(&[&[leaf]]).unwrap();
    });
    range
}

fn size(leaves: u8) -> u64 {
    size_of(leaves.into()).unwrap()
}

fn inclusion(range: &MemoryMmr<MmrSha256>, leaf: u8) -> Vec<u8> {
    let index = leaf_node(leaf.into()).unwrap();
    let path = range.inclusion_path(index, range.accumulator().size()).unwrap();
    encode_mmr_inclusion(index, &path)
}

/// The peak over a leaf.
fn peak(range: &MemoryMmr<MmrSha256>, leaf: u8) -> [u8; 32] {
    let (size, index) = (range.accumulator().size(), leaf_node(leaf.into()).unwrap());
    let peak = merkle_proof::mmr::peaks(size).unwrap().find(|peak| index <= peak.index);
    *range.node(peak.unwrap().index).unwrap()
}

fn receipt(proof: Vec<u8>, peak: &[u8; 32]) -> Vec<u8> {
    ReceiptBuilder::new(Vds::MMR_SHA256)
        .key_id(b"log")
        .inclusion(proof)
        .sign(peak, &signer())
        .unwrap()
}

fn verify_growth(receipt: &[u8], older: &State) -> Result<Verified<SignedAccumulator>, Error> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT)?;
    with_key(|key, context| {
        receipt.mmr().and_then(|receipt| {
            receipt.verify_consistency(
                older,
                &ReceiptVerifier::new(key, context).with_reading(&RANGES),
            )
        })
    })
}

fn growth(range: &MemoryMmr<MmrSha256>, steps: &[u8]) -> ReceiptBuilder {
    let pairs = steps.windows(2).map(|pair| (size(pair[0]), size(pair[1])));
    pairs.fold(ReceiptBuilder::new(Vds::MMR_SHA256).key_id(b"log"), |receipt, (older, newer)| {
        let proof = range.consistency_proof(older, newer).unwrap();
        receipt.consistency(encode_mmr_consistency(older, newer, &proof))
    })
}

#[test]
fn every_entry_of_small_ranges_has_a_receipt() {
    for leaves in 1..=8 {
        let range = range(leaves);
        for leaf in 0..leaves {
            let peak = peak(&range, leaf);
            let receipt = receipt(inclusion(&range, leaf), &peak);
            let root = verify(&receipt, &[leaf], &RANGES).unwrap();
            assert_eq!(root.value().mountain_range().map(|root| *root.hash()), Some(peak));
            assert_eq!(root.value().rfc9162(), None);
            let refused = Error::from(ErrorKind::Verification { rule: Rule::RootSigned });
            assert_eq!(verify(&receipt, &[leaf + 1], &RANGES).unwrap_err(), refused);
        }
    }
}

#[test]
fn a_rewritten_index_is_refused_where_there_is_a_path() {
    let range = range(7);
    let path = range.inclusion_path(3, 11).unwrap();
    assert_eq!(path.len(), 2);
    for leaf in 0..40 {
        let index = leaf_node(leaf).unwrap();
        let receipt = receipt(encode_mmr_inclusion(index, &path), &peak(&range, 2));
        assert_eq!(verify(&receipt, &[2], &RANGES).is_ok(), index == 3);
    }
}

#[test]
fn m72_an_inclusion_proof_is_index_and_path() {
    let rule = Rule::MmrInclusionEncoding;
    let refuse = |members: &[Value<'_>]| {
        let vdp = as_inclusion(Value::Array(members));
        let receipt = signed(crate::made::by_hand(3, &vdp), Content::Detached(&[0; 32]));
        verify(&receipt, &[0], &RANGES).unwrap_err()
    };
    let path = Value::Array(&[]);
    assert_eq!(malformed(refuse(&[uint(0)])), rule);
    assert_eq!(malformed(refuse(&[uint(0), path, path])), rule);
    assert_eq!(mistyped(refuse(&[Value::Text("0"), path])).0, rule);
    assert_eq!(mistyped(refuse(&[uint(0), uint(0)])), (rule, Type::Array));
    assert_eq!(mistyped(refuse(&[uint(0), Value::Array(&[uint(0)])])), (rule, Type::Bytes));
    let length = Malformed::HashLength { rule: Rule::MmrHashLength, length: 33 };
    let long = [Value::Bytes(&[0; 33])];
    assert_eq!(refuse(&[uint(0), Value::Array(&long)]), proof(length));
}

#[test]
fn m73_a_consistency_proof_is_two_sizes_paths_and_peaks() {
    let rule = Rule::MmrConsistencyEncoding;
    let older = *range(1).accumulator();
    let refuse = |members: &[Value<'_>]| {
        let vdp = one_proof(Vdp::CONSISTENCY, Value::Array(members));
        let message = crate::made::by_hand(3, &vdp).protected(TREE_SIZE_2, 3);
        verify_growth(&signed(message, Content::Detached(&[0; 32])), &older).unwrap_err()
    };
    let none = Value::Array(&[]);
    assert_eq!(malformed(refuse(&[uint(1), uint(3), none])), rule);
    assert_eq!(malformed(refuse(&[uint(1), uint(3), none, none, none])), rule);
    assert_eq!(mistyped(refuse(&[uint(1), none, none, none])).0, rule);
    assert_eq!(mistyped(refuse(&[uint(1), uint(3), uint(0), none])), (rule, Type::Array));
    let no_path = Value::Array(&[Value::Bytes(&[0; 32])]);
    assert_eq!(mistyped(refuse(&[uint(1), uint(3), no_path, none])), (rule, Type::Array));
    let short = Malformed::PathTooShort { rule: Rule::MmrPaths };
    assert_eq!(refuse(&[uint(1), uint(3), none, none]), proof(short));
}

#[test]
fn m74_the_payload_is_nil() {
    let range = range(3);
    let (peak, proof) = (peak(&range, 0), inclusion(&range, 0));
    let vdp = MapBuilder::new().with(Vdp::INCLUSION, Value::Array(&[Value::Bytes(&proof)]));
    let receipt = signed(crate::made::by_hand(3, &vdp), Content::Embedded(&peak));
    let lenient = RANGES.with_attached_root(merkle_proof::cose::AttachedRoot::AcceptedWhenEqual);
    let refused = verify(&receipt, &[0], &lenient).unwrap_err();
    assert_eq!(malformed(refused), Rule::MmrRootDetached);
}

#[test]
fn m75_growth_to_the_signed_size() {
    let range = range(9);
    for (older, newer) in [(0, 9), (1, 2), (3, 4), (3, 9), (4, 7), (8, 9)] {
        let state = range.accumulator_at(size(newer)).unwrap();
        let receipt = growth(&range, &[older, newer]).sign_accumulator(&state, &signer()).unwrap();
        let held = range.accumulator_at(size(older)).unwrap();
        let verified = verify_growth(&receipt, &held).unwrap();
        assert_eq!(*verified.value().accumulator(), state);
        let other = range.accumulator_at(size(older + 1)).unwrap();
        let refused = Error::from(ErrorKind::Verification { rule: Rule::OlderSizeHeld });
        assert_eq!(verify_growth(&receipt, &other).unwrap_err(), refused);
    }
    // The state is that of nine leaves, the size of eleven: also two peaks.
    let mut message = growth(&range, &[4, 9]);
    let forged = Accumulator::from_peaks(size(10), range.accumulator().peaks()).unwrap();
    let receipt = message.sign_accumulator(&forged, &signer()).unwrap();
    let held = range.accumulator_at(size(4)).unwrap();
    let refused = Error::from(ErrorKind::Verification { rule: Rule::MmrSignedSize });
    assert_eq!(verify_growth(&receipt, &held).unwrap_err(), refused);
    message = growth(&range, &[4, 5]);
    let unsigned = message.sign(&[0; 32], &signer()).unwrap();
    let refused = verify_growth(&unsigned, &held).unwrap_err();
    assert_eq!(malformed(refused), Rule::MmrSignedSize, "no size in the protected bucket");
}

#[test]
fn m75_a_chain_of_proofs_is_one_receipt() {
    let range = range(9);
    let held = range.accumulator_at(size(2)).unwrap();
    let chain = growth(&range, &[2, 3, 7, 9]);
    let receipt = chain.sign_accumulator(range.accumulator(), &signer()).unwrap();
    let verified = verify_growth(&receipt, &held).unwrap();
    assert_eq!(verified.value().accumulator(), range.accumulator());
    with_key(|key, context| {
        let (verified, allocations) = allocations_during(|| {
            let receipt = Receipt::decode(&receipt, &Profile::LENIENT)?;
            receipt
                .mmr()
                .and_then(|receipt| {
                    receipt.verify_consistency(
                        &held,
                        &ReceiptVerifier::new(key, context).with_reading(&RANGES),
                    )
                })
                .map(|_| ())
        });
        assert_eq!((verified, allocations.count), (Ok(()), 0));
    });
    let broken = growth(&range, &[2, 3]).consistency(encode_mmr_consistency(
        size(7),
        size(9),
        &range.consistency_proof(size(7), size(9)).unwrap(),
    ));
    let receipt = broken.sign_accumulator(range.accumulator(), &signer()).unwrap();
    let refused = Error::from(ErrorKind::Verification { rule: Rule::OlderSizeHeld });
    assert_eq!(verify_growth(&receipt, &held).unwrap_err(), refused);
}

#[test]
fn m76_an_entry_is_at_a_leaf_and_no_input_of_a_node() {
    let range = range(4);
    let refused = Error::from(ErrorKind::Policy { rule: Rule::MmrEntry });
    let receipt_of = |index| {
        let path = range.inclusion_path(index, 7).unwrap();
        receipt(encode_mmr_inclusion(index, &path), &peak(&range, 0))
    };
    // Node 6, the only peak, as if it were an entry: what it is the hash of.
    let input = [&7_u64.to_be_bytes()[..], range.node(2).unwrap(), range.node(5).unwrap()];
    let peak = receipt(encode_mmr_inclusion::<[u8; 32]>(0, &[]), &peak(&range, 0));
    assert_eq!(verify(&peak, &input.concat(), &RANGES).unwrap_err(), refused);
    let elsewhere = Error::from(ErrorKind::Verification { rule: Rule::MmrEntry });
    assert_eq!(verify(&receipt_of(2), &[0], &RANGES).unwrap_err(), elsewhere);
    let strict = RANGES.with_empty_path(EmptyPath::Refused);
    let empty = Error::from(ErrorKind::Policy { rule: Rule::PathNotEmpty });
    assert_eq!(verify(&peak, &[0], &strict).unwrap_err(), empty);
}
