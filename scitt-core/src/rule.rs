macro_rules! rules {
    ($($name:ident = $id:literal, $clause:literal, $statement:literal;)*) => {
        /// The rules of SCITT that this crate enforces, and those that this project adds where the
        /// specifications are silent. Errors name them, tests are named by them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $statement] #[doc = ""] #[doc = concat!("`", $id, "`, ", $clause, ".")] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the conformance page.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The short name that errors and tests use.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// Where the specification says it.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause),* }
            }

            /// What it says, in one line.
            pub const fn statement(self) -> &'static str {
                match self { $(Self::$name => $statement),* }
            }
        }
    };
}

rules! {
    StatementTagged = "S1", "RFC 9943 6", "A signed statement is a COSE_Sign1 with tag 18";
    StatementClaims = "S2", "RFC 9943 6", "The protected header of a statement has CWT Claims";
    StatementIssuer = "S3", "RFC 9943 6", "The claims of a statement name an issuer";
    StatementSubject = "S4", "RFC 9943 6", "The claims of a statement name a subject";
    IssuerIsUri = "S5", "RFC 9943 6", "With x5t or x5chain in the protected header, the issuer is a URI";
    IssuerLength = "S6", "RFC 9943 6", "The issuer has 1 to 8192 characters";
    KeyIdentified = "S7", "RFC 9943 6", "The protected header identifies the key: x5t, x5chain, or else kid";
    IdentifiersAgree = "S8", "RFC 9943 5.1.1.1", "Of several identifiers each is checked: x5t is the digest of the first certificate of x5chain";
    NotAReceipt = "S9", "this project", "A receipt is not accepted as a statement";
    StatementSignature = "S10", "RFC 9943 5.1.1.1", "The signature of the statement is its issuer's";
    DatesUntagged = "S11", "RFC 8392 2", "Under the strict reading: dates in claims are not wrapped in tag 1";
    ReceiptPresent = "S12", "RFC 9943 7", "A transparent statement carries at least one receipt";
    ReceiptTrusted = "S13", "RFC 9943 7.1", "At least one receipt is by a service whose key the relying party trusts";
    ReceiptBinds = "S14", "RFC 9943 7.1", "A receipt counts for the statement whose entry its proof leads to the signed root from, and for no other";
    ReceiptClaims = "S15", "RFC 9943 6", "Under the strict reading: the protected header of a receipt has CWT Claims with issuer and subject";
    ReceiptIssuer = "S16", "this project", "The issuer of a receipt is the one that its key was enrolled for";
    ServiceKeyPinned = "S17", "this project", "A service key is used with the data structure, entry rule and algorithm it was enrolled with; none is tried in turn";
    ServiceKeyStatus = "S18", "this project", "Receipts of a compromised key are refused whatever time they claim; of a retired key unless policy accepts them";
    DistinctServices = "S19", "this project", "k of n counts services of the trust store: receipts, keys and spellings of one service count once";
    ExtraReceipts = "S20", "RFC 9943 7.1", "Receipts are not signed as a set: one that is broken or unknown does not spoil one that is good";
    UnprotectedEmptied = "S21", "RFC 9943 6.3", "The unprotected header is an empty map in the entry that is logged";
    RegisteredFirst = "S22", "RFC 9943 6.3", "A statement is registered before its receipt is released";
    ReceiptForEvery = "S23", "RFC 9943 6.3", "The service can make a receipt for every statement that it registered";
    OneEntry = "S24", "this project", "One statement has one entry: another signature over the same content makes no second one";
    PayloadBound = "S25", "this project", "Where an entry rule binds the payload only through the signature, the signature is checked";
    NothingUnverified = "S26", "this project", "A service checks the signature and the required headers before it registers anything";
}
