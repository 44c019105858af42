//! CWT: claims (RFC 8392, RFC 8747), in tokens and in headers (RFC 9597).

#[cfg(feature = "alloc")]
mod builder;
mod claims;
mod confirmation;
mod in_header;
mod numeric_date;
mod token;
mod validity;
mod verify;

#[cfg(feature = "alloc")]
pub use builder::ClaimsBuilder;
pub use claims::{ClaimEntries, Claims};
pub use confirmation::Confirmation;
pub use numeric_date::{NumericDate, Time};
pub use token::Cwt;

pub use crate::label::{ClaimKey, ConfirmationMethod};
