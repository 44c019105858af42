//! Stores whose slots answer later: the records are those of the other stores, and neither a loss of power nor a
//! future that is dropped leaves the device without a manifest.

#[path = "support/device.rs"]
mod device;
#[path = "support/flash_device.rs"]
mod flash_device;
#[path = "support/later_device.rs"]
mod later_device;
#[path = "support/procedures.rs"]
mod procedures;

use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context as Waking, Poll, Waker},
};

use flash_device::{FlashDevice, FlashSlots};
use later_device::LaterDevice;
use procedures::{Made, array, bstr, int, key};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentId, ComponentName, Envelope, Limits, Readings,
    Target,
    cose_ext::{
        Context, Digest, Trust,
        cbor::{Limits as CborLimits, Raw, Strictness},
        crypto::{Algorithm, SecretKey, SymmetricKey},
        key::{Identity, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    report::NoReport,
    store::{
        AsyncDeviceState, AsyncManifestStore, AsyncSlots, DeviceState, ManifestName, ManifestStore,
        Selection, Slots, StoreError, Uninstalled, select_for_start_async, uninstall_async,
    },
};
use testkit::nor_flash::PowerLoss;

const DEFAULT: ManifestName<'_> = ManifestName::Default;
const BUFFER: usize = 4096;

/// Slots in a NOR flash that are there at the second look.
struct Later(FlashSlots);

struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Waking<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl AsyncSlots for Later {
    type Error = PowerLoss;

    fn count(&self) -> usize {
        self.0.count()
    }

    async fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, PowerLoss> {
        Once(false).await;
        self.0.read(slot, out)
    }

    async fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, PowerLoss> {
        Once(false).await;
        self.0.write(slot, record)
    }

    async fn erase(&mut self, slot: usize) -> Result<(), PowerLoss> {
        Once(false).await;
        self.0.erase(slot)
    }
}

/// Polls at most so often; `None` if the future was dropped before its end.
fn within<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut waking = Waking::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(output) = future.as_mut().poll(&mut waking) {
            return Some(output);
        }
    }
    None
}

fn wait_for<F: Future>(future: F) -> F::Output {
    within(usize::MAX, future).unwrap()
}

fn secret() -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto)
}

/// Keeps the manifest of this number in three slots, behind the two of the state.
async fn keep(device: &FlashDevice, number: i64) -> Result<usize, StoreError<PowerLoss>> {
    keep_made(device, &Made::new(1, 7, &[]).number(number)).await
}

async fn keep_made(device: &FlashDevice, made: &Made) -> Result<usize, StoreError<PowerLoss>> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let public = key().public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let bytes = made.envelope();
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    let mut store = AsyncManifestStore::new(Later(device.slots(2, 3)), &secret);
    store.keep(&envelope, &manifest, &mut [0; BUFFER], &context).await
}

async fn keep_beside(
    device: &FlashDevice,
    committed: u64,
    number: i64,
) -> Result<usize, StoreError<PowerLoss>> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let public = key().public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let bytes = Made::new(1, 7, &[]).number(number).envelope();
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    let mut store = AsyncManifestStore::new(Later(device.slots(2, 3)), &secret);
    store.keep_beside(committed, &envelope, &manifest, &mut [0; BUFFER], &context).await
}

/// The latest number, as the store says whose slots answer at once.
fn latest(device: &FlashDevice) -> Option<u64> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut store = ManifestStore::new(device.slots(2, 3), &secret);
    let mut buffer = [0; BUFFER];
    let kept = store.select(&DEFAULT, Selection::LATEST, &mut buffer, &context).unwrap();
    kept.map(|kept| kept.sequence_number())
}

async fn commit(device: &FlashDevice, number: u64) -> Result<(), StoreError<PowerLoss>> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut state = AsyncDeviceState::new(Later(device.slots(0, 2)), &secret);
    state.commit(&DEFAULT, &authority(), number, &mut [0; BUFFER], &context).await
}

fn committed(device: &FlashDevice) -> Option<u64> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut state = DeviceState::new(device.slots(0, 2), &secret);
    state.sequence_number(&DEFAULT, &authority(), &mut [0; BUFFER], &context).unwrap()
}

fn authority() -> Identity {
    let public = key().public_key();
    TrustedKey::new(&public, &Context::new(&RustCrypto)).unwrap().identity()
}

fn device() -> FlashDevice {
    let device = FlashDevice::new(5);
    for number in [1, 2, 3] {
        wait_for(keep(&device, number)).unwrap();
    }
    wait_for(commit(&device, 2)).unwrap();
    device.flash.borrow_mut().power_on();
    device
}

