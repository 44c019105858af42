//! Diagnostic notation (RFC 8949 8, with the embedded CBOR of RFC 8610 G.3) of untrusted bytes,
//! annotated with the names of labels and values.
//!
//! ```
//! use cose_ext::diag::{CoseNames, print};
//!
//! # fn main() -> core::fmt::Result {
//! let message = b"\xd2\x84\x43\xa1\x01\x26\xa1\x04\x41\x31\x41\x2a\x41\x00";
//! let mut out = String::new();
//! print(message, &CoseNames, &mut out)?;
//! assert_eq!(
//!     out,
//!     "18([/ protected / << {1 / alg /: -7 / ES256 /} >>, \
//!          / unprotected / {4 / kid /: h'31'}, / payload / h'2a', / signature / h'00'])"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! The same label means something else in every map, so names come from outside: [`Names`] is one
//! *place* of a format, and says what stands at the places below it. [`Labels`], [`Elements`],
//! [`Each`], [`Wrapped`] and [`Values`] make places from tables; places of different crates link to
//! each other freely:
//!
//! ```
//! use cose_ext::{IntOrText, diag::{CoseNames, Elements, Labels, Unnamed, Values, Wrapped, print}};
//!
//! const ENVELOPE: Labels<'_> =
//!     Labels(&[(2, "authentication", &Wrapped(&AUTHENTICATION)), (3, "state", &Values(state))]);
//! const AUTHENTICATION: Elements<'_> =
//!     Elements(&[("digest", &Unnamed), ("block", &Wrapped(&CoseNames))]);
//!
//! fn state(value: IntOrText<'_>) -> Option<&'static str> {
//!     (value.to_i64() == Some(1)).then_some("installed")
//! }
//!
//! # fn main() -> core::fmt::Result {
//! let mut out = String::new();
//! print(b"\xa2\x02\x44\x82\x41\xaa\x80\x03\x01", &ENVELOPE, &mut out)?;
//! let want = "{2 / authentication /: << [/ digest / h'aa', / block / []] >>, \
//!             3 / state /: 1 / installed /}";
//! assert_eq!(out, want);
//! # Ok(())
//! # }
//! ```
//!
//! What a table cannot say is a unit struct with an implementation of its own: a map that extends
//! another one, a place whose meaning depends on a type field, a secret.
//!
//! There is no heap, no recursion on input, and no input that fails: where bytes stop being CBOR,
//! the output stops with a comment that says so, and the rest as a byte string. A byte string that
//! should wrap CBOR and does not stays a byte string. Only the writer can fail.
//!
//! The notation shows encodings where they are not the preferred ones, by the encoding indicators
//! of RFC 8949 8.1 (`1_0`), and indefinite lengths: what is signed is never shown as other bytes.
//! A NaN with a payload or a
//! sign is shown by its bits (`float'7e01'`). Secrets are shown as `... / secret /`.

mod claims;
mod cose;
mod frame;
mod header;
mod key;
mod message;
mod names;
mod output;
mod peek;
mod printer;
mod proofs;
mod recipient;
mod recognised;
mod scalar;
mod skip;
mod tables;
mod token;

use core::fmt;

pub use claims::ClaimsNames;
pub use cose::CoseNames;
pub(crate) use header::Countersignatures;
pub use header::HeaderNames;
pub use key::KeyNames;
pub(crate) use message::{Message, shown_as};
pub use names::{Field, Names, Secrecy, Unnamed};
pub use peek::integer_under;
#[cfg(feature = "x509-cert")]
pub(crate) use scalar::is_invisible;
pub use tables::{Each, Elements, Labels, Values, Wrapped};
pub(crate) use token::TokenNames;

/// Where the output breaks into lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a text has one line or many")]
pub enum Layout {
    /// Everything on one line.
    #[default]
    Line,
    /// Each element and each entry on a line of its own, indented by two spaces.
    Indented,
}

/// Writes the data item in `bytes` on one line.
///
/// With the names of this module, the output is at most `64 * bytes.len() + 128` bytes long; names
/// from elsewhere add their length, at most twice for each data item. It needs about 3 KiB of
/// stack.
///
/// # Errors
///
/// Those of `out`.
///
/// ```
/// use cose_ext::diag::{CoseNames, print};
///
/// let mut text = String::new();
/// print(b"\x84\x43\xa1\x01\x26\xa0\x41x\x41y", &CoseNames, &mut text)?;
/// assert!(text.contains("1 / alg /: -7 / ES256 /"), "{text}");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn print(bytes: &[u8], names: &dyn Names, out: &mut dyn fmt::Write) -> fmt::Result {
    print_as(bytes, names, Layout::Line, out)
}

/// Writes the data item in `bytes` in the given [`Layout`].
///
/// As [`print`]; indented, the output is at most `128 * bytes.len() + 256` bytes long.
///
/// # Errors
///
/// Those of `out`.
pub fn print_as(
    bytes: &[u8],
    names: &dyn Names,
    layout: Layout,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    printer::Printer::new(bytes, names, layout, out).print()
}

#[cfg(test)]
mod tests;
