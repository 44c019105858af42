//! Where a procedure failed.

use core::fmt;

use super::Place;
use crate::{Rule, Section, command::CommandKind};

/// Where and why a procedure failed after it had begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The section that was run.
    pub section: Section,
    /// Whether it failed in the shared sequence, which ran before the section.
    pub in_shared: bool,
    /// Where the command stands, in bytes from the start of the content of the byte string that
    /// holds the section or the shared sequence; 0 where no command failed.
    pub offset: usize,
    /// The component that the command was run for, by its index in the manifest; 0 where no command
    /// failed.
    pub component_index: u8,
    /// The innermost command whose failure ended the procedure; `None` if the section as a whole
    /// failed.
    pub command: Option<CommandKind>,
    /// Why.
    pub rule: Rule,
}

/// A command in whose argument another one failed
/// ([`Processor::around`](super::Processor::around)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enclosing {
    /// Where the command stands, as in [`Failure::offset`].
    pub offset: usize,
    /// The command.
    pub command: CommandKind,
}

impl Failure {
    /// Returns where the command stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place {
            section: self.section,
            is_shared: self.in_shared,
            offset: self.offset,
            component_index: self.component_index,
        }
    }
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
