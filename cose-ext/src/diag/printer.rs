use core::fmt::{self, Write};

use super::{
    Layout, Names, Secrecy, Unnamed,
    frame::{Frame, Kind},
    names::Hidden,
    output::Output,
    scalar,
    skip::{next_chunk, skip},
};
use crate::{
    Label,
    cbor::{Error, ErrorKind, Item, MAX_DEPTH, Reader, Strictness, Type},
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
        if let Some(frame) = self.open.get_mut(level) {
            frame.begun = index.saturating_add(1);
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
                let field = frame.names.element(index, frame.len);
                if let Some(name) = field.name {
                    self.out.comment(name)?;
                    self.out.write_str(" ")?;
                }
                Ok(Role::Value(field.names))
            }
        }
    }

    /// The lists that are open.
    fn indent(&self) -> usize {
        self.open.iter().take(self.depth).filter(|frame| frame.is_list()).count()
    }

    fn key(&mut self) -> Result<(), Stop> {
        let level = self.depth.saturating_sub(1);
        let map: &'n dyn Names = self.open.get(level).map_or(&Unnamed, |frame| frame.names);
        let mut reader = self.reader.clone();
        let label = match reader.item()? {
            Item::Int(label) => Some(Label::Int(label)),
            Item::Text(label) => Some(Label::Text(label)),
            _ => None,
        };
        let field = label.map_or_else(|| map.other_key(), |label| map.label(label));
        if let Some(frame) = self.open.get_mut(level) {
            frame.next = field.names;
        }
        let Some(label) = label else {
            let is_public = map.secrecy() == Secrecy::Public;
            return self.value(if is_public { &Unnamed } else { &Hidden });
        };
        self.reader = reader;
        self.label(label)?;
        Ok(self.note(field.name)?)
    }

    fn label(&mut self, label: Label<'_>) -> fmt::Result {
        match label {
            Label::Int(value) => write!(self.out, "{value}"),
            Label::Text(value) => scalar::text(&mut self.out, value),
        }
    }

    /// A comment after what it is about.
    fn note(&mut self, name: Option<&str>) -> fmt::Result {
        let Some(name) = name else { return Ok(()) };
        self.out.write_str(" ")?;
        self.out.comment(name)
    }

    fn value(&mut self, names: &'n dyn Names) -> Result<(), Stop> {
        let start = self.reader.position();
        let item = self.input.get(start..).unwrap_or_default();
        let names = names.resolve(item).unwrap_or(names);
        self.current = names;
        if names.secrecy() == Secrecy::Secret {
            let levels = self.levels_left();
            skip(&mut self.reader, levels)?;
            return Ok(self.out.secret()?);
        }
        let is_public = names.secrecy() == Secrecy::Public;
        match self.reader.item()? {
            Item::Int(value) => {
                self.label(Label::Int(value))?;
                self.note(names.value(Label::Int(value)))?;
            }
            Item::Bytes(content) => return self.byte_string(content, names),
            Item::Text(value) if is_public => {
                self.label(Label::Text(value))?;
                self.note(names.value(Label::Text(value)))?;
            }
            Item::Text(_) => self.out.secret()?,
            Item::BytesStart => self.chunks(Type::Bytes, is_public)?,
            Item::TextStart => self.chunks(Type::Text, is_public)?,
            Item::Array(len) => self.open(Frame::new(Kind::Array, len, names, &Unnamed), start)?,
            Item::Map(pairs) => {
                // A number of pairs that cannot be doubled is more than any input has.
                let len = pairs.map(|pairs| pairs.saturating_mul(2));
                self.open(Frame::new(Kind::Map, len, names, &Unnamed), start)?;
            }
            Item::Tag(number) => return self.tag(number, names, start),
            Item::Bool(value) => write!(self.out, "{value}")?,
            Item::Null => self.out.write_str("null")?,
            Item::Undefined => self.out.write_str("undefined")?,
            Item::Simple(value) => write!(self.out, "simple({value})")?,
            Item::Float(value) => scalar::float(&mut self.out, value)?,
            Item::Break => return Err(Error::new(ErrorKind::UnexpectedBreak, start).into()),
        }
        Ok(())
    }

    fn levels_left(&self) -> usize {
        MAX_DEPTH.saturating_sub(self.depth)
    }

    fn open(&mut self, frame: Frame<'n>, start: usize) -> Result<(), Stop> {
        let slot = self.open.get_mut(self.depth);
        *slot.ok_or(Error::new(ErrorKind::DepthLimit, start))? = frame;
        self.depth = self.depth.saturating_add(1);
        Ok(self.out.write_str(frame.opening())?)
    }

    fn tag(&mut self, number: u64, names: &'n dyn Names, start: usize) -> Result<(), Stop> {
        if matches!(number, 2 | 3) && names.secrecy() == Secrecy::Public {
            let mut reader = self.reader.clone();
            if let Ok(Item::Bytes(content)) = reader.item()
                && let Some(magnitude) = scalar::bignum(number, content)
            {
                self.reader = reader;
                let sign = if number == 3 { "-" } else { "" };
                return Ok(write!(self.out, "{sign}{magnitude}")?);
            }
        }
        if self.levels_left() == 0 {
            return Err(Error::new(ErrorKind::DepthLimit, start).into());
        }
        write!(self.out, "{number}")?;
        let field = names.tag(number);
        self.open(Frame::new(Kind::Tag, Some(1), names, field.names), start)?;
        if let Some(name) = field.name {
            self.out.comment(name)?;
            self.out.write_str(" ")?;
        }
        Ok(())
    }

    fn byte_string(&mut self, content: &'b [u8], names: &'n dyn Names) -> Result<(), Stop> {
        let end = self.reader.position();
        let start = end.saturating_sub(content.len());
        let wrapped = names.wrapped().filter(|_| !content.is_empty());
        let whole = wrapped.map(|inner| self.wraps(content).map(|()| inner)).transpose();
        match whole.map_err(|error| error.within(start)) {
            Ok(Some(inner)) => {
                self.reader = self.reader.at(start);
                return self.open(Frame::new(Kind::Wrapped, Some(1), names, inner), start);
            }
            _ if names.secrecy() != Secrecy::Public => self.out.secret()?,
            Ok(None) => scalar::bytes(&mut self.out, content)?,
            Err(error) => {
                scalar::bytes(&mut self.out, content)?;
                write!(self.out, " / not opened: {error} /")?;
            }
        }
        Ok(())
    }

    /// Whether `content` is one data item that can be shown.
    fn wraps(&self, content: &[u8]) -> Result<(), Error> {
        let levels = self.levels_left().checked_sub(1);
        let levels = levels.ok_or(Error::new(ErrorKind::DepthLimit, 0))?;
        let mut reader = Reader::new(content, Strictness::LENIENT);
        skip(&mut reader, levels)?;
        reader.end()
    }

    fn chunks(&mut self, of: Type, is_public: bool) -> Result<(), Stop> {
        let mut count: usize = 0;
        while let Some(chunk) = next_chunk(&mut self.reader, of)? {
            let is_first = count == 0;
            count = count.saturating_add(1);
            if !is_public {
                continue;
            }
            self.out.write_str(if is_first { "(_ " } else { ", " })?;
            match chunk {
                Item::Bytes(chunk) => scalar::bytes(&mut self.out, chunk)?,
                Item::Text(chunk) => scalar::text(&mut self.out, chunk)?,
                _ => {}
            }
        }
        match (is_public, count, of) {
            (false, ..) => self.out.secret()?,
            (true, 0, Type::Bytes) => self.out.write_str("''_")?,
            (true, 0, _) => self.out.write_str("\"\"_")?,
            (true, ..) => self.out.write_str(")")?,
        }
        Ok(())
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
