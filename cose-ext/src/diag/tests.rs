//! Diagnostic notation of messages, keys and claims.

mod bounds;
mod broken;
mod messages;
mod notation;
mod places;
mod recognised;
mod secrets;

use std::string::String;

use super::*;

fn decode(hex: &str) -> std::vec::Vec<u8> {
    hex::decode(hex.replace([' ', '\n'], "")).unwrap()
}

/// `hex`, in which spaces are free, on one line.
fn shown(hex: &str, names: &dyn Names) -> String {
    let mut out = String::new();
    print(&decode(hex), names, &mut out).unwrap();
    out
}
