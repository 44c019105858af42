//! A journal over the traits of `embedded-storage-async`: an update that was cut off goes on where it was.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use core::{
    future::Future,
    pin::pin,
    task::{Context as Waking, Poll, Waker},
};

use device::Device;
use embedded_storage_async::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};
use procedures::{Made, bstr, digest, int, key, set, text};
use suit_manifest::{
    AsyncJournal, AsyncNorJournal, AsyncNorRegion, AsyncNorSlots, AsyncPlatform,
    AuthenticationPolicy, Authority, ComponentName, Envelope, Fetch, ImageDigest, Limits, Platform,
    Procedure, Processor, RECORD, Readings, RunError, Target,
    cose_ext::{
        Context, Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    report::NoReport,
    run_journaled_async,
    store::AsyncSlots,
};
use testkit::nor_flash::{NorFlash as Fake, PowerLoss};

const PAGE: usize = 256;
const PAGES: usize = 4;

/// The flash of the test kit as an async driver would show it, with words of `W` bytes.
struct Driver<const W: usize>(Fake);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lost;

impl From<PowerLoss> for Lost {
    fn from(_: PowerLoss) -> Self {
        Self
    }
}

impl NorFlashError for Lost {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

impl<const W: usize> ErrorType for Driver<W> {
    type Error = Lost;
}

impl<const W: usize> ReadNorFlash for Driver<W> {
    const READ_SIZE: usize = W;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Lost> {
        assert_eq!((offset as usize % W, bytes.len() % W), (0, 0), "whole words are read");
        Ok(self.0.read(offset as usize, bytes)?)
    }

    fn capacity(&self) -> usize {
        PAGES * PAGE
    }
}

impl<const W: usize> NorFlash for Driver<W> {
    const WRITE_SIZE: usize = W;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), Lost> {
        for page in (from as usize..to as usize).step_by(PAGE) {
            self.0.erase(page)?;
        }
        Ok(())
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Lost> {
        Ok(self.0.write(offset as usize, bytes)?)
    }
}

fn flash<const W: usize>() -> Driver<W> {
    Driver(Fake::new(PAGES, PAGE, W))
}

fn wait_for<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut waking = Waking::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut waking) {
            return output;
        }
    }
}

/// Records are read back, whatever the words of the flash.
fn keeps_records<const W: usize>() {
    wait_for(async {
        let region = AsyncNorRegion::new(flash::<W>(), PAGE as u32, 2 * PAGE as u32).unwrap();
        assert_eq!(region.len(), 512);
        let mut journal = AsyncNorJournal::new(region);
        let mut found = [0; RECORD];
        for index in 0..4_u8 {
            assert!(journal.read(index.into(), &mut found).await.unwrap());
            assert_eq!(found, [0xff; RECORD]);
            assert!(journal.write(index.into(), &[index; RECORD]).await.unwrap());
            assert!(journal.read(index.into(), &mut found).await.unwrap());
            assert_eq!(found, [index; RECORD]);
        }
        assert!(!journal.write(512 / RECORD.next_multiple_of(W), &[1; RECORD]).await.unwrap());
        journal.clear().await.unwrap();
        assert!(journal.read(0, &mut found).await.unwrap());
        assert_eq!(found, [0xff; RECORD]);
    });
}

#[test]
fn records_fit_words_of_any_length() {
    keeps_records::<1>();
    keeps_records::<4>();
    keeps_records::<8>();
    keeps_records::<64>();
}

#[test]
fn a_region_is_whole_pages_that_are_there() {
    let (page, pages) = (PAGE as u32, PAGES as u32);
    assert!(AsyncNorRegion::new(flash::<4>(), 0, pages * page).is_some());
    assert!(AsyncNorRegion::new(flash::<4>(), 1, page).is_none());
    assert!(AsyncNorRegion::new(flash::<4>(), 0, page + 1).is_none());
    assert!(AsyncNorRegion::new(flash::<4>(), page, pages * page).is_none());
    assert!(AsyncNorRegion::new(flash::<128>(), 0, page).is_none());
    wait_for(async {
        let mut region = AsyncNorRegion::new(flash::<4>(), page, page).unwrap();
        assert!(!region.read(page - 1, &mut [0; 2]).await.unwrap());
        assert!(!region.write(page - 4, &[0; 5]).await.unwrap());
        assert!(!region.erase(0, page - 1).await.unwrap());
        assert!(region.write(4, &[7; 3]).await.unwrap());
        let mut found = [0; 5];
        assert!(region.read(3, &mut found).await.unwrap());
        assert_eq!(found, [0xff, 7, 7, 7, 0xff]);
    });
}

