//! Strings of JSON, written without heap, and the bytes in them.

use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

/// A text between quotation marks, escaped where JSON wants it (RFC 8259 7).
pub(crate) struct Quoted<'t>(pub(crate) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\0'..='\u{1f}' => write!(f, "\\u{:04x}", u32::from(character))?,
                _ => f.write_char(character)?,
            }
        }
        f.write_char('"')
    }
}

/// Bytes in base64url without padding, between quotation marks.
pub(crate) struct Base64Url<'b>(pub(crate) &'b [u8]);

impl fmt::Display for Base64Url<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for chunk in self.0.chunks(48) {
            let mut buffer = [0; 64];
            f.write_str(Base64UrlUnpadded::encode(chunk, &mut buffer).map_err(|_| fmt::Error)?)?;
        }
        f.write_str("\"")
    }
}

/// Decodes base64url without padding; `None` for any other spelling.
pub(crate) fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}
