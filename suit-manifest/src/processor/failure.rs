//! Where a procedure failed.

use core::fmt;

use crate::{Rule, Section, command::CommandKind};

/// Where and why a procedure failed after it had begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The section that was run.
    pub section: Section,
    /// Whether it failed in the shared sequence, which ran before the section.
    pub in_shared: bool,
    /// Where the command stands, in bytes from the start of the content of the byte string that holds the
    /// section or the shared sequence.
    pub offset: usize,
    /// The innermost command whose failure ended the procedure.
    pub command: CommandKind,
    /// Why.
    pub rule: Rule,
}

/// A command in whose argument another one failed ([`Processor::around`](super::Processor::around)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enclosing {
    /// Where the command stands, as in [`Failure::offset`].
    pub offset: usize,
    /// The command.
    pub command: CommandKind,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = if self.in_shared { "the shared sequence before " } else { "" };
        write!(
            f,
            "{} failed at byte {} of {part}{}: {} ({})",
            self.command,
            self.offset,
            self.section,
            self.rule.broken(),
            self.rule.to_ref()
        )
    }
}

impl core::error::Error for Failure {}
