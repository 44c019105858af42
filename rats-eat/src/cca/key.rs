//! The key of a realm.

use cose_ext::{
    Profile,
    crypto::{Curve, KeyMaterial, PublicKey, YCoordinate},
    key::CoseKey,
};

use crate::{Error, Rule, profile::P384_POINT};

/// The public key of a realm, in one of two forms.
#[derive(Clone, Copy)]
pub(super) struct RealmKey<'a> {
    bytes: &'a [u8],
    key: PublicKey<'a>,
}

impl<'a> RealmKey<'a> {
    /// Reads a point of P-384 without compression, or an encoded COSE_Key.
    pub(super) fn read(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let broken = Error::new(crate::ErrorKind::Broken(Rule::CcaRealmKey));
        if let (P384_POINT, Some((4, point))) = (bytes.len(), bytes.split_first()) {
            let (x, y) = point.split_at_checked(point.len() / 2).ok_or(broken)?;
            let y = YCoordinate::Value(y);
            let material = KeyMaterial::Ec2 { curve: Curve::P384, x, y };
            return Ok(Self { bytes, key: PublicKey { material, algorithm: None } });
        }
        let key = CoseKey::decode(bytes, profile).map_err(|_| broken)?;
        Ok(Self { bytes, key: key.public_key().map_err(|_| broken)? })
    }

    pub(super) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) const fn public_key(&self) -> PublicKey<'a> {
        self.key
    }
}
