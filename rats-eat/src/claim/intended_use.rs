//! `intuse` (RFC 9711 4.3.3).

use cose_ext::cbor::{Int, Raw, Reader};

use crate::{Error, Rule, error::Breaks};

/// What a token was made for. The registry is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntendedUse(pub Int);

impl IntendedUse {
    /// Reads an integer.
    ///
    /// # Errors
    ///
    /// [`Rule::IntendedUse`].
    pub fn read(value: &Raw<'_>) -> Result<Self, Error> {
        value.read(Reader::int).map(Self).breaks(Rule::IntendedUse)
    }

    /// Returns the name that RFC 9711 4.3.3 gives: `generic`, `registration`, `provisioning`,
    /// `csr`, `pop`.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        Some(match self.0.to_u64()? {
            1 => "generic",
            2 => "registration",
            3 => "provisioning",
            4 => "csr",
            5 => "pop",
            _ => return None,
        })
    }
}
