#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::exhaustive_enums, clippy::missing_errors_doc, clippy::must_use_candidate)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]
// The README's example makes an envelope, so it needs a heap and a provider.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "rustcrypto")),
    doc = "SUIT manifests: parsed and verified without heap."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "embedded-storage-async")]
mod async_nor_flash;
mod authentication;
#[cfg(feature = "alloc")]
pub mod author;
mod command;
mod command_sequence;
mod common;
mod component_id;
mod cursor;
mod dependency;
mod digest;
mod envelope;
mod error;
#[cfg(any(feature = "embedded-storage", feature = "embedded-storage-async"))]
mod flash_span;
mod historic_draft;
mod integrated;
mod journal;
pub mod label;
mod limits;
mod manifest;
mod mud;
mod names;
#[cfg(feature = "embedded-storage")]
mod nor_flash;
mod parameters;
mod platform;
mod processor;
pub mod report;
mod reporting_policy;
mod rule;
mod section;
pub mod store;
mod strictness;
mod text;
mod verification;

#[cfg(feature = "embedded-storage-async")]
pub use async_nor_flash::{AsyncNorJournal, AsyncNorRegion, AsyncNorSlots};
pub use authentication::{
    Authentication, AuthenticationPolicy, Authenticator, Block, Blocks, Sign1Only, Vouchers,
};
pub use command::{Command, CommandKind, Condition, Directive};
pub use command_sequence::{CommandSequence, Commands};
pub use common::{Common, ComponentIter, Components};
pub use component_id::{ComponentId, Segments};
/// The COSE that authenticates manifests.
pub use cose_ext;
pub use dependency::{Dependencies, Dependency, DependencyIter};
pub use envelope::Envelope;
pub use error::{Error, ErrorKind, Fact, Limit, Misuse, Unsupported, Verdict};
pub use historic_draft::HistoricDraft;
pub use integrated::{IntegratedPayload, IntegratedPayloads};
pub use journal::{AsyncJournal, Journal, RECORD};
pub use limits::Limits;
pub use manifest::{Manifest, Member, Members, SectionBytes};
pub use mud::Mud;
pub use names::{EnvelopeNames, ReportNames};
#[cfg(feature = "embedded-storage")]
pub use nor_flash::{NorJournal, NorRegion, NorSlots};
pub use parameters::Parameter;
pub use platform::{
    AsyncPlatform, Fetch, Foreseen, ImageDigest, Platform, RunError, dry_run, run, run_async,
    run_journaled, run_journaled_async, run_reporting, run_reporting_async,
};
#[cfg(feature = "hierarchy")]
pub use processor::Delegated;
pub use processor::{
    Access, AccessControl, Answer, Authority, ComponentName, DependencyIndex, DependencyPrefix,
    DependencySignature, Enclosing, Failure, NestedFailure, Outcome, Place, Procedure, Processor,
    Readings, Role, Step, Stored, Target, UnlinkDirective,
};
pub use reporting_policy::ReportingPolicy;
pub use rule::Rule;
pub use section::Section;
pub use spec_rules::RuleRef;
pub use text::{ComponentText, ComponentTexts, LanguageText, Languages, Text};
