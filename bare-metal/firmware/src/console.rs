//! Text for whoever listens by semihosting.

#![allow(unsafe_code)] // Semihosting.

use core::{arch::asm, fmt};

/// Writes to the debugger or emulator. Without one, a breakpoint stops the core.
#[derive(Clone, Copy, Debug)]
pub struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.as_bytes().chunks(63) {
            // The last byte stays zero: it ends what is written.
            let mut line = [0_u8; 64];
            for (place, byte) in line.iter_mut().zip(part) {
                *place = *byte;
            }
            // SAFETY: SYS_WRITE0 reads the zero-terminated text that r1 points to.
            unsafe {
                asm!("bkpt #0xab", inout("r0") 4_u32 => _, in("r1") line.as_ptr());
            }
        }
        Ok(())
    }
}
