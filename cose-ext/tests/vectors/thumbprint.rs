//! Kind `cose-key-thumbprint`: a COSE_Key, and the digest that names it (RFC 9679).

use cose_ext::crypto::PublicKey;
use cose_ext::key::{CoseKey, Thumbprint, ThumbprintUri, with_thumbprint_input};
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Error, Profile};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let encoded = case.bytes()?;
    let key = match read(&encoded) {
        Ok(key) => key,
        Err(error) => return Ok(Outcome::refused(error.rule().map(|rule| rule.id), error)),
    };
    let mut input = Vec::new();
    with_thumbprint_input(&key, &mut |parts| input = parts.concat())?;
    let thumbprint = Thumbprint::new(&key, &Sha256)?;
    let mut facts = Facts::new();
    facts.is_hex("thumbprint_input_hex", &input).is_hex("input_hex", &input);
    facts.is_hex("thumbprint_sha256", thumbprint.as_bytes());
    facts.is("uri", ThumbprintUri(thumbprint).to_string());
    Ok(Outcome::Accepted(facts))
}

/// Reads the key with its identifier, which is malformed if it is no byte string.
fn read(encoded: &[u8]) -> Result<PublicKey<'_>, Error> {
    let key = CoseKey::decode(encoded, &Profile::LENIENT)?;
    let _ = key.key_id()?;
    key.public_key()
}
