//! What an answer means for the machine.

#[cfg(feature = "hierarchy")]
use super::hierarchy;
use super::{Answer, Outcome, Processor, Rehash, another_answer, command::parts, frame::Active};
use crate::{
    Error, Rule,
    command::{CommandKind, Condition, Directive},
    dependency::ARE_PROCESSED,
    parameters::Parameter,
};

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Takes the answer to the last step. The outcome of a condition or directive comes back, for
    /// reports.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) for an answer that does not belong to the
    /// step; [`Rule::ComponentKnown`] if the device does not have a component of the manifest.
    pub fn answer(&mut self, answer: Answer<'_>) -> Result<Option<Outcome<'m>>, Error> {
        if self.ended.is_some() {
            return Err(another_answer());
        }
        if let Some(component) = self.sought() {
            return match answer {
                Answer::Held(true) => {
                    self.found = self.found.saturating_add(1);
                    Ok(None)
                }
                Answer::Held(false) if !ARE_PROCESSED || self.frames.len() == 0 => {
                    let envelope = self.current().map_or(&[][..], |root| root.envelope);
                    Err(super::unknown_component(component.name.offset_in(envelope)))
                }
                Answer::Held(false) => {
                    self.refuse_dependency();
                    Ok(None)
                }
                _ => Err(another_answer()),
            };
        }
        if self.frames.len() == 0 {
            if self.rehash == Rehash::Due && self.section < self.root.sections.len() {
                match answer {
                    Answer::Held(true) => self.rehash = Rehash::Done,
                    Answer::Held(false) => self.refuse_section(Rule::ManifestUnchanged),
                    _ => return Err(another_answer()),
                }
                return Ok(None);
            }
            if let Some(component) = self.uncommitted_mut() {
                return match answer {
                    Answer::Done => {
                        component.marks.is_committed = true;
                        Ok(None)
                    }
                    Answer::Failed => Err(crate::ErrorKind::Policy(Rule::NumberStored).into()),
                    _ => Err(another_answer()),
                };
            }
            return match answer {
                _ if self.section < self.root.sections.len() || self.commit.is_none() => {
                    Err(another_answer())
                }
                Answer::Done => {
                    self.ended = Some(Ok(()));
                    Ok(None)
                }
                Answer::Failed => Err(crate::ErrorKind::Policy(Rule::NumberStored).into()),
                _ => Err(another_answer()),
            };
        }
        #[cfg(feature = "hierarchy")]
        if let Some(told) = self.told_of_section(answer) {
            return told.map(|()| None);
        }
        let is_due = core::mem::take(&mut self.is_due);
        let outcome = self.answered(answer);
        // The step is due still: it was paid for.
        if outcome.is_err() {
            self.is_due = is_due;
        }
        outcome
    }

    /// The outcome of the active command.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn answered(&mut self, answer: Answer<'_>) -> Result<Option<Outcome<'m>>, Error> {
        let (active, at) = self.due().ok_or(another_answer())?;
        let (kind, is_counted) = (active.kind, active.is_counted);
        match kind {
            CommandKind::Condition(condition) => self.tested(condition, at, answer),
            CommandKind::Directive(directive) => {
                let is_unlinked =
                    directive == Directive::Unlink && matches!(answer, Answer::Count(_));
                let succeeded = answer == Answer::Done || is_unlinked;
                let outcome = self.outcome(succeeded);
                self.carried_out(directive, is_counted, at, answer)?;
                Ok(outcome.filter(|_| succeeded || answer == Answer::Failed))
            }
        }
    }

    /// Goes on as if the device had answered the last step so: what a journal tells.
    pub(crate) fn replay(&mut self, succeeded: bool) -> Result<Option<Outcome<'m>>, Error> {
        self.is_due = false;
        let (active, _) = self.due().ok_or(another_answer())?;
        match active.kind {
            CommandKind::Condition(condition) => Ok(self.checked(condition, succeeded)),
            CommandKind::Directive(_) => {
                self.answer(if succeeded { Answer::Done } else { Answer::Failed })
            }
        }
    }

    /// The active command of the innermost sequence, and the component that it is run for.
    pub(super) fn active(&self) -> Option<(Active<'m>, u8)> {
        self.due().map(|(active, at)| (*active, at))
    }

    /// The active command where it stands, which is not copied.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn due(&self) -> Option<(&Active<'m>, u8)> {
        let frame = self.frames.top()?;
        let active = frame.active.as_ref()?;
        let at = frame.index.target(active.cursor, self.current()?.components)?;
        Some((active, at))
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn tested(
        &mut self,
        condition: Condition,
        at: u8,
        answer: Answer<'_>,
    ) -> Result<Option<Outcome<'m>>, Error> {
        #[cfg(feature = "hierarchy")]
        if let Some(outcome) = self.taken_over(condition, at, answer) {
            return outcome;
        }
        let holds = match (condition, answer) {
            (_, Answer::Held(false)) => false,
            (Condition::ImageMatch, Answer::Image { digest, size }) => {
                self.is_image(at, digest, size)
            }
            (Condition::ImageMatch | Condition::DependencyIntegrity, _) => {
                return Err(another_answer());
            }
            (_, Answer::Held(true)) => true,
            _ => return Err(another_answer()),
        };
        if condition == Condition::DependencyIntegrity
            && let Some(component) = self.component_mut(at)
        {
            component.dependency = None;
        }
        Ok(self.checked(condition, holds))
    }

    /// Goes on with the outcome of a condition.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn checked(&mut self, condition: Condition, holds: bool) -> Option<Outcome<'m>> {
        let outcome = self.outcome(holds);
        if condition == Condition::DependencyIntegrity && !holds {
            self.fail(Rule::DependencyIntact);
        } else {
            self.settle(holds);
        }
        outcome
    }

    /// Whether the image has the digest of the parameter, and its size if one is set.
    fn is_image(&self, at: u8, digest: &[u8], size: u64) -> bool {
        let Some(component) = self.component(at) else { return false };
        let stated = component.parameters.uint(Parameter::ImageSize);
        let value = component.parameters.bytes(Parameter::ImageDigest).and_then(parts);
        stated.is_none_or(|stated| stated == size)
            && value.is_some_and(|(_, value)| value == digest)
    }

    /// Whether the digest of the parameter is this one: algorithm, length and value.
    pub(super) fn is_digest(
        &self,
        at: u8,
        algorithm: cose_ext::crypto::Algorithm,
        value: &[u8],
    ) -> bool {
        let Some(component) = self.component(at) else { return false };
        let stated = component.parameters.bytes(Parameter::ImageDigest).and_then(parts);
        stated == Some((algorithm, value))
    }

    fn carried_out(
        &mut self,
        directive: Directive,
        is_counted: bool,
        at: u8,
        answer: Answer<'_>,
    ) -> Result<(), Error> {
        let changes = matches!(
            directive,
            Directive::Fetch | Directive::Write | Directive::Copy | Directive::Swap
        );
        match answer {
            Answer::Count(left)
                if ARE_PROCESSED && directive == Directive::Unlink && !is_counted =>
            {
                self.changed(directive, at);
                let holds = self.component(at).is_some_and(|one| one.dependency.is_some());
                match self.frames.top_mut().and_then(|frame| frame.active.as_mut()) {
                    // Its uninstall section comes next.
                    Some(active) if left == 0 && holds => active.is_counted = true,
                    _ => self.go_on(),
                }
            }
            #[cfg(feature = "hierarchy")]
            Answer::Done if hierarchy::sets_parameters(directive) => self.passed_on(),
            Answer::Done if directive == Directive::Unlink => return Err(another_answer()),
            Answer::Count(count) if changes && !is_counted => {
                if count > 0 {
                    self.abort(Rule::ReferenceCounted);
                } else if let Some(frame) = self.frames.top_mut()
                    && let Some(active) = &mut frame.active
                {
                    // A swap changes its source too, which is counted next.
                    active.is_counted = directive != Directive::Swap || active.alternative > 0;
                    active.alternative = 1;
                }
            }
            Answer::Done if !changes || is_counted => {
                self.changed(directive, at);
                self.go_on();
            }
            Answer::Failed if !changes || is_counted => self.abort(match directive {
                Directive::Copy | Directive::Swap => Rule::SourcePresent,
                _ => Rule::DirectiveFailed,
            }),
            _ => return Err(another_answer()),
        }
        Ok(())
    }

    /// Keeps in mind what a directive did to its component.
    fn changed(&mut self, directive: Directive, at: u8) {
        let is_strict = self.frames.top().is_none_or(|frame| frame.is_strict);
        let source = self.source(at).map(|(source, _)| source);
        if matches!(directive, Directive::Copy | Directive::Swap)
            && let Some(component) = source.and_then(|source| self.component_mut(source))
        {
            component.marks.is_source |= !is_strict;
            if directive == Directive::Swap {
                component.dependency = None;
                #[cfg(feature = "hierarchy")]
                component.forget();
            }
        }
        let Some(component) = self.component_mut(at) else { return };
        match directive {
            Directive::Fetch | Directive::Write | Directive::Copy | Directive::Swap => {
                component.dependency = None;
                #[cfg(feature = "hierarchy")]
                component.forget();
                component.marks.is_target |= !is_strict;
            }
            Directive::Unlink => component.marks.is_unlinked = true,
            _ => {}
        }
    }
}
