//! The device, for who drives the processor in the usual way.

use core::fmt;

use cose_ext::{Context, crypto::Algorithm};

use crate::{
    Answer, Authority, Checked, ComponentName, Error, Failure, Processor, Step,
    content::is_same_content,
};

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
/// An `Err` says that the device itself failed, and stops [`run`]; what the manifest has to live with, a
/// component that is absent or a payload that is not there, is `Ok(false)`.
pub trait Platform {
    /// What goes wrong on the device.
    type Error;

    /// Returns whether the device has this component, be it empty.
    ///
    /// # Errors
    /// If the device fails.
    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Self::Error>;

    /// Returns whether this is the vendor of the component: 16 bytes, or a Private Enterprise Number as
    /// it is encoded.
    ///
    /// # Errors
    /// If the device fails.
    fn is_vendor(
        &mut self,
        component: &ComponentName<'_>,
        vendor: &[u8],
    ) -> Result<bool, Self::Error>;

    /// Returns whether this is the class of the component.
    ///
    /// # Errors
    /// If the device fails.
    fn is_class(
        &mut self,
        component: &ComponentName<'_>,
        class: &[u8],
    ) -> Result<bool, Self::Error>;

    /// Returns whether this is the device; `false` if it has no identifier of its own.
    ///
    /// # Errors
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
    /// If the device fails.
    fn is_slot(&mut self, component: &ComponentName<'_>, slot: u64) -> Result<bool, Self::Error> {
        let _ = (component, slot);
        Ok(false)
    }

    /// Reads the component from byte `offset` on into `out`, and returns how many bytes it read, 0 at
    /// the end; `None` if the component is absent.
    ///
    /// # Errors
    /// If the device fails.
    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Self::Error>;

    /// Digests the component into `out`, which takes the longest digest; `None` if the component is
    /// absent or the algorithm is not at hand. An image larger than `size` need not be read to its end,
    /// and its size is then any larger one.
    ///
    /// # Errors
    /// If the device fails.
    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Self::Error>;

    /// Fetches a payload into the component; `false` if it is not there or too large.
    ///
    /// # Errors
    /// If the device fails.
    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, Self::Error>;

