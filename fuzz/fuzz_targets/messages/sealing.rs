//! Messages that are made for the receivers of `fuzz::with_secrets`, as the input chooses, and opened by them.

use cose_ext::crypto::{Algorithm, KeyAgreement, PublicKey, SecretProvider};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::{RecipientBuilder, Sealer};
use cose_ext::{Content, Context, Encrypt, Encrypt0, Input, Label, Mac, Mac0, OpenInput, Profile};
use fuzz::{AGREEING, Accept, Chosen, agreeing_key, private_key, symmetric, with_secrets};
use rand_core::Rng;

const PLAINTEXT: &[u8] = b"what nobody else may read";
const CONTENTS: [Algorithm; 10] = [
    Algorithm::HMAC_256,
    Algorithm::HMAC_256_64,
    Algorithm::HMAC_512,
    Algorithm::AES_MAC_128_64,
    Algorithm::A128GCM,
    Algorithm::A256GCM,
    Algorithm::AES_CCM_16_64_128,
    Algorithm::CHACHA20_POLY1305,
    Algorithm::A128CTR,
    Algorithm::A128CBC,
];
const WRAPS: [Algorithm; 3] = [Algorithm::A128KW, Algorithm::A192KW, Algorithm::A256KW];
const DERIVATIONS: [Algorithm; 4] = [
    Algorithm::DIRECT_HKDF_SHA_256,
    Algorithm::DIRECT_HKDF_SHA_512,
    Algorithm::DIRECT_HKDF_AES_128,
    Algorithm::DIRECT_HKDF_AES_256,
];
const EPHEMERAL: [Algorithm; 5] = [
    Algorithm::ECDH_ES_HKDF_256,
    Algorithm::ECDH_ES_HKDF_512,
    Algorithm::ECDH_ES_A128KW,
    Algorithm::ECDH_ES_A192KW,
    Algorithm::ECDH_ES_A256KW,
];
const STATIC: [Algorithm; 5] = [
    Algorithm::ECDH_SS_HKDF_256,
    Algorithm::ECDH_SS_HKDF_512,
    Algorithm::ECDH_SS_A128KW,
    Algorithm::ECDH_SS_A192KW,
    Algorithm::ECDH_SS_A256KW,
];

fn one_of<T: Copy>(all: &[T], choices: &mut Chosen<'_>) -> T {
    all[choices.next_u32() as usize % all.len()]
}

/// What was sealed opens, to whom it was sealed for.
pub fn seal(bytes: &[u8]) {
    let mut choices = Chosen::by(bytes);
    let algorithm = one_of(&CONTENTS, &mut choices);
    single(algorithm, &mut choices);
    let own = private_key(one_of(&AGREEING, &mut choices));
    let lent = Accept::ALL.with_key_agreement(&own, &mut |own: &dyn KeyAgreement| {
        let mut peer = None;
        own.with_public_key(&mut |_: &PublicKey<'_>| {
            peer = own.profile().curve.and_then(agreeing_key)
        });
        if let Some(peer) = peer {
            several(algorithm, own, peer, &mut choices);
        }
    });
    lent.expect("every key is good");
}

fn single(algorithm: Algorithm, choices: &mut Chosen<'_>) {
    let key = symmetric(algorithm.key_len().unwrap_or(16));
    let iv = vec![3; algorithm.nonce_len().unwrap_or(0)];
    let context = Context::new(&Accept::ALL);
    let detached = choices.next_u32() % 2 == 1;
    let content =
        if detached { Content::Detached(PLAINTEXT) } else { Content::Embedded(PLAINTEXT) };
    let input = if detached { Input::detached(PLAINTEXT) } else { Input::embedded() };
    let input = input.with_external_aad(b"aad");
    let mut out = [0; 64];
    with_secrets(|secrets| {
        let builder = Mac0Builder::new().key_id(b"k").external_aad(b"aad");
        if let Ok(made) = builder.authenticate(algorithm, content, &key) {
            let message = Mac0::decode_tagged(&made, &Profile::DETERMINISTIC).expect("made here");
            assert!(message.verify(&input, secrets, &context).is_ok(), "every tag is right");
        }
        let builder = || Encrypt0Builder::new().iv(&iv).external_aad(b"aad");
        if let Ok(made) = builder().encrypt(algorithm, PLAINTEXT, &key) {
            let message =
                Encrypt0::decode_tagged(&made, &Profile::DETERMINISTIC).expect("made here");
            let input = Input::embedded().with_external_aad(b"aad");
            let opened =
                message.decrypt(input, secrets, &context, &mut out).expect("made for them");
            assert_eq!(opened.value().payload(), PLAINTEXT);
        }
        if let Ok(made) = builder().encrypt_detached(algorithm, PLAINTEXT, &key) {
            let message =
                Encrypt0::decode_tagged(&made.message, &Profile::DETERMINISTIC).expect("made here");
            let input = Input::detached(&made.ciphertext).with_external_aad(b"aad");
            let opened =
                message.decrypt(input, secrets, &context, &mut out).expect("made for them");
            assert_eq!(opened.value().payload(), PLAINTEXT);
        }
        let builder = Encrypt0Builder::new().partial_iv(&[1, 2], &iv);
        if let Ok(made) = builder.encrypt_unauthenticated(algorithm, PLAINTEXT, &key) {
            let message =
                Encrypt0::decode_tagged(&made, &Profile::DETERMINISTIC).expect("made here");
            let input = OpenInput::from(Input::embedded()).with_context_iv(&iv);
            let opened = message.decrypt_unauthenticated(input, secrets, &context, &mut out);
            assert_eq!(opened.expect("made for them").into_unauthenticated(), PLAINTEXT);
        }
    });
}

