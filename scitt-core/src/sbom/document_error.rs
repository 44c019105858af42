//! Why a document was not read.

use core::fmt;

/// Why a document was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON, or has a member twice, at this place.
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is not CBOR that a CoSWID could be.
    Cbor,
    /// It is of no kind that is known here.
    Unknown,
    /// A member that its kind asks for is not there, or of another type.
    Missing(Member),
    /// It is longer than [`DocumentLimits::bytes`](crate::DocumentLimits::bytes).
    TooLong,
    /// It lists more packages than [`DocumentLimits::packages`](crate::DocumentLimits::packages).
    TooManyPackages,
}

/// The name of a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Member(pub(super) &'static str);

impl Member {
    /// All that is asked for, in an order that does not change: a checkpoint names them by place.
    const ALL: [&'static str; 5] = [
        "documentNamespace",
        "SpdxDocument with a spdxId",
        "@id",
        "document.tracking.id",
        "tag-id",
    ];

    /// Its place, by which a checkpoint names it.
    pub(crate) fn place(self) -> usize {
        let place = Self::ALL.iter().position(|name| *name == self.0);
        place.unwrap_or(Self::ALL.len())
    }

    pub(crate) fn at(place: usize) -> Option<Self> {
        Self::ALL.get(place).map(|name| Self(name))
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { line, column } => {
                write!(f, "no JSON without duplicate members, at line {line}, column {column}")
            }
            Self::Cbor => f.write_str("neither JSON nor the CBOR of a CoSWID"),
            Self::Unknown => f.write_str("the document is of no kind that is known here"),
            Self::Missing(member) => write!(f, "the document has no {}", member.0),
            Self::TooLong => f.write_str("the document is too long"),
            Self::TooManyPackages => f.write_str("the document lists too many packages"),
        }
    }
}

impl core::error::Error for DocumentError {}
