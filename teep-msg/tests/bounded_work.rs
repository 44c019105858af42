//! The most that one message can cost, whatever it holds.

#[path = "support/parties.rs"]
mod parties;

use parties::{Party, context};
use teep_msg::cose_ext::crypto::Algorithm;
use teep_msg::cose_ext::error::{ErrorKind as CoseErrorKind, Limit};
use teep_msg::cose_ext::sign::{SignBuilder, SignatureBuilder};
use teep_msg::cose_ext::sign1::Sign1Builder;
use teep_msg::cose_ext::{Content, Profile, Work, key::OwnedTrustStore};
use teep_msg::{ErrorKind, Numbering, Protection, Signatures, open};

/// As many keys as a call may try for one signature, none of which signed anything here.
fn strangers() -> OwnedTrustStore {
    (100..108).map(|number| Party::new(number).trusted()).collect()
}

/// A COSE_Sign of `count` signatures by one key over `len` bytes.
fn several(count: usize, len: usize) -> Vec<u8> {
    let (signer, payload) = (Party::new(9).signer(Algorithm::ESP256), vec![0; len]);
    let mut signing = SignBuilder::new().prepare(Content::Embedded(&payload)).unwrap();
    for _ in 0..count {
        signing.sign(SignatureBuilder::new(), &signer).unwrap();
    }
    signing.finish().unwrap()
}

#[test]
fn signatures_times_keys_are_one_budget() {
    for signatures in [Signatures::UntilOneIsGood, Signatures::Every] {
        let (keys, bytes) = (strangers(), several(60, 16));
        let work = Work::new(&Profile::LENIENT.limits, bytes.len());
        let mut protection = Protection::new(Numbering::Iana, &keys);
        protection.signatures = signatures;
        let error = open(&bytes, &protection, &context().with_work(&work)).unwrap_err();
        let limit = ErrorKind::Cose(CoseErrorKind::Limit(Limit::SignatureChecks));
        assert_eq!(error.kind(), limit, "{signatures:?}");
        assert_eq!(work.checks(), 64);
    }
}

#[test]
fn a_message_is_hashed_for_its_checks_alone() {
    for len in [64 * 1024, 1024 * 1024] {
        let payload = vec![0; len];
        let signer = Party::new(9).signer(Algorithm::ESP256);
        let bytes = Sign1Builder::new().sign(Content::Embedded(&payload), &signer).unwrap();
        let keys = strangers();
        let work = Work::new(&Profile::LENIENT.limits, bytes.len());
        let protection = Protection::new(Numbering::Iana, &keys);
        assert!(open(&bytes, &protection, &context().with_work(&work)).is_err());
        assert_eq!(work.checks(), 8);
        assert_eq!(work.hashed(), 0, "what a primitive hashes inside of a check is part of it");
    }
}
