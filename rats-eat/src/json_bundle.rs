//! Detached bundles in JSON (RFC 9711 5): a main token, and claims sets whose digests it signs.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Context, Digest, Profile, Trust, Verified,
    error::{ErrorKind as CoseErrorKind, Verification},
    sign::Signers,
};

use crate::{
    Claims, Error, Requirements, Rule, Token,
    claim::{self, Submodule},
    eat_json,
    error::ErrorKind,
    json::{Json, decode_base64url},
    jws::Jws,
};

/// Takes the name of a submodule, and its claims set where it was supplied.
type Visit<'v> = dyn FnMut(&str, Option<Verified<Vec<u8>, Signers>>) + 'v;

/// A detached bundle in JSON as it was received: parsed, owned, untrusted. Nothing vouches for a
/// claims set in it before the main token was verified, and a digest of it was compared.
///
/// ```compile_fail,E0616
/// use rats_eat::JsonBundle;
/// fn read(bundle: JsonBundle) -> usize {
///     bundle.entries.len() // private: what is not verified is not read
/// }
/// ```
#[derive(Clone, Debug)]
pub struct JsonBundle {
    main: MainToken,
    entries: Vec<(String, Vec<u8>)>,
}

/// The token whose submodules are digests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9711 5 has no others")]
pub enum MainToken {
    /// A JWT in compact serialization.
    Jwt(String),
    /// A token in CBOR.
    Cbor(Vec<u8>),
}

impl JsonBundle {
    /// Reads a bundle that is the whole of a JSON text.
    ///
    /// # Errors
    ///
    /// Those of reading JSON; [`Rule::BundleJson`] for another form, a main token that is not
    /// protected, or is a bundle, and for a bundle without claims sets; [`Rule::Base64Url`].
    pub fn decode(text: &[u8], profile: &Profile) -> Result<Self, Error> {
        Self::of(&Json::decode(text, profile)?)
    }

    pub(crate) fn of(json: &Json) -> Result<Self, Error> {
        let form = broken(Rule::BundleJson);
        let Some([Json::Array(main), Json::Object(entries)]) = json.as_array() else {
            return Err(form);
        };
        let main = match main.as_slice() {
            [Json::Text(kind), Json::Text(token)] if kind == "JWT" => MainToken::Jwt(token.clone()),
            [Json::Text(kind), Json::Text(token)] if kind == "CBOR" => {
                MainToken::Cbor(decode_base64url(token).ok_or(broken(Rule::Base64Url))?)
            }
            _ => return Err(form),
        };
        let entries = entries.iter().map(|(name, value)| {
            let text = value.as_text().ok_or(form)?;
            let bytes = decode_base64url(text).ok_or(broken(Rule::Base64Url))?;
            Ok((name.clone(), bytes))
        });
        let entries = entries.collect::<Result<Vec<_>, Error>>()?;
        if entries.is_empty() { Err(form) } else { Ok(Self { main, entries }) }
    }

    /// Returns the main token, which is verified on its own.
    #[must_use]
    pub const fn main(&self) -> &MainToken {
        &self.main
    }

    /// Verifies the main token, lets its digests vouch for the detached claims sets, and hands each
    /// of them to `visit` with the name of its submodule, in the order of the main token: in
    /// deterministic CBOR, with those who signed the digest and so vouch for it, or nothing where
    /// it was not supplied. Returns the claims of the main token in CBOR.
    ///
    /// # State, invariant, cost
    ///
    /// A digest is compared before the first byte of a claims set is read. One meter bounds the
    /// signature and all hashing. What was handed over before an error is not a result.
    ///
    /// # Errors
    ///
    /// Those of the main token ([`Jws::verify_eat`], [`Token::verify`]); [`Rule::BundleDigest`] if
    /// it has no digest; [`Rule::BundleSurplus`] for a claims set that no digest names;
    /// [`Rule::DetachedDigest`] for one that is not what was digested.
    pub fn verify(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
        visit: &mut Visit<'_>,
    ) -> Result<Verified<Vec<u8>, Signers>, Error> {
        context.begin(self.len(), |context| {
            let main = self.verify_main(trust, requirements, context)?;
            let claims = main
                .as_ref()
                .try_map_within(&context.profile, |cbor, profile| Claims::decode(cbor, profile))?;
            self.vouch(&claims, context, visit)?;
            Ok(main)
        })
    }

    fn verify_main(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Vec<u8>, Signers>, Error> {
        match &self.main {
            MainToken::Jwt(text) => {
                Jws::decode(text, &context.profile)?.verify_eat(trust, requirements, context)
            }
            MainToken::Cbor(bytes) => {
                let token = Token::decode(bytes, &context.profile)?;
                let claims = token.verify(trust, requirements, context)?;
                Ok(claims.map(|claims| claims.bytes().to_vec()))
            }
        }
    }

    fn vouch(
        &self,
        claims: &Verified<Claims<'_>, Signers>,
        context: &Context<'_>,
        visit: &mut Visit<'_>,
    ) -> Result<(), Error> {
        let submodules = claims.try_map(|claims| claims.submodules())?.transpose();
        let submodules = submodules.ok_or(broken(Rule::BundleDigest))?;
        let mut digests = 0_usize;
        let mut supplied = 0_usize;
        for entry in submodules.into_items() {
            let name = claim::text(&entry.value().0, Rule::Submods)?;
            let value = entry.map(|(_, value)| value);
            let Submodule::Digest(_) = Submodule::read(value.value())? else { continue };
            let digest = value.try_map(|value| claim::digest(&value))?;
            digests = digests.saturating_add(1);
            let detached = self.entries.iter().find(|(found, _)| found == name);
            let Some((_, bytes)) = detached else {
                visit(name, None);
                continue;
            };
            supplied = supplied.saturating_add(1);
            visit(name, Some(vouched(&digest, bytes, context)?));
        }
        // Names are unique on both sides, so each claims set was asked for if as many were.
        match (digests, supplied) {
            (0, _) => Err(broken(Rule::BundleDigest)),
            (_, supplied) if supplied < self.entries.len() => Err(broken(Rule::BundleSurplus)),
            _ => Ok(()),
        }
    }

    /// The bytes of everything in the bundle.
    pub(crate) fn len(&self) -> usize {
        let main = match &self.main {
            MainToken::Jwt(text) => text.len(),
            MainToken::Cbor(bytes) => bytes.len(),
        };
        self.entries.iter().fold(main, |sum, (_, bytes)| sum.saturating_add(bytes.len()))
    }

    /// Returns the detached claims sets with the names of their submodules: JSON as it was encoded,
    /// blanks and all, for that is what a digest is of. Nobody vouches for them.
    pub fn danger_unverified_entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

fn vouched(
    digest: &Verified<Digest<'_>, Signers>,
    bytes: &[u8],
    context: &Context<'_>,
) -> Result<Verified<Vec<u8>, Signers>, Error> {
    let set = digest.vouch_for_bytes(bytes, context).map_err(|error| match error.kind() {
        CoseErrorKind::Verification(Verification::DigestMismatch) => broken(Rule::DetachedDigest),
        _ => error.into(),
    })?;
    set.try_map_within(&context.profile, eat_json::to_cbor)
}

const fn broken(rule: Rule) -> Error {
    Error::new(ErrorKind::Broken(rule))
}
