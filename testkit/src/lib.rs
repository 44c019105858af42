//! What the tests of this workspace share: the harness that runs folders of published vectors, keys, and references
//! that are slow and plainly right.
//!
//! Nothing here depends on a house crate, so that every house crate can use it as a dev-dependency from its `tests/`.

#![deny(unsafe_code)]

pub mod vectors;
