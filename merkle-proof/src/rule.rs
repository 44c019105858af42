//! The rules this crate enforces, each with the clause it stands in.

macro_rules! rules {
    ($($id:literal $variant:ident, $clause:literal, $statement:literal;)*) => {
        /// A rule of a specification that this crate enforces. Errors name the rule they enforce, tests are named by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = concat!("`", $id, "`, ", $clause, ": ", $statement, ".")]
                $variant,
            )*
        }

        impl Rule {
            /// Every rule, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The rule's number, which tests and reports use.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// The clause the rule stands in.
            #[must_use]
            pub const fn clause(self) -> &'static str {
                match self {
                    $(Self::$variant => $clause,)*
                }
            }

            /// The rule in one line.
            #[must_use]
            pub const fn statement(self) -> &'static str {
                match self {
                    $(Self::$variant => $statement,)*
                }
            }
        }
    };
}

// Numbers are for good: 1-19 RFC 9162 and tile logs, 20-29 subtrees, 30-39 CCF, 40-59 receipts,
// 60-79 mountain ranges, 80-89 multi-proofs, 90-109 tile logs, 200-219 storage. New families take new tens.
rules! {
    "M1" TreeHead, "RFC 9162 2.1.1",
        "the empty tree is the hash of nothing, a leaf is hashed after 0x00, a node after 0x01, and a list splits at the largest power of two below its length";
    "M2" HashLength, "RFC 9162 2.1.1",
        "every hash in a proof has the length of the tree's hash";
    "M3" IndexBelowSize, "RFC 9162 2.1.3.2",
        "the leaf index is below the tree size";
    "M4" InclusionPathNotLonger, "RFC 9162 2.1.3.2",
        "no element is left in an inclusion path once the root is reached";
    "M5" InclusionPathNotShorter, "RFC 9162 2.1.3.2",
        "an inclusion path reaches the root";
    "M6" InclusionRoot, "RFC 9162 2.1.3.2",
        "the root recomputed from an inclusion proof is the trusted root";
    "M7" ConsistencyPathNotEmpty, "RFC 9162 2.1.4.2",
        "the consistency path between trees of different size is not empty";
    "M8" OlderSizeNotZero, "RFC 9162 2.1.4.1",
        "a consistency proof starts from a tree that is not empty";
    "M9" OlderSizeNotAbove, "RFC 9162 2.1.4.1",
        "the older tree of a consistency proof is not larger than the newer one";
    "M10" EqualSizes, "RFC 9162 2.1.4.2",
        "between trees of one size the path is empty and the roots are equal";
    "M11" ConsistencyPathNotLonger, "RFC 9162 2.1.4.2",
        "no element is left in a consistency path once the root is reached";
    "M12" ConsistencyPathNotShorter, "RFC 9162 2.1.4.2",
        "a consistency path reaches the root";
    "M13" OlderRoot, "RFC 9162 2.1.4.2",
        "the older root recomputed from a consistency proof is the one the verifier holds";
    "M14" NewerRoot, "RFC 9162 2.1.4.2",
        "the newer root recomputed from a consistency proof is the trusted root";
    "M15" ExtensionOfEmptyTree, "C2SP tlog-witness 1.0.0, add-checkpoint",
        "an extension of the empty tree comes with an empty path";
    "M16" EmptyTreeRoot, "RFC 9162 2.1.1",
        "the root of a tree of size 0 is the hash of nothing";

    "M20" SubtreeAligned, "draft-ietf-plants-merkle-tree-certs 4.1",
        "the start of a subtree is a multiple of its length rounded up to a power of two, and not above its end";
    "M21" IndexInSubtree, "draft-ietf-plants-merkle-tree-certs 4.3.2",
        "the entry index lies in the subtree";
    "M22" SubtreeInTree, "draft-ietf-plants-merkle-tree-certs 4.4.3",
        "the subtree ends within the tree";
    "M23" EmptySubtree, "draft-ietf-plants-merkle-tree-certs 4.4.3",
        "an empty subtree has the hash of nothing and an empty path";
    "M24" SubtreeHash, "draft-ietf-plants-merkle-tree-certs 4.4.3",
        "the subtree hash recomputed from a consistency proof is the claimed one";
    "M25" SubtreeTreeRoot, "draft-ietf-plants-merkle-tree-certs 4.4.3",
        "the root recomputed from a subtree consistency proof is the trusted root";
    "M26" SubtreeInclusionRoot, "draft-ietf-plants-merkle-tree-certs 4.3.3",
        "the subtree hash recomputed from an inclusion proof is the trusted one";

    "M30" CcfTreeHash, "draft-ietf-scitt-receipts-ccf-profile 2.1",
        "a CCF leaf is the hash of its three components and a node the hash of its children, both without prefix";
    "M31" CcfHashLength, "draft-ietf-scitt-receipts-ccf-profile 2.2",
        "every hash in a CCF proof has the length of the ledger's hash";
    "M32" CcfEvidenceLength, "draft-ietf-scitt-receipts-ccf-profile 2.2",
        "the internal evidence of a CCF leaf has 1 to 1024 bytes";
    "M33" CcfInclusionRoot, "draft-ietf-scitt-receipts-ccf-profile 3.2",
        "the root recomputed from a CCF inclusion proof is the trusted root";
    "M34" CcfConsistencyPathNotEmpty, "draft-ietf-scitt-receipts-ccf-profile 4",
        "the path of a CCF consistency proof is not empty";
    "M35" CcfAnchor, "draft-ietf-scitt-receipts-ccf-profile 4",
        "the anchor is the largest complete subtree that ends at the older size, so the first path element is not a left sibling";
    "M36" CcfOlderRoot, "draft-ietf-scitt-receipts-ccf-profile 4",
        "the older root recomputed from a CCF consistency proof is one the verifier trusts";
    "M37" CcfNewerRoot, "draft-ietf-scitt-receipts-ccf-profile 4",
        "the newer root recomputed from a CCF consistency proof is the trusted root";
    "M38" CcfOlderSizeBelow, "draft-ietf-scitt-receipts-ccf-profile 4",
        "where sizes are known, the older ledger is not empty and smaller than the newer one";
    "M39" CcfPathShape, "draft-ietf-scitt-receipts-ccf-profile 4",
        "where sizes are known, the sides of the path are those of the two sizes";

    "M40" ReceiptTagged, "RFC 9942 4.3",
        "a receipt is a COSE_Sign1 with tag 18";
    "M41" ReceiptStructure, "RFC 9942 4.3",
        "the data structure of a receipt is named in its protected bucket, known, and accepted by this verifier";
    "M42" ReceiptProofs, "RFC 9942 4.3",
        "a receipt carries proofs of the kind that is asked for, each in a byte string";
    "M43" InclusionEncoding, "RFC 9942 5.2",
        "an inclusion proof is an array of tree size, leaf index and path";
    "M44" ConsistencyEncoding, "RFC 9942 5.3",
        "a consistency proof is an array of two tree sizes and a path";
    "M45" PathNotEmpty, "RFC 9942 5.2",
        "under the strict reading: the path of an inclusion proof is not empty";
    "M46" RootDetached, "RFC 9942 5.2.1",
        "the root is detached; attached, it is refused, or under the lenient reading equal to the recomputed one";
    "M47" RootSigned, "RFC 9942 5.2.1",
        "the signature of a receipt is over the root that its proof leads to";
    "M48" EveryProof, "RFC 9942 5.2.1",
        "every proof of a receipt is sound, also beside one that leads to the signed root";
    "M49" PositionUnauthenticated, "RFC 9942 5.2.1",
        "tree size and leaf index of a receipt enter no verdict but through the path";
    "M50" CcfInclusionEncoding, "draft-ietf-scitt-receipts-ccf-profile 3.1",
        "a CCF inclusion proof is a map of leaf and path and nothing else";
    "M51" CcfConsistencyEncoding, "draft-ietf-scitt-receipts-ccf-profile 4",
        "a CCF consistency proof is a map of anchor and path and nothing else";
    "M52" CcfDataHash, "draft-ietf-scitt-receipts-ccf-profile 3.2",
        "the data hash of a CCF leaf is that of the entry";
    "M53" CcfOneRoot, "draft-ietf-scitt-receipts-ccf-profile 3.2",
        "all proofs of a CCF receipt lead to one root";
    "M54" CcfRootDetached, "draft-ietf-scitt-receipts-ccf-profile 3",
        "the payload of a CCF receipt is nil";
    "M55" OlderSizeHeld, "RFC 9942 5.3.1",
        "a consistency proof begins at the size that the verifier holds";

    "M60" MmrNode, "draft-bryce-cose-receipts-mmr-profile, node values",
        "an interior node of a mountain range is the hash of its position and its children";
    "M61" MmrHashLength, "draft-bryce-cose-receipts-mmr-profile, inclusion proofs",
        "every hash in a proof has the length of the range's hash";
    "M62" MmrSizeComplete, "draft-bryce-cose-receipts-mmr-profile, leaf_count",
        "a size counts the nodes of a range that ends with a whole number of leaves";
    "M63" MmrIndexBelowSize, "draft-bryce-cose-receipts-mmr-profile, inclusion_proof_path",
        "the node index is below the size";
    "M64" MmrPathNotLonger, "draft-bryce-cose-receipts-mmr-profile, included_root",
        "no element is left in an inclusion path once the peak of a known range is reached";
    "M65" MmrPathNotShorter, "draft-bryce-cose-receipts-mmr-profile, included_root",
        "an inclusion path reaches the peak of a known range";
    "M66" MmrInclusionPeak, "draft-bryce-cose-receipts-mmr-profile, included_root",
        "the peak recomputed from an inclusion proof is the trusted one";
    "M67" MmrPaths, "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
        "a consistency proof has one path for each peak of the older range, each of the length that the sizes give";
    "M68" MmrPathsAgree, "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
        "all paths to one peak lead to the same value";
    "M69" MmrRightPeaks, "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
        "the right peaks are as many as no path leads to";
    "M70" MmrAccumulator, "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
        "the accumulator recomputed from a consistency proof is the trusted one";
    "M71" MmrOlderSizeBelow, "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
        "the older range of a consistency proof is smaller than the newer one";
    "M72" MmrInclusionEncoding, "draft-bryce-cose-receipts-mmr-profile, inclusion proofs",
        "an inclusion proof of a mountain range is an array of index and path";
    "M73" MmrConsistencyEncoding, "draft-bryce-cose-receipts-mmr-profile, consistency proof",
        "a consistency proof of a mountain range is an array of two sizes, paths and right peaks";
    "M74" MmrRootDetached, "draft-bryce-cose-receipts-mmr-profile, COSE receipts",
        "the payload of a mountain range's receipt is nil";
    "M75" MmrSignedSize, "draft-bryce-cose-receipts-mmr-profile, COSE receipt of consistency",
        "the size that the last consistency proof ends at is in the protected bucket, which is in deterministic encoding";
    "M76" MmrEntry, "draft-bryce-cose-receipts-mmr-profile, leaf commitment scheme",
        "an entry is at a leaf, and is not as long as a position and two hashes";

    "M80" MultiLeavesAscending, "RFC 9162 2.1.3, for many leaves",
        "the leaf indexes of a multi-proof ascend, and there is at least one";
    "M81" MultiPathNotLonger, "RFC 9162 2.1.3, for many leaves",
        "no element is left in the path of a multi-proof once the tree is covered";
    "M82" MultiPathNotShorter, "RFC 9162 2.1.3, for many leaves",
        "the path of a multi-proof and its leaves cover the tree";
    "M83" MultiInclusionRoot, "RFC 9162 2.1.3, for many leaves",
        "the root recomputed from a multi-proof is the trusted root";

    "M90" TilePath, "C2SP tlog-tiles 0.1.0",
        "the path of a tile is its level, its index in groups of three digits, and the width of a partial one";
    "M91" TileLength, "C2SP tlog-tiles 0.1.0",
        "a tile holds as many whole hashes as it is wide";
    "M92" EntryBundle, "C2SP tlog-tiles 0.1.0",
        "an entry bundle holds as many entries as it is wide, each after its length in two bytes";
    "M93" NoteForm, "C2SP signed-note 1.0.0",
        "a note is text, an empty line and signature lines";
    "M94" NoteKnownKey, "C2SP signed-note 1.0.0",
        "a note is signed by a known key";
    "M95" NoteSignature, "C2SP signed-note 1.0.0",
        "every signature of a known key is one over the note's text";
    "M96" VerifierKey, "C2SP signed-note 1.0.0",
        "a verifier key is a name, a key ID and a key, and the key ID is the hash of name and key";
    "M97" CheckpointForm, "C2SP tlog-checkpoint 1.0.0",
        "a checkpoint is an origin, a decimal size, a root in base64, and extension lines";
    "M98" CheckpointOrigin, "C2SP tlog-checkpoint 1.0.0",
        "the origin of a checkpoint is that of the log it is taken for";
    "M99" Cosignature, "C2SP tlog-cosignature 1.0.1",
        "a cosignature is a time and a signature over that time and the checkpoint";
    "M100" TileAuthenticated, "C2SP tlog-tiles 0.1.0",
        "a tile leads to the root of the checkpoint";
    "M101" EntryHashes, "C2SP tlog-tiles 0.1.0",
        "the entries of a bundle have the leaf hashes of its tile";
    "M102" WitnessRequest, "C2SP tlog-witness 1.0.0, add-checkpoint",
        "an add-checkpoint request is an old size, at most 63 lines of proof, an empty line and a checkpoint";
    "M103" WitnessOrigin, "C2SP tlog-witness 1.0.0, add-checkpoint",
        "the origin is that of a log that the witness knows";
    "M104" WitnessOldSize, "C2SP tlog-witness 1.0.0, add-checkpoint",
        "the old size is the one that the witness cosigned last, and not above the new one; of one size there is one root";

    "M105" ObjectImmutable, "storage contract, objects",
        "an object keeps the bytes that it was created with";
    "M106" LogState, "storage contract, lock",
        "the state of a log is its origin, its size, the hashes of its nodes and the hash of its last batch";
    "M107" LogOrigin, "storage contract, lock",
        "a log is opened by its origin";
    "M108" OneWriter, "storage contract, lock",
        "of all who read one state of a log, one moves it on";
    "M109" StagedBatch, "storage contract, objects",
        "the staged batch that the state names is there, and leads to the state's tree";
    "M110" StoredTile, "storage contract, objects",
        "a stored tile holds the hashes of the stored entries";
    "M111" StoredEntries, "storage contract, objects",
        "a stored bundle holds the entries that the tiles are made of";
    "M112" StoredRoot, "storage contract, lock",
        "the stored entries lead to the hashes of the state";
    "M113" PublishedCheckpoint, "storage contract, checkpoint",
        "the public checkpoint is one of this log, of a size and root that its state has or had";
    "M114" OneIndex, "storage contract, index",
        "each identity has one index, that of its entry";
    "M115" AcknowledgedStays, "storage contract, write order",
        "after a cut at any point no acknowledged entry is lost, none is there twice, and no checkpoint has two trees";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_ascending() {
        let numbers = Rule::ALL.iter().map(|rule| {
            let digits = rule.id().strip_prefix('M').unwrap();
            digits.parse::<u32>().unwrap()
        });
        assert!(numbers.is_sorted_by(|one, next| one < next));
    }
}
