//! The processor: runs the sequences of a manifest, one step at a time.

mod access;
mod answer;
mod command;
mod component;
mod component_list;
mod dependency;
mod failure;
mod frame;
#[cfg(feature = "hierarchy")]
mod hierarchy;
mod index;
mod level;
mod nested;
#[cfg(feature = "hierarchy")]
mod on_request;
mod procedure;
mod readings;
mod scan;
mod step;

use cose_ext::{Context, Digest, Verified, cbor::Raw};

pub use access::{Access, AccessControl, Role};
pub use component::ComponentName;
pub use dependency::Authority;
pub use failure::{Enclosing, Failure};
#[cfg(feature = "hierarchy")]
pub use hierarchy::Delegated;
pub use procedure::{Procedure, Stored, Target};
pub use readings::{
    DependencyIndex, DependencyPrefix, DependencySignature, NestedFailure, Readings,
    UnlinkDirective,
};
pub use step::{Answer, Outcome, Place, Step};

use self::{
    access::Rights,
    component::Component,
    component_list::{component_ids, count_components},
    frame::{Active, Begun, Frame, FrameKind},
    level::{Level, Root, Stack},
    scan::{Part, Scan},
};
use crate::{
    ComponentId, Envelope, Error, ErrorKind, Limits, Manifest, ReportingPolicy, Rule, Section,
    error::{Fact, Limit, Misuse},
    strictness::unread,
};

