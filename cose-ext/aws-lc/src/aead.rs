//! Authenticated encryption: AES-GCM and ChaCha20/Poly1305 (RFC 9053 4.1, 4.3). AWS-LC as it is
//! bound here has no AES-CCM.

use aws_lc_rs::aead::{
    AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use zeroize::Zeroize;

use crate::buffers::with_whole;
use cose_crypto::{
    Aead, Algorithm, BufferTooShort, KeyProfile, SecretError, SymmetricKey, VerifyError,
};

/// A symmetric key for whatever cipher is asked for; the cipher is set up at each use.
pub(super) struct AeadKey<'a>(pub(super) SymmetricKey<'a>);

impl AeadKey<'_> {
    fn cipher(&self, algorithm: Algorithm) -> Result<LessSafeKey, SecretError> {
        let cipher = match algorithm {
            Algorithm::A128GCM => &AES_128_GCM,
            Algorithm::A192GCM => &AES_192_GCM,
            Algorithm::A256GCM => &AES_256_GCM,
            Algorithm::CHACHA20_POLY1305 => &CHACHA20_POLY1305,
            _ => return Err(SecretError::Unsupported),
        };
        let key = UnboundKey::new(cipher, self.0.k).map_err(|_| SecretError::Malformed)?;
        // The nonce is the caller's, as everywhere in COSE.
        Ok(LessSafeKey::new(key))
    }
}

impl Aead for AeadKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn encrypt(
        &self,
        algorithm: Algorithm,
        nonce: &[u8],
        aad: &[&[u8]],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let tag_len = algorithm.tag_len().ok_or(SecretError::Unsupported)?;
        let cipher = self.cipher(algorithm)?;
        let needed = plaintext.len().checked_add(tag_len).ok_or(SecretError::Unsupported)?;
        let (body, tag) = ciphertext
            .get_mut(..needed)
            .and_then(|front| front.split_at_mut_checked(plaintext.len()))
            .ok_or(BufferTooShort { needed })?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecretError::Malformed)?;
        with_whole(aad, |aad| {
            cipher.seal_out_of_place_scatter(nonce, Aad::from(aad), plaintext, body, &[], tag)
        })
        // More than one nonce is good for.
        .map_err(|_| SecretError::Unsupported)?;
        Ok(needed)
    }

    fn decrypt(
        &self,
        algorithm: Algorithm,
        nonce: &[u8],
        aad: &[&[u8]],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, VerifyError> {
        let tag_len = algorithm.tag_len().ok_or(VerifyError::Unsupported)?;
        let cipher = self.cipher(algorithm).map_err(|_| VerifyError::Unsupported)?;
        // Nothing shorter than a tag was made by the cipher.
        let (body, tag) = ciphertext
            .len()
            .checked_sub(tag_len)
            .and_then(|len| ciphertext.split_at_checked(len))
            .ok_or(VerifyError::InvalidSignature)?;
        let front = plaintext.get_mut(..body.len()).ok_or(VerifyError::Unsupported)?;
        let nonce =
            Nonce::try_assume_unique_for_key(nonce).map_err(|_| VerifyError::Unsupported)?;
        let opened = with_whole(aad, |aad| {
            cipher.open_separate_gather(nonce, Aad::from(aad), body, tag, front)
        });
        if opened.is_err() {
            front.zeroize();
            return Err(VerifyError::InvalidSignature);
        }
        Ok(body.len())
    }
}
