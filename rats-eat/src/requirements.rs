//! What a verifier asks of a token beside its signature.

use cose_ext::{
    IssuerBinding, Supplied,
    sign::{SignPolicy, Signers},
};

use crate::{Claims, Error, Limits, Rule};

/// What a verifier asks of a token beside a good signature by somebody whom it trusts.
///
/// ```
/// use rats_eat::{Requirements, UnboundIssuer};
/// let strict = Requirements::DEFAULT;
/// let lenient = Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);
/// # let _ = (strict, lenient);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Requirements<'r> {
    pub(crate) supplied: Supplied<'r>,
    pub(crate) policy: SignPolicy<'r>,
    pub(crate) unbound_issuer: UnboundIssuer,
    pub(crate) limits: Limits,
}

/// What becomes of a token that claims an issuer, signed by a key that was enrolled for nobody in
/// particular: such a key can claim to be anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnboundIssuer {
    /// It is refused.
    #[default]
    Refused,
    /// It is accepted, and the issuer is the signer's word.
    Accepted,
}

impl<'r> Requirements<'r> {
    /// Every signature that is there, and an issuer that the key was enrolled for wherever one is
    /// claimed.
    pub const DEFAULT: Self = Self {
        supplied: Supplied::NOTHING,
        policy: SignPolicy::All,
        unbound_issuer: UnboundIssuer::Refused,
        limits: Limits::DEFAULT,
    };

    /// Sets what is supplied beside the token: external data, and the header parameters that the
    /// caller processes.
    #[must_use]
    pub const fn with_supplied(mut self, supplied: Supplied<'r>) -> Self {
        self.supplied = supplied;
        self
    }

    /// Sets which signatures of a COSE_Sign must verify.
    #[must_use]
    pub const fn with_policy(mut self, policy: SignPolicy<'r>) -> Self {
        self.policy = policy;
        self
    }

    /// Sets what becomes of an issuer that nobody checked.
    #[must_use]
    pub const fn with_unbound_issuer(mut self, unbound_issuer: UnboundIssuer) -> Self {
        self.unbound_issuer = unbound_issuer;
        self
    }

    /// Sets how much a token with submodules may ask for.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Checks that the issuer which `claims` name is one that the keys were enrolled for.
    pub(crate) fn check_issuer(&self, claims: &Claims<'_>, by: &Signers) -> Result<(), Error> {
        use cose_ext::cwt::ClaimKey;
        let is_bound = by.iter().all(|signer| signer.issuer() == IssuerBinding::Checked);
        match claims.find(ClaimKey::ISS) {
            Some(issuer) if !is_bound && self.unbound_issuer == UnboundIssuer::Refused => {
                Err(Error::refused(Rule::IssuerBound).at(issuer.offset()))
            }
            _ => Ok(()),
        }
    }

    /// What holds for a token inside of another one: external data belongs to the outermost.
    pub(crate) const fn nested(&self) -> Self {
        let mut nested = *self;
        nested.supplied.external_aad = &[];
        nested
    }
}

impl Default for Requirements<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}
