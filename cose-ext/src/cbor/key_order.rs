//! Order and equality of map keys as values (RFC 8949 5.6.1): the encoding does not matter.

use core::cmp::Ordering;

use super::{Error, ErrorKind, Int, Item, Reader, head::widen};

/// Levels of arrays and tags inside a key. SUIT's component identifiers are arrays of byte strings;
/// nothing published nests deeper than two.
const KEY_DEPTH: usize = 4;

/// A key that is an integer or text in one piece, as nearly all keys are.
///
/// The order is the one of the deterministic encodings (RFC 8949 4.2.1), in whatever encoding the
/// key came: integers by sign and argument, then text by length and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain<'b> {
    /// Whether it is below zero, and the argument of its head.
    Int(bool, u64),
    /// Length and bytes.
    Text(usize, &'b [u8]),
}

impl<'b> Plain<'b> {
    #[inline]
    pub(super) const fn int(value: Int) -> Self {
        Self::Int(value.is_negative(), value.argument())
    }

    #[inline]
    pub(super) const fn text(content: &'b [u8]) -> Self {
        Self::Text(content.len(), content)
    }

    /// The key that `item` is, if it is plain.
    #[inline]
    pub(super) const fn of(item: &Item<'b>) -> Option<Self> {
        match *item {
            Item::Int(value) => Some(Self::int(value)),
            Item::Text(value) => Some(Self::text(value.as_bytes())),
            _ => None,
        }
    }

    /// The encoding, where it is one byte; of the two that an empty text has, neither is.
    #[inline]
    pub(super) fn short(&self) -> Option<u8> {
        match *self {
            Self::Int(negative, argument @ 0..=23) => {
                let major = if negative { 0x20 } else { 0 };
                u8::try_from(argument).ok().map(|argument| argument | major)
            }
            _ => None,
        }
    }

    /// One of 64 bits, which depends on the value alone.
    #[inline]
    pub(super) fn bit(&self) -> u64 {
        // The golden ratio as a fraction of 2^64: neighbours get bits far apart.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let word = match *self {
            Self::Int(negative, argument) => argument ^ if negative { 1 << 63 } else { 0 },
            Self::Text(len, content) => {
                let mut word = widen(len);
                for byte in content.iter().rev().take(8) {
                    word = word.rotate_left(8) ^ u64::from(*byte);
                }
                word
            }
        };
        1_u64.rotate_left(u32::try_from(word.wrapping_mul(SPREAD) >> 58).unwrap_or_default())
    }
}

impl Ord for Plain<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (*self, *other) {
            (Self::Int(negative, a), Self::Int(other, b)) => negative.cmp(&other).then(a.cmp(&b)),
            (Self::Int(..), Self::Text(..)) => Ordering::Less,
            (Self::Text(..), Self::Int(..)) => Ordering::Greater,
            (Self::Text(len, a), Self::Text(other, b)) => len.cmp(&other).then_with(|| a.cmp(b)),
        }
    }
}

impl PartialOrd for Plain<'_> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares the data items at two places of one input as values.
///
/// The order is total and is the one of core deterministic encoding for scalars and strings. Halves
/// and doubles of one value are equal; an integer and a float never are. Text is compared by its
/// bytes and not validated: both items are checked, before or afterwards.
///
/// Returns the order and the number of steps it took.
#[inline]
pub(super) fn compare(a: &Reader<'_>, b: &Reader<'_>) -> Result<(Ordering, usize), Error> {
    match (a.clone().plain(), b.clone().plain()) {
        (Some(a), Some(b)) => Ok((a.cmp(&b), 1)),
        _ => compare_any(a.clone(), b.clone()),
    }
}

/// As [`compare`], for keys that are neither integers nor text in one piece.
fn compare_any(a: Reader<'_>, b: Reader<'_>) -> Result<(Ordering, usize), Error> {
    let (mut a, mut b) = (Parts::new(a), Parts::new(b));
    let mut items: usize = 0;
    loop {
        items = items.saturating_add(1);
        let order = match (a.next()?, b.next()?) {
            (None, None) => return Ok((Ordering::Equal, items)),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => compare_parts(&left, &right)?,
        };
        if order != Ordering::Equal {
            return Ok((order, items));
        }
    }
}

enum Part<'b> {
    End,
    Int(bool, u64),
    Bytes(Text<'b>),
    Text(Text<'b>),
    Array,
    Tag(u64),
    Simple(u8),
    Float(f64),
}

impl Part<'_> {
    const fn rank(&self) -> u8 {
        match self {
            Self::End => 0,
            Self::Int(..) => 1,
            Self::Bytes(_) => 2,
            Self::Text(_) => 3,
            Self::Array => 4,
            Self::Tag(_) => 5,
            Self::Simple(_) => 6,
            Self::Float(_) => 7,
        }
    }
}

fn compare_parts(a: &Part<'_>, b: &Part<'_>) -> Result<Ordering, Error> {
    Ok(match (a, b) {
        (Part::Int(negative, a), Part::Int(other, b)) => (negative, a).cmp(&(other, b)),
        (Part::Bytes(a), Part::Bytes(b)) | (Part::Text(a), Part::Text(b)) => a.compare(b)?,
        (Part::Tag(a), Part::Tag(b)) => a.cmp(b),
        (Part::Simple(a), Part::Simple(b)) => a.cmp(b),
        (Part::Float(a), Part::Float(b)) => a.to_bits().cmp(&b.to_bits()),
        _ => a.rank().cmp(&b.rank()),
    })
}

/// The parts of one data item with lengths made explicit, so that definite and indefinite arrays
/// look alike.
struct Parts<'b> {
    reader: Reader<'b>,
    open: [Option<u64>; KEY_DEPTH],
    depth: usize,
    started: bool,
}

