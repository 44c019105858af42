//! Ciphers that authenticate nothing (RFC 9459).

use cose_ext::crypto::Algorithm;
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::error::{Error, Misuse, Policy};
use cose_ext::recipient::RecipientBuilder;
use cose_ext::recipient::Sealer;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Encrypt, Encrypt0, Input, Label, Profile, Rule};
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::{KEY_16, KEY_32, context, h, held, symmetric};

const IMAGE: &[u8] = b"an image whose digest is signed elsewhere";
const IV: [u8; 16] = [9; 16];

fn algorithms() -> [(Algorithm, &'static [u8]); 6] {
    [
        (Algorithm::A128CTR, &KEY_16),
        (Algorithm::A192CTR, &[0x24; 24]),
        (Algorithm::A256CTR, &KEY_32),
        (Algorithm::A128CBC, &KEY_16),
        (Algorithm::A192CBC, &[0x24; 24]),
        (Algorithm::A256CBC, &KEY_32),
    ]
}

fn made(algorithm: Algorithm, key: &'static [u8]) -> Vec<u8> {
    let builder = Encrypt0Builder::new().iv(&IV);
    builder.encrypt_unauthenticated(algorithm, IMAGE, &symmetric(key)).unwrap()
}

#[test]
fn c62_they_decrypt_through_a_call_that_says_so() {
    for (algorithm, key) in algorithms() {
        let bytes = made(algorithm, key);
        let message = Encrypt0::decode(&bytes, &Profile::LENIENT).unwrap();
        let mut buffer = vec![0; message.ciphertext().unwrap().len()];
        let plaintext = message
            .decrypt_unauthenticated(Input::embedded(), &held(key), &context(), &mut buffer)
            .unwrap();
        assert_eq!(plaintext.into_unauthenticated(), IMAGE, "{algorithm}");
    }
}

#[test]
fn c62_they_do_not_decrypt_through_any_other() {
    for (algorithm, key) in algorithms() {
        let bytes = made(algorithm, key);
        let message = Encrypt0::decode(&bytes, &Profile::LENIENT).unwrap();
        let mut buffer = [0; 64];
        let verdict = message.decrypt(Input::embedded(), &held(key), &context(), &mut buffer);
        let error = breaks(Rule::Unauthenticated, verdict);
        assert_eq!(error, Error::from(Policy::UnauthenticatedCipher(algorithm)));
        assert_eq!(buffer, [0; 64]);
    }
}

#[test]
fn c62_an_authenticated_cipher_is_not_decrypted_without_its_tag() {
    let bytes = Encrypt0Builder::new()
        .iv(&[1; 12])
        .encrypt(Algorithm::A128GCM, IMAGE, &symmetric(&KEY_16))
        .unwrap();
    let message = Encrypt0::decode(&bytes, &Profile::LENIENT).unwrap();
    let mut buffer = [0; 64];
    let verdict =
        message.decrypt_unauthenticated(Input::embedded(), &held(&KEY_16), &context(), &mut buffer);
    let expected = Error::from(Misuse::AuthenticatedCipher(Algorithm::A128GCM));
    assert_eq!(verdict.unwrap_err(), expected);
}

#[test]
fn c62_there_are_no_protected_parameters_and_no_external_data() {
    let builder = Encrypt0Builder::new().iv(&IV).protected(Label::CONTENT_TYPE, 0);
    let refused = builder.encrypt_unauthenticated(Algorithm::A128CTR, IMAGE, &symmetric(&KEY_16));
    breaks(Rule::Unauthenticated, refused);

    // A128CTR is -65534, 39fffd.
    let protected = h("83 43a10300 a2 0139fffd 0550 09090909090909090909090909090909 4100");
    let message = Encrypt0::decode(&protected, &Profile::LENIENT).unwrap();
    let decrypt = |message: &Encrypt0<'_>, input: &Input<'_, '_>| {
        let mut buffer = [0; 64];
        message.decrypt_unauthenticated(input, &held(&KEY_16), &context(), &mut buffer).map(|_| ())
    };
    breaks(Rule::Unauthenticated, decrypt(&message, &Input::embedded()));

    let bytes = made(Algorithm::A128CTR, &KEY_16);
    let message = Encrypt0::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(decrypt(&message, &Input::embedded()), Ok(()));
    breaks(Rule::Unauthenticated, decrypt(&message, &Input::embedded().with_external_aad(b"lost")));
}

#[test]
fn c62_external_data_is_refused_when_making_as_well() {
    let key = symmetric(&KEY_16);
    let made = EncryptBuilder::new().iv(&IV).external_aad(b"lost").encrypt_unauthenticated(
        Algorithm::A128CTR,
        IMAGE,
        &[RecipientBuilder::key_wrap(Algorithm::A128KW, &key)],
        &mut Sealer::new(&RustCrypto, &mut seeded(3)),
    );
    breaks(Rule::Unauthenticated, made);
}

#[test]
fn c62_with_recipients_as_well() {
    let key = symmetric(&KEY_16);
    let bytes = EncryptBuilder::new()
        .iv(&IV)
        .encrypt_unauthenticated(
            Algorithm::A128CTR,
            IMAGE,
            &[RecipientBuilder::key_wrap(Algorithm::A128KW, &key)],
            &mut Sealer::new(&RustCrypto, &mut seeded(3)),
        )
        .unwrap();
    let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
    let mut buffer = [0; 64];
    let plaintext = message
        .decrypt_unauthenticated(Input::embedded(), &held(&KEY_16), &context(), &mut buffer)
        .unwrap();
    assert_eq!(plaintext.into_unauthenticated(), IMAGE);
    let verdict = message.decrypt(Input::embedded(), &held(&KEY_16), &context(), &mut buffer);
    breaks(Rule::Unauthenticated, verdict);
}
