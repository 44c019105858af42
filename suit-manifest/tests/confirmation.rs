//! A new image that does not confirm itself gives way to the old one, and after it has confirmed itself the
//! old one is refused.

#[path = "support/device.rs"]
mod device;
#[path = "support/flash_device.rs"]
mod flash_device;
#[path = "support/procedures.rs"]
mod procedures;

use flash_device::FlashDevice;
use procedures::{Made, digest, int, key, set};
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Limits, Procedure, Processor, Readings, Stored,
    Target,
    cose_ext::{
        Context, Trust,
        crypto::{SecretKey, SymmetricKey},
        key::{Identity, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    run,
    store::{DeviceState, ManifestName, ManifestStore, StartError, StoreError, select_for_start},
};
use testkit::nor_flash::PowerLoss;

const TRIALS: u64 = 2;

/// Starts the image in component `place`, if it is the one of the manifest.
fn made(number: i64, place: i64, image: &[u8]) -> Vec<u8> {
    let expected = set(&[(3, digest(image))]);
    Made::new(2, 7, &[(12, int(place)), expected, (3, int(15))])
        .with(9, &[(12, int(place)), (23, int(2))])
        .number(number)
        .envelope()
}

fn secret() -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto)
}

/// A device with both images and both manifests, of which the first is confirmed.
fn device() -> (FlashDevice, Identity) {
    let context = Context::new(&RustCrypto);
    let (public, secret) = (key().public_key(), secret());
    let trusted = TrustedKey::new(&public, &context).unwrap();
    let (authority, trusted) = (trusted.identity(), [trusted]);
    let keys = TrustStore::new(&trusted);
    let device = FlashDevice::new(5);
    for (number, image) in [(1, &b"the old image"[..]), (2, b"the new image")] {
        device.put(number as usize - 1, image).unwrap();
        let bytes = made(number, number - 1, image);
        let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
        let mut store = ManifestStore::new(device.slots(2, 3), &secret);
        store.keep(&envelope, &manifest, &mut [0; 1024], &context).unwrap();
    }
    confirm(&device, &authority, 1).unwrap();
    device.flash.borrow_mut().power_on();
    (device, authority)
}

/// What an image does once it is sure that it works.
fn confirm(
    device: &FlashDevice,
    authority: &Identity,
    number: u64,
) -> Result<(), StoreError<PowerLoss>> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut state = DeviceState::new(device.slots(0, 2), &secret);
    state.commit(&ManifestName::Default, authority, number, &mut [0; 4096], &context)
}

/// What the bootloader does: selects a manifest, checks its image and starts it. The place of the image comes back.
fn start(device: &mut FlashDevice, authority: &Identity) -> Result<Option<usize>, PowerLoss> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut store = ManifestStore::new(device.slots(2, 3), &secret);
    let mut state = DeviceState::new(device.slots(0, 2), &secret);
    let name = ManifestName::Default;
    let mut buffer = [0; 4096];
    let selected =
        select_for_start(&mut store, &mut state, &name, authority, TRIALS, &mut buffer, &context);
    let kept = match selected {
        Ok(Some(kept)) => kept,
        Ok(None) => return Ok(None),
        Err(
            StartError::Store(StoreError::Slots(lost)) | StartError::State(StoreError::Slots(lost)),
        ) => return Err(lost),
        Err(error) => panic!("{error:?}"),
    };
    // No public key takes part.
    let (envelope, manifest) = kept.open(&context).unwrap();
    let committed = state.sequence_number(&name, authority, &mut [0; 4096], &context).unwrap();
    let stored = committed.map(|sequence_number| Stored { sequence_number, manifest: None });
    let target = Target {
        components: flash_device::COMPONENTS,
        stored,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let mut processor =
        Processor::<2, 2>::new(&envelope, &manifest, Procedure::Invoke, &target, &mut [], &context)
            .unwrap();
    let nobody = TrustStore::new(&[]);
    let (trust, policy) = (Trust::keys(&nobody), AuthenticationPolicy::ANY_BLOCK);
    let authority = Authority { trust: &trust, policy: &policy };
    run(&mut processor, device, &authority, &context).unwrap();
    Ok(device.invoked.pop())
}

#[test]
fn an_image_that_does_not_confirm_itself_gives_way() {
    let (mut device, authority) = device();
    // The watchdog ends the new image each time.
    let started: Vec<_> = (0..4).map(|_| start(&mut device, &authority).unwrap()).collect();
    assert_eq!(started, [Some(1), Some(1), Some(0), Some(0)]);
}

#[test]
fn after_confirmation_the_old_image_is_refused() {
    let (mut device, authority) = device();
    assert_eq!(start(&mut device, &authority), Ok(Some(1)));
    confirm(&device, &authority, 2).unwrap();
    for _ in 0..4 {
        assert_eq!(start(&mut device, &authority), Ok(Some(1)));
    }
    // Even if the new manifest is lost.
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut store = ManifestStore::new(device.slots(2, 3), &secret);
    store.delete(1).unwrap();
    let mut kept = Vec::new();
    store.list(&mut [0; 1024], &context, &mut |one| kept.push(one.sequence_number())).unwrap();
    assert_eq!(kept, [1]);
    assert_eq!(start(&mut device, &authority), Ok(None));
}

#[test]
fn a_cut_while_starting_or_confirming_leaves_an_image_to_start() {
    let (fresh, authority) = device();
    let mut uncut = fresh.clone();
    start(&mut uncut, &authority).unwrap();
    confirm(&uncut, &authority, 2).unwrap();
    let operations = uncut.flash.borrow().operations();
    assert!(operations > 20);
    for cut in 0..operations {
        let mut device = fresh.clone();
        device.flash.borrow_mut().cut_at(cut, cut as u64);
        let was_cut =
            start(&mut device, &authority).is_err() || confirm(&device, &authority, 2).is_err();
        assert!(was_cut, "{cut}");
        device.flash.borrow_mut().power_on();
        // The new one or the old one, each whole; and the new one can still be confirmed.
        let started = start(&mut device, &authority).unwrap();
        assert!(matches!(started, Some(0 | 1)), "{cut}: {started:?}");
        confirm(&device, &authority, 2).unwrap();
        assert_eq!(start(&mut device, &authority), Ok(Some(1)), "{cut}");
    }
}
