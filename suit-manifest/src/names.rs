//! The names of SUIT for annotated diagnostic notation.

use cose_ext::{
    IntOrText,
    cbor::Int,
    diag::{CoseNames, Each, Elements, Field, Labels, Names, Unnamed, Values, Wrapped},
};

use crate::{
    command::{CommandKind, Directive},
    label::{capability, common, dependency, envelope, manifest, parameter, report, tag, text},
};

/// An envelope, with its tag or without, and everything in it: what
/// [`diag::print`](cose_ext::diag::print) annotates.
///
/// ```
/// use suit_manifest::{EnvelopeNames, cose_ext::diag};
/// let mut shown = String::new();
/// // The wrapper of an envelope, whose digest is cut short.
/// diag::print(b"\xa1\x02\x45\x81\x43\x82\x2f\x40", &EnvelopeNames, &mut shown)?;
/// assert!(shown.contains("authentication-wrapper"), "{shown}");
/// # Ok::<(), core::fmt::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EnvelopeNames;

/// A report, in its container or without.
#[derive(Clone, Copy, Debug)]
pub struct ReportNames;

/// A command sequence: commands and arguments take turns.
struct SequenceNames;

/// The numbers of commands.
struct CommandNames;

/// Parameters: what is set, or what was measured.
struct ParameterNames;

const NONE: &dyn Names = &Unnamed;
const SEQUENCE: &dyn Names = &Wrapped(&SequenceNames);
const DIGEST: &dyn Names = &Elements(&[("algorithm", NONE), ("value", NONE)]);
const COMPONENT: &dyn Names = NONE;
const WRAPPER: &dyn Names = &Wrapped(&WrapperNames);

/// The digest, and blocks behind it.
struct WrapperNames;

impl Names for WrapperNames {
    fn element(&self, index: u64, _: Option<u64>) -> Field<'_> {
        match index {
            0 => Field::new("digest", &Wrapped(DIGEST)),
            _ => Field::new("block", &Wrapped(&CoseNames)),
        }
    }
}

impl Names for EnvelopeNames {
    fn tag(&self, number: u64) -> Field<'_> {
        match number {
            tag::ENVELOPE => Field::new("SUIT_Envelope", &EnvelopeNames),
            tag::MANIFEST => Field::new("SUIT_Manifest", &Labels(MANIFEST)),
            _ => Field::UNKNOWN,
        }
    }

    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(envelope::AUTHENTICATION_WRAPPER) => Field::new("authentication-wrapper", WRAPPER),
            Some(envelope::MANIFEST) => Field::new("manifest", &Wrapped(&Labels(MANIFEST))),
            Some(_) => entry(MANIFEST, label),
            None => Field::named("integrated"),
        }
    }
}

/// What stands inside, or its digest.
struct Severable(&'static dyn Names);

impl Names for Severable {
    fn element(&self, index: u64, len: Option<u64>) -> Field<'_> {
        DIGEST.element(index, len)
    }

    fn wrapped(&self) -> Option<&dyn Names> {
        self.0.wrapped()
    }
}

type Table = &'static [(i64, &'static str, &'static dyn Names)];

const MANIFEST: Table = &[
    (manifest::VERSION, "manifest-version", NONE),
    (manifest::SEQUENCE_NUMBER, "sequence-number", NONE),
    (manifest::COMMON, "common", &Wrapped(&Labels(COMMON))),
    (manifest::REFERENCE_URI, "reference-uri", NONE),
    (manifest::COMPONENT_ID, "manifest-component-id", COMPONENT),
    (manifest::SET_VERSION, "set-version", &Wrapped(NONE)),
    (manifest::VALIDATE, "validate", SEQUENCE),
    (manifest::LOAD, "load", SEQUENCE),
    (manifest::INVOKE, "invoke", SEQUENCE),
    (manifest::COSWID, "coswid", &Severable(&Wrapped(NONE))),
    (manifest::DEPENDENCY_RESOLUTION, "dependency-resolution", &Severable(SEQUENCE)),
    (manifest::PAYLOAD_FETCH, "payload-fetch", &Severable(SEQUENCE)),
    (manifest::CANDIDATE_VERIFICATION, "candidate-verification", &Severable(SEQUENCE)),
    (manifest::INSTALL, "install", &Severable(SEQUENCE)),
    (manifest::TEXT, "text", &Severable(&Wrapped(&LanguageNames))),
    (manifest::UNINSTALL, "uninstall", SEQUENCE),
];

