//! A sequence that is being run.

use cose_ext::cbor::{Head, Int, Raw};

use super::index::Index;
use crate::{
    command::CommandKind,
    command_sequence::{CommandSequence, Commands},
};

/// A sequence that is being run: what is left of it, and the state that is its own.
///
/// Soft failure, strict order and the component index belong to the sequence: a sequence inside of
/// another starts with its own, and when it ends, those of the outer one count again.
#[derive(Clone, Debug)]
pub(super) struct Frame<'m> {
    commands: Commands<'m>,
    /// Where the section starts that the sequence belongs to.
    pub(super) start: usize,
    pub(super) kind: FrameKind,
    pub(super) level: u8,
    /// Whether a failing condition ends this sequence only.
    pub(super) is_soft: bool,
    /// Whether the order of commands counts.
    pub(super) is_strict: bool,
    pub(super) indices: Indices,
    pub(super) index: Index<'m>,
    /// The command that is being run.
    pub(super) active: Option<Active<'m>>,
}

/// What a sequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    Shared,
    Section,
    Alternative,
    Run,
}

/// How many set-component-index commands the sequence may still have
/// (draft-ietf-suit-manifest-37 6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Indices {
    Any,
    One,
    None,
}

/// A command that is being run: for which of its components, and how far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Active<'m> {
    pub(super) kind: CommandKind,
    pub(super) argument: Raw<'m>,
    /// Which of the components that the index selects.
    pub(super) cursor: u16,
    /// Which sequence of a try-each.
    pub(super) alternative: u16,
    /// Whether the references to the component were counted, and there were none.
    pub(super) is_counted: bool,
}

impl Active<'_> {
    /// Where the number of the command stands: right before its argument, in the shortest encoding.
    pub(super) fn offset(&self) -> usize {
        let code = match self.kind.code() {
            0..=23 => 1,
            code => Head::int(Int::new(code)).as_bytes().len(),
        };
        self.argument.offset().saturating_sub(code)
    }
}

impl<'m> Frame<'m> {
    /// Starts a section, or the shared sequence before one.
    pub(super) fn section(sequence: &CommandSequence<'m>, kind: FrameKind, level: u8) -> Self {
        Self {
            commands: sequence.iter(),
            start: sequence.offset(),
            kind,
            level,
            is_soft: false,
            is_strict: true,
            indices: Indices::Any,
            index: Index::FIRST,
            active: None,
        }
    }

    /// Starts a sequence inside of this one, about one component.
    pub(super) fn nested(
        &self,
        sequence: &CommandSequence<'m>,
        kind: FrameKind,
        component: u8,
    ) -> Self {
        Self {
            commands: sequence.iter(),
            start: self.start,
            kind,
            level: self.level,
            is_soft: matches!(kind, FrameKind::Alternative),
            // run-sequence starts with strict order (6.7).
            is_strict: kind == FrameKind::Run || self.is_strict,
            indices: self.indices,
            index: Index::one(component),
            active: None,
        }
    }

    /// Goes on to the next command.
    pub(super) fn next_command(
        &mut self,
    ) -> Option<Result<crate::command::Command<'m>, crate::Error>> {
        self.commands.next()
    }

    /// The active command is done for this component.
    pub(super) fn go_on(&mut self) {
        if let Some(active) = &mut self.active {
            active.cursor = active.cursor.saturating_add(1);
            active.alternative = 0;
            active.is_counted = false;
        }
    }
}
