//! What each command does.

use cose_ext::{Context, cbor::Raw, crypto::Algorithm};

use super::{
    Processor, Step, UnlinkDirective,
    frame::{Active, Begun, FrameKind, Indices},
    index::Index,
    scan::sets_index,
};
use crate::{
    Envelope, Error, Rule,
    command::{CommandKind, Condition, Directive},
    cursor::Cursor,
    dependency::ARE_PROCESSED,
    parameters::{Parameter, ParameterKind},
};

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Begins the next command of the innermost sequence. What is about the machine alone is done
    /// here: the component index, and parameters of one component where nobody else is asked about
    /// them.
    #[inline]
    pub(super) fn begin(&mut self) -> Result<Begun, Error> {
        let is_asked = self.is_asked_about_parameters();
        let Some(frame) = self.frames.top_mut() else { return Ok(Begun::End) };
        let Some(command) = frame.next_command()? else { return Ok(Begun::End) };
        match command {
            _ if sets_index(command) => self.set_index(command)?,
            CommandKind::Directive(
                directive @ (Directive::OverrideParameters | Directive::SetParameters),
            ) if frame.index.is_one() && !is_asked => {
                self.set_parameters_at_once(directive)?;
            }
            _ => {
                frame.activate(command)?;
                return Ok(Begun::Active);
            }
        }
        Ok(Begun::Done)
    }

    /// Whether somebody else has a say about parameters.
    #[inline]
    const fn is_asked_about_parameters(&self) -> bool {
        #[cfg(feature = "hierarchy")]
        if !self.second.is_empty() {
            return true;
        }
        self.rights.0.is_some()
    }

    /// Sets parameters of one component in one reading. The command is the active one only where
    /// it ends the procedure.
    fn set_parameters_at_once(&mut self, directive: Directive) -> Result<(), Error> {
        let components = self.current().map_or(0, |level| level.components);
        let Some(frame) = self.frames.top() else { return Ok(()) };
        let Some(at) = frame.index.target(0, components) else { return Ok(()) };
        let start = frame.commands;
        let mut cursor = start;
        let refused = self.parameters(&mut cursor, directive, at)?;
        let bytes = cursor.offset().saturating_sub(start.offset());
        // Where the steps are used up nothing comes after the parameters that would read them.
        let refused = if self.spend(bytes) { refused } else { Some(Rule::BoundedProcessing) };
        let Some(frame) = self.frames.top_mut() else { return Ok(()) };
        match refused {
            None => frame.commands = cursor,
            Some(rule) => {
                frame.activate(CommandKind::Directive(directive))?;
                self.abort(rule);
            }
        }
        Ok(())
    }

    fn set_index(&mut self, command: CommandKind) -> Result<(), Error> {
        let components = self.current().map_or(0, |level| usize::from(level.components));
        let Some(frame) = self.frames.top_mut() else { return Ok(()) };
        // It is the active command only where it ends the procedure.
        let mut argument = frame.commands;
        let index = Index::next(&mut argument, components)?;
        let refused = match frame.indices {
            Indices::None => Some(Rule::StrictOrderIndex),
            Indices::Any | Indices::One => None,
        };
        let bytes = argument.offset().saturating_sub(frame.commands.offset());
        let refused = if self.spend(bytes) { refused } else { Some(Rule::BoundedProcessing) };
        let Some(frame) = self.frames.top_mut() else { return Ok(()) };
        if let Some(rule) = refused {
            frame.activate(command)?;
            self.abort(rule);
            return Ok(());
        }
        if frame.indices == Indices::One {
            frame.indices = Indices::None;
        }
        frame.index = index;
        frame.commands = argument;
        Ok(())
    }

    /// Runs the active command for one component: up to the step that its caller has to take.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn execute(
        &mut self,
        kind: CommandKind,
        at: u8,
        context: &Context<'_>,
    ) -> Result<Option<Step<'m>>, Error> {
        #[cfg(feature = "hierarchy")]
        if !self.second.is_empty()
            && let Some((active, _)) = self.active()
            && let Some(step) = self.delegate(&active, at, context)
        {
            return Ok(Some(step));
        }
        match kind {
            CommandKind::Condition(condition) => self.condition(condition, at, context),
            CommandKind::Directive(directive) => match self.active() {
                Some((active, _)) => self.directive(directive, &active, at, context),
                None => Ok(None),
            },
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn condition(
        &mut self,
        condition: Condition,
        at: u8,
        context: &Context<'_>,
    ) -> Result<Option<Step<'m>>, Error> {
        let Some(one) = self.component(at) else { return Ok(None) };
        let (component, parameters) = (one.name, &one.parameters);
        let step = match condition {
            Condition::VendorIdentifier => parameters
                .bytes(Parameter::VendorIdentifier)
                .or(parameters.encoded(Parameter::VendorIdentifier))
                .map(|vendor| Step::CheckVendor { component, vendor }),
            Condition::ClassIdentifier => parameters
                .bytes(Parameter::ClassIdentifier)
                .map(|class| Step::CheckClass { component, class }),
            Condition::DeviceIdentifier => parameters
                .bytes(Parameter::DeviceIdentifier)
                .map(|device| Step::CheckDevice { component, device }),
            Condition::ComponentSlot => parameters
                .uint(Parameter::ComponentSlot)
                .map(|slot| Step::CheckSlot { component, slot }),
            Condition::CheckContent => parameters
                .bytes(Parameter::Content)
                .map(|content| Step::CheckContent { component, content }),
            Condition::DependencyIntegrity if ARE_PROCESSED => {
                parameters.bytes(Parameter::ImageDigest).map(|_| Step::LoadDependency(component))
            }
            Condition::ImageMatch => match parameters.bytes(Parameter::ImageDigest) {
                None => None,
                Some(_) if self.is_dependency(at, context) => Some(Step::LoadDependency(component)),
                Some(digest) => Some(Step::DigestImage {
                    component,
                    algorithm: algorithm(digest).unwrap_or(Algorithm::new(0)),
                    size: parameters.uint(Parameter::ImageSize),
                }),
            },
            Condition::IsDependency if ARE_PROCESSED => {
                self.settle(self.is_dependency(at, context));
                return Ok(None);
            }
            // The scan has refused the conditions of extensions.
            _ => {
                self.settle(false);
                return Ok(None);
            }
        };
        if step.is_none() {
            self.fail(Rule::ParameterMissing);
        }
        Ok(step)
    }

    fn directive(
        &mut self,
        directive: Directive,
        active: &Active<'m>,
        at: u8,
        context: &Context<'_>,
    ) -> Result<Option<Step<'m>>, Error> {
        match directive {
            Directive::OverrideParameters | Directive::SetParameters => {
                let mut argument = Cursor::checked(&active.argument);
                match self.parameters(&mut argument, directive, at)? {
                    None => self.go_on(),
                    Some(rule) => self.abort(rule),
                }
            }
            Directive::RunSequence => self.run_sequence(active, at)?,
            Directive::TryEach => self.try_each(active, at)?,
            Directive::ProcessDependency if ARE_PROCESSED => {
                self.process_dependency(at, context)?;
            }
            Directive::Unlink if ARE_PROCESSED && active.is_counted => {
                self.uninstall_dependency(at, context)?;
            }
            _ => return Ok(self.effect(directive, active, at, context)),
        }
        Ok(None)
    }

    /// Sets the parameters of one component, and goes past them; returns the rule that they break,
    /// if they break one.
    #[cfg_attr(target_pointer_width = "64", inline)]
    fn parameters(
        &mut self,
        cursor: &mut Cursor<'m>,
        directive: Directive,
        at: u8,
    ) -> Result<Option<Rule>, Error> {
        let place = self.current().and_then(|level| level.place(at)).unwrap_or(COMPONENTS);
        let replace = directive == Directive::OverrideParameters;
        let mut keys = cursor.keys(Rule::ParameterForm)?;
        while keys.next() {
            // The scan has refused unknown parameters.
            let (Some(kind), value) = ParameterKind::scanned(cursor)? else { continue };
            match kind {
                ParameterKind::Kept(parameter) => {
                    let command = CommandKind::Directive(directive);
                    if !self.is_permitted(at, command, Some(parameter)) {
                        return Ok(Some(Rule::AccessGranted));
                    }
                    if let Some(Some(component)) = self.components.get_mut(place) {
                        component.parameters.set(parameter, value.bytes(), replace);
                    }
                }
                ParameterKind::StrictOrder => self.set_strict_order(is_true(&value)),
                ParameterKind::SoftFailure => {
                    let Some(frame) = self.frames.top_mut() else { return Ok(None) };
                    if matches!(frame.kind, FrameKind::Shared | FrameKind::Section) {
                        return Ok(Some(Rule::SoftFailureScoped));
                    }
                    frame.is_soft = is_true(&value);
                }
                ParameterKind::Unsupported(_) => {}
            }
        }
        Ok(None)
    }

    fn set_strict_order(&mut self, is_strict: bool) {
        for component in self.components.iter_mut().flatten() {
            component.marks.is_target = false;
            component.marks.is_source = false;
        }
        if let Some(frame) = self.frames.top_mut() {
            frame.is_strict = is_strict;
        }
    }

    fn run_sequence(&mut self, active: &Active<'m>, at: u8) -> Result<(), Error> {
        let Some(frame) = self.frames.top() else { return Ok(()) };
        let mut inner = frame.nested(&active.argument, FrameKind::Run, at)?;
        if !frame.is_strict {
            // The sequence has to be about components of its own (6.7).
            let is_one = frame.index.is_one();
            if is_one && !inner.clone().next_command()?.is_some_and(sets_index) {
                self.abort(Rule::StrictOrderIndex);
                return Ok(());
            }
            inner.indices = if is_one { Indices::One } else { Indices::None };
        }
        self.push(inner)
    }

    fn try_each(&mut self, active: &Active<'m>, at: u8) -> Result<(), Error> {
        let mut alternatives = Cursor::checked(&active.argument);
        alternatives.array(Rule::ArgumentForm)?;
        for _ in 0..active.alternative {
            alternatives.skip()?;
        }
        match alternatives.first() {
            None => self.exhausted(),
            // Nil, behind the last sequence.
            Some(0xf6) => self.go_on(),
            Some(_) => {
                let sequence = alternatives.byte_string(Rule::ArgumentForm)?;
                let Some(frame) = self.frames.top() else { return Ok(()) };
                let inner = frame.nested(&sequence, FrameKind::Alternative, at)?;
                return self.push(inner);
            }
        }
        Ok(())
    }

    /// Directives that do something on the device.
    fn effect(
        &mut self,
        directive: Directive,
        active: &Active<'m>,
        at: u8,
        context: &Context<'_>,
    ) -> Option<Step<'m>> {
        let one = self.component(at)?;
        let (component, parameters, is_unlinked) =
            (one.name, &one.parameters, one.marks.is_unlinked);
        let size = parameters.uint(Parameter::ImageSize);
        let source = self.source(at);
        let step = match directive {
            Directive::Fetch => parameters.text(Parameter::Uri).map(|uri| Step::Fetch {
                component,
                uri,
                integrated: self.integrated(uri, context),
                arguments: parameters.bytes(Parameter::FetchArguments),
                size,
            }),
            Directive::Write => parameters
                .bytes(Parameter::Content)
                .map(|content| Step::Write { component, content }),
            Directive::Copy => {
                source.map(|(_, source)| Step::Copy { source, destination: component })
            }
            Directive::Swap => {
                source.map(|(_, source)| Step::Swap { source, destination: component })
            }
            Directive::Invoke => {
                Some(Step::Invoke { component, arguments: parameters.bytes(Parameter::InvokeArgs) })
            }
            Directive::Unlink
                if ARE_PROCESSED
                    && (is_unlinked || self.readings.unlink == UnlinkDirective::Ignored) =>
            {
                self.go_on();
                return None;
            }
            Directive::Unlink if ARE_PROCESSED => Some(Step::Unlink(component)),
            // The scan has refused the directives of extensions.
            _ => None,
        };
        let Some(step) = step else {
            self.abort(Rule::ParameterMissing);
            return None;
        };
        if !matches!(
            directive,
            Directive::Fetch | Directive::Write | Directive::Copy | Directive::Swap
        ) {
            return Some(step);
        }
        if !active.is_counted {
            let is_first = active.alternative == 0;
            return Some(Step::CountReferences(if is_first { component } else { source?.1 }));
        }
        let source = source.map(|(source, _)| source);
        // A swap changes both components.
        if directive == Directive::Swap && !self.is_permitted(source?, active.kind, None) {
            return None;
        }
        if self.is_race(directive, at, source) {
            self.abort(Rule::StrictOrderSource);
            return None;
        }
        Some(step)
    }

    /// The source component of the component `at`, with its index.
    pub(super) fn source(&self, at: u8) -> Option<(u8, super::ComponentName<'m>)> {
        let index = self.component(at)?.parameters.uint(Parameter::SourceComponent)?;
        let index = u8::try_from(index).ok()?;
        Some((index, self.component(index)?.name))
    }

    /// Whether a component would be both target and source while the order does not count (6.7).
    fn is_race(&self, directive: Directive, at: u8, source: Option<u8>) -> bool {
        if self.frames.top().is_none_or(|frame| frame.is_strict) {
            return false;
        }
        let is_read = self.component(at).is_some_and(|target| target.marks.is_source);
        let reads = matches!(directive, Directive::Copy | Directive::Swap);
        let source = source.filter(|_| reads).and_then(|source| self.component(source));
        is_read || source.is_some_and(|source| source.marks.is_target)
    }

    fn is_dependency(&self, at: u8, context: &Context<'_>) -> bool {
        let dependencies = self.dependencies(self.level, context);
        !dependencies.is_empty() && dependencies.at(usize::from(at)).is_some()
    }

    /// The payload that the envelope brings along under `uri`.
    fn integrated(&self, uri: &str, context: &Context<'_>) -> Option<&'m [u8]> {
        let envelope = Envelope::decode(self.current()?.envelope, &context.profile).ok()?;
        envelope.integrated_payload(uri)
    }
}

/// Whether this is `true`.
fn is_true(value: &Raw<'_>) -> bool {
    matches!(value.bytes(), [0xf5])
}

/// The algorithm of a digest, whatever the length of its value.
fn algorithm(digest: &[u8]) -> Option<Algorithm> {
    parts(digest).map(|(algorithm, _)| algorithm)
}

/// Algorithm and value of a digest, whose length nobody has looked at: a value of another length
/// than the algorithm gives is a digest that no image has.
pub(super) fn parts(digest: &[u8]) -> Option<(Algorithm, &[u8])> {
    let mut cursor = Cursor::checked(&Raw::read_before(digest, 0));
    let is_pair = cursor.array(Rule::DigestForm).ok()? == 2;
    let algorithm = cursor.int(Rule::DigestForm).ok()??;
    let value = cursor.bytes(Rule::DigestForm).ok()?;
    (is_pair && cursor.is_at_end()).then_some((Algorithm::new(algorithm), value))
}
