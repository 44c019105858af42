//! Versions in order, and ranges of them.

use std::cmp::Ordering::{Equal, Greater, Less};

use scitt_core::{ErrorKind, Rule, VersionOrder, VersionRange};

/// Each of `ascending` is older than all behind it; those joined by `=` are one version.
fn ascends(order: VersionOrder, ascending: &[&str]) {
    let groups: Vec<Vec<&str>> =
        ascending.iter().map(|group| group.split(" = ").collect()).collect();
    for (place, group) in groups.iter().enumerate() {
        for one in group {
            for (other_place, others) in groups.iter().enumerate() {
                for other in others {
                    let expected = place.cmp(&other_place);
                    assert_eq!(order.compare(one, other), Some(expected), "{one} and {other}");
                }
            }
        }
    }
}

#[test]
fn semantic_versions() {
    ascends(
        VersionOrder::SemVer,
        &[
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0 = v1.0.0 = 1.0.0+build",
            "1.0.1",
            "1.2.0",
            "1.10.0",
            "2.0.0",
        ],
    );
    assert_eq!(VersionOrder::SemVer.compare("1.2", "1.2.0"), None);
}

#[test]
fn debian_versions() {
    ascends(
        VersionOrder::Debian,
        &[
            "1.0~beta1~svn1245",
            "1.0~beta1",
            "1.0 = 0:1.0 = 1.0-0 = 1.00",
            "1.0-1",
            "1.0-1+b1",
            "1.0a",
            "1.0+dfsg",
            "1.0.1",
            "1.2",
            "1.10",
            "1:0.1",
            "2:0",
        ],
    );
    assert_eq!(VersionOrder::Debian.compare("", "1"), None);
    assert_eq!(VersionOrder::Debian.compare("1_0", "1"), None);
}

#[test]
fn rpm_versions() {
    ascends(
        VersionOrder::Rpm,
        &[
            "1.a",
            "1.0~rc1",
            "1.0~rc2",
            "1.0 = 1.00 = 0:1.0",
            "1.0^git1",
            "1.0^git2",
            "1.0.1",
            "1.1",
            "1.10",
            "1:0.1",
        ],
    );
    ascends(VersionOrder::Rpm, &["1.0-1", "1.0-2", "1.0-10", "1.1-1"]);
    // Without a release it is all of them.
    assert_eq!(VersionOrder::Rpm.compare("1.0", "1.0-7"), Some(Equal));
    assert_eq!(VersionOrder::Rpm.compare("", "1"), None);
    // No input takes the stack.
    let (one, other) =
        ("1".to_string() + &"^".repeat(1 << 20), "1".to_string() + &"^".repeat(1 << 20) + "a");
    assert_eq!(VersionOrder::Rpm.compare(&one, &other), Some(Less));
}

#[test]
fn python_versions() {
    ascends(
        VersionOrder::PyPi,
        &[
            "1.0.dev456 = 1.0.DEV456",
            "1.0a1 = 1.0.alpha-1 = 1.0_a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1 = 1.0c1 = 1.0pre1",
            "1.0 = v1.0 = 1.0.0 = 01.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456 = 1.0-456 = 1.0rev456",
            "1.0.15",
            "1.1.dev1",
            "1!0.1",
        ],
    );
    for text in ["", "a", "1.0-x", "1..0", "1.0+", "1.0!1"] {
        assert_eq!(VersionOrder::PyPi.compare(text, "1.0"), None, "{text}");
    }
}

#[test]
fn maven_versions() {
    ascends(
        VersionOrder::Maven,
        &[
            "1-alpha = 1.alpha = 1.0-alpha",
            "1-alpha-1 = 1a1 = 1-alpha1 = 1.0-ALPHA1",
            "1-alpha2",
            "1-alpha10",
            "1-beta = 1.0-beta",
            "1-milestone1 = 1m1",
            "1-rc1 = 1-cr1",
            "1-snapshot = 1.0.0-SNAPSHOT",
            "1 = 1.0 = 1.0.0 = 1-ga = 1-final = 1.0-release",
            "1-sp",
            "1-foo",
            "1-1",
            "1-2",
            "1.1",
            "1.1.1",
            "1.10",
            "2.0-beta9",
            "2.0",
            "2.14.1",
            "2.15.0",
        ],
    );
}

#[test]
fn a_type_without_an_order_knows_equality_alone() {
    let exact = VersionOrder::of_type("generic");
    assert_eq!(exact, VersionOrder::Exact);
    assert_eq!(exact.compare("1", "1"), Some(Equal));
    assert_eq!(exact.compare("1", "2"), None);
    for (kind, order) in [
        ("cargo", VersionOrder::SemVer),
        ("deb", VersionOrder::Debian),
        ("maven", VersionOrder::Maven),
        ("pypi", VersionOrder::PyPi),
        ("rpm", VersionOrder::Rpm),
        ("swid", VersionOrder::Exact),
    ] {
        assert_eq!(VersionOrder::of_type(kind), order);
    }
    assert_eq!(Greater, 1.cmp(&0));
}

