//! The look at all sequences of a procedure before anything is done.

use cose_ext::cbor::{self, Raw};

use super::index::{self, Index};
use crate::{
    Error, ErrorKind, HistoricDraft, Limits, Rule,
    command::{CommandKind, Directive},
    cursor::Cursor,
    error::{Breaks, Fact, Limit, Unsupported},
    parameters::{Parameter, ParameterKind},
};

/// The largest reporting policy: all four bits.
const ALL_RECORDS: u8 = 15;

/// Nil, encoded.
const NIL: u8 = 0xf6;

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

/// A sequence that is being scanned: what is left of its commands, and of the alternatives of a
/// try-each in it, before whose next the cursor then stands.
#[derive(Clone, Copy)]
struct Scanned<'m> {
    cursor: Cursor<'m>,
    commands: u64,
    alternatives: u64,
}

/// How far a command was read.
enum Read<'m> {
    All,
    /// Up to the alternatives of a try-each, so many.
    Alternatives(u64),
    /// Behind the sequence of a run-sequence, which nobody has looked into.
    Before(Raw<'m>),
}

impl Part {
    /// The rule that a part breaks which is no item in deterministic encoding.
    const fn rule(self) -> Rule {
        match self {
            Self::Shared => Rule::CommonForm,
            Self::Section => Rule::ManifestForm,
        }
    }
}

