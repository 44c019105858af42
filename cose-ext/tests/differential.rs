//! Beside coset, the type set of the ecosystem: what it reads as a COSE_Sign1 is read here too, or refused by a rule
//! that it does not enforce; and both sign the same bytes.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/messages.rs"]
mod messages;
#[path = "support/mutate.rs"]
mod mutate;

use std::sync::LazyLock;

use cose_ext::cbor::ErrorKind;
use cose_ext::{Error, Input, Profile, Rule, Sign1};
use coset::{CborSerializable, TaggedCborSerializable};
use proptest::collection::vec;
use proptest::prelude::*;

use corpus::{made, published};
use messages::{h, sign1};
use mutate::{apply, change};

/// What coset lets pass, and why it is refused here.
const STRICTER: &[(Rule, &str)] = &[
    (Rule::Structure, "ciborium reads undefined as nil, so coset takes it for a detached payload"),
    (Rule::UniqueKeys, "coset compares the labels of a header, not the keys of maps inside it"),
    (Rule::OneBucket, "coset looks at each bucket alone"),
    (Rule::AlgorithmProtected, "coset leaves the place of alg to its caller"),
    (Rule::CritProtected, "coset leaves the place of crit to its caller"),
    (Rule::OneIv, "coset compares IV and Partial IV within one bucket"),
    (Rule::VdsProtected, "coset has no such label"),
    (Rule::VdpUnprotected, "coset has no such label"),
    (Rule::HashEnvelopeProtected, "coset has no such label"),
    (Rule::TimestampPlacement, "coset has no such label"),
    (Rule::CountersignaturePlacement, "coset leaves the place of countersignatures to its caller"),
    (
        Rule::LabelForm,
        "ciborium reads a bignum in tag 2 or 3 as an integer, so coset takes it for a label",
    ),
];

/// What is refused here for no rule: bounds, and forms that cannot be handed out as one slice.
fn is_bound(error: &Error) -> bool {
    match error {
        Error::Limit(_) => true,
        Error::Cbor(error) => matches!(
            error.kind(),
            ErrorKind::IndefiniteString
                | ErrorKind::UnsupportedKey
                | ErrorKind::DepthLimit
                | ErrorKind::ItemLimit
                | ErrorKind::EntryLimit
        ),
        _ => false,
    }
}

/// How a message fared.
#[derive(Debug, PartialEq, Eq)]
enum Fared {
    BothRead,
    OursAlone,
    TheirsAlone(Option<Rule>),
    NeitherReads,
}

/// Compares, and says how it went.
fn compare(bytes: &[u8]) -> Result<Fared, String> {
    let theirs = match coset::CoseSign1::from_tagged_slice(bytes) {
        Ok(theirs) => Some((theirs, true)),
        Err(_) => coset::CoseSign1::from_slice(bytes).ok().map(|theirs| (theirs, false)),
    };
    let ours = Sign1::decode(bytes, &Profile::LENIENT);
    let (theirs, is_tagged, ours) = match (theirs, ours) {
        (None, Ok(_)) => return Ok(Fared::OursAlone),
        (None, Err(_)) => return Ok(Fared::NeitherReads),
        (Some(_), Err(error)) if is_bound(&error) => return Ok(Fared::TheirsAlone(None)),
        (Some(_), Err(error)) => {
            let rule = error.rule();
            return match STRICTER.iter().find(|(listed, _)| Some(*listed) == rule) {
                Some(_) => Ok(Fared::TheirsAlone(rule)),
                None => Err(format!("coset reads it, here: {error} ({error:?})")),
            };
        }
        (Some((theirs, is_tagged)), Ok(ours)) => (theirs, is_tagged, ours),
    };
    if ours.is_tagged() != is_tagged
        || ours.danger_unverified_payload() != theirs.payload.as_deref()
        || ours.signature() != theirs.signature
    {
        return Err(format!("read otherwise by coset: {theirs:?}"));
    }
    let key_id = |bucket: &cose_ext::header::Bucket<'_>| {
        bucket.key_id().ok().flatten().unwrap_or_default().to_vec()
    };
    let headers = ours.headers();
    if key_id(headers.protected()) != theirs.protected.header.key_id
        || key_id(headers.unprotected()) != theirs.unprotected.key_id
        || headers.protected().is_empty() != theirs.protected.header.is_empty()
        || headers.unprotected().is_empty() != theirs.unprotected.is_empty()
    {
        return Err(format!("headers read otherwise by coset: {theirs:?}"));
    }
    for external in [&b""[..], b"external"] {
        let (input, tbs) = match &theirs.payload {
            Some(_) => (Input::embedded(), theirs.tbs_data(external)),
            None => (Input::detached(b"payload"), theirs.tbs_detached_data(b"payload", external)),
        };
        let structure = ours
            .to_be_signed(&input.with_external_aad(external))
            .map_err(|error| error.to_string())?;
        // coset hashes an empty map as it came; RFC 9052 4.4 makes it h''.
        let is_wrapped_empty_map =
            headers.protected().is_empty() && !headers.protected().as_received().is_empty();
        if (structure.parts().concat() == tbs) == is_wrapped_empty_map {
            return Err(format!("coset signs {}", hex::encode(tbs)));
        }
    }
    Ok(Fared::BothRead)
}

