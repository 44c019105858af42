//! A NOR flash in memory, the power of which can be cut anywhere.
//!
//! It keeps its users to the rules of such memory: writing only clears bits, whole words are written, and a word is
//! written once between two erasures; who does otherwise is told so by a panic.

use rand_chacha::rand_core::Rng;

use crate::rng::{SeededRng, seeded};

/// The power is gone: everything fails until [`NorFlash::power_on`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerLoss;

/// A NOR flash in memory.
///
/// Every word that is written and every page that is erased is one operation. The power can be cut in the middle of any:
/// of a word the first bytes are then written, or none, and of an erased page every byte is anything.
#[derive(Clone)]
pub struct NorFlash {
    bytes: Vec<u8>,
    /// Words that were written since their page was erased.
    written: Vec<bool>,
    page: usize,
    word: usize,
    operations: usize,
    cut_at: Option<usize>,
    is_on: bool,
    noise: SeededRng,
}

impl NorFlash {
    /// An erased flash of `pages` pages of `page` bytes, written in words of `word` bytes.
    pub fn new(pages: usize, page: usize, word: usize) -> Self {
        assert_eq!(page % word, 0, "a page holds whole words");
        NorFlash {
            bytes: vec![0xff; pages * page],
            written: vec![false; pages * page / word],
            page,
            word,
            operations: 0,
            cut_at: None,
            is_on: true,
            noise: seeded(0x5eed),
        }
    }

    /// The size of a page in bytes.
    pub fn page(&self) -> usize {
        self.page
    }

    /// The size of a word in bytes.
    pub fn word(&self) -> usize {
        self.word
    }

    /// How many operations there were since the power came on.
    pub fn operations(&self) -> usize {
        self.operations
    }

    /// Cuts the power in the middle of the operation before which there were so many; `seed` says what it leaves.
    pub fn cut_at(&mut self, operation: usize, seed: u64) {
        self.cut_at = Some(operation);
        self.noise = seeded(seed);
    }

    /// Whether there is power.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Brings the power back; it is not cut again before [`cut_at`](Self::cut_at) says so.
    pub fn power_on(&mut self) {
        self.is_on = true;
        self.cut_at = None;
        self.operations = 0;
    }

    /// Reads from byte `offset` on.
    pub fn read(&self, offset: usize, out: &mut [u8]) -> Result<(), PowerLoss> {
        if !self.is_on {
            return Err(PowerLoss);
        }
        out.copy_from_slice(&self.bytes[offset..offset + out.len()]);
        Ok(())
    }

    /// Writes whole words from byte `offset` on.
    pub fn write(&mut self, offset: usize, data: &[u8]) -> Result<(), PowerLoss> {
        assert_eq!(offset % self.word, 0, "a write begins at a word");
        assert_eq!(data.len() % self.word, 0, "whole words are written");
        for (index, word) in data.chunks(self.word).enumerate() {
            let start = offset + index * self.word;
            let kept = match self.begin()? {
                true => word.len(),
                false => self.below(word.len() + 1),
            };
            assert!(!self.written[start / self.word], "the word at {start} is written twice");
            // A word of which nothing was written is as it was.
            self.written[start / self.word] = kept > 0;
            for (place, byte) in self.bytes[start..].iter_mut().zip(&word[..kept]) {
                *place &= byte;
            }
            self.end()?;
        }
        Ok(())
    }

    /// Erases the page that begins at byte `offset`.
    pub fn erase(&mut self, offset: usize) -> Result<(), PowerLoss> {
        assert_eq!(offset % self.page, 0, "a page is erased");
        let is_whole = self.begin()?;
        let page = offset..offset + self.page;
        let words = offset / self.word..(offset + self.page) / self.word;
        if is_whole {
            self.bytes[page].fill(0xff);
            self.written[words].fill(false);
        } else {
            // Anything, so it has to be erased again before it is written.
            self.noise.fill_bytes(&mut self.bytes[page]);
            self.written[words].fill(true);
        }
        self.end()
    }

    /// Whether the operation is carried out whole.
    fn begin(&mut self) -> Result<bool, PowerLoss> {
        if !self.is_on {
            return Err(PowerLoss);
        }
        let is_cut = self.cut_at == Some(self.operations);
        self.operations += 1;
        self.is_on = !is_cut;
        Ok(!is_cut)
    }

    fn end(&self) -> Result<(), PowerLoss> {
        if self.is_on { Ok(()) } else { Err(PowerLoss) }
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.noise.next_u32() as usize) % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_there_until_it_is_erased() {
        let mut flash = NorFlash::new(2, 8, 4);
        flash.write(4, &[1, 2, 3, 4]).unwrap();
        let mut out = [0; 8];
        flash.read(0, &mut out).unwrap();
        assert_eq!(out, [0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
        flash.erase(0).unwrap();
        flash.read(0, &mut out).unwrap();
        assert_eq!(out, [0xff; 8]);
        assert_eq!(flash.operations(), 2);
    }

    #[test]
    #[should_panic(expected = "written twice")]
    fn a_word_is_written_once() {
        let mut flash = NorFlash::new(1, 8, 4);
        flash.write(0, &[0xff; 4]).unwrap();
        let _ = flash.write(0, &[0; 4]);
    }

    #[test]
    fn a_cut_leaves_part_of_a_word_or_noise() {
        let mut lengths = Vec::new();
        for seed in 0..64 {
            let mut flash = NorFlash::new(1, 8, 4);
            flash.cut_at(1, seed);
            assert_eq!(flash.write(0, &[0; 8]), Err(PowerLoss));
            assert!(!flash.is_on());
            assert_eq!(flash.read(0, &mut [0]), Err(PowerLoss));
            flash.power_on();
            let mut out = [0; 8];
            flash.read(0, &mut out).unwrap();
            lengths.push(out.iter().filter(|byte| **byte == 0).count());
        }
        lengths.sort();
        lengths.dedup();
        assert_eq!(lengths, [4, 5, 6, 7, 8]); // one whole word, and none to four bytes of the next
        let mut flash = NorFlash::new(1, 64, 4);
        flash.cut_at(0, 1);
        assert_eq!(flash.erase(0), Err(PowerLoss));
        flash.power_on();
        let mut out = [0; 64];
        flash.read(0, &mut out).unwrap();
        assert_ne!(out, [0xff; 64]);
    }
}
