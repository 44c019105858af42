//! A log and its monitor: a statement is found by what it says, and what was kept answers as before.

use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, Chosen};
use scitt_core::{
    Answer, DocumentLimits, Monitor, Observation, Requirements, SignedStatement, StatementBuilder,
    VersionRange,
};

use crate::{ISSUER, SIGNER, refused, with_issuer};

const PURL: &str = "pkg:npm/pump";
const VERSIONS: [&str; 4] = ["1.0.0", "1.5.0", "2.0.0", "3.0.0-rc.1"];
const STATUSES: [&str; 4] = ["affected", "not_affected", "fixed", "under_investigation"];
const LISTS: [&str; 4] = ["known_affected", "known_not_affected", "fixed", "under_investigation"];

/// A document that speaks of the package.
fn document(chosen: &mut Chosen<'_>) -> String {
    let version = chosen.one_of(VERSIONS);
    let place = usize::from(chosen.byte()) % 4;
    let cve = chosen.one_of(["CVE-2026-1", "CVE-2026-2"]);
    match chosen.byte() % 8 {
        0 => format!(
            r#"{{"bomFormat":"CycloneDX","components":[{{"name":"pump","version":"{version}","purl":"{PURL}@{version}"}}]}}"#
        ),
        1 => format!(
            r#"{{"spdxVersion":"SPDX-2.3","documentNamespace":"urn:a","packages":[{{"name":"pump","versionInfo":"{version}"}},{{"name":"pump"}}]}}"#
        ),
        2 => format!(
            r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"urn:v","statements":[{{"vulnerability":{{"name":"{cve}","aliases":["A"]}},"status":"{}","products":[{{"@id":"{PURL}@{version}"}}]}}]}}"#,
            STATUSES[place]
        ),
        3 => format!(
            r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"urn:v","statements":[{{"vulnerability":"{cve}","status":"{}","products":[{{"@id":"pkg:generic/station@1","subcomponents":[{{"@id":"{PURL}"}}]}}]}}]}}"#,
            STATUSES[place]
        ),
        4 => format!(
            r#"{{"document":{{"csaf_version":"2.0","tracking":{{"id":"A-1"}}}},"product_tree":{{"branches":[{{"category":"product_name","name":"pump","branches":[{{"category":"product_version","name":"{version}","product":{{"product_id":"P","name":"pump {version}","product_identification_helper":{{"purl":"{PURL}@{version}"}}}}}}]}}],"full_product_names":[{{"product_id":"S","name":"station"}}],"relationships":[{{"product_reference":"P","relates_to_product_reference":"S","full_product_name":{{"product_id":"SP","name":"both"}}}}]}},"vulnerabilities":[{{"cve":"{cve}","product_status":{{"{}":["P","SP"]}}}}]}}"#,
            LISTS[place]
        ),
        5 => format!(
            r#"{{"document":{{"csaf_version":"2.0","tracking":{{"id":"A-1"}}}},"product_tree":{{"branches":[{{"category":"product_version_range","name":"vers:npm/>=1.0.0|<2.0.0","product":{{"product_id":"P","name":"pump","product_identification_helper":{{"purls":["{PURL}"]}}}}}}]}},"vulnerabilities":[{{"ids":[{{"text":"{cve}"}}],"product_status":{{"{}":["P"]}}}}]}}"#,
            LISTS[place]
        ),
        6 => "no document".into(),
        _ => "{}".into(),
    }
}

