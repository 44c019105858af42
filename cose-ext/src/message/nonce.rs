//! The nonce of a message.

use crate::{
    Error, Label, Rule,
    cbor::Reader,
    crypto::Algorithm,
    error::{Breaks, Unsupported},
    header::Headers,
};

/// The longest nonce or IV of a registered cipher, in bytes.
const MAX_LEN: usize = 16;

/// The nonce of a cipher: the `IV` of the header, or its `Partial IV` put upon the context IV
/// (RFC 9052 3.1).
#[derive(Clone, Copy)]
pub(crate) struct Nonce {
    bytes: [u8; MAX_LEN],
    len: usize,
}

impl Nonce {
    pub(crate) fn new(
        algorithm: Algorithm,
        headers: &Headers<'_>,
        context_iv: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let unknown = Error::from(Unsupported::Algorithm(algorithm));
        let len = algorithm.nonce_len().filter(|len| *len <= MAX_LEN).ok_or(unknown)?;
        let wrong = Error::malformed(Rule::NonceForm, headers.protected().offset());
        let mut nonce = Self { bytes: [0; MAX_LEN], len };
        if let Some(iv) = headers.find(Label::IV) {
            let bytes = iv.read(Reader::bytes).breaks(Rule::NonceForm)?;
            let wrong = Error::malformed(Rule::NonceForm, iv.offset());
            nonce.set(bytes).ok_or(wrong)?;
            return Ok(nonce);
        }
        let partial = headers.find(Label::PARTIAL_IV).ok_or(wrong)?;
        let wrong = Error::malformed(Rule::NonceForm, partial.offset());
        let partial = partial.read(Reader::bytes).breaks(Rule::NonceForm)?;
        nonce.set(context_iv.ok_or(wrong)?).ok_or(wrong)?;
        let padding = len.checked_sub(partial.len()).ok_or(wrong)?;
        for (byte, partial) in nonce.bytes.iter_mut().skip(padding).zip(partial) {
            *byte ^= partial;
        }
        Ok(nonce)
    }

    fn set(&mut self, bytes: &[u8]) -> Option<()> {
        if bytes.len() != self.len {
            return None;
        }
        self.bytes.get_mut(..self.len)?.copy_from_slice(bytes);
        Some(())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}
