//! Receipt keys that an attestation token confirms: a log in a trusted execution environment.

use cose_ext::{Context, Verified, key::Thumbprint};

use crate::{Error, Rule, Statement};

/// Checks an attestation token, whose format SCITT leaves open: an EAT, a quote, an
/// attestation result.
pub trait TokenCheck {
    /// Checks that `token` is genuine, that it comes from an environment that the caller accepts,
    /// and that its confirmation key (`cnf`) is the key with this thumbprint. Returns when it was
    /// made, in seconds since 1970-01-01T00:00Z.
    ///
    /// # Errors
    ///
    /// If it does not.
    fn check(
        &self,
        token: &[u8],
        confirmed: &Thumbprint,
        context: &Context<'_>,
    ) -> Result<i64, Error>;
}

/// A receipt key that a token confirms, which the service registered as a statement of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttestedKey {
    key: Thumbprint,
    attested_at: i64,
}

impl AttestedKey {
    /// Media type in `typ` of a statement whose payload is an attestation token of the receipt key.
    pub const TYP: &'static str = "application/x.scitt-key-attestation+cose";

    /// Asks `check` about the token in a statement that the service signed about itself. That the
    /// statement is logged, its receipts show.
    ///
    /// `key` is the thumbprint of the receipt key: that of
    /// [`SignedBy::thumbprint`](cose_ext::SignedBy::thumbprint) of the receipt in question.
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptKeyAttested`] if it is no such statement about `service`; those of `check`.
    pub fn confirm(
        statement: &Verified<Statement<'_, '_>>,
        service: &str,
        key: &Thumbprint,
        check: &dyn TokenCheck,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let statement = statement.value();
        let typ = statement.protected().typ()?;
        let is_token =
            typ.is_some_and(|typ| typ == cose_ext::header::ContentType::MediaType(Self::TYP));
        if !is_token || statement.issuer() != Some(service) || statement.subject() != Some(service)
        {
            return Err(Error::refused(Rule::ReceiptKeyAttested));
        }
        let attested_at = check.check(statement.payload(), key, context)?;
        Ok(Self { key: *key, attested_at })
    }

    /// Returns the thumbprint of the key.
    #[must_use]
    pub const fn key(&self) -> &Thumbprint {
        &self.key
    }

    /// Returns when the token was made, in seconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn attested_at(&self) -> i64 {
        self.attested_at
    }

    /// Asks that the token was made at most `seconds` before `now`, and not after it.
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptKeyAttested`] if it was not.
    pub const fn within(self, seconds: u32, now: i64) -> Result<Self, Error> {
        #[allow(clippy::as_conversions, reason = "widening, in a const fn")]
        let earliest = now.saturating_sub(seconds as i64);
        if self.attested_at >= earliest && self.attested_at <= now {
            Ok(self)
        } else {
            Err(Error::refused(Rule::ReceiptKeyAttested))
        }
    }
}
