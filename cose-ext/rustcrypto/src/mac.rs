//! MACs (RFC 9053 3): HMAC with feature `hmac`, AES-CBC-MAC with feature `aes`.

use digest::{KeyInit, Mac as Running};

use cose_crypto::{
    Algorithm, Feed, HashValue, KeyProfile, Mac, SecretError, SymmetricKey, VerifyError,
};

/// A symmetric key for whatever MAC is asked for; the MAC is set up at each use.
pub(super) struct MacKey<'a>(pub(super) SymmetricKey<'a>);

impl MacKey<'_> {
    /// Sets up the MAC of `algorithm`.
    fn with_keyed<T>(
        &self,
        algorithm: Algorithm,
        then: impl FnOnce(&dyn Keyed) -> T,
    ) -> Result<T, SecretError> {
        #[cfg(feature = "aes")]
        use {
            ::aes::{Aes128, Aes256},
            ::cbc_mac::CbcMac,
        };
        #[cfg(feature = "hmac")]
        use {
            ::hmac::Hmac,
            ::sha2::{Sha256, Sha384, Sha512},
        };

        let k = self.0.k;
        match algorithm {
            // HMAC takes a key of any length but zero.
            #[cfg(feature = "hmac")]
            Algorithm::HMAC_256_64
            | Algorithm::HMAC_256
            | Algorithm::HMAC_384
            | Algorithm::HMAC_512
                if k.is_empty() =>
            {
                Err(SecretError::Malformed)
            }
            #[cfg(feature = "hmac")]
            Algorithm::HMAC_256_64 | Algorithm::HMAC_256 => keyed::<Hmac<Sha256>, T>(k, then),
            #[cfg(feature = "hmac")]
            Algorithm::HMAC_384 => keyed::<Hmac<Sha384>, T>(k, then),
            #[cfg(feature = "hmac")]
            Algorithm::HMAC_512 => keyed::<Hmac<Sha512>, T>(k, then),
            // The IV is zero, and the last block is padded with zeros (RFC 9053 3.2).
            #[cfg(feature = "aes")]
            Algorithm::AES_MAC_128_64 | Algorithm::AES_MAC_128_128 => {
                keyed::<CbcMac<Aes128>, T>(k, then)
            }
            #[cfg(feature = "aes")]
            Algorithm::AES_MAC_256_64 | Algorithm::AES_MAC_256_128 => {
                keyed::<CbcMac<Aes256>, T>(k, then)
            }
            _ => Err(SecretError::Unsupported),
        }
    }
}

/// Refuses a key of a length that the MAC does not take.
fn keyed<M: Running + KeyInit + Clone, T>(
    k: &[u8],
    then: impl FnOnce(&dyn Keyed) -> T,
) -> Result<T, SecretError> {
    match <M as KeyInit>::new_from_slice(k) {
        Ok(mac) => Ok(then(&mac)),
        Err(_) => Err(SecretError::Malformed),
    }
}

/// Whether the MAC of no message at all depends on the key. That of AES-CBC-MAC is zero, which
/// anyone knows, so that none is made. (A MAC_structure is never empty.)
const fn takes_nothing(algorithm: Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::HMAC_256_64 | Algorithm::HMAC_256 | Algorithm::HMAC_384 | Algorithm::HMAC_512
    )
}

impl Mac for MacKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn tag(&self, algorithm: Algorithm, message: &[&[u8]]) -> Result<HashValue, SecretError> {
        let len = algorithm.tag_len().ok_or(SecretError::Unsupported)?;
        self.with_keyed(algorithm, |mac| {
            let is_empty = message.iter().all(|part| part.is_empty());
            let tag = mac.tag(message, len);
            tag.filter(|_| !is_empty || takes_nothing(algorithm)).ok_or(SecretError::Unsupported)
        })?
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            message.iter().for_each(|part| sink(part));
            Ok(())
        };
        self.verify_stream(algorithm, &mut feed, tag)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        self.with_keyed(algorithm, |mac| {
            if algorithm.tag_len() != Some(tag.len()) {
                return Err(VerifyError::InvalidSignature);
            }
            let mut is_empty = true;
            let mut noticing = |sink: &mut dyn FnMut(&[u8])| {
                feed(&mut |piece| {
                    is_empty &= piece.is_empty();
                    sink(piece);
                })
            };
            mac.verify(&mut noticing, tag)?;
            if is_empty && !takes_nothing(algorithm) {
                return Err(VerifyError::InvalidSignature);
            }
            Ok(())
        })
        .map_err(|_| VerifyError::Unsupported)?
    }
}

/// A MAC with its key; the length of its output is no longer in the type.
trait Keyed {
    /// The first `len` bytes of the tag; `None` when it has less.
    fn tag(&self, message: &[&[u8]], len: usize) -> Option<HashValue>;

    /// Compares with the front of the tag, in constant time.
    fn verify(&self, feed: &mut Feed<'_>, tag: &[u8]) -> Result<(), VerifyError>;
}

impl<M: Running + Clone> Keyed for M {
    fn tag(&self, message: &[&[u8]], len: usize) -> Option<HashValue> {
        let mut running = self.clone();
        for part in message {
            running.update(part);
        }
        HashValue::new(running.finalize().as_bytes().get(..len)?)
    }

    fn verify(&self, feed: &mut Feed<'_>, tag: &[u8]) -> Result<(), VerifyError> {
        let mut running = self.clone();
        feed(&mut |piece| running.update(piece))?;
        running.verify_truncated_left(tag).map_err(|_| VerifyError::InvalidSignature)
    }
}
