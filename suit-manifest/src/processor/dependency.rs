//! Dependencies: manifests that the manifest processes (trust domains 5).

use core::fmt;

use cose_ext::{Context, cbor::Raw};

use super::{
    ComponentName, DependencyIndex, DependencyPrefix, DependencySignature, Outcome, Processor,
    Role, Step, another_answer, component::Component, level::Level, scan::Part,
};
use crate::{
    AuthenticationPolicy, Authenticator, Common, ComponentId, Dependencies, Dependency, Envelope,
    Error, ErrorKind, Manifest, Rule, Section, SectionBytes, Unsupported,
    command::{CommandKind, Condition},
    dependency::ARE_PROCESSED,
    label::dependency::PREFIX,
    parameters::Parameter,
    strictness::unread,
};

/// A dependency whose section is to be run: its level, its shared sequence and the section.
type Opened<'m, const COMPONENTS: usize> = (Level<'m, COMPONENTS>, Option<Raw<'m>>, Raw<'m>);

/// Who may sign dependencies.
#[derive(Clone, Copy)]
pub struct Authority<'t> {
    /// Whose keys count.
    pub trust: &'t dyn Authenticator,
    /// How many of them. A dependency needs a signature of its own, beside the digest that its
    /// dependent states (trust domains 5.1), unless
    /// [`Readings::dependency_signature`](super::Readings::dependency_signature) waives it.
    pub policy: &'t AuthenticationPolicy<'t>,
}

