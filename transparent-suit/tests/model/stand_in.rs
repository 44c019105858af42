//! Signatures that nobody forges and that cost nothing: a key is one number, and its signature names the number and
//! what was signed. As with ECDSA, each has a twin that verifies too.

use transparent_suit::cose_ext::{
    crypto::{
        Algorithm, Curve, HashFunction, InvalidKey, KeyMaterial, KeyProfile, Provider, PublicKey,
        SignError, SignatureVerifier, Signer, VerifyError, YCoordinate,
    },
    key::{Identity, Thumbprint, TrustedKey},
    rustcrypto::Sha256,
};

/// All the cryptography of the model.
pub(crate) struct StandIn;

pub(crate) struct Key {
    number: u8,
    point: [u8; 32],
}

/// Where the signature tells a twin: the highest byte of s.
pub(crate) const TWIN_AT: usize = 32;
pub(crate) const TWIN: u8 = 0xff;

impl Key {
    pub(crate) const fn new(number: u8) -> Self {
        Self { number, point: [number; 32] }
    }

    fn public(&self) -> PublicKey<'_> {
        let y = YCoordinate::Value(&self.point);
        let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &self.point, y };
        PublicKey { material, algorithm: None }
    }

    pub(crate) fn thumbprint(&self) -> Thumbprint {
        Thumbprint::of(&self.public(), &StandIn).unwrap()
    }

    pub(crate) fn trusted(&self) -> TrustedKey<'_> {
        TrustedKey::parsed(self, Identity::new([self.number; 32]))
    }

    fn made(&self, message: &[&[u8]]) -> [u8; 64] {
        let mut signature = [0; 64];
        let hash = message
            .iter()
            .flat_map(|part| part.iter())
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
        signature[..8].copy_from_slice(&hash.to_be_bytes());
        signature[8..TWIN_AT].fill(self.number);
        signature
    }
}

impl Signer for Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ESP256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        signature.copy_from_slice(&self.made(message));
        Ok(64)
    }
}

impl SignatureVerifier for Key {
    fn profile(&self) -> KeyProfile {
        self.public().profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.public());
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], found: &[u8]) -> Result<(), VerifyError> {
        let mut good = self.made(message);
        if found == good {
            return Ok(());
        }
        good[TWIN_AT] = TWIN;
        if found == good { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }
}

impl Provider for StandIn {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        let KeyMaterial::Ec2 { x, .. } = key.material else { return Err(InvalidKey::Malformed) };
        then(&Key::new(x[0]));
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        (algorithm == Algorithm::SHA256).then_some(&Sha256)
    }
}
