//! Whether evidence is fresh (RFC 9711 4.1, RFC 9334 10).

use cose_ext::{cwt::ClaimKey, cwt::Time};

use crate::{Claims, Error, Rule, epoch_marker::EpochMarker, label::EPOCH_MARKER_CLAIM};

/// What a verifier knows that shows evidence to be fresh: nonces that it sent or epoch handles that
/// are current, and the time. What is not given is not checked, and who needs it says so.
///
/// ```
/// # use rats_eat::{Claims, Error, Freshness};
/// # fn check(claims: &Claims<'_>, sent: &[u8], now: i64) -> Result<(), Error> {
/// Freshness::nonce(&sent).at(now).within(300).check(claims)
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Freshness<'f> {
    nonces: &'f [&'f [u8]],
    markers: Option<&'f [&'f [u8]]>,
    several: SeveralNonces,
    now: Option<i64>,
    max_age: Option<u32>,
    leeway: u32,
}

/// What becomes of a token whose nonces include ours and others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeveralNonces {
    /// It is refused: it may be an answer to somebody else that was passed on.
    #[default]
    Refused,
    /// It is accepted, where the profile has several verifiers.
    Accepted,
}

impl<'f> Freshness<'f> {
    /// Nothing is checked so far.
    pub const NOTHING: Self = Self {
        nonces: &[],
        markers: None,
        several: SeveralNonces::Refused,
        now: None,
        max_age: None,
        leeway: 0,
    };

    /// Asks for `nonce`.
    #[must_use]
    pub const fn nonce(nonce: &'f &'f [u8]) -> Self {
        Self { nonces: core::slice::from_ref(nonce), ..Self::NOTHING }
    }

    /// Asks for one of `handles`: epoch handles that are current, mostly this one and the one
    /// before.
    #[must_use]
    pub const fn any_of(handles: &'f [&'f [u8]]) -> Self {
        Self { nonces: handles, ..Self::NOTHING }
    }

    /// Asks for one of `markers` in the claim `em`: encoded epoch markers that are current
    /// ([`EpochMarker::bytes`](crate::epoch_marker::EpochMarker::bytes)), mostly this one and the
    /// one before. They are compared byte by byte; without any, no epoch is current.
    #[must_use]
    pub const fn in_epoch(mut self, markers: &'f [&'f [u8]]) -> Self {
        self.markers = Some(markers);
        self
    }

    /// Sets what becomes of a token that has more nonces than ours.
    #[must_use]
    pub const fn with_several(mut self, several: SeveralNonces) -> Self {
        self.several = several;
        self
    }

    /// Sets the time, in seconds since 1970-01-01T00:00Z: `exp` and `nbf` are checked.
    #[must_use]
    pub const fn at(mut self, now: i64) -> Self {
        self.now = Some(now);
        self
    }

    /// Asks for an `iat` that is at most `seconds` old; needs the time.
    #[must_use]
    pub const fn within(mut self, seconds: u32) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Sets by how many seconds clocks may differ.
    #[must_use]
    pub const fn with_leeway(mut self, seconds: u32) -> Self {
        self.leeway = seconds;
        self
    }

    /// Checks `claims`, of this set alone: nothing is inherited from a submodule, or by one.
    ///
    /// # Errors
    ///
    /// [`Rule::NonceMissing`], [`Rule::NonceOther`], [`Rule::NonceSeveral`];
    /// [`Rule::EpochMissing`], [`Rule::EpochMarker`], [`Rule::EpochOther`]; [`Rule::Expired`],
    /// [`Rule::NotYetValid`]; [`Rule::Age`] if `iat` is missing, too old or in the future, or no
    /// time was given; and if one of these claims is malformed.
    pub fn check(&self, claims: &Claims<'_>) -> Result<(), Error> {
        self.check_nonce(claims)?;
        self.check_epoch(claims)?;
        self.check_validity(claims)?;
        self.check_age(claims)
    }

    fn check_nonce(&self, claims: &Claims<'_>) -> Result<(), Error> {
        if self.nonces.is_empty() {
            return Ok(());
        }
        let refused = |rule| Error::refused(rule).at(offset_of(claims, ClaimKey::EAT_NONCE));
        let found = claims.nonces()?.ok_or(refused(Rule::NonceMissing))?;
        if !found.iter().any(|nonce| self.nonces.contains(&nonce)) {
            return Err(refused(Rule::NonceOther));
        }
        if found.only().is_none() && self.several == SeveralNonces::Refused {
            return Err(refused(Rule::NonceSeveral));
        }
        Ok(())
    }

    fn check_epoch(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let Some(markers) = self.markers else { return Ok(()) };
        let found = claims.find(ClaimKey::int(EPOCH_MARKER_CLAIM));
        let found = found.ok_or(Error::refused(Rule::EpochMissing).at(claims.offset()))?;
        let marker = EpochMarker::of(&found)?;
        if markers.contains(&marker.bytes()) {
            Ok(())
        } else {
            Err(Error::refused(Rule::EpochOther).at(found.offset()))
        }
    }

    fn check_validity(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let Some(now) = self.now else { return Ok(()) };
        let leeway = i64::from(self.leeway);
        let expires = claims.expires_at()?;
        // RFC 7519 4.1.4: the current time is *before* the expiration time.
        if expires.is_some_and(|at| !is_before(now.saturating_sub(leeway), at)) {
            return Err(Error::refused(Rule::Expired).at(offset_of(claims, ClaimKey::EXP)));
        }
        let not_before = claims.not_before()?;
        if not_before.is_some_and(|at| is_before(now.saturating_add(leeway), at)) {
            return Err(Error::refused(Rule::NotYetValid).at(offset_of(claims, ClaimKey::NBF)));
        }
        Ok(())
    }

    fn check_age(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let Some(max_age) = self.max_age else { return Ok(()) };
        let refused = Error::refused(Rule::Age).at(offset_of(claims, ClaimKey::IAT));
        let (now, issued) = (self.now.ok_or(refused)?, claims.issued_at()?.ok_or(refused)?);
        let leeway = i64::from(self.leeway);
        let age = now.saturating_sub(issued);
        if age < leeway.saturating_neg() || age > i64::from(max_age).saturating_add(leeway) {
            return Err(refused);
        }
        Ok(())
    }
}

/// Whether the whole second `now` is before `time`.
fn is_before(now: i64, time: Time) -> bool {
    match time {
        Time::Seconds(seconds) => now < seconds,
        Time::Fractional(_) => now <= time.floor() && !is_whole(time, now),
    }
}

/// Whether a time with a fraction is exactly the second `now`.
#[allow(clippy::as_conversions, reason = "dates lie within 2^53 seconds")]
fn is_whole(time: Time, now: i64) -> bool {
    matches!(time, Time::Fractional(seconds) if seconds == now as f64)
}

fn offset_of(claims: &Claims<'_>, key: ClaimKey<'_>) -> usize {
    claims.find(key).map_or(claims.offset(), |value| value.offset())
}
