use core::cmp::Ordering;

use super::{
    Determinism, Error, ErrorKind, Item, Limits, MAX_DEPTH, Reader, Type, flat::check_flat,
    key_order::compare,
};

/// Walks one whole data item: well-formed, within `limits`, and no map at any depth with two equal
/// keys. Afterwards the reader stands behind the item.
///
/// The content of byte strings is not looked at.
///
/// # Errors
/// The first rule that breaks, with its byte offset.
pub fn check(reader: &mut Reader<'_>, limits: &Limits) -> Result<(), Error> {
    check_within(reader, limits).map(|_| ())
}

/// As [`check`]; returns how many of the items that `limits` allow are left.
pub(crate) fn check_within(reader: &mut Reader<'_>, limits: &Limits) -> Result<usize, Error> {
    if let Some(left) = check_flat(reader, limits) {
        return Ok(left);
    }
    // Hardly anything nests deeper than this, and a small stack is set up faster.
    let start = reader.clone();
    match Walker::<SHALLOW>::new(limits).walk(reader) {
        Err(error) if error.kind() == ErrorKind::DepthLimit && limits.depth > SHALLOW => {
            *reader = start;
            Walker::<MAX_DEPTH>::new(limits).walk(reader)
        }
        outcome => outcome,
    }
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

#[derive(Clone, Copy)]
struct Keys {
    /// Where the first key starts.
    first: usize,
    /// Where the latest key starts.
    latest: usize,
    count: usize,
    /// The item that comes next is a key.
    at_key: bool,
    ascending: bool,
}

impl Open {
    const END: Self = Self { kind: Kind::Tag, left: Some(0) };
}

struct Walker<'l, const DEPTH: usize> {
    open: [Open; DEPTH],
    depth: usize,
    items: usize,
    limits: &'l Limits,
}

impl<'l, const DEPTH: usize> Walker<'l, DEPTH> {
    fn new(limits: &'l Limits) -> Self {
        Self { open: [Open::END; DEPTH], depth: 0, items: limits.items, limits }
    }

    fn walk(&mut self, reader: &mut Reader<'_>) -> Result<usize, Error> {
        loop {
            self.spend(1, reader.position())?;
            let start = reader.position();
            if self.at_key() {
                self.key(reader, start)?;
            }
            let item = reader.item()?;
            self.take(&item, start)?;
            if !self.enter(&item, start, reader.position())? && !self.close(reader)? {
                return Ok(self.items);
            }
        }
    }

    fn spend(&mut self, items: usize, offset: usize) -> Result<(), Error> {
        self.items =
            self.items.checked_sub(items).ok_or(Error::new(ErrorKind::ItemLimit, offset))?;
        Ok(())
    }

    fn innermost(&mut self) -> Option<&mut Open> {
        self.depth.checked_sub(1).and_then(|level| self.open.get_mut(level))
    }

    fn at_key(&mut self) -> bool {
        matches!(self.innermost(), Some(Open { kind: Kind::Map(Keys { at_key: true, .. }), .. }))
    }

