//! Diagnostic notation of anything: of a bounded length, whatever the place is, and no string of a key shows that is not
//! known to be public.
#![no_main]

use cose_ext::cwt::Cwt;
use cose_ext::diag::{
    ClaimsNames, CoseNames, HeaderNames, KeyNames, Labels, Layout, Names, Unnamed, print_as,
};
use cose_ext::{Message, Profile, Sign1, registry};
use libfuzzer_sys::fuzz_target;

/// Stands where a secret could: long enough that no output has it by chance.
const SECRET: &[u8] = b"\x53\xec\x2e\x7f\x00\x11\x22\x33";

fuzz_target!(|bytes: &[u8]| {
    let places: [&dyn Names; 5] = [&CoseNames, &KeyNames, &ClaimsNames, &HeaderNames, &Unnamed];
    // Of what is long, in one place: what is printed is many times as long.
    let places = match bytes.len() {
        ..1024 => &places[..],
        len => &places[len % places.len()..][..1],
    };
    for names in places {
        let names = *names;
        let line = shown(bytes, names, Layout::Line);
        assert!(line.len() <= 64 * bytes.len() + 128, "longer than promised");
        let indented = shown(bytes, names, Layout::Indented);
        assert!(indented.len() <= 128 * bytes.len() + 256, "longer than promised");
    }
    // {1: 4, -1: SECRET} under a label that nobody knows, in whatever is around it.
    let mut key = vec![0xa2, 0x01, 0x04, 0x20, 0x48];
    key.extend_from_slice(SECRET);
    if bytes.len() < 4096 && Profile::LENIENT.item(bytes, 0).is_ok() {
        // Whole, and in a map that breaks off.
        for entries in [0xa2, 0xa3] {
            key[0] = entries;
            let around = [&[0x82][..], bytes, &key].concat();
            let text = shown(&around, &CoseNames, Layout::Line);
            assert!(!text.contains(&hex(SECRET)), "a secret shows: {text}");
        }
    }
    by_itself(bytes);
    names(bytes);
});

/// What a view prints is its diagnostic notation, whichever way it is asked.
fn by_itself(bytes: &[u8]) {
    if let Ok(token) = Cwt::decode(bytes, &Profile::LENIENT) {
        assert_eq!(token.to_string(), format!("{token:?}"));
    }
    if let Ok(message) = Sign1::decode(bytes, &Profile::LENIENT) {
        assert_eq!(message.to_string(), format!("{message:?}"));
    }
    let _ = Message::shapes(bytes).iter().count();
}

/// A table of the caller names what it lists; a registry has each name once.
fn names(bytes: &[u8]) {
    let table = [(1, "one", &KeyNames as &dyn Names), (-1, "minus one", &Unnamed)];
    let text = shown(bytes, &Labels(&table), Layout::Line);
    assert!(text.len() <= 64 * bytes.len() + 128, "longer than promised");
    let Some(number) = bytes.first_chunk().map(|two| i64::from(i16::from_be_bytes(*two))) else {
        return;
    };
    for registry in [registry::ALGORITHMS, registry::CURVES, registry::CWT_CLAIMS] {
        if let Some(name) = registry.name(number) {
            assert_eq!(registry.value(name), Some(number));
            assert!(format!("{registry:?}").contains(name));
        }
    }
}

fn shown(bytes: &[u8], names: &dyn Names, layout: Layout) -> String {
    let mut text = String::new();
    print_as(bytes, names, layout, &mut text).expect("a String takes everything");
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
