//! Which of the kept manifests are asked for.

use cose_ext::Context;

use super::Kept;

/// Which of the manifests of a name are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The least sequence number: the one that was committed, for none below it may be started.
    pub at_least: u64,
    /// The sequence number that it has to be below: that of a manifest which could not be started,
    /// to fall back to the one before. `None` asks for the latest.
    pub below: Option<u64>,
}

impl Selection {
    /// The latest of all.
    pub const LATEST: Self = Self { at_least: 0, below: None };

    const fn has(&self, number: u64) -> bool {
        let is_below = match self.below {
            None => true,
            Some(below) => number < below,
        };
        is_below && number >= self.at_least
    }
}

/// The search for the manifest that a selection means, over slots that are looked at one by one.
pub(super) struct Search<'a> {
    is_it: &'a dyn Fn(&Kept<'_>) -> bool,
    selection: Selection,
    best: Option<(usize, u64)>,
}

impl<'a> Search<'a> {
    /// Returns the search among the manifests of which `is_it` says so.
    pub(super) const fn new(is_it: &'a dyn Fn(&Kept<'_>) -> bool, selection: Selection) -> Self {
        Self { is_it, selection, best: None }
    }

    /// Looks at what a slot holds. Only of a candidate the envelope is opened.
    pub(super) fn look(&mut self, kept: &Kept<'_>, context: &Context<'_>) {
        let number = kept.sequence_number();
        if (self.is_it)(kept)
            && self.selection.has(number)
            && self.best.is_none_or(|(_, best)| number > best)
            && kept.open(context).is_ok()
        {
            self.best = Some((kept.slot(), number));
        }
    }

    /// Returns the slot of the manifest with the greatest number, when all were looked at.
    pub(super) fn slot(&self) -> Option<usize> {
        self.best.map(|(slot, _)| slot)
    }
}
