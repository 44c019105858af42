//! Signing.

use alloc::{format, string::String, vec};

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::crypto::{SignError, Signer};

use super::algorithm;
use crate::{Error, Rule, error::ErrorKind};

/// Signs `payload`, JSON as a rule, and returns the JWS: the header has `alg`, `typ` JWT, and `kid`
/// where one is given.
///
/// # Errors
///
/// [`Rule::JwsAlgorithm`] if JOSE has no name for the algorithm of the signer; and if it fails.
pub fn sign(payload: &[u8], key_id: Option<&str>, signer: &dyn Signer) -> Result<String, Error> {
    let name = algorithm::name_of(signer.algorithm());
    let name = name.ok_or(Error::new(ErrorKind::Broken(Rule::JwsAlgorithm)))?;
    let key_id = key_id.map(|key_id| format!(",\"kid\":{}", crate::json::Quoted(key_id)));
    let header = format!("{{\"alg\":\"{name}\",\"typ\":\"JWT\"{}}}", key_id.unwrap_or_default());
    let encode = |part: &[u8]| Base64UrlUnpadded::encode_string(part);
    let signed = format!("{}.{}", encode(header.as_bytes()), encode(payload));
    let mut signature = vec![0; signer.signature_len()];
    let len = signer.sign(&[signed.as_bytes()], &mut signature).map_err(failed)?;
    let signature = signature.get(..len).unwrap_or_default();
    Ok(format!("{signed}.{}", encode(signature)))
}

fn failed(error: SignError) -> Error {
    cose_ext::Error::from(error).into()
}
