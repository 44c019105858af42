//! draft
use core::fmt;
/// draft
pub trait Names {}
/// draft
pub struct CoseNames;
impl Names for CoseNames {}
/// draft
pub fn print(bytes: &[u8], _names: &dyn Names, out: &mut dyn fmt::Write) -> fmt::Result {
    for byte in bytes {
        write!(out, "{byte:02x}")?;
    }
    Ok(())
}
