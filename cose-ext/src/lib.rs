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

mod answer;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod cbor;
mod context;
#[cfg(feature = "coset")]
pub mod coset;
pub mod countersignature;
pub mod cwt;
pub mod diag;
mod digest;
mod digest_item;
pub mod ecdsa;
pub mod error;
mod explain;
mod frame;
pub mod header;
mod input;
pub mod key;
mod label;
mod limits;
#[cfg(feature = "alloc")]
mod map_builder;
mod message;
mod notes;
mod profile;
#[cfg(feature = "std")]
mod reading;
pub mod recipient;
pub mod registry;
mod rule;
mod stream;
pub mod tag;
#[cfg(feature = "timestamp")]
pub mod timestamp;
mod verified;
mod work;
#[cfg(feature = "x509")]
pub mod x509;

#[cfg(feature = "aws-lc")]
pub use cose_aws_lc as aws_lc;
pub use cose_crypto as crypto;
#[cfg(feature = "conformance")]
pub use cose_crypto::conformance;
#[cfg(feature = "hss-lms")]
pub use cose_crypto::hss_lms;
#[cfg(feature = "_provider")]
pub use cose_rustcrypto as rustcrypto;

pub use cose_crypto::BufferTooShort;

pub use context::Context;
pub use countersignature::{Countersignature, Countersignature0};
pub use digest::Digest;
pub use error::Error;
pub use explain::Explained;
pub use input::{ImpliedAlgorithm, Input, Payload, Processed, Supplied};
pub use key::{IssuerBinding, SignedBy};
pub use label::{IntOrText, Label};
pub use limits::Limits;
#[cfg(feature = "alloc")]
pub use map_builder::{MapBuilder, Value};
#[cfg(feature = "alloc")]
pub use message::Content;
pub use message::{
    Authenticated, Bare, DraftBody, DraftHeader, EncStructure, Encrypt, Encrypt0, Mac, Mac0,
    MacStructure, Message, MessageKind, Shapes, SigStructure, Sign, Sign1, Signed, Trust,
    Unauthenticated, encrypt, encrypt0, mac, mac0, sign, sign1,
};
pub use notes::Notes;
pub use profile::{AlgorithmPlacement, EmptyProtected, LabelInBoth, Profile};
#[cfg(feature = "std")]
pub use reading::feed_from;
pub use recipient::{OpenInput, Opened, Recipient};
pub use rule::Rule;
pub use spec_rules::RuleRef;
pub use stream::Stream;
pub use verified::{Verified, VerifiedItems};
pub use work::Work;
