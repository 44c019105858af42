//! Messages to be written.

use cose_ext::cbor::Writer;

use crate::redacted::redacted;
use crate::{
    DataItems, Draft, Error, ErrorCode, FreshnessMechanism, MessageType, Misuse, Numbering,
    OptionName, SigningKey, SuitProfile, Suite,
    draft::Form,
    encode::{Content, InstalledTc, RequestedTc, Value, write_profiles, write_suites},
};

use OptionName as O;

redacted!(QueryRequestContent, QueryResponseContent, UpdateContent, SuccessContent, ErrorContent);

/// What a QueryRequest says. Empty lists of options are left out.
#[derive(Clone, Copy)]
pub struct QueryRequestContent<'a> {
    /// What is asked for.
    pub data_item_requested: DataItems,
    /// The suites that are offered, at least one.
    pub suites: &'a [Suite],
    /// The profiles that are supported, at least one.
    pub profiles: &'a [SuitProfile],
    /// The token.
    pub token: Option<&'a [u8]>,
    /// The challenge.
    pub challenge: Option<&'a [u8]>,
    /// The versions; an absent list means version 0.
    pub versions: &'a [u32],
    /// The freshness mechanisms.
    pub freshness: &'a [FreshnessMechanism],
    /// An attestation payload of the TAM.
    pub attestation_payload: Option<&'a [u8]>,
    /// Its media type.
    pub attestation_payload_format: Option<&'a str>,
    /// SUIT Reports of the TAM.
    pub suit_reports: &'a [&'a [u8]],
}

/// What a QueryResponse says. Empty lists are left out: the text has no form for them.
#[derive(Clone, Copy, Default)]
pub struct QueryResponseContent<'a> {
    /// The token of the request.
    pub token: Option<&'a [u8]>,
    /// The version, where the request offered others than 0.
    pub selected_version: Option<u32>,
    /// Evidence or an Attestation Result.
    pub attestation_payload: Option<&'a [u8]>,
    /// Its media type.
    pub attestation_payload_format: Option<&'a str>,
    /// The components that are installed.
    pub tc_list: &'a [InstalledTc<'a>],
    /// The extensions that are supported.
    pub ext_list: &'a [u32],
    /// The components that are wanted.
    pub requested: &'a [RequestedTc<'a>],
    /// The manifests that are not needed, by component identifiers, encoded.
    pub unneeded: &'a [&'a [u8]],
    /// SUIT Reports, encoded.
    pub suit_reports: &'a [&'a [u8]],
}

/// The permission to order an installation. Only a TAM's machine gives it, after it has checked the
/// response of the Agent; an override says so in the code.
#[derive(Debug)]
#[must_use]
pub struct InstallPermit(());

impl InstallPermit {
    /// Permits an installation on an Agent that nobody checked: to bring one back into a state that
    /// can be attested, or in a tool.
    pub const fn danger_override() -> Self {
        Self(())
    }

    pub(crate) const fn granted() -> Self {
        Self(())
    }
}

/// What an Update says.
#[derive(Clone, Copy, Default)]
pub struct UpdateContent<'a> {
    pub(crate) token: Option<&'a [u8]>,
    manifests: &'a [&'a [u8]],
    unneeded: &'a [&'a [u8]],
    attestation_payload: Option<&'a [u8]>,
    attestation_payload_format: Option<&'a str>,
    error: Option<ErrorCode>,
    err_msg: Option<&'a str>,
    err_lang: Option<&'a str>,
}

