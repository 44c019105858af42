//! How a recipient gets at the key (RFC 9052 8.5).

use cose_ext::crypto::{
    Algorithm, AlgorithmPolicy, Binding, Curve, KeyMaterial, KeyOperation, KeyOperations, KeyWrap,
    PublicKey, SecretKey, SecretProvider, SymmetricKey, YCoordinate,
};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::error::{Error, Limit, Policy};
use cose_ext::key::{HeldSecret, Identity, SecretResolver, SecretStore};
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::Sealer;
use cose_ext::recipient::{Agreed, KnownSender, PartyInfo, RecipientBuilder};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Content, Encrypt, Input, Label, Limits, Mac, OpenInput, Profile, Rule};
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::{
    KEY_16, KEY_32, OWN, SENDER, SHARED, context, h, held, held_private, private, public,
    symmetric, symmetric_for, with_agreement,
};

mod attribution;

const PLAINTEXT: &[u8] = b"for these recipients";
const IV: [u8; 12] = [5; 12];
const CURVES: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::X25519];

fn encrypt<'p, 's>(
    recipients: &[RecipientBuilder<'_>],
    input: impl Into<OpenInput<'p, 's>>,
) -> Result<Vec<u8>, Error> {
    let input = input.into();
    EncryptBuilder::new().iv(&IV).external_aad(input.input.supplied().external_aad).encrypt(
        Algorithm::A128GCM,
        PLAINTEXT,
        recipients,
        &mut Sealer::new(&RustCrypto, &mut seeded(7)).with_agreed(input.agreed),
    )
}

/// Names both parties in the KDF context, so that it is told who sent (RFC 9053 5.2).
fn between(recipient: RecipientBuilder<'_>) -> RecipientBuilder<'_> {
    recipient
        .unprotected(Label::PARTY_U_IDENTITY, &b"sender"[..])
        .unprotected(Label::PARTY_V_IDENTITY, &b"receiver"[..])
}

/// Who opened it, and who vouches for it.
type Opened = (Identity, Result<Identity, Error>);

fn open<'p, 's>(
    bytes: &[u8],
    input: impl Into<OpenInput<'p, 's>>,
    keys: &dyn SecretResolver,
) -> Result<Opened, Error> {
    let message = Encrypt::decode(bytes, &Profile::LENIENT)?;
    let mut buffer = [0; 64];
    let opened = message.decrypt(input, keys, &context(), &mut buffer)?;
    assert_eq!(opened.danger_unattributed().payload(), PLAINTEXT);
    Ok((opened.key(), opened.verified().map(|verified| verified.by().identity())))
}

#[test]
fn c56_a_direct_key_is_the_key() {
    let key = symmetric(&KEY_16);
    let bytes = encrypt(&[RecipientBuilder::direct(&key)], Input::embedded()).unwrap();
    assert_eq!(open(&bytes, Input::embedded(), &held(&KEY_16)), Ok((SHARED, Ok(SHARED))));
    breaks(Rule::DecryptedAfterTag, open(&bytes, Input::embedded(), &held(&[1; 16])));
}

#[test]
fn c56_a_direct_recipient_is_alone_and_carries_nothing() {
    let key = symmetric(&KEY_16);
    let two = [RecipientBuilder::direct(&key), RecipientBuilder::direct(&key)];
    breaks(Rule::DirectForm, encrypt(&two, Input::embedded()));
    let mixed =
        [RecipientBuilder::direct(&key), RecipientBuilder::key_wrap(Algorithm::A128KW, &key)];
    breaks(Rule::DirectForm, encrypt(&mixed, Input::embedded()));
    let protected = [RecipientBuilder::direct(&key).protected(Label::CONTENT_TYPE, 0)];
    breaks(Rule::DirectForm, encrypt(&protected, Input::embedded()));

    let good = encrypt(&[RecipientBuilder::direct(&key)], Input::embedded()).unwrap();
    let recipient = h("81 83 40 a10125 40");
    let start = good.len() - recipient.len();
    assert_eq!(good[start..], recipient);
    let with = |recipients: &str| [&good[..start], &h(recipients)].concat();
    for broken in [
        "82 83 40 a10125 40 83 40 a10125 40",    // two
        "81 83 40 a10125 41aa",                  // a ciphertext
        "81 83 40 a10125 f6",                    // nil is not empty
        "81 83 43a10300 a10125 40",              // a protected parameter
        "81 84 40 a10125 40 81 83 40 a10125 40", // a recipient of its own
    ] {
        breaks(Rule::DirectForm, open(&with(broken), Input::embedded(), &held(&KEY_16)));
    }
}

#[test]
fn c61_direct_keys_are_derived_from() {
    for algorithm in [
        Algorithm::DIRECT_HKDF_SHA_256,
        Algorithm::DIRECT_HKDF_SHA_512,
        Algorithm::DIRECT_HKDF_AES_128,
        Algorithm::DIRECT_HKDF_AES_256,
    ] {
        let k: &'static [u8] =
            if algorithm == Algorithm::DIRECT_HKDF_AES_128 { &KEY_16 } else { &KEY_32 };
        let key = symmetric(k);
        let recipient = RecipientBuilder::direct_with_kdf(algorithm, &key);
        let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
        assert_eq!(open(&bytes, Input::embedded(), &held(k)), Ok((SHARED, Ok(SHARED))));
        let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
        let recipient = message.recipients().iter().next().unwrap();
        assert_eq!(recipient.check_salted(&Agreed::default()), Ok(()), "{algorithm}");
        assert_eq!(recipient.headers().protected().algorithm().unwrap(), Some(algorithm.into()));
    }
}

#[test]
fn c61_a_derived_key_is_bound_to_what_both_sides_know() {
    let key = symmetric(&KEY_32);
    let party_u = PartyInfo { identity: Some(b"lighting-client"), ..PartyInfo::default() };
    let party_v = PartyInfo { nonce: Some(b"V"), other: Some(b"W"), ..PartyInfo::default() };
    let agreed = Agreed { party_u, party_v, public: Some(b"public"), private: Some(b"private") };
    let recipient = [RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_SHA_256, &key)];
    let bytes =
        encrypt(&recipient, OpenInput::from(Input::embedded()).with_agreed(agreed)).unwrap();
    let opens = |agreed| {
        open(&bytes, OpenInput::from(Input::embedded()).with_agreed(agreed), &held(&KEY_32))
            .map(|_| ())
    };
    assert_eq!(opens(agreed), Ok(()));
    for other in [
        Agreed::default(),
        Agreed { public: None, ..agreed },
        Agreed { private: Some(b"other"), ..agreed },
        Agreed { party_u: party_v, party_v: party_u, ..agreed },
        Agreed { party_v: PartyInfo { nonce: None, ..party_v }, ..agreed },
    ] {
        breaks(Rule::DecryptedAfterTag, opens(other));
    }
    assert!(
        !format!("{:?}", OpenInput::from(Input::embedded()).with_agreed(agreed))
            .contains("private")
    );
}

#[test]
fn c61_a_derived_key_is_bound_to_the_protected_bucket_of_the_recipient() {
    let key = symmetric(&KEY_32);
    let recipient = RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_SHA_256, &key)
        .protected(Label::int(-70000), 1);
    let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
    assert!(open(&bytes, Input::embedded(), &held(&KEY_32)).is_ok());
    let at = bytes.windows(6).position(|window| window == h("3a0001116f01")).unwrap() + 5;
    let mut changed = bytes.clone();
    changed[at] ^= 2;
    breaks(Rule::DecryptedAfterTag, open(&changed, Input::embedded(), &held(&KEY_32)));
}

