//! Digests as SUIT writes them (SUIT manifest 10).

use cose_ext::{
    Digest, Profile,
    cbor::{Array, Raw, Reader, Writer},
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
    let array = Array::new(raw).breaks(Rule::DigestForm)?;
    let mut elements = array.iter();
    let (Some(number), Some(value)) = (elements.next(), elements.next()) else {
        return Err(Error::malformed(Rule::DigestForm, Fact::Count(array.len()), raw.offset()));
    };
    let id = number.read(Reader::int).breaks(Rule::DigestForm)?.to_i64();
    let id = id.ok_or(unknown(&number))?;
    if let Some(draft) = HistoricDraft::of_digest_algorithm(id) {
        return Err(Error::new(ErrorKind::Historic(draft)).at(number.offset()));
    }
    let bytes = value.read(Reader::bytes).breaks(Rule::DigestForm)?;
    let algorithm = Algorithm::new(id);
    match algorithm.hash_len() {
        None => return Err(unknown(&number)),
        Some(len) if len != bytes.len() => {
            let fact = Fact::Count(bytes.len());
            return Err(Error::malformed(Rule::DigestForm, fact, value.offset()));
        }
        Some(_) => {}
    }
    if let Some(extension) = elements.next() {
        let kind = ErrorKind::Unsupported(Unsupported::DigestExtension);
        return Err(Error::new(kind).at(extension.offset()));
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

const fn unknown(number: &Raw<'_>) -> Error {
    Error::new(ErrorKind::Unsupported(Unsupported::DigestAlgorithm)).at(number.offset())
}

/// Writes a SUIT_Digest.
pub(crate) fn write(digest: &Digest<'_>, writer: &mut Writer<'_>) {
    writer.array(2).int(digest.algorithm().value()).bytes(digest.value());
}
