//! Any message, told apart by its tag.

use core::fmt;

use super::{Authenticated, Encrypt, Encrypt0, Mac, Mac0, Sign, Sign1};
use crate::{
    Error, Profile,
    cbor::{Item, Reader, Strictness, Type, skip},
    error::Fact,
    frame::Frame,
    header::Headers,
    tag,
};

/// One of the six messages of COSE (RFC 9052 2). Parsed, borrowed, untrusted.
///
/// ```
/// use cose_ext::{Message, Profile};
///
/// let file = b"\xd9\xd9\xf7\xd2\x84\x40\xa0\x41\x2a\x40"; // 55799(18([h'', {}, h'2a', h'']))
/// let message = Message::decode(file, &Profile::LENIENT)?;
/// assert_eq!(message.kind().to_string(), "COSE_Sign1");
/// assert!(Message::decode(&file[4..], &Profile::LENIENT).is_err(), "nothing says what it is");
/// # Ok::<(), cose_ext::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "borrowed views, where there may be no heap")]
pub enum Message<'a> {
    /// COSE_Sign1, COSE_Sign, COSE_Mac0 or COSE_Mac.
    Authenticated(Authenticated<'a>),
    /// COSE_Encrypt0.
    Encrypt0(Encrypt0<'a>),
    /// COSE_Encrypt.
    Encrypt(Encrypt<'a>),
}

impl<'a> Message<'a> {
    /// Reads a message that is the whole of `bytes` and says by its tag which one it is. The tags
    /// of self-described CBOR (55799) and of a CWT (61) may stand before that one.
    ///
    /// # Errors
    ///
    /// For the tag of no message, or none at all: [`shapes`](Self::shapes) then tells what the
    /// bytes could be. Those of the `decode` of each message.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let start = behind_wrappers(bytes, profile.strictness);
        let message = bytes.get(start..).unwrap_or_default();
        Self::decode_tagged(message, profile).map_err(|error| error.within(start))
    }

    fn decode_tagged(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        if reader.peek()? != Type::Tag {
            return Err(Frame::another_tag(Fact::tag(None, Sign1::TAG)));
        }
        match reader.item()? {
            Item::Tag(Encrypt0::TAG) => Encrypt0::decode(bytes, profile).map(Self::Encrypt0),
            Item::Tag(Encrypt::TAG) => Encrypt::decode(bytes, profile).map(Self::Encrypt),
            _ => Authenticated::decode_tagged(bytes, profile).map(Self::Authenticated),
        }
    }

    /// Reads the message whose tag `bytes` start with, or a COSE_Sign1 without a tag.
    pub(crate) fn decode_or_sign1(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        if Reader::new(bytes, profile.strictness).peek()? == Type::Tag {
            return Self::decode_tagged(bytes, profile);
        }
        let message = Sign1::decode(bytes, profile)?;
        Ok(Self::Authenticated(Authenticated::Sign1(message)))
    }

    /// Returns which messages `bytes` have the shape of, whatever tags stand before them: for tools
    /// that show what they do not know. Only the outermost array is looked at. What verifies never
    /// guesses.
    #[must_use]
    pub fn shapes(bytes: &[u8]) -> Shapes {
        let strictness = Strictness::LENIENT;
        let mut start = behind_wrappers(bytes, strictness);
        let message = bytes.get(start..).unwrap_or_default();
        let mut reader = Reader::new(message, strictness);
        if let Ok(Item::Tag(tag)) = reader.item() {
            if !MessageKind::ALL.iter().any(|kind| kind.tag() == tag) {
                return Shapes::NONE;
            }
            start = start.saturating_add(reader.position());
        }
        let array = bytes.get(start..).unwrap_or_default();
        shapes_of_array(array).unwrap_or(Shapes::NONE)
    }

    /// Returns which message it is.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Authenticated(Authenticated::Sign1(_)) => MessageKind::Sign1,
            Self::Authenticated(Authenticated::Sign(_)) => MessageKind::Sign,
            Self::Authenticated(Authenticated::Mac0(_)) => MessageKind::Mac0,
            Self::Authenticated(Authenticated::Mac(_)) => MessageKind::Mac,
            Self::Encrypt0(_) => MessageKind::Encrypt0,
            Self::Encrypt(_) => MessageKind::Encrypt,
        }
    }

    /// Returns both header buckets; of a COSE_Sign those of the body.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        match self {
            Self::Authenticated(message) => message.headers(),
            Self::Encrypt0(message) => message.headers(),
            Self::Encrypt(message) => message.headers(),
        }
    }

    /// Returns whether the message came with its own tag: all do but a COSE_Sign1 without one.
    pub(crate) const fn is_tagged(&self) -> bool {
        match self {
            Self::Authenticated(Authenticated::Sign1(message)) => message.is_tagged(),
            _ => true,
        }
    }

    /// Returns the embedded payload, not verified; `None` when it is detached or encrypted.
    #[must_use]
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        match self {
            Self::Authenticated(message) => message.danger_unverified_payload(),
            Self::Encrypt0(_) | Self::Encrypt(_) => None,
        }
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authenticated(Authenticated::Sign1(message)) => fmt::Display::fmt(message, f),
            Self::Authenticated(Authenticated::Sign(message)) => fmt::Display::fmt(message, f),
            Self::Authenticated(Authenticated::Mac0(message)) => fmt::Display::fmt(message, f),
            Self::Authenticated(Authenticated::Mac(message)) => fmt::Display::fmt(message, f),
            Self::Encrypt0(message) => fmt::Display::fmt(message, f),
            Self::Encrypt(message) => fmt::Display::fmt(message, f),
        }
    }
}