#[test]
fn c60_what_is_made_has_a_salt_or_a_nonce_and_what_came_without_can_be_told() {
    let key = symmetric(&KEY_32);
    let made = |recipient: RecipientBuilder<'_>| {
        let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
        let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
        let recipient = message.recipients().iter().next().unwrap();
        (
            recipient.headers().find(Label::SALT).is_some(),
            recipient.headers().find(Label::PARTY_U_NONCE).is_some(),
        )
    };
    let kdf = RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_SHA_256, &key);
    assert_eq!(made(kdf.clone()), (false, true));
    let salted = kdf.unprotected(Label::SALT, &b"salt"[..]);
    assert_eq!(made(salted), (true, false));
    let own = private(Curve::P256, 3);
    let peer = public(&private(Curve::P256, 4));
    with_agreement(&own, &mut |own| {
        let recipient = between(RecipientBuilder::ecdh_ss(
            Algorithm::ECDH_SS_HKDF_256,
            own,
            peer.as_public_key(),
        ));
        assert_eq!(made(recipient), (false, true));
    });
    let bare = h("84 43a10101 a0 4170 81 83 44a1013819 a0 40"); // -26 is ECDH-ES
    let ephemeral = Encrypt::decode(&bare, &Profile::LENIENT).unwrap();
    let recipient = ephemeral.recipients().iter().next().unwrap();
    assert_eq!(recipient.check_salted(&Agreed::default()), Ok(()));
    let bare = h("84 43a10101 a0 4170 81 83 43a10129 a0 40"); // -10 is direct+HKDF-SHA-256
    let message = Encrypt::decode(&bare, &Profile::LENIENT).unwrap();
    let recipient = message.recipients().iter().next().unwrap();
    breaks(Rule::SaltOrNonce, recipient.check_salted(&Agreed::default()));
    let party_u = PartyInfo { nonce: Some(b"known"), ..PartyInfo::default() };
    let agreed = Agreed { party_u, ..Agreed::default() };
    assert_eq!(recipient.check_salted(&agreed), Ok(()));
}

