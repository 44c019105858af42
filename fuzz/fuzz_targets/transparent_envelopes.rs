//! Transparent SUIT envelopes whose signatures are all good, those of receipts too: what is left to refuse is form, header,
//! claims, proofs and numbers. Whatever a device takes has what it asked for.
//!
//! An input that begins with a zero chooses releases that are registered, watched and taken by a device; there a signature
//! is good for what was signed alone.
#![no_main]

#[path = "transparent_envelopes/releases.rs"]
mod releases;

use std::collections::BTreeSet;

use cose_ext::{Context, Profile, crypto::Algorithm};
use fuzz::{Accept, Chosen, with_keys};
use libfuzzer_sys::fuzz_target;
use scitt_core::{ServiceKey, TrustedService};
use suit_manifest::{Envelope, Limits, Procedure, Readings, Target};
use transparent_suit::{Device, Error, SignedBlock, profile::ENTRY_RULE};

/// The classes of the seeds.
const CLASSES: [&str; 3] = [
    "urn:uuid:9e9e3217-eadb-56bb-8c57-1559525b1832",
    "urn:uuid:07070707-0707-0707-0707-070707070707",
    "urn:uuid:636c6173-7320-6f66-2064-657669636573",
];
/// Issuers of receipts of the seeds.
const SERVICES: [&str; 3] =
    ["https://log-a.example", "https://log-b.example", "https://transparency.example"];
const ISSUERS: [&str; 4] = [
    "https://vendor.example/firmware",
    "https://vendor.example",
    "https://maker.example",
    "https://maker.example/firmware",
];

fuzz_target!(|bytes: &[u8]| {
    if let [0, choices @ ..] = bytes {
        return releases::check(&mut Chosen::by(choices));
    }
    let Ok(envelope) = Envelope::decode(bytes, &Profile::LENIENT) else { return };
    let context = Context::new(&Accept::ALL);
    with_keys(|store| {
        let bound =
            ISSUERS.map(|issuer| store.keys().iter().map(move |key| key.for_issuer(issuer)));
        let firmware: Vec<_> = bound.into_iter().flatten().collect();
        let firmware = cose_ext::key::TrustStore::new(&firmware);
        let keys: Vec<_> = store
            .keys()
            .iter()
            .flat_map(|key| {
                [Algorithm::ES256, Algorithm::EDDSA]
                    .map(|algorithm| ServiceKey::new(*key, algorithm))
            })
            .map(|key| key.with_entry_rule(ENTRY_RULE))
            .collect();
        let services = SERVICES.map(|issuer| TrustedService {
            name: issuer,
            issuer: Some(issuer),
            keys: &keys,
        });
        assert!(format!("{:?}", Device::new(&firmware, &services, &CLASSES)).contains("required"));
        for required in 0..=2 {
            let device = Device::new(&firmware, &services, &CLASSES).requiring(required);
            verify(&device, &envelope, &context);
        }
    });
});

fn verify(device: &Device<'_>, envelope: &Envelope<'_>, context: &Context<'_>) {
    let mut counted = BTreeSet::new();
    let verdict = device.verify_reporting(envelope, context, &mut |receipt| {
        if let Ok(relied_on) = receipt.outcome {
            counted.insert((receipt.block, relied_on.service));
        }
    });
    let manifest = match verdict {
        Ok(manifest) => manifest,
        Err(error) => {
            assert!(error.step().is_some(), "a refusal names its step: {error}");
            return describe(&error);
        }
    };
    assert!(manifest.services() >= device.required && counted.len() >= manifest.services());
    assert!(device.classes.contains(&manifest.subject()));
    assert!(ISSUERS.contains(&manifest.issuer()), "its key is bound to one");
    assert_eq!(manifest.relied_on().is_some(), device.required > 0);
    assert!(manifest.not_checked().all(|open| !open.to_string().is_empty()));
    assert_eq!(device.verify(envelope, context).map(|it| it.block()), Ok(manifest.block()));
    let block = envelope.authentication().blocks().nth(manifest.block()).expect("it was accepted");
    let signed = SignedBlock::of(envelope, &block, &context.profile).expect("it was read");
    let submission = signed.submission().expect("its header was accepted");
    assert!(!submission.is_empty() && signed.digest() == envelope.authentication().signed_bytes());
    assert!(
        signed.with_receipts(&[b"a receipt"]).is_ok_and(|it| it.len() > signed.as_bytes().len())
    );
    let target = Target {
        components: 4,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    for procedure in [Procedure::Update, Procedure::Invoke] {
        if let Err(error) =
            manifest.processor::<4, 4>(envelope, procedure, &target, &mut [], context)
        {
            describe(&error);
        }
    }
}

fn describe(error: &Error) {
    assert!(!error.to_string().is_empty());
}
