//! The life of a firmware release that everybody can see: made, signed, registered at two logs, installed by a device
//! that is offline, attested, rated, delivered, withdrawn, audited; then the attacks, each refused or alarmed.
//!
//! `cargo run --release -p examples --bin transparent_firmware`, with `-- --json` for machines. Ends well only if every
//! scene came out as it should.

mod attacks;
mod board;
mod cast;
mod evidence;
mod rating;
mod told;

use std::{error::Error, process::ExitCode};

use cose_ext::{Input, Label, Processed, Profile};
use merkle_proof::Sha256Tree;
use scitt_core::{AuditedEntry, Auditor, Requirements, TrustedIssuers};
use suit_manifest::{AuthenticationPolicy, Envelope};
use transparent_suit::{Alarm, ClassUrn, FirmwareMonitor, profile};

use crate::{
    board::Pump,
    cast::{CLASS_ID, NOW, Service, VENDOR, author, block, context, manifest, on_device, sealed},
    told::{Form, Told},
};

/// What may go wrong, for a person to read.
type Trouble = Box<dyn Error>;

pub(crate) const IMAGE_6: &[u8] = b"pump firmware 6: pumps";
pub(crate) const IMAGE_7: &[u8] = b"pump firmware 7: pumps, and counts strokes with log4pump 2.14";
pub(crate) const IMAGE_8: &[u8] = b"pump firmware 8: pumps, and counts strokes with log4pump 2.17";

fn main() -> ExitCode {
    let form = match std::env::args().nth(1).as_deref() {
        Some("--json") => Form::Json,
        _ => Form::Text,
    };
    match story(form) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\nnot as it should be: {trouble}");
            ExitCode::FAILURE
        }
    }
}

/// What the attacks need of the story.
pub(crate) struct World {
    pub(crate) services: [Service; 2],
    pub(crate) pump: Pump,
    pub(crate) envelope_7: Vec<u8>,
    pub(crate) envelope_8: Vec<u8>,
}

fn story(form: Form) -> Result<(), Trouble> {
    let mut told = Told::new(form);
    let mut services = Service::both()?;
    let mut pump = Pump::default();

    // What the pumps left the factory with, long ago.
    let factory = block(&manifest(6, IMAGE_6)?)?;
    for service in &mut services {
        service.register(&factory)?;
    }

    told.chapter("A release");
    let envelope = manifest(7, IMAGE_7)?;
    told.happens(
        "the maker writes a manifest for an image of the pump",
        &format!("{} bytes of image", IMAGE_7.len()),
    );
    let signed = block(&envelope)?;
    told.happens(
        "and signs the block, which is a statement too",
        &format!("{} bytes", signed.as_bytes().len()),
    );
    let receipts = services
        .iter_mut()
        .map(|service| service.register(&signed))
        .collect::<Result<Vec<_>, _>>()?;
    for (service, receipt) in services.iter().zip(&receipts) {
        let detail = format!(
            "entry {}, receipt of {} bytes",
            service.log.size().saturating_sub(1),
            receipt.len()
        );
        told.happens(&format!("{} looks at the manifest and registers it", service.name), &detail);
    }
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    let envelope_7 = sealed(envelope, &signed, &receipts)?;
    told.happens(
        "the receipts go into the block",
        &format!("an envelope of {} bytes", envelope_7.len()),
    );
    told.holds(
        "a processor that knows nothing of it takes the same envelope",
        "signature and digest",
        plain(&envelope_7)?,
    );

    told.chapter("A device, offline");
    let counted = on_device(&services, |device, _| Ok(pump.update(device, &envelope_7)??))?;
    told.holds(
        "the pump verifies, and updates",
        &format!("{counted} services logged the block"),
        counted == 2 && pump.image == IMAGE_7,
    );
    on_device(&services, |device, _| Ok(pump.boot(device, &envelope_7)??))?;
    told.holds(
        "and starts",
        &format!("release {:?}", pump.number),
        pump.starts == 1 && pump.number == Some(7),
    );

    told.chapter("Evidence");
    let evidence = evidence::of(&pump, &evidence::NONCE)?;
    told.happens(
        "the pump attests: nonce, image, manifest, and the roots that it relied on",
        &format!("{} bytes", evidence.len()),
    );
    let known = evidence::appraise(&evidence, &pump.manifest, IMAGE_7, &|name, root| {
        is_root(&services, name, root)
    })?;
    told.holds(
        "the verifier knows image, manifest and both roots",
        &format!("{known} roots"),
        known == 2,
    );

    told.chapter("The next release, rated before it is delivered");
    let next = manifest(8, IMAGE_8)?;
    let signed = block(&next)?;
    let receipts = services
        .iter_mut()
        .map(|service| service.register(&signed))
        .collect::<Result<Vec<_>, _>>()?;
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    let envelope_8 = sealed(next, &signed, &receipts)?;
    let [log, _] = &mut services;
    let mut about = vec![rating::registered(log, &rating::sbom("log4pump 2.17")?)?];
    about.push(rating::registered(log, &rating::scan(cast::SCANNER, 3, IMAGE_8)?)?);
    // The same scanner once more, and a third that nobody enrolled.
    about.push(rating::registered(log, &rating::scan(cast::SCANNER, 3, IMAGE_8)?)?);
    about.push(rating::scan("https://unknown.example", 5, IMAGE_8)?);
    let rate = |services: &[Service; 2], about: &[Vec<u8>]| {
        on_device(services, |_, trusted| rating::rate(about, 8, IMAGE_8, trusted))
    };
    let rating = rate(&services, &about)?;
    told.holds(
        "a scanner twice and a stranger are one rater",
        &format!("{} raters", rating.raters.len()),
        rating.raters.len() == 1 && !rating.suffices(),
    );
    let [log, _] = &mut services;
    about.push(rating::registered(log, &rating::scan(cast::OTHER_SCANNER, 4, IMAGE_8)?)?);
    let rating = rate(&services, &about)?;
    told.holds(
        "with a second rater the release may be delivered",
        &format!("{} raters, bill of materials: {}", rating.raters.len(), rating.has_sbom),
        rating.suffices(),
    );
    on_device(&services, |device, _| Ok(pump.update(device, &envelope_8)??))?;
    told.holds(
        "the pump takes release 8",
        &format!("number {:?}", pump.number),
        pump.number == Some(8) && pump.image == IMAGE_8,
    );
    let [log, _] = &mut services;
    about.push(rating::registered(log, &rating::withdrawal(8)?)?);
    let rating = rate(&services, &about)?;
    told.holds(
        "after its withdrawal it is delivered to nobody",
        "the statement is registered",
        rating.is_withdrawn && !rating.suffices(),
    );

    told.chapter("The logs, replayed");
    for service in &services {
        let (alarms, agrees) = replay(service)?;
        told.holds(
            &format!(
                "{} has the root that its entries make, and nothing is alarming",
                service.name
            ),
            &format!("{} entries, {} alarms", service.log.size(), alarms.len()),
            agrees && alarms.is_empty(),
        );
    }

    let mut world = World { services, pump, envelope_7, envelope_8 };
    told.chapter("Attacks");
    attacks::all(&mut world, &mut told)?;
    told.end()
}

