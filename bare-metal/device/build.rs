//! Tells the linker where flash and memory are, as the other firmware does.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=../firmware/link.ld");
    let is_board = env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("none");
    if let (true, Ok(folder)) = (is_board, env::var("CARGO_MANIFEST_DIR")) {
        println!("cargo::rustc-link-arg-bins=-T{folder}/../firmware/link.ld");
    }
}
