//! A journal in a NOR flash that answers later, over the traits of `embedded-storage-async`.

use embedded_storage_async::nor_flash::NorFlash;

use crate::{AsyncJournal, RECORD};

/// The longest word, to read or to write, that is handled here.
const WORD: usize = 64;

/// Part of a NOR flash that answers later: whole pages of it.
///
/// # State, invariant, cost
///
/// Words and pages are those of the trait: what is read and written here begins at a word, and a
/// last word that is not whole is filled up. Nothing is kept but the place. Memory: one word of the
/// longest length. A future that is dropped in the middle leaves the flash as a loss of power does.
#[derive(Clone, Copy, Debug)]
pub struct AsyncNorRegion<F> {
    flash: F,
    start: u32,
    len: u32,
}

impl<F: NorFlash> AsyncNorRegion<F> {
    /// Returns the part of `flash` from byte `start` on, `len` bytes long; `None` if it is not
    /// whole pages, is not all there, or if the words of the flash are longer than 64 bytes.
    pub fn new(flash: F, start: u32, len: u32) -> Option<Self> {
        let page = u32::try_from(F::ERASE_SIZE).ok()?;
        let end = usize::try_from(start.checked_add(len)?).ok()?;
        let is_whole = start.checked_rem(page)? == 0 && len.checked_rem(page)? == 0;
        let fits = F::WRITE_SIZE.max(F::READ_SIZE) <= WORD && F::WRITE_SIZE > 0 && F::READ_SIZE > 0;
        (is_whole && fits && end <= flash.capacity()).then_some(Self { flash, start, len })
    }

    /// Returns the number of bytes.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Returns the flash.
    pub fn into_flash(self) -> F {
        self.flash
    }

    /// Reads from byte `offset` on, wherever words begin; `false` if that is not all in this part.
    ///
    /// # Errors
    ///
    /// If the flash fails.
    pub async fn read(&mut self, offset: u32, out: &mut [u8]) -> Result<bool, F::Error> {
        if !self.holds(offset, out.len()) {
            return Ok(false);
        }
        let mut place = offset;
        let mut rest = out;
        while !rest.is_empty() {
            let mut word = [0; WORD];
            let Some(word) = word.get_mut(..F::READ_SIZE) else { return Ok(false) };
            let size = u32::try_from(F::READ_SIZE).unwrap_or(u32::MAX);
            let skipped = place.checked_rem(size).unwrap_or(0);
            let begins = self.start.saturating_add(place.saturating_sub(skipped));
            self.flash.read(begins, word).await?;
            let from = usize::try_from(skipped).unwrap_or(usize::MAX);
            let found = word.get(from..).unwrap_or_default();
            let len = found.len().min(rest.len());
            let (now, later) = core::mem::take(&mut rest).split_at_mut(len);
            now.copy_from_slice(found.get(..len).unwrap_or_default());
            rest = later;
            place = place.saturating_add(u32::try_from(len).unwrap_or(u32::MAX));
        }
        Ok(true)
    }

    /// Writes from byte `offset` on, where a word begins and which was erased; `false` if that is
    /// not all in this part.
    ///
    /// # Errors
    ///
    /// If the flash fails.
    pub async fn write(&mut self, offset: u32, data: &[u8]) -> Result<bool, F::Error> {
        let whole = data.len().checked_next_multiple_of(F::WRITE_SIZE).unwrap_or(usize::MAX);
        if !self.holds(offset, whole) {
            return Ok(false);
        }
        let mut place = self.start.saturating_add(offset);
        for part in data.chunks(F::WRITE_SIZE) {
            let mut word = [0xff; WORD];
            let Some(word) = word.get_mut(..F::WRITE_SIZE) else { return Ok(false) };
            for (byte, value) in word.iter_mut().zip(part) {
                *byte = *value;
            }
            self.flash.write(place, word).await?;
            place = place.saturating_add(u32::try_from(F::WRITE_SIZE).unwrap_or(u32::MAX));
        }
        Ok(true)
    }

    /// Erases `len` bytes from byte `offset` on, page after page; `false` if they are not whole
    /// pages of this part.
    ///
    /// # Errors
    ///
    /// If the flash fails.
    pub async fn erase(&mut self, offset: u32, len: u32) -> Result<bool, F::Error> {
        let bytes = usize::try_from(len).unwrap_or(usize::MAX);
        let page = u32::try_from(F::ERASE_SIZE).unwrap_or(u32::MAX);
        let is_whole = offset.checked_rem(page) == Some(0) && len.checked_rem(page) == Some(0);
        if !is_whole || !self.holds(offset, bytes) {
            return Ok(false);
        }
        let start = self.start.saturating_add(offset);
        let end = start.saturating_add(len);
        let mut place = start;
        while place < end {
            let next = place.saturating_add(page);
            self.flash.erase(place, next).await?;
            place = next;
        }
        Ok(true)
    }

    fn holds(&self, offset: u32, len: usize) -> bool {
        let end = u32::try_from(len).ok().and_then(|len| offset.checked_add(len));
        end.is_some_and(|end| end <= self.len)
    }
}

/// A journal in a part of a NOR flash that answers later. A record takes 32 bytes, or whole words
/// if these are longer.
#[derive(Clone, Copy, Debug)]
pub struct AsyncNorJournal<F>(AsyncNorRegion<F>);

impl<F: NorFlash> AsyncNorJournal<F> {
    /// Returns the journal in this part.
    pub const fn new(region: AsyncNorRegion<F>) -> Self {
        Self(region)
    }

    fn place(index: usize) -> Option<u32> {
        let stride = RECORD.checked_next_multiple_of(F::WRITE_SIZE)?;
        u32::try_from(index.checked_mul(stride)?).ok()
    }
}

impl<F: NorFlash> AsyncJournal for AsyncNorJournal<F> {
    type Error = F::Error;

    async fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, F::Error> {
        match Self::place(index) {
            Some(place) => self.0.read(place, record).await,
            None => Ok(false),
        }
    }

    async fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, F::Error> {
        match Self::place(index) {
            Some(place) => self.0.write(place, record).await,
            None => Ok(false),
        }
    }

    async fn clear(&mut self) -> Result<(), F::Error> {
        self.0.erase(0, self.0.len).await.map(drop)
    }
}
