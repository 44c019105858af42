//! Auditors and monitors (docs/transparent-suit.md 9).

#[path = "support/world.rs"]
mod world;

use transparent_suit::{
    Alarm, FirmwareMonitor, Rule, SignedBlock,
    cose_ext::{Input, Label, Processed, header::ContentType},
    profile,
    scitt_core::{
        AuditedEntry, Auditor, Requirements, StatementBuilder, TrustedIssuers,
        merkle_proof::Sha256Tree,
    },
};
use world::*;

const INPUT: Input<'static, 'static> =
    Input::embedded().with_processed(Processed::new(&[Label::TYP]));

/// Replays a log with these submissions, and says what the monitor alarms on.
fn alarms_of(
    submissions: &[Vec<u8>],
    prepare: impl for<'m> FnOnce(FirmwareMonitor<'m>) -> FirmwareMonitor<'m>,
) -> Vec<(u64, Rule)> {
    alarms(submissions, prepare).iter().map(|alarm| (alarm.entry, alarm.rule)).collect()
}

fn alarms(
    submissions: &[Vec<u8>],
    prepare: impl for<'m> FnOnce(FirmwareMonitor<'m>) -> FirmwareMonitor<'m>,
) -> Vec<Alarm> {
    let class = class();
    let expected = [(ISS, class.as_str())];
    trusting(|keys| {
        let mut monitor = prepare(FirmwareMonitor::new(keys, &expected));
        let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
        for submission in submissions {
            let entry = AuditedEntry::statement(submission, INPUT);
            auditor.replay(&entry, &mut monitor, &context()).unwrap();
        }
        assert_eq!(auditor.report().faulty(), 0, "{:?}", auditor.report());
        monitor.alarms().to_vec()
    })
}

fn unchanged<'m>(monitor: FirmwareMonitor<'m>) -> FirmwareMonitor<'m> {
    monitor
}

fn submission(block: &SignedBlock) -> Vec<u8> {
    block.submission().unwrap()
}

fn release_of(number: u64) -> Vec<u8> {
    submission(&block_of(&release(number)))
}

#[test]
fn a_log_of_good_releases_is_silent() {
    assert_eq!(alarms_of(&[release_of(7), release_of(8), release_of(20)], unchanged), []);
}

#[test]
fn f34_an_issuer_that_is_not_expected() {
    let envelope = release(8);
    let partners = block_builder(&partner(), OTHER_ISS);
    let partners = partners.sign(&envelope, &partner(), &context()).unwrap();
    let log = [release_of(7), submission(&partners), release_of(9)];
    assert_eq!(alarms_of(&log, unchanged), [(1, Rule::IssuerExpected)]);
    let alarm = alarms(&log, unchanged).remove(0);
    assert_eq!((alarm.issuer.as_str(), alarm.sequence), (OTHER_ISS, 8));
    assert_eq!(alarm.digest, partners.digest());
    assert!(alarm.to_string().contains("F34"), "{alarm}");
}

#[test]
fn f34_who_is_not_expected_makes_no_good_release_alarming() {
    let huge = release(u64::MAX);
    let partners = block_builder(&partner(), OTHER_ISS);
    let partners = submission(&partners.sign(&huge, &partner(), &context()).unwrap());
    assert_eq!(alarms_of(&[partners, release_of(8)], unchanged), [(0, Rule::IssuerExpected)]);
}

#[test]
fn f35_a_number_that_goes_back() {
    let log = [release_of(8), release_of(7), release_of(9)];
    assert_eq!(alarms_of(&log, unchanged), [(1, Rule::SequenceForward)]);
}

#[test]
fn f36_two_digests_for_one_number() {
    let other = submission(&block_of(&release_named(8, "another app")));
    assert_eq!(alarms_of(&[release_of(8), other], unchanged), [(1, Rule::DigestsAgree)]);
}

