//! Certificates, paths over them and timestamp tokens. What is read lies in the input; a path ends at an anchor that is
//! trusted, whose signatures are real, and at a time at which it is valid; nothing is stamped but what was hashed.
#![no_main]

#[path = "x509/messages.rs"]
mod messages;
#[path = "x509/paths.rs"]
mod paths;

use cose_ext::crypto::Algorithm;
use cose_ext::timestamp::TimestampToken;
use cose_ext::x509::Certificate;
use cose_ext::{Context, Sign1, rustcrypto::RustCrypto};
use libfuzzer_sys::fuzz_target;

// One certificate or token, several certificates one after the other, or a message that has some in its header.
fuzz_target!(|bytes: &[u8]| {
    if let Ok(certificate) = Certificate::decode(bytes) {
        read(bytes, &certificate);
    }
    if let Ok(token) = TimestampToken::decode(bytes) {
        stamped(bytes, &token);
    }
    let parts = elements(bytes);
    if Certificate::decode(parts.first().copied().unwrap_or_default()).is_ok() {
        paths::search(&parts);
        messages::signed_under(&parts);
    }
    if let Ok(message) = Sign1::decode(bytes, &cose_ext::Profile::LENIENT) {
        messages::look_at(&message, &[]);
    }
});

fn read(bytes: &[u8], certificate: &Certificate<'_>) {
    let parts = [certificate.issuer(), certificate.subject(), certificate.public_key_info()];
    let within = |part: &[u8]| part.is_empty() || bytes.as_ptr_range().contains(&part.as_ptr());
    assert!(parts.iter().all(|part| within(part)));
    assert_eq!(certificate.der(), bytes);
    let _ = (certificate.not_before(), certificate.not_after());
    let _ =
        certificate.key_usage().map(|usage| (usage.signs_messages(), usage.signs_certificates()));
    if let Ok(key) = certificate.public_key() {
        for algorithm in [Algorithm::ES256, Algorithm::PS256, Algorithm::ML_DSA_44] {
            let chosen = certificate.public_key_for(algorithm);
            assert!(chosen.is_err() || chosen.is_ok_and(|chosen| chosen.material == key.material));
        }
    }
    assert!(!format!("{certificate:?}").is_empty());
}

/// A token is of the bytes that its digest is of, and of no others.
fn stamped(bytes: &[u8], token: &TimestampToken<'_>) {
    let context = Context::new(&RustCrypto);
    let info = token.danger_unverified_info();
    let _ = (info.time(), info.has_fraction(), info.policy(), info.serial_number());
    assert_eq!(token.der(), bytes);
    // Nobody made a token of these bytes: a digest of them is in no input.
    let covered = [&b"never stamped"[..], bytes];
    assert!(token.check_imprint(&covered, &context).is_err());
    let Some(algorithm) = token.imprint_algorithm() else { return };
    let Ok(digest) = context.hash(algorithm, &covered) else { return };
    let place = token.hashed_message().as_ptr().addr() - bytes.as_ptr().addr();
    if token.hashed_message().len() != digest.as_ref().len() {
        return;
    }
    let mut true_token = bytes.to_vec();
    true_token[place..place + digest.as_ref().len()].copy_from_slice(digest.as_ref());
    let token = TimestampToken::decode(&true_token).expect("only the digest is another");
    let found = token.check_imprint(&covered, &context).is_ok();
    assert_eq!(found, algorithm != Algorithm::SHA1, "{algorithm}");
    messages::with_timestamp(&true_token, &covered.concat(), found);
}

/// The elements of DER that the input starts with.
fn elements(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while found.len() < 20 {
        let (head, len) = match bytes {
            [0x30, len @ ..=0x7f, ..] => (2, usize::from(*len)),
            [0x30, 0x81, len, ..] => (3, usize::from(*len)),
            [0x30, 0x82, high, low, ..] => (4, usize::from(u16::from_be_bytes([*high, *low]))),
            _ => break,
        };
        let Some((element, rest)) = bytes.split_at_checked(head + len) else { break };
        found.push(element);
        bytes = rest;
    }
    found
}
