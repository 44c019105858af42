//! What statements are about.

use scitt_core::{ErrorKind, Purl, Rule, Subject};

#[test]
fn s70_two_spellings_of_one_package_are_one_subject() {
    for (spelling, canonical) in [
        ("pkg:cargo/serde@1.0.0", "pkg:cargo/serde@1.0.0"),
        ("PKG:Cargo/serde@1.0.0", "pkg:cargo/serde@1.0.0"),
        ("pkg:///cargo//serde@1.0.0", "pkg:cargo/serde@1.0.0"),
        ("pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1"),
        ("pkg:npm/@angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1"),
        ("pkg:pypi/Django_package@1.11.1.dev1", "pkg:pypi/django-package@1.11.1.dev1"),
        (
            "pkg:deb/Debian/Curl@7.50.3-1?arch=i386&Distro=jessie",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
        ),
        (
            "pkg:deb/debian/curl@7.50.3-1?distro=jessie&arch=i386",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
        ),
        (
            "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources",
            "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources",
        ),
        (
            "pkg:golang/google.golang.org/genproto#/googleapis/../api/annotations/",
            "pkg:golang/google.golang.org/genproto#googleapis/api/annotations",
        ),
        (
            "pkg:docker/cassandra@sha256:244fd47e07d1004f0aed9c",
            "pkg:docker/cassandra@sha256:244fd47e07d1004f0aed9c",
        ),
        ("pkg:generic/a%20b@1+2", "pkg:generic/a%20b@1%2B2"),
        ("pkg:generic/x?empty=&full=1", "pkg:generic/x?full=1"),
        ("pkg:generic/x@", "pkg:generic/x"),
    ] {
        assert_eq!(Subject::from_purl(spelling).unwrap().as_str(), canonical);
        assert_eq!(Subject::from_purl(canonical).unwrap().as_str(), canonical);
    }
}

#[test]
fn s70_what_is_no_purl_is_no_subject() {
    for text in [
        "",
        "pkg",
        "pkg:",
        "pkg:cargo",
        "pkg:cargo/",
        "cargo/serde",
        "https://a.example/pkg:cargo/serde",
        "pkg:1cargo/serde",
        "pkg:ca rgo/serde",
        "pkg:cargo/%",
        "pkg:cargo/%zz",
        "pkg:cargo/%ff",
        "pkg:generic/x?a",
        "pkg:generic/x?1a=b",
        "pkg:generic/x?a=1&A=2",
    ] {
        let error = Subject::from_purl(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Broken(Rule::SubjectForm), "{text}");
    }
    let long = format!("pkg:generic/{}", "a".repeat(9000));
    assert!(Subject::from_purl(&long).is_err());
}

#[test]
fn s70_identifiers_are_taken_as_they_are() {
    for text in ["https://sbom.example/x-1", "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"] {
        assert_eq!(Subject::from_identifier(text).unwrap().to_string(), text);
    }
    for text in ["", "a b", "a\n", "\u{7f}", &"a".repeat(9000)] {
        assert!(Subject::from_identifier(text).is_err());
    }
}

#[test]
fn the_parts_of_a_purl() {
    let purl = Purl::parse("pkg:deb/debian/curl@7.50.3-1?arch=i386#a/b").unwrap();
    assert_eq!((purl.kind(), purl.name(), purl.version()), ("deb", "curl", Some("7.50.3-1")));
    assert_eq!((purl.qualifier("arch"), purl.qualifier("distro")), (Some("i386"), None));
    assert_eq!(purl.package().to_string(), "pkg:deb/debian/curl");
    let made = Purl::of("swid", Some("A Corp."), "Pump/2", Some("1 beta")).unwrap();
    assert_eq!(made.to_string(), "pkg:swid/A%20Corp./Pump%2F2@1%20beta");
    assert!(Purl::of("swid", None, "", None).is_err());
    let subject: Subject = made.into();
    assert_eq!(subject.as_ref(), "pkg:swid/A%20Corp./Pump%2F2@1%20beta");
}
