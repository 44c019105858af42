//! Verifies an envelope offline and carries a procedure of its manifest out.

use cose_ext::{Context, Digest, Profile, crypto::Algorithm, sign::SignPolicy};
use scitt_core::TrustedService;
use spec_rules::RuleRef;
use suit_manifest::{
    AuthenticationPolicy, Authenticator, Authority, Block, Envelope, ErrorKind, Limits, Procedure,
    Readings, RunError, Stored, Target, Vouchers, run,
};
use transparent_suit::{Device, TransparentManifest};

use crate::{
    anchors::{Anchors, CLASSES, service},
    board::Board,
    crypto::CONTEXT,
};

/// Why an envelope was not taken.
pub(crate) struct Refusal {
    /// The clause that refuses.
    pub(crate) rule: Option<RuleRef>,
}

impl From<transparent_suit::Error> for Refusal {
    fn from(error: transparent_suit::Error) -> Self {
        Self { rule: error.rule() }
    }
}

/// Verifies the envelope, whatever the board took before, and runs `procedure`.
pub(crate) fn process(
    envelope: &[u8],
    procedure: Procedure,
    anchors: &Anchors,
    board: &mut Board,
) -> Result<(), Refusal> {
    let firmware = anchors.firmware();
    let keys = [anchors.service_of_releases()];
    let services: [TrustedService<'_>; 1] = [service(&keys)];
    let device = Device::new(&firmware, &services, &CLASSES);
    let envelope = Envelope::decode(envelope, &Profile::LENIENT)
        .map_err(|error| Refusal { rule: error.rule() })?;
    // Matched where it is made: it is large.
    match &device.verify(&envelope, &CONTEXT) {
        Ok(manifest) => carry_out(&envelope, manifest, procedure, board),
        Err(error) => Err((*error).into()),
    }
}

#[inline(never)] // So that the processor is not there while signatures are checked.
fn carry_out(
    envelope: &Envelope<'_>,
    manifest: &TransparentManifest<'_>,
    procedure: Procedure,
    board: &mut Board,
) -> Result<(), Refusal> {
    let (number, manifest_before) = board.stored();
    let digest = Digest::new(Algorithm::SHA256, &manifest_before).ok();
    let stored = number.map(|sequence_number| Stored { sequence_number, manifest: digest });
    let target =
        Target { components: 1, stored, limits: Limits::DEFAULT, readings: Readings::default() };
    let processor = manifest.processor::<4, 4>(envelope, procedure, &target, &mut [], &CONTEXT);
    let mut processor = processor.map_err(Refusal::from)?;
    board.about_to_run(&envelope.authentication().digest());
    let authority = Authority { trust: &NoDependencies, policy: &AuthenticationPolicy::ANY_BLOCK };
    run(&mut processor, board, &authority, &CONTEXT).map_err(|error| match error {
        RunError::Refused(error) => Refusal { rule: error.rule() },
        RunError::Failed(failure) => Refusal { rule: Some(failure.rule.to_ref()) },
        _ => Refusal { rule: None },
    })
}

/// This board takes manifests of one piece: nobody vouches for a dependency.
struct NoDependencies;

const NOBODY: suit_manifest::Error =
    suit_manifest::Error::new(ErrorKind::Policy(suit_manifest::Rule::BlockVerifies));

impl Authenticator for NoDependencies {
    fn authenticate<'a>(
        &self,
        _: &Block<'a>,
        _: &'a [u8],
        _: &SignPolicy<'_>,
        _: &mut Vouchers<'a>,
        _: &Context<'_>,
    ) -> Result<Result<(), suit_manifest::Error>, suit_manifest::Error> {
        Err(NOBODY)
    }

    fn check_form(&self, _: &Block<'_>, _: &Profile) -> Result<(), suit_manifest::Error> {
        Err(NOBODY)
    }
}
