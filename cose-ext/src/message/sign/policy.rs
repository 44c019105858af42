use super::{Signers, signers::Tally};
use crate::{
    Context, Error, SignedBy,
    crypto::Algorithm,
    error::{Misuse, Policy, Verification},
    key::Identity,
};

/// Which signatures of a COSE_Sign must verify. There is no default: RFC 9052 4.1 leaves it to the
/// application, and "any" is a decision too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignPolicy<'a> {
    /// Every signature of the message, whoever made it, by a trusted key.
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
    pub(super) fn is_met_early(&self, tally: &Tally) -> bool {
        match self {
            Self::All => false,
            Self::AtLeast(needed) => tally.keys() >= *needed,
            Self::Keys(keys) => keys.iter().all(|key| tally.has(key)),
        }
    }

    pub(super) fn conclude(&self, tally: Tally) -> Result<Signers, Error> {
        let (needed, found) = match self {
            // Any signature that did not verify has ended it before.
            Self::All => (1, tally.signatures()),
            Self::AtLeast(needed) => (*needed, tally.keys()),
            Self::Keys(keys) => (keys.len(), keys.iter().filter(|key| tally.has(key)).count()),
        };
        if found >= needed {
            Ok(tally.into_signers())
        } else {
            Err(Verification::SignPolicy { needed, found }.into())
        }
    }
}
