//! A log in memory.

use alloc::{collections::BTreeMap, vec::Vec};

use cose_ext::header::Vds;
use merkle_proof::{MemoryTree, Node, TreeHead};

use super::{Log, LogHash, LogKind, LogRecord, LogTree};

/// A log in memory, for tests and for services that need not outlive their process.
#[derive(Clone, Debug)]
pub struct MemoryLog<T: LogHash> {
    tree: MemoryTree<T>,
    index: BTreeMap<[u8; 32], u64>,
    leaves: Vec<Vec<u8>>,
    evidence: Vec<Option<Vec<u8>>>,
}

/// A node that the tree does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchNode(pub Node);

impl core::fmt::Display for NoSuchNode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the tree has no node {} of row {}", self.0.index, self.0.level)
    }
}

impl core::error::Error for NoSuchNode {}

impl<T: LogHash> MemoryLog<T> {
    /// Returns a log without leaves.
    pub const fn new(tree: T) -> Self {
        Self {
            tree: MemoryTree::new(tree),
            index: BTreeMap::new(),
            leaves: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Returns size and root.
    pub fn head(&self) -> TreeHead<T::Kind, [u8; 32]> {
        self.tree.head()
    }
}

impl<T: LogHash> LogTree for MemoryLog<T> {
    type Error = NoSuchNode;

    fn structure(&self) -> Vds {
        T::Kind::VDS
    }

    fn size(&self) -> u64 {
        self.tree.size()
    }

    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.tree.tree().node(left, right)
    }
}

impl<T: LogHash> Log for MemoryLog<T> {
    fn find(&self, identity: &[u8; 32]) -> Result<Option<u64>, NoSuchNode> {
        Ok(self.index.get(identity).copied())
    }

    fn append(&mut self, records: &[LogRecord<'_>]) -> Result<(), NoSuchNode> {
        for record in records {
            let index = self.tree.append(&[record.leaf]);
            self.index.insert(record.identity, index);
            self.leaves.push(record.leaf.into());
            self.evidence.push(Some(record.evidence.into()));
        }
        Ok(())
    }

    fn node(&self, node: Node) -> Result<[u8; 32], NoSuchNode> {
        self.tree.node(node).copied().ok_or(NoSuchNode(node))
    }

    fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, NoSuchNode> {
        Ok(usize::try_from(index).ok().and_then(|place| self.leaves.get(place)).cloned())
    }

    fn erase(&mut self, index: u64) -> Result<bool, NoSuchNode> {
        let place = usize::try_from(index).ok().and_then(|place| self.evidence.get_mut(place));
        Ok(place.is_some_and(|evidence| evidence.take().is_some()))
    }

    fn evidence(&self, index: u64) -> Result<Option<Vec<u8>>, NoSuchNode> {
        let place = usize::try_from(index).ok();
        Ok(place.and_then(|place| self.evidence.get(place)).cloned().flatten())
    }
}
