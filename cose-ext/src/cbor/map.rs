//! A map that was checked.

use super::{
    Error, Int, Limits, Raw, Reader, Strictness, check, head::head_len, key_order::Plain,
    skip_checked,
};

/// A checked map, borrowed from the input: every key once, everything well-formed, in the order and
/// encoding in which it came.
#[derive(Clone, Copy, Debug)]
pub struct Map<'b> {
    bytes: &'b [u8],
    offset: usize,
    len: usize,
}

impl<'b> Map<'b> {
    /// The map without entries.
    pub const EMPTY: Self = Self { bytes: &[0xa0], offset: 0, len: 0 };

    /// A map that was read and checked entry by entry.
    #[inline]
    pub(crate) const fn checked(bytes: &'b [u8], offset: usize, len: usize) -> Self {
        Self { bytes, offset, len }
    }

    /// Reads a map and checks all of it.
    ///
    /// # Errors
    ///
    /// If another type stands here, and those of [`check`].
    pub fn read(reader: &mut Reader<'b>, limits: &Limits) -> Result<Self, Error> {
        let start = reader.position();
        let announced = reader.clone().map()?;
        check(reader, limits)?;
        Ok(Self::announced(reader.raw_since(start), start, announced))
    }

    /// Reads a map that is the whole of `bytes`, which stand at `offset` of a larger input.
    ///
    /// # Errors
    ///
    /// As [`Map::read`], and for trailing bytes.
    pub fn decode(
        bytes: &'b [u8],
        offset: usize,
        strictness: Strictness,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, strictness);
        let map = Self::read(&mut reader, limits)
            .and_then(|map| reader.end().map(|()| map))
            .map_err(|error| error.within(offset))?;
        Ok(map.within(offset))
    }

    /// Reads a map from a checked item.
    ///
    /// # Errors
    ///
    /// If `raw` is of another type.
    pub fn new(raw: &Raw<'b>) -> Result<Self, Error> {
        let mut reader = Reader::new(raw.bytes(), Strictness::LENIENT);
        let announced = reader.map().map_err(|error| error.within(raw.offset()))?;
        Ok(Self::announced(raw.bytes(), raw.offset(), announced))
    }

    /// A checked map whose head says how many entries it has, or that a break ends it.
    fn announced(bytes: &'b [u8], offset: usize, entries: Option<u64>) -> Self {
        let len = match entries.map(usize::try_from) {
            Some(Ok(len)) => len,
            _ => Self::count_up_to_break(bytes),
        };
        Self { bytes, offset, len }
    }

    /// The number of entries of a checked map that a break ends.
    #[cold]
    fn count_up_to_break(bytes: &[u8]) -> usize {
        let mut reader = Reader::new(bytes, Strictness::LENIENT);
        let mut len: usize = 0;
        let is_map = matches!(reader.map(), Ok(None));
        while is_map && matches!(reader.take_break(), Ok(false)) {
            if skip_checked(&mut reader).and_then(|_| skip_checked(&mut reader)).is_err() {
                break;
            }
            len = len.saturating_add(1);
        }
        len
    }

    /// Returns this map for an input that starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(mut self, base: usize) -> Self {
        self.offset = self.offset.saturating_add(base);
        self
    }

    /// Returns the number of entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there are no entries.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the encoded map, as received.
    #[must_use]
    pub const fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Returns where the map starts in the input that was given to the decoder, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns keys and values in the order of the input.
    #[must_use]
    pub fn iter(&self) -> Entries<'b> {
        // The head was read before, and so was the number of entries.
        let reader = Reader::new(self.bytes, Strictness::LENIENT).at(head_len(self.bytes));
        Entries { reader, left: self.len, offset: self.offset }
    }

    /// Finds the value under the integer `key`, in whatever encoding the key came.
    ///
    /// It walks the map up to there. For several keys use [`find_all`](Self::find_all), for most of
    /// them read the map item by item with [`Raw::read`].
    pub fn find(&self, key: impl Into<Int>) -> Option<Raw<'b>> {
        self.find_plain(Plain::int(key.into()))
    }

    /// Finds the value under the text `key`.
    ///
    /// It walks the map up to there. Keys in chunks are not found.
    #[must_use]
    pub fn find_text(&self, key: &str) -> Option<Raw<'b>> {
        self.find_plain(Plain::text(key.as_bytes()))
    }

    /// Finds the values under many integer keys in one walk; each stands at the place of its key.
    pub fn find_all<const N: usize, K: Into<Int>>(&self, keys: [K; N]) -> [Option<Raw<'b>>; N] {
        let keys = keys.map(|key| Plain::int(key.into()));
        let mut found = [None; N];
        let mut missing = N;
        let mut entries = self.iter();
        while missing > 0 {
            let Some(key) = entries.next_key() else { break };
            for (wanted, slot) in keys.iter().zip(&mut found) {
                if key == Some(*wanted) && slot.is_none() {
                    *slot = entries.clone().raw();
                    missing = missing.saturating_sub(1);
                }
            }
            if entries.raw().is_none() {
                break;
            }
        }
        found
    }

    /// Returns whether every key is an integer or a text in one piece, and the number of entries is
    /// told by the head: so it is with nearly all maps.
    pub(crate) fn has_plain_keys(&self) -> bool {
        // A break stands behind the last entry of a map without a number.
        if self.bytes.first() == Some(&0xbf) {
            return false;
        }
        let Entries { mut reader, left, .. } = self.iter();
        let none = Plain::text(&[]);
        let mut pass =
            || reader.pass_key(&none, None).is_some() && skip_checked(&mut reader).is_ok();
        (0..left).all(|_| pass())
    }

    fn find_plain(&self, key: Plain<'_>) -> Option<Raw<'b>> {
        let Entries { mut reader, left, offset } = self.iter();
        let short = key.short();
        for _ in 0..left {
            let is_it = match reader.pass_key(&key, short) {
                Some(is_it) => is_it,
                None => skip_checked(&mut reader).map(|_| false).ok()?,
            };
            let start = reader.position();
            skip_checked(&mut reader).ok()?;
            if is_it {
                return Some(Raw::new(reader.raw_since(start), offset.saturating_add(start)));
            }
        }
        None
    }
}

