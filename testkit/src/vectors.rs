//! Conformance suites: one test per case of a folder of published vectors.
//!
//! A crate has a `tests/vectors.rs` with `harness = false`:
//!
//! ```no_run
//! use testkit::vectors::{Case, Facts, Outcome, Suite, Trouble};
//!
//! fn main() -> std::process::ExitCode {
//!     Suite::new(env!("CARGO_MANIFEST_DIR")).kind("cose", "cose-sign1", sign1).run()
//! }
//!
//! fn sign1(case: &Case) -> Result<Outcome, Trouble> {
//!     let message = case.bytes()?; // a file that cannot be read fails the test
//!     let mut facts = Facts::new();
//!     facts.is("message_bytes", message.len());
//!     match verify(&message) {
//!         Ok(()) => Ok(Outcome::Accepted(facts)),
//!         Err(error) => Ok(Outcome::Refused { rule: Some("C12"), error: error.to_string(), facts }),
//!     }
//! }
//! # fn verify(_: &[u8]) -> Result<(), std::fmt::Error> { Ok(()) }
//! ```
//!
//! The cases come from two folders. `vectors/<area>/cases.json` in the workspace is what the family publishes itself, and
//! is there in every clone. The others come from `$CONFORMANCE_VECTORS/<area>/cases.json`; without the variable, from
//! `../shared/vectors` beside the workspace. A name stands for one case, in whichever folder. A
//! relative path in the variable counts from the workspace root. Each case is the test `<area>::<case>`. What makes it
//! pass:
//!
//! - the verdict: `expect: valid` needs [`Outcome::Accepted`], `expect: invalid` needs [`Outcome::Refused`];
//! - every fact that the runner recorded and the case also states is the same;
//! - if the crate's `tests/reasons.json` (`{"<area>::<case>": "<rule id>"}`) has the case, the refusal names that rule;
//! - if `docs/exceptions.json` of the workspace (`[{"case", "crate", "reading"}]`) has the case for this crate, the
//!   verdict must *differ* from the published one, so that a line without cause does not stay;
//! - a line with `open` in place of `reading` says what is still missing: the case must fail, in whatever way.
//!
//! Kinds that the crate does not register are shown as ignored, by name, and so is a case whose runner answers
//! [`Outcome::NotRun`]. A missing area is one ignored test, or a failed one when the variable is set.
//!
//! The run ends with the fact keys that no runner recorded, one line per area, and with `vectors: N run, M ignored`.
//! With `CONFORMANCE_REASONS=1` the rules that refusals named are printed too, as material for `tests/reasons.json`.

mod case;
mod exceptions;
mod facts;
mod judge;
mod ledger;
mod outcome;
mod plan;
mod reasons;
mod sub_cases;
mod suite;

pub use crate::trouble::Trouble;
pub use case::{Case, Expect};
pub use facts::Facts;
pub use outcome::{IntoOutcome, Outcome};
pub use sub_cases::SubCases;
pub use suite::Suite;
