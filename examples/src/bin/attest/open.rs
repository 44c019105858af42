//! A file that the user names.

use cose_ext::{
    Context, Profile, Trust,
    key::{Jwk, OwnedTrustStore, OwnedTrustedKey},
    rustcrypto::RustCrypto,
};
use rats_eat::{
    Bundle, Claims, Error, JsonBundle, OwnedClaims, Requirements, Token, Tree, Uccs, UnboundIssuer,
    cca::CcaToken, jws::Jws,
};

use crate::{Trouble, show};

const LENIENT: &Profile = &Profile::LENIENT;

/// Whoever names the keys says whom to believe: an issuer is taken as the signer's word.
const REQUIREMENTS: Requirements<'static> =
    Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);

pub(crate) fn file(path: &str, keys: &[String]) -> Result<(), Trouble> {
    let bytes = read(path)?;
    println!("{path}: {} bytes", bytes.len());
    let context = Context::new(&RustCrypto);
    let mut store = OwnedTrustStore::new();
    for path in keys {
        store.add(OwnedTrustedKey::from_jwk(&Jwk::decode(&read(path)?)?, &context)?);
    }
    if keys.is_empty() {
        return unverified(&bytes);
    }
    let trust = Trust::keys(&store);
    if let Ok(token) = CcaToken::decode(&bytes, LENIENT) {
        let evidence = token.verify(&trust, &REQUIREMENTS, &context)?;
        for (name, claims) in [("platform", evidence.platform), ("realm", evidence.realm)] {
            println!("{name}: vouched for by its own signature");
            show::claims(claims.value(), "");
        }
        return Ok(());
    }
    show::tree(&verified(&bytes, &trust, &context)?)
}

fn read(path: &str) -> Result<Vec<u8>, Trouble> {
    Ok(std::fs::read(path).map_err(|error| format!("{path}: {error}"))?)
}

/// Tells by the first bytes what it is, as a web server would by a media type.
fn verified(bytes: &[u8], trust: &Trust<'_>, context: &Context<'_>) -> Result<Tree, Error> {
    match core::str::from_utf8(bytes).map(str::trim) {
        Ok(text) if text.starts_with('[') => {
            JsonBundle::decode(text.as_bytes(), LENIENT)?.verify_all(trust, &REQUIREMENTS, context)
        }
        Ok(text) if text.starts_with("ey") => {
            Jws::decode(text, LENIENT)?.verify_all(trust, &REQUIREMENTS, context)
        }
        _ => match Bundle::decode(bytes, LENIENT) {
            Ok(bundle) => bundle.verify_all(trust, &REQUIREMENTS, context),
            Err(_) => Token::decode(bytes, LENIENT)?.verify_all(trust, &REQUIREMENTS, context),
        },
    }
}

/// Shows claims for which nobody vouches.
fn unverified(bytes: &[u8]) -> Result<(), Trouble> {
    println!("no key was named: nobody vouches for any of this");
    let text = core::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
    if text.starts_with("ey") {
        let payload = Jws::decode(text, LENIENT)?.danger_unverified_payload()?;
        let claims = OwnedClaims::from_json(&payload, LENIENT)?;
        show::claims(&claims.claims(LENIENT)?, "");
    } else if text.starts_with('{') {
        show::claims(&OwnedClaims::from_json(text.as_bytes(), LENIENT)?.claims(LENIENT)?, "");
    } else if let Ok(uccs) = Uccs::decode(bytes, LENIENT) {
        show::claims(uccs.danger_unsecured_claims(), "");
    } else if let Ok(bundle) = Bundle::decode(bytes, LENIENT) {
        let main = bundle.main_token(LENIENT)?;
        show::claims(&main.danger_unverified_claims(LENIENT)?, "");
        bundle.names().for_each(|name| println!("  detached: {name}"));
    } else if let Ok(token) = CcaToken::decode(bytes, LENIENT) {
        show::claims(&token.platform().danger_unverified_claims(LENIENT)?, "");
    } else if let Ok(token) = Token::decode(bytes, LENIENT) {
        show::claims(&token.danger_unverified_claims(LENIENT)?, "");
    } else {
        show::claims(&Claims::decode(bytes, LENIENT)?, "");
    }
    Ok(())
}
