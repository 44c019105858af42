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
        Self::decode_keeping(text, Keeps::All, profile)
    }

    /// Reads the value as [`decode`](Self::decode) does, and keeps of its texts one alone: that of
    /// a member of the outermost object, if it is a text.
    pub(crate) fn decode_text_of(
        text: &[u8],
        member: &'static str,
        profile: &Profile,
    ) -> Result<Option<String>, Error> {
        let json = Self::decode_keeping(text, Keeps::Member(member), profile)?;
        let Self::Object(members) = json else { return Ok(None) };
        let found = members.into_iter().find(|(name, _)| name == member);
        Ok(found.and_then(|(_, value)| match value {
            Self::Text(text) => Some(text),
            _ => None,
        }))
    }

    fn decode_keeping(text: &[u8], keeps: Keeps, profile: &Profile) -> Result<Self, Error> {
        let fault = Cell::new(ErrorKind::Broken(Rule::JsonForm));
        let seed = Seed { depth: profile.limits.cbor.depth, keeps, fault: &fault };
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
        let depth = profile.limits.cbor.depth;
        Seed { depth, keeps: Keeps::All, fault: &fault }.deserialize(deserializer)
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
    keeps: Keeps,
    fault: &'f Cell<ErrorKind>,
}

/// Which texts are kept; the others are read, and become null.
#[derive(Clone, Copy)]
enum Keeps {
    All,
    /// That of one member of the object that comes next.
    Member(&'static str),
    None,
}

impl Keeps {
    /// Which texts of a member are kept.
    fn of(self, name: &str) -> Self {
        match self {
            Self::All => Self::All,
            Self::Member(member) if member == name => Self::All,
            _ => Self::None,
        }
    }
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
        Ok(match self.keeps {
            Keeps::All => Json::Text(value.into()),
            _ => Json::Null,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let inner = Self { keeps: self.keeps.of(""), ..self.deeper()? };
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut names = Names::default();
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.has(&name, &members) {
                self.fault.set(ErrorKind::Broken(Rule::JsonMembers));
                return Err(A::Error::custom("a member is there twice"));
            }
            let inner = Self { keeps: self.keeps.of(&name), ..inner };
            members.push((name, map.next_value_seed(inner)?));
        }
        Ok(Json::Object(members))
    }
}

/// The names of an object's members so far. A few are looked through where they stand; more of them
/// go into a set, so that an object of many does not cost their square.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// How many are looked through.
    const FEW: usize = 16;

    /// Whether one of the members has this name already.
    fn has(&mut self, name: &str, members: &[(String, Json)]) -> bool {
        if members.len() < Self::FEW {
            return members.iter().any(|(known, _)| known == name);
        }
        if self.0.is_empty() {
            self.0.extend(members.iter().map(|(known, _)| known.clone()));
        }
        !self.0.insert(name.into())
    }
}
