//! Proofs out of the tiles of a log, one's own or a foreign one.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::ready::now;
use super::tile::WIDTH;
use super::tile_nodes::TileNodes;
use super::{EntryBundle, Error, ReadError, Tile, TileKind, write_tlog_proof};
use crate::path_nodes::check_index;
use crate::{
    LeafIndex, Node, PathNodes, Rfc9162Tree, Rule, Subtree, TreeHash, TreeHead, TreeSize,
    consistency_nodes, inclusion_nodes,
};

type Head<H> = TreeHead<Rfc9162Tree, H>;

/// Returns the bytes of a tile or of an entry bundle; `None` where there is none.
pub type FetchTile<'f, E> = dyn FnMut(&Tile) -> Result<Option<Vec<u8>>, E> + 'f;

/// Makes proofs of a log out of its tiles, and keeps tiles.
///
/// Every tile led to the root of the [head](Self::head) before a hash of it is used: the tiles at
/// the right border to the root itself, every other one to its hash in the tile above. So a proof
/// that is made here verifies, whoever served the tiles, and whoever reads a foreign log needs to
/// trust its head alone.
///
/// The caller fetches the tiles, from wherever: `fetch` returns the bytes of a tile, `None` where
/// there is none. For a partial tile that is not there, the full one is fetched.
///
/// It keeps as many full tiles as fit, with what was computed of them, into the bytes it was made
/// with, and the border beside, at most eight tiles.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// # use merkle_proof::{LeafIndex, Sha256Tree, TreeHash, TreeSize, verify_inclusion};
/// # use merkle_proof::store::{Entry, Log, MemoryStore, ObjectStore, Unsigned};
/// # use merkle_proof::tlog::{Checkpoint, Tile, TreeReader};
/// # let sign = |checkpoint: &Checkpoint<'_>| -> Result<Vec<u8>, Unsigned> {
/// #     Ok(format!("{checkpoint}\n\u{2014} log AAAAAAAA\n").into_bytes())
/// # };
/// # let mut log = Log::create(MemoryStore::new(), Sha256Tree, "log", sign)?;
/// # let entries = ["one", "two", "three"].map(|entry| Entry::new(&Sha256Tree, entry.as_bytes()));
/// # log.append(&entries, sign)?;
/// let mut reader = TreeReader::new(Sha256Tree, log.head(), 16 << 20);
/// let mut fetch = |tile: &Tile| log.store().object(&tile.to_string());
/// let path = reader.inclusion_path(LeafIndex(1), TreeSize(3), &mut fetch).unwrap();
/// let leaf = Sha256Tree.leaf(&[b"two"]);
/// verify_inclusion(&Sha256Tree, &leaf, LeafIndex(1), &path, &log.head()).unwrap();
/// # }
/// # Ok::<(), merkle_proof::store::LogError<core::convert::Infallible>>(())
/// ```
pub struct TreeReader<T: TreeHash> {
    tree: T,
    head: Head<T::Hash>,
    border: Option<Border<T::Hash>>,
    kept: BTreeMap<(u8, u64), Kept<T::Hash>>,
    /// The kept tiles in the order in which they may go.
    order: VecDeque<(u8, u64)>,
    most: usize,
}

/// The partial tiles, by their level.
type Border<H> = BTreeMap<u8, TileNodes<H>>;

struct Kept<H> {
    nodes: TileNodes<H>,
    /// It was used since it was looked at last, so it stays once more.
    again: bool,
}

