//! Text that was handed over where CBOR is due, or in another encoding than asked for.

use core::fmt;

/// How much of the input is looked at, in bytes.
const FRONT: usize = 256;
/// The longest label of a PEM block that is shown, in bytes.
const LONGEST_LABEL: usize = 40;
/// Shorter text says too little.
const LEAST: usize = 4;
const BEGIN: &str = "-----BEGIN ";

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form<'i> {
    /// With the label of its first block.
    Pem(&'i str),
    Json,
    /// Three parts in base64url with points between.
    Jwt,
    Hex,
    Base64,
}

impl<'i> Form<'i> {
    /// Returns what `input` looks like, by its first bytes; `None` for what is no such text. CBOR
    /// is hardly ever mistaken: what is looked for is printable from the first byte on.
    pub(super) fn of(input: &'i [u8]) -> Option<Self> {
        let front = input.get(..FRONT).unwrap_or(input);
        let text = match core::str::from_utf8(front) {
            Ok(text) => text,
            Err(error) => core::str::from_utf8(front.get(..error.valid_up_to())?).ok()?,
        };
        if let Some((_, after)) = text.split_once(BEGIN) {
            let (label, _) = after.split_once("-----")?;
            return (label.len() <= LONGEST_LABEL).then_some(Self::Pem(label));
        }
        if !front.is_ascii() && text.len() < front.len() {
            return None;
        }
        let text = text.trim();
        if text.starts_with('{') && text.contains('"') {
            return Some(Self::Json);
        }
        if text.len() < LEAST {
            return None;
        }
        let is_all =
            |of: fn(u8) -> bool| text.bytes().all(|byte| of(byte) || byte.is_ascii_whitespace());
        if is_all(|byte| byte.is_ascii_hexdigit()) {
            Some(Self::Hex)
        } else if text.starts_with("ey") && is_all(|byte| is_base64(byte) || byte == b'.') {
            Some(Self::Jwt)
        } else if is_all(is_base64) {
            Some(Self::Base64)
        } else {
            None
        }
    }
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

impl fmt::Display for Form<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(label) => write!(f, "PEM with a block \"{}\"", label.escape_debug()),
            Self::Json => f.write_str("JSON"),
            Self::Jwt => f.write_str("a JWT or a JWS of JOSE"),
            Self::Hex => f.write_str("hexadecimal digits"),
            Self::Base64 => f.write_str("base64"),
        }
    }
}
