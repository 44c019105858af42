//! The container that links a manifest to a MUD file (draft-ietf-suit-mud-09 5).

use cose_ext::{
    Context, Digest,
    cbor::{Map, Raw, Reader},
    crypto::PublicKey,
    key::with_thumbprint_input,
};

use crate::{
    Error, Rule, digest,
    error::{Breaks, Fact},
    label::{mud, tag},
};

/// A MUD container: where the description of what the device does on the network is to be found,
/// and which key signs it. Borrowed from the manifest, which vouches for it.
///
/// The description itself (RFC 8520) is not read here, and its signature not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mud<'a> {
    url: &'a str,
    key: Digest<'a>,
}

impl<'a> Mud<'a> {
    /// Reads a MUD container, the content of the byte string that wraps it.
    ///
    /// # Errors
    ///
    /// [`Rule::MudForm`] if it is no map of exactly a URL and a digest, if the URL has another tag
    /// than 32, or another scheme than https (RFC 8520 5); those of digests.
    pub fn read(raw: Raw<'a>) -> Result<Self, Error> {
        let (mut url, mut key) = (None, None);
        for (label, value) in &Map::new(&raw).breaks(Rule::MudForm)? {
            match label.read(Reader::int).breaks(Rule::MudForm)?.to_i64() {
                Some(mud::URL) => url = Some(https_url(&value)?),
                Some(mud::SKI) => key = Some(digest::read(&value)?),
                label => {
                    let fact = label.map_or(Fact::None, Fact::Label);
                    return Err(Error::malformed(Rule::MudForm, fact, value.offset()));
                }
            }
        }
        match (url, key) {
            (Some(url), Some(key)) => Ok(Self { url, key }),
            _ => Err(Error::malformed(Rule::MudForm, Fact::None, raw.offset())),
        }
    }

    /// Returns where the MUD file is to be found: a URL of the scheme https, of which nothing else
    /// was looked at.
    #[must_use]
    pub const fn url(&self) -> &'a str {
        self.url
    }

    /// Returns the thumbprint of the key that signs the MUD file (RFC 9679).
    #[must_use]
    pub const fn key_thumbprint(&self) -> Digest<'a> {
        self.key
    }

    /// Returns whether `key` is the one that signs the MUD file: whether it has the thumbprint, by
    /// the hash function that the container names. A MUD manager asks this of the key whose
    /// signature it has verified.
    ///
    /// # Errors
    ///
    /// If the provider does not have the hash function; those of [`with_thumbprint_input`], a
    /// compressed point among them.
    pub fn names_key(&self, key: &PublicKey<'_>, context: &Context<'_>) -> Result<bool, Error> {
        let mut computed = None;
        with_thumbprint_input(key, &mut |input| {
            computed = Some(context.hash(self.key.algorithm(), input));
        })?;
        let computed = computed.transpose()?;
        Ok(computed.is_some_and(|computed| computed.as_ref() == self.key.value()))
    }
}

/// Reads a URL with its tag, and checks the scheme.
fn https_url<'a>(value: &Raw<'a>) -> Result<&'a str, Error> {
    let text = value.under_tag(tag::URI).breaks(Rule::MudForm)?;
    let url = text.read(Reader::text).breaks(Rule::MudForm)?;
    let (scheme, rest) = url.split_at_checked(SCHEME.len()).unwrap_or_default();
    if scheme.eq_ignore_ascii_case(SCHEME) && !rest.is_empty() {
        Ok(url)
    } else {
        Err(Error::malformed(Rule::MudForm, Fact::None, text.offset()))
    }
}

/// What a MUD URL begins with (RFC 8520 5).
const SCHEME: &str = "https://";
