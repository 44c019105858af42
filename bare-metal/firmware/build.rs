//! Tells the linker where flash and memory are, on the target that has them.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=link.ld");
    let is_board = env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("none");
    if let (true, Ok(folder)) = (is_board, env::var("CARGO_MANIFEST_DIR")) {
        println!("cargo::rustc-link-arg-bins=-T{folder}/link.ld");
    }
}
