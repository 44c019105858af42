//! Where a transparency service keeps what it registered.

#[cfg(feature = "store")]
mod durable;
mod memory;
#[cfg(feature = "store")]
mod record_file;

use alloc::vec::Vec;
use core::future::{Future, ready};

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

/// What a log is, whether it has to be waited for or not: its data structure and its size, which it
/// knows by itself.
pub trait LogTree {
    /// Why the log failed.
    type Error;

    /// Returns the data structure that the log is.
    fn structure(&self) -> Vds;

    /// Returns how many leaves are committed.
    fn size(&self) -> u64;

    /// Returns the hash of two nodes that are beside each other.
    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32];
}

/// An append-only log: a tree, an index of it, and what each leaf stands for.
///
/// A service asks little of it, so that a tree in memory, the durable log of
/// [`merkle_proof::store`] and a database of the caller's can all stand behind one. A log that has
/// to be waited for is an [`AsyncLog`].
pub trait Log: LogTree {
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

/// [`Log`], asynchronous: for a database that is asked over a network. Every synchronous log is
/// one, whose futures are ready. The methods of a service over such a log end in `_async` as well;
/// any executor polls them, none is started here.
pub trait AsyncLog: LogTree {
    /// As [`Log::find`].
    fn find_async(
        &self,
        identity: &[u8; 32],
    ) -> impl Future<Output = Result<Option<u64>, Self::Error>>;

    /// As [`Log::append`]. Where the future is dropped before it ends, what became of the records
    /// is unknown until the log was opened again.
    fn append_async(
        &mut self,
        records: &[LogRecord<'_>],
    ) -> impl Future<Output = Result<(), Self::Error>>;

    /// As [`Log::node`].
    fn node_async(&self, node: Node) -> impl Future<Output = Result<[u8; 32], Self::Error>>;

    /// As [`Log::leaf`].
    fn leaf_async(&self, index: u64) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// As [`Log::erase`].
    fn erase_async(&mut self, index: u64) -> impl Future<Output = Result<bool, Self::Error>>;

    /// As [`Log::evidence`].
    fn evidence_async(
        &self,
        index: u64,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;
}

impl<L: Log> AsyncLog for L {
    fn find_async(
        &self,
        identity: &[u8; 32],
    ) -> impl Future<Output = Result<Option<u64>, Self::Error>> {
        ready(self.find(identity))
    }

    fn append_async(
        &mut self,
        records: &[LogRecord<'_>],
    ) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.append(records))
    }

    fn node_async(&self, node: Node) -> impl Future<Output = Result<[u8; 32], Self::Error>> {
        ready(self.node(node))
    }

    fn leaf_async(&self, index: u64) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(self.leaf(index))
    }

    fn erase_async(&mut self, index: u64) -> impl Future<Output = Result<bool, Self::Error>> {
        ready(self.erase(index))
    }

    fn evidence_async(
        &self,
        index: u64,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(self.evidence(index))
    }
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
pub(crate) async fn subtree_hash<L: AsyncLog + ?Sized>(
    log: &L,
    subtree: Subtree,
    empty: [u8; 32],
) -> Result<[u8; 32], L::Error> {
    // From right to left: one hash is all the state.
    let mut nodes = subtree.nodes();
    let Some(rightmost) = nodes.next() else { return Ok(empty) };
    let mut right = log.node_async(rightmost).await?;
    for node in nodes {
        right = log.join(&log.node_async(node).await?, &right);
    }
    Ok(right)
}

/// Returns the hashes of planned path elements, each with its side.
pub(crate) async fn path<L: AsyncLog + ?Sized>(
    log: &L,
    nodes: PathNodes,
) -> Result<Vec<(Side, [u8; 32])>, L::Error> {
    let mut path = Vec::new();
    for node in nodes {
        path.push((node.side, subtree_hash(log, node.subtree, [0; 32]).await?));
    }
    Ok(path)
}

/// A tree hash of 32 bytes whose kind a log can be.
pub trait LogHash: TreeHash<Kind: LogKind, Hash = [u8; 32]> {}

impl<T: TreeHash<Kind: LogKind, Hash = [u8; 32]>> LogHash for T {}