pub fn check(chosen: &mut Chosen<'_>) {
    let context = Context::new(&Accept::NOBODY);
    let mut monitor = Monitor::new().with_limits(DocumentLimits::DEFAULT);
    match chosen.byte() % 8 {
        0 => monitor = monitor.following_subject("pkg:generic/station@1"),
        1 => monitor = monitor.following_issuer(ISSUER),
        2 => monitor = monitor.following_issuer("https://stranger.example"),
        _ => {}
    }
    assert!(monitor.is_empty());
    let (mut passed, mut kept) = (0, 0);
    for index in 0..u64::from(chosen.byte() % 6) {
        let document = document(chosen);
        let subject = chosen.one_of(["pkg:generic/station@1", "pkg:npm/pump@1.0.0", "urn:x"]);
        let builder = StatementBuilder::new(ISSUER, subject).key_id(b"1");
        let kind = chosen.byte() % 8;
        let (made, preimage) = match kind {
            0 => (builder.sign_digest_of(document.as_bytes(), &Sha256, &SIGNER), None),
            1 => (
                builder.sign_digest_of(document.as_bytes(), &Sha256, &SIGNER),
                Some(document.as_bytes()),
            ),
            2 => (
                builder.sign_digest_of(document.as_bytes(), &Sha256, &SIGNER),
                Some(&b"another"[..]),
            ),
            3 => (builder.sign(document.as_bytes(), &SIGNER), Some(document.as_bytes())),
            _ => (builder.sign(document.as_bytes(), &SIGNER), None),
        };
        let made = made.expect("a statement");
        let statement = SignedStatement::decode(&made, &Profile::LENIENT).expect("it was made");
        let observed = with_issuer(|issuers| {
            let input = Input::embedded();
            let verified = statement.verify(&input, issuers, Requirements::Rfc9943, &context);
            monitor.observe(index, &verified.expect("by its issuer"), preimage, &context)
        });
        match observed {
            Ok(Observation::PassedOver) => passed += 1,
            Ok(Observation::WithoutDocument) => {
                assert_eq!(kind, 0);
                kept += 1;
            }
            Ok(Observation::Unread(error)) => {
                refused(&error);
                kept += 1;
            }
            Ok(_) => kept += 1,
            // The document is another one, or is given twice.
            Err(error) => {
                assert!(matches!(kind, 2 | 3));
                refused(&error);
                continue;
            }
        }
        assert_eq!(monitor.next_index(), index + 1);
    }
    assert_eq!((monitor.len(), monitor.passed_over()), (kept, passed));
    let of_issuer = monitor.of_issuer(ISSUER);
    assert_eq!(of_issuer.inspect(|it| assert_eq!(it.issuer(), Some(ISSUER))).count(), kept);
    let about = monitor.about("urn:x");
    about
        .for_each(|it| assert!(it.subject() == Some("urn:x") && it.index() < monitor.next_index()));
    let bytes = monitor.checkpoint();
    let again = Monitor::resume(&bytes).expect("as it was written");
    assert_eq!(again.checkpoint(), bytes);
    let range =
        chosen.one_of(["*", "vers:npm/>=1.0.0|<2.0.0", "vers:npm/<1.2.0", "vers:npm/3.0.0-rc.1"]);
    let range = VersionRange::parse(range).expect("a range");
    for purl in [PURL, "pkg:npm/pump@1.0.0", "pkg:generic/station"] {
        let answer = monitor.affected(purl, &range).expect("a purl");
        assert_eq!(again.affected(purl, &range).as_ref(), Ok(&answer));
        answered(&monitor, &answer);
        for vulnerability in ["CVE-2026-1", "A"] {
            let answer = monitor.affected_by(vulnerability, purl, &range).expect("a purl");
            assert_eq!(again.affected_by(vulnerability, purl, &range).as_ref(), Ok(&answer));
            answered(&monitor, &answer);
        }
    }
    refused(&monitor.affected("pump", &range).expect_err("no purl"));
    // A byte more or less is another monitor, or none.
    let place = chosen.below(bytes.len());
    refused(&Monitor::resume(&bytes[..place]).expect_err("it is cut"));
    let mut other = bytes;
    other[place] ^= chosen.byte() | 1;
    match Monitor::resume(&other) {
        Ok(resumed) => assert_eq!(resumed.checkpoint(), other),
        Err(error) => refused(&error),
    }
}

fn answered(monitor: &Monitor, answer: &Answer<'_>) {
    assert!(answer.unread() <= monitor.len());
    for one in answer.affected().iter().chain(answer.undecided()).chain(answer.cleared()) {
        assert!(one.statement.index() < monitor.next_index());
        assert!(one.version.is_none() || one.version != Some(""));
        if let Some(assessment) = one.assessment {
            assert!(assessment.vulnerability.starts_with("CVE"));
        }
    }
    assert!(
        answer.cleared().iter().all(|one| one.assessment.is_some_and(|it| it.status.is_cleared()))
    );
}
