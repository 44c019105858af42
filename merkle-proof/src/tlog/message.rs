//! What a key of each kind signs of a note.

use core::fmt::{self, Write};

use super::{Checkpoint, Error, KeyKind, VerifierKey, base64};
use crate::Rule;

/// The latest time of a cosignature, in seconds since 1970-01-01T00:00Z (C2SP tlog-cosignature,
/// Format).
const LATEST: u64 = i64::MAX.unsigned_abs();

/// The bytes that a key signs of a note, in parts that stand one after the other.
///
/// Keys of text sign the text; keys of cosignatures sign a time too; those of RFC 6962 and of
/// ML-DSA-44 sign the tree head and not the text, so that a checkpoint of theirs has no extension
/// lines.
#[derive(Clone, Debug)]
pub struct NoteMessage<'m> {
    key: VerifierKey<'m>,
    time: Option<u64>,
    head: Buffer<64>,
    name: &'m str,
    between: Buffer<9>,
    text: &'m str,
    tail: Buffer<48>,
}

impl<'m> NoteMessage<'m> {
    /// Makes what `key` signs of a note with this text at this time.
    ///
    /// `time` is in seconds since 1970-01-01T00:00Z for cosignatures, in milliseconds for RFC 6962,
    /// and `None` for keys that sign the text alone. An ML-DSA-44 cosignature that does not say
    /// that the tree is the largest has time 0.
    ///
    /// # Errors
    ///
    /// [`Rule::Cosignature`] for a time that does not belong there, or is out of range;
    /// [`Rule::TreeHeadSignature`] and [`Rule::CheckpointForm`] where the text is not the
    /// checkpoint that such a key can sign.
    pub fn new(key: &VerifierKey<'m>, text: &'m str, time: Option<u64>) -> Result<Self, Error> {
        let mut message = Self {
            key: *key,
            time,
            head: Buffer::default(),
            name: "",
            between: Buffer::default(),
            text,
            tail: Buffer::default(),
        };
        let untimely = Error::Verification { rule: Rule::Cosignature };
        match (key.kind(), time) {
            (KeyKind::Ed25519 | KeyKind::Ecdsa, None) => {}
            (KeyKind::Ed25519 | KeyKind::Ecdsa, Some(_)) | (_, None) => return Err(untimely),
            (KeyKind::Ed25519Cosignature | KeyKind::MlDsa44Cosignature, Some(LATER..)) => {
                return Err(untimely);
            }
            (KeyKind::Ed25519Cosignature, Some(time)) => {
                // 64 bytes are enough for the longest number.
                _ = write!(message.head, "cosignature/v1\ntime {time}\n");
            }
            (KeyKind::Rfc6962, Some(time)) => {
                let checkpoint = plain(text, Rule::TreeHeadSignature)?;
                if checkpoint.origin() != key.name() {
                    return Err(Error::Verification { rule: Rule::CheckpointOrigin });
                }
                // Version 1 is 0, tree_hash is 1.
                message.head.push(&[0, 1]);
                message.head.push(&time.to_be_bytes());
                message.tail.push(&checkpoint.size().to_be_bytes());
                message.tail.push(checkpoint.root());
                message.text = "";
            }
            (KeyKind::MlDsa44Cosignature, Some(time)) => {
                let checkpoint = Checkpoint::parse(text)?;
                let length = |text: &str| {
                    u8::try_from(text.len()).map_err(|_| Error::malformed(Rule::CheckpointForm))
                };
                message.head.push(b"subtree/v1\n\0");
                message.head.push(&[length(key.name())?]);
                message.name = key.name();
                message.between.push(&time.to_be_bytes());
                message.between.push(&[length(checkpoint.origin())?]);
                message.text = checkpoint.origin();
                message.tail.push(&0_u64.to_be_bytes());
                message.tail.push(&checkpoint.size().to_be_bytes());
                message.tail.push(checkpoint.root());
            }
        }
        Ok(message)
    }

    /// Returns the parts, in their order. Some may be empty.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 5] {
        [
            self.head.as_bytes(),
            self.name.as_bytes(),
            self.between.as_bytes(),
            self.text.as_bytes(),
            self.tail.as_bytes(),
        ]
    }

    /// Returns the signature line, with its newline, that carries a signature over this message.
    #[must_use]
    pub fn line<'s>(&'s self, signature: &'s [u8]) -> impl fmt::Display + 's {
        SignatureLine { message: self, signature }
    }
}

/// Above the latest time.
const LATER: u64 = LATEST + 1;

/// A checkpoint without extension lines, which some kinds of key do not sign.
pub(super) fn plain(text: &str, rule: Rule) -> Result<Checkpoint<'_>, Error> {
    let checkpoint = Checkpoint::parse(text)?;
    match checkpoint.extensions().next() {
        None => Ok(checkpoint),
        Some(_) => Err(Error::Verification { rule }),
    }
}

struct SignatureLine<'s> {
    message: &'s NoteMessage<'s>,
    signature: &'s [u8],
}

impl fmt::Display for SignatureLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, signature) = (&self.message.key, self.signature);
        let time = self.message.time.map(u64::to_be_bytes);
        // ECDSA over SHA-256, after RFC 5246 4.7.
        let length = u16::try_from(signature.len()).map_err(|_| fmt::Error)?.to_be_bytes();
        let digitally_signed =
            (key.kind() == KeyKind::Rfc6962).then_some([4, 3].into_iter().chain(length));
        let bytes = key.id().into_iter();
        let bytes = bytes.chain(time.into_iter().flatten());
        let bytes = bytes.chain(digitally_signed.into_iter().flatten());
        write!(f, "\u{2014} {} ", key.name())?;
        base64::encode(bytes.chain(signature.iter().copied()), f)?;
        f.write_char('\n')
    }
}

/// At most `N` bytes.
#[derive(Clone, Debug)]
struct Buffer<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Default for Buffer<N> {
    fn default() -> Self {
        Self { bytes: [0; N], length: 0 }
    }
}

impl<const N: usize> Buffer<N> {
    fn push(&mut self, bytes: &[u8]) {
        let end = self.length.saturating_add(bytes.len());
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.copy_from_slice(bytes);
            self.length = end;
        }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl<const N: usize> Write for Buffer<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}