#[test]
fn c58_a_wrapped_key_is_unwrapped() {
    for (algorithm, k) in [
        (Algorithm::A128KW, &KEY_16[..]),
        (Algorithm::A192KW, &[0x24; 24]),
        (Algorithm::A256KW, &KEY_32),
    ] {
        let key = symmetric(k);
        let recipient = RecipientBuilder::key_wrap(algorithm, &key).key_id(b"kek");
        let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
        let unattributed = Err(Error::from(Policy::Unattributed));
        assert_eq!(open(&bytes, Input::embedded(), &held(k)), Ok((SHARED, unattributed)));
        let protected =
            RecipientBuilder::key_wrap(algorithm, &key).protected(Label::CONTENT_TYPE, 0);
        breaks(Rule::KeyWrapForm, encrypt(&[protected], Input::embedded()));
    }
    let key = symmetric(&KEY_16);
    let good =
        encrypt(&[RecipientBuilder::key_wrap(Algorithm::A128KW, &key)], Input::embedded()).unwrap();
    let recipient = h("83 40 a10122 5818");
    let at = good.windows(recipient.len()).position(|window| window == recipient).unwrap();
    let protected = [&good[..at], &h("83 43a10300 a10122 5818"), &good[at + recipient.len()..]];
    breaks(Rule::KeyWrapForm, open(&protected.concat(), Input::embedded(), &held(&KEY_16)));
}

#[test]
fn c59_a_key_is_agreed_on_with_an_ephemeral_key() {
    for curve in CURVES {
        let own = private(curve, 0x11);
        let peer = public(&own);
        for algorithm in [
            Algorithm::ECDH_ES_HKDF_256,
            Algorithm::ECDH_ES_HKDF_512,
            Algorithm::ECDH_ES_A128KW,
            Algorithm::ECDH_ES_A192KW,
            Algorithm::ECDH_ES_A256KW,
        ] {
            let recipient = RecipientBuilder::ecdh_es(algorithm, peer.as_public_key());
            let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
            let opened = open(&bytes, Input::embedded(), &held_private(own));
            let unattributed = Err(Error::from(Policy::Unattributed));
            assert_eq!(opened, Ok((OWN, unattributed)), "{curve} {algorithm}");
            let stranger = held_private(private(curve, 0x12));
            breaks(Rule::DecryptedAfterTag, open(&bytes, Input::embedded(), &stranger));
        }
    }
}

#[test]
fn c59_the_ephemeral_key_is_there() {
    let own = held_private(private(Curve::P256, 0x11));
    let missing = h(
        "84 43a10101 a1054c 050505050505050505050505 5818 000000000000000000000000000000000000000000000000 81 83 44a1013818 a0 40",
    );
    breaks(Rule::SenderKey, open(&missing, Input::embedded(), &own));
    let missing = h(
        "84 43a10101 a1054c 050505050505050505050505 5818 000000000000000000000000000000000000000000000000 81 83 44a101381a a0 40",
    );
    breaks(Rule::SenderKey, open(&missing, Input::embedded(), &own));
}

