//! The rules this crate enforces, each with the clause it stands in.

// Numbers are for good: 1-19 RFC 9162 and tile logs, 20-29 subtrees, 30-39 CCF, 40-59 receipts,
// 60-79 mountain ranges, 80-89 multi-proofs, 90-104 tile logs, 105-119 storage. New families take
// new tens.
spec_rules::rules! {
    /// A rule of a specification that this crate enforces. Errors name the rule they enforce, tests
    /// are named by it.
    pub enum Rule {
        TreeHead = "M1", "RFC 9162 2.1.1",
            holds "the empty tree is the hash of nothing, a leaf is hashed after 0x00, a node after 0x01, and a list splits at the largest power of two below its length",
            broken "a tree was hashed in another way";
        HashLength = "M2", "RFC 9162 2.1.1",
            holds "every hash in a proof has the length of the tree's hash",
            broken "a hash in the proof has another length than the tree's hash";
        IndexBelowSize = "M3", "RFC 9162 2.1.3.2",
            holds "the leaf index is below the tree size",
            broken "the leaf is beyond the end of the tree";
        InclusionPathNotLonger = "M4", "RFC 9162 2.1.3.2",
            holds "no element is left in an inclusion path once the root is reached",
            broken "elements are left in the inclusion path after the root is reached";
        InclusionPathNotShorter = "M5", "RFC 9162 2.1.3.2",
            holds "an inclusion path reaches the root",
            broken "the inclusion path ends before the root is reached";
        InclusionRoot = "M6", "RFC 9162 2.1.3.2",
            holds "the root recomputed from an inclusion proof is the trusted root",
            broken "the inclusion proof leads to another root than the trusted one";
        ConsistencyPathNotEmpty = "M7", "RFC 9162 2.1.4.2",
            holds "the consistency path between trees of different size is not empty",
            broken "the consistency path between trees of different size is empty";
        OlderSizeNotZero = "M8", "RFC 9162 2.1.4.1",
            holds "a consistency proof starts from a tree that is not empty",
            broken "the consistency proof starts from the empty tree";
        OlderSizeNotAbove = "M9", "RFC 9162 2.1.4.1",
            holds "the older tree of a consistency proof is not larger than the newer one",
            broken "the older tree of the consistency proof is larger than the newer one";
        EqualSizes = "M10", "RFC 9162 2.1.4.2",
            holds "between trees of one size the path is empty and the roots are equal",
            broken "between trees of one size the path is not empty, or the roots differ";
        ConsistencyPathNotLonger = "M11", "RFC 9162 2.1.4.2",
            holds "no element is left in a consistency path once the root is reached",
            broken "elements are left in the consistency path after the root is reached";
        ConsistencyPathNotShorter = "M12", "RFC 9162 2.1.4.2",
            holds "a consistency path reaches the root",
            broken "the consistency path ends before the root is reached";
        OlderRoot = "M13", "RFC 9162 2.1.4.2",
            holds "the older root recomputed from a consistency proof is the one the verifier holds",
            broken "the consistency proof leads to another older root than the one that the verifier holds";
        NewerRoot = "M14", "RFC 9162 2.1.4.2",
            holds "the newer root recomputed from a consistency proof is the trusted root",
            broken "the consistency proof leads to another newer root than the trusted one";
        ExtensionOfEmptyTree = "M15", "C2SP tlog-witness, add-checkpoint",
            holds "an extension of the empty tree comes with an empty path",
            broken "the extension of the empty tree comes with a path";
        EmptyTreeRoot = "M16", "RFC 9162 2.1.1",
            holds "the root of a tree of size 0 is the hash of nothing",
            broken "the root of the tree of size 0 is not the hash of nothing";

        SubtreeAligned = "M20", "draft-ietf-plants-merkle-tree-certs 4.1",
            holds "the start of a subtree is a multiple of its length rounded up to a power of two, and not above its end",
            broken "the interval is not a subtree";
        IndexInSubtree = "M21", "draft-ietf-plants-merkle-tree-certs 4.3.2",
            holds "the entry index lies in the subtree",
            broken "the entry is outside of the subtree";
        SubtreeInTree = "M22", "draft-ietf-plants-merkle-tree-certs 4.4.3",
            holds "the subtree ends within the tree",
            broken "the subtree ends beyond the tree";
        EmptySubtree = "M23", "draft-ietf-plants-merkle-tree-certs 4.4.3",
            holds "an empty subtree has the hash of nothing and an empty path",
            broken "the empty subtree has another hash than that of nothing, or a path";
        SubtreeHash = "M24", "draft-ietf-plants-merkle-tree-certs 4.4.3",
            holds "the subtree hash recomputed from a consistency proof is the claimed one",
            broken "the consistency proof leads to another subtree hash than the claimed one";
        SubtreeTreeRoot = "M25", "draft-ietf-plants-merkle-tree-certs 4.4.3",
            holds "the root recomputed from a subtree consistency proof is the trusted root",
            broken "the subtree consistency proof leads to another root than the trusted one";
        SubtreeInclusionRoot = "M26", "draft-ietf-plants-merkle-tree-certs 4.3.3",
            holds "the subtree hash recomputed from an inclusion proof is the trusted one",
            broken "the inclusion proof leads to another subtree hash than the trusted one";

        CcfTreeHash = "M30", "draft-ietf-scitt-receipts-ccf-profile 2.1",
            holds "a CCF leaf is the hash of its three components and a node the hash of its children, both without prefix",
            broken "a CCF leaf or node was hashed in another way";
        CcfHashLength = "M31", "draft-ietf-scitt-receipts-ccf-profile 2.2",
            holds "every hash in a CCF proof has the length of the ledger's hash",
            broken "a hash in the CCF proof has another length than the ledger's hash";
        CcfEvidenceLength = "M32", "draft-ietf-scitt-receipts-ccf-profile 2.2",
            holds "the internal evidence of a CCF leaf has 1 to 1024 bytes",
            broken "the internal evidence of the CCF leaf is empty, or longer than 1024 bytes";
        CcfInclusionRoot = "M33", "draft-ietf-scitt-receipts-ccf-profile 3.2",
            holds "the root recomputed from a CCF inclusion proof is the trusted root",
            broken "the CCF inclusion proof leads to another root than the trusted one";
        CcfConsistencyPathNotEmpty = "M34", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "the path of a CCF consistency proof is not empty",
            broken "the path of the CCF consistency proof is empty";
        CcfAnchor = "M35", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "the anchor is the largest complete subtree that ends at the older size, so the first path element is not a left sibling",
            broken "the first path element is a left sibling, so the anchor is not the largest complete subtree at the older size";
        CcfOlderRoot = "M36", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "the older root recomputed from a CCF consistency proof is one the verifier trusts",
            broken "the CCF consistency proof leads to another older root than a trusted one";
        CcfNewerRoot = "M37", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "the newer root recomputed from a CCF consistency proof is the trusted root",
            broken "the CCF consistency proof leads to another newer root than the trusted one";
        CcfOlderSizeBelow = "M38", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "where sizes are known, the older ledger is not empty and smaller than the newer one",
            broken "the older ledger is empty, or not smaller than the newer one";
        CcfPathShape = "M39", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "where sizes are known, the sides of the path are those of the two sizes",
            broken "the sides of the path are not those of the two sizes";

        ReceiptTagged = "M40", "RFC 9942 4.3",
            holds "a receipt is a COSE_Sign1 with tag 18",
            broken "the receipt is not a COSE_Sign1 with tag 18";
        ReceiptStructure = "M41", "RFC 9942 4.3",
            holds "the data structure of a receipt is named in its protected bucket, known, and accepted by this verifier",
            broken "the receipt names no data structure";
        ReceiptProofs = "M42", "RFC 9942 4.3",
            holds "a receipt carries proofs of the kind that is asked for, each in a byte string",
            broken "the receipt carries no proof of the kind that is asked for in a byte string";
        InclusionEncoding = "M43", "RFC 9942 5.2",
            holds "an inclusion proof is an array of tree size, leaf index and path",
            broken "the inclusion proof is not an array of tree size, leaf index and path";
        ConsistencyEncoding = "M44", "RFC 9942 5.3",
            holds "a consistency proof is an array of two tree sizes and a path",
            broken "the consistency proof is not an array of two tree sizes and a path";
        PathNotEmpty = "M45", "RFC 9942 5.2",
            holds "under the strict reading: the path of an inclusion proof is not empty",
            broken "the path of the inclusion proof is empty";
        RootDetached = "M46", "RFC 9942 5.2.1",
            holds "the root is detached; attached, it is refused, or under the lenient reading equal to the recomputed one",
            broken "the root is attached to the receipt, or another than the recomputed one";
        RootSigned = "M47", "RFC 9942 5.2.1",
            holds "the signature of a receipt is over the root that its proof leads to",
            broken "the signature of the receipt is not over the root that its proof leads to";
        EveryProof = "M48", "RFC 9942 5.2.1",
            holds "every proof of a receipt is sound, also beside one that leads to the signed root",
            broken "one of the proofs of the receipt is unsound";
        PositionUnauthenticated = "M49", "RFC 9942 5.2.1",
            holds "tree size and leaf index of a receipt enter no verdict but through the path",
            broken "tree size or leaf index of the receipt was trusted";
        CcfInclusionEncoding = "M50", "draft-ietf-scitt-receipts-ccf-profile 3.1",
            holds "a CCF inclusion proof is a map of leaf and path and nothing else",
            broken "the CCF inclusion proof is not a map of leaf and path";
        CcfConsistencyEncoding = "M51", "draft-ietf-scitt-receipts-ccf-profile 4",
            holds "a CCF consistency proof is a map of anchor and path and nothing else",
            broken "the CCF consistency proof is not a map of anchor and path";
        CcfDataHash = "M52", "draft-ietf-scitt-receipts-ccf-profile 3.2",
            holds "the data hash of a CCF leaf is that of the entry",
            broken "the data hash of the CCF leaf is that of another entry";
        CcfOneRoot = "M53", "draft-ietf-scitt-receipts-ccf-profile 3.2",
            holds "all proofs of a CCF receipt lead to one root",
            broken "the proofs of the CCF receipt lead to different roots";
        CcfRootDetached = "M54", "draft-ietf-scitt-receipts-ccf-profile 3",
            holds "the payload of a CCF receipt is nil",
            broken "the payload of the CCF receipt is not nil";
        OlderSizeHeld = "M55", "RFC 9942 5.3.1",
            holds "a consistency proof begins at the size that the verifier holds",
            broken "the consistency proof begins at another size than the verifier holds";

        MmrNode = "M60", "draft-bryce-cose-receipts-mmr-profile, node values",
            holds "an interior node of a mountain range is the hash of its position and its children",
            broken "a node of the mountain range was hashed in another way";
        MmrHashLength = "M61", "draft-bryce-cose-receipts-mmr-profile, inclusion proofs",
            holds "every hash in a proof has the length of the range's hash",
            broken "a hash in the proof has another length than the range's hash";
        MmrSizeComplete = "M62", "draft-bryce-cose-receipts-mmr-profile, leaf_count",
            holds "a size counts the nodes of a range that ends with a whole number of leaves",
            broken "no mountain range has that many nodes";
        MmrIndexBelowSize = "M63", "draft-bryce-cose-receipts-mmr-profile, inclusion_proof_path",
            holds "the node index is below the size",
            broken "the node is beyond the end of the range";
        MmrPathNotLonger = "M64", "draft-bryce-cose-receipts-mmr-profile, included_root",
            holds "no element is left in an inclusion path once the peak of a known range is reached",
            broken "elements are left in the inclusion path after the peak is reached";
        MmrPathNotShorter = "M65", "draft-bryce-cose-receipts-mmr-profile, included_root",
            holds "an inclusion path reaches the peak of a known range",
            broken "the inclusion path ends before the peak is reached";
        MmrInclusionPeak = "M66", "draft-bryce-cose-receipts-mmr-profile, included_root",
            holds "the peak recomputed from an inclusion proof is the trusted one",
            broken "the inclusion proof leads to another peak than the trusted one";
        MmrPaths = "M67", "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
            holds "a consistency proof has one path for each peak of the older range, each of the length that the sizes give",
            broken "the consistency proof has not one path of the right length for each peak of the older range";
        MmrPathsAgree = "M68", "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
            holds "all paths to one peak lead to the same value",
            broken "two paths to one peak lead to different values";
        MmrRightPeaks = "M69", "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
            holds "the right peaks are as many as no path leads to",
            broken "there are more or fewer right peaks than no path leads to";
        MmrAccumulator = "M70", "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
            holds "the accumulator recomputed from a consistency proof is the trusted one",
            broken "the consistency proof leads to another accumulator than the trusted one";
        MmrOlderSizeBelow = "M71", "draft-bryce-cose-receipts-mmr-profile, consistent_roots",
            holds "the older range of a consistency proof is smaller than the newer one",
            broken "the older range of the consistency proof is not smaller than the newer one";
        MmrInclusionEncoding = "M72", "draft-bryce-cose-receipts-mmr-profile, inclusion proofs",
            holds "an inclusion proof of a mountain range is an array of index and path",
            broken "the inclusion proof is not an array of index and path";
        MmrConsistencyEncoding = "M73", "draft-bryce-cose-receipts-mmr-profile, consistency proof",
            holds "a consistency proof of a mountain range is an array of two sizes, paths and right peaks",
            broken "the consistency proof is not an array of two sizes, paths and right peaks";
        MmrRootDetached = "M74", "draft-bryce-cose-receipts-mmr-profile, COSE receipts",
            holds "the payload of a mountain range's receipt is nil",
            broken "the payload of the mountain range's receipt is not nil";
        MmrSignedSize = "M75", "draft-bryce-cose-receipts-mmr-profile, COSE receipt of consistency",
            holds "the size that the last consistency proof ends at is in the protected bucket, which is in deterministic encoding",
            broken "the size that the last consistency proof ends at is not in the protected bucket, in deterministic encoding";
        MmrEntry = "M76", "draft-bryce-cose-receipts-mmr-profile, leaf commitment scheme",
            holds "an entry is at a leaf, and is not as long as a position and two hashes",
            broken "the entry is not at a leaf, or as long as a position and two hashes";

        MultiLeavesAscending = "M80", "RFC 9162 2.1.3, for many leaves",
            holds "the leaf indexes of a multi-proof ascend, and there is at least one",
            broken "the leaf indexes of the multi-proof do not ascend, or there are none";
        MultiPathNotLonger = "M81", "RFC 9162 2.1.3, for many leaves",
            holds "no element is left in the path of a multi-proof once the tree is covered",
            broken "elements are left in the path of the multi-proof after the tree is covered";
        MultiPathNotShorter = "M82", "RFC 9162 2.1.3, for many leaves",
            holds "the path of a multi-proof and its leaves cover the tree",
            broken "the path of the multi-proof and its leaves do not cover the tree";
        MultiInclusionRoot = "M83", "RFC 9162 2.1.3, for many leaves",
            holds "the root recomputed from a multi-proof is the trusted root",
            broken "the multi-proof leads to another root than the trusted one";

        TilePath = "M90", "C2SP tlog-tiles 0.1.0",
            holds "the path of a tile is its level, its index in groups of three digits, and the width of a partial one",
            broken "the path is not one of a tile";
        TileLength = "M91", "C2SP tlog-tiles 0.1.0",
            holds "a tile holds as many whole hashes as it is wide",
            broken "the tile holds another number of hashes than it is wide";
        EntryBundle = "M92", "C2SP tlog-tiles 0.1.0",
            holds "an entry bundle holds as many entries as it is wide, each after its length in two bytes",
            broken "the bundle holds another number of entries than it is wide";
        NoteForm = "M93", "C2SP signed-note 1.0.0",
            holds "a note is text, an empty line and signature lines",
            broken "the text is not a note of text, an empty line and signature lines";
        NoteKnownKey = "M94", "C2SP signed-note 1.0.0",
            holds "a note is signed by a known key",
            broken "the note is signed by no known key";
        NoteSignature = "M95", "C2SP signed-note 1.0.0",
            holds "every signature of a known key is one over the note's text",
            broken "a signature of a known key is not one over the note's text";
        VerifierKey = "M96", "C2SP signed-note 1.0.0",
            holds "a verifier key is a name, a key ID and a key, and the key ID is the hash of name and key",
            broken "the text is not a verifier key, or its key ID is not the hash of name and key";
        CheckpointForm = "M97", "C2SP tlog-checkpoint 1.0.0",
            holds "a checkpoint is an origin, a decimal size, a root in base64, and extension lines",
            broken "the checkpoint is not an origin, a decimal size, a root in base64 and extension lines";
        CheckpointOrigin = "M98", "C2SP tlog-checkpoint 1.0.0",
            holds "the origin of a checkpoint is that of the log it is taken for",
            broken "the checkpoint is of another origin than the log";
        Cosignature = "M99", "C2SP tlog-cosignature 1.1",
            holds "a cosignature is a time of at most 2^63 - 1 and a signature over that time and the checkpoint",
            broken "the cosignature is not one over its time and the checkpoint, or the time is above 2^63 - 1";
        TileAuthenticated = "M100", "C2SP tlog-tiles 0.1.0",
            holds "a tile leads to the root of the checkpoint",
            broken "the tile does not lead to the root of the checkpoint";
        EntryHashes = "M101", "C2SP tlog-tiles 0.1.0",
            holds "the entries of a bundle have the leaf hashes of its tile",
            broken "the entries of the bundle do not have the leaf hashes of its tile";
        WitnessRequest = "M102", "C2SP tlog-witness, add-checkpoint",
            holds "an add-checkpoint request is an old size, at most 63 lines of proof, an empty line and a checkpoint",
            broken "the request is not an old size, at most 63 lines of proof, an empty line and a checkpoint";
        WitnessOrigin = "M103", "C2SP tlog-witness, add-checkpoint",
            holds "the origin is that of a log that the witness knows",
            broken "the witness does not know the origin";
        WitnessOldSize = "M104", "C2SP tlog-witness, add-checkpoint",
            holds "the old size is the one that the witness cosigned last, and not above the new one",
            broken "the old size is not the one that the witness cosigned last, or is above the new one";

        ObjectImmutable = "M105", "storage contract, objects",
            holds "an object keeps the bytes that it was created with",
            broken "an object does not keep the bytes that it was created with";
        LogState = "M106", "storage contract, lock",
            holds "the state of a log is its origin, its size, the hashes of its nodes and the hash of its last batch",
            broken "the state of the log is not an origin, a size, node hashes and the hash of the last batch";
        LogOrigin = "M107", "storage contract, lock",
            holds "a log is opened by its origin",
            broken "the log has another origin";
        OneWriter = "M108", "storage contract, lock",
            holds "of all who read one state of a log, one moves it on",
            broken "two writers moved one state of the log on";
        StagedBatch = "M109", "storage contract, objects",
            holds "the staged batch that the state names is there, and leads to the state's tree",
            broken "the staged batch that the state names is missing, or does not lead to the state's tree";
        StoredTile = "M110", "storage contract, objects",
            holds "a stored tile holds the hashes of the stored entries",
            broken "a stored tile does not hold the hashes of the stored entries";
        StoredEntries = "M111", "storage contract, objects",
            holds "a stored bundle holds the entries that the tiles are made of",
            broken "a stored bundle does not hold the entries that the tiles are made of";
        StoredRoot = "M112", "storage contract, lock",
            holds "the stored entries lead to the hashes of the state",
            broken "the stored entries do not lead to the hashes of the state";
        PublishedCheckpoint = "M113", "storage contract, checkpoint",
            holds "the public checkpoint is one of this log, of a size and root that its state has or had",
            broken "the public checkpoint is not one of this log, of a size and root that its state has or had";
        OneIndex = "M114", "storage contract, index",
            holds "each identity has one index, that of its entry",
            broken "an identity has two indexes, or that of another entry";
        AcknowledgedStays = "M115", "storage contract, write order",
            holds "after a cut at any point no acknowledged entry is lost, none is there twice, and no checkpoint has two trees",
            broken "an acknowledged entry is lost or there twice, or a checkpoint has two trees";
        BoundedWork = "M116", "this project",
            holds "the work that one receipt causes is bounded: equal roots cost one check, and malformed proofs no hash",
            broken "the proofs of the receipt take more work than one call may cause";

        VerifierKeyType = "M117", "C2SP signed-note 1.0.0, Signature types",
            holds "the type of a verifier key is Ed25519, ECDSA on P-256, a cosignature by Ed25519 or ML-DSA-44, or RFC 6962",
            broken "the type of the verifier key is none that is done here";
        TreeHeadSignature = "M118", "C2SP static-ct-api, Checkpoints",
            holds "a log of RFC 6962 signs size, root and time of a checkpoint that has no extension lines, by ECDSA over SHA-256",
            broken "the signature is not one by ECDSA over the tree head, or the checkpoint has extension lines";
        TlogProof = "M119", "C2SP tlog-proof",
            holds "a proof is its first line, extra data or none, a leaf index, a path, an empty line and a checkpoint",
            broken "the text is not a proof of leaf index, path and checkpoint";
        PolicyForm = "M120", "C2SP tlog-policy",
            holds "a policy is lines of logs, witnesses and groups, each key and each name once, and one quorum",
            broken "the text is not a policy of logs, witnesses, groups and one quorum";
        PolicyQuorum = "M121", "C2SP tlog-policy",
            holds "the quorum of the policy has cosigned the checkpoint",
            broken "the quorum of the policy has not cosigned the checkpoint";
        TileMissing = "M122", "C2SP tlog-tiles 0.1.0",
            holds "the tiles of a checkpoint are there, or the full ones in the place of partial ones",
            broken "a tile of the checkpoint is not there, nor the full one in its place";
    }
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
