#![no_std]
#![forbid(unsafe_code)]
//! What both canaries verify, and refuse: a signed message, a receipt, a transparent statement.
//!
//! Nothing here needs a heap. The bytes come from the caller, who has them in a `static`.

mod chapter;
mod files;
mod tampering;
mod trust;
mod verify;

pub use chapter::Chapter;
pub use files::Files;

/// The issuer of the statements.
pub const ISSUER: &str = "https://maker.example";
/// The transparency service that logs them.
pub const SERVICE: &str = "https://transparency.example";

/// Verifies everything, and makes sure that changed bytes are refused.
///
/// # Errors
/// The first chapter that does not end as it should.
pub fn tell(files: &Files<'_>) -> Result<(), Chapter> {
    verify::sign1(files, files.sign1).or(Err(Chapter::Sign1))?;
    verify::receipt(files, files.receipt).or(Err(Chapter::Receipt))?;
    verify::transparent_statement(files, files.transparent_statement, files.artifact)
        .or(Err(Chapter::TransparentStatement))?;
    tampering::sign1(files)?;
    tampering::receipt(files)?;
    tampering::transparent_statement(files)
}
