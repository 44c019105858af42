//! What stands in the input where an error was found.
//!
//! An [`Error`] is small and holds no bytes of the input. Whoever still has the input can say more:
//! what stands at the offset, which key and issuer a message asks for, and that a file is text
//! where CBOR is due. This room stands above the errors, since it reads messages.

mod asked;
mod item;
mod text;

use core::fmt;

use crate::{
    Error,
    error::{ErrorKind, Origin, Policy, Unsupported},
};

/// An error beside the input that it was found in. See [`Error::explain`].
#[derive(Clone, Copy, Debug)]
pub struct Explained<'i> {
    error: Error,
    input: &'i [u8],
}

impl Error {
    /// Returns the error as a text that also shows what stands in `input`, the bytes that were
    /// handed to the call: what stands at the offset, the kid and the issuer that a message asks
    /// for where no key answers, and that the input looks like PEM, JSON, base64 or hexadecimal
    /// digits.
    ///
    /// None of it is verified. The work is bounded by the limits of
    /// [`Profile::LENIENT`](crate::Profile::LENIENT), nothing is allocated, and byte strings are
    /// shown by their length, since they may be secret; a kid is shown in full up to 32 bytes.
    #[must_use]
    pub const fn explain<'i>(&self, input: &'i [u8]) -> Explained<'i> {
        Explained { error: *self, input }
    }
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)?;
        let input = self.input;
        match self.error.kind() {
            ErrorKind::Policy(
                Policy::NotEnrolled { .. } | Policy::OtherIssuer | Policy::IssuerNotClaimed,
            ) => asked::write(input, f),
            ErrorKind::Cbor(_)
            | ErrorKind::Malformed { .. }
            | ErrorKind::Unsupported(Unsupported::KeyFormat | Unsupported::PemLabel(_)) => {
                match text::Form::of(input) {
                    Some(form) => write!(f, "; the input looks like {form}"),
                    None => self.write_item(f),
                }
            }
            ErrorKind::Policy(_) | ErrorKind::Unsupported(_) => self.write_item(f),
            _ => Ok(()),
        }
    }
}

impl Explained<'_> {
    fn write_item(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error.place() {
            Some(place) if place.origin() == Origin::Input => {
                item::write(self.input, place.byte(), f)
            }
            _ => Ok(()),
        }
    }
}