impl<'a> UpdateContent<'a> {
    /// Asks for `manifests` to be processed, each a SUIT envelope.
    #[must_use]
    pub fn installing(_permit: &InstallPermit, manifests: &'a [&'a [u8]]) -> Self {
        Self { manifests, ..Self::default() }
    }

    /// Asks for manifests to be unlinked, by their component identifiers, encoded.
    #[must_use]
    pub fn unlinking(unneeded: &'a [&'a [u8]]) -> Self {
        Self { unneeded, ..Self::default() }
    }

    /// Says that the QueryResponse cannot be served.
    #[must_use]
    pub fn failing(error: ErrorCode) -> Self {
        Self { error: Some(error), ..Self::default() }
    }

    /// Passes the Attestation Result about the Agent back to it.
    #[must_use]
    pub fn passing_back(result: &'a [u8], format: Option<&'a str>) -> Self {
        Self {
            attestation_payload: Some(result),
            attestation_payload_format: format,
            ..Self::default()
        }
    }

    /// Asks for these manifests to be unlinked, too.
    #[must_use]
    pub const fn and_unlinking(mut self, unneeded: &'a [&'a [u8]]) -> Self {
        self.unneeded = unneeded;
        self
    }

    /// Passes the Attestation Result back, too.
    #[must_use]
    pub const fn and_passing_back(mut self, result: &'a [u8], format: Option<&'a str>) -> Self {
        self.attestation_payload = Some(result);
        self.attestation_payload_format = format;
        self
    }

    /// Says in words what is wrong, in a language of RFC 5646. Beyond 128 bytes the text is cut,
    /// between two characters.
    #[must_use]
    pub const fn with_message(mut self, text: &'a str, language: Option<&'a str>) -> Self {
        self.err_msg = Some(text);
        self.err_lang = language;
        self
    }

    /// Sets the token.
    #[must_use]
    pub const fn with_token(mut self, token: &'a [u8]) -> Self {
        self.token = Some(token);
        self
    }

    /// Tells whether it asks for anything to be done.
    #[must_use]
    pub const fn is_order(&self) -> bool {
        !self.manifests.is_empty() || !self.unneeded.is_empty()
    }
}

/// What a Success says.
#[derive(Clone, Copy, Default)]
pub struct SuccessContent<'a> {
    /// The token of the Update.
    pub token: Option<&'a [u8]>,
    /// A text for people.
    pub msg: Option<&'a str>,
    /// SUIT Reports, encoded.
    pub suit_reports: &'a [&'a [u8]],
}

/// What an Error says.
#[derive(Clone, Copy)]
pub struct ErrorContent<'a> {
    /// The code.
    pub code: ErrorCode,
    /// The token of the Update.
    pub token: Option<&'a [u8]>,
    /// A text for people; beyond 128 bytes it is cut, between two characters.
    pub err_msg: Option<&'a str>,
    /// Its language.
    pub err_lang: Option<&'a str>,
    /// The challenge to a TAM that has to be attested.
    pub challenge: Option<&'a [u8]>,
    /// The freshness mechanisms that are supported.
    pub freshness: &'a [FreshnessMechanism],
    /// The suites that are supported.
    pub suites: &'a [Suite],
    /// The profiles that are supported.
    pub profiles: &'a [SuitProfile],
    /// The versions that are supported.
    pub versions: &'a [u32],
    /// SUIT Reports, encoded.
    pub suit_reports: &'a [&'a [u8]],
}

impl ErrorContent<'_> {
    /// Says nothing but the code.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            token: None,
            err_msg: None,
            err_lang: None,
            challenge: None,
            freshness: &[],
            suites: &[],
            profiles: &[],
            versions: &[],
            suit_reports: &[],
        }
    }
}

/// Calls `each` for an option that is there.
macro_rules! options {
    ($each:ident: $($name:ident = $value:expr => $kind:ident),* $(,)?) => {
        $(if let Some(value) = $value { $each(O::$name, Value::$kind(value)); })*
    };
}

/// A list that is not empty.
fn some<T>(list: &[T]) -> Option<&[T]> {
    if list.is_empty() { None } else { Some(list) }
}

impl Content for QueryRequestContent<'_> {
    const TYPE: MessageType = MessageType::QueryRequest;
    const TAIL: usize = 3;

    fn options<'s>(&'s self, each: &mut dyn FnMut(OptionName, Value<'s>)) {
        options!(each:
            Challenge = self.challenge => Bytes,
            Versions = some(self.versions) => Numbers,
            AttestationPayload = self.attestation_payload => Bytes,
            AttestationPayloadFormat = self.attestation_payload_format => Text,
            SuitReports = some(self.suit_reports) => Wrapped,
            Token = self.token => Bytes,
            SupportedFreshnessMechanisms = some(self.freshness) => Freshness,
        );
    }

    fn check(&self) -> Result<(), Misuse> {
        if self.suites.is_empty() {
            return Err(Misuse::Value(O::SupportedTeepCipherSuites));
        }
        if self.profiles.is_empty() {
            return Err(Misuse::Value(O::SupportedSuitCoseProfiles));
        }
        let mut wrong = None;
        self.options(&mut |name, value| {
            if !value.is_within_bounds(name) {
                wrong.get_or_insert(name);
            }
        });
        wrong.map_or(Ok(()), |name| Err(Misuse::Value(name)))
    }

    fn tail(&self, writer: &mut Writer<'_>, _numbering: Numbering) {
        write_suites(writer, self.suites);
        write_profiles(writer, self.profiles);
        writer.int(self.data_item_requested.bits());
    }
}

