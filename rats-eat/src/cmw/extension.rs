//! The extension of a certificate that carries a wrapper (RFC 9999 5): id-pe-cmw.

use cose_ext::Profile;

use super::Cmw;
use crate::{Error, Rule};

/// The value of the extension id-pe-cmw, 1.3.6.1.5.5.7.1.35: what stands in its OCTET STRING.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9999 5 has no others")]
pub enum CmwExtension<'a> {
    /// A wrapper in JSON, as text, not looked at.
    Json(&'a str),
    /// A wrapper in CBOR.
    Cbor(Cmw<'a>),
}

const UTF8_STRING: u8 = 0x0c;
const OCTET_STRING: u8 = 0x04;

impl<'a> CmwExtension<'a> {
    /// The content of the object identifier, without tag and length.
    pub const OID: [u8; 8] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x23];

    /// Reads the value that is the whole of `der`.
    ///
    /// # Errors
    ///
    /// If it is neither a UTF8String nor an OCTET STRING in DER, and those of [`Cmw::decode`],
    /// whose offsets count in `der`.
    pub fn decode(der: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let (tag, head, content) = element(der).ok_or(Error::broken(Rule::CmwExtension, 0))?;
        let wrong = Error::broken(Rule::CmwExtension, head);
        match tag {
            UTF8_STRING => core::str::from_utf8(content).map(Self::Json).map_err(|_| wrong),
            OCTET_STRING => {
                let cmw = Cmw::decode(content, profile).map_err(|error| error.within(head))?;
                Ok(Self::Cbor(cmw))
            }
            _ => Err(Error::broken(Rule::CmwExtension, 0)),
        }
    }
}

/// Reads the one DER element that `der` is: its tag, the length of its head, and its content.
fn element(der: &[u8]) -> Option<(u8, usize, &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (len, content) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, content) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let len = digits.iter().try_fold(0_usize, |len, digit| {
                len.checked_mul(256)?.checked_add(usize::from(*digit))
            })?;
            // The shortest form of the length is the only one.
            if len < 0x80 || digits.first() == Some(&0) {
                return None;
            }
            (len, content)
        }
        _ => return None,
    };
    let head = der.len().checked_sub(content.len())?;
    (content.len() == len).then_some((tag, head, content))
}
