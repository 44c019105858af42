//! RFC 3161 timestamps (RFC 9921): carried, each in its bucket.

use cose_ext::{Label, Rule};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, signed, unsigned, verify};

#[test]
fn c42_a_timestamp_then_cose_is_protected() {
    let message = signed("a2 0126 19010d 4130", "a0", b"x");
    let verified = verify(&message).unwrap();
    assert!(verified.value().protected().find(Label::TIMESTAMP_THEN_COSE).is_some());
    breaks_at(Rule::TimestampPlacement, 9, decode(&unsigned("a10126", "a1 19010d 4130")));
    breaks(Rule::TimestampPlacement, decode(&unsigned("a10126", "a1 1a0000010d 4130")));
}

#[test]
fn c42_a_cose_then_timestamp_is_unprotected() {
    let message = signed("a10126", "a1 19010e 4130", b"x");
    assert!(verify(&message).is_ok());
    assert!(
        decode(&message)
            .unwrap()
            .headers()
            .unprotected()
            .find(Label::COSE_THEN_TIMESTAMP)
            .is_some()
    );
    breaks_at(Rule::TimestampPlacement, 8, decode(&unsigned("a2 0126 19010e 4130", "a0")));
}