#[test]
fn f37_claims_that_differ_from_the_manifest() {
    let lying = any_block(&release(8), headers(ISS, &class(), number(9)), &author());
    assert_eq!(alarms_of(&[submission(&lying)], unchanged), [(0, Rule::ClaimsAgree)]);
    // Claims that cannot be read.
    let mute = any_block(&release(8), headers(ISS, &class(), "8".into()), &author());
    assert_eq!(alarms_of(&[submission(&mute)], unchanged), [(0, Rule::ClaimsAgree)]);
    // An entry whose manifest nobody has.
    let block = block_of(&release(8));
    let bare = bare(&block);
    assert_eq!(alarms_of(core::slice::from_ref(&bare), unchanged), [(0, Rule::ClaimsAgree)]);
    // One whose manifest the service keeps.
    let mut log = TestLog::a();
    log.submit(&submission(&block)).unwrap();
    let registry = log.registry.clone();
    assert_eq!(alarms_of(&[bare], |monitor| monitor.with_manifests(&registry)), []);
}

/// The statement as it was registered, without collateral.
fn bare(block: &SignedBlock) -> Vec<u8> {
    let mut log = TestLog::a();
    let entry = log.submit(&submission(block)).unwrap();
    log.service.statement(entry, &context()).unwrap().unwrap()
}

#[test]
fn f38_a_release_that_the_author_did_not_make() {
    // A thief of the firmware key registers, and everybody takes it; the author sees it.
    let stolen = block_of(&release_named(8, "malware"));
    let mut log = TestLog::a();
    log.submit(&release_of(7)).unwrap();
    let receipt = log.receipt_for(&stolen);
    let envelope = release_named(8, "malware");
    let bytes = with_blocks(envelope, &[&stolen.with_receipts(&[&receipt]).unwrap()]);
    assert_eq!(update(&bytes, 1, Some(7)), Ok(1));
    let own = block_of(&release(7));
    let log = [release_of(7), submission(&stolen)];
    let found = alarms_of(&log, |monitor| monitor.knowing([own.digest()]));
    assert_eq!(found, [(1, Rule::ReleaseKnown)]);
}

#[test]
fn statements_of_another_typ_have_a_policy_of_their_own() {
    let typ = ContentType::MediaType("application/sbom+cose");
    let sbom = StatementBuilder::new(ISS, &class()).key_id(b"1").typ(typ);
    let sbom = sbom.sign(b"what is in it", &author()).unwrap();
    let class = class();
    let expected = [(ISS, class.as_str())];
    trusting(|keys| {
        let mut others = TrustedIssuers { issuers: keys, requirements: Requirements::Rfc9943 };
        let mut monitor = FirmwareMonitor::new(keys, &expected).and(&mut others);
        let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
        auditor.replay(&AuditedEntry::statement(&sbom, INPUT), &mut monitor, &context()).unwrap();
        assert_eq!(auditor.report().faulty(), 0);
        assert_eq!(monitor.alarms(), []);
        // Without one they are findings.
        let mut monitor = FirmwareMonitor::new(keys, &expected);
        let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
        auditor.replay(&AuditedEntry::statement(&sbom, INPUT), &mut monitor, &context()).unwrap();
        assert_eq!(auditor.report().faulty(), 1);
    });
}

#[test]
fn the_auditor_computes_the_root_that_the_service_signs() {
    let mut log = TestLog::a();
    let submissions = [release_of(7), release_of(8), release_of(9)];
    for submission in &submissions {
        log.submit(submission).unwrap();
    }
    let class = class();
    let expected = [(ISS, class.as_str())];
    trusting(|keys| {
        let mut monitor = FirmwareMonitor::new(keys, &expected);
        let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
        for submission in &submissions {
            let entry = AuditedEntry::statement(submission, INPUT);
            auditor.replay(&entry, &mut monitor, &context()).unwrap();
        }
        assert_eq!(auditor.head().root.hash(), log.service.head().root.hash());
    });
}
