//! What a device keeps of its manifests over restarts.
//!
//! [`ManifestStore`] keeps envelopes, so that the device can start what they describe again, fall
//! back to the one before, tell what it has and uninstall it. [`DeviceState`] keeps sequence
//! numbers and counts of references. Both write records that a secret of the device seals: a device
//! that starts an unchanged manifest checks one MAC and one hash, and no signature. Where the slots
//! answer later, [`AsyncManifestStore`] and [`AsyncDeviceState`] do both, with the same records.
//! [`ManifestComponents`] and [`AsyncManifestComponents`] make a store part of a platform.

mod asynchronous;
mod contents;
mod device_state;
mod installable;
mod kept;
mod manifest_components;
mod manifest_name;
mod manifest_store;
mod room;
mod seal;
mod selection;
mod state_table;
mod trial;
mod uninstall;

use core::fmt;

pub use asynchronous::{
    AsyncDeviceState, AsyncManifestComponents, AsyncManifestStore, AsyncSlots,
    select_for_start_async, uninstall_async,
};
pub use device_state::DeviceState;
pub use kept::Kept;
pub use manifest_components::ManifestComponents;
pub use manifest_name::ManifestName;
pub use manifest_store::ManifestStore;
pub use selection::Selection;
pub use trial::{StartError, select_for_start};
pub use uninstall::{Uninstalled, uninstall};

use crate::Error;

/// Places that keep a record each over restarts: pages of flash, files, rows.
///
/// Writing may be cut off by a loss of power. What stands in the slot then is no record, which the
/// seal shows; other slots stay as they are.
pub trait Slots {
    /// What goes wrong on the device.
    type Error;

    /// Returns how many slots there are.
    fn count(&self) -> usize;

    /// Reads the slot from its first byte on into `out`, and returns how many bytes it read: as
    /// many as there are and as fit. What an erased slot holds does not matter, as long as it is no
    /// record.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Self::Error>;

    /// Writes `record` at the first byte of the slot, in place of what was there; it may leave
    /// bytes behind it. `false` if it does not fit.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Self::Error>;

    /// Removes what stands in the slot.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn erase(&mut self, slot: usize) -> Result<(), Self::Error>;
}

impl<S: Slots + ?Sized> Slots for &mut S {
    type Error = S::Error;

    fn count(&self) -> usize {
        (**self).count()
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Self::Error> {
        (**self).read(slot, out)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Self::Error> {
        (**self).write(slot, record)
    }

    fn erase(&mut self, slot: usize) -> Result<(), Self::Error> {
        (**self).erase(slot)
    }
}

/// Why a store could not do what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError<E> {
    /// A manifest or a seal is refused.
    Refused(Error),
    /// No slot is free for a further manifest, and none holds an older one of the same name beside
    /// the latest.
    Full,
    /// The record is longer than the slot or the buffer of the caller.
    TooLong,
    /// The buffer of the caller is shorter than a record that stands in a slot: what was written
    /// with a longer one cannot be read, and nothing is written over it.
    ShortBuffer,
    /// The device failed.
    Slots(E),
}

impl<E: fmt::Display> fmt::Display for StoreError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => fmt::Display::fmt(error, f),
            Self::Full => f.write_str("no slot is free for a further manifest"),
            Self::TooLong => f.write_str("the record is longer than its slot or its buffer"),
            Self::ShortBuffer => {
                f.write_str("the buffer is shorter than a record that stands in a slot")
            }
            Self::Slots(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for StoreError<E> {}

impl<E> From<Error> for StoreError<E> {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl<E> From<cose_ext::Error> for StoreError<E> {
    fn from(error: cose_ext::Error) -> Self {
        Self::Refused(error.into())
    }
}
