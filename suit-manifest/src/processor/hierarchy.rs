//! Dependencies under prefixes: below each other, and in the hands of a second processor (trust
//! domains 5.2.2, 5.4.1).

use cose_ext::{
    Context, Digest,
    cbor::{Raw, Strictness, Writer},
};

use super::{
    Answer, ComponentName, Outcome, Processor, Step, another_answer,
    command::parts,
    component::Component,
    frame::{Active, FrameKind},
};
use crate::{
    ComponentId, Error, ErrorKind, Rule, Section, Unsupported,
    command::{CommandKind, Condition, Directive},
    label::dependency,
    parameters::Parameter,
};

/// What a second processor is asked for (trust domains 5.4.1). It has keys, sequence numbers and a
/// journal of its own, and no more is told to it.
///
/// After a loss of power it may be asked for the same once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delegated<'m> {
    /// Take the envelope that the component holds, and verify it: its digest has to be this one,
    /// and its signer one that the second processor trusts. [`Answer::Held`].
    TakeOver {
        /// The digest that the dependent states.
        manifest: Digest<'m>,
    },
    /// Set parameters of a component that stands under the prefix, if the second processor lets
    /// the first one do that: [`Answer::Done`], or [`Answer::Failed`], which ends the procedure.
    SetParameters {
        /// A SUIT_Parameters map, checked.
        parameters: &'m [u8],
        /// Whether parameters that are set already are replaced.
        replaces: bool,
    },
    /// Run this section of the dependency that the component holds, and succeed if it has none:
    /// [`Answer::Done`], or [`Answer::Failed`].
    Run {
        /// The section that the dependent is in.
        section: Section,
    },
    /// Say whether the dependency that the component holds lacks this section, which its dependent
    /// has just ended without processing it: [`Answer::Held`]. If it does not lack it, the
    /// procedure ends ([`Rule::DependencySections`]).
    LacksSection {
        /// The section that the dependent was in.
        section: Section,
    },
}

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Hands dependencies whose prefix is one of `prefixes`, each the segments of a component
    /// identifier, to a second processor: the caller passes on each [`Step::Delegate`].
    ///
    /// The second processor verifies such a dependency and runs its sections, and this one asks for
    /// both and reads nothing of it. At the end of a section in which such a dependency was not
    /// processed, it asks whether the dependency lacks a section of that kind
    /// ([`Delegated::LacksSection`]), and if not the procedure ends (trust domains 5.1).
    #[must_use]
    pub const fn with_second_processor(mut self, prefixes: &'m [&'m [&'m [u8]]]) -> Self {
        self.second = prefixes;
        self
    }

    /// What the second processor is to be asked for in place of a command, if anything is.
    pub(super) fn delegate(
        &mut self,
        active: &Active<'m>,
        at: u8,
        context: &Context<'_>,
    ) -> Option<Step<'m>> {
        if self.second.is_empty() {
            return None;
        }
        let component = self.component(at)?.name;
        let request = match active.kind {
            CommandKind::Condition(Condition::DependencyIntegrity) => {
                let digest = self.component(at)?.parameters.bytes(Parameter::ImageDigest)?;
                let (algorithm, value) = parts(digest)?;
                let manifest = Digest::new(algorithm, value).ok()?;
                self.is_second(at, context).then_some(Delegated::TakeOver { manifest })?
            }
            CommandKind::Directive(Directive::ProcessDependency) => {
                self.component(at).filter(|one| one.marks.is_taken_over)?;
                if let Some(level) = self.current_mut() {
                    level.set_processed(at);
                }
                return Some(Step::Delegate {
                    component,
                    request: Delegated::Run { section: self.current_section() },
                });
            }
            CommandKind::Directive(directive) if sets_parameters(directive) => {
                let is_under = |prefix: &&[&[u8]]| is_under(&component, prefix);
                if active.is_counted || !self.second.iter().any(is_under) {
                    return None;
                }
                let replaces = directive == Directive::OverrideParameters;
                Delegated::SetParameters { parameters: active.argument.bytes(), replaces }
            }
            _ => return None,
        };
        if let Some(component) = self.component_mut(at) {
            component.marks.is_delegated = true;
        }
        Some(Step::Delegate { component, request })
    }

    /// What the second processor is to be asked for before the innermost sequence ends, if that is
    /// a section: whether it should have been asked to run one.
    pub(super) fn missed_section(&mut self, context: &Context<'_>) -> Option<Step<'m>> {
        if self.second.is_empty() || self.frames.top()?.kind != FrameKind::Section {
            return None;
        }
        let level = *self.current()?;
        let mut listed = self.dependencies(self.level, context).into_iter();
        let at = listed.find_map(|dependency| {
            let at = u8::try_from(dependency.index).ok()?;
            let is_missed = self.component(at)?.marks.is_taken_over && !level.is_processed(at);
            is_missed.then_some(at)
        })?;
        let section = self.current_section();
        let component = self.component_mut(at)?;
        component.marks.is_asked = true;
        let request = Delegated::LacksSection { section };
        Some(Step::Delegate { component: component.name, request })
    }

    /// Goes on with what the second processor says about a section that was not processed, if it
    /// was asked.
    pub(super) fn told_of_section(&mut self, answer: Answer<'_>) -> Option<Result<(), Error>> {
        if self.frames.top()?.active.is_some() {
            return None;
        }
        let components = self.current()?.components;
        let at = (0..components).find(|at| self.component(*at).is_some_and(|it| it.marks.is_asked));
        let at = at?;
        let Answer::Held(lacks) = answer else { return Some(Err(another_answer())) };
        self.component_mut(at)?.marks.is_asked = false;
        match lacks {
            true => self.current_mut()?.set_processed(at),
            false => self.abort(Rule::DependencySections),
        }
        Some(Ok(()))
    }

    /// Whether the dependency `at` is one of the second processor's.
    fn is_second(&self, at: u8, context: &Context<'_>) -> bool {
        let Some(given) = self.prefix_given(self.level, at, context) else { return false };
        let whole = self.outer_prefixes(context).chain([given]);
        self.second.iter().any(|prefix| {
            let segments = whole.clone().flat_map(|prefix| prefix.segments());
            segments.eq(prefix.iter().copied())
        })
    }

    /// Goes on with what the second processor says about a dependency, if it was asked.
    pub(super) fn taken_over(
        &mut self,
        condition: Condition,
        at: u8,
        answer: Answer<'_>,
    ) -> Option<Result<Option<Outcome<'m>>, Error>> {
        let component = self.component_mut(at)?;
        if condition != Condition::DependencyIntegrity || !component.marks.is_delegated {
            return None;
        }
        let Answer::Held(holds) = answer else { return Some(Err(another_answer())) };
        component.forget();
        component.dependency = None;
        component.marks.is_taken_over = holds;
        Some(Ok(self.checked(condition, holds)))
    }

    /// The parameters were passed on, and are set here next.
    pub(super) fn passed_on(&mut self) {
        if let Some(active) = self.frames.top_mut().and_then(|frame| frame.active.as_mut()) {
            active.is_counted = true;
        }
    }

    /// What stands before the component identifiers of the dependency `at`: the prefixes of all
    /// dependents above, one behind the other. Several are written into the arena as one, once.
    pub(super) fn prefix_for(
        &mut self,
        at: u8,
        context: &Context<'_>,
    ) -> Result<Option<ComponentId<'m>>, Error> {
        // A prefix has few bytes: it is written beside the arena first, from which it is read.
        let mut beside = [0; LONGEST_PREFIX];
        let len = match self.joined(at, &mut beside, context)? {
            Joined::Known(prefix) => return Ok(prefix),
            Joined::Written(len) => len,
        };
        let prefix = beside.get(..len).ok_or(too_long())?;
        let arena = core::mem::take(&mut self.arena);
        let (place, rest) = arena.split_at_mut_checked(len).ok_or(too_long())?;
        place.copy_from_slice(prefix);
        self.arena = rest;
        let strictness = Strictness::DETERMINISTIC;
        let raw = Raw::decode(place, 0, strictness, &context.profile.limits.cbor)?;
        ComponentId::read(&raw).map(Some)
    }

    /// The prefixes above and that of the dependency `at` as one.
    fn joined(
        &self,
        at: u8,
        beside: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Joined<'m>, Error> {
        let given = self.prefix_given(self.level, at, context);
        let whole = self.outer_prefixes(context).chain(given);
        if whole.clone().count() < 2 {
            return Ok(Joined::Known(whole.clone().next()));
        }
        let segments = || whole.clone().flat_map(|prefix| prefix.segments());
        let mut known = self.components.iter().flatten().filter_map(|one| one.name.prefix());
        if let Some(known) = known.find(|known| known.segments().eq(segments())) {
            return Ok(Joined::Known(Some(known)));
        }
        let mut writer = Writer::new(beside);
        writer.array(segments().count());
        for segment in segments() {
            writer.bytes(segment);
        }
        writer.finish().map(|written| Joined::Written(written.len())).map_err(|_| too_long())
    }
}

/// The prefixes of several levels as one.
enum Joined<'m> {
    /// There are fewer than two, or they were joined before.
    Known(Option<ComponentId<'m>>),
    /// They were joined now, and take so many bytes.
    Written(usize),
}

impl Component<'_> {
    /// Forgets what the second processor said about what the component held.
    pub(super) const fn forget(&mut self) {
        self.marks.is_delegated = false;
        self.marks.is_taken_over = false;
    }
}

/// The longest prefix that several levels make together, in bytes as it is encoded.
const LONGEST_PREFIX: usize = 128;

const fn too_long() -> Error {
    Error::new(ErrorKind::Unsupported(Unsupported::Member(dependency::PREFIX)))
}

pub(super) const fn sets_parameters(directive: Directive) -> bool {
    matches!(directive, Directive::OverrideParameters | Directive::SetParameters)
}

/// Whether a component stands under a prefix.
fn is_under(component: &ComponentName<'_>, prefix: &[&[u8]]) -> bool {
    let mut segments = component.segments();
    prefix.iter().all(|expected| segments.next() == Some(*expected))
}
