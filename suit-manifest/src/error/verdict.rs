//! What an error says about the manifest.

use core::fmt;

use cose_ext::{
    cbor,
    error::{ErrorKind as CoseErrorKind, Policy},
};

use super::{Error, ErrorKind};

/// What an [`Error`] says about the envelope. The fourth verdict is that there is no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Verdict {
    /// It is not what it claims to be.
    Broken,
    /// Undecided: this build, provider or reader lacks something that it asks for, no key that was
    /// enrolled answers to it, or a limit was reached. It may be valid.
    CannotEvaluate,
    /// It may be what it claims to be, and is not accepted here.
    RefusedByPolicy,
}

impl Verdict {
    /// Returns how much the verdict says, beside others of the same envelope.
    pub(super) const fn weight(self) -> u8 {
        match self {
            Self::Broken => 2,
            Self::CannotEvaluate => 1,
            Self::RefusedByPolicy => 0,
        }
    }
}

impl Error {
    /// Returns which of the verdicts this is.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match &self.kind {
            ErrorKind::Cose(kind) => of_cose(kind),
            ErrorKind::Malformed { .. } | ErrorKind::Verification(_) => Verdict::Broken,
            ErrorKind::Unsupported(_) | ErrorKind::Limit(_) | ErrorKind::Misuse(_) => {
                Verdict::CannotEvaluate
            }
            ErrorKind::Historic(_) | ErrorKind::Policy(_) => Verdict::RefusedByPolicy,
        }
    }
}

const fn of_cose(kind: &CoseErrorKind) -> Verdict {
    match kind {
        CoseErrorKind::Cbor(
            cbor::ErrorKind::DepthLimit
            | cbor::ErrorKind::ItemLimit
            | cbor::ErrorKind::EntryLimit
            | cbor::ErrorKind::UnsupportedKey,
        ) => Verdict::CannotEvaluate,
        CoseErrorKind::Cbor(_)
        | CoseErrorKind::Malformed { .. }
        | CoseErrorKind::Verification(_) => Verdict::Broken,
        CoseErrorKind::Policy(Policy::NotEnrolled { .. }) => Verdict::CannotEvaluate,
        CoseErrorKind::Policy(_) => Verdict::RefusedByPolicy,
        _ => Verdict::CannotEvaluate,
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Broken => "broken",
            Self::CannotEvaluate => "cannot be evaluated",
            Self::RefusedByPolicy => "refused by policy",
        })
    }
}
