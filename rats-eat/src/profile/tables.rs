//! The profiles that this crate knows.

use cose_ext::{cbor::IndefiniteLengths, crypto::Algorithm};

use super::{ClaimRule, EatProfile, Protection, checks};
use crate::{
    Error, Rule,
    label::{
        BOOT_SEED, CNF, HWMODEL, HWVERSION, MANIFESTS, NONCE, OEMID, PROFILE, UEID, cca, ear, psa,
        psa_1,
    },
};
use cose_ext::cbor::Raw;

type Check = fn(&Raw<'_>, Rule) -> Result<(), Error>;

const fn required(key: i64, rule: Rule, check: Check) -> ClaimRule {
    ClaimRule { key, is_required: true, rule, check }
}

const fn optional(key: i64, rule: Rule, check: Check) -> ClaimRule {
    ClaimRule { key, is_required: false, rule, check }
}

const PSA_ALGORITHMS: &[Algorithm] = &[
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::ES512,
    Algorithm::HMAC_256,
    Algorithm::HMAC_384,
    Algorithm::HMAC_512,
];

const TEEP_CLAIMS: &[ClaimRule] = &[
    optional(NONCE, Rule::OneNonce, checks::one_nonce),
    required(UEID, Rule::TeepClaims, checks::ueid),
    required(OEMID, Rule::TeepClaims, checks::oem_id),
    required(HWMODEL, Rule::TeepClaims, checks::hardware_model),
    required(HWVERSION, Rule::TeepClaims, checks::hardware_version_of_eat),
    required(MANIFESTS, Rule::TeepClaims, checks::manifests),
    required(CNF, Rule::TeepClaims, checks::confirmation),
];

impl EatProfile {
    /// The constrained device profile of RFC 9711 6.4.
    pub const CONSTRAINED: Self = Self {
        name: "RFC 9711 constrained device",
        id_key: PROFILE,
        ids: &["urn:ietf:rfc:rfc9711"],
        is_id_optional: false,
        claims: &[required(NONCE, Rule::OneNonce, checks::one_nonce)],
        either: None,
        protection: Protection::Sign1,
        algorithms: &[
            Algorithm::ES256,
            Algorithm::ES384,
            Algorithm::ES512,
            Algorithm::ESP256,
            Algorithm::ESP384,
            Algorithm::ESP512,
        ],
        indefinite_lengths: IndefiniteLengths::Refused,
        names_key: true,
    };

    /// The profile of TEEP (draft-ietf-teep-protocol-26 5), under the name that the draft itself
    /// prints and that its implementers send. The RFC will bring a number in place of `XXXX`:
    /// [`teep`](Self::teep) takes any name, so that both can be accepted side by side.
    pub const TEEP: Self = Self::teep(&["urn:ietf:rfc:rfcXXXX"]);

    /// The profile of TEEP under other names: the number of the RFC is part of it. A nonce is there
    /// if the peer asked with one, so it is for [`Freshness`](crate::Freshness) to ask.
    #[must_use]
    pub const fn teep(names: &'static [&'static str]) -> Self {
        Self { name: "TEEP", ids: names, claims: TEEP_CLAIMS, algorithms: &[], ..Self::CONSTRAINED }
    }

    /// Attestation results as draft-ietf-rats-ear-04 has them, as far as their claims set goes:
    /// appraisals are read by [`Ear`](crate::ear::Ear).
    pub const EAR: Self = Self {
        name: "EAR",
        ids: &["tag:ietf.org,2026:rats/ear#04"],
        claims: &[
            required(ear::IAT, Rule::EarIssuedAt, checks::issued_at),
            optional(ear::EXP, Rule::Date, checks::issued_at),
            optional(NONCE, Rule::Nonce, checks::nonces),
            required(ear::SUBMODS, Rule::EarSubmods, checks::some_map),
            required(ear::VERIFIER_ID, Rule::EarVerifierId, checks::verifier_id),
        ],
        algorithms: &[],
        names_key: false,
        ..Self::CONSTRAINED
    };

    /// PSA tokens (RFC 9783).
    pub const PSA: Self = Self {
        name: "PSA",
        id_key: PROFILE,
        ids: &["tag:psacertified.org,2023:psa#tfm"],
        is_id_optional: false,
        claims: &[
            required(NONCE, Rule::PsaNonce, checks::digest),
            required(UEID, Rule::PsaInstanceId, checks::instance_id),
            required(psa::CLIENT_ID, Rule::PsaClientId, checks::client_id),
            required(psa::LIFECYCLE, Rule::PsaLifecycle, checks::lifecycle),
            required(psa::IMPLEMENTATION_ID, Rule::PsaImplementationId, checks::bytes_32),
            optional(BOOT_SEED, Rule::PsaBootSeed, checks::boot_seed),
            optional(
                psa::CERTIFICATION_REFERENCE,
                Rule::PsaCertificationReference,
                checks::certification_reference,
            ),
            required(psa::COMPONENTS, Rule::PsaComponents, checks::components),
            optional(psa::VERIFICATION_SERVICE, Rule::PsaVerificationService, checks::text),
        ],
        either: None,
        protection: Protection::Sign1OrMac0,
        algorithms: PSA_ALGORITHMS,
        indefinite_lengths: IndefiniteLengths::Refused,
        names_key: false,
    };

    /// PSA tokens of the profile `http://arm.com/psa/2.0.0`, which came before RFC 9783.
    pub const PSA_2_0_0: Self = Self {
        name: "PSA 2.0.0",
        ids: &["http://arm.com/psa/2.0.0"],
        claims: &[
            required(NONCE, Rule::PsaNonce, checks::digest),
            required(UEID, Rule::PsaInstanceId, checks::instance_id),
            required(psa::CLIENT_ID, Rule::PsaClientId, checks::client_id),
            required(psa::LIFECYCLE, Rule::PsaLifecycle, checks::lifecycle),
            required(psa::IMPLEMENTATION_ID, Rule::PsaImplementationId, checks::bytes_32),
            optional(psa::BOOT_SEED_2_0_0, Rule::PsaBootSeed, checks::boot_seed),
            optional(
                psa::CERTIFICATION_REFERENCE,
                Rule::PsaCertificationReference,
                checks::hardware_version,
            ),
            required(psa::COMPONENTS, Rule::PsaComponents, checks::components),
            optional(psa::VERIFICATION_SERVICE, Rule::PsaVerificationService, checks::text),
        ],
        ..Self::PSA
    };

    /// PSA tokens of the profile `PSA_IOT_PROFILE_1`, the oldest, with claims of its own; some
    /// leave the name out.
    pub const PSA_IOT_1: Self = Self {
        name: "PSA IoT profile 1",
        id_key: psa_1::PROFILE,
        ids: &["PSA_IOT_PROFILE_1"],
        is_id_optional: true,
        claims: &[
            required(psa_1::NONCE, Rule::PsaNonce, checks::digest),
            required(psa_1::INSTANCE_ID, Rule::PsaInstanceId, checks::instance_id),
            required(psa_1::CLIENT_ID, Rule::PsaClientId, checks::client_id),
            required(psa_1::LIFECYCLE, Rule::PsaLifecycle, checks::lifecycle),
            required(psa_1::IMPLEMENTATION_ID, Rule::PsaImplementationId, checks::bytes_32),
            required(psa_1::BOOT_SEED, Rule::PsaBootSeed, checks::boot_seed),
            optional(
                psa_1::CERTIFICATION_REFERENCE,
                Rule::PsaCertificationReference,
                checks::hardware_version,
            ),
            optional(psa_1::COMPONENTS, Rule::PsaComponents, checks::components),
            optional(psa_1::VERIFICATION_SERVICE, Rule::PsaVerificationService, checks::text),
            optional(psa_1::NO_COMPONENTS, Rule::PsaComponents, checks::one),
        ],
        either: Some((7, 9)),
        ..Self::PSA
    };

    /// Platform tokens of Arm CCA, under their newer name and the older one.
    pub const CCA_PLATFORM: Self = Self {
        name: "CCA platform",
        ids: &["tag:arm.com,2023:cca_platform#1.0.0", "http://arm.com/CCA-SSD/1.0.0"],
        claims: &[
            required(NONCE, Rule::CcaChallenge, checks::digest),
            required(UEID, Rule::PsaInstanceId, checks::instance_id),
            required(psa::LIFECYCLE, Rule::PsaLifecycle, checks::lifecycle),
            required(psa::IMPLEMENTATION_ID, Rule::PsaImplementationId, checks::bytes_32),
            required(psa::COMPONENTS, Rule::PsaComponents, checks::components),
            optional(psa::VERIFICATION_SERVICE, Rule::PsaVerificationService, checks::text),
            required(psa::PLATFORM_CONFIG, Rule::CcaConfig, checks::bytes),
            required(psa::PLATFORM_HASH, Rule::CcaHash, checks::hash_name),
        ],
        protection: Protection::Sign1,
        algorithms: &[],
        ..Self::PSA
    };

    /// Realm tokens of Arm CCA; older ones have no name.
    pub const CCA_REALM: Self = Self {
        name: "CCA realm",
        ids: &["tag:arm.com,2023:realm#1.0.0", "tag:arm.com,2024:realm#2.0.0"],
        is_id_optional: true,
        claims: &[
            required(NONCE, Rule::CcaChallenge, checks::bytes_64),
            required(cca::PERSONALIZATION, Rule::CcaPersonalization, checks::bytes_64),
            required(cca::HASH, Rule::CcaHash, checks::hash_name),
            required(cca::PUBLIC_KEY, Rule::CcaRealmKey, checks::realm_key),
            required(cca::INITIAL_MEASUREMENT, Rule::CcaMeasurement, checks::digest),
            required(cca::EXTENSIBLE_MEASUREMENTS, Rule::CcaMeasurement, checks::four_digests),
            required(cca::PUBLIC_KEY_HASH, Rule::CcaHash, checks::hash_name),
        ],
        ..Self::CCA_PLATFORM
    };
}
