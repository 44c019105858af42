//! Published envelopes, current ones and those of older drafts.
//!
//! The verdict of a current envelope is that of [`Envelope::verify`]. A historic one is `valid` when it
//! is authentic ([`Envelope::authenticate`]); that it is never read as a current manifest is checked
//! beside that.

#[cfg(feature = "json")]
#[path = "vectors/authoring.rs"]
mod authoring;
#[path = "vectors/cut.rs"]
mod cut;
#[path = "vectors/derived.rs"]
mod derived;
#[path = "support/device.rs"]
mod device;
#[path = "vectors/facts.rs"]
mod facts;
#[path = "support/keys.rs"]
mod keys;
#[path = "support/later_device.rs"]
mod later_device;
#[path = "vectors/policy.rs"]
mod policy;
#[path = "vectors/processing.rs"]
mod processing;
#[cfg(feature = "hierarchy")]
#[path = "vectors/second.rs"]
mod second;
#[path = "vectors/ways.rs"]
mod ways;

use keys::Keys;
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, ErrorKind, HistoricDraft, Manifest, Section,
    Unsupported,
    author::{Conversion, EnvelopeBuilder, ManifestBuilder, explanation},
    cose_ext::{
        Context, Profile, Trust, Verified,
        cbor::Raw,
        key::{TrustStore, TrustedKey},
        rustcrypto::{P256SigningKey, RustCrypto},
        sign::Signers,
        sign1::Sign1Builder,
    },
};
use testkit::vectors::{Case, Facts, Outcome, Suite, Trouble};

const POLICY: AuthenticationPolicy<'_> = AuthenticationPolicy::ANY_BLOCK;

fn main() -> std::process::ExitCode {
    let suite = Suite::new(env!("CARGO_MANIFEST_DIR"))
        .kind("suit", "envelope", envelope)
        .kind("suit", "historic-envelope", historic_envelope)
        .kind("suit", "processing", processing::processing);
    #[cfg(feature = "json")]
    let suite = suite.kind("suit", "authoring-input", authoring::authoring_input);
    suite.run()
}

fn keys_of(case: &Case) -> Result<Keys, Trouble> {
    let files = (0..case.keys.len()).map(|index| case.key_bytes(index));
    Keys::new(files.collect::<Result<Vec<_>, _>>()?)
}

fn envelope(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys) = (case.bytes()?, keys_of(case)?);
    let context = Context::new(&RustCrypto);
    let envelope = match Envelope::decode(&bytes, &Profile::LENIENT) {
        Ok(envelope) => envelope,
        Err(error) => return Ok(refused(&error, facts::of_bytes(&bytes))),
    };
    if envelope.historic_draft().is_none() && rewritten(&envelope)? != bytes {
        return Err("taken apart and written again, it is another envelope".into());
    }
    let mut found = facts::of_bytes(&bytes).and(facts::of_envelope(&envelope, case, &keys)?);
    let verified = keys.trusting(&context, |trust| envelope.verify(trust, &POLICY, &context))?;
    match verified {
        Ok(manifest) => {
            if envelope.historic_draft().is_none()
                && remodelled(&envelope, &manifest.by_ref(), &context)? != bytes
            {
                return Err("read into the author's model and written again, it differs".into());
            }
            found = found.and(facts::of_manifest(&envelope, &manifest.by_ref(), "ok", &context)?);
            processing::scan(case, &envelope, &manifest.by_ref(), &context)?;
            processing::published(case)?;
            explained(&envelope, &manifest.by_ref(), &context)?;
            if let Some(order) = case.fact("published_callback_order") {
                found.is("published_callback_order", order.clone());
            }
            Ok(Outcome::Accepted(found))
        }
        Err(error) => Ok(refused(&error, found)),
    }
}

/// The envelope as the author writes it, from the parts that the view shows.
fn rewritten(envelope: &Envelope<'_>) -> Result<Vec<u8>, Error> {
    let parts = EnvelopeBuilder::of(envelope)?;
    Ok(if envelope.is_tagged() { parts.to_bytes() } else { parts.to_untagged_bytes() })
}

/// The envelope as the author writes it, manifest and all, from what was read into the author's model.
fn remodelled(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, &Signers>,
    context: &Context<'_>,
) -> Result<Vec<u8>, Error> {
    let algorithm = envelope.authentication().digest().algorithm();
    let model = ManifestBuilder::of(envelope, manifest, context)?;
    let mut written = model.build(algorithm, context)?;
    for block in envelope.authentication().blocks() {
        written.block(block.bytes().to_vec())?;
    }
    let payloads = envelope.integrated_payloads();
    let written = payloads.fold(written, |it, one| it.integrate(one.uri, one.payload));
    Ok(if envelope.is_tagged() { written.to_bytes() } else { written.to_untagged_bytes() })
}

