//! An author, two services, a device and a thief, from keys that never change.

#![allow(dead_code)] // Each test file uses its part.

use testkit::fixed_keys::{
    ED25519_COUNTING, ED25519_RFC8032_1, EcKey, Ed25519Key, P256_COSE_11, P256_COUNTING,
    P256_RFC6979,
};
use transparent_suit::{
    BlockBuilder, ClassUrn, Device, Error, FirmwareRegistry, RegisterError, Registrars,
    SignedBlock, TransparentManifest, cose_ext,
    cose_ext::{
        Context, Label, MapBuilder, Profile, Value,
        cbor::Int,
        crypto::{Algorithm, Signer},
        cwt::ClaimKey,
        key::{Thumbprint, TrustStore, TrustedKey},
        rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
        sign1::Sign1Builder,
    },
    profile,
    scitt_core::{
        EntryId, MemoryLog, NoSuchNode, ReceiptKey, ServiceKey, TransparencyService,
        TrustedService, merkle_proof::Sha256Tree,
    },
    suit_manifest,
    suit_manifest::{
        Envelope, Limits, Procedure, Readings, Stored, Target,
        author::{EnvelopeBuilder, ManifestBuilder, ParameterSet, RECORD_ALL, Sequence},
        label::condition,
    },
};

pub(crate) const ISS: &str = "https://vendor.example";
pub(crate) const OTHER_ISS: &str = "https://partner.example";
pub(crate) const CLASS_ID: [u8; 16] = [7; 16];
pub(crate) const NOW: i64 = 1_800_000_000;

static AUTHOR: EcKey<32> = P256_RFC6979;
static PARTNER: EcKey<32> = P256_COSE_11;
static STRANGER: EcKey<32> = P256_COUNTING;
static LOG_A: Ed25519Key = ED25519_RFC8032_1;
static LOG_B: Ed25519Key = ED25519_COUNTING;

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

fn signer(key: &EcKey<32>) -> P256SigningKey {
    let signer = P256SigningKey::from_bytes(&key.private).unwrap();
    signer.with_algorithm(Algorithm::ESP256).unwrap()
}

pub(crate) fn author() -> P256SigningKey {
    signer(&AUTHOR)
}

pub(crate) fn partner() -> P256SigningKey {
    signer(&PARTNER)
}

pub(crate) fn stranger() -> P256SigningKey {
    signer(&STRANGER)
}

pub(crate) fn thumbprint(key: &P256SigningKey) -> Thumbprint {
    Thumbprint::of(&(&key.public_key()).into(), &RustCrypto).unwrap()
}

pub(crate) fn class() -> String {
    ClassUrn::new(&CLASS_ID).to_string()
}

/// The shared sequence that checks a class.
pub(crate) fn for_class(class: &[u8; 16]) -> Sequence {
    Sequence::new()
        .override_parameters(&ParameterSet::new().class_identifier(class))
        .command(condition::CLASS_IDENTIFIER, RECORD_ALL)
}

/// Release `number` of the pump's firmware; `name` makes another one of the same number.
pub(crate) fn release_named(number: u64, name: &str) -> EnvelopeBuilder {
    let manifest = ManifestBuilder::new(number).component(&[name]).shared(for_class(&CLASS_ID));
    manifest.build(Algorithm::SHA256, &context()).unwrap()
}

pub(crate) fn release(number: u64) -> EnvelopeBuilder {
    release_named(number, "app")
}

pub(crate) fn block_builder(key: &P256SigningKey, issuer: &str) -> BlockBuilder {
    BlockBuilder::new(issuer, &class(), &thumbprint(key))
}

/// The author's block of an envelope.
pub(crate) fn block_of(envelope: &EnvelopeBuilder) -> SignedBlock {
    block_builder(&author(), ISS).sign(envelope, &author(), &context()).unwrap()
}

