//! A second processor: runs sections when a first one asks for them (trust domains 5.4.1).

use cose_ext::{
    Context, Verified,
    cbor::{Raw, Strictness},
};

use super::{Access, ComponentName, Processor, another_answer, scan::Part};
use crate::{
    Envelope, Error, Manifest, Rule, Section,
    command::{CommandKind, Directive},
    error::ErrorKind,
    parameters::{Parameter, ParameterKind, ParameterMap},
};

/// What a first processor may set where no access control says otherwise: parameters that do not
/// decide what is installed and started, for digests are compared afterwards.
const HARMLESS: [Parameter; 2] = [Parameter::Uri, Parameter::FetchArguments];

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Begins a section of the manifest that this processor was made for, of
    /// [`Procedure::OnRequest`](super::Procedure::OnRequest); returns whether the manifest has it.
    /// The section is looked at whole before its first step. Parameters persist from one section to
    /// the next.
    ///
    /// The steps follow as those of any procedure, up to
    /// [`Step::Ended`](super::Step::Ended). After a failure nothing more is run.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for a processor of another procedure or another envelope, or before
    /// the section before it has succeeded; those of [`new`](Self::new) for the section.
    pub fn request<B: Copy>(
        &mut self,
        envelope: &Envelope<'m>,
        manifest: &Verified<Manifest<'m>, B>,
        section: Section,
        context: &Context<'_>,
    ) -> Result<bool, Error> {
        let is_idle = self.frames.len() == 0 && !matches!(self.ended, Some(Err(_)));
        let is_same = self.levels.first().and_then(|root| root.as_ref());
        let is_same = is_same.is_some_and(|root| root.envelope == envelope.bytes());
        if !self.is_on_request() || !is_idle || !is_same {
            return Err(another_answer());
        }
        context.begin(envelope.bytes().len(), |context| {
            let content = envelope.section(manifest, section, context)?;
            let Some(content) = content.map(Verified::into_value) else { return Ok(false) };
            let scan = self.scanner(manifest.value(), context);
            scan.sequence::<DEPTH>(&content, Part::Section)?;
            if let Some(first) = self.root.sections.first_mut() {
                *first = Some(content);
            }
            if let Some(root) = self.levels.first_mut().and_then(Option::as_mut) {
                root.section = section;
            }
            self.section = 0;
            self.ended = None;
            Ok(true)
        })
    }

    /// Sets parameters of a component at the request of a first processor:
    /// [`Delegated::SetParameters`](super::Delegated::SetParameters). `parameters` is its map,
    /// which nobody vouches for here.
    ///
    /// Without [`with_access`](Self::with_access), URI and fetch arguments may be set. With it, the
    /// control decides about each parameter, for the role of the manifest. What the manifest itself
    /// overrides later, counts.
    ///
    /// # Errors
    ///
    /// [`Rule::ComponentKnown`] if the manifest has no such component; [`Rule::AccessGranted`] if
    /// one of the parameters may not be set, and none is then; those of parameters.
    pub fn set_parameters(
        &mut self,
        component: &ComponentName<'_>,
        parameters: &'m [u8],
        replaces: bool,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let limits = &context.profile.limits.cbor;
        let raw = Raw::decode(parameters, 0, Strictness::DETERMINISTIC, limits)?;
        let map = ParameterMap::new(&raw)?;
        let refused = |rule: Rule| Error::new(ErrorKind::Policy(rule));
        let mut components = self.components.iter_mut().flatten();
        let known = components.find(|known| known.name == *component);
        let known = known.ok_or(refused(Rule::ComponentKnown))?;
        let directive = match replaces {
            true => Directive::OverrideParameters,
            false => Directive::SetParameters,
        };
        let role = self.levels.first().and_then(Option::as_ref).map(|root| root.role);
        for entry in map.clone() {
            let (kind, value) = entry?;
            let ParameterKind::Kept(parameter) = kind else {
                return Err(refused(Rule::AccessGranted).at(value.offset()));
            };
            let access = Access {
                component: known.name,
                command: CommandKind::Directive(directive),
                parameter: Some(parameter),
            };
            let is_permitted = match (self.rights.0, role) {
                (Some(control), Some(role)) => control.permits(role, &access),
                _ => HARMLESS.contains(&parameter),
            };
            // Its index would count in the list of another manifest.
            if !is_permitted || parameter == Parameter::SourceComponent {
                return Err(refused(Rule::AccessGranted).at(value.offset()));
            }
        }
        for entry in map {
            if let (ParameterKind::Kept(parameter), value) = entry? {
                known.parameters.set(parameter, value.bytes(), replaces);
            }
        }
        Ok(())
    }
}
