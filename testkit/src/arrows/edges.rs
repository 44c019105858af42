//! Arrows between crates.

use crate::workspace::{Dependency, DependencyKind, Package, Workspace};

/// How a crate may depend on another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrow {
    /// In any way.
    Free,
    /// Only as an optional dependency.
    Optional,
    /// Only as an optional dependency that this one feature asks for.
    Feature(&'static str),
}
use Arrow::{Feature, Free, Optional};

/// What every crate may depend on: how rules are stated.
const GROUND: &str = "spec-rules";

/// The arrows that each house crate may have. `None`: any, for what stands at the top.
fn allowed(from: &str) -> Option<Option<&'static [(&'static str, Arrow)]>> {
    Some(match from {
        "cose-cli" | "examples" | "benches" => None,
        "transparent-suit" => Some(&[
            ("scitt-core", Free),
            ("suit-manifest", Free),
            ("cose-ext", Free),
            ("merkle-proof", Free),
        ]),
        "teep-msg" => {
            Some(&[("suit-manifest", Optional), ("rats-eat", Optional), ("cose-ext", Free)])
        }
        "scitt-core" => Some(&[("merkle-proof", Free), ("cose-ext", Free)]),
        "suit-manifest" | "rats-eat" => Some(&[("cose-ext", Free)]),
        "merkle-proof" => Some(&[("cose-ext", Feature("cose"))]),
        "cose-ext" => Some(&[
            ("cose-crypto", Free),
            ("cose-rustcrypto", Optional),
            ("cose-aws-lc", Feature("aws-lc")),
        ]),
        "cose-rustcrypto" | "cose-aws-lc" => Some(&[("cose-crypto", Free)]),
        "cose-crypto" | GROUND => Some(&[]),
        // Whoever writes a provider depends on the seam alone.
        "provider-from-outside" | "provider-of-handles" => Some(&[("cose-crypto", Free)]),
        // Its core knows no house crate; the page of the rules does, behind a feature.
        "testkit" => Some(&[
            ("cose-ext", Feature("conformance")),
            ("merkle-proof", Feature("conformance")),
            ("scitt-core", Feature("conformance")),
            ("suit-manifest", Feature("conformance")),
            ("teep-msg", Feature("conformance")),
            ("rats-eat", Feature("conformance")),
            ("transparent-suit", Feature("conformance")),
        ]),
        _ => return None,
    })
}

/// One line per dependency between members that the plan does not have. Dev-dependencies stand outside.
pub fn broken_edges(workspace: &Workspace) -> Vec<String> {
    let mut lines = Vec::new();
    for package in &workspace.packages {
        let Some(arrows) = allowed(&package.name) else {
            lines.push(format!("{}: the plan of arrows does not know this crate", package.name));
            continue;
        };
        let Some(arrows) = arrows else { continue };
        let house = |dependency: &&Dependency| workspace.package(&dependency.package).is_ok();
        for dependency in package.dependencies.iter().filter(house) {
            if dependency.kind == DependencyKind::Dev || dependency.package == GROUND {
                continue;
            }
            let arrow =
                arrows.iter().find(|(to, _)| *to == dependency.package).map(|(_, arrow)| *arrow);
            lines.extend(
                broken_edge(package, dependency, arrow)
                    .map(|why| format!("{} -> {}: {why}", package.name, dependency.package)),
            );
        }
    }
    lines
}

fn broken_edge(package: &Package, dependency: &Dependency, arrow: Option<Arrow>) -> Option<String> {
    match arrow {
        None => Some("no such arrow".to_owned()),
        Some(Free) => None,
        Some(_) if !dependency.optional => Some("must be optional".to_owned()),
        Some(Optional) => None,
        Some(Feature(only)) => {
            let asking = asking(package, &dependency.name);
            (asking != [only])
                .then(|| format!("only feature `{only}` may ask for it, not {asking:?}"))
        }
    }
}