fn several(
    algorithm: Algorithm,
    own: &dyn KeyAgreement,
    peer: PublicKey<'static>,
    choices: &mut Chosen<'_>,
) {
    let keys = [16, 24, 32].map(symmetric);
    let content_key = symmetric(algorithm.key_len().unwrap_or(16));
    let place = choices.next_u32() as usize % 3;
    let inner = [RecipientBuilder::key_wrap(WRAPS[place], &keys[place])];
    let count = 1 + choices.next_u32() % 3;
    let mut recipients = Vec::new();
    for _ in 0..count {
        let made = match choices.next_u32() % 7 {
            0 => RecipientBuilder::direct(&content_key),
            1 => RecipientBuilder::direct_with_kdf(one_of(&DERIVATIONS, choices), &keys[place]),
            2 => RecipientBuilder::key_wrap(WRAPS[place], &keys[place]),
            3 => RecipientBuilder::key_wrap_through(one_of(&WRAPS, choices), &inner),
            4 => RecipientBuilder::ecdh_es(one_of(&EPHEMERAL, choices), peer),
            5 => RecipientBuilder::ecdh_ss(one_of(&STATIC, choices), own, peer),
            _ => RecipientBuilder::key_wrap(one_of(&EPHEMERAL, choices), &content_key),
        };
        recipients.push(match choices.next_u32() % 5 {
            0 => made.key_id(b"receiver"),
            1 => made.unprotected(Label::SALT, &b"salt"[..]),
            2 => made
                .unprotected(Label::PARTY_U_IDENTITY, &b"sender"[..])
                .unprotected(Label::PARTY_U_NONCE, &b"nonce"[..]),
            3 => made.protected(Label::PARTY_V_IDENTITY, &b"receiver"[..]),
            _ => made,
        });
    }
    let iv = vec![3; algorithm.nonce_len().unwrap_or(0)];
    let context = Context::new(&Accept::ALL);
    let mut sealer = Sealer::new(&Accept::ALL, choices);
    let made = MacBuilder::new().authenticate(
        algorithm,
        Content::Embedded(PLAINTEXT),
        &recipients,
        &mut sealer,
    );
    with_secrets(|secrets| {
        if let Ok(made) = made {
            let message = Mac::decode_tagged(&made, &Profile::LENIENT).expect("made here");
            let opened = message.open(Input::embedded(), secrets, &context).expect("made for them");
            assert_eq!(opened.danger_unattributed().payload(), PLAINTEXT);
            super::opening::mac(&message);
        }
        let mut out = [0; 64];
        let builder = || EncryptBuilder::new().iv(&iv);
        if let Ok(made) = builder().encrypt(algorithm, PLAINTEXT, &recipients, &mut sealer) {
            let message = Encrypt::decode_tagged(&made, &Profile::LENIENT).expect("made here");
            let opened = message.decrypt(Input::embedded(), secrets, &context, &mut out);
            assert_eq!(opened.expect("made for them").danger_unattributed().payload(), PLAINTEXT);
            super::opening::encrypt(&message);
        }
        if let Ok(made) = builder().encrypt_detached(algorithm, PLAINTEXT, &recipients, &mut sealer)
        {
            let message =
                Encrypt::decode_tagged(&made.message, &Profile::LENIENT).expect("made here");
            let input = Input::detached(&made.ciphertext);
            let opened = message.decrypt(input, secrets, &context, &mut out);
            assert_eq!(opened.expect("made for them").danger_unattributed().payload(), PLAINTEXT);
        }
        let builder = EncryptBuilder::new().iv(&iv);
        let made = builder.encrypt_unauthenticated(algorithm, PLAINTEXT, &recipients, &mut sealer);
        if let Ok(made) = made {
            let message = Encrypt::decode_tagged(&made, &Profile::LENIENT).expect("made here");
            let input = Input::embedded();
            let opened = message.decrypt_unauthenticated(input, secrets, &context, &mut out);
            assert_eq!(opened.expect("made for them").into_unauthenticated(), PLAINTEXT);
        }
    });
}
