//! `measres` (RFC 9711 4.2.17).

use cose_ext::cbor::{Array, Raw, Reader, Type};

use super::{array, bytes, some, text, uint};
use crate::{Error, Rule, error::Breaks};

const RULE: Rule = Rule::MeasurementResults;

/// How a comparison with reference values ended, which the device itself made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9711 4.2.17 has no others")]
pub enum MeasurementResult {
    /// 1: the measurement was as expected.
    Success,
    /// 2: it was not.
    Fail,
    /// 3: it was not made.
    NotRun,
    /// 4: what was to be measured is absent.
    Absent,
}

/// Results of one measuring system.
#[derive(Clone, Copy, Debug)]
pub struct SystemResults<'a> {
    /// Name of the system.
    pub system: &'a str,
    results: Array<'a>,
}

/// Results of several measuring systems.
#[derive(Clone, Copy, Debug)]
pub struct MeasurementResults<'a>(Array<'a>);

impl<'a> MeasurementResults<'a> {
    /// Reads an array, not empty, of pairs of a text and results.
    ///
    /// # Errors
    ///
    /// [`Rule::MeasurementResults`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let systems = some(value, RULE)?;
        systems.iter().try_for_each(|system| SystemResults::read(&system).map(|_| ()))?;
        Ok(Self(systems))
    }

    /// Returns the systems in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = SystemResults<'a>> + use<'a> {
        self.0.iter().filter_map(|system| SystemResults::read(&system).ok())
    }
}

impl<'a> SystemResults<'a> {
    fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let [system, results] = array(value, RULE)?.exactly().breaks(RULE)?;
        let (system, results) = (text(&system, RULE)?, some(&results, RULE)?);
        results.iter().try_for_each(|pair| result(&pair).map(|_| ()))?;
        Ok(Self { system, results })
    }

    /// Returns what was measured, a text or bytes, as bytes, and the result.
    pub fn iter(&self) -> impl Iterator<Item = (&'a [u8], MeasurementResult)> + use<'a> {
        self.results.iter().filter_map(|pair| result(&pair).ok())
    }
}

fn result<'a>(value: &Raw<'a>) -> Result<(&'a [u8], MeasurementResult), Error> {
    let [id, result] = array(value, RULE)?.exactly().breaks(RULE)?;
    let id = match id.data_type() {
        Type::Text => id.read(Reader::text).breaks(RULE)?.as_bytes(),
        _ => bytes(&id, RULE)?,
    };
    let result = match uint(&result, RULE)? {
        1 => MeasurementResult::Success,
        2 => MeasurementResult::Fail,
        3 => MeasurementResult::NotRun,
        4 => MeasurementResult::Absent,
        _ => return Err(Error::broken(RULE, result.offset())),
    };
    Ok((id, result))
}
