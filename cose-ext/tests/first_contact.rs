//! A stranger's first verification: a key from `openssl ec -pubout` and a COSE file in hand.
//!
//! `key.pem` and the signature in `message.cose` were made by OpenSSL.

mod stranger {
    // first lines
    use cose_ext::key::{Pem, TrustedKey};
    use cose_ext::{Context, Input, Sign1, rustcrypto::RustCrypto};

    pub(crate) fn verify(pem: &[u8], message: &[u8]) -> Result<Vec<u8>, cose_ext::Error> {
        let context = Context::new(&RustCrypto);
        let key = Pem::decode(pem)?;
        let key = TrustedKey::new(key.public_key()?, &context)?;
        let message = Sign1::decode(message, &context.profile)?;
        let verified = message.verify(&Input::embedded(), &key, &context)?;
        Ok(verified.value().payload().to_vec())
    }
    // last lines
}

const KEY: &[u8] = include_bytes!("first_contact/key.pem");
const MESSAGE: &[u8] = include_bytes!("first_contact/message.cose");

#[test]
fn a_message_verifies_with_a_key_from_openssl() {
    assert_eq!(stranger::verify(KEY, MESSAGE).unwrap(), b"signed with openssl");
}

#[test]
fn a_message_that_was_changed_is_refused() {
    let mut changed = MESSAGE.to_vec();
    let place = changed.windows(6).position(|bytes| bytes == b"signed").unwrap();
    changed[place] ^= 1;
    let error = stranger::verify(KEY, &changed).unwrap_err();
    // A trusted key that the message does not name says nothing of who made the message.
    assert_eq!(error.rule().map(|rule| rule.id), Some("C93"));
}

#[test]
fn it_takes_twelve_lines_at_most() {
    let source = include_str!("first_contact.rs");
    let lines = source
        .lines()
        .skip_while(|line| line.trim() != "// first lines")
        .skip(1)
        .take_while(|line| line.trim() != "// last lines")
        .filter(|line| !line.trim().is_empty());
    let count = lines.count();
    assert!((1..=12).contains(&count), "{count} lines");
}
