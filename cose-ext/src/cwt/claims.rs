//! CWT claims sets (RFC 8392 3).

use super::{ClaimKey, Confirmation, NumericDate};
use crate::{
    Context, Error, Profile, Rule,
    cbor::{Entries, Map, Raw, Reader, Strictness, same_value, skip},
    diag::{ClaimsNames, shown_as},
    error::{Breaks, Policy},
};

/// A CWT claims set: a map from claim keys to values (RFC 8392 3). Every claim is kept as received;
/// the readers give the registered ones their types.
///
/// ```
/// use cose_ext::{Profile, cwt::Claims};
///
/// // {1: "joe", 4: 1800000000}
/// let bytes = b"\xa2\x01\x63joe\x04\x1a\x6b\x49\xd2\x00";
/// let claims = Claims::decode(bytes, &Profile::LENIENT)?;
/// assert_eq!(claims.issuer()?, Some("joe"));
/// assert_eq!(claims.expires_at()?.unwrap().time().floor(), 1_800_000_000);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Claims<'a> {
    map: Map<'a>,
}

shown_as!(Claims, ClaimsNames);

impl<'a> Claims<'a> {
    /// Reads a claims set that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is not a map, or its keys are neither integers nor text.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let map = Map::decode(bytes, 0, profile.strictness, &profile.limits.cbor);
        Self::check(map.breaks(Rule::ClaimsForm)?)
    }

    /// Reads the claims set that stands in a checked item, which is not walked again but for its
    /// keys.
    ///
    /// # Errors
    ///
    /// If it is not a map, or its keys are neither integers nor text.
    pub fn of(value: &Raw<'a>) -> Result<Self, Error> {
        Self::check(Map::new(value).breaks(Rule::ClaimsForm)?)
    }

    fn check(map: Map<'a>) -> Result<Self, Error> {
        if map.has_plain_keys() {
            return Ok(Self { map });
        }
        for (label, _) in &map {
            ClaimKey::read_raw(&label, Rule::ClaimsForm)?;
        }
        Ok(Self { map })
    }

    /// Returns the encoded map as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }

    /// Returns where the map starts in the input that was given to the decoder.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.map.offset()
    }

    /// Returns claim keys and values in the order of the input.
    #[must_use]
    pub fn iter(&self) -> ClaimEntries<'a> {
        ClaimEntries { entries: self.map.iter() }
    }

    /// Returns the value of the claim `key`.
    #[must_use]
    pub fn find(&self, key: ClaimKey<'_>) -> Option<Raw<'a>> {
        key.value().find_in(&self.map)
    }

    /// Returns `iss`, who issued the token.
    ///
    /// # Errors
    ///
    /// If it is not text.
    pub fn issuer(&self) -> Result<Option<&'a str>, Error> {
        self.text(ClaimKey::ISS)
    }

    /// Returns `sub`, whom or what the token is about.
    ///
    /// # Errors
    ///
    /// If it is not text.
    pub fn subject(&self) -> Result<Option<&'a str>, Error> {
        self.text(ClaimKey::SUB)
    }

    /// Returns `aud`, whom the token is for: one text.
    ///
    /// RFC 7519 4.1.3 lets a JWT name several audiences; RFC 8392 3.1.3 takes its meaning over
    /// "except that the value is a StringOrURI", which is one text.
    ///
    /// # Errors
    ///
    /// If it is not text.
    pub fn audience(&self) -> Result<Option<&'a str>, Error> {
        self.text(ClaimKey::AUD)
    }

    /// Returns `exp`, when the token expires.
    ///
    /// # Errors
    ///
    /// If it is not a finite number of seconds.
    pub fn expires_at(&self) -> Result<Option<NumericDate>, Error> {
        self.date(ClaimKey::EXP)
    }

    /// Returns `nbf`, before when the token is not valid.
    ///
    /// # Errors
    ///
    /// If it is not a finite number of seconds.
    pub fn not_before(&self) -> Result<Option<NumericDate>, Error> {
        self.date(ClaimKey::NBF)
    }

    /// Returns `iat`, when the token was issued.
    ///
    /// # Errors
    ///
    /// If it is not a finite number of seconds.
    pub fn issued_at(&self) -> Result<Option<NumericDate>, Error> {
        self.date(ClaimKey::IAT)
    }

    /// Returns `cti`, the identifier of the token.
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn cwt_id(&self) -> Result<Option<&'a [u8]>, Error> {
        self.find(ClaimKey::CTI)
            .map(|value| value.read(Reader::bytes).breaks(Rule::ClaimsForm))
            .transpose()
    }

    /// Returns `cnf`, the key that the presenter has to prove to have (RFC 8747).
    ///
    /// # Errors
    ///
    /// If it is not a map, has both a COSE_Key and an Encrypted_COSE_Key, or a method of RFC 8747
    /// or RFC 9679 in another type than its own.
    pub fn confirmation(&self) -> Result<Option<Confirmation<'a>>, Error> {
        self.find(ClaimKey::CNF).map(|value| Confirmation::read(&value)).transpose()
    }

    /// Returns whether `exp`, `nbf` or `iat` is wrapped in tag 1.
    pub(crate) fn has_tagged_date(&self) -> bool {
        let is_date =
            |key: &ClaimKey<'_>| [ClaimKey::EXP, ClaimKey::NBF, ClaimKey::IAT].contains(key);
        let mut dates = self.iter().filter(|(key, _)| is_date(key));
        dates.any(|(_, value)| NumericDate::read(&value).is_ok_and(|date| date.is_tagged()))
    }

    /// Checks that the claims are for `me` (RFC 8392 3.1.3, RFC 7519 4.1.3): a token with an `aud`
    /// must not be processed by anybody else. Texts are compared byte by byte.
    ///
    /// # Errors
    ///
    /// `Policy` if `aud` names another, `Malformed` if it is not text.
    pub fn check_audience(&self, me: &str) -> Result<(), Error> {
        match (self.audience()?, self.find(ClaimKey::AUD)) {
            (Some(audience), Some(value)) if audience != me => {
                Err(Error::from(Policy::OtherAudience).at(value.offset()))
            }
            _ => Ok(()),
        }
    }

    /// Checks that a claim which stands here and in `other` has the same value in both (RFC 9597
    /// 2): these are the claims of a header, `other` those of the payload. Values are compared as
    /// such, not their encodings.
    ///
    /// # State, invariant, cost
    ///
    /// `other` is walked once for each 16 claims of this set, and each walk spends the number
    /// of its items from the meter, so the work is linear in the larger set however many claims the
    /// smaller one has. What values cost to compare is one budget for all of them.
    ///
    /// # Errors
    ///
    /// `Malformed` at the claim here that differs; `Limit` and `Cbor` if the comparison takes more
    /// than the context allows.
    pub fn check_agreement(&self, other: &Claims<'_>, context: &Context<'_>) -> Result<(), Error> {
        let input = self.bytes().len().saturating_add(other.bytes().len());
        context.begin(input, |context| {
            let items = skip(&mut Reader::new(other.bytes(), Strictness::LENIENT))?;
            let mut left = context.profile.limits.cbor.items;
            let mut claims = self.iter();
            loop {
                let mut batch = [None; BATCH];
                for slot in &mut batch {
                    *slot = claims.next();
                }
                if batch.first().is_none_or(Option::is_none) {
                    return Ok(());
                }
                context.spend_compared(items)?;
                check_batch(&batch, other, &mut left)?;
            }
        })
    }

    fn text(&self, key: ClaimKey<'_>) -> Result<Option<&'a str>, Error> {
        self.find(key).map(|value| value.read(Reader::text).breaks(Rule::ClaimsForm)).transpose()
    }

    fn date(&self, key: ClaimKey<'_>) -> Result<Option<NumericDate>, Error> {
        self.find(key).map(|value| NumericDate::read(&value)).transpose()
    }
}

