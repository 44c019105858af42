//! Following a log by subject and issuer, and the question after a vulnerability.

#[path = "support/world.rs"]
mod world;

use cose_ext::{Input, Profile, key::TrustStore, rustcrypto::Sha256};
use scitt_core::{
    AffectedBy, DocumentError, DocumentKind, ErrorKind, Monitor, Observation, Requirements, Rule,
    SignedStatement, StatementBuilder, VersionRange,
};
use world::*;

const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core";

/// A bill of materials in CycloneDX that lists one version.
fn sbom(version: &str) -> String {
    format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
            {{"name": "log4j-core", "version": "{version}", "purl": "{LOG4J}@{version}"}}]}}"#
    )
}

/// Lets the monitor see a statement of the issuer about `subject`.
fn observe(
    monitor: &mut Monitor,
    index: u64,
    (subject, payload): (&str, &str),
    preimage: Option<&[u8]>,
) -> Result<Observation, scitt_core::Error> {
    let builder = StatementBuilder::new(ISS, subject).key_id(KID);
    let signer = ec_signer(&ISSUER);
    let statement = match preimage {
        Some(_) if payload.is_empty() => unreachable!(),
        _ if payload.starts_with("digest of ") => {
            let artifact = payload.strip_prefix("digest of ").unwrap();
            builder.sign_digest_of(artifact.as_bytes(), &Sha256, &signer)
        }
        _ => builder.sign(payload.as_bytes(), &signer),
    };
    see(monitor, index, &statement.unwrap(), preimage)
}

fn see(
    monitor: &mut Monitor,
    index: u64,
    statement: &[u8],
    preimage: Option<&[u8]>,
) -> Result<Observation, scitt_core::Error> {
    let statement = SignedStatement::decode(statement, &Profile::LENIENT).unwrap();
    let unbound = ed_key(&STRANGER);
    let keys = [issuer_key(), unbound];
    let issuers = TrustStore::new(&keys);
    let requirements = Requirements::Lenient;
    let verified =
        statement.verify(&Input::embedded(), &issuers, requirements, &context()).unwrap();
    monitor.observe(index, &verified, preimage, &context())
}

#[test]
fn after_log4j_the_monitor_says_which_statements_and_subjects_are_affected() {
    let mut monitor = Monitor::new();
    let indexed = Observation::Indexed { kind: DocumentKind::CycloneDx, packages: 1 };
    let mut add = |index, subject: &str, payload: &str| {
        observe(&mut monitor, index, (subject, payload), None).unwrap()
    };
    assert_eq!(add(0, "pkg:generic/pump@1", &sbom("2.14.1")), indexed);
    assert_eq!(add(1, "pkg:generic/pump@2", &sbom("2.17.1")), indexed);
    assert_eq!(add(2, "pkg:generic/valve@1", &sbom("2.0-beta9")), indexed);
    assert_eq!(add(3, "pkg:generic/valve@0", &sbom("1.2.17")), indexed);
    let plain = r#"{"spdxVersion": "SPDX-2.3", "documentNamespace": "urn:x",
        "packages": [{"name": "log4j-core", "versionInfo": "2.3"}, {"name": "log4j-core"}]}"#;
    let of_spdx = Observation::Indexed { kind: DocumentKind::Spdx2, packages: 2 };
    assert_eq!(add(4, "urn:x", plain), of_spdx);
    assert_eq!(add(5, "urn:y", "no document"), Observation::Unread(DocumentError::Cbor));
    let range = VersionRange::parse("vers:maven/>=2.0-beta9|<2.15.0").unwrap();
    let answer = monitor.affected(LOG4J, &range).unwrap();
    let found: Vec<_> = answer
        .affected()
        .iter()
        .map(|one| {
            (one.statement.index(), one.statement.subject().unwrap(), one.version.unwrap(), one.by)
        })
        .collect();
    assert_eq!(
        found,
        [
            (0, "pkg:generic/pump@1", "2.14.1", AffectedBy::Purl),
            (2, "pkg:generic/valve@1", "2.0-beta9", AffectedBy::Purl),
            (4, "urn:x", "2.3", AffectedBy::NameAlone),
        ]
    );
    // One without a version, and one that could not be read.
    assert_eq!(answer.undecided().len(), 1);
    assert_eq!((answer.undecided()[0].statement.index(), answer.undecided()[0].version), (4, None));
    assert_eq!(answer.unread(), 1);
    // A spelling of the package, with a version that is not looked at.
    let spelled = monitor.affected("PKG:Maven/org.apache.logging.log4j/log4j-core@9", &range);
    assert_eq!(spelled.unwrap(), answer);
    let other = monitor.affected("pkg:maven/org.example/other", &VersionRange::ANY).unwrap();
    assert!(other.affected().is_empty() && other.undecided().is_empty());
    assert!(monitor.affected("log4j", &range).is_err());
    assert_eq!(monitor.about("urn:x").count(), 1);
    let of_issuer: Vec<_> = monitor.of_issuer(ISS).map(|one| one.index()).collect();
    assert_eq!(of_issuer, [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        monitor.about("urn:y").next().unwrap().observation(),
        Observation::Unread(DocumentError::Cbor)
    );
}

