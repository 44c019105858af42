//! SHA-2 as hash functions (RFC 9054 3.2): SHA-256 with feature `sha256`, the 64-bit kin with
//! `sha512`.

use digest::Digest;

use cose_crypto::{Algorithm, Feed, HashFunction, HashValue, Interrupted};

macro_rules! hash_function {
    ($(#[$doc:meta])* $type:ident, $algorithm:expr, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $type;

        impl HashFunction for $type {
            fn algorithm(&self) -> Algorithm {
                $algorithm
            }

            fn hash(&self, message: &[&[u8]]) -> HashValue {
                let mut state = ::sha2::$type::new();
                for part in message {
                    state.update(part);
                }
                <[u8; $len]>::from(state.finalize()).into()
            }

            fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
                let mut state = ::sha2::$type::new();
                feed(&mut |piece| state.update(piece))?;
                Ok(<[u8; $len]>::from(state.finalize()).into())
            }
        }
    };
}

#[cfg(feature = "sha256")]
hash_function! {
    /// SHA-256 (RFC 9054 3.2), 32 bytes.
    Sha256, Algorithm::SHA256, 32
}
#[cfg(feature = "sha512")]
hash_function! {
    /// SHA-384 (RFC 9054 3.2), 48 bytes.
    Sha384, Algorithm::SHA384, 48
}
#[cfg(feature = "sha512")]
hash_function! {
    /// SHA-512 (RFC 9054 3.2), 64 bytes.
    Sha512, Algorithm::SHA512, 64
}
#[cfg(feature = "sha512")]
hash_function! {
    /// SHA-512/256 (RFC 9054 3.2), 32 bytes.
    Sha512_256, Algorithm::SHA512_256, 32
}

/// Returns the hash function that `algorithm` names, of those whose feature is on.
pub(super) const fn hash_function(algorithm: Algorithm) -> Option<&'static dyn HashFunction> {
    match algorithm {
        #[cfg(feature = "sha256")]
        Algorithm::SHA256 => Some(&Sha256),
        #[cfg(feature = "sha512")]
        Algorithm::SHA384 => Some(&Sha384),
        #[cfg(feature = "sha512")]
        Algorithm::SHA512 => Some(&Sha512),
        #[cfg(feature = "sha512")]
        Algorithm::SHA512_256 => Some(&Sha512_256),
        _ => None,
    }
}