/// Claims that are looked up in one walk.
const BATCH: usize = 16;

fn check_batch(
    batch: &[Option<(ClaimKey<'_>, Raw<'_>)>; BATCH],
    other: &Claims<'_>,
    left: &mut usize,
) -> Result<(), Error> {
    for (key, twin) in other.iter() {
        let here = batch.iter().flatten().find(|(here, _)| *here == key);
        let Some((_, value)) = here else { continue };
        if !same_value(value, &twin, left)? {
            return Err(Error::malformed(Rule::ClaimsAgree, value.offset()));
        }
    }
    Ok(())
}

impl<'a> IntoIterator for Claims<'a> {
    type Item = (ClaimKey<'a>, Raw<'a>);
    type IntoIter = ClaimEntries<'a>;

    fn into_iter(self) -> ClaimEntries<'a> {
        self.iter()
    }
}

/// Iterator over keys and values of [`Claims`].
#[derive(Clone, Debug)]
pub struct ClaimEntries<'a> {
    entries: Entries<'a>,
}

impl<'a> Iterator for ClaimEntries<'a> {
    type Item = (ClaimKey<'a>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.entries.next()?;
        // Keys were read when the claims set was made.
        Some((ClaimKey::read_raw(&key, Rule::ClaimsForm).ok()?, value))
    }
}
