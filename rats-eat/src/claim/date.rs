//! `exp`, `nbf` and `iat` (RFC 8392 2, RFC 9711 4.3.1).

use cose_ext::{
    cbor::{Item, Raw},
    cwt::Time,
};

use crate::{Error, Rule};

/// The latest second that a date may name, in both directions: beyond 2^53 neither a JSON number
/// nor a double tells one second from the next, and sums overflow somewhere.
const LATEST: i64 = 1 << 53;

/// Reads `exp` or `nbf`: a finite number of seconds since 1970-01-01T00:00Z, not wrapped in a tag.
///
/// # Errors
///
/// [`Rule::Date`] for another type, a tag, NaN, infinities and what lies beyond 2^53 seconds.
pub fn numeric_date(value: &Raw<'_>) -> Result<Time, Error> {
    let broken = Error::broken(Rule::Date, value.offset());
    let time = match value.read(|reader| reader.item()).map_err(|_| broken)? {
        Item::Int(seconds) => seconds.to_i64().map(Time::Seconds),
        Item::Float(seconds) => Some(Time::Fractional(seconds)).filter(|_| seconds.is_finite()),
        _ => None,
    };
    time.filter(|time| in_range(time.floor())).ok_or(broken)
}

/// Reads `iat` of an EAT, which is an integer: "if the value is a floating-point number, the
/// receiver must consider it an error" (RFC 9711 4.3.1).
///
/// # Errors
///
/// [`Rule::IntegerDate`] for anything else, and for what lies beyond 2^53 seconds.
pub fn integer_date(value: &Raw<'_>) -> Result<i64, Error> {
    let broken = Error::broken(Rule::IntegerDate, value.offset());
    match value.read(|reader| reader.item()).map_err(|_| broken)? {
        Item::Int(seconds) => seconds.to_i64().filter(|seconds| in_range(*seconds)).ok_or(broken),
        _ => Err(broken),
    }
}

fn in_range(seconds: i64) -> bool {
    (-LATEST..=LATEST).contains(&seconds)
}
