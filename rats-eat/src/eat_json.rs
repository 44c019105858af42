//! EAT claims in JSON (RFC 9711 7), turned into the deterministic CBOR that one model reads, and
//! written from that model.

mod claim;
mod confirmation;
mod submodule;
mod write;

use alloc::vec::Vec;

use cose_ext::Profile;

use crate::{
    Error, Rule,
    error::ErrorKind,
    json::{self, Json},
};

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
/// Those of reading JSON; [`Rule::JwtClaims`] if the text is no object; [`Rule::IntegerDate`].
pub fn to_cbor(text: &[u8], profile: &Profile) -> Result<Vec<u8>, Error> {
    claims_set(&Json::decode(text, profile)?)
}

pub(crate) fn claims_set(json: &Json) -> Result<Vec<u8>, Error> {
    let members = json.as_object().ok_or(broken(Rule::JwtClaims))?;
    let entries = members.iter().map(|(name, value)| match claim::named(name) {
        Some(claim) => Ok((json::int(claim.key), claim.form.encode(value)?)),
        None => Ok((json::text(name), json::of(value))),
    });
    Ok(json::map(entries.collect::<Result<_, Error>>()?))
}

const fn broken(rule: Rule) -> Error {
    Error::new(ErrorKind::Broken(rule))
}
