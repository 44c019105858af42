//! Certificates beside a signature (RFC 9360 2, section 4.6 of TEEP).

use alloc::vec::Vec;

use cose_ext::{Authenticated, MapBuilder, Profile, header::Headers};

use crate::{Error, Misuse, Rule, Suite};

/// Returns `message`, as [`Draft::sign`](crate::Draft::sign) made it, with the certificates of the
/// key that signed under `suite`: the end entity's first, each in DER.
///
/// They stand as `x5chain` in the unprotected header of that signature. Nothing depends on them but
/// the search for the key: the receiver builds a path from them to its own anchors with
/// [`CertificationPaths`](cose_ext::x509::CertificationPaths) as its trust, and an Agent that finds
/// none answers BAD_CERTIFICATE, or CERTIFICATE_EXPIRED at a time when they are not valid.
///
/// # Errors
///
/// `Malformed` for bytes that are no signed message; `Misuse` with `Signers` if it has no signature
/// under `suite`, and without a certificate.
pub fn with_certificates(message: &[u8], suite: Suite, chain: &[&[u8]]) -> Result<Vec<u8>, Error> {
    let no_signer = Error::misuse(Misuse::Signers);
    let is_of_suite = |headers: &Headers<'_>| headers.algorithm() == Ok(suite.algorithm());
    match Authenticated::decode_tagged(message, &Profile::LENIENT)? {
        Authenticated::Sign1(message) => {
            let headers = message.headers();
            if !is_of_suite(headers) {
                return Err(no_signer);
            }
            Ok(message.with_unprotected(&bucket(headers, chain)?)?)
        }
        Authenticated::Sign(message) => {
            let mut signatures = message.signatures().iter().enumerate();
            let found = signatures.find(|(_, signature)| is_of_suite(signature.headers()));
            let (index, signature) = found.ok_or(no_signer)?;
            let unprotected = bucket(signature.headers(), chain)?;
            Ok(message.with_unprotected_in_signature(index, &unprotected)?)
        }
        _ => Err(Error::malformed(Rule::MessageForm, 0)),
    }
}

/// The unprotected bucket of a signature with its certificates.
fn bucket(headers: &Headers<'_>, chain: &[&[u8]]) -> Result<MapBuilder, Error> {
    if chain.is_empty() {
        return Err(Error::misuse(Misuse::Signers));
    }
    Ok(headers.unprotected().to_builder().x5chain(chain))
}
