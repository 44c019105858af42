//! The countersignatures of one header bucket (RFC 9338 2).

use super::{Countersignature, Version};
use crate::{
    Error, Profile, Rule,
    cbor::{Raw, Reader, Strictness, Type, widen},
    error::{Breaks, Limit},
    frame::Layer,
};

/// The countersignatures of one header bucket, at least one, all of which can be decoded (RFC 9338
/// 2).
///
/// Each stands for itself: if one verifies, that says nothing about the others.
#[derive(Clone, Copy, Debug)]
pub struct Countersignatures<'a> {
    value: Raw<'a>,
    /// An array of them, not one.
    is_list: bool,
    len: usize,
    version: Version,
    profile: Profile,
}

impl<'a> Countersignatures<'a> {
    pub(crate) fn read(
        value: &Raw<'a>,
        version: Version,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let mut reader = Reader::new(value.bytes(), profile.strictness);
        Self::count(&mut reader, version, profile)
            .map(|(is_list, len)| Self {
                value: *value,
                is_list,
                len,
                version,
                profile: Profile { strictness: Strictness::LENIENT, ..*profile },
            })
            .map_err(|error| error.within(value.offset()))
    }

    /// Reads them all: whether they are a list, and how many they are.
    fn count(
        reader: &mut Reader<'a>,
        version: Version,
        profile: &Profile,
    ) -> Result<(bool, usize), Error> {
        const RULE: Rule = Rule::CountersignatureForm;
        let mut inside = reader.clone();
        let announced = inside.array().breaks(RULE)?;
        // One starts with a byte string, a list of them with an array.
        if announced == Some(0) || inside.peek()? != Type::Array {
            Countersignature::read(reader, profile, version)?;
            return Ok((false, 1));
        }
        let list = Layer::open(reader, 1, u64::MAX, RULE)?;
        let mut len: usize = 0;
        while list.has_element(widen(len), reader)? {
            if len >= profile.limits.countersignatures {
                return Err(Error::from(Limit::Countersignatures).at(0));
            }
            Countersignature::read(reader, profile, version)?;
            len = len.saturating_add(1);
        }
        list.close(reader, RULE)?;
        Ok((true, len))
    }

    /// Returns the number of countersignatures, at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns where the parameter's value starts in the input, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.value.offset()
    }

    /// Returns the countersignatures in the order of the input.
    pub fn iter(&self) -> impl Iterator<Item = Countersignature<'a>> + use<'a> {
        let mut reader = Reader::new(self.value.bytes(), Strictness::LENIENT);
        // The head and each element were read before.
        if self.is_list {
            let _ = reader.array();
        }
        let Self { value, len, version, profile, .. } = *self;
        (0..len).map_while(move |index| {
            let one = Countersignature::read(&mut reader, &profile, version).ok()?;
            let signature = one.signature.within(value.offset());
            let offset = one.offset.saturating_add(value.offset());
            Some(Countersignature { signature, offset, index, ..one })
        })
    }
}
