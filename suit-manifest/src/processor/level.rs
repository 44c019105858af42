//! A manifest that is being processed: the root, or a dependency of the one above.

use cose_ext::cbor::{Map, Raw, Reader};

use super::frame::Frame;
use crate::{ComponentId, Dependencies};

/// A manifest that is being processed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level<'m, const COMPONENTS: usize> {
    /// The members of the envelope, integrated payloads among them.
    pub(super) members: Map<'m>,
    /// What stands before its component identifiers.
    pub(super) prefix: Option<ComponentId<'m>>,
    pub(super) dependencies: Dependencies<'m>,
    /// The shared sequence, scanned.
    pub(super) shared: Option<Raw<'m>>,
    /// The section that is being run, scanned.
    pub(super) section: Option<Raw<'m>>,
    /// For each component index of the manifest, its place in the table of the processor.
    pub(super) places: [u8; COMPONENTS],
    pub(super) components: u8,
    /// The component index in the dependent that led here.
    pub(super) via: u8,
    /// A bit for each component index whose dependency was processed in this section.
    pub(super) processed: u64,
}

impl<const COMPONENTS: usize> Level<'_, COMPONENTS> {
    /// Returns the place of the component `index` in the table of the processor.
    pub(super) fn place(&self, index: u8) -> Option<usize> {
        let known = index < self.components;
        self.places.get(usize::from(index)).filter(|_| known).map(|place| usize::from(*place))
    }
}

impl<'m, const COMPONENTS: usize> Level<'m, COMPONENTS> {
    /// Returns the payload that the envelope brings along under `uri`.
    pub(super) fn integrated(&self, uri: &str) -> Option<&'m [u8]> {
        self.members.find_text(uri)?.read(Reader::bytes).ok()
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

    pub(super) fn push(&mut self, frame: Frame<'m>) -> bool {
        let Some(free) = self.frames.get_mut(self.len) else { return false };
        *free = Some(frame);
        self.len = self.len.saturating_add(1);
        true
    }

    pub(super) fn pop(&mut self) -> Option<Frame<'m>> {
        let last = self.len.checked_sub(1)?;
        self.len = last;
        self.frames.get_mut(last)?.take()
    }

    pub(super) fn top(&self) -> Option<&Frame<'m>> {
        self.frames.get(self.len.checked_sub(1)?)?.as_ref()
    }

    pub(super) fn top_mut(&mut self) -> Option<&mut Frame<'m>> {
        self.frames.get_mut(self.len.checked_sub(1)?)?.as_mut()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Frame<'m>> {
        self.frames.iter().take(self.len).flatten()
    }
}
