//! What the end of a sequence means for the one around it.

use cose_ext::Context;

use super::{NestedFailure, Processor, frame::FrameKind};
use crate::{
    Error, Rule,
    command::{CommandKind, Condition, Directive},
    dependency::ARE_PROCESSED,
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
        if ARE_PROCESSED && let Some(above) = self.level.checked_sub(1) {
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
        let Some(ended) = self.soft_sequences().filter(|_| !is_hard) else {
            self.abort(rule);
            return;
        };
        for _ in 0..ended {
            self.frames.pop();
        }
        let Some(outer) = self.frames.top_mut() else { return };
        let Some(active) = &mut outer.active else { return };
        if active.kind == CommandKind::Directive(Directive::TryEach) {
            active.alternative = active.alternative.saturating_add(1);
        } else {
            outer.go_on();
        }
    }

    /// A try-each whose sequences all failed.
    pub(super) fn exhausted(&mut self) {
        match self.readings.nested_failure {
            NestedFailure::Ends => self.abort(Rule::TryEachExhausted),
            NestedFailure::Condition => self.fail(Rule::TryEachExhausted),
        }
    }

    /// How many sequences a failing condition ends, from the innermost to the first that fails
    /// softly; `None` if it ends the procedure.
    fn soft_sequences(&self) -> Option<usize> {
        let reach = match self.readings.nested_failure {
            NestedFailure::Ends => 1,
            NestedFailure::Condition => DEPTH,
        };
        let inner = self.frames.iter().rev().take(reach);
        let mut nested =
            inner.take_while(|frame| matches!(frame.kind, FrameKind::Alternative | FrameKind::Run));
        nested.position(|frame| frame.is_soft).map(|place| place.saturating_add(1))
    }
}
