//! The machine that walks over a data item and writes it.

mod item;

use core::{
    fmt::{self, Write},
    num::NonZeroU32,
};

use super::{
    Layout, Names, Secrecy,
    frame::{Frame, Kind},
    output::Output,
    scalar,
};
use crate::{
    IntOrText,
    cbor::{Determinism, Error, ErrorKind, IndefiniteLengths, Item, MAX_DEPTH, Reader, Strictness},
};

/// Writes one data item; what is open is kept on a stack of its own.
pub(super) struct Printer<'b, 'n, 'o> {
    input: &'b [u8],
    reader: Reader<'b>,
    layout: Layout,
    out: Output<'o>,
    open: [Frame<'n>; MAX_DEPTH],
    depth: usize,
    root: &'n dyn Names,
    /// The place of the item begun last.
    current: &'n dyn Names,
}

/// Why the output ends early.
enum Stop {
    Input(Error),
    Writer,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Input(error)
    }
}

impl From<fmt::Error> for Stop {
    fn from(_: fmt::Error) -> Self {
        Self::Writer
    }
}

/// What the next item is to the one around it.
enum Role<'n> {
    Key,
    Value(&'n dyn Names),
}

impl<'b, 'n, 'o> Printer<'b, 'n, 'o> {
    pub(super) fn new(
        input: &'b [u8],
        root: &'n dyn Names,
        layout: Layout,
        out: &'o mut dyn Write,
    ) -> Self {
        Self {
            input,
            reader: Reader::new(input, Strictness::LENIENT),
            layout,
            out: Output::new(out),
            open: [Frame::EMPTY; MAX_DEPTH],
            depth: 0,
            root,
            current: root,
        }
    }

    pub(super) fn print(mut self) -> fmt::Result {
        match self.all() {
            Ok(()) => Ok(()),
            Err(Stop::Writer) => Err(fmt::Error),
            Err(Stop::Input(error)) => self.rest(error),
        }
    }

    fn all(&mut self) -> Result<(), Stop> {
        let mut role = Role::Value(self.root);
        loop {
            match role {
                Role::Key => self.key()?,
                Role::Value(names) => self.value(names)?,
            }
            match self.next()? {
                Some(next) => role = next,
                None => return Ok(self.reader.end()?),
            }
        }
    }

