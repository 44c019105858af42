//! What a runner says about a case.

use super::{Facts, Trouble};

/// A runner's answer.
#[derive(Debug)]
pub enum Outcome {
    /// The crate accepted what the case holds.
    Accepted(Facts),
    /// The crate refused it.
    Refused {
        /// The id of the rule that the crate's error names.
        rule: Option<&'static str>,
        /// The crate's error, for the report.
        error: String,
        /// What was found before the refusal.
        facts: Facts,
    },
    /// The build lacks what the case needs (an algorithm, a feature); shown as ignored with this reason.
    NotRun(String),
    /// The case could not be judged, or contradicts itself; always fails.
    Failed(String),
}

impl Outcome {
    /// A refusal before anything was found.
    pub fn refused(rule: Option<&'static str>, error: impl ToString) -> Self {
        Outcome::Refused { rule, error: error.to_string(), facts: Facts::new() }
    }

    /// Not run, for a reason.
    pub fn not_run(reason: impl ToString) -> Self {
        Outcome::NotRun(reason.to_string())
    }
}

/// What a runner may return: an [`Outcome`], or a `Result` whose error fails the test.
pub trait IntoOutcome {
    /// The answer.
    fn into_outcome(self) -> Outcome;
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Outcome {
        self
    }
}

impl IntoOutcome for Result<Outcome, Trouble> {
    fn into_outcome(self) -> Outcome {
        self.unwrap_or_else(|trouble| Outcome::Failed(trouble.message().to_owned()))
    }
}
