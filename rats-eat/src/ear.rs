//! EAT attestation results (draft-ietf-rats-ear): what a verifier found out, for each submodule.
//!
//! Three dialects are read: the older one with dots in its names, -03 and -04. Only -04 is written.

mod appraisal;
#[cfg(feature = "alloc")]
mod builder;
mod dialect;
mod finding;
#[cfg(feature = "json")]
mod json;
mod result;
#[cfg(feature = "json")]
mod write_json;

pub use appraisal::{Appraisal, Appraisals, PolicyIds};
#[cfg(feature = "alloc")]
pub use builder::{AppraisalBuilder, EarBuilder};
pub use dialect::EarDialect;
pub use finding::EarFinding;
#[cfg(feature = "json")]
pub use json::from_json;
pub use result::{Ear, RawEvidence, VerifierId};
#[cfg(feature = "json")]
pub use write_json::EarJson;