const COMMON: Table = &[
    (common::DEPENDENCIES, "dependencies", &DependencyNames),
    (common::COMPONENTS, "components", &Each(COMPONENT)),
    (common::SHARED_SEQUENCE, "shared-sequence", SEQUENCE),
];

/// Dependencies by component index.
struct DependencyNames;

impl Names for DependencyNames {
    fn label(&self, _: IntOrText<'_>) -> Field<'_> {
        Field::new("dependency", &Labels(&[(dependency::PREFIX, "prefix", COMPONENT)]))
    }
}

/// Texts by language.
struct LanguageNames;

impl Names for LanguageNames {
    fn label(&self, _: IntOrText<'_>) -> Field<'_> {
        Field::unnamed(&TextNames)
    }
}

/// The texts of one language; those of a component stand under its identifier.
struct TextNames;

impl Names for TextNames {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(text::MANIFEST_DESCRIPTION) => Field::named("manifest-description"),
            Some(text::UPDATE_DESCRIPTION) => Field::named("update-description"),
            Some(text::MANIFEST_JSON_SOURCE) => Field::named("manifest-json-source"),
            Some(text::MANIFEST_YAML_SOURCE) => Field::named("manifest-yaml-source"),
            _ => Field::UNKNOWN,
        }
    }

    fn other_key(&self) -> Field<'_> {
        Field::new("component", &Labels(COMPONENT_TEXT))
    }
}

const COMPONENT_TEXT: Table = &[
    (text::VENDOR_NAME, "vendor-name", NONE),
    (text::MODEL_NAME, "model-name", NONE),
    (text::VENDOR_DOMAIN, "vendor-domain", NONE),
    (text::MODEL_INFO, "model-info", NONE),
    (text::COMPONENT_DESCRIPTION, "component-description", NONE),
    (text::COMPONENT_VERSION, "component-version", NONE),
    (text::VERSION_REQUIRED, "version-required", NONE),
    (text::CURRENT_VERSION, "current-version", NONE),
];

impl Names for SequenceNames {
    fn element_after(
        &self,
        index: u64,
        _: Option<u64>,
        before: Option<IntOrText<'_>>,
    ) -> Field<'_> {
        if index.is_multiple_of(2) {
            return Field::unnamed(&CommandNames);
        }
        let command = before.and_then(IntOrText::to_i64);
        let command = command.and_then(|code| CommandKind::new(Int::new(code)));
        match command {
            Some(CommandKind::Directive(
                Directive::OverrideParameters | Directive::SetParameters,
            )) => Field::unnamed(&ParameterNames),
            Some(CommandKind::Directive(Directive::RunSequence)) => Field::unnamed(SEQUENCE),
            Some(CommandKind::Directive(Directive::TryEach)) => {
                Field::unnamed(&Each(&Wrapped(&SequenceNames)))
            }
            Some(CommandKind::Directive(Directive::SetComponentIndex)) => Field::named("component"),
            Some(command) if command.takes_policy() => Field::named("policy"),
            _ => Field::UNKNOWN,
        }
    }
}

impl Names for CommandNames {
    fn value(&self, value: IntOrText<'_>) -> Option<&str> {
        Some(CommandKind::new(Int::new(value.to_i64()?))?.name())
    }
}

