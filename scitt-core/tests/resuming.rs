//! Audits and monitors that go on in another process: what they find is what one that never stopped
//! finds.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use cose_ext::{Input, Profile};
use governed::*;
use merkle_proof::{Sha256Tree, ccf::CcfSha256Tree};
use proptest::prelude::*;
use scitt_core::{
    AuditedEntry, Auditor, Bootstrap, EntryEncoding, EntryPayload, EntryRule, Error, ErrorKind,
    Governance, Log as _, LogTree as _, Requirements, Rule, TrustedIssuers,
};
use world::*;

/// One entry of an audit.
#[derive(Clone, Debug)]
enum Entry {
    Good(u32),
    /// Another signature than the issuer's.
    Forged(u32),
    Withheld(u8),
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = prop_oneof![
        4 => (0..6_u32).prop_map(Entry::Good),
        1 => (0..6_u32).prop_map(Entry::Forged),
        1 => any::<u8>().prop_map(Entry::Withheld),
    ];
    prop::collection::vec(one, 0..14)
}

fn replay(auditor: &mut Auditor<Sha256Tree>, entries: &[Entry]) {
    let issuers = issuer_key();
    let requirements = Requirements::Rfc9943;
    let mut policy = TrustedIssuers { issuers: &issuers, requirements };
    for entry in entries {
        let (mut statement, withheld) = match entry {
            Entry::Good(number) | Entry::Forged(number) => (statement_no(*number), [0; 32]),
            Entry::Withheld(byte) => (Vec::new(), [*byte; 32]),
        };
        if let (Entry::Forged(_), Some(last)) = (entry, statement.last_mut()) {
            *last ^= 1;
        }
        let entry = match statement.is_empty() {
            true => AuditedEntry::withheld(&withheld),
            false => AuditedEntry::statement(&statement, Input::embedded()),
        };
        let _ = auditor.replay(&entry, &mut policy, &context()).unwrap();
    }
}

fn same(one: &Auditor<Sha256Tree>, other: &Auditor<Sha256Tree>) {
    assert_eq!(one.head(), other.head());
    assert_eq!(one.report(), other.report());
    assert_eq!(one.report().to_string(), other.report().to_string());
    assert_eq!(one.checkpoint(), other.checkpoint());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn s68_an_audit_that_goes_on_finds_what_a_full_replay_finds(
        entries in entries(),
        stops in prop::collection::vec(0..14_usize, 0..3),
    ) {
        let mut full = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
        replay(&mut full, &entries);
        let mut stopped = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
        let mut stops: Vec<_> = stops.into_iter().map(|stop| stop.min(entries.len())).collect();
        stops.sort_unstable();
        let mut done = 0;
        for stop in stops {
            replay(&mut stopped, &entries[done..stop]);
            done = stop;
            stopped = Auditor::resume(Sha256Tree, &stopped.checkpoint()).unwrap();
            assert_eq!(stopped.size(), u64::try_from(stop).unwrap());
        }
        replay(&mut stopped, &entries[done..]);
        same(&stopped, &full);
    }
}

#[test]
fn s68_a_resumed_audit_knows_every_root_and_every_statement_before() {
    let mut log = Log::usual(0);
    let receipts: Vec<_> = (0..5).map(|number| log.log(&statement_no(number))).collect();
    let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
    replay(&mut auditor, &[0, 1, 2, 3, 4].map(Entry::Good));
    let mut resumed = Auditor::resume(Sha256Tree, &auditor.checkpoint()).unwrap();
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let service =
        scitt_core::TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys };
    for (number, receipt) in (0..5).zip(&receipts) {
        let receipt = merkle_proof::cose::Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        let statement = statement_no(number);
        let entry = AuditedEntry::statement(&statement, Input::embedded());
        let found = resumed.check_receipt(&entry, &receipt, &service, &context()).unwrap();
        let size = u64::from(number) + 1;
        assert_eq!(found, scitt_core::ReceiptAudit::Agrees { size });
    }
    replay(&mut resumed, &[Entry::Good(2)]);
    assert_eq!(resumed.report().first_fault().unwrap().rule().unwrap().id, "S24");
}

