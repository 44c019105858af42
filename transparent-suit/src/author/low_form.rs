//! The low form of ECDSA signatures.

use alloc::vec::Vec;

use cose_ext::crypto::Algorithm;

/// The orders of the groups, big-endian (FIPS 186-5, SP 800-186 3.2.1).
const P256: &[u8; 32] = &[
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
const P384: &[u8; 48] = &[
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
];
const P521: &[u8; 66] = &[
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09,
    0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38,
    0x64, 0x09,
];

/// Replaces (r, s) by (r, n - s) where s is the larger one: of the two signatures that verify,
/// authors emit one, so that a statement has one entry. Signatures of other algorithms and lengths
/// stay.
pub(super) fn make_low(algorithm: Algorithm, signature: &mut [u8]) {
    let order: &[u8] = match algorithm {
        Algorithm::ESP256 => P256,
        Algorithm::ESP384 => P384,
        Algorithm::ESP512 => P521,
        _ => return,
    };
    let half = order.len();
    if half.checked_mul(2) != Some(signature.len()) {
        return;
    }
    let Some((_, s)) = signature.split_at_mut_checked(half) else { return };
    let Some(other) = difference(order, s) else { return };
    if other.as_slice() < s {
        s.copy_from_slice(&other);
    }
}

/// The difference of two numbers of one length, big-endian; `None` if it is negative.
fn difference(from: &[u8], what: &[u8]) -> Option<Vec<u8>> {
    let mut borrow = false;
    let mut digits: Vec<u8> = from
        .iter()
        .zip(what)
        .rev()
        .map(|(from, what)| {
            let (digit, first) = from.overflowing_sub(*what);
            let (digit, second) = digit.overflowing_sub(u8::from(borrow));
            borrow = first || second;
            digit
        })
        .collect();
    digits.reverse();
    (!borrow).then_some(digits)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn of_two_forms_the_smaller_one_stays() {
        for (algorithm, order) in [
            (Algorithm::ESP256, &P256[..]),
            (Algorithm::ESP384, &P384[..]),
            (Algorithm::ESP512, &P521[..]),
        ] {
            let one = [&vec![0; order.len() - 1][..], &[1]].concat();
            let high = difference(order, &one).unwrap();
            let mut signature = [&one[..], &high].concat();
            make_low(algorithm, &mut signature);
            assert_eq!(signature, [&one[..], &one].concat());
            make_low(algorithm, &mut signature);
            assert_eq!(signature, [&one[..], &one].concat());
        }
    }

    #[test]
    fn what_is_no_ecdsa_signature_stays() {
        let mut signature = vec![0xff; 64];
        make_low(Algorithm::ED25519, &mut signature);
        make_low(Algorithm::ESP384, &mut signature);
        // Larger than the order: no s at all.
        make_low(Algorithm::ESP256, &mut signature);
        assert_eq!(signature, [0xff; 64]);
    }
}
