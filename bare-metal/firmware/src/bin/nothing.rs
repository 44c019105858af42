#![no_std]
#![no_main]
//! Does nothing: what start-up code alone takes.

use firmware as _;

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    0
}
