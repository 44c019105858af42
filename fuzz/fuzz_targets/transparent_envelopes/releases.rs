//! Releases on their way: into a log, by a monitor, and onto a device, each beside the few rules that it follows.

use std::collections::{BTreeMap, BTreeSet};

use cose_ext::cbor::Int;
use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::cwt::ClaimKey;
use cose_ext::header::ContentType;
use cose_ext::key::{Thumbprint, TrustStore, TrustedKey};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Input, Label, MapBuilder, Processed, Profile, Value};
use fuzz::{Accept, Chosen, Nobody};
use merkle_proof::Sha256Tree;
use scitt_core::{
    AuditedEntry, Auditor, MemoryLog, ReceiptKey, Registration, Requirements, ServiceKey,
    StatementBuilder, TransparencyService, TrustedIssuers, TrustedService,
};
use suit_manifest::author::{EnvelopeBuilder, ManifestBuilder, ParameterSet, RECORD_ALL, Sequence};
use suit_manifest::label::condition;
use suit_manifest::{Envelope, Limits, Procedure, Readings, Stored, Target};
use transparent_suit::{
    BlockBuilder, ClassUrn, Device, FirmwareMonitor, FirmwarePolicy, FirmwareRegistry, Registrars,
    Rule, SignedBlock, profile,
};

const ISSUERS: [&str; 2] = ["https://vendor.example", "https://partner.example"];
const SERVICE: &str = "https://log-a.example";
const SIGNER: Nobody = Nobody(Algorithm::ESP256);
const INPUT: Input<'static, 'static> =
    Input::embedded().with_processed(Processed::new(&[Label::TYP]));
const CLASS: [u8; 16] = [7; 16];
static NUMBERS: [[u8; 32]; 2] = [[0x81; 32], [0x82; 32]];

fn context() -> Context<'static> {
    Context::new(&Accept::NOBODY)
}

fn key(number: usize) -> TrustedKey<'static> {
    let x = &NUMBERS[number];
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(x) };
    TrustedKey::new(PublicKey { material, algorithm: None }, &context())
        .expect("of the right shape")
}

fn thumbprint(number: usize) -> Thumbprint {
    Thumbprint::from_bytes(*key(number).identity().as_bytes())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Good,
    /// It claims the number after its own.
    Lying,
    /// Its number is no number.
    Mute,
    /// Its manifest is not there.
    Bare,
    /// It is about something else.
    OtherTyp,
}

/// One release: by whom, its number, its name, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Release {
    issuer: usize,
    number: u64,
    name: bool,
    kind: Kind,
}

impl Release {
    fn chosen(chosen: &mut Chosen<'_>) -> Self {
        let good = Kind::Good;
        Self {
            issuer: usize::from(chosen.byte() % 4 == 0),
            number: u64::from(chosen.byte() % 5),
            name: chosen.byte() % 4 == 0,
            kind: chosen.one_of([
                good,
                good,
                good,
                good,
                Kind::Lying,
                Kind::Mute,
                Kind::Bare,
                Kind::OtherTyp,
            ]),
        }
    }

    fn envelope(&self) -> EnvelopeBuilder {
        let class = Sequence::new()
            .override_parameters(&ParameterSet::new().class_identifier(&CLASS))
            .command(condition::CLASS_IDENTIFIER, RECORD_ALL);
        // Somewhere in a sequence within.
        let class = match self.number % 3 {
            0 => class,
            1 => Sequence::new().run_sequence(&class),
            _ => Sequence::new().try_each(&[Sequence::new(), class]),
        };
        let name = if self.name { "another" } else { "app" };
        let manifest = ManifestBuilder::new(self.number).component(&[name]).shared(class);
        manifest.build(Algorithm::SHA256, &context()).expect("a manifest")
    }

