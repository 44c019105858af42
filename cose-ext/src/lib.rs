#![no_std]
#![forbid(unsafe_code)]
//! draft
#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;
pub mod cbor;
