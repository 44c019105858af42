//! Receipts (RFC 9942 4.3), whose signatures are any bytes.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Profile,
    arbitrary::{View, bytes},
    cbor::Int,
    crypto::Algorithm,
    cwt::ClaimsBuilder,
    header::Vds,
};

use super::{proof::of_structure, tree::Hash};
use crate::cose::{Receipt, ReceiptBuilder};

/// The longest kid, signature or certificate.
const LENGTH: usize = 64;

/// With proofs of the structure that it states.
impl<'a> Arbitrary<'a> for ReceiptBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let structure = u.int_in_range(1..=3u8)?;
        let mut builder = Self::new(Vds::new(Int::unsigned(structure.into())));
        let [included, consistent] = of_structure(u, structure)?;
        builder = included.into_iter().fold(builder, Self::inclusion);
        builder = consistent.into_iter().fold(builder, Self::consistency);
        if u.arbitrary()? {
            builder = builder.key_id(bytes(u, LENGTH)?);
        }
        if u.arbitrary()? {
            builder = builder.cwt_claims(ClaimsBuilder::arbitrary(u)?.as_map());
        }
        if u.ratio(1u8, 8u8)? {
            builder = builder.certified_by(&[bytes(u, LENGTH)?, bytes(u, LENGTH)?]);
        }
        Ok(builder)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (5, None)
    }
}

impl View for Receipt<'static> {
    type Of<'b> = Receipt<'b>;
    type Error = crate::cose::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Receipt<'_>, crate::cose::Error> {
        Receipt::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let builder = ReceiptBuilder::arbitrary(u)?;
        let algorithm = *u.choose(&[Algorithm::ES256, Algorithm::ESP256, Algorithm::EDDSA])?;
        let root: Hash = u.arbitrary()?;
        let prepared = builder.prepare(algorithm, &root).map_err(|_| Error::IncorrectFormat)?;
        Ok(prepared.attach(bytes(u, LENGTH)?))
    }
}
