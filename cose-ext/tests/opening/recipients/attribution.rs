//! Who a content key is attributed to, and to whom it is not (RFC 9053 5.2, 6).

use super::*;

#[test]
fn c63_each_of_several_recipients_opens_it_and_nobody_vouches_for_it() {
    let (one, other) = (symmetric(&KEY_16), symmetric(&KEY_32));
    let recipients = [
        RecipientBuilder::key_wrap(Algorithm::A128KW, &one).key_id(b"one"),
        RecipientBuilder::key_wrap(Algorithm::A256KW, &other).key_id(b"other"),
    ];
    let bytes = encrypt(&recipients, Input::embedded()).unwrap();
    let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
    for (index, key) in [(0, held(&KEY_16)), (1, held(&KEY_32))] {
        let mut buffer = [0; 64];
        let opened = message.decrypt(Input::embedded(), &key, &context(), &mut buffer).unwrap();
        assert_eq!(opened.recipient(), index);
        assert_eq!(opened.danger_unattributed().payload(), PLAINTEXT);
        let error = breaks(Rule::Attribution, opened.verified());
        assert_eq!(error, Error::from(Policy::Unattributed));
    }
    breaks(Rule::DecryptedAfterTag, open(&bytes, Input::embedded(), &held(&[9; 16])));
}

#[test]
fn c63_a_recipient_that_got_at_the_key_is_not_taken_for_the_sender() {
    const BOB: [u8; 16] = [0xb0; 16];
    let (alice, bob) = (symmetric(&KEY_16), symmetric(&BOB));
    let both = [
        RecipientBuilder::key_wrap(Algorithm::A128KW, &alice),
        RecipientBuilder::key_wrap(Algorithm::A128KW, &bob),
    ];
    let bytes = encrypt(&both, Input::embedded()).unwrap();
    let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
    let [for_alice, for_bob] = [0, 1].map(|at| message.recipients().iter().nth(at).unwrap());
    // Bob unwraps the key that both have.
    let mut content_key = [0; 16];
    let kek = SymmetricKey { k: &BOB, algorithm: None };
    let unwrap = &mut |wrap: &dyn KeyWrap| {
        let wrapped = for_bob.ciphertext().unwrap();
        assert_eq!(wrap.unwrap(Algorithm::A128KW, wrapped, &mut content_key), Ok(16));
    };
    RustCrypto.with_key_wrap(&kek, unwrap).unwrap();
    // What he writes with it goes to Alice alone, with the key as it was wrapped for her.
    let content_key = symmetric(content_key.to_vec().leak());
    let his = encrypt(&[RecipientBuilder::direct(&content_key)], Input::embedded()).unwrap();
    let his = his.strip_suffix(&h("81 83 40 a10125 40")[..]).unwrap();
    let his = [his, &[0x81], for_alice.bytes()].concat();
    let unattributed = Err(Error::from(Policy::Unattributed));
    assert_eq!(open(&his, Input::embedded(), &held(&KEY_16)), Ok((SHARED, unattributed)));
}

#[test]
fn c63_a_static_key_vouches_when_it_is_known() {
    for curve in CURVES {
        let (sender, own) = (private(curve, 0x21), private(curve, 0x11));
        let (sender_public, own_public) = (public(&sender), public(&own));
        for algorithm in [
            Algorithm::ECDH_SS_HKDF_256,
            Algorithm::ECDH_SS_HKDF_512,
            Algorithm::ECDH_SS_A128KW,
            Algorithm::ECDH_SS_A192KW,
            Algorithm::ECDH_SS_A256KW,
        ] {
            let mut bytes = Vec::new();
            with_agreement(&sender, &mut |sender| {
                let recipient = between(RecipientBuilder::ecdh_ss(
                    algorithm,
                    sender,
                    own_public.as_public_key(),
                ));
                bytes = encrypt(&[recipient], Input::embedded()).unwrap();
            });
            let known = [KnownSender {
                key: sender_public.as_public_key(),
                identity: SENDER,
                key_id: None,
                party: Some(b"sender"),
            }];
            let input = OpenInput::from(Input::embedded()).with_known_senders(&known);
            let keys = held_private(own);
            let unattributed = Err(Error::from(Policy::Unattributed));
            let wraps =
                ![Algorithm::ECDH_SS_HKDF_256, Algorithm::ECDH_SS_HKDF_512].contains(&algorithm);
            let by = if wraps { unattributed } else { Ok(SENDER) };
            assert_eq!(open(&bytes, input, &keys), Ok((OWN, by)), "{curve} {algorithm}");
            assert_eq!(open(&bytes, Input::embedded(), &keys), Ok((OWN, unattributed)));
        }
    }
}

