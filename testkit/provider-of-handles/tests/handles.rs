//! The provider passes the suite, signs and verifies whole messages, and leaves no slot taken.

#[path = "support/soft_service.rs"]
mod soft_service;

use cose_crypto::conformance::{Failure, run_verification};
use cose_crypto::{Algorithm, Curve, InvalidKey, KeyMaterial, Provider, PublicKey, YCoordinate};
use cose_ext::key::TrustedKey;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Input, Profile, Sign1};
use provider_of_handles::{HandleSigner, Psa, Service};
use soft_service::{SLOTS, SoftService};
use testkit::fixed_keys::P256_RFC6979 as KEY;

fn public_key(y: YCoordinate<'static>) -> PublicKey<'static> {
    PublicKey { material: KeyMaterial::Ec2 { curve: Curve::P256, x: &KEY.x, y }, algorithm: None }
}

#[test]
fn it_passes_the_suite_and_leaves_no_slot_taken() {
    let psa = SoftService::default();
    let has = [Algorithm::ES256, Algorithm::ESP256, Algorithm::SHA256];
    let mut failures = Vec::new();
    let mut note = |failure: &Failure| failures.push(failure.to_string());
    let report = run_verification(&Service::new(&psa), &has, &mut note);
    assert_eq!(failures, Vec::<String>::new());
    assert!(report.cases > 100 && report.algorithms == 2, "{report}");
    assert_eq!(psa.taken(), (0, 0));
}

#[test]
fn a_message_signed_by_a_handle_verifies_by_a_handle() {
    let psa = SoftService::default();
    let signer = HandleSigner::new(&psa, psa.provision(&KEY.private));
    assert_eq!(signer.public_point().map(|point| point[1..33] == KEY.x), Ok(true));
    let service = Service::new(&psa);
    let message = Sign1Builder::new().sign(Content::Embedded(b"payload"), &signer).unwrap();

    let context = Context::new(&service);
    let trusted = TrustedKey::new(public_key(YCoordinate::Value(&KEY.y)), &context).unwrap();
    let view = Sign1::decode(&message, &Profile::DETERMINISTIC).unwrap();
    let verified = view.verify(&Input::embedded(), &trusted, &context).unwrap();
    assert_eq!(verified.value().payload(), b"payload");

    let mut broken = message.clone();
    *broken.last_mut().unwrap() ^= 1;
    let view = Sign1::decode(&broken, &Profile::DETERMINISTIC).unwrap();
    assert!(view.verify(&Input::embedded(), &trusted, &context).is_err());
    // Only the pair that the device was made with stands in a slot.
    assert_eq!(psa.taken(), (1, 0));
}

#[test]
fn without_a_free_slot_nothing_is_said_of_the_key() {
    let psa = SoftService::default();
    let pairs: Vec<_> = (0..SLOTS).map(|_| psa.provision(&KEY.private)).collect();
    let service = Service::new(&psa);
    let key = public_key(YCoordinate::Value(&KEY.y));
    let refused = service.with_verifier(&key, &mut |_| panic!("there is no slot"));
    assert_eq!(refused, Err(InvalidKey::Unsupported));
    psa.destroy_key(pairs[0]).unwrap();
    assert_eq!(service.with_verifier(&key, &mut |_| ()), Ok(()));
}

#[test]
fn a_compressed_point_is_not_imported() {
    let psa = SoftService::default();
    let key = public_key(YCoordinate::Sign(true));
    let refused = Service::new(&psa).with_verifier(&key, &mut |_| panic!("no such key"));
    assert_eq!(refused, Err(InvalidKey::Unsupported));
}

#[test]
fn a_hash_that_fails_equals_no_digest() {
    let psa = SoftService::default();
    let operations: Vec<_> = (0..SLOTS).map(|_| psa.hash_setup().unwrap()).collect();
    let service = Service::new(&psa);
    let hash = service.hash_function(Algorithm::SHA256).unwrap();
    assert_eq!(hash.hash(&[b"abc"]).as_ref(), b"");
    operations.into_iter().for_each(|operation| psa.hash_abort(operation));
    assert_eq!(hash.hash(&[b"abc"]).as_ref().len(), 32);
}

/// The parts of a message are hashed one after the other, and a feed that stops leaves no operation open.
#[test]
fn a_feed_that_stops_leaves_no_operation_open() {
    let psa = SoftService::default();
    let service = Service::new(&psa);
    let hash = service.hash_function(Algorithm::SHA256).unwrap();
    assert!(hash.hash_stream(&mut |_| Err(cose_crypto::Interrupted)).is_err());
    assert_eq!(psa.taken(), (0, 0));
}
