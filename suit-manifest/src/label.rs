//! The numbers of the registries of SUIT, each under the name that the specification gives it.
//!
//! One home for all of them: no bare number stands anywhere else. A number means something else in
//! every map, so each map has a module of its own. Members that come from an extension say which:
//! trust domains (draft-ietf-suit-trust-domains-12), update management, encryption. What is not
//! marked is of draft-ietf-suit-manifest-37.

/// CBOR tags.
pub mod tag {
    /// SUIT_Envelope_Tagged.
    pub const ENVELOPE: u64 = 107;
    /// SUIT_Manifest_Tagged.
    pub const MANIFEST: u64 = 1070;
    /// A vendor identifier that is a Private Enterprise Number (RFC 9090).
    pub const PRIVATE_ENTERPRISE_NUMBER: u64 = 112;
    /// A URI (RFC 8949 3.4.5.3).
    pub const URI: u64 = 32;
}

/// Keys of the SUIT_Envelope map. Text keys are integrated payloads and dependencies.
pub mod envelope {
    /// suit-delegation of older drafts; reserved today.
    pub const DELEGATION: i64 = 1;
    /// suit-authentication-wrapper.
    pub const AUTHENTICATION_WRAPPER: i64 = 2;
    /// suit-manifest.
    pub const MANIFEST: i64 = 3;
}

/// Keys of the SUIT_Manifest map; the severable ones are keys of the envelope too.
pub mod manifest {
    /// suit-manifest-version.
    pub const VERSION: i64 = 1;
    /// suit-manifest-sequence-number.
    pub const SEQUENCE_NUMBER: i64 = 2;
    /// suit-common.
    pub const COMMON: i64 = 3;
    /// suit-reference-uri.
    pub const REFERENCE_URI: i64 = 4;
    /// suit-manifest-component-id (trust domains).
    pub const COMPONENT_ID: i64 = 5;
    /// suit-set-version (update management).
    pub const SET_VERSION: i64 = 6;
    /// suit-validate.
    pub const VALIDATE: i64 = 7;
    /// suit-load.
    pub const LOAD: i64 = 8;
    /// suit-invoke.
    pub const INVOKE: i64 = 9;
    /// suit-coswid (update management), severable.
    pub const COSWID: i64 = 14;
    /// suit-dependency-resolution (trust domains), severable.
    pub const DEPENDENCY_RESOLUTION: i64 = 15;
    /// suit-payload-fetch, severable.
    pub const PAYLOAD_FETCH: i64 = 16;
    /// suit-candidate-verification (trust domains), severable.
    pub const CANDIDATE_VERIFICATION: i64 = 18;
    /// suit-install, severable.
    pub const INSTALL: i64 = 20;
    /// suit-text, severable.
    pub const TEXT: i64 = 23;
    /// suit-uninstall (trust domains).
    pub const UNINSTALL: i64 = 24;
}

/// Keys of the SUIT_Common map.
pub mod common {
    /// suit-dependencies (trust domains).
    pub const DEPENDENCIES: i64 = 1;
    /// suit-components.
    pub const COMPONENTS: i64 = 2;
    /// suit-shared-sequence.
    pub const SHARED_SEQUENCE: i64 = 4;
}

/// Keys of the SUIT_Dependency_Metadata map (trust domains).
pub mod dependency {
    /// suit-dependency-prefix.
    pub const PREFIX: i64 = 1;
}