/// Whether a processor takes the envelope that has the author's key and knows nothing of statements.
fn plain(envelope: &[u8]) -> Result<bool, Trouble> {
    let context = context();
    let public = author()?.public_key();
    let keys = [cose_ext::key::TrustedKey::new(&public, &context)?];
    let keys = cose_ext::key::TrustStore::new(&keys);
    let envelope = Envelope::decode(envelope, &Profile::LENIENT)?;
    let trust = cose_ext::Trust::keys(&keys);
    Ok(envelope.verify(&trust, &AuthenticationPolicy::ANY_BLOCK, &context).is_ok())
}

/// Whether a log has, or had at an earlier size, this root.
fn is_root(services: &[Service; 2], name: &str, root: &[u8]) -> bool {
    let Some(service) = services.iter().find(|service| service.name == name) else { return false };
    (1..=service.log.size())
        .any(|size| service.log.root(size, &context()).is_ok_and(|found| found == *root))
}

/// Replays a log as the maker's auditor does: what is alarming, and whether the root is the one of the service.
pub(crate) fn replay(service: &Service) -> Result<(Vec<Alarm>, bool), Trouble> {
    let context = context();
    let public = author()?.public_key();
    let firmware = cose_ext::key::TrustedKey::new(&public, &context)?.for_issuer(VENDOR);
    let class = ClassUrn::new(&CLASS_ID);
    let expected = [(VENDOR, class.as_str())];
    let own = [manifest(6, IMAGE_6)?, manifest(7, IMAGE_7)?, manifest(8, IMAGE_8)?];
    rating::trusting(|keys| {
        let mut others = TrustedIssuers { issuers: keys, requirements: Requirements::Rfc9943 };
        let monitor = FirmwareMonitor::new(&firmware, &expected).and(&mut others);
        let mut monitor = monitor.knowing(own.iter().map(|envelope| envelope.digest()));
        let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
        let input = Input::embedded().with_processed(Processed::new(&[Label::TYP]));
        for submission in &service.submissions {
            let entry = AuditedEntry::statement(submission, input).decided_at(NOW);
            auditor.replay(&entry, &mut monitor, &context)?;
        }
        let agrees = auditor.head().root.hash() == service.log.head().root.hash()
            && auditor.report().faulty() == 0;
        Ok((monitor.alarms().to_vec(), agrees))
    })
}
