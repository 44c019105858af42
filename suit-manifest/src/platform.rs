//! The device, for who drives the processor in the usual way.

mod asynchronous;
mod content;
mod digest;
mod dry_run;
mod run;

use cose_ext::{Digest, crypto::Algorithm};

pub use asynchronous::{AsyncPlatform, run_async, run_journaled_async, run_reporting_async};
pub use dry_run::{Foreseen, dry_run};
pub use run::{RunError, run, run_journaled, run_reporting};

#[cfg(feature = "hierarchy")]
use crate::Delegated;
use crate::{ComponentName, Condition, Outcome};

/// A payload to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetch<'m> {
    /// Where from.
    pub uri: &'m str,
    /// The payload, if it stands in the envelope.
    pub integrated: Option<&'m [u8]>,
    /// What the fetch needs besides.
    pub arguments: Option<&'m [u8]>,
    /// How large it has to be, in bytes: stop at the first byte beyond.
    pub size: Option<u64>,
}

/// The digest of an image, and its size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageDigest {
    /// How many bytes of the buffer the digest takes.
    pub len: usize,
    /// The size of the image.
    pub size: u64,
}

/// A device that a manifest is run on: its identifiers, its components, and how to fetch.
///
/// An `Err` says that the device itself failed, and stops [`run`]. That a component is absent, or a
/// payload cannot be had, is no failure of the device: it is `Ok(false)`, and the manifest decides
/// what follows from it.
pub trait Platform {
    /// What goes wrong on the device.
    type Error;

    /// Whether [`digest`](Self::digest) answers for all that can be hashed here. Its `None` is the
    /// last word then, and the code that reads components to hash them is left out.
    const HAS_HASH_ENGINE: bool = false;

    /// Returns whether the device has this component. An empty one counts too.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Self::Error>;

    /// Returns whether this is the vendor of the component: 16 bytes, or a Private Enterprise
    /// Number as it is encoded.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn is_vendor(
        &mut self,
        component: &ComponentName<'_>,
        vendor: &[u8],
    ) -> Result<bool, Self::Error>;

    /// Returns whether this is the class of the component.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn is_class(
        &mut self,
        component: &ComponentName<'_>,
        class: &[u8],
    ) -> Result<bool, Self::Error>;

    /// Returns whether this is the device; `false` if it has no identifier of its own.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn is_device(
        &mut self,
        component: &ComponentName<'_>,
        device: &[u8],
    ) -> Result<bool, Self::Error> {
        let _ = (component, device);
        Ok(false)
    }

    /// Returns whether this is the slot of the component; `false` if it has none.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn is_slot(&mut self, component: &ComponentName<'_>, slot: u64) -> Result<bool, Self::Error> {
        let _ = (component, slot);
        Ok(false)
    }

    /// Reads the component from byte `offset` on into `out`, and returns how many bytes it read, 0
    /// at the end; `None` if the component is absent.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Self::Error>;

    /// Digests the component into `out`, which takes the longest digest, where the device has an
    /// engine for it. An image larger than `size` need not be read to its end, and its size is then
    /// any larger one.
    ///
    /// `None` where there is no such engine, or it does not have the algorithm, or there is no
    /// component: the driver [`read`](Self::read)s the component then, piece by piece, and hashes
    /// it by the provider of its [`Context`](cose_ext::Context). That is what happens by default.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Self::Error> {
        let _ = (component, algorithm, size, out);
        Ok(None)
    }

    /// Fetches a payload into the component; `false` if it is not there or too large.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, Self::Error>;

    /// Writes `content` as the whole of the component; `false` if it does not fit.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn write(&mut self, component: &ComponentName<'_>, content: &[u8])
    -> Result<bool, Self::Error>;

    /// Copies the source into the destination; `false` if there is no source.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Self::Error>;

    /// Exchanges two components; `false` if there is no source, or the device cannot.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Self::Error> {
        let _ = (source, destination);
        Ok(false)
    }

    /// Ends an exchange of two components that a loss of power cut off, or that had just ended
    /// then: the device has to know how far it was. Only [`run_journaled`] asks.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Self::Error> {
        let _ = (source, destination);
        Ok(false)
    }

    /// Starts the component; `false` if it cannot be started. It may not come back.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Self::Error>;

    /// Returns how much refers to the component; 0 where nothing is counted.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, Self::Error> {
        let _ = component;
        Ok(0)
    }

    /// Lowers the count of what refers to the component, for good and once for each manifest, and
    /// returns how many still do; `None` if the device cannot.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, Self::Error> {
        let _ = component;
        Ok(None)
    }

    /// Returns the sequence number that was committed for the dependency in this component, if one
    /// was.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn dependency_number(
        &mut self,
        component: &ComponentName<'_>,
    ) -> Result<Option<u64>, Self::Error> {
        let _ = component;
        Ok(None)
    }

    /// Moves the sequence number that is stored for the dependency in this component; `false` if it
    /// cannot be stored.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, Self::Error> {
        let _ = (component, sequence_number);
        Ok(true)
    }

    /// Moves the stored sequence number, at once or when the new image has confirmed itself.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn commit(&mut self, sequence_number: u64) -> Result<bool, Self::Error>;

    /// Passes a request on to the second processor, which runs what stands under its prefix, and
    /// returns whether it has done so, or whether what it was asked holds
    /// ([`Processor::with_second_processor`](crate::Processor::with_second_processor)).
    ///
    /// # Errors
    ///
    /// If the device fails.
    #[cfg(feature = "hierarchy")]
    fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &Delegated<'_>,
    ) -> Result<bool, Self::Error> {
        let _ = (component, request);
        Ok(false)
    }

    /// Reads into `out` what the device has in place of what a condition wants, and returns its
    /// length: vendor, class or device identifier of the component, for a report that the manifest
    /// asks for. `None` where it does not tell.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn identifier(
        &mut self,
        component: &ComponentName<'_>,
        condition: Condition,
        out: &mut [u8],
    ) -> Result<Option<usize>, Self::Error> {
        let _ = (component, condition, out);
        Ok(None)
    }

    /// Hashes the manifest again, from the memory where it stands and with the head of its byte
    /// string, and returns whether it still has this digest: asked before each section if the
    /// processor was made [`with_rehash`](crate::Processor::with_rehash).
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn is_manifest(&mut self, manifest: &Digest<'_>) -> Result<bool, Self::Error> {
        let _ = manifest;
        Ok(false)
    }

    /// Takes note of the outcome of a command.
    fn noted(&mut self, outcome: &Outcome<'_>) {
        let _ = outcome;
    }
}
