//! The provider's secret keys: they hide nothing, and every tag is right.

use core::iter::zip;

use cose_ext::crypto::{
    Aead, Algorithm, Curve, Feed, HashValue, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial,
    KeyProfile, KeyWrap, Mac, Operation, PrivateKey, PublicKey, SecretError, SecretProvider,
    SharedSecret, SymmetricKey, UnauthenticatedCipher, VerifyError, YCoordinate,
};
use rand_core::CryptoRng;

use super::Accept;

/// What stands before a wrapped key.
const WRAP: usize = 8;
/// Coordinates of no point, as long as any curve wants them.
static NUMBERS: [u8; 66] = [0x81; 66];

/// Returns a public key on that curve, or `None` where keys are not agreed upon.
#[must_use]
pub fn agreeing_key(curve: Curve) -> Option<PublicKey<'static>> {
    let numbers = |len: usize| &NUMBERS[..len];
    let ec2 =
        |len| KeyMaterial::Ec2 { curve, x: numbers(len), y: YCoordinate::Value(numbers(len)) };
    let material = match curve {
        Curve::P256 => ec2(32),
        Curve::P384 => ec2(48),
        Curve::P521 => ec2(66),
        Curve::X25519 => KeyMaterial::Okp { curve, x: numbers(32) },
        _ => return None,
    };
    Some(PublicKey { material, algorithm: None })
}

impl SecretProvider for Accept {
    fn with_mac(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Mac),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_aead(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Aead),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_cipher(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_key_wrap(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_key_transport(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_shared_secret(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn SharedSecret),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_key_agreement(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        then(&AnySecret(key.profile()));
        Ok(())
    }

    fn with_ephemeral_key(
        &self,
        curve: Curve,
        _: &mut dyn CryptoRng,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let key = agreeing_key(curve).ok_or(InvalidKey::Unsupported)?;
        then(&AnySecret(key.profile()));
        Ok(())
    }
}

/// A secret key of any kind: a ciphertext is the plaintext with zeros behind it, and all keys that are agreed upon are one.
struct AnySecret(KeyProfile);

/// Checks that an algorithm is one of these.
fn check(algorithm: Algorithm, operation: Operation) -> Result<(), VerifyError> {
    let is_one = algorithm.operation() == Some(operation);
    if is_one { Ok(()) } else { Err(VerifyError::Unsupported) }
}

impl Mac for AnySecret {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn tag(&self, algorithm: Algorithm, _: &[&[u8]]) -> Result<HashValue, SecretError> {
        check(algorithm, Operation::Mac).map_err(|_| SecretError::Unsupported)?;
        let len = algorithm.tag_len().ok_or(SecretError::Unsupported)?;
        HashValue::new(&[0; 64][..len.min(64)]).ok_or(SecretError::Unsupported)
    }

    fn verify(&self, algorithm: Algorithm, _: &[&[u8]], tag: &[u8]) -> Result<(), VerifyError> {
        check(algorithm, Operation::Mac)?;
        let is_tag = algorithm.tag_len() == Some(tag.len());
        if is_tag { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        feed(&mut |_| {})?;
        Mac::verify(self, algorithm, &[], tag)
    }
}

impl Aead for AnySecret {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn encrypt(
        &self,
        algorithm: Algorithm,
        _: &[u8],
        _: &[&[u8]],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError> {
        check(algorithm, Operation::Aead).map_err(|_| SecretError::Unsupported)?;
        let len = plaintext.len() + algorithm.tag_len().ok_or(SecretError::Unsupported)?;
        put(ciphertext.get_mut(..len).ok_or(SecretError::Unsupported)?, plaintext);
        Ok(len)
    }

    fn decrypt(
        &self,
        algorithm: Algorithm,
        _: &[u8],
        _: &[&[u8]],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, VerifyError> {
        check(algorithm, Operation::Aead)?;
        let tag_len = algorithm.tag_len().ok_or(VerifyError::Unsupported)?;
        let len = ciphertext.len().checked_sub(tag_len).ok_or(VerifyError::InvalidSignature)?;
        let plaintext = plaintext.get_mut(..len).ok_or(VerifyError::Unsupported)?;
        put(plaintext, &ciphertext[..len]);
        Ok(len)
    }
}

impl UnauthenticatedCipher for AnySecret {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn encrypt(
        &self,
        algorithm: Algorithm,
        _: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let checked = check(algorithm, Operation::UnauthenticatedCipher);
        checked.map_err(|_| SecretError::Unsupported)?;
        let len = plaintext.len();
        put(ciphertext.get_mut(..len).ok_or(SecretError::Unsupported)?, plaintext);
        Ok(len)
    }

    fn decrypt_unauthenticated(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, SecretError> {
        UnauthenticatedCipher::encrypt(self, algorithm, iv, ciphertext, plaintext)
    }
}

impl KeyWrap for AnySecret {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn wrap(
        &self,
        algorithm: Algorithm,
        key: &[u8],
        wrapped: &mut [u8],
    ) -> Result<usize, SecretError> {
        check(algorithm, Operation::KeyWrap).map_err(|_| SecretError::Unsupported)?;
        let len = key.len() + WRAP;
        put(&mut wrapped.get_mut(..len).ok_or(SecretError::Unsupported)?[WRAP..], key);
        Ok(len)
    }

    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError> {
        check(algorithm, Operation::KeyWrap)?;
        let wrapped = wrapped.get(WRAP..).ok_or(VerifyError::InvalidSignature)?;
        put(key.get_mut(..wrapped.len()).ok_or(VerifyError::Unsupported)?, wrapped);
        Ok(wrapped.len())
    }
}

impl SharedSecret for AnySecret {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn derive(&self, _: &KeyDerivation<'_>, key: &mut [u8]) -> Result<(), SecretError> {
        key.fill(0x5a);
        Ok(())
    }
}

impl KeyAgreement for AnySecret {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        if let Some(key) = self.0.curve.and_then(agreeing_key) {
            then(&key);
        }
    }

    fn derive(
        &self,
        peer: &PublicKey<'_>,
        _: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError> {
        if peer.profile().curve != self.0.curve {
            return Err(SecretError::Unsupported);
        }
        key.fill(0x5a);
        Ok(())
    }
}

/// Copies `from` to the front of `to`, and clears the rest.
fn put(to: &mut [u8], from: &[u8]) {
    to.fill(0);
    for (to, from) in zip(to, from) {
        *to = *from;
    }
}
