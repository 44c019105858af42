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
// The README's example makes an envelope and registers it, so it needs a heap and a provider.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "rustcrypto")),
    doc = "SUIT envelopes whose authentication block is a SCITT signed statement, verified without heap."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "alloc")]
mod alarm;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "alloc")]
mod author;
mod class_urn;
mod device;
mod error;
#[cfg(feature = "alloc")]
mod firmware_policy;
mod header;
mod issuer;
mod manifest_claims;
#[cfg(feature = "alloc")]
mod monitor;
pub mod profile;
mod receipts;
#[cfg(feature = "alloc")]
mod register;
#[cfg(feature = "alloc")]
mod registry;
#[cfg(feature = "alloc")]
mod release;
mod rule;
mod transparent_manifest;
mod twin;

#[cfg(feature = "alloc")]
pub use alarm::Alarm;
#[cfg(feature = "alloc")]
pub use author::{BlockBuilder, PreparedBlock, SignedBlock};
pub use class_urn::ClassUrn;
/// The COSE that blocks and receipts are made of.
pub use cose_ext;
pub use device::Device;
pub use error::{Error, ErrorKind, Step, Verdict};
#[cfg(feature = "alloc")]
pub use firmware_policy::FirmwarePolicy;
#[cfg(feature = "alloc")]
pub use monitor::FirmwareMonitor;
pub use receipts::{ReceiptOutcome, ReliedOn};
#[cfg(feature = "alloc")]
pub use register::{RegisterError, Registrars};
#[cfg(feature = "alloc")]
pub use registry::FirmwareRegistry;
pub use rule::Rule;
/// The statements that blocks are.
pub use scitt_core;
pub use spec_rules::RuleRef;
/// The manifests that blocks are about.
pub use suit_manifest;
pub use transparent_manifest::{NotChecked, TransparentManifest};
