//! What can be wrong, by whose fault it is.

use core::fmt;

use spec_rules::RuleRef;

use crate::Rule;

/// Why a proof was refused or a call not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The fault of the proof's maker: this cannot be a proof, whatever the hashes are.
    Malformed(Malformed),
    /// The fault of the proof's maker: it is a proof of something else.
    Verification {
        /// Which comparison failed.
        rule: Rule,
    },
    /// Refused by the verifier's own rules: a strict reading refuses what a lenient one accepts.
    Policy {
        /// The rule that is read strictly.
        rule: Rule,
    },
    /// A bound of this implementation.
    Limit(Limit),
    /// The caller's fault: a call that cannot be carried out.
    Misuse(Misuse),
}

/// What is wrong with the form of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// These bytes are not a hash of this tree.
    HashLength {
        /// The rule of this kind of tree.
        rule: Rule,
        /// How many bytes there were.
        length: usize,
    },
    /// The leaf is not in a tree of this size.
    IndexNotBelowSize {
        /// The leaf's index.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The leaf is not in the subtree.
    IndexOutsideSubtree {
        /// The leaf's index.
        index: u64,
        /// The subtree's first leaf.
        start: u64,
        /// The leaf after the subtree's last.
        end: u64,
    },
    /// No consistency proof leads from one of these sizes to the other.
    Sizes {
        /// What the two sizes break.
        rule: Rule,
        /// The older tree's size.
        older: u64,
        /// The newer tree's size.
        newer: u64,
    },
    /// There are too many elements in the path.
    PathTooLong {
        /// The rule of this kind of proof.
        rule: Rule,
    },
    /// Elements of the path are missing.
    PathTooShort {
        /// The rule of this kind of proof.
        rule: Rule,
    },
    /// A path element stands on the wrong side for the sizes that are known.
    PathSide {
        /// Which element, from 0.
        element: usize,
    },
    /// This interval is not a subtree of any tree.
    NotASubtree {
        /// The first leaf.
        start: u64,
        /// The leaf after the last.
        end: u64,
    },
    /// The subtree ends beyond the tree.
    SubtreeOutsideTree {
        /// The leaf after the subtree's last.
        end: u64,
        /// The tree's size.
        size: u64,
    },
    /// The leaves of a multi-proof do not ascend, or there are none.
    LeavesNotAscending,
    /// No Merkle Mountain Range ends after that many nodes.
    NotComplete {
        /// The number of nodes.
        size: u64,
    },
    /// The node is not in a Merkle Mountain Range of that many nodes.
    NotInRange {
        /// The node's index.
        index: u64,
        /// The number of nodes.
        size: u64,
    },
    /// The internal evidence of a CCF leaf is empty or too long.
    EvidenceLength {
        /// How many bytes it has.
        length: usize,
    },
}

/// A bound of this implementation that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// A path of more than [`MAX_PATH`](crate::MAX_PATH) elements.
    PathLength,
    /// A tree of 2^64 leaves.
    TreeSize,
}

/// A call that cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// An empty subtree says nothing about the tree, so no root comes out of it.
    EmptySubtreeHasNoRoot,
    /// The right range does not begin where the left one ends.
    NotAdjacent {
        /// The end of the left range.
        end: u64,
        /// The start of the right range.
        start: u64,
    },
    /// The interval would no longer be a subtree, so its hashes cannot be kept as one range.
    RangeNotASubtree {
        /// The first leaf.
        start: u64,
        /// The leaf after the last.
        end: u64,
    },
    /// The tree does not have that many leaves yet.
    BeyondTree {
        /// The size or end that was asked for.
        size: u64,
        /// The leaves there are.
        leaves: u64,
    },
    /// A stored state does not have one hash for each node.
    NodeCount {
        /// How many nodes there are.
        expected: usize,
    },
}

impl Error {
    /// Returns the rule that was broken, where there is one.
    #[inline]
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.broken_rule() {
            Some(rule) => Some(rule.to_ref()),
            None => None,
        }
    }

    const fn broken_rule(&self) -> Option<Rule> {
        match self {
            Self::Verification { rule } | Self::Policy { rule } => Some(*rule),
            Self::Malformed(malformed) => Some(malformed.rule()),
            Self::Limit(_) | Self::Misuse(_) => None,
        }
    }
}