#[test]
fn c59_a_static_key_may_be_named() {
    let (sender, own) = (private(Curve::P256, 0x21), private(Curve::P256, 0x11));
    let (sender_public, own_public) = (public(&sender), public(&own));
    let mut bytes = Vec::new();
    with_agreement(&sender, &mut |sender| {
        let recipient = between(RecipientBuilder::ecdh_ss(
            Algorithm::ECDH_SS_HKDF_256,
            sender,
            own_public.as_public_key(),
        ));
        let recipient = recipient.unprotected(Label::STATIC_KEY_ID, &b"peregrin"[..]);
        bytes = encrypt(&[recipient], Input::embedded()).unwrap();
    });
    let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
    let recipient = message.recipients().iter().next().unwrap();
    assert!(recipient.headers().find(Label::STATIC_KEY).is_none());
    let named = |key_id| {
        [KnownSender {
            key: sender_public.as_public_key(),
            identity: SENDER,
            key_id,
            party: Some(b"sender"),
        }]
    };
    let keys = held_private(own);
    let known = named(Some(&b"peregrin"[..]));
    let input = OpenInput::from(Input::embedded()).with_known_senders(&known);
    assert_eq!(open(&bytes, input, &keys), Ok((OWN, Ok(SENDER))));
    let known = named(Some(&b"another"[..]));
    let input = OpenInput::from(Input::embedded()).with_known_senders(&known);
    let error = breaks(Rule::SenderKey, open(&bytes, input, &keys));
    assert_eq!(error, Error::from(Policy::SenderNotTrusted));
}

#[test]
fn c57_a_recipient_of_direct_key_agreement_is_alone() {
    let peer = public(&private(Curve::P256, 0x11));
    let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_HKDF_256, peer.as_public_key());
    breaks(Rule::DirectForm, encrypt(&[recipient.clone(), recipient.clone()], Input::embedded()));
    let good = encrypt(&[recipient], Input::embedded()).unwrap();
    let at = good.windows(5).position(|window| window == h("44a1013818")).unwrap();
    // The array of recipients is one byte before the recipient.
    let recipient = &good[at - 1..];
    let own = held_private(private(Curve::P256, 0x11));
    let two = [&good[..at - 2], &[0x82], recipient, recipient].concat();
    breaks(Rule::AgreementForm, open(&two, Input::embedded(), &own));
    let not_empty = [&good[..good.len() - 1], &[0x41, 0xaa]].concat();
    breaks(Rule::AgreementForm, open(&not_empty, Input::embedded(), &own));
}

#[test]
fn c55_a_key_may_be_wrapped_through_another_layer() {
    let (own, other) = (private(Curve::P256, 0x11), private(Curve::X25519, 0x12));
    let (own_public, other_public) = (public(&own), public(&other));
    let shared = symmetric(&KEY_16);
    let inner = [
        RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, own_public.as_public_key()),
        RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A256KW, other_public.as_public_key()),
        RecipientBuilder::key_wrap(Algorithm::A128KW, &shared),
    ];
    let outer = [RecipientBuilder::key_wrap_through(Algorithm::A256KW, &inner)];
    let bytes = encrypt(&outer, Input::embedded()).unwrap();
    let unattributed = || Err(Error::from(Policy::Unattributed));
    for (key, by) in [(held_private(own), OWN), (held_private(other), OWN), (held(&KEY_16), SHARED)]
    {
        assert_eq!(open(&bytes, Input::embedded(), &key), Ok((by, unattributed())));
    }
    // Alone in its layer, too; a key that sets the key of its layer may be the inner one.
    for inner in [
        RecipientBuilder::key_wrap(Algorithm::A128KW, &shared),
        RecipientBuilder::direct(&shared),
        RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_SHA_256, &shared),
    ] {
        let inner = [inner];
        let outer = [RecipientBuilder::key_wrap_through(Algorithm::A128KW, &inner)];
        let bytes = encrypt(&outer, Input::embedded()).unwrap();
        assert_eq!(open(&bytes, Input::embedded(), &held(&KEY_16)), Ok((SHARED, unattributed())));
    }
    let inner =
        [RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_HKDF_256, own_public.as_public_key())];
    let outer = [RecipientBuilder::key_wrap_through(Algorithm::A256KW, &inner)];
    let bytes = encrypt(&outer, Input::embedded()).unwrap();
    assert_eq!(open(&bytes, Input::embedded(), &held_private(own)), Ok((OWN, unattributed())));
}

