//! One head with what belongs to it, checked.

use super::{Reader, head::is_reserved};
use crate::cbor::{
    Determinism, Error, ErrorKind, IndefiniteLengths, Int, Item,
    float::{preferred_width, widen_half},
};

impl<'b> Reader<'b> {
    /// Reads the next item: a scalar, a string of definite length, or the head of a longer item.
    ///
    /// # Errors
    ///
    /// For what is not well-formed (RFC 8949 5.3) and what the strictness of the reader refuses.
    #[inline]
    pub fn item(&mut self) -> Result<Item<'b>, Error> {
        let start = self.position;
        let Some(first) = self.first() else {
            return Err(self.error(ErrorKind::EndOfInput, start));
        };
        let major = first >> 5;
        let Some(argument) = self.argument(first).filter(|_| major < 7) else {
            return self.special(first, start);
        };
        let item = match major {
            0 => Item::Int(Int::unsigned(argument)),
            1 => Item::Int(Int::negative(argument)),
            2 => match self.content(argument) {
                Some(content) => Item::Bytes(content),
                None => return Err(self.error(ErrorKind::EndOfInput, start)),
            },
            3 => match self.content(argument).map(core::str::from_utf8) {
                Some(Ok(text)) => Item::Text(text),
                Some(Err(_)) => return Err(self.error(ErrorKind::InvalidUtf8, start)),
                None => return Err(self.error(ErrorKind::EndOfInput, start)),
            },
            4 => Item::Array(Some(argument)),
            5 => Item::Map(Some(argument)),
            _ => Item::Tag(argument),
        };
        if self.is_preferred(first, argument) {
            Ok(item)
        } else {
            Err(self.error(ErrorKind::NotPreferred, start))
        }
    }

    /// What starts with `first` at `start` and has no argument: an indefinite length, a simple
    /// value, a number, a break, or nothing that is well-formed.
    #[inline(never)]
    fn special(&mut self, first: u8, start: usize) -> Result<Item<'b>, Error> {
        self.position = start;
        let indefinite = match first {
            0x5f => Item::BytesStart,
            0x7f => Item::TextStart,
            0x9f => Item::Array(None),
            0xbf => Item::Map(None),
            0xff => {
                self.position = start.saturating_add(1);
                return Ok(Item::Break);
            }
            _ if is_reserved(first) => return Err(self.error(ErrorKind::Reserved, start)),
            _ => return self.simple_or_float(first, start),
        };
        if self.strictness.indefinite_lengths == IndefiniteLengths::Refused {
            return Err(self.error(ErrorKind::IndefiniteLength, start));
        }
        self.position = start.saturating_add(1);
        Ok(indefinite)
    }

    fn simple_or_float(&mut self, first: u8, start: usize) -> Result<Item<'b>, Error> {
        let end = self.error(ErrorKind::EndOfInput, start);
        let argument = self.argument(first).filter(|_| first >= 0xe0).ok_or(end)?;
        let bits = u32::try_from(argument).unwrap_or_default();
        let value = match first {
            0xf4 => return Ok(Item::Bool(false)),
            0xf5 => return Ok(Item::Bool(true)),
            0xf6 => return Ok(Item::Null),
            0xf7 => return Ok(Item::Undefined),
            0xf9 => f64::from(f32::from_bits(widen_half(bits))),
            0xfa => f64::from(f32::from_bits(bits)),
            0xfb => f64::from_bits(argument),
            // RFC 8949 3.3: the two-byte form of values below 32 is not well-formed.
            0xf8 if argument < 32 => return Err(self.error(ErrorKind::Reserved, start)),
            _ => return Ok(Item::Simple(u8::try_from(argument).unwrap_or_default())),
        };
        let width = self.position.saturating_sub(start).saturating_sub(1);
        let canonical_nan = !value.is_nan() || self.raw_since(start) == [0xf9, 0x7e, 0x00];
        if self.strictness.determinism == Determinism::Core
            && (width != preferred_width(value) || !canonical_nan)
        {
            return Err(self.error(ErrorKind::NotPreferred, start));
        }
        Ok(Item::Float(value))
    }
}
