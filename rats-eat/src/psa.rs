//! PSA tokens, in the form of RFC 9783 and the two that came before.

mod component;
mod one_pass;

use cose_ext::{
    cbor::{Raw, Reader},
    cwt::ClaimKey,
};

pub use crate::lifecycle::Lifecycle;
use component::ComponentArray;
pub use component::{Component, Components};

use crate::{
    Claims, EatProfile, Error, Rule,
    claim::{self, Ueid},
    error::Breaks,
    label::{psa, psa_1},
};

/// The claims of a PSA token, all of them read and checked.
///
/// `Verified::try_map(PsaClaims::read)` reads them of a verified token. Those of one that nobody
/// has verified are not theirs:
///
/// ```compile_fail,E0308
/// use rats_eat::{Claims, cose_ext::{Verified, sign::Signers}, psa::PsaClaims};
/// fn forge<'a>(claims: Claims<'a>) -> Verified<PsaClaims<'a>, Signers> {
///     PsaClaims::read(claims).unwrap() // nobody vouches for them
/// }
/// ```
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
    components: ComponentArray<'a>,
}

impl<'a> PsaClaims<'a> {
    /// Reads the claims of a PSA token, in the form that the token says it has.
    ///
    /// # State, invariant, cost
    ///
    /// One walk that takes each value as it comes by. What the walk does not take, the oldest form
    /// and everything that is wrong, is read by the table of the profile, which says what is wrong.
    ///
    /// # Errors
    ///
    /// [`Rule::ProfileNamed`] if it names none of the three profiles; the first rule of the profile
    /// that is broken.
    pub fn read(claims: Claims<'a>) -> Result<Self, Error> {
        one_pass::read(&claims).map_or_else(|| Self::read_by_table(claims), Ok)
    }

    fn read_by_table(claims: Claims<'a>) -> Result<Self, Error> {
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
            components: ComponentArray(parts.map_or(&[], |parts| parts.bytes())),
        })
    }

    /// Returns the measured software in the order of the token; none where a token of the oldest
    /// profile says that nothing was measured.
    #[must_use]
    pub fn components(&self) -> Components<'a> {
        self.components.iter()
    }
}

/// Returns the measured software in claims whose profile was checked: those of a PSA token, or of a
/// CCA platform.
pub(crate) fn components_of<'a>(claims: &Claims<'a>) -> Components<'a> {
    let components = claims.find(ClaimKey::int(psa::COMPONENTS));
    ComponentArray(components.map_or(&[], |array| array.bytes())).iter()
}