    /// Writes `content` as the whole of the component; `false` if it does not fit.
    ///
    /// # Errors
    /// If the device fails.
    fn write(&mut self, component: &ComponentName<'_>, content: &[u8])
    -> Result<bool, Self::Error>;

    /// Copies the source into the destination; `false` if there is no source.
    ///
    /// # Errors
    /// If the device fails.
    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Self::Error>;

    /// Exchanges two components; `false` if there is no source, or the device cannot.
    ///
    /// # Errors
    /// If the device fails.
    fn swap(
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
    /// If the device fails.
    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Self::Error>;

    /// Returns how much refers to the component; 0 where nothing is counted.
    ///
    /// # Errors
    /// If the device fails.
    fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, Self::Error> {
        let _ = component;
        Ok(0)
    }

    /// Lowers the count of what refers to the component, for good; `false` if the device cannot.
    ///
    /// # Errors
    /// If the device fails.
    fn unlink(&mut self, component: &ComponentName<'_>) -> Result<bool, Self::Error> {
        let _ = component;
        Ok(false)
    }

    /// Moves the stored sequence number, at once or when the new image has confirmed itself.
    ///
    /// # Errors
    /// If the device fails.
    fn commit(&mut self, sequence_number: u64) -> Result<bool, Self::Error>;

    /// Takes note of the outcome of a condition, for a report.
    fn checked(&mut self, checked: &Checked<'_>) {
        let _ = checked;
    }
}

/// Why [`run`] stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError<E> {
    /// The manifest was refused; unless it is of a dependency, before anything was done.
    Refused(Error),
    /// A command failed: where and why. What was done before stays done.
    Failed(Failure),
    /// The device failed.
    Platform(E),
}

impl<E: fmt::Display> fmt::Display for RunError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => fmt::Display::fmt(error, f),
            Self::Failed(failure) => fmt::Display::fmt(failure, f),
            Self::Platform(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for RunError<E> {}

impl<E> From<Error> for RunError<E> {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Runs `processor` on `platform` to its end.
///
/// # Errors
/// [`RunError`].
pub fn run<'m, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>> {
    loop {
        let step = processor.step(context)?;
        if let Step::Ended(ended) = step {
            return ended.map_err(RunError::Failed);
        }
        let checked = match step {
            Step::LoadDependency(component) => {
                match load(processor.arena(), platform, &component).map_err(RunError::Platform)? {
                    Some(len) => processor.loaded(len, authority, context)?,
                    None => processor.answer(Answer::Held(false))?,
                }
            }
            Step::DigestImage { component, algorithm, size } => {
                let mut digest = [0; LONGEST_DIGEST];
                let image = platform.digest(&component, algorithm, size, &mut digest);
                let image = image.map_err(RunError::Platform)?;
                processor.answer(match image {
                    Some(ImageDigest { len, size }) => {
                        let digest = digest.get(..len).unwrap_or_default();
                        Answer::Image { digest, size }
                    }
                    None => Answer::Held(false),
                })?
            }
            step => {
                let answer = carry_out(&step, platform).map_err(RunError::Platform)?;
                processor.answer(answer)?
            }
        };
        if let Some(checked) = checked {
            platform.checked(&checked);
        }
    }
}

/// The longest digest of RFC 9054, in bytes.
const LONGEST_DIGEST: usize = 64;

fn carry_out<P: Platform>(step: &Step<'_>, platform: &mut P) -> Result<Answer<'static>, P::Error> {
    let held = Answer::Held;
    let done = |is_done| if is_done { Answer::Done } else { Answer::Failed };
    Ok(match step {
        Step::FindComponent(component) => held(platform.has_component(component)?),
        Step::CheckVendor { component, vendor } => held(platform.is_vendor(component, vendor)?),
        Step::CheckClass { component, class } => held(platform.is_class(component, class)?),
        Step::CheckDevice { component, device } => held(platform.is_device(component, device)?),
        Step::CheckSlot { component, slot } => held(platform.is_slot(component, *slot)?),
        Step::CheckContent { component, content } => {
            held(is_same_content(platform, component, content)?)
        }
        Step::CountReferences(component) => Answer::Count(platform.references(component)?),
        Step::Fetch { component, uri, integrated, arguments, size } => {
            let fetch = Fetch { uri, integrated: *integrated, arguments: *arguments, size: *size };
            done(platform.fetch(component, &fetch)?)
        }
        Step::Write { component, content } => done(platform.write(component, content)?),
        Step::Copy { source, destination } => done(platform.copy(source, destination)?),
        Step::Swap { source, destination } => done(platform.swap(source, destination)?),
        Step::Invoke { component, arguments } => done(platform.invoke(component, *arguments)?),
        Step::Unlink(component) => done(platform.unlink(component)?),
        Step::Commit { sequence_number } => done(platform.commit(*sequence_number)?),
        // The driver has done these.
        Step::LoadDependency(_) | Step::DigestImage { .. } | Step::Ended(_) => Answer::Failed,
    })
}

/// Reads the envelope that the component holds into the arena, which has to have room for one byte more:
/// an envelope that fills it may have been cut off.
fn load<P: Platform>(
    arena: &mut [u8],
    platform: &mut P,
    component: &ComponentName<'_>,
) -> Result<Option<usize>, P::Error> {
    let mut len = 0usize;
    while let Some(rest) = arena.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match platform.read(component, len, rest)? {
            None => return Ok(None),
            Some(0) => return Ok(Some(len)),
            Some(read) => len = len.saturating_add(read),
        }
    }
    // The call that takes it answers with the limit.
    Ok(Some(usize::MAX))
}