    /// Whether `item` may stand here.
    fn take(&mut self, item: &Item<'_>, start: usize) -> Result<(), Error> {
        if matches!(item, Item::Break) {
            // Breaks that end something are consumed by `close`.
            return Err(Error::new(ErrorKind::UnexpectedBreak, start));
        }
        let Some(open) = self.innermost() else { return Ok(()) };
        open.left = open.left.map(|left| left.saturating_sub(1));
        match &mut open.kind {
            Kind::Map(keys) => keys.at_key = !keys.at_key,
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
                let keys = Keys {
                    first: content,
                    latest: content,
                    count: 0,
                    at_key: true,
                    ascending: true,
                };
                Open { kind: Kind::Map(keys), left }
            }
            Item::Tag(_) => Open { kind: Kind::Tag, left: Some(1) },
            Item::BytesStart => Open { kind: Kind::Chunks(Type::Bytes), left: None },
            Item::TextStart => Open { kind: Kind::Chunks(Type::Text), left: None },
            _ => return Ok(false),
        };
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
                    if matches!(open.kind, Kind::Map(Keys { at_key: false, .. })) {
                        return Err(Error::new(ErrorKind::UnexpectedBreak, start));
                    }
                    reader.item()?;
                }
            }
            self.depth = self.depth.saturating_sub(1);
        }
    }

    /// Compares the key at `start` with those before it in the same map.
    fn key(&mut self, reader: &Reader<'_>, start: usize) -> Result<(), Error> {
        let map_entries = self.limits.map_entries;
        let Some(Open { kind: Kind::Map(keys), .. }) = self.innermost() else { return Ok(()) };
        let (previous, first, count) = (keys.latest, keys.first, keys.count);
        keys.latest = start;
        keys.count = count.saturating_add(1);
        if count == 0 {
            return Ok(());
        }
        let mut spent = 0;
        let mut ascending = keys.ascending;
        if ascending {
            let (order, items) = compare(reader.at(previous), reader.at(start))?;
            spent = items;
            match order {
                Ordering::Less => {}
                Ordering::Equal => return Err(Error::new(ErrorKind::DuplicateKey, start)),
                Ordering::Greater => ascending = false,
            }
            keys.ascending = ascending;
        }
        if reader.strictness().determinism == Determinism::Core
            && !bytewise_ascending(reader, previous, start)?
        {
            return Err(Error::new(ErrorKind::KeyOrder, start));
        }
        self.spend(spent, start)?;
        if ascending {
            return Ok(());
        }
        if count >= map_entries {
            return Err(Error::new(ErrorKind::EntryLimit, start));
        }
        let mut earlier = reader.at(first);
        while earlier.position() < start {
            let (order, items) = compare(earlier.clone(), reader.at(start))?;
            if order == Ordering::Equal {
                return Err(Error::new(ErrorKind::DuplicateKey, start));
            }
            self.spend(items, start)?;
            let items = skip(&mut earlier)?.saturating_add(skip(&mut earlier)?);
            self.spend(items, start)?;
        }
        Ok(())
    }
}

/// Core deterministic order is the order of the encodings (RFC 8949 4.2.1).
fn bytewise_ascending(reader: &Reader<'_>, a: usize, b: usize) -> Result<bool, Error> {
    let (mut left, mut right) = (reader.at(a), reader.at(b));
    skip(&mut left)?;
    skip(&mut right)?;
    Ok(left.raw_since(a) < right.raw_since(b))
}

/// Skips a data item that was walked before, or is about to be; returns the number of items in it.
#[inline]
pub(crate) fn skip(reader: &mut Reader<'_>) -> Result<usize, Error> {
    let start = reader.clone();
    let mut items: usize = 0;
    let mut left: u64 = 1;
    // Definite arrays, maps and tags need only a count of items still to come.
    while let Some(rest) = left.checked_sub(1) {
        let content = match reader.item()? {
            Item::Array(Some(len)) => len,
            Item::Map(Some(pairs)) => pairs.saturating_mul(2),
            Item::Tag(_) => 1,
            Item::Array(None)
            | Item::Map(None)
            | Item::BytesStart
            | Item::TextStart
            | Item::Break => {
                *reader = start;
                return skip_indefinite(reader);
            }
            _ => 0,
        };
        items = items.saturating_add(1);
        left = rest.saturating_add(content);
    }
    Ok(items)
}

/// As [`skip`], for items that may end with a break.
fn skip_indefinite(reader: &mut Reader<'_>) -> Result<usize, Error> {
    let mut items: usize = 0;
    // What is still to come at the levels that are open, outermost first.
    let mut open = [None; MAX_DEPTH];
    let mut depth: usize = 0;
    let mut left = Some(1_u64);
    loop {
        let start = reader.position();
        let inner = match reader.item()? {
            Item::Array(len) => Some(len),
            Item::Map(Some(pairs)) => Some(Some(pairs.saturating_mul(2))),
            Item::Map(None) | Item::BytesStart | Item::TextStart => Some(None),
            Item::Tag(_) => Some(Some(1)),
            Item::Break => {
                if left.is_some() {
                    return Err(Error::new(ErrorKind::UnexpectedBreak, start));
                }
                left = Some(0);
                None
            }
            _ => {
                left = left.map(|left| left.saturating_sub(1));
                None
            }
        };
        items = items.saturating_add(1);
        if let Some(inner) = inner {
            *open.get_mut(depth).ok_or(Error::new(ErrorKind::DepthLimit, start))? =
                left.map(|left| left.saturating_sub(1));
            depth = depth.saturating_add(1);
            left = inner;
        }
        while left == Some(0) {
            let Some(level) = depth.checked_sub(1) else { return Ok(items) };
            depth = level;
            left = open.get(level).copied().flatten();
        }
    }
}

#[cfg(test)]
mod tests;
