//! The conformance page: each rule of each crate, and the tests that carry its name.
//!
//! A test belongs to a rule when its function's name starts with the rule's id in lower case and an underscore:
//! `fn c12_alg_must_be_protected` shows rule `C12`. Only functions with a test attribute count, and not those that are
//! ignored; in a `proptest!` block, too, it is the `#[test]` attribute that makes the function run.

mod page;
mod test_functions;

use std::path::Path;

use crate::Trouble;
pub use page::page;
pub use test_functions::{TestFunction, test_functions, tests_of_crate};

/// One rule, as a crate's `Rule` enum states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// `C12`.
    pub id: String,
    /// `RFC 9052 3.1`.
    pub clause: String,
    /// What must hold.
    pub holds: String,
}

impl RuleRow {
    /// Makes the row of a rule from its number, its clause and what holds.
    pub fn new(id: &str, clause: &str, holds: &str) -> Self {
        RuleRow { id: id.to_owned(), clause: clause.to_owned(), holds: holds.to_owned() }
    }
}

/// The rules and the tests of one crate.
#[derive(Clone, Debug)]
pub struct CrateRules {
    /// The crate's name, which is also its folder.
    pub name: String,
    /// Its rules, in the order of `Rule::ALL`.
    pub rules: Vec<RuleRow>,
    /// Every test function of its `src` and `tests`.
    pub tests: Vec<TestFunction>,
}

impl CrateRules {
    /// The crate `name` of the workspace, with the tests that its folder holds.
    pub fn read(
        workspace: &Path,
        name: &str,
        rules: impl IntoIterator<Item = RuleRow>,
    ) -> Result<Self, Trouble> {
        let tests = tests_of_crate(&workspace.join(name))?;
        Ok(CrateRules { name: name.to_owned(), rules: rules.into_iter().collect(), tests })
    }
}
