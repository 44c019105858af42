//! Strings and numbers as text.

use core::fmt::{self, Write};

pub(super) fn bytes(out: &mut dyn Write, bytes: &[u8]) -> fmt::Result {
    out.write_str("h'")?;
    for byte in bytes {
        write!(out, "{byte:02x}")?;
    }
    out.write_str("'")
}

/// JSON's escapes; also for characters that would change how the rest of a line is shown.
pub(super) fn text(out: &mut dyn Write, text: &str) -> fmt::Result {
    out.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            _ if is_invisible(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
            _ => out.write_char(character)?,
        }
    }
    out.write_str("\"")
}

/// Controls, line separators, and the marks that reorder or hide text.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns whether a number is a NaN whose sign or payload is not that of the usual quiet NaN in
/// its width, so that `NaN` would show other bytes.
pub(super) fn is_nan_with_payload(bits: &[u8], value: f64) -> bool {
    let is_usual = match bits {
        [0x7e, rest @ ..] if bits.len() == 2 => rest.iter().all(|byte| *byte == 0),
        [0x7f, 0xc0, rest @ ..] if bits.len() == 4 => rest.iter().all(|byte| *byte == 0),
        [0x7f, 0xf8, rest @ ..] => rest.iter().all(|byte| *byte == 0),
        _ => false,
    };
    value.is_nan() && !is_usual
}

/// A number as its bits, of which the usual notation shows less.
pub(super) fn float_bits(out: &mut dyn Write, bits: &[u8]) -> fmt::Result {
    out.write_str("float'")?;
    for byte in bits {
        write!(out, "{byte:02x}")?;
    }
    out.write_str("'")
}

/// The notation of RFC 8949 appendix A: always with a point, and with an exponent below 10^-6 and
/// from 10^21.
pub(super) fn float(out: &mut dyn Write, value: f64) -> fmt::Result {
    let magnitude = value.abs();
    if value.is_nan() {
        return out.write_str("NaN");
    }
    if value.is_infinite() {
        return out.write_str(if value > 0.0 { "Infinity" } else { "-Infinity" });
    }
    let mut digits = Digits { out, has_point: false, has_exponent: false, needs_sign: false };
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        write!(digits, "{value}")?;
    } else {
        write!(digits, "{value:e}")?;
    }
    digits.finish()
}

/// Completes what `core` writes: `1` to `1.0`, `1e300` to `1.0e+300`.
struct Digits<'o> {
    out: &'o mut dyn Write,
    has_point: bool,
    has_exponent: bool,
    needs_sign: bool,
}

impl Digits<'_> {
    fn finish(self) -> fmt::Result {
        if self.has_point || self.has_exponent { Ok(()) } else { self.out.write_str(".0") }
    }
}

impl Write for Digits<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.needs_sign && character != '-' {
                self.out.write_str("+")?;
            }
            self.needs_sign = character == 'e';
            self.has_exponent |= character == 'e';
            self.has_point |= character == '.';
            if character == 'e' && !self.has_point {
                self.out.write_str(".0")?;
            }
            self.out.write_char(character)?;
        }
        Ok(())
    }
}

/// The magnitude of a bignum (RFC 8949 3.4.3), when it is no smaller than the notation promises,
/// has no leading zeros, and can be counted in 128 bits.
pub(super) fn bignum(tag: u64, content: &[u8]) -> Option<u128> {
    if !(9..=16).contains(&content.len()) || content.first() == Some(&0) {
        return None;
    }
    let value = content.iter().fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
    if tag == 3 { value.checked_add(1) } else { Some(value) }
}
