//! The rules that this crate enforces.

spec_rules::rules! {
    /// The rules of EAT and its kin that this crate enforces, and those that this project adds where
    /// the specifications are silent. Errors name them, tests are named by them.
    pub enum Rule {
        // EAT claims.
        ClaimsSet = "E1", "RFC 9711 3",
            holds "a claims set is a map whose keys are integers or text, each once",
            broken "the claims set is no map of claims";
        CwtText = "E2", "RFC 8392 3.1.1",
            holds "iss, sub and aud are text",
            broken "iss, sub or aud is no text";
        Date = "E3", "RFC 8392 2",
            holds "exp and nbf are finite numbers of seconds, not wrapped in a tag",
            broken "a date is no finite number of seconds";
        IntegerDate = "E4", "RFC 9711 4.3.1",
            holds "iat of an EAT is an integer; a receiver refuses a float",
            broken "iat is no integer";
        TokenId = "E5", "RFC 8392 3.1.7",
            holds "cti is a byte string",
            broken "cti is no byte string";
        Confirmation = "E6", "RFC 8747 3.1",
            holds "cnf is a map of confirmation methods",
            broken "cnf is no map of confirmation methods";
        Nonce = "E7", "RFC 9711 4.1",
            holds "eat_nonce is a byte string of 8 to 64 bytes, or an array of at least two of them",
            broken "eat_nonce is not one byte string of 8 to 64 bytes, or two and more";
        Ueid = "E8", "RFC 9711 4.2.1",
            holds "a ueid is a byte string of 7 to 33 bytes",
            broken "a ueid is no byte string of 7 to 33 bytes";
        Sueids = "E9", "RFC 9711 4.2.2",
            holds "sueids is a map from text to ueids, not empty",
            broken "sueids is no map from text to ueids";
        OemId = "E10", "RFC 9711 4.2.3",
            holds "oemid is an integer, or a byte string of 3 or 16 bytes",
            broken "oemid is neither an integer nor a byte string of 3 or 16 bytes";
        HwModel = "E11", "RFC 9711 4.2.4",
            holds "hwmodel is a byte string of 1 to 32 bytes",
            broken "hwmodel is no byte string of 1 to 32 bytes";
        HwVersion = "E12", "RFC 9711 4.2.5",
            holds "hwversion is a text and at most a version scheme",
            broken "hwversion is not a text with at most a version scheme";
        SwName = "E13", "RFC 9711 4.2.6",
            holds "swname is text",
            broken "swname is no text";
        SwVersion = "E14", "RFC 9711 4.2.7",
            holds "swversion is a text and at most a version scheme",
            broken "swversion is not a text with at most a version scheme";
        OemBoot = "E15", "RFC 9711 4.2.8",
            holds "oemboot is true or false",
            broken "oemboot is neither true nor false";
        DebugStatus = "E16", "RFC 9711 4.2.9",
            holds "dbgstat is an integer from 0 to 4",
            broken "dbgstat is no integer from 0 to 4";
        Location = "E17", "RFC 9711 4.2.10",
            holds "location is a map of numbers with latitude and longitude",
            broken "location is no map of numbers with latitude and longitude";
        Uptime = "E18", "RFC 9711 4.2.11",
            holds "uptime is an unsigned integer",
            broken "uptime is no unsigned integer";
        BootCount = "E19", "RFC 9711 4.2.12",
            holds "bootcount is an unsigned integer",
            broken "bootcount is no unsigned integer";
        BootSeed = "E20", "RFC 9711 4.2.13",
            holds "bootseed is a byte string",
            broken "bootseed is no byte string";
        Dloas = "E21", "RFC 9711 4.2.14",
            holds "dloas is an array of registrar, platform label and at most an application label",
            broken "dloas is no array of endorsements with two or three texts";
        Manifests = "E22", "RFC 9711 4.2.15",
            holds "manifests is an array of pairs of a content format and bytes",
            broken "manifests is no array of pairs of a content format and bytes";
        Measurements = "E23", "RFC 9711 4.2.16",
            holds "measurements is an array of pairs of a content format and bytes",
            broken "measurements is no array of pairs of a content format and bytes";
        MeasurementResults = "E24", "RFC 9711 4.2.17",
            holds "measres is an array of measuring systems, each with results from 1 to 4",
            broken "measres is no array of measuring systems with results from 1 to 4";
        Submods = "E25", "RFC 9711 4.2.18",
            holds "submods is a map from text to claims sets, nested tokens and digests, not empty",
            broken "submods is no map from text to submodules";
        EatProfile = "E26", "RFC 9711 4.3.2",
            holds "eat_profile is a URI as text or an object identifier as bytes",
            broken "eat_profile is neither a URI nor an object identifier";
        IntendedUse = "E27", "RFC 9711 4.3.3",
            holds "intuse is an integer",
            broken "intuse is no integer";
        // Conceptual message wrappers: from E200 on.
        // Measured components: from E230 on.
        // Attestation results: from E250 on.
        // JSON and JWT: from E280 on.
    }
}
