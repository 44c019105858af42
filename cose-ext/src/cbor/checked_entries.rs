//! A map that is checked on the way through it.

use super::{Error, Limits, Map, Raw, Reader, Strictness, check, plain};

/// The entries of a map that nobody has checked yet: each is checked before it is handed out, so
/// that a reader who knows its members goes through the map once.
///
/// # State, invariant, cost
///
/// A cursor, and the latest key. While keys are integers or text in ascending order each entry is
/// checked alone; at the first that is not, or whose value is of a rare form, the whole map is
/// checked as [`Map::decode`] does, and what comes after is handed out without another look. An
/// entry that was handed out is right in itself; one behind it may be wrong. Whoever refuses an
/// entry looks at the whole map first, if the encoding goes before the form.
#[derive(Clone, Debug)]
pub struct CheckedEntries<'b, 'l> {
    reader: Reader<'b>,
    bytes: &'b [u8],
    offset: usize,
    limits: &'l Limits,
    left: Option<u64>,
    len: usize,
    /// Where the latest key starts, or the first one will.
    latest: usize,
    is_checked: bool,
}

impl<'b, 'l> CheckedEntries<'b, 'l> {
    /// Starts to read a map that is the whole of `bytes`, which stand at `offset` of a larger
    /// input.
    ///
    /// # Errors
    ///
    /// If another type stands here, and those of [`check`].
    pub fn open(
        bytes: &'b [u8],
        offset: usize,
        strictness: Strictness,
        limits: &'l Limits,
    ) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, strictness);
        let left = reader.map().map_err(|error| error.within(offset))?;
        let latest = reader.position();
        let mut entries =
            Self { reader, bytes, offset, limits, left, len: 0, latest, is_checked: false };
        // Every item has a byte at least: where so many are allowed, none has to be counted.
        if left.is_none() || limits.items < bytes.len() || limits.depth == 0 {
            entries.check_whole()?;
        }
        Ok(entries)
    }

    /// Returns the next key and its value; `None` behind the last, where the input has ended too.
    ///
    /// # Errors
    ///
    /// Those of [`check`], and for trailing bytes.
    #[inline]
    #[allow(clippy::should_implement_trait)] // An iterator would go on after an error.
    pub fn next(&mut self) -> Result<Option<(Raw<'b>, Raw<'b>)>, Error> {
        match self.plain_entry() {
            Some(entry) => Ok(Some(entry)),
            None => self.any_entry(),
        }
    }

    /// Returns the map whose last entry was handed out.
    #[must_use]
    pub const fn map(&self) -> Map<'b> {
        Map::checked(self.bytes, self.offset, self.len)
    }

    /// The next entry, if its key is the greatest so far, and its value of a common form.
    #[inline]
    fn plain_entry(&mut self) -> Option<(Raw<'b>, Raw<'b>)> {
        let left = self.left?.checked_sub(1)?;
        let start = self.reader.position();
        let mut ahead = self.reader.clone();
        let key = plain::key(&mut ahead)?;
        if self.latest != start && ahead.at(self.latest).plain()? >= key {
            return None;
        }
        let middle = ahead.position();
        plain::check_value(&mut ahead, self.limits)?;
        let (key, value) = (ahead.between(start, middle), ahead.raw_since(middle));
        self.reader = ahead;
        self.latest = start;
        self.left = Some(left);
        self.len = self.len.saturating_add(1);
        let at = |position| self.offset.saturating_add(position);
        Some((Raw::new(key, at(start)), Raw::new(value, at(middle))))
    }

    /// The next entry, whatever it is, or the end.
    #[inline(never)]
    fn any_entry(&mut self) -> Result<Option<(Raw<'b>, Raw<'b>)>, Error> {
        let is_end = match &mut self.left {
            Some(0) => true,
            None => {
                self.check_whole()?;
                self.reader.take_break()?
            }
            Some(left) => {
                *left = left.saturating_sub(1);
                false
            }
        };
        if is_end {
            self.left = Some(0);
            self.reader.end().map_err(|error| error.within(self.offset))?;
            return Ok(None);
        }
        self.check_whole()?;
        self.len = self.len.saturating_add(1);
        Ok(Some((self.raw()?, self.raw()?)))
    }

    /// An item of a map that was checked whole.
    fn raw(&mut self) -> Result<Raw<'b>, Error> {
        let start = self.reader.position();
        self.reader.skip()?;
        Ok(Raw::new(self.reader.raw_since(start), self.offset.saturating_add(start)))
    }

    /// Checks the whole map, once.
    fn check_whole(&mut self) -> Result<(), Error> {
        if !self.is_checked {
            let mut reader = self.reader.at(0);
            check(&mut reader, self.limits)
                .and_then(|()| reader.end())
                .map_err(|error| error.within(self.offset))?;
            self.is_checked = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