    fn block(&self) -> SignedBlock {
        let class = ClassUrn::new(&CLASS);
        assert_eq!(format!("{class} {class:?}"), format!("{0} {0}", class.as_str()));
        let claimed = match self.kind {
            Kind::Lying => Value::Int(Int::unsigned(self.number + 1)),
            Kind::Mute => Value::Text("one"),
            _ => {
                let builder = BlockBuilder::new(
                    ISSUERS[self.issuer],
                    class.as_str(),
                    &thumbprint(self.issuer),
                );
                return builder.sign(&self.envelope(), &SIGNER, &context()).expect("a block");
            }
        };
        let claims = MapBuilder::new()
            .with(ClaimKey::ISS, ISSUERS[self.issuer])
            .with(ClaimKey::SUB, class.as_str())
            .with(profile::SUIT_SEQUENCE, claimed);
        let headers = Sign1Builder::new()
            .content_type(profile::CONTENT_TYPE)
            .key_id(thumbprint(self.issuer).as_bytes())
            .cwt_claims(&claims)
            .typ(profile::TYP);
        let mut signed = self.envelope();
        signed.sign(headers, &SIGNER, &context()).expect("a block");
        let bytes = signed.to_bytes();
        let signed = Envelope::decode(&bytes, &Profile::LENIENT).expect("it was made");
        let block = signed.authentication().blocks().last().expect("the block");
        SignedBlock::of(&signed, &block, &Profile::LENIENT).expect("a statement")
    }

    /// What is handed to a log.
    fn submission(&self) -> Vec<u8> {
        match self.kind {
            Kind::OtherTyp => {
                let typ = ContentType::MediaType("application/sbom+cose");
                let builder = StatementBuilder::new(ISSUERS[self.issuer], "thing").typ(typ);
                let builder = builder.key_id(thumbprint(self.issuer).as_bytes());
                builder.sign(&[self.number as u8], &SIGNER).expect("a statement")
            }
            Kind::Bare => {
                let whole = self.block().submission().expect("a submission");
                let whole =
                    cose_ext::Sign1::decode(&whole, &Profile::LENIENT).expect("it was made");
                whole.with_unprotected(&MapBuilder::new()).expect("an empty header")
            }
            _ => self.block().submission().expect("a submission"),
        }
    }
}

pub fn check(chosen: &mut Chosen<'_>) {
    let releases: Vec<_> = (0..1 + chosen.byte() % 6).map(|_| Release::chosen(chosen)).collect();
    let keys = [key(0).for_issuer(ISSUERS[0]), key(1).for_issuer(ISSUERS[1])];
    let firmware = TrustStore::new(&keys);
    watched(chosen, &releases, &firmware);
    registered(chosen, &releases, &firmware);
}

