//! Who takes part, what there is to be signed, and the machines as they are: services, device, auditor.

use std::rc::Rc;

use transparent_suit::{
    BlockBuilder, ClassUrn, Device, FirmwareMonitor, FirmwareRegistry, Registrars, Rule,
    SignedBlock,
    cose_ext::{
        Context, Input, Label, Processed, Profile,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
    },
    profile,
    scitt_core::{
        AuditedEntry, Auditor, MemoryLog, ReceiptKey, ReceiptRules, Registration, Requirements,
        ServiceKey, SignedStatement, StatementEntries, TransparencyService, TrustedService,
        merkle_proof::{Sha256Tree, cose::Receipt},
    },
    suit_manifest::{
        Envelope, Limits, Procedure, Readings, Stored, Target,
        author::{EnvelopeBuilder, ManifestBuilder, ParameterSet, RECORD_ALL, Sequence},
        label::condition,
    },
};

use super::{
    Without,
    stand_in::{Key, StandIn, TWIN, TWIN_AT},
};

const ISS: &str = "https://vendor.example";
/// Another maker, who may register at the services, and whose keys this device does not have.
const PARTNER_ISS: &str = "https://partner.example";
/// The vendor's office: bills of material, notices. It signs whatever is laid before it.
const OFFICE_ISS: &str = "https://office.example";
const LOGS: [&str; 2] = ["https://log-a.example", "https://log-b.example"];
const CLASS_ID: [u8; 16] = [7; 16];
const NOW: i64 = 1_800_000_000;

static AUTHOR: Key = Key::new(1);
static PARTNER: Key = Key::new(2);
static OFFICE: Key = Key::new(3);
static SERVICES: [Key; 2] = [Key::new(11), Key::new(12)];

/// How many services the device asks for.
pub(crate) const REQUIRED: usize = 2;

/// The blocks that can come to be, by their places in [`Cast::blocks`].
pub(crate) const FIRST: u8 = 0;
pub(crate) const SECOND: u8 = 1;
/// The second once more with the other signature that verifies. Nobody but the carrier makes it.
pub(crate) const FLIPPED: u8 = 2;
/// Malware, signed with the author's stolen key.
pub(crate) const THIEFS: u8 = 3;
/// Malware, signed by the partner.
pub(crate) const PARTNERS: u8 = 4;
/// Malware, signed by the office, which did not look.
pub(crate) const OFFICES: u8 = 5;
pub(crate) const BLOCKS: [u8; 6] = [FIRST, SECOND, FLIPPED, THIEFS, PARTNERS, OFFICES];

/// Which manifest a block is about.
pub(crate) const fn manifest_of(block: u8) -> usize {
    match block {
        FIRST => 0,
        SECOND | FLIPPED => 1,
        _ => 2,
    }
}

/// Whether a key in the firmware role of this device signed it.
pub(crate) const fn is_by_firmware_key(block: u8) -> bool {
    !matches!(block, PARTNERS | OFFICES)
}

pub(crate) fn context() -> Context<'static> {
    Context::new(&StandIn)
}

/// A service after it has registered some blocks.
#[derive(Clone)]
pub(crate) struct Service {
    log: TransparencyService<MemoryLog<Sha256Tree>>,
    registry: FirmwareRegistry,
}

/// Everything that never changes.
pub(crate) struct Cast {
    without: Without,
    envelopes: [EnvelopeBuilder; 3],
    blocks: Vec<SignedBlock>,
    submissions: Vec<Vec<u8>>,
}

fn release(number: u64, name: &str) -> EnvelopeBuilder {
    let shared = Sequence::new()
        .override_parameters(&ParameterSet::new().class_identifier(&CLASS_ID))
        .command(condition::CLASS_IDENTIFIER, RECORD_ALL);
    let manifest = ManifestBuilder::new(number).component(&[name]).shared(shared);
    manifest.build(Algorithm::SHA256, &context()).unwrap()
}

fn signed(envelope: &EnvelopeBuilder, issuer: &str, key: &Key) -> SignedBlock {
    let class = ClassUrn::new(&CLASS_ID);
    let builder = BlockBuilder::new(issuer, class.as_str(), &key.thumbprint());
    builder.sign(envelope, key, &context()).unwrap()
}

