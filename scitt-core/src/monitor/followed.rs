//! What a monitor keeps of a statement.

use alloc::string::String;

use crate::{DocumentError, DocumentKind};

/// What came of one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observation {
    /// Its document is in the index.
    Indexed {
        /// What the document is.
        kind: DocumentKind,
        /// How many packages it lists.
        packages: usize,
    },
    /// It is followed, and its document was not read: it is of no kind that is known, or broken.
    Unread(DocumentError),
    /// It is followed, and its document is not here: a hash envelope without its preimage.
    WithoutDocument,
    /// It is not followed.
    PassedOver,
}

/// A statement that a monitor follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    pub(super) index: u64,
    pub(super) subject: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) observation: Observation,
}

impl Followed {
    pub(super) fn new(
        index: u64,
        subject: Option<String>,
        issuer: Option<&str>,
        observation: Observation,
    ) -> Self {
        Self { index, subject, issuer: issuer.map(String::from), observation }
    }

    /// Returns the index of its entry in the log.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Returns what it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Returns its issuer, where the key is enrolled for that issuer.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns what came of it.
    #[must_use]
    pub const fn observation(&self) -> Observation {
        self.observation
    }

    /// Whether its document may list anything.
    pub(super) const fn is_unread(&self) -> bool {
        matches!(self.observation, Observation::Unread(_) | Observation::WithoutDocument)
    }
}
