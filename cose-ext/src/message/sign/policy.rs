//! Which signatures must verify.

use super::Signers;
use crate::{
    Context, Error, SignedBy,
    crypto::Algorithm,
    error::{Misuse, Policy, Verification},
    key::Identity,
};

/// Which signatures of a COSE_Sign must verify. There is no default: RFC 9052 4.1 leaves it to the
/// application, and "any" is a decision too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignPolicy<'a> {
    /// Every signature that is in the message must verify under a trusted key.
    ///
    /// Whoever carries a message can take signatures away (RFC 9052 4.1), so this does not say how
    /// many there were.
    All,
    /// Signatures by at least this many different keys; others may be wrong or unknown.
    ///
    /// One key counts once, under how many kids, algorithms or entries it may appear. At least 1,
    /// and at most [`Signers::CAPACITY`]; from 2 on the provider needs SHA-256, to tell keys apart.
    AtLeast(usize),
    /// A signature by each of these keys; others may be wrong or unknown.
    Keys(&'a [Identity]),
}

impl SignPolicy<'_> {
    /// Refuses a policy that nothing would be enough for.
    pub(super) fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        match self {
            Self::AtLeast(0) | Self::Keys([]) => Err(Policy::NoSignaturesNeeded.into()),
            Self::AtLeast(needed) if *needed > Signers::CAPACITY => {
                Err(Misuse::TooManySigners.into())
            }
            Self::Keys(keys) if keys.len() > Signers::CAPACITY => {
                Err(Misuse::TooManySigners.into())
            }
            // Keys are told apart by their thumbprints.
            Self::AtLeast(2..) => context.hash_function(Algorithm::SHA256).map(|_| ()),
            _ => Ok(()),
        }
    }

    pub(super) const fn needs_every_signature(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Whether a good signature counts.
    pub(super) fn counts(&self, by: &SignedBy) -> bool {
        match self {
            Self::All | Self::AtLeast(_) => true,
            Self::Keys(keys) => keys.contains(&by.identity()),
        }
    }

    /// Whether nothing that follows can matter.
    pub(super) fn is_met_early(&self, signers: &Signers) -> bool {
        match self {
            Self::All => false,
            Self::AtLeast(needed) => signers.keys() >= *needed,
            Self::Keys(keys) => keys.iter().all(|key| signers.has(key)),
        }
    }

    /// Checks that `signers` are those that the policy asks for: of several messages over one value
    /// that were joined by [`and_by`](crate::Verified::and_by). Under [`All`](Self::All) whoever
    /// joins them answers for there being no others.
    ///
    /// # Errors
    ///
    /// As [`Sign::verify`](super::Sign::verify).
    pub fn check_signers(&self, signers: &Signers) -> Result<(), Error> {
        match self {
            Self::AtLeast(0) | Self::Keys([]) => Err(Policy::NoSignaturesNeeded.into()),
            _ => self.is_met(signers),
        }
    }

    pub(super) fn conclude(&self, signers: Signers) -> Result<Signers, Error> {
        self.is_met(&signers).map(|()| signers)
    }

    fn is_met(&self, signers: &Signers) -> Result<(), Error> {
        let (needed, found) = match self {
            // Any signature that did not verify has ended it before.
            Self::All => (1, signers.signatures()),
            Self::AtLeast(needed) => (*needed, signers.keys()),
            Self::Keys(keys) => (keys.len(), keys.iter().filter(|key| signers.has(key)).count()),
        };
        if found >= needed {
            Ok(())
        } else {
            Err(Verification::SignPolicy { needed, found }.into())
        }
    }
}
