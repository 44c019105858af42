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
// The README's example makes a token with a key, so it needs a provider.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "rustcrypto")),
    doc = "Attestation tokens, read, verified and written without heap."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod ar4si;
pub mod cmw;
pub mod ear;
#[cfg(feature = "json")]
pub mod eat_json;
mod error;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "json")]
pub mod jws;
mod label;
mod rule;

/// The COSE that tokens are made of.
pub use cose_ext;
pub use error::{Error, ErrorKind};
pub use rule::Rule;
pub use spec_rules::RuleRef;
