//! What the tests of this workspace share: the harness that runs folders of published vectors, keys, references that
//! are slow and plainly right, and checks of the workspace itself.
//!
//! Nothing here depends on a house crate, so that every house crate can use it as a dev-dependency from its `tests/`;
//! only the program `conformance` does, behind a feature of that name.

#![deny(unsafe_code)]

pub mod alloc_count;
pub mod arrows;
pub mod conformance;
pub mod cose_wg;
pub mod explore;
pub mod fixed_keys;
pub mod jwk;
pub mod naive_merkle;
pub mod nor_flash;
pub mod rng;
pub mod rsa;
pub mod rust_source;
pub mod style;
#[cfg(test)]
mod temp_folder;
mod trouble;
pub mod varieties;
pub mod vectors;
pub mod workspace;

pub use trouble::Trouble;
