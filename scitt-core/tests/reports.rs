//! Vulnerability reports: read, indexed, and what they change in the answer after a vulnerability.

#[path = "support/world.rs"]
mod world;

use cose_ext::{Input, Profile, key::TrustStore};
use scitt_core::{
    Answer, Document, DocumentError, DocumentLimits, Monitor, Requirements, SignedStatement,
    StatementBuilder, VersionRange, VexStatus,
};
use world::*;

const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core";
const CVE: &str = "CVE-2021-44228";
/// Another issuer than the usual one.
const OTHER: &str = "https://other.example";

fn read(text: &str) -> Document {
    Document::read(text.as_bytes(), &DocumentLimits::DEFAULT).unwrap()
}

/// Vulnerability, product, its versions, parts and status of each finding.
fn findings(document: &Document) -> Vec<(String, String, String, Vec<String>, VexStatus)> {
    let text = |package: &scitt_core::Package| match package.purl() {
        Some(purl) => purl.to_string(),
        None => package.name().to_string(),
    };
    let findings = document.findings();
    findings
        .map(|finding| {
            let product = finding.product();
            let versions = match (product.version(), product.versions()) {
                (Some(version), _) => version.to_string(),
                (None, Some(range)) => range.to_string(),
                (None, None) => "?".to_string(),
            };
            let parts = finding.parts().map(text).collect();
            let name = finding.vulnerability().name().to_string();
            (name, text(product), versions, parts, finding.status())
        })
        .collect()
}

const OPENVEX: &str = r#"{
  "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vex.example/1", "statements": [
    {"vulnerability": {"@id": "https://nvd.example/CVE-2021-44228", "name": "CVE-2021-44228",
        "aliases": ["GHSA-jfh8-c2jp-5v3q"]},
     "products": [
       {"@id": "pkg:maven/org.example/pump@1.2", "subcomponents": [
         {"@id": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]},
       {"@id": "https://vendor.example/valve", "identifiers": {"purl": "pkg:generic/valve@7"}},
       {"@id": "https://vendor.example/tap"}, "pkg:npm/any"],
     "status": "not_affected", "justification": "vulnerable_code_not_present"},
    {"vulnerability": "CVE-2023-1", "products": ["pkg:npm/left-pad@1.0.0"], "status": "affected"},
    {"vulnerability": {"name": "CVE-2023-2"}, "products": [{"@id": "pkg:npm/left-pad@1.0.1"}], "status": "fixed"},
    {"vulnerability": {"name": "CVE-2023-3"}, "products": [{"@id": "pkg:npm/a"}], "status": "unheard of"},
    {"products": [{"@id": "pkg:npm/a"}], "status": "fixed"},
    {"vulnerability": {"name": "CVE-2023-4"}, "status": "under_investigation"}
  ]}"#;

#[test]
fn s77_openvex() {
    let document = read(OPENVEX);
    let log4j = || vec![format!("{LOG4J}@2.14.1")];
    let finding = |name: &str, product: &str, versions: &str, parts, status| {
        (name.to_string(), product.to_string(), versions.to_string(), parts, status)
    };
    use VexStatus::{Affected, Fixed, NotAffected};
    assert_eq!(
        findings(&document),
        [
            finding(CVE, "pkg:maven/org.example/pump@1.2", "1.2", log4j(), NotAffected),
            finding(CVE, "pkg:generic/valve@7", "7", vec![], NotAffected),
            finding(CVE, "https://vendor.example/tap", "?", vec![], NotAffected),
            finding(CVE, "pkg:npm/any", "*", vec![], NotAffected),
            finding("CVE-2023-1", "pkg:npm/left-pad@1.0.0", "1.0.0", vec![], Affected),
            finding("CVE-2023-2", "pkg:npm/left-pad@1.0.1", "1.0.1", vec![], Fixed),
        ]
    );
    let first = document.findings().next().unwrap();
    let vulnerability = first.vulnerability();
    for name in [CVE, "cve-2021-44228", "GHSA-JFH8-C2JP-5V3Q", "https://nvd.example/CVE-2021-44228"]
    {
        assert!(vulnerability.is_called(name), "{name}");
    }
    assert!(!vulnerability.is_called("CVE-2021-45046"));
}

