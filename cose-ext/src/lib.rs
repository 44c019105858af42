#![no_std]
#![forbid(unsafe_code)]
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
// The README's example makes a message, so it needs a heap and the default provider.
#![cfg_attr(
    all(feature = "alloc", feature = "p256", feature = "ed25519"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "p256", feature = "ed25519")),
    doc = "COSE messages, header extensions and keys."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod cbor;
mod context;
pub mod crypto;
pub mod cwt;
pub mod diag;
mod digest;
pub mod error;
pub mod header;
mod input;
pub mod key;
mod label;
mod limits;
#[cfg(feature = "alloc")]
mod map_builder;
mod profile;
pub mod registry;
mod rule;
#[cfg(feature = "sha2")]
pub mod rustcrypto;
pub mod sign1;
#[cfg(feature = "timestamp")]
pub mod timestamp;
mod verified;
#[cfg(feature = "x509")]
pub mod x509;

pub use context::Context;
pub use digest::Digest;
pub use error::Error;
pub use input::{Input, Payload};
pub use label::Label;
pub use limits::Limits;
#[cfg(feature = "alloc")]
pub use map_builder::{MapBuilder, Value};
pub use profile::{AlgorithmPlacement, Profile};
pub use rule::Rule;
pub use sign1::Sign1;
pub use verified::{SignedBy, Verified, VerifiedItems};
