//! The seam to cryptography: one small object-safe trait per operation.
//!
//! Algorithms are chosen at run time from a header, so dispatch is dynamic here and generic inside
//! a provider. A message is `&[&[u8]]`: the parts of a structure that is signed or hashed are never
//! copied together, at any size. No trait asks for `Send` or `Sync`; a peripheral in a `RefCell` is
//! welcome. Nothing here imports another module of the crate.

mod algorithm;
mod error;
mod fixed_key;
mod hash;
mod policy;
mod private_key;
mod provider;
mod public_key;
mod sign;
mod verify;

pub use algorithm::{Algorithm, Curve, KeyType};
pub use error::{Interrupted, InvalidKey, SignError, VerifyError};
pub use fixed_key::{AkpPublicKey, Ec2PublicKey, OkpPublicKey};
pub use hash::{HashFunction, HashValue};
pub use policy::{AlgorithmPolicy, Binding};
pub use private_key::{PrivateKey, PrivateKeyMaterial};
pub use provider::{Key, Provider};
pub use public_key::{KeyMaterial, KeyProfile, PublicKey, YCoordinate};
pub use sign::Signer;
pub use verify::{Feed, SignatureVerifier};
