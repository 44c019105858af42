//! One pass over a data item: well-formed, bounded, every key of every map once.

use super::{Error, ErrorKind, Item, Limits, MAX_DEPTH, Reader, Type, plain::check_plain};

mod keys;

use keys::Keys;

/// Walks one whole data item: well-formed, within `limits`, and no map at any depth with two equal
/// keys. Afterwards the reader stands behind the item.
///
/// The content of byte strings is not looked at.
///
/// # Errors
///
/// The first rule that breaks, with its byte offset.
pub fn check(reader: &mut Reader<'_>, limits: &Limits) -> Result<(), Error> {
    check_within(reader, limits).map(|_| ())
}

/// As [`check`]; returns how many of the items that `limits` allow are left.
#[inline]
pub(crate) fn check_within(reader: &mut Reader<'_>, limits: &Limits) -> Result<usize, Error> {
    match check_plain(reader, limits, 0) {
        Some(seen) => Ok(seen.left),
        None => walk(reader, limits),
    }
}

/// As [`check_within`], for whatever stands there.
#[inline(never)]
fn walk(reader: &mut Reader<'_>, limits: &Limits) -> Result<usize, Error> {
    // Hardly anything nests deeper than this, and a small stack is set up faster.
    let start = reader.clone();
    // The small stack refuses what nests deeper, never what is wrong otherwise: only the depth is
    // tried again.
    match Walker::new(&mut [Open::END; SHALLOW], limits).walk(reader) {
        Err(error) if error.kind() == ErrorKind::DepthLimit && limits.depth > SHALLOW => {
            *reader = start;
            walk_deep(reader, limits)
        }
        outcome => outcome,
    }
}

#[inline(never)] // So that its stack is not there for what is shallow.
fn walk_deep(reader: &mut Reader<'_>, limits: &Limits) -> Result<usize, Error> {
    Walker::new(&mut [Open::END; MAX_DEPTH], limits).walk(reader)
}

const SHALLOW: usize = 4;

#[derive(Clone, Copy)]
struct Open {
    kind: Kind,
    /// Items still to come; `None` for an indefinite length. Keys and values count one each.
    left: Option<u64>,
}

#[derive(Clone, Copy)]
enum Kind {
    Array,
    Map(Keys),
    Tag,
    /// Chunks of an indefinite-length string of this type.
    Chunks(Type),
}

impl Open {
    const END: Self = Self { kind: Kind::Tag, left: Some(0) };
}

/// Walks an item without recursion.
///
/// State: the levels that are open, outermost first, each with what is still to come in it and, of
/// a map, what is needed to tell a key that came before; how many items may still be looked at.
/// Between two items the innermost level always has something to come, be it a break: levels that
/// are complete are closed at once. Every head costs one item of the budget before it is read, so
/// does all that is looked at again, and a level needs no more memory than its place here: time is
/// linear in the budget, whatever the input, and memory is the levels that are lent.
struct Walker<'l> {
    open: &'l mut [Open],
    depth: usize,
    items: usize,
    limits: &'l Limits,
}

impl<'l> Walker<'l> {
    fn new(open: &'l mut [Open], limits: &'l Limits) -> Self {
        Self { open, depth: 0, items: limits.items, limits }
    }

    fn walk(&mut self, reader: &mut Reader<'_>) -> Result<usize, Error> {
        loop {
            let start = reader.position();
            // Charged before it is read, so that a budget of n items reads at most n heads.
            spend(&mut self.items, 1, start)?;
            // Asked before `take` turns the map from key to value.
            let at_key = self.at_key();
            let item = reader.item()?;
            self.take(&item, start)?;
            if at_key {
                self.key(reader, &item, start)?;
            }
            if !self.enter(&item, start, reader.position())? && !self.close(reader)? {
                return Ok(self.items);
            }
        }
    }

    fn innermost(&mut self) -> Option<&mut Open> {
        self.depth.checked_sub(1).and_then(|level| self.open.get_mut(level))
    }

    fn at_key(&mut self) -> bool {
        matches!(self.innermost(), Some(Open { kind: Kind::Map(keys), .. }) if keys.at_key)
    }