#[test]
fn slots_are_whole_pages_and_hold_a_record_each() {
    let page = PAGE as u32;
    let region = |pages| AsyncNorRegion::new(flash::<8>(), page, pages * page).unwrap();
    assert!(AsyncNorSlots::new(region(3), page + 1).is_none());
    assert!(AsyncNorSlots::new(region(3), 0).is_none());
    wait_for(async {
        // The third page is not a slot.
        let mut slots = AsyncNorSlots::new(region(3), 2 * page).unwrap();
        assert_eq!(slots.count(), 1);
        let mut slots_of_a_page = AsyncNorSlots::new(region(3), page).unwrap();
        assert_eq!(slots_of_a_page.count(), 3);
        assert!(!slots_of_a_page.write(0, &[1; PAGE + 1]).await.unwrap());
        assert!(slots.write(0, &[1; PAGE + 1]).await.unwrap());
        for slot in [1_u8, 2] {
            assert!(slots_of_a_page.write(slot.into(), &[slot; 9]).await.unwrap());
        }
        // A later record is shorter, and what was there is gone.
        assert!(slots_of_a_page.write(1, &[7; 3]).await.unwrap());
        let mut found = [0; 10];
        assert_eq!(slots_of_a_page.read(1, &mut found).await, Ok(10));
        assert_eq!(found, [7, 7, 7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(slots_of_a_page.read(2, &mut found).await, Ok(10));
        assert_eq!(found[..9], [2; 9]);
        assert_eq!(slots_of_a_page.read(3, &mut found).await, Ok(0));
        assert_eq!(slots_of_a_page.read(0, &mut [0; 2 * PAGE]).await, Ok(PAGE));
        slots_of_a_page.erase(2).await.unwrap();
        assert_eq!(slots_of_a_page.read(2, &mut found).await, Ok(10));
        assert_eq!(found, [0xff; 10]);
    });
}

/// A device that loses its power at a call.
struct Failing<'d> {
    device: &'d mut Device,
    calls: usize,
}

impl Failing<'_> {
    async fn call(&mut self) -> Result<&mut Device, Lost> {
        self.calls = self.calls.checked_sub(1).ok_or(Lost)?;
        Ok(self.device)
    }
}

impl AsyncPlatform for Failing<'_> {
    type Error = Lost;

    async fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Lost> {
        Ok(self.device.has_component(component).unwrap_or_default())
    }

    async fn is_vendor(&mut self, id: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Lost> {
        Ok(self.call().await?.is_vendor(id, vendor).unwrap_or_default())
    }

    async fn is_class(&mut self, id: &ComponentName<'_>, class: &[u8]) -> Result<bool, Lost> {
        Ok(self.call().await?.is_class(id, class).unwrap_or_default())
    }

    async fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Lost> {
        Ok(self.call().await?.read(component, offset, out).unwrap_or_default())
    }

    async fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Lost> {
        Ok(self.call().await?.digest(component, algorithm, size, out).unwrap_or_default())
    }

    async fn fetch(&mut self, id: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Lost> {
        Ok(self.call().await?.fetch(id, fetch).unwrap_or_default())
    }

    async fn write(&mut self, id: &ComponentName<'_>, content: &[u8]) -> Result<bool, Lost> {
        Ok(self.call().await?.write(id, content).unwrap_or_default())
    }

    async fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Lost> {
        Ok(self.call().await?.copy(source, destination).unwrap_or_default())
    }

    async fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Lost> {
        let device = self.call().await?;
        let done = device.swap(source, destination).unwrap_or_default();
        // The power goes after the exchange and before anybody is told.
        if self.calls == 0 { Err(Lost) } else { Ok(done) }
    }

    async fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Lost> {
        // This device exchanges at once: it did, or has to begin.
        let is_done = self.device.components["00"].content.as_deref() == Some(b"image");
        if is_done { Ok(true) } else { self.swap(source, destination).await }
    }

    async fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Lost> {
        Ok(self.call().await?.invoke(component, arguments).unwrap_or_default())
    }

    async fn commit(&mut self, sequence_number: u64) -> Result<bool, Lost> {
        Ok(self.call().await?.commit(sequence_number).unwrap_or_default())
    }
}

#[test]
fn an_update_goes_on_where_it_was() {
    let fetch = [
        (12, int(1)),
        set(&[(3, digest(b"image")), (21, text("http://example.com/x"))]),
        (21, int(0)),
        (3, int(15)),
    ];
    let install =
        [(12, int(0)), set(&[(18, bstr(b"image")), (22, int(1))]), (31, int(0)), (6, int(15))];
    let bytes = Made::new(2, 16, &fetch).with(20, &install).envelope();
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let trust = Trust::keys(&store);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let authority = Authority { trust: &trust, policy: &policy };
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let start = |device: &mut Device, journal: &mut AsyncNorJournal<Driver<4>>, calls| {
        let (limits, readings) = (Limits::DEFAULT, Readings::default());
        let target = Target { components: 2, stored: None, limits, readings };
        let mut arena = [];
        let mut processor = Processor::<2, 4>::new(
            &envelope,
            &manifest,
            Procedure::Update,
            &target,
            &mut arena,
            &context,
        )
        .unwrap();
        let mut failing = Failing { device, calls };
        let report = &mut NoReport;
        wait_for(run_journaled_async(
            &mut processor,
            &mut failing,
            journal,
            report,
            &authority,
            &context,
        ))
    };
    let mut cuts = 0;
    for calls in 0.. {
        let mut device = Device::with_components([0, 1]).holding("00", b"old");
        device.network.insert("http://example.com/x".into(), b"image".to_vec());
        let region = AsyncNorRegion::new(flash::<4>(), 0, (PAGES * PAGE) as u32).unwrap();
        let mut journal = AsyncNorJournal::new(region);
        let first = start(&mut device, &mut journal, calls);
        if first == Err(RunError::Platform(Lost)) {
            cuts += 1;
            start(&mut device, &mut journal, usize::MAX).unwrap();
        } else {
            first.unwrap();
        }
        // Each effect once, wherever it was cut: what had ended is not done again.
        assert_eq!(device.log(), ["fetch 01", "swap 01", "commit-sequence 1"], "{calls}");
        let content = |name: &str| device.components[name].content.clone();
        assert_eq!(content("00"), Some(b"image".to_vec()));
        assert_eq!(content("01"), Some(b"old".to_vec()));
        if first.is_ok() {
            break;
        }
    }
    assert!(cuts > 5, "{cuts}");
}
