//! Why a service did not do what was asked.

use core::fmt;

use crate::Error;

/// Why a service did not do what was asked. `E` is the log's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServiceError<E> {
    /// The statement, or what else was handed in, is refused. Nothing has changed.
    Refused(Error),
    /// The log failed.
    Log(E),
    /// The log failed earlier: open it again, and make the service anew over it.
    Interrupted,
}

impl<E> ServiceError<E> {
    /// Returns why something was refused; `None` where the log failed.
    pub const fn refusal(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Log(_) | Self::Interrupted => None,
        }
    }
}

impl<E> From<Error> for ServiceError<E> {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl<E> From<crate::ErrorKind> for ServiceError<E> {
    fn from(kind: crate::ErrorKind) -> Self {
        Self::Refused(kind.into())
    }
}

/// In memory nothing fails but a question for what is not there.
impl From<ServiceError<crate::NoSuchNode>> for Error {
    fn from(error: ServiceError<crate::NoSuchNode>) -> Self {
        match error {
            ServiceError::Refused(error) => error,
            ServiceError::Log(_) | ServiceError::Interrupted => crate::ErrorKind::NotInLog.into(),
        }
    }
}

impl<E: fmt::Display> fmt::Display for ServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => fmt::Display::fmt(error, f),
            Self::Log(error) => write!(f, "the log failed: {error}"),
            Self::Interrupted => f.write_str("the log failed earlier and has to be opened again"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for ServiceError<E> {}
