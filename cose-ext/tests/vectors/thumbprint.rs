//! Kind `cose-key-thumbprint`: a COSE_Key, and the digest that names it (RFC 9679).

use cose_ext::Profile;
use cose_ext::key::{CoseKey, THUMBPRINT_URI_PREFIX, Thumbprint, with_thumbprint_input};
use cose_ext::rustcrypto::Sha256;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let encoded = case.bytes()?;
    let key = match CoseKey::decode(&encoded, &Profile::LENIENT).and_then(|key| key.public_key()) {
        Ok(key) => key,
        Err(error) => return Ok(Outcome::refused(error.rule().map(|rule| rule.id()), error)),
    };
    let mut input = Vec::new();
    with_thumbprint_input(&key, &mut |parts| input = parts.concat())?;
    let thumbprint = Thumbprint::new(&key, &Sha256)?;
    let mut facts = Facts::new();
    facts.is_hex("thumbprint_input_hex", &input).is_hex("input_hex", &input);
    facts.is_hex("thumbprint_sha256", thumbprint.as_bytes());
    facts.is("uri", format!("{THUMBPRINT_URI_PREFIX}{}", base64url(thumbprint.as_bytes())));
    Ok(Outcome::Accepted(facts))
}

/// RFC 4648 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_usize, |word, byte| word << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[word >> (18 - 6 * digit) & 63]));
        }
    }
    text
}
