//! Registration (docs/transparent-suit.md 6).

#[path = "support/world.rs"]
mod world;

use transparent_suit::{
    FirmwarePolicy, RegisterError, SignedBlock,
    cose_ext::{Input, Label, MapBuilder, Processed, Profile, header::ContentType},
    profile,
    scitt_core::{
        Evidence, Log, NoSuchNode, Registration, Requirements, SignedStatement, StatementBuilder,
    },
};
use world::*;

/// The rule by which a submission is refused.
fn rule<T>(outcome: Result<T, RegisterError<NoSuchNode>>) -> &'static str {
    let error = outcome.err().unwrap();
    error.refusal().and_then(|error| error.rule()).map_or("none", |rule| rule.id)
}

fn submission(number: u64) -> Vec<u8> {
    block_of(&release(number)).submission().unwrap()
}

/// A submission with another manifest beside it, or none.
fn with_manifest(block: &SignedBlock, manifest: Option<&[u8]>) -> Vec<u8> {
    let submission = block.submission().unwrap();
    let statement = SignedStatement::decode(&submission, &Profile::LENIENT).unwrap();
    let collateral = match manifest {
        Some(manifest) => MapBuilder::new().with(profile::MANIFEST, manifest),
        None => MapBuilder::new(),
    };
    statement.message().with_unprotected(&collateral).unwrap()
}

fn manifest_of(submission: &[u8]) -> Vec<u8> {
    let statement = SignedStatement::decode(submission, &Profile::LENIENT).unwrap();
    let manifest = statement.message().headers().unprotected().find(profile::MANIFEST).unwrap();
    manifest.read(|reader| reader.bytes()).unwrap().to_vec()
}

#[test]
fn f16_the_service_sees_the_manifest_of_the_digest() {
    let block = block_of(&release(8));
    let mut log = TestLog::a();
    assert_eq!(rule(log.submit(&with_manifest(&block, None))), "F16");
    let other = manifest_of(&submission(9));
    assert_eq!(rule(log.submit(&with_manifest(&block, Some(&other)))), "F16");
    assert_eq!(rule(log.submit(&with_manifest(&block, Some(b"no manifest")))), "F16");
    assert_eq!(log.service.size(), 0);
    assert!(log.submit(&block.submission().unwrap()).is_ok());
}

#[test]
fn f17_a_number_that_differs_from_the_manifest_is_not_registered() {
    let block = any_block(&release(8), headers(ISS, &class(), number(9)), &author());
    assert_eq!(rule(TestLog::a().submit(&block.submission().unwrap())), "F17");
}

#[test]
fn f18_a_class_that_the_manifest_does_not_check_is_not_registered() {
    let other = "urn:uuid:08080808-0808-0808-0808-080808080808";
    let block = any_block(&release(8), headers(ISS, other, number(8)), &author());
    assert_eq!(rule(TestLog::a().submit(&block.submission().unwrap())), "F18");
}

#[test]
fn f19_a_key_registers_for_its_own_issuer_only() {
    let block = any_block(&release(8), headers(OTHER_ISS, &class(), number(8)), &author());
    let mut log = TestLog::a();
    assert_eq!(rule(log.submit(&block.submission().unwrap())), "F19");
    let block = any_block(&release(8), headers(ISS, &class(), number(8)), &stranger());
    assert_eq!(rule(log.submit(&block.submission().unwrap())), "F26");
    assert_eq!(log.service.size(), 0);
}

#[test]
fn f20_numbers_grow() {
    let mut log = TestLog::a();
    log.submit(&submission(8)).unwrap();
    assert_eq!(rule(log.submit(&submission(7))), "F20");
    log.submit(&submission(20)).unwrap();
    assert_eq!(rule(log.submit(&submission(19))), "F20");
    assert_eq!(log.registry.last(ISS, &class()), Some(20));
    // Another issuer's numbers are its own.
    let envelope = release(3);
    let block = block_builder(&partner(), OTHER_ISS).sign(&envelope, &partner(), &context());
    log.submit(&block.unwrap().submission().unwrap()).unwrap();
    assert_eq!(log.registry.last(OTHER_ISS, &class()), Some(3));
    assert_eq!(log.service.size(), 3);
}

#[test]
fn f21_a_number_has_one_digest() {
    let mut log = TestLog::a();
    log.submit(&submission(8)).unwrap();
    let other = block_of(&release_named(8, "another app")).submission().unwrap();
    assert_eq!(rule(log.submit(&other)), "F21");
    log.submit(&submission(9)).unwrap();
    // Of an earlier number, too: that it is lower is the smaller reason.
    assert_eq!(rule(log.submit(&other)), "F21");
    assert_eq!(log.service.size(), 2);
}

