//! How much of the stack a program took, and how many instructions.

#![allow(unsafe_code)] // The memory below the stack, and semihosting.

use core::arch::asm;

use crate::instructions::counted;

/// What the start-up code paints the stack with.
const PAINT: u32 = 0xa5a5_a5a5;

unsafe extern "C" {
    static _bss_end: u32;
    static _stack_top: u32;
}

/// Called by the start-up code after `main`: writes `stack: N bytes` and `counted: N instructions` to who listens by semihosting.
#[unsafe(no_mangle)]
extern "C" fn report_stack() {
    let instructions = counted();
    let (mut lowest, top) = (&raw const _bss_end, &raw const _stack_top);
    // Up from the end of `.bss`, which nothing else uses, to the first word that is not paint.
    while lowest < top {
        // SAFETY: RAM between `.bss` and the top of the stack, aligned, painted by the start-up code.
        if unsafe { lowest.read_volatile() } != PAINT {
            break;
        }
        lowest = lowest.wrapping_add(1);
    }
    let used = top.addr().saturating_sub(lowest.addr());
    write(*b"stack:              bytes\n\0", used);
    write(*b"counted:            instructions\n\0", usize::try_from(instructions).unwrap_or(0));
}

/// Writes a line, ended by a zero, with a number of at most ten digits in the blanks behind its first nine bytes.
fn write<const LEN: usize>(mut line: [u8; LEN], number: usize) {
    let mut rest = number;
    for (at, place) in line.iter_mut().skip(9).take(10).rev().enumerate() {
        let digit = u8::try_from(rest % 10).unwrap_or(0);
        *place = if rest == 0 && at > 0 { b' ' } else { b'0'.wrapping_add(digit) };
        rest /= 10;
    }
    // SAFETY: SYS_WRITE0 reads the zero-terminated line that r1 points to.
    unsafe {
        asm!("bkpt #0xab", inout("r0") 4_u32 => _, in("r1") line.as_ptr());
    }
}
