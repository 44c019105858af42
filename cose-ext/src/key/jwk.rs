//! JSON Web Keys (RFC 7517, RFC 7518 6, RFC 8037, RFC 9964).

mod encode;
mod members;
mod names;
mod set;

use alloc::{format, string::String, vec::Vec};
use core::fmt;

pub use encode::JwkEncoder;
pub use set::JwkSet;

use members::Members;

use super::whole::check_part;
use crate::{
    Error, Rule,
    crypto::{
        Algorithm, Curve, KeyMaterial, KeyOperation, KeyOperations, PrivateKey, PrivateKeyMaterial,
        PublicKey, SecretKey, SecretProvider, SymmetricKey, YCoordinate,
    },
    error::{Fact, Policy, Unsupported},
};

/// A JSON Web Key, read and owned. Its secrets are wiped when dropped, and never printed.
///
/// ```
/// use cose_ext::{crypto::Curve, key::Jwk};
///
/// let json = br#"{"kty":"OKP","crv":"Ed25519","kid":"one",
///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// let key = Jwk::decode(json)?;
/// assert_eq!(key.key_id(), Some("one"));
/// assert_eq!(key.public_key()?.profile().curve, Some(Curve::ED25519));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Jwk {
    members: Members,
}

impl Jwk {
    /// Reads a key that is the whole of `json`.
    ///
    /// # Errors
    ///
    /// `Malformed` for what is not a JSON object, for a member that is there twice or has another
    /// type than its own, and for base64url that is padded or not canonical. The offset is where
    /// the reader stopped.
    pub fn decode(json: &[u8]) -> Result<Self, Error> {
        match serde_json::from_slice(json) {
            Ok(members) => Ok(Self { members }),
            Err(error) => Err(why_not(json, &error)),
        }
    }