impl Malformed {
    const fn rule(&self) -> Rule {
        match self {
            Self::HashLength { rule, .. }
            | Self::Sizes { rule, .. }
            | Self::PathTooLong { rule }
            | Self::PathTooShort { rule } => *rule,
            Self::IndexNotBelowSize { .. } => Rule::IndexBelowSize,
            Self::IndexOutsideSubtree { .. } => Rule::IndexInSubtree,
            Self::PathSide { .. } => Rule::CcfPathShape,
            Self::NotASubtree { .. } => Rule::SubtreeAligned,
            Self::SubtreeOutsideTree { .. } => Rule::SubtreeInTree,
            Self::EvidenceLength { .. } => Rule::CcfEvidenceLength,
            Self::LeavesNotAscending => Rule::MultiLeavesAscending,
            Self::NotComplete { .. } => Rule::MmrSizeComplete,
            Self::NotInRange { .. } => Rule::MmrIndexBelowSize,
        }
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<Misuse> for Error {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(malformed) => write!(f, "malformed proof: {malformed}")?,
            Self::Verification { rule } => f.write_str(rule.broken())?,
            Self::Policy { rule } => write!(f, "refused by policy: {}", rule.broken())?,
            Self::Limit(Limit::PathLength) => {
                write!(f, "more than {} path elements", crate::MAX_PATH)?
            }
            Self::Limit(Limit::TreeSize) => f.write_str("no room for another leaf")?,
            Self::Misuse(misuse) => write!(f, "cannot be done: {misuse}")?,
        }
        match self.broken_rule() {
            Some(rule) => write!(f, " ({}, {})", rule.id(), rule.clause()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HashLength { length, .. } => {
                write!(f, "{length} bytes are not a hash of this tree")
            }
            Self::IndexNotBelowSize { index, size } => {
                write!(f, "leaf {index} is not in a tree of size {size}")
            }
            Self::IndexOutsideSubtree { index, start, end } => {
                write!(f, "leaf {index} is not in [{start}, {end})")
            }
            Self::Sizes { older, newer, .. } => {
                write!(f, "no proof leads from size {older} to size {newer}")
            }
            Self::PathTooLong { .. } => f.write_str("the path is too long"),
            Self::PathTooShort { .. } => f.write_str("the path is too short"),
            Self::PathSide { element } => write!(f, "path element {element} is on the wrong side"),
            Self::NotASubtree { start, end } => write!(f, "[{start}, {end}) is not a subtree"),
            Self::SubtreeOutsideTree { end, size } => {
                write!(f, "a subtree up to {end} is not in a tree of size {size}")
            }
            Self::EvidenceLength { length } => write!(f, "internal evidence of {length} bytes"),
            Self::LeavesNotAscending => f.write_str("the leaf indexes do not ascend"),
            Self::NotComplete { size } => write!(f, "no mountain range has {size} nodes"),
            Self::NotInRange { index, size } => {
                write!(f, "node {index} is not in a mountain range of {size} nodes")
            }
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptySubtreeHasNoRoot => f.write_str("no root comes out of an empty subtree"),
            Self::NotAdjacent { end, start } => {
                write!(f, "a range that ends at {end} does not meet one that starts at {start}")
            }
            Self::RangeNotASubtree { start, end } => {
                write!(f, "[{start}, {end}) is not a subtree")
            }
            Self::BeyondTree { size, leaves } => {
                write!(f, "size {size} was asked for and there are {leaves} leaves")
            }
            Self::NodeCount { expected } => {
                write!(f, "there is not one hash for each of {expected} nodes")
            }
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_message_names_the_facts_the_rule_and_the_clause() {
        let error = Error::from(Malformed::IndexNotBelowSize { index: 8, size: 8 });
        assert_eq!(error.rule(), Some(Rule::IndexBelowSize.to_ref()));
        assert_eq!(
            error.to_string(),
            "malformed proof: leaf 8 is not in a tree of size 8 (M3, RFC 9162 2.1.3.2)"
        );
    }
}