impl fmt::Debug for Authority<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Answers [`Step::LoadDependency`](super::Step::LoadDependency): the envelope is the first
    /// `len` bytes of the arena. It is opened only as far as wrapper and manifest; digests and
    /// signature are checked before a byte of the manifest is read. `stored` is the sequence number
    /// that was committed for the dependency in this component, if one was: it must not be higher
    /// than that of the dependency.
    ///
    /// The outcome is that of the condition. What keeps a dependency from being authentic is a
    /// failed condition, and no error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] if no dependency was asked for. An arena that is too small for `len`
    /// ends the procedure.
    pub fn loaded(
        &mut self,
        len: usize,
        stored: Option<u64>,
        authority: &Authority<'_>,
        context: &Context<'_>,
    ) -> Result<Option<Outcome<'m>>, Error> {
        let (active, at) = self.due().filter(|_| ARE_PROCESSED).ok_or(another_answer())?;
        match active.kind {
            CommandKind::Condition(Condition::DependencyIntegrity) => {
                self.is_due = false;
                let Some(envelope) = self.keep(len, at) else {
                    self.abort(Rule::ArenaRoom);
                    return Ok(None);
                };
                let is_waived = self.readings.dependency_signature == DependencySignature::Waived;
                let role = context.begin(envelope.len(), |context| {
                    self.role_if_intact(envelope, at, authority, context)
                });
                let holds = role.is_some();
                let role = role.flatten();
                if holds && role.is_none() {
                    self.abort(Rule::AccessGranted);
                    return Ok(None);
                }
                let number = stored.filter(|_| holds).and(sequence_number(envelope, context));
                if stored.is_some_and(|stored| number.is_some_and(|number| number < stored)) {
                    self.abort(Rule::DependencyNumber);
                    return Ok(None);
                }
                if let Some(component) = self.component_mut(at) {
                    component.dependency = holds.then_some(envelope);
                    component.role = role.unwrap_or_default();
                    component.marks.is_unsigned = holds && is_waived;
                    component.marks.is_committed = false;
                }
                Ok(self.checked(Condition::DependencyIntegrity, holds))
            }
            CommandKind::Condition(Condition::ImageMatch) => {
                self.is_due = false;
                let Some(bytes) = self.arena.get(..len) else {
                    self.abort(Rule::ArenaRoom);
                    return Ok(None);
                };
                let holds = context.begin(len, |context| self.is_manifest(bytes, at, context));
                Ok(self.checked(Condition::ImageMatch, holds))
            }
            _ => Err(another_answer()),
        }
    }

    /// Takes the envelope out of the arena, or finds the same one where it was kept before.
    fn keep(&mut self, len: usize, at: u8) -> Option<&'m [u8]> {
        let bytes = self.arena.get(..len)?;
        if let Some(kept) = self.component(at).and_then(|one| one.dependency)
            && kept == bytes
        {
            return Some(kept);
        }
        let arena = core::mem::take(&mut self.arena);
        let (envelope, rest) = arena.split_at_mut(len);
        self.arena = rest;
        Some(envelope)
    }

    /// The role of the dependency if its envelope is authentic and the one that the dependent means
    /// (trust domains 5.6.4), and if it has a role at all.
    fn role_if_intact(
        &self,
        bytes: &'m [u8],
        at: u8,
        authority: &Authority<'_>,
        context: &Context<'_>,
    ) -> Option<Option<Role>> {
        let envelope = Envelope::decode(bytes, &context.profile).ok()?;
        let stated = envelope.authentication().digest();
        if !self.is_digest(at, stated.algorithm(), stated.value()) {
            return None;
        }
        let name = self.component(at)?.name;
        if self.readings.dependency_signature == DependencySignature::Waived {
            envelope.intact(context).ok()?;
            let dependent = self.current()?.role;
            return Some(match self.rights.0 {
                None => Some(Role::default()),
                Some(control) => control.unsigned_role(&name, dependent),
            });
        }
        let verified = envelope.verify(authority.trust, authority.policy, context).ok()?;
        Some(match self.rights.0 {
            None => Some(Role::default()),
            Some(control) => control.role(&name, verified.by()),
        })
    }

    /// Returns the components whose dependencies were taken without a look at their own signature
    /// ([`DependencySignature::Waived`]): what whoever tells of the success has to tell too.
    pub fn unsigned_dependencies(&self) -> impl Iterator<Item = ComponentName<'m>> {
        let components = self.components.iter().flatten();
        components.filter(|component| component.marks.is_unsigned).map(|component| component.name)
    }

    /// Refuses a manifest that gives a prefix to a dependency.
    pub(super) fn check_no_prefix(&self, common: &Common<'m>) -> Result<(), Error> {
        // What stands behind the components of the manifest is an identifier, and no prefix.
        let len = common.components().len();
        let has_prefix = |one: Dependency<'_>| one.prefix.is_some() && one.index < len;
        match common.dependencies().into_iter().any(has_prefix) {
            true => Err(ErrorKind::Unsupported(Unsupported::Member(PREFIX)).into()),
            false => Ok(()),
        }
    }

    /// Whether the digest of the manifest, its byte string head included, is the one that the
    /// dependent states (trust domains 5.2.2).
    fn is_manifest(&self, bytes: &[u8], at: u8, context: &Context<'_>) -> bool {
        let Ok(envelope) = Envelope::decode(bytes, &context.profile) else { return false };
        let Some(component) = self.component(at) else { return false };
        let digest = component.parameters.bytes(Parameter::ImageDigest);
        let Some((algorithm, _)) = digest.and_then(super::command::parts) else { return false };
        let item = envelope.manifest_item();
        let Ok(computed) = context.hash(algorithm, &[item.bytes()]) else { return false };
        self.is_digest(at, algorithm, computed.as_ref())
    }

    /// Runs the section of a dependency that its dependent is in.
    pub(super) fn process_dependency(
        &mut self,
        at: u8,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let listed = self.dependencies(self.level, context).at(usize::from(at));
        if listed.is_none() {
            // Under the index true it applies to all dependencies, and to nothing else (5.6.2).
            let is_all = self.frames.top().is_some_and(|frame| frame.index.is_all());
            if is_all {
                self.go_on();
            } else {
                self.abort(Rule::DependencyProcessed);
            }
            return Ok(());
        };
        let Some(bytes) = self.component(at).and_then(|component| component.dependency) else {
            self.abort(Rule::DependencyChecked);
            return Ok(());
        };
        if let Some(level) = self.current_mut() {
            level.set_processed(at);
        }
        self.enter_dependency(bytes, self.current_section(), at, context)
    }

    /// Runs the uninstall section of a dependency that nothing refers to any more (trust domains
    /// 6).
    pub(super) fn uninstall_dependency(
        &mut self,
        at: u8,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let Some(bytes) = self.component(at).and_then(|component| component.dependency) else {
            self.go_on();
            return Ok(());
        };
        self.enter_dependency(bytes, Section::Uninstall, at, context)
    }

    /// Starts a section of a dependency, if it has it.
    fn enter_dependency(
        &mut self,
        bytes: &'m [u8],
        section: Section,
        at: u8,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        if !self.spend(bytes.len()) {
            self.abort(Rule::BoundedProcessing);
            return Ok(());
        }
        match self.open(bytes, section, at, context) {
            Ok(None) => self.go_on(),
            Ok(Some((mut level, shared, section))) => {
                level.role = self.component(at).map_or(Role::default(), |one| one.role);
                let below = self.level.saturating_add(1);
                if let Some(free) = self.levels.get_mut(below) {
                    *free = Some(level);
                    self.level = below;
                    return self.start_section(shared, &section);
                }
                self.abort(Rule::DependencyRoom);
            }
            Err(error) => self.abort(match error.kind() {
                ErrorKind::Limit(_) => Rule::DependencyRoom,
                _ => Rule::DependencyUsable,
            }),
        }
        Ok(())
    }

    /// The next dependency whose sequence number is to be moved after an update.
    pub(super) fn next_dependency_number(&mut self, context: &Context<'_>) -> Option<Step<'m>> {
        loop {
            let component = self.uncommitted_mut()?;
            let (name, bytes) = (component.name, component.dependency?);
            match sequence_number(bytes, context) {
                Some(sequence_number) => {
                    return Some(Step::CommitDependency { component: name, sequence_number });
                }
                None => component.marks.is_committed = true,
            }
        }
    }

    /// A component that holds a dependency whose sequence number is to be moved.
    pub(super) fn uncommitted_mut(&mut self) -> Option<&mut Component<'m>> {
        let is_last = self.section >= self.root.sections.len();
        if !ARE_PROCESSED || !self.procedure.moves_number() || !is_last {
            return None;
        }
        let mut components = self.components.iter_mut().flatten();
        components.find(|one| one.dependency.is_some() && !one.marks.is_committed)
    }

    /// Reads a dependency, scans what is to be run of it, and puts its components into the table;
    /// nothing if it has no such section.
    fn open(
        &mut self,
        bytes: &'m [u8],
        wanted: Section,
        at: u8,
        context: &Context<'_>,
    ) -> Result<Option<Opened<'m, COMPONENTS>>, Error> {
        // These very bytes were authenticated by dependency-integrity, and nothing changes them
        // here.
        let envelope = Envelope::decode(bytes, &context.profile)?;
        let manifest = envelope.danger_unverified_manifest(&context.profile)?;
        let Some(section) = content(&envelope, &manifest, wanted)? else {
            return Ok(None);
        };
        let prefix = self.prefix_for(at, context)?;
        let scan = self.scanner(&manifest, context);
        let shared = manifest.common().shared_bytes();
        let shared = shared.map(|shared| unread(&shared, Rule::CommonForm)).transpose()?;
        if let Some(shared) = &shared {
            scan.sequence::<DEPTH>(shared, Part::Shared)?;
        }
        scan.sequence::<DEPTH>(&section, Part::Section)?;
        let level = self.enter(&envelope, &manifest, wanted, at, prefix)?;
        Ok(Some((level, shared, section)))
    }

    /// The dependencies of the manifest at a level.
    pub(super) fn dependencies(&self, level: usize, context: &Context<'_>) -> Dependencies<'m> {
        if !ARE_PROCESSED || level == 0 {
            return self.root.dependencies;
        }
        self.common(level, context).map_or(Dependencies::NONE, |common| common.dependencies())
    }

    /// What the sequences of the manifest at a level share. It was read before, when the level was
    /// entered.
    fn common(&self, level: usize, context: &Context<'_>) -> Option<Common<'m>> {
        let level = self.levels.get(level)?.as_ref()?;
        let envelope = Envelope::decode(level.envelope, &context.profile).ok()?;
        let manifest = envelope.danger_unverified_manifest(&context.profile).ok()?;
        Some(manifest.common())
    }

    /// The prefix that the manifest at a level gives to its dependency `at`. Behind the components
    /// of the manifest, what stands there is the identifier of the dependency itself.
    pub(super) fn prefix_given(
        &self,
        level: usize,
        at: u8,
        context: &Context<'_>,
    ) -> Option<ComponentId<'m>> {
        let at = usize::from(at);
        let prefix = self.dependencies(level, context).at(at)?.prefix?;
        if self.readings.dependency_prefix == DependencyPrefix::Ignored {
            return None;
        }
        let is_identifier = self.readings.dependency_index == DependencyIndex::ComponentOrNext
            && self.common(level, context)?.components().len() <= at;
        (!is_identifier).then_some(prefix)
    }

    /// What stands before the component identifiers of the dependency `at`: the prefix that this
    /// manifest gives to it, or one above gave, of which there is one at most.
    #[cfg(not(feature = "hierarchy"))]
    fn prefix_for(
        &mut self,
        at: u8,
        context: &Context<'_>,
    ) -> Result<Option<ComponentId<'m>>, Error> {
        let prefix = self.prefix_given(self.level, at, context);
        let outer = self.outer_prefixes(context).next();
        if prefix.is_some() && outer.is_some() {
            let nested = Unsupported::Member(PREFIX);
            return Err(ErrorKind::Unsupported(nested).into());
        }
        Ok(prefix.or(outer))
    }

    /// The prefixes that the dependents above gave, the outermost first.
    pub(super) fn outer_prefixes(
        &self,
        context: &Context<'_>,
    ) -> impl Iterator<Item = ComponentId<'m>> + Clone {
        (1..=self.level).filter_map(move |level| {
            let via = self.levels.get(level)?.as_ref()?.via;
            self.prefix_given(level.saturating_sub(1), via, context)
        })
    }

    /// The section of the current level that is to be run.
    pub(super) fn section_of_level(&self, context: &Context<'_>) -> Result<Option<Raw<'m>>, Error> {
        if !ARE_PROCESSED || self.level == 0 {
            return Ok(self.root.sections.get(self.section).copied().flatten());
        }
        let Some(level) = self.current() else { return Ok(None) };
        let envelope = Envelope::decode(level.envelope, &context.profile)?;
        let manifest = envelope.danger_unverified_manifest(&context.profile)?;
        content(&envelope, &manifest, self.current_section())
    }

    /// Ends the procedure at the command that began to process a dependency, of which the device
    /// does not have a component.
    pub(super) fn refuse_dependency(&mut self) {
        self.frames.pop();
        if let Some(level) = self.levels.get_mut(self.level) {
            *level = None;
        }
        self.level = self.level.saturating_sub(1);
        self.abort(Rule::DependencyUsable);
    }

    /// Returns a dependency whose section should have been processed and was not (trust domains
    /// 5.1).
    pub(super) fn has_missed_dependency(&self, context: &Context<'_>) -> Result<bool, Error> {
        let Some(level) = self.current() else { return Ok(false) };
        let dependencies = self.dependencies(self.level, context);
        if dependencies.is_empty() {
            return Ok(false);
        }
        for dependency in dependencies {
            let Ok(at) = u8::try_from(dependency.index) else { continue };
            let kept = self.component(at).and_then(|component| component.dependency);
            let (Some(bytes), true) = (kept, !level.is_processed(at)) else { continue };
            let envelope = Envelope::decode(bytes, &context.profile)?;
            let manifest = envelope.danger_unverified_manifest(&context.profile)?;
            if manifest.section(self.current_section())?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The sequence number of a dependency that was authenticated before.
fn sequence_number(bytes: &[u8], context: &Context<'_>) -> Option<u64> {
    let envelope = Envelope::decode(bytes, &context.profile).ok()?;
    let manifest = envelope.danger_unverified_manifest(&context.profile).ok()?;
    Some(manifest.sequence_number())
}

/// The content of a section, not looked at, of a dependency whose severed members were checked
/// with its manifest.
fn content<'m>(
    envelope: &Envelope<'m>,
    manifest: &Manifest<'m>,
    section: Section,
) -> Result<Option<Raw<'m>>, Error> {
    let item = match manifest.section(section)? {
        None => return Ok(None),
        Some(SectionBytes::Inline(item)) => item,
        Some(SectionBytes::Severed(_)) => {
            let label = section.label();
            let absent = ErrorKind::Unsupported(Unsupported::SeveredAbsent(label));
            envelope.severed_member(label).ok_or(Error::new(absent))?
        }
    };
    unread(&item, Rule::ManifestForm).map(Some)
}
