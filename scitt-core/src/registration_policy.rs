//! Whom and what a service registers.

use cose_ext::{Context, Verified, header::Bucket, key::KeyResolver};

use crate::{Error, Requirements, SignedStatement, Statement};

/// A statement that was submitted, before anybody looked at its signature.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// The statement as submitted.
    pub statement: SignedStatement<'a>,
    /// Its payload, embedded or detached. Nobody has vouched for it.
    pub danger_unverified_payload: &'a [u8],
    /// When it is decided upon, in seconds since 1970-01-01T00:00Z.
    pub at: i64,
}

/// A statement whose signature is its issuer's, for a policy to decide upon.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The statement, and whose key signed it.
    pub statement: Verified<Statement<'a, 'a>>,
    /// The unprotected header: collateral that nobody signed. It is looked at here and not logged
    /// (RFC 9943 6.3).
    pub collateral: Bucket<'a>,
    /// When it is decided upon, in seconds since 1970-01-01T00:00Z.
    pub at: i64,
}

/// A registration policy (RFC 9943 5.1.1): whose statements a service registers, and which of them.
///
/// A decision has to follow from the statement, its collateral and the time alone, all of which are
/// recorded: an auditor makes it again.
pub trait RegistrationPolicy: Send + Sync {
    /// Calls `then` with the keys that the signature of `offered` is checked under.
    ///
    /// # Errors
    ///
    /// If such a statement is not registered, whoever signed it.
    fn with_issuers(
        &self,
        offered: &Offered<'_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver),
    ) -> Result<(), Error>;

    /// Decides about a statement whose signature and header are good.
    ///
    /// # Errors
    ///
    /// If it is not registered.
    fn decide(&self, candidate: &Candidate<'_>, context: &Context<'_>) -> Result<(), Error>;

    /// Returns how much of RFC 9943 is asked of statements.
    fn requirements(&self) -> Requirements {
        Requirements::Rfc9943
    }
}

/// The smallest policy: whatever these issuers sign.
#[derive(Clone, Copy)]
pub struct Registration<'r> {
    /// Keys of the issuers whose statements are registered, each bound to its issuer
    /// ([`for_issuer`](cose_ext::key::TrustedKey::for_issuer),
    /// [`IssuerKeys`](cose_ext::key::IssuerKeys)). Statements by a key that is bound to no issuer
    /// are registered under [`Requirements::Lenient`] only.
    pub issuers: &'r dyn KeyResolver,
    /// How much of RFC 9943 is asked of statements.
    pub requirements: Requirements,
}

impl RegistrationPolicy for Registration<'_> {
    fn with_issuers(
        &self,
        _: &Offered<'_>,
        _: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver),
    ) -> Result<(), Error> {
        then(self.issuers);
        Ok(())
    }

    fn decide(&self, _: &Candidate<'_>, _: &Context<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn requirements(&self) -> Requirements {
        self.requirements
    }
}

impl core::fmt::Debug for Registration<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Registration")
            .field("requirements", &self.requirements)
            .finish_non_exhaustive()
    }
}
