//! What a refused certificate is for.

use core::fmt;

/// The purposes that a certificate states in its extended key usage (RFC 5280 4.2.1.12), as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedPurposes(u8);

impl StatedPurposes {
    /// No purpose.
    pub const NONE: Self = Self(0);
    /// id-kp-serverAuth.
    pub const SERVER_AUTH: Self = Self(1);
    /// id-kp-clientAuth.
    pub const CLIENT_AUTH: Self = Self(2);
    /// id-kp-codeSigning.
    pub const CODE_SIGNING: Self = Self(4);
    /// id-kp-emailProtection.
    pub const EMAIL_PROTECTION: Self = Self(8);
    /// id-kp-timeStamping.
    pub const TIME_STAMPING: Self = Self(16);
    /// id-kp-OCSPSigning.
    pub const OCSP_SIGNING: Self = Self(32);
    /// Any that has no constant here.
    pub const OTHER: Self = Self(64);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::SERVER_AUTH, "serverAuth"),
        (Self::CLIENT_AUTH, "clientAuth"),
        (Self::CODE_SIGNING, "codeSigning"),
        (Self::EMAIL_PROTECTION, "emailProtection"),
        (Self::TIME_STAMPING, "timeStamping"),
        (Self::OCSP_SIGNING, "OCSPSigning"),
        (Self::OTHER, "others"),
    ];

    /// Returns the set with the purposes of `other` as well.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether all purposes of `other` are in the set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the set as a number, for a place that holds numbers.
    #[cfg(feature = "x509")]
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// Returns the set that [`bits`](Self::bits) made a number of.
    #[cfg(feature = "x509")]
    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

impl fmt::Display for StatedPurposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "";
        for (purpose, name) in Self::NAMES {
            if self.contains(purpose) {
                write!(f, "{before}{name}")?;
                before = ", ";
            }
        }
        Ok(())
    }
}