/// A header like the author's, to be changed: anything that a key can be made to sign.
pub(crate) fn headers(issuer: &str, subject: &str, sequence: Value<'_>) -> Sign1Builder {
    let claims = MapBuilder::new()
        .with(ClaimKey::ISS, issuer)
        .with(ClaimKey::SUB, subject)
        .with(profile::SUIT_SEQUENCE, sequence);
    Sign1Builder::new()
        .content_type(profile::CONTENT_TYPE)
        .key_id(thumbprint(&author()).as_bytes())
        .cwt_claims(&claims)
        .typ(profile::TYP)
}

pub(crate) fn number(number: u64) -> Value<'static> {
    Value::Int(Int::unsigned(number))
}

/// A log with its registry.
pub(crate) struct TestLog {
    pub(crate) service: TransparencyService<MemoryLog<Sha256Tree>>,
    pub(crate) registry: FirmwareRegistry,
    key: Ed25519SigningKey,
}

impl TestLog {
    fn new(issuer: &str, key: &Ed25519Key) -> Self {
        let receipt_key = ReceiptKey::new(b"1", Algorithm::EDDSA);
        Self {
            service: TransparencyService::in_memory(Sha256Tree, issuer, receipt_key)
                .with_entry_rule(profile::ENTRY_RULE),
            registry: FirmwareRegistry::new(),
            key: Ed25519SigningKey::from_bytes(&key.private).unwrap(),
        }
    }

    pub(crate) fn a() -> Self {
        Self::new("https://log-a.example", &LOG_A)
    }

    pub(crate) fn b() -> Self {
        Self::new("https://log-b.example", &LOG_B)
    }

    pub(crate) fn submit(
        &mut self,
        submission: &[u8],
    ) -> Result<EntryId, RegisterError<NoSuchNode>> {
        trusting(|keys| {
            let registrars = Registrars::new(keys);
            self.registry.register(&mut self.service, submission, NOW, &registrars, &context())
        })
    }

    /// Registers without any rule of the profile: a log of somebody who looks at nothing.
    pub(crate) fn log_blindly(&mut self, block: &SignedBlock, key: &P256SigningKey) -> Vec<u8> {
        let public = key.public_key();
        let issuers = TrustedKey::new(&public, &context()).unwrap();
        let policy = transparent_suit::scitt_core::Registration {
            issuers: &issuers,
            requirements: transparent_suit::scitt_core::Requirements::Lenient,
        };
        let processed = cose_ext::Processed::new(&[Label::TYP]);
        let input = cose_ext::Input::embedded().with_processed(processed);
        let submission = block.submission().unwrap();
        let entry = self.service.register(&submission, &input, NOW, &policy, &context()).unwrap();
        self.receipt(entry)
    }

    pub(crate) fn receipt(&self, entry: EntryId) -> Vec<u8> {
        let pending = self.service.prepare_receipt(entry, NOW, &context()).unwrap();
        pending.sign(&self.key).unwrap()
    }

    pub(crate) fn receipt_for(&mut self, block: &SignedBlock) -> Vec<u8> {
        let entry = self.submit(&block.submission().unwrap()).unwrap();
        self.receipt(entry)
    }
}