#[test]
fn c63_macs_are_attributed_in_the_same_way() {
    let own = private(Curve::X25519, 0x11);
    let peer = public(&own);
    let make = |recipients: &[RecipientBuilder<'_>]| {
        MacBuilder::new()
            .authenticate(
                Algorithm::HMAC_256,
                Content::Embedded(PLAINTEXT),
                recipients,
                &mut Sealer::new(&RustCrypto, &mut seeded(2)),
            )
            .unwrap()
    };
    let bytes =
        make(&[RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_HKDF_512, peer.as_public_key())]);
    let message = Mac::decode(&bytes, &Profile::LENIENT).unwrap();
    let keys = held_private(own);
    let opened = message.open(Input::embedded(), &keys, &context()).unwrap();
    assert_eq!(opened.danger_unattributed().payload(), PLAINTEXT);
    breaks(Rule::Attribution, message.verify(Input::embedded(), &keys, &context()));

    let key = symmetric(&KEY_32);
    let bytes = make(&[RecipientBuilder::key_wrap(Algorithm::A256KW, &key)]);
    let message = Mac::decode(&bytes, &Profile::LENIENT).unwrap();
    breaks(Rule::Attribution, message.verify(Input::embedded(), &held(&KEY_32), &context()));
    let bytes = make(&[RecipientBuilder::direct(&key)]);
    let message = Mac::decode(&bytes, &Profile::LENIENT).unwrap();
    let verified = message.verify(Input::embedded(), &held(&KEY_32), &context()).unwrap();
    assert_eq!(verified.by().identity(), SHARED);
    breaks(Rule::MacTag, {
        let mut changed = bytes.clone();
        let at = changed.windows(4).position(|window| window == b"thes").unwrap();
        changed[at] ^= 1;
        let message = Mac::decode(&changed, &Profile::LENIENT).unwrap();
        message.verify(Input::embedded(), &held(&KEY_32), &context()).map(|_| ())
    });
}

#[test]
fn c63_a_known_sender_is_recognised_by_a_compressed_point() {
    let (sender, own) = (private(Curve::P256, 0x21), private(Curve::P256, 0x11));
    let (sender_public, own_public) = (public(&sender), public(&own));
    let mut bytes = Vec::new();
    with_agreement(&sender, &mut |sender| {
        let peer = own_public.as_public_key();
        let recipient =
            between(RecipientBuilder::ecdh_ss(Algorithm::ECDH_SS_HKDF_256, sender, peer));
        bytes = encrypt(&[recipient], Input::embedded()).unwrap();
    });
    let whole = sender_public.as_public_key();
    let KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } = whole.material else {
        panic!("a point")
    };
    let y = YCoordinate::Sign(y.last().unwrap() & 1 == 1);
    let key = PublicKey { material: KeyMaterial::Ec2 { curve, x, y }, algorithm: None };
    let known = [KnownSender { key, identity: SENDER, key_id: None, party: Some(b"sender") }];
    let input = OpenInput::from(Input::embedded()).with_known_senders(&known);
    assert_eq!(open(&bytes, input, &held_private(own)), Ok((OWN, Ok(SENDER))));
}

/// The secret of two static keys is one in both directions: a carrier without any key swaps the static
/// key, which nothing protects, and sends a message back to its author.
#[test]
fn c63_a_reflected_message_is_nobodys() {
    let (alice, bob) = (private(Curve::P256, 0x21), private(Curve::P256, 0x11));
    let (alice_public, bob_public) = (public(&alice), public(&bob));
    for named in [false, true] {
        let mut bytes = Vec::new();
        with_agreement(&alice, &mut |alice| {
            let peer = bob_public.as_public_key();
            let mut recipient = RecipientBuilder::ecdh_ss(Algorithm::ECDH_SS_HKDF_256, alice, peer);
            if named {
                recipient = recipient
                    .unprotected(Label::PARTY_U_IDENTITY, &b"alice"[..])
                    .unprotected(Label::PARTY_V_IDENTITY, &b"bob"[..]);
            }
            bytes = encrypt(&[recipient], Input::embedded()).unwrap();
        });
        let key = |key: &PublicKey<'_>| cose_ext::key::CoseKeyEncoder::new(*key).unwrap().to_vec();
        let (of_alice, of_bob) =
            (key(&alice_public.as_public_key()), key(&bob_public.as_public_key()));
        let at = bytes.windows(of_alice.len()).position(|window| window == of_alice).unwrap();
        let mut reflected = bytes.clone();
        reflected[at..at + of_alice.len()].copy_from_slice(&of_bob);

        let senders = |public, identity, party| {
            [KnownSender { key: public, identity, key_id: None, party: Some(party) }]
        };
        let from_bob = senders(bob_public.as_public_key(), SENDER, &b"bob"[..]);
        let input = OpenInput::from(Input::embedded()).with_known_senders(&from_bob);
        let (_, by) = open(&reflected, input, &held_private(alice)).unwrap();
        breaks(Rule::Attribution, by);
        // In the direction that it was sent, names tell who sent it, and without them nobody did.
        let from_alice = senders(alice_public.as_public_key(), SENDER, &b"alice"[..]);
        let input = OpenInput::from(Input::embedded()).with_known_senders(&from_alice);
        let (_, by) = open(&bytes, input, &held_private(bob)).unwrap();
        if named {
            assert_eq!(by, Ok(SENDER));
        } else {
            breaks(Rule::Attribution, by);
        }
    }
}
