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
