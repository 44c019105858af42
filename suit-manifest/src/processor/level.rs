//! A manifest that is being processed: the root, or a dependency of the one above.

use cose_ext::cbor::Raw;

use super::{Procedure, Role, frame::Frame};
use crate::{Dependencies, Section};

/// What the processor keeps of the root, scanned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root<'m> {
    pub(super) shared: Option<Raw<'m>>,
    /// The sections in the order of the procedure.
    pub(super) sections: [Option<Raw<'m>>; Procedure::SECTIONS],
    pub(super) dependencies: Dependencies<'m>,
}

/// A manifest that is being processed. Of the root much is kept ([`Root`]), so that it is read
/// once; a dependency is read again from its envelope, whose bytes nobody changes meanwhile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level<'m, const COMPONENTS: usize> {
    pub(super) envelope: &'m [u8],
    /// For each component index of the manifest, its place in the table of the processor.
    pub(super) places: [u8; COMPONENTS],
    pub(super) components: u8,
    /// The section of it that is run; of the root, the procedure tells.
    pub(super) section: Section,
    /// The component index in the dependent that led here.
    pub(super) via: u8,
    /// The role of a dependency.
    pub(super) role: Role,
    /// For each component index, whether its dependency was processed in this section.
    pub(super) processed: [bool; COMPONENTS],
}

impl<const COMPONENTS: usize> Level<'_, COMPONENTS> {
    /// Returns the place of the component `index` in the table of the processor.
    pub(super) fn place(&self, index: u8) -> Option<usize> {
        let known = index < self.components;
        self.places.get(usize::from(index)).filter(|_| known).map(|place| usize::from(*place))
    }

    /// Returns whether the dependency `index` was processed in this section.
    pub(super) fn is_processed(&self, index: u8) -> bool {
        self.processed.get(usize::from(index)).is_some_and(|is_processed| *is_processed)
    }

    /// Notes that the dependency `index` was processed in this section.
    pub(super) fn set_processed(&mut self, index: u8) {
        if let Some(is_processed) = self.processed.get_mut(usize::from(index)) {
            *is_processed = true;
        }
    }
}

/// Bounded stack of sequences.
#[derive(Clone, Debug)]
pub(super) struct Stack<'m, const DEPTH: usize> {
    frames: [Option<Frame<'m>>; DEPTH],
    len: usize,
}

impl<'m, const DEPTH: usize> Stack<'m, DEPTH> {
    pub(super) fn new() -> Self {
        Self { frames: core::array::from_fn(|_| None), len: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn push(&mut self, frame: Frame<'m>) -> bool {
        let Some(free) = self.frames.get_mut(self.len) else { return false };
        *free = Some(frame);
        self.len = self.len.saturating_add(1);
        true
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn pop(&mut self) {
        self.len = self.len.saturating_sub(1);
        if let Some(last) = self.frames.get_mut(self.len) {
            *last = None;
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn top(&self) -> Option<&Frame<'m>> {
        self.frames.get(self.len.checked_sub(1)?)?.as_ref()
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn top_mut(&mut self) -> Option<&mut Frame<'m>> {
        self.frames.get_mut(self.len.checked_sub(1)?)?.as_mut()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Frame<'m>> {
        self.frames.iter().take(self.len).flatten()
    }
}
