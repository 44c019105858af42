//! Envelopes of an independent reading of the profile, judged offline by the device that each case
//! describes, and by a plain processor of SUIT.

#[path = "vectors/facts.rs"]
mod facts;
#[path = "vectors/world.rs"]
mod world;

use cose_ext::{
    Context, Digest, Profile, Trust, crypto::Algorithm, key::TrustStore, rustcrypto::RustCrypto,
};
use suit_manifest::{AuthenticationPolicy, Envelope, Limits, Procedure, Readings, Stored, Target};
use testkit::vectors::{Case, Facts, Outcome, Suite, Trouble};
use transparent_suit::{Device, Error, cose_ext, suit_manifest};
use world::World;

fn main() -> std::process::ExitCode {
    Suite::new(env!("CARGO_MANIFEST_DIR"))
        .kind("transparent-suit", "transparent-suit-envelope", envelope)
        .run()
}

fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

fn envelope(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, world) = (case.bytes()?, World::of(case)?);
    let mut found = facts::of_bytes(&bytes);
    let envelope = match Envelope::decode(&bytes, &Profile::LENIENT) {
        Ok(envelope) => envelope,
        Err(error) => return Ok(refused(&error.into(), found)),
    };
    world.with_device(|device, plain| {
        found = found.and(facts::of_manifest(&envelope)?);
        found.is("plain_processor", if is_plain(&envelope, plain) { "accepts" } else { "refuses" });
        let judged = facts::of_blocks(&envelope, device, &world)?;
        let verdict = update(&envelope, device, &world);
        let step = verdict.as_ref().err().and_then(Error::step).map(|step| step.number());
        let counted = judged.counted;
        found = found.and(judged.facts);
        found.is(
            "verdict",
            serde_json::json!({
                "k": device.required,
                "n": device.services.len(),
                "counted": counted,
                "update": if verdict.is_ok() { "accept" } else { "refuse" },
                "step": step,
            }),
        );
        if case.fact("log_state").is_some() {
            // There is none: nothing that a device keeps comes from a receipt.
            found.is("log_state", "unchanged");
        }
        Ok(match verdict {
            Ok(()) => Outcome::Accepted(found),
            Err(error) => refused(&error, found),
        })
    })
}

/// What the device says up to the first step of the update.
fn update(envelope: &Envelope<'_>, device: &Device<'_>, world: &World) -> Result<(), Error> {
    let context = context();
    let manifest = device.verify(envelope, &context)?;
    let digest = world.stored_digest.as_deref();
    let manifest_digest = digest.and_then(|digest| Digest::new(Algorithm::SHA256, digest).ok());
    let stored = world
        .stored_sequence
        .map(|sequence_number| Stored { sequence_number, manifest: manifest_digest });
    let target =
        Target { components: 8, stored, limits: Limits::DEFAULT, readings: Readings::default() };
    manifest.processor::<8, 4>(envelope, Procedure::Update, &target, &mut [], &context).map(drop)
}

/// What a processor says that knows nothing of this profile: digest, signature, `crit`.
fn is_plain(envelope: &Envelope<'_>, keys: &TrustStore<'_>) -> bool {
    let trust = Trust::keys(keys);
    envelope.verify(&trust, &AuthenticationPolicy::ANY_BLOCK, &context()).is_ok()
}

fn refused(error: &Error, facts: Facts) -> Outcome {
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}