/// A monitor alarms on what breaks a rule, and on nothing else.
fn watched(chosen: &mut Chosen<'_>, releases: &[Release], firmware: &TrustStore<'_>) {
    let class = ClassUrn::new(&CLASS);
    let expected = [(ISSUERS[0], class.as_str())];
    let mut others = TrustedIssuers { issuers: firmware, requirements: Requirements::Rfc9943 };
    let how = chosen.byte() % 4;
    let own = releases.first().map(|release| release.block().digest().to_vec());
    let knows = chosen.byte() % 3 == 0;
    let monitor = FirmwareMonitor::new(firmware, &expected).with_typ(profile::TYP);
    let mut monitor = match how {
        0 => monitor,
        1 => monitor.under(&mut others),
        _ => monitor.and(&mut others),
    };
    if knows {
        monitor = monitor.knowing(own.iter().map(Vec::as_slice));
    }
    let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
    let (mut alarms, mut faulty) = (Vec::new(), 0);
    let mut seen = BTreeSet::new();
    let mut numbers: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    for (entry, release) in (0..).zip(releases) {
        let submission = release.submission();
        let audited = AuditedEntry::statement(&submission, INPUT);
        let _ = auditor.replay(&audited, &mut monitor, &context()).expect("small");
        // With or without its manifest it is the same statement.
        let kind = if release.kind == Kind::Bare { Kind::Good } else { release.kind };
        let name = release.name && kind != Kind::OtherTyp;
        let is_known = !seen.insert(Release { kind, name, ..*release });
        if is_known || (release.kind == Kind::OtherTyp && how == 0) {
            faulty += 1;
            if !is_known {
                seen.remove(&Release { kind, name, ..*release });
            }
            continue;
        }
        if release.kind == Kind::OtherTyp {
            continue;
        }
        let mut alarm = |rule| alarms.push((entry, rule));
        if release.kind != Kind::Good {
            alarm(Rule::ClaimsAgree);
        }
        if release.kind == Kind::Mute {
            continue;
        }
        if release.issuer == 1 {
            alarm(Rule::IssuerExpected);
            continue;
        }
        let digest = release.block().digest().to_vec();
        if knows && own.as_ref() != Some(&digest) {
            alarm(Rule::ReleaseKnown);
        }
        let number = release.number + u64::from(release.kind == Kind::Lying);
        match numbers.get(&number) {
            Some(known) if *known != digest => alarm(Rule::DigestsAgree),
            Some(_) => {}
            None => {
                if numbers.last_key_value().is_some_and(|(last, _)| *last > number) {
                    alarm(Rule::SequenceForward);
                }
                numbers.insert(number, digest);
            }
        }
    }
    let found: Vec<_> = monitor.alarms().iter().map(|alarm| (alarm.entry, alarm.rule)).collect();
    assert_eq!((found, auditor.report().faulty()), (alarms, faulty), "{releases:?}");
    assert!(monitor.alarms().iter().all(|alarm| alarm.to_string().contains("entry")));
    assert!(format!("{monitor:?}").contains("alarms"));
}

