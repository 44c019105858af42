//! What the CDDL of each profile excludes, derived from one table for each: PSA in its three forms (RFC 9783 4 and what
//! came before it), CCA platform and realm (draft-ffm-rats-cca-token 4). Every other type, sizes and values next to what
//! is allowed, the claim twice, and the claim left out: each is refused by the rule of its claim, and by no other.

#[path = "support/cddl.rs"]
mod cddl;
#[path = "support/claims.rs"]
mod claims;

use cddl::{Line, Type, bytes, line, sized};
use claims::set;
use cose_ext::Profile;
use rats_eat::{Claims, EatProfile, Finding, psa::PsaClaims};

/// A profile, with the claim that names it and whether that may be left out.
struct Table {
    profile: &'static EatProfile,
    id_key: i64,
    names: &'static [&'static str],
    is_name_optional: bool,
    /// Lines, and whether the claim has to be there.
    lines: Vec<(Line, bool)>,
    /// Whether [`PsaClaims`] reads tokens of this profile.
    is_psa: bool,
}

const REQUIRED: bool = true;
const OPTIONAL: bool = false;

fn text(text: &str) -> String {
    let mut buffer = [0; 128];
    let mut writer = cose_ext::cbor::Writer::new(&mut buffer);
    writer.text(text);
    hex::encode(writer.finish().unwrap())
}

fn texts(key: i64, rule: &'static str, good: &str, bad: &[&str]) -> Line {
    let bad: Vec<String> = bad.iter().map(|bad| text(bad)).collect();
    Line { key, rule, types: &[Type::Text], good: text(good), bad }
}

const DIGESTS: [(usize, usize); 3] = [(32, 32), (48, 48), (64, 64)];

fn instance_id(key: i64) -> Line {
    let id = |len: usize, kind: u8| format!("58{len:02x}{kind:02x}{}", "00".repeat(len - 1));
    line(key, "E52", &[Type::Bytes], &id(33, 1), &[&id(33, 2), &id(32, 1), &id(34, 1), "40"])
}

fn client_id(key: i64) -> Line {
    let bad = ["00", "1a80000000", "3a80000000", "1b0000000100000001", "1bffffffffffffffff"];
    line(key, "E51", &[Type::Uint, Type::Negative], "26", &bad)
}

fn lifecycle(key: i64) -> Line {
    let bad = [
        "190100",
        "190fff",
        "191100",
        "192100",
        "195100",
        "197000",
        "1a00013000",
        "1b0001000000003000",
    ];
    line(key, "E55", &[Type::Uint], "193000", &bad)
}

fn components(key: i64) -> Line {
    let one = |measurement: usize, signer: usize| {
        format!("81a202{}05{}", bytes(measurement), bytes(signer))
    };
    let mut line = line(
        key,
        "E57",
        &[Type::Array],
        &one(32, 48),
        &["80", "81a0", "8180", "8107", "81a1024107"],
    );
    for (measurement, signer) in [(31, 32), (33, 32), (47, 32), (64, 63), (32, 65), (32, 0)] {
        line.bad.push(one(measurement, signer));
    }
    // Type, version and description are texts; measurement and signer are bytes.
    for member in ["01", "04", "06"] {
        line.bad.push(format!("81a302{0}05{0}{member}07", bytes(32)));
    }
    line.bad.push(format!("81a202{}056161", bytes(32)));
    line.bad.push(format!("81a105{}", bytes(32)));
    // A right one ahead of a wrong one.
    line.bad.push(format!("82a202{0}05{0}a0", bytes(32)));
    line
}

const NO_REFERENCES: [&str; 6] = [
    "",
    "123456789012-12345",
    "1234567890123-1234",
    "123456789012a-12345",
    "1234567890123-123456",
    "1234567890123 12345",
];

/// RFC 9783 4.
fn psa() -> Table {
    let reference = texts(
        2398,
        "E54",
        "1234567890123-12345",
        &[&NO_REFERENCES[..], &["1234567890123"]].concat(),
    );
    Table {
        profile: &EatProfile::PSA,
        id_key: 265,
        names: &["tag:psacertified.org,2023:psa#tfm"],
        is_name_optional: false,
        lines: vec![
            (sized(10, "E50", &DIGESTS), REQUIRED),
            (instance_id(256), REQUIRED),
            (client_id(2394), REQUIRED),
            (lifecycle(2395), REQUIRED),
            (sized(2396, "E53", &[(32, 32)]), REQUIRED),
            (sized(268, "E56", &[(8, 32)]), OPTIONAL),
            (reference, OPTIONAL),
            (components(2399), REQUIRED),
            (texts(2400, "E58", "a", &[]), OPTIONAL),
        ],
        is_psa: true,
    }
}

