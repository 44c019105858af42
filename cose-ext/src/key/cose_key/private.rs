//! The secret half of a COSE_Key (RFC 9053 7).

use super::{super::whole::check_part, CoseKey};
use crate::{
    Error, Rule,
    cbor::Reader,
    crypto::{
        KeyMaterial, KeyOperation, KeyType, PrivateKey, PrivateKeyMaterial, SecretKey,
        SecretProvider, SymmetricKey,
    },
    error::{Breaks, Unsupported},
    label::KeyLabel,
};

impl<'a> CoseKey<'a> {
    /// Returns the private key, if this key may sign. Nothing of it is ever printed.
    ///
    /// # Errors
    ///
    /// `Policy` for `key_ops` without sign; `Malformed` for missing or mistyped parameters, a
    /// missing secret among them; `Unsupported` for key types that are not read here, symmetric
    /// keys among them, and RSA keys with more than two primes.
    pub fn private_key(&self) -> Result<PrivateKey<'a>, Error> {
        let key = self.private_part()?;
        self.check_operation(KeyOperation::Sign)?;
        Ok(key)
    }

    /// Returns the secret key for MACs, ciphers, key wrap, key transport or key agreement.
    ///
    /// It is used through `provider`, for the operations that the key states. Nothing of it is ever
    /// printed.
    ///
    /// # Errors
    ///
    /// `Malformed` for missing or mistyped parameters; `Unsupported` for other key types than
    /// symmetric, OKP, EC2, RSA and AKP, and for RSA keys with more than two primes.
    pub fn secret_key<'p>(&self, provider: &'p dyn SecretProvider) -> Result<SecretKey<'p>, Error>
    where
        'a: 'p,
    {
        let key = if self.key_type()? == KeyType::SYMMETRIC {
            SecretKey::symmetric(self.symmetric_key()?, provider)
        } else {
            SecretKey::private(self.private_part()?, provider)
        };
        Ok(key.with_operations(self.operations()?))
    }

    /// Returns the symmetric key (RFC 9053 7.3).
    ///
    /// # Errors
    ///
    /// If the key is of another type, or has no `k`.
    pub fn symmetric_key(&self) -> Result<SymmetricKey<'a>, Error> {
        if self.key_type()? != KeyType::SYMMETRIC {
            return Err(Unsupported::KeyFormat.into());
        }
        Ok(SymmetricKey { k: self.bytes(KeyLabel::SYMMETRIC_K)?, algorithm: self.algorithm()? })
    }

    /// Returns `Base IV`, which a Partial IV is combined with (RFC 9052 7.1).
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn base_iv(&self) -> Result<Option<&'a [u8]>, Error> {
        let value = self.find(KeyLabel::BASE_IV);
        value.map(|value| value.read(Reader::bytes).breaks(Rule::KeyForm)).transpose()
    }

    fn private_part(&self) -> Result<PrivateKey<'a>, Error> {
        let (material, public) = match self.key_type()? {
            KeyType::OKP => {
                let curve = self.curve(KeyLabel::OKP_CRV)?;
                let public = if self.has(KeyLabel::OKP_X) {
                    Some(KeyMaterial::Okp { curve, x: self.bytes(KeyLabel::OKP_X)? })
                } else {
                    None
                };
                (PrivateKeyMaterial::Okp { curve, d: self.bytes(KeyLabel::OKP_D)? }, public)
            }
            KeyType::EC2 => {
                let curve = self.curve(KeyLabel::EC2_CRV)?;
                // RFC 9053 7.1.1: x and y are recommended beside d.
                let public = if self.has(KeyLabel::EC2_X) || self.has(KeyLabel::EC2_Y) {
                    Some(KeyMaterial::Ec2 { curve, x: self.bytes(KeyLabel::EC2_X)?, y: self.y()? })
                } else {
                    None
                };
                (PrivateKeyMaterial::Ec2 { curve, d: self.bytes(KeyLabel::EC2_D)? }, public)
            }
            KeyType::RSA => {
                // RFC 8230 4: what stands here is of a third prime.
                if self.has(KeyLabel::RSA_OTHER) {
                    return Err(Unsupported::KeyFormat.into());
                }
                let (n, e) = (self.number(KeyLabel::RSA_N)?, self.number(KeyLabel::RSA_E)?);
                let material = PrivateKeyMaterial::Rsa {
                    n,
                    e,
                    d: self.number(KeyLabel::RSA_D)?,
                    p: self.number(KeyLabel::RSA_P)?,
                    q: self.number(KeyLabel::RSA_Q)?,
                    dp: self.number(KeyLabel::RSA_DP)?,
                    dq: self.number(KeyLabel::RSA_DQ)?,
                    qi: self.number(KeyLabel::RSA_Q_INV)?,
                };
                (material, Some(KeyMaterial::Rsa { n, e }))
            }
            KeyType::AKP => {
                self.required(KeyLabel::ALG)?;
                let public = if self.has(KeyLabel::AKP_PUB) {
                    Some(KeyMaterial::Akp { public: self.bytes(KeyLabel::AKP_PUB)? })
                } else {
                    None
                };
                (PrivateKeyMaterial::Akp { seed: self.bytes(KeyLabel::AKP_PRIV)? }, public)
            }
            _ => return Err(Unsupported::KeyFormat.into()),
        };
        check_part(&public, self.map.offset())?;
        Ok(PrivateKey { material, public, algorithm: self.algorithm()? })
    }

    fn has(&self, label: KeyLabel<'_>) -> bool {
        self.find(label).is_some()
    }
}