/// Commands whose outcome is the outcome of a test.
pub mod condition {
    /// suit-condition-vendor-identifier.
    pub const VENDOR_IDENTIFIER: i64 = 1;
    /// suit-condition-class-identifier.
    pub const CLASS_IDENTIFIER: i64 = 2;
    /// suit-condition-image-match.
    pub const IMAGE_MATCH: i64 = 3;
    /// suit-condition-use-before (update management).
    pub const USE_BEFORE: i64 = 4;
    /// suit-condition-component-slot.
    pub const COMPONENT_SLOT: i64 = 5;
    /// suit-condition-check-content.
    pub const CHECK_CONTENT: i64 = 6;
    /// suit-condition-dependency-integrity (trust domains).
    pub const DEPENDENCY_INTEGRITY: i64 = 7;
    /// suit-condition-is-dependency (trust domains).
    pub const IS_DEPENDENCY: i64 = 8;
    /// suit-condition-abort.
    pub const ABORT: i64 = 14;
    /// suit-condition-device-identifier.
    pub const DEVICE_IDENTIFIER: i64 = 24;
    /// suit-condition-image-not-match (update management).
    pub const IMAGE_NOT_MATCH: i64 = 25;
    /// suit-condition-minimum-battery (update management).
    pub const MINIMUM_BATTERY: i64 = 26;
    /// suit-condition-update-authorized (update management).
    pub const UPDATE_AUTHORIZED: i64 = 27;
    /// suit-condition-version (update management).
    pub const VERSION: i64 = 28;
}

/// Commands that do something.
pub mod directive {
    /// suit-directive-process-dependency (trust domains).
    pub const PROCESS_DEPENDENCY: i64 = 11;
    /// suit-directive-set-component-index.
    pub const SET_COMPONENT_INDEX: i64 = 12;
    /// suit-directive-try-each.
    pub const TRY_EACH: i64 = 15;
    /// suit-directive-write.
    pub const WRITE: i64 = 18;
    /// suit-directive-set-parameters (trust domains).
    pub const SET_PARAMETERS: i64 = 19;
    /// suit-directive-override-parameters.
    pub const OVERRIDE_PARAMETERS: i64 = 20;
    /// suit-directive-fetch.
    pub const FETCH: i64 = 21;
    /// suit-directive-copy.
    pub const COPY: i64 = 22;
    /// suit-directive-invoke.
    pub const INVOKE: i64 = 23;
    /// suit-directive-wait (update management).
    pub const WAIT: i64 = 29;
    /// suit-directive-swap.
    pub const SWAP: i64 = 31;
    /// suit-directive-run-sequence.
    pub const RUN_SEQUENCE: i64 = 32;
    /// suit-directive-unlink (trust domains).
    pub const UNLINK: i64 = 33;
    /// suit-directive-override-multiple (update management).
    pub const OVERRIDE_MULTIPLE: i64 = 34;
    /// suit-directive-copy-params (update management).
    pub const COPY_PARAMS: i64 = 35;
}

/// Keys of the SUIT_Parameters map.
pub mod parameter {
    /// suit-parameter-vendor-identifier.
    pub const VENDOR_IDENTIFIER: i64 = 1;
    /// suit-parameter-class-identifier.
    pub const CLASS_IDENTIFIER: i64 = 2;
    /// suit-parameter-image-digest.
    pub const IMAGE_DIGEST: i64 = 3;
    /// suit-parameter-use-before (update management).
    pub const USE_BEFORE: i64 = 4;
    /// suit-parameter-component-slot.
    pub const COMPONENT_SLOT: i64 = 5;
    /// suit-parameter-strict-order.
    pub const STRICT_ORDER: i64 = 12;
    /// suit-parameter-soft-failure.
    pub const SOFT_FAILURE: i64 = 13;
    /// suit-parameter-image-size.
    pub const IMAGE_SIZE: i64 = 14;
    /// suit-parameter-content.
    pub const CONTENT: i64 = 18;
    /// suit-parameter-encryption-info (firmware encryption).
    pub const ENCRYPTION_INFO: i64 = 19;
    /// suit-parameter-uri.
    pub const URI: i64 = 21;
    /// suit-parameter-source-component.
    pub const SOURCE_COMPONENT: i64 = 22;
    /// suit-parameter-invoke-args.
    pub const INVOKE_ARGS: i64 = 23;
    /// suit-parameter-device-identifier.
    pub const DEVICE_IDENTIFIER: i64 = 24;
    /// suit-parameter-fetch-arguments.
    pub const FETCH_ARGUMENTS: i64 = 25;
    /// suit-parameter-minimum-battery (update management).
    pub const MINIMUM_BATTERY: i64 = 26;
    /// suit-parameter-update-priority (update management).
    pub const UPDATE_PRIORITY: i64 = 27;
    /// suit-parameter-version (update management).
    pub const VERSION: i64 = 28;
    /// suit-parameter-wait-info (update management).
    pub const WAIT_INFO: i64 = 29;
    /// suit-parameter-component-metadata (update management).
    pub const COMPONENT_METADATA: i64 = 30;
}

