//! Arbitrary messages are read in both numberings, and differ.

use std::{cell::RefCell, collections::BTreeSet};

use arbitrary::{Arbitrary, Unstructured};
use teep_msg::{
    DataItems, ErrorCode, ErrorContent, InstalledTc, Message, MessageType, Numbering, OptionName,
    QueryRequestContent, RequestedTc, SuccessContent, SuitProfile, Suite, Token,
    cose_ext::{Profile, arbitrary::Encoded},
    transcode,
};
use testkit::varieties::{Inputs, needs_no_input};

const INPUTS: Inputs = Inputs { count: 4000, len: 1024 };

fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(each: impl Fn(&T) -> A) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(each)
}

#[test]
fn messages_are_read_in_both_numberings() {
    let kinds = RefCell::new(BTreeSet::new());
    let labels = RefCell::new(BTreeSet::new());
    let different = variety::<Encoded<Message<'static>>, _>(|message| {
        let view = message.view().unwrap();
        kinds.borrow_mut().insert(view.message_type().name());
        for (label, _) in &view.options().map() {
            labels.borrow_mut().insert(label.int().unwrap().to_i64());
        }
        let mut out = [0; 8192];
        let older = transcode(&view, Numbering::Draft25, &mut out).unwrap();
        let older = Message::decode(older, Numbering::Draft25, &Profile::LENIENT).unwrap();
        assert_eq!(older.message_type(), view.message_type());
        assert_eq!(older.options().token(), view.options().token());
        message.bytes().to_vec()
    });
    assert!(different > 2500, "{different} of 4000");
    assert_eq!(kinds.into_inner().len(), 5);
    // All that are options of messages: those of a requested component stand deeper, and no
    // message of the numbering of IANA selects a suite.
    assert_eq!(labels.into_inner().len(), 19);
}

#[test]
fn contents_can_be_written() {
    for bytes in INPUTS.each() {
        let mut u = Unstructured::new(&bytes);
        let mut out = [0; 4096];
        for numbering in Numbering::ALL {
            let request = QueryRequestContent::arbitrary(&mut u).unwrap();
            assert!(request.encode(numbering, &mut out).is_ok());
            let success = SuccessContent::arbitrary(&mut u).unwrap();
            assert!(success.encode(numbering, &mut out).is_ok());
            let error = ErrorContent::arbitrary(&mut u).unwrap();
            assert!(error.encode(numbering, &mut out).is_ok());
        }
        let requested = RequestedTc::arbitrary(&mut u).unwrap();
        assert!(requested.have_binary != Some(true) || requested.sequence_number.is_some());
        assert!(!InstalledTc::arbitrary(&mut u).unwrap().component_id.is_empty());
    }
}

#[test]
fn numbers_are_mostly_registered_ones() {
    assert_eq!(variety::<MessageType, _>(|it| it.name()), 5);
    assert_eq!(variety::<OptionName, _>(|name| *name), 23);
    assert_eq!(variety::<Suite, _>(|suite| suite.algorithm().value()), 4);
    let codes = variety::<ErrorCode, _>(|code| code.to_wire(Numbering::Iana));
    assert!((12..2000).contains(&codes), "{codes} codes");
    assert!(variety::<DataItems, _>(|items| items.bits()) > 16);
    assert!(variety::<SuitProfile, _>(SuitProfile::numbers) > 20);
    let tokens = variety::<Token, _>(|token| {
        assert!((Token::MIN..=Token::MAX).contains(&token.as_bytes().len()));
        token.as_bytes().to_vec()
    });
    assert!(tokens > 3500, "{tokens} tokens");
}
