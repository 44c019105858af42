//! SUIT_Command_Sequence: commands and their arguments, one after the other.

use cose_ext::cbor::{Array, Elements, Raw};

use crate::{
    Error, Rule,
    command::Command,
    error::{Breaks, Fact},
};

/// A command sequence: an array in which numbers of commands and their arguments take turns
/// (draft-ietf-suit-manifest-37 8.4.6).
///
/// It is made from an item that was checked as a whole, so going through it again costs no check.
/// Whether the commands are known, and their arguments what they have to be, is found by the scan
/// of the [`Processor`](crate::Processor).
#[derive(Clone, Copy, Debug)]
pub struct CommandSequence<'m> {
    commands: Array<'m>,
}

impl<'m> CommandSequence<'m> {
    /// Reads the sequence that `item` is, the content of the byte string that wraps it.
    ///
    /// # Errors
    ///
    /// [`Rule::SequenceForm`] if it is no array, or has a command without its argument.
    pub fn new(item: &Raw<'m>) -> Result<Self, Error> {
        let commands = Array::new(item).breaks(Rule::SequenceForm)?;
        if commands.len() % 2 == 0 {
            Ok(Self { commands })
        } else {
            let count = Fact::Count(commands.len());
            Err(Error::malformed(Rule::SequenceForm, count, item.offset()))
        }
    }

    /// Returns where the sequence starts in the input, which is where offsets of its commands count
    /// from in reports.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.commands.offset()
    }

    /// Returns the number of commands.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.commands.len() / 2
    }

    /// Returns whether there are no commands.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// Returns the commands in order.
    #[must_use]
    pub fn iter(&self) -> Commands<'m> {
        Commands { elements: self.commands.iter() }
    }
}

impl<'m> IntoIterator for CommandSequence<'m> {
    type Item = Result<Command<'m>, Error>;
    type IntoIter = Commands<'m>;

    fn into_iter(self) -> Commands<'m> {
        self.iter()
    }
}

/// Iterator over the commands of a [`CommandSequence`]. A machine keeps one between steps.
#[derive(Clone, Debug)]
pub struct Commands<'m> {
    elements: Elements<'m>,
}

impl<'m> Iterator for Commands<'m> {
    type Item = Result<Command<'m>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.elements.offset();
        let code = self.elements.next_int()?;
        // A sequence has as many arguments as commands.
        let argument = self.elements.next()?;
        Some(code.map(|code| Command::new(code, argument, offset)).breaks(Rule::SequenceForm))
    }
}
