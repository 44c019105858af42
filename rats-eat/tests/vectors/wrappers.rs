//! Conceptual message wrappers.

use cose_ext::{IntOrText, Profile, Supplied, key::TrustStore};
use rats_eat::{
    Error,
    cmw::{self, Cmw, CmwExtension, Collection, MediaType, Record, SignedCmw, Tagged},
};
use serde_json::{Map, Value, json};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::common::{context, jwks, outcome, refused, shown, trusted};

const PROFILE: &Profile = &Profile::LENIENT;

pub(crate) fn cbor(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let cmw = match Cmw::decode(&bytes, PROFILE) {
        Ok(cmw) => cmw,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    if cmw.bytes() != bytes {
        return Err("the wrapper does not hold the bytes that it was read from".into());
    }
    let mut facts = facts_of(case, &cmw);
    facts.is("first_byte", format!("0x{:02x}", bytes[0]));
    Ok(Outcome::Accepted(facts))
}

pub(crate) fn json(case: &Case) -> Result<Outcome, Trouble> {
    let text = case.bytes()?;
    let bytes = match cmw::from_json(&text, PROFILE) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let cmw = Cmw::decode(&bytes, PROFILE)?;
    let written = written(&cmw, &text)?;
    let mut facts = facts_of(case, &cmw);
    facts.is("decoded", written);
    Ok(Outcome::Accepted(facts))
}

/// Writes a wrapper in JSON; without the blanks of the file that is what the file holds.
fn written(cmw: &Cmw<'_>, file: &[u8]) -> Result<Value, Trouble> {
    let text = cmw.to_json()?.to_string();
    // No string of these files holds an escaped quotation mark.
    let mut in_string = false;
    let squeezed = file.iter().filter(|byte| {
        in_string ^= **byte == b'"';
        in_string || !byte.is_ascii_whitespace()
    });
    if !squeezed.eq(text.as_bytes().iter()) {
        return Err(format!("another text than the one that was read: {text}").into());
    }
    Ok(serde_json::from_str(&text)?)
}

pub(crate) fn cose_sign1(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, jwks) = (case.bytes()?, jwks(case)?);
    let keys = trusted(&jwks)?;
    let signed = match SignedCmw::decode(&bytes, PROFILE) {
        Ok(signed) => signed,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let verified = signed.verify(&Supplied::default(), &TrustStore::new(&keys), &context());
    Ok(match verified {
        Ok(verified) => Outcome::Accepted(facts_of(case, verified.value())),
        Err(error) => refused(&error, Facts::new()),
    })
}

pub(crate) fn certificate(case: &Case) -> Result<Outcome, Trouble> {
    let der = case.bytes()?;
    let value = extension(&der).ok_or("no extension id-pe-cmw")?;
    let mut facts = Facts::new();
    facts.is_hex("extension_value_hex", value);
    Ok(match CmwExtension::decode(value, PROFILE) {
        Ok(CmwExtension::Cbor(_)) => Outcome::Accepted(facts),
        Ok(CmwExtension::Json(text)) => {
            outcome(cmw::from_json(text.as_bytes(), PROFILE).map(drop), facts)
        }
        Err(error) => refused(&error, facts),
    })
}

/// The value of the extension: the OCTET STRING after the object identifier.
fn extension(der: &[u8]) -> Option<&[u8]> {
    let oid = [&[6, 8][..], &CmwExtension::OID].concat();
    let at = der.windows(oid.len()).position(|window| window == oid)?;
    let rest = der[at..].strip_prefix(&oid[..])?;
    let rest = rest.strip_prefix(&[1, 1, 0xff]).unwrap_or(rest);
    let (len, rest) = (*rest.strip_prefix(&[4])?.first()?, &rest[2..]);
    rest.get(..usize::from(len))
}

fn facts_of(case: &Case, cmw: &Cmw<'_>) -> Facts {
    let mut facts = Facts::new();
    // What JSON holds is compared in JSON.
    if let Some(stated) = case.fact("decoded").filter(|_| case.kind != "cmw-json") {
        facts.is("decoded", decoded(cmw, stated));
    }
    if case.fact("inner_verdict").is_some() {
        let verdict = if cmw.check_types().is_ok() { "valid" } else { "invalid" };
        facts.is("inner_verdict", verdict);
        facts.is("strict_violation", mismatch(cmw.check_types()));
    }
    if case.fact("members").is_some() {
        let mut members = Map::new();
        of_members(cmw, "", &mut members);
        facts.is("members", members);
    }
    if let Cmw::Record(record) = cmw {
        facts.is("type", record.media_type().to_string());
        facts.is_hex("value_hex", record.value());
        facts.is("indicator", record.indicators().map(|indicators| indicators.bits()));
    }
    if let Cmw::Collection(collection) = cmw {
        facts_of_collection(collection, &mut facts);
    }
    facts
}

fn facts_of_collection(collection: &Collection<'_>, facts: &mut Facts) {
    let mut labels: Vec<_> = collection.entries().map(|(label, _)| name(label)).collect();
    labels.extend(collection.collection_type().map(|_| "__cmwc_t".to_owned()));
    labels.sort();
    facts.is("labels", labels);
    let records = || {
        collection.entries().filter_map(|(_, cmw)| match cmw {
            Cmw::Record(record) => Some(record),
            _ => None,
        })
    };
    let mut types: Vec<_> = records().map(|record| record.media_type().to_string()).collect();
    types.sort();
    facts.is("types", types);
    if records().any(|record| record.value().starts_with(&[0xd9, 0x02, 0x59])) {
        facts.is("uccs_tag", 601);
    }
}

fn mismatch(check: Result<(), Error>) -> &'static str {
    match check.err().and_then(|error| error.rule()) {
        None => "ok",
        Some(rule) if rule == rats_eat::Rule::CmwType => "cmw-type-mismatch",
        Some(_) => "another rule",
    }
}