const CSAF: &str = r#"{
  "document": {"csaf_version": "2.0", "tracking": {"id": "EX-2026-1"}},
  "product_tree": {
    "branches": [{"category": "vendor", "name": "Vendor", "branches": [
      {"category": "product_name", "name": "pump", "branches": [
        {"category": "product_version", "name": "1.2", "product": {"name": "Vendor pump 1.2", "product_id": "P12",
          "product_identification_helper": {"purl": "pkg:generic/pump@1.2"}}},
        {"category": "product_version", "name": "1.3", "product": {"name": "Vendor pump 1.3", "product_id": "P13"}},
        {"category": "product_version_range", "name": "vers:semver/>=2.0.0|<2.1.0", "product":
          {"name": "Vendor pump 2.0", "product_id": "P2", "product_identification_helper": {"purl": "pkg:npm/pump"}}}
      ]}]}],
    "full_product_names": [{"name": "tap", "product_id": "T", "product_identification_helper": {"cpe": "cpe:/a:x"}},
      {"name": "log4j-core", "product_id": "L", "product_identification_helper":
        {"purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}}],
    "relationships": [{"category": "default_component_of", "product_reference": "L",
      "relates_to_product_reference": "P12", "full_product_name": {"name": "log4j in pump", "product_id": "L:P12"}}]
  },
  "vulnerabilities": [
    {"cve": "CVE-2021-44228", "ids": [{"system_name": "vendor", "text": "V-7"}],
     "product_status": {"known_affected": ["P12", "P2", "nobody"], "known_not_affected": ["L:P12"],
       "fixed": ["P13"], "under_investigation": ["T"]}},
    {"ids": [{"text": "V-8"}], "product_status": {"first_fixed": ["P13"], "recommended": ["P13"]}}
  ]}"#;

#[test]
fn s77_csaf() {
    let document = read(CSAF);
    let finding = |name: &str, product: &str, versions: &str, parts, status| {
        (name.to_string(), product.to_string(), versions.to_string(), parts, status)
    };
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    let log4j = vec![format!("{LOG4J}@2.14.1")];
    assert_eq!(
        findings(&document),
        [
            finding(CVE, "pkg:generic/pump@1.2", "1.2", vec![], Affected),
            finding(CVE, "pkg:npm/pump", "vers:semver/>=2.0.0|<2.1.0", vec![], Affected),
            finding(CVE, "pkg:generic/pump@1.2", "1.2", log4j, NotAffected),
            finding(CVE, "pump", "1.3", vec![], Fixed),
            finding(CVE, "tap", "?", vec![], UnderInvestigation),
            finding("V-8", "pump", "1.3", vec![], Fixed),
            finding("V-8", "pump", "1.3", vec![], Fixed),
        ]
    );
    assert!(document.findings().next().unwrap().vulnerability().is_called("v-7"));
    // Products and findings count together.
    let limits = DocumentLimits::DEFAULT.with_packages(11);
    let found = Document::read(CSAF.as_bytes(), &limits);
    assert_eq!(found, Err(DocumentError::TooManyPackages));
    assert!(Document::read(CSAF.as_bytes(), &limits.with_packages(12)).is_ok());
}

/// A list of parts in CycloneDX that has one version of log4j.
fn parts(version: &str) -> String {
    format!(
        r#"{{"bomFormat": "CycloneDX", "components": [
            {{"name": "log4j-core", "version": "{version}", "purl": "{LOG4J}@{version}"}}]}}"#
    )
}

fn vex(product: &str, part: Option<&str>, status: &str) -> String {
    let inner = part.map(|part| format!(r#", "subcomponents": [{{"@id": "{part}"}}]"#));
    let inner = inner.unwrap_or_default();
    format!(
        r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:vex", "statements": [
            {{"vulnerability": {{"name": "{CVE}", "aliases": ["GHSA-jfh8-c2jp-5v3q"]}},
              "products": [{{"@id": "{product}"{inner}}}], "status": "{status}"}}]}}"#
    )
}

/// Lets the monitor see a statement of an issuer about a subject.
fn see(monitor: &mut Monitor, index: u64, issuer: &str, subject: &str, payload: &str) {
    let builder = StatementBuilder::new(issuer, subject).key_id(KID);
    let signer = if issuer == ISS { &ISSUER } else { &OTHER_ISSUER };
    let statement = builder.sign(payload.as_bytes(), &ec_signer(signer)).unwrap();
    let other = ec_key(&OTHER_ISSUER).with_key_id(KID).for_issuer(OTHER);
    let keys = [issuer_key(), other];
    let issuers = TrustStore::new(&keys);
    let statement = SignedStatement::decode(&statement, &Profile::LENIENT).unwrap();
    let input = Input::embedded();
    let verified = statement.verify(&input, &issuers, Requirements::Rfc9943, &context()).unwrap();
    monitor.observe(index, &verified, None, &context()).unwrap();
}

/// The entries that an answer names: affected, undecided, cleared.
fn entries(answer: &Answer<'_>) -> [Vec<u64>; 3] {
    [answer.affected(), answer.undecided(), answer.cleared()]
        .map(|found| found.iter().map(|one| one.statement.index()).collect())
}

fn before_2_15() -> VersionRange {
    VersionRange::parse("vers:maven/>=2.0-beta9|<2.15.0").unwrap()
}

