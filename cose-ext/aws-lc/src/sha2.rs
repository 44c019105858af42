//! SHA-2 (RFC 9054 3.2).

use aws_lc_rs::digest;

use cose_crypto::{Algorithm, Feed, HashFunction, HashValue, Interrupted};

macro_rules! hash_function {
    ($(#[$doc:meta])* $type:ident, $function:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $type;

        impl $type {
            fn finish(state: digest::Context) -> HashValue {
                let mut value = [0; $len];
                for (byte, digested) in value.iter_mut().zip(state.finish().as_ref()) {
                    *byte = *digested;
                }
                value.into()
            }
        }

        impl HashFunction for $type {
            fn algorithm(&self) -> Algorithm {
                Algorithm::$function
            }

            fn hash(&self, message: &[&[u8]]) -> HashValue {
                let mut state = digest::Context::new(&digest::$function);
                for part in message {
                    state.update(part);
                }
                Self::finish(state)
            }

            fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
                let mut state = digest::Context::new(&digest::$function);
                feed(&mut |piece| state.update(piece))?;
                Ok(Self::finish(state))
            }
        }
    };
}

hash_function! {
    /// SHA-256 (RFC 9054 3.2), 32 bytes.
    Sha256, SHA256, 32
}
hash_function! {
    /// SHA-384 (RFC 9054 3.2), 48 bytes.
    Sha384, SHA384, 48
}
hash_function! {
    /// SHA-512 (RFC 9054 3.2), 64 bytes.
    Sha512, SHA512, 64
}
hash_function! {
    /// SHA-512/256 (RFC 9054 3.2), 32 bytes.
    Sha512_256, SHA512_256, 32
}

/// The hash function that `algorithm` names.
pub(super) const fn hash_function(algorithm: Algorithm) -> Option<&'static dyn HashFunction> {
    match algorithm {
        Algorithm::SHA256 => Some(&Sha256),
        Algorithm::SHA384 => Some(&Sha384),
        Algorithm::SHA512 => Some(&Sha512),
        Algorithm::SHA512_256 => Some(&Sha512_256),
        _ => None,
    }
}
