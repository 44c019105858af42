//! crit: what the receiver must process, or refuse.

use cose_ext::Content;
use cose_ext::error::{ErrorKind, Policy};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Input, Label, Processed, Rule, Value};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, issuer, signed, unsigned, verify, verify_with};

#[test]
fn c12_crit_is_protected() {
    breaks_at(Rule::CritProtected, 7, decode(&unsigned("a10126", "a1 02 81182a")));
    breaks(Rule::CritProtected, decode(&unsigned("a2 0126 182a00", "a1 1802 81182a")));
    assert!(decode(&unsigned("a3 0126 02 81182a 182a 00", "a0")).is_ok());
}

#[test]
fn c13_crit_is_a_list_of_labels_each_once() {
    for crit in [
        "80",
        "9fff",
        "182a",
        "f6",
        "41 81",
        "a0",
        "81 4131",
        "81 80",
        "81 f6",
        "81 f93c00",
        "82 182a 182a",
        "82 182a 19002a",
        "83 182a 01 182a",
    ] {
        let message = signed(&format!("a3 0126 02 {crit} 182a 00"), "a0", b"x");
        breaks(Rule::CritForm, decode(&message).unwrap().headers().protected().crit());
        breaks(
            Rule::CritForm,
            verify_with(
                &message,
                &Input::embedded().with_processed(Processed::new(&[Label::int(42)])),
            ),
        );
    }
    let message = signed("a4 0126 02 9f 182a 6161 01 ff 182a 00 6161 00", "a0", b"x");
    let labels = [Label::int(42), Label::text("a"), Label::ALG];
    let crit = decode(&message).unwrap().headers().protected().crit().unwrap().unwrap();
    assert!(crit.labels().eq(labels));
    assert!(
        verify_with(&message, &Input::embedded().with_processed(Processed::new(&labels))).is_ok()
    );
}

#[test]
fn c14_crit_names_what_is_in_the_protected_bucket() {
    for (protected, unprotected) in [
        ("a2 0126 02 81182a", "a0"),
        ("a2 0126 02 81182a", "a1 182a00"),
        ("a3 0126 02 816161 182a00", "a0"),
        // the number beyond 64 bits is no -1, and "42" is no 42
        ("a3 0126 02 811bffffffffffffffff 2000", "a0"),
        ("a3 0126 02 81 623432 182a00", "a0"),
    ] {
        let message = signed(protected, unprotected, b"x");
        let processed = [Label::int(42), Label::text("a"), Label::text("42")];
        let input = Input::embedded().with_processed(Processed::new(&processed));
        breaks(Rule::CritPresent, verify_with(&message, &input));
    }
    // As a value, however it is encoded.
    let message = signed("a3 0126 02 8119002a 182a00", "a0", b"x");
    assert!(
        verify_with(&message, &Input::embedded().with_processed(Processed::new(&[Label::int(42)])))
            .is_ok()
    );
}

#[test]
fn c15_what_this_call_does_not_process_is_refused() {
    // A payload as long as the digest of a hash envelope; a registry that knows the label makes no difference.
    for (label, value) in [
        ("190102", "2f"),     // 258, payload-hash-alg
        ("19018a", "8141a0"), // 394, receipts
        ("0f", "a1016161"),   // 15, CWT Claims
        ("10", "00"),         // 16, typ
        ("1821", "4130"),     // 33, x5chain
        ("0a", "40"),         // 10, kid context
        ("1903e7", "00"),     // unknown
        ("1bffffffffffffffff", "00"),
        ("6c6d7366742d6373732d646576", "00"), // "msft-css-dev"
    ] {
        let message = signed(&format!("a3 0126 02 81{label} {label} {value}"), "a0", &[0; 32]);
        let refusal = breaks(Rule::CritProcessed, verify(&message));
        assert!(matches!(refusal.kind(), ErrorKind::Policy(Policy::CriticalNotProcessed)));
        let wraps_23 = message[1] < 0x58;
        assert_eq!(refusal.offset(), Some(if wraps_23 { 7 } else { 8 }));
        let decoded = decode(&message).unwrap();
        let named = decoded.headers().protected().crit().unwrap().unwrap().labels().next().unwrap();
        assert!(
            verify_with(&message, &Input::embedded().with_processed(Processed::new(&[named])))
                .is_ok(),
            "{label}"
        );
        // Processing another one does not help.
        let others = [Label::int(999), Label::text("x"), Label::int(-1)]
            .map(|label| if label == named { Label::int(7) } else { label });
        breaks(
            Rule::CritProcessed,
            verify_with(&message, &Input::embedded().with_processed(Processed::new(&others))),
        );
    }
}

#[test]
fn c15_every_named_label_counts() {
    let message = signed("a4 0126 02 82 0f 10 0f a0 10 00", "a0", b"x");
    for (processed, accepted) in [
        (&[Label::CWT_CLAIMS, Label::TYP][..], true),
        (&[Label::TYP, Label::CWT_CLAIMS], true),
        (&[Label::CWT_CLAIMS], false),
        (&[Label::TYP], false),
        (&[], false),
    ] {
        assert_eq!(
            verify_with(&message, &Input::embedded().with_processed(Processed::new(processed)))
                .is_ok(),
            accepted
        );
    }
}

#[test]
fn c15_labels_common_to_all_of_cose_are_processed() {
    // RFC 9052 3.1: 0 to 7 need not be named, since everybody processes them; here they may be.
    let message = signed("a4 0126 02 83 01 03 04 03 00 04 4131", "a0", b"x");
    assert!(verify(&message).is_ok());
}

#[test]
fn c15_the_builder_makes_what_it_names() {
    let crit = [Value::Int(15.into())];
    let builder = Sign1Builder::new().protected(Label::CRIT, &crit[..]);
    breaks(Rule::CritPresent, builder.clone().sign(Content::Embedded(b"x"), &issuer()));
    let builder = builder.protected(Label::CWT_CLAIMS, Value::Encoded(&[0xa0]));
    let message = builder.sign(Content::Embedded(b"x"), &issuer()).unwrap();
    breaks(Rule::CritProcessed, verify(&message));
    assert!(
        verify_with(
            &message,
            &Input::embedded().with_processed(Processed::new(&[Label::CWT_CLAIMS]))
        )
        .is_ok()
    );
    let unprotected = Sign1Builder::new().unprotected(Label::CRIT, &crit[..]);
    breaks(Rule::CritProtected, unprotected.sign(Content::Embedded(b"x"), &issuer()));
}