/// Runs a procedure of a manifest, and of the dependencies that it processes, one step at a time.
///
/// It does nothing itself: [`step`](Self::step) says what is to be done next, the caller does it on
/// the device and [`answer`](Self::answer)s. [`run`](crate::run) does this over a
/// [`Platform`](crate::Platform). Only a verified manifest can be run, and nothing is done before
/// all sequences of the procedure were looked at: an unknown command, condition or parameter
/// rejects the manifest (draft-ietf-suit-manifest-37 6.1).
///
/// # State, invariant, cost
///
/// `COMPONENTS` bounds the components of the manifest and of its dependencies together, `DEPTH` the
/// sequences that are inside of each other, and the manifests too. Neither heap nor recursion; the
/// caller lends an arena for the envelopes of dependencies, which may be empty where there are
/// none. [`Limits::steps`] bounds the commands that are run.
#[derive(Debug)]
pub struct Processor<'m, const COMPONENTS: usize, const DEPTH: usize> {
    components: [Option<Component<'m>>; COMPONENTS],
    /// How many of them the device was found to have. They are looked for in their order.
    found: u8,
    levels: [Option<Level<'m, COMPONENTS>>; DEPTH],
    /// Index of the level that is being run.
    level: usize,
    frames: Stack<'m, DEPTH>,
    procedure: Procedure,
    root: Root<'m>,
    /// The section of the procedure that is being run.
    section: usize,
    /// The number to store after the last section, if it is to be moved.
    commit: Option<u64>,
    ended: Option<Result<(), Failure>>,
    /// How much work is left, and what bounds single commands.
    limits: Limits,
    readings: Readings,
    rights: Rights<'m>,
    rehash: Rehash,
    /// Whether the active command has given its step, which is paid for, and has no answer yet.
    is_due: bool,
    /// The prefixes of dependencies that a second processor runs.
    #[cfg(feature = "hierarchy")]
    second: &'m [&'m [&'m [u8]]],
    arena: &'m mut [u8],
}

/// Whether the manifest is hashed again before each section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rehash {
    Never,
    /// Before each section; the next one is due.
    Due,
    /// The next section may run.
    Done,
}

// State of a processor for four components and four sequences inside of each other.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Processor<'_, 4, 4>>() <= 1944 + HIERARCHY);
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Processor<'_, 4, 4>>() <= 1024 + HIERARCHY);

/// What the feature `hierarchy` adds to the state.
const HIERARCHY: usize = if cfg!(feature = "hierarchy") { size_of::<&[&[&[u8]]]>() } else { 0 };

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Prepares a procedure of `manifest`, which stands in `envelope`: checks the sequence number,
    /// the number of components, and every command of every sequence that the procedure may run.
    ///
    /// Parameters start cleared. `arena` keeps the envelopes of dependencies.
    ///
    /// # Errors
    ///
    /// [`Rule::SequenceNumber`], [`Rule::ComponentCount`], the rules of sequences and their
    /// commands; [`ErrorKind::Unsupported`] for commands and parameters of extensions that are not
    /// processed here, and for a section that was severed; [`ErrorKind::Limit`].
    pub fn new<B: Copy>(
        envelope: &Envelope<'m>,
        manifest: &Verified<Manifest<'m>, B>,
        procedure: Procedure,
        target: &Target<'_>,
        arena: &'m mut [u8],
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        // Filled where it is returned: it is large.
        let mut made = Ok(Self {
            components: [None; COMPONENTS],
            found: 0,
            levels: [None; DEPTH],
            level: 0,
            frames: Stack::new(),
            procedure,
            root: Root {
                shared: None,
                sections: [None; Procedure::SECTIONS],
                dependencies: manifest.value().common().dependencies(),
            },
            section: 0,
            commit: None,
            ended: None,
            limits: target.limits,
            readings: target.readings,
            rights: Rights(None),
            rehash: Rehash::Never,
            is_due: false,
            #[cfg(feature = "hierarchy")]
            second: &[],
            arena,
        });
        if let Ok(processor) = &mut made
            && let Err(error) = processor.prepare(envelope, manifest.value(), target, context)
        {
            made = Err(error);
        }
        made
    }

    /// Checks and scans the root.
    fn prepare(
        &mut self,
        envelope: &Envelope<'m>,
        manifest: &Manifest<'m>,
        target: &Target<'_>,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let procedure = self.procedure;
        self.commit = target.check_number(manifest, envelope, procedure)?;
        target.check_components(manifest)?;
        let level = self.enter(envelope, manifest, Section::Validate, 0, None)?;
        if let Some(shared) = manifest.common().shared_bytes() {
            self.root.shared = Some(unread(&shared, Rule::CommonForm)?);
        }
        context.begin(envelope.bytes().len(), |context| {
            let sections = procedure.sections();
            envelope.sections(manifest, sections, &mut self.root.sections, context)?;
            self.scan(manifest, context)
        })?;
        if let Some(root) = self.levels.first_mut() {
            *root = Some(level);
        }
        Ok(())
    }

    /// Asks, before each section, for the manifest to be hashed again where it stands
    /// ([`Step::HashManifest`]): for memory that may change between check and use.
    #[must_use]
    pub const fn with_rehash(mut self) -> Self {
        self.rehash = Rehash::Due;
        self
    }

    /// Returns the arena, for the envelope that [`Step::LoadDependency`] asks for.
    pub fn arena(&mut self) -> &mut [u8] {
        self.arena
    }

    /// Returns the commands in whose arguments a procedure failed, the outermost first.
    pub fn around(&self) -> impl Iterator<Item = Enclosing> {
        let inner = self.frames.len().saturating_sub(1);
        self.frames.iter().take(inner).filter_map(|frame| {
            let active = frame.active.as_ref()?;
            let offset = active.offset().saturating_sub(frame.start);
            Some(Enclosing { offset, command: active.kind })
        })
    }

    /// Returns which procedure of which manifest is run.
    pub(crate) fn identity(&self, context: &Context<'_>) -> (Procedure, Option<Digest<'m>>) {
        let root = self.levels.first().and_then(|level| level.as_ref());
        let envelope = root.and_then(|root| Envelope::decode(root.envelope, &context.profile).ok());
        (self.procedure, envelope.map(|envelope| envelope.authentication().digest()))
    }

    /// Returns the component indices that lead from the root to the dependency that is being run.
    pub fn manifest_path(&self) -> impl Iterator<Item = usize> {
        let lower = self.levels.iter().take(self.level.saturating_add(1)).skip(1);
        lower.flatten().map(|level| usize::from(level.via))
    }

    /// Returns what is to be done next. Asked again before an answer, it returns the same step and
    /// takes nothing more from [`Limits::steps`]; where none is left, the procedure ends.
    ///
    /// # Errors
    ///
    /// None for a manifest that [`new`](Self::new) has scanned. What goes wrong later, more steps
    /// than allowed among it, is the [`Failure`] of [`Step::Ended`].
    pub fn step(&mut self, context: &Context<'_>) -> Result<Step<'m>, Error> {
        loop {
            // Matched where it is made: a step is large.
            match self.advance(context) {
                Ok(None) => {}
                Ok(Some(step)) => return Ok(step),
                Err(error) => return Err(error),
            }
        }
    }

    /// One turn of the machine: a step, or nothing if it only changed its own state.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn advance(&mut self, context: &Context<'_>) -> Result<Option<Step<'m>>, Error> {
        // Once it has ended it says so again, whatever is asked or answered.
        if let Some(ended) = self.ended {
            return Ok(Some(Step::Ended(ended)));
        }
        // Every component is found before the first command: a manifest for another device does
        // nothing.
        if let Some(component) = self.sought() {
            return Ok(Some(Step::FindComponent(component.name)));
        }
        // No frame is open between two sections only.
        let Some(frame) = self.frames.top() else { return self.between_sections(context) };
        if frame.active.is_none() {
            match self.begin()? {
                Begun::Active => {}
                Begun::Done => return Ok(None),
                Begun::End => {
                    #[cfg(feature = "hierarchy")]
                    if let Some(question) = self.missed_section(context) {
                        return Ok(Some(question));
                    }
                    self.end_sequence(context)?;
                    return Ok(None);
                }
            }
        }
        let Some((active, component)) = self.due() else {
            // It is done for all of its components.
            if let Some(frame) = self.frames.top_mut() {
                frame.active = None;
            }
            return Ok(None);
        };
        let (kind, is_counted) = (active.kind, active.is_counted);
        let bytes = active.argument.bytes().len();
        // Spent before the command is run, and for each component that it is run for; once, however
        // often the step is asked for.
        if !self.is_due && !self.spend(bytes) {
            self.abort(Rule::BoundedProcessing);
            return Ok(None);
        }
        if !is_counted && !self.is_permitted(component, kind, None) {
            return Ok(None);
        }
        self.is_due = true;
        let step = self.execute(kind, component, context);
        if !matches!(step, Ok(Some(_))) {
            self.is_due = false;
        }
        step
    }

    /// Starts the next section of the root, or ends the procedure.
    fn between_sections(&mut self, context: &Context<'_>) -> Result<Option<Step<'m>>, Error> {
        let Some(section) = self.root.sections.get(self.section).copied() else {
            if let Some(step) = self.next_dependency_number(context) {
                return Ok(Some(step));
            }
            // The number moves when everything else is done: a cut before this runs the whole
            // procedure again.
            if let Some(sequence_number) = self.commit {
                return Ok(Some(Step::Commit { sequence_number }));
            }
            self.ended = Some(Ok(()));
            return Ok(None);
        };
        // A section that the manifest does not have is passed by: there is nothing to do in it.
        match section {
            None => self.section = self.section.saturating_add(1),
            Some(_) if self.rehash == Rehash::Due => {
                let (_, digest) = self.identity(context);
                return Ok(digest.map(|manifest| Step::HashManifest { manifest }));
            }
            Some(section) => {
                if self.rehash == Rehash::Done {
                    self.rehash = Rehash::Due;
                }
                self.start_section(self.root.shared, &section)?;
            }
        }
        Ok(None)
    }

    /// Starts a section of the current level, with the shared sequence before it if there is one.
    fn start_section(&mut self, shared: Option<Raw<'m>>, section: &Raw<'m>) -> Result<(), Error> {
        for component in self.components.iter_mut().flatten() {
            // Parameters outlive a section; what it selected does not.
            component.marks.is_target = false;
            component.marks.is_source = false;
        }
        if let Some(level) = self.current_mut() {
            level.processed = [false; COMPONENTS];
        }
        match shared {
            Some(shared) => self.push_part(&shared, FrameKind::Shared),
            None => self.push_part(section, FrameKind::Section),
        }
    }

    /// Starts the shared sequence of the current level, or its section.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn push_part(&mut self, part: &Raw<'m>, kind: FrameKind) -> Result<(), Error> {
        let level = u8::try_from(self.level).unwrap_or(u8::MAX);
        self.push(Frame::section(part, kind, self.current_section(), level)?)
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn push(&mut self, frame: Frame<'m>) -> Result<(), Error> {
        let start = frame.start;
        if self.frames.push(frame) {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::Limit(Limit::Depth)).at(start))
        }
    }

    fn current(&self) -> Option<&Level<'m, COMPONENTS>> {
        self.levels.get(self.level)?.as_ref()
    }

    fn current_mut(&mut self) -> Option<&mut Level<'m, COMPONENTS>> {
        self.levels.get_mut(self.level)?.as_mut()
    }

    /// The component `index` of the manifest that is being run.
    fn component(&self, index: u8) -> Option<&Component<'m>> {
        self.components.get(self.current()?.place(index)?)?.as_ref()
    }

    fn component_mut(&mut self, index: u8) -> Option<&mut Component<'m>> {
        let place = self.current()?.place(index)?;
        self.components.get_mut(place)?.as_mut()
    }

    /// The first component that the device was not asked for yet.
    #[inline]
    fn sought(&self) -> Option<&Component<'m>> {
        self.components.get(usize::from(self.found))?.as_ref()
    }

    /// The section that is being run; the procedure goes through them in its own order.
    fn current_section(&self) -> Section {
        if (self.level > 0 || self.is_on_request())
            && let Some(level) = self.current()
        {
            return level.section;
        }
        let sections = self.procedure.sections();
        sections.get(self.section).or(sections.last()).copied().unwrap_or(Section::Validate)
    }

    /// Whether sections are run at the request of a first processor, and no procedure orders them.
    const fn is_on_request(&self) -> bool {
        #[cfg(feature = "hierarchy")]
        return matches!(self.procedure, Procedure::OnRequest);
        #[cfg(not(feature = "hierarchy"))]
        false
    }

    /// Takes from what is left of the steps: one, and more for an argument that takes long to read.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn spend(&mut self, bytes: usize) -> bool {
        let cost = u32::try_from(bytes / STEP).unwrap_or(u32::MAX).saturating_add(1);
        let left = self.limits.steps.checked_sub(cost);
        self.limits.steps = left.unwrap_or(0);
        left.is_some()
    }

    /// Ends the procedure: the active command of the innermost sequence failed, or its section if
    /// there is none.
    fn abort(&mut self, rule: Rule) {
        let Some(frame) = self.frames.top() else { return };
        let active = frame.active.as_ref();
        let in_shared = self.is_in_shared();
        let components = self.current().map_or(0, |level| level.components);
        let target = active.and_then(|active| frame.index.target(active.cursor, components));
        self.ended = Some(Err(Failure {
            section: self.current_section(),
            in_shared,
            offset: active.map_or(0, |active| active.offset().saturating_sub(frame.start)),
            component_index: target.unwrap_or(0),
            command: active.map(|active| active.kind),
            rule,
        }));
    }

    /// Ends the procedure before its next section.
    fn refuse_section(&mut self, rule: Rule) {
        self.ended = Some(Err(Failure {
            section: self.current_section(),
            in_shared: false,
            offset: 0,
            component_index: 0,
            command: None,
            rule,
        }));
    }

    /// Whether the shared sequence is being run.
    fn is_in_shared(&self) -> bool {
        self.frames.top().is_some_and(|frame| frame.is_shared)
    }

    /// The place and the reporting policy of the active command, for the component that it is run
    /// for.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn outcome(&self, succeeded: bool) -> Option<Outcome<'m>> {
        let (active, at) = self.due()?;
        // The scan has refused other policies than these.
        let policy = match active.argument.bytes() {
            [policy @ 0..=15] => u64::from(*policy),
            _ => 0,
        };
        Some(Outcome {
            component: self.component(at)?.name,
            command: active.kind,
            succeeded,
            place: self.place(active, at),
            policy: ReportingPolicy::from_bits(policy),
        })
    }

    fn place(&self, active: &Active<'m>, at: u8) -> Place {
        let frame = self.frames.top();
        Place {
            section: frame.map_or(Section::Validate, |frame| frame.section),
            is_shared: frame.is_some_and(|frame| frame.is_shared),
            offset: active.offset().saturating_sub(frame.map_or(0, |frame| frame.start)),
            component_index: at,
        }
    }

    /// Returns where the command stands that the last step came from; `None` between sections.
    #[must_use]
    pub fn current_place(&self) -> Option<Place> {
        let (active, at) = self.due()?;
        Some(self.place(active, at))
    }

    /// Scans all sequences of the root that the procedure may run.
    fn scan(&self, manifest: &Manifest<'m>, context: &Context<'_>) -> Result<(), Error> {
        let scan = self.scanner(manifest, context);
        if let Some(shared) = &self.root.shared {
            // Looked at whole before anything is done, so that an unknown command never stops a
            // device half-way.
            scan.sequence::<DEPTH>(shared, Part::Shared)?;
        }
        for section in self.root.sections.iter().flatten() {
            scan.sequence::<DEPTH>(section, Part::Section)?;
        }
        Ok(())
    }

    fn scanner(&self, manifest: &Manifest<'m>, context: &Context<'_>) -> Scan {
        Scan {
            cbor: context.profile.limits.cbor,
            limits: self.limits,
            components: count_components(manifest, self.readings),
            depth: self.frames.len(),
        }
    }

    /// The place of a component in the table, into which it is put if it is new. One component that
    /// two manifests name is one place.
    fn place_of(&mut self, name: ComponentName<'m>) -> Option<u8> {
        let is_it = |one: &Option<Component<'m>>| one.as_ref().is_none_or(|it| it.name == name);
        let place = self.components.iter().position(is_it)?;
        self.components.get_mut(place)?.get_or_insert_with(|| Component::new(name));
        // One fewer than numbers, so that it can be counted up to all of them.
        u8::try_from(place).ok().filter(|place| *place < u8::MAX)
    }

    /// Puts the components of a manifest into the table.
    fn enter(
        &mut self,
        envelope: &Envelope<'m>,
        manifest: &Manifest<'m>,
        section: Section,
        via: u8,
        prefix: Option<ComponentId<'m>>,
    ) -> Result<Level<'m, COMPONENTS>, Error> {
        let common = manifest.common();
        if !common.dependencies().is_empty() {
            if self.readings.dependency_index == DependencyIndex::Component {
                common.check_dependencies()?;
            }
            if self.readings.dependency_prefix == DependencyPrefix::Refused {
                self.check_no_prefix(&common)?;
            }
        }
        let mut places = [0; COMPONENTS];
        let mut components = 0u8;
        for id in component_ids(manifest, self.readings) {
            let too_many = || Error::new(ErrorKind::Limit(Limit::Components)).at(id.offset());
            let place = places.get_mut(usize::from(components)).ok_or_else(too_many)?;
            *place = self.place_of(ComponentName::new(prefix, id)).ok_or_else(too_many)?;
            components = components.checked_add(1).ok_or_else(too_many)?;
        }
        Ok(Level {
            envelope: envelope.bytes(),
            places,
            components,
            section,
            via,
            role: Role::default(),
            processed: [false; COMPONENTS],
        })
    }
}

/// Bytes of an argument that are read at the cost of one step.
const STEP: usize = 64;

/// Why a component is refused that the device does not have, and whose name stands there.
const fn unknown_component(offset: usize) -> Error {
    Error::new(ErrorKind::Policy(Rule::ComponentKnown)).at(offset)
}

/// Why an answer is refused that does not belong to the step.
const fn another_answer() -> Error {
    Error::new(ErrorKind::Misuse(Misuse::Answer))
}

/// The number of something, for an error.
const fn count(count: usize) -> Fact {
    Fact::Count(count)
}
