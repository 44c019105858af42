//! A journal and slots in a NOR flash that answers later: `embedded-storage-async`.

use embedded_storage_async::nor_flash::NorFlash;

use crate::{
    AsyncJournal, RECORD,
    flash_span::{FlashSizes, FlashSpan, SlotSizes, WORD, fill, record_offset},
    store::AsyncSlots,
};

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
    span: FlashSpan,
}

impl<F: NorFlash> AsyncNorRegion<F> {
    /// Returns the part of `flash` from byte `start` on, `len` bytes long; `None` if it is not
    /// whole pages, is not all there, or if the words of the flash are longer than 64 bytes.
    pub fn new(flash: F, start: u32, len: u32) -> Option<Self> {
        let sizes = FlashSizes {
            read: F::READ_SIZE,
            write: F::WRITE_SIZE,
            page: F::ERASE_SIZE,
            capacity: flash.capacity(),
        };
        FlashSpan::new(start, len, sizes).map(|span| Self { flash, span })
    }

    /// Returns the number of bytes.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(&self) -> u32 {
        self.span.len()
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
        let words = self.span.words(offset, out.len(), F::READ_SIZE);
        let Some(words) = words else { return Ok(false) };
        let mut room = out;
        for (place, skipped) in words {
            let mut word = [0; WORD];
            let Some(word) = word.get_mut(..F::READ_SIZE) else { return Ok(false) };
            self.flash.read(place, word).await?;
            room = fill(room, word, skipped);
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
        let parts = self.span.parts(offset, data, F::WRITE_SIZE);
        let Some(parts) = parts else { return Ok(false) };
        for (place, word) in parts {
            let Some(word) = word.get(..F::WRITE_SIZE) else { return Ok(false) };
            self.flash.write(place, word).await?;
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
        let pages = self.span.pages(offset, len, F::ERASE_SIZE);
        let Some(pages) = pages else { return Ok(false) };
        for (start, end) in pages {
            self.flash.erase(start, end).await?;
        }
        Ok(true)
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
}

impl<F: NorFlash> AsyncJournal for AsyncNorJournal<F> {
    type Error = F::Error;

    async fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, F::Error> {
        match record_offset(index, F::WRITE_SIZE) {
            Some(place) => self.0.read(place, record).await,
            None => Ok(false),
        }
    }

    async fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, F::Error> {
        match record_offset(index, F::WRITE_SIZE) {
            Some(place) => self.0.write(place, record).await,
            None => Ok(false),
        }
    }

    async fn clear(&mut self) -> Result<(), F::Error> {
        self.0.erase(0, self.0.len()).await.map(drop)
    }
}

/// Slots in a part of a NOR flash that answers later, all of one size.
#[derive(Clone, Copy, Debug)]
pub struct AsyncNorSlots<F> {
    region: AsyncNorRegion<F>,
    sizes: SlotSizes,
}

impl<F: NorFlash> AsyncNorSlots<F> {
    /// Returns slots of `size` bytes each, as many as there is room for; `None` if they are not
    /// whole pages.
    pub fn new(region: AsyncNorRegion<F>, size: u32) -> Option<Self> {
        SlotSizes::new(size, F::ERASE_SIZE).map(|sizes| Self { region, sizes })
    }
}

impl<F: NorFlash> AsyncSlots for AsyncNorSlots<F> {
    type Error = F::Error;

    fn count(&self) -> usize {
        self.sizes.count(self.region.len())
    }

    async fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, F::Error> {
        let Some(place) = self.sizes.place(slot) else { return Ok(0) };
        let out = self.sizes.room(out);
        Ok(if self.region.read(place, out).await? { out.len() } else { 0 })
    }

    async fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, F::Error> {
        let Some(place) = self.sizes.place(slot) else { return Ok(false) };
        Ok(self.sizes.fits(record)
            && self.region.erase(place, self.sizes.size()).await?
            && self.region.write(place, record).await?)
    }

    async fn erase(&mut self, slot: usize) -> Result<(), F::Error> {
        let Some(place) = self.sizes.place(slot) else { return Ok(()) };
        self.region.erase(place, self.sizes.size()).await.map(drop)
    }
}
