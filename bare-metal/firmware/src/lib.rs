#![no_std]
//! What a program for a Cortex-M4 needs beside its `main`: vectors, start-up code, an end, a panic handler, and copies of
//! memory in small code.
//!
//! A program exports `extern "C" fn main() -> i32`; 0 says that all is well. With a debugger or an emulator attached,
//! semihosting reports it. Without one, the breakpoint at the end is a fault, and the core stops in `fault`.

#[cfg(target_arch = "arm")]
mod console;
#[cfg(target_arch = "arm")]
mod flash_key;
#[cfg(target_arch = "arm")]
mod instructions;
#[cfg(target_arch = "arm")]
mod memory;
#[cfg(target_arch = "arm")]
pub mod raw;
#[cfg(target_arch = "arm")]
mod stack;
#[cfg(target_arch = "arm")]
mod start;

#[cfg(target_arch = "arm")]
pub use console::Console;
#[cfg(target_arch = "arm")]
pub use flash_key::{BoardCrypto, FlashKey};
#[cfg(target_arch = "arm")]
pub use instructions::{count_from_here, counted};

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
