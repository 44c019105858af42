//! What was told to whoever listens.

use core::fmt::Write as _;

use firmware::{Console, counted};
use spec_rules::RuleRef;

/// The teller: every verdict, whether it is the one that is due, and how many instructions it took.
pub(crate) struct Told {
    console: Console,
    /// What was counted when the latest verification began.
    before: u32,
    pub(crate) wrong: i32,
}

impl Told {
    pub(crate) const fn new() -> Self {
        Self { console: Console, before: 0, wrong: 0 }
    }

    /// A verification begins here.
    pub(crate) fn begins(&mut self) {
        self.before = counted();
    }

    fn tell(&mut self, is_right: bool, what: &str, verdict: core::fmt::Arguments<'_>) {
        let took = counted().saturating_sub(self.before);
        if !is_right {
            self.wrong = self.wrong.saturating_add(1);
        }
        let mark = if is_right { "" } else { "WRONG: " };
        // Nobody may be listening.
        let _ = writeln!(self.console, "{mark}{what}: {verdict}");
        let _ = writeln!(self.console, "took: {took} instructions: {}", what.trim_start());
    }

    /// Something that is to be taken; `is_so` says what has to be so afterwards.
    pub(crate) fn accepted(
        &mut self,
        what: &str,
        outcome: Result<(), Option<RuleRef>>,
        is_so: bool,
    ) {
        match outcome {
            Ok(()) => self.tell(is_so, what, format_args!("accepted")),
            Err(rule) => self.refusal(what, rule, None),
        }
    }

    /// Something that is to be refused by the rule `due`, and to leave no trace, as `is_so` says.
    pub(crate) fn refused(
        &mut self,
        what: &str,
        outcome: Result<(), Option<RuleRef>>,
        due: &str,
        is_so: bool,
    ) {
        match outcome {
            Ok(()) => self.tell(false, what, format_args!("accepted")),
            Err(rule) => self.refusal(what, rule, Some(due).filter(|_| is_so)),
        }
    }

    fn refusal(&mut self, what: &str, rule: Option<RuleRef>, due: Option<&str>) {
        match rule {
            Some(rule) => {
                let RuleRef { id, clause, .. } = rule;
                self.tell(due == Some(id), what, format_args!("refused by {id}, {clause}"));
            }
            None => self.tell(false, what, format_args!("refused")),
        }
    }
}