#[test]
fn s71_a_range_contains_what_its_constraints_say() {
    for (range, inside, outside) in [
        (
            "vers:maven/>=2.0-beta9|<2.15.0",
            &["2.0-beta9", "2.0", "2.14.1", "2.15.0-rc1"][..],
            &["1.9", "2.15.0", "2.0-beta8", "3"][..],
        ),
        (
            ">=2.0|<2.3.1|>=2.4|<2.12.2|>=2.13|<=2.14.1",
            &["2.3", "2.12.1", "2.14.1"],
            &["2.3.1", "2.3.5", "2.12.2", "2.15"],
        ),
        ("<2", &["1", "0.1"], &["2", "3"]),
        (">2", &["3"], &["2", "1"]),
        ("1.0|2.0", &["1", "1.0", "2.0.0"], &["1.1", "3"]),
        ("!=1.5", &["1.4", "2"], &["1.5"]),
        (">=1|!=1.5|<2", &["1", "1.6"], &["1.5", "2", "0.9"]),
        ("<2|>=1", &["1", "1.5"], &["2", "0.5"]),
        ("*", &["1", "whatever"], &[]),
        ("vers:maven/*", &["1"], &[]),
    ] {
        let read = VersionRange::parse(range).unwrap();
        for version in inside {
            assert_eq!(
                read.contains(version, VersionOrder::Maven),
                Some(true),
                "{range} {version}"
            );
        }
        for version in outside {
            assert_eq!(
                read.contains(version, VersionOrder::Maven),
                Some(false),
                "{range} {version}"
            );
        }
        let again = VersionRange::parse(&read.to_string()).unwrap();
        assert_eq!(again, read);
    }
    for odd in ["=*", "=vers:x/1", "vers:deb/%3C1"] {
        let read = VersionRange::parse(odd).unwrap();
        assert_eq!(VersionRange::parse(&read.to_string()), Ok(read.clone()), "{odd}");
        assert_eq!(
            read.contains("1", VersionOrder::Exact),
            if odd.contains("deb") { None } else { Some(false) }
        );
    }
    let encoded = VersionRange::parse("vers:deb/1%2B2").unwrap();
    assert_eq!(encoded.contains("1+2", VersionOrder::Debian), Some(true));
    assert_eq!(encoded.to_string(), "vers:deb/1%2B2");
}

#[test]
fn s71_where_the_order_does_not_say_nobody_does() {
    let range = VersionRange::parse(">=1.0.0|<2.0.0").unwrap();
    assert_eq!(range.contains("1.5", VersionOrder::SemVer), None);
    assert_eq!(range.contains("1.5.0", VersionOrder::Exact), None);
    let odd = VersionRange::parse(">=1.0|<2.0.0").unwrap();
    assert_eq!(odd.contains("1.5.0", VersionOrder::SemVer), None);
    // Of another scheme.
    let maven = VersionRange::parse("vers:maven/<2").unwrap();
    assert_eq!(maven.contains("1.0.0", VersionOrder::SemVer), None);
    let semver = VersionRange::parse("vers:semver/<2.0.0").unwrap();
    assert_eq!(semver.contains("1.0.0", VersionOrder::SemVer), Some(true));
    // Equality is known of everything.
    let listed = VersionRange::parse("r1|r2").unwrap();
    assert_eq!(listed.contains("r2", VersionOrder::Exact), Some(true));
    assert_eq!(listed.contains("r3", VersionOrder::Exact), Some(false));
    let except = VersionRange::parse("!=r1").unwrap();
    assert_eq!(except.contains("r1", VersionOrder::Exact), Some(false));
    assert_eq!(except.contains("r3", VersionOrder::Exact), Some(true));
}

#[test]
fn s71_what_is_no_range_is_refused() {
    for text in [
        "",
        "|",
        ">=",
        "vers:",
        "vers:maven",
        "vers:/1",
        "vers:maven/",
        ">=1||<2",
        "1 2",
        "vers:deb/%zz",
        " =   <= ",
        ">  =1",
    ] {
        let error = VersionRange::parse(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Broken(Rule::VersionRange), "{text}");
    }
    assert!(VersionRange::parse(&"1|".repeat(4000)).is_err());
    // Within the limit as it came, above it with a percent sign and a comparator.
    for text in [format!("vers:deb/{}", "\0".repeat(2000)), "1|".repeat(2000) + "1"] {
        let error = VersionRange::parse(&text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Broken(Rule::VersionRange));
    }
}

#[test]
fn a_range_has_no_more_constraints_than_are_compared_in_a_moment() {
    let range = |sign: &str, count: u32| {
        let constraints: Vec<_> = (0..count).map(|number| format!("{sign}{number}")).collect();
        VersionRange::parse(&constraints.join("|"))
    };
    for sign in ["", "!=", ">", "<="] {
        assert!(range(sign, 256).is_ok());
        assert_eq!(range(sign, 257).unwrap_err().kind(), ErrorKind::Broken(Rule::VersionRange));
    }
    // The longest ones, each of whose versions is looked up in the other.
    let (above, singles) = (range(">", 256).unwrap(), range("", 256).unwrap());
    assert_eq!(above.contains("0", VersionOrder::Debian), Some(false));
    assert_eq!(above.contains("1000", VersionOrder::Debian), Some(true));
    assert_eq!(above.overlaps(&singles, VersionOrder::Debian), Some(false));
    assert_eq!(singles.overlaps(&singles, VersionOrder::Debian), Some(true));
}

#[test]
fn the_order_of_constraints_says_nothing() {
    for [one, other] in [[">=1|<2|>=3|<4", "<4|>=3|<2|>=1"], ["!=2|>=1|<3", "<3|!=2|>=1"]] {
        let [one, other] = [one, other].map(|range| VersionRange::parse(range).unwrap());
        for version in ["0", "1", "1.5", "2", "2.5", "3", "3.5", "4", "5"] {
            let order = VersionOrder::Debian;
            assert_eq!(one.contains(version, order), other.contains(version, order), "{version}");
        }
    }
}
