//! What was told to whoever listens.

use core::fmt::Write as _;

use firmware::Console;
use spec_rules::RuleRef;

/// The teller: every verdict, and whether it is the one that is due.
pub(crate) struct Told {
    console: Console,
    pub(crate) wrong: i32,
}

impl Told {
    pub(crate) const fn new() -> Self {
        Self { console: Console, wrong: 0 }
    }

    fn tell(&mut self, is_right: bool, what: &str, verdict: core::fmt::Arguments<'_>) {
        if !is_right {
            self.wrong = self.wrong.saturating_add(1);
        }
        let mark = if is_right { "" } else { "WRONG: " };
        // Nobody may be listening.
        let _ = writeln!(self.console, "{mark}{what}: {verdict}");
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
