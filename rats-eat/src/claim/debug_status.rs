//! `dbgstat` (RFC 9711 4.2.9).

use cose_ext::cbor::Raw;

use super::uint;
use crate::{Error, Rule};

/// Whether debugging is possible, from open to closed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9711 4.2.9 has no others")]
pub enum DebugStatus {
    /// 0: enabled.
    Enabled,
    /// 1: disabled.
    Disabled,
    /// 2: disabled since the entity booted.
    DisabledSinceBoot,
    /// 3: disabled permanently; the maker may enable it, so that [`oemid`](crate::Claims::oem_id)
    /// has to say who that is.
    DisabledPermanently,
    /// 4: disabled fully and permanently; nobody can enable it.
    DisabledFullyAndPermanently,
}

impl DebugStatus {
    /// Reads an integer from 0 to 4.
    ///
    /// # Errors
    ///
    /// [`Rule::DebugStatus`].
    pub fn read(value: &Raw<'_>) -> Result<Self, Error> {
        match uint(value, Rule::DebugStatus)? {
            0 => Ok(Self::Enabled),
            1 => Ok(Self::Disabled),
            2 => Ok(Self::DisabledSinceBoot),
            3 => Ok(Self::DisabledPermanently),
            4 => Ok(Self::DisabledFullyAndPermanently),
            _ => Err(Error::broken(Rule::DebugStatus, value.offset())),
        }
    }

    /// Returns the number that stands on the wire.
    #[must_use]
    pub const fn value(self) -> u8 {
        match self {
            Self::Enabled => 0,
            Self::Disabled => 1,
            Self::DisabledSinceBoot => 2,
            Self::DisabledPermanently => 3,
            Self::DisabledFullyAndPermanently => 4,
        }
    }
}
