#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::exhaustive_enums, clippy::missing_errors_doc, clippy::must_use_candidate)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]
#![doc = include_str!("../README.md")]

#[cfg(test)]
extern crate std;

mod aead;
mod algorithm;
#[cfg(feature = "arbitrary")]
mod arbitrary;
mod cipher;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod fixed_key;
mod hash;
#[cfg(feature = "hss-lms")]
pub mod hss_lms;
mod key;
mod key_agreement;
mod key_wrap;
mod mac;
mod operations;
mod parameters;
mod policy;
mod private_key;
mod provider;
mod public_key;
mod public_key_check;
mod secret;
mod secret_provider;
mod sign;
mod symmetric_key;
mod verify;

pub use aead::Aead;
pub use algorithm::{Algorithm, Curve, KeyType};
pub use cipher::UnauthenticatedCipher;
pub use error::{BufferTooShort, Interrupted, InvalidKey, SecretError, SignError, VerifyError};
pub use fixed_key::{AkpPublicKey, Ec2PublicKey, OkpPublicKey};
pub use hash::{HashFunction, HashValue};
pub use key::Key;
pub use key_agreement::{Hkdf, KeyAgreement, KeyDerivation, SharedSecret};
pub use key_wrap::KeyWrap;
pub use mac::Mac;
pub use operations::{KeyOperation, KeyOperations};
pub use parameters::{Operation, Sender};
pub use policy::{AlgorithmPolicy, Binding};
pub use private_key::{PrivateKey, PrivateKeyMaterial};
pub use provider::Provider;
pub use public_key::{KeyMaterial, KeyProfile, PublicKey, YCoordinate};
pub use secret::{Secret, SecretKey};
pub use secret_provider::SecretProvider;
pub use sign::{Signer, StreamSigner};
pub use symmetric_key::SymmetricKey;
pub use verify::{Feed, SignatureVerifier};
