//! Signers without a key.

use cose_ext::crypto::{Algorithm, Feed, HashFunction, SignError, Signer, StreamSigner};
use cose_ext::rustcrypto::Sha256;

/// Signs everything, by the algorithm that it is given, with the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct AnySigner(pub Algorithm);

impl Signer for AnySigner {
    fn algorithm(&self) -> Algorithm {
        self.0
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, _: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        let signature = signature.get_mut(..64).ok_or(SignError::Device)?;
        signature.fill(0x81);
        Ok(64)
    }
}

impl StreamSigner for AnySigner {
    fn sign_stream(&self, feed: &mut Feed<'_>, signature: &mut [u8]) -> Result<usize, SignError> {
        feed(&mut |_| {}).map_err(|_| SignError::Interrupted)?;
        self.sign(&[], signature)
    }
}

/// Signs with the SHA-256 of the message, as often as it fits into a signature of the algorithm.
#[derive(Clone, Copy, Debug)]
pub struct Nobody(pub Algorithm);

impl Signer for Nobody {
    fn algorithm(&self) -> Algorithm {
        self.0
    }

    fn signature_len(&self) -> usize {
        match self.0 {
            Algorithm::ML_DSA_44 => 2420,
            Algorithm::ES384 | Algorithm::ESP384 => 96,
            _ => 64,
        }
    }

    fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, SignError> {
        let signature = out.get_mut(..self.signature_len()).ok_or(SignError::Device)?;
        let digest = Sha256.hash(message);
        for (byte, digest) in signature.iter_mut().zip(digest.as_ref().iter().cycle()) {
            *byte = *digest;
        }
        Ok(self.signature_len())
    }
}
