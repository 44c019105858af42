//! What the end of a sequence means for the one around it.

use cose_ext::Context;

use super::{Processor, frame::FrameKind};
use crate::{
    Error, Rule,
    command::{CommandKind, Condition, Directive},
};

impl<const COMPONENTS: usize, const DEPTH: usize> Processor<'_, COMPONENTS, DEPTH> {
    /// The innermost sequence has run to its end.
    pub(super) fn end_sequence(&mut self, context: &Context<'_>) -> Result<(), Error> {
        let Some(kind) = self.frames.top().map(|frame| frame.kind) else { return Ok(()) };
        match kind {
            FrameKind::Shared => {
                self.frames.pop();
                let section = self.section_of_level(context)?;
                section.map_or(Ok(()), |section| self.push_part(&section, FrameKind::Section))
            }
            FrameKind::Section => self.end_section(context),
            FrameKind::Alternative | FrameKind::Run => {
                self.frames.pop();
                self.go_on();
                Ok(())
            }
        }
    }

    fn end_section(&mut self, context: &Context<'_>) -> Result<(), Error> {
        if self.has_missed_dependency(context)? {
            self.abort(Rule::DependencySections);
            return Ok(());
        }
        self.frames.pop();
        if let Some(above) = self.level.checked_sub(1) {
            if let Some(level) = self.levels.get_mut(self.level) {
                *level = None;
            }
            self.level = above;
            self.go_on();
        } else {
            self.section = self.section.saturating_add(1);
        }
        Ok(())
    }

    /// The innermost active command is done for its component.
    pub(super) fn go_on(&mut self) {
        if let Some(frame) = self.frames.top_mut() {
            frame.go_on();
        }
    }

    /// A condition was tested.
    pub(super) fn settle(&mut self, holds: bool) {
        if holds { self.go_on() } else { self.fail(Rule::ConditionFailed) }
    }

    /// The active condition failed: it ends its sequence if that fails softly, else the procedure.
    ///
    /// dependency-integrity always ends the procedure (trust domains 5.6.4).
    pub(super) fn fail(&mut self, rule: Rule) {
        let Some(frame) = self.frames.top() else { return };
        let is_hard = frame.active.as_ref().is_some_and(|active| {
            active.kind == CommandKind::Condition(Condition::DependencyIntegrity)
        });
        if is_hard || !frame.is_soft {
            self.abort(rule);
            return;
        }
        self.frames.pop();
        let Some(outer) = self.frames.top_mut() else { return };
        let Some(active) = &mut outer.active else { return };
        if active.kind == CommandKind::Directive(Directive::TryEach) {
            active.alternative = active.alternative.saturating_add(1);
        } else {
            outer.go_on();
        }
    }
}
