//! The packages of this workspace, as `cargo metadata` tells them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Trouble;

/// The members of a workspace.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// The members, in the order that cargo gives them.
    pub packages: Vec<Package>,
}

/// One member.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder, from the root of the workspace.
    pub folder: String,
    /// Whether it has a library.
    pub has_library: bool,
    /// Whether it may be published.
    pub published: bool,
    /// Its features, each with what it enables; the implicit features of optional dependencies are among them.
    pub features: BTreeMap<String, Vec<String>>,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyKind {
    /// The crate itself.
    Normal,
    /// Its build script.
    Build,
    /// Its tests, examples and benchmarks.
    Dev,
}

/// One dependency of a member.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The package's own name.
    pub package: String,
    /// The name that features use for it.
    pub name: String,
    /// What it is for.
    pub kind: DependencyKind,
    /// Whether a feature has to ask for it.
    pub optional: bool,
}

impl Workspace {
    /// Asks cargo about the workspace that this crate is a member of.
    pub fn read() -> Result<Self, Trouble> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let output = Command::new(cargo)
            .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .output()?;
        if !output.status.success() {
            return Err(
                format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)).into()
            );
        }
        Self::from_metadata(&serde_json::from_slice(&output.stdout)?)
    }

    /// Reads what `cargo metadata --format-version 1` printed.
    pub fn from_metadata(metadata: &Value) -> Result<Self, Trouble> {
        let root = PathBuf::from(text(metadata, "workspace_root")?);
        let members = list(metadata, "workspace_members")?;
        let members =
            list(metadata, "packages")?.iter().filter(|package| members.contains(&package["id"]));
        let packages = members.map(|member| package(member, &root)).collect::<Result<_, _>>()?;
        Ok(Workspace { root, packages })
    }

    /// The members that are libraries for others to use.
    pub fn libraries(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.has_library && package.published)
    }

    /// The member of this name.
    pub fn package(&self, name: &str) -> Result<&Package, Trouble> {
        let found = self.packages.iter().find(|package| package.name == name);
        found.ok_or_else(|| format!("the workspace has no member {name}").into())
    }
}

fn text<'a>(json: &'a Value, key: &str) -> Result<&'a str, Trouble> {
    json[key].as_str().ok_or_else(|| format!("cargo metadata: no text `{key}`").into())
}

fn list<'a>(json: &'a Value, key: &str) -> Result<&'a Vec<Value>, Trouble> {
    json[key].as_array().ok_or_else(|| format!("cargo metadata: no list `{key}`").into())
}

fn package(json: &Value, root: &Path) -> Result<Package, Trouble> {
    let mut has_library = false;
    for target in list(json, "targets")? {
        has_library |= list(target, "kind")?.iter().any(|kind| kind == "lib");
    }
    let features = json["features"].as_object().ok_or("cargo metadata: no `features`")?;
    let enabled = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let folder = Path::new(text(json, "manifest_path")?).parent().unwrap_or(root);
    let folder = folder.strip_prefix(root)?.to_string_lossy().into_owned();
    Ok(Package {
        folder,
        name: text(json, "name")?.to_owned(),
        has_library,
        published: json["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
        features: features.iter().map(|(name, value)| (name.clone(), enabled(value))).collect(),
        dependencies: list(json, "dependencies")?
            .iter()
            .map(dependency)
            .collect::<Result<_, _>>()?,
    })
}

fn dependency(json: &Value) -> Result<Dependency, Trouble> {
    let package = text(json, "name")?.to_owned();
    Ok(Dependency {
        name: json["rename"].as_str().map_or_else(|| package.clone(), str::to_owned),
        package,
        kind: match json["kind"].as_str() {
            Some("dev") => DependencyKind::Dev,
            Some("build") => DependencyKind::Build,
            _ => DependencyKind::Normal,
        },
        optional: json["optional"] == true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_members_only() {
        let metadata = json!({
            "workspace_root": "/w", "workspace_members": ["a 1", "t 1"],
            "packages": [
                {"id": "a 1", "name": "a", "manifest_path": "/w/in/a/Cargo.toml", "publish": null, "targets": [{"kind": ["lib"]}],
                 "features": {"default": ["std"], "std": []},
                 "dependencies": [
                    {"name": "b", "rename": "bee", "kind": null, "optional": true},
                    {"name": "c", "rename": null, "kind": "dev", "optional": false},
                    {"name": "d", "rename": null, "kind": "build", "optional": false}]},
                {"id": "t 1", "name": "t", "manifest_path": "/w/Cargo.toml", "publish": [], "targets": [{"kind": ["lib"]}],
                 "features": {}, "dependencies": []},
                {"id": "foreign 1", "name": "foreign"}]
        });
        let workspace = Workspace::from_metadata(&metadata).unwrap();
        assert_eq!(
            workspace.libraries().map(|library| library.name.as_str()).collect::<Vec<_>>(),
            ["a"]
        );
        assert_eq!(workspace.packages.len(), 2);
        let a = workspace.package("a").unwrap();
        assert_eq!((a.folder.as_str(), workspace.packages[1].folder.as_str()), ("in/a", ""));
        assert_eq!(a.features["default"], ["std"]);
        let kinds: Vec<_> =
            a.dependencies.iter().map(|d| (d.name.as_str(), d.kind, d.optional)).collect();
        let expected = [
            ("bee", DependencyKind::Normal, true),
            ("c", DependencyKind::Dev, false),
            ("d", DependencyKind::Build, false),
        ];
        assert_eq!(kinds, expected);
        assert_eq!(a.dependencies[0].package, "b");
        assert!(workspace.package("foreign").is_err());
    }

    #[test]
    fn reads_this_workspace() {
        let workspace = Workspace::read().unwrap();
        assert!(!workspace.package("testkit").unwrap().published);
        assert!(workspace.libraries().any(|library| library.name == "cose-ext"));
    }
}
