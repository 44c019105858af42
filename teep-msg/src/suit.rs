//! Manifests of an Update, processed by [`suit_manifest`] (section 7.2.2); feature `suit-manifest`.

mod inventory;
mod kept;

pub use inventory::Inventory;
pub use kept::{KeepError, process_and_keep, unlink};

use cose_ext::{Context, Trust, Verified, sign::Signers};
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Limits, Manifest, Platform, Procedure, Processor,
    Readings, RunError, Stored, Target,
    report::{NewReport, Reference, ReportLog},
    run_reporting,
};

use crate::{ErrorCode, UpdateOutcome};

/// How an Agent processes manifests, the same for each of an Update.
#[derive(Clone, Copy)]
pub struct ManifestRules<'r> {
    /// The keys of those who sign manifests. They are no keys of a TAM: a manifest that a TAM
    /// signed is refused.
    pub trust: Trust<'r>,
    /// Which authentication blocks have to verify.
    pub policy: AuthenticationPolicy<'r>,
    /// How many components a manifest may have.
    pub components: usize,
    /// How much work a manifest may cause.
    pub limits: Limits,
    /// Which readings of the texts are taken.
    pub readings: Readings,
}

/// What came of a manifest.
#[derive(Clone, Copy)]
#[must_use]
pub struct Processed<'o> {
    /// What to tell the session, unless an earlier manifest failed.
    pub outcome: UpdateOutcome,
    /// The SUIT_Report, to be handed to [`ReportForm::write`](crate::ReportForm::write). None about
    /// a manifest that is not authentic: a report has to name it, and its name is nobody's word.
    pub report: Option<&'o [u8]>,
}

impl core::fmt::Debug for Processed<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Processed").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

/// Memory for one manifest, lent by the caller.
pub struct ManifestMemory<'m, 'o> {
    /// For the envelopes of dependencies; empty where there are none.
    pub arena: &'m mut [u8],
    /// For the records of the report.
    pub log: &'m mut [u8],
    /// For the report.
    pub report: &'o mut [u8],
}

impl core::fmt::Debug for ManifestMemory<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ManifestMemory").finish_non_exhaustive()
    }
}

/// Runs the update procedure of `envelope` on `device`, and writes the report with `nonce`, the
/// token of the Update ([`ReportForm::report_nonce`](crate::ReportForm::report_nonce) tells it,
/// too).
///
/// `stored` is what the device follows so far: a lower sequence number is refused, and an equal one
/// unless it is that very manifest. That answers a manifest which a broker has kept back.
///
/// # Errors
///
/// If the device itself fails; there is then something to go on with, and nothing to report.
pub fn process<'o, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    envelope: &[u8],
    nonce: Option<&[u8]>,
    stored: Option<Stored<'_>>,
    rules: &ManifestRules<'_>,
    device: &mut P,
    memory: ManifestMemory<'_, 'o>,
    context: &Context<'_>,
) -> Result<Processed<'o>, P::Error> {
    let Ok(envelope) = Envelope::decode(envelope, &context.profile) else { return Ok(NOTHING) };
    let Ok(manifest) = envelope.verify(&rules.trust, &rules.policy, context) else {
        return Ok(NOTHING);
    };
    let authentic = (&envelope, &manifest);
    run::<P, COMPONENTS, DEPTH>(authentic, nonce, stored, rules, device, memory, context)
}

const FAILED: UpdateOutcome = UpdateOutcome::Failed(ErrorCode::ManifestProcessingFailed);

/// What came of bytes that nobody who is trusted signed.
const NOTHING: Processed<'static> = Processed { outcome: FAILED, report: None };

/// An envelope, and the manifest in it.
type Authentic<'v, 'e> = (&'v Envelope<'e>, &'v Verified<Manifest<'e>, Signers>);

fn run<'o, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    (envelope, manifest): Authentic<'_, '_>,
    nonce: Option<&[u8]>,
    stored: Option<Stored<'_>>,
    rules: &ManifestRules<'_>,
    device: &mut P,
    memory: ManifestMemory<'_, 'o>,
    context: &Context<'_>,
) -> Result<Processed<'o>, P::Error> {
    let mut log = ReportLog::new(memory.log);
    let target = Target {
        components: rules.components,
        stored,
        limits: rules.limits,
        readings: rules.readings,
    };
    let procedure = Procedure::Update;
    let processor = Processor::<COMPONENTS, DEPTH>::new(
        envelope,
        manifest,
        procedure,
        &target,
        memory.arena,
        context,
    );
    let ended = match processor {
        Ok(mut processor) => {
            let authority = Authority { trust: &rules.trust, policy: &rules.policy };
            run_reporting(&mut processor, device, &mut log, &authority, context)
        }
        Err(error) => {
            use suit_manifest::report::ReportSink;
            log.refused(&error);
            Err(RunError::Refused(error))
        }
    };
    let outcome = match ended {
        Ok(()) => UpdateOutcome::Done,
        Err(RunError::Platform(error)) => return Err(error),
        Err(_) => FAILED,
    };
    let reference = Reference::of(envelope, manifest.value());
    let report = NewReport { reference, nonce, log: &log, capabilities: None };
    let report = report.write_to(memory.report).ok().map(|written| &*written);
    Ok(Processed { outcome, report })
}

/// Returns the SHA-256 digest of the manifest in `envelope`, as it claims: what a TAM compares
/// reports with ([`TamSession::order`](crate::TamSession::order)).
#[must_use]
pub fn manifest_sha256(envelope: &[u8], context: &Context<'_>) -> Option<[u8; 32]> {
    let envelope = Envelope::decode(envelope, &context.profile).ok()?;
    let digest = envelope.authentication().digest();
    let is_sha256 = digest.algorithm() == cose_ext::crypto::Algorithm::SHA256;
    digest.value().try_into().ok().filter(|_| is_sha256)
}
