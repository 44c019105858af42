//! Documents about software, package URLs, versions and ranges of them.
#![no_main]

use cose_ext::header::ContentType;
use libfuzzer_sys::fuzz_target;
use scitt_core::{
    Document, DocumentError, DocumentLimits, PackageName, Purl, Subject, VersionOrder, VersionRange,
};

const ORDERS: [VersionOrder; 6] = [
    VersionOrder::SemVer,
    VersionOrder::Debian,
    VersionOrder::Maven,
    VersionOrder::PyPi,
    VersionOrder::Rpm,
    VersionOrder::Exact,
];

fuzz_target!(|bytes: &[u8]| {
    match Document::read(bytes, &DocumentLimits::DEFAULT) {
        Ok(document) => read(&document, bytes),
        Err(error) => assert!(!format!("{error} {error:?}").is_empty()),
    }
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    subjects(text);
    let lines: Vec<&str> = text.lines().take(4).collect();
    let mut ranges = Vec::new();
    for line in &lines {
        canonical(line);
        match VersionRange::parse(line) {
            Ok(range) => {
                assert_eq!(VersionRange::parse(&range.to_string()), Ok(range.clone()));
                ranges.push(range);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    // Each with itself and the one before. What overlaps is found by comparing all versions: of long ranges, in one order.
    let all = match bytes.len() {
        ..512 => &ORDERS[..],
        len => &ORDERS[len % ORDERS.len()..][..1],
    };
    for (place, range) in ranges.iter().enumerate() {
        for order in all {
            for other in &ranges[place.saturating_sub(1)..=place] {
                overlap(range, other, *order, &lines);
            }
        }
    }
    for order in ORDERS {
        for one in &lines {
            for other in &lines {
                let reversed = order.compare(other, one).map(core::cmp::Ordering::reverse);
                assert_eq!(order.compare(one, other), reversed, "{order:?}: {one:?}, {other:?}");
            }
        }
    }
});

/// What is in both ranges is where they overlap.
fn overlap(range: &VersionRange, other: &VersionRange, order: VersionOrder, versions: &[&str]) {
    let both = range.overlaps(other, order);
    assert_eq!(other.overlaps(range, order), both, "it is the same both ways");
    let is_in = |range: &VersionRange, version: &str| range.contains(version, order) == Some(true);
    let is_shared = |version: &&str| is_in(range, version) && is_in(other, version);
    // In RPM a version without a release is any of several that differ.
    let is_apart = both == Some(false) && order != VersionOrder::Rpm;
    assert!(!versions.iter().any(is_shared) || !is_apart, "{range} {other} {order:?}");
}

/// What a document says, within limits.
fn read(document: &Document, bytes: &[u8]) {
    let kind = document.kind();
    assert!(!(kind.is_bill_of_materials() && kind.is_vulnerability_report()));
    assert_eq!(document.content_type(), ContentType::MediaType(kind.media_type()));
    assert!(!kind.to_string().is_empty());
    for package in document.packages() {
        match package.purl() {
            Some(purl) => {
                canonical(&purl.to_string());
                assert_eq!(package.lookup(), PackageName::Purl(purl.package()));
                assert_eq!(purl.package().version(), None);
                assert!(purl.version().is_none() || package.version() == purl.version());
            }
            None => assert_eq!(package.lookup(), PackageName::Plain(package.name().into())),
        }
        if let Some(version) = package.version() {
            let _ = package.order().compare(version, "1.0");
        }
        assert!(
            package.version().is_none() || package.versions().is_none() || package.purl().is_some()
        );
    }
    for finding in document.findings() {
        let (vulnerability, status) = (finding.vulnerability(), finding.status());
        assert!(
            vulnerability.is_called(&vulnerability.name().to_uppercase())
                || !vulnerability.name().is_ascii()
        );
        assert!(!status.to_string().is_empty() && kind.is_vulnerability_report());
        assert!(document.packages().contains(finding.product()));
        assert!(finding.parts().all(|part| document.packages().contains(part)));
    }
    let statement = document.begin_statement("https://maker.example");
    assert_eq!(statement.is_some(), document.subject().is_some());
    let small =
        DocumentLimits::default().with_packages(document.packages().len().saturating_sub(1));
    assert!(document.packages().is_empty() || Document::read(bytes, &small).is_err());
    let short = DocumentLimits::DEFAULT.with_bytes(bytes.len() - 1);
    assert_eq!(Document::read(bytes, &short), Err(DocumentError::TooLong));
}

/// An identifier is a subject as it stands.
fn subjects(text: &str) {
    match Subject::from_identifier(text) {
        Ok(subject) => {
            assert_eq!((subject.as_str(), subject.as_ref()), (text, text));
            assert_eq!(
                (subject.to_string(), format!("{subject:?}")),
                (text.into(), format!("{text:?}"))
            );
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Err(error) = Purl::parse(text) {
        assert!(!error.to_string().is_empty() && Subject::from_purl(text).is_err());
    }
}

/// The canonical form of a purl is its own canonical form, and a subject.
fn canonical(purl: &str) {
    let Ok(purl) = Purl::parse(purl) else { return };
    let text = purl.to_string();
    // Escapes may make it longer than a subject may be.
    let Ok(again) = Purl::parse(&text) else { return assert!(text.len() > 8192) };
    assert_eq!(again, purl);
    assert_eq!(again.to_string(), text);
    assert_eq!(Subject::from_purl(&text).map(|subject| subject.to_string()), Ok(text));
}