impl<T> TreeReader<T>
where
    T: TreeHash<Kind = Rfc9162Tree>,
{
    /// Makes a reader of the tree of `head`, which is trusted. It keeps at most `most_bytes` bytes
    /// of full tiles.
    pub fn new(tree: T, head: Head<T::Hash>, most_bytes: usize) -> Self {
        let each = TileNodes::<T::Hash>::FULL.saturating_mul(size_of::<T::Hash>());
        let most = most_bytes.checked_div(each).unwrap_or(0).max(1);
        let (kept, order) = (BTreeMap::new(), VecDeque::new());
        Self { tree, head, border: None, kept, order, most }
    }

    /// Returns the head whose tree this reads.
    pub const fn head(&self) -> &Head<T::Hash> {
        &self.head
    }

    /// Returns the inclusion path of leaf `leaf_index` in the tree of `tree_size` leaves, which is
    /// at most the head's.
    ///
    /// # Errors
    ///
    /// [`ReadError::Tile`] where there is no such leaf or tree, or a tile does not lead to the
    /// head's root; errors of `fetch`.
    pub fn inclusion_path<E>(
        &mut self,
        leaf_index: LeafIndex,
        tree_size: TreeSize,
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<Vec<T::Hash>, ReadError<E>> {
        let mut fetch = async |tile: &Tile| fetch(tile);
        now(self.inclusion_path_async(leaf_index, tree_size, &mut fetch))
    }

    /// Returns the path that [`inclusion_path`](Self::inclusion_path) returns, where tiles have to
    /// be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`inclusion_path`](Self::inclusion_path).
    pub async fn inclusion_path_async<E>(
        &mut self,
        leaf_index: LeafIndex,
        tree_size: TreeSize,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Vec<T::Hash>, ReadError<E>> {
        self.within(tree_size.0)?;
        let nodes = inclusion_nodes(leaf_index, tree_size).map_err(Error::from)?;
        self.path(nodes, fetch).await
    }

    /// Returns the consistency path between two sizes, of which the newer is at most the head's.
    ///
    /// # Errors
    ///
    /// As [`inclusion_path`](Self::inclusion_path).
    pub fn consistency_path<E>(
        &mut self,
        older: TreeSize,
        newer: TreeSize,
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<Vec<T::Hash>, ReadError<E>> {
        let mut fetch = async |tile: &Tile| fetch(tile);
        now(self.consistency_path_async(older, newer, &mut fetch))
    }

    /// Returns the path that [`consistency_path`](Self::consistency_path) returns, where tiles have
    /// to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`consistency_path`](Self::consistency_path).
    pub async fn consistency_path_async<E>(
        &mut self,
        older: TreeSize,
        newer: TreeSize,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Vec<T::Hash>, ReadError<E>> {
        self.within(newer.0)?;
        let nodes = consistency_nodes(older, newer).map_err(Error::from)?;
        self.path(nodes, fetch).await
    }

    /// Returns the root that the tree had when it had `size` leaves.
    ///
    /// # Errors
    ///
    /// As [`inclusion_path`](Self::inclusion_path).
    pub fn root_at<E>(
        &mut self,
        size: u64,
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<T::Hash, ReadError<E>> {
        let mut fetch = async |tile: &Tile| fetch(tile);
        now(self.root_at_async(size, &mut fetch))
    }

    /// Returns the root that [`root_at`](Self::root_at) returns, where tiles have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`root_at`](Self::root_at).
    pub async fn root_at_async<E>(
        &mut self,
        size: u64,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<T::Hash, ReadError<E>> {
        self.within(size)?;
        self.subtree(Subtree::prefix(size), fetch).await
    }

    /// The hashes of the nodes that the tree of `size` leaves is of, from the left.
    pub(crate) async fn nodes_async<E>(
        &mut self,
        size: u64,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Vec<T::Hash>, ReadError<E>> {
        self.within(size)?;
        let mut hashes = Vec::new();
        for node in Subtree::prefix(size).nodes() {
            hashes.push(self.node_async(node, fetch).await?);
        }
        hashes.reverse();
        Ok(hashes)
    }

    /// Goes on to a newer head of this log, which is trusted as the first one was: its tree has to
    /// extend the old one's, or the reader stays with the old one.
    ///
    /// # Errors
    ///
    /// [`Rule::NewerRoot`] where the trees are not of one log, [`Rule::OlderSizeNotAbove`] where
    /// the head is older; else as [`inclusion_path`](Self::inclusion_path).
    pub fn advance<E>(
        &mut self,
        head: Head<T::Hash>,
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<(), ReadError<E>> {
        let mut fetch = async |tile: &Tile| fetch(tile);
        now(self.advance_async(head, &mut fetch))
    }

    /// Advances as [`advance`](Self::advance) does, where tiles have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`advance`](Self::advance).
    pub async fn advance_async<E>(
        &mut self,
        head: Head<T::Hash>,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<(), ReadError<E>> {
        let old = self.head;
        if head.size < old.size {
            return Err(Error::Verification { rule: Rule::OlderSizeNotAbove }.into());
        }
        let border = self.border.take();
        self.head = head;
        let root = self.root_at_async(old.size, fetch).await;
        match root {
            Ok(root) if root == *old.root.hash() => Ok(()),
            root => {
                // Tiles that were kept meanwhile are of the tree that is refused.
                self.kept.clear();
                self.order.clear();
                (self.head, self.border) = (old, border);
                root.and(Err(Error::Verification { rule: Rule::NewerRoot }.into()))
            }
        }
    }

    /// Returns the entry of a leaf, which has the hash of that leaf.
    ///
    /// # Errors
    ///
    /// [`Rule::EntryBundle`]; [`Rule::EntryHashes`]; else as
    /// [`inclusion_path`](Self::inclusion_path).
    pub fn entry<E>(
        &mut self,
        leaf_index: LeafIndex,
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<Vec<u8>, ReadError<E>> {
        let mut fetch = async |tile: &Tile| fetch(tile);
        now(self.entry_async(leaf_index, &mut fetch))
    }

    /// Returns the entry that [`entry`](Self::entry) returns, where tiles have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`entry`](Self::entry).
    pub async fn entry_async<E>(
        &mut self,
        leaf_index: LeafIndex,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Vec<u8>, ReadError<E>> {
        let LeafIndex(leaf_index) = leaf_index;
        check_index(leaf_index, self.head.size).map_err(Error::from)?;
        let leaf = self.node_async(Node { level: 0, index: leaf_index }, fetch).await?;
        let wrong = Error::malformed(Rule::EntryBundle);
        let number = leaf_index.checked_div(WIDTH).ok_or(wrong)?;
        let tile =
            Tile::in_tree(TileKind::Entries, number, TreeSize(self.head.size)).ok_or(wrong)?;
        let bytes = fetch_or_full(&tile, fetch).await?;
        let bundle = EntryBundle::new(&bytes, tile.width())?;
        let place = leaf_index.checked_rem(WIDTH).and_then(|place| usize::try_from(place).ok());
        let entry = place.and_then(|place| bundle.entries().nth(place)).ok_or(wrong)?;
        if self.tree.leaf(&[entry]) != leaf {
            return Err(Error::Verification { rule: Rule::EntryHashes }.into());
        }
        Ok(entry.into())
    }

    /// Returns the hash of a node, whose leaves are all there.
    ///
    /// # Errors
    ///
    /// [`Rule::TileAuthenticated`] where the tree of the head has no such node or a tile does not
    /// lead to its root; errors of `fetch`.
    pub fn node<E>(
        &mut self,
        node: Node,
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<T::Hash, ReadError<E>> {
        let mut fetch = async |tile: &Tile| fetch(tile);
        now(self.node_async(node, &mut fetch))
    }

    fn within<E>(&self, size: u64) -> Result<(), ReadError<E>> {
        if size <= self.head.size {
            Ok(())
        } else {
            Err(Error::Verification { rule: Rule::TileAuthenticated }.into())
        }
    }

    async fn path<E>(
        &mut self,
        nodes: PathNodes,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Vec<T::Hash>, ReadError<E>> {
        let mut path = Vec::new();
        for element in nodes {
            path.push(self.subtree(element.subtree, fetch).await?);
        }
        Ok(path)
    }

    async fn subtree<E>(
        &mut self,
        subtree: Subtree,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<T::Hash, ReadError<E>> {
        // From the rightmost node to the left.
        let mut right = None;
        for node in subtree.nodes() {
            let hash = self.node_async(node, fetch).await?;
            right = Some(right.map_or(hash, |right| self.tree.node(&hash, &right)));
        }
        Ok(right.unwrap_or_else(|| self.tree.empty()))
    }

    /// Returns the hash that [`node`](Self::node) returns, where tiles have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`node`](Self::node).
    pub async fn node_async<E>(
        &mut self,
        node: Node,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<T::Hash, ReadError<E>> {
        let outside = Error::Verification { rule: Rule::TileAuthenticated };
        let (level, row) = (node.level.checked_div(8), node.level.checked_rem(8).unwrap_or(0));
        let level = level.and_then(|level| u8::try_from(level).ok()).ok_or(outside)?;
        let index = node.index.checked_shr(8_u32.saturating_sub(row)).unwrap_or(0);
        if let Some(hash) = self.kept_hash((level, index), node) {
            return Ok(hash);
        }
        self.load(level, index, fetch).await?;
        self.kept_hash((level, index), node).ok_or_else(|| outside.into())
    }

    /// A hash of a tile that is here.
    fn kept_hash(&mut self, place: (u8, u64), node: Node) -> Option<T::Hash> {
        if place.1 == border_index(self.head.size, place.0) {
            return self.border.as_ref()?.get(&place.0)?.node(node);
        }
        let kept = self.kept.get_mut(&place)?;
        kept.again = true;
        kept.nodes.node(node)
    }

    /// Fetches a tile and those above it that are not here.
    async fn load<E>(
        &mut self,
        level: u8,
        index: u64,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<(), ReadError<E>> {
        let outside = Error::Verification { rule: Rule::TileAuthenticated };
        if self.border.is_none() {
            self.border = Some(self.fetch_border(fetch).await?);
        }
        // Upwards to the first that is here, and down again.
        let (mut missing, mut place) = (Vec::new(), (level, index));
        while place.1 != border_index(self.head.size, place.0) && !self.kept.contains_key(&place) {
            if place.0 >= 8 {
                return Err(outside.into());
            }
            missing.push(place);
            place = (place.0.saturating_add(1), place.1.checked_div(WIDTH).unwrap_or(0));
        }
        while let Some((level, index)) = missing.pop() {
            let kind = TileKind::Hashes { level };
            let tile = Tile::in_tree(kind, index, TreeSize(self.head.size)).ok_or(outside)?;
            let bytes = fetch_or_full(&tile, fetch).await?;
            let nodes = TileNodes::read(&self.tree, &tile, &bytes)?;
            let above = u32::from(level).saturating_add(1).saturating_mul(8);
            let place = (level.saturating_add(1), index.checked_div(WIDTH).unwrap_or(0));
            let expected = self.kept_hash(place, Node { level: above, index });
            if expected.is_none() || nodes.top() != expected {
                return Err(outside.into());
            }
            self.keep((level, index), nodes);
        }
        Ok(())
    }

    fn keep(&mut self, place: (u8, u64), nodes: TileNodes<T::Hash>) {
        while self.kept.len() >= self.most {
            let Some(first) = self.order.pop_front() else { break };
            match self.kept.get_mut(&first) {
                Some(kept) if kept.again => {
                    kept.again = false;
                    self.order.push_back(first);
                }
                _ => _ = self.kept.remove(&first),
            }
        }
        self.kept.insert(place, Kept { nodes, again: false });
        self.order.push_back(place);
    }

    /// The tiles that the tree has not filled, which lead to its root together.
    async fn fetch_border<E>(
        &self,
        fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Border<T::Hash>, ReadError<E>> {
        let outside = Error::Verification { rule: Rule::TileAuthenticated };
        let mut border = BTreeMap::new();
        for level in 0..8_u8 {
            let (kind, index) = (TileKind::Hashes { level }, border_index(self.head.size, level));
            let Some(tile) = Tile::in_tree(kind, index, TreeSize(self.head.size)) else { continue };
            let bytes = fetch_or_full(&tile, fetch).await?;
            border.insert(level, TileNodes::read(&self.tree, &tile, &bytes)?);
        }
        let root = Subtree::prefix(self.head.size).hash_with(&self.tree, |node| {
            let level = node.level.checked_div(8).and_then(|level| u8::try_from(level).ok());
            let nodes = level.and_then(|level| border.get(&level));
            nodes.and_then(|nodes| nodes.node(node)).ok_or(outside)
        })?;
        if root == *self.head.root.hash() { Ok(border) } else { Err(outside.into()) }
    }
}

impl<T> TreeReader<T>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
{
    /// Writes the `.tlog-proof` file of a leaf, with `note`, the signed checkpoint of the head.
    ///
    /// # Errors
    ///
    /// [`Rule::CheckpointForm`] and [`Rule::NoteForm`] where the note is of no checkpoint,
    /// [`Rule::TlogProof`] where it is of another one; else as
    /// [`inclusion_path`](Self::inclusion_path).
    pub fn tlog_proof<E>(
        &mut self,
        leaf_index: LeafIndex,
        note: &[u8],
        fetch: &mut FetchTile<'_, E>,
    ) -> Result<String, ReadError<E>> {
        let read = super::Note::parse(note)?;
        let checkpoint = super::Checkpoint::parse(read.danger_unverified_text())?;
        let same =
            (checkpoint.size(), checkpoint.root()) == (self.head.size, self.head.root.hash());
        if !same {
            return Err(Error::Verification { rule: Rule::TlogProof }.into());
        }
        let path = self.inclusion_path(leaf_index, TreeSize(self.head.size), fetch)?;
        Ok(write_tlog_proof(None, leaf_index, &path, note)?)
    }
}

/// The number of the tile of this level that the tree has not filled.
fn border_index(size: u64, level: u8) -> u64 {
    let rows = u32::from(level).saturating_add(1).saturating_mul(8);
    size.checked_shr(rows).unwrap_or(0)
}

/// The bytes of a tile; where a partial one is not there any more, those of the full one.
async fn fetch_or_full<E>(
    tile: &Tile,
    fetch: &mut impl AsyncFnMut(&Tile) -> Result<Option<Vec<u8>>, E>,
) -> Result<Vec<u8>, ReadError<E>> {
    if let Some(bytes) = fetch(tile).await.map_err(ReadError::Fetch)? {
        return Ok(bytes);
    }
    let full = match tile.is_partial() {
        true => fetch(&tile.full()).await.map_err(ReadError::Fetch)?,
        false => None,
    };
    full.ok_or_else(|| Error::Verification { rule: Rule::TileMissing }.into())
}

impl<T: TreeHash> fmt::Debug for TreeReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TreeReader").field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}
