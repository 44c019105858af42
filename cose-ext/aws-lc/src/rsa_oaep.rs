//! RSA key transport: RSAES-OAEP (RFC 8230 3).

use aws_lc_rs::{
    encoding::AsDer,
    rsa::{
        KeyPair, KeyPairComponents, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256,
        OAEP_SHA512_MGF1SHA512, OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
        PrivateDecryptingKey, PublicKeyComponents,
    },
};
use zeroize::Zeroizing;

use crate::buffers::emit;
use cose_crypto::{
    Algorithm, InvalidKey, KeyMaterial, KeyProfile, KeyWrap, PrivateKey, PrivateKeyMaterial,
    SecretError, SignError, VerifyError,
};

/// The longest modulus in bytes: that of 8192 bits.
const MAX_MODULUS_LEN: usize = 1024;

/// An RSA private key that keys are transported to. AWS-LC wipes what it frees.
pub(super) struct KeyTransportKey {
    key: PrivateDecryptingKey,
    profile: KeyProfile,
}

impl KeyTransportKey {
    /// The key, whose parts must fit each other; 2048 to 8192 bits (RFC 8230 6.1).
    pub(super) fn new(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        if key.public.is_some_and(|public| public != KeyMaterial::Rsa { n, e }) {
            return Err(InvalidKey::Malformed);
        }
        let public_key = PublicKeyComponents { n, e };
        let components = KeyPairComponents { public_key, d, p, q, dP: dp, dQ: dq, qInv: qi };
        let pair = KeyPair::from_components(&components).map_err(|_| InvalidKey::Malformed)?;
        // From one kind of key to the other there is no way but this one; the buffer is wiped.
        let pkcs8 = pair.as_der().map_err(|_| InvalidKey::Malformed)?;
        match PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()) {
            Ok(decrypting) => Ok(Self { key: decrypting, profile: key.profile() }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }
}

/// Hash and mask of an algorithm; the label is empty (RFC 8230 3).
const fn oaep(algorithm: Algorithm) -> Option<&'static OaepAlgorithm> {
    match algorithm {
        Algorithm::RSAES_OAEP_SHA_1 => Some(&OAEP_SHA1_MGF1SHA1),
        Algorithm::RSAES_OAEP_SHA_256 => Some(&OAEP_SHA256_MGF1SHA256),
        Algorithm::RSAES_OAEP_SHA_512 => Some(&OAEP_SHA512_MGF1SHA512),
        _ => None,
    }
}

impl KeyWrap for KeyTransportKey {
    fn profile(&self) -> KeyProfile {
        self.profile
    }

    /// With the public half; AWS-LC draws the randomness.
    fn wrap(
        &self,
        algorithm: Algorithm,
        key: &[u8],
        wrapped: &mut [u8],
    ) -> Result<usize, SecretError> {
        let oaep = oaep(algorithm).ok_or(SecretError::Unsupported)?;
        let public = OaepPublicEncryptingKey::new(self.key.public_key());
        let public = public.map_err(|_| SecretError::Device)?;
        if key.len() > public.max_plaintext_size(oaep) {
            return Err(SecretError::Malformed);
        }
        let mut ciphertext = [0; MAX_MODULUS_LEN];
        let ciphertext = public.encrypt(oaep, key, &mut ciphertext, None);
        let ciphertext = ciphertext.map_err(|_| SecretError::Device)?;
        emit(ciphertext, wrapped).map_err(|error| match error {
            SignError::BufferTooShort(error) => SecretError::BufferTooShort(error),
            _ => SecretError::Device,
        })
    }

    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError> {
        let oaep = oaep(algorithm).ok_or(VerifyError::Unsupported)?;
        let private = OaepPrivateDecryptingKey::new(self.key.clone());
        let private = private.map_err(|_| VerifyError::Unsupported)?;
        // AWS-LC asks for a buffer as long as the modulus, whatever is in there.
        let mut plaintext = Zeroizing::new([0; MAX_MODULUS_LEN]);
        let plaintext = private
            .decrypt(oaep, wrapped, plaintext.as_mut_slice(), None)
            .map_err(|_| VerifyError::InvalidSignature)?;
        emit(plaintext, key).map_err(|_| VerifyError::Unsupported)
    }
}
