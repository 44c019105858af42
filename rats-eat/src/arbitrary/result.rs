//! Attestation results of draft-ietf-rats-ear-04.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Profile,
    arbitrary::{View, few, text},
};

use super::{LENGTH, claims, date, sized};
use crate::{
    ar4si::{Tier, TrustVector},
    ear::{AppraisalBuilder, Ear, EarBuilder, EarDialect, VerifierId},
};

/// The most appraisals of one result.
const APPRAISALS: usize = 3;

impl<'a> Arbitrary<'a> for EarDialect {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(*u.choose(&Self::ALL)?)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for VerifierId<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { developer: text(u, LENGTH)?, build: text(u, LENGTH)? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(66))
    }
}

/// The status is that of its vector, where it has one.
impl<'a> Arbitrary<'a> for AppraisalBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut appraisal = if u.arbitrary()? {
            Self::of(&TrustVector::arbitrary(u)?)
        } else {
            Self::new(u.arbitrary()?)
        };
        for _ in 0..few(u, 3)? {
            appraisal = match u.int_in_range(0..=3u8)? {
                0 => appraisal.policy_ids([text(u, LENGTH)?, text(u, LENGTH)?]),
                1 => appraisal.nonce(&sized(u, 8, 64)?),
                2 => with_claims(Self::attester_claims, appraisal, u)?,
                _ => with_claims(Self::verifier_claims, appraisal, u)?,
            };
        }
        Ok(appraisal)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, None)
    }
}

fn with_claims(
    set: impl Fn(AppraisalBuilder, &[u8]) -> core::result::Result<AppraisalBuilder, crate::Error>,
    appraisal: AppraisalBuilder,
    u: &mut Unstructured<'_>,
) -> Result<AppraisalBuilder> {
    let claims = claims(u, 0)?.to_bytes();
    set(appraisal, &claims).map_err(|_| Error::IncorrectFormat)
}

/// With one appraisal at least.
impl<'a> Arbitrary<'a> for EarBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut result = Self::new(&u.arbitrary()?, date(u)?);
        for _ in 0..few(u, APPRAISALS)?.max(1) {
            let name = text(u, LENGTH)?;
            let appraisal = result.appraisal(name, &u.arbitrary()?);
            result = appraisal.map_err(|_| Error::IncorrectFormat)?;
        }
        for _ in 0..few(u, 3)? {
            result = match u.int_in_range(0..=3u8)? {
                0 => result.expires_at(date(u)?),
                1 => result.nonce(&sized(u, 8, 64)?),
                // No appraisal is worse.
                2 => result.status(Tier::Contraindicated),
                _ => result.device_topology(&[(text(u, LENGTH)?, &["a", "b"])]),
            };
        }
        Ok(result)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (6, None)
    }
}

impl View for Ear<'static> {
    type Of<'b> = Ear<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Ear<'_>, crate::Error> {
        Ear::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        EarBuilder::arbitrary(u)?.to_bytes().map_err(|_| Error::IncorrectFormat)
    }
}
