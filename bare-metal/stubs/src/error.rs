use core::fmt;

use cose_ext::cbor;

/// Why a stub stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// As COSE it is not what it has to be.
    Cose(cose_ext::Error),
    /// As a statement or a receipt it is not what it has to be.
    Scitt(scitt_core::Error),
    /// A member that has to be there is missing, or is something else.
    Shape,
    /// The lent memory, or the number of components or of nested manifests, does not suffice.
    Full,
    /// A call that answers nothing that was asked.
    OutOfTurn,
    /// What came does not have the digest that was signed.
    Mismatch,
}

impl From<cose_ext::Error> for Error {
    fn from(error: cose_ext::Error) -> Self {
        Self::Cose(error)
    }
}

impl From<scitt_core::Error> for Error {
    fn from(error: scitt_core::Error) -> Self {
        Self::Scitt(error)
    }
}

impl From<cbor::Error> for Error {
    fn from(error: cbor::Error) -> Self {
        Self::Cose(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cose(error) => fmt::Display::fmt(error, f),
            Self::Scitt(error) => fmt::Display::fmt(error, f),
            Self::Shape => f.write_str("a member is missing, or is something else"),
            Self::Full => f.write_str("the lent memory or the number of places does not suffice"),
            Self::OutOfTurn => f.write_str("nothing was asked that this answers"),
            Self::Mismatch => f.write_str("not what the signed digest is of"),
        }
    }
}

impl core::error::Error for Error {}
