//! Measured components and epoch markers.

use cose_ext::{IntOrText, Profile};
use rats_eat::epoch_marker::EpochMarker;
use rats_eat::measured_component::{MeasuredComponent, Measurement, from_json};
use serde_json::{Value, json};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::common::{refused, shown};

const PROFILE: &Profile = &Profile::LENIENT;

pub(crate) fn cbor(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let component = match MeasuredComponent::decode(&bytes, PROFILE) {
        Ok(component) => component,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    // JSON and back gives the same bytes: those of the specification are deterministic.
    if from_json(component.to_json().to_string().as_bytes(), PROFILE)? != bytes {
        return Err("by way of JSON it is another".into());
    }
    let mut facts = Facts::new();
    facts.is("decoded", decoded(&component));
    Ok(Outcome::Accepted(facts))
}

pub(crate) fn json(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = match from_json(&case.bytes()?, PROFILE) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let written = MeasuredComponent::decode(&bytes, PROFILE)?.to_json().to_string();
    let mut facts = Facts::new();
    facts.is("decoded", serde_json::from_str::<Value>(&written)?);
    Ok(Outcome::Accepted(facts))
}

pub(crate) fn epoch_marker(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let marker = match EpochMarker::decode(&bytes, PROFILE) {
        Ok(marker) => marker,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let item = PROFILE.item(marker.bytes(), 0).map_err(|error| error.to_string())?;
    let mut facts = Facts::new();
    facts.is("decoded", crate::decoded::of_item(&item));
    Ok(Outcome::Accepted(facts))
}

fn decoded(component: &MeasuredComponent<'_>) -> Value {
    let mut id = vec![Value::from(component.name())];
    id.extend(component.version().map(|version| {
        let mut elements = vec![Value::from(version.version)];
        elements.extend(version.scheme.map(int_or_text));
        elements.into()
    }));
    let mut out = json!({"1": id});
    match component.measurement() {
        Measurement::Digest { algorithm, value } => {
            out["2"] = json!([int_or_text(algorithm), shown(value, None)]);
        }
        Measurement::Raw(value) => out["5"] = shown(value, None),
    }
    let authorities: Vec<_> = component.authorities().map(|bytes| shown(bytes, None)).collect();
    if !authorities.is_empty() {
        out["3"] = authorities.into();
    }
    if let Some(flags) = component.flags() {
        out["4"] = shown(flags, None);
    }
    out
}

fn int_or_text(value: IntOrText<'_>) -> Value {
    match value {
        IntOrText::Int(number) => number.to_i64().into(),
        IntOrText::Text(text) => text.into(),
    }
}