/// The manifest in plain language: every line says something, and none is as long as an attack would be.
pub(crate) fn explained<B: Copy>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, B>,
    context: &Context<'_>,
) -> Result<(), Trouble> {
    let number = manifest.value().sequence_number();
    let said = explanation(envelope, manifest, context)?;
    let begins = format!("Manifest number {number}.\n");
    let sections = Section::ALL.iter().filter(|section| {
        manifest.value().section(**section).is_ok_and(|section| section.is_some())
    });
    let told = said.lines().filter(|line| line.starts_with("To ") && line.contains(':')).count();
    match said.starts_with(&begins) && told >= sections.clone().count() {
        true => Ok(()),
        false => Err(format!("{} sections, explained as {said}", sections.count()).into()),
    }
}

/// A manifest of drafts -17 to -28 becomes a current one, and signed it is taken.
fn converted(
    envelope: &Envelope<'_>,
    manifest: &Verified<Raw<'_>, Signers>,
    context: &Context<'_>,
) -> Result<(), Trouble> {
    let key = P256SigningKey::from_bytes(&[7; 32])?;
    let converted = Conversion::new("en").convert(envelope, manifest, context);
    let mut converted = match converted {
        Ok(converted) => converted,
        Err(error) => match error.kind() {
            ErrorKind::Historic(HistoricDraft::UpTo12 | HistoricDraft::UpTo16)
            | ErrorKind::Unsupported(Unsupported::SeveredAbsent(_)) => return Ok(()),
            _ => return Err(format!("it is not converted: {error}").into()),
        },
    };
    converted.sign(Sign1Builder::new(), &key, context)?;
    let bytes = converted.to_bytes();
    let public = key.public_key();
    let trusted = [TrustedKey::new(&public, context)?];
    let trusted = TrustStore::new(&trusted);
    let envelope = Envelope::decode(&bytes, &context.profile)?;
    let manifest = envelope.verify(&Trust::keys(&trusted), &POLICY, context)?;
    if manifest.value().members().any(|member| member.label == 17) {
        return Err("it is converted and still has member 17".into());
    }
    Ok(())
}

fn historic_envelope(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys) = (case.bytes()?, keys_of(case)?);
    let context = Context::new(&RustCrypto);
    let envelope = match Envelope::decode(&bytes, &Profile::LENIENT) {
        Ok(envelope) => envelope,
        Err(error) => return Ok(refused(&error, facts::of_bytes(&bytes))),
    };
    let found = facts::of_bytes(&bytes).and(facts::of_envelope(&envelope, case, &keys)?);
    let (authentic, verified) = keys.trusting(&context, |trust| {
        let authentic = envelope.authenticate(trust, &POLICY, &context);
        (authentic, envelope.verify(trust, &POLICY, &context).map(drop))
    })?;
    match authentic {
        Ok(manifest) => converted(&envelope, &manifest, &context)?,
        Err(error) => return Ok(refused(&error, found)),
    }
    let named = match verified.map_err(|error| error.kind()) {
        Err(ErrorKind::Historic(draft)) => draft,
        // Its members are today's, a parameter or command is not.
        Ok(()) => processing::historic(&envelope, &keys, &context)?,
        other => {
            return Err(
                format!("an envelope of an older draft is taken for another: {other:?}").into()
            );
        }
    };
    match draft_of(&case.spec) {
        Some(draft) if draft != named && named != HistoricDraft::Delegation => {
            Err(format!("{} is named {named}", case.spec).into())
        }
        _ => Ok(Outcome::Accepted(found)),
    }
}

/// The draft that a case follows, if it names one of the manifest.
fn draft_of(spec: &str) -> Option<HistoricDraft> {
    let (_, numbers) = spec.split_once("manifest-")?;
    let numbers = numbers.split(|one: char| !one.is_ascii_digit());
    let latest = numbers.filter_map(|number| number.parse::<u8>().ok()).max()?;
    Some(match latest {
        0..=12 => HistoricDraft::UpTo12,
        13..=16 => HistoricDraft::UpTo16,
        17..=27 => HistoricDraft::From17To27,
        _ => HistoricDraft::UpTo28,
    })
}

fn refused(error: &Error, facts: Facts) -> Outcome {
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}
