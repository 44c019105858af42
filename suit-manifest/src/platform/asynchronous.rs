//! The device, for who drives the processor in an asynchronous executor.

use core::future::Future;

use cose_ext::{Context, Digest, crypto::Algorithm};
use subtle::{Choice, ConstantTimeEq};

use super::{
    Fetch, ImageDigest, RunError,
    run::{LONGEST_DIGEST, Path},
};
use crate::{
    Answer, Authority, ComponentName, Outcome, Processor, Step,
    report::{Property, ReportSink},
};

/// Bytes of a component that are compared at once.
const CHUNK: usize = 64;

/// A device whose flash and network answer later: the twin of [`Platform`](super::Platform), method
/// for method, for [`run_async`]. Its futures need not be `Send`.
pub trait AsyncPlatform {
    /// What goes wrong on the device.
    type Error;

    /// Returns whether the device has this component, be it empty.
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

    /// Digests the component into `out`, as [`Platform::digest`](super::Platform::digest).
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

/// Runs `processor` on `platform` to its end and tells `report` what happens: the twin of
/// [`run_reporting`](super::run_reporting). It waits where the device does; dropped, it leaves the
/// processor at the step that was not answered.
///
/// # Errors
///
/// [`RunError`].
pub async fn run_async<'m, P: AsyncPlatform, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>> {
    let result = drive(processor, platform, report, authority, context).await;
    match &result {
        Ok(()) => report.succeeded(),
        Err(RunError::Refused(error)) => report.refused(error),
        Err(RunError::Failed(failure)) => report.failed(failure, Path::of(processor).indices()),
        Err(_) => {}
    }
    result
}

async fn drive<'m, P: AsyncPlatform, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>> {
    loop {
        let step = processor.step(context)?;
        let mut digest = [0; LONGEST_DIGEST];
        let mut measured = None;
        let outcome = match step {
            Step::Ended(ended) => return ended.map_err(RunError::Failed),
            Step::LoadDependency(component) => {
                let loaded = load(processor.arena(), platform, &component).await;
                match loaded.map_err(RunError::Platform)? {
                    Some(len) => {
                        let stored = platform.dependency_number(&component).await;
                        let stored = stored.map_err(RunError::Platform)?;
                        processor.loaded(len, stored, authority, context)?
                    }
                    None => processor.answer(Answer::Held(false))?,
                }
            }
            Step::DigestImage { component, algorithm, size } => {
                let image = platform.digest(&component, algorithm, size, &mut digest).await;
                processor.answer(match image.map_err(RunError::Platform)? {
                    Some(ImageDigest { len, size }) => {
                        let digest = digest.get(..len).unwrap_or_default();
                        measured = Digest::new(algorithm, digest).ok().map(|it| (it, size));
                        Answer::Image { digest, size }
                    }
                    None => Answer::Held(false),
                })?
            }
            step => {
                if let (Step::Invoke { .. }, Some(place)) = (&step, processor.current_place()) {
                    report.invoking(&place, Path::of(processor).indices());
                }
                let answer = carry_out(&step, platform).await.map_err(RunError::Platform)?;
                processor.answer(answer)?
            }
        };
        if let Some(outcome) = outcome {
            platform.noted(&outcome);
            let path = Path::of(processor);
            match measured {
                Some((digest, size)) => {
                    let properties = [Property::Digest(digest), Property::Size(size)];
                    report.noted(&outcome, path.indices(), &properties);
                }
                None => report.noted(&outcome, path.indices(), &[]),
            }
        }
    }
}

async fn carry_out<P: AsyncPlatform>(
    step: &Step<'_>,
    platform: &mut P,
) -> Result<Answer<'static>, P::Error> {
    let held = Answer::Held;
    let done = |is_done| if is_done { Answer::Done } else { Answer::Failed };
    Ok(match step {
        Step::FindComponent(component) => held(platform.has_component(component).await?),
        Step::CheckVendor { component, vendor } => {
            held(platform.is_vendor(component, vendor).await?)
        }
        Step::CheckClass { component, class } => held(platform.is_class(component, class).await?),
        Step::CheckDevice { component, device } => {
            held(platform.is_device(component, device).await?)
        }
        Step::CheckSlot { component, slot } => held(platform.is_slot(component, *slot).await?),
        Step::CheckContent { component, content } => {
            held(is_same_content(platform, component, content).await?)
        }
        Step::HashManifest { manifest } => held(platform.is_manifest(manifest).await?),
        Step::CountReferences(component) => Answer::Count(platform.references(component).await?),
        Step::Fetch { component, uri, integrated, arguments, size } => {
            let fetch = Fetch { uri, integrated: *integrated, arguments: *arguments, size: *size };
            done(platform.fetch(component, &fetch).await?)
        }
        Step::Write { component, content } => done(platform.write(component, content).await?),
        Step::Copy { source, destination } => done(platform.copy(source, destination).await?),
        Step::Swap { source, destination } => done(platform.swap(source, destination).await?),
        Step::Invoke { component, arguments } => {
            done(platform.invoke(component, *arguments).await?)
        }
        Step::Unlink(component) => match platform.unlink(component).await? {
            Some(left) => Answer::Count(left),
            None => Answer::Failed,
        },
        Step::CommitDependency { component, sequence_number } => {
            done(platform.commit_dependency(component, *sequence_number).await?)
        }
        Step::Commit { sequence_number } => done(platform.commit(*sequence_number).await?),
        // The driver has done these.
        Step::LoadDependency(_) | Step::DigestImage { .. } | Step::Ended(_) => Answer::Failed,
    })
}

/// Compares in constant time, as the driver that does not wait.
async fn is_same_content<P: AsyncPlatform>(
    platform: &mut P,
    component: &ComponentName<'_>,
    content: &[u8],
) -> Result<bool, P::Error> {
    let mut chunk = [0; CHUNK];
    let mut offset = 0usize;
    let mut is_same = Choice::from(1);
    loop {
        let Some(read) = platform.read(component, offset, &mut chunk).await? else {
            return Ok(false);
        };
        let found = chunk.get(..read).unwrap_or_default();
        if found.is_empty() {
            return Ok(offset == content.len() && bool::from(is_same));
        }
        let end = offset.saturating_add(found.len());
        let Some(expected) = content.get(offset..end) else { return Ok(false) };
        is_same &= found.ct_eq(expected);
        offset = end;
    }
}

async fn load<P: AsyncPlatform>(
    arena: &mut [u8],
    platform: &mut P,
    component: &ComponentName<'_>,
) -> Result<Option<usize>, P::Error> {
    let mut len = 0usize;
    while let Some(rest) = arena.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match platform.read(component, len, rest).await? {
            None => return Ok(None),
            Some(0) => return Ok(Some(len)),
            Some(read) => len = len.saturating_add(read),
        }
    }
    // More than there is room for, which ends the procedure.
    Ok(Some(usize::MAX))
}
