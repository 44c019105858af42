//! The five messages (section 4).

use core::fmt;

use cose_ext::{Profile, cbor::Raw};

use crate::{
    CipherSuites, DataItems, Error, ErrorCode, Numbering, Options, Rule, SuitProfiles, decode,
};

/// Which message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum MessageType {
    /// QueryRequest (section 4.2): the TAM asks.
    QueryRequest,
    /// QueryResponse (section 4.3): the Agent answers.
    QueryResponse,
    /// Update (section 4.4): the TAM wants manifests processed or unlinked, or cannot go on.
    Update,
    /// Success (section 4.5): the Agent did what the Update asked for.
    Success,
    /// Error (section 4.6): the Agent did not, or cannot serve a request.
    Error,
}

impl MessageType {
    /// Returns the type on the wire.
    #[must_use]
    pub const fn to_wire(self, numbering: Numbering) -> u8 {
        match (self, numbering) {
            (Self::QueryRequest, _) => 1,
            (Self::QueryResponse, _) => 2,
            (Self::Update, _) => 3,
            (Self::Success, Numbering::Iana) => 4,
            (Self::Success, Numbering::Draft25) | (Self::Error, Numbering::Iana) => 5,
            (Self::Error, Numbering::Draft25) => 6,
        }
    }

    /// Returns the message of a type on the wire.
    #[must_use]
    pub const fn from_wire(number: u64, numbering: Numbering) -> Option<Self> {
        Some(match (number, numbering) {
            (1, _) => Self::QueryRequest,
            (2, _) => Self::QueryResponse,
            (3, _) => Self::Update,
            (4, Numbering::Iana) | (5, Numbering::Draft25) => Self::Success,
            (5, Numbering::Iana) | (6, Numbering::Draft25) => Self::Error,
            _ => return None,
        })
    }

    /// Returns the name as the specification writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QueryRequest => "query-request",
            Self::QueryResponse => "query-response",
            Self::Update => "update",
            Self::Success => "success",
            Self::Error => "error",
        }
    }

    /// Tells whether a TAM sends it; an Agent sends the others.
    #[must_use]
    pub const fn is_of_tam(self) -> bool {
        matches!(self, Self::QueryRequest | Self::Update)
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A message that keeps the CDDL. Parsed, borrowed, untrusted: what a peer can be held to comes out
/// of [`open`](crate::open).
///
/// Decoding is lenient: rules that need a context, and those that the published examples break, are
/// what [`validate`](Self::validate) reports.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    raw: Raw<'a>,
    numbering: Numbering,
    message_type: MessageType,
    options: Options<'a>,
    tail: Tail<'a>,
}

impl fmt::Debug for Message<'_> {
    /// Shows which message it is and which options it has, and no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("type", &self.message_type)
            .field("numbering", &self.numbering)
            .field("options", &self.options)
            .field("error_code", &self.error_code())
            .finish_non_exhaustive()
    }
}

/// What follows the options.
#[derive(Clone, Copy, Debug)]
enum Tail<'a> {
    Nothing,
    Request(QueryRequest<'a>),
    Error(ErrorCode),
}

/// What a QueryRequest says behind its options.
#[derive(Clone, Copy, Debug)]
pub struct QueryRequest<'a> {
    /// The suites that the TAM offers.
    pub supported_teep_cipher_suites: CipherSuites<'a>,
    /// The profiles that the TAM supports.
    pub supported_suit_cose_profiles: SuitProfiles<'a>,
    /// What the TAM asks for.
    pub data_item_requested: DataItems,
}

impl<'a> Message<'a> {
    /// Reads a message that is the whole of `bytes`, without COSE around it.
    ///
    /// # Errors
    ///
    /// `Cose` for CBOR that is not well-formed, has a key twice or is followed by more bytes;
    /// `Malformed` with the rule and the offset where the message breaks the CDDL.
    pub fn decode(bytes: &'a [u8], numbering: Numbering, profile: &Profile) -> Result<Self, Error> {
        Self::of(&profile.item(bytes, 0)?, numbering, profile)
    }

    /// Reads a message from an item that was checked.
    ///
    /// # Errors
    ///
    /// `Malformed` with the rule and the offset where the message breaks the CDDL.
    pub fn of(raw: &Raw<'a>, numbering: Numbering, profile: &Profile) -> Result<Self, Error> {
        const RULE: Rule = Rule::MessageForm;
        let malformed = Error::malformed(RULE, raw.offset());
        let array = decode::array(raw, RULE)?;
        let mut elements = array.iter();
        let first = elements.next().ok_or(malformed)?;
        let number = decode::uint(&first, RULE)?;
        let message_type = MessageType::from_wire(number, numbering)
            .ok_or(Error::malformed(RULE, first.offset()))?;
        let options = Options::check(&elements.next().ok_or(malformed)?, numbering, profile)?;
        let tail = match message_type {
            MessageType::QueryRequest => {
                let [_, _, suites, profiles, items] =
                    array.exactly().map_err(decode::broken(RULE))?;
                Tail::Request(QueryRequest {
                    supported_teep_cipher_suites: CipherSuites::check(&suites)?,
                    supported_suit_cose_profiles: SuitProfiles::check(&profiles)?,
                    data_item_requested: DataItems::from_bits(decode::uint(&items, RULE)?),
                })
            }
            MessageType::Error => {
                let [_, _, code] = array.exactly().map_err(decode::broken(RULE))?;
                let number = decode::uint(&code, RULE)?;
                let code = ErrorCode::from_wire(number, numbering)
                    .ok_or(Error::malformed(Rule::ErrorNotZero, code.offset()))?;
                Tail::Error(code)
            }
            _ if array.len() == 2 => Tail::Nothing,
            _ => return Err(malformed),
        };
        Ok(Self { raw: *raw, numbering, message_type, options, tail })
    }

    /// Returns the bytes as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.raw.bytes()
    }

    /// Returns where the message starts, in the bytes that it was read from.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.raw.offset()
    }

    /// Returns the numbering that it was read under.
    #[must_use]
    pub const fn numbering(&self) -> Numbering {
        self.numbering
    }

    /// Returns which message it is.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// Returns the options.
    #[must_use]
    pub const fn options(&self) -> &Options<'a> {
        &self.options
    }

    /// Returns what a QueryRequest says behind its options; `None` of any other message.
    #[must_use]
    pub const fn query_request(&self) -> Option<&QueryRequest<'a>> {
        match &self.tail {
            Tail::Request(request) => Some(request),
            _ => None,
        }
    }

    /// Returns the code of an Error, or of an Update that reports one.
    #[must_use]
    pub fn error_code(&self) -> Option<ErrorCode> {
        match self.tail {
            Tail::Error(code) => Some(code),
            _ => self.options.err_code(),
        }
    }
}
