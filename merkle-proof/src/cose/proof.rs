//! The proof encodings of RFC 9942 for RFC9162_SHA256.

use cose_ext::cbor::{Array, Raw, Reader};

use super::{Error, ErrorKind, error::breaks};
use crate::{
    ConsistencyFold, InclusionFold, RootFromProof, Rule, TreeHash, TreeHead, TreeSize,
    UnauthenticatedPosition,
};

/// An inclusion proof (RFC 9942 5.2): position and path, borrowed, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct InclusionProof<'a> {
    position: UnauthenticatedPosition,
    path: Array<'a>,
}

impl<'a> InclusionProof<'a> {
    /// Reads the content of the byte string that a receipt carries, checked as CBOR.
    ///
    /// # Errors
    ///
    /// If it is not an array of tree size, leaf index and path.
    pub fn read(proof: &Raw<'a>) -> Result<Self, Error> {
        let rule = Rule::InclusionEncoding;
        let [tree_size, leaf_index, path] = three(proof, rule)?;
        let position = UnauthenticatedPosition {
            tree_size: tree_size.read(Reader::uint).map_err(breaks(rule))?,
            leaf_index: leaf_index.read(Reader::uint).map_err(breaks(rule))?,
        };
        Ok(Self { position, path: Array::new(&path).map_err(breaks(rule))? })
    }

    /// Returns where the proof says that its leaf stands.
    #[must_use]
    pub const fn position(&self) -> UnauthenticatedPosition {
        self.position
    }

    /// Returns the path as received. Elements that are not byte strings are errors.
    #[must_use]
    pub fn path(&self) -> impl ExactSizeIterator<Item = Result<&'a [u8], Error>> + use<'a> {
        Path { elements: self.path.iter(), left: self.path.len(), rule: Rule::InclusionEncoding }
    }

    /// Computes the root that the proof leads to from `leaf`.
    ///
    /// # Errors
    ///
    /// If no tree of that size has such a path, or an element is not a hash.
    pub fn root<T: TreeHash>(
        &self,
        tree: &T,
        leaf: &T::Hash,
    ) -> Result<RootFromProof<T::Kind, T::Hash>, Error> {
        let mut fold = InclusionFold::new(tree, leaf, self.position)?;
        for element in self.path() {
            fold.push(element?)?;
        }
        Ok(fold.finish()?)
    }

    /// Checks that a tree of that size has such a path, without hashing.
    ///
    /// # Errors
    ///
    /// As [`root`](Self::root).
    pub(super) fn check_form<T: TreeHash>(&self, tree: &T, leaf: &T::Hash) -> Result<(), Error> {
        let mut fold = InclusionFold::new(tree, leaf, self.position)?;
        for element in self.path() {
            fold.pass(element?)?;
        }
        Ok(fold.finish().map(|_| ())?)
    }
}

/// A consistency proof (RFC 9942 5.3): sizes and path, borrowed, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct ConsistencyProof<'a> {
    older_size: u64,
    newer_size: u64,
    path: Array<'a>,
}

impl<'a> ConsistencyProof<'a> {
    /// Reads the content of the byte string that a receipt carries, checked as CBOR.
    ///
    /// # Errors
    ///
    /// If it is not an array of two tree sizes and a path.
    pub fn read(proof: &Raw<'a>) -> Result<Self, Error> {
        let rule = Rule::ConsistencyEncoding;
        let [older_size, newer_size, path] = three(proof, rule)?;
        Ok(Self {
            older_size: older_size.read(Reader::uint).map_err(breaks(rule))?,
            newer_size: newer_size.read(Reader::uint).map_err(breaks(rule))?,
            path: Array::new(&path).map_err(breaks(rule))?,
        })
    }

    /// Returns the size that the proof says the older tree has.
    #[must_use]
    pub const fn danger_unauthenticated_older_size(&self) -> u64 {
        self.older_size
    }

    /// Returns the size that the proof says the newer tree has.
    #[must_use]
    pub const fn danger_unauthenticated_newer_size(&self) -> u64 {
        self.newer_size
    }

    /// Returns the path as received. Elements that are not byte strings are errors.
    #[must_use]
    pub fn path(&self) -> impl ExactSizeIterator<Item = Result<&'a [u8], Error>> + use<'a> {
        Path { elements: self.path.iter(), left: self.path.len(), rule: Rule::ConsistencyEncoding }
    }

    /// Computes the newer root that the proof leads to from `older`, which the verifier holds.
    ///
    /// # Errors
    ///
    /// If the proof begins at another size, does not lead to the older root, or has a path that no
    /// such trees have.
    pub fn root<T: TreeHash>(
        &self,
        tree: &T,
        older: &TreeHead<T::Kind, T::Hash>,
    ) -> Result<RootFromProof<T::Kind, T::Hash>, Error> {
        if self.older_size != older.size {
            return Err(ErrorKind::Verification { rule: Rule::OlderSizeHeld }.into());
        }
        let mut fold = ConsistencyFold::new(tree, older, TreeSize(self.newer_size))?;
        for element in self.path() {
            fold.push(element?)?;
        }
        Ok(fold.finish()?)
    }
}

pub(super) struct Path<'a> {
    elements: cose_ext::cbor::Elements<'a>,
    left: usize,
    rule: Rule,
}

impl<'a> Iterator for Path<'a> {
    type Item = Result<&'a [u8], Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let element = self.elements.next()?;
        self.left = self.left.saturating_sub(1);
        Some(element.read(Reader::bytes).map_err(breaks(self.rule)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Path<'_> {}

/// Counts the elements of a path.
///
/// # Errors
///
/// The first one that is not a path element.
pub(super) fn count<E>(path: impl Iterator<Item = Result<E, Error>>) -> Result<usize, Error> {
    path.into_iter().try_fold(0, |count: usize, element| element.map(|_| count.saturating_add(1)))
}

fn three<'a>(proof: &Raw<'a>, rule: Rule) -> Result<[Raw<'a>; 3], Error> {
    let parts = Array::new(proof).map_err(breaks(rule))?;
    let mut elements = parts.iter();
    match (elements.next(), elements.next(), elements.next(), elements.next()) {
        (Some(a), Some(b), Some(c), None) => Ok([a, b, c]),
        _ => Err(Error::malformed(rule, proof.offset())),
    }
}
