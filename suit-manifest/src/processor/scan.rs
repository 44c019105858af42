//! The look at all sequences of a procedure before anything is done.

use cose_ext::cbor::{self, Array, Elements, Raw, Reader, Strictness, Type};

use super::index::{self, Index};
use crate::{
    Error, ErrorKind, HistoricDraft, Limits, Rule,
    command::{Command, CommandKind, Directive},
    command_sequence::{CommandSequence, Commands},
    error::{Breaks, Fact, Limit, Unsupported},
    parameters::{Parameter, ParameterKind, ParameterMap},
};

/// The largest reporting policy: all four bits.
const ALL_RECORDS: u8 = 15;

/// What a scan has to know of the manifest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    /// What bounds the sequences inside of sequences.
    pub(super) cbor: cbor::Limits,
    pub(super) limits: Limits,
    pub(super) components: usize,
    /// Sequences that are being run already, of those that the machine can keep.
    pub(super) depth: usize,
}

/// Where a sequence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Shared,
    Section,
}

/// A sequence that is being scanned, and the alternatives of the try-each in it that are left.
struct Scanned<'m> {
    commands: Commands<'m>,
    alternatives: Option<Elements<'m>>,
}

impl Scan {
    /// Checks a sequence and all sequences inside of it: that every command and parameter is known,
    /// has an argument of its type and is allowed there.
    ///
    /// It keeps `DEPTH` sequences at most, so input cannot make it recurse.
    pub(super) fn sequence<'m, const DEPTH: usize>(
        &self,
        item: &Raw<'m>,
        place: Part,
    ) -> Result<CommandSequence<'m>, Error> {
        let whole = CommandSequence::new(item)?;
        self.first(&whole)?;
        let mut stack: [Option<Scanned<'m>>; DEPTH] = core::array::from_fn(|_| None);
        let mut at = self.depth;
        let first = Scanned { commands: whole.iter(), alternatives: None };
        *stack.get_mut(at).ok_or_else(|| too_deep(item.offset()))? = Some(first);
        loop {
            let Some(Some(scanned)) = stack.get_mut(at) else { return Ok(whole) };
            let inner = match scanned.alternatives.as_mut().map(Iterator::next) {
                Some(Some(alternative)) if alternative.data_type() == Type::Null => None,
                Some(Some(alternative)) => Some(alternative),
                Some(None) => {
                    scanned.alternatives = None;
                    None
                }
                None => match scanned.commands.next() {
                    Some(command) => self.command(&command?, place, &mut scanned.alternatives)?,
                    None if at == self.depth => return Ok(whole),
                    None => {
                        at = at.saturating_sub(1);
                        None
                    }
                },
            };
            if let Some(inner) = inner {
                let content = inner
                    .embedded(Strictness::DETERMINISTIC, &self.cbor)
                    .breaks(Rule::ArgumentForm)?;
                let commands = CommandSequence::new(&content)?.iter();
                at = at.saturating_add(1);
                let free = stack.get_mut(at).ok_or_else(|| too_deep(inner.offset()))?;
                *free = Some(Scanned { commands, alternatives: None });
            }
        }
    }

    /// With more than one component, a sequence begins with set-component-index.
    fn first(&self, sequence: &CommandSequence<'_>) -> Result<(), Error> {
        if self.components <= 1 {
            return Ok(());
        }
        match sequence.iter().next().transpose()? {
            Some(first) if !sets_index(&first) => {
                let fact = first.code().to_i64().map_or(Fact::None, Fact::Label);
                Err(Error::malformed(Rule::IndexFirst, fact, first.offset()))
            }
            _ => Ok(()),
        }
    }

    /// Checks a command, and gives the sequence of a run-sequence.
    fn command<'m>(
        &self,
        command: &Command<'m>,
        place: Part,
        alternatives: &mut Option<Elements<'m>>,
    ) -> Result<Option<Raw<'m>>, Error> {
        let fact = || command.code().to_i64().map_or(Fact::None, Fact::Label);
        let argument = command.argument();
        let Some(kind) = command.kind() else {
            let draft = command.code().to_i64().and_then(HistoricDraft::of_command);
            return Err(match draft {
                Some(draft) => Error::new(ErrorKind::Historic(draft)).at(command.offset()),
                None => Error::malformed(Rule::CommandKnown, fact(), command.offset()),
            });
        };
        if !kind.is_supported() {
            let unsupported = Unsupported::Command(kind.code());
            return Err(Error::new(ErrorKind::Unsupported(unsupported)).at(command.offset()));
        }
        if place == Part::Shared && !kind.is_shared() {
            return Err(Error::malformed(Rule::SharedCommands, fact(), command.offset()));
        }
        match kind {
            CommandKind::Directive(Directive::SetComponentIndex) => {
                Index::read(&argument, self.components)?;
                self.few_indices(&argument)?;
            }
            CommandKind::Directive(Directive::TryEach) => {
                *alternatives = Some(self.alternatives(&argument)?);
            }
            CommandKind::Directive(Directive::RunSequence) => return Ok(Some(argument)),
            CommandKind::Directive(Directive::OverrideParameters | Directive::SetParameters) => {
                self.parameters(&argument)?
            }
            // In deterministic encoding every policy is one byte.
            _ if matches!(argument.bytes(), [0..=ALL_RECORDS]) => {}
            _ => {
                let policy = argument.read(Reader::uint).breaks(Rule::ArgumentForm)?;
                if policy > u64::from(ALL_RECORDS) {
                    let offset = argument.offset();
                    return Err(Error::malformed(Rule::ArgumentForm, Fact::None, offset));
                }
            }
        }
        Ok(None)
    }

    fn few_indices(&self, argument: &Raw<'_>) -> Result<(), Error> {
        if argument.data_type() != Type::Array {
            return Ok(());
        }
        let len = Array::new(argument).breaks(Rule::ArgumentForm)?.len();
        if len > usize::from(self.limits.indices) {
            return Err(Error::new(ErrorKind::Limit(Limit::Indices)).at(argument.offset()));
        }
        Ok(())
    }

    /// Two byte strings or more, and after them perhaps nil.
    fn alternatives<'m>(&self, argument: &Raw<'m>) -> Result<Elements<'m>, Error> {
        let array = Array::new(argument).breaks(Rule::ArgumentForm)?;
        if array.len() > usize::from(self.limits.alternatives) {
            return Err(Error::new(ErrorKind::Limit(Limit::Alternatives)).at(argument.offset()));
        }
        let sequences = array.iter().take_while(|one| one.data_type() == Type::Bytes).count();
        let is_complete = match array.iter().nth(sequences) {
            None => true,
            Some(last) => {
                last.data_type() == Type::Null && sequences.saturating_add(1) == array.len()
            }
        };
        if sequences < 2 || !is_complete {
            let fact = Fact::Count(sequences);
            return Err(Error::malformed(Rule::ArgumentForm, fact, argument.offset()));
        }
        Ok(array.iter())
    }

    fn parameters(&self, argument: &Raw<'_>) -> Result<(), Error> {
        let map = ParameterMap::new(argument)?;
        if map.is_empty() {
            return Err(Error::malformed(Rule::ParameterForm, Fact::Count(0), argument.offset()));
        }
        for parameter in map {
            match parameter? {
                (ParameterKind::Unsupported(label), value) => {
                    let unsupported = Unsupported::Parameter(label);
                    return Err(Error::new(ErrorKind::Unsupported(unsupported)).at(value.offset));
                }
                (ParameterKind::Kept(Parameter::SourceComponent), value) => {
                    index::listed(value.uint(), value.offset, self.components)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cold]
const fn too_deep(offset: usize) -> Error {
    Error::new(ErrorKind::Limit(Limit::Depth)).at(offset)
}

/// Whether the command is set-component-index.
pub(super) fn sets_index(command: &Command<'_>) -> bool {
    command.kind() == Some(CommandKind::Directive(Directive::SetComponentIndex))
}
