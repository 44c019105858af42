use cose_ext::{
    Digest,
    cbor::{Array, Raw, Reader},
    crypto::Algorithm,
};

use crate::Error;

/// `[algorithm, value]`: how SUIT and EAT write a digest.
pub(crate) fn digest_pair<'b>(raw: &Raw<'b>) -> Result<Digest<'b>, Error> {
    let mut parts = Array::new(raw)?.iter();
    let mut part = || parts.next().ok_or(Error::Shape);
    let (algorithm, value) = (part()?.read(Reader::int)?, part()?.read(Reader::bytes)?);
    let algorithm = Algorithm::new(algorithm.to_i64().ok_or(Error::Shape)?);
    Ok(Digest::new(algorithm, value)?)
}
