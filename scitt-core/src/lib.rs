#![no_std]
#![forbid(unsafe_code)]
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

#[cfg(feature = "alloc")]
mod auditor;
#[cfg(feature = "x509")]
mod did_x509;
mod discrepancy;
mod entry_rule;
mod error;
#[cfg(feature = "alloc")]
mod fork_proof;
mod header_facts;
mod included;
mod limits;
mod logged_statement;
mod receipt;
#[cfg(feature = "alloc")]
mod relying_party_store;
mod requirements;
mod rule;
mod service;
mod service_key;
mod signed_head;
mod statement;
#[cfg(feature = "alloc")]
mod statement_builder;
mod statement_entries;
#[cfg(feature = "alloc")]
mod transparency_service;
mod transparent;
mod verifier;

#[cfg(feature = "alloc")]
pub use auditor::{
    AuditReport, AuditedEntry, Auditor, EntryAudit, EntryOutcome, HeadAudit, LedgerParts,
    LoggedContent, ReceiptAudit, Replay, ReplayedPolicy, TrustedIssuers,
};
/// The COSE that statements are made of.
pub use cose_ext;
#[cfg(feature = "x509")]
pub use did_x509::{DidX509, DidX509Issuer};
pub use discrepancy::{Discrepancy, ObservedRoot, Resolution};
pub use entry_rule::{Entry, EntryEncoding, EntryPayload, EntryRule};
pub use error::{Error, ErrorKind, Explained, Verdict};
#[cfg(feature = "alloc")]
pub use fork_proof::ForkProof;
pub use included::Included;
pub use limits::Limits;
pub use logged_statement::LoggedStatement;
/// The trees that logs are.
pub use merkle_proof;
pub use receipt::ReceiptRules;
#[cfg(feature = "alloc")]
pub use relying_party_store::{
    AtTime, Issuers, KeyState, KeyValidity, LoadedService, LogProfile, RelyingPartyStore, Role,
    ServiceTable, StoredIssuer, StoredKey, StoredService, StoredServiceKey,
};
pub use requirements::Requirements;
pub use rule::Rule;
pub use service::TrustedService;
pub use service_key::{KeyStatus, ServiceKey};
#[cfg(feature = "alloc")]
pub use signed_head::SignedHeadBuilder;
pub use signed_head::{HeadForm, HeadVerifier, SignedHead};
pub use spec_rules::RuleRef;
pub use statement::{SignedStatement, Statement};
#[cfg(feature = "alloc")]
pub use statement_builder::StatementBuilder;
pub use statement_entries::StatementEntries;
#[cfg(feature = "alloc")]
pub use transparency_service::{EntryId, PendingReceipt, Registration, TransparencyService};
pub use transparent::{NotChecked, Transparent, TransparentStatement};
pub use verifier::{ReceiptReport, Verifier};
