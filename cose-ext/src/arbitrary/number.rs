//! Labels, ids and small enums.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::{
    IntOrText, Label, MessageKind, Payload,
    cbor::Int,
    cwt::{ClaimKey, ConfirmationMethod, Time},
    diag::Layout,
    header::{ArrayOfOne, TimestampMode, Vds},
    key::{Identity, KeyLabel, Thumbprint, ThumbprintUri},
};

/// Registered labels mostly, and any integer or text.
macro_rules! labels {
    ($($type:ident),*) => {
        $(impl<'a> Arbitrary<'a> for $type<'a> {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(if u.ratio(1u8, 4u8)? {
                    IntOrText::arbitrary(u)?.into()
                } else {
                    Self::int(u.choose(Self::NAMES)?.0)
                })
            }

            fn size_hint(depth: usize) -> (usize, Option<usize>) {
                let (_, most) = IntOrText::size_hint(depth);
                (1, most.map(|most| most.saturating_add(1)))
            }
        })*
    };
}

labels!(Label, ClaimKey, KeyLabel, ConfirmationMethod);

macro_rules! one_of {
    ($($type:ident: $($variant:ident),*;)*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(*u.choose(&[$(Self::$variant),*])?)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        })*
    };
}

pub(super) use one_of;

one_of! {
    MessageKind: Sign1, Sign, Mac0, Mac, Encrypt0, Encrypt;
    TimestampMode: TimestampThenCose, CoseThenTimestamp;
    ArrayOfOne: Refused, Accepted;
    Layout: Line, Indented;
}

impl<'a> Arbitrary<'a> for Vds {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.ratio(1u8, 8u8)? {
            Self::new(u.arbitrary()?)
        } else {
            Self::new(Int::new(u.choose(Self::NAMES)?.0))
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(10))
    }
}

macro_rules! of_32_bytes {
    ($($type:ident, $from:expr;)*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok($from(u.arbitrary()?))
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (32, Some(32))
            }
        })*
    };
}

of_32_bytes! {
    Identity, Identity::new;
    Thumbprint, Thumbprint::from_bytes;
    ThumbprintUri, |digest| ThumbprintUri(Thumbprint::from_bytes(digest));
}

/// Fractions are finite, as a NumericDate has to be.
impl<'a> Arbitrary<'a> for Time {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=3u8)? {
            // Dates that are met: from 1970 to 2106.
            0 | 1 => Self::Seconds(u.arbitrary::<u32>()?.into()),
            2 => Self::Seconds(u.arbitrary()?),
            _ => {
                let seconds: f64 = u.arbitrary()?;
                Self::Fractional(if seconds.is_finite() { seconds } else { 0.5 })
            }
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(9))
    }
}

impl<'a> Arbitrary<'a> for Payload<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? { Self::Detached(u.arbitrary()?) } else { Self::Embedded })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}
