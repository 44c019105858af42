//! COSE receipts, rule by rule.

#[path = "receipts/batches.rs"]
mod batches;
#[path = "receipts/bounded.rs"]
mod bounded;
#[path = "receipts/ledgers.rs"]
mod ledgers;
#[path = "receipts/logs.rs"]
mod logs;
#[path = "receipts/made.rs"]
mod made;
#[path = "receipts/messages.rs"]
mod messages;
#[path = "support/metered.rs"]
mod metered;
#[path = "receipts/mutations.rs"]
mod mutations;
#[path = "receipts/ranges.rs"]
mod ranges;

use cose_ext::cbor::{ErrorKind as CborErrorKind, Type};
use cose_ext::error::Fact;
use merkle_proof::cose::{Error, ErrorKind};
use merkle_proof::{Malformed, Rule};

#[global_allocator]
static ALLOCATOR: testkit::alloc_count::Counting = testkit::alloc_count::Counting;

/// The rule that a malformed part of a receipt breaks, where the CBOR reader did not complain.
fn malformed(error: Error) -> Rule {
    match error.kind() {
        ErrorKind::Malformed { rule, fact: None } => rule,
        _ => panic!("{error:?}"),
    }
}

/// The rule that an item of the wrong type breaks.
fn mistyped(error: Error) -> (Rule, Type) {
    match error.kind() {
        ErrorKind::Malformed {
            rule,
            fact: Some(Fact::Cbor(CborErrorKind::UnexpectedType { expected, .. })),
        } => (rule, expected),
        _ => panic!("{error:?}"),
    }
}

fn proof(malformed: Malformed) -> Error {
    Error::from(merkle_proof::Error::from(malformed))
}
