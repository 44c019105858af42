//! The question after Log4j: which products, by which statements, contain a version of a package? Vendors register
//! bills of materials, a monitor follows the log, and answers when somebody asks.
//!
//! `cargo run -p examples --bin after_log4j`

use std::error::Error;

use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::{Context, Input, Profile};
use scitt_core::{
    AffectedBy, Document, DocumentLimits, Monitor, Requirements, SignedStatement, StatementBuilder,
    Subject, VersionRange,
};

const VENDOR: &str = "https://vendor.example";

/// A bill of materials in CycloneDX.
fn bill_of_materials(components: &[(&str, &str)]) -> String {
    let component = |(package, version): &(&str, &str)| {
        let name = package.rsplit('/').next().unwrap_or(package);
        format!(
            r#"{{"type": "library", "name": "{name}", "version": "{version}", "purl": "pkg:maven/{package}@{version}"}}"#
        )
    };
    let components: Vec<_> = components.iter().map(component).collect();
    format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{}]}}"#,
        components.join(", ")
    )
}

/// What the vendor does for each product: the content type is that of the document, the subject the product's purl.
fn statement(product: &str, bom: &str, key: &P256SigningKey) -> Result<Vec<u8>, Box<dyn Error>> {
    let document = Document::read(bom.as_bytes(), &DocumentLimits::DEFAULT)?;
    let subject = Subject::from_purl(product)?;
    let statement = StatementBuilder::new(VENDOR, subject.as_str())
        .key_id(b"2026")
        .content_type(document.content_type())
        .sign(bom.as_bytes(), key)?;
    Ok(statement)
}

fn main() -> Result<(), Box<dyn Error>> {
    let key = P256SigningKey::from_bytes(&[7; 32])?;
    let (core, api) = ("org.apache.logging.log4j/log4j-core", "org.apache.logging.log4j/log4j-api");
    let log = [
        statement(
            "pkg:generic/pump@1.0",
            &bill_of_materials(&[(core, "2.14.1"), (api, "2.14.1")]),
            &key,
        )?,
        statement("pkg:generic/pump@1.1", &bill_of_materials(&[(core, "2.17.1")]), &key)?,
        statement("pkg:generic/valve@3", &bill_of_materials(&[(core, "2.0-beta9")]), &key)?,
        statement("pkg:generic/gauge@2", &bill_of_materials(&[(api, "2.13.0")]), &key)?,
    ];

    // Who follows the log verifies every statement before it enters the index.
    let context = Context::new(&RustCrypto);
    let public = key.public_key();
    let issuer = TrustedKey::new(&public, &context)?.for_issuer(VENDOR);
    let mut monitor = Monitor::new().following_issuer(VENDOR);
    for (index, bytes) in (0..).zip(&log) {
        let statement = SignedStatement::decode(bytes, &Profile::LENIENT)?;
        let requirements = Requirements::Rfc9943;
        let verified = statement.verify(&Input::embedded(), &issuer, requirements, &context)?;
        monitor.observe(index, &verified, None, &context)?;
    }

    // CVE-2021-44228.
    let range = VersionRange::parse("vers:maven/>=2.0-beta9|<2.15.0")?;
    let answer = monitor.affected(&format!("pkg:maven/{core}"), &range)?;
    println!("log4j-core in {range}:");
    for found in answer.affected() {
        let subject = found.statement.subject().unwrap_or("nothing in particular");
        let version = found.version.unwrap_or("no version");
        let by = if found.by == AffectedBy::Purl { "" } else { ", by its name alone" };
        println!("  {subject} (entry {}): {version}{by}", found.statement.index());
    }
    println!("  undecided: {}, documents not read: {}", answer.undecided().len(), answer.unread());
    let affected: Vec<_> = answer.affected().iter().map(|found| found.statement.index()).collect();
    assert_eq!(affected, [0, 2]);
    Ok(())
}
