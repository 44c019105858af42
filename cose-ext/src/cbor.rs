//! Strict CBOR (RFC 8949) without heap and without recursion on input.
//!
//! What a verifier needs beyond a codec: one pass that finds duplicate map keys *as values* (`01`
//! and `1801` are one key), bounded nesting and bounded work, and errors that name the byte at
//! which a rule broke. Nothing here imports another module of the crate.

mod array;
mod byte_string;
mod check;
mod error;
mod float;
mod head;
mod int;
mod item;
mod key_order;
mod limits;
mod map;
mod plain;
mod raw;
mod read_before;
mod reader;
mod same_value;
mod self_described;
mod skip;
mod strictness;
mod writer;

pub use array::{Array, Elements};
pub use check::check;
pub use error::{Error, ErrorKind};
pub use head::Head;
pub use int::Int;
pub use item::{Item, Type};
pub use limits::{Limits, MAX_DEPTH};
pub use map::{Entries, Map};
pub use raw::Raw;
pub use reader::Reader;
pub use self_described::self_described;
pub use strictness::{Determinism, IndefiniteLengths, Strictness};
pub use writer::Writer;

pub(crate) use byte_string::ByteString;
pub(crate) use check::check_within;
pub(crate) use head::widen;
pub(crate) use plain::{OTHER_KEYS, check_plain, key_bit};
pub(crate) use same_value::same_value;
pub(crate) use skip::{skip, skip_checked};