fn flipped(envelope: &EnvelopeBuilder, block: &SignedBlock) -> SignedBlock {
    let mut bytes = block.as_bytes().to_vec();
    let place = bytes.len() - TWIN_AT;
    bytes[place] = TWIN;
    let mut envelope = envelope.clone();
    envelope.block(bytes).unwrap();
    let bytes = envelope.to_bytes();
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    let block = envelope.authentication().blocks().next().unwrap();
    SignedBlock::of(&envelope, &block, &Profile::LENIENT).unwrap()
}

impl Cast {
    pub(crate) fn new(without: Without) -> Self {
        let envelopes = [release(1, "app"), release(2, "app"), release(3, "malware")];
        let [one, two, malware] = &envelopes;
        let second = signed(two, ISS, &AUTHOR);
        let other = flipped(two, &second);
        let blocks = vec![
            signed(one, ISS, &AUTHOR),
            second,
            other,
            signed(malware, ISS, &AUTHOR),
            signed(malware, PARTNER_ISS, &PARTNER),
            signed(malware, OFFICE_ISS, &OFFICE),
        ];
        let submissions = blocks.iter().map(|block| block.submission().unwrap()).collect();
        Self { without, envelopes, blocks, submissions }
    }

    /// The keys in the firmware role: of the device, or of a service, which serves the partner too.
    fn firmware(&self, of_service: bool) -> Vec<TrustedKey<'static>> {
        let mut keys = vec![AUTHOR.trusted().for_issuer(ISS)];
        if of_service {
            keys.push(PARTNER.trusted().for_issuer(PARTNER_ISS));
        }
        if self.without == Without::Roles {
            keys.push(OFFICE.trusted().for_issuer(OFFICE_ISS));
        }
        keys
    }

    pub(crate) fn new_service(place: usize) -> Service {
        let key = ReceiptKey::new(b"1", Algorithm::ESP256);
        let log = TransparencyService::in_memory(Sha256Tree, LOGS[place], key);
        Service { log: log.with_entry_rule(profile::ENTRY_RULE), registry: FirmwareRegistry::new() }
    }

    /// The service after somebody has submitted the block, whatever it makes of it: as a release, or else as any other
    /// statement. `None` if nothing has changed.
    pub(crate) fn submit(&self, service: &Service, block: u8) -> Option<Service> {
        let mut after = service.clone();
        let submission = &self.submissions[usize::from(block)];
        let keys = self.firmware(true);
        let firmware = TrustStore::new(&keys);
        let registrars = Registrars::new(&firmware);
        let Service { log, registry } = &mut after;
        if registry.register(log, submission, NOW, &registrars, &context()).is_err() {
            let office = [OFFICE.trusted().for_issuer(OFFICE_ISS)];
            let issuers = TrustStore::new(&office);
            let policy = Registration { issuers: &issuers, requirements: Requirements::Rfc9943 };
            registry.register_other(log, submission, NOW, &policy, &context()).ok()?;
        }
        (after.log.size() > service.log.size()).then_some(after)
    }

    /// The receipt that the service gives of an entry, as large as its log is now.
    pub(crate) fn receipt(service: &Service, place: usize, entry: usize) -> Rc<[u8]> {
        let entry = service.log.entry(u64::try_from(entry).unwrap()).unwrap();
        let pending = service.log.prepare_receipt(entry, NOW, &context()).unwrap();
        pending.sign(&SERVICES[place]).unwrap().into()
    }

    pub(crate) fn envelope(&self, manifest: usize, blocks: &[(u8, Vec<Rc<[u8]>>)]) -> Vec<u8> {
        let mut envelope = self.envelopes[manifest].clone();
        for (block, receipts) in blocks {
            let block = &self.blocks[usize::from(*block)];
            let receipts: Vec<_> = receipts.iter().map(AsRef::as_ref).collect();
            let bytes = match receipts[..] {
                [] => block.as_bytes().to_vec(),
                _ => block.with_receipts(&receipts).unwrap(),
            };
            envelope.block(bytes).unwrap();
        }
        envelope.to_bytes()
    }

    /// Which block the device accepts, by its place in the envelope: with a stored number, up to the first command of
    /// an update.
    pub(crate) fn accepts(&self, bytes: &[u8], stored: Option<u64>) -> Option<usize> {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).ok()?;
        let firmware = self.firmware(false);
        let firmware = TrustStore::new(&firmware);
        let keys = SERVICES.each_ref().map(|key| {
            let key = ServiceKey::new(key.trusted(), Algorithm::ESP256).with_key_id(b"1");
            [key.with_entry_rule(profile::ENTRY_RULE)]
        });
        let [a, b] = LOGS;
        let services = [
            TrustedService { name: a, issuer: Some(a), keys: &keys[0] },
            TrustedService { name: b, issuer: Some(b), keys: &keys[1] },
        ];
        let class = ClassUrn::new(&CLASS_ID);
        let classes = [class.as_str()];
        let device = Device::new(&firmware, &services, &classes).requiring(REQUIRED);
        let context = context();
        let manifest = match self.without {
            // Receipts count, not services.
            Without::Identities => {
                let mut counted = 0;
                let manifest =
                    device.requiring(1).verify_reporting(&envelope, &context, &mut |receipt| {
                        counted += usize::from(receipt.outcome.is_ok())
                    });
                manifest.ok().filter(|_| counted >= REQUIRED)?
            }
            // Any block over the digest may bring the receipts.
            Without::SameBlock => {
                let manifest = device.requiring(0).verify(&envelope, &context).ok()?;
                if logged_anyhow(&envelope, &services) < REQUIRED {
                    return None;
                }
                manifest
            }
            // The envelope says how many receipts there are to be.
            Without::LocalConfiguration => {
                let most = most_receipts(&envelope).min(REQUIRED);
                device.requiring(most).verify(&envelope, &context).ok()?
            }
            _ => device.verify(&envelope, &context).ok()?,
        };
        let stored = stored.filter(|_| self.without != Without::StoredNumber);
        let target = Target {
            components: 1,
            stored: stored.map(|sequence_number| Stored { sequence_number, manifest: None }),
            limits: Limits::DEFAULT,
            readings: Readings::default(),
        };
        let procedure = Procedure::Update;
        manifest.processor::<1, 1>(&envelope, procedure, &target, &mut [], &context).ok()?;
        Some(manifest.block())
    }

    /// Whether the author's monitor alarms on a log with these entries.
    pub(crate) fn is_alarmed(&self, entries: &[u8]) -> bool {
        let firmware = self.firmware(true);
        let firmware = TrustStore::new(&firmware);
        let class = ClassUrn::new(&CLASS_ID);
        let expected = [(ISS, class.as_str())];
        let mut monitor = FirmwareMonitor::new(&firmware, &expected);
        if self.without != Without::KnownReleases {
            let own = self.envelopes.iter().take(2).map(EnvelopeBuilder::digest);
            monitor = monitor.knowing(own);
        }
        let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
        let input = Input::embedded().with_processed(Processed::new(&[Label::TYP]));
        for entry in entries {
            let entry = AuditedEntry::statement(&self.submissions[usize::from(*entry)], input);
            auditor.replay(&entry, &mut monitor, &context()).unwrap();
        }
        monitor.alarms().iter().any(|alarm| alarm.rule == Rule::ReleaseKnown)
    }
}

