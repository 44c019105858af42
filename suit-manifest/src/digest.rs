//! Digests as SUIT writes them (SUIT manifest 10).

use cose_ext::{
    Digest, Profile,
    cbor::{Array, Raw, Reader, Strictness, Writer},
    crypto::Algorithm,
};

use crate::{
    Error, ErrorKind, HistoricDraft, Rule,
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
    parts(&mut reader, count).map_err(|error| error.within(raw.offset()))
}

/// Reads the elements of a digest that has `count` of them.
fn parts<'a>(reader: &mut Reader<'a>, count: usize) -> Result<Digest<'a>, Error> {
    reader.array().breaks(Rule::DigestForm)?;
    let at_number = reader.position();
    let unknown = |at| Error::new(ErrorKind::Unsupported(Unsupported::DigestAlgorithm)).at(at);
    let number = reader.int().breaks(Rule::DigestForm)?.to_i64();
    let Some(number) = number else { return Err(unknown(at_number)) };
    if let Some(draft) = HistoricDraft::of_digest_algorithm(number) {
        return Err(Error::new(ErrorKind::Historic(draft)).at(at_number));
    }
    let at_value = reader.position();
    let bytes = reader.bytes().breaks(Rule::DigestForm)?;
    let algorithm = Algorithm::new(number);
    match algorithm.hash_len() {
        None => return Err(unknown(at_number)),
        Some(len) if len != bytes.len() => {
            let fact = Fact::Count(bytes.len());
            return Err(Error::malformed(Rule::DigestForm, fact, at_value));
        }
        Some(_) => {}
    }
    if count > 2 {
        let kind = ErrorKind::Unsupported(Unsupported::DigestExtension);
        return Err(Error::new(kind).at(reader.position()));
    }
    Ok(Digest::new(algorithm, bytes)?)
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
