//! What a text among the submodules of a token in CBOR holds (RFC 9711 4.2.18.2).

use alloc::{string::String, vec::Vec};

use cose_ext::Profile;

use crate::{
    Error, JsonBundle, Path, Rule,
    claim::JsonSelector,
    eat_json,
    error::ErrorKind,
    json::{Json, decode_base64url},
};

/// A token, a bundle or a claims set in JSON within a token in CBOR: parsed, owned, untrusted,
/// whoever vouches for the text around it. A token is verified on its own, and what it says is not
/// bound to the token around it.
///
/// ```
/// use rats_eat::{Error, NestedJson, PartContent, Requirements, jws::Jws};
/// use rats_eat::cose_ext::{Context, Trust};
/// fn verify(
///     content: &PartContent<'_>,
///     trust: &Trust<'_>,
///     context: &Context<'_>,
/// ) -> Result<(), Error> {
///     let PartContent::Json(selector) = content else { return Ok(()) };
///     if let NestedJson::Jwt(text) = NestedJson::decode(selector.value(), &context.profile)? {
///         let jws = Jws::decode(&text, &context.profile)?;
///         let claims = jws.verify_eat(trust, &Requirements::DEFAULT, context)?;
///         println!("{:?}", claims.by());
///     }
///     Ok(())
/// }
/// ```
///
/// ```compile_fail,E0308
/// use rats_eat::{NestedJson, cose_ext::{Verified, sign::Signers}};
/// fn forge(nested: NestedJson) -> Verified<NestedJson, Signers> {
///     nested // nobody vouches for it
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NestedJson {
    /// A JWT in compact serialization.
    Jwt(String),
    /// A token in CBOR, with its tag.
    Cbor(Vec<u8>),
    /// A detached bundle.
    Bundle(JsonBundle),
    /// A claims set that nobody protects by itself, in deterministic CBOR.
    Unsecured(Vec<u8>),
}

impl NestedJson {
    /// Reads what `selector` holds.
    ///
    /// # Errors
    ///
    /// Those of reading JSON; [`Rule::JsonSelector`] for another form than that of its type;
    /// [`Rule::Base64Url`]; those of [`JsonBundle::decode`] and [`eat_json::to_cbor`].
    pub fn decode(selector: &JsonSelector<'_>, profile: &Profile) -> Result<Self, Error> {
        Self::of_text(selector.text, profile)
    }

    pub(crate) fn of_text(text: &str, profile: &Profile) -> Result<Self, Error> {
        let json = Json::decode(text.as_bytes(), profile)?;
        let form = Error::new(ErrorKind::Broken(Rule::JsonSelector));
        let Some([Json::Text(kind), value]) = json.as_array() else { return Err(form) };
        match (kind.as_str(), value) {
            ("JWT", Json::Text(token)) => Ok(Self::Jwt(token.clone())),
            ("CBOR", Json::Text(token)) => {
                let token = decode_base64url(token);
                let token = token.ok_or(Error::new(ErrorKind::Broken(Rule::Base64Url)))?;
                Ok(Self::Cbor(token))
            }
            ("BUNDLE", bundle) => JsonBundle::of(bundle).map(Self::Bundle),
            ("UJCS", Json::Object(_)) => {
                eat_json::claims_set(value, &Path::TOKEN, &mut |_| {}).map(Self::Unsecured)
            }
            _ => Err(form),
        }
    }
}
