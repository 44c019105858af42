//! Error codes and their two numberings (section 4.6).

use crate::Numbering;

/// Why a peer could not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The peer cannot go on, and may stay silent for a while.
    PermanentError,
    /// An extension is not supported: the peer may ask again without.
    UnsupportedExtension,
    /// No freshness mechanism is supported; the ones that are come along.
    UnsupportedFreshnessMechanisms,
    /// No version is supported; the ones that are come along.
    UnsupportedMsgVersion,
    /// No cipher suite is supported; the ones that are come along.
    UnsupportedCipherSuites,
    /// A certificate does not verify.
    BadCertificate,
    /// The peer has to be attested first.
    AttestationRequired,
    /// SUIT Reports under these profiles are not supported; the ones that are come along.
    UnsupportedSuitReport,
    /// A certificate has expired.
    CertificateExpired,
    /// A passing condition: the peer may ask again later.
    TemporaryError,
    /// A manifest could not be processed.
    ManifestProcessingFailed,
    /// Another code, as it stands on the wire and never 0.
    Other(u64),
}

impl ErrorCode {
    /// Returns the meaning of a code; `None` for 0, which must not be used.
    #[must_use]
    pub const fn from_wire(code: u64, numbering: Numbering) -> Option<Self> {
        Some(match (code, numbering) {
            (0, _) => return None,
            (1, _) => Self::PermanentError,
            (2, _) => Self::UnsupportedExtension,
            (3, _) => Self::UnsupportedFreshnessMechanisms,
            (4, _) => Self::UnsupportedMsgVersion,
            (5, _) => Self::UnsupportedCipherSuites,
            (6, _) => Self::BadCertificate,
            (7, _) => Self::AttestationRequired,
            (8, _) => Self::UnsupportedSuitReport,
            (9, _) => Self::CertificateExpired,
            (10, _) => Self::TemporaryError,
            (11, Numbering::Iana) | (17, Numbering::Draft25) => Self::ManifestProcessingFailed,
            (other, _) => Self::Other(other),
        })
    }

    /// Returns the code on the wire.
    #[must_use]
    pub const fn to_wire(self, numbering: Numbering) -> u64 {
        match self {
            Self::PermanentError => 1,
            Self::UnsupportedExtension => 2,
            Self::UnsupportedFreshnessMechanisms => 3,
            Self::UnsupportedMsgVersion => 4,
            Self::UnsupportedCipherSuites => 5,
            Self::BadCertificate => 6,
            Self::AttestationRequired => 7,
            Self::UnsupportedSuitReport => 8,
            Self::CertificateExpired => 9,
            Self::TemporaryError => 10,
            Self::ManifestProcessingFailed => match numbering {
                Numbering::Iana => 11,
                Numbering::Draft25 => 17,
            },
            Self::Other(code) => code,
        }
    }

    /// Returns what a receiver makes of it: codes that the registry leaves open below 24 are
    /// permanent errors, larger ones stay unknown (section 4.6 wants them handled without failing).
    #[must_use]
    pub const fn as_handled(self) -> Self {
        match self {
            Self::Other(code) if code < 24 => Self::PermanentError,
            known => known,
        }
    }

    /// Tells whether the sender says that asking again later may help.
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::TemporaryError)
    }
}