#[test]
fn what_the_one_store_keeps_the_other_one_selects() {
    let device = device();
    assert_eq!((latest(&device), committed(&device)), (Some(3), Some(2)));
    // A further one takes the place of the oldest; one that is kept stays where it is.
    assert_eq!(wait_for(keep(&device, 4)), Ok(0));
    assert_eq!(wait_for(keep(&device, 4)), Ok(0));
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut store = AsyncManifestStore::new(Later(device.slots(2, 3)), &secret);
    let mut buffer = [0; BUFFER];
    wait_for(async {
        let mut numbers = Vec::new();
        let mut each = |kept: &suit_manifest::store::Kept<'_>| numbers.push(kept.sequence_number());
        store.list(&mut buffer, &context, &mut each).await.unwrap();
        assert_eq!(numbers, [4, 2, 3]);
        let below = Selection { at_least: 2, below: Some(4) };
        let kept = store.select(&DEFAULT, below, &mut buffer, &context).await.unwrap().unwrap();
        assert_eq!((kept.slot(), kept.sequence_number()), (2, 3));
        assert_eq!(kept.open(&context).unwrap().1.value().sequence_number(), 3);
        store.delete(0).await.unwrap();
    });
    assert_eq!(latest(&device), Some(3));
    assert_eq!(wait_for(keep(&device, 4)), Ok(0));
    // The oldest is the committed one, which stays.
    assert_eq!(wait_for(keep_beside(&device, 2, 5)), Ok(2));
    assert_eq!(wait_for(keep_beside(&device, 4, 6)), Ok(1));
}

#[test]
fn the_state_is_one_table() {
    let device = device();
    wait_for(commit(&device, 1)).unwrap();
    assert_eq!(committed(&device), Some(2), "a number never moves back");
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let encoded = array(&[bstr(b"lib")]);
    let raw = Raw::decode(&encoded, 0, Strictness::LENIENT, &CborLimits::DEFAULT).unwrap();
    let library = ComponentName::from(ComponentId::read(&raw).unwrap());
    let values = [[1; 32], [2; 32]];
    let [one, two] = [0, 1].map(|at: usize| Digest::new(Algorithm::SHA256, &values[at]).unwrap());
    let buffer = &mut [0; BUFFER];
    let mut state = AsyncDeviceState::new(Later(device.slots(0, 2)), &secret);
    wait_for(async {
        assert_eq!(state.link(&library, &one, buffer, &context).await, Ok(1));
        assert_eq!(state.link(&library, &two, buffer, &context).await, Ok(2));
        assert_eq!(state.unlink(&library, &one, buffer, &context).await, Ok(1));
        assert_eq!(state.unlink(&library, &one, buffer, &context).await, Ok(1));
        assert_eq!(state.references(&library, buffer, &context).await, Ok(1));
        // Its mark is gone with it, and the count of the other one stays.
        state.forget(&one, buffer, &context).await.unwrap();
        state.forget(&two, buffer, &context).await.unwrap();
        assert_eq!(state.unlink(&library, &two, buffer, &context).await, Ok(0));
        assert_eq!(state.link(&library, &two, buffer, &context).await, Ok(1));
        let short = &mut [0; 100][..];
        let linked = state.link(&library, &one, short, &context).await;
        assert_eq!(linked, Err(StoreError::ShortBuffer));
    });
    let mut state = DeviceState::new(device.slots(0, 2), &secret);
    assert_eq!(state.references(&library, buffer, &context), Ok(1));
    assert_eq!(committed(&device), Some(2));
}

#[test]
fn a_cut_inside_any_operation_leaves_a_manifest_and_a_number() {
    let fresh = device();
    let change = |device: &FlashDevice| {
        wait_for(async {
            keep(device, 4).await?;
            commit(device, 4).await
        })
    };
    let uncut = fresh.clone();
    change(&uncut).unwrap();
    let operations = uncut.flash.borrow().operations();
    assert!(operations > 20, "{operations}");
    for cut in 0..operations {
        let device = fresh.clone();
        device.flash.borrow_mut().cut_at(cut, cut as u64);
        assert_eq!(change(&device), Err(StoreError::Slots(PowerLoss)), "{cut}");
        device.flash.borrow_mut().power_on();
        let (found, number) = (latest(&device).unwrap(), committed(&device).unwrap());
        assert!(matches!((found, number), (3 | 4, 2) | (4, 4)), "{cut}: {found}, {number}");
        // A second cut, and then it is done.
        device.flash.borrow_mut().cut_at(cut / 2, 1);
        let _cut = change(&device);
        device.flash.borrow_mut().power_on();
        change(&device).unwrap();
        assert_eq!((latest(&device), committed(&device)), (Some(4), Some(4)), "{cut}");
    }
}

