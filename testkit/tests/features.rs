//! What a feature of cose-ext pulls in, and what it leaves out.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::process::Command;

use testkit::workspace::{Package, Workspace};

/// The crates that a build of cose-ext with `features` alone consists of, each with its own features, as
/// `cargo tree -e features` tells them.
fn tree(features: &str) -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .current_dir(Workspace::read().unwrap().root)
        .args(["tree", "--package", "cose-ext", "--no-default-features", "--features", features])
        .args(["--edges", "features,normal", "--prefix", "none", "--format", "{p} [{f}]"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut tree = BTreeMap::<_, BTreeSet<String>>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        // `name vN.N.N (path) [feature,feature] (*)`; a line that names an edge has no brackets.
        let Some((package, rest)) = line.split_once(" [") else { continue };
        let name = package.split(' ').next().unwrap_or_default().to_owned();
        let enabled = rest.split(']').next().unwrap_or_default().split(',').map(str::to_owned);
        tree.entry(name).or_default().extend(enabled.filter(|feature| !feature.is_empty()));
    }
    tree
}

#[test]
fn p256_alone_brings_neither_sha512_nor_edwards_curves() {
    let tree = tree("p256");
    for there in ["cose-crypto", "p256", "sha2"] {
        assert!(tree.contains_key(there), "{there}: {tree:#?}");
    }
    let provider: Vec<_> = tree["cose-rustcrypto"].iter().map(String::as_str).collect();
    assert_eq!(provider, ["p256", "sha256"]);
    for absent in ["ed25519-dalek", "curve25519-dalek", "p384", "cose-aws-lc", "aws-lc-rs", "rsa"] {
        assert!(!tree.contains_key(absent), "{absent}: {tree:#?}");
    }
    // The same look finds what is there.
    assert!(self::tree("p256,ed25519")["cose-rustcrypto"].contains("sha512"));
}

#[test]
fn without_features_there_is_the_seam_and_no_provider() {
    let tree = tree("");
    assert!(tree.contains_key("cose-crypto"), "{tree:#?}");
    for absent in ["cose-rustcrypto", "cose-aws-lc", "sha2"] {
        assert!(!tree.contains_key(absent), "{absent}: {tree:#?}");
    }
}

/// All that `feature` of `package` asks for, directly and through its other features.
fn implied<'p>(package: &'p Package, feature: &'p str) -> BTreeSet<&'p str> {
    let mut found = BTreeSet::new();
    let mut open = vec![feature];
    while let Some(feature) = open.pop() {
        if found.insert(feature) {
            open.extend(package.features.get(feature).into_iter().flatten().map(String::as_str));
        }
    }
    found
}

#[test]
fn no_feature_implies_the_default_set_or_the_other_provider() {
    let workspace = Workspace::read().unwrap();
    let package = workspace.package("cose-ext").unwrap();
    let set = ["p256", "ed25519", "sha256"];
    assert_eq!(package.features["rustcrypto"], set);
    for feature in package.features.keys().filter(|feature| *feature != "default") {
        let implied = implied(package, feature);
        let has_set = set.iter().all(|one| implied.contains(one));
        assert_eq!(has_set, feature == "rustcrypto", "{feature}: {implied:?}");
        let has_aws_lc = implied.iter().any(|one| *one == "dep:cose-aws-lc" || *one == "aws-lc");
        assert_eq!(has_aws_lc, feature == "aws-lc", "{feature}: {implied:?}");
        // Whatever names something of the provider asks for it openly.
        let names_provider = implied.iter().any(|one| one.starts_with("cose-rustcrypto/"));
        assert_eq!(names_provider, implied.contains("_provider") && feature != "_provider");
    }
}