/// The profile of the drafts before RFC 9783: another boot seed, and a reference that may be short.
fn psa_2_0_0() -> Table {
    let mut table = psa();
    let place = |key: i64, table: &Table| {
        table.lines.iter().position(|(line, _)| line.key == key).expect("a line")
    };
    let seed = place(268, &table);
    table.lines[seed] = (sized(2397, "E56", &[(8, 32)]), OPTIONAL);
    let reference = place(2398, &table);
    let bad = [&NO_REFERENCES[..], &["123456789012", "12345678901234"]].concat();
    table.lines[reference] = (texts(2398, "E54", "1234567890123", &bad), OPTIONAL);
    Table { profile: &EatProfile::PSA_2_0_0, names: &["http://arm.com/psa/2.0.0"], ..table }
}

/// The oldest form, with claims of its own; its components may be a flag that says that there are none, and is in a
/// test of its own.
fn psa_iot_1() -> Table {
    let bad = [&NO_REFERENCES[..], &["123456789012", "12345678901234"]].concat();
    Table {
        profile: &EatProfile::PSA_IOT_1,
        id_key: -75000,
        names: &["PSA_IOT_PROFILE_1"],
        is_name_optional: true,
        lines: vec![
            (client_id(-75001), REQUIRED),
            (lifecycle(-75002), REQUIRED),
            (sized(-75003, "E53", &[(32, 32)]), REQUIRED),
            (sized(-75004, "E56", &[(8, 32)]), REQUIRED),
            (texts(-75005, "E54", "1234567890123", &bad), OPTIONAL),
            (components(-75006), REQUIRED),
            (sized(-75008, "E50", &DIGESTS), REQUIRED),
            (instance_id(-75009), REQUIRED),
            (texts(-75010, "E58", "a", &[]), OPTIONAL),
        ],
        is_psa: true,
    }
}

const NO_HASHES: [&str; 5] = ["", "sha-1", "SHA-256", "sha256", "sha-512 "];

/// draft-ffm-rats-cca-token 4.6.
fn cca_platform() -> Table {
    Table {
        profile: &EatProfile::CCA_PLATFORM,
        id_key: 265,
        names: &["tag:arm.com,2023:cca_platform#1.0.0", "http://arm.com/CCA-SSD/1.0.0"],
        is_name_optional: false,
        lines: vec![
            (sized(10, "E60", &DIGESTS), REQUIRED),
            (instance_id(256), REQUIRED),
            (lifecycle(2395), REQUIRED),
            (sized(2396, "E53", &[(32, 32)]), REQUIRED),
            (components(2399), REQUIRED),
            (texts(2400, "E58", "a", &[]), OPTIONAL),
            (line(2401, "E61", &[Type::Bytes], "4107", &[]), REQUIRED),
            (texts(2402, "E62", "sha-256", &NO_HASHES), REQUIRED),
        ],
        is_psa: false,
    }
}

/// draft-ffm-rats-cca-token 4.8.
fn cca_realm() -> Table {
    let point = |first: u8, len: usize| format!("58{len:02x}{first:02x}{}", "07".repeat(len - 1));
    let keys = line(
        44237,
        "E65",
        &[Type::Bytes],
        &point(4, 97),
        // No point, no COSE_Key: other lengths, a compressed one, an item that is no map, a map without a type.
        &["40", "4107", "41a0", "43a12001", &point(4, 96), &point(4, 98), &point(3, 97)],
    );
    let registers = |lens: &[usize]| {
        format!(
            "{:02x}{}",
            0x80 + lens.len(),
            lens.iter().map(|len| bytes(*len)).collect::<String>()
        )
    };
    let extensible = line(
        44239,
        "E64",
        &[Type::Array],
        &registers(&[32, 48, 64, 32]),
        &[
            "80",
            &registers(&[32; 3]),
            &registers(&[32; 5]),
            &registers(&[32, 32, 32, 31]),
            &registers(&[33, 32, 32, 32]),
            &format!("84{}616107", registers(&[32; 2]).split_at(2).1),
        ],
    );
    Table {
        profile: &EatProfile::CCA_REALM,
        id_key: 265,
        names: &["tag:arm.com,2023:realm#1.0.0", "tag:arm.com,2024:realm#2.0.0"],
        is_name_optional: true,
        lines: vec![
            (sized(10, "E60", &[(64, 64)]), REQUIRED),
            (sized(44235, "E63", &[(64, 64)]), REQUIRED),
            (texts(44236, "E62", "sha-512", &NO_HASHES), REQUIRED),
            (keys, REQUIRED),
            (sized(44238, "E64", &DIGESTS), REQUIRED),
            (extensible, REQUIRED),
            (texts(44240, "E62", "sha-384", &NO_HASHES), REQUIRED),
        ],
        is_psa: false,
    }
}

fn tables() -> [Table; 5] {
    [psa(), psa_2_0_0(), psa_iot_1(), cca_platform(), cca_realm()]
}