/// Which of the six messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9052 2 has no others")]
pub enum MessageKind {
    /// One signature (RFC 9052 4.2).
    Sign1,
    /// Any number of signatures (RFC 9052 4.1).
    Sign,
    /// A MAC whose key is known (RFC 9052 6.2).
    Mac0,
    /// A MAC whose key the recipients find (RFC 9052 6.1).
    Mac,
    /// Encrypted for who has the key (RFC 9052 5.2).
    Encrypt0,
    /// Encrypted for recipients (RFC 9052 5.1).
    Encrypt,
}

impl MessageKind {
    const ALL: [Self; 6] =
        [Self::Sign1, Self::Sign, Self::Mac0, Self::Mac, Self::Encrypt0, Self::Encrypt];

    /// Returns the tag of the message (RFC 9052 2, table 1).
    #[must_use]
    pub const fn tag(self) -> u64 {
        match self {
            Self::Sign1 => Sign1::TAG,
            Self::Sign => Sign::TAG,
            Self::Mac0 => Mac0::TAG,
            Self::Mac => Mac::TAG,
            Self::Encrypt0 => Encrypt0::TAG,
            Self::Encrypt => Encrypt::TAG,
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Sign1 => 1,
            Self::Sign => 2,
            Self::Mac0 => 4,
            Self::Mac => 8,
            Self::Encrypt0 => 16,
            Self::Encrypt => 32,
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sign1 => "COSE_Sign1",
            Self::Sign => "COSE_Sign",
            Self::Mac0 => "COSE_Mac0",
            Self::Mac => "COSE_Mac",
            Self::Encrypt0 => "COSE_Encrypt0",
            Self::Encrypt => "COSE_Encrypt",
        })
    }
}

/// A set of messages that some bytes have the shape of ([`Message::shapes`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shapes(u8);

impl Shapes {
    const NONE: Self = Self(0);

    const fn of(one: MessageKind, other: MessageKind) -> Self {
        Self(one.bit() | other.bit())
    }

