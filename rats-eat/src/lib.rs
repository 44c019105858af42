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
// The README's example makes a token with a key and verifies it, so it needs a provider and both
// sides.
#![cfg_attr(
    all(feature = "alloc", feature = "attester", feature = "verifier", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(
        feature = "alloc",
        feature = "attester",
        feature = "verifier",
        feature = "rustcrypto"
    )),
    doc = "Attestation tokens, read, verified and written without heap."
)]

#[cfg(all(feature = "alloc", feature = "verifier"))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "verifier")]
pub mod appraisal;
#[cfg(feature = "verifier")]
pub mod ar4si;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "attester")]
pub mod attester;
#[cfg(feature = "verifier")]
mod bundle;
#[cfg(feature = "verifier")]
pub mod cca;
#[cfg(feature = "verifier")]
pub mod claim;
#[cfg(feature = "verifier")]
mod claims;
#[cfg(feature = "verifier")]
pub mod cmw;
#[cfg(feature = "verifier")]
mod device_keys;
#[cfg(feature = "verifier")]
pub mod ear;
#[cfg(feature = "json")]
pub mod eat_json;
#[cfg(feature = "verifier")]
pub mod epoch_marker;
mod error;
#[cfg(feature = "verifier")]
mod finding;
#[cfg(feature = "verifier")]
mod freshness;
#[cfg(feature = "verifier")]
mod hash_name;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "json")]
mod json_bundle;
#[cfg(feature = "json")]
pub mod jws;
#[cfg_attr(
    not(feature = "verifier"),
    allow(dead_code, reason = "one home for all numbers; most are the verifier's")
)]
mod label;
#[cfg(feature = "verifier")]
mod lifecycle;
#[cfg(feature = "verifier")]
mod limits;
#[cfg(feature = "verifier")]
pub mod measured_component;
#[cfg(feature = "json")]
mod nested_json;
#[cfg(all(feature = "alloc", feature = "verifier"))]
mod owned_claims;
#[cfg(feature = "verifier")]
pub mod parsec;
#[cfg(feature = "verifier")]
mod part;
#[cfg(feature = "verifier")]
mod path;
#[cfg(feature = "verifier")]
mod profile;
#[cfg(feature = "verifier")]
pub mod psa;
#[cfg(feature = "verifier")]
mod requirements;
mod rule;
#[cfg(feature = "verifier")]
mod token;
#[cfg(feature = "verifier")]
mod tree;
#[cfg(feature = "verifier")]
mod uccs;
#[cfg(feature = "verifier")]
mod validate;
#[cfg(any(feature = "attester", feature = "verifier"))]
mod version_scheme;

#[cfg(feature = "verifier")]
pub use bundle::Bundle;
#[cfg(feature = "verifier")]
pub use claims::Claims;
/// The COSE that tokens are made of.
pub use cose_ext;
#[cfg(feature = "verifier")]
pub use device_keys::{DeviceHint, DeviceKeys, KeysOfDevice};
pub use error::{Error, ErrorKind};
#[cfg(feature = "verifier")]
pub use finding::{Finding, Severity};
#[cfg(feature = "verifier")]
pub use freshness::{Freshness, SeveralNonces};
#[cfg(feature = "json")]
pub use json_bundle::{JsonBundle, MainToken};
#[cfg(feature = "verifier")]
pub use limits::{Limits, MAX_NESTED_TOKENS};
#[cfg(feature = "json")]
pub use nested_json::NestedJson;
#[cfg(all(feature = "alloc", feature = "verifier"))]
pub use owned_claims::OwnedClaims;
#[cfg(feature = "verifier")]
pub use part::{Part, PartContent, Voucher};
#[cfg(feature = "verifier")]
pub use path::{Path, Step};
#[cfg(feature = "verifier")]
pub use profile::EatProfile;
#[cfg(feature = "verifier")]
pub use requirements::{Requirements, UnboundIssuer};
pub use rule::Rule;
pub use spec_rules::RuleRef;
#[cfg(feature = "verifier")]
pub use token::Token;
#[cfg(all(feature = "alloc", feature = "verifier"))]
pub use tree::{Tree, TreeContent, TreePart};
#[cfg(feature = "verifier")]
pub use uccs::Uccs;
