//! SHAKE128 and SHAKE256 (RFC 9054 3.3).

use ::shake::{ExtendableOutput, Update, XofReader};

use cose_crypto::{Algorithm, Feed, HashFunction, HashValue, Interrupted};

macro_rules! hash_function {
    ($(#[$doc:meta])* $type:ident, $algorithm:expr, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $type;

        impl $type {
            fn finish(state: ::shake::$type) -> HashValue {
                let mut digest = [0; $len];
                state.finalize_xof().read(&mut digest);
                digest.into()
            }
        }

        impl HashFunction for $type {
            fn algorithm(&self) -> Algorithm {
                $algorithm
            }

            fn hash(&self, message: &[&[u8]]) -> HashValue {
                let mut state = ::shake::$type::default();
                for part in message {
                    state.update(part);
                }
                Self::finish(state)
            }

            fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
                let mut state = ::shake::$type::default();
                feed(&mut |piece| state.update(piece))?;
                Ok(Self::finish(state))
            }
        }
    };
}

hash_function! {
    /// SHAKE128 with 256 bits of output (RFC 9054 3.3), 32 bytes.
    Shake128, Algorithm::SHAKE128, 32
}
hash_function! {
    /// SHAKE256 with 512 bits of output (RFC 9054 3.3), 64 bytes.
    Shake256, Algorithm::SHAKE256, 64
}

/// The hash function that `algorithm` names.
pub(super) const fn hash_function(algorithm: Algorithm) -> Option<&'static dyn HashFunction> {
    match algorithm {
        Algorithm::SHAKE128 => Some(&Shake128),
        Algorithm::SHAKE256 => Some(&Shake256),
        _ => None,
    }
}
