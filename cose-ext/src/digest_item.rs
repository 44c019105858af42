//! Digests as they stand in COSE structures: an array of algorithm and bytes.

use crate::{
    Digest, Error, Rule,
    cbor::{Array, Elements, ErrorKind, Item, Raw, Reader, Type},
    crypto::Algorithm,
    error::{Breaks, Unsupported},
    registry,
};

impl<'a> Digest<'a> {
    /// Reads a digest that stands in `item`: an array that starts with a hash algorithm, by its
    /// registered number or name, and a byte string. SUIT_Digest, the digests of EAT and of
    /// measured components, and `x5t` have this form. Returns what follows the two as well: SUIT
    /// extends its digests, others have to refuse it.
    ///
    /// # Errors
    ///
    /// `Malformed` if it is no such array; `Unsupported` for a name or number that is not a hash
    /// here; `Policy` for a hash that may only filter; `Verification` if the bytes are not as long
    /// as the hash. All at the item.
    pub fn read(item: &Raw<'a>) -> Result<(Self, Elements<'a>), Error> {
        let mut elements = Array::new(item).breaks(Rule::DigestForm)?.iter();
        let missing = Error::malformed(Rule::DigestForm, item.offset());
        let algorithm = algorithm(&elements.next().ok_or(missing)?)?;
        let value = elements.next().ok_or(missing)?.read(Reader::bytes).breaks(Rule::DigestForm)?;
        let digest = Self::new(algorithm, value).map_err(|error| error.at(item.offset()))?;
        Ok((digest, elements))
    }
}

fn algorithm(item: &Raw<'_>) -> Result<Algorithm, Error> {
    let unknown = Error::from(Unsupported::AlgorithmName).at(item.offset());
    let value = item
        .read(|reader| {
            let start = reader.position();
            match reader.item()? {
                Item::Int(value) => Ok(value.to_i64()),
                Item::Text(name) => Ok(registry::ALGORITHMS.value(name)),
                Item::TextStart => Err(reader.error(ErrorKind::IndefiniteString, start)),
                other => Err(reader.unexpected(Type::Int, &other, start)),
            }
        })
        .breaks(Rule::DigestForm)?;
    value.map(Algorithm::new).ok_or(unknown)
}
