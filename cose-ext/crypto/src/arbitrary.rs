//! `arbitrary::Arbitrary`: values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! Registered numbers come often and private ones sometimes. Keys have coordinates as long as their
//! curve wants, so that [`PublicKey::check`] holds; whether a point lies on its curve is left to
//! chance, as it is left to whoever sends a key.

use arbitrary::{Arbitrary, Result, Unstructured, size_hint};

use crate::{
    Algorithm, Binding, Curve, HashValue, Hkdf, KeyMaterial, KeyOperation, KeyOperations,
    KeyProfile, KeyType, Operation, PrivateKey, PrivateKeyMaterial, PublicKey, Sender,
    SymmetricKey, YCoordinate,
};

/// The longest byte string without a length of its own.
const MOST: usize = 96;

/// A choice takes a byte; a number that is not registered takes eight more.
const NUMBER: (usize, Option<usize>) = (1, Some(9));

/// Returns at most `most` bytes of the input.
fn bytes<'a>(u: &mut Unstructured<'a>, most: usize) -> Result<&'a [u8]> {
    let len = u.int_in_range(0..=most)?;
    u.bytes(len.min(u.len()))
}

/// Returns one of the registered numbers, mostly, or any other.
fn number(u: &mut Unstructured<'_>, registered: &[(i64, &str)]) -> Result<i64> {
    if u.ratio(1u8, 8u8)? { u.arbitrary() } else { Ok(u.choose(registered)?.0) }
}

macro_rules! registry {
    ($($type:ident),*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(Self::new(number(u, Self::NAMES)?))
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                NUMBER
            }
        })*
    };
}

registry!(Algorithm, Curve, KeyType);

impl<'a> Arbitrary<'a> for KeyOperation {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(*u.choose(Self::ALL)?)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for KeyOperations {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut operations = Self::NONE;
        for operation in KeyOperation::ALL {
            if u.arbitrary()? {
                operations = operations.and(*operation);
            }
        }
        Ok(operations)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (KeyOperation::ALL.len(), Some(KeyOperation::ALL.len()))
    }
}

impl<'a> Arbitrary<'a> for Hkdf {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(*u.choose(&[Self::Sha256, Self::Sha512, Self::Aes128, Self::Aes256])?)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for Sender {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(*u.choose(&[Self::Ephemeral, Self::Static])?)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

/// What some registered algorithm does: no others are ever met.
impl<'a> Arbitrary<'a> for Operation {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let operations =
            || Algorithm::NAMES.iter().filter_map(|(n, _)| Algorithm::new(*n).operation());
        let index = u.choose_index(operations().count())?;
        operations().nth(index).ok_or(arbitrary::Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for Binding {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let algorithm = u.arbitrary()?;
        Ok(match u.int_in_range(0..=3u8)? {
            0 => Self::ec2(algorithm, u.arbitrary()?),
            1 => Self::okp(algorithm, u.arbitrary()?),
            2 => Self::symmetric(algorithm),
            _ => Self::without_curve(algorithm, u.arbitrary()?),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(19))
    }
}

/// That of some public or symmetric key.
impl<'a> Arbitrary<'a> for KeyProfile {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1u8, 4u8)? {
            SymmetricKey::arbitrary(u).map(|key| key.profile())
        } else {
            PublicKey::arbitrary(u).map(|key| key.profile())
        }
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

impl<'a> Arbitrary<'a> for HashValue {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::new(bytes(u, Self::MAX_LEN)?).ok_or(arbitrary::Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(Self::MAX_LEN.saturating_add(1)))
    }
}

/// Curves of private use begin here and go down (RFC 9053 11).
const PRIVATE: i64 = -65_537;

/// One of the curves of a key type. A coordinate is as long as the curve wants, or, on a curve of
/// private use, as long as the input says.
fn curve(u: &mut Unstructured<'_>, known: &[Curve]) -> Result<(Curve, Option<usize>)> {
    let curve = if u.ratio(1u8, 16u8)? {
        Curve::new(PRIVATE.saturating_sub(u.arbitrary::<u16>()?.into()))
    } else {
        *u.choose(known)?
    };
    Ok((curve, curve.coordinate_len()))
}

fn coordinate<'a>(u: &mut Unstructured<'a>, len: Option<usize>) -> Result<&'a [u8]> {
    match len {
        Some(len) => u.bytes(len),
        None => bytes(u, MOST),
    }
}

const OKP: [Curve; 4] = [Curve::ED25519, Curve::ED448, Curve::X25519, Curve::X448];
const EC2: [Curve; 8] = [
    Curve::P256,
    Curve::P384,
    Curve::P521,
    Curve::SECP256K1,
    Curve::BRAINPOOL_P256R1,
    Curve::BRAINPOOL_P320R1,
    Curve::BRAINPOOL_P384R1,
    Curve::BRAINPOOL_P512R1,
];

/// A number without leading zeros, as RSA keys have them (RFC 8230 4).
fn positive<'a>(u: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    let number = bytes(u, MOST)?;
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).filter(|number| !number.is_empty()).ok_or(arbitrary::Error::NotEnoughData)
}

