//! How messages are written.

use cose_ext::cbor::Writer;

use crate::{
    ErrorCode, FreshnessMechanism, MessageType, Misuse, Numbering, OptionName, SuitProfile, Suite,
};

use OptionName as O;

/// A component that an Agent has, for its tc-list.
#[derive(Clone, Copy, Debug, Default)]
pub struct InstalledTc<'a> {
    /// Its identifier: an array of byte strings, encoded.
    pub component_id: &'a [u8],
    /// The digest of its image, a SUIT_Digest, encoded.
    pub image_digest: Option<&'a [u8]>,
    /// The size of its image in bytes.
    pub image_size: Option<u64>,
    /// Its version, as a SUIT version comparison reads it, encoded.
    pub version: Option<&'a [u8]>,
}

/// A component that an Agent wants.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestedTc<'a> {
    /// Its identifier: an array of byte strings, encoded.
    pub component_id: &'a [u8],
    /// The sequence number of the manifest that the Agent has.
    pub sequence_number: Option<u64>,
    /// Whether the Agent has the binary already.
    pub have_binary: Option<bool>,
}

/// Writes one message. Options go in the order of their names, which ascends in both numberings, so
/// the output is deterministic.
pub(crate) trait Content {
    const TYPE: MessageType;

    /// Tells `each` of every option that is there.
    fn options<'s>(&'s self, each: &mut dyn FnMut(OptionName, Value<'s>));

    fn tail(&self, _writer: &mut Writer<'_>, _numbering: Numbering) {}

    /// How many elements follow the options.
    const TAIL: usize = 0;

    /// Tells what the message cannot say.
    fn check(&self) -> Result<(), Misuse> {
        let mut wrong = None;
        self.options(&mut |name, value| {
            if !value.is_within_bounds(name) {
                wrong.get_or_insert(name);
            }
        });
        wrong.map_or(Ok(()), |name| Err(Misuse::Value(name)))
    }

    fn write(&self, writer: &mut Writer<'_>, numbering: Numbering) {
        let mut count = 0usize;
        self.options(&mut |_, _| count = count.saturating_add(1));
        writer.array(Self::TAIL.saturating_add(2)).int(i64::from(Self::TYPE.to_wire(numbering)));
        writer.map(count);
        self.options(&mut |name, value| {
            writer.int(i64::from(name.label(numbering).unwrap_or_default()));
            value.write(writer, numbering);
        });
        self.tail(writer, numbering);
    }
}

/// The value of one option.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Uint(u32),
    Code(ErrorCode),
    Bytes(&'a [u8]),
    Text(&'a str),
    Numbers(&'a [u32]),
    Freshness(&'a [FreshnessMechanism]),
    Wrapped(&'a [&'a [u8]]),
    Encoded(&'a [&'a [u8]]),
    Installed(&'a [InstalledTc<'a>]),
    Requested(&'a [RequestedTc<'a>]),
    Suites(&'a [Suite]),
    Profiles(&'a [SuitProfile]),
}

impl Value<'_> {
    pub(crate) fn is_within_bounds(&self, name: OptionName) -> bool {
        match (name, self) {
            (O::Token, Self::Bytes(bytes)) => (8..=64).contains(&bytes.len()),
            (O::Challenge, Self::Bytes(bytes)) => (8..=512).contains(&bytes.len()),
            (O::Msg, Self::Text(text)) => (1..=128).contains(&text.len()),
            (O::ErrLang, Self::Text(text)) => (1..=35).contains(&text.len()),
            (O::ErrMsg, Self::Text(text)) => is_net_unicode(text),
            (O::ErrCode, Self::Code(code)) => *code != ErrorCode::Other(0),
            (_, Self::Requested(list)) => list
                .iter()
                .all(|one| one.have_binary != Some(true) || one.sequence_number.is_some()),
            _ => true,
        }
    }

    fn write(&self, writer: &mut Writer<'_>, numbering: Numbering) {
        match *self {
            Self::Uint(number) => {
                writer.int(i64::from(number));
            }
            Self::Code(code) => {
                writer.int(code.to_wire(numbering));
            }
            Self::Bytes(bytes) => {
                writer.bytes(bytes);
            }
            Self::Text(text) => {
                writer.text(clipped(text));
            }
            Self::Numbers(numbers) => {
                writer.array(numbers.len());
                for number in numbers {
                    writer.int(i64::from(*number));
                }
            }
            Self::Freshness(mechanisms) => {
                writer.array(mechanisms.len());
                for mechanism in mechanisms {
                    writer.int(mechanism.value());
                }
            }
            Self::Wrapped(items) => {
                writer.array(items.len());
                for item in items {
                    writer.bytes(item);
                }
            }
            Self::Encoded(items) => {
                writer.array(items.len());
                for item in items {
                    writer.encoded(item);
                }
            }
            Self::Installed(components) => {
                writer.array(components.len());
                for component in components {
                    component.write(writer);
                }
            }
            Self::Requested(components) => {
                writer.array(components.len());
                for component in components {
                    component.write(writer, numbering);
                }
            }
            Self::Suites(suites) => write_suites(writer, suites),
            Self::Profiles(profiles) => write_profiles(writer, profiles),
        }
    }
}

impl InstalledTc<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        let more = [self.image_digest.is_some(), self.image_size.is_some(), self.version.is_some()];
        let count = more.iter().filter(|there| **there).count();
        writer.map(count.saturating_add(1)).int(0).encoded(self.component_id);
        if let Some(digest) = self.image_digest {
            writer.int(3).bytes(digest);
        }
        if let Some(size) = self.image_size {
            writer.int(14).int(size);
        }
        if let Some(version) = self.version {
            writer.int(28).bytes(version);
        }
    }
}

impl RequestedTc<'_> {
    fn write(&self, writer: &mut Writer<'_>, numbering: Numbering) {
        let label = |name: OptionName| i64::from(name.label(numbering).unwrap_or_default());
        let more = [self.sequence_number.is_some(), self.have_binary.is_some()];
        let count = more.iter().filter(|there| **there).count();
        writer.map(count.saturating_add(1));
        writer.int(label(O::ComponentId)).encoded(self.component_id);
        if let Some(number) = self.sequence_number {
            writer.int(label(O::TcManifestSequenceNumber)).int(number);
        }
        if let Some(have) = self.have_binary {
            writer.int(label(O::HaveBinary)).bool(have);
        }
    }
}

pub(crate) fn write_suites(writer: &mut Writer<'_>, suites: &[Suite]) {
    writer.array(suites.len());
    for suite in suites {
        writer.array(1).array(2).int(cose_ext::tag::COSE_SIGN1).int(suite.algorithm().value());
    }
}

pub(crate) fn write_profiles(writer: &mut Writer<'_>, profiles: &[SuitProfile]) {
    writer.array(profiles.len());
    for profile in profiles {
        writer.array(4);
        for number in profile.numbers() {
            writer.int(number);
        }
    }
}

/// The first 128 bytes of a text, or less: no character is split.
fn clipped(text: &str) -> &str {
    text.get(..text.floor_char_boundary_at(128)).unwrap_or(text)
}

trait FloorCharBoundary {
    fn floor_char_boundary_at(&self, most: usize) -> usize;
}

impl FloorCharBoundary for str {
    fn floor_char_boundary_at(&self, most: usize) -> usize {
        if self.len() <= most {
            return self.len();
        }
        (0..=most).rev().find(|at| self.is_char_boundary(*at)).unwrap_or(0)
    }
}

/// RFC 5198 wants text without control characters; line ends are no use in 128 bytes.
fn is_net_unicode(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}
