//! The seam to cryptography: one small object-safe trait per operation.
//!
//! Algorithms are chosen at run time from a header, so dispatch is dynamic here and generic inside
//! a provider. A message is `&[&[u8]]`: the parts of a structure that is signed or hashed are never
//! copied together, at any size. No trait asks for `Send` or `Sync`; a peripheral in a `RefCell` is
//! welcome. Nothing here imports another module of the crate.

mod aead;
mod algorithm;
mod cipher;
mod error;
mod fixed_key;
mod hash;
mod key_agreement;
mod key_wrap;
mod mac;
mod operations;
mod parameters;
mod policy;
mod private_key;
mod provider;
mod public_key;
mod secret;
mod sign;
mod symmetric_key;
mod verify;

pub use aead::Aead;
pub use algorithm::{Algorithm, Curve, KeyType};
pub use cipher::UnauthenticatedCipher;
pub use error::{Interrupted, InvalidKey, SecretError, SignError, VerifyError};
pub use fixed_key::{AkpPublicKey, Ec2PublicKey, OkpPublicKey};
pub use hash::{HashFunction, HashValue};
pub use key_agreement::{Hkdf, KeyAgreement, KeyDerivation, SharedSecret};
pub use key_wrap::KeyWrap;
pub use mac::Mac;
pub use operations::{KeyOperation, KeyOperations};
pub use parameters::{Operation, Sender};
pub use policy::{AlgorithmPolicy, Binding};
pub use private_key::{PrivateKey, PrivateKeyMaterial};
pub use provider::{Key, Provider};
pub use public_key::{KeyMaterial, KeyProfile, PublicKey, YCoordinate};
pub use secret::{Secret, SecretKey};
pub use sign::Signer;
pub use symmetric_key::SymmetricKey;
pub use verify::{Feed, SignatureVerifier};
