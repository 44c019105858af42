//! Vectors and start-up code.
//!
//! Written in assembly, since no Rust may run before `.data` and `.bss` are what Rust takes them for. The linker script
//! `link.ld` defines every symbol with an underscore in front.

#![allow(unsafe_code)] // Assembly.

// Initial stack pointer, reset, fourteen exceptions that all lead to `fault`. No interrupt is enabled.
core::arch::global_asm!(
    ".section .vectors, \"a\"",
    ".word _stack_top",
    ".word reset",
    ".rept 14",
    ".word fault",
    ".endr",
);

// Copies `.data` from flash, clears `.bss`, paints the stack, starts to count instructions, calls `main`, reports both, and hands its answer to the debugger: SYS_EXIT (0x18) with
// ADP_Stopped_ApplicationExit (0x20026), or ADP_Stopped_RunTimeErrorUnknown (0x20023) where it is not 0.
core::arch::global_asm!(
    ".section .text.reset, \"ax\"",
    ".syntax unified",
    ".thumb",
    ".global reset",
    ".type reset, %function",
    ".thumb_func",
    "reset:",
    "    ldr r0, =_data_start",
    "    ldr r1, =_data_end",
    "    ldr r2, =_data_in_flash",
    "1:  cmp r0, r1",
    "    beq 2f",
    "    ldr r3, [r2], #4",
    "    str r3, [r0], #4",
    "    b 1b",
    "2:  ldr r0, =_bss_start",
    "    ldr r1, =_bss_end",
    "    movs r2, #0",
    "3:  cmp r0, r1",
    "    beq 4f",
    "    str r2, [r0], #4",
    "    b 3b",
    // The stack is painted, to see afterwards how far down it went.
    "4:  mov r1, sp",
    "    ldr r2, =0xa5a5a5a5",
    "6:  cmp r0, r1",
    "    beq 7f",
    "    str r2, [r0], #4",
    "    b 6b",
    "7:  bl count_from_here",
    "    bl main",
    "    mov r4, r0",
    "    bl report_stack",
    "    mov r0, r4",
    "    ldr r1, =0x20026",
    "    cbz r0, 5f",
    "    ldr r1, =0x20023",
    "5:  movs r0, #0x18",
    "    bkpt #0xab",
    ".type fault, %function",
    ".thumb_func",
    "fault:",
    "    b fault",
    ".ltorg",
);
