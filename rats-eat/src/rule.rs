//! The rules that this crate enforces.

spec_rules::rules! {
    /// The rules of EAT and its kin that this crate enforces, and those that this project adds
    /// where the specifications are silent. Errors name them, tests are named by them.
    pub enum Rule {
        // EAT claims.
        ClaimsSet = "E1", "RFC 9711 3",
            holds "a claims set is a map whose keys are integers or text, each once",
            broken "the claims set is not a map of claims";
        CwtText = "E2", "RFC 8392 3.1.1",
            holds "iss, sub and aud are text",
            broken "iss, sub or aud is not a text";
        Date = "E3", "RFC 8392 2",
            holds "exp and nbf are finite numbers of seconds, not wrapped in a tag",
            broken "a date is not a finite number of seconds";
        IntegerDate = "E4", "RFC 9711 4.3.1",
            holds "iat of an EAT is an integer; a receiver refuses a float",
            broken "iat is not an integer";
        TokenId = "E5", "RFC 8392 3.1.7",
            holds "cti is a byte string",
            broken "cti is not a byte string";
        Confirmation = "E6", "RFC 8747 3.1",
            holds "cnf is a map of confirmation methods",
            broken "cnf is not a map of confirmation methods";
        Nonce = "E7", "RFC 9711 4.1",
            holds "eat_nonce is a byte string of 8 to 64 bytes, or an array of at least two of them",
            broken "eat_nonce is not one byte string of 8 to 64 bytes, or two and more";
        Ueid = "E8", "RFC 9711 4.2.1",
            holds "a ueid is a byte string of 7 to 33 bytes",
            broken "a ueid is not a byte string of 7 to 33 bytes";
        Sueids = "E9", "RFC 9711 4.2.2",
            holds "sueids is a map from text to ueids, not empty",
            broken "sueids is not a map from text to ueids";
        OemId = "E10", "RFC 9711 4.2.3",
            holds "oemid is an integer, or a byte string of 3 or 16 bytes",
            broken "oemid is neither an integer nor a byte string of 3 or 16 bytes";
        HwModel = "E11", "RFC 9711 4.2.4",
            holds "hwmodel is a byte string of 1 to 32 bytes",
            broken "hwmodel is not a byte string of 1 to 32 bytes";
        HwVersion = "E12", "RFC 9711 4.2.5",
            holds "hwversion is a text and at most a version scheme",
            broken "hwversion is not a text with at most a version scheme";
        SwName = "E13", "RFC 9711 4.2.6",
            holds "swname is text",
            broken "swname is not a text";
        SwVersion = "E14", "RFC 9711 4.2.7",
            holds "swversion is a text and at most a version scheme",
            broken "swversion is not a text with at most a version scheme";
        OemBoot = "E15", "RFC 9711 4.2.8",
            holds "oemboot is true or false",
            broken "oemboot is neither true nor false";
        DebugStatus = "E16", "RFC 9711 4.2.9",
            holds "dbgstat is an integer from 0 to 4",
            broken "dbgstat is not an integer from 0 to 4";
        Location = "E17", "RFC 9711 4.2.10",
            holds "location is a map of numbers with latitude and longitude",
            broken "location is not a map of numbers with latitude and longitude";
        Uptime = "E18", "RFC 9711 4.2.11",
            holds "uptime is an unsigned integer",
            broken "uptime is not an unsigned integer";
        BootCount = "E19", "RFC 9711 4.2.12",
            holds "bootcount is an unsigned integer",
            broken "bootcount is not an unsigned integer";
        BootSeed = "E20", "RFC 9711 4.2.13",
            holds "bootseed is a byte string",
            broken "bootseed is not a byte string";
        Dloas = "E21", "RFC 9711 4.2.14",
            holds "dloas is an array of registrar, platform label and at most an application label",
            broken "dloas is not an array of endorsements with two or three texts";
        Manifests = "E22", "RFC 9711 4.2.15",
            holds "manifests is an array of pairs of a content format and bytes",
            broken "manifests is not an array of pairs of a content format and bytes";
        Measurements = "E23", "RFC 9711 4.2.16",
            holds "measurements is an array of pairs of a content format and bytes",
            broken "measurements is not an array of pairs of a content format and bytes";
        MeasurementResults = "E24", "RFC 9711 4.2.17",
            holds "measres is an array of measuring systems, each with results from 1 to 4",
            broken "measres is not an array of measuring systems with results from 1 to 4";
        Submods = "E25", "RFC 9711 4.2.18",
            holds "submods is a map from text to claims sets, nested tokens and digests, not empty",
            broken "submods is not a map from text to submodules";
        EatProfile = "E26", "RFC 9711 4.3.2",
            holds "eat_profile is a URI as text or an object identifier as bytes",
            broken "eat_profile is neither a URI nor an object identifier";
        IntendedUse = "E27", "RFC 9711 4.3.3",
            holds "intuse is an integer",
            broken "intuse is not an integer";
        JsonSelector = "E28", "RFC 9711 4.2.18.2",
            holds "a text among the submodules is a JSON array of JWT, BUNDLE, CBOR or UJCS and a value",
            broken "a text among the submodules is not a selector, or one of a digest";
        SubmoduleDigest = "E29", "RFC 9711 4.2.18.3",
            holds "a detached submodule is an array of a hash algorithm and a digest as long as its output",
            broken "an array among the submodules is not a digest";
        // What stands beside a claim.
        HwModelNeedsOemId = "E30", "RFC 9711 4.2.4",
            holds "hwmodel stands beside oemid",
            broken "hwmodel stands without oemid";
        HwVersionNeedsHwModel = "E31", "RFC 9711 4.2.5",
            holds "hwversion stands beside hwmodel",
            broken "hwversion stands without hwmodel";
        SwVersionNeedsSwName = "E32", "RFC 9711 4.2.7",
            holds "swversion stands beside swname",
            broken "swversion stands without swname";
        OemBootNeedsOemId = "E33", "RFC 9711 4.2.8",
            holds "oemboot stands beside oemid",
            broken "oemboot stands without oemid";
        DebugStatusNeedsOemId = "E34", "RFC 9711 4.2.9",
            holds "dbgstat 3, disabled permanently, stands beside oemid",
            broken "dbgstat says disabled permanently, without oemid";
        PenUnsigned = "E35", "RFC 9711 4.2.3.3",
            holds "a Private Enterprise Number is an unsigned integer",
            broken "oemid is a negative integer";
        // Profiles.
        ProfileNamed = "E40", "RFC 9711 4.3.2",
            holds "a token names the profile by which it is read, letter for letter",
            broken "the token names another profile";
        OneNonce = "E41", "RFC 9711 6.4",
            holds "a token of the constrained device profile has one nonce",
            broken "the token does not have exactly one nonce";
        ProtectionOfProfile = "E43", "RFC 9711 6.3",
            holds "a token is protected as its profile says: by which message, with which algorithm",
            broken "the token is protected by another message or algorithm than its profile says";
        KeyNamed = "E44", "RFC 9711 6.4",
            holds "a token of the constrained device profile names its key by kid or ueid",
            broken "the token names no key";
        TeepClaims = "E45", "draft-ietf-teep-protocol-26 5",
            holds "a token for TEEP says which device, maker, model, version, software and key it is about",
            broken "a claim that TEEP asks for is missing";
        PsaNonce = "E50", "RFC 9783 4.1.1",
            holds "a PSA token has one nonce of 32, 48 or 64 bytes",
            broken "the token does not have exactly one nonce of 32, 48 or 64 bytes";
        PsaClientId = "E51", "RFC 9783 4.1.2",
            holds "the client id has 32 bits and is not 0",
            broken "the client id is missing, 0, or longer than 32 bits";
        PsaInstanceId = "E52", "RFC 9783 4.2.1",
            holds "the instance id is a ueid of 33 bytes that begins with 1",
            broken "the instance id is not there as 33 bytes that begin with 1";
        PsaImplementationId = "E53", "RFC 9783 4.2.2",
            holds "the implementation id has 32 bytes",
            broken "the implementation id is not there as 32 bytes";
        PsaCertificationReference = "E54", "RFC 9783 4.2.3",
            holds "the certification reference is 13 digits, a hyphen and 5 digits",
            broken "the certification reference is not 13 digits, a hyphen and 5 digits";
        PsaLifecycle = "E55", "RFC 9783 4.3.1",
            holds "the lifecycle state lies in one of the seven ranges of 256",
            broken "the lifecycle state is not there, or lies in no range";
        PsaBootSeed = "E56", "RFC 9783 4.3.2",
            holds "the boot seed has 8 to 32 bytes",
            broken "the boot seed is shorter than 8 bytes or longer than 32";
        PsaComponents = "E57", "RFC 9783 4.4.1",
            holds "there is at least one software component, each with measurement and signer of 32, 48 or 64 bytes",
            broken "software components are missing, or one has no measurement or signer of 32, 48 or 64 bytes";
        PsaVerificationService = "E58", "RFC 9783 4.5.1",
            holds "the verification service is a text",
            broken "the verification service is not a text";
        CcaChallenge = "E60", "draft-ffm-rats-cca-token 4",
            holds "the challenge of a platform token has 32, 48 or 64 bytes, that of a realm token 64",
            broken "the challenge is not there in its length";
        CcaConfig = "E61", "draft-ffm-rats-cca-token 4.6",
            holds "a platform token has a configuration, a byte string",
            broken "the configuration of the platform is not there as bytes";
        CcaHash = "E62", "draft-ffm-rats-cca-token 4",
            holds "hash algorithms are there, as sha-256, sha-384 or sha-512",
            broken "a hash algorithm is not there, or not known";
        CcaPersonalization = "E63", "draft-ffm-rats-cca-token 4.8",
            holds "the personalization value has 64 bytes",
            broken "the personalization value is not there as 64 bytes";
        CcaMeasurement = "E64", "draft-ffm-rats-cca-token 4.8",
            holds "there is an initial measurement of the realm, and four that can be extended, each 32, 48 or 64 bytes",
            broken "a measurement of the realm is missing, or does not have 32, 48 or 64 bytes";
        CcaRealmKey = "E65", "draft-ffm-rats-cca-token 4.8",
            holds "the key of the realm is a point of P-384 without compression, or an encoded COSE_Key",
            broken "the key of the realm is not there, or is not a key";
        CcaCollection = "E66", "draft-ffm-rats-cca-token 5",
            holds "a CCA token is a tagged map of a platform token and a realm token",
            broken "the token is not a tagged map of a platform token and a realm token";
        CcaBinding = "E67", "draft-ffm-rats-cca-token 5",
            holds "the challenge of the platform token is the hash of the realm's key",
            broken "the platform token is not bound to the realm's key";
        // Tokens, and who vouches for them.
        Protected = "E70", "RFC 9711 3",
            holds "a token is signed, MACed or encrypted; claims that nobody protects are read by a call that says so",
            broken "nobody protects these claims, or they are a bundle";
        UccsTag = "E71", "RFC 9781 4",
            holds "an unprotected claims set stands under tag 601 alone",
            broken "tag 601 is not there";
        IssuerBound = "E72", "this project",
            holds "a key that signs for an issuer was enrolled for it",
            broken "the key is enrolled for nobody in particular, so nothing shows that it speaks for the issuer of the token";
        ContentTag = "E73", "this project",
            holds "a claims set stands under the tag that the caller expects, or under none",
            broken "the claims set does not stand under the tag that is expected";
        NestedTokenTag = "E74", "RFC 9711 4.2.18.2",
            holds "a token inside of a token has tag 61, 601 or 602",
            broken "a byte string among the submodules is not a tagged token";
        NestingBounded = "E75", "this project",
            holds "tokens stand in tokens, and submodules in one token, as many as the limits allow",
            broken "more tokens in tokens, or submodules, than the limits allow";
        BundleForm = "E76", "RFC 9711 5",
            holds "a bundle is tag 602 around a token and a map from text to encoded claims sets",
            broken "the bundle is not tag 602 around a token and a map from text to encoded claims sets";
        BundleMainToken = "E77", "RFC 9711 5",
            holds "the main token of a bundle is protected, and no bundle",
            broken "the main token of the bundle is not protected, or a bundle";
        BundleDigest = "E78", "RFC 9711 5",
            holds "the main token of a bundle has at least one digest as a submodule",
            broken "the main token of the bundle has no digest";
        BundleSurplus = "E79", "this project",
            holds "a digest of the main token names every claims set of a bundle",
            broken "no digest names this claims set of the bundle";
        DetachedDigest = "E80", "RFC 9711 4.2.18.3",
            holds "a detached claims set is the one whose digest the token has",
            broken "the detached claims set is not the one of the digest";
        Payload = "E81", "RFC 8392 7",
            holds "claims that are read without a key stand in the token, in the clear",
            broken "the token has no payload in the clear";
        // Freshness.
        NonceMissing = "E90", "RFC 9711 4.1",
            holds "where a nonce was sent, the claims set itself has one",
            broken "the claims set has no nonce";
        NonceOther = "E91", "RFC 9711 4.1",
            holds "the nonce is the one that was sent",
            broken "the nonce is not the one that was sent";
        NonceSeveral = "E92", "this project",
            holds "the nonce that was sent is the only one, unless the profile has several verifiers",
            broken "the nonce that was sent is not the only one";
        Expired = "E93", "RFC 8392 3.1.4",
            holds "the time is before exp",
            broken "the token has expired";
        NotYetValid = "E94", "RFC 8392 3.1.5",
            holds "the time is not before nbf",
            broken "the token is not valid yet";
        Age = "E95", "RFC 9711 4.3.1",
            holds "where an age is asked for, iat is there, not older, and not in the future",
            broken "iat is missing, too old, or in the future";
        EpochMissing = "E96", "draft-ietf-rats-epoch-markers 5",
            holds "where an epoch is asked for, the claims have a marker of their own",
            broken "the claims have no epoch marker";
        EpochOther = "E97", "draft-ietf-rats-epoch-markers 5",
            holds "the epoch marker is one of those that are current",
            broken "the epoch marker is not one of those that are current";
        // Attesters.
        ClaimOrder = "E100", "RFC 8949 4.2.1",
            holds "an attester writes claims in the order of deterministic encoding, each once",
            broken "the claims were not written in the order of deterministic encoding, or submods is empty";
        // Parsec key attestations.
        ParsecForm = "E110", "Parsec attestation",
            holds "a key attestation is a map of kat and pat, each with its members as bytes",
            broken "the key attestation lacks a member, or has one of another type";
        TpmStructure = "E111", "TPM 2.0 Part 2",
            holds "a TPM made what is signed: a certified name or a quote; signatures are ECDSA with SHA-256",
            broken "no TPM made this, or by an algorithm that is not read here";
        ParsecBinding = "E112", "this project",
            holds "one key signed both parts for one nonce, and the certified name is that of the key that comes along",
            broken "the two parts, or the key that comes along, do not belong together";
        // Conceptual message wrappers: from E200 on.
        CmwForm = "E200", "RFC 9999 3",
            holds "a conceptual message wrapper is a record, a tag or a collection",
            broken "a wrapper is neither a record nor a tag nor a collection";
        CmwRecord = "E201", "RFC 9999 3.1",
            holds "a record is an array of type, value and at most indicators",
            broken "the record is not an array of type, value and at most indicators";
        CmwMediaType = "E202", "RFC 9999 3.1",
            holds "the type of a record is a media type or a content format",
            broken "the type of the record is neither a media type nor a content format";
        CmwValue = "E203", "RFC 9999 3.1",
            holds "the value of a record or a tag is a byte string",
            broken "the value of the record or tag is not a byte string";
        CmwIndicators = "E204", "RFC 9999 3.1",
            holds "the indicators of a record are bits of an unsigned integer of at most 4 bytes, not all zero",
            broken "the indicators of the record do not fit into 4 bytes, or are all zero";
        CmwTag = "E205", "RFC 9277 4.3",
            holds "the tag of a wrapper is one that stands for a content format",
            broken "the tag stands for no content format";
        CmwCollection = "E206", "RFC 9999 3.3",
            holds "a collection has at least one entry beside its type",
            broken "the collection has no entry";
        CmwCollectionType = "E207", "RFC 9999 3.3",
            holds "__cmwc_t is a URI or an object identifier, and no label of an entry",
            broken "__cmwc_t is neither a URI nor an object identifier";
        CmwLabel = "E208", "RFC 9999 3.3",
            holds "labels of a collection are integers or text",
            broken "a label of the collection is neither an integer nor text";
        CmwDepth = "E209", "this project",
            holds "collections are nested at most 8 deep",
            broken "collections are nested more than 8 deep";
        CmwSigned = "E210", "RFC 9999 4",
            holds "a signed wrapper states the content type application/cmw+cbor in its protected header",
            broken "the protected header does not state the content type application/cmw+cbor";
        CmwExtension = "E211", "RFC 9999 5",
            holds "the extension of a certificate is a UTF8String or an OCTET STRING that holds a wrapper",
            broken "the extension is neither a UTF8String nor an OCTET STRING";
        CmwType = "E212", "RFC 9999 3.1",
            holds "the value of a record is of the type that the record names",
            broken "the value is not of the type that the record names";
        CmwJsonType = "E213", "RFC 9999 3.1",
            holds "in JSON the type of a record is a media type",
            broken "the type of the JSON record is not a media type";
        // Measured components: from E230 on.
        MeasuredComponent = "E230", "RFC 10013 4",
            holds "a measured component is a map of an id, one measurement, and at most authorities and flags",
            broken "the measured component is not a map of an id and a measurement";
        ComponentId = "E231", "RFC 10013 4.1",
            holds "the id of a component is a name and at most a version",
            broken "the id of the component is not a name with at most a version";
        ComponentMeasurement = "E232", "RFC 10013 4.2",
            holds "a component has a digest or a raw measurement, and not both",
            broken "the component has no measurement, or two";
        ComponentDigest = "E233", "RFC 10013 4.2",
            holds "a digested measurement is an algorithm and a byte string",
            broken "the digested measurement is not an algorithm and a byte string";
        ComponentAuthorities = "E234", "RFC 10013 4.3",
            holds "authorities is an array of byte strings, not empty",
            broken "authorities is not an array of byte strings";
        ComponentFlags = "E235", "RFC 10013 4.4",
            holds "flags is a byte string of 8 bytes",
            broken "flags is not a byte string of 8 bytes";
        ComponentProfile = "E236", "RFC 10013 4.3",
            holds "authorities and flags are refused under a profile that the consumer does not know",
            broken "the component has authorities or flags that no known profile gives a meaning";
        // Attestation results: from E250 on.
        EarProfile = "E250", "draft-ietf-rats-ear-04 3",
            holds "eat_profile of an attestation result names a dialect that is read here",
            broken "the profile is not one of an attestation result";
        EarIssuedAt = "E251", "draft-ietf-rats-ear-04 3",
            holds "an attestation result states when it was issued",
            broken "the attestation result has no time of issue";
        EarVerifierId = "E252", "draft-ietf-rats-ear-04 3.3",
            holds "an attestation result names developer and build of its verifier",
            broken "the attestation result does not name developer and build of its verifier";
        EarSubmods = "E253", "draft-ietf-rats-ear-04 3",
            holds "an attestation result has at least one appraisal",
            broken "the attestation result has no appraisal";
        EarStatus = "E254", "draft-ietf-rats-ear-04 3.1",
            holds "an appraisal has a status, which is one of four tiers",
            broken "the status of the appraisal is missing, or no tier";
        TrustVector = "E255", "draft-ietf-rats-ear-04 3.1",
            holds "a trustworthiness vector has at least one claim, under the keys 0 to 7",
            broken "the trustworthiness vector is empty, or has other keys than 0 to 7";
        TrustClaim = "E256", "draft-ietf-rats-ar4si-09 2.3",
            holds "a trustworthiness claim is an integer from -128 to 127",
            broken "the trustworthiness claim is not an integer from -128 to 127";
        EarPolicies = "E257", "draft-ietf-rats-ear-04 3.1",
            holds "appraisal policies are named by an array of texts, not empty",
            broken "appraisal policies are not named by an array of texts";
        EarRawEvidence = "E258", "draft-ietf-rats-ear-04 3",
            holds "raw evidence is a wrapper record, and bytes in older dialects",
            broken "raw evidence is not what the dialect of the attestation result wants";
        StatusFloor = "E259", "draft-ietf-rats-ear-04 3.1",
            holds "the status of an appraisal is not better than its worst claim",
            broken "the status of the appraisal is better than its worst claim";
        GlobalStatusFloor = "E260", "draft-ietf-rats-ear-04 3",
            holds "the global status is not better than the worst appraisal",
            broken "the global status is better than the worst appraisal";
        StatusDoubtful = "E261", "this project",
            holds "the tier none is neither above nor below: where it meets another, the status is doubtful",
            broken "the status and the worst claim cannot be compared: one of them is none";
        EarExpired = "E262", "draft-ietf-rats-ear-04 3",
            holds "an attestation result is used before it expires",
            broken "the attestation result has expired";
        // JSON and JWT: from E280 on.
        JsonForm = "E280", "RFC 8259 2",
            holds "the input is one JSON text, and nothing follows it",
            broken "the input is not one JSON text";
        JsonMembers = "E281", "RFC 7519 4",
            holds "members of a JSON object are there once, however their names are written",
            broken "a member of a JSON object is there twice";
        JsonDepth = "E282", "this project",
            holds "JSON is nested at most as deep as the profile lets CBOR be",
            broken "the JSON text is nested too deep";
        Base64Url = "E283", "RFC 7515 2",
            holds "bytes in JSON are base64url without padding, in one spelling",
            broken "the text is not base64url without padding";
        JwsForm = "E284", "RFC 7515 7.1",
            holds "a JWS is a header, a payload and a signature between two dots",
            broken "the text is not three parts between two dots";
        JwsAlgorithm = "E285", "RFC 7515 4.1.1",
            holds "the header of a JWS names an algorithm that is known here",
            broken "the header names no algorithm that is known here";
        JwsUnsecured = "E286", "RFC 8725 3.2",
            holds "a JWS whose algorithm is none is never accepted",
            broken "the JWS is not signed: its algorithm is none";
        JwsCritical = "E287", "RFC 7515 4.1.11",
            holds "crit names nothing that is not processed, and is not empty",
            broken "the header names critical members, and none is processed here";
        JwsUnencoded = "E288", "RFC 7797 7",
            holds "a payload that is not encoded is not accepted: b64 is not false",
            broken "b64 is false, which a JWT must not have";
        JwsSecretKey = "E289", "RFC 8725 3.1",
            holds "a MAC is checked with secret keys alone; a public key is never one",
            broken "the JWS has a MAC, and no secret key that is held answers to it";
        JwsEmbeddedKey = "E290", "RFC 8725 3.10",
            holds "a key that the header brings or points to is never trusted for that",
            broken "only a key that the JWS itself brings could verify it, and that is not trusted";
        JwtClaims = "E291", "RFC 7519 7.2",
            holds "the payload of a JWT is a JSON object",
            broken "the payload of the JWT is not a JSON object";
        BundleJson = "E292", "RFC 9711 5",
            holds "a detached bundle in JSON is a protected token that is not a bundle, and claims sets in base64url, one at least",
            broken "the JSON text is not a detached bundle";
        JwsExternalData = "E293", "RFC 7515 5.1",
            holds "a JWS covers nothing beside itself: external data that the caller wants bound is refused",
            broken "a JWS covers no external data";
        NoJsonForm = "E294", "RFC 9711 7.2",
            holds "claims are written in JSON where JSON has a form of them, and nothing else is",
            broken "JSON has no form of this claim, or of its value";
        EpochMarker = "E295", "draft-ietf-rats-epoch-markers 2",
            holds "an epoch marker is a time, a timestamp, ticks or a counter, each under its tag",
            broken "the item is not an epoch marker";
    }
}
