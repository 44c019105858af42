//! Documents about software, recognised and read.

use cose_ext::header::ContentType;
use scitt_core::{Document, DocumentError, DocumentKind, DocumentLimits, VersionOrder};

fn read(text: &str) -> Result<Document, DocumentError> {
    Document::read(text.as_bytes(), &DocumentLimits::DEFAULT)
}

/// Names, versions and purls of the packages.
fn packages(document: &Document) -> Vec<(String, Option<String>, Option<String>)> {
    let text = |text: Option<&str>| text.map(ToString::to_string);
    let packages = document.packages().iter();
    packages
        .map(|package| {
            let purl = package.purl().map(ToString::to_string);
            (package.name().to_string(), text(package.version()), purl)
        })
        .collect()
}

fn listed(
    name: &str,
    version: Option<&str>,
    purl: Option<&str>,
) -> (String, Option<String>, Option<String>) {
    (name.into(), version.map(Into::into), purl.map(Into::into))
}

const SPDX2: &str = r#"{
  "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "pump",
  "documentNamespace": "https://sbom.example/pump-1.2-5d3",
  "packages": [
    {"name": "log4j-core", "versionInfo": "2.14.1", "SPDXID": "SPDXRef-1", "externalRefs": [
      {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:x"},
      {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
       "referenceLocator": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]},
    {"name": "zlib", "versionInfo": "1.3"},
    {"name": "unversioned"},
    {"SPDXID": "SPDXRef-without-a-name"}
  ]
}"#;

#[test]
fn spdx_2() {
    let document = read(SPDX2).unwrap();
    assert_eq!(document.kind(), DocumentKind::Spdx2);
    assert_eq!(document.subject().unwrap().as_str(), "https://sbom.example/pump-1.2-5d3");
    assert_eq!(document.content_type(), ContentType::MediaType("application/spdx+json"));
    let purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";
    assert_eq!(
        packages(&document),
        [
            listed("log4j-core", Some("2.14.1"), Some(purl)),
            listed("zlib", Some("1.3"), None),
            listed("unversioned", None, None),
        ]
    );
    assert_eq!(document.packages()[0].order(), VersionOrder::Maven);
    let statement = document.begin_statement("https://vendor.example").unwrap().key_id(b"1");
    let signer = cose_ext::rustcrypto::P256SigningKey::from_bytes(&[7; 32]).unwrap();
    let statement = statement.sign(SPDX2.as_bytes(), &signer).unwrap();
    let profile = cose_ext::Profile::LENIENT;
    let statement = scitt_core::SignedStatement::decode(&statement, &profile).unwrap();
    let protected = statement.message().headers().protected();
    assert_eq!(protected.content_type().unwrap(), Some(document.content_type()));
    let claims = protected.cwt_claims().unwrap().unwrap();
    assert_eq!(claims.subject().unwrap(), Some("https://sbom.example/pump-1.2-5d3"));
    let without = SPDX2.replace("documentNamespace", "other");
    let error = read(&without).unwrap_err();
    assert_eq!(error.to_string(), "the document has no documentNamespace");
}

const SPDX3: &str = r#"{
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"},
    {"type": "SpdxDocument", "spdxId": "https://sbom.example/pump/document0", "rootElement": ["x"]},
    {"type": "software_Package", "spdxId": "https://sbom.example/p1", "name": "openssl",
     "software_packageVersion": "3.0.1", "software_packageUrl": "pkg:deb/debian/openssl@3.0.1-1"},
    {"type": "software_Package", "spdxId": "https://sbom.example/p2", "name": "left-pad",
     "software_packageVersion": "1.3.0",
     "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": "x"},
       {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/left-pad@1.3.0"}]},
    {"type": "software_File", "spdxId": "https://sbom.example/f1", "name": "readme"}
  ]
}"#;

#[test]
fn spdx_3() {
    let document = read(SPDX3).unwrap();
    assert_eq!(document.kind(), DocumentKind::Spdx3);
    assert_eq!(document.subject().unwrap().as_str(), "https://sbom.example/pump/document0");
    assert_eq!(
        packages(&document),
        [
            listed("openssl", Some("3.0.1-1"), Some("pkg:deb/debian/openssl@3.0.1-1")),
            listed("left-pad", Some("1.3.0"), Some("pkg:npm/left-pad@1.3.0")),
        ]
    );
    let error = read(&SPDX3.replace("SpdxDocument", "Other")).unwrap_err();
    assert!(matches!(error, DocumentError::Missing(_)));
    // A document that is one element.
    let one = r#"{"@context": ["https://spdx.org/rdf/3.0.0/spdx-context.jsonld", {}],
        "type": "SpdxDocument", "spdxId": "urn:one"}"#;
    assert_eq!(read(one).unwrap().subject().unwrap().as_str(), "urn:one");
}

const CYCLONEDX: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.5",
  "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 1,
  "metadata": {"component": {"type": "application", "name": "pump", "version": "1.2"}},
  "components": [
    {"type": "library", "group": "org.apache.logging.log4j", "name": "log4j-core", "version": "2.14.1",
     "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar",
     "components": [{"type": "library", "name": "inner", "version": "0.1"}]},
    {"type": "library", "name": "serde", "version": "1.0.2", "purl": "not a purl"}
  ]
}"#;

