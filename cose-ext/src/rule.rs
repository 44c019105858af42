//! The rules that this crate enforces.

spec_rules::rules! {
    /// The rules of the specifications that this crate enforces. Errors name them, tests are named
    /// by them, and the conformance page is generated from them.
    pub enum Rule {
        WellFormed = "C1", "RFC 8949 5.3",
            holds "the input is one well-formed data item and nothing follows it",
            broken "the input is not one well-formed data item";
        UniqueKeys = "C2", "RFC 8949 5.6",
            holds "no map at any depth has two keys of the same value, however they are encoded",
            broken "two keys of a map have the same value";
        Deterministic = "C3", "RFC 8949 4.2.1",
            holds "under the deterministic profile: preferred serialization, definite lengths, keys in bytewise order",
            broken "the encoding is not the deterministic one";
        Tag = "C4", "RFC 9052 2",
            holds "a tagged message carries the tag of its structure, and the caller says whether a tag is due",
            broken "another tag than the one that is due";
        Structure = "C5", "RFC 9052 4.2",
            holds "COSE_Sign1 is an array of protected, unprotected, payload and signature",
            broken "the message is not the array of four elements that a COSE_Sign1 is";
        ProtectedForm = "C6", "RFC 9052 3",
            holds "the protected bucket is a byte string that is empty or wraps a map",
            broken "the protected bucket is neither an empty byte string nor one that wraps a map";
        EmptyProtected = "C7", "RFC 9052 4.4",
            holds "an empty protected bucket enters the Sig_structure as h'', also when it came as h'a0'",
            broken "the empty protected bucket entered the signed bytes in another form than h''";
        LabelForm = "C8", "RFC 9052 1.5",
            holds "header labels are integers or text strings; integers beyond 64 bits signed alias no other label",
            broken "a header label is neither an integer nor a text string";
        OneBucket = "C9", "RFC 9052 3",
            holds "a label occurs in one of the two buckets only",
            broken "a label occurs in both buckets";
        AlgorithmProtected = "C10", "RFC 9052 3.1",
            holds "alg is in the protected bucket, unless its algorithm authenticates nothing: direct, key wrap, AES-CTR and AES-CBC",
            broken "alg is not in the protected bucket";
        AlgorithmPresent = "C11", "RFC 9052 3.1",
            holds "a message that is verified names its algorithm, or the caller says which one is implied, never both",
            broken "the message names no algorithm, or one where it is implied";
        CritProtected = "C12", "RFC 9052 3.1",
            holds "crit is in the protected bucket",
            broken "crit is not in the protected bucket";
        CritForm = "C13", "RFC 9052 3.1",
            holds "crit is an array of at least one label, without repetition",
            broken "crit is not an array of labels, is empty, or repeats one";
        CritPresent = "C14", "RFC 9052 3.1",
            holds "every label that crit names is present in the protected bucket",
            broken "crit names a label that is not in the protected bucket";
        CritProcessed = "C15", "RFC 9052 3.1",
            holds "every label that crit names is processed by this very call",
            broken "crit names a label that this call does not process";
        OneIv = "C16", "RFC 9052 3.1",
            holds "IV and Partial IV are not both present",
            broken "IV and Partial IV are both present";
        ContentTypeForm = "C17", "RFC 9052 3.1",
            holds "content type is a media type as text or a CoAP Content-Format number",
            broken "content type is neither a media type as text nor a Content-Format number";
        KeyIdForm = "C18", "RFC 9052 3.1",
            holds "kid is a byte string, which may be empty",
            broken "kid is not a byte string";
        PayloadNamed = "C19", "RFC 9052 2",
            holds "the caller says whether the payload is embedded or detached, and nil never means empty",
            broken "where the payload stands was not said, or was said otherwise";
        Signature = "C20", "RFC 9052 4.4",
            holds "the signature is one over the Sig_structure with the protected bytes as received",
            broken "the signature is not one over this message";
        KeyPermitted = "C21", "RFC 9053 2",
            holds "algorithm, key type and curve are a permitted triple",
            broken "algorithm, key type and curve do not go together";
        KeyAlgorithm = "C22", "RFC 9052 7.1",
            holds "a key that states an algorithm is used with no other, kin of RFC 9864 excepted",
            broken "the key states another algorithm";
        KeyOperations = "C23", "RFC 9052 7.1",
            holds "a key that states its operations is used for no others",
            broken "the key states operations, and this is not one of them";
        KeyForm = "C24", "RFC 9052 7",
            holds "a key has a kty and the parameters that its kty requires",
            broken "a parameter that the type of the key requires is missing or has another form";
        KeySet = "C25", "RFC 9052 7",
            holds "a key set is an array of at least one key, and one bad key does not spoil the others",
            broken "the key set is not an array of at least one key";
        PublicKeyOnly = "C26", "RFC 9053 7.3",
            holds "a symmetric key is never taken for a public key",
            broken "a symmetric key stands where a public key is due";
        TypForm = "C27", "RFC 9596 2",
            holds "typ is a media type as text or a CoAP Content-Format number",
            broken "typ is neither a media type as text nor a Content-Format number";
        ClaimsForm = "C28", "RFC 9597 2",
            holds "CWT Claims is a map; registered claims have their registered types",
            broken "CWT Claims is not a map, or a registered claim has another type";
        DateUntagged = "C29", "RFC 8392 2",
            holds "exp, nbf and iat are numbers without the tag 1",
            broken "a date is wrapped in tag 1";
        X5ChainForm = "C30", "RFC 9360 2",
            holds "x5chain and x5bag are one certificate or an array of at least two",
            broken "x5chain or x5bag is neither one certificate nor an array of at least two";
        X5tForm = "C31", "RFC 9360 2",
            holds "x5t is a hash algorithm and a digest of its length",
            broken "x5t is not a hash algorithm and a digest of its length";
        X5tIdentifies = "C32", "RFC 9054 3",
            holds "SHA-1 and SHA-256/64 may only filter: an x5t by them identifies nobody, a digest by them vouches for nothing",
            broken "a hash that may only filter was to identify or protect";
        VdsProtected = "C33", "RFC 9942 4",
            holds "vds is an integer in the protected bucket",
            broken "vds is not an integer in the protected bucket";
        VdpUnprotected = "C34", "RFC 9942 4",
            holds "vdp is a map in the unprotected bucket",
            broken "vdp is not a map in the unprotected bucket";
        ReceiptsForm = "C35", "RFC 9942 4.3",
            holds "receipts is an array of at least one byte string",
            broken "receipts is not an array of at least one byte string";
        HashEnvelopeProtected = "C36", "RFC 9995 4",
            holds "payload-hash-alg, payload-preimage-content-type and payload-location are in the protected bucket",
            broken "a parameter of the hash envelope is not in the protected bucket";
        HashEnvelopeContentType = "C37", "RFC 9995 4",
            holds "a hash envelope has no content type in either bucket",
            broken "a hash envelope has a content type";
        HashEnvelopeAlgorithm = "C38", "RFC 9995 4",
            holds "payload-hash-alg is a hash that may protect; SHA-1 and SHA-256/64 may not",
            broken "payload-hash-alg names no hash that may protect";
        HashEnvelopeComplete = "C39", "RFC 9995 4",
            holds "payload-preimage-content-type and payload-location come with payload-hash-alg",
            broken "a parameter of the hash envelope stands without payload-hash-alg";
        HashEnvelopePayload = "C40", "RFC 9995 4",
            holds "the payload of a hash envelope is a digest of exactly the length of its algorithm",
            broken "the payload of the hash envelope is not a digest of the length of its algorithm";
        Preimage = "C41", "RFC 9054 2",
            holds "bytes are vouched for only when their whole digest equals the signed one",
            broken "the bytes do not have the digest that was signed";
        TimestampPlacement = "C42", "RFC 9921 3",
            holds "3161-ttc is protected and 3161-ctt is unprotected",
            broken "a timestamp stands in the other bucket";
        Thumbprint = "C43", "RFC 9679 3",
            holds "a thumbprint covers the required parameters of the key type in deterministic encoding, and no others",
            broken "the thumbprint is not over the required parameters alone";
        BoundedTries = "C44", "RFC 9052 9",
            holds "candidate keys of one kid are all tried, up to a limit, and the identity is of the one that verified",
            broken "more candidate keys answer than may be tried";
        SignStructure = "C45", "RFC 9052 4.1",
            holds "COSE_Sign is an array of protected, unprotected, payload and at least one COSE_Signature, each of which can be decoded",
            broken "the message is not the array of four elements that a COSE_Sign is, or has no signature that can be decoded";
        SignPolicy = "C46", "RFC 9052 4.1",
            holds "a COSE_Sign is accepted under an explicit policy only: all signatures, a number of keys, or these keys",
            broken "the signatures that the policy asks for are not all there";
        DistinctKeys = "C47", "RFC 9052 4.1",
            holds "a number of keys is met by as many different keys, never by one key twice",
            broken "one key was counted twice";
        MacStructure = "C48", "RFC 9052 6.1",
            holds "COSE_Mac is an array of protected, unprotected, payload, tag and at least one recipient",
            broken "the message is not the array of five elements that a COSE_Mac is";
        Mac0Structure = "C49", "RFC 9052 6.2",
            holds "COSE_Mac0 is an array of protected, unprotected, payload and tag",
            broken "the message is not the array of four elements that a COSE_Mac0 is";
        MacTag = "C50", "RFC 9052 6.3",
            holds "the tag is the one over the MAC_structure with the protected bytes as received, of exactly the length of the algorithm",
            broken "the authentication tag is not one over this message";
        EncryptStructure = "C51", "RFC 9052 5.1",
            holds "COSE_Encrypt is an array of protected, unprotected, ciphertext and at least one recipient",
            broken "the message is not the array of four elements that a COSE_Encrypt is";
        Encrypt0Structure = "C52", "RFC 9052 5.2",
            holds "COSE_Encrypt0 is an array of protected, unprotected and ciphertext",
            broken "the message is not the array of three elements that a COSE_Encrypt0 is";
        DecryptedAfterTag = "C53", "RFC 9052 5.3",
            holds "plaintext is released only after the tag is checked",
            broken "the message was changed, or is for another key";
        NonceForm = "C54", "RFC 9052 3.1",
            holds "a nonce is an IV of the length of the algorithm, or a Partial IV with the context IV that the caller knows",
            broken "the nonce has another length than its algorithm needs, or is not complete";
        RecipientStructure = "C55", "RFC 9052 5.1",
            holds "COSE_recipient is an array of protected, unprotected, ciphertext and perhaps recipients",
            broken "a recipient is not an array of three or four elements";
        DirectForm = "C56", "RFC 9052 8.5.1",
            holds "a direct recipient is the only one, with an empty ciphertext, without recipients, and without protected parameters unless a KDF binds them",
            broken "a direct recipient is not alone, carries a key, or has protected parameters";
        AgreementForm = "C57", "RFC 9052 8.5.4",
            holds "a recipient of direct key agreement is the only one, with an empty ciphertext",
            broken "a recipient of direct key agreement is not alone, or carries a key";
        KeyWrapForm = "C58", "RFC 9052 8.5.2",
            holds "a recipient of key wrap or key transport has no protected parameters",
            broken "a recipient of key wrap or key transport has protected parameters";
        SenderKey = "C59", "RFC 9053 6.3.1",
            holds "ECDH-ES carries the ephemeral key of the sender, ECDH-SS names a static one",
            broken "the recipient has no usable key of the sender";
        SaltOrNonce = "C60", "RFC 9053 6.1.2",
            holds "direct+HKDF and ECDH-SS are made with a salt or a nonce of party U; what came without can be told",
            broken "the derived key was made without a salt or nonce";
        KdfContext = "C61", "RFC 9053 5.2",
            holds "a derived key is bound to its algorithm, its length, the parties and the protected bucket of the recipient",
            broken "the derived key is not bound to its context";
        Unauthenticated = "C62", "RFC 9459 4",
            holds "AES-CTR and AES-CBC come without protected parameters and external data, and decrypt only through a call that says unauthenticated",
            broken "a cipher that authenticates nothing comes with protected parameters or external data, or was to be trusted";
        Attribution = "C63", "RFC 9052 6",
            holds "an ephemeral sender, or a content key that was wrapped, vouches for nobody",
            broken "nobody in particular vouches for the message";
        AkpAlgorithm = "C64", "RFC 9964 3",
            holds "an AKP key is used with the algorithm that it states, and one that states none with nothing",
            broken "the AKP key states another algorithm, or none";
        HssLmsForm = "C65", "RFC 8554 6.3",
            holds "an HSS-LMS key has one to eight levels, and a signature is exactly what its counts and type codes say",
            broken "the HSS-LMS key or signature does not have the length that its counts and type codes give";
        ExpirationTime = "C66", "RFC 8392 3.1.4",
            holds "claims are not accepted at exp or later, leeway for clocks aside",
            broken "the claims have expired";
        NotBefore = "C67", "RFC 8392 3.1.5",
            holds "claims are not accepted before nbf, leeway for clocks aside",
            broken "the claims are not yet valid";
        Audience = "C68", "RFC 8392 3.1.3",
            holds "claims with an aud are for the one that it names only",
            broken "the claims are for another audience";
        ConfirmationForm = "C69", "RFC 8747 3.1",
            holds "cnf is a map with at most one of COSE_Key and Encrypted_COSE_Key, its methods in their types",
            broken "cnf is not a map with at most one key";
        ClaimsAgree = "C70", "RFC 9597 2",
            holds "a claim that stands in the header and in the payload of a CWT has one value in both",
            broken "a claim has different values in the header and in the payload";
        CwtTag = "C71", "RFC 8392 6",
            holds "inside of the CWT tag stands a tagged COSE message",
            broken "inside of the CWT tag stands no tagged COSE message";
        X5uForm = "C72", "RFC 9360 2",
            holds "x5u is a URI as text, with tag 32 or without",
            broken "x5u is not a URI as text";
        KccsForm = "C73", "RFC 9528 10.6",
            holds "kccs is a claims set whose cnf has a COSE_Key",
            broken "kccs is not a claims set whose cnf has a COSE_Key";
        TimestampForm = "C74", "RFC 9921 3",
            holds "3161-ttc and 3161-ctt are byte strings, each a TimeStampToken in DER",
            broken "a timestamp is not a byte string with a TimeStampToken in DER";
        TimestampImprint = "C75", "RFC 9921 4",
            holds "the message imprint of a timestamp is the hash of the payload, or of the encoded signature field",
            broken "the message imprint of the timestamp is another";
        TimestampAuthority = "C76", "RFC 3161 2.3",
            holds "a timestamp counts only when its authority is trusted and signed it",
            broken "no trusted authority signed the timestamp";
        X5tMatches = "C77", "RFC 9360 2",
            holds "an x5t beside an x5chain is the digest of its first certificate",
            broken "x5t is not the digest of the first certificate of x5chain";
        CertificationPath = "C78", "RFC 5280 6.1",
            holds "certificates count only when a path leads to a trust anchor, which no message can add",
            broken "no path leads from the certificate to a trust anchor";
        CertificateProtected = "C79", "RFC 9360 5",
            holds "a name is taken from a certificate only when the signature covers the certificate or its digest",
            broken "the signature does not cover the certificate";
        CertificateKeyUsage = "C80", "RFC 5280 4.2.1.3",
            holds "key usage, where it is stated, allows signing, and signing certificates for authorities",
            broken "the key usage of a certificate does not allow this use";
        CertificatePurpose = "C81", "RFC 5280 4.2.1.12",
            holds "extended key usage, where it is stated, names a purpose of the verifier, or any",
            broken "the certificate is for other purposes";
        CertificateTime = "C82", "RFC 5280 6.1.3",
            holds "every certificate of a path is valid at the given time; without one, at a common moment, and reported as not checked",
            broken "a certificate was not valid at the time";
        CertificateForm = "C83", "RFC 5280 4.1",
            holds "certificates are DER of version 3, trust anchors aside",
            broken "a certificate is not DER of version 3";
        PathIdentity = "C84", "RFC 9360 5",
            holds "another certificate of the same key does not change who signed",
            broken "another certificate of the same key changed who signed";
        ThumbprintUri = "C85", "RFC 9679 5.7",
            holds "a thumbprint URI is the prefix and the digest in base64url, in one spelling",
            broken "the thumbprint URI is not the prefix and a digest in base64url";
        CountersignatureForm = "C86", "RFC 9338 2",
            holds "countersignature version 2 is one COSE_Countersignature or an array of at least one, each an array of protected, unprotected and signature",
            broken "a countersignature is not an array of protected, unprotected and signature";
        Countersignature0Form = "C87", "RFC 9338 3.2",
            holds "countersignature0 version 2 is a byte string",
            broken "Countersignature0 version 2 is not a byte string";
        CountersignaturePlacement = "C88", "RFC 9338 2",
            holds "countersignatures are in the unprotected bucket",
            broken "a countersignature is not in the unprotected bucket";
        Countersignature = "C89", "RFC 9338 3.3",
            holds "a countersignature is one over the Countersign_structure with the protected bucket, the content, and the signature or tag of its target as received",
            broken "the countersignature is not one over this target";
        CountersignatureForms = "C90", "RFC 9338 3",
            holds "a full countersignature is never taken for an abbreviated one, nor the reverse",
            broken "a full countersignature was taken for an abbreviated one, or the reverse";
        CountersignatureRfc8152 = "C91", "RFC 9338 1",
            holds "countersignatures of RFC 8152 verify only through calls that name it, and vouch for no signature or tag beside the payload",
            broken "a countersignature of RFC 8152 was used through a call that does not name it";
        DigestLength = "C92", "RFC 9054 2",
            holds "a digest has exactly the length that its hash function gives",
            broken "the digest has another length than its hash function gives";
        Enrolled = "C93", "RFC 9052 4.4",
            holds "a message is judged by the keys that are enrolled for it, and where it names none of them, nothing is known about it",
            broken "no enrolled key answers to the message";
        IssuerOfKey = "C94", "RFC 8392 3.1.1",
            holds "a key that is enrolled for an issuer answers to messages of that issuer only",
            broken "the key is enrolled for another issuer";
        IssuerClaimed = "C95", "RFC 8392 3.1.1",
            holds "a token says who issued it, where the caller asks",
            broken "the message claims no issuer";
        PemForm = "C96", "RFC 7468 3",
            holds "a key in PEM is one block, in base64, between a first and a last line of one label",
            broken "the text is not one PEM block";
        JwkForm = "C97", "RFC 7517 4",
            holds "a JWK is one JSON object without duplicate members, and a JWK set has its keys in an array",
            broken "the text is not a JSON object of the form of a JWK";
        Base64Form = "C98", "RFC 7515 2",
            holds "binary members of a JWK are base64url without padding",
            broken "a member is not base64url without padding";
        DigestForm = "C99", "RFC 9360 2",
            holds "a digest in a structure is an array that starts with a hash algorithm and a byte string",
            broken "what stands for a digest is no array of a hash algorithm and a byte string";
        EcdsaForm = "C100", "RFC 3279 2.2.3",
            holds "an ECDSA signature in DER is a sequence of two positive numbers in their shortest form, no longer than a field element",
            broken "the signature is not a sequence of two positive numbers of the length of the curve";
        KeyInForce = "C101", "this project",
            holds "a key counts only while the trust store says that it is in force",
            broken "the trust store says that the key is not in force";
    }
}
