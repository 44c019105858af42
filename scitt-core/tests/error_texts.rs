//! What a user reads when a statement is refused: the verdict, what is wrong, and whom the statement asks for.

#[path = "support/world.rs"]
mod world;

use cose_ext::{Input, key::TrustStore};
use scitt_core::{Error, ErrorKind, Requirements, Rule};
use world::*;

#[test]
fn a_statement_by_nobody_who_is_enrolled_names_its_issuer() {
    let bytes = builder().sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap();
    let verdict = decode(&bytes).verify(
        &Input::embedded(),
        &TrustStore::new(&[]),
        Requirements::Rfc9943,
        &context(),
    );
    let error = verdict.map(drop).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot be evaluated: no trusted key answers to the message (C93, RFC 9052 4.4)"
    );
    let explained = error.explain(&bytes).to_string();
    let asked = explained.strip_prefix(&error.to_string()).unwrap();
    assert!(asked.starts_with("; the message asks for kid h'"), "{asked}");
    assert!(asked.ends_with(&format!(" and claims issuer \"{ISS}\"")), "{asked}");
}

#[test]
fn refusals_say_what_is_missing() {
    let text = |kind: ErrorKind| Error::from(kind).to_string();
    assert_eq!(
        text(ErrorKind::Refused(Rule::KeyIdentified)),
        "refused by policy: no x5t, x5chain or kid in the protected header identifies the key (S7, RFC \
         9943 6)"
    );
    assert_eq!(
        text(ErrorKind::Refused(Rule::ReceiptPresent)),
        "refused by policy: the statement carries no receipt (S12, RFC 9943 7)"
    );
    assert_eq!(
        Error::from(ErrorKind::Broken(Rule::ReceiptBinds)).at(7).to_string(),
        "broken: the receipt is one of another statement at byte 7 (S14, RFC 9943 7.1)"
    );
    assert_eq!(
        text(ErrorKind::TooManyReceipts),
        "cannot be evaluated: too many receipts (S28, this project)"
    );
}

#[test]
fn no_text_states_what_should_have_held() {
    for rule in Rule::ALL {
        let (holds, broken) = (rule.holds(), rule.broken());
        assert_ne!(holds, broken, "{}", rule.id());
        for obligation in [" must ", " should ", " shall ", " is expected "] {
            assert!(!broken.contains(obligation), "{}: {broken}", rule.id());
        }
    }
}

#[test]
fn the_first_program_of_the_readme_has_at_most_25_lines() {
    let readme = include_str!("../README.md");
    let program = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = program.unwrap().lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    assert!((10..=25).contains(&lines.count()));
}
