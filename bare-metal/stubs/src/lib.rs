#![no_std]
#![forbid(unsafe_code)]
//! The later users of the seams in small, one file each, without std and without heap: so that a
//! seam that reads badly is seen before four crates stand on it.
//!
//! They are shapes, not implementations: what each protocol has beyond the shape is left out and
//! named. What they do, the tests of this package check.

mod digest_pair;
mod error;

pub mod eat_submodule;
pub mod receipt_binding;
pub mod suit_step;
pub mod teep_poll;

pub use error::Error;