impl Content for QueryResponseContent<'_> {
    const TYPE: MessageType = MessageType::QueryResponse;

    fn options<'s>(&'s self, each: &mut dyn FnMut(OptionName, Value<'s>)) {
        options!(each:
            SelectedVersion = self.selected_version => Uint,
            AttestationPayload = self.attestation_payload => Bytes,
            TcList = some(self.tc_list) => Installed,
            ExtList = some(self.ext_list) => Numbers,
            AttestationPayloadFormat = self.attestation_payload_format => Text,
            RequestedTcList = some(self.requested) => Requested,
            UnneededManifestList = some(self.unneeded) => Encoded,
            SuitReports = some(self.suit_reports) => Wrapped,
            Token = self.token => Bytes,
        );
    }
}

impl Content for UpdateContent<'_> {
    const TYPE: MessageType = MessageType::Update;

    fn options<'s>(&'s self, each: &mut dyn FnMut(OptionName, Value<'s>)) {
        options!(each:
            AttestationPayload = self.attestation_payload => Bytes,
            ManifestList = some(self.manifests) => Wrapped,
            ErrMsg = self.err_msg => Text,
            AttestationPayloadFormat = self.attestation_payload_format => Text,
            UnneededManifestList = some(self.unneeded) => Encoded,
            Token = self.token => Bytes,
            ErrLang = self.err_lang => Text,
            ErrCode = self.error => Code,
        );
    }
}

impl Content for SuccessContent<'_> {
    const TYPE: MessageType = MessageType::Success;

    fn options<'s>(&'s self, each: &mut dyn FnMut(OptionName, Value<'s>)) {
        options!(each:
            Msg = self.msg => Text,
            SuitReports = some(self.suit_reports) => Wrapped,
            Token = self.token => Bytes,
        );
    }
}

impl Content for ErrorContent<'_> {
    const TYPE: MessageType = MessageType::Error;
    const TAIL: usize = 1;

    fn options<'s>(&'s self, each: &mut dyn FnMut(OptionName, Value<'s>)) {
        options!(each:
            SupportedTeepCipherSuites = some(self.suites) => Suites,
            Challenge = self.challenge => Bytes,
            Versions = some(self.versions) => Numbers,
            SupportedSuitCoseProfiles = some(self.profiles) => Profiles,
            ErrMsg = self.err_msg => Text,
            SuitReports = some(self.suit_reports) => Wrapped,
            Token = self.token => Bytes,
            SupportedFreshnessMechanisms = some(self.freshness) => Freshness,
            ErrLang = self.err_lang => Text,
        );
    }

    fn tail(&self, writer: &mut Writer<'_>, numbering: Numbering) {
        writer.int(self.code.to_wire(numbering));
    }
}

/// A message whose bytes are written without COSE around it, for tools and tests.
macro_rules! encodes {
    ($($content:ident),*) => {
        $(impl $content<'_> {
            /// Writes the message, without COSE around it.
            ///
            /// # Errors
            ///
            /// For a value that the message cannot carry, and if the buffer is too short.
            pub fn encode<'o>(
                &self,
                numbering: Numbering,
                out: &'o mut [u8],
            ) -> Result<&'o [u8], Error> {
                self.check().map_err(Error::misuse)?;
                let mut writer = Writer::new(out);
                self.write(&mut writer, numbering);
                let written = writer.finish()?;
                Ok(written)
            }

            /// Writes the message up to its signature: a COSE_Sign1 by `key`.
            ///
            /// # Errors
            ///
            /// For a value that the message cannot carry, and if the buffer is too short.
            pub fn draft<'o>(
                &self,
                numbering: Numbering,
                key: &SigningKey,
                out: &'o mut [u8],
            ) -> Result<Draft<'o>, Error> {
                let keys = core::slice::from_ref(key);
                Draft::write(out, numbering, Form::Sign1, keys, self)
            }
        })*
    };
}

encodes!(QueryRequestContent, QueryResponseContent, UpdateContent, SuccessContent, ErrorContent);

impl QueryRequestContent<'_> {
    /// Writes the first request to an Agent whose suite is not known: a COSE_Sign that each of
    /// `keys` signs, one for each suite on offer.
    ///
    /// # Errors
    ///
    /// As [`draft`](Self::draft).
    pub fn draft_for_each_suite<'o>(
        &self,
        numbering: Numbering,
        keys: &[SigningKey],
        out: &'o mut [u8],
    ) -> Result<Draft<'o>, Error> {
        Draft::write(out, numbering, Form::Sign, keys, self)
    }
}
