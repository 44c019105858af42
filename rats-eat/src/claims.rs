//! The claims set of a token (RFC 9711 3, RFC 8392 3).

use core::fmt;

use cose_ext::{
    Profile,
    cbor::{Raw, Reader},
    cwt,
    cwt::{ClaimKey, Confirmation, Time},
};

use crate::{
    Error, Path, Rule, Step,
    claim::{
        self, Contents, DebugStatus, Dloas, IntendedUse, Location, MeasurementResults, Nonces,
        OemId, ProfileId, Submodules, Sueids, Ueid, Version,
    },
    error::Breaks,
};

/// A claims set, borrowed from the input: every claim as received, the unknown ones too, and
/// readers that give the registered ones their types.
///
/// A claim of the wrong type is an error when it is read, and not of the whole set. What a set
/// means for somebody else depends on who vouches for it, so the verifying calls return
/// [`Verified`](cose_ext::Verified) claims:
///
/// ```compile_fail,E0308
/// use cose_ext::{Verified, Profile};
/// use rats_eat::{Claims, Token};
/// fn appraise(claims: &Verified<Claims<'_>, cose_ext::sign::Signers>) { let _ = claims; }
/// fn mistake(token: &Token<'_>) {
///     let claims = token.danger_unverified_claims(&Profile::LENIENT).unwrap();
///     appraise(&claims); // nobody has verified them
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Claims<'a> {
    cwt: cwt::Claims<'a>,
    offset: usize,
}

/// One reader for each claim: its name, its type, its key and how it is read.
macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident -> $type:ty, $key:ident, $rule:ident, $read:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            ///
            #[doc = concat!("[`Rule::", stringify!($rule), "`] if the claim is there in another form.")]
            pub fn $name(&self) -> Result<Option<$type>, Error> {
                self.find(ClaimKey::$key).map(|value| $read(&value)).transpose()
            }
        )*
    };
}

