//! How a verifier came to trust a key.

/// How the verifier came to trust the key of a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum KeyOrigin {
    /// The key itself is in the trust store, or the certificate that holds it is.
    #[default]
    Enrolled,
    /// A certification path leads from the certificate of the key to a trust anchor.
    Path {
        /// The second since 1970-01-01T00:00Z at which the path was valid; `None` where the caller
        /// gave no time. Revocation is not checked.
        valid_at: Option<i64>,
    },
}
