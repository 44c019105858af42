//! Base64 as RFC 4648 section 4 has it: padded, and with nothing in the bits that are left over.

use core::fmt::{self, Write};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn value(digit: u8) -> Option<u32> {
    let place = match digit {
        b'A'..=b'Z' => digit.wrapping_sub(b'A'),
        b'a'..=b'z' => digit.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => digit.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(place))
}

/// What the bits that are left over after the last byte may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spare {
    /// Nothing but zero: one spelling.
    Zero,
    /// Anything: what deployed readers of signature lines do, and nothing is derived from a
    /// signature's spelling.
    Any,
}

/// Decodes as much as `out` has room for, checks the rest too, and returns how many bytes the whole
/// is.
pub(super) fn decode(text: &[u8], spare: Spare, out: &mut [u8]) -> Option<usize> {
    let (mut room, mut length) = (out.iter_mut(), 0_usize);
    let groups = text.chunks_exact(4);
    if !groups.remainder().is_empty() {
        return None;
    }
    let last = groups.len().wrapping_sub(1);
    for (place, group) in groups.enumerate() {
        let digits = match group {
            [.., b'=', b'='] if place == last => 2,
            [.., b'='] if place == last => 3,
            _ => 4,
        };
        let mut bits = 0_u32;
        for digit in group.iter().take(digits) {
            bits = (bits << 6) | value(*digit)?;
        }
        // Three digits are 18 bits for two bytes, two digits 12 for one.
        let (bits, over) = match digits {
            2 => (bits << 12, 0xffff),
            3 => (bits << 6, 0xff),
            _ => (bits, 0),
        };
        if spare == Spare::Zero && bits & over != 0 {
            return None;
        }
        let [_, bytes @ ..] = bits.to_be_bytes();
        for byte in bytes.iter().take(digits.saturating_sub(1)) {
            length = length.saturating_add(1);
            if let Some(place) = room.next() {
                *place = *byte;
            }
        }
    }
    Some(length)
}

/// Exactly `N` bytes.
pub(super) fn decode_array<const N: usize>(text: &[u8], spare: Spare) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (decode(text, spare, &mut bytes)? == N).then_some(bytes)
}

/// Bytes that print as base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base64<'b>(pub &'b [u8]);

impl fmt::Display for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encode(self.0.iter().copied(), f)
    }
}

/// Writes bytes that come one after the other, from several places for example.
pub(super) fn encode(mut bytes: impl Iterator<Item = u8>, out: &mut impl Write) -> fmt::Result {
    loop {
        let (mut group, mut length) = ([0; 4], 0_usize);
        for (place, byte) in group.iter_mut().skip(1).zip(bytes.by_ref().take(3)) {
            *place = byte;
            length = length.saturating_add(1);
        }
        if length == 0 {
            return Ok(());
        }
        let bits = u32::from_be_bytes(group);
        for (digit, shift) in [18_u32, 12, 6, 0].into_iter().enumerate() {
            let place = usize::try_from(bits.wrapping_shr(shift) & 63).unwrap_or(0);
            let digit = if digit > length { b'=' } else { *ALPHABET.get(place).unwrap_or(&b'=') };
            out.write_char(char::from(digit))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn every_length_comes_back() {
        let bytes: [u8; 20] = core::array::from_fn(|byte| u8::try_from(byte * 13).unwrap());
        for length in 0..=20 {
            let text = Base64(&bytes[..length]).to_string();
            let mut out = [0; 20];
            assert_eq!(decode(text.as_bytes(), Spare::Zero, &mut out), Some(length), "{text}");
            assert_eq!(out[..length], bytes[..length]);
            assert_eq!(decode(text.as_bytes(), Spare::Zero, &mut []), Some(length));
        }
        assert_eq!(Base64(b"fo").to_string(), "Zm8=");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm9v\n", "-_8="]
        {
            assert_eq!(decode(text.as_bytes(), Spare::Zero, &mut [0; 8]), None, "{text}");
        }
    }

    #[test]
    fn spare_bits_are_told_apart() {
        assert_eq!(decode_array(b"Zh==", Spare::Any), Some(*b"f"));
        assert_eq!(decode_array::<1>(b"Zh==", Spare::Zero), None);
    }
}
