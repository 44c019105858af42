//! Documents about software, package URLs, versions and ranges of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scitt_core::{Document, DocumentLimits, Purl, Subject, VersionOrder, VersionRange};

const ORDERS: [VersionOrder; 6] = [
    VersionOrder::SemVer,
    VersionOrder::Debian,
    VersionOrder::Maven,
    VersionOrder::PyPi,
    VersionOrder::Rpm,
    VersionOrder::Exact,
];

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = Document::read(bytes, &DocumentLimits::DEFAULT) {
        for package in document.packages() {
            if let Some(purl) = package.purl() {
                canonical(&purl.to_string());
            }
            if let Some(version) = package.version() {
                let _ = package.order().compare(version, "1.0");
            }
        }
    }
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let lines: Vec<&str> = text.lines().take(4).collect();
    for line in &lines {
        canonical(line);
        if let Ok(range) = VersionRange::parse(line) {
            assert_eq!(VersionRange::parse(&range.to_string()), Ok(range.clone()));
            for order in ORDERS {
                for version in &lines {
                    let _ = range.contains(version, order);
                }
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
