//! Messages of a TAM that need content from its surroundings.

use super::{ResultFreshness, TamConfig};
use crate::redacted::redacted;
use crate::{
    Draft, Error, ErrorKind, Misuse, Numbering, OptionName, QueryRequestContent, SigningKey,
    SuitProfile, Token, UpdateContent, cipher_suite::MOST_SUITES, draft::Form,
};

redacted!(RequestForm, UpdateForm);

/// A QueryRequest that lacks the attestation payload which the Agent asked for.
#[must_use]
pub struct RequestForm<'o> {
    pub(super) out: &'o mut [u8],
    pub(super) request: Request,
}

/// What a session says in its request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) config: TamConfig,
    pub(super) handle: Option<Token>,
    /// The key of the Agent's suite, once that is known.
    pub(super) key: Option<SigningKey>,
}

impl<'o> RequestForm<'o> {
    /// Writes the request with the attestation payload: by its format Evidence, or without one an
    /// Attestation Result about the key that signs this message.
    ///
    /// # Errors
    ///
    /// For values that the message cannot carry, and if the buffer is too short.
    pub fn write(self, payload: &[u8], format: Option<&str>) -> Result<Draft<'o>, Error> {
        self.request.write(self.out, Some(payload), format)
    }
}

impl Request {
    pub(super) fn write<'o>(
        &self,
        out: &'o mut [u8],
        payload: Option<&[u8]>,
        format: Option<&str>,
    ) -> Result<Draft<'o>, Error> {
        let config = &self.config;
        let mut keys = [SigningKey { suite: crate::Suite::Esp256, thumbprint: None }; MOST_SUITES];
        let mut suites = [crate::Suite::Esp256; MOST_SUITES];
        let mut count = 0usize;
        for ((key, suite), own) in
            keys.iter_mut().zip(&mut suites).zip(config.keys.iter().flatten())
        {
            (*key, *suite) = (*own, own.suite);
            count = count.saturating_add(1);
        }
        let keys = keys.get(..count).unwrap_or_default();
        let handle = self.handle.as_ref().map(Token::as_bytes);
        let freshness = [config.freshness.mechanism()];
        let content = QueryRequestContent {
            data_item_requested: config.data_item_requested,
            suites: suites.get(..count).unwrap_or_default(),
            profiles: SuitProfile::MANDATORY,
            token: handle.filter(|_| config.has_token()),
            challenge: handle.filter(|_| config.has_challenge()),
            versions: &[],
            // An absent list means a nonce.
            freshness: match config.freshness {
                ResultFreshness::IssuedWithin(_) if config.asks_attestation() => &freshness,
                _ => &[],
            },
            attestation_payload: payload,
            attestation_payload_format: format,
            suit_reports: &[],
        };
        match &self.key {
            Some(key) => content.draft(config.numbering, key, out),
            None => Draft::write(out, config.numbering, Form::Sign, keys, &content),
        }
    }
}

/// An Update that lacks what the Agent is to do.
#[must_use]
pub struct UpdateForm<'o> {
    pub(super) out: &'o mut [u8],
    pub(super) token: Token,
    pub(super) numbering: Numbering,
    pub(super) key: SigningKey,
}

impl<'o> UpdateForm<'o> {
    /// Writes the Update, with its token.
    ///
    /// # Errors
    ///
    /// For content that asks for nothing, for values that the message cannot carry, and if the
    /// buffer is too short.
    pub fn write(self, content: &UpdateContent<'_>) -> Result<Draft<'o>, Error> {
        if !content.is_order() {
            return Err(Error::new(ErrorKind::Misuse(Misuse::Value(OptionName::ManifestList))));
        }
        let content = content.with_token(self.token.as_bytes());
        content.draft(self.numbering, &self.key, self.out)
    }
}
