//! What is known by its shape, wherever it stands.

use std::{borrow::ToOwned, format};

use super::*;
use crate::IntOrText;

/// {1: 2, -1: 1, -2: h'aa', -3: h'bb', -4: h'deadbeef'}: an EC2 key with its secret.
const KEY: &str = "a5 0102 2001 2141aa 2241bb 2344deadbeef";

#[test]
fn a_key_hides_its_secret_wherever_it_stands() {
    let wrapped = format!("51 {KEY}").replace(' ', "");
    let places = [
        // Alone, and in a set.
        KEY.to_owned(),
        format!("82 {KEY} {KEY}"),
        // Under an unknown header label, as the payload, and deep in an unknown payload.
        format!("d284 43a10126 a1 19ffff {KEY} 40 40"),
        format!("d284 43a10126 a0 {wrapped} 40"),
        format!("d284 43a10126 a1 19ffff {wrapped} 40 40"),
        format!("d284 43a10126 a1 19ffff 82 01 a1 6161 {KEY} 40 40"),
    ];
    for hex in places {
        let shown = shown(&hex, &CoseNames);
        assert!(!shown.contains("deadbeef"), "{shown}");
        assert!(shown.contains("/ d /: ... / secret /"), "{shown}");
        assert!(shown.contains("/ kty /: 2 / EC2 /"), "{shown}");
    }
    assert!(!super::shown(KEY, &Unnamed).contains("deadbeef"));
}

#[test]
fn a_key_that_breaks_off_hides_what_there_is() {
    let broken = KEY.replace(' ', "");
    let broken = &broken[..broken.len() - 2];
    for hex in [broken.to_owned(), format!("d284 43a10126 a1 19ffff {broken}")] {
        let shown = shown(&hex, &CoseNames);
        assert!(!shown.contains("dead"), "{shown}");
    }
}

#[test]
fn a_claims_set_is_named_alone_and_as_a_payload() {
    let claims = "a2 01 6161 06 1a6553f100";
    let named = "{1 / iss /: \"a\", 6 / iat /: 1700000000}";
    assert_eq!(shown(claims, &CoseNames), named);
    let message = format!("d284 43a10126 a0 4a {claims} 40");
    assert!(shown(&message, &CoseNames).contains(&format!("/ payload / << {named} >>")));
    // Of other types, or with one registered key among others, it is none.
    for other in ["a2 01 01 06 1a6553f100", "a2 01 6161 196000 01", "a0", "a1 01 01"] {
        assert!(!shown(other, &CoseNames).contains("iss"), "{other}");
    }
}

#[test]
fn a_message_within_a_message_is_opened() {
    let inner = "d284 43a10126 a0 412a 40";
    let outer = format!("d284 43a10126 a0 4a {inner} 40");
    assert!(shown(&outer, &CoseNames).contains("/ payload / << 18([/ protected / <<"));
}

/// Commands alternate with their arguments: what an argument is, the command before it says.
struct Commands;

impl Names for Commands {
    fn element_after(
        &self,
        index: u64,
        _: Option<u64>,
        before: Option<IntOrText<'_>>,
    ) -> Field<'_> {
        match (index % 2, before.and_then(IntOrText::to_i64)) {
            (0, _) => Field::named("command"),
            (_, Some(20)) => Field::named("parameters"),
            (_, Some(_)) => Field::named("policy"),
            (_, None) => Field::UNKNOWN,
        }
    }
}

#[test]
fn an_element_is_named_by_the_one_before_it() {
    let want = "[/ command / 20, / parameters / {}, / command / 1, / policy / 15, \
                / command / h'', 1]";
    assert_eq!(shown("86 14 a0 01 0f 40 01", &Commands), want);
    assert_eq!(shown("9f 14 a0 01 0f 40 01 ff", &Commands), want.replacen('[', "[_ ", 1));
}