    /// Returns whether the bytes have the shape of `kind`.
    #[must_use]
    pub const fn contains(self, kind: MessageKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Returns whether the bytes have the shape of no message.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the messages of the set.
    pub fn iter(self) -> impl Iterator<Item = MessageKind> {
        MessageKind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

/// Returns where the tags end that may stand around a message: that of self-described CBOR, then
/// that of a CWT.
fn behind_wrappers(bytes: &[u8], strictness: Strictness) -> usize {
    [tag::SELF_DESCRIBED, tag::CWT].iter().fold(0, |start, wrapper| {
        let mut reader = Reader::new(bytes, strictness).at(start);
        match reader.item() {
            Ok(Item::Tag(tag)) if tag == *wrapper => reader.position(),
            _ => start,
        }
    })
}

/// Returns the messages that an array can be: by its length, and by what its last element is.
fn shapes_of_array(bytes: &[u8]) -> Option<Shapes> {
    const BSTR_OR_NULL: [Type; 2] = [Type::Bytes, Type::Null];
    let mut reader = Reader::new(bytes, Strictness::LENIENT);
    let Item::Array(len) = reader.item().ok()? else { return None };
    let mut types = [None; 5];
    let mut count: usize = 0;
    while len.map_or_else(
        || reader.peek() != Ok(Type::Break),
        |len| Some(len) != u64::try_from(count).ok(),
    ) {
        *types.get_mut(count)? = Some(reader.peek().ok()?);
        count = count.saturating_add(1);
        skip(&mut reader).ok()?;
    }
    let [Some(Type::Bytes), Some(Type::Map), Some(content), fourth, fifth] = types else {
        return None;
    };
    if !BSTR_OR_NULL.contains(&content) {
        return None;
    }
    Some(match (fourth, fifth) {
        (None, None) => Shapes(MessageKind::Encrypt0.bit()),
        (Some(Type::Bytes), None) => Shapes::of(MessageKind::Sign1, MessageKind::Mac0),
        (Some(Type::Array), None) => Shapes::of(MessageKind::Sign, MessageKind::Encrypt),
        (Some(Type::Bytes), Some(Type::Array)) => Shapes(MessageKind::Mac.bit()),
        _ => Shapes::NONE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: [(&[u8], &[MessageKind]); 6] = [
        (b"\x84\x40\xa0\x41\x2a\x40", &[MessageKind::Sign1, MessageKind::Mac0]),
        (b"\x84\x40\xa0\xf6\x81\x83\x40\xa0\x40", &[MessageKind::Sign, MessageKind::Encrypt]),
        (b"\x9f\x40\xa0\xf6\x40\xff", &[MessageKind::Sign1, MessageKind::Mac0]),
        (b"\x85\x40\xa0\x40\x40\x80", &[MessageKind::Mac]),
        (b"\x83\x40\xa0\x40", &[MessageKind::Encrypt0]),
        (b"\xd9\xd9\xf7\xd8\x3d\xd2\x84\x40\xa0\xf6\x40", &[MessageKind::Sign1, MessageKind::Mac0]),
    ];

    #[test]
    fn a_shape_is_a_set_of_messages() {
        for (bytes, kinds) in MESSAGES {
            assert!(Message::shapes(bytes).iter().eq(kinds.iter().copied()), "{bytes:02x?}");
        }
        let no_shapes: [&[u8]; 7] = [
            b"",
            b"\x84\x40\xa0\x40",
            b"\x80",
            b"\xa0",
            b"\xc1\x84\x40\xa0\x40\x40",
            b"\x84\x40\xa0\x40\xa0",
            b"\x86\x40\xa0\x40\x40\x80\x40",
        ];
        for bytes in no_shapes {
            assert!(Message::shapes(bytes).is_empty(), "{bytes:02x?}");
        }
    }

    #[test]
    fn the_tag_says_which_message_it_is() {
        for kind in MessageKind::ALL {
            let (array, _) = MESSAGES
                .into_iter()
                .find(|(bytes, _)| Message::shapes(bytes).contains(kind))
                .expect("one of each");
            let mut bytes = [0; 16];
            let head = crate::cbor::Head::tag(kind.tag());
            let (len, room) = (head.as_bytes().len(), &mut bytes[..]);
            room[..len].copy_from_slice(head.as_bytes());
            room[len..len + array.len()].copy_from_slice(array);
            let message = &bytes[..len + array.len()];
            // The algorithm is missing where one is asked for.
            if let Ok(message) = Message::decode(message, &Profile::LENIENT) {
                assert_eq!(message.kind(), kind);
            }
        }
    }

    #[test]
    fn without_a_tag_nothing_is_guessed() {
        let error = Message::decode(MESSAGES[0].0, &Profile::LENIENT).unwrap_err();
        assert_eq!(error, Frame::another_tag(Fact::tag(None, 18)));
        let error = Message::decode(b"\xd9\xd9\xf7\xc1\x01", &Profile::LENIENT).unwrap_err();
        assert_eq!(error, Frame::another_tag(Fact::tag(Some(1), 18)).within(3));
    }
}