#[test]
fn f22_what_is_registered_is_registered_again_whatever_the_signature() {
    let mut log = TestLog::a();
    let envelope = release(8);
    let block = block_of(&envelope);
    // Somebody who carries it flips s, and comes first.
    let flipped_first = {
        let submission = block.submission().unwrap();
        flipped(&submission)
    };
    let entry = log.submit(&flipped_first).unwrap();
    assert_eq!(log.submit(&block.submission().unwrap()).unwrap(), entry);
    assert_eq!(log.submit(&flipped_first).unwrap(), entry);
    // The strict variant of the same release is another statement, and the same registration.
    let strict = block_builder(&author(), ISS).strict();
    let strict = strict.sign(&envelope, &author(), &context()).unwrap();
    assert_eq!(log.submit(&strict.submission().unwrap()).unwrap(), entry);
    assert_eq!(log.service.size(), 1);
    // Also after later numbers.
    log.submit(&submission(9)).unwrap();
    assert_eq!(log.submit(&block.submission().unwrap()).unwrap(), entry);
    // And nobody gets an answer for what he did not sign.
    let stranger = any_block(&envelope, headers(ISS, &class(), number(8)), &stranger());
    assert_eq!(rule(log.submit(&stranger.submission().unwrap())), "F26");
}

#[test]
fn f23_the_manifest_is_kept_by_its_digest() {
    let mut log = TestLog::a();
    let block = block_of(&release(8));
    assert_eq!(log.registry.manifest(block.digest()), None);
    let entry = log.submit(&block.submission().unwrap()).unwrap();
    let manifest = manifest_of(&block.submission().unwrap());
    assert_eq!(log.registry.manifest(block.digest()), Some(&manifest[..]));
    // And by the log itself, beside the statement, in the evidence of the decision.
    let evidence = log.service.log().evidence(entry.index()).unwrap().unwrap();
    let evidence = Evidence::decode(&evidence, &Profile::LENIENT).unwrap();
    assert_eq!(manifest_of(evidence.submitted), manifest);
    // It is no part of what was logged.
    let statement = log.service.statement(entry, &context()).unwrap().unwrap();
    let statement = SignedStatement::decode(&statement, &Profile::LENIENT).unwrap();
    assert!(statement.message().headers().unprotected().is_empty());
}

#[test]
fn f24_statements_of_another_typ_are_not_held_to_these_rules() {
    let mut log = TestLog::a();
    log.submit(&submission(8)).unwrap();
    trusting(|keys| {
        let policy = Registration { issuers: keys, requirements: Requirements::Rfc9943 };
        let statement = |text: &str| {
            let builder = StatementBuilder::new(ISS, &class()).key_id(b"1");
            let typ = ContentType::MediaType("application/sbom+cose");
            builder.typ(typ).sign(text.as_bytes(), &author()).unwrap()
        };
        let TestLog { service, registry, .. } = &mut log;
        // A corrected statement has the same issuer and subject (RFC 9943 6.1).
        for text in ["first", "corrected"] {
            registry.register_other(service, &statement(text), NOW, &policy, &context()).unwrap();
        }
        // Both kinds by one policy, at the service itself.
        let both = FirmwarePolicy::new(keys, registry).and(&policy);
        let input = Input::embedded().with_processed(Processed::new(&[Label::TYP]));
        service.register(&statement("third"), &input, NOW, &both, &context()).unwrap();
        service.register(&submission(9), &input, NOW, &both, &context()).unwrap();
        assert!(service.register(&submission(7), &input, NOW, &both, &context()).is_err());
        // Alone, the policy of releases takes nothing else.
        let only = FirmwarePolicy::new(keys, registry);
        assert!(service.register(&statement("fourth"), &input, NOW, &only, &context()).is_err());
        // A SUIT_Digest under another typ is an authorization for a plain processor.
        let oracle = any_block(
            &release(30),
            headers(ISS, &class(), number(30)).typ(ContentType::MediaType("application/x+cose")),
            &author(),
        );
        let oracle = oracle.submission().unwrap();
        assert!(service.register(&oracle, &input, NOW, &both, &context()).is_err());
        assert_eq!(service.size(), 5);
    });
}

#[test]
fn a_refused_submission_changes_nothing() {
    let mut log = TestLog::a();
    log.submit(&submission(8)).unwrap();
    let root = *log.service.head().root.hash();
    let huge = any_block(&release(8), headers(ISS, &class(), number(u64::MAX)), &author());
    assert_eq!(rule(log.submit(&huge.submission().unwrap())), "F17");
    assert_eq!(log.registry.last(ISS, &class()), Some(8));
    assert_eq!(*log.service.head().root.hash(), root);
}
