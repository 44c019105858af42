//! Writing one item of CBOR.

use core::fmt::{self, Write};

use super::{Printer, Stop};
use crate::{
    IntOrText,
    cbor::{Error, ErrorKind, Item, Reader, Strictness, Type},
    diag::{
        Names, Secrecy, Unnamed,
        frame::{Frame, Kind},
        names::Hidden,
        scalar,
        skip::{next_chunk, skip},
    },
};

impl<'b, 'n> Printer<'b, 'n, '_> {
    /// A key of the innermost map; finds the place of its value.
    pub(super) fn key(&mut self) -> Result<(), Stop> {
        let level = self.depth.saturating_sub(1);
        let map: &'n dyn Names = self.open.get(level).map_or(&Unnamed, |frame| frame.names);
        let start = self.reader.position();
        let mut reader = self.reader.clone();
        let label = match reader.item()? {
            Item::Int(label) => Some(IntOrText::Int(label)),
            Item::Text(label) => Some(IntOrText::Text(label)),
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
        self.indicate(start)?;
        Ok(self.note(field.name)?)
    }

    fn label(&mut self, label: IntOrText<'_>) -> fmt::Result {
        match label {
            IntOrText::Int(value) => write!(self.out, "{value}"),
            IntOrText::Text(value) => scalar::text(&mut self.out, value),
        }
    }

    /// A comment after what it is about.
    fn note(&mut self, name: Option<&str>) -> fmt::Result {
        let Some(name) = name else { return Ok(()) };
        self.out.write_str(" ")?;
        self.out.comment(name)
    }

    /// Any other item: a scalar, or the opening of something longer.
    pub(super) fn value(&mut self, names: &'n dyn Names) -> Result<(), Stop> {
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
                self.label(IntOrText::Int(value))?;
                self.indicate(start)?;
                self.note(names.value(IntOrText::Int(value)))?;
            }
            Item::Bytes(content) => return self.byte_string(content, names, start),
            Item::Text(value) if is_public => {
                self.label(IntOrText::Text(value))?;
                self.indicate(start)?;
                self.note(names.value(IntOrText::Text(value)))?;
            }
            Item::Text(_) => self.out.secret()?,
            Item::BytesStart => self.chunks(Type::Bytes, is_public)?,
            Item::TextStart => self.chunks(Type::Text, is_public)?,
            Item::Array(len) => {
                self.open(Frame::new(Kind::Array, len, names, &Unnamed), start, start)?
            }
            Item::Map(pairs) => {
                // A number of pairs that cannot be doubled is more than any input has.
                let len = pairs.map(|pairs| pairs.saturating_mul(2));
                self.open(Frame::new(Kind::Map, len, names, &Unnamed), start, start)?;
            }
            Item::Tag(number) => return self.tag(number, names, start),
            Item::Bool(value) => write!(self.out, "{value}")?,
            Item::Null => self.out.write_str("null")?,
            Item::Undefined => self.out.write_str("undefined")?,
            Item::Simple(value) => write!(self.out, "simple({value})")?,
            Item::Float(value) => {
                let bits = self.input.get(start..self.reader.position()).unwrap_or_default();
                match bits.split_first() {
                    // Its length says how wide it is.
                    Some((_, bits)) if scalar::is_nan_with_payload(bits, value) => {
                        scalar::float_bits(&mut self.out, bits)?;
                    }
                    _ => {
                        scalar::float(&mut self.out, value)?;
                        self.indicate(start)?;
                    }
                }
            }
            Item::Break => return Err(Error::new(ErrorKind::UnexpectedBreak, start).into()),
        }
        Ok(())
    }

    fn tag(&mut self, number: u64, names: &'n dyn Names, start: usize) -> Result<(), Stop> {
        if matches!(number, 2 | 3) && names.secrecy() == Secrecy::Public {
            let mut reader = self.reader.clone();
            let heads = [start, reader.position()];
            let is_preferred = heads.iter().all(|head| self.indicator(*head).is_none());
            let magnitude = match reader.item() {
                Ok(Item::Bytes(content)) if is_preferred => scalar::bignum(number, content),
                _ => None,
            };
            if let Some(magnitude) = magnitude {
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
        self.open(Frame::new(Kind::Tag, Some(1), names, field.names), start, start)?;
        if let Some(name) = field.name {
            self.out.comment(name)?;
            self.out.write_str(" ")?;
        }
        Ok(())
    }

    fn byte_string(
        &mut self,
        content: &'b [u8],
        names: &'n dyn Names,
        head: usize,
    ) -> Result<(), Stop> {
        let end = self.reader.position();
        let start = end.saturating_sub(content.len());
        let wrapped = names.wrapped().filter(|_| !content.is_empty());
        let whole = wrapped.map(|inner| self.wraps(content).map(|()| inner)).transpose();
        match whole.map_err(|error| error.within(start)) {
            Ok(Some(inner)) => {
                self.reader = self.reader.at(start);
                return self.open(Frame::new(Kind::Wrapped, Some(1), names, inner), head, start);
            }
            _ if names.secrecy() != Secrecy::Public => self.out.secret()?,
            Ok(None) => {
                scalar::bytes(&mut self.out, content)?;
                self.indicate(head)?;
            }
            Err(error) => {
                scalar::bytes(&mut self.out, content)?;
                self.indicate(head)?;
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
        loop {
            let head = self.reader.position();
            let Some(chunk) = next_chunk(&mut self.reader, of)? else { break };
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
            self.indicate(head)?;
        }
        match (is_public, count, of) {
            (false, ..) => self.out.secret()?,
            (true, 0, Type::Bytes) => self.out.write_str("''_")?,
            (true, 0, _) => self.out.write_str("\"\"_")?,
            (true, ..) => self.out.write_str(")")?,
        }
        Ok(())
    }
}