static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut seeds = made();
    seeds.extend(published().into_iter().filter(|message| message.len() <= 6000));
    seeds.retain(|seed| Sign1::decode(seed, &Profile::LENIENT).is_ok());
    seeds
});

#[test]
fn published_and_own_messages() {
    let (mut both, mut ours) = (0, 0);
    for message in made().into_iter().chain(published()) {
        match compare(&message) {
            Ok(Fared::BothRead) => both += 1,
            Ok(Fared::OursAlone) => ours += 1,
            Ok(Fared::TheirsAlone(rule)) => {
                println!("coset alone ({rule:?}): {}", hex::encode(&message))
            }
            Ok(Fared::NeitherReads) => {}
            Err(error) => panic!("{error}: {}", hex::encode(&message)),
        }
    }
    println!("{both} read by both, {ours} here alone");
    assert!(both >= 3, "{both}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_messages(seed in any::<prop::sample::Index>(), changes in vec(change(), 0..4)) {
        let mut message = seed.get(&SEEDS).clone();
        changes.iter().for_each(|change| apply(&mut message, change));
        let fared = compare(&message);
        prop_assert!(fared.is_ok(), "{}: {}", fared.unwrap_err(), hex::encode(&message));
    }
}

/// Each line of the table is there for a message that coset reads.
#[test]
fn each_stricter_rule_has_its_message() {
    let with = |protected: &str, unprotected: &str| {
        sign1(&h(protected), &h(unprotected), Some(b"x"), &[0; 64])
    };
    let messages = [
        (Rule::Structure, h("84 43a10126 a0 f7 40")),
        (Rule::UniqueKeys, with("a2 0126 182a a2 0100 180100", "a0")),
        (Rule::OneBucket, with("a2 0126 044131", "a1 044131")),
        (Rule::AlgorithmProtected, with("", "a10126")),
        (Rule::CritProtected, with("a10126", "a1 02 8101")),
        (Rule::OneIv, with("a2 0126 0541aa", "a1 0641bb")),
        (Rule::VdsProtected, with("a10126", "a1 19018b 01")),
        (Rule::VdpUnprotected, with("a2 0126 19018c a0", "a0")),
        (Rule::HashEnvelopeProtected, with("a10126", "a1 190102 2f")),
        (Rule::TimestampPlacement, with("a10126", "a1 19010d 40")),
        (Rule::CountersignaturePlacement, with("a2 0126 0c 40", "a0")),
        (Rule::LabelForm, with("a2 0126 c24161 00", "a0")),
    ];
    for (rule, message) in &messages {
        assert_eq!(compare(message), Ok(Fared::TheirsAlone(Some(*rule))), "{}", rule.id());
    }
    assert!(STRICTER.iter().all(|(rule, _)| messages.iter().any(|(shown, _)| shown == rule)));
}

#[test]
fn what_coset_does_not_read() {
    // An empty kid, an algorithm that its copy of the registry does not have, a label beyond 64 bits.
    for (protected, unprotected) in
        [("a2 0126 0440", "a0"), ("a1 01 3902e7", "a0"), ("a2 0126 1bffffffffffffffff 00", "a0")]
    {
        let message = sign1(&h(protected), &h(unprotected), Some(b"x"), &[0; 64]);
        assert_eq!(compare(&message), Ok(Fared::OursAlone), "{protected}");
    }
}

#[test]
fn empty_maps_are_signed_as_rfc_9052_4_4_says() {
    for protected in ["a0", "b800", "bfff"] {
        let message = sign1(&h(protected), &h("a0"), Some(b"x"), &[0; 64]);
        assert_eq!(compare(&message), Ok(Fared::BothRead));
        let theirs = coset::CoseSign1::from_slice(&message).unwrap();
        let ours = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        assert_ne!(
            theirs.tbs_data(b""),
            ours.to_be_signed(&Input::embedded()).unwrap().parts().concat()
        );
    }
}
