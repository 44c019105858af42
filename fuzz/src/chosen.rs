//! Choices of a test, out of the input of a fuzzer.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Random numbers that are the bytes of an input, and zeros where they end: a byte of the input is a choice of the
/// test, so that the fuzzer learns which choices lead somewhere.
#[derive(Debug)]
pub struct Chosen<'i>(core::slice::Iter<'i, u8>);

impl<'i> Chosen<'i> {
    /// Chooses by the bytes of that input.
    pub fn by(input: &'i [u8]) -> Self {
        Self(input.iter())
    }

    /// Chooses a byte, which is 0 where the input ends.
    pub fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    /// Chooses a number below `end`, which is not 0; of two bytes, so `end` is at most 65 536.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(u16::from_be_bytes([self.byte(), self.byte()])) % end
    }

    /// Chooses one of those.
    pub fn one_of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> T {
        all[usize::from(self.byte()) % N]
    }

    /// Chooses nothing more: the input has ended.
    pub fn is_done(&self) -> bool {
        self.0.len() == 0
    }
}

impl TryRng for Chosen<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next().copied().unwrap_or(0).into())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next().copied().unwrap_or(0).into())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            *byte = self.0.next().copied().unwrap_or(0);
        }
        Ok(())
    }
}

/// Keys that are made of these hide nothing.
impl TryCryptoRng for Chosen<'_> {}
