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

#[cfg(feature = "aws-lc")]
pub mod aws_lc;
pub mod cbor;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "alloc")]
mod content;
mod context;
#[cfg(feature = "coset")]
pub mod coset;
pub mod countersignature;
pub mod crypto;
pub mod cwt;
pub mod diag;
mod digest;
mod enc_structure;
pub mod encrypt;
pub mod encrypt0;
pub mod error;
mod frame;
pub mod header;
#[cfg(feature = "hss-lms")]
pub mod hss_lms;
mod input;
pub mod key;
mod label;
mod limits;
pub mod mac;
pub mod mac0;
mod mac_structure;
#[cfg(feature = "alloc")]
mod map_builder;
mod nonce;
mod profile;
pub mod recipient;
pub mod registry;
mod rule;
#[cfg(feature = "sha2")]
pub mod rustcrypto;
mod sig_structure;
pub mod sign;
pub mod sign1;
mod signed;
#[cfg(feature = "timestamp")]
pub mod timestamp;
mod unauthenticated;
mod verified;
#[cfg(feature = "alloc")]
mod with_unprotected;
#[cfg(feature = "x509")]
pub mod x509;

#[cfg(feature = "alloc")]
pub use content::Content;
pub use context::Context;
pub use countersignature::{Countersignature, Countersignature0};
pub use digest::Digest;
pub use enc_structure::EncStructure;
pub use encrypt::Encrypt;
pub use encrypt0::Encrypt0;
pub use error::Error;
pub use input::{Input, Payload};
pub use label::Label;
pub use limits::Limits;
pub use mac::Mac;
pub use mac_structure::MacStructure;
pub use mac0::Mac0;
#[cfg(feature = "alloc")]
pub use map_builder::{MapBuilder, Value};
pub use profile::{AlgorithmPlacement, Profile};
pub use recipient::{Opened, Recipient};
pub use rule::Rule;
pub use sig_structure::SigStructure;
pub use sign::Sign;
pub use sign1::Sign1;
pub use signed::Signed;
pub use unauthenticated::Unauthenticated;
pub use verified::{SignedBy, Verified, VerifiedItems};
