//! The proof encodings of draft-bryce-cose-receipts-mmr-profile.

use cose_ext::cbor::{Array, Raw, Reader};

use super::{Error, ErrorKind, error::breaks, proof::count};
use crate::{
    MountainRange, RootFromProof, Rule,
    mmr::{Accumulator, AccumulatorFromProof, ConsistencyFold, InclusionFold, MmrHash},
};

/// An inclusion proof of a mountain range: index and path, borrowed, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct MmrInclusionProof<'a> {
    index: u64,
    path: Array<'a>,
}

impl<'a> MmrInclusionProof<'a> {
    /// Reads the content of the byte string that a receipt carries, checked as CBOR.
    ///
    /// # Errors
    ///
    /// If it is not an array of index and path.
    pub fn read(proof: &Raw<'a>) -> Result<Self, Error> {
        let rule = Rule::MmrInclusionEncoding;
        let parts = Array::new(proof).map_err(breaks(rule))?;
        let mut parts = parts.iter();
        let (Some(index), Some(path), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::malformed(rule, proof.offset()));
        };
        let index = index.read(Reader::uint).map_err(breaks(rule))?;
        Ok(Self { index, path: Array::new(&path).map_err(breaks(rule))? })
    }

    /// Returns the node index that the proof names. Where the path is not empty, a signed peak
    /// proves it.
    #[must_use]
    pub const fn danger_unauthenticated_index(&self) -> u64 {
        self.index
    }

    /// Returns the path as received. Elements that are not byte strings are errors.
    pub fn path(&self) -> impl Iterator<Item = Result<&'a [u8], Error>> + use<'a> {
        hashes(&self.path, Rule::MmrInclusionEncoding)
    }

    /// Computes the peak that the proof leads to from the value of its node.
    ///
    /// # Errors
    ///
    /// If an element is not a hash, or the path leads beyond 2^64 nodes.
    pub fn root<M: MmrHash>(
        &self,
        hash: &M,
        value: &M::Hash,
    ) -> Result<RootFromProof<MountainRange, M::Hash>, Error> {
        let mut fold = InclusionFold::new(hash, value, self.index);
        for element in self.path() {
            fold.push(element?)?;
        }
        Ok(fold.finish())
    }
}

/// A consistency proof of a mountain range: sizes, paths and right peaks, borrowed, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct MmrConsistencyProof<'a> {
    older_size: u64,
    newer_size: u64,
    paths: Array<'a>,
    right_peaks: Array<'a>,
}

impl<'a> MmrConsistencyProof<'a> {
    /// Reads the content of the byte string that a receipt carries, checked as CBOR.
    ///
    /// # Errors
    ///
    /// If it is not an array of two sizes, paths and right peaks.
    pub fn read(proof: &Raw<'a>) -> Result<Self, Error> {
        let rule = Rule::MmrConsistencyEncoding;
        let parts = Array::new(proof).map_err(breaks(rule))?;
        let mut parts = parts.iter();
        let (Some(older), Some(newer), Some(paths), Some(right_peaks), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::malformed(rule, proof.offset()));
        };
        Ok(Self {
            older_size: older.read(Reader::uint).map_err(breaks(rule))?,
            newer_size: newer.read(Reader::uint).map_err(breaks(rule))?,
            paths: Array::new(&paths).map_err(breaks(rule))?,
            right_peaks: Array::new(&right_peaks).map_err(breaks(rule))?,
        })
    }

    /// Returns the size, in nodes, that the proof says the older range has.
    #[must_use]
    pub const fn danger_unauthenticated_older_size(&self) -> u64 {
        self.older_size
    }

    /// Returns the size, in nodes, that the proof says the newer range has.
    #[must_use]
    pub const fn danger_unauthenticated_newer_size(&self) -> u64 {
        self.newer_size
    }

    /// Counts the elements of all paths.
    pub(super) fn path_elements(&self) -> Result<usize, Error> {
        let rule = Rule::MmrConsistencyEncoding;
        let mut elements: usize = 0;
        for path in &self.paths {
            let path = Array::new(&path).map_err(breaks(rule))?;
            elements = elements.saturating_add(count(hashes(&path, rule))?);
        }
        Ok(elements)
    }

    /// Computes the newer range that the proof leads to from `older`.
    ///
    /// # Errors
    ///
    /// If the proof begins at another size, or does not have the shape of its sizes.
    pub fn accumulator<M: MmrHash>(
        &self,
        hash: &M,
        older: &Accumulator<M::Hash>,
    ) -> Result<AccumulatorFromProof<M::Hash>, Error> {
        let rule = Rule::MmrConsistencyEncoding;
        if self.older_size != older.size() {
            return Err(ErrorKind::Verification { rule: Rule::OlderSizeHeld }.into());
        }
        let mut fold = ConsistencyFold::new(hash, older, self.newer_size)?;
        for path in &self.paths {
            fold.begin_path()?;
            for element in hashes(&Array::new(&path).map_err(breaks(rule))?, rule) {
                fold.push(element?)?;
            }
        }
        for peak in hashes(&self.right_peaks, rule) {
            fold.right_peak(peak?)?;
        }
        Ok(fold.finish()?)
    }
}

fn hashes<'a>(
    array: &Array<'a>,
    rule: Rule,
) -> impl Iterator<Item = Result<&'a [u8], Error>> + use<'a> {
    array.iter().map(move |element| element.read(Reader::bytes).map_err(breaks(rule)))
}
