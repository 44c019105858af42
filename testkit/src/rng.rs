//! Randomness that is the same in every run.

/// A generator for tests. Cryptographic by its traits, so that it fits where a signer asks for one; never use it for
/// a key that is not a test key.
pub use rand_chacha::ChaCha20Rng as SeededRng;

/// The generator of a seed: the same numbers in every run and on every machine.
pub fn seeded(seed: u64) -> SeededRng {
    rand_chacha::rand_core::SeedableRng::seed_from_u64(seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::CryptoRng;

    #[test]
    fn a_seed_gives_the_same_bytes_again() {
        let mut bytes = [[0; 16]; 3];
        for (bytes, seed) in bytes.iter_mut().zip([1, 1, 2]) {
            let rng: &mut dyn CryptoRng = &mut seeded(seed);
            rng.fill_bytes(bytes);
        }
        assert_eq!(bytes[0], bytes[1]);
        assert_ne!(bytes[0], bytes[2]);
    }
}
