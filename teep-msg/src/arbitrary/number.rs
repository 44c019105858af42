//! Numbers, codes and tokens.

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::arbitrary::bytes;

use super::{
    DataItems, ErrorCode, FreshnessMechanism, MessageType, Model, Numbering, OptionName, Purpose,
    Standing, SuitProfile, Suite, Token, WithoutStatus,
};

macro_rules! one_of {
    ($($type:ty: $values:expr;)*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(*u.choose(&$values)?)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        })*
    };
}

one_of! {
    Numbering: Self::ALL;
    MessageType: [
        Self::QueryRequest,
        Self::QueryResponse,
        Self::Update,
        Self::Success,
        Self::Error,
    ];
    Suite: *Self::ALL;
    Model: [Self::BackgroundCheck, Self::Passport];
    WithoutStatus: [Self::Refused, Self::Affirms];
    Standing: [Self::Affirming, Self::None, Self::Warning, Self::Contraindicated];
    Purpose: [Self::Eat, Self::SuitReport];
}

/// By its label in the older numbering, which has one for each.
impl<'a> Arbitrary<'a> for OptionName {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let label = u.int_in_range(1..=23u64)?;
        Self::from_label(label, Numbering::Draft25).ok_or(Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for ErrorCode {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let registered = u.int_in_range(1..=11u64)?;
        let other = if u.ratio(1u8, 8u8)? { u.arbitrary::<u64>()?.max(1) } else { registered };
        Self::from_wire(other, Numbering::Iana).ok_or(Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(10))
    }
}

impl<'a> Arbitrary<'a> for FreshnessMechanism {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=4u8)? {
            0 | 1 => Self::NONCE,
            2 | 3 => Self::TIMESTAMP,
            _ => Self::new(u.arbitrary()?),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(9))
    }
}

impl<'a> Arbitrary<'a> for DataItems {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let defined = u.int_in_range(0..=15u64)?;
        Ok(Self::from_bits(if u.ratio(1u8, 8u8)? { u.arbitrary()? } else { defined }))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(10))
    }
}

/// One of the mandatory ones, mostly.
impl<'a> Arbitrary<'a> for SuitProfile {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut profile = *u.choose(Self::MANDATORY)?;
        if u.ratio(1u8, 4u8)? {
            profile.authentication = u.arbitrary()?;
        }
        Ok(profile)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(11))
    }
}

/// As long as it may be; zeros stand behind the end of the input.
impl<'a> Arbitrary<'a> for Token {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut token = [0; Self::MAX];
        let chosen = bytes(u, Self::MAX)?;
        for (place, byte) in token.iter_mut().zip(chosen) {
            *place = *byte;
        }
        let len = chosen.len().max(Self::MIN);
        token.get(..len).and_then(Self::new).ok_or(Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(Self::MAX.saturating_add(1)))
    }
}
