//! The proof encodings of draft-ietf-scitt-receipts-ccf-profile.

use cose_ext::cbor::{Array, Map, Raw, Reader, Strictness};

use super::{Error, error::breaks};
use crate::{
    CcfLedger, RootFromProof, Rule, TreeHash, TrustedRoot,
    ccf::{AnchorReading, ConsistencyFold, InclusionFold, Leaf, PathElement},
};

/// A CCF inclusion proof (3.1): leaf and path, borrowed, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct CcfInclusionProof<'a> {
    leaf: Leaf<'a, [u8; 32]>,
    path: Array<'a>,
}

impl<'a> CcfInclusionProof<'a> {
    /// Reads the content of the byte string that a receipt carries, checked as CBOR.
    ///
    /// # Errors
    ///
    /// If it is not a map of leaf and path, or the leaf has other components than it should.
    pub fn read(proof: &Raw<'a>) -> Result<Self, Error> {
        let rule = Rule::CcfInclusionEncoding;
        let [leaf, path] = closed_map(proof, rule)?;
        let components = Array::new(&leaf).map_err(breaks(rule))?;
        let mut components = components.iter();
        let (Some(transaction), Some(evidence), Some(data), None) =
            (components.next(), components.next(), components.next(), components.next())
        else {
            return Err(Error::malformed(rule, leaf.offset()));
        };
        let leaf = Leaf::new(
            transaction.read(Reader::bytes).map_err(breaks(rule))?,
            evidence.read(Reader::text).map_err(breaks(rule))?,
            data.read(Reader::bytes).map_err(breaks(rule))?,
        )?;
        Ok(Self { leaf, path: Array::new(&path).map_err(breaks(rule))? })
    }

    /// Returns the leaf. Two of its components belong to the ledger; compare the data hash with
    /// your own.
    #[must_use]
    pub const fn leaf(&self) -> &Leaf<'a, [u8; 32]> {
        &self.leaf
    }

    /// Returns the path as received. Elements of another form are errors.
    pub fn path(&self) -> impl Iterator<Item = Result<PathElement<&'a [u8]>, Error>> + use<'a> {
        self.path.iter().map(|element| path_element(&element, Rule::CcfInclusionEncoding))
    }

    /// Computes the root that the proof leads to.
    ///
    /// # Errors
    ///
    /// If an element is not a hash with its side.
    pub fn root<T>(&self, tree: &T) -> Result<RootFromProof<CcfLedger, [u8; 32]>, Error>
    where
        T: TreeHash<Kind = CcfLedger, Hash = [u8; 32]>,
    {
        let leaf = self.leaf.hash(tree);
        let mut fold = InclusionFold::new(tree, &leaf);
        for element in self.path() {
            fold.push(element?)?;
        }
        Ok(fold.finish())
    }
}

/// A CCF consistency proof (4): anchor and path, borrowed, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct CcfConsistencyProof<'a> {
    anchor: &'a [u8],
    path: Array<'a>,
}

impl<'a> CcfConsistencyProof<'a> {
    /// Reads the content of the byte string that a receipt carries, checked as CBOR.
    ///
    /// # Errors
    ///
    /// If it is not a map of anchor and path.
    pub fn read(proof: &Raw<'a>) -> Result<Self, Error> {
        let rule = Rule::CcfConsistencyEncoding;
        let [anchor, path] = closed_map(proof, rule)?;
        Ok(Self {
            anchor: anchor.read(Reader::bytes).map_err(breaks(rule))?,
            path: Array::new(&path).map_err(breaks(rule))?,
        })
    }

    /// Returns the anchor as received.
    #[must_use]
    pub const fn anchor(&self) -> &'a [u8] {
        self.anchor
    }

    /// Returns the path as received. Elements of another form are errors.
    pub fn path(&self) -> impl Iterator<Item = Result<PathElement<&'a [u8]>, Error>> + use<'a> {
        self.path.iter().map(|element| path_element(&element, Rule::CcfConsistencyEncoding))
    }

    /// Computes the newer root that the proof leads to, if it leads to `older` too, which the
    /// verifier holds.
    ///
    /// # Errors
    ///
    /// If it does not lead to the older root, or its anchor is refused under `reading`.
    pub fn root<T>(
        &self,
        tree: &T,
        older: &TrustedRoot<CcfLedger, [u8; 32]>,
        reading: AnchorReading,
    ) -> Result<RootFromProof<CcfLedger, [u8; 32]>, Error>
    where
        T: TreeHash<Kind = CcfLedger, Hash = [u8; 32]>,
    {
        let mut fold = ConsistencyFold::new(tree, self.anchor, reading)?;
        for element in self.path() {
            fold.push(element?)?;
        }
        Ok(fold.finish()?.confirm_older(older)?)
    }
}

/// The values under 1 and 2 of a map that has no other keys.
fn closed_map<'a>(proof: &Raw<'a>, rule: Rule) -> Result<[Raw<'a>; 2], Error> {
    let map = Map::new(proof).map_err(breaks(rule))?;
    let (mut first, mut second) = (None, None);
    for (key, value) in &map {
        let mut reader = Reader::new(key.bytes(), Strictness::LENIENT);
        match reader.int().map(|key| key.to_i64()) {
            Ok(Some(1)) => first = Some(value),
            Ok(Some(2)) => second = Some(value),
            _ => return Err(Error::malformed(rule, key.offset())),
        }
    }
    match (first, second) {
        (Some(first), Some(second)) => Ok([first, second]),
        _ => Err(Error::malformed(rule, proof.offset())),
    }
}

fn path_element<'a>(element: &Raw<'a>, rule: Rule) -> Result<PathElement<&'a [u8]>, Error> {
    let parts = Array::new(element).map_err(breaks(rule))?;
    let mut parts = parts.iter();
    let (Some(left), Some(hash), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::malformed(rule, element.offset()));
    };
    Ok(PathElement {
        left: left.read(Reader::bool).map_err(breaks(rule))?,
        hash: hash.read(Reader::bytes).map_err(breaks(rule))?,
    })
}
