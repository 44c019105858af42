//! The rules of this crate, each in both directions: what a specification allows is accepted, what it forbids is
//! refused, and by the rule that it breaks. A test is named by its rule.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[cfg(feature = "x509")]
#[path = "../support/certificates.rs"]
mod certificates;
#[path = "../support/messages.rs"]
mod messages;

mod cbor;
mod claims;
mod common_headers;
mod countersignature;
mod crit;
mod cwt;
mod digests;
mod ecdsa;
mod expect;
mod hash_envelope;
mod headers;
mod identity;
mod implied_algorithm;
mod keys;
#[cfg(feature = "x509")]
mod paths;
mod payload;
mod receipt_headers;
mod sign;
mod signature;
mod streaming;
mod structure;
mod timestamps;
mod two_steps;
mod x509;
