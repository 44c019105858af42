use super::{ClaimKey, Confirmation, NumericDate};
use crate::{
    Error, Limits, Profile, Rule,
    cbor::{self, ErrorKind, Map, Raw, Reader, same_value},
    diag::{ClaimsNames, shown_as},
    error::{Breaks, Policy},
};

/// A CWT claims set: a map from claim keys to values (RFC 8392 3). Every claim is kept as received;
/// the readers give the registered ones their types.
#[derive(Clone, Copy)]
pub struct Claims<'a> {
    map: Map<'a>,
}

shown_as!(Claims, ClaimsNames);

impl<'a> Claims<'a> {
    /// Reads a claims set that is the whole of `bytes`.
    ///
    /// # Errors
    /// If it is no map, or its keys are neither integers nor text.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let map = Map::decode(bytes, 0, profile.strictness, &profile.limits.cbor);
        Self::check(map.breaks(Rule::ClaimsForm)?)
    }

    /// The claims set that stands in a checked item.
    pub(crate) fn new(value: &Raw<'a>) -> Result<Self, Error> {
        Self::check(Map::new(value).breaks(Rule::ClaimsForm)?)
    }

    fn check(map: Map<'a>) -> Result<Self, Error> {
        for (label, _) in &map {
            ClaimKey::read_raw(&label, Rule::ClaimsForm)?;
        }
        Ok(Self { map })
    }

    /// The encoded map as received.
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }

    /// Claim keys and values in the order of the input.
    pub fn iter(&self) -> impl Iterator<Item = (ClaimKey<'a>, Raw<'a>)> + use<'a> {
        self.map.iter().filter_map(|(label, value)| {
            Some((ClaimKey::read_raw(&label, Rule::ClaimsForm).ok()?, value))
        })
    }

    /// The value of the claim `key`.
    pub fn find(&self, key: ClaimKey<'_>) -> Option<Raw<'a>> {
        self.iter().find(|(found, _)| *found == key).map(|(_, value)| value)
    }

    /// `iss`.
    ///
    /// # Errors
    /// If it is no text.
    pub fn issuer(&self) -> Result<Option<&'a str>, Error> {
        self.text(ClaimKey::ISS)
    }

    /// `sub`.
    ///
    /// # Errors
    /// If it is no text.
    pub fn subject(&self) -> Result<Option<&'a str>, Error> {
        self.text(ClaimKey::SUB)
    }

    /// `aud`. RFC 7519 4.1.3 lets a JWT name several; RFC 8392 3.1.3 takes its meaning over "except
    /// that the value is a StringOrURI": one text.
    ///
    /// # Errors
    /// If it is no text.
    pub fn audience(&self) -> Result<Option<&'a str>, Error> {
        self.text(ClaimKey::AUD)
    }

    /// `exp`.
    ///
    /// # Errors
    /// If it is no finite number of seconds.
    pub fn expires_at(&self) -> Result<Option<NumericDate>, Error> {
        self.date(ClaimKey::EXP)
    }

    /// `nbf`.
    ///
    /// # Errors
    /// If it is no finite number of seconds.
    pub fn not_before(&self) -> Result<Option<NumericDate>, Error> {
        self.date(ClaimKey::NBF)
    }

    /// `iat`.
    ///
    /// # Errors
    /// If it is no finite number of seconds.
    pub fn issued_at(&self) -> Result<Option<NumericDate>, Error> {
        self.date(ClaimKey::IAT)
    }

    /// `cti`.
    ///
    /// # Errors
    /// If it is no byte string.
    pub fn cwt_id(&self) -> Result<Option<&'a [u8]>, Error> {
        self.find(ClaimKey::CTI)
            .map(|value| value.read(Reader::bytes).breaks(Rule::ClaimsForm))
            .transpose()
    }

    /// `cnf`, the key that the presenter has to prove to have (RFC 8747).
    ///
    /// # Errors
    /// If it is no map, has both a COSE_Key and an Encrypted_COSE_Key, or a method of RFC 8747 or
    /// RFC 9679 in another type than its own.
    pub fn confirmation(&self) -> Result<Option<Confirmation<'a>>, Error> {
        self.find(ClaimKey::CNF).map(|value| Confirmation::read(&value)).transpose()
    }

    /// Checks that the claims are for `me` (RFC 8392 3.1.3, RFC 7519 4.1.3): whoever is not named in
    /// an `aud` that is present must not process them. Compared byte by byte.
    ///
    /// # Errors
    /// `Policy` if `aud` names another, `Malformed` if it is no text.
    pub fn check_audience(&self, me: &str) -> Result<(), Error> {
        match (self.audience()?, self.find(ClaimKey::AUD)) {
            (Some(audience), Some(value)) if audience != me => {
                Err(Error::from(Policy::OtherAudience).at(value.offset()))
            }
            _ => Ok(()),
        }
    }

    /// Checks that a claim which stands here and in `other` has the same value in both (RFC 9597 2):
    /// these are the claims of a header, `other` those of the payload. Values are compared as such,
    /// not their encodings.
    ///
    /// # Errors
    /// `Malformed` at the claim here that differs; `Cbor` if the comparison takes more than `limits`.
    pub fn check_agreement(&self, other: &Claims<'_>, limits: &Limits) -> Result<(), Error> {
        let mut left = limits.cbor.items;
        for (key, value) in self.iter() {
            // Each is looked for among all of the others.
            let less = left.checked_sub(other.map.len());
            left = less.ok_or(cbor::Error::new(ErrorKind::ItemLimit, value.offset()))?;
            let Some(twin) = other.find(key) else { continue };
            if !same_value(&value, &twin, &limits.cbor)? {
                return Err(Error::malformed(Rule::ClaimsAgree, value.offset()));
            }
        }
        Ok(())
    }

    fn text(&self, key: ClaimKey<'_>) -> Result<Option<&'a str>, Error> {
        self.find(key).map(|value| value.read(Reader::text).breaks(Rule::ClaimsForm)).transpose()
    }

    fn date(&self, key: ClaimKey<'_>) -> Result<Option<NumericDate>, Error> {
        self.find(key).map(|value| NumericDate::read(&value)).transpose()
    }
}
