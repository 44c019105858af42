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
pub mod attester;
mod bundle;
pub mod cca;
pub mod claim;
mod claims;
pub mod cmw;
mod device_keys;
pub mod ear;
#[cfg(feature = "json")]
pub mod eat_json;
pub mod epoch_marker;
mod error;
mod finding;
mod freshness;
mod hash_name;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "json")]
mod json_bundle;
#[cfg(feature = "json")]
pub mod jws;
mod label;
mod lifecycle;
mod limits;
pub mod measured_component;
#[cfg(feature = "json")]
mod nested_json;
pub mod parsec;
mod part;
mod path;
mod profile;
pub mod psa;
mod requirements;
mod rule;
mod token;
mod tree;
mod uccs;
mod validate;

pub use bundle::Bundle;
pub use claims::Claims;
/// The COSE that tokens are made of.
pub use cose_ext;
pub use device_keys::{DeviceHint, DeviceKeys, KeysOfDevice};
pub use error::{Error, ErrorKind};
pub use finding::{Finding, Severity};
pub use freshness::{Freshness, SeveralNonces};
#[cfg(feature = "json")]
pub use json_bundle::{JsonBundle, MainToken};
pub use limits::{Limits, MAX_NESTED_TOKENS};
#[cfg(feature = "json")]
pub use nested_json::NestedJson;
pub use part::{Part, PartContent, Voucher};
pub use path::{Path, Step};
pub use profile::EatProfile;
pub use requirements::{Requirements, UnboundIssuer};
pub use rule::Rule;
pub use spec_rules::RuleRef;
pub use token::Token;
pub use uccs::Uccs;
