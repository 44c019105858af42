//! Rules of specifications as an enum.
//!
//! A crate that enforces rules of a specification lists them once, with [`rules!`]: a short number,
//! the clause where the specification states the rule, a sentence that says what holds, and a
//! sentence that says what is wrong when the rule is broken. Errors name rules, tests are named by
//! them, and a page of conformance is made from them.
//!
//! A crate that stands on others has errors that name rules of several enums. [`RuleRef`] is the
//! one type for all of them.
//!
//! ```
//! spec_rules::rules! {
//!     /// The rules that this crate enforces.
//!     pub enum Rule {
//!         IndexBelowSize = "M3", "RFC 9162 2.1.3.2",
//!             holds "the leaf index is below the tree size",
//!             broken "the leaf is beyond the end of the tree";
//!     }
//! }
//!
//! let rule = Rule::IndexBelowSize;
//! assert_eq!(rule.id(), "M3");
//! assert_eq!(rule.broken(), "the leaf is beyond the end of the tree");
//! assert_eq!(rule.to_ref(), rule);
//! assert_eq!(rule.to_ref().to_string(), "M3, RFC 9162 2.1.3.2");
//! ```

#![no_std]
#![forbid(unsafe_code)]

mod rule_ref;
mod rules;

pub use rule_ref::RuleRef;
