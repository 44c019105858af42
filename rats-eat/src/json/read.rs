//! Reading.

use alloc::{collections::BTreeSet, string::String, vec::Vec};
use core::{cell::Cell, fmt};

use cose_ext::{Profile, cbor::Int};
use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::{Error, ErrorKind, Rule};

/// A JSON value. Members keep their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number without fraction and exponent.
    Int(Int),
    /// Any other number, `1.0` too.
    Float(f64),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads the value that is the whole of `text`.
    ///
    /// # Errors
    ///
    /// [`Rule::JsonForm`], [`Rule::JsonMembers`], [`Rule::JsonDepth`], where the reader stopped.
    pub(crate) fn decode(text: &[u8], profile: &Profile) -> Result<Self, Error> {
        let fault = Cell::new(ErrorKind::Broken(Rule::JsonForm));
        let seed = Seed { depth: profile.limits.cbor.depth, fault: &fault };
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let value = seed.deserialize(&mut deserializer);
        let value = value.and_then(|value| deserializer.end().map(|()| value));
        value.map_err(|error| Error::new(fault.get()).at(offset(text, &error)))
    }

    /// Reads the value that a format for people holds.
    #[cfg(feature = "serde")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
        profile: &Profile,
    ) -> Result<Self, D::Error> {
        let fault = Cell::new(ErrorKind::Broken(Rule::JsonForm));
        Seed { depth: profile.limits.cbor.depth, fault: &fault }.deserialize(deserializer)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let mut members = self.as_object()?.iter();
        members.find(|(found, _)| found == name).map(|(_, value)| value)
    }
}

/// The byte at which the reader stopped.
fn offset(text: &[u8], error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let before = lines.fold(0_usize, |sum, line| sum.saturating_add(line.len()));
    before.saturating_add(error.column().saturating_sub(1)).min(text.len())
}

/// Reads one value, `depth` levels of arrays and objects deep at most.
#[derive(Clone, Copy)]
struct Seed<'f> {
    depth: usize,
    fault: &'f Cell<ErrorKind>,
}

impl Seed<'_> {
    fn deeper<E: serde_core::de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => {
                self.fault.set(ErrorKind::Limit(Rule::JsonDepth));
                Err(E::custom("nested too deep"))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Int(Int::unsigned(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Int(Int::new(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut names = BTreeSet::new();
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name.clone()) {
                self.fault.set(ErrorKind::Broken(Rule::JsonMembers));
                return Err(A::Error::custom("a member is there twice"));
            }
            members.push((name, map.next_value_seed(inner)?));
        }
        Ok(Json::Object(members))
    }
}
