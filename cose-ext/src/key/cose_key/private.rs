use super::CoseKey;
use crate::{
    Error, Label,
    crypto::{KeyMaterial, KeyType, PrivateKey, PrivateKeyMaterial},
    error::Unsupported,
};

impl<'a> CoseKey<'a> {
    /// The private key, when this key may sign. Nothing of it is ever printed.
    ///
    /// # Errors
    /// `Policy` for `key_ops` without sign; `Malformed` for missing or mistyped parameters, a
    /// missing secret among them; `Unsupported` for key types that are not read here, symmetric and
    /// RSA keys among them.
    pub fn private_key(&self) -> Result<PrivateKey<'a>, Error> {
        let (material, public) = match self.key_type()? {
            KeyType::OKP => {
                let curve = self.curve()?;
                let public = if self.has(-2) {
                    Some(KeyMaterial::Okp { curve, x: self.bytes(-2)? })
                } else {
                    None
                };
                (PrivateKeyMaterial::Okp { curve, d: self.bytes(-4)? }, public)
            }
            KeyType::EC2 => {
                let curve = self.curve()?;
                // RFC 9053 7.1.1: x and y are recommended beside d.
                let public = if self.has(-2) || self.has(-3) {
                    Some(KeyMaterial::Ec2 { curve, x: self.bytes(-2)?, y: self.y()? })
                } else {
                    None
                };
                (PrivateKeyMaterial::Ec2 { curve, d: self.bytes(-4)? }, public)
            }
            KeyType::AKP => {
                self.required(Self::ALG)?;
                let public = if self.has(-1) {
                    Some(KeyMaterial::Akp { public: self.bytes(-1)? })
                } else {
                    None
                };
                (PrivateKeyMaterial::Akp { seed: self.bytes(-2)? }, public)
            }
            _ => return Err(Error::Unsupported(Unsupported::KeyFormat)),
        };
        self.check_operations(Self::SIGN, "sign")?;
        Ok(PrivateKey { material, public, algorithm: self.algorithm()? })
    }

    fn has(&self, label: i64) -> bool {
        self.find(Label::int(label)).is_some()
    }
}
