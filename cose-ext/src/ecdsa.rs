//! ECDSA signatures in DER, and as COSE has them.
//!
//! COSE has r and s side by side, each as long as a field element (RFC 9053 2.1). Certificates,
//! WebAuthn assertions and most key stores have them as Ecdsa-Sig-Value in DER (RFC 3279 2.2.3).
//!
//! ```
//! use cose_ext::{crypto::Curve, ecdsa};
//! let mut der = [0; ecdsa::MAX_DER_LEN];
//! let der = ecdsa::to_der(&[1; 64], &mut der)?;
//! let mut raw = [0; ecdsa::MAX_LEN];
//! assert_eq!(ecdsa::from_der(der, Curve::P256, &mut raw)?, [1; 64]);
//! # Ok::<(), cose_ext::Error>(())
//! ```

use crate::{
    Error, Rule,
    crypto::{BufferTooShort, Curve},
    error::Unsupported,
};

/// Length of the longest signature, r and s on P-521, in bytes.
pub const MAX_LEN: usize = 2 * 66;

/// Length of the longest signature in DER, in bytes.
pub const MAX_DER_LEN: usize = 3 + 2 * (3 + 66);

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// Writes the signature in `der` as r and s for a key on `curve` to the front of `out`, and returns
/// it.
///
/// # Errors
///
/// `Malformed` for what is not DER of two positive numbers, or numbers longer than a field element;
/// `Unsupported` for curves without ECDSA; `Misuse` if `out` is too short.
pub fn from_der<'o>(der: &[u8], curve: Curve, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
    let malformed =
        |rest: &[u8]| Error::malformed(Rule::EcdsaForm, der.len().saturating_sub(rest.len()));
    let field = field_len(curve)?;
    let needed = field.saturating_mul(2);
    let out = out.get_mut(..needed).ok_or(BufferTooShort { needed })?;
    let (mut content, rest) = element(SEQUENCE, der).ok_or(malformed(der))?;
    if !rest.is_empty() {
        return Err(malformed(rest));
    }
    for place in out.chunks_exact_mut(field) {
        let (number, rest) = element(INTEGER, content).ok_or(malformed(content))?;
        let number = positive(number).ok_or(malformed(content))?;
        let zeros = field.checked_sub(number.len()).ok_or(malformed(content))?;
        let (front, back) = place.split_at_mut_checked(zeros).unwrap_or_default();
        front.fill(0);
        back.copy_from_slice(number);
        content = rest;
    }
    if content.is_empty() { Ok(out) } else { Err(malformed(content)) }
}

/// Writes the signature `raw`, r and s side by side, in DER to the front of `out`, and returns it.
///
/// # Errors
///
/// `Malformed` if `raw` is of no length that r and s have; `Misuse` if `out` is too short:
/// [`MAX_DER_LEN`] always suffices.
pub fn to_der<'o>(raw: &[u8], out: &'o mut [u8]) -> Result<&'o [u8], Error> {
    let half = raw.len().checked_div(2).unwrap_or_default();
    if raw.is_empty() || raw.len() > MAX_LEN || half.saturating_mul(2) != raw.len() {
        return Err(Error::malformed(Rule::EcdsaForm, 0));
    }
    let (r, s) = raw.split_at_checked(half).unwrap_or_default();
    let numbers = [Number::new(r), Number::new(s)];
    let content = numbers
        .iter()
        .fold(0_usize, |sum, number| sum.saturating_add(number.len()).saturating_add(2));
    let mut head = [SEQUENCE, 0x81, byte(content)];
    let head = match content {
        0x80.. => &head[..],
        _ => {
            head[1] = byte(content);
            head.get(..2).unwrap_or_default()
        }
    };
    let needed = head.len().saturating_add(content);
    let out = out.get_mut(..needed).ok_or(BufferTooShort { needed })?;
    let numbers = numbers.iter().flat_map(|number| {
        let head = [INTEGER, byte(number.len())];
        head.into_iter().chain(number.sign).chain(number.magnitude.iter().copied())
    });
    for (place, byte) in out.iter_mut().zip(head.iter().copied().chain(numbers)) {
        *place = byte;
    }
    Ok(out)
}

/// Length of a field element of a curve that has ECDSA, in bytes.
fn field_len(curve: Curve) -> Result<usize, Error> {
    match curve {
        Curve::P256
        | Curve::P384
        | Curve::P521
        | Curve::SECP256K1
        | Curve::BRAINPOOL_P256R1
        | Curve::BRAINPOOL_P320R1
        | Curve::BRAINPOOL_P384R1
        | Curve::BRAINPOOL_P512R1 => curve.coordinate_len(),
        _ => None,
    }
    .ok_or(Unsupported::KeyFormat.into())
}

/// The content of the element of `tag` at the front of `der`, and what follows it. Lengths of up to
/// 255 bytes, in their shortest form.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = match der {
        [found, len @ 0..=0x7f, rest @ ..] if *found == tag => (*len, rest),
        [found, 0x81, len @ 0x80..=0xff, rest @ ..] if *found == tag => (*len, rest),
        _ => return None,
    };
    rest.split_at_checked(usize::from(len))
}

/// The magnitude of a positive number in its shortest form, without the zero that says its sign.
fn positive(number: &[u8]) -> Option<&[u8]> {
    match number {
        [0, magnitude @ ..] if magnitude.first().is_some_and(|first| *first >= 0x80) => {
            Some(magnitude)
        }
        [1..0x80, ..] => Some(number),
        _ => None,
    }
}

/// A number as DER has it: the byte that says its sign, where it is needed, and the magnitude.
struct Number<'n> {
    sign: Option<u8>,
    magnitude: &'n [u8],
}

impl<'n> Number<'n> {
    fn new(bytes: &'n [u8]) -> Self {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let magnitude = bytes.get(zeros..).unwrap_or_default();
        let is_positive = magnitude.first().is_some_and(|first| *first < 0x80);
        Self { sign: (!is_positive).then_some(0), magnitude }
    }

    fn len(&self) -> usize {
        self.magnitude.len().saturating_add(usize::from(self.sign.is_some()))
    }
}

/// A length below 256.
fn byte(len: usize) -> u8 {
    u8::try_from(len).unwrap_or(u8::MAX)
}
