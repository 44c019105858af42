//! Checking tags and decrypting take nothing from the heap, through any recipient, at any size.

use cose_ext::crypto::{Algorithm, Curve};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::Sealer;
use cose_ext::recipient::{KnownSender, RecipientBuilder};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Content, Encrypt, Encrypt0, Input, Mac, Mac0, OpenInput, Profile, Stream};
use testkit::alloc_count::{Allocations, allocations_during};
use testkit::rng::seeded;

use crate::keys::{
    KEY_16, KEY_32, SENDER, context, held, held_private, private, public, symmetric, with_agreement,
};

const NONE: Allocations = Allocations { count: 0, bytes: 0, largest: 0 };

#[track_caller]
fn without_heap<T>(f: impl FnOnce() -> T) -> T {
    let (value, allocations) = allocations_during(f);
    assert_eq!(allocations, NONE);
    value
}

#[test]
fn tags_of_large_payloads() {
    let payload = vec![0x5a; 1 << 20];
    for (algorithm, key) in [(Algorithm::HMAC_256, &KEY_32), (Algorithm::AES_MAC_256_128, &KEY_32)]
    {
        let builder = Mac0Builder::new();
        let content = Content::Detached(&payload);
        let bytes =
            builder.external_aad(b"aad").authenticate(algorithm, content, &symmetric(key)).unwrap();
        let keys = held(key);
        without_heap(|| {
            let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
            let input = Input::detached(&payload).with_external_aad(b"aad");
            let verified = message.verify(&input, &keys, &context()).unwrap();
            assert_eq!(verified.value().payload().len(), 1 << 20);
            let mut feed = |sink: &mut dyn FnMut(&[u8])| {
                payload.chunks(4096).for_each(sink);
                Ok(())
            };
            let _ = message
                .verify_stream(
                    &mut Stream::new(1 << 20, &mut feed),
                    input.supplied(),
                    &keys,
                    &context(),
                )
                .unwrap();
        });
    }
}

#[test]
fn content_of_any_size_is_decrypted_into_the_buffer_of_the_caller() {
    let plaintext = vec![0x5a; 1 << 20];
    for (algorithm, key) in [
        (Algorithm::A256GCM, &KEY_32),
        (Algorithm::CHACHA20_POLY1305, &KEY_32),
        (Algorithm::AES_CCM_64_128_256, &KEY_32),
    ] {
        let nonce: Vec<u8> = (0..).take(algorithm.nonce_len().unwrap()).collect();
        let builder = Encrypt0Builder::new().iv(&nonce);
        let bytes =
            builder.external_aad(b"aad").encrypt(algorithm, &plaintext, &symmetric(key)).unwrap();
        let mut buffer = vec![0; 1 << 20];
        let keys = held(key);
        without_heap(|| {
            let message = Encrypt0::decode(&bytes, &Profile::LENIENT).unwrap();
            let input = Input::embedded().with_external_aad(b"aad");
            let verified = message.decrypt(input, &keys, &context(), &mut buffer).unwrap();
            assert_eq!(verified.value().payload(), plaintext);
        });
    }
}

#[test]
fn keys_are_found_through_every_kind_of_recipient() {
    let (own, sender) = (private(Curve::P256, 0x11), private(Curve::X25519, 0x21));
    let own_public = public(&own);
    let (mine, theirs) = (private(Curve::X25519, 0x12), public(&sender));
    let mine_public = public(&mine);
    let (small, large) = (symmetric(&KEY_16), symmetric(&KEY_32));
    let inner = [RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A256KW, own_public.as_public_key())];
    let mut cases = vec![
        (RecipientBuilder::direct(&small), held(&KEY_16)),
        (RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_SHA_512, &large), held(&KEY_32)),
        (RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_AES_256, &large), held(&KEY_32)),
        (RecipientBuilder::key_wrap(Algorithm::A128KW, &small), held(&KEY_16)),
        (
            RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_HKDF_256, own_public.as_public_key()),
            held_private(own),
        ),
        (RecipientBuilder::key_wrap_through(Algorithm::A128KW, &inner), held_private(own)),
    ];
    with_agreement(&sender, &mut |agreement| {
        let peer = mine_public.as_public_key();
        let recipient = RecipientBuilder::ecdh_ss(Algorithm::ECDH_SS_A128KW, agreement, peer);
        for (recipient, keys) in cases.drain(..).chain([(recipient, held_private(mine))]) {
            let bytes = EncryptBuilder::new()
                .iv(&[1; 12])
                .encrypt(
                    Algorithm::A128GCM,
                    b"payload",
                    &[recipient],
                    &mut Sealer::new(&RustCrypto, &mut seeded(1)),
                )
                .unwrap();
            let known = [KnownSender {
                key: theirs.as_public_key(),
                identity: SENDER,
                key_id: None,
                party: None,
            }];
            without_heap(|| {
                let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
                let input = OpenInput::from(Input::embedded()).with_known_senders(&known);
                let mut buffer = [0; 32];
                let opened = message.decrypt(input, &keys, &context(), &mut buffer).unwrap();
                assert_eq!(opened.danger_unattributed().payload(), b"payload");
            });
        }
    });
    let bytes = MacBuilder::new()
        .authenticate(
            Algorithm::HMAC_256,
            Content::Embedded(b"payload"),
            &[RecipientBuilder::key_wrap(Algorithm::A256KW, &large)],
            &mut Sealer::new(&RustCrypto, &mut seeded(1)),
        )
        .unwrap();
    without_heap(|| {
        let message = Mac::decode(&bytes, &Profile::LENIENT).unwrap();
        assert!(message.open(Input::embedded(), &held(&KEY_32), &context()).is_ok());
    });
}