    /// Closes what is complete and begins the next item of what is not.
    fn next(&mut self) -> Result<Option<Role<'n>>, Stop> {
        loop {
            let Some(level) = self.depth.checked_sub(1) else { return Ok(None) };
            let Some(frame) = self.open.get(level).copied() else { return Ok(None) };
            if !self.is_complete(&frame)? {
                return self.begin(level, frame).map(Some);
            }
            self.depth = level;
            if frame.is_list() {
                match (self.layout, frame.begun, frame.len) {
                    (Layout::Indented, 1.., _) => self.out.line(self.indent())?,
                    (_, 0, None) => self.out.write_str(" ")?,
                    _ => {}
                }
            }
            self.out.write_str(frame.closing())?;
            if let (Kind::Wrapped, Some(width)) = (frame.kind, frame.indicator) {
                write!(self.out, "_{width}")?;
            }
        }
    }

    fn is_complete(&mut self, frame: &Frame<'_>) -> Result<bool, Error> {
        if let Some(len) = frame.len {
            return Ok(frame.begun >= len);
        }
        let start = self.reader.position();
        if !self.reader.take_break()? {
            return Ok(false);
        }
        if frame.kind == Kind::Map && !frame.is_at_key() {
            return Err(Error::new(ErrorKind::UnexpectedBreak, start));
        }
        Ok(true)
    }

    fn begin(&mut self, level: usize, frame: Frame<'n>) -> Result<Role<'n>, Stop> {
        let index = frame.begun;
        let start = self.reader.position();
        if let Some(frame) = self.open.get_mut(level) {
            frame.begun = index.saturating_add(1);
            // An element stands behind the head of its array, so never at byte 0.
            frame.latest = u32::try_from(start).ok().and_then(NonZeroU32::new);
        }
        if frame.kind == Kind::Map && !frame.is_at_key() {
            self.out.write_str(": ")?;
            return Ok(Role::Value(frame.next));
        }
        if frame.is_list() {
            if index > 0 {
                self.out.write_str(",")?;
            }
            match self.layout {
                Layout::Indented => self.out.line(self.indent())?,
                Layout::Line if index > 0 || frame.len.is_none() => self.out.write_str(" ")?,
                Layout::Line => {}
            }
        }
        match frame.kind {
            Kind::Map => Ok(Role::Key),
            Kind::Tag | Kind::Wrapped => Ok(Role::Value(frame.next)),
            Kind::Array => {
                let before = self.before(&frame);
                let field = frame.names.element_after(index, frame.len, before);
                if let Some(name) = field.name {
                    self.out.comment(name)?;
                    self.out.write_str(" ")?;
                }
                Ok(Role::Value(field.names))
            }
        }
    }

    /// Returns the element of an array that was begun last, if it is an integer or a text.
    fn before(&self, array: &Frame<'_>) -> Option<IntOrText<'b>> {
        let latest = usize::try_from(array.latest?.get()).ok()?;
        match self.reader.at(latest).item().ok()? {
            Item::Int(value) => Some(IntOrText::Int(value)),
            Item::Text(value) => Some(IntOrText::Text(value)),
            _ => None,
        }
    }

    /// The lists that are open.
    fn indent(&self) -> usize {
        self.open.iter().take(self.depth).filter(|frame| frame.is_list()).count()
    }

    fn levels_left(&self) -> usize {
        MAX_DEPTH.saturating_sub(self.depth)
    }

    /// Opens an item whose head stands at `head`, and whose content is at `start` where that is
    /// another place.
    fn open(&mut self, mut frame: Frame<'n>, head: usize, start: usize) -> Result<(), Stop> {
        frame.indicator = self.indicator(head);
        let slot = self.open.get_mut(self.depth);
        *slot.ok_or(Error::new(ErrorKind::DepthLimit, start))? = frame;
        self.depth = self.depth.saturating_add(1);
        match (frame.kind, frame.indicator) {
            (Kind::Tag, Some(width)) => write!(self.out, "_{width}{}", frame.opening())?,
            (Kind::Array | Kind::Map, Some(width)) => {
                write!(self.out, "{}_{width} ", frame.opening())?;
            }
            _ => self.out.write_str(frame.opening())?,
        }
        Ok(())
    }

    /// Returns the encoding indicator (RFC 8949 8.1) of the item whose head stands at `head`, where
    /// it is not the preferred one: nobody can tell from its value which bytes it is.
    fn indicator(&self, head: usize) -> Option<u8> {
        const PREFERRED: Strictness = Strictness {
            determinism: Determinism::Core,
            indefinite_lengths: IndefiniteLengths::Accepted,
        };
        let item = self.input.get(head..)?;
        let error = Reader::new(item, PREFERRED).item().err()?;
        let is_wide = matches!(error.kind(), ErrorKind::NotPreferred);
        item.first().filter(|_| is_wide).and_then(|first| (first & 0x1f).checked_sub(24))
    }

    /// Writes the encoding indicator of a scalar whose head stands at `head`.
    fn indicate(&mut self, head: usize) -> fmt::Result {
        match self.indicator(head) {
            Some(width) => write!(self.out, "_{width}"),
            None => Ok(()),
        }
    }

    /// What is left where `error` stopped the reader.
    fn rest(&mut self, error: Error) -> fmt::Result {
        let what = match error.kind() {
            ErrorKind::DepthLimit => "not shown",
            ErrorKind::TrailingBytes | ErrorKind::InvalidUtf8 => "not valid",
            _ => "not well-formed",
        };
        self.out.space()?;
        write!(self.out, "/ {what} at byte {}: {} /", error.offset(), error.kind())?;
        let rest = self.input.get(error.offset()..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
        self.out.write_str(" ")?;
        let mut places =
            self.open.iter().take(self.depth).map(|frame| frame.names).chain([self.root]);
        if self.current.secrecy() == Secrecy::Public
            && places.all(|names| names.secrecy() == Secrecy::Public)
        {
            scalar::bytes(&mut self.out, rest)
        } else {
            self.out.secret()
        }
    }
}
