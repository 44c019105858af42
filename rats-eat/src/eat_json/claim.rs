//! Claims by their JSON names.

use alloc::vec::Vec;

use super::{broken, confirmation, reported, submodule};
use crate::{
    Error, Path, Rule, cmw,
    json::{self, Json, decode_base64url},
    label::{self, ear::EAT_PROFILE},
    validate::Report,
};

/// A registered claim.
pub(super) struct Claim {
    pub(super) name: &'static str,
    pub(super) key: i64,
    pub(super) form: Form,
}

/// How the JSON value of a claim becomes the one of CBOR. What does not fit stays as it stands.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// As it stands.
    Plain,
    /// A date that must be an integer.
    IntegerDate,
    /// Base64url; in arrays and objects, each element and member.
    Bytes,
    /// Text whose characters are the bytes.
    TextBytes,
    /// A key of JOSE, for one of COSE.
    Confirmation,
    /// One of these texts, for its number.
    Named(&'static [(&'static str, i64)]),
    /// An object whose members have these integer keys.
    Keyed(&'static [(&'static str, i64)]),
    /// A URI, or an object identifier in dotted form.
    Profile,
    /// Pairs of a content format and base64url.
    Contents,
    /// Measuring systems with named results.
    Results,
    /// Submodules.
    Submods,
    /// A conceptual message wrapper.
    Wrapper,
}

const DEBUG_STATUS: &[(&str, i64)] = &[
    ("enabled", 0),
    ("disabled", 1),
    ("disabled-since-boot", 2),
    ("disabled-permanently", 3),
    ("disabled-fully-and-permanently", 4),
];

const LOCATION: &[(&str, i64)] = &[
    ("latitude", 1),
    ("longitude", 2),
    ("altitude", 3),
    ("accuracy", 4),
    ("altitude-accuracy", 5),
    ("heading", 6),
    ("speed", 7),
    ("timestamp", 8),
    ("age", 9),
];

const INTENDED_USE: &[(&str, i64)] =
    &[("generic", 1), ("registration", 2), ("provisioning", 3), ("csr", 4), ("pop", 5)];

pub(super) const RESULTS: &[(&str, i64)] =
    &[("success", 1), ("fail", 2), ("not-run", 3), ("absent", 4)];

const CLAIMS: [Claim; 31] = [
    claim("iss", 1, Form::Plain),
    claim("sub", 2, Form::Plain),
    claim("aud", 3, Form::Plain),
    claim("exp", 4, Form::Plain),
    claim("nbf", 5, Form::Plain),
    claim("iat", 6, Form::IntegerDate),
    claim("jti", 7, Form::TextBytes),
    claim("cnf", 8, Form::Confirmation),
    claim("eat_nonce", 10, Form::Bytes),
    claim("ueid", 256, Form::Bytes),
    claim("sueids", 257, Form::Bytes),
    claim("oemid", 258, Form::Bytes),
    claim("hwmodel", 259, Form::Bytes),
    claim("hwversion", 260, Form::Plain),
    claim("uptime", 261, Form::Plain),
    claim("oemboot", 262, Form::Plain),
    claim("dbgstat", 263, Form::Named(DEBUG_STATUS)),
    claim("location", 264, Form::Keyed(LOCATION)),
    claim("eat_profile", EAT_PROFILE, Form::Profile),
    claim("submods", 266, Form::Submods),
    claim("bootcount", 267, Form::Plain),
    claim("bootseed", 268, Form::Bytes),
    claim("dloas", 269, Form::Plain),
    claim("swname", 270, Form::Plain),
    claim("swversion", 271, Form::Plain),
    claim("manifests", 272, Form::Contents),
    claim("measurements", 273, Form::Contents),
    claim("measres", 274, Form::Results),
    claim("intuse", 275, Form::Named(INTENDED_USE)),
    claim("cmw", label::CMW_CLAIM, Form::Wrapper),
    claim("scope", 9, Form::Plain),
];

const fn claim(name: &'static str, key: i64, form: Form) -> Claim {
    Claim { name, key, form }
}

pub(super) fn named(name: &str) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.name == name)
}

pub(super) fn keyed(key: i64) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.key == key)
}

