//! What a procedure would do, told before anything is done.

use cose_ext::Context;

use super::{
    Platform, RunError,
    content::is_same_content,
    digest::digest as digest_of,
    run::{LONGEST_DIGEST, carry_out, load},
};
#[cfg(feature = "hierarchy")]
use crate::Delegated;
use crate::{Answer, Authority, ComponentName, ImageDigest, Processor, Step};

/// How much of a procedure could be foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreseen<'m> {
    /// All of it.
    All,
    /// What comes before a dependency that has to be fetched first, into this component.
    Until(ComponentName<'m>),
}

/// What a component would hold, after an effect that was told and not carried out.
#[derive(Clone, Copy, Debug)]
enum Held<'m> {
    /// These bytes, which stand in the manifest or in its envelope.
    Bytes(&'m [u8]),
    /// What the device has in this component now.
    As(ComponentName<'m>),
    /// What is fetched from elsewhere.
    Fetched,
}

/// Runs `processor` on `platform` and carries nothing out: tells `effect` what would be done to the
/// device, in order, as the steps that say so.
///
/// The device is asked for what it is and what it has, and nothing of it is changed. Of what would
/// be written, copied or is brought along by the envelope, the contents are known, and conditions
/// are tested on them; of a payload from elsewhere it is assumed that it is there and is what the
/// manifest says, and of a second processor that it does what it is asked for. A processor that was
/// run so has ended: make another one to do it.
///
/// ```
/// use suit_manifest::{Authority, Foreseen, Platform, Processor, RunError, Step, dry_run};
/// # use suit_manifest::cose_ext::Context;
/// /// Whether a manifest would start a component.
/// fn invokes<P: Platform>(
///     processor: Processor<'_, 4, 4>,
///     device: &mut P,
///     authority: &Authority<'_>,
///     context: &Context<'_>,
/// ) -> Result<bool, RunError<P::Error>> {
///     let mut invokes = false;
///     let mut effect = |step: &Step<'_>| invokes |= matches!(step, Step::Invoke { .. });
///     dry_run(processor, device, &mut effect, authority, context)?;
///     Ok(invokes)
/// }
/// ```
///
/// # Errors
///
/// [`RunError`]: the command that would fail, among others.
pub fn dry_run<'m, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    mut processor: Processor<'m, COMPONENTS, DEPTH>,
    platform: &mut P,
    effect: &mut dyn FnMut(&Step<'m>),
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<Foreseen<'m>, RunError<P::Error>> {
    let mut changes = Changes { held: [None; COMPONENTS], unlinked: [None; COMPONENTS] };
    loop {
        let step = processor.step(context)?;
        if let Step::Ended(ended) = step {
            return ended.map(|()| Foreseen::All).map_err(RunError::Failed);
        }
        if let Step::LoadDependency(component) = step {
            let loaded = match changes.of(&component) {
                Some(Held::Fetched) => return Ok(Foreseen::Until(component)),
                Some(Held::Bytes(envelope)) => Some(put(processor.arena(), envelope)),
                Some(Held::As(other)) => {
                    load(processor.arena(), platform, &other).map_err(RunError::Platform)?
                }
                None => {
                    load(processor.arena(), platform, &component).map_err(RunError::Platform)?
                }
            };
            match loaded {
                Some(len) => {
                    let stored = platform.dependency_number(&component);
                    let stored = stored.map_err(RunError::Platform)?;
                    processor.loaded(len, stored, authority, context)?;
                }
                None => {
                    processor.answer(Answer::Held(false))?;
                }
            }
            continue;
        }
        if is_effect(&step) {
            effect(&step);
            let answer = changes.take(&step, platform).map_err(RunError::Platform)?;
            processor.answer(answer)?;
            continue;
        }
        let mut digest = [0; LONGEST_DIGEST];
        let _outcome = match changes
            .answer(&step, platform, &mut digest, context)
            .map_err(RunError::Platform)?
        {
            Some(answer) => processor.answer(answer)?,
            // Assumed to be what the manifest says.
            None => processor.replay(true)?,
        };
    }
}

/// What would be changed on the device.
struct Changes<'m, const COMPONENTS: usize> {
    held: [Option<(ComponentName<'m>, Held<'m>)>; COMPONENTS],
    /// To which one thing less would refer. A procedure unlinks each component once.
    unlinked: [Option<ComponentName<'m>>; COMPONENTS],
}

impl<'m, const COMPONENTS: usize> Changes<'m, COMPONENTS> {
    /// What the component would hold; `None` if nothing would have changed it.
    fn of(&self, component: &ComponentName<'_>) -> Option<Held<'m>> {
        let known = self.held.iter().flatten().find(|(name, _)| name == component);
        known.map(|(_, held)| *held)
    }

    fn set(&mut self, component: ComponentName<'m>, held: Held<'m>) {
        let is_place = |one: &&mut Option<(ComponentName<'m>, _)>| {
            one.as_ref().is_none_or(|(name, _)| *name == component)
        };
        // A processor has as many components as there are places here.
        if let Some(place) = self.held.iter_mut().find(is_place) {
            *place = Some((component, held));
        }
    }

    /// Keeps in mind what an effect would have done, and says how it would have ended.
    fn take<P: Platform>(
        &mut self,
        step: &Step<'m>,
        platform: &mut P,
    ) -> Result<Answer<'static>, P::Error> {
        match step {
            Step::Fetch { component, integrated, .. } => {
                self.set(*component, integrated.map_or(Held::Fetched, Held::Bytes));
            }
            Step::Write { component, content } => self.set(*component, Held::Bytes(content)),
            Step::Copy { source, destination } => match self.held(source, platform)? {
                Some(held) => self.set(*destination, held),
                None => return Ok(Answer::Failed),
            },
            Step::Swap { source, destination } => {
                let Some(held) = self.held(source, platform)? else { return Ok(Answer::Failed) };
                let other = self.of(destination).unwrap_or(Held::As(*destination));
                self.set(*source, other);
                self.set(*destination, held);
            }
            Step::Unlink(component) => {
                let mut places = self.unlinked.iter_mut();
                if let Some(place) = places.find(|one| one.is_none_or(|name| name == *component)) {
                    *place = Some(*component);
                }
                return Ok(Answer::Count(self.references(component, platform)?));
            }
            #[cfg(feature = "hierarchy")]
            Step::Delegate { request: Delegated::TakeOver { .. }, .. } => {
                return Ok(Answer::Held(true));
            }
            _ => {}
        }
        Ok(Answer::Done)
    }

    /// How much would refer to the component.
    fn references<P: Platform>(
        &self,
        component: &ComponentName<'m>,
        platform: &mut P,
    ) -> Result<u64, P::Error> {
        let count = platform.references(component)?;
        let is_unlinked = self.unlinked.iter().flatten().any(|name| name == component);
        Ok(count.saturating_sub(u64::from(is_unlinked)))
    }

    /// What is there to be copied, if anything is.
    fn held<P: Platform>(
        &self,
        source: &ComponentName<'m>,
        platform: &mut P,
    ) -> Result<Option<Held<'m>>, P::Error> {
        let held = self.of(source).unwrap_or(Held::As(*source));
        Ok(match held {
            Held::As(name) if platform.read(&name, 0, &mut [0])?.is_none() => None,
            held => Some(held),
        })
    }

    /// How a condition would come out; `None` if that is not known.
    fn answer<'d, P: Platform>(
        &self,
        step: &Step<'m>,
        platform: &mut P,
        digest: &'d mut [u8; LONGEST_DIGEST],
        context: &Context<'_>,
    ) -> Result<Option<Answer<'d>>, P::Error> {
        match step {
            Step::DigestImage { component, algorithm, size } => {
                let name = match self.of(component) {
                    Some(Held::Fetched) => return Ok(None),
                    Some(Held::Bytes(bytes)) => {
                        let hash = context.hash(*algorithm, &[bytes]);
                        return Ok(Some(match &hash {
                            Ok(hash) => image(hash.as_ref(), digest, bytes.len()),
                            Err(_) => Answer::Held(false),
                        }));
                    }
                    Some(Held::As(other)) => other,
                    None => *component,
                };
                let found = digest_of(platform, &name, *algorithm, *size, digest, context)?;
                Ok(Some(match found {
                    Some(ImageDigest { len, size }) => {
                        Answer::Image { digest: digest.get(..len).unwrap_or_default(), size }
                    }
                    None => Answer::Held(false),
                }))
            }
            Step::CheckContent { component, content } => Ok(match self.of(component) {
                Some(Held::Fetched) => None,
                Some(Held::Bytes(bytes)) => Some(Answer::Held(bytes == *content)),
                Some(Held::As(other)) => {
                    Some(Answer::Held(is_same_content(platform, &other, content)?))
                }
                None => Some(Answer::Held(is_same_content(platform, component, content)?)),
            }),
            Step::CountReferences(component) => {
                self.references(component, platform).map(|count| Some(Answer::Count(count)))
            }
            // The second processor has taken nothing over.
            #[cfg(feature = "hierarchy")]
            Step::Delegate { .. } => Ok(Some(Answer::Held(true))),
            step => carry_out(step, platform).map(Some),
        }
    }
}

