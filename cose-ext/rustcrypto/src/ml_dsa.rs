//! ML-DSA (FIPS 204) as RFC 9964 uses it: pure, with an empty context. Each parameter set gets a
//! name of its own, since the algorithm of an AKP key says which one it is.

mod set_keys;
mod signing;
mod verifying;

use ::ml_dsa::{MlDsa44, MlDsa65, MlDsa87, MlDsaParams};

use set_keys::set_keys;
use signing::Signing;
use verifying::Verifying;

use cose_crypto::Algorithm;

/// A parameter set with its COSE name and its lengths in bytes (FIPS 204 table 2).
trait NamedSet: MlDsaParams {
    const ALGORITHM: Algorithm;
    const SIGNATURE_LEN: usize;
}

set_keys! {
    MlDsa44, "ML-DSA-44", ML_DSA_44, 1312, 2420, MlDsa44VerifyingKey, MlDsa44SigningKey
}
set_keys! {
    MlDsa65, "ML-DSA-65", ML_DSA_65, 1952, 3309, MlDsa65VerifyingKey, MlDsa65SigningKey
}
set_keys! {
    MlDsa87, "ML-DSA-87", ML_DSA_87, 2592, 4627, MlDsa87VerifyingKey, MlDsa87SigningKey
}