#[test]
fn cyclonedx() {
    let document = read(CYCLONEDX).unwrap();
    assert_eq!(document.kind(), DocumentKind::CycloneDx);
    let serial = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79";
    assert_eq!(document.subject().unwrap().as_str(), serial);
    let purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar";
    assert_eq!(
        packages(&document),
        [
            listed("pump", Some("1.2"), None),
            listed("org.apache.logging.log4j/log4j-core", Some("2.14.1"), Some(purl)),
            listed("inner", Some("0.1"), None),
            listed("serde", Some("1.0.2"), None),
        ]
    );
    // A serialNumber is recommended only.
    let without = CYCLONEDX.replace("serialNumber", "other");
    let without = read(&without).unwrap();
    assert_eq!(without.subject(), None);
    assert!(without.begin_statement("https://vendor.example").is_none());
}

#[test]
fn other_documents_are_recognised() {
    let slsa = r#"{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [{"name": "pkg:npm/%40a/b@1.0.0", "digest": {"sha256": "00"}}], "predicate": {}}"#;
    let in_toto = r#"{"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://a.example/p",
        "subject": [{"name": "a"}, {"name": "pkg:npm/b"}]}"#;
    let vex = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vex.example/1", "statements": []}"#;
    let csaf = r#"{"document": {"csaf_version": "2.0", "tracking": {"id": "EX-2026-1"}}}"#;
    let sarif = r#"{"version": "2.1.0", "runs": []}"#;
    for (text, kind, subject, media_type) in [
        (
            slsa,
            DocumentKind::SlsaProvenance,
            Some("pkg:npm/%40a/b@1.0.0"),
            "application/vnd.in-toto+json",
        ),
        (in_toto, DocumentKind::InToto, None, "application/vnd.in-toto+json"),
        (vex, DocumentKind::OpenVex, Some("https://vex.example/1"), "application/vnd.openvex+json"),
        (csaf, DocumentKind::Csaf, Some("EX-2026-1"), "application/csaf+json"),
        (sarif, DocumentKind::Sarif, None, "application/sarif+json"),
    ] {
        let document = read(text).unwrap();
        assert_eq!(document.kind(), kind);
        assert_eq!(document.subject().map(|subject| subject.as_str()), subject, "{kind}");
        assert_eq!(document.kind().media_type(), media_type);
        assert!(document.packages().is_empty() && !kind.is_bill_of_materials());
    }
    assert!(
        DocumentKind::Csaf.is_vulnerability_report() && DocumentKind::CoSwid.is_bill_of_materials()
    );
}

fn coswid(hex: &str) -> Result<Document, DocumentError> {
    Document::read(&hex::decode(hex.replace([' ', '\n'], "")).unwrap(), &DocumentLimits::DEFAULT)
}

#[test]
fn coswid_tags() {
    // tag-id, software-name, entity with a name, payload with a file in a directory, version, scheme.
    let map = "a6 00 66 707332302d31 01 64 70756d70 02 a2 18 1f 64 41636d65 18 21 01
        06 a1 10 a2 18 18 62 2f62 18 1a a1 11 82 a2 18 18 63 612e73 15 63 322e31 a1 18 18 63 622e73
        0d 65 312e322e33 0e 19 4000";
    for tagged in [map.to_string(), format!("da 53574944 {map}")] {
        let document = coswid(&tagged).unwrap();
        assert_eq!(document.kind(), DocumentKind::CoSwid);
        assert_eq!(document.subject().unwrap().as_str(), "ps20-1");
        assert_eq!(
            packages(&document),
            [
                listed("pump", Some("1.2.3"), Some("pkg:swid/Acme/pump@1.2.3")),
                listed("a.s", Some("2.1"), None),
            ]
        );
        assert_eq!(document.packages()[0].order(), VersionOrder::SemVer);
    }
    let uuid = "a2 00 50 000102030405060708090a0b0c0d0e0f 01 61 78";
    let subject = "urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f";
    assert_eq!(coswid(uuid).unwrap().subject().unwrap().as_str(), subject);
    assert_eq!(
        coswid("a2 00 41 00 01 61 78").unwrap_err().to_string(),
        "the document has no tag-id"
    );
    assert_eq!(coswid("a1 01 61 78"), Err(DocumentError::Unknown));
    assert_eq!(coswid("80"), Err(DocumentError::Unknown));
    assert_eq!(coswid("a1 01"), Err(DocumentError::Cbor));
    assert_eq!(coswid(""), Err(DocumentError::Cbor));
}

#[test]
fn a_document_that_readers_differ_on_is_refused() {
    let twice = SPDX2.replacen("\"name\": \"zlib\"", "\"name\": \"zlib\", \"name\": \"other\"", 1);
    assert!(matches!(read(&twice), Err(DocumentError::Json { line: 9, .. })));
    assert!(matches!(read(&SPDX2[..SPDX2.len() - 1]), Err(DocumentError::Json { .. })));
    assert!(matches!(read(&format!("{SPDX2}x")), Err(DocumentError::Json { .. })));
    assert_eq!(read("{}"), Err(DocumentError::Unknown));
    let deep = "{\"a\":".repeat(100_000);
    assert!(matches!(read(&deep), Err(DocumentError::Json { .. })));
}

#[test]
fn documents_have_limits() {
    let limits = DocumentLimits::DEFAULT;
    let bytes = SPDX2.as_bytes();
    let read = |limits: &DocumentLimits| Document::read(bytes, limits).map(|_| ());
    assert_eq!(read(&limits.with_bytes(bytes.len() - 1)), Err(DocumentError::TooLong));
    assert_eq!(read(&limits.with_packages(2)), Err(DocumentError::TooManyPackages));
    assert_eq!(read(&limits.with_packages(3).with_bytes(bytes.len())), Ok(()));
}