/// A service registers what goes forward, and a device takes what a service registered.
fn registered(chosen: &mut Chosen<'_>, releases: &[Release], firmware: &TrustStore<'_>) {
    let receipt_key = ReceiptKey::new(b"1", Algorithm::ES256);
    let mut service = TransparencyService::in_memory(Sha256Tree, SERVICE, receipt_key)
        .with_entry_rule(profile::ENTRY_RULE);
    let mut registry = FirmwareRegistry::new();
    let registrars = Registrars::new(firmware).with_typ(profile::TYP);
    let mut others = BTreeSet::new();
    let mut known: [BTreeMap<u64, Vec<u8>>; 2] = Default::default();
    for release in releases {
        let submission = release.submission();
        if release.kind == Kind::OtherTyp {
            let policy = Registration { issuers: firmware, requirements: Requirements::Rfc9943 };
            let both = FirmwarePolicy::new(firmware, &registry).and(&policy).with_typ(profile::TYP);
            assert!(format!("{both:?}").contains("typ"));
            let alone = FirmwarePolicy::new(firmware, &registry);
            // What is in the log is there, whoever asks.
            let is_known = !others.insert(submission.clone());
            for (policy, good) in [(alone, is_known), (both, true)] {
                let entry =
                    registry.register_other(&mut service, &submission, 7, &policy, &context());
                assert_eq!(entry.is_ok(), good);
                if let Err(error) = entry {
                    assert!(!error.to_string().is_empty());
                }
            }
            continue;
        }
        let entry = registry.register(&mut service, &submission, 7, &registrars, &context());
        let digest = release.block().digest().to_vec();
        let mine = &mut known[release.issuer];
        let is_forward = match mine.get(&release.number) {
            Some(known) => *known == digest,
            None => mine.last_key_value().is_none_or(|(last, _)| *last < release.number),
        };
        assert_eq!(entry.is_ok(), release.kind == Kind::Good && is_forward, "{release:?}");
        match entry {
            Ok(entry) => {
                mine.insert(release.number, digest);
                let class = ClassUrn::new(&CLASS);
                assert!(
                    registry.last(ISSUERS[release.issuer], class.as_str()) >= Some(release.number)
                );
                assert!(registry.manifest(release.block().digest()).is_some());
                let pending = service.prepare_receipt(entry, 7, &context()).expect("in the log");
                let receipt = pending.sign(&Nobody(Algorithm::ES256)).expect("a receipt");
                taken(chosen, release, &receipt, firmware);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    let _: &MemoryLog<Sha256Tree> = service.log();
}

/// What a device does with an envelope whose block has that receipt.
fn taken(chosen: &mut Chosen<'_>, release: &Release, receipt: &[u8], firmware: &TrustStore<'_>) {
    let pinned = [ServiceKey::new(key(0), Algorithm::ES256).with_entry_rule(profile::ENTRY_RULE)];
    let services = [TrustedService { name: "a", issuer: Some(SERVICE), keys: &pinned }];
    let (class, other) = (ClassUrn::new(&CLASS), ClassUrn::new(&[8; 16]));
    let is_other = chosen.byte() % 8 == 0;
    let classes = [if is_other { other.as_str() } else { class.as_str() }];
    let required = usize::from(chosen.byte() % 3);
    let device =
        Device::new(firmware, &services, &classes).requiring(required).with_typ(profile::TYP);
    let block = release.block();
    let kind = chosen.byte() % 8;
    let dressed = match kind {
        // No receipt, a receipt with a change in it, or the same one twice.
        0 => block.as_bytes().to_vec(),
        1 => {
            let mut other = receipt.to_vec();
            let place = other.len() - 60;
            other[place] ^= 1;
            block.with_receipts(&[&other]).expect("one receipt")
        }
        2 => block.with_receipts(&[receipt, receipt]).expect("two receipts"),
        _ => block.with_receipts(&[receipt]).expect("one receipt"),
    };
    let mut envelope = release.envelope();
    envelope.block(dressed).expect("a block");
    let has_twin = kind == 3;
    if has_twin {
        // Another block by the same key, over the same digest.
        let headers = Sign1Builder::new().content_type(ContentType::ContentFormat(1));
        let headers = headers.key_id(thumbprint(release.issuer).as_bytes());
        envelope.sign(headers, &SIGNER, &context()).expect("a block");
    }
    let bytes = envelope.to_bytes();
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).expect("it was made");
    let mut reported = 0;
    let verdict = device.verify_reporting(&envelope, &context(), &mut |_| reported += 1);
    let services = usize::from(kind > 1);
    let good = !is_other && (required == 0 || (required == 1 && services == 1 && !has_twin));
    assert_eq!(verdict.is_ok(), good, "{kind} {required} {:?}", verdict.err());
    let manifest = match verdict {
        Ok(manifest) => manifest,
        Err(error) => return assert!(!error.to_string().is_empty() && error.step().is_some()),
    };
    assert_eq!((manifest.issuer(), manifest.subject()), (ISSUERS[release.issuer], class.as_str()));
    assert_eq!(manifest.manifest().value().sequence_number(), release.number);
    assert_eq!((manifest.services(), manifest.relied_on().is_some()), (required, required > 0));
    assert!(manifest.not_checked().count() >= 3);
    assert!(manifest.not_checked().all(|open| !open.to_string().is_empty()));
    let stored = chosen.one_of([None, Some(release.number), Some(release.number + 1)]);
    let stored = stored.map(|sequence_number| Stored { sequence_number, manifest: None });
    let is_back = stored.as_ref().is_some_and(|stored| stored.sequence_number > release.number);
    let target =
        Target { components: 4, stored, limits: Limits::DEFAULT, readings: Readings::default() };
    let processor =
        manifest.processor::<4, 4>(&envelope, Procedure::Invoke, &target, &mut [], &context());
    assert_eq!(processor.is_err(), is_back);
    if let Err(error) = processor {
        super::describe(&error);
    }
}