/// Whether the step changes the device.
const fn is_effect(step: &Step<'_>) -> bool {
    matches!(
        step,
        Step::Fetch { .. }
            | Step::Write { .. }
            | Step::Copy { .. }
            | Step::Swap { .. }
            | Step::Invoke { .. }
            | Step::Unlink(_)
            | Step::CommitDependency { .. }
            | Step::Commit { .. }
    ) || is_delegated(step)
}

/// Whether the step asks a second processor, whose device is not this one.
const fn is_delegated(step: &Step<'_>) -> bool {
    #[cfg(feature = "hierarchy")]
    return match step {
        Step::Delegate { request: Delegated::LacksSection { .. }, .. } => false,
        step => matches!(step, Step::Delegate { .. }),
    };
    #[cfg(not(feature = "hierarchy"))]
    {
        let _ = step;
        false
    }
}

fn image<'d>(hash: &[u8], digest: &'d mut [u8; LONGEST_DIGEST], size: usize) -> Answer<'d> {
    for (place, byte) in digest.iter_mut().zip(hash) {
        *place = *byte;
    }
    let digest = digest.get(..hash.len()).unwrap_or_default();
    Answer::Image { digest, size: u64::try_from(size).unwrap_or(u64::MAX) }
}

/// Puts an envelope into the arena, and returns its length; more than there is room for ends the
/// procedure.
fn put(arena: &mut [u8], envelope: &[u8]) -> usize {
    match arena.get_mut(..envelope.len()) {
        Some(place) => {
            place.copy_from_slice(envelope);
            envelope.len()
        }
        None => usize::MAX,
    }
}
