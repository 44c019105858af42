//! Preferred serialization of floating-point numbers (RFC 8949 4.1, 4.2.2).

/// Width of the shortest encoding that keeps the value: 2, 4 or 8 bytes.
///
/// It looks at the bits alone: a device without a floating-point unit links no arithmetic for it.
pub(super) const fn preferred_width(value: f64) -> usize {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = value.to_bits();
    let (exponent, mantissa) = (bits >> 52 & 0x7ff, bits & MANTISSA);
    match (exponent, mantissa) {
        // Zero, and infinity.
        (0 | 0x7ff, 0) => 2,
        // Core deterministic encoding has one NaN, f97e00.
        (0x7ff, _) => 2,
        // Bits of the mantissa; exponents of the least and the greatest normal number.
        _ if fits(exponent, mantissa, 10, [1009, 1038]) => 2,
        _ if fits(exponent, mantissa, 23, [897, 1150]) => 4,
        _ => 8,
    }
}

/// Whether a format with so many bits of mantissa and these exponents has the number.
const fn fits(exponent: u64, mantissa: u64, bits: u64, [least, most]: [u64; 2]) -> bool {
    const ONE: u64 = 1 << 52;
    // Below the least exponent each step costs one bit of the mantissa, whose implicit one counts.
    let lost = least.saturating_sub(exponent);
    let zeros = 52_u64.saturating_sub(bits).saturating_add(lost);
    let has_room = lost <= bits && exponent <= most;
    has_room && widen((mantissa | ONE).trailing_zeros()) >= zeros
}

#[allow(clippy::as_conversions)]
const fn widen(count: u32) -> u64 {
    count as u64
}

/// The bits of the single precision number with the value of this half precision number.
pub(super) const fn widen_half(half: u32) -> u32 {
    let (sign, exponent, mantissa) = ((half & 0x8000) << 16, half >> 10 & 0x1f, half & 0x3ff);
    let rest = match (exponent, mantissa) {
        (0, 0) => 0,
        // Subnormal: the highest one of the mantissa becomes the implicit one.
        (0, _) => {
            let shift = mantissa.leading_zeros().saturating_sub(21);
            (113_u32.saturating_sub(shift) << 23) | (mantissa << shift & 0x3ff) << 13
        }
        (0x1f, _) => 0xff << 23 | mantissa << 13,
        _ => exponent.saturating_add(112) << 23 | mantissa << 13,
    };
    sign | rest
}

/// The encoded number in its shortest form, and the length of it.
pub(super) fn encode(value: f64) -> ([u8; 9], usize) {
    let mut bytes = [0; 9];
    let mut put = |head, argument: &[u8]| {
        for (to, from) in bytes.iter_mut().zip(core::iter::once(&head).chain(argument)) {
            *to = *from;
        }
        (bytes, argument.len().saturating_add(1))
    };
    match preferred_width(value) {
        2 if value.is_nan() => put(0xf9, &[0x7e, 0x00]),
        2 => put(0xf9, &half(narrow(value)).to_be_bytes()),
        4 => put(0xfa, &narrow(value).to_be_bytes()),
        _ => put(0xfb, &value.to_be_bytes()),
    }
}

/// The bits of the half precision number that has exactly this value.
fn half(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16) & 0x8000;
    let exponent = (bits >> 23) & 0xff;
    let mantissa = bits & 0x7f_ffff;
    let half = match exponent {
        0 => 0,
        0xff => 0x7c00,
        // Subnormal: the implicit one moves into the mantissa.
        103..=112 => (mantissa | 0x80_0000) >> 126_u32.saturating_sub(exponent),
        _ => (exponent.saturating_sub(112) << 10) | (mantissa >> 13),
    };
    u16::try_from(sign | half).unwrap_or_default()
}

/// Rounds; the caller compares with the original.
#[allow(clippy::as_conversions)]
fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use minicbor::Decoder;

    use super::{encode, preferred_width};

    #[test]
    fn every_half_and_its_neighbours_are_written_as_they_are_read() {
        for bits in 0..=u16::MAX {
            let [high, low] = bits.to_be_bytes();
            let half = f64::from(Decoder::new(&[0xf9, high, low]).f16().unwrap());
            for value in [half, half.next_up(), half.next_down(), half * 1.000_000_1] {
                let (bytes, len) = encode(value);
                assert_eq!(len, preferred_width(value) + 1);
                let mut decoder = Decoder::new(&bytes[..len]);
                let read = match len {
                    3 => f64::from(decoder.f16().unwrap()),
                    5 => f64::from(decoder.f32().unwrap()),
                    _ => decoder.f64().unwrap(),
                };
                assert!(read.to_bits() == value.to_bits() || read.is_nan() && value.is_nan());
            }
            if !half.is_nan() {
                assert_eq!(encode(half), ([0xf9, high, low, 0, 0, 0, 0, 0, 0], 3));
            }
        }
    }

    #[test]
    fn widths_of_rfc_8949_appendix_a() {
        for (value, width) in [
            (0.0, 2),
            (-0.0, 2),
            (1.0, 2),
            (1.1, 8),
            (1.5, 2),
            (65504.0, 2),
            (100_000.0, 4),
            (3.402_823_466_385_288_6e38, 4),
            (1.0e300, 8),
            (5.960_464_477_539_063e-8, 2),
            (0.000_061_035_156_25, 2),
            (-4.0, 2),
            (-4.1, 8),
            (f64::INFINITY, 2),
            (f64::NAN, 2),
            (5.960_464_477_539_063e-8 / 2.0, 4),
            (5.960_464_477_539_063e-8 * 3.0, 2),
        ] {
            assert_eq!(preferred_width(value), width, "{value}");
        }
    }
}
