//! Preferred serialization of floating-point numbers (RFC 8949 4.1, 4.2.2).

/// Width of the shortest encoding that keeps the value: 2, 4 or 8 bytes.
pub(super) fn preferred_width(value: f64) -> usize {
    if value.is_nan() {
        // Core deterministic encoding has one NaN, f97e00.
        return 2;
    }
    let single = narrow(value);
    if f64::from(single).to_bits() != value.to_bits() {
        8
    } else if fits_half(single) {
        2
    } else {
        4
    }
}

/// Rounds; the caller compares with the original.
#[allow(clippy::as_conversions)]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// Whether a half precision number has exactly this value: 5 bits of exponent, 10 of mantissa.
fn fits_half(value: f32) -> bool {
    let bits = value.to_bits();
    let exponent = (bits >> 23) & 0xff;
    let mantissa = bits & 0x7f_ffff;
    match exponent {
        0 => mantissa == 0,
        0xff => mantissa.trailing_zeros() >= 13,
        // Normal halves have exponents -14 ..= 15, with the bias of 127 that is 113 ..= 142.
        113..=142 => mantissa.trailing_zeros() >= 13,
        // Subnormal halves: the implicit one moves into the mantissa.
        103..=112 => (mantissa | 0x80_0000).trailing_zeros() >= 126_u32.saturating_sub(exponent),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::preferred_width;

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
