//! What cryptographic operations report when they do not succeed.

use core::fmt;

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature is not one of this message under this key.
    InvalidSignature,
    /// This verifier cannot do the algorithm, or cannot do it in this way: nothing is known about
    /// the signature.
    Unsupported,
    /// The public key is not a key of its type: nothing is known about the signature.
    InvalidKey,
    /// The message could not be read to its end.
    Interrupted,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidSignature => "the signature is not valid",
            Self::Unsupported => "the verifier does not do this",
            Self::InvalidKey => "the public key is malformed",
            Self::Interrupted => "the message could not be read to its end",
        })
    }
}

impl core::error::Error for VerifyError {}

impl From<Interrupted> for VerifyError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

/// Tells that a buffer is shorter than what was to be written into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooShort {
    /// The length that suffices, in bytes.
    pub needed: usize,
}

impl fmt::Display for BufferTooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too short, {} bytes suffice", self.needed)
    }
}

impl core::error::Error for BufferTooShort {}

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The output buffer is shorter than the signature.
    BufferTooShort(BufferTooShort),
    /// The device or the library refused.
    Device,
    /// The message could not be read to its end.
    Interrupted,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooShort(error) => fmt::Display::fmt(error, f),
            Self::Device => f.write_str("the signer refused"),
            Self::Interrupted => f.write_str("the message could not be read to its end"),
        }
    }
}

impl core::error::Error for SignError {}

impl From<Interrupted> for SignError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

impl From<BufferTooShort> for SignError {
    fn from(error: BufferTooShort) -> Self {
        Self::BufferTooShort(error)
    }
}

/// Why a secret key did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// The key, its device or the provider does not do this.
    Unsupported,
    /// The output buffer is shorter than what goes there.
    BufferTooShort(BufferTooShort),
    /// Wrong length of key, nonce or IV; peer key not on the curve; invalid padding.
    Malformed,
    /// The device or the library refused.
    Device,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported => f.write_str("the secret key does not do this"),
            Self::BufferTooShort(error) => fmt::Display::fmt(error, f),
            Self::Malformed => f.write_str(
                "wrong length of key, nonce or IV, peer key not on the curve, or invalid padding",
            ),
            Self::Device => f.write_str("the holder of the secret key refused"),
        }
    }
}

impl core::error::Error for SecretError {}

impl From<BufferTooShort> for SecretError {
    fn from(error: BufferTooShort) -> Self {
        Self::BufferTooShort(error)
    }
}

impl From<InvalidKey> for SecretError {
    fn from(error: InvalidKey) -> Self {
        match error {
            InvalidKey::Unsupported => Self::Unsupported,
            InvalidKey::Malformed => Self::Malformed,
        }
    }
}

/// Why no verifier or signer can be made of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidKey {
    /// The provider does not do this key type or curve: nothing is known about the key.
    Unsupported,
    /// Wrong length, not on the curve, too small or otherwise not a key of its type.
    Malformed,
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsupported => "the provider does not do keys of this type",
            Self::Malformed => "not a key of its type",
        })
    }
}

impl core::error::Error for InvalidKey {}

/// A feed stopped before its end. Whoever feeds knows the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the message could not be read to its end")
    }
}

impl core::error::Error for Interrupted {}
