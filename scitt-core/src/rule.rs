//! The rules that this crate enforces.

spec_rules::rules! {
    /// The rules of SCITT that this crate enforces, and those that this project adds where the
    /// specifications are silent. Errors name them, tests are named by them.
    pub enum Rule {
        StatementTagged = "S1", "RFC 9943 6",
            holds "a signed statement is a COSE_Sign1 with tag 18",
            broken "the statement is not a COSE_Sign1 with tag 18";
        StatementClaims = "S2", "RFC 9943 6",
            holds "the protected header of a statement has CWT Claims",
            broken "the protected header of the statement has no CWT Claims";
        StatementIssuer = "S3", "RFC 9943 6",
            holds "the claims of a statement name an issuer",
            broken "the claims of the statement name no issuer";
        StatementSubject = "S4", "RFC 9943 6",
            holds "the claims of a statement name a subject",
            broken "the claims of the statement name no subject";
        IssuerIsUri = "S5", "RFC 9943 6",
            holds "with x5t or x5chain in the protected header, the issuer is a URI",
            broken "a certificate identifies the key, and the issuer is not a URI";
        IssuerLength = "S6", "RFC 9943 6",
            holds "the issuer has 1 to 8192 characters",
            broken "the issuer is empty, or longer than 8192 characters";
        KeyIdentified = "S7", "RFC 9943 6",
            holds "the protected header identifies the key: x5t, x5chain, or else kid",
            broken "no x5t, x5chain or kid in the protected header identifies the key";
        IdentifiersAgree = "S8", "RFC 9943 5.1.1.1",
            holds "of several identifiers each is checked: x5t is the digest of the first certificate of x5chain",
            broken "the identifiers of the key contradict each other";
        NotAReceipt = "S9", "this project",
            holds "a receipt is not accepted as a statement",
            broken "a receipt stands where a statement is due";
        StatementSignature = "S10", "RFC 9943 5.1.1.1",
            holds "the signature of the statement is its issuer's",
            broken "the signature of the statement is not its issuer's";
        DatesUntagged = "S11", "RFC 8392 2",
            holds "under the strict reading: dates in claims are not wrapped in tag 1",
            broken "a date in the claims is wrapped in tag 1";
        ReceiptPresent = "S12", "RFC 9943 7",
            holds "a transparent statement carries at least one receipt",
            broken "the statement carries no receipt";
        ReceiptTrusted = "S13", "RFC 9943 7.1",
            holds "at least one receipt is by a service whose key the relying party trusts",
            broken "no receipt is by a service whose key is trusted";
        ReceiptBinds = "S14", "RFC 9943 7.1",
            holds "a receipt counts for the statement whose entry its proof leads to the signed root from, and for no other",
            broken "the receipt is one of another statement";
        ReceiptClaims = "S15", "RFC 9943 6",
            holds "under the strict reading: the protected header of a receipt has CWT Claims with issuer and subject",
            broken "the protected header of the receipt has no CWT Claims with issuer and subject";
        ReceiptIssuer = "S16", "this project",
            holds "the issuer of a receipt is the one that its key was enrolled for",
            broken "the receipt claims another issuer than its key was enrolled for";
        ServiceKeyPinned = "S17", "this project",
            holds "a service key is used with the data structure, entry rule and algorithm it was enrolled with; none is tried in turn",
            broken "the receipt uses another data structure, entry rule or algorithm than its key was enrolled with";
        ServiceKeyStatus = "S18", "this project",
            holds "receipts of a compromised key are refused whatever time they claim; of a retired key unless policy accepts them",
            broken "the key of the service is compromised, or retired";
        DistinctServices = "S19", "this project",
            holds "k of n counts services of the trust store: receipts, keys and spellings of one service count once",
            broken "fewer different services vouch for the statement than the policy asks for";
        ExtraReceipts = "S20", "RFC 9943 7.1",
            holds "receipts are not signed as a set: one that is broken or unknown does not spoil one that is good",
            broken "a receipt that is broken or unknown spoiled one that is good";
        UnprotectedEmptied = "S21", "RFC 9943 6.3",
            holds "the unprotected header is an empty map in the entry that is logged",
            broken "the unprotected header of the entry is not empty";
        RegisteredFirst = "S22", "RFC 9943 6.3",
            holds "a statement is registered before its receipt is released",
            broken "the receipt was released before the statement was registered";
        ReceiptForEvery = "S23", "RFC 9943 6.3",
            holds "the service can make a receipt for every statement that it registered",
            broken "no receipt can be made for a statement that was registered";
        OneEntry = "S24", "this project",
            holds "one statement has one entry: another signature over the same content makes no second one",
            broken "one statement has two entries";
        PayloadBound = "S25", "this project",
            holds "where an entry rule binds the payload only through the signature, the signature is checked",
            broken "the entry does not bind the payload, and the signature was not checked";
        NothingUnverified = "S26", "this project",
            holds "a service checks the signature and the required headers before it registers anything",
            broken "the statement was not verified before it was registered";
        IssuerBound = "S27", "RFC 9943 5.1.1.1",
            holds "under the strict reading: a service registers what a key signed that is enrolled for the issuer which the statement claims",
            broken "the key is enrolled for no issuer in particular, so nothing shows that it speaks for the issuer of the statement";
        BoundedWork = "S28", "this project",
            holds "one budget of signature checks and hashing bounds a statement with all of its receipts",
            broken "the receipts of the statement take more work than one call may cause";
        SharedKeyId = "S29", "this project",
            holds "of several keys that share a kid, the verdict names the one that verified, in any order",
            broken "the verdict names another key than the one that verified";
        NoSuitDigest = "S30", "this project",
            holds "the general issuer signs no payload that is a SUIT_Digest: a processor of SUIT would take it for a manifest's authorization",
            broken "the payload of a statement about a file is a SUIT_Digest";
        PolicyInForce = "S31", "RFC 9943 5.1.1.1",
            holds "a statement is registered under the registration policy that was committed last",
            broken "the registration policy that is in force refuses the statement";
        PolicyRegistered = "S32", "RFC 9943 5.1.1.1",
            holds "a registration policy and its trust anchors are registered as a signed statement about this service",
            broken "the policy is about another service, or nobody could ever replace it";
        PolicyFirst = "S33", "RFC 9943 5.1.2",
            holds "until there is a policy, configured or registered, nothing but a policy is registered",
            broken "no registration policy is in force yet";
        PolicyForm = "S34", "this project",
            holds "a registration policy has the parts that are known and no others",
            broken "the registration policy is malformed, or has a part that is not known";
        DecisionReplayable = "S35", "RFC 9943 5.1.1.2",
            holds "what is kept of a registration suffices to make its decision again",
            broken "what was kept of the registration is not the evidence of a decision";
        ReceiptKeyEndorsed = "S36", "this project",
            holds "a new receipt key is endorsed by an offline root, in a statement that is registered",
            broken "the statement endorses no receipt key of this service";
        ReceiptVerified = "S37", "this project",
            holds "a service checks its own signature before it releases a receipt",
            broken "the signature is not that of the receipt key";
        ReceiptKeyAttested = "S38", "this project",
            holds "where it is asked for, a registered attestation token confirms the receipt key, and is recent",
            broken "no recent attestation token confirms the receipt key";
        PositionUnsigned = "S39", "RFC 9942 5.2",
            holds "tree size and leaf index are signed by nobody: rewriting them without changing the fold alters no verdict",
            broken "a verdict depends on a tree size or a leaf index that nobody signed";
        ServiceIsNoIssuer = "S40", "this project",
            holds "the key of a service is no issuer's key unless it is enrolled as one",
            broken "the key of a service was taken for that of an issuer";
        IssuerByPath = "S41", "RFC 9943 5.1.1.1",
            holds "a certificate identifies an issuer's key if a path leads from it to an authority that the policy names for that issuer",
            broken "no path leads from the certificate to an authority that is named for the issuer";
        ValidWhenVerified = "S42", "RFC 8392 3.1.4",
            holds "where a time is given, a statement that is expired or not yet valid is refused",
            broken "the statement is not valid at this time";
        RolesDisjoint = "S50", "this project",
            holds "a key of the relying party's store has one role: statements, receipts, firmware, TEEP messages, evidence or results",
            broken "the key is enrolled for another role";
        StoredKeyInForce = "S51", "this project",
            holds "a key of the store counts while it is current and valid; a compromised one never, a retired one only where retired ones are accepted by name",
            broken "the key of the store is not in force";
        StoreForm = "S52", "this project",
            holds "a stored relying-party store is one array of version, services and issuers in deterministic encoding, without members that are not known",
            broken "the data are not a relying-party store";
        KeyFile = "S53", "RFC 9052 7",
            holds "of a service's key file each key that says what it signs with is enrolled, the others are counted, and one at least is left",
            broken "no key of the file can be enrolled";
        DidX509Form = "S54", "did:x509 0",
            holds "a did:x509 names a hash function, the digest of an authority and at least one policy, all percent-encoded",
            broken "the name is no did:x509";
        DidX509Authority = "S55", "did:x509 0",
            holds "a did:x509 resolves where a certificate of the chain above the first has its digest, and a path leads to it",
            broken "no certificate of the chain is the authority of the did:x509";
        DidX509Policy = "S56", "did:x509 0",
            holds "the first certificate meets every policy of a did:x509",
            broken "the first certificate does not meet a policy of the did:x509";
        HeadForm = "S60", "this project",
            holds "a signed head is a checkpoint, or a tagged COSE_Sign1 over size and root whose claims have the subject of heads",
            broken "the bytes are no signed head";
        HeadSigned = "S61", "this project",
            holds "a head counts when size and root stand under one signature by a key of the service that is in force",
            broken "no key of the service in force signed the head";
        ForkFromSignedHeads = "S62", "this project",
            holds "the proof of a fork is two heads that one service signed and whose roots contradict each other, and nothing else",
            broken "the two are not signed heads of one service that contradict each other";
        ForkProofForm = "S63", "this project",
            holds "a fork proof as data is two signed heads, another root of the older size and its path, all checked again by whoever reads it",
            broken "the data are no fork proof";
        ReceiptsFrameNobody = "S64", "this project",
            holds "receipts, which sign no size, make a discrepancy, which a proof of consistency resolves, and never a fork",
            broken "a service was accused by receipts alone";
        AuditRoot = "S65", "RFC 9943 5.1.3",
            holds "an auditor computes every leaf and every root from the entries, and compares them with what the service signed",
            broken "what is shown of the entry is not what was logged";
        AuditDecision = "S66", "RFC 9943 5.1.1",
            holds "an auditor makes every decision again, by the policy in force at that place of the log",
            broken "the policy in force does not let the statement in";
        AuditWithheld = "S67", "this project",
            holds "a payload that is withheld or erased leaves its entry, proofs and receipts good, and the report says that its signature was not checked",
            broken "an entry whose payload is withheld was counted as checked";
        AuditCheckpoint = "S68", "this project",
            holds "an audit that goes on from a checkpoint finds what an audit from the first entry finds",
            broken "the bytes are no checkpoint of this audit";
        SubjectForm = "S70", "RFC 9943 6",
            holds "a subject that names a package is a canonical purl, and any other is text without white space",
            broken "the text is no purl, or cannot be a subject";
        VersionRange = "S71", "VERS",
            holds "a range of versions is a VERS, and says nothing about versions whose order is not known",
            broken "the text is no range of versions";
        MonitoredDocument = "S72", "this project",
            holds "a monitor indexes documents that the signature covers: the payload, or the preimage of a hash envelope",
            broken "a document was given beside a statement that contains its payload";
        OneSubject = "S73", "this project",
            holds "a set of statements is evaluated that are about one subject",
            broken "the statement is about another subject";
        ReplacingClaims = "S74", "this project",
            holds "a statement names those that it supersedes or withdraws by their identities",
            broken "what names other statements is no identity of one";
        OwnStatementsOnly = "S75", "this project",
            holds "only the issuer of a statement supersedes or withdraws it",
            broken "a statement of another issuer was superseded or withdrawn";
        MonitorCheckpoint = "S76", "this project",
            holds "a monitor that goes on from a checkpoint answers as one that saw every statement",
            broken "the bytes are no checkpoint of a monitor";
        VulnerabilityStatus = "S77", "OpenVEX 0.2.0; CSAF 2.0 3.2.3.9",
            holds "products of vulnerability reports are indexed with their status; whoever listed a package may clear it, and nobody else",
            broken "a status was taken from somebody who did not list the package";
        // What the crates below enforce, and their errors name, of what the specifications of SCITT
        // ask for: shown here through the calls of this crate.
        SignedAsReceived = "S80", "RFC 9052 4.4",
            holds "the signature of a statement covers its protected header as it was received, in whatever encoding",
            broken "the protected header is not the one that was signed";
        CriticalProcessed = "S81", "RFC 9052 3.1",
            holds "every label that crit names is processed by this very call, or the statement is refused, also where only its inclusion is checked",
            broken "crit names a header that is not processed here";
        ReceiptStructure = "S82", "RFC 9942 4.3",
            holds "a receipt has tag 18 and names a known data structure in its protected header; all else never counts",
            broken "the receipt is none that can be evaluated";
        InclusionFold = "S83", "RFC 9162 2.1.3.2",
            holds "the leaf index is below the tree size, the path is used up exactly, and the signature is over the recomputed root",
            broken "the path does not lead from the entry to the signed root";
        ConsistencyFold = "S84", "RFC 9162 2.1.4.2",
            holds "a consistency proof leads from a root that is held already to the signed root, of a log that is not empty and did not shrink",
            broken "the proof does not lead from the known root to the signed one";
        LedgerReceipts = "S85", "draft-ietf-scitt-receipts-ccf-profile 3.2",
            holds "a receipt of a CCF ledger has a nil payload, proofs that all lead to one root, and grows out of a root that was verified before",
            broken "the receipt is none of a CCF ledger";
        EnvelopeForm = "S86", "RFC 9995 4",
            holds "a hash envelope has 258, 259 and 260 in the protected header only, no content type in either bucket, and a digest as long as its hash function's",
            broken "the headers are not those of a hash envelope";
        PreimageVouched = "S87", "RFC 9995 3",
            holds "an artifact is the one that was signed where its digest is the payload of the envelope; without it the verdict names the preimage as not checked",
            broken "the artifact has another digest than the one that was signed";
        StructureByName = "S88", "RFC 9942 4.2",
            holds "structures that IANA does not list are verified for keys that are enrolled with them by name, and the verdict says so",
            broken "a structure that IANA does not list was accepted without being named";
        RootDetached = "S89", "RFC 9942 5.2",
            holds "a root in a receipt is refused unless an option accepts one that equals the recomputed one; in ledgers and mountain ranges it is broken",
            broken "a root stands in the receipt";
        ServiceByPath = "S90", "RFC 9360 2",
            holds "a certificate beside a receipt identifies the key of a service if a path leads from it to an authority that is named for that service",
            broken "no path leads from the certificate to an authority that is named for the service";
    }
}
