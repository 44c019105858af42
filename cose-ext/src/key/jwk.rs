//! JSON Web Keys (RFC 7517, RFC 7518 6, RFC 8037, RFC 9964).

mod encode;
mod members;
mod names;
mod set;

use alloc::{string::String, vec::Vec};
use core::fmt;

pub use set::JwkSet;

use members::Members;

use crate::{
    Error, Rule,
    crypto::{
        Algorithm, Curve, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey, YCoordinate,
    },
    error::{Policy, Unsupported},
};

/// A JSON Web Key, read and owned. Its secrets are wiped when dropped, and never printed.
pub struct Jwk {
    members: Members,
}

impl Jwk {
    /// Reads a key that is the whole of `json`.
    ///
    /// # Errors
    /// `Malformed` for what is no JSON object, for a member that is there twice or has another type
    /// than its own, and for base64url that is padded or not canonical. The offset is where the
    /// reader stopped.
    pub fn decode(json: &[u8]) -> Result<Self, Error> {
        match serde_json::from_slice(json) {
            Ok(members) => Ok(Self { members }),
            Err(error) => Err(Error::malformed(Rule::KeyForm, stopped_at(json, &error))),
        }
    }

    /// `kid`.
    pub fn key_id(&self) -> Option<&str> {
        self.members.kid.as_deref()
    }

    /// `alg`: the only algorithm the key may be used with.
    ///
    /// # Errors
    /// `Unsupported` if it names no signature algorithm of COSE.
    pub fn algorithm(&self) -> Result<Option<Algorithm>, Error> {
        match self.members.alg.as_deref().map(names::algorithm) {
            None => Ok(None),
            Some(Some(algorithm)) => Ok(Some(algorithm)),
            Some(None) => Err(Error::Unsupported(Unsupported::AlgorithmName { offset: 0 })),
        }
    }

    /// The public key, when this key may verify signatures.
    ///
    /// # Errors
    /// `Policy` for a symmetric key, for `key_ops` without verify and a `use` other than sig;
    /// `Malformed` for missing members; `Unsupported` for key types, curves and algorithms that
    /// have no COSE identifier here.
    pub fn public_key(&self) -> Result<PublicKey<'_>, Error> {
        let material = self.public_material()?.ok_or(Self::incomplete())?;
        self.check_operations("verify")?;
        Ok(PublicKey { material, algorithm: self.algorithm()? })
    }

    /// The private key, when this key may sign.
    ///
    /// # Errors
    /// `Policy` for a symmetric key, for `key_ops` without sign and a `use` other than sig;
    /// `Malformed` for missing members, the secret among them; `Unsupported` for RSA keys, and as
    /// [`public_key`](Self::public_key).
    pub fn private_key(&self) -> Result<PrivateKey<'_>, Error> {
        let public = self.public_material()?;
        let material = match self.members.kty.as_str() {
            "OKP" => {
                PrivateKeyMaterial::Okp { curve: self.curve()?, d: Self::secret(&self.members.d)? }
            }
            "EC" => {
                PrivateKeyMaterial::Ec2 { curve: self.curve()?, d: Self::secret(&self.members.d)? }
            }
            "AKP" => PrivateKeyMaterial::Akp { seed: Self::secret(&self.members.seed)? },
            _ => return Err(Error::Unsupported(Unsupported::KeyFormat)),
        };
        self.check_operations("sign")?;
        Ok(PrivateKey { material, public, algorithm: self.algorithm()? })
    }

    /// The public numbers; `None` when one is missing.
    fn public_material(&self) -> Result<Option<KeyMaterial<'_>>, Error> {
        let Members { kty, x, y, n, e, public, alg, .. } = &self.members;
        let (x, y, public) = (x.as_deref(), y.as_deref(), public.as_deref());
        Ok(match kty.as_str() {
            "OKP" => {
                let curve = self.curve()?;
                x.map(|x| KeyMaterial::Okp { curve, x })
            }
            "EC" => {
                let curve = self.curve()?;
                let y = y.map(YCoordinate::Value);
                x.zip(y).map(|(x, y)| KeyMaterial::Ec2 { curve, x, y })
            }
            "RSA" => n.as_deref().zip(e.as_deref()).map(|(n, e)| KeyMaterial::Rsa { n, e }),
            // RFC 9964: alg is a required member of this type.
            "AKP" => alg.as_ref().and(public).map(|public| KeyMaterial::Akp { public }),
            "oct" => return Err(Error::Policy(Policy::NotAPublicKey)),
            _ => return Err(Error::Unsupported(Unsupported::KeyFormat)),
        })
    }

    fn curve(&self) -> Result<Curve, Error> {
        let name = self.members.crv.as_deref().ok_or(Self::incomplete())?;
        names::curve(name).ok_or(Error::Unsupported(Unsupported::KeyFormat))
    }

    fn secret(secret: &Option<members::Secret>) -> Result<&[u8], Error> {
        secret.as_ref().map(|secret| secret.as_slice()).ok_or(Self::incomplete())
    }

    /// `key_ops` (RFC 7517 4.3) has `operation`, and `use` (4.2) is signatures, where present.
    fn check_operations(&self, operation: &str) -> Result<(), Error> {
        let has = |operations: &Vec<String>| operations.iter().any(|name| name == operation);
        let is_signature = |name: &String| name == "sig";
        let by_operations = self.members.key_ops.as_ref().is_none_or(has);
        if by_operations && self.members.purpose.as_ref().is_none_or(is_signature) {
            Ok(())
        } else {
            Err(Error::Policy(Policy::KeyOperations))
        }
    }

    const fn incomplete() -> Error {
        Error::malformed(Rule::KeyForm, 0)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jwk({})", self.members.kty)
    }
}

/// The byte offset of a reader's line and column.
fn stopped_at(json: &[u8], error: &serde_json::Error) -> usize {
    let before = json
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .fold(0_usize, |sum, line| sum.saturating_add(line.len()));
    before.saturating_add(error.column().saturating_sub(1)).min(json.len())
}
