//! Which bytes of a statement are its entry.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Label, MapBuilder,
    crypto::{Algorithm, HashFunction},
    rustcrypto::{Sha256, Sha384},
};
use scitt_core::{EntryEncoding, EntryPayload, EntryRule, TransparentStatement};
use world::*;

const SIGNATURE: [u8; 64] = [7; 64];

fn entry(rule: EntryEncoding, statement: &[u8]) -> Vec<u8> {
    let rule = EntryRule { encoding: rule, hash: None };
    rule.entry(decode(statement).message(), PAYLOAD).parts().concat()
}

/// A statement as an entry has to look: written down here from RFC 9052 alone.
fn expected(payload: Option<&[u8]>) -> Vec<u8> {
    let protected = protected().to_bytes();
    assert!((24..256).contains(&protected.len()) && PAYLOAD.len() < 24);
    let mut entry = vec![0xd2, 0x84, 0x58, protected.len() as u8];
    entry.extend(&protected);
    entry.push(0xa0);
    match payload {
        Some(payload) => {
            entry.push(0x40 | payload.len() as u8);
            entry.extend(payload);
        }
        None => entry.push(0xf6),
    }
    entry.extend([0x58, 64]);
    entry.extend(SIGNATURE);
    entry
}

/// Returns the statement in every form that it can be submitted in.
fn forms() -> [(bool, Vec<u8>); 6] {
    let raw = || Raw::new(&protected().to_bytes());
    let unprotected = MapBuilder::new().with(Label::X5CHAIN, &b"certificate"[..]).with("a", 1);
    [
        (true, raw().assemble(&SIGNATURE)),
        (true, raw().untagged().assemble(&SIGNATURE)),
        (true, raw().unprotected(&unprotected).assemble(&SIGNATURE)),
        (true, raw().with_long_heads().unprotected(&unprotected).assemble(&SIGNATURE)),
        (false, raw().detached().assemble(&SIGNATURE)),
        (false, raw().detached().with_long_heads().untagged().assemble(&SIGNATURE)),
    ]
}

#[test]
fn s21_preferred_entries_are_the_same_for_every_form() {
    for (is_attached, statement) in forms() {
        let preferred = |payload| entry(EntryEncoding::Preferred(payload), &statement);
        assert_eq!(preferred(EntryPayload::Attached), expected(Some(PAYLOAD)));
        assert_eq!(preferred(EntryPayload::Nil), expected(None));
        let submitted = if is_attached { Some(PAYLOAD) } else { None };
        assert_eq!(preferred(EntryPayload::AsSubmitted), expected(submitted));
    }
}

#[test]
fn s21_entries_as_received_keep_every_byte_but_the_unprotected_header() {
    let raw = || Raw::new(&protected().to_bytes());
    let unprotected = MapBuilder::new().with(Label::X5CHAIN, &b"certificate"[..]).with("a", 1);
    let bare: [fn(Raw) -> Raw; 5] = [
        |raw| raw,
        Raw::untagged,
        Raw::with_long_heads,
        Raw::detached,
        |raw| raw.untagged().with_long_heads().detached(),
    ];
    for form in bare {
        let bare = form(raw()).assemble(&SIGNATURE);
        let dressed = form(raw().unprotected(&unprotected)).assemble(&SIGNATURE);
        assert_ne!(bare, dressed);
        assert_eq!(entry(EntryEncoding::AsReceived, &bare), bare);
        assert_eq!(entry(EntryEncoding::AsReceived, &dressed), bare);
    }
}

#[test]
fn s21_an_empty_map_of_any_encoding_is_one_empty_map() {
    let mut statement = Raw::new(&protected().to_bytes()).assemble(&SIGNATURE);
    let at = decode(&statement).message().headers().unprotected().offset();
    for empty in [&[0xa0][..], &[0xb8, 0], &[0xbf, 0xff]] {
        let len = decode(&statement).message().headers().unprotected().bytes().len();
        statement.splice(at..at + len, empty.iter().copied());
        for encoding in
            [EntryEncoding::AsReceived, EntryEncoding::Preferred(EntryPayload::Attached)]
        {
            assert_eq!(entry(encoding, &statement), expected(Some(PAYLOAD)));
        }
    }
}

#[test]
fn the_default_is_what_ccf_ledgers_hash() {
    let bytes = statement();
    let statement = decode(&bytes);
    assert_eq!(EntryRule::default(), EntryRule::DEFAULT);
    let entry = EntryRule::DEFAULT.entry(statement.message(), PAYLOAD);
    assert_eq!(EntryRule::DEFAULT.hash, Some(Algorithm::SHA256));
    assert_eq!(entry.hash(&Sha256), Sha256.hash(&[&bytes]));
    assert_eq!(entry.hash(&Sha384), Sha384.hash(&[&bytes]));
}

#[test]
fn attaching_receipts_changes_no_entry() {
    for (_, statement) in forms() {
        let before = entry(EntryEncoding::AsReceived, &statement);
        let with_one = transparent(&statement, &[b"a receipt"]);
        let with_two = transparent(&with_one, &[b"another"]);
        for bytes in [&with_one, &with_two] {
            assert_eq!(entry(EntryEncoding::AsReceived, bytes), before);
            let profile = &cose_ext::Profile::LENIENT;
            let transparent = TransparentStatement::decode(bytes, profile).unwrap();
            assert_eq!(transparent.to_signed().unwrap(), before);
        }
        // What else is in the header stays there.
        let headers = decode(&with_two);
        let headers = headers.message().headers().unprotected();
        assert_eq!(headers.receipts().unwrap().unwrap().len(), 2);
        let kept = decode(&statement).message().headers().unprotected().len();
        assert_eq!(headers.len(), kept + 1);
    }
}

#[test]
fn every_rule_can_be_logged_by_and_verified_by() {
    use cose_ext::Input;
    use scitt_core::{TrustedService, Verifier};
    let mut rules = Vec::new();
    for hash in [None, Some(Algorithm::SHA256), Some(Algorithm::SHA512)] {
        for encoding in [
            EntryEncoding::AsReceived,
            EntryEncoding::Preferred(EntryPayload::Attached),
            EntryEncoding::Preferred(EntryPayload::AsSubmitted),
            EntryEncoding::Preferred(EntryPayload::Nil),
        ] {
            rules.push(EntryRule { encoding, hash });
        }
    }
    // Heads that are not preferred, so that the rules differ.
    let statement = Raw::new(&protected().to_bytes()).with_long_heads().sign(&ec_signer(&ISSUER));
    let issuers = issuer_key();
    for rule in &rules {
        let mut log = Log::new(SERVICE_ISS, SERVICE_KID, &SERVICE).with_entry_rule(*rule);
        log.fill(2);
        let bytes = transparent(&statement, &[&log.log(&statement)]);
        let decoded = TransparentStatement::decode(&bytes, &cose_ext::Profile::LENIENT).unwrap();
        let key = service_key(&SERVICE, SERVICE_KID).with_entry_rule(*rule);
        let keys = [key];
        let services = [TrustedService { name: "log", issuer: None, keys: &keys }];
        let verified =
            Verifier::new(&issuers, &services).verify(&decoded, &Input::embedded(), &context());
        assert_eq!(
            verified.unwrap().inclusion().value().payload().is_some(),
            rule.encoding != EntryEncoding::Preferred(EntryPayload::Nil),
            "{rule:?}"
        );
    }
}
