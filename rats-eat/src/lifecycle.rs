//! States of a device that has a PSA root of trust.

/// State of a device (RFC 9783 4.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9783 4.3.1 has no others")]
pub enum Lifecycle {
    /// 0x00..
    Unknown,
    /// 0x10..
    AssemblyAndTest,
    /// 0x20..
    RotProvisioning,
    /// 0x30.., the only one in which a verifier should trust what the device says of itself.
    Secured,
    /// 0x40..
    NonRotDebug,
    /// 0x50..
    RecoverableRotDebug,
    /// 0x60..
    Decommissioned,
}

impl Lifecycle {
    /// Returns the state that the claim `value` stands for; `None` if it lies in no range.
    #[must_use]
    pub const fn of(value: u64) -> Option<Self> {
        Some(match value >> 8 {
            0x00 => Self::Unknown,
            0x10 => Self::AssemblyAndTest,
            0x20 => Self::RotProvisioning,
            0x30 => Self::Secured,
            0x40 => Self::NonRotDebug,
            0x50 => Self::RecoverableRotDebug,
            0x60 => Self::Decommissioned,
            _ => return None,
        })
    }

    /// Returns the name that RFC 9783 gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::AssemblyAndTest => "assembly-and-test",
            Self::RotProvisioning => "psa-rot-provisioning",
            Self::Secured => "secured",
            Self::NonRotDebug => "non-psa-rot-debug",
            Self::RecoverableRotDebug => "recoverable-psa-rot-debug",
            Self::Decommissioned => "decommissioned",
        }
    }
}
