//! `location` (RFC 9711 4.2.10).

use cose_ext::cbor::{Item, Map, Raw, Reader};

use crate::{Error, Rule, error::Breaks};

/// Where the entity is: WGS84, in degrees and metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// Latitude in degrees.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// Altitude in metres.
    pub altitude: Option<f64>,
    /// Accuracy of latitude and longitude in metres.
    pub accuracy: Option<f64>,
    /// Accuracy of the altitude in metres.
    pub altitude_accuracy: Option<f64>,
    /// Heading in degrees.
    pub heading: Option<f64>,
    /// Speed in metres a second.
    pub speed: Option<f64>,
    /// When the location was taken, in seconds since 1970-01-01T00:00Z.
    pub timestamp: Option<i64>,
    /// How old the location is, in seconds.
    pub age: Option<u64>,
}

const RULE: Rule = Rule::Location;

impl Location {
    /// Reads a map of numbers in which latitude and longitude are there. Other members are ignored.
    ///
    /// # Errors
    ///
    /// [`Rule::Location`]: also for a timestamp that is not an integer, NaN and infinities.
    pub fn read(value: &Raw<'_>) -> Result<Self, Error> {
        let map = Map::new(value).breaks(RULE)?;
        let [
            latitude,
            longitude,
            altitude,
            accuracy,
            altitude_accuracy,
            heading,
            speed,
            taken,
            age,
        ] = map.find_all([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let missing = Error::broken(RULE, value.offset());
        let int = |raw: Raw<'_>| match raw.read(Reader::int).breaks(RULE)?.to_i64() {
            Some(seconds) => Ok(seconds),
            None => Err(Error::broken(RULE, raw.offset())),
        };
        Ok(Self {
            latitude: number(&latitude.ok_or(missing)?)?,
            longitude: number(&longitude.ok_or(missing)?)?,
            altitude: optional(altitude)?,
            accuracy: optional(accuracy)?,
            altitude_accuracy: optional(altitude_accuracy)?,
            heading: optional(heading)?,
            speed: optional(speed)?,
            timestamp: taken.map(int).transpose()?,
            age: age.map(|raw| raw.read(Reader::uint).breaks(RULE)).transpose()?,
        })
    }
}

fn optional(value: Option<Raw<'_>>) -> Result<Option<f64>, Error> {
    value.map(|value| number(&value)).transpose()
}

/// CDDL's `number`, as a double: integers beyond 2^53 lose digits that no place on earth has.
#[allow(clippy::as_conversions)]
fn number(value: &Raw<'_>) -> Result<f64, Error> {
    let broken = Error::broken(RULE, value.offset());
    match value.read(|reader| reader.item()).breaks(RULE)? {
        Item::Int(int) => int.to_i64().map(|int| int as f64).ok_or(broken),
        Item::Float(float) if float.is_finite() => Ok(float),
        _ => Err(broken),
    }
}