#[test]
fn s68_an_audit_of_a_governed_log_goes_on_with_its_governance() {
    let mut service = first();
    register(&mut service, &policy_statement(&policy())).unwrap();
    register(&mut service, &statement_no(1)).unwrap();
    register(&mut service, &endorsement_of(&NEXT_SERVICE)).unwrap();
    register(&mut service, &policy_statement(&without_issuers())).unwrap();
    assert!(register(&mut service, &statement_no(2)).is_err());
    let log = service.service().log();
    let size = log.size();
    let replay = |auditor: &mut Auditor<Sha256Tree>, governance: &mut Governance, until| {
        for index in auditor.size()..until {
            let evidence = log.evidence(index).unwrap().unwrap();
            let evidence = scitt_core::Evidence::decode(&evidence, &Profile::LENIENT).unwrap();
            let entry = AuditedEntry::from(&evidence);
            let _ = auditor.replay(&entry, governance, &context()).unwrap();
        }
    };
    let begin = || {
        let auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
        (auditor, Governance::new(SERVICE_ISS, Bootstrap::FirstStatement))
    };
    let (mut full, mut governed) = begin();
    replay(&mut full, &mut governed, size);
    assert_eq!(full.report().checked(), size);
    for stop in 0..=size {
        let (mut auditor, mut governance) = begin();
        replay(&mut auditor, &mut governance, stop);
        let mut auditor = Auditor::resume(Sha256Tree, &auditor.checkpoint()).unwrap();
        let mut governance = Governance::resume(
            SERVICE_ISS,
            Bootstrap::FirstStatement,
            &governance.checkpoint(),
            &context(),
        )
        .unwrap();
        replay(&mut auditor, &mut governance, size);
        same(&auditor, &full);
        assert_eq!(governance.checkpoint(), governed.checkpoint());
        assert_eq!(governance.in_force(), governed.in_force());
        assert_eq!(governance.endorsed_keys(), governed.endorsed_keys());
    }
    let bytes = governed.checkpoint();
    let resume = |issuer: &str, bytes: &[u8]| {
        Governance::resume(issuer, Bootstrap::FirstStatement, bytes, &context()).map(drop)
    };
    let broken = |found: Result<(), Error>| found.unwrap_err().kind();
    let form = ErrorKind::Broken(Rule::AuditCheckpoint);
    assert_eq!(broken(resume("https://other.example", &bytes)), form);
    for end in 0..bytes.len() {
        assert_eq!(broken(resume(SERVICE_ISS, &bytes[..end])), form, "{end}");
    }
}

#[test]
fn s68_what_is_no_checkpoint_of_this_audit_is_refused() {
    let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
    replay(&mut auditor, &[Entry::Good(1), Entry::Forged(2), Entry::Withheld(3)]);
    let bytes = auditor.checkpoint();
    let refused = |bytes: &[u8]| {
        let error = Auditor::resume(Sha256Tree, bytes).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Broken(Rule::AuditCheckpoint));
    };
    for end in 0..bytes.len() {
        refused(&bytes[..end]);
    }
    refused(&[&bytes[..], &[0]].concat());
    // Of another structure.
    let ledger = Auditor::new(CcfSha256Tree, EntryRule::CCF).checkpoint();
    refused(&ledger);
    assert!(Auditor::resume(CcfSha256Tree, &ledger).is_ok());
    // Counts that the entries do not have: the report is the end of the bytes.
    for at in bytes.len() - 12..bytes.len() {
        for byte in 0..=255 {
            let mut changed = bytes.clone();
            changed[at] = byte;
            if let Ok(other) = Auditor::resume(Sha256Tree, &changed) {
                // What is accepted is one form: it is written as it was read.
                assert_eq!(other.checkpoint(), changed);
            }
        }
    }
    for (encoding, hash) in [
        (EntryEncoding::AsReceived, None),
        (EntryEncoding::Preferred(EntryPayload::Nil), Some(cose_ext::crypto::Algorithm::SHA384)),
    ] {
        let auditor = Auditor::new(Sha256Tree, EntryRule { encoding, hash });
        let bytes = auditor.checkpoint();
        let again = Auditor::resume(Sha256Tree, &bytes).unwrap();
        assert_eq!(again.checkpoint(), bytes);
    }
}

#[cfg(feature = "sbom")]
mod monitors {
    use scitt_core::{Monitor, VersionRange};

    use super::*;

    const PUMP: &str = "pkg:npm/pump";

    /// What a statement says: a list of parts, a report, or no document.
    #[derive(Clone, Debug)]
    enum Said {
        Parts(u8),
        Report(u8, &'static str),
        Advisory(u8),
        Nothing,
        Broken,
    }

    fn said() -> impl Strategy<Value = Vec<(Said, u8)>> {
        let status =
            prop::sample::select(vec!["not_affected", "affected", "fixed", "under_investigation"]);
        let one = prop_oneof![
            any::<u8>().prop_map(|version| Said::Parts(version % 4)),
            (any::<u8>(), status).prop_map(|(version, status)| Said::Report(version % 4, status)),
            any::<u8>().prop_map(|version| Said::Advisory(version % 4)),
            Just(Said::Nothing),
            Just(Said::Broken),
        ];
        prop::collection::vec((one, 0..3_u8), 0..12)
    }

