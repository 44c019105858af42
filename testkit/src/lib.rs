//! What the tests of this workspace share: the harness that runs folders of published vectors, keys, and references
//! that are slow and plainly right.
//!
//! Nothing here depends on a house crate, so that every house crate can use it as a dev-dependency from its `tests/`.

#![deny(unsafe_code)]

pub mod alloc_count;
pub mod cose_wg;
pub mod fixed_keys;
pub mod jwk;
pub mod naive_merkle;
pub mod rng;
#[cfg(test)]
mod temp_folder;
mod trouble;
pub mod vectors;

pub use trouble::Trouble;
