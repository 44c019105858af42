//! A sequence that is being run.

use cose_ext::cbor::{Head, Int, Raw};

use super::index::Index;
use crate::{Error, Rule, Section, command::CommandKind, cursor::Cursor, strictness::unread};

/// A sequence that is being run: what is left of it, and the state that is its own.
///
/// Soft failure, strict order and the component index belong to the sequence: a sequence inside of
/// another starts with its own, and when it ends, those of the outer one count again.
///
/// # State, invariant, cost
///
/// The cursor stands before a command, or at the end; the sequence was scanned, and nothing of it
/// is checked here again. A command costs one look at its number, and the way past its argument.
#[derive(Clone, Debug)]
pub(super) struct Frame<'m> {
    pub(super) commands: Cursor<'m>,
    /// Where the section starts that the sequence belongs to.
    pub(super) start: usize,
    pub(super) kind: FrameKind,
    pub(super) level: u8,
    /// The section that is run, be it the shared sequence before it.
    pub(super) section: Section,
    /// Whether it stands in the shared sequence.
    pub(super) is_shared: bool,
    /// Whether a failing condition ends this sequence only.
    pub(super) is_soft: bool,
    /// Whether the order of commands counts.
    pub(super) is_strict: bool,
    pub(super) indices: Indices,
    pub(super) index: Index<'m>,
    /// The command that is being run.
    pub(super) active: Option<Active<'m>>,
}

/// What came of the way to the next command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// There is none.
    End,
    /// It is done already.
    Done,
    /// It is the active command now.
    Active,
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
    /// Which sequence of a try-each; of a swap, which of its components is counted.
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
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn section(
        sequence: &Raw<'m>,
        kind: FrameKind,
        section: Section,
        level: u8,
    ) -> Result<Self, Error> {
        Ok(Self {
            commands: commands(sequence)?,
            start: sequence.offset(),
            kind,
            level,
            section,
            is_shared: matches!(kind, FrameKind::Shared),
            is_soft: false,
            is_strict: true,
            indices: Indices::Any,
            index: Index::FIRST,
            active: None,
        })
    }

    /// Starts the sequence inside of a byte string of this one, about one component.
    pub(super) fn nested(
        &self,
        wrapped: &Raw<'m>,
        kind: FrameKind,
        component: u8,
    ) -> Result<Self, Error> {
        Ok(Self {
            commands: commands(&unread(wrapped, Rule::ArgumentForm)?)?,
            start: self.start,
            kind,
            level: self.level,
            section: self.section,
            is_shared: self.is_shared,
            is_soft: matches!(kind, FrameKind::Alternative),
            // run-sequence starts with strict order (6.7).
            is_strict: kind == FrameKind::Run || self.is_strict,
            indices: self.indices,
            index: Index::one(component),
            active: None,
        })
    }

    /// Returns the command that comes next, and goes past its number; `None` at the end.
    #[inline]
    pub(super) fn next_command(&mut self) -> Result<Option<CommandKind>, Error> {
        if self.commands.is_at_end() {
            return Ok(None);
        }
        let code = self.commands.int(Rule::SequenceForm)?;
        // The scan has refused unknown commands.
        Ok(code.and_then(CommandKind::of_code))
    }

    /// Goes past the argument of a command, which is then the active one.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn activate(&mut self, kind: CommandKind) -> Result<(), Error> {
        let start = self.commands.position();
        self.commands.skip()?;
        let argument = self.commands.item_since(start);
        self.active = Some(Active { kind, argument, cursor: 0, alternative: 0, is_counted: false });
        Ok(())
    }

    /// The active command is done for this component.
    #[inline]
    pub(super) fn go_on(&mut self) {
        if self.index.is_one() {
            self.active = None;
        } else if let Some(active) = &mut self.active {
            active.cursor = active.cursor.saturating_add(1);
            active.alternative = 0;
            active.is_counted = false;
        }
    }
}

/// Stands before the first command of a sequence that was scanned.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn commands<'m>(sequence: &Raw<'m>) -> Result<Cursor<'m>, Error> {
    let mut cursor = Cursor::checked(sequence);
    cursor.array(Rule::SequenceForm)?;
    Ok(cursor)
}