#[test]
fn c58_a_recipient_that_cannot_be_used_fails_alone() {
    let key = symmetric(&KEY_16);
    let recipients = [
        RecipientBuilder::key_wrap(Algorithm::A128KW, &key).key_id(b"1"),
        RecipientBuilder::key_wrap(Algorithm::A128KW, &key).key_id(b"2"),
    ];
    let bytes = encrypt(&recipients, Input::embedded()).unwrap();
    // The first recipient gets an algorithm that nobody knows: -3 becomes -24.
    let at = bytes.windows(3).position(|window| window == h("a20122")).unwrap();
    let mut unknown = bytes.clone();
    unknown[at + 2] = 0x37;
    // It is not exempt from having its algorithm protected, and that is the end of the message.
    breaks(Rule::AlgorithmProtected, open(&unknown, Input::embedded(), &held(&KEY_16)));
    // One with a ciphertext of another length fails alone.
    let broken = [&bytes[..], &[]].concat();
    let kid = broken.windows(4).position(|window| window == h("04 4131 58")).unwrap();
    let mut changed = broken.clone();
    changed[kid + 8] ^= 1;
    assert!(open(&changed, Input::embedded(), &held(&KEY_16)).is_ok());
}

#[test]
fn c44_tries_are_bounded_over_all_recipients() {
    let key = symmetric(&KEY_16);
    let wrap = RecipientBuilder::key_wrap(Algorithm::A128KW, &key);
    let open = |recipients: usize, key: &'static [u8], limits: Limits| {
        let bytes = encrypt(&vec![wrap.clone(); recipients], Input::embedded()).unwrap();
        let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
        let context = context().with_profile(Profile::LENIENT.with_limits(limits));
        let mut buffer = [0; 64];
        message.decrypt(Input::embedded(), &held(key), &context, &mut buffer).map(|_| ())
    };
    let limits = Limits::DEFAULT;
    breaks(Rule::DecryptedAfterTag, open(64, &[9; 16], limits));
    assert_eq!(open(65, &[9; 16], limits), Err(Error::from(Limit::Candidates)));
    breaks(
        Rule::DecryptedAfterTag,
        open(65, &[9; 16], limits.with_secret_candidates(65).with_signature_checks(65)),
    );
    let more = open(65, &[9; 16], limits.with_secret_candidates(65));
    assert_eq!(more, Err(Error::from(Limit::SignatureChecks)));
    assert_eq!(open(65, &KEY_16, limits), Ok(()));
}

#[test]
fn c44_the_last_of_many_recipients_finds_its_key() {
    let keys: Vec<SecretKey<'_>> = (1..=20).map(|byte| symmetric(vec![byte; 16].leak())).collect();
    let recipients: Vec<_> =
        keys.iter().map(|key| RecipientBuilder::key_wrap(Algorithm::A128KW, key)).collect();
    let bytes = encrypt(&recipients, Input::embedded()).unwrap();
    assert!(open(&bytes, Input::embedded(), &held(&[20; 16])).is_ok());
}

#[test]
fn c21_a_key_of_another_type_is_not_used() {
    let key = symmetric(&KEY_16);
    let bytes =
        encrypt(&[RecipientBuilder::key_wrap(Algorithm::A128KW, &key)], Input::embedded()).unwrap();
    let own = held_private(private(Curve::P256, 0x11));
    breaks(Rule::KeyPermitted, open(&bytes, Input::embedded(), &own));
    // A wrong key beside the right one does no harm.
    let both = [own, held(&KEY_16)];
    assert!(open(&bytes, Input::embedded(), &SecretStore::new(&both)).is_ok());
}

#[test]
fn c21_the_algorithm_of_the_content_is_permitted_as_well() {
    let own = private(Curve::P256, 0x11);
    let peer = public(&own);
    let key = symmetric(&KEY_16);
    let inner = [RecipientBuilder::key_wrap(Algorithm::A128KW, &key)];
    let (agreed, held) = (Binding::ec2(Algorithm::ECDH_ES_HKDF_256, Curve::P256), held(&KEY_16));
    let symmetric = [Algorithm::A128KW, Algorithm::A192KW, Algorithm::DIRECT_HKDF_SHA_256];
    let [wraps, wraps_more, derives] = symmetric.map(Binding::symmetric);
    let content = Binding::symmetric(Algorithm::A128GCM);
    let cases: [(_, _, &dyn SecretResolver); 4] = [
        (RecipientBuilder::direct_with_kdf(derives.algorithm, &key), &[derives][..], &held),
        (RecipientBuilder::key_wrap(wraps.algorithm, &key), &[wraps], &held),
        (
            RecipientBuilder::key_wrap_through(wraps_more.algorithm, &inner),
            &[wraps, wraps_more],
            &held,
        ),
        (
            RecipientBuilder::ecdh_es(agreed.algorithm, peer.as_public_key()),
            &[agreed],
            &held_private(own),
        ),
    ];
    for (recipient, bindings, keys) in cases {
        let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
        let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
        let opens = |bindings: &[Binding]| {
            let algorithms = AlgorithmPolicy::only(bindings);
            let context = context().with_algorithms(algorithms);
            let mut buffer = [0; 64];
            message.decrypt(Input::embedded(), keys, &context, &mut buffer).map(|_| ())
        };
        assert_eq!(opens(&[bindings, &[content]].concat()), Ok(()));
        breaks(Rule::KeyPermitted, opens(bindings));
        // Nor is what wraps between the layers taken for granted.
        breaks(Rule::KeyPermitted, opens(&[&bindings[1..], &[content]].concat()));
    }
}

