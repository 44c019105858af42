//! The device: a pump with one component in memory.

use core::convert::Infallible;

use cose_ext::{Digest, Profile, crypto::Algorithm};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Envelope, Fetch, ImageDigest, Limits, Platform,
    Procedure, Readings, Sign1Only, Stored, Target,
    report::{NewReport, Reference, ReportLog},
    run_reporting,
};
use transparent_suit::{Device, Error};

use crate::{
    Trouble,
    cast::{CLASS_ID, VENDOR_ID, context},
};

/// What the pump has: an image, the number and digest of its manifest, the report about it, and the roots that it relied
/// on; and, from the factory, a component for diagnostics.
#[derive(Clone)]
pub(crate) struct Pump {
    pub(crate) image: Vec<u8>,
    pub(crate) number: Option<u64>,
    pub(crate) manifest: Vec<u8>,
    /// The SUIT_Report about what was done last; for the Evidence, which is fresh by itself.
    pub(crate) report: Vec<u8>,
    pub(crate) relied_on: Vec<(String, [u8; 32])>,
    pub(crate) starts: u32,
    pub(crate) has_diagnostics: bool,
}

impl Default for Pump {
    fn default() -> Self {
        Self {
            image: Vec::new(),
            number: None,
            manifest: Vec::new(),
            report: Vec::new(),
            relied_on: Vec::new(),
            starts: 0,
            has_diagnostics: true,
        }
    }
}

/// What came of an envelope that was taken.
pub(crate) struct Taken {
    /// How many services logged its block.
    pub(crate) services: usize,
    /// The SUIT_Report with the nonce that was asked for.
    pub(crate) report: Vec<u8>,
}

impl Pump {
    /// Verifies an envelope offline and updates, or says why not.
    pub(crate) fn update(
        &mut self,
        device: &Device<'_>,
        bytes: &[u8],
        nonce: Option<&[u8]>,
    ) -> Result<Result<Taken, Error>, Trouble> {
        self.run(device, bytes, Procedure::Update, nonce)
    }

    /// Verifies the envelope again, and starts the image.
    pub(crate) fn boot(
        &mut self,
        device: &Device<'_>,
        bytes: &[u8],
    ) -> Result<Result<Taken, Error>, Trouble> {
        self.run(device, bytes, Procedure::Invoke, None)
    }

    fn run(
        &mut self,
        device: &Device<'_>,
        bytes: &[u8],
        procedure: Procedure,
        nonce: Option<&[u8]>,
    ) -> Result<Result<Taken, Error>, Trouble> {
        let context = context();
        let envelope = match Envelope::decode(bytes, &Profile::LENIENT) {
            Ok(envelope) => envelope,
            Err(error) => return Ok(Err(error.into())),
        };
        let mut roots = Vec::new();
        let verified = device.verify_reporting(&envelope, &context, &mut |receipt| {
            if let Ok(relied_on) = receipt.outcome {
                roots.push((relied_on.service.to_owned(), relied_on.root));
            }
        });
        let manifest = match verified {
            Ok(manifest) => manifest,
            Err(error) => return Ok(Err(error)),
        };
        let digest = self.manifest.clone();
        let digest = Digest::new(Algorithm::SHA256, &digest).ok();
        let stored =
            self.number.map(|sequence_number| Stored { sequence_number, manifest: digest });
        let target = Target {
            components: 1,
            stored,
            limits: Limits::DEFAULT,
            readings: Readings::default(),
        };
        let processor =
            manifest.processor::<4, 4>(&envelope, procedure, &target, &mut [], &context);
        let mut processor = match processor {
            Ok(processor) => processor,
            Err(error) => return Ok(Err(error)),
        };
        let nobody = cose_ext::key::TrustStore::new(&[]);
        let trust = Sign1Only::new(&nobody);
        let authority = Authority { trust: &trust, policy: &AuthenticationPolicy::ANY_BLOCK };
        let mut buffer = [0; 1024];
        let mut log = ReportLog::new(&mut buffer);
        run_reporting(&mut processor, self, &mut log, &authority, &context)
            .map_err(|error| format!("{error:?}"))?;
        let reference = Reference::of(&envelope, manifest.manifest().value());
        let report = |nonce| {
            let report = NewReport { reference, nonce, log: &log, capabilities: None };
            Ok::<_, Trouble>(report.write_to(&mut [0; 2048])?.to_vec())
        };
        self.report = report(None)?;
        let report = report(nonce)?;
        if procedure == Procedure::Update {
            self.manifest = envelope.authentication().digest().value().to_vec();
            self.relied_on = roots;
        }
        Ok(Ok(Taken { services: manifest.services(), report }))
    }
}

impl Platform for Pump {
    type Error = Infallible;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Infallible> {
        Ok(component.segments().eq([&b"pump"[..]]))
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Infallible> {
        Ok(vendor == VENDOR_ID)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, Infallible> {
        Ok(class == CLASS_ID)
    }

    fn read(
        &mut self,
        _: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Infallible> {
        let rest = self.image.get(offset..).unwrap_or_default();
        Ok(Some(rest.iter().zip(out).map(|(byte, place)| *place = *byte).count()))
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Infallible> {
        let Ok(digest) = context().hash(algorithm, &[&self.image]) else { return Ok(None) };
        let len = digest.as_ref().iter().zip(out).map(|(byte, place)| *place = *byte).count();
        Ok(u64::try_from(self.image.len()).ok().map(|size| ImageDigest { len, size }))
    }

    fn fetch(&mut self, _: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Infallible> {
        let Some(image) = fetch.integrated else { return Ok(false) };
        self.image = image.to_vec();
        Ok(true)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Infallible> {
        self.starts = self.starts.saturating_add(1);
        Ok(true)
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Infallible> {
        self.number = Some(sequence_number);
        Ok(true)
    }
}
