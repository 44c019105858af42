//! The driver: steps of the processor, done by a platform.

use core::fmt;

use cose_ext::{Context, Digest};

use super::{Fetch, ImageDigest, Platform, content::is_same_content, digest::digest as digest_of};
#[cfg(feature = "hierarchy")]
use crate::Delegated;
use crate::{
    Answer, Authority, CommandKind, ComponentName, Condition, Error, Failure, Outcome, Processor,
    Step,
    dependency::ARE_PROCESSED,
    journal::{Journal, NoJournal, Position, Progress, Told, is_noted},
    report::{Property, ReportSink},
};

/// Why [`run`] stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError<E> {
    /// The manifest was refused before anything was done.
    Refused(Error),
    /// A command failed: where and why. What was done before stays done.
    Failed(Failure),
    /// The device failed. With a journal, the procedure goes on where it was when it is run again.
    Platform(E),
    /// What the journal says was done is not what the manifest says. The journal was cleared: make
    /// the processor anew and run it from its beginning.
    Diverged,
}

impl<E: fmt::Display> fmt::Display for RunError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => fmt::Display::fmt(error, f),
            Self::Failed(failure) => fmt::Display::fmt(failure, f),
            Self::Platform(error) => fmt::Display::fmt(error, f),
            Self::Diverged => f.write_str("the journal is not that of this manifest"),
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
///
/// [`RunError`].
pub fn run<'m, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>> {
    run_with(processor, platform, &mut NoJournal::new(), Listener(None), authority, context)
}

/// Runs `processor` on `platform` to its end, and tells `report` what happens.
///
/// # Errors
///
/// [`RunError`].
pub fn run_reporting<'m, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>> {
    let journal = &mut NoJournal::new();
    run_with(processor, platform, journal, Listener(Some(report)), authority, context)
}

/// Runs `processor` on `platform` to its end, tells `report` what happens, and notes in `journal`
/// how far it is.
///
/// After a loss of power, run the procedure of the same manifest again: what had ended is not done
/// again, conditions included, what had begun is; and then it goes on. A journal that belongs to
/// something else is cleared first, and the journal of a procedure that has ended is cleared too.
///
/// # Errors
///
/// [`RunError`]. After [`RunError::Platform`], and only then, there is something to go on with.
pub fn run_journaled<'m, P, J, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    journal: &mut J,
    report: &mut dyn ReportSink,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>>
where
    P: Platform,
    J: Journal<Error = P::Error>,
{
    run_with(processor, platform, journal, Listener(Some(report)), authority, context)
}

/// Who wants to know what happens, if anybody does; without, the code for it is left out.
struct Listener<'r>(Option<&'r mut dyn ReportSink>);

/// Runs `processor` to its end.
fn run_with<'m, P, J, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    journal: &mut J,
    mut report: Listener<'_>,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>>
where
    P: Platform,
    J: Journal<Error = P::Error>,
{
    let progress = Progress::open(journal, processor, context);
    let mut progress = progress.map_err(RunError::Platform)?;
    let mut result = drive(processor, platform, &mut progress, &mut report, authority, context);
    if !matches!(result, Err(RunError::Platform(_)))
        && let Err(error) = progress.clear()
    {
        result = Err(RunError::Platform(error));
    }
    let Some(report) = report.0 else { return result };
    match &result {
        Ok(()) => report.succeeded(),
        Err(RunError::Refused(error)) => report.refused(error),
        Err(RunError::Failed(failure)) => {
            let path = Path::of(processor);
            report.failed(failure, path.indices());
        }
        Err(RunError::Platform(_) | RunError::Diverged) => {}
    }
    result
}

fn drive<'m, P, J, const COMPONENTS: usize, const DEPTH: usize>(
    processor: &mut Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    progress: &mut Progress<'_, J>,
    report: &mut Listener<'_>,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<(), RunError<P::Error>>
where
    P: Platform,
    J: Journal<Error = P::Error>,
{
    loop {
        let step = processor.step(context)?;
        let position = Some(()).filter(|()| J::IS_KEPT && is_noted(&step)).and_then(|()| {
            let depth = Path::of(processor).indices().len();
            let depth = u8::try_from(depth).unwrap_or(u8::MAX);
            processor.current_place().map(|place| Position { place, depth })
        });
        let told = position.as_ref().map(|position| progress.told(position)).transpose();
        let mut is_begun = false;
        match told.map_err(RunError::Platform)? {
            None | Some(Told::Nothing) => {}
            Some(Told::Begun) => is_begun = true,
            Some(Told::Another) => return Err(RunError::Diverged),
            Some(Told::Ended(succeeded)) => {
                let outcome = processor.replay(succeeded)?;
                if let (Some(outcome), Some(report)) = (outcome, &mut report.0) {
                    report.noted(&outcome, Path::of(processor).indices(), &[]);
                }
                continue;
            }
        }
        let mut digest = [0; LONGEST_DIGEST];
        let mut measured = None;
        let outcome = match step {
            Step::Ended(ended) => return ended.map_err(RunError::Failed),
            Step::LoadDependency(component) if ARE_PROCESSED => {
                match load(processor.arena(), platform, &component).map_err(RunError::Platform)? {
                    Some(len) => {
                        let stored = platform.dependency_number(&component);
                        let stored = stored.map_err(RunError::Platform)?;
                        processor.loaded(len, stored, authority, context)?
                    }
                    None => processor.answer(Answer::Held(false))?,
                }
            }
            Step::DigestImage { component, algorithm, size } => {
                let image = digest_of(platform, &component, algorithm, size, &mut digest, context);
                let image = image.map_err(RunError::Platform)?;
                processor.answer(match image {
                    Some(ImageDigest { len, size }) => {
                        let digest = digest.get(..len).unwrap_or_default();
                        measured = Digest::new(algorithm, digest).ok().map(|it| (it, size));
                        Answer::Image { digest, size }
                    }
                    None => Answer::Held(false),
                })?
            }
            step => {
                if let (Step::Invoke { .. }, Some(report)) = (&step, &mut report.0)
                    && let Some(place) = processor.current_place()
                {
                    report.invoking(&place, Path::of(processor).indices());
                }
                let answer = match (&step, position) {
                    (Step::Swap { source, destination }, Some(_)) if is_begun => {
                        let is_done = platform.resume_swap(source, destination);
                        is_done.map(|done| if done { Answer::Done } else { Answer::Failed })
                    }
                    (Step::Swap { .. }, Some(position)) => {
                        match progress.begin(position).map_err(RunError::Platform)? {
                            true => carry_out(&step, platform),
                            false => Ok(Answer::Failed),
                        }
                    }
                    _ => carry_out(&step, platform),
                };
                processor.answer(answer.map_err(RunError::Platform)?)?
            }
        };
        if let Some(outcome) = outcome {
            if let Some(position) = position {
                progress.end(position, outcome.succeeded).map_err(RunError::Platform)?;
            }
            platform.noted(&outcome);
            if let Some(report) = &mut report.0 {
                let path = Path::of(processor);
                note(&outcome, measured, path.indices(), platform, *report)
                    .map_err(RunError::Platform)?;
            }
        }
    }
}