#[test]
fn c23_a_secret_key_does_what_it_says_it_does() {
    let key = symmetric(&KEY_16);
    let wrapped =
        encrypt(&[RecipientBuilder::key_wrap(Algorithm::A128KW, &key)], Input::embedded()).unwrap();
    let derived = encrypt(
        &[RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_AES_128, &key)],
        Input::embedded(),
    )
    .unwrap();
    let direct = encrypt(&[RecipientBuilder::direct(&key)], Input::embedded()).unwrap();
    let may = |bytes: &[u8], operation| {
        let operations = KeyOperations::NONE.and(operation);
        let key = HeldSecret::new(symmetric(&KEY_16).with_operations(operations), SHARED);
        open(bytes, Input::embedded(), &key).map(|_| ())
    };
    assert_eq!(may(&wrapped, KeyOperation::UnwrapKey), Ok(()));
    assert_eq!(may(&derived, KeyOperation::DeriveKey), Ok(()));
    assert_eq!(may(&derived, KeyOperation::DeriveBits), Ok(()));
    assert_eq!(may(&direct, KeyOperation::Decrypt), Ok(()));
    // RFC 9053 4 and 6.2.1 let either of two stand for both.
    assert_eq!(may(&wrapped, KeyOperation::Decrypt), Ok(()));
    assert_eq!(may(&direct, KeyOperation::UnwrapKey), Ok(()));
    breaks(Rule::KeyOperations, may(&wrapped, KeyOperation::WrapKey));
    breaks(Rule::KeyOperations, may(&wrapped, KeyOperation::DeriveKey));
    breaks(Rule::KeyOperations, may(&derived, KeyOperation::Decrypt));
    breaks(Rule::KeyOperations, may(&direct, KeyOperation::Encrypt));
    breaks(Rule::KeyOperations, may(&direct, KeyOperation::MacVerify));
}

#[test]
fn secrets_are_never_shown() {
    let key = SymmetricKey { k: &KEY_32, algorithm: None };
    let secret = SecretKey::symmetric(key, &RustCrypto);
    let held = HeldSecret::new(secret, SHARED);
    let builder = RecipientBuilder::direct(&secret);
    for text in [
        format!("{key:?}"),
        format!("{secret:?}"),
        format!("{held:?}"),
        format!("{builder:?}"),
        format!("{:?}", private(Curve::P256, 0x32)),
    ] {
        assert!(!text.contains("50, 50") && !text.contains("3232"), "{text}");
    }
    assert!(RustCrypto.with_mac(&key, &mut |_| ()).is_ok());
}

#[test]
fn c23_a_secret_key_makes_only_what_it_says_it_does() {
    let make = |operation| {
        let may = |k| symmetric(k).with_operations(KeyOperations::NONE.and(operation));
        let (key, kek) = (may(&KEY_32), may(&KEY_16));
        let recipients = |recipient| encrypt(&[recipient], Input::embedded()).map(|_| ());
        [
            Mac0Builder::new()
                .authenticate(Algorithm::HMAC_256, Content::Embedded(b"x"), &key)
                .map(|_| ()),
            Encrypt0Builder::new().iv(&IV).encrypt(Algorithm::A256GCM, b"x", &key).map(|_| ()),
            recipients(RecipientBuilder::key_wrap(Algorithm::A128KW, &kek)),
            recipients(RecipientBuilder::direct_with_kdf(Algorithm::DIRECT_HKDF_SHA_256, &key)),
            recipients(RecipientBuilder::direct(&kek)),
        ]
        .map(|made| made.map_err(|error| error.rule().map(|rule| rule.id)))
    };
    const NO: Result<(), Option<&str>> = Err(Some(Rule::KeyOperations.id()));
    const YES: Result<(), Option<&str>> = Ok(());
    assert_eq!(make(KeyOperation::MacCreate), [YES, NO, NO, NO, NO]);
    assert_eq!(make(KeyOperation::MacVerify), [NO, NO, NO, NO, NO]);
    assert_eq!(make(KeyOperation::Encrypt), [NO, YES, YES, NO, YES]);
    assert_eq!(make(KeyOperation::Decrypt), [NO, NO, NO, NO, NO]);
    assert_eq!(make(KeyOperation::WrapKey), [NO, YES, YES, NO, YES]);
    assert_eq!(make(KeyOperation::UnwrapKey), [NO, NO, NO, NO, NO]);
    assert_eq!(make(KeyOperation::DeriveKey), [NO, NO, NO, YES, NO]);
}

