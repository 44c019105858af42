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
