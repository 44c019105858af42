//! Authenticated encryption.

use cose_ext::crypto::{Algorithm, BufferTooShort};
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::error::Error;
use cose_ext::{Encrypt0, Input, OpenInput, Profile, Rule, Supplied};

use crate::expect::breaks;
use crate::keys::{KEY_16, KEY_32, SHARED, context, h, held, symmetric};

const PLAINTEXT: &[u8] = b"what nobody else may read";
const KEY_24: [u8; 24] = [0x24; 24];

/// Every cipher that authenticates, and a key of its length.
fn algorithms() -> [(Algorithm, &'static [u8]); 12] {
    [
        (Algorithm::A128GCM, &KEY_16),
        (Algorithm::A192GCM, &KEY_24),
        (Algorithm::A256GCM, &KEY_32),
        (Algorithm::AES_CCM_16_64_128, &KEY_16),
        (Algorithm::AES_CCM_16_64_256, &KEY_32),
        (Algorithm::AES_CCM_64_64_128, &KEY_16),
        (Algorithm::AES_CCM_64_64_256, &KEY_32),
        (Algorithm::AES_CCM_16_128_128, &KEY_16),
        (Algorithm::AES_CCM_16_128_256, &KEY_32),
        (Algorithm::AES_CCM_64_128_128, &KEY_16),
        (Algorithm::AES_CCM_64_128_256, &KEY_32),
        (Algorithm::CHACHA20_POLY1305, &KEY_32),
    ]
}

fn nonce(algorithm: Algorithm) -> Vec<u8> {
    (1..).take(algorithm.nonce_len().unwrap()).collect()
}

fn encrypted(algorithm: Algorithm, key: &'static [u8], aad: &[u8]) -> Vec<u8> {
    Encrypt0Builder::new()
        .iv(&nonce(algorithm))
        .key_id(b"shared")
        .external_aad(aad)
        .encrypt(algorithm, PLAINTEXT, &symmetric(key))
        .unwrap()
}

fn decrypt<'p, 's>(
    bytes: &[u8],
    input: impl Into<OpenInput<'p, 's>>,
    key: &'static [u8],
) -> Result<Vec<u8>, Error> {
    let message = Encrypt0::decode(bytes, &Profile::LENIENT)?;
    let mut buffer = vec![0; message.ciphertext().map_or(64, <[u8]>::len)];
    let verdict = message.decrypt(input, &held(key), &context(), &mut buffer);
    let verdict = verdict.map(|verified| {
        assert_eq!(verified.by().identity(), SHARED);
        verified.value().payload().to_vec()
    });
    if verdict.is_err() {
        assert!(buffer.iter().all(|byte| *byte == 0), "something was released");
    }
    verdict
}

#[test]
fn c53_every_cipher_that_is_used_decrypts() {
    for (algorithm, key) in algorithms() {
        let bytes = encrypted(algorithm, key, b"aad");
        let input = Input::embedded().with_external_aad(b"aad");
        assert_eq!(decrypt(&bytes, input, key).as_deref(), Ok(PLAINTEXT), "{algorithm}");
        breaks(Rule::DecryptedAfterTag, decrypt(&bytes, Input::embedded(), key));
    }
}

#[test]
fn c53_nothing_is_released_of_a_message_that_was_changed() {
    for (algorithm, key) in algorithms() {
        let bytes = encrypted(algorithm, key, b"");
        // Of the unprotected bucket, the kid may change.
        let kid = bytes.windows(6).position(|window| window == b"shared").unwrap();
        for at in (0..bytes.len()).filter(|at| !(kid - 2..kid + 6).contains(at)) {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let verdict = decrypt(&changed, Input::embedded(), key);
                assert!(verdict.is_err(), "{algorithm}: byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn c53_a_wrong_key_opens_nothing() {
    let bytes = encrypted(Algorithm::A256GCM, &KEY_32, b"");
    breaks(Rule::DecryptedAfterTag, decrypt(&bytes, Input::embedded(), &[0x33; 32]));
}

#[test]
fn c53_a_ciphertext_shorter_than_its_tag_is_refused() {
    for len in 0..16_u8 {
        let ciphertext = vec![0; usize::from(len)];
        let bytes =
            [&h("83 43a10103 a1054c 000102030405060708090a0b")[..], &[0x40 + len], &ciphertext]
                .concat();
        breaks(Rule::DecryptedAfterTag, decrypt(&bytes, Input::embedded(), &KEY_32));
    }
}

#[test]
fn c54_a_nonce_has_the_length_of_its_algorithm() {
    for len in (0..20).filter(|len| *len != 12) {
        let iv = vec![7; len];
        let head = cose_ext::cbor::Head::bytes(len);
        let bytes = [&h("83 43a10103 a105")[..], head.as_bytes(), &iv, &[0x50], &[0; 16]].concat();
        breaks(Rule::NonceForm, decrypt(&bytes, Input::embedded(), &KEY_32));
        let made = Encrypt0Builder::new().iv(&iv).encrypt(
            Algorithm::A256GCM,
            PLAINTEXT,
            &symmetric(&KEY_32),
        );
        breaks(Rule::NonceForm, made);
    }
    let none = h("83 43a10103 a0 50 00000000000000000000000000000000");
    breaks(Rule::NonceForm, decrypt(&none, Input::embedded(), &KEY_32));
}

#[test]
fn c54_a_partial_iv_needs_the_context_iv() {
    let context_iv: Vec<u8> = (100..112).collect();
    let bytes = Encrypt0Builder::new()
        .partial_iv(&[0x61, 0xa7], &context_iv)
        .encrypt(Algorithm::A128GCM, PLAINTEXT, &symmetric(&KEY_16))
        .unwrap();
    let input = Input::embedded();
    let with = OpenInput::from(input).with_context_iv(&context_iv);
    assert_eq!(decrypt(&bytes, with, &KEY_16).as_deref(), Ok(PLAINTEXT));
    breaks(Rule::NonceForm, decrypt(&bytes, input, &KEY_16));
    breaks(Rule::NonceForm, decrypt(&bytes, with.with_context_iv(&context_iv[1..]), &KEY_16));
    let long =
        h("83 43a10101 a1064d 00000000000000000000000000 50 00000000000000000000000000000000");
    breaks(Rule::NonceForm, decrypt(&long, with, &KEY_16));
    let made = Encrypt0Builder::new().partial_iv(&[1; 13], &context_iv);
    breaks(Rule::NonceForm, made.encrypt(Algorithm::A128GCM, PLAINTEXT, &symmetric(&KEY_16)));
    // The whole nonce is the context IV with the partial one, padded on the left (RFC 9052 3.1).
    let mut whole = context_iv.clone();
    whole[10] ^= 0x61;
    whole[11] ^= 0xa7;
    let same = Encrypt0Builder::new()
        .iv(&whole)
        .encrypt(Algorithm::A128GCM, PLAINTEXT, &symmetric(&KEY_16))
        .unwrap();
    let ciphertext = |bytes: &[u8]| {
        Encrypt0::decode(bytes, &Profile::LENIENT).unwrap().ciphertext().unwrap().to_vec()
    };
    assert_eq!(ciphertext(&same), ciphertext(&bytes));
}

#[test]
fn c19_a_detached_ciphertext_is_given_by_name() {
    let made = Encrypt0Builder::new()
        .iv(&nonce(Algorithm::A128GCM))
        .encrypt_detached(Algorithm::A128GCM, PLAINTEXT, &symmetric(&KEY_16))
        .unwrap();
    let input = Input::detached(&made.ciphertext);
    assert_eq!(decrypt(&made.message, input, &KEY_16).as_deref(), Ok(PLAINTEXT));
    breaks(Rule::PayloadNamed, decrypt(&made.message, Input::embedded(), &KEY_16));
}

#[test]
fn c53_a_buffer_that_is_too_short_says_what_suffices() {
    let bytes = encrypted(Algorithm::A128GCM, &KEY_16, b"");
    let message = Encrypt0::decode(&bytes, &Profile::LENIENT).unwrap();
    let mut short = [0; 24];
    let error =
        message.decrypt(Input::embedded(), &held(&KEY_16), &context(), &mut short).unwrap_err();
    assert_eq!(error, Error::from(BufferTooShort { needed: PLAINTEXT.len() }));
    let mut exact = [0; 25];
    assert!(message.decrypt(Input::embedded(), &held(&KEY_16), &context(), &mut exact).is_ok());
}

#[test]
fn c10_an_authenticated_cipher_is_named_in_the_protected_bucket() {
    let bytes =
        h("83 40 a2 0101 054c 000102030405060708090a0b 50 00000000000000000000000000000000");
    breaks(Rule::AlgorithmProtected, Encrypt0::decode(&bytes, &Profile::LENIENT));
}

#[test]
fn c7_an_empty_protected_bucket_enters_the_enc_structure_as_nothing() {
    let structure = |bytes: &[u8]| {
        let message = Encrypt0::decode(bytes, &Profile::LENIENT).unwrap();
        message.enc_structure(&Supplied::NOTHING, &Profile::LENIENT).parts().concat()
    };
    // A128CTR is -65534.
    let (empty, map) = (h("83 40 a1 0139fffd 4100"), h("83 41a0 a1 0139fffd 4100"));
    assert_eq!(structure(&empty), h("83 68456e637279707430 40 40"));
    assert_eq!(structure(&empty), structure(&map));
}
