//! What a validator reports about a result that can be read.

use super::Ear;
use crate::{
    Rule,
    ar4si::{Comparison, Tier},
};

/// A rule that a result breaks although it can be read, and where. It is reported whatever the
/// policy of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarFinding<'a> {
    /// The rule.
    pub rule: Rule,
    /// The submodule; `None` for the result as a whole.
    pub submodule: Option<&'a str>,
}

impl<'a> Ear<'a> {
    /// Returns everything that is wrong with the result although it can be read: a status that is
    /// better than what it sums up, one that cannot be compared, a date with a fraction.
    pub fn findings(&self) -> impl Iterator<Item = EarFinding<'a>> + use<'a> {
        let float = self.has_float_date().then_some(Rule::IntegerDate);
        let status = self.status();
        let global =
            status.and_then(|status| broken(status, self.worst_status(), Rule::GlobalStatusFloor));
        let whole = float.into_iter().chain(global);
        let of_appraisals = self.appraisals().filter_map(|(name, appraisal)| {
            let worst = appraisal.vector()?.worst();
            let rule = broken(appraisal.status(), worst, Rule::StatusFloor)?;
            Some(EarFinding { rule, submodule: Some(name) })
        });
        whole.map(|rule| EarFinding { rule, submodule: None }).chain(of_appraisals)
    }
}

fn broken(status: Tier, worst: Tier, floor: Rule) -> Option<Rule> {
    match status.compared_with(worst) {
        Comparison::NoBetter => None,
        Comparison::Better => Some(floor),
        Comparison::Doubtful => Some(Rule::StatusDoubtful),
    }
}
