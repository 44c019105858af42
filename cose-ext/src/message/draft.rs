//! Messages of one signature or tag, written in memory of the caller (RFC 9052 4.2, 6.2).

use core::ops::Range;

use crate::{
    Error, Label, Profile,
    cbor::{Head, Reader, Strictness, Writer},
    crypto::{Algorithm, BufferTooShort},
    frame::no_exemption,
    header::Headers,
};

/// A message whose protected header is written; the unprotected one and the payload come next.
///
/// `D` is the [`sign1::Draft`](crate::sign1::Draft) or [`mac0::Draft`](crate::mac0::Draft) that it
/// becomes.
#[derive(Debug)]
#[must_use]
pub struct DraftHeader<'o, D>(DraftBody<'o, D>);

/// A message whose headers are written; the payload comes next.
#[derive(Debug)]
#[must_use]
pub struct DraftBody<'o, D> {
    writer: Writer<'o>,
    algorithm: Algorithm,
    protected: Range<usize>,
    /// What a signature or a tag still takes, head included.
    room: usize,
    complete: fn(Written<'o>) -> D,
}

impl<'o, D> DraftHeader<'o, D> {
    pub(super) fn write(
        out: &'o mut [u8],
        tag: Head,
        algorithm: Algorithm,
        entries: usize,
        write: impl FnOnce(&mut Writer<'o>),
        complete: fn(Written<'o>) -> D,
    ) -> Self {
        let mut writer = Writer::new(out);
        let protected = writer.head(tag).array(4).embedded(|writer| {
            // Of all labels, alg has the smallest encoding (RFC 8949 4.2.1).
            let alg = Label::ALG.to_i64().unwrap_or_default();
            writer.map(entries.saturating_add(1)).int(alg).int(algorithm.value());
            write(writer);
        });
        Self(DraftBody { writer, algorithm, protected, room: 0, complete })
    }

    /// Writes the unprotected header: `entries` labels, each with its value.
    ///
    /// The labels go in the bytewise order of their encodings: 0 to 23, then longer ones, then -1
    /// to -24, then text.
    pub fn unprotected(
        self,
        entries: usize,
        write: impl FnOnce(&mut Writer<'o>),
    ) -> DraftBody<'o, D> {
        let mut next = self.0;
        next.writer.map(entries);
        write(&mut next.writer);
        next
    }

    /// Keeps room for a signature or a tag of `signature_len` bytes: a buffer that is too short is
    /// then found before anybody is asked for one.
    pub fn room_for(self, signature_len: usize) -> Self {
        Self(self.0.room_for(signature_len))
    }

    /// Writes an empty unprotected header, and the payload as `write` writes it.
    ///
    /// # Errors
    ///
    /// If the buffer is too short.
    pub fn payload(self, write: impl FnOnce(&mut Writer<'o>)) -> Result<D, BufferTooShort> {
        self.unprotected(0, |_| {}).payload(write)
    }

    /// Writes an empty unprotected header; the message is to be sent without `payload`, which its
    /// receiver has by other means.
    ///
    /// # Errors
    ///
    /// If the buffer is too short.
    pub fn detached(self, payload: &'o [u8]) -> Result<D, BufferTooShort> {
        self.unprotected(0, |_| {}).detached(payload)
    }
}

impl<'o, D> DraftBody<'o, D> {
    /// Keeps room for a signature or a tag of `signature_len` bytes: a buffer that is too short is
    /// then found before anybody is asked for one.
    pub fn room_for(self, signature_len: usize) -> Self {
        Self { room: item_len(signature_len), ..self }
    }

    /// Writes the payload as `write` writes it: a claims set, for example, or by
    /// [`Writer::encoded`] any bytes.
    ///
    /// # Errors
    ///
    /// If the buffer is too short.
    pub fn payload(mut self, write: impl FnOnce(&mut Writer<'o>)) -> Result<D, BufferTooShort> {
        let payload = self.writer.embedded(write);
        self.complete(Payload::Embedded(payload))
    }

    /// Writes nil in the place of `payload`, which the receiver has by other means.
    ///
    /// # Errors
    ///
    /// If the buffer is too short.
    pub fn detached(mut self, payload: &'o [u8]) -> Result<D, BufferTooShort> {
        self.writer.null();
        self.complete(Payload::Detached(payload))
    }

    fn complete(self, payload: Payload<'o>) -> Result<D, BufferTooShort> {
        let Self { writer, algorithm, protected, room, complete } = self;
        let len = writer.len();
        let needed = len.saturating_add(room);
        let out = writer.into_buffer();
        if needed > out.len() {
            return Err(BufferTooShort { needed });
        }
        let external_aad = &[];
        Ok(complete(Written { out, len, start: 0, algorithm, protected, payload, external_aad }))
    }
}

#[derive(Debug)]
enum Payload<'o> {
    Embedded(Range<usize>),
    Detached(&'o [u8]),
}

/// A message that lacks only its signature or its tag.
///
/// State: the buffer, whose first `len` bytes are the message up to there, and the places in them
/// of what is signed. All places were inside of the buffer when it was written, and it only grows.
#[derive(Debug)]
pub(super) struct Written<'o> {
    out: &'o mut [u8],
    len: usize,
    /// Where the message starts: behind the tag, when it is to have none.
    start: usize,
    pub(super) algorithm: Algorithm,
    protected: Range<usize>,
    payload: Payload<'o>,
    external_aad: &'o [u8],
}

impl<'o> Written<'o> {
    pub(super) fn protected(&self) -> &[u8] {
        self.out.get(self.protected.clone()).unwrap_or_default()
    }

    pub(super) fn payload(&self) -> &[u8] {
        match &self.payload {
            Payload::Embedded(place) => self.out.get(place.clone()).unwrap_or_default(),
            Payload::Detached(payload) => payload,
        }
    }

    pub(super) const fn external_aad(&self) -> &'o [u8] {
        self.external_aad
    }

    pub(super) const fn with_external_aad(self, external_aad: &'o [u8]) -> Self {
        Self { external_aad, ..self }
    }

    /// The tags of these messages, 17 and 18, are one byte long.
    pub(super) const fn without_tag(self) -> Self {
        Self { start: 1, ..self }
    }

    pub(super) fn room_for(&self, signature_len: usize) -> Result<(), BufferTooShort> {
        let needed = self.len.saturating_add(item_len(signature_len));
        if needed <= self.out.len() { Ok(()) } else { Err(BufferTooShort { needed }) }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        // Tag and array have one byte each.
        let bytes = self.out.get(2..self.len).unwrap_or_default();
        let mut reader = Reader::new(bytes, Strictness::DETERMINISTIC);
        let headers = Headers::read_exempting(&mut reader, &Profile::DETERMINISTIC, no_exemption)?;
        headers.check_made()
    }

    pub(super) fn attach(self, signature: &[u8]) -> Result<&'o [u8], BufferTooShort> {
        self.attach_with(signature.len(), |_, place| {
            place.copy_from_slice(signature);
            Ok(signature.len())
        })
    }

    /// Attaches what `sign` writes into a place of `most` bytes; it says how many of them it wrote.
    pub(super) fn attach_with<E: From<BufferTooShort>>(
        self,
        most: usize,
        sign: impl FnOnce(&Parts<'_>, &mut [u8]) -> Result<usize, E>,
    ) -> Result<&'o [u8], E> {
        self.room_for(most)?;
        let Self { out, len, start, .. } = self;
        let external_aad = self.external_aad;
        let head_len = Head::bytes(most).as_bytes().len();
        let from = len.saturating_add(head_len);
        let needed = from.saturating_add(most);
        let too_short = BufferTooShort { needed };
        let (message, rest) = out.split_at_mut_checked(len).ok_or(too_short)?;
        let protected = message.get(self.protected).unwrap_or_default();
        let payload = match self.payload {
            Payload::Embedded(place) => message.get(place).unwrap_or_default(),
            Payload::Detached(payload) => payload,
        };
        let place = rest.get_mut(head_len..head_len.saturating_add(most)).ok_or(too_short)?;
        let made = sign(&Parts { protected, external_aad, payload }, place)?.min(most);
        // Shorter than it might have been, so perhaps under a shorter head.
        let head = Head::bytes(made);
        let head = head.as_bytes();
        rest.copy_within(head_len..head_len.saturating_add(made), head.len());
        rest.get_mut(..head.len()).ok_or(too_short)?.copy_from_slice(head);
        let end = len.saturating_add(head.len()).saturating_add(made);
        Ok(out.get(start..end).unwrap_or_default())
    }
}

/// What is signed or authenticated.
pub(super) struct Parts<'p> {
    pub(super) protected: &'p [u8],
    pub(super) external_aad: &'p [u8],
    pub(super) payload: &'p [u8],
}