impl Scan {
    /// Checks the sequence that `content` is, the content of its byte string, and all sequences
    /// inside of it: that they are in deterministic encoding, and that every command and parameter
    /// is known, has an argument of its type and is allowed there.
    ///
    /// # State, invariant, cost
    ///
    /// The sequences that are open, `DEPTH` of them at most, so that input cannot make it recurse.
    /// Each byte is looked at once. An encoding that is wrong goes before whatever else is, as if
    /// it had been looked for first.
    pub(super) fn sequence<'m, const DEPTH: usize>(
        &self,
        content: &Raw<'m>,
        place: Part,
    ) -> Result<(), Error> {
        let cursor = Cursor::checked(content);
        let mut open = [Scanned { cursor, commands: 0, alternatives: 0 }; DEPTH];
        let mut at = self.depth;
        let walked = self.walk(&mut open, &mut at, content, place);
        walked.map_err(|error| self.encoding_first(&open, at, place, error))
    }

    fn walk<'m>(
        &self,
        open: &mut [Scanned<'m>],
        at: &mut usize,
        content: &Raw<'m>,
        place: Part,
    ) -> Result<(), Error> {
        let whole = Cursor::open(content.bytes(), content.offset(), place.rule(), &self.cbor)?;
        self.enter(open, *at, whole, content.offset())?;
        while let Some(scanned) = open.get_mut(*at) {
            // Read where it is not in memory: a cursor waits there for what it stored last.
            let Scanned { mut cursor, mut commands, mut alternatives } = *scanned;
            let inner = loop {
                if let Some(left) = alternatives.checked_sub(1) {
                    alternatives = left;
                    if cursor.first() != Some(NIL) {
                        break Some(cursor.byte_string(Rule::ArgumentForm)?);
                    }
                    cursor.skip()?;
                } else if let Some(left) = commands.checked_sub(1) {
                    commands = left;
                    match self.command(&mut cursor, place)? {
                        Read::All => {}
                        Read::Alternatives(count) => alternatives = count,
                        Read::Before(sequence) => break Some(sequence),
                    }
                } else {
                    break None;
                }
            };
            let Some(inner) = inner else {
                cursor.end()?;
                if *at == self.depth {
                    break;
                }
                *at = at.saturating_sub(1);
                continue;
            };
            *scanned = Scanned { cursor, commands, alternatives };
            let cursor = Cursor::inside(&inner, Rule::ArgumentForm, &self.cbor)?;
            *at = at.saturating_add(1);
            self.enter(open, *at, cursor, inner.offset())?;
        }
        Ok(())
    }

    /// Opens the sequence that `cursor` stands before, whose byte string starts at `offset`.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn enter<'m>(
        &self,
        open: &mut [Scanned<'m>],
        at: usize,
        mut cursor: Cursor<'m>,
        offset: usize,
    ) -> Result<(), Error> {
        let scanned = open.get_mut(at).ok_or_else(|| too_deep(offset))?;
        scanned.cursor = cursor;
        let start = cursor.offset();
        let len = cursor.array(Rule::SequenceForm)?;
        if len % 2 == 1 {
            let fact = Fact::Count(usize::try_from(len).unwrap_or(usize::MAX));
            return Err(Error::malformed(Rule::SequenceForm, fact, start));
        }
        if at == self.depth && self.components > 1 && len > 0 {
            first(cursor)?;
        }
        *scanned = Scanned { cursor, commands: len / 2, alternatives: 0 };
        Ok(())
    }

    /// Returns why a scan has ended: for the encoding of a sequence that is open, if one is wrong,
    /// and else for `error`.
    #[cold]
    #[inline(never)]
    fn encoding_first(&self, open: &[Scanned<'_>], at: usize, place: Part, error: Error) -> Error {
        let mut rule = place.rule();
        for scanned in open.iter().take(at.saturating_add(1)).skip(self.depth) {
            if let Err(encoding) = scanned.cursor.check_whole(&self.cbor).breaks(rule) {
                return encoding;
            }
            rule = Rule::ArgumentForm;
        }
        error
    }

    /// Checks a command, up to the sequences in its argument.
    #[inline]
    fn command<'m>(&self, cursor: &mut Cursor<'m>, place: Part) -> Result<Read<'m>, Error> {
        let at = cursor.offset();
        let code = cursor.int(Rule::SequenceForm)?;
        let broken = |rule| {
            let fact = code.map_or(Fact::None, Fact::Label);
            Err(Error::malformed(rule, fact, at))
        };
        let Some(kind) = code.and_then(CommandKind::of_code) else {
            return match code.and_then(HistoricDraft::of_command) {
                Some(draft) => Err(Error::new(ErrorKind::Historic(draft)).at(at)),
                None => broken(Rule::CommandKnown),
            };
        };
        if !kind.is_supported() {
            let unsupported = Unsupported::Command(kind.code());
            return Err(Error::new(ErrorKind::Unsupported(unsupported)).at(at));
        }
        if place == Part::Shared && !kind.is_shared() {
            return broken(Rule::SharedCommands);
        }
        match kind {
            CommandKind::Directive(Directive::SetComponentIndex) => self.index(cursor)?,
            CommandKind::Directive(Directive::TryEach) => {
                return self.alternatives(cursor).map(Read::Alternatives);
            }
            CommandKind::Directive(Directive::RunSequence) => {
                return cursor.byte_string(Rule::ArgumentForm).map(Read::Before);
            }
            CommandKind::Directive(Directive::OverrideParameters | Directive::SetParameters) => {
                self.parameters(cursor)?;
            }
            _ => {
                let at = cursor.offset();
                if cursor.uint(Rule::ArgumentForm)? > u64::from(ALL_RECORDS) {
                    return Err(Error::malformed(Rule::ArgumentForm, Fact::None, at));
                }
            }
        }
        Ok(Read::All)
    }

    fn index(&self, cursor: &mut Cursor<'_>) -> Result<(), Error> {
        let start = cursor.offset();
        let Index::List(list) = Index::next(cursor, self.components)? else { return Ok(()) };
        let len = Cursor::checked(&list).array(Rule::ArgumentForm)?;
        if len > u64::from(self.limits.indices) {
            return Err(Error::new(ErrorKind::Limit(Limit::Indices)).at(start));
        }
        Ok(())
    }

    /// Two byte strings or more, and after them perhaps nil. They are counted here, and gone into
    /// one by one.
    #[inline(never)]
    fn alternatives(&self, cursor: &mut Cursor<'_>) -> Result<u64, Error> {
        let start = cursor.offset();
        let len = cursor.array(Rule::ArgumentForm)?;
        if len > u64::from(self.limits.alternatives) {
            return Err(Error::new(ErrorKind::Limit(Limit::Alternatives)).at(start));
        }
        let mut ahead = *cursor;
        let mut sequences: u64 = 0;
        while sequences < len && ahead.first().is_some_and(|first| first >> 5 == 2) {
            ahead.bytes(Rule::ArgumentForm)?;
            // Never more than there are elements.
            sequences = sequences.wrapping_add(1);
        }
        let has_nil = ahead.first() == Some(NIL) && len.wrapping_sub(sequences) == 1;
        if sequences < 2 || !(sequences == len || has_nil) {
            let fact = Fact::Count(usize::try_from(sequences).unwrap_or(usize::MAX));
            return Err(Error::malformed(Rule::ArgumentForm, fact, start));
        }
        Ok(len)
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn parameters(&self, cursor: &mut Cursor<'_>) -> Result<(), Error> {
        let start = cursor.offset();
        let mut keys = cursor.keys(Rule::ParameterForm)?;
        if keys.is_empty() {
            return Err(Error::malformed(Rule::ParameterForm, Fact::Count(0), start));
        }
        while keys.next() {
            match ParameterKind::entry(cursor, &mut keys)? {
                (ParameterKind::Unsupported(label), value) => {
                    let unsupported = Unsupported::Parameter(label);
                    return Err(Error::new(ErrorKind::Unsupported(unsupported)).at(value.offset()));
                }
                (ParameterKind::Kept(Parameter::SourceComponent), value) => {
                    let index = Cursor::checked(&value).uint(Rule::ParameterForm)?;
                    index::listed(index, value.offset(), self.components)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// With more than one component, a sequence begins with set-component-index.
fn first(mut cursor: Cursor<'_>) -> Result<(), Error> {
    let at = cursor.offset();
    let code = cursor.int(Rule::SequenceForm)?;
    if code.and_then(CommandKind::of_code).is_some_and(sets_index) {
        return Ok(());
    }
    let fact = code.map_or(Fact::None, Fact::Label);
    Err(Error::malformed(Rule::IndexFirst, fact, at))
}

#[cold]
const fn too_deep(offset: usize) -> Error {
    Error::new(ErrorKind::Limit(Limit::Depth)).at(offset)
}

/// Whether the command is set-component-index.
#[inline]
pub(super) const fn sets_index(command: CommandKind) -> bool {
    matches!(command, CommandKind::Directive(Directive::SetComponentIndex))
}