/// The component indices that lead to a manifest.
pub(super) struct Path {
    indices: [u8; DEEPEST],
    len: usize,
}

/// The deepest manifest whose place a report can tell.
const DEEPEST: usize = 8;

impl Path {
    pub(super) fn of<const COMPONENTS: usize, const DEPTH: usize>(
        processor: &Processor<'_, COMPONENTS, DEPTH>,
    ) -> Self {
        let mut path = Self { indices: [0; DEEPEST], len: 0 };
        for (place, index) in path.indices.iter_mut().zip(processor.manifest_path()) {
            *place = u8::try_from(index).unwrap_or(u8::MAX);
            path.len = path.len.saturating_add(1);
        }
        path
    }

    pub(super) fn indices(&self) -> &[u8] {
        self.indices.get(..self.len).unwrap_or_default()
    }
}

/// Tells the report about a command, with what was measured for it.
fn note<P: Platform>(
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
    let condition = match outcome.command {
        CommandKind::Condition(condition) if !outcome.succeeded => condition,
        _ => {
            report.noted(outcome, manifest, &[]);
            return Ok(());
        }
    };
    let len = platform.identifier(&outcome.component, condition, &mut identifier)?;
    let bytes = len.and_then(|len| identifier.get(..len));
    match (condition, bytes) {
        (Condition::VendorIdentifier, Some(id)) => {
            report.noted(outcome, manifest, &[Property::Vendor(id)]);
        }
        (Condition::ClassIdentifier, Some(id)) => {
            report.noted(outcome, manifest, &[Property::Class(id)]);
        }
        (Condition::DeviceIdentifier, Some(id)) => {
            report.noted(outcome, manifest, &[Property::Device(id)]);
        }
        _ => report.noted(outcome, manifest, &[]),
    }
    Ok(())
}

/// The longest digest of RFC 9054, in bytes.
pub(super) const LONGEST_DIGEST: usize = 64;

pub(super) fn carry_out<P: Platform>(
    step: &Step<'_>,
    platform: &mut P,
) -> Result<Answer<'static>, P::Error> {
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
        Step::HashManifest { manifest } => held(platform.is_manifest(manifest)?),
        Step::CountReferences(component) => Answer::Count(platform.references(component)?),
        Step::Fetch { component, uri, integrated, arguments, size } => {
            let fetch = Fetch { uri, integrated: *integrated, arguments: *arguments, size: *size };
            done(platform.fetch(component, &fetch)?)
        }
        Step::Write { component, content } => done(platform.write(component, content)?),
        Step::Copy { source, destination } => done(platform.copy(source, destination)?),
        Step::Swap { source, destination } => done(platform.swap(source, destination)?),
        Step::Invoke { component, arguments } => done(platform.invoke(component, *arguments)?),
        Step::Unlink(component) => match platform.unlink(component)? {
            Some(left) => Answer::Count(left),
            None => Answer::Failed,
        },
        Step::CommitDependency { component, sequence_number } => {
            done(platform.commit_dependency(component, *sequence_number)?)
        }
        Step::Commit { sequence_number } => done(platform.commit(*sequence_number)?),
        #[cfg(feature = "hierarchy")]
        Step::Delegate { component, request } => {
            let is_done = platform.delegate(component, request)?;
            match request {
                Delegated::TakeOver { .. } | Delegated::LacksSection { .. } => held(is_done),
                Delegated::SetParameters { .. } | Delegated::Run { .. } => done(is_done),
            }
        }
        // The driver has done these.
        Step::LoadDependency(_) | Step::DigestImage { .. } | Step::Ended(_) => Answer::Failed,
    })
}

/// Reads the envelope that the component holds into the arena, which has to have room for one byte
/// more: an envelope that fills it may have been cut off.
pub(super) fn load<P: Platform>(
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
    // More than there is room for, which ends the procedure.
    Ok(Some(usize::MAX))
}