    fn document(said: &Said) -> String {
        match said {
            Said::Parts(version) => format!(
                r#"{{"bomFormat": "CycloneDX", "components": [
                    {{"name": "pump", "purl": "{PUMP}@1.0.{version}"}},
                    {{"name": "pump", "version": "1.0.{version}"}}, {{"name": "pump"}}]}}"#
            ),
            Said::Report(version, status) => format!(
                r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:vex", "statements": [
                    {{"vulnerability": {{"name": "CVE-1", "aliases": ["GHSA-1"]}},
                      "products": [{{"@id": "{PUMP}@1.0.{version}",
                        "subcomponents": [{{"@id": "pkg:npm/valve@2"}}]}}, {{"@id": "{PUMP}"}}],
                      "status": "{status}"}}]}}"#
            ),
            Said::Advisory(version) => format!(
                r#"{{"document": {{"csaf_version": "2.0", "tracking": {{"id": "A-1"}}}},
                    "product_tree": {{"branches": [{{"category": "product_name", "name": "pump",
                      "branches": [{{"category": "product_version_range",
                        "name": "vers:npm/<1.0.{version}", "product": {{"name": "p",
                        "product_id": "P", "product_identification_helper":
                        {{"purl": "{PUMP}"}}}}}}]}}]}},
                    "vulnerabilities": [{{"cve": "CVE-1",
                      "product_status": {{"known_affected": ["P"]}}}}]}}"#
            ),
            Said::Nothing => "{}".into(),
            Said::Broken => "{".into(),
        }
    }

    fn observe(monitor: &mut Monitor, said: &[(Said, u8)], first: usize) {
        let keys = [issuer_key()];
        let issuers = cose_ext::key::TrustStore::new(&keys);
        for (place, (said, subject)) in said.iter().enumerate() {
            let subject = ["pkg:npm/house@1", "pkg:npm/pump", "urn:x"][usize::from(*subject)];
            let builder = scitt_core::StatementBuilder::new(ISS, subject).key_id(KID);
            let bytes = builder.sign(document(said).as_bytes(), &ec_signer(&ISSUER)).unwrap();
            let statement = scitt_core::SignedStatement::decode(&bytes, &Profile::LENIENT).unwrap();
            let verified = statement
                .verify(&Input::embedded(), &issuers, Requirements::Rfc9943, &context())
                .unwrap();
            let index = u64::try_from(first + place).unwrap();
            monitor.observe(index, &verified, None, &context()).unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn s76_a_monitor_that_goes_on_answers_as_one_that_saw_all(
            said in said(),
            stop in 0..12_usize,
        ) {
            let stop = stop.min(said.len());
            let begin = || Monitor::new().following_subject("pkg:npm/house@1")
                .following_subject("pkg:npm/pump");
            let mut full = begin();
            observe(&mut full, &said, 0);
            let mut stopped = begin();
            observe(&mut stopped, &said[..stop], 0);
            let mut resumed = Monitor::resume(&stopped.checkpoint()).unwrap();
            assert_eq!(resumed.next_index(), u64::try_from(stop).unwrap());
            observe(&mut resumed, &said[stop..], stop);
            assert_eq!(resumed.checkpoint(), full.checkpoint());
            assert_eq!((resumed.len(), resumed.passed_over()), (full.len(), full.passed_over()));
            for range in ["*", "<1.0.2", ">=1.0.1|<1.0.3", "1.0.3"] {
                let range = VersionRange::parse(range).unwrap();
                for purl in [PUMP, "pkg:npm/valve"] {
                    assert_eq!(resumed.affected(purl, &range), full.affected(purl, &range));
                    let of = |monitor: &Monitor| {
                        format!("{:?}", monitor.affected_by("ghsa-1", purl, &range))
                    };
                    assert_eq!(of(&resumed), of(&full));
                }
            }
            assert!(resumed.about("pkg:npm/pump").eq(full.about("pkg:npm/pump")));
            assert!(resumed.of_issuer(ISS).eq(full.of_issuer(ISS)));
        }
    }

    #[test]
    fn s76_what_is_no_checkpoint_of_a_monitor_is_refused() {
        let mut monitor = Monitor::new().following_issuer(ISS);
        let all = [Said::Parts(1), Said::Report(2, "fixed"), Said::Advisory(3), Said::Broken];
        observe(&mut monitor, &all.map(|said| (said, 1)), 5);
        let bytes = monitor.checkpoint();
        assert_eq!(Monitor::resume(&bytes).unwrap().next_index(), 9);
        for end in 0..bytes.len() {
            let error = Monitor::resume(&bytes[..end]).map(drop).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Broken(Rule::MonitorCheckpoint), "{end}");
        }
        for at in 0..bytes.len() {
            for bit in [0x01, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= bit;
                if let Ok(other) = Monitor::resume(&changed) {
                    // What is accepted is one form: it is written as it was read.
                    assert_eq!(other.checkpoint(), changed, "{at}");
                }
            }
        }
    }
}
