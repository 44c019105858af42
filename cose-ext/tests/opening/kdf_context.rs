//! Two layers, ECDH-ES with A128KW, and everything that the derived key can be bound to (RFC 9053 5.2, 6.4).

use cose_ext::crypto::{Algorithm, Curve};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::error::Error;
use cose_ext::key::HeldSecret;
use cose_ext::recipient::{Agreed, PartyInfo, RecipientBuilder, Sealer};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Encrypt, Input, Label, OpenInput, Profile, Rule};
use testkit::alloc_count::allocations_during;
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::{OWN, context, held_private, private, public};

const PLAINTEXT: &[u8] = b"an update for one device";

/// Everything that both sides may know beside the message.
const ALL: Agreed<'static> = Agreed {
    party_u: PartyInfo {
        identity: Some(b"maker"),
        nonce: Some(b"nonce of u"),
        other: Some(b"other of u"),
    },
    party_v: PartyInfo {
        identity: Some(b"device"),
        nonce: Some(b"nonce of v"),
        other: Some(b"other of v"),
    },
    public: Some(b"SUIT Payload Encryption"),
    private: Some(b"a secret of both"),
};

/// A message whose recipient has these headers, on P-256.
fn sealed(
    agreed: Agreed<'_>,
    headers: impl Fn(RecipientBuilder<'_>) -> RecipientBuilder<'_>,
) -> Vec<u8> {
    let peer = public(&private(Curve::P256, 0x11));
    let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, peer.as_public_key());
    let mut random = seeded(9);
    let mut sealer = Sealer::new(&RustCrypto, &mut random).with_agreed(agreed);
    EncryptBuilder::new()
        .iv(&[3; 12])
        .encrypt(Algorithm::A128GCM, PLAINTEXT, &[headers(recipient)], &mut sealer)
        .unwrap()
}

fn opens(message: &[u8], agreed: Agreed<'_>) -> Result<(), Error> {
    opens_by(&held_private(private(Curve::P256, 0x11)), message, agreed)
}

fn opens_by(keys: &HeldSecret<'_>, message: &[u8], agreed: Agreed<'_>) -> Result<(), Error> {
    let mut buffer = [0; 64];
    let message = Encrypt::decode(message, &Profile::LENIENT)?;
    let input = OpenInput::from(Input::embedded()).with_agreed(agreed);
    let opened = message.decrypt(input, keys, &context(), &mut buffer)?;
    assert_eq!(opened.danger_unattributed().payload(), PLAINTEXT);
    assert_eq!(opened.key(), OWN);
    Ok(())
}

/// One field after the other, changed and left out.
fn others() -> Vec<Agreed<'static>> {
    let (u, v) = (ALL.party_u, ALL.party_v);
    let mut others = vec![Agreed::default(), Agreed { party_u: v, party_v: u, ..ALL }];
    for other in [None, Some(&b"x"[..]), Some(&b""[..])] {
        others.extend([
            Agreed { party_u: PartyInfo { identity: other, ..u }, ..ALL },
            Agreed { party_u: PartyInfo { nonce: other, ..u }, ..ALL },
            Agreed { party_u: PartyInfo { other, ..u }, ..ALL },
            Agreed { party_v: PartyInfo { identity: other, ..v }, ..ALL },
            Agreed { party_v: PartyInfo { nonce: other, ..v }, ..ALL },
            Agreed { party_v: PartyInfo { other, ..v }, ..ALL },
            Agreed { public: other, ..ALL },
            Agreed { private: other, ..ALL },
        ]);
    }
    others
}

#[test]
fn c61_every_parameter_of_the_context_binds_the_key() {
    let message = sealed(ALL, |recipient| recipient);
    assert_eq!(opens(&message, ALL), Ok(()));
    for other in others() {
        breaks(Rule::DecryptedAfterTag, opens(&message, other));
        // And the other way round: a message that was bound to that.
        let message = sealed(other, |recipient| recipient);
        assert_eq!(opens(&message, other), Ok(()));
        breaks(Rule::DecryptedAfterTag, opens(&message, ALL));
    }
}

/// What the header of the recipient says of a party takes precedence, and it is bound to that.
#[test]
fn c61_parties_may_be_named_in_the_header() {
    let message = sealed(Agreed { public: ALL.public, ..Agreed::default() }, |recipient| {
        recipient
            .unprotected(Label::PARTY_U_IDENTITY, &b"maker"[..])
            .unprotected(Label::PARTY_U_NONCE, &b"nonce of u"[..])
            .unprotected(Label::PARTY_U_OTHER, &b"other of u"[..])
            .unprotected(Label::PARTY_V_IDENTITY, &b"device"[..])
            .unprotected(Label::PARTY_V_NONCE, &b"nonce of v"[..])
            .unprotected(Label::PARTY_V_OTHER, &b"other of v"[..])
    });
    let known = |public| Agreed { public, ..Agreed::default() };
    assert_eq!(opens(&message, known(ALL.public)), Ok(()));
    assert_eq!(opens(&message, Agreed { private: None, ..ALL }), Ok(()));
    breaks(Rule::DecryptedAfterTag, opens(&message, known(None)));
    breaks(Rule::DecryptedAfterTag, opens(&message, ALL));
    let at = message.windows(5).position(|window| window == b"maker").unwrap();
    let mut changed = message.clone();
    changed[at] ^= 1;
    breaks(Rule::DecryptedAfterTag, opens(&changed, known(ALL.public)));
}

#[test]
fn two_layers_are_opened_without_a_heap() {
    let message = sealed(ALL, |recipient| recipient);
    let keys = held_private(private(Curve::P256, 0x11));
    let (opened, allocations) = allocations_during(|| opens_by(&keys, &message, ALL));
    assert_eq!(opened, Ok(()));
    assert_eq!(allocations.count, 0);
}
