//! A cursor over items in deterministic encoding, for readers that know what has to come.

mod keys;

use cose_ext::cbor::{self, Item, Limits, Raw, Reader, Strictness, Type, check};

pub(crate) use keys::Keys;

use crate::{
    Error, Rule,
    error::{Breaks, Fact},
};

/// A cursor over items in core deterministic encoding (RFC 8949 4.2.1), for readers that know what
/// has to come.
///
/// # State, invariant, cost
///
/// It stands at the start of an item, or at the end. Each read checks the encoding of what it goes
/// past, and stays where it was if something else stands there; so what was read to its last byte
/// was checked whole, and needs no walk before. An item costs one look at its head. Why something
/// is refused is found out by the strict reader of `cose-ext`, and costs only then.
///
/// What reads is inline on large processors, so that a cursor stays in registers: one whose address
/// is taken lives in memory, and each step waits for the position that the step before has stored.
/// Small processors do not wait for stores, and have less room for code: there it is out of line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'b> {
    bytes: &'b [u8],
    position: usize,
    /// Where `bytes` start in the envelope.
    base: usize,
}

/// A byte string as it stands there, whose content nobody has looked at.
#[derive(Clone, Copy)]
pub(crate) struct Wrapped<'b> {
    pub(crate) item: Raw<'b>,
    content: &'b [u8],
}

impl<'b> Wrapped<'b> {
    /// Stands before the item inside, as [`Cursor::open`] does.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn open(&self, rule: Rule, limits: &Limits) -> Result<Cursor<'b>, Error> {
        let end = self.item.offset().saturating_add(self.item.bytes().len());
        Cursor::open(self.content, end.saturating_sub(self.content.len()), rule, limits)
    }
}

/// Levels of arrays and maps that the readers of this crate go into inside of one input.
const LEVELS: usize = 4;

