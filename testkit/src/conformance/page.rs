//! Renders the page, or says why there cannot be one.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{CrateRules, TestFunction};

const HEAD: &str = "\
# Conformance

Each rule that the crates enforce, where it comes from, and the tests that show it. A test belongs to the rule whose id
its name starts with; a rule without a test has no place here, and generating the page fails.

This page is generated: `cargo run -p testkit --features conformance --bin conformance`. Do not edit it.
";

/// The page's Markdown, or a list of what stands against it.
pub fn page(crates: &[CrateRules]) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut text = HEAD.to_owned();
    for CrateRules { name, rules, tests } in crates {
        let _ = writeln!(
            text,
            "\n## {name}\n\n| rule | clause | what holds | tests |\n|---|---|---|---|"
        );
        if rules.is_empty() {
            problems.push(format!("{name}: no rules"));
        }
        for rule in rules {
            if let Some(owner) = owners.insert(rule.id.to_lowercase(), name) {
                problems.push(format!("{name}: rule id {} is already taken in {owner}", rule.id));
            }
            let shown = tests_of_rule(&rule.id, tests);
            if shown.is_empty() {
                problems.push(format!(
                    "{name}: rule {} ({}) has no test: {}",
                    rule.id, rule.clause, rule.holds
                ));
            }
            let cells = [&rule.id, &rule.clause, &rule.holds].map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(text, "| {} | {} |", cells.join(" | "), shown.join("<br>"));
        }
    }
    if crates.is_empty() {
        problems.push("no crate states its rules".to_owned());
    }
    if problems.is_empty() { Ok(text) } else { Err(problems) }
}

/// The tests whose names start with the rule's id, as they are shown.
fn tests_of_rule(id: &str, tests: &[TestFunction]) -> Vec<String> {
    let prefix = format!("{}_", id.to_lowercase());
    let own = tests.iter().filter(|test| test.name.starts_with(&prefix));
    own.map(|test| format!("`{}` ({})", test.name, test.file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::RuleRow;

    fn a_crate(name: &str, rules: &[&str], tests: &[&str]) -> CrateRules {
        CrateRules {
            name: name.to_owned(),
            rules: rules.iter().map(|id| RuleRow::new(id, "RFC 0 1", "a | b")).collect(),
            tests: tests
                .iter()
                .map(|name| TestFunction { name: (*name).to_owned(), file: "src/a.rs".into() })
                .collect(),
        }
    }

    #[test]
    fn one_row_per_rule() {
        let text =
            page(&[a_crate("x", &["C1", "C12"], &["c1_a", "c12_b", "c1_c", "other"])]).unwrap();
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| C")).collect();
        assert_eq!(rows[0], "| C1 | RFC 0 1 | a \\| b | `c1_a` (src/a.rs)<br>`c1_c` (src/a.rs) |");
        assert_eq!(rows[1], "| C12 | RFC 0 1 | a \\| b | `c12_b` (src/a.rs) |");
        assert!(text.contains("\n## x\n\n| rule |"));
    }

    #[test]
    fn every_problem_is_listed() {
        let crates = [
            a_crate("x", &["C1", "C2"], &["c1_a"]),
            a_crate("y", &["C1"], &["c1_a"]),
            a_crate("z", &[], &[]),
        ];
        let problems = page(&crates).unwrap_err();
        assert_eq!(problems[0], "x: rule C2 (RFC 0 1) has no test: a | b");
        assert_eq!(problems[1], "y: rule id C1 is already taken in x");
        assert_eq!(problems[2], "z: no rules");
        assert_eq!(page(&[]).unwrap_err(), ["no crate states its rules"]);
    }
}
