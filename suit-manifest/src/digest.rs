//! Digests as SUIT writes them (SUIT manifest 10).

use cose_ext::{
    Digest, Profile,
    cbor::{Array, Raw, Reader, Strictness, Writer},
    crypto::Algorithm,
};

use crate::{
    Error, ErrorKind, HistoricDraft, Rule,
    cursor::Cursor,
    error::{Breaks, Fact, Unsupported},
};

/// Reads a SUIT_Digest: algorithm and value.
///
/// # Errors
///
/// [`Rule::DigestForm`]; the number of a digest algorithm of an older draft; an algorithm that is
/// no hash or unknown; elements beyond the two.
pub(crate) fn read<'a>(raw: &Raw<'a>) -> Result<Digest<'a>, Error> {
    let count = Array::new(raw).breaks(Rule::DigestForm)?.len();
    if count < 2 {
        return Err(Error::malformed(Rule::DigestForm, Fact::Count(count), raw.offset()));
    }
    let mut reader = Reader::new(raw.bytes(), Strictness::LENIENT);
    let read = |error: Error| error.within(raw.offset());
    reader.array().breaks(Rule::DigestForm).map_err(read)?;
    let at_number = reader.position();
    let number = reader.int().breaks(Rule::DigestForm).map_err(read)?.to_i64();
    let algorithm = algorithm(number, at_number).map_err(read)?;
    let at_value = reader.position();
    let bytes = reader.bytes().breaks(Rule::DigestForm).map_err(read)?;
    let end = reader.position();
    made(algorithm, bytes, [at_number, at_value, end], count > 2).map_err(read)
}

/// Reads the SUIT_Digest that comes next, in deterministic encoding.
///
/// # Errors
///
/// As [`read`].
#[inline(never)] // It reads digests at several places.
pub(crate) fn next<'a>(cursor: &mut Cursor<'a>) -> Result<Digest<'a>, Error> {
    let start = cursor.offset();
    let count = cursor.array(Rule::DigestForm)?;
    if count < 2 {
        let fact = Fact::Count(usize::from(count == 1));
        return Err(Error::malformed(Rule::DigestForm, fact, start));
    }
    let at_number = cursor.offset();
    let algorithm = algorithm(cursor.int(Rule::DigestForm)?, at_number)?;
    let at_value = cursor.offset();
    let bytes = cursor.bytes(Rule::DigestForm)?;
    made(algorithm, bytes, [at_number, at_value, cursor.offset()], count > 2)
}

/// The algorithm of this number, which stands at the byte `at`.
fn algorithm(number: Option<i64>, at: usize) -> Result<Algorithm, Error> {
    let Some(number) = number else { return Err(unknown(at)) };
    match HistoricDraft::of_digest_algorithm(number) {
        Some(draft) => Err(Error::new(ErrorKind::Historic(draft)).at(at)),
        None => Ok(Algorithm::new(number)),
    }
}

/// The digest by this algorithm; number, value and end of the two stand at the bytes `at`.
#[inline]
fn made(
    algorithm: Algorithm,
    bytes: &[u8],
    at: [usize; 3],
    has_more: bool,
) -> Result<Digest<'_>, Error> {
    let [at_number, at_value, end] = at;
    match algorithm.hash_len() {
        None => return Err(unknown(at_number)),
        Some(len) if len != bytes.len() => {
            let fact = Fact::Count(bytes.len());
            return Err(Error::malformed(Rule::DigestForm, fact, at_value));
        }
        Some(_) => {}
    }
    if has_more {
        let kind = ErrorKind::Unsupported(Unsupported::DigestExtension);
        return Err(Error::new(kind).at(end));
    }
    Ok(Digest::new(algorithm, bytes)?)
}

const fn unknown(at: usize) -> Error {
    Error::new(ErrorKind::Unsupported(Unsupported::DigestAlgorithm)).at(at)
}

/// Reads a byte string that wraps a SUIT_Digest.
///
/// # Errors
///
/// As [`read`], and those of the encoding.
pub(crate) fn embedded<'a>(raw: &Raw<'a>, profile: &Profile) -> Result<Digest<'a>, Error> {
    read(&profile.embedded(raw).breaks(Rule::DigestForm)?)
}

/// Writes a SUIT_Digest.
pub(crate) fn write(digest: &Digest<'_>, writer: &mut Writer<'_>) {
    writer.array(2).int(digest.algorithm().value()).bytes(digest.value());
}
