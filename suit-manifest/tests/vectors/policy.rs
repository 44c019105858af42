//! What a case says of the policy of its device.

use serde_json::Value;
use suit_manifest::{
    AuthenticationPolicy, DependencyIndex, DependencyPrefix, DependencySignature, NestedFailure,
    Readings, UnlinkDirective, cose_ext::sign::SignPolicy,
};
use testkit::vectors::{Case, Trouble};

/// The readings of this project.
pub(crate) const DEFAULT: Readings = Readings {
    nested_failure: NestedFailure::Ends,
    dependency_index: DependencyIndex::Component,
    dependency_signature: DependencySignature::Required,
    dependency_prefix: DependencyPrefix::Prepended,
    unlink: UnlinkDirective::Honoured,
};

/// What the texts leave to the application, as a case has decided it.
#[derive(Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) authentication: AuthenticationPolicy<'static>,
    pub(crate) readings: Readings,
    pub(crate) rollback: Rollback,
    /// Whether a second processor runs what stands under a prefix.
    pub(crate) has_second: bool,
}

/// Which number an update needs beside the stored one. An invocation needs one that is not lower,
/// unless nothing is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rollback {
    /// A greater one, or the same manifest again.
    SameManifest,
    /// A greater one.
    Greater,
    /// One that is not lower.
    NotLower,
    /// Any.
    Any,
}

/// What a policy says, whatever the words are.
enum Said {
    Nothing,
    Yes,
    No,
    Refuse,
    Second,
}

impl Policy {
    pub(crate) fn of(case: &Case) -> Result<Self, Trouble> {
        let policy = case.fact("policy").and_then(Value::as_object).ok_or("policy")?;
        let of = |name: &str| match policy.get(name) {
            None | Some(Value::Null) => Ok(SignPolicy::AtLeast(1)),
            Some(value) => sign_policy(value).ok_or_else(|| unknown(name, Some(value))),
        };
        let said =
            |name: &str| said(policy.get(name)).ok_or_else(|| unknown(name, policy.get(name)));
        let dependency_signature = match said("dependency_signature")? {
            Said::Nothing | Said::Yes => DependencySignature::Required,
            Said::No => DependencySignature::Waived,
            _ => return Err(unknown("dependency_signature", policy.get("dependency_signature"))),
        };
        let prefix = said("dependency_prefix")?;
        let dependency_prefix = match prefix {
            // Under the prefix of a second processor, what is deeper in it is prepended.
            Said::Nothing | Said::Yes | Said::Second => DependencyPrefix::Prepended,
            Said::No => DependencyPrefix::Ignored,
            Said::Refuse => DependencyPrefix::Refused,
        };
        let unlink = match said("unlink")? {
            Said::Nothing | Said::Yes => UnlinkDirective::Honoured,
            Said::No => UnlinkDirective::Ignored,
            _ => return Err(unknown("unlink", policy.get("unlink"))),
        };
        let rollback = rollback(policy.get("rollback"))
            .ok_or_else(|| unknown("rollback", policy.get("rollback")))?;
        Ok(Self {
            authentication: AuthenticationPolicy { blocks: of("auth")?, signers: of("signers")? },
            readings: Readings { dependency_signature, dependency_prefix, unlink, ..DEFAULT },
            rollback,
            has_second: matches!(prefix, Said::Second),
        })
    }
}

fn unknown(name: &str, value: Option<&Value>) -> Trouble {
    format!("the policy {name} says {}", value.unwrap_or(&Value::Null)).into()
}

fn sign_policy(value: &Value) -> Option<SignPolicy<'static>> {
    match (value.as_str(), value.as_u64()) {
        (Some("any"), _) => Some(SignPolicy::AtLeast(1)),
        (Some("all"), _) => Some(SignPolicy::All),
        (_, Some(count)) => count.try_into().ok().map(SignPolicy::AtLeast),
        _ => None,
    }
}

/// Words for a second processor.
const SECOND: [&str; 5] = ["second", "processor", "hand", "delegat", "forward"];

fn said(value: Option<&Value>) -> Option<Said> {
    let words = match value {
        None | Some(Value::Null) => return Some(Said::Nothing),
        Some(Value::Bool(true)) => return Some(Said::Yes),
        Some(Value::Bool(false)) => return Some(Said::No),
        Some(value) => value.as_str()?.to_lowercase().replace(['_', '-'], " "),
    };
    match &*words {
        "required" | "prepend" | "prepended" | "honour" | "honoured" | "honored" => Some(Said::Yes),
        "refuse" | "refused" | "reject" | "rejected" | "unsupported" => Some(Said::Refuse),
        "optional" | "waive" | "waived" | "skip" | "skipped" | "ignore" | "ignored" | "none" => {
            Some(Said::No)
        }
        // `second-processor`, `handed to a second processor`, `delegated`, ...
        words if SECOND.iter().any(|word| words.contains(word)) => Some(Said::Second),
        words if words.starts_with("not ") || words.starts_with("un") => Some(Said::No),
        _ => None,
    }
}

/// `update: so; invoke: so`.
fn rollback(value: Option<&Value>) -> Option<Rollback> {
    let words = match value {
        None | Some(Value::Null) => return Some(Rollback::SameManifest),
        Some(Value::Bool(false)) => return Some(Rollback::Any),
        Some(value) => value.as_str()?,
    };
    if matches!(words, "none" | "off" | "not checked") {
        return Some(Rollback::Any);
    }
    let (update, invoke) = words.split_once(';')?;
    if invoke.trim() != "invoke: not lower" {
        return None;
    }
    Some(match update.strip_prefix("update:")?.trim() {
        "greater, or equal with the same digest" => Rollback::SameManifest,
        "greater" => Rollback::Greater,
        "not lower" | "greater or equal" => Rollback::NotLower,
        _ => return None,
    })
}
