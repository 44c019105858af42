//! Authenticated encryption (RFC 9053 4): AES-GCM and AES-CCM with feature `aes`,
//! ChaCha20/Poly1305 with feature `chacha20poly1305`.

mod associated_data;

use ::aead::{AeadInOut, KeyInit, inout::InOutBuf};
use zeroize::Zeroize;

use self::associated_data::with_joined;
use cose_crypto::{
    Aead, Algorithm, BufferTooShort, KeyProfile, SecretError, SymmetricKey, VerifyError,
};

/// A symmetric key for whatever cipher is asked for; the cipher is set up at each use.
pub(super) struct AeadKey<'a>(pub(super) SymmetricKey<'a>);

impl AeadKey<'_> {
    /// Sets up the cipher of `algorithm`.
    fn with_cipher<T>(
        &self,
        algorithm: Algorithm,
        then: impl FnOnce(&dyn Cipher) -> T,
    ) -> Result<T, SecretError> {
        #[cfg(feature = "aes")]
        use {
            ::aead::consts::{U7, U8, U12, U13, U16},
            ::aes::{Aes128, Aes192, Aes256},
            ::aes_gcm::AesGcm,
            ::ccm::Ccm,
        };

        let k = self.0.k;
        match algorithm {
            #[cfg(feature = "aes")]
            Algorithm::A128GCM => keyed::<AesGcm<Aes128, U12>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::A192GCM => keyed::<AesGcm<Aes192, U12>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::A256GCM => keyed::<AesGcm<Aes256, U12>, T>(k, then),
            // Ccm<_, length of the tag, length of the nonce>
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_16_64_128 => keyed::<Ccm<Aes128, U8, U13>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_16_64_256 => keyed::<Ccm<Aes256, U8, U13>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_64_64_128 => keyed::<Ccm<Aes128, U8, U7>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_64_64_256 => keyed::<Ccm<Aes256, U8, U7>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_16_128_128 => keyed::<Ccm<Aes128, U16, U13>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_16_128_256 => keyed::<Ccm<Aes256, U16, U13>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_64_128_128 => keyed::<Ccm<Aes128, U16, U7>, T>(k, then),
            #[cfg(feature = "aes")]
            Algorithm::AES_CCM_64_128_256 => keyed::<Ccm<Aes256, U16, U7>, T>(k, then),
            #[cfg(feature = "chacha20poly1305")]
            Algorithm::CHACHA20_POLY1305 => {
                keyed::<::chacha20poly1305::ChaCha20Poly1305, T>(k, then)
            }
            _ => Err(SecretError::Unsupported),
        }
    }
}

/// Refuses a key of another length than the cipher's.
fn keyed<C: AeadInOut + KeyInit, T>(
    k: &[u8],
    then: impl FnOnce(&dyn Cipher) -> T,
) -> Result<T, SecretError> {
    match C::new_from_slice(k) {
        Ok(cipher) => Ok(then(&cipher)),
        Err(_) => Err(SecretError::Malformed),
    }
}

/// The most bytes of plaintext that the length field of AES-CCM has room for, where it is one of 16
/// bits (RFC 9053 4.2). The other ciphers take more than any buffer has, or check it.
fn longest(algorithm: Algorithm) -> usize {
    match algorithm.nonce_len() {
        Some(13) => usize::from(u16::MAX),
        _ => usize::MAX,
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
        self.with_cipher(algorithm, |cipher| {
            if plaintext.len() > longest(algorithm) {
                return Err(SecretError::Unsupported);
            }
            let needed = plaintext.len().checked_add(tag_len).ok_or(SecretError::Unsupported)?;
            let (body, tag) = ciphertext
                .get_mut(..needed)
                .and_then(|front| front.split_at_mut_checked(plaintext.len()))
                .ok_or(BufferTooShort { needed })?;
            let buffer = InOutBuf::new(plaintext, body).map_err(|_| SecretError::Unsupported)?;
            with_joined(aad, |aad| cipher.encrypt(nonce, aad, buffer, tag))
                .unwrap_or(Err(SecretError::Unsupported))?;
            Ok(needed)
        })?
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
        self.with_cipher(algorithm, |cipher| {
            // Nothing shorter than a tag, and nothing longer than the cipher takes, was made by it.
            let len = ciphertext.len().checked_sub(tag_len);
            let len = len.filter(|len| *len <= longest(algorithm));
            let (body, tag) = len
                .and_then(|len| ciphertext.split_at_checked(len))
                .ok_or(VerifyError::InvalidSignature)?;
            let front = plaintext.get_mut(..body.len()).ok_or(VerifyError::Unsupported)?;
            let buffer = InOutBuf::new(body, front).map_err(|_| VerifyError::Unsupported)?;
            let opened = with_joined(aad, |aad| cipher.decrypt(nonce, aad, buffer, tag))
                .unwrap_or(Err(VerifyError::Unsupported));
            if opened.is_err() {
                front.zeroize();
            }
            opened.map(|()| body.len())
        })
        .map_err(|_| VerifyError::Unsupported)?
    }
}

/// A cipher with its key; the lengths of its nonce and its tag are no longer in the type.
trait Cipher {
    fn encrypt(
        &self,
        nonce: &[u8],
        aad: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
        tag: &mut [u8],
    ) -> Result<(), SecretError>;

    fn decrypt(
        &self,
        nonce: &[u8],
        aad: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), VerifyError>;
}

impl<C: AeadInOut> Cipher for C {
    fn encrypt(
        &self,
        nonce: &[u8],
        aad: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
        tag: &mut [u8],
    ) -> Result<(), SecretError> {
        let nonce = nonce.try_into().map_err(|_| SecretError::Malformed)?;
        let tag: &mut ::aead::Tag<C> = tag.try_into().map_err(|_| SecretError::Unsupported)?;
        *tag = self
            .encrypt_inout_detached(nonce, aad, buffer)
            .map_err(|_| SecretError::Unsupported)?;
        Ok(())
    }

    fn decrypt(
        &self,
        nonce: &[u8],
        aad: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        let nonce = nonce.try_into().map_err(|_| VerifyError::Unsupported)?;
        let tag = tag.try_into().map_err(|_| VerifyError::InvalidSignature)?;
        self.decrypt_inout_detached(nonce, aad, buffer, tag)
            .map_err(|_| VerifyError::InvalidSignature)
    }
}
