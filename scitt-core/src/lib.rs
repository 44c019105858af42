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
// The README's example makes a statement and a receipt, so it needs a heap and a provider.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "rustcrypto")),
    doc = "SCITT: signed statements, receipts bound to them, transparent statements verified offline."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "alloc")]
mod at_time;
mod attested_key;
#[cfg(feature = "alloc")]
mod auditor;
#[cfg(feature = "alloc")]
mod checkpoint;
#[cfg(feature = "alloc")]
mod content_digest;
#[cfg(feature = "alloc")]
mod content_type;
#[cfg(feature = "x509")]
mod did_x509;
mod discrepancy;
mod entry_rule;
mod error;
#[cfg(feature = "alloc")]
mod evaluation;
#[cfg(feature = "alloc")]
mod evidence;
mod explanation;
#[cfg(feature = "std")]
mod file_statement;
#[cfg(feature = "alloc")]
mod fork_proof;
mod found;
#[cfg(feature = "alloc")]
mod governance;
#[cfg(feature = "alloc")]
mod governed_replay;
#[cfg(feature = "alloc")]
mod governed_service;
mod header_facts;
mod included;
#[cfg(feature = "alloc")]
mod ledger_leaf;
mod limits;
#[cfg(feature = "alloc")]
mod log;
mod logged_statement;
#[cfg(feature = "sbom")]
mod monitor;
#[cfg(feature = "alloc")]
mod policy;
#[cfg(feature = "alloc")]
mod ready;
mod receipt;
#[cfg(feature = "alloc")]
mod receipt_key;
#[cfg(feature = "alloc")]
mod registrar;
#[cfg(feature = "alloc")]
mod registration_policy;
#[cfg(feature = "alloc")]
mod relying_party_store;
mod requirements;
mod rule;
#[cfg(feature = "sbom")]
mod sbom;
mod service;
mod service_key;
#[cfg(feature = "std")]
mod shared_service;
mod signed_head;
mod statement;
#[cfg(feature = "alloc")]
mod statement_builder;
mod statement_entries;
#[cfg(feature = "alloc")]
mod subject;
#[cfg(feature = "alloc")]
mod suit_digest;
#[cfg(feature = "alloc")]
mod transparency_service;
mod transparent;
mod verifier;
#[cfg(feature = "sbom")]
mod version_order;

#[cfg(feature = "alloc")]
pub use at_time::AtTime;
pub use attested_key::{AttestedKey, TokenCheck};
#[cfg(feature = "alloc")]
pub use auditor::{
    AuditFault, AuditReport, AuditedEntry, Auditor, EntryAudit, EntryOutcome, HeadAudit,
    LedgerParts, LoggedContent, ReceiptAudit, Replay, ReplayedPolicy, TrustedIssuers,
};
#[cfg(feature = "alloc")]
pub use content_type::OwnedContentType;
/// The COSE that statements are made of.
pub use cose_ext;
#[cfg(feature = "x509")]
pub use did_x509::{DidX509, DidX509Issuer};
pub use discrepancy::{Discrepancy, ObservedRoot, Resolution};
pub use entry_rule::{Entry, EntryEncoding, EntryPayload, EntryRule};
pub use error::{Error, ErrorKind, Explained, Verdict};
#[cfg(feature = "alloc")]
pub use evaluation::{
    RequiredStatement, RequirementOutcome, SetVerdict, Standing, StatementId, StatementSet,
    Supersession,
};
#[cfg(feature = "alloc")]
pub use evidence::Evidence;
#[cfg(feature = "std")]
pub use file_statement::{FileDigest, FileError, content_type_of_name};
#[cfg(feature = "alloc")]
pub use fork_proof::ForkProof;
#[cfg(feature = "alloc")]
pub use governance::{Bootstrap, Governance, InForce};
#[cfg(feature = "alloc")]
pub use governed_service::GovernedService;
pub use included::Included;
pub use limits::Limits;
#[cfg(feature = "alloc")]
pub use limits::ServiceLimits;
#[cfg(feature = "alloc")]
pub use log::{AsyncLog, Log, LogHash, LogKind, LogRecord, LogTree, MemoryLog, NoSuchNode};
#[cfg(feature = "store")]
pub use log::{DurableLog, DurableLogError};
pub use logged_statement::LoggedStatement;
/// The trees that logs are.
pub use merkle_proof;
#[cfg(feature = "sbom")]
pub use monitor::{Affected, AffectedBy, Answer, Assessment, Followed, Monitor, Observation};
#[cfg(feature = "alloc")]
pub use policy::{OwnedClaimKey, Policy, PolicyIssuer, PolicyRule};
pub use receipt::ReceiptRules;
#[cfg(feature = "alloc")]
pub use receipt_key::{KeyInUse, ReceiptKey};
#[cfg(feature = "alloc")]
pub use registrar::{Checked, EntryId, Queued, Received, Registrar, RegistrationState};
#[cfg(feature = "alloc")]
pub use registration_policy::{Candidate, Offered, Registration, RegistrationPolicy};
#[cfg(feature = "serde")]
pub use relying_party_store::StoreConfig;
#[cfg(feature = "alloc")]
pub use relying_party_store::{
    Issuers, KeyState, KeyValidity, LoadedService, LogProfile, RelyingPartyStore, Role,
    ServiceTable, StoredAuthority, StoredIssuer, StoredKey, StoredService, StoredServiceKey,
};
pub use requirements::Requirements;
pub use rule::Rule;
#[cfg(feature = "sbom")]
pub use sbom::{
    Document, DocumentError, DocumentKind, DocumentLimits, Finding, Package, PackageName,
    VexStatus, Vulnerability,
};
pub use service::TrustedService;
pub use service_key::{KeyStatus, ServiceKey, ServiceKeySource};
#[cfg(feature = "std")]
pub use shared_service::SharedService;
#[cfg(feature = "alloc")]
pub use signed_head::SignedHeadBuilder;
pub use signed_head::{HeadForm, HeadVerifier, SignedHead};
pub use spec_rules::RuleRef;
pub use statement::{SignedStatement, Statement};
#[cfg(feature = "alloc")]
pub use statement_builder::StatementBuilder;
pub use statement_entries::StatementEntries;
#[cfg(feature = "alloc")]
pub use subject::{Purl, Subject};
#[cfg(feature = "alloc")]
pub use transparency_service::{
    PendingReceipt, ReceiptHead, ServiceError, Submitted, TransparencyService,
};
pub use transparent::{NotChecked, Transparent, TransparentStatement};
pub use verifier::{Judged, ReceiptReport, StatementSignature, Verifier};
#[cfg(feature = "sbom")]
pub use version_order::{VersionOrder, VersionRange};
