//! The `crit` parameter (RFC 9052 3.1).

use super::{Bucket, bucket::BATCH};
use crate::{
    Error, Label, Processed, Rule,
    cbor::{Array, Raw},
    error::{Breaks, Policy},
};

/// `crit`: labels that a verifier processes or refuses the message (RFC 9052 3.1).
#[derive(Clone, Copy, Debug)]
pub struct Crit<'a> {
    labels: Array<'a>,
}

impl<'a> Crit<'a> {
    pub(super) fn read(value: &Raw<'a>, protected: &Bucket<'_>) -> Result<Self, Error> {
        let labels = Array::new(value).breaks(Rule::CritForm)?;
        if labels.is_empty() {
            return Err(Error::malformed(Rule::CritForm, value.offset()));
        }
        let mut elements = labels.iter().enumerate();
        loop {
            let mut batch = [None; BATCH];
            for (slot, (index, element)) in batch.iter_mut().zip(elements.by_ref()) {
                let label = Label::read_raw(&element, Rule::CritForm)?;
                let repeats = |earlier: Raw<'_>| {
                    Label::read_raw(&earlier, Rule::CritForm).is_ok_and(|earlier| earlier == label)
                };
                if labels.iter().take(index).any(repeats) {
                    return Err(Error::malformed(Rule::CritForm, element.offset()));
                }
                *slot = Some((label, element.offset()));
            }
            if batch.first().is_none_or(Option::is_none) {
                return Ok(Self { labels });
            }
            // Also bounds the square above: labels that are not there end it.
            Self::check_presence(&batch, protected)?;
        }
    }

    fn check_presence(
        batch: &[Option<(Label<'_>, usize)>; BATCH],
        protected: &Bucket<'_>,
    ) -> Result<(), Error> {
        let mut is_here = [false; BATCH];
        let labels = batch.iter().flatten().enumerate().map(|(slot, (label, _))| (*label, slot));
        protected.find_each(labels, &mut |slot| {
            if let Some(is_here) = is_here.get_mut(slot) {
                *is_here = true;
            }
        });
        let mut missing = batch.iter().flatten().zip(is_here).filter(|(_, is_here)| !is_here);
        match missing.next() {
            Some(((_, offset), _)) => Err(Error::malformed(Rule::CritPresent, *offset)),
            None => Ok(()),
        }
    }

    /// Returns the labels, each once.
    pub fn labels(&self) -> impl Iterator<Item = Label<'a>> + use<'a> {
        self.labels.iter().filter_map(|label| Label::read_raw(&label, Rule::CritForm).ok())
    }

    /// Refuses what is neither in `processed` nor common to all of COSE (RFC 9052 3.1 asks every
    /// implementation to process labels 1 to 6).
    pub(crate) fn check(&self, processed: &Processed<'_>) -> Result<(), Error> {
        for element in &self.labels {
            let label = Label::read_raw(&element, Rule::CritForm)?;
            let common = matches!(label.to_i64(), Some(1..=6));
            if !common && !processed.contains(label) {
                let offset = element.offset();
                return Err(Error::from(Policy::CriticalNotProcessed).at(offset));
            }
        }
        Ok(())
    }
}
