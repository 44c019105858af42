//! EAT claims in JSON (RFC 9711 7), turned into the deterministic CBOR that one model reads, and
//! written from that model.

mod claim;
mod confirmation;
mod submodule;
mod write;

use alloc::vec::Vec;

use cose_ext::Profile;

use crate::{
    Error, Finding, Path, Rule, Step,
    error::ErrorKind,
    json::{self, Json},
    validate::Report,
};
use cose_ext::cwt::ClaimKey;

pub use write::ClaimsJson;

/// Reads a claims set that is the whole of a JSON text, and returns it in deterministic CBOR:
/// registered claims under their integer keys and with the types that they have in CBOR, others
/// under their names. Of a wrapper in the claim `cmw` the entries keep their order.
///
/// A value that is not what its claim wants is kept as it stands, so that whoever reads the claim
/// finds it wrong; one date is refused at once, since JSON would hide it: `iat` with a fraction or
/// an exponent, `1790000000.0` too. A key in `cnf` becomes one of COSE.
///
/// # Errors
///
/// Those of reading JSON; [`Rule::JwtClaims`] if the text is not an object; [`Rule::IntegerDate`].
pub fn to_cbor(text: &[u8], profile: &Profile) -> Result<Vec<u8>, Error> {
    to_cbor_reporting(text, profile, &mut |_| {})
}

/// Reads a claims set as [`to_cbor`] does, and tells `report` which claim an error is about.
///
/// `report` is called once where an error is returned, and not otherwise. The path leads through
/// the submodules to the claim: an error has no room for it, and the bytes of the JSON text are
/// not kept. What is not JSON is reported at the token itself, with its offset.
///
/// ```
/// use rats_eat::{cose_ext::Profile, eat_json};
///
/// let text = br#"{"submods":{"TEE":{"iat":1.5}}}"#;
/// let mut place = String::new();
/// let read = eat_json::to_cbor_reporting(text, &Profile::LENIENT, &mut |finding| {
///     place = finding.path.to_string();
/// });
/// assert!(read.is_err());
/// assert_eq!(place, "submods/TEE/iat");
/// ```
///
/// # Errors
///
/// Those of [`to_cbor`].
pub fn to_cbor_reporting(
    text: &[u8],
    profile: &Profile,
    report: &mut dyn FnMut(&Finding<'_>),
) -> Result<Vec<u8>, Error> {
    match Json::decode(text, profile) {
        Ok(json) => claims_set(&json, &Path::TOKEN, report),
        Err(error) => Err(reported(error, &Path::TOKEN, report)),
    }
}

/// Encodes a claims set that stands at `path`.
pub(crate) fn claims_set(
    json: &Json,
    path: &Path<'_>,
    report: &mut Report<'_>,
) -> Result<Vec<u8>, Error> {
    let Some(members) = json.as_object() else {
        return Err(reported(broken(Rule::JwtClaims), path, report));
    };
    let entries = members.iter().map(|(name, value)| match claim::named(name) {
        Some(claim) => {
            let here = path.then(Step::Claim(ClaimKey::int(claim.key)));
            Ok((json::int(claim.key), claim.form.encode(value, &here, report)?))
        }
        None => Ok((json::text(name), json::of(value))),
    });
    Ok(json::map(entries.collect::<Result<_, Error>>()?))
}

/// Tells `report` of an error at `path`, and returns it.
fn reported(error: Error, path: &Path<'_>, report: &mut Report<'_>) -> Error {
    report(&Finding { error, path });
    error
}

const fn broken(rule: Rule) -> Error {
    Error::new(ErrorKind::Broken(rule))
}
