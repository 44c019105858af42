//! Random changes that keep something of what they change.

use proptest::collection::vec;
use proptest::prelude::*;

/// One thing done to a message. Places are fractions of its length.
#[derive(Clone, Debug)]
pub enum Change {
    Set(u16, u8),
    Flip(u16, u8),
    Delete(u16, u8),
    Insert(u16, Vec<u8>),
    Repeat(u16, u8),
    Truncate(u16),
}

/// Bytes with a meaning: heads of every type with lengths that are near, far and absurd, breaks, reserved ones.
pub fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let head =
        (0_u8..8, prop_oneof![0_u8..32, Just(24), Just(27), Just(31)], any::<u64>(), any::<bool>())
            .prop_map(|(major, info, argument, small)| {
                let argument = if small { argument % 70 } else { argument };
                let mut head = vec![major << 5 | info];
                let len = match info {
                    24 => 1,
                    25 => 2,
                    26 => 4,
                    27 => 8,
                    _ => 0,
                };
                head.extend(&argument.to_be_bytes()[8 - len..]);
                head
            });
    prop_oneof![4 => head, 1 => vec(any::<u8>(), 0..8), 1 => Just(vec![0xff])]
}

/// Any of them.
pub fn change() -> impl Strategy<Value = Change> {
    let place = any::<u16>();
    prop_oneof![
        3 => (place, any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        3 => (place, 0_u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        2 => (place, 1_u8..20).prop_map(|(at, len)| Change::Delete(at, len)),
        3 => (place, pieces()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        1 => (place, 1_u8..40).prop_map(|(at, len)| Change::Repeat(at, len)),
        1 => place.prop_map(Change::Truncate),
    ]
}

/// Changes `message`.
pub fn apply(message: &mut Vec<u8>, change: &Change) {
    let place = |at: u16| message.len() * usize::from(at) / 65_536;
    match *change {
        Change::Set(at, byte) => {
            let at = place(at);
            if let Some(old) = message.get_mut(at) {
                *old = byte;
            }
        }
        Change::Flip(at, bit) => {
            let at = place(at);
            if let Some(old) = message.get_mut(at) {
                *old ^= 1 << bit;
            }
        }
        Change::Delete(at, len) => {
            let at = place(at);
            message.drain(at..message.len().min(at + usize::from(len)));
        }
        Change::Insert(at, ref piece) => {
            let at = place(at);
            message.splice(at..at, piece.iter().copied());
        }
        Change::Repeat(at, len) => {
            let at = place(at);
            let again = message[at..message.len().min(at + usize::from(len))].to_vec();
            message.splice(at..at, again);
        }
        Change::Truncate(at) => message.truncate(place(at)),
    }
}
