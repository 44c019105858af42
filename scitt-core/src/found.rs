//! What the receipts of one statement have shown.

use cose_ext::{Notes, Verified};
use merkle_proof::cose::SignedRoot;

use crate::{EntryRule, Included, LoggedStatement, StatementEntries};

/// What the receipts of one statement have shown so far: the first that counted, and what was
/// accepted leniently in any of them. It stands in one place, because it is large, and each frame
/// down to the check of a signature would hold one.
pub(crate) struct Found<'a, 's> {
    pub(crate) first: Option<Included<'a, LoggedStatement<'s>>>,
    pub(crate) notes: Notes,
}

impl<'a, 's> Found<'a, 's> {
    pub(crate) const fn nothing() -> Self {
        Self { first: None, notes: Notes::NOTHING }
    }

    /// Adds a root that the entry by `rule` is under.
    #[inline(never)] // What it copies is not on the stack while signatures are checked.
    pub(crate) fn add(
        &mut self,
        entries: &StatementEntries<'s>,
        rule: &EntryRule,
        root: &Verified<SignedRoot<'a>>,
    ) {
        self.notes = self.notes.and(root.by().notes());
        if self.first.is_none() {
            self.first = Some(Included::new(entries.logged(rule), *root));
        }
    }
}
