//! Detached EAT bundles (RFC 9711 5).

use cose_ext::{
    Context, Digest, Profile, Trust, Verified,
    cbor::{Map, Raw, Type},
    sign::Signers,
};

use crate::{
    Claims, Error, Requirements, Rule, Token,
    claim::{self, Submodules},
    error::Breaks,
    label::BUNDLE_TAG,
    token::untag,
};

/// A detached EAT bundle as it was received: a token, and claims sets that digests in it name.
/// Untrusted.
///
/// ```compile_fail,E0616
/// use rats_eat::Bundle;
/// fn read(bundle: Bundle<'_>) -> usize {
///     bundle.detached.len() // private: what is not verified is not read
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    bytes: &'a [u8],
    main: Raw<'a>,
    detached: Map<'a>,
}

const FORM: Rule = Rule::BundleForm;

impl<'a> Bundle<'a> {
    /// The CBOR tag (RFC 9711 5).
    pub const TAG: u64 = BUNDLE_TAG;

    /// Reads a bundle that is the whole of `bytes`. The claims sets are not read: digests are
    /// checked first.
    ///
    /// # Errors
    ///
    /// [`Rule::BundleForm`].
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let tagged = untag(bytes, 0, profile)?;
        if tagged.tag != Some(BUNDLE_TAG) {
            return Err(Error::broken(FORM, 0));
        }
        let [main, detached] = claim::array(&tagged.content, FORM)?.exactly().breaks(FORM)?;
        let sets = Map::new(&detached).breaks(FORM)?;
        if sets.is_empty() {
            return Err(Error::broken(FORM, detached.offset()));
        }
        for (name, set) in &sets {
            claim::text(&name, FORM)?;
            claim::bytes(&set, FORM)?;
        }
        Ok(Self { bytes, main, detached: sets })
    }

    /// Returns the names of the detached claims sets, in the order of the bundle.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.detached.iter().filter_map(|(name, _)| claim::text(&name, FORM).ok())
    }

    /// Reads the main token.
    ///
    /// # Errors
    ///
    /// [`Rule::BundleMainToken`] if nobody protects it, or it is not a token in CBOR; those of
    /// [`Token::decode`].
    pub fn main_token(&self, profile: &Profile) -> Result<Token<'a>, Error> {
        let broken = Error::broken(Rule::BundleMainToken, self.main.offset());
        if self.main.data_type() != Type::Bytes {
            return Err(broken);
        }
        let bytes = claim::bytes(&self.main, Rule::BundleMainToken)?;
        match Token::decode(bytes, profile) {
            Err(error) if error.rule().is_some_and(|rule| rule == Rule::Protected) => Err(broken),
            token => token.map_err(|error| error.within(self.content_offset(&self.main))),
        }
    }

    pub(crate) fn verify_main(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        let token = self.main_token(&context.profile)?;
        let start = self.content_offset(&self.main);
        token.verify(trust, requirements, context).map_err(|error| error.within(start))
    }

    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) const fn main_offset(&self) -> usize {
        self.main.offset()
    }

    pub(crate) fn find(&self, name: &str) -> Option<Raw<'a>> {
        self.detached.find_text(name)
    }

    /// Checks that there is a digest, and that one names each detached claims set.
    pub(crate) fn check_names(&self, submodules: &Submodules<'_>) -> Result<(), Error> {
        let is_digest = |value: &Raw<'_>| value.data_type() == Type::Array;
        let digests = submodules.iter().filter(|(_, value)| is_digest(value));
        if digests.count() == 0 {
            return Err(Error::broken(Rule::BundleDigest, self.main.offset()));
        }
        for (name, _) in &self.detached {
            let named = submodules.find(claim::text(&name, FORM)?);
            if !named.is_some_and(|value| is_digest(&value)) {
                return Err(Error::broken(Rule::BundleSurplus, name.offset()));
            }
        }
        Ok(())
    }

    /// Lets a digest vouch for a detached claims set, before the first byte of it is read.
    pub(crate) fn vouched(
        &self,
        digest: &Verified<Digest<'a>, Signers>,
        detached: &Raw<'a>,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        use cose_ext::error::{ErrorKind, Verification};
        let bytes = claim::bytes(detached, FORM)?;
        let set = digest.vouch_for_bytes(bytes, context).map_err(|error| match error.kind() {
            ErrorKind::Verification(Verification::DigestMismatch) => {
                Error::broken(Rule::DetachedDigest, detached.offset())
            }
            _ => error.into(),
        })?;
        let start = self.content_offset(detached);
        let claims = set.try_map_within(&context.profile, Claims::decode);
        claims.map_err(|error| error.within(start))
    }

    /// Returns where the content of a byte string starts.
    fn content_offset(&self, value: &Raw<'_>) -> usize {
        let content = claim::bytes(value, FORM).map_or(0, <[u8]>::len);
        value.offset().saturating_add(value.bytes().len().saturating_sub(content))
    }
}
