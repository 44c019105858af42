//! Randomness that is derived from a private key and a message.

use core::convert::Infallible;

use ::hkdf::{GenericHkdf, hmac::Hmac};
use ::sha2::Sha512;
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroize;

use cose_crypto::Algorithm;

/// As many bytes as one block of the derivation.
const BLOCK_LEN: usize = 64;

/// Randomness for one signature: HKDF with SHA-512 over the private exponent and whatever fresh
/// randomness there is, bound to the algorithm and the digest of the message. Nobody without the
/// key can predict it, and two messages never share it.
///
/// # State, invariant, cost
///
/// `counter` counts the blocks that were handed out; each block is derived under a number of its
/// own, so that none repeats. A block costs four compressions of SHA-512.
pub(super) struct DerivedRandom<'m> {
    hkdf: GenericHkdf<Hmac<Sha512>>,
    algorithm: [u8; 8],
    prehash: &'m [u8],
    counter: u64,
}

impl<'m> DerivedRandom<'m> {
    pub(super) fn new(
        secret: &[u8],
        fresh: &[u8],
        algorithm: Algorithm,
        prehash: &'m [u8],
    ) -> Self {
        const PREFIX: &[u8] = b"cose-rustcrypto RSA signature\0";
        let mut extract = ::hkdf::GenericHkdfExtract::<Hmac<Sha512>>::new(Some(PREFIX));
        extract.input_ikm(secret);
        // The exponent has the width of the modulus, so that the two cannot be shifted.
        extract.input_ikm(fresh);
        let (mut pseudorandom_key, hkdf) = extract.finalize();
        pseudorandom_key.zeroize();
        Self { hkdf, algorithm: algorithm.value().to_be_bytes(), prehash, counter: 0 }
    }
}

impl TryRng for DerivedRandom<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for piece in out.chunks_mut(BLOCK_LEN) {
            self.counter = self.counter.wrapping_add(1);
            let info = [&self.algorithm[..], self.prehash, &self.counter.to_be_bytes()];
            // One block is far below the 255 that RFC 5869 2.3 allows, so that this succeeds.
            let _ = self.hkdf.expand_multi_info(&info, piece);
        }
        Ok(())
    }
}

impl TryCryptoRng for DerivedRandom<'_> {}
