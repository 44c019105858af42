//! The arrows of the house as they are: between the crates of this workspace, and between the modules of cose-ext.

use testkit::arrows::{broken_edges, broken_imports};
use testkit::workspace::Workspace;

#[test]
fn dependencies_between_crates_point_down() {
    let lines = broken_edges(&Workspace::read().unwrap());
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn modules_that_could_be_crates_import_nothing_from_their_siblings() {
    let src = Workspace::read().unwrap().root.join("cose-ext/src");
    let lib = std::fs::read_to_string(src.join("lib.rs")).unwrap();
    // A start of the crate may lack them; the crate may not, or this test would look at nothing.
    if lib.lines().count() > 20 {
        for module in ["cbor"] {
            assert!(
                src.join(module).is_dir(),
                "cose-ext/src/{module} is gone: tell this test where it went"
            );
        }
    }
    let lines = broken_imports(&src).unwrap();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}
