//! Measured components in JSON.

use alloc::vec::Vec;
use core::fmt;

use cose_ext::{IntOrText, Profile};

use super::{MeasuredComponent, Measurement};
use crate::{
    Error, Rule,
    error::ErrorKind,
    json::{self, Base64Url, Json, Quoted, decode_base64url},
    label::component as label,
};

/// Reads a component that is the whole of a JSON text, and returns it in deterministic CBOR, for
/// [`MeasuredComponent::decode`].
///
/// # Errors
///
/// Those of reading JSON; what breaks a rule of components, without an offset.
pub fn from_json(text: &[u8], profile: &Profile) -> Result<Vec<u8>, Error> {
    let json = Json::decode(text, profile)?;
    let members = json.as_object().ok_or(broken(Rule::MeasuredComponent))?;
    let entries = members.iter().map(|(name, value)| {
        Ok(match name.as_str() {
            "id" => (json::int(label::ID), json::of(value)),
            "digested-measurement" => (json::int(label::DIGEST), digest(value)?),
            "raw-measurement" => (json::int(label::RAW), bytes(value, Rule::ComponentMeasurement)?),
            "authorities" => (json::int(label::AUTHORITIES), authorities(value)?),
            "flags" => (json::int(label::FLAGS), bytes(value, Rule::ComponentFlags)?),
            _ => (json::text(name), json::of(value)),
        })
    });
    let cbor = json::map(entries.collect::<Result<_, Error>>()?);
    // Offsets in what was made here would mislead.
    MeasuredComponent::decode(&cbor, profile).map_err(|error| Error::new(error.kind()))?;
    Ok(cbor)
}

fn digest(value: &Json) -> Result<Vec<u8>, Error> {
    match value.as_array() {
        Some([algorithm, value]) => {
            Ok(json::array([json::of(algorithm), bytes(value, Rule::ComponentDigest)?]))
        }
        _ => Err(broken(Rule::ComponentDigest)),
    }
}

fn authorities(value: &Json) -> Result<Vec<u8>, Error> {
    let values = value.as_array().ok_or(broken(Rule::ComponentAuthorities))?;
    let values = values.iter().map(|value| bytes(value, Rule::ComponentAuthorities));
    Ok(json::array(values.collect::<Result<Vec<_>, _>>()?))
}

/// Base64url; any other type breaks `rule`.
fn bytes(value: &Json, rule: Rule) -> Result<Vec<u8>, Error> {
    let text = value.as_text().ok_or(broken(rule))?;
    let bytes = decode_base64url(text).ok_or(broken(Rule::Base64Url))?;
    Ok(json::bytes(&bytes))
}

const fn broken(rule: Rule) -> Error {
    Error::new(ErrorKind::Broken(rule))
}

/// A component that writes itself in JSON, without blanks; of members that are not known here none
/// is written.
#[derive(Clone, Copy, Debug)]
pub struct ComponentJson<'a>(MeasuredComponent<'a>);

impl<'a> MeasuredComponent<'a> {
    /// Returns the component as something that writes itself in JSON.
    #[must_use]
    pub const fn to_json(&self) -> ComponentJson<'a> {
        ComponentJson(*self)
    }
}

impl fmt::Display for ComponentJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let component = &self.0;
        write!(f, "{{\"id\":[{}", Quoted(component.name()))?;
        if let Some(version) = component.version() {
            write!(f, ",[{}", Quoted(version.version))?;
            if let Some(scheme) = version.scheme {
                f.write_str(",")?;
                write_int_or_text(scheme, f)?;
            }
            f.write_str("]")?;
        }
        f.write_str("],")?;
        match component.measurement() {
            Measurement::Digest { algorithm, value } => {
                f.write_str("\"digested-measurement\":[")?;
                write_int_or_text(algorithm, f)?;
                write!(f, ",{}]", Base64Url(value))?;
            }
            Measurement::Raw(value) => write!(f, "\"raw-measurement\":{}", Base64Url(value))?,
        }
        let mut separator = ",\"authorities\":[";
        for authority in component.authorities() {
            write!(f, "{separator}{}", Base64Url(authority))?;
            separator = ",";
        }
        if component.authorities().next().is_some() {
            f.write_str("]")?;
        }
        if let Some(flags) = component.flags() {
            write!(f, ",\"flags\":{}", Base64Url(flags))?;
        }
        f.write_str("}")
    }
}

fn write_int_or_text(value: IntOrText<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        IntOrText::Int(number) => write!(f, "{number}"),
        IntOrText::Text(text) => write!(f, "{}", Quoted(text)),
    }
}
