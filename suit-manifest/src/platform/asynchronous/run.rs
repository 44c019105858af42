//! The driver that waits where the device does.

use cose_ext::{Context, Digest};

use super::{AsyncPlatform, content::is_same_content};
#[cfg(feature = "hierarchy")]
use crate::Delegated;
use crate::{
    Answer, AsyncJournal, Authority, CommandKind, ComponentName, Condition, Outcome, Processor,
    Step,
    journal::{AsyncProgress, NoJournal, Position, Told, is_noted},
    platform::{
        Fetch, ImageDigest, RunError,
        run::{LONGEST_DIGEST, Path},
    },
    report::{NoReport, Property, ReportSink},
};

/// Runs `processor` on `platform` to its end: the twin of [`run`](crate::run). It waits where the
/// device does; dropped, it leaves the processor at the step that was not answered.
///
/// # Errors
///
/// [`RunError`].
pub async fn run_async<'m, P: AsyncPlatform, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>> {
    run_reporting_async(processor, platform, &mut NoReport, authority, context).await
}

/// Runs `processor` on `platform` to its end, and tells `report` what happens: the twin of
/// [`run_reporting`](crate::run_reporting).
///
/// # Errors
///
/// [`RunError`].
pub async fn run_reporting_async<'m, P, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>>
where
    P: AsyncPlatform,
{
    let journal = &mut NoJournal::new();
    run_journaled_async(processor, platform, journal, report, authority, context).await
}

/// Runs `processor` on `platform` to its end, tells `report` what happens, and notes in `journal`
/// how far it is: the twin of [`run_journaled`](crate::run_journaled). A future that is dropped is
/// like a loss of power.
///
/// # Errors
///
/// [`RunError`]. After [`RunError::Platform`], and only then, there is something to go on with.
pub async fn run_journaled_async<'m, P, J, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    journal: &mut J,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>>
where
    P: AsyncPlatform,
    J: AsyncJournal<Error = P::Error>,
{
    let progress = AsyncProgress::open(journal, processor, context).await;
    let mut progress = progress.map_err(RunError::Platform)?;
    let mut result = drive(processor, platform, &mut progress, report, authority, context).await;
    if !matches!(result, Err(RunError::Platform(_)))
        && let Err(error) = progress.clear().await
    {
        result = Err(RunError::Platform(error));
    }
    match &result {
        Ok(()) => report.succeeded(),
        Err(RunError::Refused(error)) => report.refused(error),
        Err(RunError::Failed(failure)) => report.failed(failure, Path::of(processor).indices()),
        Err(RunError::Platform(_) | RunError::Diverged) => {}
    }
    result
}

async fn drive<'m, P, J, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    progress: &mut AsyncProgress<'_, J>,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>>
where
    P: AsyncPlatform,
    J: AsyncJournal<Error = P::Error>,
{
    loop {
        let step = processor.step(context)?;
        let position = match J::IS_KEPT && is_noted(&step) {
            true => position(processor),
            false => None,
        };
        let mut is_begun = false;
        if let Some(position) = &position {
            match progress.told(position).await.map_err(RunError::Platform)? {
                Told::Nothing => {}
                Told::Begun => is_begun = true,
                Told::Another => return Err(RunError::Diverged),
                Told::Ended(succeeded) => {
                    if let Some(outcome) = processor.replay(succeeded)? {
                        report.noted(&outcome, Path::of(processor).indices(), &[]);
                    }
                    continue;
                }
            }
        }
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
                let answer = match (&step, position) {
                    (Step::Swap { source, destination }, Some(_)) if is_begun => {
                        let is_done = platform.resume_swap(source, destination).await;
                        is_done.map(|done| if done { Answer::Done } else { Answer::Failed })
                    }
                    (Step::Swap { .. }, Some(position)) => {
                        match progress.begin(position).await.map_err(RunError::Platform)? {
                            true => carry_out(&step, platform).await,
                            false => Ok(Answer::Failed),
                        }
                    }
                    _ => carry_out(&step, platform).await,
                };
                processor.answer(answer.map_err(RunError::Platform)?)?
            }
        };
        if let Some(outcome) = outcome {
            if let Some(position) = position {
                let ended = progress.end(position, outcome.succeeded).await;
                ended.map_err(RunError::Platform)?;
            }
            platform.noted(&outcome);
            let path = Path::of(processor);
            let noted = note(&outcome, measured, path.indices(), platform, report).await;
            noted.map_err(RunError::Platform)?;
        }
    }
}

/// Where the command stands that the last step came from.
fn position<const COMPONENTS: usize, const DEPTH: usize>(
    processor: &Processor<'_, COMPONENTS, DEPTH>,
) -> Option<Position> {
    let depth = u8::try_from(Path::of(processor).indices().len()).unwrap_or(u8::MAX);
    processor.current_place().map(|place| Position { place, depth })
}

/// Tells the report about a command, with what was measured for it.
async fn note<P: AsyncPlatform>(
    outcome: &Outcome<'_>,
    image: Option<(Digest<'_>, u64)>,
    manifest: &[u8],
    platform: &mut P,
    report: &mut dyn ReportSink,
) -> Result<(), P::Error> {
    if let Some((digest, size)) = image {
        report.noted(outcome, manifest, &[Property::Digest(digest), Property::Size(size)]);
        return Ok(());
    }
    let mut identifier = [0; LONGEST_DIGEST];
    let property = match outcome.command {
        CommandKind::Condition(condition) if !outcome.succeeded => {
            let len = platform.identifier(&outcome.component, condition, &mut identifier).await?;
            let id = len.and_then(|len| identifier.get(..len));
            id.and_then(|id| property(condition, id))
        }
        _ => None,
    };
    match property {
        Some(property) => report.noted(outcome, manifest, &[property]),
        None => report.noted(outcome, manifest, &[]),
    }
    Ok(())
}

const fn property(condition: Condition, id: &[u8]) -> Option<Property<'_>> {
    match condition {
        Condition::VendorIdentifier => Some(Property::Vendor(id)),
        Condition::ClassIdentifier => Some(Property::Class(id)),
        Condition::DeviceIdentifier => Some(Property::Device(id)),
        _ => None,
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
        #[cfg(feature = "hierarchy")]
        Step::Delegate { component, request } => {
            let is_done = platform.delegate(component, request).await?;
            match request {
                Delegated::TakeOver { .. } | Delegated::LacksSection { .. } => held(is_done),
                Delegated::SetParameters { .. } | Delegated::Run { .. } => done(is_done),
            }
        }
        // The driver has done these.
        Step::LoadDependency(_) | Step::DigestImage { .. } | Step::Ended(_) => Answer::Failed,
    })
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
