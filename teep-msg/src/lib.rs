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
// The README's example signs with keys, so it needs a provider.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "rustcrypto")),
    doc = "TEEP: messages and machines without heap."
)]

#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(any(feature = "arbitrary", feature = "x509"))]
extern crate alloc;

mod agent;
mod agent_sessions;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
mod attestation_payload;
mod attestation_result;
mod broker;
mod cipher_suite;
mod content;
mod data_items;
mod decode;
mod detect;
mod draft;
mod encode;
mod encrypted;
mod error;
mod error_code;
mod finding;
mod freshness;
mod handle;
pub mod http;
mod list;
mod message;
mod numbering;
mod option;
mod options;
mod protection;
#[cfg(feature = "rats-eat")]
pub mod rats;
mod redacted;
mod rule;
mod state;
#[cfg(feature = "suit-manifest")]
pub mod suit;
mod suit_profile;
mod suit_report;
mod system_properties;
mod tam;
mod tam_directory;
mod token;
#[cfg(feature = "tracing")]
mod trace;
mod transcode;
mod validate;
#[cfg(feature = "x509")]
mod x5chain;

pub use agent::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, ReportForm,
    ResponseForm, SeenUpdates, TamAttestation, UpdateCache, UpdateOrder, UpdateOutcome, UpdateStep,
};
pub use agent_sessions::AgentSessions;
pub use attestation_payload::{AttestationPayload, EAT_PROFILE, PayloadKind};
pub use attestation_result::{
    AttestationResult, ResultRules, Standing, WithoutStatus, check_result,
};
pub use broker::{AgentCall, AgentData, Broker, BrokerSession, BrokerStep};
pub use cipher_suite::{CipherSuite, CipherSuites, Suite, SuiteOperation};
pub use content::{
    ErrorContent, InstallPermit, QueryRequestContent, QueryResponseContent, SuccessContent,
    UpdateContent,
};
/// The COSE that protects messages.
pub use cose_ext;
pub use data_items::DataItems;
pub use detect::{Detection, detect};
pub use draft::{Draft, SigningKey};
pub use encode::{InstalledTc, RequestedTc};
pub use encrypted::{Purpose, decrypt};
pub use error::{Error, ErrorKind, Limit, Misuse};
pub use error_code::ErrorCode;
pub use finding::{Departure, Finding};
pub use freshness::FreshnessMechanism;
pub use handle::handle_of;
pub use list::{ByteStrings, ComponentIds, Numbers, RequestedTcInfo, RequestedTcList, TcList};
pub use message::{Message, MessageType, QueryRequest};
pub use numbering::Numbering;
pub use option::OptionName;
pub use options::{Options, UnknownOption};
pub use protection::{Opened, Protection, Signatures, open};
#[cfg(feature = "rats-eat")]
pub use rats_eat;
pub use rule::Rule;
pub use spec_rules::RuleRef;
#[cfg(feature = "suit-manifest")]
pub use suit_manifest;
pub use suit_profile::{SuitProfile, SuitProfiles};
pub use suit_report::SuitReport;
pub use system_properties::SystemProperties;
pub use tam::{
    RequestForm, ResultFreshness, TamConfig, TamEvent, TamOutput, TamSession, TamTrust, UpdateForm,
};
pub use tam_directory::TamDirectory;
pub use token::Token;
pub use transcode::transcode;
pub use validate::{Exchange, Known, Model};
#[cfg(feature = "x509")]
pub use x5chain::with_certificates;
