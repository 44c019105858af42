//! Payloads that a general issuer does not sign.

use cose_ext::cbor::{Array, Limits, Raw, Reader, Strictness, Type};

/// Whether the whole of `payload` decodes as a SUIT_Digest (draft-ietf-suit-manifest 10): an array
/// of an algorithm, a digest, and whatever extends it.
///
/// A processor of SUIT that knows nothing of statements takes a COSE_Sign1 over one for the
/// authorization of a manifest.
pub(crate) fn is_suit_digest(payload: &[u8]) -> bool {
    let raw = Raw::decode(payload, 0, Strictness::LENIENT, &Limits::DEFAULT);
    let Ok(array) = raw.and_then(|raw| Array::new(&raw)) else { return false };
    let mut elements = array.iter();
    let (Some(algorithm), Some(digest)) = (elements.next(), elements.next()) else { return false };
    let is_algorithm = matches!(algorithm.data_type(), Type::Int | Type::Text);
    is_algorithm && digest.read(Reader::bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s30_a_suit_digest_is_known_in_every_spelling() {
        let digest = [&[0x82, 0x2f, 0x58, 0x20][..], &[7; 32]].concat();
        assert!(is_suit_digest(&digest));
        let extended = [&[0x83][..], &digest[1..], &[0xa0]].concat();
        assert!(is_suit_digest(&extended));
        let indefinite = [&[0x9f][..], &digest[1..], &[0xff]].concat();
        assert!(is_suit_digest(&indefinite));
        let longer = [&[0x98, 2, 0x38, 0x0f, 0x59, 0, 32][..], &[7; 32]].concat();
        assert!(is_suit_digest(&longer));
        let two = [&digest[..], &digest].concat();
        for other in
            [&b"{\"spdxVersion\": \"SPDX-2.3\"}"[..], b"", &two, &[0x81, 0x2f], &[0x82, 1, 2]]
        {
            assert!(!is_suit_digest(other), "{other:02x?}");
        }
    }
}