/// How many services logged some block of the envelope.
fn logged_anyhow(envelope: &Envelope<'_>, services: &[TrustedService<'_>]) -> usize {
    let (context, rules) = (context(), ReceiptRules::DEFAULT);
    let mut names = Vec::new();
    for block in envelope.authentication().blocks() {
        let Ok(statement) = SignedStatement::decode(block.bytes(), &Profile::LENIENT) else {
            continue;
        };
        let receipts = statement.message().headers().unprotected().receipts();
        let Ok(Some(receipts)) = receipts else { continue };
        let input = Input::detached(envelope.authentication().signed_bytes());
        let Ok(mut entries) = StatementEntries::new(&statement, &input) else { continue };
        for (_, receipt) in receipts.iter() {
            let Ok(receipt) = Receipt::decode(receipt, &Profile::LENIENT) else { continue };
            for service in services {
                let included = service.verify_inclusion(&mut entries, &receipt, &rules, &context);
                if included.is_ok() && !names.contains(&service.name) {
                    names.push(service.name);
                }
            }
        }
    }
    names.len()
}

fn most_receipts(envelope: &Envelope<'_>) -> usize {
    let count = |bytes| {
        let statement = SignedStatement::decode(bytes, &Profile::LENIENT).ok()?;
        let receipts = statement.message().headers().unprotected().receipts().ok()??;
        Some(receipts.iter().count())
    };
    let blocks = envelope.authentication().blocks();
    blocks.map(|block| count(block.bytes()).unwrap_or(0)).max().unwrap_or(0)
}