/// The features that bring an optional dependency in: by `dep:name`, `name` or `name/feature`, not `name?/feature`.
fn asking<'a>(package: &'a Package, name: &str) -> Vec<&'a str> {
    let asks = |enabled: &String| {
        enabled == name
            || enabled.strip_prefix("dep:") == Some(name)
            || enabled.strip_prefix(name).is_some_and(|tail| tail.starts_with('/'))
    };
    let features = package.features.iter().filter(|(_, enabled)| enabled.iter().any(asks));
    features.map(|(feature, _)| feature.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn package(name: &str, features: Value, dependencies: Value) -> Value {
        json!({
            "id": name, "name": name, "manifest_path": "/Cargo.toml", "targets": [],
            "features": features, "dependencies": dependencies
        })
    }

    fn on(name: &str, kind: Value, optional: bool) -> Value {
        json!({"name": name, "rename": null, "kind": kind, "optional": optional})
    }

    fn broken(packages: &[Value]) -> Vec<String> {
        let ids: Vec<_> = packages.iter().map(|package| package["id"].clone()).collect();
        let metadata =
            json!({"workspace_root": "/", "workspace_members": ids, "packages": packages});
        broken_edges(&Workspace::from_metadata(&metadata).unwrap())
    }

    fn cose_ext() -> Value {
        package("cose-ext", json!({}), json!([]))
    }

    #[test]
    fn arrows_that_point_down_are_fine() {
        let merkle = package(
            "merkle-proof",
            json!({"cose": ["dep:cose-ext"], "std": ["cose-ext?/std"], "receipts": ["cose"]}),
            json!([on("cose-ext", Value::Null, true), on("cose-ext", json!("dev"), false)]),
        );
        let scitt = package(
            "scitt-core",
            json!({"std": ["cose-ext/std"]}),
            json!([
                on("merkle-proof", Value::Null, false),
                on("cose-ext", Value::Null, false),
                on("sha2", Value::Null, false)
            ]),
        );
        let examples =
            package("examples", json!({}), json!([on("scitt-core", Value::Null, false)]));
        assert_eq!(broken(&[cose_ext(), merkle, scitt, examples]), Vec::<String>::new());
    }

    #[test]
    fn arrows_that_point_up_or_aside_are_named() {
        let up = package("cose-ext", json!({}), json!([on("scitt-core", json!("build"), false)]));
        let aside = package("scitt-core", json!({}), json!([on("rats-eat", Value::Null, true)]));
        let rats = package("rats-eat", json!({}), json!([]));
        let lines = broken(&[up, aside, rats]);
        assert_eq!(
            lines,
            ["cose-ext -> scitt-core: no such arrow", "scitt-core -> rats-eat: no such arrow"]
        );
    }

    #[test]
    fn optional_arrows_stay_optional() {
        let teep = package("teep-msg", json!({}), json!([on("rats-eat", Value::Null, false)]));
        let rats = package("rats-eat", json!({}), json!([]));
        assert_eq!(broken(&[teep, rats]), ["teep-msg -> rats-eat: must be optional"]);
    }

    #[test]
    fn one_feature_alone_brings_cose_to_merkle() {
        let hard = package("merkle-proof", json!({}), json!([on("cose-ext", Value::Null, false)]));
        assert_eq!(broken(&[cose_ext(), hard]), ["merkle-proof -> cose-ext: must be optional"]);
        for features in [
            json!({"cose": ["dep:cose-ext"], "std": ["cose-ext/std"]}),
            json!({"cose": ["dep:cose-ext"], "rustcrypto": ["dep:cose-ext"]}),
            json!({"cose-ext": ["dep:cose-ext"]}),
        ] {
            let merkle =
                package("merkle-proof", features, json!([on("cose-ext", Value::Null, true)]));
            let lines = broken(&[cose_ext(), merkle]);
            assert!(lines.len() == 1 && lines[0].contains("only feature `cose`"), "{lines:?}");
        }
    }

    #[test]
    fn a_new_crate_needs_a_place_in_the_plan() {
        let lines = broken(&[package("attic", json!({}), json!([]))]);
        assert_eq!(lines, ["attic: the plan of arrows does not know this crate"]);
    }
}