fn of_members(cmw: &Cmw<'_>, path: &str, members: &mut Map<String, Value>) {
    match cmw {
        Cmw::Collection(collection) => collection.entries().for_each(|(label, cmw)| {
            let separator = if path.is_empty() { "" } else { "/" };
            of_members(&cmw, &format!("{path}{separator}{}", name(label)), members);
        }),
        _ => {
            members.insert(path.to_owned(), mismatch(cmw.check_types()).into());
        }
    }
}

fn name(label: IntOrText<'_>) -> String {
    match label {
        IntOrText::Int(label) => label.to_string(),
        IntOrText::Text(label) => label.to_owned(),
    }
}

fn decoded(cmw: &Cmw<'_>, stated: &Value) -> Value {
    match cmw {
        Cmw::Record(record) => of_record(record, stated),
        Cmw::Tagged(tagged) => of_tagged(tagged),
        Cmw::Collection(collection) => {
            let entries = collection.entries().map(|(label, cmw)| {
                let label = name(label);
                let stated = stated.get(&label).unwrap_or(&Value::Null);
                let value = decoded(&cmw, stated);
                (label, value)
            });
            let mut map: Map<_, _> = entries.collect();
            if let Some(cmw::CollectionType::Text(text)) = collection.collection_type() {
                map.insert("__cmwc_t".into(), text.into());
            }
            map.into()
        }
    }
}

fn of_record(record: &Record<'_>, stated: &Value) -> Value {
    let kind = match record.media_type() {
        MediaType::Text(text) => Value::from(text),
        MediaType::ContentFormat(number) => number.into(),
    };
    let mut elements = vec![kind, shown(record.value(), stated.get(1))];
    elements.extend(record.indicators().map(|indicators| indicators.bits().into()));
    elements.into()
}

fn of_tagged(tagged: &Tagged<'_>) -> Value {
    json!({"tag": Tagged::number_of(tagged.content_format()), "value": shown(tagged.value(), None)})
}
