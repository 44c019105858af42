//! The rules of the profile: one for each numbered statement of docs/transparent-suit.md that says
//! MUST.

spec_rules::rules! {
    /// The rules of the profile, in the order of docs/transparent-suit.md. Errors name them, tests
    /// are named by them.
    pub enum Rule {
        BlockIsSign1 = "F1", "transparent SUIT 3",
            holds "a transparent block is a tagged COSE_Sign1",
            broken "the block is not a tagged COSE_Sign1";
        PayloadNil = "F2", "transparent SUIT 3",
            holds "in the envelope the payload of the block is nil",
            broken "the payload of the block stands in it";
        AlgorithmFullySpecified = "F3", "transparent SUIT 3.1",
            holds "the algorithm of the block is protected and fully specified",
            broken "the algorithm of the block leaves the curve to the key";
        ContentTypeCbor = "F4", "transparent SUIT 3.1",
            holds "the content type of the block is that of its payload, Content-Format 60",
            broken "the content type of the block is not Content-Format 60";
        TypStated = "F5", "transparent SUIT 3.1",
            holds "typ of the block is the type of this profile",
            broken "typ of the block is not the type of this profile";
        KeyIdentified = "F6", "transparent SUIT 3.1",
            holds "kid of the block is the thumbprint of the key that signed it",
            broken "kid of the block is not the thumbprint of the key that signed it";
        NoHashEnvelope = "F7", "transparent SUIT 3.1",
            holds "the header of the block has none of the parameters of hash envelopes",
            broken "the header of the block has a parameter of hash envelopes";
        CriticalTypOnly = "F8", "transparent SUIT 3.1",
            holds "crit of the block is absent, or names typ and nothing else",
            broken "crit of the block names something else than typ";
        ClaimsStated = "F9", "transparent SUIT 3.1",
            holds "the claims of the block have an issuer that is a URI, a subject, and suit-sequence as an unsigned integer",
            broken "the claims of the block lack an issuer that is a URI, a subject, or suit-sequence as an unsigned integer";
        EntryAttached = "F10", "transparent SUIT 3.2",
            holds "the entry of a block is its form with attached payload and an empty unprotected header, whichever form was submitted",
            broken "the entry is not the form with attached payload and an empty unprotected header";
        NoTwin = "F11", "transparent SUIT 3.3",
            holds "an envelope has no second COSE_Sign1 by the same key and algorithm",
            broken "the envelope has a second COSE_Sign1 by the same key and algorithm";
        RolesDisjoint = "F12", "transparent SUIT 4",
            holds "a key that signs blocks signs nothing else: it has no other role in the trust store",
            broken "the key has another role";
        WithdrawalApart = "F13", "transparent SUIT 4",
            holds "a withdrawal has another key and typ than the block, and no SUIT_Digest as its payload",
            broken "the withdrawal could be taken for a block";
        DigestRecomputed = "F14", "transparent SUIT 5",
            holds "the author computes the digest from the manifest before anything is signed",
            broken "the digest to be signed is not that of the manifest";
        LowForm = "F15", "transparent SUIT 5",
            holds "an author emits the low form of an ECDSA signature",
            broken "the signature is the high form of an ECDSA signature";
        ManifestHandedOver = "F16", "transparent SUIT 6",
            holds "the service has the manifest, and its digest is the payload of the block",
            broken "the manifest that was handed over is not the one whose digest the block signs";
        SequenceAgrees = "F17", "transparent SUIT 6, 7",
            holds "suit-sequence of the block is the sequence number of the manifest",
            broken "suit-sequence of the block is not the sequence number of the manifest";
        SubjectIsClass = "F18", "transparent SUIT 6, 7",
            holds "the subject of the block is a class that the shared sequence of the manifest checks",
            broken "the subject of the block is no class that the shared sequence of the manifest checks";
        IssuerEnrolled = "F19", "transparent SUIT 6, 7",
            holds "the issuer of the block is the one that its key is enrolled for",
            broken "the issuer of the block is not the one that its key is enrolled for";
        SequenceGrows = "F20", "transparent SUIT 6",
            holds "a service registers a sequence number that is greater than the last of the same issuer and subject",
            broken "the sequence number is not greater than the last of the same issuer and subject";
        OneDigest = "F21", "transparent SUIT 6",
            holds "a service registers one digest for a sequence number of one issuer and subject",
            broken "another digest is registered for this sequence number";
        Idempotent = "F22", "transparent SUIT 6",
            holds "issuer, subject, sequence number and digest that are registered are one registration, whatever the signature",
            broken "what is registered was refused, or registered twice";
        ManifestKept = "F23", "transparent SUIT 6",
            holds "the service keeps the manifest by its digest",
            broken "the manifest of a registered block is gone";
        ThisTypOnly = "F24", "transparent SUIT 6",
            holds "the rules of registration hold for statements of this typ, and for no others",
            broken "a statement of this typ is registered by its own rules alone";
        DigestOfManifest = "F25", "transparent SUIT 7.1",
            holds "the digest that the block signs is that of the manifest",
            broken "the digest that the block signs is not that of the manifest";
        FirmwareKey = "F26", "transparent SUIT 7.1",
            holds "a key in the firmware role signed the block",
            broken "no key in the firmware role signed the block";
        DeviceClass = "F27", "transparent SUIT 7.2",
            holds "the subject of the block is one of the device's classes",
            broken "the subject of the block is none of the device's classes";
        ReceiptsRequired = "F28", "transparent SUIT 7.3",
            holds "whether receipts are required is configured on the device: an envelope without them fails closed",
            broken "the block has no receipt that counts, and receipts are required";
        SameBlock = "F29", "transparent SUIT 7.3",
            holds "the block that satisfies the device is the block whose receipts count",
            broken "the receipts stand in another block";
        ServicesCounted = "F30", "transparent SUIT 7.3",
            holds "k of n counts services by their identity in the trust store",
            broken "fewer different services logged the block than the device requires";
        NumberInOrder = "F31", "transparent SUIT 7.4",
            holds "an update has a greater number, or the same with the same digest; an invocation none that is lower",
            broken "the sequence number is out of order";
        VerifiedFirst = "F32", "transparent SUIT 7.5",
            holds "nothing of the manifest is run before all steps have passed",
            broken "the manifest was run before it was verified";
        PositionUnsigned = "F33", "transparent SUIT 8",
            holds "tree size and leaf index of an inclusion receipt change no verdict and no state",
            broken "a tree size or leaf index that nobody signed changed a verdict";
        IssuerExpected = "F34", "transparent SUIT 9",
            holds "a monitor alarms on an issuer that is not expected for a class",
            broken "an issuer that is not expected has a statement about the class";
        SequenceForward = "F35", "transparent SUIT 9",
            holds "a monitor alarms on a sequence number that goes back",
            broken "a sequence number of the log goes back";
        DigestsAgree = "F36", "transparent SUIT 9",
            holds "a monitor alarms on two digests for one number",
            broken "the log has two digests for one number";
        ClaimsAgree = "F37", "transparent SUIT 9",
            holds "a monitor alarms on claims that differ from the manifest",
            broken "the claims of a logged block differ from its manifest";
        ReleaseKnown = "F38", "transparent SUIT 9",
            holds "an author's monitor alarms on a release that the author did not make",
            broken "the release is one that its author did not make";
        BoundedWork = "F39", "transparent SUIT 7",
            holds "one budget of signature checks and hashing bounds an envelope with all of its blocks and receipts",
            broken "the envelope takes more work than one call may cause";
        StepsInOrder = "F40", "transparent SUIT 7",
            holds "a device takes the steps in their order, and refuses at the first that fails",
            broken "a step was taken out of its order";
    }
}
