//! What statements are about.

mod purl;

use alloc::string::{String, ToString};
use core::fmt;

pub use self::purl::Purl;
#[cfg(feature = "sbom")]
pub(crate) use self::purl::{decode, encode};
use crate::{Error, Rule};

/// The longest subject that is made here, in bytes.
const MAX_LEN: usize = 8192;

/// A subject for [`StatementBuilder`](crate::StatementBuilder): text that names one thing, in the
/// form that the thing's own world gives it, so that everybody who speaks of it writes down one
/// name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(String);

impl Subject {
    /// Makes the subject from a purl, in canonical form. Two spellings of one package are one
    /// subject.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if the text is not a purl.
    pub fn from_purl(purl: &str) -> Result<Self, Error> {
        Ok(Self(Purl::parse(purl)?.to_string()))
    }

    /// Makes the subject from an identifier, taken as it is: an SPDX documentNamespace, a CycloneDX
    /// serialNumber or another one.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if it is empty, longer than 8 192 bytes, or holds white space or
    /// control characters.
    pub fn from_identifier(identifier: &str) -> Result<Self, Error> {
        let is_bad = |character: char| character.is_whitespace() || character.is_control();
        if identifier.is_empty() || identifier.len() > MAX_LEN || identifier.contains(is_bad) {
            return Err(Error::broken(Rule::SubjectForm, 0));
        }
        Ok(Self(identifier.into()))
    }

    /// Returns the text: what `sub` says.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for Subject {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
