//! The registration policy for statements of this profile (docs/transparent-suit.md 6).

use core::fmt;

use cose_ext::{Context, header::ContentType, key::KeyResolver};
use scitt_core::{
    Candidate, Error as ScittError, ErrorKind as ScittErrorKind, Offered, RegistrationPolicy,
    Rule as ScittRule,
};

use crate::{
    Error, FirmwareRegistry, profile,
    release::{Release, is_of_typ, is_suit_digest, manifest_in},
};

/// The registration policy for statements of this profile: whose they are, that they follow from
/// the manifest that came along, and that numbers grow. Statements of another typ are none of its
/// business.
///
/// It decides about one statement after the other, each against what `registry` has so far:
/// [`FirmwareRegistry::register`] does, and takes what was registered into it.
#[derive(Clone, Copy)]
pub struct FirmwarePolicy<'r> {
    /// Keys in the firmware role, each enrolled for its issuer.
    pub firmware: &'r dyn KeyResolver,
    /// What was registered so far.
    pub registry: &'r FirmwareRegistry,
    /// The policy for statements of another typ; `None`: they are not registered.
    pub others: Option<&'r dyn RegistrationPolicy>,
    /// `typ` of this profile.
    pub typ: ContentType<'r>,
}

impl<'r> FirmwarePolicy<'r> {
    /// Registers what `firmware` keys sign, and nothing else.
    pub const fn new(firmware: &'r dyn KeyResolver, registry: &'r FirmwareRegistry) -> Self {
        Self { firmware, registry, others: None, typ: profile::TYP }
    }

    /// Returns this policy with another one for statements of another typ.
    #[must_use]
    pub const fn and(mut self, others: &'r dyn RegistrationPolicy) -> Self {
        self.others = Some(others);
        self
    }

    /// Returns this policy for another `typ`.
    #[must_use]
    pub const fn with_typ(mut self, typ: ContentType<'r>) -> Self {
        self.typ = typ;
        self
    }

    /// Decides about a statement of this profile: the reason, where a service says only that its
    /// policy refuses.
    ///
    /// # Errors
    ///
    /// Those of [`FirmwareRegistry::register`], but for the signature.
    pub fn examine(&self, candidate: &Candidate<'_>, context: &Context<'_>) -> Result<(), Error> {
        let statement = candidate.statement.value();
        let manifest = manifest_in(&candidate.collateral)?;
        let release = Release::examine(
            statement.protected(),
            statement.payload(),
            manifest,
            self.typ,
            context,
        )?;
        self.registry.decide(&release).map(drop)
    }
}

impl RegistrationPolicy for FirmwarePolicy<'_> {
    fn with_issuers(
        &self,
        offered: &Offered<'_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver),
    ) -> Result<(), ScittError> {
        if is_of_typ(offered.statement.message().headers().protected(), self.typ) {
            then(self.firmware);
            return Ok(());
        }
        match self.others {
            Some(others) => others.with_issuers(offered, context, then),
            None => Err(refused()),
        }
    }

    fn decide(&self, candidate: &Candidate<'_>, context: &Context<'_>) -> Result<(), ScittError> {
        if is_of_typ(candidate.statement.value().protected(), self.typ) {
            return self.examine(candidate, context).map_err(|_| refused());
        }
        match self.others {
            // A plain processor takes any statement over a SUIT_Digest for an authorization.
            Some(_) if is_suit_digest(candidate.statement.value().payload(), &context.profile) => {
                Err(refused())
            }
            Some(others) => others.decide(candidate, context),
            None => Err(refused()),
        }
    }
}

/// What a service says of a statement that its policy refuses.
const fn refused() -> ScittError {
    ScittError::new(ScittErrorKind::Refused(ScittRule::PolicyInForce))
}

impl fmt::Debug for FirmwarePolicy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirmwarePolicy").field("typ", &self.typ).finish_non_exhaustive()
    }
}