impl<'a> Arbitrary<'a> for YCoordinate<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? {
            Self::Sign(u.arbitrary()?)
        } else {
            let (_, len) = curve(u, &EC2)?;
            Self::Value(coordinate(u, len)?)
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

impl<'a> Arbitrary<'a> for KeyMaterial<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let material = match u.int_in_range(0..=7u8)? {
            0..=2 => {
                let (curve, len) = curve(u, &OKP)?;
                Self::Okp { curve, x: coordinate(u, len)? }
            }
            3 | 4 => {
                let (curve, len) = curve(u, &EC2)?;
                let (x, whole) = (coordinate(u, len)?, u.arbitrary()?);
                let y = if whole {
                    YCoordinate::Value(coordinate(u, len)?)
                } else {
                    YCoordinate::Sign(u.arbitrary()?)
                };
                Self::Ec2 { curve, x, y }
            }
            5 => Self::Rsa { n: positive(u)?, e: positive(u)? },
            6 => Self::Akp { public: bytes(u, MOST)? },
            _ => Self::HssLms { public: bytes(u, MOST)? },
        };
        match material.check() {
            Ok(()) => Ok(material),
            Err(_) => Err(arbitrary::Error::IncorrectFormat),
        }
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

/// An AKP key states its algorithm always, as it has to (RFC 9964); others sometimes.
impl<'a> Arbitrary<'a> for PublicKey<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let material = KeyMaterial::arbitrary(u)?;
        let algorithm = match material {
            KeyMaterial::Akp { .. } => Some(*u.choose(&[
                Algorithm::ML_DSA_44,
                Algorithm::ML_DSA_65,
                Algorithm::ML_DSA_87,
            ])?),
            _ => u.arbitrary()?,
        };
        Ok(Self { material, algorithm })
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        size_hint::and(KeyMaterial::size_hint(depth), (1, Some(10)))
    }
}

impl<'a> Arbitrary<'a> for PrivateKeyMaterial<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=3u8)? {
            0 => {
                let (curve, len) = curve(u, &OKP)?;
                Self::Okp { curve, d: coordinate(u, len)? }
            }
            1 => {
                let (curve, len) = curve(u, &EC2)?;
                Self::Ec2 { curve, d: coordinate(u, len)? }
            }
            2 => Self::Rsa {
                n: positive(u)?,
                e: positive(u)?,
                d: positive(u)?,
                p: positive(u)?,
                q: positive(u)?,
                dp: positive(u)?,
                dq: positive(u)?,
                qi: positive(u)?,
            },
            _ => Self::Akp { seed: u.bytes(32)? },
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

/// Without a public part: one that belonged to the private part would have to be computed.
impl<'a> Arbitrary<'a> for PrivateKey<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let material = PrivateKeyMaterial::arbitrary(u)?;
        let algorithm = match material {
            PrivateKeyMaterial::Akp { .. } => Some(Algorithm::ML_DSA_44),
            _ => u.arbitrary()?,
        };
        Ok(Self { material, public: None, algorithm })
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        size_hint::and(PrivateKeyMaterial::size_hint(depth), (0, Some(10)))
    }
}

/// As long as its algorithm wants, where it states one that says so.
impl<'a> Arbitrary<'a> for SymmetricKey<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let algorithm: Option<Algorithm> = u.arbitrary()?;
        let k = match algorithm.and_then(Algorithm::key_len) {
            Some(len) => u.bytes(len)?,
            None => bytes(u, MOST)?,
        };
        Ok(Self { k, algorithm })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

#[cfg(test)]
mod tests;
