//! What would have been too much work.

use core::fmt;

/// Which bound was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::header_entries`](crate::Limits::header_entries); the offset is that of the bucket.
    HeaderEntries,
    /// [`Limits::certificates`](crate::Limits::certificates): more came along.
    Certificates,
    /// [`Limits::path_signatures`](crate::Limits::path_signatures) or
    /// [`Limits::path_steps`](crate::Limits::path_steps): no path was found with that much work.
    CertificationPath,
    /// [`Limits::candidates`](crate::Limits::candidates): none of the first ones verified.
    Candidates,
    /// [`Limits::signatures`](crate::Limits::signatures).
    Signatures,
    /// [`Signers::CAPACITY`](crate::sign::Signers::CAPACITY): more different keys vouch for one
    /// value than can be held.
    Signers,
    /// [`Limits::countersignatures`](crate::Limits::countersignatures).
    Countersignatures,
    /// [`Limits::recipients`](crate::Limits::recipients).
    Recipients,
    /// [`Limits::recipient_depth`](crate::Limits::recipient_depth).
    RecipientDepth,
    /// [`Limits::nested_tokens`](crate::Limits::nested_tokens).
    NestedTokens,
    /// The signature checks that one call may cause, over all that it verifies.
    SignatureChecks,
    /// The bytes that one call may hash, over all that it verifies.
    HashedBytes,
    /// The items that one call may compare, over all that it verifies.
    ComparedItems,
    /// The iterations of PBKDF2 that a private key under a password asks for.
    PasswordIterations,
    /// The blocks of scrypt, in memory and time, that a private key under a password asks for.
    PasswordBlocks,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HeaderEntries => "too many header parameters in one bucket",
            Self::Certificates => "too many certificates",
            Self::CertificationPath => "too many ways to combine certificates",
            Self::Candidates => "too many candidate keys",
            Self::Signatures => "too many signatures",
            Self::Signers => "too many different keys vouch for one value",
            Self::Countersignatures => "too many countersignatures",
            Self::Recipients => "too many recipients",
            Self::RecipientDepth => "recipients nest too deep",
            Self::NestedTokens => "tokens nest too deep",
            Self::SignatureChecks => "too many signature checks for one call",
            Self::HashedBytes => "too many bytes to hash for one call",
            Self::ComparedItems => "too many items to compare for one call",
            Self::PasswordIterations => {
                "the encrypted private key asks for too many iterations of PBKDF2"
            }
            Self::PasswordBlocks => "the encrypted private key asks for too much work of scrypt",
        })
    }
}
