//! How statements and receipts are read and judged, and how much of them.

use arbitrary::{Arbitrary, Result, Unstructured};
use cose_ext::{crypto::Algorithm, header::Vds};

use super::one_of;
use crate::{
    AtTime, EntryEncoding, EntryPayload, EntryRule, KeyState, KeyStatus, KeyValidity, LedgerParts,
    Limits, LogProfile, RegistrationState, Requirements, Role, ServiceLimits, StatementSignature,
    Supersession,
};
#[cfg(feature = "sbom")]
use crate::{DocumentKind, DocumentLimits, VersionOrder, VexStatus};

one_of! {
    Requirements: [Self::Lenient, Self::Rfc9943];
    Role: Self::ALL;
    KeyState: [Self::Current, Self::Retired, Self::Compromised];
    KeyStatus: [Self::Current, Self::Retired, Self::RetiredAccepted, Self::Compromised];
    StatementSignature: [Self::Required, Self::WhereEnrolled, Self::LeftToService];
    Supersession: [Self::Newest, Self::Stated];
    RegistrationState: [Self::Queued, Self::Committed, Self::ReceiptReady];
    EntryPayload: [Self::AsSubmitted, Self::Attached, Self::Nil];
    EntryEncoding: [
        Self::AsReceived,
        Self::Preferred(EntryPayload::AsSubmitted),
        Self::Preferred(EntryPayload::Attached),
        Self::Preferred(EntryPayload::Nil),
    ];
}

#[cfg(feature = "sbom")]
one_of! {
    DocumentKind: [
        Self::CoSwid,
        Self::Csaf,
        Self::CycloneDx,
        Self::InToto,
        Self::OpenVex,
        Self::Sarif,
        Self::SlsaProvenance,
        Self::Spdx2,
        Self::Spdx3,
    ];
    VersionOrder: [
        Self::Debian,
        Self::Exact,
        Self::Maven,
        Self::PyPi,
        Self::Rpm,
        Self::SemVer,
    ];
    VexStatus: [Self::Affected, Self::Fixed, Self::NotAffected, Self::UnderInvestigation];
}

impl<'a> Arbitrary<'a> for EntryRule {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const HASHES: [Option<Algorithm>; 4] =
            [Some(Algorithm::SHA256), Some(Algorithm::SHA384), Some(Algorithm::SHA512), None];
        Ok(Self { encoding: u.arbitrary()?, hash: *u.choose(&HASHES)? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(2))
    }
}

/// Of one of the structures that receipts can have.
impl<'a> Arbitrary<'a> for LogProfile {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const STRUCTURES: [Vds; 3] =
            [LogProfile::RFC9162.vds, LogProfile::CCF.vds, LogProfile::MMR.vds];
        Ok(Self { vds: *u.choose(&STRUCTURES)?, entry_rule: u.arbitrary()? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(3))
    }
}

/// Dates that are met: from 1970 to 2106.
pub(super) fn date(u: &mut Unstructured<'_>) -> Result<i64> {
    Ok(u.arbitrary::<u32>()?.into())
}

/// The end does not come before the beginning.
impl<'a> Arbitrary<'a> for KeyValidity {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (one, other) = (date(u)?, date(u)?);
        let end =
            |u: &mut Unstructured<'a>, date| Ok(if u.arbitrary()? { Some(date) } else { None });
        Ok(Self { not_before: end(u, one.min(other))?, not_after: end(u, one.max(other))? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (10, Some(10))
    }
}

impl<'a> Arbitrary<'a> for AtTime {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let time = if u.arbitrary()? { Self::second(date(u)?) } else { Self::UNKNOWN };
        Ok(if u.arbitrary()? { time.accepting_retired() } else { time })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(6))
    }
}

impl<'a> Arbitrary<'a> for LedgerParts {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { transaction: u.arbitrary()?, evidence_hash: u.arbitrary()? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (64, Some(64))
    }
}

/// The default mostly, or anything below it.
fn at_most(u: &mut Unstructured<'_>, default: usize) -> Result<usize> {
    if u.ratio(1u8, 4u8)? { u.int_in_range(0..=default) } else { Ok(default) }
}

impl<'a> Arbitrary<'a> for Limits {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let all = Self::DEFAULT;
        Ok(all.with_receipts(at_most(u, all.receipts)?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(3))
    }
}

impl<'a> Arbitrary<'a> for ServiceLimits {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let all = Self::DEFAULT;
        Ok(all
            .with_statement_bytes(at_most(u, all.statement_bytes)?)
            .with_queued(at_most(u, all.queued)?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(7))
    }
}

#[cfg(feature = "sbom")]
impl<'a> Arbitrary<'a> for DocumentLimits {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let all = Self::DEFAULT;
        Ok(all.with_bytes(at_most(u, all.bytes)?).with_packages(at_most(u, all.packages)?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(10))
    }
}
