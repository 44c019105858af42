//! Whether claims are valid at a time (RFC 8392 3.1.4, 3.1.5).

use super::{ClaimKey, Claims, NumericDate, Time};
use crate::{
    Error,
    error::{Misuse, Policy},
};

impl Claims<'_> {
    /// Checks `exp` and `nbf` against the time `now`, with `leeway` seconds for clocks that differ.
    ///
    /// A claim that is absent restricts nothing: if you need one, ask for it
    /// ([`expires_at`](Self::expires_at)).
    ///
    /// # Errors
    ///
    /// `Policy` at or after `exp`, and before `nbf`; `Malformed` if one of them is not a date;
    /// `Misuse` if `now` is not finite.
    pub fn check_time(&self, now: Time, leeway: u32) -> Result<(), Error> {
        // Not even a time: nothing is before it, and nothing after it.
        if !now.is_finite() {
            return Err(Misuse::NotATime.into());
        }
        let (seconds, fraction) = now.split();
        let leeway = i64::from(leeway);
        let at = |label| self.find(label).map(|value| value.offset()).unwrap_or_default();
        // RFC 7519 4.1.4: the current time is *before* the expiration time.
        let latest = (seconds.saturating_sub(leeway), fraction);
        if self.expires_at()?.is_some_and(|expires| !is_before(latest, expires)) {
            return Err(Error::from(Policy::Expired).at(at(ClaimKey::EXP)));
        }
        let earliest = (seconds.saturating_add(leeway), fraction);
        if self.not_before()?.is_some_and(|not_before| is_before(earliest, not_before)) {
            return Err(Error::from(Policy::NotYetValid).at(at(ClaimKey::NBF)));
        }
        Ok(())
    }
}

/// Whole seconds first: they are exact where floating point is not.
fn is_before(now: (i64, f64), date: NumericDate) -> bool {
    now < date.time().split()
}
