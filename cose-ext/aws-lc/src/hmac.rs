//! HMAC with SHA-2 (RFC 9053 3.1).

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    hmac::{self, Context, Tag},
};

use cose_crypto::{
    Algorithm, Feed, HashValue, KeyProfile, Mac, SecretError, SymmetricKey, VerifyError,
};

/// A symmetric key for whichever HMAC is asked for; it is set up at each use.
pub(super) struct HmacKey<'a>(pub(super) SymmetricKey<'a>);

impl HmacKey<'_> {
    fn start(&self, algorithm: Algorithm) -> Result<Context, SecretError> {
        let hash = match algorithm {
            Algorithm::HMAC_256_64 | Algorithm::HMAC_256 => hmac::HMAC_SHA256,
            Algorithm::HMAC_384 => hmac::HMAC_SHA384,
            Algorithm::HMAC_512 => hmac::HMAC_SHA512,
            _ => return Err(SecretError::Unsupported),
        };
        // HMAC takes a key of any length but zero.
        if self.0.k.is_empty() {
            return Err(SecretError::Malformed);
        }
        Ok(Context::with_key(&hmac::Key::new(hash, self.0.k)))
    }
}

/// The front of a tag, as long as the algorithm's (RFC 9053 3.1: HMAC 256/64 is cut).
fn cut(tag: &Tag, algorithm: Algorithm) -> Option<&[u8]> {
    tag.as_ref().get(..algorithm.tag_len()?)
}

impl Mac for HmacKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn tag(&self, algorithm: Algorithm, message: &[&[u8]]) -> Result<HashValue, SecretError> {
        let mut running = self.start(algorithm)?;
        for part in message {
            running.update(part);
        }
        cut(&running.sign(), algorithm).and_then(HashValue::new).ok_or(SecretError::Unsupported)
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
        let mut running = self.start(algorithm).map_err(|_| VerifyError::Unsupported)?;
        if algorithm.tag_len() != Some(tag.len()) {
            return Err(VerifyError::InvalidSignature);
        }
        feed(&mut |piece| running.update(piece))?;
        let computed = running.sign();
        let computed = cut(&computed, algorithm).ok_or(VerifyError::Unsupported)?;
        verify_slices_are_equal(computed, tag).map_err(|_| VerifyError::InvalidSignature)
    }
}
