//! The values of claims, each in its own type (RFC 9711 4).
//!
//! Every type has a `read` that takes the encoded value, refuses what the specification excludes,
//! and borrows the rest. Who vouches for the claim is not their affair.

mod content;
mod date;
mod debug_status;
mod dloa;
mod intended_use;
mod location;
mod measurement_results;
mod nonce;
mod oem_id;
mod profile_id;
mod submodule;
mod ueid;
mod version;

pub use content::{Content, ContentFormat, Contents};
pub use date::{integer_date, numeric_date};
pub use debug_status::DebugStatus;
pub use dloa::{Dloa, Dloas};
pub use intended_use::IntendedUse;
pub use location::Location;
pub use measurement_results::{MeasurementResult, MeasurementResults, SystemResults};
pub use nonce::Nonces;
pub use oem_id::OemId;
pub use profile_id::ProfileId;
pub use submodule::{JsonSelector, Submodule, Submodules};
pub use ueid::{Sueids, Ueid, UeidKind};
pub use version::{Version, VersionScheme};

pub(crate) use submodule::digest;

use cose_ext::cbor::{Array, Raw, Reader};

use crate::{Error, Rule, error::Breaks};

/// Reads a text.
pub(crate) fn text<'a>(value: &Raw<'a>, rule: Rule) -> Result<&'a str, Error> {
    value.read(Reader::text).breaks(rule)
}

/// Reads a byte string.
pub(crate) fn bytes<'a>(value: &Raw<'a>, rule: Rule) -> Result<&'a [u8], Error> {
    value.read(Reader::bytes).breaks(rule)
}

/// Reads a byte string whose length lies in `range`.
pub(crate) fn sized<'a>(
    value: &Raw<'a>,
    least: usize,
    most: usize,
    rule: Rule,
) -> Result<&'a [u8], Error> {
    let bytes = bytes(value, rule)?;
    if bytes.len() < least || bytes.len() > most {
        return Err(Error::broken(rule, value.offset()));
    }
    Ok(bytes)
}

/// Reads an unsigned integer.
pub(crate) fn uint(value: &Raw<'_>, rule: Rule) -> Result<u64, Error> {
    value.read(Reader::uint).breaks(rule)
}

/// Reads an array.
pub(crate) fn array<'a>(value: &Raw<'a>, rule: Rule) -> Result<Array<'a>, Error> {
    Array::new(value).breaks(rule)
}

/// Reads an array that has at least one element.
pub(crate) fn some<'a>(value: &Raw<'a>, rule: Rule) -> Result<Array<'a>, Error> {
    let array = array(value, rule)?;
    if array.is_empty() { Err(Error::broken(rule, value.offset())) } else { Ok(array) }
}
