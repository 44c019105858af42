//! The hash engine of the device.

use cose_crypto::{Algorithm, Feed, HashFunction, HashValue, Interrupted};
use sha2::{Digest, Sha256};

/// SHA-256.
#[derive(Clone, Copy, Debug, Default)]
pub struct HashEngine;

impl HashFunction for HashEngine {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        let mut engine = Sha256::new();
        for part in message {
            engine.update(part);
        }
        <[u8; 32]>::from(engine.finalize()).into()
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        let mut engine = Sha256::new();
        feed(&mut |piece| engine.update(piece))?;
        Ok(<[u8; 32]>::from(engine.finalize()).into())
    }
}
