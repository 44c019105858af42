//! What a command wants to be reported (SUIT manifest 8.4.7).

/// The argument of a condition, and of most directives: whether it is to be recorded, and whether
/// what was measured meanwhile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReportingPolicy(u8);

impl ReportingPolicy {
    /// suit-send-record-on-success.
    pub const RECORD_ON_SUCCESS: Self = Self(1);
    /// suit-send-record-on-failure.
    pub const RECORD_ON_FAILURE: Self = Self(2);
    /// suit-send-sysinfo-success.
    pub const SYSTEM_PROPERTIES_ON_SUCCESS: Self = Self(4);
    /// suit-send-sysinfo-failure.
    pub const SYSTEM_PROPERTIES_ON_FAILURE: Self = Self(8);
    /// All four.
    pub const ALL: Self = Self(15);

    /// Returns the policy of this number; bits that mean nothing are left out.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        let [low, ..] = bits.to_le_bytes();
        Self(low & Self::ALL.0)
    }

    /// Returns the policy that asks for what either asks for.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether a command that ended so is to be recorded.
    #[must_use]
    pub const fn asks_for_record(self, succeeded: bool) -> bool {
        self.has(if succeeded { Self::RECORD_ON_SUCCESS } else { Self::RECORD_ON_FAILURE })
    }

    /// Returns whether what was measured for a command that ended so is to be reported.
    #[must_use]
    pub const fn asks_for_system_properties(self, succeeded: bool) -> bool {
        self.has(match succeeded {
            true => Self::SYSTEM_PROPERTIES_ON_SUCCESS,
            false => Self::SYSTEM_PROPERTIES_ON_FAILURE,
        })
    }

    const fn has(self, bit: Self) -> bool {
        self.0 & bit.0 != 0
    }
}
