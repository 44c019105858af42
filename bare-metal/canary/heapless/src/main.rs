#![no_std]
#![no_main]
//! Verifies a message, a receipt and a transparent statement without std and without allocator.
//!
//! Exit code 0 if all of them verify and every change of them is refused; otherwise that of the
//! [`canary_story::Chapter`]. It has a panic handler and no global allocator, so it does not build
//! once anything below it asks for std (there would be two panic handlers) or alloc (there would be
//! no allocator).

use core::panic::PanicInfo;

use canary_story::Files;

// The features of this package reach the ground floor through this name.
use cose_ext as _;

static FILES: Files<'static> = canary_story::committed_files!();

// A hosted program needs someone to start and to end it. On a board this is the reset vector.
#[link(name = "c")]
#[allow(unsafe_code)] // A foreign function.
unsafe extern "C" {
    safe fn abort() -> !;
}

/// What the C runtime calls.
#[allow(unsafe_code)] // The C runtime knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    match canary_story::tell(&FILES) {
        Ok(()) => 0,
        Err(chapter) => chapter.exit_code(),
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    abort()
}
