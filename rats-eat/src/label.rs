//! Numbers of claims, members and tags that cose-ext does not know: each has its one home here.

/// Tag of an unprotected CWT claims set (RFC 9781 4).
pub(crate) const UCCS_TAG: u64 = 601;
/// Tag of a detached EAT bundle (RFC 9711 5).
pub(crate) const BUNDLE_TAG: u64 = 602;

/// Tag of content format 0 (RFC 9277 4.3).
pub(crate) const FIRST_CONTENT_FORMAT_TAG: u64 = 1_668_546_817;
/// Tag of content format 65024, the last that has one.
pub(crate) const LAST_CONTENT_FORMAT_TAG: u64 = 1_668_612_095;
/// Tag of an object identifier (RFC 9090).
pub(crate) const OID_TAG: u64 = 111;
/// Key of a wrapper in a CWT claims set (RFC 9999, requested).
pub(crate) const CMW_CLAIM: i64 = 299;

/// Claims of RFC 9711 whose numbers profiles name.
pub(crate) const CNF: i64 = 8;
pub(crate) const NONCE: i64 = 10;
pub(crate) const UEID: i64 = 256;
pub(crate) const OEMID: i64 = 258;
pub(crate) const HWMODEL: i64 = 259;
pub(crate) const HWVERSION: i64 = 260;
pub(crate) const PROFILE: i64 = 265;
pub(crate) const BOOT_SEED: i64 = 268;
pub(crate) const MANIFESTS: i64 = 272;

/// Claims of attestation results (draft-ietf-rats-ear-04, suggested numbers).
pub(crate) mod ear {
    pub(crate) const EXP: i64 = 4;
    pub(crate) const IAT: i64 = 6;
    pub(crate) const EAT_NONCE: i64 = 10;
    pub(crate) const EAT_PROFILE: i64 = 265;
    pub(crate) const SUBMODS: i64 = 266;
    pub(crate) const STATUS: i64 = 1000;
    pub(crate) const TRUSTWORTHINESS_VECTOR: i64 = 1001;
    pub(crate) const RAW_EVIDENCE: i64 = 1002;
    pub(crate) const APPRAISAL_POLICY_IDS: i64 = 1003;
    pub(crate) const VERIFIER_ID: i64 = 1004;
    pub(crate) const ATTESTER_CLAIMS: i64 = 1005;
    pub(crate) const VERIFIER_CLAIMS: i64 = 1006;
    pub(crate) const DEVICE_TOPOLOGY: i64 = 1007;
    /// Members of the identity of a verifier.
    pub(crate) const DEVELOPER: i64 = 0;
    pub(crate) const BUILD: i64 = 1;
    /// Claims for TEEP (draft-ietf-rats-ear-04, extension).
    pub(crate) const TEEP_CLAIMS: i64 = 65000;
}

/// Claims of PSA tokens (RFC 9783 4), and those of CCA platform tokens.
pub(crate) mod psa {
    pub(crate) const CLIENT_ID: i64 = 2394;
    pub(crate) const LIFECYCLE: i64 = 2395;
    pub(crate) const IMPLEMENTATION_ID: i64 = 2396;
    /// Of the profile `http://arm.com/psa/2.0.0` alone.
    pub(crate) const BOOT_SEED_2_0_0: i64 = 2397;
    pub(crate) const CERTIFICATION_REFERENCE: i64 = 2398;
    pub(crate) const COMPONENTS: i64 = 2399;
    pub(crate) const VERIFICATION_SERVICE: i64 = 2400;
    pub(crate) const PLATFORM_CONFIG: i64 = 2401;
    pub(crate) const PLATFORM_HASH: i64 = 2402;

    /// Members of a software component.
    pub(crate) const TYPE: i64 = 1;
    pub(crate) const MEASUREMENT: i64 = 2;
    pub(crate) const VERSION: i64 = 4;
    pub(crate) const SIGNER: i64 = 5;
    pub(crate) const DESCRIPTION: i64 = 6;
}

/// Claims of `PSA_IOT_PROFILE_1`, the oldest form of PSA tokens.
pub(crate) mod psa_1 {
    pub(crate) const PROFILE: i64 = -75000;
    pub(crate) const CLIENT_ID: i64 = -75001;
    pub(crate) const LIFECYCLE: i64 = -75002;
    pub(crate) const IMPLEMENTATION_ID: i64 = -75003;
    pub(crate) const BOOT_SEED: i64 = -75004;
    pub(crate) const CERTIFICATION_REFERENCE: i64 = -75005;
    pub(crate) const COMPONENTS: i64 = -75006;
    pub(crate) const NO_COMPONENTS: i64 = -75007;
    pub(crate) const NONCE: i64 = -75008;
    pub(crate) const INSTANCE_ID: i64 = -75009;
    pub(crate) const VERIFICATION_SERVICE: i64 = -75010;
}

/// Claims and members of CCA tokens (draft-ffm-rats-cca-token).
pub(crate) mod cca {
    /// Tag of the collection.
    pub(crate) const COLLECTION_TAG: u64 = 399;
    /// Tag of the collection whose members are pairs, as TF-M writes it.
    pub(crate) const PAIRS_TAG: u64 = 907;
    pub(crate) const PLATFORM: i64 = 44234;
    pub(crate) const REALM: i64 = 44241;
    pub(crate) const PERSONALIZATION: i64 = 44235;
    pub(crate) const HASH: i64 = 44236;
    pub(crate) const PUBLIC_KEY: i64 = 44237;
    pub(crate) const INITIAL_MEASUREMENT: i64 = 44238;
    pub(crate) const EXTENSIBLE_MEASUREMENTS: i64 = 44239;
    pub(crate) const PUBLIC_KEY_HASH: i64 = 44240;
}

/// Members of a measured component (RFC 10013 4).
pub(crate) mod component {
    pub(crate) const ID: i64 = 1;
    pub(crate) const DIGEST: i64 = 2;
    pub(crate) const AUTHORITIES: i64 = 3;
    pub(crate) const FLAGS: i64 = 4;
    pub(crate) const RAW: i64 = 5;
}

/// Key of an epoch marker in a CWT claims set (draft-ietf-rats-epoch-markers 5, suggested).
pub(crate) const EPOCH_MARKER_CLAIM: i64 = 2000;

/// Tags of epoch markers, suggested from 26980 on (draft-ietf-rats-epoch-markers).
pub(crate) mod epoch {
    /// Date and time as text (RFC 8949 3.4.1).
    pub(crate) const DATE_TEXT: u64 = 0;
    /// Extended time (RFC 9581 3).
    pub(crate) const EXTENDED_TIME: u64 = 1001;
    pub(crate) const TST_INFO: u64 = 26980;
    pub(crate) const CBOR_TST_INFO: u64 = 26981;
    pub(crate) const TICK: u64 = 26982;
    pub(crate) const TICKS: u64 = 26983;
    pub(crate) const COUNTER: u64 = 26984;
}