#[test]
fn a_package_without_a_purl_is_found_with_and_without_its_namespace() {
    let mut monitor = Monitor::new();
    let document = r#"{"bomFormat": "CycloneDX", "components": [
        {"group": "org.apache.logging.log4j", "name": "log4j-core", "version": "2.1"},
        {"name": "org.apache.logging.log4j:log4j-core", "version": "2.2"},
        {"name": "log4j-core", "version": "2.3"},
        {"group": "org.example", "name": "log4j-core", "version": "2.4"}]}"#;
    observe(&mut monitor, 0, ("urn:x", document), None).unwrap();
    let answer = monitor.affected(LOG4J, &VersionRange::ANY).unwrap();
    let mut versions: Vec<_> = answer.affected().iter().filter_map(|found| found.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, ["2.1", "2.2", "2.3"]);
    assert!(answer.affected().iter().all(|found| found.by == AffectedBy::NameAlone));
}

#[test]
fn a_version_of_an_order_that_is_not_known_is_undecided_and_never_dropped() {
    let mut monitor = Monitor::new();
    let document = r#"{"bomFormat": "CycloneDX", "components": [
        {"name": "a", "purl": "pkg:generic/a@r7"}, {"name": "a", "purl": "pkg:generic/a@r8"}]}"#;
    observe(&mut monitor, 0, ("urn:x", document), None).unwrap();
    let range = VersionRange::parse("<r8").unwrap();
    let answer = monitor.affected("pkg:generic/a", &range).unwrap();
    // That it is none below itself, everybody knows.
    assert_eq!((answer.affected().len(), answer.undecided().len()), (0, 1));
    let range = VersionRange::parse("r8").unwrap();
    let answer = monitor.affected("pkg:generic/a", &range).unwrap();
    assert_eq!((answer.affected().len(), answer.undecided().len()), (1, 0));
}

#[test]
fn s72_only_what_the_signature_covers_is_indexed() {
    let mut monitor = Monitor::new();
    let document = sbom("2.14.1");
    let envelope = format!("digest of {document}");
    let without = observe(&mut monitor, 0, ("urn:x", &envelope), None).unwrap();
    assert_eq!(without, Observation::WithoutDocument);
    assert_eq!(monitor.affected(LOG4J, &VersionRange::ANY).unwrap().unread(), 1);
    let with = observe(&mut monitor, 1, ("urn:x", &envelope), Some(document.as_bytes())).unwrap();
    assert_eq!(with, Observation::Indexed { kind: DocumentKind::CycloneDx, packages: 1 });
    // Another document beside the digest, and one beside a payload.
    let other = sbom("2.17.1");
    let size = monitor.len();
    let error = observe(&mut monitor, 2, ("urn:x", &envelope), Some(other.as_bytes())).unwrap_err();
    assert_eq!(error.verdict(), scitt_core::Verdict::Broken);
    let error = observe(&mut monitor, 2, ("urn:x", &document), Some(other.as_bytes())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(Rule::MonitoredDocument));
    assert_eq!(monitor.len(), size);
}

#[test]
fn a_monitor_follows_subjects_and_issuers() {
    let mut monitor = Monitor::new().following_subject("urn:a").following_subject("urn:b");
    assert!(monitor.is_empty());
    for (index, subject) in ["urn:a", "urn:b", "urn:c"].into_iter().enumerate() {
        let index = u64::try_from(index).unwrap();
        observe(&mut monitor, index, (subject, &sbom("2.0")), None).unwrap();
    }
    assert_eq!((monitor.len(), monitor.passed_over()), (2, 1));
    // By somebody whose key is enrolled for no issuer: what it claims does not count.
    let claims_it = StatementBuilder::new(ISS, "urn:a").key_id(b"stranger");
    let claims_it = claims_it.sign(sbom("2.0").as_bytes(), &ed_signer(&STRANGER)).unwrap();
    let mut monitor = Monitor::new().following_issuer(ISS);
    assert_eq!(see(&mut monitor, 0, &claims_it, None), Ok(Observation::PassedOver));
    observe(&mut monitor, 1, ("urn:a", &sbom("2.0")), None).unwrap();
    assert_eq!((monitor.len(), monitor.of_issuer(ISS).count()), (1, 1));
    let mut all = Monitor::new();
    see(&mut all, 0, &claims_it, None).unwrap();
    assert_eq!(
        (all.of_issuer(ISS).count(), all.about("urn:a").next().unwrap().issuer()),
        (0, None)
    );
}

#[test]
fn a_coswid_is_indexed_with_the_files_of_its_payload() {
    // tag-id, software-name, entity, payload of a file with a version, version, scheme.
    let tag = "a6 00 66 707332302d31 01 64 70756d70 02 a2 18 1f 64 41636d65 18 21 01
        06 a1 11 a2 18 18 63 612e73 15 63 322e31 0d 65 312e322e33 0e 19 4000";
    let tag = hex::decode(tag.replace([' ', '\n'], "")).unwrap();
    let statement = StatementBuilder::new(ISS, "urn:pump").key_id(KID);
    let statement = statement.sign(&tag, &ec_signer(&ISSUER)).unwrap();
    let mut monitor = Monitor::new();
    let indexed = Observation::Indexed { kind: DocumentKind::CoSwid, packages: 2 };
    assert_eq!(see(&mut monitor, 0, &statement, None), Ok(indexed));
    let versions = |purl: &str, range: &str| -> Vec<Option<String>> {
        let range = VersionRange::parse(range).unwrap();
        let answer = monitor.affected(purl, &range).unwrap();
        answer.affected().iter().map(|found| found.version.map(String::from)).collect()
    };
    assert_eq!(versions("pkg:swid/Acme/pump", "<1.3.0"), [Some("1.2.3".to_string())]);
    assert!(versions("pkg:swid/Acme/pump", ">=1.3.0").is_empty());
    assert_eq!(versions("pkg:generic/a.s", "*"), [Some("2.1".to_string())]);
}
