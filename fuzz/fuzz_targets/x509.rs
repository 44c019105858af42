//! Certificates, paths over them and timestamp tokens. What is read lies in the input, and no path is found to an anchor
//! that did not sign.
#![no_main]

use cose_ext::timestamp::TimestampToken;
use cose_ext::x509::Certificate;
use cose_ext::{Context, rustcrypto::RustCrypto};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(certificate) = Certificate::decode(bytes) {
        let parts = [certificate.issuer(), certificate.subject(), certificate.public_key_info()];
        let within = |part: &[u8]| part.is_empty() || bytes.as_ptr_range().contains(&part.as_ptr());
        assert!(parts.iter().all(|part| within(part)));
        assert_eq!(certificate.der(), bytes);
        let _ = (certificate.not_before(), certificate.not_after(), certificate.key_usage());
        let _ = certificate.public_key().is_ok();
        assert!(!format!("{certificate:?}").is_empty());
    }
    if let Ok(token) = TimestampToken::decode(bytes) {
        let _ = token.imprint_algorithm();
        // Nobody made a token of these bytes: a digest of them is in no input.
        let context = Context::new(&RustCrypto);
        assert!(token.check_imprint(&[b"never stamped", bytes], &context).is_err());
    }
});
