//! Beside coset, the type set of the ecosystem: what it reads as one of the six messages is read here too, or refused by
//! a rule that it does not enforce; what is read here it reads too, or does not hold; and both sign, tag and
//! authenticate the same bytes. Each difference stands with its reason in `docs/differences.json`.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[path = "support/beside.rs"]
mod beside;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "differential/listed.rs"]
mod listed;
#[path = "support/messages.rs"]
mod messages;
#[path = "support/mutate.rs"]
mod mutate;
#[path = "differential/shown.rs"]
mod shown;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cose_ext::cbor::ErrorKind;
use cose_ext::error::{ErrorKind as Refused, Unsupported};
use cose_ext::{Error, Rule};
use proptest::collection::vec;
use proptest::prelude::*;

use beside::Kind;
use corpus::{made, published};
use listed::{LISTED, Side, reason_not_held, reason_not_read};
use mutate::{apply, change};

/// What is refused here for no rule: bounds, and forms that cannot be handed out as one slice.
fn is_bound(error: &Error) -> bool {
    match error.kind() {
        Refused::Limit(_) | Refused::Unsupported(Unsupported::ChunkedString) => true,
        Refused::Cbor(kind) => matches!(
            kind,
            ErrorKind::UnsupportedKey
                | ErrorKind::DepthLimit
                | ErrorKind::ItemLimit
                | ErrorKind::EntryLimit
        ),
        _ => false,
    }
}

/// How a message fared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fared {
    Both,
    BothButAnEmptyMapIsHashed,
    /// With the reason that is listed.
    OursAlone(String),
    /// With the rule, or with none where a bound was met.
    TheirsAlone(Option<String>),
    Neither,
}

/// Compares, and says how it went.
fn compare(kind: Kind, bytes: &[u8]) -> Result<Fared, String> {
    let (ours, theirs) = match (kind.ours(bytes), kind.theirs(bytes)) {
        (Err(_), Err(_)) => return Ok(Fared::Neither),
        (Ok(ours), Err(error)) => {
            let reason = match ours.converted {
                Err(held) => reason_not_held(&held),
                Ok(held) => reason_not_read(&error, &held),
            };
            return match LISTED.find(Side::Wider, &reason) {
                true => Ok(Fared::OursAlone(reason)),
                false => Err(format!("read here, by coset: {error} ({reason})")),
            };
        }
        (Err(error), Ok(_)) if is_bound(&error) => return Ok(Fared::TheirsAlone(None)),
        (Err(error), Ok(_)) => {
            let broken = |rule: &&Rule| error.rule().is_some_and(|broken| broken == **rule);
            let rule = Rule::ALL.iter().find(broken).map(|rule| format!("{rule:?}"));
            let rule = rule.unwrap_or_default();
            return match LISTED.find(Side::Stricter, &rule) {
                true => Ok(Fared::TheirsAlone(Some(rule))),
                false => Err(format!("coset reads it, here: {error} ({error:?})")),
            };
        }
        (Ok(ours), Ok(theirs)) => (ours, theirs),
    };
    let (theirs, is_tagged) = theirs;
    if ours.reading != theirs.reading(is_tagged) {
        return Err(format!("read otherwise by coset: {:?}", theirs.reading(is_tagged)));
    }
    let mut fared = Fared::Both;
    let structures = theirs.structures();
    if structures.len() != ours.structures.len() {
        return Err(format!("coset has {} structures", structures.len()));
    }
    for (ours, theirs) in ours.structures.iter().zip(&structures) {
        if (ours.bytes == *theirs) == ours.has_wrapped_empty_map {
            return Err(format!("coset authenticates {}", hex::encode(theirs)));
        }
        if ours.has_wrapped_empty_map {
            fared = Fared::BothButAnEmptyMapIsHashed;
        }
    }
    Ok(fared)
}

static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut seeds = made();
    seeds.extend(published().into_iter().filter(|message| message.len() <= 6000));
    seeds.retain(|seed| Kind::ALL.iter().any(|kind| kind.ours(seed).is_ok()));
    seeds.extend(shown::each_kind());
    seeds
});

#[test]
fn published_and_own_messages() {
    let mut fared = BTreeMap::new();
    for message in made().into_iter().chain(published()).chain(shown::each_kind()) {
        for kind in Kind::ALL {
            match compare(kind, &message) {
                Ok(Fared::Neither) => {}
                Ok(how) => *fared.entry((format!("{kind:?}"), how)).or_insert(0) += 1,
                Err(error) => panic!("{kind:?}: {error}: {}", hex::encode(&message)),
            }
        }
    }
    for ((kind, how), count) in &fared {
        println!("{count:4} {kind} {how:?}");
    }
    for kind in Kind::ALL {
        assert!(fared.contains_key(&(format!("{kind:?}"), Fared::Both)), "{kind:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_messages(seed in any::<prop::sample::Index>(), changes in vec(change(), 0..4)) {
        let mut message = seed.get(&SEEDS).clone();
        changes.iter().for_each(|change| apply(&mut message, change));
        for kind in Kind::ALL {
            let fared = compare(kind, &message);
            prop_assert!(fared.is_ok(), "{kind:?}: {}: {}", fared.unwrap_err(), hex::encode(&message));
        }
    }
}