/// Keys of the maps inside of SUIT_Text_Map: of one language, and of one component.
pub mod text {
    /// suit-text-manifest-description.
    pub const MANIFEST_DESCRIPTION: i64 = 1;
    /// suit-text-update-description.
    pub const UPDATE_DESCRIPTION: i64 = 2;
    /// suit-text-manifest-json-source.
    pub const MANIFEST_JSON_SOURCE: i64 = 3;
    /// suit-text-manifest-yaml-source.
    pub const MANIFEST_YAML_SOURCE: i64 = 4;
    /// suit-text-vendor-name, of a component.
    pub const VENDOR_NAME: i64 = 1;
    /// suit-text-model-name, of a component.
    pub const MODEL_NAME: i64 = 2;
    /// suit-text-vendor-domain, of a component.
    pub const VENDOR_DOMAIN: i64 = 3;
    /// suit-text-model-info, of a component.
    pub const MODEL_INFO: i64 = 4;
    /// suit-text-component-description, of a component.
    pub const COMPONENT_DESCRIPTION: i64 = 5;
    /// suit-text-component-version, of a component.
    pub const COMPONENT_VERSION: i64 = 6;
    /// suit-text-version-required, of a component (update management).
    pub const VERSION_REQUIRED: i64 = 7;
    /// suit-text-current-version, of a component (update management).
    pub const CURRENT_VERSION: i64 = 8;
}

/// Keys of the SUIT_MUD_container map. The draft assigns none: these are the next numbers in its
/// order.
pub mod mud {
    /// suit-mud-url.
    pub const URL: i64 = 1;
    /// suit-mud-ski.
    pub const SKI: i64 = 2;
}

/// Keys of the SUIT_Report map and of its result (draft-ietf-suit-report-22).
pub mod report {
    /// suit-report-nonce.
    pub const NONCE: i64 = 2;
    /// suit-report-records.
    pub const RECORDS: i64 = 3;
    /// suit-report-result.
    pub const RESULT: i64 = 4;
    /// suit-report-result-code, in the result.
    pub const RESULT_CODE: i64 = 5;
    /// suit-report-result-record, in the result.
    pub const RESULT_RECORD: i64 = 6;
    /// suit-report-result-reason, in the result.
    pub const RESULT_REASON: i64 = 7;
    /// suit-report-capability-report.
    pub const CAPABILITY_REPORT: i64 = 8;
    /// suit-reference.
    pub const REFERENCE: i64 = 99;
    /// system-component-id, in system-property-claims, beside parameters.
    pub const SYSTEM_COMPONENT_ID: i64 = 0;
}

/// Keys of the SUIT_Capability_Report map.
pub mod capability {
    /// suit-component-capabilities.
    pub const COMPONENTS: i64 = 1;
    /// suit-command-capabilities.
    pub const COMMANDS: i64 = 2;
    /// suit-parameters-capabilities.
    pub const PARAMETERS: i64 = 3;
    /// suit-crypt-algo-capabilities.
    pub const ALGORITHMS: i64 = 4;
    /// suit-envelope-capabilities.
    pub const ENVELOPE: i64 = 5;
    /// suit-manifest-capabilities.
    pub const MANIFEST: i64 = 6;
    /// suit-common-capabilities.
    pub const COMMON: i64 = 7;
    /// suit-text-capabilities.
    pub const TEXT: i64 = 8;
    /// suit-text-component-capabilities.
    pub const TEXT_COMPONENT: i64 = 9;
    /// suit-dependency-capabilities.
    pub const DEPENDENCY: i64 = 10;
}
