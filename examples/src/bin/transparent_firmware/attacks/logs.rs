//! What a thief registers, what a service refuses, and a service that shows two histories.

use cose_ext::{Profile, crypto::Algorithm};
use merkle_proof::Sha256Tree;
use scitt_core::{ForkProof, HeadForm, HeadVerifier, SignedHeadBuilder};
use transparent_suit::{Rule, profile};

use super::envelopes::MALWARE;
use crate::{
    Trouble,
    board::Pump,
    cast::{NOW, OFFICE, Role, block, block_by, context, manifest, on_device, sealed},
    replay::replay,
    service::Service,
    told::Told,
    world::{World, service_rule},
};

pub(super) fn all(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    refused_by_services(world, told)?;
    thief_registers(world, told)?;
    two_histories(world, told)
}

fn refused_by_services(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let [service, _] = &mut world.services;
    // Another image under a number that is taken.
    let another = block(&manifest(8, b"pump firmware 8: pumps less")?)?.submission()?;
    told.refused("a second digest for number 8", "F21", service.submit(&another), service_rule);
    let lower = block(&manifest(5, b"pump firmware 5")?)?.submission()?;
    told.refused("a number below the last one", "F20", service.submit(&lower), service_rule);
    let office = block_by(Role::Office, OFFICE, &manifest(11, MALWARE)?)?.submission()?;
    told.refused(
        "a release by the office, whom the policy in the log lets say other things",
        "S31",
        service.submit(&office),
        service_rule,
    );
    let release = block(&manifest(11, MALWARE)?)?.submission()?;
    told.refused(
        "a release as if it were any statement, past the rules for releases",
        "F24",
        service.offer(&release),
        service_rule,
    );
    Ok(())
}

/// The thief registers too: the device takes it, and the maker's monitor sees it.
fn thief_registers(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let malware = manifest(10, MALWARE)?;
    let stolen = block(&malware)?;
    let receipts = world.services.iter_mut().map(|service| service.register(&stolen));
    let receipts = receipts.collect::<Result<Vec<_>, _>>()?;
    let visible = sealed(malware, &stolen, &receipts)?;
    let mut some_pump = Pump { number: Some(8), ..Default::default() };
    let taken =
        on_device(&world.services, |device, _| Ok(some_pump.update(device, &visible, None)??))?;
    told.holds(
        "the thief registers the malware as well: a device takes it",
        &format!("{} services", taken.services),
        taken.services == 2,
    );
    for (place, service) in world.services.iter().enumerate() {
        let replayed = replay(service, place)?;
        let rules: Vec<_> = replayed.alarms.iter().map(|alarm| alarm.rule).collect();
        let detail = replayed.alarms.first().map_or("silence".into(), ToString::to_string);
        told.holds(
            &format!("and the maker's monitor of {} raises the alarm", service.name),
            &detail,
            replayed.agrees && rules == [Rule::ReleaseKnown],
        );
    }
    Ok(())
}

/// A service signs two heads that contradict each other.
fn two_histories(world: &World, told: &mut Told) -> Result<(), Trouble> {
    let [service, _] = &world.services;
    let context = context();
    let shown = service.submissions()?;
    let mut hidden = shown.clone();
    // Somebody is shown a log without the thief's release.
    hidden.pop();
    hidden.push(hidden.first().cloned().ok_or("an empty log")?);
    let head = |submissions: &[Vec<u8>]| head_of(service, submissions);
    let (one, other) = (head(&shown)?, head(&hidden)?);
    let public = service.key.public_key();
    let log_key = cose_ext::key::TrustedKey::new(&public, &context)?;
    let keys = [scitt_core::ServiceKey::new(log_key, Algorithm::EDDSA).with_key_id(b"1")];
    let trusted = scitt_core::TrustedService {
        name: service.name,
        issuer: Some(service.issuer),
        keys: &keys,
    };
    let verifier = HeadVerifier::new(trusted);
    let one = verifier.verify(HeadForm::Cose(&one), &context)?;
    let other = verifier.verify(HeadForm::Cose(&other), &context)?;
    let proof = ForkProof::of_one_size(&one, &other);
    let detail = proof.as_ref().map_or_else(ToString::to_string, |proof| {
        format!("two signed heads of {}, both of {} entries", proof.service(), shown.len())
    });
    told.holds(
        "a service that signs two histories is convicted by its own signatures",
        &detail,
        proof.is_ok(),
    );
    Ok(())
}

/// The head that the service signs of a log with these entries.
fn head_of(service: &Service, submissions: &[Vec<u8>]) -> Result<Vec<u8>, Trouble> {
    let mut tree = merkle_proof::MemoryTree::new(Sha256Tree);
    for submission in submissions {
        let statement = scitt_core::SignedStatement::decode(submission, &Profile::LENIENT)?;
        let payload = statement.message().danger_unverified_payload().unwrap_or_default();
        tree.append(&profile::ENTRY_RULE.entry(statement.message(), payload).parts());
    }
    Ok(SignedHeadBuilder::new(service.issuer, b"1", &tree.head(), NOW).sign(&service.key)?)
}
