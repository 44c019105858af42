//! Profiles as data (RFC 9711 6).

mod checks;
mod tables;

use cose_ext::{
    cbor::{IndefiniteLengths, Raw, Type},
    crypto::Algorithm,
    cwt::ClaimKey,
};

pub(crate) use checks::{P384_POINT, is_certification_reference, is_hardware_version};

use crate::{Claims, Error, Finding, Path, Rule, Step, claim};

/// What a profile of EAT asks for, as data: how it is named, which claims it wants in which form,
/// and how tokens are protected. Claims that it does not name are ignored (RFC 9711 3).
#[derive(Clone, Copy, Debug)]
pub struct EatProfile {
    /// Name, for people.
    pub name: &'static str,
    /// The claim in which tokens name the profile: `eat_profile` for all but the oldest.
    pub(crate) id_key: i64,
    /// The texts by which tokens name it.
    pub(crate) ids: &'static [&'static str],
    /// Whether a token may leave its name out.
    pub(crate) is_id_optional: bool,
    pub(crate) claims: &'static [ClaimRule],
    /// Of these two claims one is there, by their places in `claims`.
    pub(crate) either: Option<(usize, usize)>,
    pub(crate) protection: Protection,
    /// The algorithms that a token may be protected with; empty where the profile does not say.
    pub(crate) algorithms: &'static [Algorithm],
    pub(crate) indefinite_lengths: IndefiniteLengths,
    /// Whether a token says which key protects it, by kid or `ueid`.
    pub(crate) names_key: bool,
}

/// How tokens of a profile are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    /// By a COSE_Sign1.
    Sign1,
    /// By a COSE_Sign1 or a COSE_Mac0.
    Sign1OrMac0,
}

/// What a profile says of one claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimRule {
    pub(crate) key: i64,
    pub(crate) is_required: bool,
    pub(crate) rule: Rule,
    pub(crate) check: fn(&Raw<'_>, Rule) -> Result<(), Error>,
}

impl EatProfile {
    /// Returns whether the token that has these claims names this profile, or may leave its name
    /// out and does.
    #[must_use]
    pub fn is_named_by(&self, claims: &Claims<'_>) -> bool {
        match claims.find(ClaimKey::int(self.id_key)) {
            Some(id) => {
                id.data_type() == Type::Text
                    && claim::text(&id, Rule::EatProfile).is_ok_and(|id| self.has_name(id))
            }
            None => self.is_id_optional,
        }
    }

    /// Returns whether `name` names this profile.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.ids.contains(&name)
    }

    /// Calls `report` with every rule of this profile that `claims` break: which claims have to be
    /// there, and their forms. What RFC 9711 itself asks of them, [`Claims::validate`] reports.
    pub fn validate(&self, claims: &Claims<'_>, report: &mut dyn FnMut(&Finding<'_>)) {
        self.walk(claims, &mut [], &mut |key, error| {
            let path = Path::TOKEN.then(Step::Claim(ClaimKey::int(key)));
            report(&Finding { error, path: &path });
        });
    }

    /// Checks that `claims` break no rule of this profile.
    ///
    /// # Errors
    ///
    /// The first rule that is broken.
    pub fn check(&self, claims: &Claims<'_>) -> Result<(), Error> {
        self.read(claims, &mut [])
    }

    /// Checks `claims`, and puts each value at the place of its rule.
    pub(crate) fn read<'a>(
        &self,
        claims: &Claims<'a>,
        values: &mut [Option<Raw<'a>>],
    ) -> Result<(), Error> {
        let mut first = None;
        self.walk(claims, values, &mut |_, error| first = first.or(Some(error)));
        first.map_or(Ok(()), Err)
    }

    /// One walk over the claims, each looked up in the table, which is short.
    fn walk<'a>(
        &self,
        claims: &Claims<'a>,
        values: &mut [Option<Raw<'a>>],
        broken: &mut dyn FnMut(i64, Error),
    ) {
        let mut found: u32 = 0;
        for (key, value) in claims.iter() {
            let Some(key) = key.to_i64() else { continue };
            let place = self.claims.iter().position(|rule| rule.key == key);
            let Some((place, rule)) = place.and_then(|at| Some((at, self.claims.get(at)?))) else {
                continue;
            };
            found |= bit(place);
            if let Some(slot) = values.get_mut(place) {
                *slot = Some(value);
            }
            if let Err(error) = (rule.check)(&value, rule.rule) {
                broken(key, error);
            }
        }
        for (place, rule) in self.claims.iter().enumerate() {
            if rule.is_required && found & bit(place) == 0 {
                broken(rule.key, Error::broken(rule.rule, claims.offset()));
            }
        }
        if let Some((one, other)) = self.either {
            let both = bit(one) | bit(other);
            let key = self.claims.get(one).map_or(self.id_key, |rule| rule.key);
            if found & both == 0 || found & both == both {
                broken(key, Error::broken(Rule::PsaComponents, claims.offset()));
            }
        }
        // Last, since it says least of what is wrong.
        if !self.is_named_by(claims) {
            let at =
                claims.find(ClaimKey::int(self.id_key)).map_or(claims.offset(), |id| id.offset());
            broken(self.id_key, Error::refused(Rule::ProfileNamed).at(at));
        }
    }

    /// Returns whether a token may be protected by `algorithm`.
    pub(crate) fn permits(&self, algorithm: Algorithm) -> bool {
        self.algorithms.is_empty() || self.algorithms.contains(&algorithm)
    }

    /// Returns what a decoder accepts that reads tokens of this profile.
    #[must_use]
    pub const fn decoding(&self) -> cose_ext::Profile {
        let mut profile = cose_ext::Profile::LENIENT;
        profile.strictness.indefinite_lengths = self.indefinite_lengths;
        profile
    }
}

/// The claim at a place of a table, as a bit; tables are shorter than 32.
fn bit(place: usize) -> u32 {
    u32::try_from(place).ok().and_then(|place| 1_u32.checked_shl(place)).unwrap_or(0)
}
