//! PSA tokens, in the form of RFC 9783 and the two that came before.

use cose_ext::{
    cbor::{Array, Elements, Map, Raw, Reader},
    cwt::ClaimKey,
};

pub use crate::lifecycle::Lifecycle;

use crate::{
    Claims, EatProfile, Error, Rule,
    claim::{self, Ueid},
    error::Breaks,
    label::{psa, psa_1},
};

/// The claims of a PSA token, all of them read and checked.
///
/// `Verified::try_map(PsaClaims::read)` reads them of a verified token.
#[derive(Clone, Copy, Debug)]
pub struct PsaClaims<'a> {
    /// Which of the three forms it is: [`EatProfile::PSA`], [`EatProfile::PSA_2_0_0`] or
    /// [`EatProfile::PSA_IOT_1`].
    pub profile: &'static EatProfile,
    /// What the verifier sent, 32, 48 or 64 bytes.
    pub nonce: &'a [u8],
    /// Which device, 33 bytes.
    pub instance_id: Ueid<'a>,
    /// Who asked for the token: negative in the non-secure world, positive in the secure one.
    pub client_id: i32,
    /// State of the device.
    pub lifecycle: Lifecycle,
    /// The number that stands for it.
    pub lifecycle_value: u16,
    /// Which implementation of the PSA root of trust, 32 bytes.
    pub implementation_id: &'a [u8],
    /// Other bytes after each boot.
    pub boot_seed: Option<&'a [u8]>,
    /// Certificate of the implementation: EAN-13, and mostly a version.
    pub certification_reference: Option<&'a str>,
    /// Where tokens of this device are verified.
    pub verification_service: Option<&'a str>,
    components: Option<Array<'a>>,
}

/// A measured piece of software (RFC 9783 4.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'a> {
    /// What it is for: `BL`, `PRoT`, `ARoT`, ...
    pub kind: Option<&'a str>,
    /// Its digest, 32, 48 or 64 bytes.
    pub measurement: &'a [u8],
    /// Its version.
    pub version: Option<&'a str>,
    /// Digest of the key that signed it.
    pub signer: &'a [u8],
    /// How it was measured: the name of a hash algorithm, mostly.
    pub description: Option<&'a str>,
}

impl<'a> PsaClaims<'a> {
    /// Reads the claims of a PSA token, in the form that the token says it has.
    ///
    /// # Errors
    /// [`Rule::ProfileNamed`] if it names none of the three profiles; the first rule of the profile
    /// that is broken.
    pub fn read(claims: Claims<'a>) -> Result<Self, Error> {
        let profile = profile_of(&claims)?;
        let mut values = [None; 10];
        profile.read(&claims, &mut values)?;
        let [
            nonce,
            instance,
            client,
            lifecycle,
            implementation,
            seed,
            reference,
            parts,
            service,
            _,
        ] = values;
        // All of them were checked; what is missing here was not in the table.
        let missing = Error::refused(Rule::ProfileNamed).at(claims.offset());
        let lifecycle = claim::uint(&lifecycle.ok_or(missing)?, Rule::PsaLifecycle)?;
        let client = client.ok_or(missing)?.read(Reader::int).breaks(Rule::PsaClientId)?;
        let client_id = client.to_i64().and_then(|client| client.try_into().ok());
        let bytes = |value: Raw<'a>, rule| claim::bytes(&value, rule);
        let text = |value: Raw<'a>, rule| claim::text(&value, rule);
        let (reference_rule, service_rule) =
            (Rule::PsaCertificationReference, Rule::PsaVerificationService);
        Ok(Self {
            profile,
            nonce: bytes(nonce.ok_or(missing)?, Rule::PsaNonce)?,
            instance_id: Ueid::read(&instance.ok_or(missing)?)?,
            client_id: client_id.ok_or(missing)?,
            lifecycle: Lifecycle::of(lifecycle).ok_or(missing)?,
            lifecycle_value: lifecycle.try_into().map_err(|_| missing)?,
            implementation_id: bytes(implementation.ok_or(missing)?, Rule::PsaImplementationId)?,
            boot_seed: seed.map(|seed| bytes(seed, Rule::PsaBootSeed)).transpose()?,
            certification_reference: reference
                .map(|value| text(value, reference_rule))
                .transpose()?,
            verification_service: service.map(|value| text(value, service_rule)).transpose()?,
            components: parts.map(|parts| Array::new(&parts)).transpose()?,
        })
    }

    /// Returns the measured software in the order of the token; none where a token of the oldest
    /// profile says that nothing was measured.
    pub fn components(&self) -> impl Iterator<Item = Component<'a>> + use<'a> {
        let elements: Option<Elements<'a>> = self.components.as_ref().map(Array::iter);
        elements.into_iter().flatten().filter_map(|component| Component::read(&component).ok())
    }
}

fn profile_of(claims: &Claims<'_>) -> Result<&'static EatProfile, Error> {
    const PSA: &EatProfile = &EatProfile::PSA;
    const PSA_2_0_0: &EatProfile = &EatProfile::PSA_2_0_0;
    const PSA_IOT_1: &EatProfile = &EatProfile::PSA_IOT_1;
    if let Some(id) = claims.find(ClaimKey::EAT_PROFILE) {
        let named = [PSA, PSA_2_0_0].into_iter().find(|profile| profile.is_named_by(claims));
        return named.ok_or(Error::refused(Rule::ProfileNamed).at(id.offset()));
    }
    // The oldest form is known by claims of its own.
    let is_oldest = claims.find(ClaimKey::int(psa_1::NONCE)).is_some();
    match claims.find(ClaimKey::int(psa_1::PROFILE)) {
        Some(_) if PSA_IOT_1.is_named_by(claims) => Ok(PSA_IOT_1),
        Some(id) => Err(Error::refused(Rule::ProfileNamed).at(id.offset())),
        None if is_oldest => Ok(PSA_IOT_1),
        None => Err(Error::refused(Rule::ProfileNamed).at(claims.offset())),
    }
}

impl<'a> Component<'a> {
    /// Reads a component that was checked.
    pub(crate) fn read(value: &Raw<'a>) -> Result<Self, Error> {
        const RULE: Rule = Rule::PsaComponents;
        let map = Map::new(value).breaks(RULE)?;
        let keys = [psa::TYPE, psa::MEASUREMENT, psa::VERSION, psa::SIGNER, psa::DESCRIPTION];
        let [kind, measurement, version, signer, description] = map.find_all(keys);
        let missing = Error::broken(RULE, value.offset());
        let text =
            |value: Option<Raw<'a>>| value.map(|value| claim::text(&value, RULE)).transpose();
        Ok(Self {
            kind: text(kind)?,
            measurement: claim::bytes(&measurement.ok_or(missing)?, RULE)?,
            version: text(version)?,
            signer: claim::bytes(&signer.ok_or(missing)?, RULE)?,
            description: text(description)?,
        })
    }
}
