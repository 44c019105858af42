//! The device, for who drives the processor in an asynchronous executor.

mod content;
mod run;

use core::future::Future;

use cose_ext::{Digest, crypto::Algorithm};

pub use run::{run_async, run_journaled_async, run_reporting_async};

use super::{Fetch, ImageDigest};
#[cfg(feature = "hierarchy")]
use crate::Delegated;
use crate::{ComponentName, Condition, Outcome};

/// A device whose flash and network answer later: the twin of [`Platform`](super::Platform), method
/// for method, for [`run_async`] and its kin. Its futures need not be `Send`.
pub trait AsyncPlatform {
    /// What goes wrong on the device.
    type Error;

    /// Returns whether the device has this component. An empty one counts too.
    fn has_component(
        &mut self,
        component: &ComponentName<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Returns whether this is the vendor of the component.
    fn is_vendor(
        &mut self,
        component: &ComponentName<'_>,
        vendor: &[u8],
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Returns whether this is the class of the component.
    fn is_class(
        &mut self,
        component: &ComponentName<'_>,
        class: &[u8],
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Returns whether this is the device; `false` if it has no identifier of its own.
    fn is_device(
        &mut self,
        component: &ComponentName<'_>,
        device: &[u8],
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = (component, device);
        async { Ok(false) }
    }

    /// Returns whether this is the slot of the component; `false` if it has none.
    fn is_slot(
        &mut self,
        component: &ComponentName<'_>,
        slot: u64,
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = (component, slot);
        async { Ok(false) }
    }

    /// Reads the component from byte `offset` on into `out`, as
    /// [`Platform::read`](super::Platform::read).
    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> impl Future<Output = Result<Option<usize>, Self::Error>>;

    /// Digests the component into `out`, as [`Platform::digest`](super::Platform::digest); `None`
    /// if it is absent or the algorithm is not at hand. There is no default: a hash that waits for
    /// what it hashes has to be kept meanwhile, which the device does.
    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> impl Future<Output = Result<Option<ImageDigest>, Self::Error>>;

    /// Fetches a payload into the component; `false` if it is not there or too large.
    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Writes `content` as the whole of the component; `false` if it does not fit.
    fn write(
        &mut self,
        component: &ComponentName<'_>,
        content: &[u8],
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Copies the source into the destination; `false` if there is no source.
    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Exchanges two components; `false` if there is no source, or the device cannot.
    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = (source, destination);
        async { Ok(false) }
    }

    /// Ends an exchange of two components that a loss of power cut off, as
    /// [`Platform::resume_swap`](super::Platform::resume_swap). Only [`run_journaled_async`] asks.
    fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = (source, destination);
        async { Ok(false) }
    }

    /// Starts the component; `false` if it cannot be started. It may not come back.
    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Returns how much refers to the component; 0 where nothing is counted.
    fn references(
        &mut self,
        component: &ComponentName<'_>,
    ) -> impl Future<Output = Result<u64, Self::Error>> {
        let _ = component;
        async { Ok(0) }
    }

    /// Lowers the count of what refers to the component, as
    /// [`Platform::unlink`](super::Platform::unlink).
    fn unlink(
        &mut self,
        component: &ComponentName<'_>,
    ) -> impl Future<Output = Result<Option<u64>, Self::Error>> {
        let _ = component;
        async { Ok(None) }
    }

    /// Returns the sequence number that was committed for the dependency in this component, if one
    /// was.
    fn dependency_number(
        &mut self,
        component: &ComponentName<'_>,
    ) -> impl Future<Output = Result<Option<u64>, Self::Error>> {
        let _ = component;
        async { Ok(None) }
    }

    /// Moves the sequence number of the dependency in this component; `false` if it cannot be
    /// stored.
    fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = (component, sequence_number);
        async { Ok(true) }
    }

    /// Moves the stored sequence number, at once or when the new image has confirmed itself.
    fn commit(&mut self, sequence_number: u64) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Passes a request on to the second processor, as
    /// [`Platform::delegate`](super::Platform::delegate).
    #[cfg(feature = "hierarchy")]
    fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &Delegated<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = (component, request);
        async { Ok(false) }
    }

    /// Reads into `out` what the device has in place of what a condition wants, as
    /// [`Platform::identifier`](super::Platform::identifier).
    fn identifier(
        &mut self,
        component: &ComponentName<'_>,
        condition: Condition,
        out: &mut [u8],
    ) -> impl Future<Output = Result<Option<usize>, Self::Error>> {
        let _ = (component, condition, out);
        async { Ok(None) }
    }

    /// Hashes the manifest again, as [`Platform::is_manifest`](super::Platform::is_manifest).
    fn is_manifest(
        &mut self,
        manifest: &Digest<'_>,
    ) -> impl Future<Output = Result<bool, Self::Error>> {
        let _ = manifest;
        async { Ok(false) }
    }

    /// Takes note of the outcome of a command.
    fn noted(&mut self, outcome: &Outcome<'_>) {
        let _ = outcome;
    }
}
