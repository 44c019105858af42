//! Where countersignatures stand: in the unprotected bucket of what they are made over, since they
//! cover the protected one (RFC 9338 2).

use super::{Countersignature0, Countersignatures, Version};
use crate::{Error, Label, Profile, Rule, error::Breaks, header::Headers};

impl<'a> Headers<'a> {
    /// Countersignatures of this layer, full ones (RFC 9338 3.1).
    ///
    /// # Errors
    ///
    /// If they are neither one nor an array of at least one, and for each what a message would be
    /// refused for; `Limit` if they are more than
    /// [`Limits::countersignatures`](crate::Limits::countersignatures).
    pub fn countersignatures(
        &self,
        profile: &Profile,
    ) -> Result<Option<Countersignatures<'a>>, Error> {
        self.full(Label::COUNTERSIGNATURE_V2, Version::V2, profile)
    }

    /// Reads the abbreviated countersignature of this layer (RFC 9338 3.2).
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn countersignature0(&self) -> Result<Option<Countersignature0<'a>>, Error> {
        self.abbreviated(Label::COUNTERSIGNATURE_0_V2, Version::V2)
    }

    /// Countersignatures of RFC 8152 (label 7), deprecated by RFC 9338: of a COSE_Sign1, COSE_Mac0
    /// or COSE_Mac they cover the payload and not the signature or tag.
    ///
    /// # Errors
    ///
    /// As [`countersignatures`](Self::countersignatures).
    pub fn countersignatures_of_rfc8152(
        &self,
        profile: &Profile,
    ) -> Result<Option<Countersignatures<'a>>, Error> {
        self.full(Label::COUNTER_SIGNATURE, Version::Rfc8152, profile)
    }

    /// Reads the abbreviated countersignature of RFC 8152 (label 9), which RFC 9338 deprecates.
    ///
    /// Of a COSE_Sign1, COSE_Mac0 or COSE_Mac it covers the payload, but not the signature or tag.
    ///
    /// # Errors
    ///
    /// As [`countersignature0`](Self::countersignature0).
    pub fn countersignature0_of_rfc8152(&self) -> Result<Option<Countersignature0<'a>>, Error> {
        self.abbreviated(Label::COUNTER_SIGNATURE_0, Version::Rfc8152)
    }

    fn full(
        &self,
        label: Label<'_>,
        version: Version,
        profile: &Profile,
    ) -> Result<Option<Countersignatures<'a>>, Error> {
        let value = self.unprotected().find(label);
        value.map(|value| Countersignatures::read(&value, version, profile)).transpose()
    }

    fn abbreviated(
        &self,
        label: Label<'_>,
        version: Version,
    ) -> Result<Option<Countersignature0<'a>>, Error> {
        let value = self.unprotected().find(label);
        let read = value.map(|value| value.read(|reader| reader.bytes()));
        let signature = read.transpose().breaks(Rule::Countersignature0Form)?;
        Ok(signature.map(|signature| Countersignature0::of(signature, version)))
    }
}
