//! What a protected header says of issuer, subject, dates and key, read once.

use cose_ext::{
    cwt::{Claims, NumericDate, Time},
    error::{ErrorKind, Policy},
    header::{Protected, ProtectedFacts},
};

use crate::{Error, Rule};

/// Facts of a statement's header that were read before its signature was checked.
pub(crate) type ReadFacts<'a> = ProtectedFacts<'a, HeaderFacts<'a>>;

/// What the protected header of a statement or a receipt says of its issuer, its dates and its key.
///
/// A claim of another type than its own counts as absent here: whether that is an error is for who
/// verifies ([`fault`](Self::fault)).
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderFacts<'a> {
    pub(crate) claims: Option<Claims<'a>>,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) key_id: Option<&'a [u8]>,
    /// `x5t` or `x5chain` is there.
    pub(crate) has_certificate: bool,
    /// `exp` or `nbf` is there.
    pub(crate) has_validity: bool,
    /// `exp`, `nbf` or `iat` is wrapped in tag 1.
    pub(crate) has_tagged_date: bool,
    /// What is wrong with the claims, if anything is.
    pub(crate) fault: Option<cose_ext::Error>,
}

impl<'a> HeaderFacts<'a> {
    pub(crate) fn read(protected: &Protected<'a>) -> Self {
        #[cfg(test)]
        READS.with(|reads| reads.set(reads.get() + 1));
        let mut fault = None;
        let claims = noted(protected.cwt_claims(), &mut fault);
        let issuer = claims.and_then(|claims| noted(claims.issuer(), &mut fault));
        let subject = claims.and_then(|claims| noted(claims.subject(), &mut fault));
        let mut date = |date: fn(&Claims<'a>) -> Result<Option<NumericDate>, cose_ext::Error>| {
            claims.and_then(|claims| noted(date(&claims), &mut fault))
        };
        let issued_at = date(Claims::issued_at);
        let not_before = date(Claims::not_before);
        let expires_at = date(Claims::expires_at);
        let dates = [issued_at, not_before, expires_at];
        Self {
            claims,
            issuer,
            subject,
            key_id: protected.key_id().ok().flatten(),
            has_certificate: matches!(protected.x5t(), Ok(Some(_)))
                || matches!(protected.x5chain(), Ok(Some(_))),
            has_validity: not_before.is_some() || expires_at.is_some(),
            has_tagged_date: dates.iter().flatten().any(NumericDate::is_tagged),
            fault,
        }
    }

    /// Refuses claims that are not valid at `time`.
    pub(crate) fn check_time(&self, time: Time) -> Result<(), Error> {
        match (&self.claims, self.fault) {
            (Some(claims), _) => claims.check_time(time, 0).map_err(|error| match error.kind() {
                ErrorKind::Policy(Policy::Expired | Policy::NotYetValid) => {
                    Error::refused(Rule::ValidWhenVerified)
                }
                _ => error.into(),
            }),
            (None, Some(fault)) => Err(fault.into()),
            (None, None) => Ok(()),
        }
    }

    /// Whether the key is identified: by certificate or kid.
    pub(crate) const fn identifies_key(&self) -> bool {
        self.has_certificate || self.key_id.is_some()
    }
}

/// The value; what is wrong with it becomes the fault, unless there is one.
fn noted<T>(
    read: Result<Option<T>, cose_ext::Error>,
    fault: &mut Option<cose_ext::Error>,
) -> Option<T> {
    read.unwrap_or_else(|error| {
        fault.get_or_insert(error);
        None
    })
}

#[cfg(test)]
std::thread_local! {
    /// How many headers were read on this thread.
    static READS: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

#[cfg(all(test, feature = "alloc", feature = "rustcrypto"))]
mod tests;