impl<'b> Cursor<'b> {
    /// Stands before the item that is the whole of `bytes`, which start at byte `base` of the
    /// envelope. Where the limits allow less than the readers go into, all is checked first, and
    /// what is wrong then breaks `rule`.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn open(
        bytes: &'b [u8],
        base: usize,
        rule: Rule,
        limits: &Limits,
    ) -> Result<Self, Error> {
        // Every item has a byte at least: where so many are allowed, none has to be counted.
        if limits.items < bytes.len() || limits.depth < LEVELS {
            check_whole(bytes, base, limits).breaks(rule)?;
        }
        Ok(Self { bytes, position: 0, base })
    }

    /// Stands before the item inside of the byte string `raw`, as [`open`](Self::open) does.
    #[inline(never)] // They are where many readers begin.
    pub(crate) fn inside(raw: &Raw<'b>, rule: Rule, limits: &Limits) -> Result<Self, Error> {
        let mut outer = Self::checked(raw);
        let content = outer.bytes(rule)?;
        outer.end()?;
        Self::open(content, outer.start_of(content), rule, limits)
    }

    /// Stands before an item that was checked.
    #[inline]
    pub(crate) const fn checked(raw: &Raw<'b>) -> Self {
        Self { bytes: raw.bytes(), position: 0, base: raw.offset() }
    }

    /// Checks all of the input, wherever the cursor stands.
    pub(crate) fn check_whole(&self, limits: &Limits) -> Result<(), cbor::Error> {
        check_whole(self.bytes, self.base, limits)
    }

    /// Returns how many bytes were read.
    #[inline]
    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    /// Returns where the next item starts in the envelope.
    #[inline]
    pub(crate) const fn offset(&self) -> usize {
        // Both count bytes of one envelope, which is in memory.
        self.base.wrapping_add(self.position)
    }

    /// Returns where the first item starts in the envelope.
    pub(crate) const fn base(&self) -> usize {
        self.base
    }

    /// Returns where the string that was read last, whose content this is, starts in the envelope.
    #[inline]
    pub(crate) const fn start_of(&self, content: &[u8]) -> usize {
        self.offset().wrapping_sub(content.len())
    }

    #[inline]
    pub(crate) const fn is_at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// Returns the first byte of the next item.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn first(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// Refuses bytes behind what was read.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn end(&self) -> Result<(), Error> {
        if self.is_at_end() {
            return Ok(());
        }
        Err(self.broken(cbor::ErrorKind::TrailingBytes))
    }

    /// Returns what was read since the [`position`](Self::position) `start`, before one item.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn item_since(&self, start: usize) -> Raw<'b> {
        let bytes = self.bytes.get(start..self.position).unwrap_or_default();
        Raw::read_before(bytes, self.base.saturating_add(start))
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn uint(&mut self, rule: Rule) -> Result<u64, Error> {
        match self.head(0) {
            Some(value) => Ok(value),
            None => Err(self.refused(Type::Int, rule)),
        }
    }

    /// Reads an integer; `None` for one that no label, command or algorithm has.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn int(&mut self, rule: Rule) -> Result<Option<i64>, Error> {
        match self.first() {
            // Nearly all labels and codes have a head of one byte.
            Some(short @ 0..=23) => {
                self.position = self.position.wrapping_add(1);
                Ok(Some(i64::from(short)))
            }
            _ => self.any_int(rule),
        }
    }

    #[inline(never)]
    fn any_int(&mut self, rule: Rule) -> Result<Option<i64>, Error> {
        let is_negative = self.first().is_some_and(|first| first >> 5 == 1);
        match self.head(u8::from(is_negative)) {
            Some(argument) => Ok(i64::try_from(argument).ok().map(|argument| match is_negative {
                // -1 - argument
                true => !argument,
                false => argument,
            })),
            None => Err(self.refused(Type::Int, rule)),
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn bytes(&mut self, rule: Rule) -> Result<&'b [u8], Error> {
        match self.string(2) {
            Some(content) => Ok(content),
            None => Err(self.refused(Type::Bytes, rule)),
        }
    }

    /// Reads a byte string that wraps an item.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn wrapped(&mut self, rule: Rule) -> Result<Wrapped<'b>, Error> {
        let start = self.position;
        let content = self.bytes(rule)?;
        Ok(Wrapped { item: self.item_since(start), content })
    }

    /// Reads a byte string, and returns all of it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn byte_string(&mut self, rule: Rule) -> Result<Raw<'b>, Error> {
        let start = self.position;
        self.bytes(rule)?;
        Ok(self.item_since(start))
    }

    pub(crate) fn text(&mut self, rule: Rule) -> Result<&'b str, Error> {
        let start = self.position;
        match self.string(3).map(core::str::from_utf8) {
            Some(Ok(text)) => Ok(text),
            _ => Err(self.at(start).refused(Type::Text, rule)),
        }
    }

    pub(crate) fn bool(&mut self, rule: Rule) -> Result<bool, Error> {
        match self.first() {
            Some(first @ (0xf4 | 0xf5)) => {
                self.position = self.position.saturating_add(1);
                Ok(first == 0xf5)
            }
            _ => Err(self.refused(Type::Bool, rule)),
        }
    }

    /// Reads the head of an array, and returns how many elements follow.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn array(&mut self, rule: Rule) -> Result<u64, Error> {
        match self.head(4) {
            Some(len) => Ok(len),
            None => Err(self.refused(Type::Array, rule)),
        }
    }

    /// Reads the head of a map.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn keys(&mut self, rule: Rule) -> Result<Keys<'b>, Error> {
        match self.head(5) {
            Some(len) => Ok(Keys::new(len)),
            None => Err(self.refused(Type::Map, rule)),
        }
    }

    /// Goes past an item that was checked, or is refused.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        let start = self.position;
        match self.pass() {
            Some(0) => Ok(()),
            _ => {
                self.position = start;
                self.skip_all()
            }
        }
    }

    #[inline(never)]
    fn skip_all(&mut self) -> Result<(), Error> {
        let mut ahead = *self;
        let mut left: u64 = 1;
        while left > 0 {
            let inside = ahead.pass().ok_or_else(|| self.broken(cbor::ErrorKind::EndOfInput))?;
            left = left.wrapping_sub(1).saturating_add(inside);
        }
        *self = ahead;
        Ok(())
    }

    /// Goes past a head and, of a string, its content; returns how many items are inside.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn pass(&mut self) -> Option<u64> {
        let first = self.first()?;
        let major = first >> 5;
        if major == 7 {
            let len = match first {
                0xf8 => 2,
                0xf9 => 3,
                0xfa => 5,
                0xfb => 9,
                _ => 1,
            };
            self.position = self.position.saturating_add(len);
            return Some(0);
        }
        let argument = self.head(major)?;
        Some(match major {
            0 | 1 => 0,
            2 | 3 => {
                let end = self.position.checked_add(usize::try_from(argument).ok()?)?;
                self.position = Some(end).filter(|end| *end <= self.bytes.len())?;
                0
            }
            4 => argument,
            5 => argument.saturating_mul(2),
            _ => 1,
        })
    }

    /// Reads an item of which nothing is known, and checks all of it.
    #[inline(never)]
    pub(crate) fn any(&mut self, limits: &Limits) -> Result<Raw<'b>, Error> {
        let start = self.position;
        let mut reader = Reader::new(self.bytes, Strictness::DETERMINISTIC).at(start);
        check(&mut reader, limits).map_err(|error| error.within(self.base))?;
        self.position = reader.position();
        Ok(self.item_since(start))
    }

    /// The argument of a head of type `major`; the cursor is then behind the head.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn head(&mut self, major: u8) -> Option<u64> {
        let short = self.bytes.get(self.position)? ^ (major << 5);
        if short < 24 {
            self.position = self.position.wrapping_add(1);
            return Some(u64::from(short));
        }
        let (argument, len) = long(self.bytes.get(self.position..)?, short)?;
        self.position = self.position.wrapping_add(len);
        Some(argument)
    }

    /// The content of a string of type `major`; the cursor is then behind it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn string(&mut self, major: u8) -> Option<&'b [u8]> {
        let start = self.position;
        let content = self.content(major);
        if content.is_none() {
            self.position = start;
        }
        content
    }

    #[inline(always)]
    fn content(&mut self, major: u8) -> Option<&'b [u8]> {
        let len = usize::try_from(self.head(major)?).ok()?;
        let end = self.position.checked_add(len)?;
        let content = self.bytes.get(self.position..end)?;
        self.position = end;
        Some(content)
    }

    /// Returns a cursor of the same input that stands at `position`.
    const fn at(self, position: usize) -> Self {
        Self { position, ..self }
    }

    /// Why no item of the type `expected` stands here.
    #[cold]
    #[inline(never)]
    fn refused(self, expected: Type, rule: Rule) -> Error {
        let mut reader = Reader::new(self.bytes, Strictness::DETERMINISTIC).at(self.position);
        let kind = match reader.item() {
            Err(error) => error.kind(),
            // Below zero.
            Ok(Item::Int(_)) if expected == Type::Int => cbor::ErrorKind::IntegerRange,
            Ok(item) => cbor::ErrorKind::UnexpectedType { expected, found: item.data_type() },
        };
        match kind.is_form() {
            true => Error::malformed(rule, Fact::Cbor(kind), self.offset()),
            false => self.broken(kind),
        }
    }

    #[cold]
    #[inline(never)]
    fn broken(self, kind: cbor::ErrorKind) -> Error {
        cbor::Error::new(kind, self.offset()).into()
    }
}

#[inline(never)]
fn check_whole(bytes: &[u8], base: usize, limits: &Limits) -> Result<(), cbor::Error> {
    let mut reader = Reader::new(bytes, Strictness::DETERMINISTIC);
    let checked = check(&mut reader, limits).and_then(|()| reader.end());
    checked.map_err(|error| error.within(base))
}

/// The argument of a head of more than one byte, and its length, if it is as short as can be.
/// `short` is the additional information, and more than that if the type is another one.
#[inline]
fn long(head: &[u8], short: u8) -> Option<(u64, usize)> {
    match (short, head) {
        (24, [_, argument, ..]) if *argument >= 24 => Some((u64::from(*argument), 2)),
        (25, [_, high, low, ..]) if *high > 0 => {
            Some((u64::from(u16::from_be_bytes([*high, *low])), 3))
        }
        (26 | 27, _) => longer(head, short),
        _ => None,
    }
}

#[inline(never)]
fn longer(head: &[u8], short: u8) -> Option<(u64, usize)> {
    let (least, len) = if short == 26 { (0x1_0000, 5) } else { (0x1_0000_0000, 9) };
    let argument = head.get(1..len)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    (argument >= least).then_some((argument, len))
}

#[cfg(test)]
mod tests;
