//! Conceptual message wrappers by cmw.

use cmw::CMW;

use crate::Verdict;
use crate::vectors::Case;

/// Reads a record, a tag or a collection in CBOR, and asks it whether it is valid.
pub(crate) fn cbor(case: &Case) -> Option<Verdict> {
    Some(read(CMW::unmarshal_cbor(&case.bytes)))
}

/// Reads a record or a collection in JSON, and asks it whether it is valid.
pub(crate) fn json(case: &Case) -> Option<Verdict> {
    Some(read(CMW::unmarshal_json(&case.bytes)))
}

fn read(read: Result<CMW, impl std::fmt::Display + From<cmw::Error>>) -> Verdict {
    read.map_err(|error| error.to_string())?.validate().map_err(|error| error.to_string())
}
