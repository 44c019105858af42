//! Hexadecimal constants, read when the library is compiled.

/// Lower-case hex to bytes, when the library is compiled: a wrong digit does not compile.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "evaluated by the compiler only, for constants of this module"
)]
pub(super) const fn hex<const LEN: usize>(text: &str) -> [u8; LEN] {
    const fn digit(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("not a hex digit"),
        }
    }
    let text = text.as_bytes();
    assert!(text.len() == 2 * LEN);
    let mut bytes = [0; LEN];
    let mut at = 0;
    while at < LEN {
        bytes[at] = 16 * digit(text[2 * at]) + digit(text[2 * at + 1]);
        at += 1;
    }
    bytes
}