#[test]
fn s77_reports_answer_with_their_status() {
    let mut monitor = Monitor::new();
    let own = |version: &str, status: &str| vex(&format!("{LOG4J}@{version}"), None, status);
    see(&mut monitor, 0, ISS, "urn:a", &own("2.14.1", "affected"));
    see(&mut monitor, 1, ISS, "urn:b", &own("2.14.0", "not_affected"));
    see(&mut monitor, 2, ISS, "urn:c", &own("2.12.2", "fixed"));
    see(&mut monitor, 3, ISS, "urn:d", &own("2.3.1", "under_investigation"));
    see(&mut monitor, 4, ISS, "urn:e", &own("2.17.1", "affected"));
    see(&mut monitor, 5, ISS, "urn:f", &vex(LOG4J, None, "affected"));
    let answer = monitor.affected(LOG4J, &before_2_15()).unwrap();
    assert_eq!(entries(&answer), [vec![0, 5], vec![3], vec![1, 2]]);
    let assessment = answer.cleared()[1].assessment.unwrap();
    assert_eq!((assessment.vulnerability, assessment.status), (CVE, VexStatus::Fixed));
    assert_eq!(assessment.report.index(), 2);
    assert_eq!(answer.affected()[1].versions, Some(&VersionRange::ANY));
    // By any of its names, and not for another one.
    let by = |name: &str| entries(&monitor.affected_by(name, LOG4J, &before_2_15()).unwrap());
    let sorted = |[a, b, c]: [Vec<u64>; 3]| {
        [a, b, c].map(|mut indexes| {
            indexes.sort_unstable();
            indexes
        })
    };
    assert_eq!(sorted(by(CVE)), [vec![0, 5], vec![3], vec![1, 2]]);
    assert_eq!(sorted(by("ghsa-jfh8-c2jp-5v3q")), [vec![0, 5], vec![3], vec![1, 2]]);
    assert!(by("CVE-2000-1").iter().all(Vec::is_empty));
}

#[test]
fn s77_a_csaf_range_is_compared_with_the_range_that_is_asked_for() {
    let mut monitor = Monitor::new();
    see(&mut monitor, 0, ISS, "urn:a", CSAF);
    let ask = |range: &str| {
        let range = VersionRange::parse(range).unwrap();
        entries(&monitor.affected("pkg:npm/pump", &range).unwrap())
    };
    // The product of that name without a purl is fixed in 1.3.
    assert_eq!(ask("<2.0.5")[0], [0]);
    assert_eq!(ask("2.0.3")[0], [0]);
    assert_eq!(ask("2.1.0")[0], Vec::<u64>::new());
    assert_eq!(ask("1.3.0")[0], Vec::<u64>::new());
}

#[test]
fn s77_a_report_clears_what_its_own_issuer_listed() {
    let (product, part) = ("pkg:maven/org.example/pump@1.2", format!("{LOG4J}@2.14.1"));
    let ask = |monitor: &Monitor| {
        let with = monitor.affected_by(CVE, LOG4J, &before_2_15()).unwrap();
        entries(&with)
    };
    let listed = || {
        let mut monitor = Monitor::new();
        see(&mut monitor, 0, ISS, product, &parts("2.14.1"));
        monitor
    };
    assert_eq!(ask(&listed())[0], [0]);
    // The part within the product; the product as a whole; the package itself.
    for report in [
        vex(product, Some(&part), "not_affected"),
        vex(product, None, "fixed"),
        vex(&part, None, "not_affected"),
    ] {
        let mut monitor = listed();
        see(&mut monitor, 1, ISS, "urn:vex", &report);
        let [affected, _, cleared] = ask(&monitor);
        assert!(affected.is_empty() && cleared.contains(&0), "{report}");
        // Whichever vulnerability is meant is not known: nothing is taken away.
        let answer = monitor.affected(LOG4J, &before_2_15()).unwrap();
        assert_eq!(entries(&answer)[0], [0], "{report}");
        // A later word of the issuer outweighs it.
        let worse = report.replace("not_affected", "affected").replace("fixed", "affected");
        see(&mut monitor, 2, ISS, "urn:vex", &worse);
        assert!(ask(&monitor)[0].contains(&0), "{report}");
    }
    // Nobody else clears it; another version, product or part says nothing of it.
    for (issuer, report) in [
        (OTHER, vex(product, Some(&part), "not_affected")),
        (ISS, vex("pkg:maven/org.example/pump@1.3", Some(&part), "not_affected")),
        (ISS, vex("pkg:maven/org.example/valve@1.2", None, "not_affected")),
        (ISS, vex(product, Some(&format!("{LOG4J}@2.14.0")), "not_affected")),
        (ISS, vex(product, Some("pkg:maven/org.example/other@1"), "not_affected")),
        (ISS, vex(&format!("{LOG4J}@2.13.0"), None, "not_affected")),
    ] {
        let mut monitor = listed();
        see(&mut monitor, 1, issuer, "urn:vex", &report);
        assert!(ask(&monitor)[0].contains(&0), "{report}");
    }
    // An investigation leaves it undecided.
    let mut monitor = listed();
    see(&mut monitor, 1, ISS, "urn:vex", &vex(product, Some(&part), "under_investigation"));
    let [affected, undecided, _] = ask(&monitor);
    assert!(affected.is_empty() && undecided.contains(&0));
}
