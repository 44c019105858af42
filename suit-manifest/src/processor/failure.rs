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
    /// section or the shared sequence; 0 where no command failed.
    pub offset: usize,
    /// The innermost command whose failure ended the procedure; `None` if the section as a whole failed.
    pub command: Option<CommandKind>,
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
        let (section, rule) = (self.section, self.rule);
        match self.command {
            Some(command) => {
                write!(f, "{command} at byte {} of {part}{section} failed: ", self.offset)?;
            }
            None => write!(f, "{part}{section} failed: ")?,
        }
        write!(f, "{} ({})", rule.broken(), rule.to_ref())
    }
}

impl core::error::Error for Failure {}
