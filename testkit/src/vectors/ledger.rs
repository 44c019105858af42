//! What a run adds up.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::facts::is_commentary;
use super::{Case, Outcome};

/// Counts over all cases of a run.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    run: usize,
    ignored: usize,
    /// Area to fact key to the number of cases whose runner did not record it.
    unknown: BTreeMap<String, BTreeMap<String, usize>>,
    /// Case to the rule that its refusal named.
    rules: BTreeMap<String, &'static str>,
}

impl Ledger {
    /// A case whose runner is about to start: it counts as run even if the runner panics.
    pub(super) fn start(&mut self) {
        self.run += 1;
    }

    /// A started case and how it came out.
    pub(super) fn finish(&mut self, case: &Case, outcome: &Outcome) {
        let facts = match outcome {
            Outcome::NotRun(_) => {
                self.run -= 1;
                self.ignored += 1;
                return;
            }
            Outcome::Failed(_) => return,
            Outcome::Accepted(facts) => facts,
            Outcome::Refused { rule, facts, .. } => {
                self.rules.extend(rule.map(|rule| (case.id(), rule)));
                facts
            }
        };
        let unknown = case.facts.keys().filter(|key| !facts.knows(key) && !is_commentary(key));
        for key in unknown {
            *self.unknown.entry(case.area.clone()).or_default().entry(key.clone()).or_default() +=
                1;
        }
    }

    /// A case that no runner saw.
    pub(super) fn ignore(&mut self) {
        self.ignored += 1;
    }

    /// The closing lines of a run.
    pub(super) fn summary(&self, with_rules: bool) -> String {
        let mut text = String::new();
        if with_rules {
            let lines: Vec<_> =
                self.rules.iter().map(|(case, rule)| format!("  \"{case}\": \"{rule}\"")).collect();
            let _ = writeln!(text, "{{\n{}\n}}", lines.join(",\n"));
        }
        for (area, keys) in &self.unknown {
            let keys: Vec<_> = keys.iter().map(|(key, cases)| format!("{key} ({cases})")).collect();
            let _ = writeln!(text, "{area}: facts not known here: {}", keys.join(", "));
        }
        let _ = writeln!(text, "vectors: {} run, {} ignored", self.run, self.ignored);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::Facts;
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn adds_up_cases_and_unknown_facts() {
        let entry = json!({"name": "a", "file": "a", "kind": "k", "expect": "valid",
                           "facts": {"alg": 1, "tag": 2, "verified_with": "x", "notes": "y"}});
        let case = Case::from_entry("area", Path::new("."), &entry).unwrap();
        let mut ledger = Ledger::default();
        let mut facts = Facts::new();
        facts.is("alg", 1);
        for outcome in [
            Outcome::Accepted(facts),
            Outcome::refused(Some("C1"), "no"),
            Outcome::not_run("later"),
        ] {
            ledger.start();
            ledger.finish(&case, &outcome);
        }
        ledger.start(); // a runner that panicked
        ledger.ignore();
        let summary = ledger.summary(false);
        assert_eq!(
            summary,
            "area: facts not known here: alg (1), tag (2)\nvectors: 3 run, 2 ignored\n"
        );
        assert!(ledger.summary(true).starts_with("{\n  \"area::a\": \"C1\"\n}\n"));
    }
}