impl<'b> IntoIterator for Map<'b> {
    type Item = (Raw<'b>, Raw<'b>);
    type IntoIter = Entries<'b>;

    fn into_iter(self) -> Entries<'b> {
        self.iter()
    }
}

impl<'b> IntoIterator for &Map<'b> {
    type Item = (Raw<'b>, Raw<'b>);
    type IntoIter = Entries<'b>;

    fn into_iter(self) -> Entries<'b> {
        self.iter()
    }
}

/// Iterator over the entries of a [`Map`].
#[derive(Clone, Debug)]
pub struct Entries<'b> {
    reader: Reader<'b>,
    left: usize,
    offset: usize,
}

impl<'b> Entries<'b> {
    fn raw(&mut self) -> Option<Raw<'b>> {
        let start = self.reader.position();
        skip_checked(&mut self.reader).ok()?;
        Some(Raw::new(self.reader.raw_since(start), self.offset.saturating_add(start)))
    }

    /// Whether another entry stands here.
    #[inline]
    fn has_next(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }

    /// Goes past the next key, to its value; the key is given if it is plain.
    fn next_key(&mut self) -> Option<Option<Plain<'b>>> {
        self.has_next()?;
        let key = self.reader.plain();
        if key.is_none() {
            skip_checked(&mut self.reader).ok()?;
        }
        Some(key)
    }
}

impl<'b> Iterator for Entries<'b> {
    type Item = (Raw<'b>, Raw<'b>);

    fn next(&mut self) -> Option<Self::Item> {
        self.has_next()?;
        Some((self.raw()?, self.raw()?))
    }
}