const PARAMETERS: Table = &[
    (parameter::VENDOR_IDENTIFIER, "vendor-identifier", NONE),
    (parameter::CLASS_IDENTIFIER, "class-identifier", NONE),
    (parameter::IMAGE_DIGEST, "image-digest", &Wrapped(DIGEST)),
    (parameter::USE_BEFORE, "use-before", NONE),
    (parameter::COMPONENT_SLOT, "component-slot", NONE),
    (parameter::STRICT_ORDER, "strict-order", NONE),
    (parameter::SOFT_FAILURE, "soft-failure", NONE),
    (parameter::IMAGE_SIZE, "image-size", NONE),
    (parameter::CONTENT, "content", NONE),
    (parameter::ENCRYPTION_INFO, "encryption-info", &Wrapped(&CoseNames)),
    (parameter::URI, "uri", NONE),
    (parameter::SOURCE_COMPONENT, "source-component", NONE),
    (parameter::INVOKE_ARGS, "invoke-args", NONE),
    (parameter::DEVICE_IDENTIFIER, "device-identifier", NONE),
    (parameter::FETCH_ARGUMENTS, "fetch-arguments", NONE),
    (parameter::MINIMUM_BATTERY, "minimum-battery", NONE),
    (parameter::UPDATE_PRIORITY, "update-priority", NONE),
    (parameter::VERSION, "version", NONE),
    (parameter::WAIT_INFO, "wait-info", NONE),
    (parameter::COMPONENT_METADATA, "component-metadata", NONE),
];

impl Names for ParameterNames {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        entry(PARAMETERS, label)
    }
}

/// The entry of a table.
fn entry(table: Table, label: IntOrText<'_>) -> Field<'static> {
    let found = label.to_i64().and_then(|label| table.iter().find(|entry| entry.0 == label));
    found.map_or(Field::UNKNOWN, |(_, name, names)| Field::new(name, *names))
}

impl Names for ReportNames {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        entry(REPORT, label)
    }
}

const REPORT: Table = &[
    (report::REFERENCE, "reference", &Elements(&[("uri", NONE), ("digest", DIGEST)])),
    (report::NONCE, "nonce", NONE),
    (report::RECORDS, "records", &Each(&NotedNames)),
    (report::RESULT, "result", &Labels(RESULT)),
    (report::CAPABILITY_REPORT, "capability-report", &Labels(CAPABILITIES)),
];

const RESULT: Table = &[
    (report::RESULT_CODE, "code", NONE),
    (report::RESULT_RECORD, "record", &NotedNames),
    (report::RESULT_REASON, "reason", &REASONS),
];

const REASONS: Values = Values(reason);

fn reason(value: IntOrText<'_>) -> Option<&'static str> {
    const NAMES: [&str; 13] = [
        "ok",
        "cbor-parse",
        "cose-unsupported",
        "alg-unsupported",
        "unauthorised",
        "command-unsupported",
        "component-unsupported",
        "component-unauthorised",
        "parameter-unsupported",
        "severing-unsupported",
        "condition-failed",
        "operation-failed",
        "invoke-pending",
    ];
    NAMES.get(usize::try_from(value.to_i64()?).ok()?).copied()
}

const CAPABILITIES: Table = &[
    (capability::COMPONENTS, "components", NONE),
    (capability::COMMANDS, "commands", &Each(&CommandNames)),
    (capability::PARAMETERS, "parameters", NONE),
    (capability::ALGORITHMS, "algorithms", NONE),
    (capability::ENVELOPE, "envelope", NONE),
    (capability::MANIFEST, "manifest", NONE),
    (capability::COMMON, "common", NONE),
    (capability::TEXT, "text", NONE),
    (capability::TEXT_COMPONENT, "text-component", NONE),
    (capability::DEPENDENCY, "dependency", NONE),
];

/// A record, an array, or system properties, a map.
struct NotedNames;

impl Names for NotedNames {
    fn element(&self, index: u64, _: Option<u64>) -> Field<'_> {
        match index {
            0 => Field::named("manifest-id"),
            1 => Field::named("section"),
            2 => Field::named("offset"),
            3 => Field::named("component-index"),
            4 => Field::new("properties", &ParameterNames),
            _ => Field::UNKNOWN,
        }
    }

    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(report::SYSTEM_COMPONENT_ID) => Field::new("component", COMPONENT),
            _ => entry(PARAMETERS, label),
        }
    }
}
