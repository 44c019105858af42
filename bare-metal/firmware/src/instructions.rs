//! How many instructions a program took.
//!
//! The timer of the core counts them where an emulator takes a nanosecond for each (`qemu-system-arm -icount shift=0`): one
//! tick of its 25 MHz is 40 instructions. It wraps after 671 million. Elsewhere the number says nothing.

#![allow(unsafe_code)] // Registers of the core.

use core::ptr::without_provenance_mut;

const CONTROL: *mut u32 = without_provenance_mut(0xe000_e010);
const RELOAD: *mut u32 = without_provenance_mut(0xe000_e014);
const VALUE: *mut u32 = without_provenance_mut(0xe000_e018);
const MOST: u32 = 0xff_ffff;
const OF_A_TICK: u32 = 40;

/// Counts from here on; what was counted before is forgotten. The start-up code calls it before `main`.
#[unsafe(no_mangle)]
pub extern "C" fn count_from_here() {
    // SAFETY: the timer belongs to nobody else, and no interrupt is asked for.
    unsafe {
        RELOAD.write_volatile(MOST);
        // Any write clears it, and it starts from the reload value.
        VALUE.write_volatile(0);
        CONTROL.write_volatile(0b101);
    }
}

/// Returns the instructions since then.
#[must_use]
pub fn counted() -> u32 {
    // SAFETY: reading has no effect.
    match unsafe { VALUE.read_volatile() } & MOST {
        // It starts with the first tick.
        0 => 0,
        value => MOST.saturating_sub(value).saturating_mul(OF_A_TICK),
    }
}