/// Calls `then` with the keys in the firmware role: the author's and the partner's.
pub(crate) fn trusting<R>(then: impl FnOnce(&TrustStore<'_>) -> R) -> R {
    let (author, partner) = (author().public_key(), partner().public_key());
    let key = |key| TrustedKey::new(key, &context()).unwrap();
    let keys = [key(&author).for_issuer(ISS), key(&partner).for_issuer(OTHER_ISS)];
    then(&TrustStore::new(&keys))
}

/// Calls `then` with a device of the class that requires `required` of the two services.
pub(crate) fn on_device<R>(required: usize, then: impl FnOnce(&Device<'_>) -> R) -> R {
    let ed = |key: &Ed25519Key| Ed25519SigningKey::from_bytes(&key.private).unwrap().public_key();
    let (public_a, public_b) = (ed(&LOG_A), ed(&LOG_B));
    let pinned = |key| {
        let key = TrustedKey::new(key, &context()).unwrap();
        [ServiceKey::new(key, Algorithm::EDDSA).with_entry_rule(profile::ENTRY_RULE)]
    };
    let (keys_a, keys_b) = (pinned(&public_a), pinned(&public_b));
    let services = [
        TrustedService { name: "a", issuer: Some("https://log-a.example"), keys: &keys_a },
        TrustedService { name: "b", issuer: Some("https://log-b.example"), keys: &keys_b },
    ];
    let class = class();
    let classes = [class.as_str()];
    trusting(|firmware| then(&Device::new(firmware, &services, &classes).requiring(required)))
}

/// What the device says of an envelope, up to the first step of an update after release `stored`.
pub(crate) fn update(bytes: &[u8], required: usize, stored: Option<u64>) -> Result<usize, Error> {
    on_device(required, |device| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT)?;
        let manifest = device.verify(&envelope, &context())?;
        process(&envelope, &manifest, Procedure::Update, stored)?;
        Ok(manifest.services())
    })
}

pub(crate) fn process(
    envelope: &Envelope<'_>,
    manifest: &TransparentManifest<'_>,
    procedure: Procedure,
    stored: Option<u64>,
) -> Result<(), Error> {
    let stored = stored.map(|sequence_number| Stored { sequence_number, manifest: None });
    let target =
        Target { components: 4, stored, limits: Limits::DEFAULT, readings: Readings::default() };
    manifest.processor::<4, 4>(envelope, procedure, &target, &mut [], &context()).map(drop)
}

/// An envelope with these blocks.
pub(crate) fn with_blocks(mut envelope: EnvelopeBuilder, blocks: &[&[u8]]) -> Vec<u8> {
    for block in blocks {
        envelope.block(block.to_vec()).unwrap();
    }
    envelope.to_bytes()
}

/// A block with headers of any kind by `signer`, over the digest of the envelope.
pub(crate) fn any_block(
    envelope: &EnvelopeBuilder,
    headers: Sign1Builder,
    signer: &dyn Signer,
) -> SignedBlock {
    let mut signed = envelope.clone();
    signed.sign(headers, signer, &context()).unwrap();
    let bytes = signed.to_bytes();
    let signed = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    let block = signed.authentication().blocks().last().unwrap();
    SignedBlock::of(&signed, &block, &Profile::LENIENT).unwrap()
}

/// The rule that an error names.
pub(crate) fn rule_of<T>(result: Result<T, Error>) -> &'static str {
    result.err().and_then(|error| error.rule()).map_or("none", |rule| rule.id)
}

/// The rule and the step that an error names.
pub(crate) fn refusal<T>(result: Result<T, Error>) -> (&'static str, u8) {
    let error = result.err().unwrap();
    (error.rule().map_or("none", |rule| rule.id), error.step().map_or(0, |step| step.number()))
}

/// Whether a processor takes the envelope that knows of the author's key and of nothing in here.
pub(crate) fn is_taken_by_a_plain_processor(bytes: &[u8]) -> bool {
    let public = author().public_key();
    let keys = [TrustedKey::new(&public, &context()).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
    let policy = suit_manifest::AuthenticationPolicy::ANY_BLOCK;
    envelope.verify(&cose_ext::Trust::keys(&keys), &policy, &context()).is_ok()
}

/// The block with s of its ECDSA signature, its last 32 bytes, replaced by n - s.
pub(crate) fn flipped(block: &[u8]) -> Vec<u8> {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order = hex::decode(ORDER).unwrap();
    let (front, s) = block.split_at(block.len() - 32);
    let mut borrow = 0_i16;
    let mut other = Vec::new();
    for (n, s) in order.iter().zip(s).rev() {
        let digit = i16::from(*n) - i16::from(*s) - borrow;
        borrow = i16::from(digit < 0);
        other.push(u8::try_from(digit.rem_euclid(256)).unwrap());
    }
    other.reverse();
    [front, &other].concat()
}
