//! A device in memory that keeps its driver waiting.

#![allow(dead_code)] // Each test file uses its part.

use core::{
    future::Future,
    pin::pin,
    task::{Context as Waking, Poll, Waker},
};

use suit_manifest::{
    AsyncPlatform, ComponentName, Fetch, ImageDigest, Outcome, Platform,
    cose_ext::{Digest, crypto::Algorithm},
};

use crate::device::{Device, Never};

/// Waits once before each answer.
pub(crate) struct LaterDevice<'d> {
    pub(crate) device: &'d mut Device,
    pub(crate) waits: usize,
}

/// Comes back at the second look.
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: core::pin::Pin<&mut Self>, waking: &mut Waking<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        waking.waker().wake_by_ref();
        Poll::Pending
    }
}

impl LaterDevice<'_> {
    async fn wait(&mut self) -> &mut Device {
        self.waits += 1;
        Once(false).await;
        self.device
    }
}

impl AsyncPlatform for LaterDevice<'_> {
    type Error = Never;

    async fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Never> {
        self.wait().await.has_component(component)
    }

    async fn is_vendor(&mut self, id: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Never> {
        self.wait().await.is_vendor(id, vendor)
    }

    async fn is_class(&mut self, id: &ComponentName<'_>, class: &[u8]) -> Result<bool, Never> {
        self.wait().await.is_class(id, class)
    }

    async fn is_device(&mut self, id: &ComponentName<'_>, device: &[u8]) -> Result<bool, Never> {
        self.wait().await.is_device(id, device)
    }

    async fn is_slot(&mut self, id: &ComponentName<'_>, slot: u64) -> Result<bool, Never> {
        self.wait().await.is_slot(id, slot)
    }

    async fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Never> {
        self.wait().await.read(component, offset, out)
    }

    async fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Never> {
        self.wait().await.digest(component, algorithm, size, out)
    }

    async fn fetch(&mut self, id: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Never> {
        self.wait().await.fetch(id, fetch)
    }

    async fn write(&mut self, id: &ComponentName<'_>, content: &[u8]) -> Result<bool, Never> {
        self.wait().await.write(id, content)
    }

    async fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        self.wait().await.copy(source, destination)
    }

    async fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        self.wait().await.swap(source, destination)
    }

    async fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Never> {
        self.wait().await.invoke(component, arguments)
    }

    async fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, Never> {
        self.wait().await.references(component)
    }

    async fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        self.wait().await.unlink(component)
    }

    async fn dependency_number(&mut self, id: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        self.wait().await.dependency_number(id)
    }

    async fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, Never> {
        self.wait().await.commit_dependency(component, sequence_number)
    }

    async fn is_manifest(&mut self, manifest: &Digest<'_>) -> Result<bool, Never> {
        self.wait().await.is_manifest(manifest)
    }

    async fn commit(&mut self, sequence_number: u64) -> Result<bool, Never> {
        self.wait().await.commit(sequence_number)
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.device.noted(outcome);
    }
}

/// Polls until the future has ended.
pub(crate) fn wait_for<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut waking = Waking::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut waking) {
            return output;
        }
    }
}