#[test]
fn c22_a_secret_key_makes_only_what_its_algorithm_is() {
    let key = symmetric_for(&KEY_32, Algorithm::CHACHA20_POLY1305);
    let made = Encrypt0Builder::new().iv(&IV).encrypt(Algorithm::A256GCM, b"x", &key);
    breaks(Rule::KeyAlgorithm, made);
    let key = symmetric_for(&KEY_32, Algorithm::HMAC_256);
    let content = Content::Embedded(b"x");
    breaks(
        Rule::KeyAlgorithm,
        Mac0Builder::new().authenticate(Algorithm::HMAC_256_64, content, &key),
    );
    let peer = public(&private(Curve::P256, 0x11));
    let peer = PublicKey { algorithm: Some(Algorithm::ES256), ..peer.as_public_key() };
    let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_HKDF_256, peer);
    breaks(Rule::KeyAlgorithm, encrypt(&[recipient], Input::embedded()));
}

#[test]
fn c22_the_key_of_a_sender_agrees_for_no_other_algorithm() {
    let (sender, own) = (private(Curve::P256, 0x21), private(Curve::P256, 0x11));
    let (sender_public, own_public) = (public(&sender), public(&own));
    let make = |named: bool| {
        let mut bytes = Vec::new();
        with_agreement(&sender, &mut |sender| {
            let mut recipient = between(RecipientBuilder::ecdh_ss(
                Algorithm::ECDH_SS_HKDF_256,
                sender,
                own_public.as_public_key(),
            ));
            if named {
                recipient = recipient.unprotected(Label::STATIC_KEY_ID, &b"s"[..]);
            }
            bytes = encrypt(&[recipient], Input::embedded()).unwrap();
        });
        bytes
    };
    for (algorithm, agrees) in
        [(None, true), (Some(Algorithm::ECDH_SS_HKDF_256), true), (Some(Algorithm::ES256), false)]
    {
        let key = PublicKey { algorithm, ..sender_public.as_public_key() };
        let known =
            [KnownSender { key, identity: SENDER, key_id: Some(b"s"), party: Some(b"sender") }];
        let input = OpenInput::from(Input::embedded()).with_known_senders(&known);
        for named in [false, true] {
            let opened = open(&make(named), input, &held_private(own));
            if agrees {
                assert_eq!(opened, Ok((OWN, Ok(SENDER))));
            } else {
                breaks(Rule::KeyAlgorithm, opened);
            }
        }
    }
}

#[test]
fn c22_an_ephemeral_key_for_something_else_is_refused() {
    let own = private(Curve::P256, 0x11);
    let peer = public(&own);
    let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_HKDF_256, peer.as_public_key());
    let bytes = encrypt(&[recipient], Input::embedded()).unwrap();
    // {1: 2, -1: 1, ...: alg and key_ops go between them.
    let at = bytes.windows(5).position(|window| window == h("a401022001")).unwrap();
    let with = |front: &str| [&bytes[..at], &h(front), &bytes[at + 5..]].concat();
    let opened = |bytes: &[u8]| open(bytes, Input::embedded(), &held_private(own)).map(|_| ());
    assert_eq!(opened(&with("a50102 0480 2001")), Ok(()));
    assert_eq!(opened(&with("a60102 033818 0480 2001")), Ok(()));
    breaks(Rule::KeyAlgorithm, opened(&with("a50102 0326 2001")));
    breaks(Rule::KeyOperations, opened(&with("a50102 048102 2001")));
}