impl<'b> Parts<'b> {
    fn new(reader: Reader<'b>) -> Self {
        Self { reader, open: [Some(0); KEY_DEPTH], depth: 0, started: false }
    }

    fn next(&mut self) -> Result<Option<Part<'b>>, Error> {
        if let Some(level) = self.depth.checked_sub(1) {
            match self.open.get_mut(level) {
                Some(Some(0)) => {
                    self.depth = level;
                    return Ok(Some(Part::End));
                }
                Some(Some(left)) => *left = left.saturating_sub(1),
                _ => {
                    if self.reader.take_break()? {
                        self.depth = level;
                        return Ok(Some(Part::End));
                    }
                }
            }
        } else if self.started {
            return Ok(None);
        }
        self.started = true;
        let start = self.reader.position();
        match self.reader.plain() {
            Some(Plain::Int(negative, argument)) => return Ok(Some(Part::Int(negative, argument))),
            Some(Plain::Text(_, text)) => return Ok(Some(Part::Text(Text::Whole(text)))),
            None => {}
        }
        Ok(Some(match self.reader.item()? {
            Item::Int(value) => Part::Int(value.is_negative(), value.argument()),
            Item::Bytes(value) => Part::Bytes(Text::Whole(value)),
            Item::Text(value) => Part::Text(Text::Whole(value.as_bytes())),
            Item::BytesStart => Part::Bytes(self.chunks()?),
            Item::TextStart => Part::Text(self.chunks()?),
            Item::Array(len) => {
                self.open(len, start)?;
                Part::Array
            }
            Item::Tag(number) => {
                self.open(Some(1), start)?;
                Part::Tag(number)
            }
            Item::Bool(value) => Part::Simple(if value { 21 } else { 20 }),
            Item::Null => Part::Simple(22),
            Item::Undefined => Part::Simple(23),
            Item::Simple(value) => Part::Simple(value),
            Item::Float(value) => Part::Float(value),
            Item::Map(_) => return Err(Error::new(ErrorKind::UnsupportedKey, start)),
            Item::Break => return Err(Error::new(ErrorKind::UnexpectedBreak, start)),
        }))
    }

    fn open(&mut self, len: Option<u64>, start: usize) -> Result<(), Error> {
        let slot = self.open.get_mut(self.depth);
        *slot.ok_or(Error::new(ErrorKind::UnsupportedKey, start))? = len;
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn chunks(&mut self) -> Result<Text<'b>, Error> {
        let chunks = Text::Chunks(self.reader.clone());
        while next_chunk(&mut self.reader)?.is_some() {}
        Ok(chunks)
    }
}

fn next_chunk<'b>(reader: &mut Reader<'b>) -> Result<Option<&'b [u8]>, Error> {
    let start = reader.position();
    let mut ahead = reader.clone();
    if let Some(Plain::Text(_, chunk)) = ahead.plain() {
        *reader = ahead;
        return Ok(Some(chunk));
    }
    match reader.item()? {
        Item::Bytes(chunk) => Ok(Some(chunk)),
        Item::Text(chunk) => Ok(Some(chunk.as_bytes())),
        Item::Break => Ok(None),
        _ => Err(Error::new(ErrorKind::BadChunk, start)),
    }
}

/// The bytes of a string, in one piece or in chunks.
enum Text<'b> {
    Whole(&'b [u8]),
    Chunks(Reader<'b>),
}

impl Text<'_> {
    fn len(&self) -> Result<usize, Error> {
        match self {
            Self::Whole(bytes) => Ok(bytes.len()),
            Self::Chunks(reader) => {
                let mut reader = reader.clone();
                let mut len: usize = 0;
                while let Some(chunk) = next_chunk(&mut reader)? {
                    len = len.saturating_add(chunk.len());
                }
                Ok(len)
            }
        }
    }

    /// Shorter strings first, then bytewise, as their deterministic encodings compare.
    fn compare(&self, other: &Self) -> Result<Ordering, Error> {
        if let (Self::Whole(a), Self::Whole(b)) = (self, other) {
            return Ok(a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        }
        let by_length = self.len()?.cmp(&other.len()?);
        if by_length != Ordering::Equal {
            return Ok(by_length);
        }
        let (mut a, mut b) = (Pieces::new(self), Pieces::new(other));
        loop {
            match (a.fill()?, b.fill()?) {
                (true, true) => {}
                _ => return Ok(Ordering::Equal),
            }
            let len = a.piece.len().min(b.piece.len());
            let (left, a_rest) = a.piece.split_at_checked(len).unwrap_or_default();
            let (right, b_rest) = b.piece.split_at_checked(len).unwrap_or_default();
            let order = left.cmp(right);
            if order != Ordering::Equal {
                return Ok(order);
            }
            a.piece = a_rest;
            b.piece = b_rest;
        }
    }
}

struct Pieces<'b> {
    piece: &'b [u8],
    reader: Option<Reader<'b>>,
}

impl<'b> Pieces<'b> {
    fn new(text: &Text<'b>) -> Self {
        match text {
            Text::Whole(bytes) => Self { piece: bytes, reader: None },
            Text::Chunks(reader) => Self { piece: &[], reader: Some(reader.clone()) },
        }
    }

    /// Whether there is something left to compare.
    fn fill(&mut self) -> Result<bool, Error> {
        while self.piece.is_empty() {
            let Some(reader) = &mut self.reader else { return Ok(false) };
            match next_chunk(reader)? {
                Some(chunk) => self.piece = chunk,
                None => self.reader = None,
            }
        }
        Ok(true)
    }
}
