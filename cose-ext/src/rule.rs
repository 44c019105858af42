macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $clause:literal, $statement:literal;)*) => {
        /// The rules of the specifications that this crate enforces. Errors name them, tests are
        /// named by them, and the conformance page is generated from them.
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
    WellFormed = "C1", "RFC 8949 5.3", "The input is one well-formed data item and nothing follows it";
    UniqueKeys = "C2", "RFC 8949 5.6", "No map at any depth has two keys of the same value, however they are encoded";
    Deterministic = "C3", "RFC 8949 4.2.1", "Under the deterministic profile: preferred serialization, definite lengths, keys in bytewise order";
    Tag = "C4", "RFC 9052 2", "A tagged message carries the tag of its structure, and the caller says whether a tag is due";
    Structure = "C5", "RFC 9052 4.2", "COSE_Sign1 is an array of protected, unprotected, payload and signature";
    ProtectedForm = "C6", "RFC 9052 3", "The protected bucket is a byte string that is empty or wraps a map";
    EmptyProtected = "C7", "RFC 9052 4.4", "An empty protected bucket enters the Sig_structure as h'', also when it came as h'a0'";
    LabelForm = "C8", "RFC 9052 1.5", "Header labels are integers or text strings; integers beyond 64 bits signed alias no other label";
    OneBucket = "C9", "RFC 9052 3", "A label occurs in one of the two buckets only";
    AlgorithmProtected = "C10", "RFC 9052 3.1", "alg is in the protected bucket, unless its algorithm authenticates nothing: direct, key wrap, AES-CTR and AES-CBC";
    AlgorithmPresent = "C11", "RFC 9052 3.1", "A message that is verified names its algorithm";
    CritProtected = "C12", "RFC 9052 3.1", "crit is in the protected bucket";
    CritForm = "C13", "RFC 9052 3.1", "crit is an array of at least one label, without repetition";
    CritPresent = "C14", "RFC 9052 3.1", "Every label that crit names is present in the protected bucket";
    CritProcessed = "C15", "RFC 9052 3.1", "Every label that crit names is processed by this very call";
    OneIv = "C16", "RFC 9052 3.1", "IV and Partial IV are not both present";
    ContentTypeForm = "C17", "RFC 9052 3.1", "content type is a media type as text or a CoAP Content-Format number";
    KeyIdForm = "C18", "RFC 9052 3.1", "kid is a byte string, which may be empty";
    PayloadNamed = "C19", "RFC 9052 2", "The caller says whether the payload is embedded or detached, and nil never means empty";
    Signature = "C20", "RFC 9052 4.4", "The signature is one over the Sig_structure with the protected bytes as received";
    KeyPermitted = "C21", "RFC 9053 2", "Algorithm, key type and curve are a permitted triple";
    KeyAlgorithm = "C22", "RFC 9052 7.1", "A key that states an algorithm is used with no other, kin of RFC 9864 excepted";
    KeyOperations = "C23", "RFC 9052 7.1", "A key that states its operations is used for no others";
    KeyForm = "C24", "RFC 9052 7", "A key has a kty and the parameters that its kty requires";
    KeySet = "C25", "RFC 9052 7", "A key set is an array of at least one key, and one bad key does not spoil the others";
    PublicKeyOnly = "C26", "RFC 9053 7.3", "A symmetric key is never taken for a public key";
    TypForm = "C27", "RFC 9596 2", "typ is a media type as text or a CoAP Content-Format number";
    ClaimsForm = "C28", "RFC 9597 2", "CWT Claims is a map; registered claims have their registered types";
    DateUntagged = "C29", "RFC 8392 2", "exp, nbf and iat are numbers without the tag 1";
    X5ChainForm = "C30", "RFC 9360 2", "x5chain and x5bag are one certificate or an array of at least two";
    X5tForm = "C31", "RFC 9360 2", "x5t is a hash algorithm and a digest of its length";
    X5tIdentifies = "C32", "RFC 9054 3", "SHA-1 and SHA-256/64 may only filter: an x5t by them identifies nobody, a digest by them vouches for nothing";
    VdsProtected = "C33", "RFC 9942 4", "vds is an integer in the protected bucket";
    VdpUnprotected = "C34", "RFC 9942 4", "vdp is a map in the unprotected bucket";
    ReceiptsForm = "C35", "RFC 9942 4.3", "receipts is an array of at least one byte string";
    HashEnvelopeProtected = "C36", "RFC 9995 4", "payload-hash-alg, payload-preimage-content-type and payload-location are in the protected bucket";
    HashEnvelopeContentType = "C37", "RFC 9995 4", "A hash envelope has no content type in either bucket";
    HashEnvelopeAlgorithm = "C38", "RFC 9995 4", "payload-hash-alg is a hash that may protect; SHA-1 and SHA-256/64 may not";
    HashEnvelopeComplete = "C39", "RFC 9995 4", "payload-preimage-content-type and payload-location come with payload-hash-alg";
    HashEnvelopePayload = "C40", "RFC 9995 4", "The payload of a hash envelope is a digest of exactly the length of its algorithm";
    Preimage = "C41", "RFC 9995 5", "A preimage is vouched for only when its whole digest equals the signed one";
    TimestampPlacement = "C42", "RFC 9921 3", "3161-ttc is protected and 3161-ctt is unprotected";
    Thumbprint = "C43", "RFC 9679 3", "A thumbprint covers the required parameters of the key type in deterministic encoding, and no others";
    BoundedTries = "C44", "RFC 9052 9", "Candidate keys of one kid are all tried, up to a limit, and the identity is of the one that verified";
    SignStructure = "C45", "RFC 9052 4.1", "COSE_Sign is an array of protected, unprotected, payload and at least one COSE_Signature, each of which can be decoded";
    SignPolicy = "C46", "RFC 9052 4.1", "A COSE_Sign is accepted under an explicit policy only: all signatures, a number of keys, or these keys";
    DistinctKeys = "C47", "RFC 9052 4.1", "A number of keys is met by as many different keys, never by one key twice";
    MacStructure = "C48", "RFC 9052 6.1", "COSE_Mac is an array of protected, unprotected, payload, tag and at least one recipient";
    Mac0Structure = "C49", "RFC 9052 6.2", "COSE_Mac0 is an array of protected, unprotected, payload and tag";
    MacTag = "C50", "RFC 9052 6.3", "The tag is the one over the MAC_structure with the protected bytes as received, of exactly the length of the algorithm";
    EncryptStructure = "C51", "RFC 9052 5.1", "COSE_Encrypt is an array of protected, unprotected, ciphertext and at least one recipient";
    Encrypt0Structure = "C52", "RFC 9052 5.2", "COSE_Encrypt0 is an array of protected, unprotected and ciphertext";
    DecryptedAfterTag = "C53", "RFC 9052 5.3", "Plaintext is released only after the tag is checked";
    NonceForm = "C54", "RFC 9052 3.1", "A nonce is an IV of the length of the algorithm, or a Partial IV with the context IV that the caller knows";
    RecipientStructure = "C55", "RFC 9052 5.1", "COSE_recipient is an array of protected, unprotected, ciphertext and perhaps recipients";
    DirectForm = "C56", "RFC 9052 8.5.1", "A direct recipient is the only one, with an empty ciphertext, without recipients, and without protected parameters unless a KDF binds them";
    AgreementForm = "C57", "RFC 9052 8.5.4", "A recipient of direct key agreement is the only one, with an empty ciphertext";
    KeyWrapForm = "C58", "RFC 9052 8.5.2", "A recipient of key wrap or key transport has no protected parameters";
    SenderKey = "C59", "RFC 9053 6.3.1", "ECDH-ES carries the ephemeral key of the sender, ECDH-SS names a static one";
    SaltOrNonce = "C60", "RFC 9053 6.1.2", "direct+HKDF and ECDH-SS are made with a salt or a nonce of party U; what came without can be told";
    KdfContext = "C61", "RFC 9053 5.2", "A derived key is bound to its algorithm, its length, the parties and the protected bucket of the recipient";
    Unauthenticated = "C62", "RFC 9459 4", "AES-CTR and AES-CBC come without protected parameters and external data, and decrypt only through a call that says unauthenticated";
    Attribution = "C63", "RFC 9052 6", "An ephemeral sender, or a content key that was wrapped, vouches for nobody";
    AkpAlgorithm = "C64", "RFC 9964 3", "An AKP key is used with the algorithm that it states, and one that states none with nothing";
    HssLmsForm = "C65", "RFC 8554 6.3", "An HSS-LMS key has one to eight levels, and a signature is exactly what its counts and type codes say";
    ExpirationTime = "C66", "RFC 8392 3.1.4", "Claims are not accepted at exp or later, leeway for clocks aside";
    NotBefore = "C67", "RFC 8392 3.1.5", "Claims are not accepted before nbf, leeway for clocks aside";
    Audience = "C68", "RFC 8392 3.1.3", "Claims with an aud are for the one that it names only";
    ConfirmationForm = "C69", "RFC 8747 3.1", "cnf is a map with at most one of COSE_Key and Encrypted_COSE_Key, its methods in their types";
    ClaimsAgree = "C70", "RFC 9597 2", "A claim that stands in the header and in the payload of a CWT has one value in both";
    CwtTag = "C71", "RFC 8392 6", "Inside of the CWT tag stands a tagged COSE message";
    X5uForm = "C72", "RFC 9360 2", "x5u is a URI as text, with tag 32 or without";
    KccsForm = "C73", "RFC 9528 10.6", "kccs is a claims set whose cnf has a COSE_Key";
    TimestampForm = "C74", "RFC 9921 3", "3161-ttc and 3161-ctt are byte strings, each a TimeStampToken in DER";
    TimestampImprint = "C75", "RFC 9921 4", "The message imprint of a timestamp is the hash of the payload, or of the encoded signature field";
    TimestampAuthority = "C76", "RFC 3161 2.3", "A timestamp counts only when its authority is trusted and signed it";
    X5tMatches = "C77", "RFC 9360 2", "An x5t beside an x5chain is the digest of its first certificate";
    CertificationPath = "C78", "RFC 5280 6.1", "Certificates count only when a path leads to a trust anchor, which no message can add";
    CertificateProtected = "C79", "RFC 9360 5", "A name is taken from a certificate only when the signature covers the certificate or its digest";
    CertificateKeyUsage = "C80", "RFC 5280 4.2.1.3", "Key usage, where it is stated, allows signing, and signing certificates for authorities";
    CertificatePurpose = "C81", "RFC 5280 4.2.1.12", "Extended key usage, where it is stated, names a purpose of the verifier, or any";
    CertificateTime = "C82", "RFC 5280 6.1.3", "Every certificate of a path is valid at the given time; without one, at a common moment, and reported as not checked";
    CertificateForm = "C83", "RFC 5280 4.1", "Certificates are DER of version 3, trust anchors aside";
    PathIdentity = "C84", "RFC 9360 5", "Another certificate of the same key does not change who signed";
    ThumbprintUri = "C85", "RFC 9679 5.7", "A thumbprint URI is the prefix and the digest in base64url, in one spelling";
    CountersignatureForm = "C86", "RFC 9338 2", "Countersignature version 2 is one COSE_Countersignature or an array of at least one, each an array of protected, unprotected and signature";
    Countersignature0Form = "C87", "RFC 9338 3.2", "Countersignature0 version 2 is a byte string";
    CountersignaturePlacement = "C88", "RFC 9338 2", "Countersignatures are in the unprotected bucket";
    Countersignature = "C89", "RFC 9338 3.3", "A countersignature is one over the Countersign_structure with the protected bucket, the content, and the signature or tag of its target as received";
    CountersignatureForms = "C90", "RFC 9338 3", "A full countersignature is never taken for an abbreviated one, nor the reverse";
    CountersignatureRfc8152 = "C91", "RFC 9338 1", "Countersignatures of RFC 8152 verify only through calls that name it, and vouch for no signature or tag beside the payload";
}
