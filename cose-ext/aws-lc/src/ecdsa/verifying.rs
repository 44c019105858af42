//! Checking ECDSA signatures.

use aws_lc_rs::{digest::Digest, encoding::AsDer, signature::ParsedPublicKey};

use super::NamedCurve;
use cose_crypto::{
    Algorithm, Ec2PublicKey, Feed, HashFunction, InvalidKey, KeyMaterial, KeyProfile, KeyType,
    PublicKey, VerifyError, YCoordinate,
};

/// The longest point in SEC 1 form: its first byte, and two coordinates of P-521.
const MAX_POINT_LEN: usize = 1 + 2 * 66;
/// The longest digest.
const MAX_DIGEST_LEN: usize = 64;

/// A point that was checked to be on its curve, with the algorithm that the key states.
#[derive(Clone)]
pub(super) struct Verifying {
    pub(super) curve: &'static NamedCurve,
    key: ParsedPublicKey,
    algorithm: Option<Algorithm>,
}

impl Verifying {
    pub(super) fn new(curve: &'static NamedCurve, key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let (x, y) = match key.material {
            KeyMaterial::Ec2 { curve: named, x, y } if named == curve.curve => (x, y),
            _ => return Err(InvalidKey::Unsupported),
        };
        // SEC 1 2.3.3: a first byte that says what follows.
        let (first, y) = match y {
            YCoordinate::Value(y) if y.len() == curve.field => (4, y),
            YCoordinate::Sign(odd) => (if odd { 3 } else { 2 }, &[][..]),
            YCoordinate::Value(_) => return Err(InvalidKey::Malformed),
        };
        if x.len() != curve.field {
            return Err(InvalidKey::Malformed);
        }
        let mut point = [0; MAX_POINT_LEN];
        let mut len = 0_usize;
        for (place, byte) in point.iter_mut().zip([&[first], x, y].into_iter().flatten()) {
            *place = *byte;
            len = len.saturating_add(1);
        }
        let point = point.get(..len).ok_or(InvalidKey::Malformed)?;
        match ParsedPublicKey::new(curve.verification, point) {
            Ok(parsed) => Ok(Self { curve, key: parsed, algorithm: key.algorithm }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(super) const fn profile(&self) -> KeyProfile {
        KeyProfile {
            key_type: KeyType::EC2,
            curve: Some(self.curve.curve),
            algorithm: self.algorithm,
        }
    }

    /// The last bytes of a SubjectPublicKeyInfo are the point, uncompressed (RFC 5480 2.2).
    pub(super) fn public_key<const FIELD: usize>(&self) -> Ec2PublicKey<FIELD> {
        let (mut x, mut y) = ([0; FIELD], [0; FIELD]);
        if let Ok(info) = self.key.as_der()
            && let Some((rest, last)) = info.as_ref().split_last_chunk()
        {
            y = *last;
            x = rest.last_chunk().copied().unwrap_or(x);
        }
        Ec2PublicKey { curve: self.curve.curve, x, y }
    }

    /// Whether both are the same point, in whichever form they came.
    pub(super) fn is_point_of(&self, other: &Self) -> bool {
        match (self.key.as_der(), other.key.as_der()) {
            (Ok(own), Ok(other)) => own.as_ref() == other.as_ref(),
            _ => false,
        }
    }

    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let prehash = self.hash_function(algorithm)?.hash(message);
        self.verify_prehash(algorithm, prehash.as_ref(), signature)
    }

    pub(super) fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let prehash = self.hash_function(algorithm)?.hash_stream(feed)?;
        self.verify_prehash(algorithm, prehash.as_ref(), signature)
    }

    pub(super) fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let hash = self.hash_function(algorithm)?;
        if hash.algorithm().hash_len() != Some(prehash.len()) {
            return Err(VerifyError::InvalidSignature);
        }
        let mut fitted = [0; MAX_DIGEST_LEN];
        let digest = fit(prehash, self.curve.digest.output_len(), &mut fitted)
            .and_then(|digest| Digest::import_less_safe(digest, self.curve.digest).ok());
        match digest {
            Some(digest) if self.key.verify_digest_sig(&digest, signature).is_ok() => Ok(()),
            _ => Err(VerifyError::InvalidSignature),
        }
    }

    fn hash_function(
        &self,
        algorithm: Algorithm,
    ) -> Result<&'static dyn HashFunction, VerifyError> {
        self.curve.hash_function(algorithm).ok_or(VerifyError::Unsupported)
    }
}

/// The number that ECDSA makes of a digest, in `len` bytes: the leftmost bits, as many as the order
/// has (FIPS 186-5 6.4.1). A shorter digest gets zeros in front, which do not change it.
fn fit<'o>(digest: &[u8], len: usize, out: &'o mut [u8; MAX_DIGEST_LEN]) -> Option<&'o [u8]> {
    let out = out.get_mut(..len)?;
    let leftmost = digest.get(..len).unwrap_or(digest);
    let zeros = len.checked_sub(leftmost.len())?;
    out.get_mut(zeros..)?.copy_from_slice(leftmost);
    Some(out)
}
