//! What the CDDL of each registered claim excludes, derived from one table: every other type, sizes next to the least and
//! the greatest, values next to a range, the claim twice, and the claim without its companion. Each is refused by the
//! rule of its claim, and by no other of the table.

#[path = "support/cddl.rs"]
mod cddl;
#[path = "support/claims.rs"]
mod claims;

use cddl::{ITEMS, Line, Type, bytes, line, sized};
use claims::{findings, set};
use cose_ext::Profile;
use rats_eat::Claims;

/// RFC 8392 and RFC 9711 4, appendix D.
fn registered() -> Vec<Line> {
    use Type::{Array, Bool, Bytes, Float, Map, Negative, Text, Uint};
    const DATE: &[Type] = &[Uint, Negative, Float];
    // Infinite, not a number, beyond 64 bits and beyond what a clock tells.
    const NO_DATES: &[&str] =
        &["f97c00", "f9fc00", "f97e00", "1bffffffffffffffff", "3bffffffffffffffff", "c100"];
    let nonce = "48 0707070707070707";
    let two_short = format!("82 {nonce} 4107");
    let mut lines = vec![
        line(1, "E2", &[Text], "6137", &[]),
        line(2, "E2", &[Text], "6137", &[]),
        line(3, "E2", &[Text], "6137", &[]),
        line(4, "E3", DATE, "07", NO_DATES),
        line(5, "E3", DATE, "07", NO_DATES),
        // No float, of whatever value.
        line(6, "E4", &[Uint, Negative], "07", NO_DATES),
        line(7, "E5", &[Bytes], "4107", &[]),
        line(8, "E6", &[Map], "a1034107", &["a1036137"]),
        line(
            10,
            "E7",
            &[Bytes, Array],
            nonce,
            &[&format!("81 {nonce}"), "80", &two_short, "4707070707070707"],
        ),
        line(257, "E9", &[Map], "a1 6137 47 01010101010101", &["a0", "a1 07 47 01010101010101"]),
        line(
            258,
            "E10",
            &[Uint, Negative, Bytes],
            "07",
            &["40", "4101", "4401010101", &bytes(15), &bytes(17)],
        ),
        line(260, "E12", &[Array], "816137", &["80", "8107", "83613707 07", "826137f5"]),
        line(261, "E18", &[Uint], "07", &[]),
        line(262, "E15", &[Bool], "f5", &[]),
        line(263, "E16", &[Uint], "00", &["05", "1903e8"]),
        line(
            264,
            "E17",
            &[Map],
            "a2010102f93c00",
            &["a0", "a10101", "a10201", "a3010102010861 37", "a20161370201"],
        ),
        line(265, "E26", &[Text, Bytes], "68747275653a6f6964", &["d86f4101", "60", "40"]),
        line(266, "E25", &[Map], "a16137a0", &["a0", "a107a0"]),
        line(267, "E19", &[Uint], "07", &[]),
        line(268, "E20", &[Bytes], "4107", &[]),
        line(
            269,
            "E21",
            &[Array],
            "8182 68747275653a6f6964 6137",
            &["80", "8180", "81816137", "818207 07"],
        ),
        line(270, "E13", &[Text], "6137", &[]),
        line(271, "E14", &[Array], "816137", &["80", "8107", "8361370707"]),
        line(
            272,
            "E22",
            &[Array],
            "8182 07 4107",
            &["80", "8107", "818107", "8182204107", "81821a000100004107", "8182076137"],
        ),
        line(
            273,
            "E23",
            &[Array],
            "8182 07 4107",
            &["80", "8107", "818107", "8182204107", "81821a000100004107", "8182076137"],
        ),
        line(
            274,
            "E24",
            &[Array],
            "8182 6137 8182 6137 01",
            &[
                "80",
                "81826137 80",
                "8182078182613701",
                "81826137 8182613705",
                "81826137 81826137 00",
            ],
        ),
        line(275, "E27", &[Uint, Negative], "01", &[]),
    ];
    lines.push(sized(256, "E8", &[(7, 33)]));
    lines.push(sized(259, "E11", &[(1, 32)]));
    lines.push(sized(10, "E7", &[(8, 64)]));
    lines
}

/// The rules that the validator reports of a set with this claim, beside what companions want.
fn rules(key: i64, value: &str) -> Vec<&'static str> {
    // Companions for all, ahead of the claim.
    let companions = [(258, "07"), (259, "4107"), (270, "6137")];
    let companions = companions.iter().filter(|(companion, _)| *companion != key).copied();
    let entries: Vec<(i64, &str)> = companions.chain([(key, value)]).collect();
    findings(&set(&entries)).into_iter().map(|(_, rule)| rule).collect()
}

#[test]
fn what_the_cddl_allows_breaks_no_rule() {
    for line in registered() {
        assert_eq!(rules(line.key, &line.good), Vec::<&str>::new(), "{}: {}", line.key, line.good);
    }
}

#[test]
fn every_other_type_is_refused_by_the_rule_of_the_claim() {
    for line in registered() {
        for (of, item) in ITEMS.iter().filter(|(of, _)| !line.types.contains(of)) {
            assert_eq!(rules(line.key, item), [line.rule], "{} as {of:?}", line.key);
        }
    }
}

#[test]
fn values_next_to_what_is_allowed_are_refused_by_the_rule_of_the_claim() {
    for line in registered() {
        for bad in &line.bad {
            assert_eq!(rules(line.key, bad), [line.rule], "{}: {bad}", line.key);
        }
    }
}

#[test]
fn no_claim_is_there_twice() {
    for line in registered() {
        let bytes = set(&[(line.key, &line.good), (-1, "07"), (line.key, &line.good)]);
        let error = Claims::decode(&bytes, &Profile::LENIENT).unwrap_err();
        assert_eq!(error.rule().map(|rule| rule.id), Some("C2"), "{}", line.key);
    }
}

#[test]
fn a_claim_without_its_companion_is_reported() {
    type Beside<'b> = &'b [(i64, &'b str)];
    let cases: [(i64, &str, Beside<'_>, &str); 7] = [
        (259, "4107", &[], "E30"),
        (260, "816137", &[(258, "07")], "E31"),
        (271, "816137", &[], "E32"),
        (262, "f5", &[], "E33"),
        (262, "f4", &[], "E33"),
        (263, "03", &[], "E34"),
        (258, "26", &[], "E35"),
    ];
    for (key, value, beside, rule) in cases {
        let entries: Vec<(i64, &str)> = beside.iter().copied().chain([(key, value)]).collect();
        let found = findings(&set(&entries));
        assert_eq!(found.iter().map(|(_, rule)| *rule).collect::<Vec<_>>(), [rule], "{key}");
    }
    // The other debug statuses stand alone.
    for value in ["00", "01", "02", "04"] {
        assert_eq!(findings(&set(&[(263, value)])), [], "{value}");
    }
}
