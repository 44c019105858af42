//! ECDSA over any curve (RFC 9053 2.1, RFC 9864 2.1); each curve's module gives it a name.

mod curve_keys;
mod signing;
mod verifying;

use ::ecdsa::{DigestAlgorithm, EcdsaCurve, elliptic_curve::CurveArithmetic};

pub(super) use curve_keys::curve_keys;
pub(super) use signing::Signing;
pub(super) use verifying::Verifying;

use super::sha2::Sha256;
#[cfg(feature = "sha512")]
use super::sha2::{Sha384, Sha512};
use cose_crypto::{Algorithm, Curve, HashFunction};

/// A curve with its COSE names.
pub(super) trait NamedCurve: EcdsaCurve + CurveArithmetic + DigestAlgorithm {
    const CURVE: Curve;
    /// The polymorphic identifier that RFC 9053 pairs with the curve; what deployed software reads.
    const USUAL: Algorithm;
    /// The fully specified identifier (RFC 9864), on this curve only.
    const SPECIFIED: Algorithm;
    /// The hash function of both.
    const HASH: Algorithm;

    /// Returns the hash function of `algorithm` on this curve. The polymorphic identifiers name the
    /// hash and leave the curve to policy; ES384 and ES512 need feature `sha512`, which P-256 alone
    /// does not bring.
    fn hash_function(algorithm: Algorithm) -> Option<&'static dyn HashFunction> {
        let hash = match algorithm {
            own if own == Self::SPECIFIED || own == Self::USUAL => Self::HASH,
            Algorithm::ES256 => Algorithm::SHA256,
            Algorithm::ES384 => Algorithm::SHA384,
            Algorithm::ES512 => Algorithm::SHA512,
            _ => return None,
        };
        match hash {
            Algorithm::SHA256 => Some(&Sha256),
            #[cfg(feature = "sha512")]
            Algorithm::SHA384 => Some(&Sha384),
            #[cfg(feature = "sha512")]
            Algorithm::SHA512 => Some(&Sha512),
            _ => None,
        }
    }
}
