//! Keys of the vectors, by the role that their file names say.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Context,
    crypto::{Algorithm, PrivateKeyMaterial, SecretKey, Signer},
    key::{Jwk, OwnedTrustStore, OwnedTrustedKey, Thumbprint},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
};
use testkit::vectors::{Case, Trouble};

/// A key with the name of its file.
pub(crate) struct NamedKey {
    pub(crate) name: String,
    jwk: Jwk,
}

impl NamedKey {
    pub(crate) fn read(case: &Case, path: &str) -> Result<Self, Trouble> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let name = file.trim_end_matches(".jwk.json").to_owned();
        Ok(Self { name, jwk: Jwk::decode(&case.sibling(path)?)? })
    }

    pub(crate) fn of_case(case: &Case) -> Result<Vec<Self>, Trouble> {
        case.keys.iter().map(|path| Self::read(case, path)).collect()
    }

    /// Without a kid, so that it answers to whatever kid a message names.
    pub(crate) fn trusted(&self) -> Result<OwnedTrustedKey, Trouble> {
        let context = Context::new(&RustCrypto);
        Ok(OwnedTrustedKey::new(self.jwk.public_key()?, &context)?)
    }

    pub(crate) fn thumbprint(&self) -> Result<Thumbprint, Trouble> {
        Ok(Thumbprint::of(&self.jwk.public_key()?, &RustCrypto)?)
    }

    /// The key for key agreement, for whatever algorithm.
    pub(crate) fn agreement_key(&self) -> Result<SecretKey<'_>, Trouble> {
        let mut key = self.jwk.private_key()?;
        key.algorithm = None;
        Ok(SecretKey::private(key, &RustCrypto))
    }

    pub(crate) fn is_of_peer(&self) -> bool {
        // Not the TAM's key for encryption.
        ["agent", "tam-p256", "tam-ed25519", "libcsuit"]
            .iter()
            .any(|start| self.name.starts_with(start))
    }

    /// The key as a signer for `algorithm`.
    pub(crate) fn signer(&self, algorithm: Algorithm) -> Result<Box<dyn Signer>, Trouble> {
        let private = self.jwk.private_key()?;
        let (PrivateKeyMaterial::Ec2 { d, .. } | PrivateKeyMaterial::Okp { d, .. }) =
            private.material
        else {
            return Err("not a key of these tests".into());
        };
        Ok(match algorithm {
            Algorithm::ED25519 | Algorithm::EDDSA => {
                Box::new(Ed25519SigningKey::from_bytes(d)?.with_algorithm(algorithm)?)
            }
            _ => Box::new(P256SigningKey::from_bytes(d)?.with_algorithm(algorithm)?),
        })
    }
}

pub(crate) fn store<'k>(
    keys: impl IntoIterator<Item = &'k NamedKey>,
) -> Result<OwnedTrustStore, Trouble> {
    keys.into_iter().map(NamedKey::trusted).collect()
}
