//! Whether an outcome is what the case, the reasons and the exceptions ask for.

use super::exceptions::Exception;
use super::{Case, Expect, Outcome};

/// How a test ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Passed,
    Ignored(String),
    Failed(String),
}

/// Judges one outcome. `reason` is the rule that a refusal must name, `exception` why the case does not pass as published.
pub(super) fn judge(
    case: &Case,
    outcome: &Outcome,
    reason: Option<&str>,
    exception: Option<&Exception>,
) -> Judgement {
    let Some(Exception::Open(why)) = exception else {
        let reading = match exception {
            Some(Exception::Reading(reading)) => Some(reading.as_str()),
            _ => None,
        };
        return as_published(case, outcome, reason, reading);
    };
    match as_published(case, outcome, reason, None) {
        Judgement::Failed(_) => Judgement::Passed,
        Judgement::Ignored(why) => Judgement::Ignored(why),
        Judgement::Passed => Judgement::Failed(format!(
            "the case passes: remove the line from docs/exceptions.json (open: {why})\n{}",
            about(case)
        )),
    }
}

/// Judges by the published verdict and facts, or, with a `reading`, by a verdict that differs from it.
fn as_published(
    case: &Case,
    outcome: &Outcome,
    reason: Option<&str>,
    reading: Option<&str>,
) -> Judgement {
    let (accepted, facts) = match outcome {
        Outcome::NotRun(why) => return Judgement::Ignored(why.clone()),
        Outcome::Failed(message) => {
            return Judgement::Failed(format!("{message}\n{}", about(case)));
        }
        Outcome::Accepted(facts) => (true, facts),
        Outcome::Refused { facts, .. } => (false, facts),
    };
    let mut problems = Vec::new();
    let agrees = accepted == (case.expect == Expect::Valid);
    match (agrees, reading) {
        (true, None) | (false, Some(_)) => {}
        (true, Some(reading)) => problems.push(format!(
            "the verdict agrees with the published one: remove the line from docs/exceptions.json (reading: {reading})"
        )),
        (false, None) => problems.push(match outcome {
            Outcome::Refused { rule: Some(rule), error, .. } => format!("valid, but refused by rule {rule}: {error}"),
            Outcome::Refused { rule: None, error, .. } => format!("valid, but refused: {error}"),
            _ => "invalid, but accepted".to_owned(),
        }),
    }
    if let (Outcome::Refused { rule, error, .. }, Some(reason)) = (outcome, reason) {
        match rule {
            Some(rule) if *rule == reason => {}
            Some(rule) => problems
                .push(format!("refused by rule {rule}, reasons.json says {reason}: {error}")),
            None => problems
                .push(format!("refused without a rule, reasons.json says {reason}: {error}")),
        }
    }
    problems.extend(facts.differences(&case.facts));
    if problems.is_empty() {
        return Judgement::Passed;
    }
    problems.push(about(case));
    Judgement::Failed(problems.join("\n"))
}

/// What the case says of itself, for the report of a failure.
fn about(case: &Case) -> String {
    format!("case: {} ({}), {}; why: {}", case.file, case.kind, case.spec, case.why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::Facts;
    use serde_json::json;
    use std::path::Path;

    fn case(expect: &str) -> Case {
        let entry = json!({"name": "a", "file": "a.cbor", "kind": "k", "expect": expect, "facts": {"alg": -7}});
        Case::from_entry("area", Path::new("."), &entry).unwrap()
    }

    fn accepted() -> Outcome {
        Outcome::Accepted(Facts::new())
    }

    fn refused() -> Outcome {
        Outcome::refused(Some("C1"), "broken")
    }

    fn message(judgement: Judgement) -> String {
        match judgement {
            Judgement::Failed(message) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn agreement_passes() {
        assert_eq!(judge(&case("valid"), &accepted(), None, None), Judgement::Passed);
        assert_eq!(judge(&case("invalid"), &refused(), None, None), Judgement::Passed);
    }

    #[test]
    fn disagreement_fails() {
        assert!(
            message(judge(&case("invalid"), &accepted(), None, None))
                .starts_with("invalid, but accepted")
        );
        let text = message(judge(&case("valid"), &refused(), None, None));
        assert!(text.starts_with("valid, but refused by rule C1: broken"), "{text}");
    }

    #[test]
    fn a_refusal_names_the_listed_rule() {
        assert_eq!(judge(&case("invalid"), &refused(), Some("C1"), None), Judgement::Passed);
        assert!(
            message(judge(&case("invalid"), &refused(), Some("C2"), None))
                .contains("reasons.json says C2")
        );
        let without = Outcome::refused(None, "broken");
        assert!(
            message(judge(&case("invalid"), &without, Some("C2"), None)).contains("without a rule")
        );
    }

    #[test]
    fn a_reading_must_differ() {
        let reading = Exception::Reading("r".to_owned());
        let judged = |expect, outcome| judge(&case(expect), &outcome, None, Some(&reading));
        assert_eq!(judged("valid", refused()), Judgement::Passed);
        assert_eq!(judged("invalid", accepted()), Judgement::Passed);
        assert!(message(judged("valid", accepted())).contains("remove the line"));
    }

    #[test]
    fn an_open_case_must_fail_in_any_way() {
        let open = Exception::Open("o".to_owned());
        let judged = |expect, outcome: Outcome| judge(&case(expect), &outcome, None, Some(&open));
        assert_eq!(judged("valid", refused()), Judgement::Passed);
        assert_eq!(judged("valid", Outcome::Failed("trouble".to_owned())), Judgement::Passed);
        let mut facts = Facts::new();
        facts.is("alg", -8);
        assert_eq!(judged("valid", Outcome::Accepted(facts)), Judgement::Passed);
        assert!(message(judged("valid", accepted())).contains("remove the line"));
        assert!(matches!(judged("valid", Outcome::not_run("no RSA")), Judgement::Ignored(_)));
    }

    #[test]
    fn a_fact_that_differs_fails_either_verdict() {
        let mut facts = Facts::new();
        facts.is("alg", -8);
        let text = message(judge(&case("valid"), &Outcome::Accepted(facts.clone()), None, None));
        assert!(text.contains("found -8, the case states -7"), "{text}");
        let refusal = Outcome::Refused { rule: None, error: "broken".to_owned(), facts };
        assert!(matches!(judge(&case("invalid"), &refusal, None, None), Judgement::Failed(_)));
    }

    #[test]
    fn not_run_is_ignored_and_trouble_fails() {
        let reading = Exception::Reading("r".to_owned());
        let ignored = judge(&case("valid"), &Outcome::not_run("no RSA"), None, Some(&reading));
        assert_eq!(ignored, Judgement::Ignored("no RSA".to_owned()));
        assert!(
            message(judge(&case("invalid"), &Outcome::Failed("gone".to_owned()), None, None))
                .contains("gone")
        );
    }
}
