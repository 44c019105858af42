//! Arbitrary blocks are as the profile wants them, and what is wrong with them is their signature.

use arbitrary::Arbitrary;
use testkit::varieties::{Inputs, needs_no_input};
use transparent_suit::{
    Alarm, ClassUrn, SignedBlock,
    arbitrary::TransparentEnvelope,
    cose_ext::{Profile, arbitrary::Encoded},
    scitt_core::{TransparentStatement, merkle_proof::cose::Receipt},
};

const INPUTS: Inputs = Inputs { count: 2000, len: 2048 };

fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(each: impl Fn(&T) -> A) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(each)
}

#[test]
fn envelopes_have_one_block_with_receipts() {
    let different = variety::<Encoded<TransparentEnvelope>, _>(|envelope| {
        assert!(envelope.bytes().len() <= 32_768, "{} of 2048 bytes", envelope.bytes().len());
        let view = envelope.view().unwrap();
        let blocks: Vec<_> = view.authentication().blocks().collect();
        assert_eq!(blocks.len(), 1);
        let statement = TransparentStatement::decode(blocks[0].bytes(), &Profile::LENIENT).unwrap();
        assert_eq!(statement.statement().unmet_requirements().count(), 0);
        for (_, receipt) in statement.receipts().iter() {
            assert!(Receipt::decode(receipt, &Profile::LENIENT).is_ok());
        }
        let manifest = view.danger_unverified_manifest(&Profile::LENIENT).unwrap();
        assert_eq!(manifest.common().components().len(), 1);
        envelope.bytes().to_vec()
    });
    assert!(different > 1800, "{different} of 2000");
}

#[test]
fn blocks_can_be_submitted() {
    let different = variety::<SignedBlock, _>(|block| {
        assert!(block.submission().is_ok());
        assert!(!block.digest().is_empty());
        block.as_bytes().to_vec()
    });
    assert!(different > 1800, "{different}");
}

#[test]
fn alarms_print_their_rule() {
    let rules = variety::<Alarm, _>(|alarm| {
        assert!(alarm.to_string().contains(alarm.rule.broken()));
        alarm.rule.id()
    });
    assert!(rules > 20, "{rules} rules");
    assert_eq!(variety::<ClassUrn, _>(|class| class.as_str().to_owned()), 2000);
}
