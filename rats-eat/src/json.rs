//! JSON, read strictly, and turned into the CBOR that the views read.
//!
//! A JSON text is read once: duplicate members are found however their names are written, nesting
//! is bounded, and integers stay apart from numbers with a fraction or an exponent. What is made of
//! it is CBOR in the form of the specification, so that one view serves both encodings.

mod encode;
mod read;
#[cfg(feature = "serde")]
mod serialize;
mod text;
mod write;

pub(crate) use encode::{Entries, Key, array, bytes, int, map, of, text, write};
pub(crate) use read::Json;
pub(crate) use text::{Base64Url, Quoted, decode_base64url};
