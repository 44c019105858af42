//! The key files that services publish.

use alloc::vec::Vec;

use cose_ext::{
    Context,
    crypto::{Algorithm, Curve, KeyMaterial, PublicKey},
    key::{CoseKey, KeySet, OwnedTrustedKey},
};

use super::{LogProfile, StoredKey, StoredService, StoredServiceKey};
use crate::{Error, Rule};

/// The keys of a file, read one by one.
struct Keys {
    enrolled: Vec<StoredServiceKey>,
    left_out: usize,
}

impl Keys {
    /// Enrols a key with the algorithm that it states, or the only one that it is for; one that
    /// does not say what it signs with is left out.
    fn add(&mut self, key: Result<OwnedTrustedKey, cose_ext::Error>, log: LogProfile) {
        let pinned = key.ok().and_then(|key| {
            let algorithm = algorithm_of(&key.public_key())?;
            Some(StoredServiceKey::new(StoredKey::new(key), algorithm, log))
        });
        match pinned {
            Some(key) => self.enrolled.push(key),
            None => self.left_out = self.left_out.saturating_add(1),
        }
    }

    /// Reads a file of any of the forms.
    fn read(bytes: &[u8], log: LogProfile, context: &Context<'_>) -> Result<Self, Error> {
        let mut keys = Self { enrolled: Vec::new(), left_out: 0 };
        match bytes.first() {
            Some(b'{' | b' ' | b'\n' | b'\r' | b'\t') => keys.read_json(bytes, log, context)?,
            // A map: one COSE_Key.
            Some(0xa0..=0xbf) => {
                let key = CoseKey::decode(bytes, &context.profile)?;
                keys.add(OwnedTrustedKey::from_cose_key(&key, context), log);
            }
            _ => {
                for key in KeySet::decode(bytes, &context.profile)?.iter() {
                    let key = key.and_then(|key| OwnedTrustedKey::from_cose_key(&key, context));
                    keys.add(key, log);
                }
            }
        }
        Ok(keys)
    }

    #[cfg(feature = "jwk")]
    fn read_json(
        &mut self,
        bytes: &[u8],
        log: LogProfile,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        use cose_ext::key::{Jwk, JwkSet};
        if let Ok(set) = JwkSet::decode(bytes) {
            for key in set.iter() {
                self.add(key.and_then(|key| OwnedTrustedKey::from_jwk(&key, context)), log);
            }
            return Ok(());
        }
        let key = Jwk::decode(bytes)?;
        self.add(OwnedTrustedKey::from_jwk(&key, context), log);
        Ok(())
    }

    #[cfg(not(feature = "jwk"))]
    fn read_json(&mut self, _: &[u8], _: LogProfile, _: &Context<'_>) -> Result<(), Error> {
        use cose_ext::error::Unsupported;
        Err(cose_ext::Error::from(Unsupported::KeyFormat).into())
    }
}

/// The algorithm that a key states, or the only one that keys of its curve sign with here. An RSA
/// key that states none may sign with several.
fn algorithm_of(key: &PublicKey<'_>) -> Option<Algorithm> {
    key.algorithm.or(match key.material {
        KeyMaterial::Ec2 { curve: Curve::P256, .. } => Some(Algorithm::ES256),
        KeyMaterial::Ec2 { curve: Curve::P384, .. } => Some(Algorithm::ES384),
        KeyMaterial::Ec2 { curve: Curve::P521, .. } => Some(Algorithm::ES512),
        KeyMaterial::Okp { curve: Curve::ED25519 | Curve::ED448, .. } => Some(Algorithm::EDDSA),
        _ => None,
    })
}

/// A service made of its published key file.
#[derive(Clone, Debug)]
pub struct LoadedService {
    /// The service, with every key that could be enrolled.
    pub service: StoredService,
    /// How many keys of the file were left out: malformed, not for signatures, of a type that the
    /// provider cannot hash, or without an algorithm where the key has several.
    pub left_out: usize,
}

impl StoredService {
    /// Makes a service of the key file that it publishes: a COSE_KeySet, one COSE_Key, or, with the
    /// feature `jwk`, a JWK or a JWK Set. The file has to come over an authenticated channel.
    ///
    /// All keys are pinned to `log`, and each to the algorithm that it states or that follows from
    /// its curve; they are current.
    ///
    /// # Errors
    ///
    /// If the file has none of these forms, or no key of it can be enrolled
    /// ([`Rule::KeyFile`]).
    pub fn from_key_file(
        name: &str,
        issuer: Option<&str>,
        bytes: &[u8],
        log: LogProfile,
        context: &Context<'_>,
    ) -> Result<LoadedService, Error> {
        let Keys { enrolled, left_out } = Keys::read(bytes, log, context)?;
        if enrolled.is_empty() {
            return Err(Error::broken(Rule::KeyFile, 0));
        }
        let mut service = Self::new(name);
        service.issuer = issuer.map(Into::into);
        service.keys = enrolled;
        Ok(LoadedService { service, left_out })
    }
}