fn profile_of(claims: &Claims<'_>) -> Result<&'static EatProfile, Error> {
    const PSA: &EatProfile = &EatProfile::PSA;
    const PSA_2_0_0: &EatProfile = &EatProfile::PSA_2_0_0;
    const PSA_IOT_1: &EatProfile = &EatProfile::PSA_IOT_1;
    if let Some(id) = claims.find(ClaimKey::EAT_PROFILE) {
        let named = [PSA, PSA_2_0_0].into_iter().find(|profile| profile.is_named_by(claims));
        return named.ok_or(Error::refused(Rule::ProfileNamed).at(id.offset()));
    }
    // The oldest form is known by claims of its own, whatever name it has: the table says what is
    // wrong.
    let is_oldest =
        [psa_1::NONCE, psa_1::PROFILE].iter().any(|key| claims.find(ClaimKey::int(*key)).is_some());
    if is_oldest {
        return Ok(PSA_IOT_1);
    }
    Err(Error::refused(Rule::ProfileNamed).at(claims.offset()))
}

#[cfg(test)]
mod tests {
    use cose_ext::{
        Profile,
        cbor::{Item, Reader, Strictness, Writer},
    };

    use super::{Claims, PsaClaims, one_pass};

    const PSA: &str = "tag:psacertified.org,2023:psa#tfm";
    const PSA_2_0_0: &str = "http://arm.com/psa/2.0.0";

    /// A claims set with everything, under keys of RFC 9783 and of the form before it.
    fn claims(profile: &str, reference: &str, out: &mut [u8]) -> usize {
        let mut writer = Writer::new(out);
        writer.map(11).int(265).text(profile).int(10).bytes(&[3; 32]);
        writer.int(256).bytes(&[1; 33]).int(2394).int(-7).int(2395).int(0x3001);
        writer.int(2396).bytes(&[5; 32]).int(268).bytes(&[6; 8]).int(2397).bytes(&[7; 32]);
        writer.int(2398).text(reference).int(2400).text("https://v.example").int(2399).array(2);
        writer.map(5).int(1).text("BL").int(2).bytes(&[8; 32]).int(4).text("1.0");
        writer.int(5).bytes(&[9; 48]).int(6).text("sha-256");
        writer.map(2).int(2).bytes(&[10; 64]).int(5).bytes(&[11; 32]);
        writer.finish().unwrap().len()
    }

    /// Whether the walk and the table say the same of `bytes`, and whether the walk takes them.
    fn taken(bytes: &[u8]) -> bool {
        let Ok(claims) = Claims::decode(bytes, &Profile::LENIENT) else { return false };
        let by_table = PsaClaims::read_by_table(claims);
        let by_walk = one_pass::read(&claims);
        if let Some(walked) = &by_walk {
            let table = by_table.expect("what the walk takes is right");
            assert_eq!(std::format!("{walked:?}"), std::format!("{table:?}"));
            assert!(walked.components().eq(table.components()));
        }
        by_walk.is_some()
    }

    #[test]
    fn the_walk_takes_what_is_usual() {
        let mut buffer = [0; 600];
        for (profile, reference) in [
            (PSA, "1234567890123-12345"),
            (PSA_2_0_0, "1234567890123"),
            (PSA_2_0_0, "1234567890123-12345"),
        ] {
            let len = claims(profile, reference, &mut buffer);
            assert!(taken(&buffer[..len]), "{profile} {reference}");
        }
        let len = claims(PSA, "1234567890123", &mut buffer);
        assert!(!taken(&buffer[..len]), "no reference of RFC 9783");
    }

    /// Every byte changed in every bit: whatever the walk takes, the table takes.
    #[test]
    fn the_walk_takes_nothing_that_the_table_refuses() {
        for profile in [PSA, PSA_2_0_0] {
            let mut buffer = [0; 600];
            let len = claims(profile, "1234567890123-12345", &mut buffer);
            let mut walked = 0;
            for place in 0..len {
                for bit in 0..8 {
                    let mut changed = buffer;
                    changed[place] ^= 1 << bit;
                    walked += usize::from(taken(&changed[..len]));
                }
            }
            assert!(walked > 1000, "{walked}");
        }
    }

    /// Each claim left out, in turn.
    #[test]
    fn the_walk_asks_for_what_the_table_asks_for() {
        let mut buffer = [0; 600];
        let len = claims(PSA, "1234567890123-12345", &mut buffer);
        let mut reader = Reader::new(&buffer[..len], Strictness::LENIENT);
        assert_eq!(reader.item(), Ok(Item::Map(Some(11))));
        let mut places = std::vec![reader.position()];
        while !reader.is_at_end() {
            reader.skip().unwrap();
            reader.skip().unwrap();
            places.push(reader.position());
        }
        let mut without = std::vec::Vec::new();
        for pair in places.windows(2) {
            without.clear();
            without.push(0xaa);
            without.extend_from_slice(&buffer[places[0]..pair[0]]);
            without.extend_from_slice(&buffer[pair[1]..len]);
            let claims = Claims::decode(&without, &Profile::LENIENT).unwrap();
            let is_right = PsaClaims::read_by_table(claims).is_ok();
            assert_eq!(one_pass::read(&claims).is_some(), is_right);
        }
    }
}
