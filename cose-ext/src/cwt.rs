//! CWT claims (RFC 8392, RFC 9597).

mod claims;
mod numeric_date;

pub use claims::Claims;
pub use numeric_date::{NumericDate, Time};