impl<'a> Claims<'a> {
    /// Reads a claims set that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is not well-formed, has a key twice, or is not a map of claims.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::of(&profile.item(bytes, 0)?)
    }

    /// Reads the claims set that stands in a checked item.
    ///
    /// # Errors
    ///
    /// [`Rule::ClaimsSet`] if it is not a map, or its keys are neither integers nor text.
    pub fn of(value: &Raw<'a>) -> Result<Self, Error> {
        let broken = |_| Error::broken(Rule::ClaimsSet, value.offset());
        let cwt = cwt::Claims::of(value).map_err(broken)?;
        Ok(Self { cwt, offset: value.offset() })
    }

    /// Reads on in a claims set that was read as one of a CWT.
    pub(crate) fn of_cwt(cwt: cwt::Claims<'a>) -> Self {
        Self { cwt, offset: cwt.offset() }
    }

    /// Returns the encoded map as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.cwt.bytes()
    }

    /// Returns where the map starts in the input.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns keys and encoded values in the order of the input.
    pub fn iter(&self) -> impl Iterator<Item = (ClaimKey<'a>, Raw<'a>)> + use<'a> {
        self.cwt.iter()
    }

    /// Returns the encoded value of the claim `key`, known or not.
    #[must_use]
    pub fn find(&self, key: ClaimKey<'_>) -> Option<Raw<'a>> {
        self.cwt.find(key)
    }

    /// Calls `found` with the place of the claim in which byte `offset` of the input stands: the
    /// innermost one, through claims sets among the submodules. Not called if it stands in none.
    ///
    /// An error of a claim says at which byte it stands; of a set that came in JSON, which is read
    /// as the CBOR that it was turned into, its path is what tells people where.
    pub fn path_at(&self, offset: usize, found: &mut dyn FnMut(&Path<'_>)) {
        self.path_below(&Path::TOKEN, offset, found);
    }

    fn path_below(&self, above: &Path<'_>, offset: usize, found: &mut dyn FnMut(&Path<'_>)) {
        let holds = |value: &Raw<'_>| {
            let end = value.offset().saturating_add(value.bytes().len());
            (value.offset()..end).contains(&offset)
        };
        let Some((key, value)) = self.iter().find(|(_, value)| holds(value)) else { return };
        let here = above.then(Step::Claim(key));
        let submodules = Submodules::read(&value).ok().filter(|_| key == ClaimKey::SUBMODS);
        let part = submodules.and_then(|parts| parts.iter().find(|(_, value)| holds(value)));
        let Some((name, part)) = part else { return found(&here) };
        let here = here.then(Step::Submodule(name));
        match Claims::of(&part) {
            // How deep they nest was bounded when the bytes were read.
            Ok(claims) if claims.iter().any(|(_, value)| holds(&value)) => {
                claims.path_below(&here, offset, found);
            }
            _ => found(&here),
        }
    }

    readers! {
        /// Returns `iss`, who issued the token.
        issuer -> &'a str, ISS, CwtText, |value| claim::text(value, Rule::CwtText);
        /// Returns `sub`, whom the claims are about.
        subject -> &'a str, SUB, CwtText, |value| claim::text(value, Rule::CwtText);
        /// Returns `aud`, whom the token is for.
        audience -> &'a str, AUD, CwtText, |value| claim::text(value, Rule::CwtText);
        /// Returns `exp`: from then on the token is not valid.
        expires_at -> Time, EXP, Date, claim::numeric_date;
        /// Returns `nbf`: before that the token is not valid.
        not_before -> Time, NBF, Date, claim::numeric_date;
        /// Returns `iat`, when the token was issued, in seconds since 1970-01-01T00:00Z.
        issued_at -> i64, IAT, IntegerDate, claim::integer_date;
        /// Returns `cti`, the identifier of the token.
        token_id -> &'a [u8], CTI, TokenId, |value| claim::bytes(value, Rule::TokenId);
        /// Returns `eat_nonce`, the nonces that the token answers to.
        nonces -> Nonces<'a>, EAT_NONCE, Nonce, Nonces::read;
        /// Returns `ueid`, which entity this is.
        ueid -> Ueid<'a>, UEID, Ueid, Ueid::read;
        /// Returns `sueids`, identifiers that may change.
        sueids -> Sueids<'a>, SUEIDS, Sueids, Sueids::read;
        /// Returns `oemid`, who made the hardware.
        oem_id -> OemId<'a>, OEMID, OemId, OemId::read;
        /// Returns `hwmodel`, which model of that maker.
        hardware_model -> &'a [u8], HWMODEL, HwModel, |value| claim::sized(value, 1, 32, Rule::HwModel);
        /// Returns `hwversion`, which version of that model.
        hardware_version -> Version<'a>, HWVERSION, HwVersion, |value| Version::read(value, Rule::HwVersion);
        /// Returns `swname`, the name of the software.
        software_name -> &'a str, SWNAME, SwName, |value| claim::text(value, Rule::SwName);
        /// Returns `swversion`, the version of that software.
        software_version -> Version<'a>, SWVERSION, SwVersion, |value| Version::read(value, Rule::SwVersion);
        /// Returns `oemboot`: whether all software that booted is authorised by the maker.
        oem_boot -> bool, OEMBOOT, OemBoot, |value: &Raw<'a>| value.read(Reader::bool).breaks(Rule::OemBoot);
        /// Returns `dbgstat`, whether debugging is possible.
        debug_status -> DebugStatus, DBGSTAT, DebugStatus, DebugStatus::read;
        /// Returns `location`, where the entity is.
        location -> Location, LOCATION, Location, Location::read;
        /// Returns `uptime`, seconds since the entity booted.
        uptime -> u64, UPTIME, Uptime, |value| claim::uint(value, Rule::Uptime);
        /// Returns `bootcount`, how often the entity booted.
        boot_count -> u64, BOOTCOUNT, BootCount, |value| claim::uint(value, Rule::BootCount);
        /// Returns `bootseed`, bytes that are other ones after every boot.
        boot_seed -> &'a [u8], BOOTSEED, BootSeed, |value| claim::bytes(value, Rule::BootSeed);
        /// Returns `dloas`, letters of approval.
        dloas -> Dloas<'a>, DLOAS, Dloas, Dloas::read;
        /// Returns `manifests`, what the software should be.
        manifests -> Contents<'a>, MANIFESTS, Manifests, |value| Contents::read(value, Rule::Manifests);
        /// Returns `measurements`, what the software was measured to be.
        measurements -> Contents<'a>, MEASUREMENTS, Measurements, |value| Contents::read(value, Rule::Measurements);
        /// Returns `measres`, results of comparisons that the entity itself made.
        measurement_results -> MeasurementResults<'a>, MEASRES, MeasurementResults, MeasurementResults::read;
        /// Returns `eat_profile`, which profile the token follows.
        profile -> ProfileId<'a>, EAT_PROFILE, EatProfile, ProfileId::read;
        /// Returns `intuse`, what the token was made for.
        intended_use -> IntendedUse, INTUSE, IntendedUse, IntendedUse::read;
        /// Returns `submods`, the parts of the entity. Nothing is inherited from this set to them.
        submodules -> Submodules<'a>, SUBMODS, Submods, Submodules::read;
    }

    /// Returns `cnf`, the key that the presenter has to prove to have (RFC 8747).
    ///
    /// # Errors
    ///
    /// [`Rule::Confirmation`] if the claim is there in another form.
    pub fn confirmation(&self) -> Result<Option<Confirmation<'a>>, Error> {
        let at = || self.find(ClaimKey::CNF).map_or(self.offset, |value| value.offset());
        self.cwt.confirmation().map_err(|_| Error::broken(Rule::Confirmation, at()))
    }
}

impl fmt::Debug for Claims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.cwt, f)
    }
}

/// Writes diagnostic notation.
impl fmt::Display for Claims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cwt, f)
    }
}
