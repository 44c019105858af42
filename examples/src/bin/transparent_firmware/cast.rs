//! Who takes part: an author, two services, a scanner, a device, and whoever steals a key.

use cose_ext::{
    Context,
    crypto::Algorithm,
    key::{Thumbprint, TrustStore, TrustedKey},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
};
use merkle_proof::Sha256Tree;
use scitt_core::{
    EntryId, MemoryLog, ReceiptKey, Registration, Requirements, ServiceKey, TransparencyService,
    TrustedService,
};
use suit_manifest::author::{EnvelopeBuilder, Image, ManifestBuilder, images};
use transparent_suit::{
    BlockBuilder, ClassUrn, Device, FirmwareRegistry, RegisterError, Registrars, SignedBlock,
    profile,
};

use crate::Trouble;

pub(crate) const VENDOR: &str = "https://vendor.example/firmware";
/// The same maker, another key: bills of material and withdrawals.
pub(crate) const OFFICE: &str = "https://vendor.example/office";
pub(crate) const SCANNER: &str = "https://scanner.example";
pub(crate) const OTHER_SCANNER: &str = "https://lab.example";
const LOGS: [(&str, &str); 2] =
    [("log A", "https://log-a.example"), ("log B", "https://log-b.example")];
pub(crate) const VENDOR_ID: [u8; 16] = *b"vendor of pumps.";
pub(crate) const CLASS_ID: [u8; 16] = *b"class pump 2026.";
/// 2027-01-15T08:00:00Z.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

/// Test keys: provisioned ones would never be in a program.
pub(crate) fn key(seed: u8) -> Result<P256SigningKey, Trouble> {
    Ok(P256SigningKey::from_bytes(&[seed; 32])?.with_algorithm(Algorithm::ESP256)?)
}

pub(crate) fn author() -> Result<P256SigningKey, Trouble> {
    key(1)
}

/// A transparency service that knows the profile.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) log: TransparencyService<MemoryLog<Sha256Tree>>,
    pub(crate) registry: FirmwareRegistry,
    /// What was submitted, in the order of the log: what an auditor is given.
    pub(crate) submissions: Vec<Vec<u8>>,
    pub(crate) key: Ed25519SigningKey,
}

impl Service {
    fn new(place: u8) -> Result<Self, Trouble> {
        let (name, issuer) = LOGS.get(usize::from(place)).copied().ok_or("no such log")?;
        let log = TransparencyService::in_memory(
            Sha256Tree,
            issuer,
            ReceiptKey::new(b"1", Algorithm::EDDSA),
        );
        Ok(Self {
            name,
            log: log.with_entry_rule(profile::ENTRY_RULE),
            registry: FirmwareRegistry::new(),
            submissions: Vec::new(),
            key: Ed25519SigningKey::from_bytes(&[place.saturating_add(20); 32])?,
        })
    }

    pub(crate) fn both() -> Result<[Self; 2], Trouble> {
        Ok([Self::new(0)?, Self::new(1)?])
    }

    /// Registers a release, and signs a receipt.
    pub(crate) fn register(&mut self, block: &SignedBlock) -> Result<Vec<u8>, Trouble> {
        let submission = block.submission()?;
        let entry = self.submit(&submission)??;
        self.receipt(entry)
    }

    /// Submits a release; a refusal comes back inside.
    pub(crate) fn submit(
        &mut self,
        submission: &[u8],
    ) -> Result<Result<EntryId, transparent_suit::Error>, Trouble> {
        let before = self.log.size();
        let author = author()?.public_key();
        let author = TrustedKey::new(&author, &context())?.for_issuer(VENDOR);
        let registrars = Registrars::new(&author);
        match self.registry.register(&mut self.log, submission, NOW, &registrars, &context()) {
            Ok(entry) => {
                if self.log.size() > before {
                    self.submissions.push(submission.to_vec());
                }
                Ok(Ok(entry))
            }
            Err(RegisterError::Refused(error)) => Ok(Err(error)),
            Err(error) => Err(error.to_string().into()),
        }
    }

