//! COSE Key Thumbprint URIs (RFC 9679 5.7).

use core::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding};

use super::{THUMBPRINT_URI_PREFIX, Thumbprint};
use crate::{Error, Rule};

/// A COSE Key Thumbprint URI (RFC 9679 5.7): the name of a key as text.
///
/// ```
/// use cose_ext::key::{Thumbprint, ThumbprintUri};
///
/// let name = "urn:ietf:params:oauth:ckt:sha-256:SWvYr63zB-WwjGSwQhv53AFSijRKQ72oj63RZp2iU-w";
/// let ThumbprintUri(thumbprint) = name.parse()?;
/// assert_eq!(thumbprint.as_bytes()[..2], [0x49, 0x6b]);
/// assert_eq!(ThumbprintUri(thumbprint).to_string(), name);
/// # Ok::<(), cose_ext::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThumbprintUri(pub Thumbprint);

impl FromStr for ThumbprintUri {
    type Err = Error;

    /// Reads the one spelling that [`Display`](fmt::Display) gives: lower case up to the digest,
    /// which is base64url without padding and without stray bits.
    fn from_str(text: &str) -> Result<Self, Error> {
        let digest = text.strip_prefix(THUMBPRINT_URI_PREFIX);
        let digest = digest.ok_or(Error::malformed(Rule::ThumbprintUri, 0))?;
        let mut bytes = [0; 32];
        let whole = Base64UrlUnpadded::decode(digest, &mut bytes);
        let whole = whole.ok().and_then(|digest| digest.try_into().ok());
        let wrong = Error::malformed(Rule::ThumbprintUri, THUMBPRINT_URI_PREFIX.len());
        whole.map(|digest| Self(Thumbprint::from_bytes(digest))).ok_or(wrong)
    }
}

impl fmt::Display for ThumbprintUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 43];
        let digits = Base64UrlUnpadded::encode(self.0.as_bytes(), &mut digits);
        f.write_str(THUMBPRINT_URI_PREFIX)?;
        f.write_str(digits.map_err(|_| fmt::Error)?)
    }
}
