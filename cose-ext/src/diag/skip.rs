//! Skipping an item without writing it.

use crate::cbor::{Error, ErrorKind, Item, MAX_DEPTH, Reader, Type};

/// Passes over one well-formed data item of at most `depth` levels.
pub(super) fn skip(reader: &mut Reader<'_>, depth: usize) -> Result<(), Error> {
    // Items still to come at each open level.
    let mut open = [Left::Items(0); MAX_DEPTH];
    let mut level: usize = 0;
    loop {
        let start = reader.position();
        let inner = match reader.item()? {
            Item::Array(Some(len)) => Some(Left::Items(len)),
            Item::Map(Some(pairs)) => Some(Left::Items(pairs.saturating_mul(2))),
            Item::Array(None) => Some(Left::UpToBreak),
            Item::Map(None) => Some(Left::Pairs { at_key: true }),
            Item::Tag(_) => Some(Left::Items(1)),
            Item::BytesStart => skip_chunks(reader, Type::Bytes)?,
            Item::TextStart => skip_chunks(reader, Type::Text)?,
            Item::Break => return Err(Error::new(ErrorKind::UnexpectedBreak, start)),
            _ => None,
        };
        if let Some(inner) = inner {
            let slot = open.get_mut(level).filter(|_| level < depth);
            *slot.ok_or(Error::new(ErrorKind::DepthLimit, start))? = inner;
            level = level.saturating_add(1);
        }
        loop {
            let Some(outer) = level.checked_sub(1) else { return Ok(()) };
            let Some(left) = open.get_mut(outer) else { return Ok(()) };
            if left.begin(reader)? {
                break;
            }
            level = outer;
        }
    }
}

#[derive(Clone, Copy)]
enum Left {
    Items(u64),
    UpToBreak,
    Pairs { at_key: bool },
}

impl Left {
    /// Takes one item from those to come; false when there are none.
    fn begin(&mut self, reader: &mut Reader<'_>) -> Result<bool, Error> {
        match self {
            Self::Items(left) => {
                let Some(fewer) = left.checked_sub(1) else { return Ok(false) };
                *left = fewer;
                Ok(true)
            }
            Self::UpToBreak => reader.take_break().map(|is_break| !is_break),
            Self::Pairs { at_key } => {
                let start = reader.position();
                if !reader.take_break()? {
                    *at_key = !*at_key;
                    return Ok(true);
                }
                if *at_key { Ok(false) } else { Err(Error::new(ErrorKind::UnexpectedBreak, start)) }
            }
        }
    }
}

fn skip_chunks(reader: &mut Reader<'_>, of: Type) -> Result<Option<Left>, Error> {
    while next_chunk(reader, of)?.is_some() {}
    Ok(None)
}

/// The next chunk of an indefinite-length string, or `None` when it has ended.
pub(super) fn next_chunk<'b>(reader: &mut Reader<'b>, of: Type) -> Result<Option<Item<'b>>, Error> {
    let start = reader.position();
    match (of, reader.item()?) {
        (_, Item::Break) => Ok(None),
        (Type::Bytes, chunk @ Item::Bytes(_)) | (Type::Text, chunk @ Item::Text(_)) => {
            Ok(Some(chunk))
        }
        _ => Err(Error::new(ErrorKind::BadChunk, start)),
    }
}
