//! Cases made of published ones: the envelope and the device of the one, another policy, and the
//! effects that the section of kind `processing` and the texts give then.

use serde_json::{Value, json};
use testkit::vectors::{Case, Trouble};

/// A case under another policy.
pub(crate) struct Derived {
    of: &'static str,
    policy: (&'static str, fn() -> Value),
    /// The facts that are others then; the rest stays as it is.
    changed: fn(&Case) -> Vec<(&'static str, Value)>,
}

/// Nothing changes.
const SAME: fn(&Case) -> Vec<(&'static str, Value)> = |_| Vec::new();

const WAIVED: (&str, fn() -> Value) = ("dependency_signature", || json!("not required"));
const NO_PREFIX: (&str, fn() -> Value) = ("dependency_prefix", || json!("ignored"));
const REFUSED: (&str, fn() -> Value) = ("dependency_prefix", || json!("refused"));
#[cfg(feature = "hierarchy")]
const SECOND: (&str, fn() -> Value) = ("dependency_prefix", || json!("second-processor"));
const NO_UNLINK: (&str, fn() -> Value) = ("unlink", || json!(false));

const fn case(
    of: &'static str,
    policy: (&'static str, fn() -> Value),
    changed: fn(&Case) -> Vec<(&'static str, Value)>,
) -> Derived {
    Derived { of, policy, changed }
}

/// Trust domains 5.1 lets the signature of a dependency be skipped, and none of the digests.
const CASES: &[Derived] = &[
    case("proc-dependency-unknown-signer", WAIVED, taken),
    case("proc-dependency-unsigned-in-soft-run-sequence", WAIVED, taken),
    case("proc-dependency-resigned", WAIVED, SAME),
    case("proc-dependency-fetched", WAIVED, SAME),
    case("proc-dependency-wrong-digest", WAIVED, SAME),
    case("proc-dependency-wrapper-of-other-manifest", WAIVED, SAME),
    case("proc-dependency-image-match-is-not-integrity", WAIVED, SAME),
    case("proc-dependency-stored-no-integrity", WAIVED, SAME),
    case("proc-auth-unknown-key", WAIVED, SAME),
    case("proc-dependency-prefix", NO_PREFIX, without_prefix),
    case("proc-dependency-prefix", REFUSED, nothing),
    case("proc-dependency-fetched", REFUSED, SAME),
    // A second processor does what the first one does with a prefix that is prepended, and in the same order.
    #[cfg(feature = "hierarchy")]
    case("proc-dependency-prefix", SECOND, SAME),
    // Without a prefix nothing is handed over.
    #[cfg(feature = "hierarchy")]
    case("proc-dependency-fetched", SECOND, SAME),
    #[cfg(feature = "hierarchy")]
    case("proc-dependency-failure-in-soft-run-sequence", SECOND, SAME),
    case("proc-refcount-unlink-then-fetch", NO_UNLINK, counted),
    case("proc-refcount-unlink-twice", NO_UNLINK, |_| vec![("effects", json!([]))]),
    case("proc-refcount-fetch", NO_UNLINK, SAME),
    // The last number, the same manifest or another one again: another rule of the device.
    case("proc-rollback-update", ("rollback", || json!("none")), forwards),
    case(
        "proc-sequence-higher",
        ("rollback", || json!("update: greater; invoke: not lower")),
        SAME,
    ),
];

/// Returns the cases that are made of this one.
pub(crate) fn derived(of: &Case) -> impl Iterator<Item = Result<Case, Trouble>> {
    CASES.iter().filter(|derived| derived.of == of.name).map(|derived| {
        let mut case = of.clone();
        let policy = case.facts.get_mut("policy").and_then(Value::as_object_mut);
        let (name, value) = derived.policy;
        policy.ok_or("policy")?.insert(name.to_owned(), value());
        for (name, value) in (derived.changed)(of) {
            case.facts.insert(name.to_owned(), value);
        }
        case.name = format!("{} with {name} {}", of.name, value());
        Ok(case)
    })
}

/// The image that the dependency fetches.
const IMAGE: &str = "3edd9f5feb0ae0b29fc9a5a296325cd885681547e8cda01f3cac70ea8a7336c7";

/// The dependency is taken: the last effect of the case is that it was not.
fn taken(case: &Case) -> Vec<(&'static str, Value)> {
    let mut effects = case.facts["effects"].clone();
    let list = effects.as_array_mut().unwrap();
    assert_eq!(list.pop().unwrap(), json!(["check-dependency", "6465702e73756974", false]));
    list.push(json!(["check-dependency", "6465702e73756974", true]));
    list.push(json!(["fetch", "00", "http://example.com/app.bin", "network", IMAGE]));
    list.push(json!(["commit-sequence", 1]));
    let mut contents = case.facts["final"].clone();
    contents["00"] = json!(IMAGE);
    succeeded(vec![("effects", effects), ("final", contents), ("final_sequence", json!(1))])
}

/// The dependency writes what it calls 00, and not what stands under the prefix.
fn without_prefix(case: &Case) -> Vec<(&'static str, Value)> {
    let mut effects = case.facts["effects"].clone();
    let write = effects.as_array_mut().unwrap().iter_mut().find(|effect| effect[0] == "write");
    write.unwrap()[1] = json!("00");
    let mut contents = case.facts["final"].clone();
    let written = contents["737562/00"].take();
    contents["00"] = written;
    vec![("effects", effects), ("final", contents)]
}

/// The manifest is refused with nothing done.
fn nothing(case: &Case) -> Vec<(&'static str, Value)> {
    let mut contents = case.facts["final"].clone();
    contents.as_object_mut().unwrap().values_mut().for_each(|held| *held = Value::Null);
    vec![
        ("verdict", json!("rejected-before-effects")),
        ("effects", json!([])),
        ("final", contents),
        ("final_sequence", Value::Null),
    ]
}

/// What was counted stays counted: the fetch that follows ends the update.
fn counted(case: &Case) -> Vec<(&'static str, Value)> {
    let old = case.facts["platform"]["components"][0]["content"].as_str().unwrap();
    let old = crate::device::sha256(&hex::decode(old).unwrap());
    vec![
        ("verdict", json!("failed")),
        ("failed_at", json!([20, 35, 21])),
        ("effects", case.facts["contested"]["other"]["effects"].clone()),
        ("final", json!({ "00": old })),
        ("final_sequence", Value::Null),
    ]
}

/// The older manifest is run, and the number that is stored does not move back.
fn forwards(case: &Case) -> Vec<(&'static str, Value)> {
    let content = case.facts["sequences"]["install"][0][1]["18"]["hex"].as_str().unwrap();
    let written = crate::device::sha256(&hex::decode(content).unwrap());
    succeeded(vec![
        ("effects", json!([["write", "00", written]])),
        ("final", json!({ "00": written })),
        ("final_sequence", case.facts["platform"]["stored_sequence"].clone()),
    ])
}

fn succeeded(mut facts: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    facts.extend([("verdict", json!("success")), ("failed_at", Value::Null)]);
    facts
}