    /// Registers a statement of another kind: a bill of materials, a scan, a withdrawal.
    pub(crate) fn register_other(
        &mut self,
        statement: &[u8],
        keys: &TrustStore<'_>,
    ) -> Result<Vec<u8>, Trouble> {
        let before = self.log.size();
        let policy = Registration { issuers: keys, requirements: Requirements::Rfc9943 };
        let entry =
            self.registry.register_other(&mut self.log, statement, NOW, &policy, &context());
        let entry = entry.map_err(|error| error.to_string())?;
        if self.log.size() > before {
            self.submissions.push(statement.to_vec());
        }
        self.receipt(entry)
    }

    pub(crate) fn receipt(&self, entry: EntryId) -> Result<Vec<u8>, Trouble> {
        let pending =
            self.log.prepare_receipt(entry, NOW, &context()).map_err(|error| error.to_string())?;
        Ok(pending.sign(&self.key)?)
    }
}

/// The manifest of a release, with its image beside it.
pub(crate) fn manifest(number: u64, image: &[u8]) -> Result<EnvelopeBuilder, Trouble> {
    let hash = context().hash(Algorithm::SHA256, &[image])?;
    let image_of = Image {
        component: vec![b"pump".to_vec()],
        vendor_and_class: Some((VENDOR_ID, CLASS_ID)),
        digest: cose_ext::Digest::new(Algorithm::SHA256, hash.as_ref())?,
        size: u64::try_from(image.len())?,
        uri: Some("#image"),
        download: None,
        load: None,
        is_bootable: true,
    };
    let manifest =
        images(ManifestBuilder::new(number), &[image_of]).severed(suit_manifest::Section::Install);
    Ok(manifest.build(Algorithm::SHA256, &context())?.integrate("#image", image))
}

/// The author's block of an envelope.
pub(crate) fn block(envelope: &EnvelopeBuilder) -> Result<SignedBlock, Trouble> {
    let author = author()?;
    let thumbprint = Thumbprint::of(&(&author.public_key()).into(), &RustCrypto)?;
    let builder = BlockBuilder::new(VENDOR, ClassUrn::new(&CLASS_ID).as_str(), &thumbprint);
    Ok(builder.sign(envelope, &author, &context())?)
}

/// The envelope with the block and these receipts.
pub(crate) fn sealed(
    mut envelope: EnvelopeBuilder,
    block: &SignedBlock,
    receipts: &[&[u8]],
) -> Result<Vec<u8>, Trouble> {
    let block = if receipts.is_empty() {
        block.as_bytes().to_vec()
    } else {
        block.with_receipts(receipts)?
    };
    envelope.block(block)?;
    Ok(envelope.to_bytes())
}

/// Calls `then` with a device that requires both services, and those services.
pub(crate) fn on_device<R>(
    services: &[Service; 2],
    then: impl FnOnce(&Device<'_>, &[TrustedService<'_>]) -> Result<R, Trouble>,
) -> Result<R, Trouble> {
    let context = context();
    let author = author()?.public_key();
    let author = TrustedKey::new(&author, &context)?.for_issuer(VENDOR);
    let public = services.each_ref().map(|service| service.key.public_key());
    let [a, b] = &public;
    let pinned = |key| {
        let key = TrustedKey::new(key, &context)?;
        Ok::<_, Trouble>([ServiceKey::new(key, Algorithm::EDDSA)
            .with_key_id(b"1")
            .with_entry_rule(profile::ENTRY_RULE)])
    };
    let (a, b) = (pinned(a)?, pinned(b)?);
    let [(name_a, iss_a), (name_b, iss_b)] = LOGS;
    let trusted = [
        TrustedService { name: name_a, issuer: Some(iss_a), keys: &a },
        TrustedService { name: name_b, issuer: Some(iss_b), keys: &b },
    ];
    let class = ClassUrn::new(&CLASS_ID);
    let classes = [class.as_str()];
    then(&Device::new(&author, &trusted, &classes).requiring(2), &trusted)
}
