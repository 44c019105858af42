//! One head with what belongs to it, checked.

use minicbor::data::Type as Major;

use super::Reader;
use crate::cbor::{
    Determinism, Error, ErrorKind, Head, IndefiniteLengths, Int, Item, float::preferred_width,
    head::widen,
};

impl<'b> Reader<'b> {
    /// Reads the next item: a scalar, a string of definite length, or the head of a longer item.
    ///
    /// # Errors
    ///
    /// For what is not well-formed (RFC 8949 5.3) and what the strictness of the reader refuses.
    #[inline]
    pub fn item(&mut self) -> Result<Item<'b>, Error> {
        match self.short_item() {
            Some(item) => Ok(item),
            None => self.any_item(),
        }
    }

    /// The next item, if its head is one byte, or two for a string: nearly all are. Anything else,
    /// and whatever is wrong, is left to [`any_item`](Self::any_item).
    ///
    /// It is small, since it is inlined wherever an item is read.
    #[inline]
    fn short_item(&mut self) -> Option<Item<'b>> {
        let start = self.position();
        let input = self.decoder.input();
        let (first, rest) = input.get(start..)?.split_first()?;
        let argument = usize::from(first & 0x1f);
        let (len, rest, head) = match argument {
            0..=23 => (argument, rest, 1_usize),
            24 if matches!(first >> 5, 2 | 3) => {
                let (len, rest) = rest.split_first()?;
                // Shorter ones are not preferred, which is for the profile to judge.
                (usize::from(*len).checked_sub(24)?.saturating_add(24), rest, 2)
            }
            _ => return None,
        };
        let (item, content) = match first >> 5 {
            0 => (Item::Int(Int::unsigned(widen(len))), 0),
            1 => (Item::Int(Int::negative(widen(len))), 0),
            2 => (Item::Bytes(rest.get(..len)?), len),
            3 => (Item::Text(core::str::from_utf8(rest.get(..len)?).ok()?), len),
            4 => (Item::Array(Some(widen(len))), 0),
            5 => (Item::Map(Some(widen(len))), 0),
            6 => (Item::Tag(widen(len)), 0),
            _ => return None,
        };
        self.decoder.set_position(start.checked_add(head)?.checked_add(content)?);
        Some(item)
    }

    /// The next item, if it is an integer whose preferred head has two, three or five bytes: most
    /// claim keys are, and the times of this century.
    #[inline]
    fn short_int(&mut self) -> Option<Item<'b>> {
        let start = self.position();
        let (head, argument, least, len) = match *self.decoder.input().get(start..)? {
            [head @ (0x18 | 0x38), byte, ..] => (head, u64::from(byte), 24, 2),
            [head @ (0x19 | 0x39), high, low, ..] => {
                (head, u64::from(u16::from_be_bytes([high, low])), 0x100, 3)
            }
            [head @ (0x1a | 0x3a), b0, b1, b2, b3, ..] => {
                (head, u64::from(u32::from_be_bytes([b0, b1, b2, b3])), 0x1_0000, 5)
            }
            _ => return None,
        };
        if argument < least {
            return None;
        }
        let int = if head < 0x20 { Int::unsigned(argument) } else { Int::negative(argument) };
        self.decoder.set_position(start.checked_add(len)?);
        Some(Item::Int(int))
    }

    fn any_item(&mut self) -> Result<Item<'b>, Error> {
        if let Some(item) = self.short_int() {
            return Ok(item);
        }
        let start = self.position();
        match self.major(start)? {
            Major::U8 | Major::U16 | Major::U32 | Major::U64 => {
                let value = self.decoder.u64().map_err(|e| self.decoding(&e, start))?;
                self.preferred_head(start, value, 0)?;
                Ok(Item::Int(Int::unsigned(value)))
            }
            Major::I8 | Major::I16 | Major::I32 | Major::I64 | Major::Int => {
                let value = self.decoder.int().map_err(|e| self.decoding(&e, start))?;
                let argument = u64::try_from(!i128::from(value))
                    .map_err(|_| self.error(ErrorKind::IntegerRange, start))?;
                self.preferred_head(start, argument, 0)?;
                Ok(Item::Int(Int::negative(argument)))
            }
            Major::Bytes => {
                let value = self.decoder.bytes().map_err(|e| self.decoding(&e, start))?;
                self.preferred_head(start, widen(value.len()), value.len())?;
                Ok(Item::Bytes(value))
            }
            Major::String => {
                let value = self.decoder.str().map_err(|e| self.decoding(&e, start))?;
                self.preferred_head(start, widen(value.len()), value.len())?;
                Ok(Item::Text(value))
            }
            Major::BytesIndef => self.indefinite(start).map(|()| Item::BytesStart),
            Major::StringIndef => self.indefinite(start).map(|()| Item::TextStart),
            Major::Array => {
                let len = self.decoder.array().map_err(|e| self.decoding(&e, start))?;
                self.preferred_head(start, len.unwrap_or_default(), 0)?;
                Ok(Item::Array(len))
            }
            Major::Map => {
                let len = self.decoder.map().map_err(|e| self.decoding(&e, start))?;
                self.preferred_head(start, len.unwrap_or_default(), 0)?;
                Ok(Item::Map(len))
            }
            Major::ArrayIndef => self.indefinite(start).map(|()| Item::Array(None)),
            Major::MapIndef => self.indefinite(start).map(|()| Item::Map(None)),
            Major::Tag => {
                let tag = self.decoder.tag().map_err(|e| self.decoding(&e, start))?.as_u64();
                self.preferred_head(start, tag, 0)?;
                Ok(Item::Tag(tag))
            }
            Major::Bool => {
                self.decoder.bool().map(Item::Bool).map_err(|e| self.decoding(&e, start))
            }
            Major::Null => {
                self.decoder.null().map(|()| Item::Null).map_err(|e| self.decoding(&e, start))
            }
            Major::Undefined => self
                .decoder
                .undefined()
                .map(|()| Item::Undefined)
                .map_err(|e| self.decoding(&e, start)),
            Major::Simple => {
                let value = self.decoder.simple().map_err(|e| self.decoding(&e, start))?;
                // RFC 8949 3.3: the two-byte form of values below 32 is not well-formed.
                if self.raw_since(start).len() == 2 && value < 32 {
                    return Err(self.error(ErrorKind::Reserved, start));
                }
                Ok(Item::Simple(value))
            }
            Major::F16 => {
                let value = self.decoder.f16().map_err(|e| self.decoding(&e, start))?;
                self.preferred_float(start, f64::from(value))
            }
            Major::F32 => {
                let value = self.decoder.f32().map_err(|e| self.decoding(&e, start))?;
                self.preferred_float(start, f64::from(value))
            }
            Major::F64 => {
                let value = self.decoder.f64().map_err(|e| self.decoding(&e, start))?;
                self.preferred_float(start, value)
            }
            Major::Break => {
                self.decoder.set_position(start.saturating_add(1));
                Ok(Item::Break)
            }
            Major::Unknown(_) => Err(self.error(ErrorKind::Reserved, start)),
        }
    }

    #[inline]
    pub(super) fn major(&self, start: usize) -> Result<Major, Error> {
        self.decoder.datatype().map_err(|e| self.decoding(&e, start))
    }

    fn indefinite(&mut self, start: usize) -> Result<(), Error> {
        if self.strictness.indefinite_lengths == IndefiniteLengths::Refused {
            return Err(self.error(ErrorKind::IndefiniteLength, start));
        }
        self.decoder.set_position(start.saturating_add(1));
        Ok(())
    }

    /// `content` bytes of the item are not head.
    #[inline]
    fn preferred_head(&self, start: usize, argument: u64, content: usize) -> Result<(), Error> {
        if self.strictness.determinism == Determinism::Any {
            return Ok(());
        }
        let head = self.position().saturating_sub(start).saturating_sub(content);
        if head == Head::preferred_len(argument) {
            Ok(())
        } else {
            Err(self.error(ErrorKind::NotPreferred, start))
        }
    }

    fn preferred_float(&self, start: usize, value: f64) -> Result<Item<'b>, Error> {
        let width = self.position().saturating_sub(start).saturating_sub(1);
        let canonical_nan = !value.is_nan() || self.raw_since(start) == [0xf9, 0x7e, 0x00];
        if self.strictness.determinism == Determinism::Core
            && (width != preferred_width(value) || !canonical_nan)
        {
            return Err(self.error(ErrorKind::NotPreferred, start));
        }
        Ok(Item::Float(value))
    }

    #[cold]
    fn decoding(&self, error: &minicbor::decode::Error, start: usize) -> Error {
        // minicbor reports the end of input and text that is not UTF-8; all else that can fail
        // after its own look at the initial byte is a head with reserved bits.
        let kind = if error.is_end_of_input() {
            ErrorKind::EndOfInput
        } else if matches!(self.decoder.input().get(start), Some(0x60..=0x7f)) {
            ErrorKind::InvalidUtf8
        } else {
            ErrorKind::Reserved
        };
        self.error(kind, start)
    }
}