#[test]
fn a_future_that_is_dropped_is_a_loss_of_power() {
    let fresh = device();
    for polls in 0.. {
        let device = fresh.clone();
        let ended = within(polls, async {
            keep(&device, 4).await?;
            commit(&device, 4).await
        });
        let (found, number) = (latest(&device).unwrap(), committed(&device).unwrap());
        assert!(matches!((found, number), (3 | 4, 2) | (4, 4)), "{polls}: {found}, {number}");
        if let Some(ended) = ended {
            ended.unwrap();
            assert!(polls > 5, "{polls}");
            break;
        }
    }
}

#[test]
fn an_image_that_does_not_confirm_itself_gives_way() {
    let device = device();
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let start = || {
        let mut store = AsyncManifestStore::new(Later(device.slots(2, 3)), &secret);
        let mut state = AsyncDeviceState::new(Later(device.slots(0, 2)), &secret);
        let (authority, mut buffer) = (authority(), [0; BUFFER]);
        let kept = wait_for(select_for_start_async(
            &mut store,
            &mut state,
            &DEFAULT,
            &authority,
            2,
            &mut buffer,
            &context,
        ));
        kept.unwrap().map(|kept| kept.sequence_number())
    };
    assert_eq!([start(), start(), start()], [Some(3), Some(3), Some(2)]);
    wait_for(commit(&device, 3)).unwrap();
    assert_eq!(start(), Some(3));
    wait_for(commit(&device, 4)).unwrap();
    assert_eq!(start(), None, "nothing below the committed number starts");
}

/// Uninstalls on a device whose component 00 one manifest refers to, in so many polls; what happened
/// and what is kept then.
fn uninstalled(
    flash: &FlashDevice,
    polls: usize,
) -> (Option<Result<bool, StoreError<PowerLoss>>>, Vec<String>) {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let public = key().public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let (trust, policy) = (Trust::keys(&keys), AuthenticationPolicy::ANY_BLOCK);
    let authority = Authority { trust: &trust, policy: &policy };
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let mut device = device::Device::with_components(0..1);
    device.components.get_mut("00").unwrap().references = 1;
    let mut later = LaterDevice { device: &mut device, waits: 0 };
    let mut store = AsyncManifestStore::new(Later(flash.slots(2, 3)), &secret);
    let ended = within(polls, async {
        let ended = uninstall_async::<_, _, 1, 1>(
            &mut store,
            &DEFAULT,
            &mut later,
            &mut NoReport,
            &target,
            &authority,
            &mut [0; BUFFER],
            &mut [],
            &context,
        )
        .await?;
        match ended {
            Uninstalled::Done => Ok(true),
            Uninstalled::Failed(_) => Ok(false),
            other => panic!("{other:?}"),
        }
    });
    (ended, device.log())
}

#[test]
fn k5_a_manifest_is_uninstalled_before_it_is_removed() {
    // Unlinks its component, or cannot.
    for (command, is_done) in [(33, true), (14, false)] {
        let flash = FlashDevice::new(5);
        for number in [1, 2] {
            let made = Made::new(1, 24, &[(12, int(0)), (command, int(0))]).number(number);
            wait_for(keep_made(&flash, &made)).unwrap();
        }
        let (ended, log) = uninstalled(&flash, usize::MAX);
        assert_eq!(ended, Some(Ok(is_done)));
        assert_eq!(log, if is_done { &["unlink 00"][..] } else { &[] });
        assert_eq!(latest(&flash), if is_done { None } else { Some(2) });
    }
}

#[test]
fn an_uninstallation_that_is_dropped_is_ended_by_the_next() {
    let fresh = FlashDevice::new(5);
    for number in [1, 2] {
        let made = Made::new(1, 24, &[(12, int(0)), (33, int(0))]).number(number);
        wait_for(keep_made(&fresh, &made)).unwrap();
    }
    for polls in 0.. {
        let flash = fresh.clone();
        let (ended, log) = uninstalled(&flash, polls);
        // Nothing is removed before the section has ended.
        assert!(log == ["unlink 00"] || latest(&flash) == Some(2), "{polls}");
        if ended.is_some() {
            assert!(polls > 5, "{polls}");
            assert_eq!(latest(&flash), None);
            break;
        }
        if latest(&flash).is_some() {
            assert_eq!(uninstalled(&flash, usize::MAX).0, Some(Ok(true)), "{polls}");
        }
        assert_eq!(latest(&flash), None, "{polls}");
    }
}
