//! What the fuzz targets share: keys to which every signature is good.
//!
//! With a real provider no input that a fuzzer makes gets past the signature, and whatever comes behind it is never run.
//! The provider here lives in this package only, which no crate depends on.
#![forbid(unsafe_code)]

mod accept_all;
mod chosen;
mod keys;

pub use accept_all::AcceptAll;
pub use chosen::Chosen;
pub use keys::with_keys;
