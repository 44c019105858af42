//! What the fuzz targets share: keys to which every signature is good, and every tag.
//!
//! With a real provider no input that a fuzzer makes gets past the signature, and whatever comes behind it is never run.
//! The provider here lives in this package only, which no crate depends on.
#![forbid(unsafe_code)]

mod accept;
mod appraised;
mod board;
mod chosen;
mod claims;
mod driven;
mod keys;
mod secrets;
mod signers;

pub use accept::{Accept, agreeing_key};
pub use appraised::appraise;
pub use chosen::Chosen;
pub use claims::{look_at, profiles, told};
pub use driven::{driven, reported};
pub use keys::{public_keys, with_keys};
pub use secrets::{AGREEING, private_key, symmetric, with_secrets};
pub use signers::{AnySigner, Nobody};
