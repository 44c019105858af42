//! Files that hold many tests in one case.

use std::fmt::{Display, Write};

use super::{Facts, Outcome};

/// How many failed sub-cases are printed one by one.
const SHOWN: usize = 20;

/// Collects the results of the tests inside one file, such as those of wycheproof or a table of an RFC.
#[derive(Debug, Default)]
pub struct SubCases {
    checked: usize,
    failures: Vec<String>,
}

impl SubCases {
    /// None checked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one test; `result` says what is wrong with it, if something is.
    pub fn check<E: Display>(&mut self, name: impl Display, result: Result<(), E>) {
        self.checked += 1;
        if let Err(error) = result {
            self.failures.push(format!("{name}: {error}"));
        }
    }

    /// Counts one test that must be accepted or refused as `valid` says.
    pub fn check_verdict<E: Display>(
        &mut self,
        name: impl Display,
        valid: bool,
        result: Result<(), E>,
    ) {
        match (valid, result) {
            (true, Err(error)) => self.check(name, Err(format!("valid, but refused: {error}"))),
            (false, Ok(())) => self.check(name, Err("invalid, but accepted")),
            (true, Ok(())) | (false, Err(_)) => self.check(name, Ok::<(), &str>(())),
        }
    }

    /// How many tests were counted.
    pub fn checked(&self) -> usize {
        self.checked
    }

    /// Accepted if each test went as it should, and there was at least one.
    pub fn outcome(self, facts: Facts) -> Outcome {
        if self.checked == 0 {
            return Outcome::Failed("the file holds no tests".to_owned());
        }
        if self.failures.is_empty() {
            return Outcome::Accepted(facts);
        }
        let mut message = format!("{} of {} sub-cases failed:", self.failures.len(), self.checked);
        for failure in self.failures.iter().take(SHOWN) {
            let _ = write!(message, "\n  {failure}");
        }
        if self.failures.len() > SHOWN {
            let _ = write!(message, "\n  and {} more", self.failures.len() - SHOWN);
        }
        Outcome::Failed(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_tests_fails() {
        assert!(matches!(SubCases::new().outcome(Facts::new()), Outcome::Failed(_)));
    }

    #[test]
    fn all_right_is_accepted() {
        let mut sub = SubCases::new();
        sub.check_verdict("1", true, Ok::<(), &str>(()));
        sub.check_verdict("2", false, Err("bad"));
        assert_eq!(sub.checked(), 2);
        assert!(matches!(sub.outcome(Facts::new()), Outcome::Accepted(_)));
    }

    #[test]
    fn failures_are_named_and_bounded() {
        let mut sub = SubCases::new();
        sub.check("first", Err("wrong"));
        for n in 0..25 {
            sub.check_verdict(n, false, Ok::<(), &str>(()));
        }
        let Outcome::Failed(message) = sub.outcome(Facts::new()) else { panic!("accepted") };
        assert!(message.starts_with("26 of 26 sub-cases failed:\n  first: wrong"), "{message}");
        assert!(message.ends_with("and 6 more"), "{message}");
    }
}