impl Form {
    /// Encodes the value of the claim that stands at `path`.
    pub(super) fn encode(
        self,
        value: &Json,
        path: &Path<'_>,
        report: &mut Report<'_>,
    ) -> Result<Vec<u8>, Error> {
        Ok(match self {
            Self::Plain => json::of(value),
            Self::IntegerDate if matches!(value, Json::Float(_)) => {
                return Err(reported(broken(Rule::IntegerDate), path, report));
            }
            Self::IntegerDate => json::of(value),
            Self::Bytes => bytes(value),
            Self::TextBytes => match value {
                Json::Text(text) => json::bytes(text.as_bytes()),
                _ => json::of(value),
            },
            Self::Confirmation => confirmation::encode(value),
            Self::Named(names) => named_value(value, names),
            Self::Keyed(names) => match value {
                Json::Object(members) => json::map(
                    members
                        .iter()
                        .map(|(name, value)| (key(name, names), json::of(value)))
                        .collect(),
                ),
                _ => json::of(value),
            },
            Self::Profile => match value.as_text().and_then(oid) {
                Some(oid) => json::bytes(&oid),
                None => json::of(value),
            },
            Self::Contents => elements(value, |pair| match pair {
                [format, content] => Some(json::array([json::of(format), bytes(content)])),
                _ => None,
            }),
            Self::Results => elements(value, |system| match system {
                [name, results] => Some(json::array([json::of(name), of_results(results)])),
                _ => None,
            }),
            Self::Submods => submodule::all(value, path, report)?,
            Self::Wrapper => {
                cmw::record_from_json(value).map_err(|error| reported(error, path, report))?
            }
        })
    }
}

/// Base64url as bytes, in arrays and objects too; anything else as it stands.
fn bytes(value: &Json) -> Vec<u8> {
    match value {
        Json::Text(text) => match decode_base64url(text) {
            Some(bytes) => json::bytes(&bytes),
            None => json::text(text),
        },
        Json::Array(values) => json::array(values.iter().map(bytes)),
        Json::Object(members) => json::map(
            members.iter().map(|(name, value)| (json::text(name), bytes(value))).collect(),
        ),
        other => json::of(other),
    }
}

fn key(name: &str, names: &[(&str, i64)]) -> Vec<u8> {
    let known = names.iter().find(|(known, _)| *known == name);
    known.map_or_else(|| json::text(name), |(_, key)| json::int(*key))
}

fn named_value(value: &Json, names: &[(&str, i64)]) -> Vec<u8> {
    value.as_text().map_or_else(|| json::of(value), |name| key(name, names))
}

/// An array of arrays, each encoded by `encode` where that is possible.
fn elements(value: &Json, encode: fn(&[Json]) -> Option<Vec<u8>>) -> Vec<u8> {
    let Some(values) = value.as_array() else { return json::of(value) };
    let encoded =
        |value: &Json| value.as_array().and_then(encode).unwrap_or_else(|| json::of(value));
    json::array(values.iter().map(encoded))
}

fn of_results(results: &Json) -> Vec<u8> {
    elements(results, |result| match result {
        [id, result] => Some(json::array([json::of(id), named_value(result, RESULTS)])),
        _ => None,
    })
}

/// The content of an object identifier that is written with dots (ITU-T X.690 8.19).
fn oid(text: &str) -> Option<Vec<u8>> {
    let mut arcs = text.split('.').map(|arc| {
        let is_number = !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
        let is_plain = is_number && (arc == "0" || !arc.starts_with('0'));
        is_plain.then(|| arc.parse::<u64>().ok()).flatten()
    });
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || (first < 2 && second > 39) {
        return None;
    }
    let mut out = base128(first.checked_mul(40)?.checked_add(second)?);
    for arc in arcs {
        out.extend(base128(arc?));
    }
    Some(out)
}

/// Seven bits in each byte, the highest bit set in all but the last.
fn base128(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut more = 0;
    loop {
        let [.., low] = number.to_be_bytes();
        out.push((low & 0x7f) | more);
        more = 0x80;
        number >>= 7;
        if number == 0 {
            break;
        }
    }
    out.reverse();
    out
}
