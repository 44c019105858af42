#![no_std]
#![no_main]
//! Signs, registers, gets a receipt and verifies, with a heap of its own and without std.
//!
//! Exit code 0 if what it makes is byte for byte what is committed, all of it verifies and every
//! change of it is refused; otherwise that of the [`canary_story::Chapter`]. It has a panic handler
//! of its own, so it does not build once anything below it asks for std.

mod bump;

use core::panic::PanicInfo;

use bump::Bump;
use canary_fixtures::Made;
use canary_story::{Chapter, Files};

// The features of this package reach the ground floor through this name.
use cose_ext as _;

static COMMITTED: Files<'static> = canary_story::committed_files!();

#[global_allocator]
static HEAP: Bump = Bump::new();

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
    match make_and_tell() {
        Ok(()) => 0,
        Err(chapter) => chapter.exit_code(),
    }
}

fn make_and_tell() -> Result<(), Chapter> {
    let made = Made::new().or(Err(Chapter::Making))?;
    canary_story::tell(&made.files())?;
    if made.files() == COMMITTED { Ok(()) } else { Err(Chapter::OtherBytes) }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    abort()
}