    /// Returns `kid`, a name of the key that its owner chose.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.members.kid.as_deref()
    }

    /// Returns `alg`, the only algorithm that the key may be used with.
    ///
    /// # Errors
    ///
    /// `Unsupported` if it names no algorithm of COSE that is one of the key type.
    pub fn algorithm(&self) -> Result<Option<Algorithm>, Error> {
        let by_name = match self.is_symmetric() {
            true => names::symmetric_algorithm,
            false => names::algorithm,
        };
        match self.members.alg.as_deref().map(by_name) {
            None => Ok(None),
            Some(Some(algorithm)) => Ok(Some(algorithm)),
            Some(None) => Err(Error::from(Unsupported::AlgorithmName).at(0)),
        }
    }

    /// Returns the public key, if this key may verify signatures.
    ///
    /// # Errors
    ///
    /// `Policy` for a symmetric key, for `key_ops` without verify and a `use` other than sig;
    /// `Malformed` for missing members; `Unsupported` for key types, curves and algorithms that
    /// have no COSE identifier here.
    pub fn public_key(&self) -> Result<PublicKey<'_>, Error> {
        let key = self.agreement_key()?;
        self.check_operation(KeyOperation::Verify)?;
        Ok(key)
    }

    /// Returns the public key, for others to agree with it on secrets.
    ///
    /// A public key for that purpose has no operations of its own (RFC 9053 6.3.1).
    ///
    /// # Errors
    ///
    /// As [`public_key`](Self::public_key), whatever `key_ops` and `use` say.
    pub fn agreement_key(&self) -> Result<PublicKey<'_>, Error> {
        let material = self.public_material()?.ok_or(Self::incomplete())?;
        Ok(PublicKey { material, algorithm: self.algorithm()? })
    }

    /// Returns the private key, if this key may sign.
    ///
    /// # Errors
    ///
    /// `Policy` for a symmetric key, for `key_ops` without sign and a `use` other than sig;
    /// `Malformed` for missing members, the secret among them: an RSA key has all of its private
    /// members or only `d`. `Unsupported` for RSA keys that have only `d` or more than two primes,
    /// and as [`public_key`](Self::public_key).
    pub fn private_key(&self) -> Result<PrivateKey<'_>, Error> {
        let key = self.private_part()?;
        self.check_operation(KeyOperation::Sign)?;
        Ok(key)
    }

    /// Returns the secret key for MACs, ciphers, key wrap, key transport or key agreement.
    ///
    /// It is used through `provider`, for the operations that the key states.
    ///
    /// # Errors
    ///
    /// `Malformed` for missing members; `Unsupported` for other key types than oct, OKP, EC, RSA
    /// and AKP, and for algorithms that COSE does not have: ECDH-ES of JOSE derives keys in another
    /// way.
    pub fn secret_key<'p>(
        &'p self,
        provider: &'p dyn SecretProvider,
    ) -> Result<SecretKey<'p>, Error> {
        let key = if self.is_symmetric() {
            SecretKey::symmetric(self.symmetric_key()?, provider)
        } else {
            SecretKey::private(self.private_part()?, provider)
        };
        Ok(key.with_operations(self.operations()))
    }

    /// Returns the symmetric key (RFC 7518 6.4).
    ///
    /// # Errors
    ///
    /// If the key is of another type, or has no `k`.
    pub fn symmetric_key(&self) -> Result<SymmetricKey<'_>, Error> {
        if !self.is_symmetric() {
            return Err(Unsupported::KeyFormat.into());
        }
        let k = Self::secret(&self.members.k)?;
        Ok(SymmetricKey { k, algorithm: self.algorithm()? })
    }

    /// Returns the operations that `key_ops` and `use` permit (RFC 7517 4.2, 4.3).
    ///
    /// Where both are present, both must permit an operation. With a symmetric key, to sign and to
    /// verify means to make and to check MACs.
    #[must_use]
    pub fn operations(&self) -> KeyOperations {
        let Members { key_ops, purpose, .. } = &self.members;
        let is_permitted = |operation: KeyOperation| {
            let of_macs = matches!(operation, KeyOperation::MacCreate | KeyOperation::MacVerify);
            let of_signatures = matches!(operation, KeyOperation::Sign | KeyOperation::Verify);
            let of_type = if self.is_symmetric() { !of_signatures } else { !of_macs };
            let name = names::of_operation(operation);
            let has = |names: &Vec<String>| names.iter().any(|one| Some(one.as_str()) == name);
            let of_purpose = |purpose: &String| names::is_for(purpose, operation);
            of_type && key_ops.as_ref().is_none_or(has) && purpose.as_ref().is_none_or(of_purpose)
        };
        if key_ops.is_none() && purpose.is_none() {
            return KeyOperations::ALL;
        }
        let permitted = KeyOperation::ALL.iter().filter(|operation| is_permitted(**operation));
        permitted.fold(KeyOperations::NONE, |all, operation| all.and(*operation))
    }

    fn private_part(&self) -> Result<PrivateKey<'_>, Error> {
        let public = self.public_material()?;
        let material = match self.members.kty.as_str() {
            "OKP" => {
                PrivateKeyMaterial::Okp { curve: self.curve()?, d: Self::secret(&self.members.d)? }
            }
            "EC" => {
                PrivateKeyMaterial::Ec2 { curve: self.curve()?, d: Self::secret(&self.members.d)? }
            }
            "RSA" => self.rsa_private()?,
            "AKP" => PrivateKeyMaterial::Akp { seed: Self::secret(&self.members.seed)? },
            _ => return Err(Unsupported::KeyFormat.into()),
        };
        Ok(PrivateKey { material, public, algorithm: self.algorithm()? })
    }

    /// The numbers of an RSA key with two primes, in as few bytes as each takes (RFC 7518 2). All
    /// of them are there, or `d` alone (RFC 7518 6.3.2), which would have to be factored first.
    fn rsa_private(&self) -> Result<PrivateKeyMaterial<'_>, Error> {
        let Members { n, e, d, p, q, dp, dq, qi, has_other_primes, .. } = &self.members;
        let has_d_alone = d.is_some() && [p, q, dp, dq, qi].iter().all(|other| other.is_none());
        if *has_other_primes || has_d_alone {
            return Err(Unsupported::KeyFormat.into());
        }
        let public = |number| Self::number(number)?.ok_or(Self::incomplete());
        let private = |number| match Self::secret(number)? {
            [] | [0, ..] => Err(Self::incomplete()),
            number => Ok(number),
        };
        Ok(PrivateKeyMaterial::Rsa {
            n: public(n)?,
            e: public(e)?,
            d: private(d)?,
            p: private(p)?,
            q: private(q)?,
            dp: private(dp)?,
            dq: private(dq)?,
            qi: private(qi)?,
        })
    }

    /// The public numbers; `None` when one is missing.
    fn public_material(&self) -> Result<Option<KeyMaterial<'_>>, Error> {
        let Members { kty, x, y, n, e, public, alg, .. } = &self.members;
        let (x, y, public) = (x.as_deref(), y.as_deref(), public.as_deref());
        let material = match kty.as_str() {
            "OKP" => {
                let curve = self.curve()?;
                x.map(|x| KeyMaterial::Okp { curve, x })
            }
            "EC" => {
                let curve = self.curve()?;
                let y = y.map(YCoordinate::Value);
                x.zip(y).map(|(x, y)| KeyMaterial::Ec2 { curve, x, y })
            }
            "RSA" => {
                let (n, e) = (Self::number(n)?, Self::number(e)?);
                n.zip(e).map(|(n, e)| KeyMaterial::Rsa { n, e })
            }
            // RFC 9964: alg is a required member of this type.
            "AKP" => alg.as_ref().and(public).map(|public| KeyMaterial::Akp { public }),
            "oct" => return Err(Policy::NotAPublicKey.into()),
            _ => return Err(Unsupported::KeyFormat.into()),
        };
        check_part(&material, 0)?;
        Ok(material)
    }

    /// A number of an RSA key, in as few bytes as it takes (RFC 7518 2): one key has one
    /// thumbprint.
    fn number(number: &Option<Vec<u8>>) -> Result<Option<&[u8]>, Error> {
        match number.as_deref() {
            Some([] | [0, ..]) => Err(Self::incomplete()),
            number => Ok(number),
        }
    }

    fn curve(&self) -> Result<Curve, Error> {
        let name = self.members.crv.as_deref().ok_or(Self::incomplete())?;
        names::curve(name).ok_or(Error::from(Unsupported::KeyFormat))
    }

    fn secret(secret: &Option<members::Secret>) -> Result<&[u8], Error> {
        secret.as_ref().map(|secret| secret.as_slice()).ok_or(Self::incomplete())
    }

    fn check_operation(&self, operation: KeyOperation) -> Result<(), Error> {
        if self.operations().permit(operation) { Ok(()) } else { Err(Policy::KeyOperations.into()) }
    }

    fn is_symmetric(&self) -> bool {
        self.members.kty == "oct"
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

/// Which rule a text breaks that is not a JWK: that of the text as a whole, or that of one member.
fn why_not(json: &[u8], error: &serde_json::Error) -> Error {
    let offset = stopped_at(json, error);
    if !error.is_data() {
        Error::malformed(Rule::JwkForm, offset)
    } else if JwkSet::decode(json).is_ok() {
        Error::malformed_by(Rule::JwkForm, Fact::KeySet, 0)
    } else if format!("{error}").contains(members::BASE64URL) {
        Error::malformed(Rule::Base64Form, offset)
    } else {
        Error::malformed(Rule::KeyForm, offset)
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
