//! The forms of all common parameters, in one call (RFC 9052 3.1).

use cose_ext::{Profile, Rule};

use crate::expect::breaks;
use crate::messages::{decode, unsigned};

/// A parameter with another type than its own, and whose rule that breaks.
const BROKEN: [(&str, Rule); 13] = [
    ("03 4178", Rule::ContentTypeForm),
    ("03 20", Rule::ContentTypeForm),
    ("03 8101", Rule::ContentTypeForm),
    ("04 6178", Rule::KeyIdForm),
    ("04 01", Rule::KeyIdForm),
    ("05 6178", Rule::NonceForm),
    ("06 01", Rule::NonceForm),
    ("10 4178", Rule::TypForm),
    ("0f 01", Rule::ClaimsForm),
    ("1821 81 4130", Rule::X5ChainForm),
    ("1820 01", Rule::X5ChainForm),
    ("1822 4130", Rule::X5tForm),
    ("1823 4130", Rule::X5uForm),
];

#[test]
fn c18_common_parameters_have_their_types_in_either_bucket() {
    for (parameter, rule) in BROKEN {
        for message in [
            unsigned(&format!("a2 0126 {parameter}"), "a0"),
            unsigned("a10126", &format!("a1 {parameter}")),
        ] {
            // Nobody asked for it, so the message is read.
            let message = decode(&message).unwrap();
            let checked = message.headers().check_common(&Profile::LENIENT);
            let error = checked.expect_err(parameter);
            assert_eq!(error.rule(), Some(rule.to_ref()), "{parameter}");
        }
    }
}

#[test]
fn c13_crit_is_looked_at_too() {
    let message = unsigned("a2 0126 0280", "a0");
    let message = decode(&message).unwrap();
    breaks(Rule::CritForm, message.headers().check_common(&Profile::LENIENT));
}

#[test]
fn c18_well_formed_parameters_and_strangers_pass() {
    for (protected, unprotected) in [
        ("", "a0"),
        ("a10126", "a0"),
        ("a4 0126 0300 044131 054100", "a0"),
        ("a10126", "a3 03 6161 04 4131 06 4100"),
        ("a2 0126 10 6161", "a2 1821 4130 3a00010000 f6"),
        ("a2 0126 0fa10161 61", "a1 1823 6161"),
    ] {
        let message = unsigned(protected, unprotected);
        let message = decode(&message).unwrap();
        assert_eq!(message.headers().check_common(&Profile::LENIENT), Ok(()), "{protected}");
    }
}
