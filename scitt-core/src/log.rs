//! Where a transparency service keeps what it registered.

#[cfg(feature = "store")]
mod durable;
mod memory;
#[cfg(feature = "store")]
mod record_file;

use alloc::vec::Vec;

use cose_ext::header::Vds;
use merkle_proof::{CcfLedger, Node, PathNodes, Rfc9162Tree, Side, Subtree, TreeHash, TreeKind};

#[cfg(feature = "store")]
pub use durable::{DurableLog, DurableLogError};
pub use memory::{MemoryLog, NoSuchNode};

/// What a service hands to its log: one statement that was registered.
#[derive(Clone, Copy, Debug)]
pub struct LogRecord<'r> {
    /// The digest of what the issuer signed. Two records of one identity are one entry.
    pub identity: [u8; 32],
    /// What is hashed into the leaf, at most 65 535 bytes: the digest of the statement, as a rule.
    pub leaf: &'r [u8],
    /// What the decision rested on ([`Evidence`](crate::Evidence), encoded): kept beside the tree,
    /// and no part of it.
    pub evidence: &'r [u8],
}

/// An append-only log: a tree, an index of it, and what each leaf stands for.
///
/// A service asks little of it, so that a tree in memory, the durable log of
/// [`merkle_proof::store`] and a database of the caller's can all stand behind one.
pub trait Log {
    /// Why the log failed.
    type Error;

    /// Returns the data structure that the log is.
    fn structure(&self) -> Vds;

    /// Returns how many leaves are committed.
    fn size(&self) -> u64;

    /// Returns the leaf index of the record with this identity, if there is one.
    ///
    /// # Errors
    ///
    /// The log's.
    fn find(&self, identity: &[u8; 32]) -> Result<Option<u64>, Self::Error>;

    /// Appends the records, in this order and all of them or none. When it returns they survive a
    /// power cut, if the log is durable. No identity is in the log, nor twice among them.
    ///
    /// # Errors
    ///
    /// The log's. What became of the records is then unknown until the log was opened again.
    fn append(&mut self, records: &[LogRecord<'_>]) -> Result<(), Self::Error>;

    /// Returns the hash of a complete node of the tree.
    ///
    /// # Errors
    ///
    /// The log's, also where the tree has no such node.
    fn node(&self, node: Node) -> Result<[u8; 32], Self::Error>;

    /// Returns the hash of two nodes that are beside each other.
    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32];

    /// Returns what is hashed into a leaf, which nobody erases. `None` where there is no such leaf.
    ///
    /// # Errors
    ///
    /// The log's.
    fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Erases the evidence of a leaf for good: statement, payload and collateral. The leaf stays,
    /// and with it every proof. Returns whether there was something.
    ///
    /// # Errors
    ///
    /// The log's.
    fn erase(&mut self, index: u64) -> Result<bool, Self::Error>;

    /// Returns the evidence of a leaf. `None` where it was erased, or there is no such leaf.
    ///
    /// # Errors
    ///
    /// The log's.
    fn evidence(&self, index: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// A kind of tree that a log can be: it has a number in the registry of RFC 9942.
pub trait LogKind: TreeKind {
    /// The number.
    const VDS: Vds;
}

impl LogKind for Rfc9162Tree {
    const VDS: Vds = Vds::RFC9162_SHA256;
}

impl LogKind for CcfLedger {
    const VDS: Vds = Vds::CCF_LEDGER_SHA256;
}

/// Returns the hash of a subtree of `log`; `empty` where it has no leaves.
pub(crate) fn subtree_hash<L: Log + ?Sized>(
    log: &L,
    subtree: Subtree,
    empty: [u8; 32],
) -> Result<[u8; 32], L::Error> {
    // From right to left: one hash is all the state.
    let mut nodes = subtree.nodes();
    let Some(rightmost) = nodes.next() else { return Ok(empty) };
    let rightmost = log.node(rightmost)?;
    nodes.try_fold(rightmost, |right, node| Ok(log.join(&log.node(node)?, &right)))
}

/// Returns the hashes of planned path elements, each with its side.
pub(crate) fn path<L: Log + ?Sized>(
    log: &L,
    nodes: PathNodes,
) -> Result<Vec<(Side, [u8; 32])>, L::Error> {
    nodes.map(|node| Ok((node.side, subtree_hash(log, node.subtree, [0; 32])?))).collect()
}

/// A tree hash of 32 bytes whose kind a log can be.
pub trait LogHash: TreeHash<Kind: LogKind, Hash = [u8; 32]> {}

impl<T: TreeHash<Kind: LogKind, Hash = [u8; 32]>> LogHash for T {}
