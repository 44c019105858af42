//! How a procedure ended (SUIT report 4.2).

use cose_ext::{
    Profile,
    cbor::{Map, Raw, Reader, Type},
};

use super::{Reason, Record};
use crate::{
    Error, Rule,
    error::{Breaks, Fact},
    label::report,
};

/// How a procedure ended, as a report says it.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Conclusion<'a> {
    /// It was carried out.
    Success,
    /// It failed.
    Failed(Failed<'a>),
}

/// Where and why a procedure failed.
#[derive(Clone, Copy, Debug)]
pub struct Failed<'a> {
    /// A number of the implementation, for its own developers.
    pub code: i64,
    /// Where it failed.
    pub record: Record<'a>,
    /// Why.
    pub reason: Reason,
}

impl<'a> Conclusion<'a> {
    pub(super) fn read(raw: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let broken = |fact| Error::malformed(Rule::ResultForm, fact, raw.offset());
        match raw.data_type() {
            Type::Bool if raw.read(Reader::bool).breaks(Rule::ResultForm)? => Ok(Self::Success),
            Type::Bool => Err(broken(Fact::None)),
            _ => {
                let map = Map::new(raw).breaks(Rule::ResultForm)?;
                let keys = [report::RESULT_CODE, report::RESULT_RECORD, report::RESULT_REASON];
                let [Some(code), Some(record), Some(reason)] = map.find_all(keys) else {
                    return Err(broken(Fact::Count(map.len())));
                };
                if map.len() != keys.len() {
                    return Err(broken(Fact::Count(map.len())));
                }
                let number = |item: &Raw<'_>| {
                    let number = item.read(Reader::int).breaks(Rule::ResultForm)?.to_i64();
                    number.ok_or(Error::malformed(Rule::ResultForm, Fact::None, item.offset()))
                };
                Ok(Self::Failed(Failed {
                    code: number(&code)?,
                    record: Record::read(&record, profile)?,
                    reason: Reason::from_number(number(&reason)?),
                }))
            }
        }
    }

    /// Returns whether the procedure was carried out.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Success)
    }
}
