//! An EAT submodule that is only a digest in the token, and stands elsewhere (RFC 9711 4.2.18.2).
//! Left out: every other kind of submodule.

use cose_ext::{
    Context, Input, Sign1, Verified,
    cbor::{Entries, Map, Reader},
    cwt::{ClaimKey, Claims},
    key::KeyResolver,
};

use crate::{Error, digest_pair::digest_pair};

/// The claims of a token whose signature holds.
///
/// # Errors
/// If it does not, or there are no claims in it.
pub fn claims<'t>(
    token: &'t [u8],
    keys: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<Verified<Claims<'t>>, Error> {
    let token = Sign1::decode(token, &context.profile)?;
    let signed = token.verify(&Input::embedded(), keys, context)?;
    Ok(signed.try_map_within(&context.profile, |signed, profile| {
        Claims::decode(signed.payload(), profile)
    })?)
}

/// The claims of the submodule `name`, which stand in `detached`: vouched for by whoever vouches
/// for the token.
///
/// # Errors
/// If the token has no digest under that name, or not the digest of `detached`.
pub fn detached_submodule<'d>(
    token: &Verified<Claims<'_>>,
    name: &str,
    detached: &'d [u8],
    context: &Context<'_>,
) -> Result<Verified<Claims<'d>>, Error> {
    let mut submodules = token.try_map(submodules)?.into_items();
    let submodule = submodules.find(|entry| entry.value().0.read(Reader::text) == Ok(name));
    let digest = submodule.ok_or(Error::Shape)?.try_map(|(_, value)| digest_pair(&value))?;
    let vouched = digest.vouch_for_bytes(detached, context)?;
    Ok(vouched.try_map_within(&context.profile, Claims::decode)?)
}

fn submodules<'t>(claims: Claims<'t>) -> Result<Entries<'t>, Error> {
    Ok(Map::new(&claims.find(ClaimKey::SUBMODS).ok_or(Error::Shape)?)?.iter())
}
