//! Any input, in bounded space.

use core::fmt::{self, Write};
use std::{string::String, vec, vec::Vec};

use proptest::{collection::vec as bytes, prelude::*};

use super::{
    ClaimsNames, CoseNames, HeaderNames, KeyNames, Layout, Names, Unnamed, decode, print, print_as,
};

const PLACES: [&dyn Names; 5] = [&CoseNames, &HeaderNames, &KeyNames, &ClaimsNames, &Unnamed];

/// A transparent statement in small, and two keys.
fn valid() -> Vec<Vec<u8>> {
    [
        "d284 40 a1 19018a 81 58 1d d284 47 a2 01 26 19018b 01 a1 19018c a1 20 81 47 83 02 01 81 42
         abcd f6 42 ef01 f6 40",
        "82 a6 01 02 20 01 21 41aa 22 f5 02 41bb 23 425e5e a2 20 425e5e 01 04",
        "d860 84 40 a0 f6 81 84 43 a10126 a2 20 a2 01 01 23 4101 38 14 4102 40 81 83 40 a0 40",
        "bf 0f bf 01 7f 6161 ff 04 fb41d452d9ec200000 ff 0b 81 83 40 a0 5f 4101 ff ff",
    ]
    .map(decode)
    .to_vec()
}

fn bounded(input: &[u8]) {
    for names in PLACES {
        for (layout, factor, constant) in [(Layout::Line, 64, 128), (Layout::Indented, 128, 256)] {
            let mut out = String::new();
            print_as(input, names, layout, &mut out).unwrap();
            assert!(out.len() <= factor * input.len() + constant, "{out}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(input in bytes(any::<u8>(), 0..300)) {
        bounded(&input);
    }

    /// Heads that open something, and the labels that mean something, more often than chance.
    #[test]
    fn any_structure(input in bytes(
        prop_oneof![
            0_u8..=0x3f,
            Just(0x40), Just(0x41), Just(0x5f), Just(0x7f), Just(0x81), Just(0x9f), Just(0xa1),
            Just(0xbf), Just(0xc2), Just(0xd2), Just(0xff), Just(0x19), Just(0x01), Just(0x8a),
        ],
        0..200,
    )) {
        bounded(&input);
    }

    #[test]
    fn mutated_messages(
        which in 0_usize..4,
        cut in any::<prop::sample::Index>(),
        changes in bytes((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut input = valid().swap_remove(which);
        for (index, value) in changes {
            let index = index.index(input.len());
            input[index] = value;
        }
        bounded(&input);
        bounded(&input[..cut.index(input.len())]);
    }
}

#[test]
fn the_costliest_inputs() {
    // Receipts that wrap nothing, labels with the longest names, names for each element.
    let mut receipts = decode("a1 19018a 9f");
    receipts.extend([0x41, 0xff].repeat(5000));
    let mut crit = decode("a1 02 9f");
    crit.extend([0x0b].repeat(5000));
    let mut labels = vec![0xbf];
    labels.extend([0x0b, 0x80].repeat(5000));
    let mut deep = vec![0x81; 31];
    deep.push(0x9f);
    deep.extend([0xf7].repeat(5000));
    for input in [receipts, crit, labels, deep, vec![0x81; 10_000], vec![0xa1; 10_000]] {
        bounded(&input);
    }
    for claim in [0x5b, 0x7b, 0x9b, 0xbb] {
        bounded(&[claim, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        bounded(&[claim, 0x80, 0, 0, 0, 0, 0, 0, 0]);
    }
}

/// All the room there is.
struct Buffer {
    bytes: [u8; 600],
    len: usize,
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.len..).unwrap_or_default();
        room.get_mut(..text.len()).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

#[test]
fn a_fixed_buffer_and_its_end() {
    for input in valid() {
        let mut heap = String::new();
        print(&input, &CoseNames, &mut heap).unwrap();
        let mut buffer = Buffer { bytes: [0; 600], len: 0 };
        print(&input, &CoseNames, &mut buffer).unwrap();
        assert_eq!(&buffer.bytes[..buffer.len], heap.as_bytes());
        // The writer's error is the only one.
        let mut full = Buffer { bytes: [0; 600], len: 600 - heap.len() + 1 };
        assert_eq!(print(&input, &CoseNames, &mut full), Err(fmt::Error));
    }
}

#[test]
fn what_stands_on_the_stack() {
    assert!(size_of::<super::printer::Printer<'_, '_, '_>>() <= 72 * crate::cbor::MAX_DEPTH);
}