    /// Whether `item` may stand here.
    fn take(&mut self, item: &Item<'_>, start: usize) -> Result<(), Error> {
        if matches!(item, Item::Break) {
            // Breaks that end something are consumed by `close`.
            return Err(Error::new(ErrorKind::UnexpectedBreak, start));
        }
        let Some(open) = self.innermost() else { return Ok(()) };
        // Never below zero: a level with nothing left was closed by `close` before this item was
        // read.
        open.left = open.left.map(|left| left.saturating_sub(1));
        match &mut open.kind {
            Kind::Map(keys) => keys.at_key = !keys.at_key,
            // RFC 8949 3.2.3: chunks are definite strings of the type that the head names.
            Kind::Chunks(Type::Bytes) if !matches!(item, Item::Bytes(_)) => {
                return Err(Error::new(ErrorKind::BadChunk, start));
            }
            Kind::Chunks(Type::Text) if !matches!(item, Item::Text(_)) => {
                return Err(Error::new(ErrorKind::BadChunk, start));
            }
            Kind::Chunks(_) | Kind::Array | Kind::Tag => {}
        }
        Ok(())
    }

    /// Opens a level when `item` has content of its own; false when it is complete.
    fn enter(&mut self, item: &Item<'_>, start: usize, content: usize) -> Result<bool, Error> {
        let open = match *item {
            Item::Array(Some(0)) | Item::Map(Some(0)) => return Ok(false),
            Item::Array(left) => Open { kind: Kind::Array, left },
            Item::Map(pairs) => {
                let left = match pairs {
                    // More pairs than bytes can follow: refused before anything is counted.
                    Some(pairs) => {
                        Some(pairs.checked_mul(2).ok_or(Error::new(ErrorKind::EndOfInput, start))?)
                    }
                    None => None,
                };
                Open { kind: Kind::Map(Keys::new(content)), left }
            }
            Item::Tag(_) => Open { kind: Kind::Tag, left: Some(1) },
            Item::BytesStart => Open { kind: Kind::Chunks(Type::Bytes), left: None },
            Item::TextStart => Open { kind: Kind::Chunks(Type::Text), left: None },
            _ => return Ok(false),
        };
        // Nesting that an attacker chose must not exhaust the stack (RFC 8949 10).
        if self.depth >= self.limits.depth {
            return Err(Error::new(ErrorKind::DepthLimit, start));
        }
        let slot = self.open.get_mut(self.depth);
        *slot.ok_or(Error::new(ErrorKind::DepthLimit, start))? = open;
        self.depth = self.depth.saturating_add(1);
        // An indefinite item may be empty.
        if open.left.is_none() {
            return Ok(false);
        }
        Ok(true)
    }

    /// Closes every level that is complete; false when the outermost item is.
    fn close(&mut self, reader: &mut Reader<'_>) -> Result<bool, Error> {
        loop {
            let Some(open) = self.innermost() else { return Ok(false) };
            match open.left {
                Some(0) => {}
                Some(_) => return Ok(true),
                None => {
                    let start = reader.position();
                    if reader.peek()? != Type::Break {
                        return Ok(true);
                    }
                    // RFC 8949 3.2.2: a break behind a key without a value is not well-formed.
                    if matches!(open.kind, Kind::Map(keys) if !keys.at_key) {
                        return Err(Error::new(ErrorKind::UnexpectedBreak, start));
                    }
                    reader.item()?;
                }
            }
            self.depth = self.depth.saturating_sub(1);
        }
    }

    /// Compares the key `item`, which stands at `start`, with those before it in its map.
    fn key(&mut self, reader: &Reader<'_>, item: &Item<'_>, start: usize) -> Result<(), Error> {
        let Self { open, depth, items, limits } = self;
        let innermost = depth.checked_sub(1).and_then(|level| open.get_mut(level));
        let Some(Open { kind: Kind::Map(keys), .. }) = innermost else { return Ok(()) };
        keys.check_new(reader, item, start, limits.map_entries, items)
    }
}

fn spend(left: &mut usize, items: usize, offset: usize) -> Result<(), Error> {
    *left = left.checked_sub(items).ok_or(Error::new(ErrorKind::ItemLimit, offset))?;
    Ok(())
}

#[cfg(test)]
mod tests;
