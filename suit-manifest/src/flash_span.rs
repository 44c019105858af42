//! Where the words and pages of a part of a NOR flash lie: what drivers that answer at once, and
//! those that answer later, have in common.

use crate::RECORD;

/// The longest word, to read or to write, that is handled here.
pub(crate) const WORD: usize = 64;

/// The sizes of a flash, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlashSizes {
    /// A word to read.
    pub(crate) read: usize,
    /// A word to write.
    pub(crate) write: usize,
    /// A page.
    pub(crate) page: usize,
    /// The whole flash.
    pub(crate) capacity: usize,
}

/// Whole pages of a flash, one after the other.
///
/// # State, invariant, cost
///
/// First byte and length, both multiples of a page; the end is not behind that of the flash.
/// Offsets count from the first byte, places from that of the flash. Whatever is not all within the
/// span has no words and no pages. No memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlashSpan {
    start: u32,
    len: u32,
}

impl FlashSpan {
    /// Returns the span; `None` if it is not whole pages, is not all there, or if the words of the
    /// flash are longer than [`WORD`].
    pub(crate) fn new(start: u32, len: u32, sizes: FlashSizes) -> Option<Self> {
        let FlashSizes { read, write, page, capacity } = sizes;
        let page = u32::try_from(page).ok()?;
        let end = usize::try_from(start.checked_add(len)?).ok()?;
        let is_whole = start.checked_rem(page)? == 0 && len.checked_rem(page)? == 0;
        let fits = write.max(read) <= WORD && write > 0 && read > 0;
        (is_whole && fits && end <= capacity).then_some(Self { start, len })
    }

    pub(crate) const fn len(self) -> u32 {
        self.len
    }

    /// Returns the words of `size` bytes that hold `len` bytes from `offset` on: the place of each,
    /// and how many of its bytes lie before what is asked for.
    pub(crate) fn words(
        self,
        offset: u32,
        len: usize,
        size: usize,
    ) -> Option<impl Iterator<Item = (u32, usize)>> {
        let end = self.end(offset, len)?;
        let size = u32::try_from(size).ok()?;
        let mut next = offset;
        Some(core::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let skipped = next.checked_rem(size)?;
            let begins = next.checked_sub(skipped)?;
            next = begins.checked_add(size)?;
            Some((self.start.checked_add(begins)?, usize::try_from(skipped).ok()?))
        }))
    }

    /// Returns `data`, which begins at a word at `offset`, in words of `size` bytes, each with its
    /// place. The last one is filled up with bits that are not written.
    pub(crate) fn parts(
        self,
        offset: u32,
        data: &[u8],
        size: usize,
    ) -> Option<impl Iterator<Item = (u32, [u8; WORD])>> {
        self.end(offset, data.len().checked_next_multiple_of(size)?)?;
        let step = u32::try_from(size).ok()?;
        let mut place = self.start.checked_add(offset)?;
        Some(data.chunks(size).map(move |part| {
            let mut word = [0xff; WORD];
            for (byte, value) in word.iter_mut().zip(part) {
                *byte = *value;
            }
            let here = place;
            place = place.saturating_add(step);
            (here, word)
        }))
    }

    /// Returns the pages of `len` bytes from `offset` on, each with its first byte and the one
    /// behind it; `None` if they are not whole pages.
    pub(crate) fn pages(
        self,
        offset: u32,
        len: u32,
        page: usize,
    ) -> Option<impl Iterator<Item = (u32, u32)>> {
        let step = u32::try_from(page).ok()?;
        let is_whole = offset.checked_rem(step)? == 0 && len.checked_rem(step)? == 0;
        let end = self.start.checked_add(self.end(offset, usize::try_from(len).ok()?)?)?;
        let start = self.start.checked_add(offset)?;
        is_whole.then(|| {
            (start..end).step_by(page).map(move |place| (place, place.saturating_add(step)))
        })
    }

    /// Returns the offset behind `len` bytes from `offset` on, if they are all within the span.
    fn end(self, offset: u32, len: usize) -> Option<u32> {
        let end = offset.checked_add(u32::try_from(len).ok()?)?;
        (end <= self.len).then_some(end)
    }
}

/// Slots of one size, one behind the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotSizes(u32);

impl SlotSizes {
    /// Returns slots of `size` bytes each; `None` if they are not whole pages.
    pub(crate) fn new(size: u32, page: usize) -> Option<Self> {
        let page = u32::try_from(page).ok()?;
        (size > 0 && size.checked_rem(page)? == 0).then_some(Self(size))
    }

    pub(crate) const fn size(self) -> u32 {
        self.0
    }

    /// Returns how many there are in `len` bytes.
    pub(crate) fn count(self, len: u32) -> usize {
        usize::try_from(len.checked_div(self.0).unwrap_or(0)).unwrap_or(0)
    }

    /// Returns the offset of a slot.
    pub(crate) fn place(self, slot: usize) -> Option<u32> {
        u32::try_from(slot).ok()?.checked_mul(self.0)
    }

    /// Returns as much of `out` as one slot fills.
    pub(crate) fn room(self, out: &mut [u8]) -> &mut [u8] {
        let len = usize::try_from(self.0).unwrap_or(usize::MAX).min(out.len());
        out.get_mut(..len).unwrap_or_default()
    }

    pub(crate) fn fits(self, record: &[u8]) -> bool {
        usize::try_from(self.0).is_ok_and(|size| record.len() <= size)
    }
}

/// Copies what a word holds behind `skipped` bytes, as far as there is room; returns the room that
/// is left.
pub(crate) fn fill<'o>(room: &'o mut [u8], word: &[u8], skipped: usize) -> &'o mut [u8] {
    let found = word.get(skipped..).unwrap_or_default();
    let (now, later) = room.split_at_mut(found.len().min(room.len()));
    for (to, from) in now.iter_mut().zip(found) {
        *to = *from;
    }
    later
}

/// Returns the offset of a record of a journal: each begins at a word.
pub(crate) fn record_offset(index: usize, word: usize) -> Option<u32> {
    u32::try_from(index.checked_mul(RECORD.checked_next_multiple_of(word)?)?).ok()
}
