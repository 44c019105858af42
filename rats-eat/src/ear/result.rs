//! The result as a whole.

use cose_ext::{
    Profile,
    cbor::{Item, Map, Raw, Reader, Type},
};

use super::{Appraisal, Appraisals, EarDialect};
use crate::{Claims, Error, Rule, ar4si::Tier, cmw::Record, error::Breaks, label::ear as label};

/// An attestation result as it was received, in the CBOR form of its dialect: parsed, borrowed,
/// untrusted. Everything that its rules speak of was read once; claims that are not known here are
/// kept.
///
/// The claims of a token that was verified become a verified result:
///
/// ```
/// use rats_eat::{Claims, Error, cose_ext::{Context, Verified}, ear::Ear};
/// fn result<'a, B>(
///     claims: Verified<Claims<'a>, B>,
///     context: &Context<'_>,
/// ) -> Result<Verified<Ear<'a>, B>, Error> {
///     claims.try_map_within(&context.profile, Ear::of_claims)
/// }
/// ```
///
/// Nobody vouches for one that was only decoded:
///
/// ```compile_fail,E0308
/// use rats_eat::{cose_ext::{Profile, Verified}, ear::Ear};
/// fn forge(bytes: &[u8]) -> Verified<Ear<'_>> {
///     Ear::decode(bytes, &Profile::LENIENT).unwrap()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ear<'a> {
    map: Map<'a>,
    dialect: EarDialect,
    issued_at: IssuedAt,
    expires_at: Option<i64>,
    verifier_id: VerifierId<'a>,
    status: Option<Tier>,
    raw_evidence: Option<RawEvidence<'a>>,
    submods: Map<'a>,
}

/// Seconds since 1970; the older dialect has results with a fraction, which EAT forbids.
#[derive(Clone, Copy, Debug, PartialEq)]
enum IssuedAt {
    Seconds(i64),
    Fractional(f64),
}

/// Which verifier made a result, in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifierId<'a> {
    /// Who develops the verifier.
    pub developer: &'a str,
    /// Which build of it.
    pub build: &'a str,
}

/// The evidence that a result is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawEvidence<'a> {
    /// Bytes of a type that is not told, up to -03.
    Bytes(&'a [u8]),
    /// A message with its type, from -04 on.
    Wrapped(Record<'a>),
}

impl<'a> Ear<'a> {
    /// Reads a result that is the whole of `bytes`, in CBOR.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, and for what breaks a rule of results.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::of(&profile.item(bytes, 0)?)
    }

    /// Reads the result that a claims set is.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn of_claims(claims: Claims<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::decode(claims.bytes(), profile)
    }

    /// Reads the result that a checked item is.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn of(item: &Raw<'a>) -> Result<Self, Error> {
        // Its keys are those of a claims set, too.
        Claims::of(item)?;
        let map = Map::new(item).breaks(Rule::ClaimsSet)?;
        let keys = [
            label::EAT_PROFILE,
            label::IAT,
            label::EXP,
            label::VERIFIER_ID,
            label::STATUS,
            label::RAW_EVIDENCE,
            label::SUBMODS,
        ];
        let [profile, iat, exp, verifier_id, status, raw_evidence, submods] = map.find_all(keys);
        let missing = |rule| Error::broken(rule, map.offset());

        let profile = profile.ok_or(missing(Rule::EarProfile))?;
        let name = profile.read(Reader::text).breaks(Rule::EarProfile)?;
        let dialect = EarDialect::from_profile(name);
        let dialect = dialect.ok_or(Error::broken(Rule::EarProfile, profile.offset()))?;
        let result = Self {
            map,
            dialect,
            issued_at: IssuedAt::read(&iat.ok_or(missing(Rule::EarIssuedAt))?, dialect)?,
            expires_at: exp.map(|exp| read_seconds(&exp, Rule::Date)).transpose()?,
            verifier_id: VerifierId::read(&verifier_id.ok_or(missing(Rule::EarVerifierId))?)?,
            status: status.map(|status| read_status(&status)).transpose()?,
            raw_evidence: match raw_evidence {
                Some(raw) => Some(RawEvidence::read(&raw, dialect)?),
                None => None,
            },
            submods: Map::new(&submods.ok_or(missing(Rule::EarSubmods))?)
                .breaks(Rule::EarSubmods)?,
        };
        if result.submods.is_empty() {
            return Err(Error::broken(Rule::EarSubmods, result.submods.offset()));
        }
        for (name, appraisal) in &result.submods {
            name.read(Reader::text).breaks(Rule::EarSubmods)?;
            Appraisal::read(&appraisal)?;
        }
        Ok(result)
    }

    /// Returns which text the result follows.
    #[must_use]
    pub const fn dialect(&self) -> EarDialect {
        self.dialect
    }

    /// Returns when the result was issued, in seconds since 1970, rounded down.
    #[allow(clippy::as_conversions, reason = "saturates; the number is finite")]
    #[must_use]
    pub fn issued_at(&self) -> i64 {
        match self.issued_at {
            IssuedAt::Seconds(seconds) => seconds,
            IssuedAt::Fractional(seconds) => {
                let whole = seconds as i64;
                if (whole as f64) > seconds { whole.saturating_sub(1) } else { whole }
            }
        }
    }

    /// Returns whether the time of issue is a floating-point number.
    pub(super) const fn has_float_date(&self) -> bool {
        matches!(self.issued_at, IssuedAt::Fractional(_))
    }

    /// Returns when the result expires, in seconds since 1970.
    #[must_use]
    pub const fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Checks that the result has not expired at `now`, in seconds since 1970. One that states no
    /// time does not expire.
    ///
    /// # Errors
    ///
    /// [`Rule::EarExpired`] from the stated second on.
    pub fn check_time(&self, now: i64) -> Result<(), Error> {
        match self.expires_at {
            Some(expires_at) if now >= expires_at => Err(Error::refused(Rule::EarExpired)),
            _ => Ok(()),
        }
    }

    /// Returns which verifier made the result.
    #[must_use]
    pub const fn verifier_id(&self) -> VerifierId<'a> {
        self.verifier_id
    }

    /// Returns the status of the whole, where the result states one.
    #[must_use]
    pub const fn status(&self) -> Option<Tier> {
        self.status
    }

    /// Returns the worst status of all appraisals.
    #[must_use]
    pub fn worst_status(&self) -> Tier {
        self.appraisals().fold(Tier::None, |worst, (_, appraisal)| worst.worse(appraisal.status()))
    }

    /// Returns the evidence that the result is about.
    #[must_use]
    pub const fn raw_evidence(&self) -> Option<RawEvidence<'a>> {
        self.raw_evidence
    }

    /// Returns the nonce, as it stands: bytes, text where a JSON result had no base64url, or an
    /// array.
    #[must_use]
    pub fn nonce(&self) -> Option<Raw<'a>> {
        self.map.find(label::EAT_NONCE)
    }

    /// Returns the topology of the device, as it stands (-04).
    #[must_use]
    pub fn device_topology(&self) -> Option<Raw<'a>> {
        self.map.find(label::DEVICE_TOPOLOGY)
    }

    /// Returns the appraisals with the names of their submodules.
    #[must_use]
    pub fn appraisals(&self) -> Appraisals<'a> {
        Appraisals::new(&self.submods)
    }

    /// Returns all claims, in CBOR.
    #[must_use]
    pub const fn claims(&self) -> Map<'a> {
        self.map
    }
}