/// Length of a byte string of `len` bytes, head included.
fn item_len(len: usize) -> usize {
    Head::bytes(len).as_bytes().len().saturating_add(len)
}

/// The methods of a draft, of a type with a field `0` that is a [`Written`].
macro_rules! draft_methods {
    ($tag:expr, $made:literal) => {
        #[doc = concat!("Writes the start of a message that lacks its ", $made, ".")]
        ///
        /// The protected header gets `algorithm` and `entries` labels more, which `write` writes,
        /// each with its value, in the bytewise order of their encodings: 2 to 23, then longer
        /// ones, then -1 to -24, then text. [`check`](Self::check) tells whether that was kept.
        ///
        /// `out` may be of any length: the call that writes the payload says what is missing.
        pub fn write(
            out: &'o mut [u8],
            algorithm: Algorithm,
            entries: usize,
            write: impl FnOnce(&mut Writer<'o>),
        ) -> DraftHeader<'o, Self> {
            DraftHeader::write(out, Head::tag($tag), algorithm, entries, write, Self)
        }

        /// Sets data that is authenticated and not sent (RFC 9052 4.3).
        pub const fn external_aad(self, external_aad: &'o [u8]) -> Self {
            Self(self.0.with_external_aad(external_aad))
        }

        /// Leaves out the tag of the message.
        pub const fn untagged(self) -> Self {
            Self(self.0.without_tag())
        }

        /// Returns the algorithm that the protected header names.
        pub const fn algorithm(&self) -> Algorithm {
            self.0.algorithm
        }

        #[doc = concat!("Tells whether a ", $made, " of `len` bytes has room in the buffer.")]
        ///
        /// # Errors
        ///
        /// If it has not: the length that the buffer needs.
        pub fn room_for(&self, len: usize) -> Result<(), BufferTooShort> {
            self.0.room_for(len)
        }

        /// Reads the headers back as a strict reader would, for all rules that they can break:
        /// `crit` names labels that are there, labels are in order and each is there once.
        ///
        /// It is a call of its own since it links the whole reader of headers, which a device that
        /// only writes does without.
        ///
        /// # Errors
        ///
        /// The rule that breaks; offsets count from the protected header, head included.
        pub fn check(&self) -> Result<(), Error> {
            self.0.check()
        }

        #[doc = concat!("Attaches a ", $made, " that was made elsewhere; returns the message.")]
        ///
        #[doc = concat!("The ", $made, " is not checked.")]
        ///
        /// # Errors
        ///
        /// If the buffer is too short.
        pub fn attach(self, made: &[u8]) -> Result<&'o [u8], BufferTooShort> {
            self.0.attach(made)
        }
    };
}

pub(super) use draft_methods;
