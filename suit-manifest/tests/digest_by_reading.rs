//! A device without a hash engine: its components are read, piece by piece, and hashed by the provider.

use core::cell::Cell;

use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Envelope, Failure, Fetch, Foreseen, Limits,
    Platform, Procedure, Processor, Readings, Rule, RunError, Target,
    author::{Image, ManifestBuilder, single_image},
    cose_ext::{
        Context, Digest, Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        rustcrypto::{P256SigningKey, RustCrypto},
        sign1::Sign1Builder,
    },
    dry_run, run,
};

/// One component, which is read a few bytes at a time.
struct Device {
    image: Option<Vec<u8>>,
    /// The device fails when so much was read.
    fails_at: Option<usize>,
    read: Cell<usize>,
}

#[derive(Debug, PartialEq, Eq)]
struct Broken;

impl Platform for Device {
    type Error = Broken;

    fn has_component(&mut self, _: &ComponentName<'_>) -> Result<bool, Broken> {
        Ok(true)
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Broken> {
        Ok(true)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Broken> {
        Ok(true)
    }

    fn read(
        &mut self,
        _: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Broken> {
        let Some(image) = &self.image else { return Ok(None) };
        if self.fails_at.is_some_and(|at| offset >= at) {
            return Err(Broken);
        }
        let rest = image.get(offset..).unwrap_or_default();
        let len = rest.len().min(out.len()).min(100);
        out[..len].copy_from_slice(&rest[..len]);
        self.read.set(self.read.get() + len);
        Ok(Some(len))
    }

    fn fetch(&mut self, _: &ComponentName<'_>, _: &Fetch<'_>) -> Result<bool, Broken> {
        Ok(false)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Broken> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, Broken> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Broken> {
        Ok(true)
    }

    fn commit(&mut self, _: u64) -> Result<bool, Broken> {
        Ok(true)
    }
}

/// How the invocation of this image ends on a device that holds another one, perhaps; `tries` it before.
fn invoked(
    algorithm: Algorithm,
    image: &[u8],
    device: &mut Device,
    tries: bool,
) -> Result<(), RunError<Broken>> {
    let context = Context::new(&RustCrypto);
    let key = P256SigningKey::from_bytes(&[7; 32]).unwrap();
    let digest = context.hash(algorithm, &[image]).unwrap();
    let described = Image {
        component: vec![b"app".to_vec()],
        vendor_and_class: None,
        digest: Digest::new(algorithm, digest.as_ref()).unwrap(),
        size: image.len() as u64,
        uri: None,
        download: None,
        load: None,
        is_bootable: true,
    };
    let manifest = single_image(ManifestBuilder::new(1), &described);
    let mut envelope = manifest.build(Algorithm::SHA256, &context).unwrap();
    envelope.sign(Sign1Builder::new(), &key, &context).unwrap();
    let bytes = envelope.to_bytes();
    let public = key.public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let (trust, policy) = (Trust::keys(&keys), AuthenticationPolicy::ANY_BLOCK);
    let authority = Authority { trust: &trust, policy: &policy };
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let procedure = Procedure::Invoke;
    let mut processor =
        Processor::<1, 2>::new(&envelope, &manifest, procedure, &target, &mut [], &context)?;
    if tries {
        let foreseen = dry_run(processor, device, &mut |_| {}, &authority, &context)?;
        assert_eq!(foreseen, Foreseen::All);
        return Ok(());
    }
    run(&mut processor, device, &authority, &context)
}

fn holding(image: &[u8]) -> Device {
    Device { image: Some(image.to_vec()), fails_at: None, read: Cell::new(0) }
}

fn does_not_match(ended: Result<(), RunError<Broken>>) -> bool {
    matches!(ended, Err(RunError::Failed(Failure { rule: Rule::ConditionFailed, .. })))
}

#[test]
fn a_component_is_read_and_hashed() {
    for len in [0, 1, 99, 100, 128, 1000, 5000] {
        let image: Vec<u8> = (0..len).map(|at| at as u8).collect();
        for algorithm in [Algorithm::SHA256, Algorithm::SHA384, Algorithm::SHA512] {
            for tries in [false, true] {
                let mut device = holding(&image);
                assert_eq!(invoked(algorithm, &image, &mut device, tries), Ok(()), "{len}");
                assert_eq!(device.read.get(), len);
            }
        }
    }
}

#[test]
fn another_image_or_none_does_not_match() {
    let image = [7; 500];
    let mut changed = image;
    changed[499] ^= 1;
    for other in [&image[..499], &changed, &[]] {
        assert!(does_not_match(invoked(Algorithm::SHA256, &image, &mut holding(other), false)));
    }
    let mut absent = Device { image: None, ..holding(&[]) };
    assert!(does_not_match(invoked(Algorithm::SHA256, &image, &mut absent, false)));
}

/// What is larger than the manifest says is not read to its end.
#[test]
fn a_larger_image_is_not_read_to_its_end() {
    let mut device = holding(&[7; 100_000]);
    assert!(does_not_match(invoked(Algorithm::SHA256, &[7; 500], &mut device, false)));
    assert_eq!(device.read.get(), 600);
}

#[test]
fn a_device_that_fails_meanwhile_says_so() {
    let image = [7; 500];
    let mut device = Device { fails_at: Some(200), ..holding(&image) };
    let ended = invoked(Algorithm::SHA256, &image, &mut device, false);
    assert_eq!(ended, Err(RunError::Platform(Broken)));
}
