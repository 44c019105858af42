//! Stores whose slots answer later, for who drives a flash in an asynchronous executor.

mod device_state;
mod manifest_components;
mod manifest_store;
mod start;
mod uninstall;

use core::future::Future;

pub use device_state::AsyncDeviceState;
pub use manifest_components::AsyncManifestComponents;
pub use manifest_store::AsyncManifestStore;
pub use start::select_for_start_async;
pub use uninstall::uninstall_async;

/// Places that keep a record each over restarts, and answer later: the twin of
/// [`Slots`](super::Slots), method for method, for [`AsyncManifestStore`] and
/// [`AsyncDeviceState`]. Its futures need not be `Send`.
pub trait AsyncSlots {
    /// What goes wrong on the device.
    type Error;

    /// Returns how many slots there are.
    fn count(&self) -> usize;

    /// Reads the slot from its first byte on, as [`Slots::read`](super::Slots::read).
    fn read(
        &mut self,
        slot: usize,
        out: &mut [u8],
    ) -> impl Future<Output = Result<usize, Self::Error>>;

    /// Writes `record` at the first byte of the slot, as [`Slots::write`](super::Slots::write).
    fn write(
        &mut self,
        slot: usize,
        record: &[u8],
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Removes what stands in the slot.
    fn erase(&mut self, slot: usize) -> impl Future<Output = Result<(), Self::Error>>;
}

impl<S: AsyncSlots + ?Sized> AsyncSlots for &mut S {
    type Error = S::Error;

    fn count(&self) -> usize {
        (**self).count()
    }

    async fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Self::Error> {
        (**self).read(slot, out).await
    }

    async fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Self::Error> {
        (**self).write(slot, record).await
    }

    async fn erase(&mut self, slot: usize) -> Result<(), Self::Error> {
        (**self).erase(slot).await
    }
}
