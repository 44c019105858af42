//! PSA claims as they come by.

use cose_ext::cbor::{self, Reader, Strictness};

use super::{
    Component, PsaClaims,
    component::{ComponentArray, is_another, next_key},
};
use crate::{
    Claims, EatProfile,
    claim::Ueid,
    label::{BOOT_SEED, NONCE, PROFILE, UEID, psa},
    lifecycle::Lifecycle,
    profile::{is_certification_reference, is_hardware_version},
};

/// What one walk finds, of whichever form.
#[derive(Default)]
struct Found<'a> {
    profile: Option<&'a str>,
    nonce: Option<&'a [u8]>,
    instance_id: Option<&'a [u8]>,
    client_id: Option<i64>,
    lifecycle: Option<u64>,
    implementation_id: Option<&'a [u8]>,
    boot_seed: Option<&'a [u8]>,
    boot_seed_2_0_0: Option<&'a [u8]>,
    certification_reference: Option<&'a str>,
    verification_service: Option<&'a str>,
    components: Option<&'a [u8]>,
}

/// Reads the claims of RFC 9783 and of the form before it in one walk. `None` for the oldest form,
/// and for whatever is not right in every detail: it is for the table of the profile to say what is
/// wrong.
///
/// # Invariant
///
/// What is taken here is what the table of the profile takes.
pub(super) fn read<'a>(claims: &Claims<'a>) -> Option<PsaClaims<'a>> {
    // The claims set was checked as it was decoded, so that nothing is validated again.
    let mut reader = Reader::new(claims.bytes(), Strictness::LENIENT);
    found(&mut reader).ok().flatten()?.checked()
}

fn found<'a>(reader: &mut Reader<'a>) -> Result<Option<Found<'a>>, cbor::Error> {
    let mut found = Found::default();
    let mut left = reader.map()?;
    while is_another(reader, &mut left)? {
        match next_key(reader)? {
            Some(PROFILE) => found.profile = Some(reader.text()?),
            Some(NONCE) => found.nonce = Some(reader.bytes()?),
            Some(UEID) => found.instance_id = Some(reader.bytes()?),
            Some(psa::CLIENT_ID) => found.client_id = reader.int()?.to_i64(),
            Some(psa::LIFECYCLE) => found.lifecycle = Some(reader.uint()?),
            Some(psa::IMPLEMENTATION_ID) => found.implementation_id = Some(reader.bytes()?),
            Some(BOOT_SEED) => found.boot_seed = Some(reader.bytes()?),
            Some(psa::BOOT_SEED_2_0_0) => found.boot_seed_2_0_0 = Some(reader.bytes()?),
            Some(psa::CERTIFICATION_REFERENCE) => {
                found.certification_reference = Some(reader.text()?);
            }
            Some(psa::VERIFICATION_SERVICE) => found.verification_service = Some(reader.text()?),
            Some(psa::COMPONENTS) => match components(reader)? {
                Some(components) => found.components = Some(components),
                None => return Ok(None),
            },
            _ => reader.skip()?,
        }
    }
    Ok(Some(found))
}

/// Goes past the components, one at least, each as it has to be.
fn components<'a>(reader: &mut Reader<'a>) -> Result<Option<&'a [u8]>, cbor::Error> {
    let start = reader.position();
    let mut left = reader.array()?;
    let mut is_empty = true;
    while is_another(reader, &mut left)? {
        if Component::pull(reader)?.is_none() {
            return Ok(None);
        }
        is_empty = false;
    }
    Ok(Some(reader.raw_since(start)).filter(|_| !is_empty))
}

impl<'a> Found<'a> {
    /// Checks sizes, ranges and what has to be there, by the profile that the token names.
    fn checked(self) -> Option<PsaClaims<'a>> {
        const PSA: &EatProfile = &EatProfile::PSA;
        const PSA_2_0_0: &EatProfile = &EatProfile::PSA_2_0_0;
        let (profile, boot_seed, is_reference): (_, _, fn(&str) -> bool) = match self.profile? {
            name if PSA.has_name(name) => (PSA, self.boot_seed, is_certification_reference),
            name if PSA_2_0_0.has_name(name) => {
                (PSA_2_0_0, self.boot_seed_2_0_0, is_hardware_version)
            }
            _ => return None,
        };
        let lifecycle = self.lifecycle?;
        let has_len = |bytes: &[u8], allowed: &[usize]| allowed.contains(&bytes.len());
        let instance_id = self.instance_id?;
        let is_right = has_len(self.nonce?, &[32, 48, 64])
            && has_len(instance_id, &[33])
            && instance_id.first() == Some(&1)
            && has_len(self.implementation_id?, &[32])
            && boot_seed.is_none_or(|seed| (8..=32).contains(&seed.len()))
            && self.certification_reference.is_none_or(is_reference)
            && self.client_id? != 0;
        is_right.then_some(())?;
        Some(PsaClaims {
            profile,
            nonce: self.nonce?,
            instance_id: Ueid::of_checked(instance_id),
            client_id: self.client_id?.try_into().ok()?,
            lifecycle: Lifecycle::of(lifecycle)?,
            lifecycle_value: lifecycle.try_into().ok()?,
            implementation_id: self.implementation_id?,
            boot_seed,
            certification_reference: self.certification_reference,
            verification_service: self.verification_service,
            components: ComponentArray(self.components?),
        })
    }
}