impl IssuedAt {
    fn read(raw: &Raw<'_>, dialect: EarDialect) -> Result<Self, Error> {
        match raw.read(|reader| reader.item()) {
            Ok(Item::Float(seconds)) if seconds.is_finite() && dialect == EarDialect::Dotted => {
                Ok(Self::Fractional(seconds))
            }
            Ok(Item::Float(_)) => Err(Error::broken(Rule::IntegerDate, raw.offset())),
            _ => read_seconds(raw, Rule::EarIssuedAt).map(Self::Seconds),
        }
    }
}

impl<'a> VerifierId<'a> {
    fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::EarVerifierId)?;
        let [developer, build] = map.find_all([label::DEVELOPER, label::BUILD]);
        let text = |raw: Option<Raw<'a>>| {
            let raw = raw.ok_or(Error::broken(Rule::EarVerifierId, map.offset()))?;
            raw.read(Reader::text).breaks(Rule::EarVerifierId)
        };
        Ok(Self { developer: text(developer)?, build: text(build)? })
    }
}

impl<'a> RawEvidence<'a> {
    fn read(raw: &Raw<'a>, dialect: EarDialect) -> Result<Self, Error> {
        match (dialect, raw.data_type()) {
            (EarDialect::Draft04, Type::Array) => Record::read(raw).map(Self::Wrapped),
            (EarDialect::Dotted | EarDialect::Draft03, Type::Bytes) => {
                raw.read(Reader::bytes).breaks(Rule::EarRawEvidence).map(Self::Bytes)
            }
            _ => Err(Error::broken(Rule::EarRawEvidence, raw.offset())),
        }
    }
}

pub(super) fn read_status(raw: &Raw<'_>) -> Result<Tier, Error> {
    let value = raw.read(Reader::int).breaks(Rule::EarStatus)?;
    let tier = value.to_i64().and_then(Tier::from_value);
    tier.ok_or(Error::broken(Rule::EarStatus, raw.offset()))
}

fn read_seconds(raw: &Raw<'_>, rule: Rule) -> Result<i64, Error> {
    let value = raw.read(Reader::int).breaks(rule)?;
    value.to_i64().ok_or(Error::broken(rule, raw.offset()))
}