impl Table {
    /// A claims set in which everything is right, but `key` has `value`, or is left out.
    fn claims(&self, name: Option<&str>, key: i64, value: Option<&str>) -> Vec<u8> {
        let entries = self.lines.iter().filter_map(|(line, _)| match line.key == key {
            true => Some((key, value?)),
            false => Some((line.key, line.good.as_str())),
        });
        let name = name.map(|name| (self.id_key, name));
        set(&entries.chain(name).collect::<Vec<_>>())
    }

    fn claims_of_name(&self, key: i64, value: Option<&str>) -> Vec<u8> {
        self.claims(Some(&text(self.names[0])), key, value)
    }

    /// Asserts that exactly `rule` is reported, and returned by whoever reads such a token.
    fn check(&self, bytes: &[u8], rule: Option<&str>, what: &str) {
        let claims = Claims::decode(bytes, &Profile::LENIENT).unwrap();
        let name = self.profile.name;
        let mut found = Vec::new();
        self.profile.validate(&claims, &mut |finding: &Finding<'_>| {
            found.push(finding.error.rule().expect("a rule").id);
        });
        assert_eq!(found, rule.into_iter().collect::<Vec<_>>(), "{name}, {what}");
        let first = self.profile.check(&claims).err().and_then(|error| error.rule());
        assert_eq!(first.map(|rule| rule.id), rule, "{name}, {what}");
        if self.is_psa {
            let read = PsaClaims::read(claims).err().and_then(|error| error.rule());
            assert_eq!(read.map(|rule| rule.id), rule, "{name} as it is read, {what}");
        }
    }
}

#[test]
fn what_the_cddl_allows_breaks_no_rule() {
    for table in tables() {
        for name in table.names {
            table.check(&table.claims(Some(&text(name)), 0, None), None, "all is right");
        }
        for (line, _) in &table.lines {
            table.check(&table.claims_of_name(line.key, Some(&line.good)), None, "all is right");
        }
    }
}

#[test]
fn each_claim_has_its_type_its_size_and_its_range() {
    let mut cases = 0;
    for table in tables() {
        for (line, _) in &table.lines {
            for bad in line.wrong() {
                let bytes = table.claims_of_name(line.key, Some(bad));
                table.check(&bytes, Some(line.rule), &format!("{}: {bad}", line.key));
                cases += 1;
            }
        }
    }
    assert!(cases > 500, "{cases}");
}

#[test]
fn each_claim_that_has_to_be_there_is_there() {
    for table in tables() {
        for (line, is_required) in &table.lines {
            let rule = is_required.then_some(line.rule);
            let bytes = table.claims_of_name(line.key, None);
            table.check(&bytes, rule, &format!("without {}", line.key));
        }
    }
}

#[test]
fn no_claim_is_there_twice() {
    for table in tables() {
        for (line, _) in &table.lines {
            let entries =
                [(line.key, line.good.as_str()), (-1, "07"), (line.key, line.good.as_str())];
            let error = Claims::decode(&set(&entries), &Profile::LENIENT).unwrap_err();
            assert_eq!(error.rule().map(|rule| rule.id), Some("C2"), "{}", line.key);
        }
    }
}

#[test]
fn e40_each_name_is_that_of_the_profile_letter_for_letter() {
    for table in tables() {
        let without = table.claims(None, 0, None);
        let rule = (!table.is_name_optional).then_some("E40");
        table.check(&without, rule, "without a name");
        let right = table.names[0];
        let upper = right.to_uppercase();
        let upper = if upper == right { right.to_lowercase() } else { upper };
        let names = [format!("{right} "), right[1..].to_owned(), upper, String::new()];
        let wrong = names.iter().map(|name| text(name));
        for wrong in wrong.chain(["4107".into(), "07".into(), "f6".into()]) {
            table.check(&table.claims(Some(&wrong), 0, None), Some("E40"), &wrong);
        }
    }
}

/// Of the oldest form: what was measured, or that nothing was, and not both.
#[test]
fn e57_the_oldest_form_says_what_was_measured_or_that_nothing_was() {
    let mut table = psa_iot_1();
    let place = table.lines.iter().position(|(line, _)| line.key == -75006).expect("a line");
    let both = |value: &str| {
        let name = text(table.names[0]);
        let good = table.lines.iter().map(|(line, _)| (line.key, line.good.as_str()));
        set(&good.chain([(-75000, name.as_str()), (-75007, value)]).collect::<Vec<_>>())
    };
    table.check(&both("01"), Some("E57"), "both");
    table.lines[place] =
        (line(-75007, "E57", &[Type::Uint], "01", &["00", "02", "1903e8"]), REQUIRED);
    table.check(&table.claims_of_name(0, None), None, "nothing was measured");
    table.check(&table.claims_of_name(-75007, None), Some("E57"), "neither");
    for bad in table.lines[place].0.wrong() {
        let bytes = table.claims_of_name(-75007, Some(bad));
        table.check(&bytes, Some("E57"), bad);
    }
}
