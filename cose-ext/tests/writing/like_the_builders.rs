//! What is written without heap has the bytes that the builders make.

use cose_ext::Content;
use cose_ext::MapBuilder;
use cose_ext::sign1::Sign1Builder;

use super::*;

/// Payloads on both sides of each length at which a head grows.
const LENGTHS: [usize; 9] = [0, 1, 23, 24, 255, 256, 300, 65_535, 65_536];

#[test]
fn a_sign1_of_any_length() {
    let payload = vec![0x42; 65_536];
    let mut buffer = vec![0; 66_000];
    for len in LENGTHS {
        let payload = payload.get(..len).expect("shorter");
        let builder = Sign1Builder::new().key_id(b"attester");
        let built = builder.sign(Content::Embedded(payload), &signer()).expect("built");
        let draft = Draft::write(&mut buffer, Algorithm::ES256, 1, header);
        let draft = draft.payload(|writer| _ = writer.encoded(payload)).expect("room");
        assert_eq!(draft.check(), Ok(()));
        assert_eq!(draft.sign(&signer()), Ok(&built[..]), "{len}");
    }
}

#[test]
fn a_sign1_with_all_that_it_can_have() {
    let claims = MapBuilder::new().with(1, "https://maker.example").with(2, "pump");
    let builder = Sign1Builder::new().cwt_claims(&claims).protected(-70_000, &[1, 2][..]);
    let builder = builder.key_id(b"attester").unprotected(5, &[0; 12][..]).untagged();
    let built = builder
        .external_aad(b"aad")
        .sign(Content::Detached(b"elsewhere"), &signer())
        .expect("built");

    let mut buffer = [0; 256];
    let draft = Draft::write(&mut buffer, Algorithm::ES256, 3, |protected| {
        header(protected);
        protected.int(15).map(2).int(1).text("https://maker.example").int(2).text("pump");
        protected.int(-70_000).bytes(&[1, 2]);
    });
    let draft = draft.unprotected(1, |unprotected| {
        unprotected.int(5).bytes(&[0; 12]);
    });
    let draft = draft.detached(b"elsewhere").expect("room").external_aad(b"aad").untagged();
    assert_eq!(draft.check(), Ok(()));
    assert_eq!(draft.sign(&signer()), Ok(&built[..]));
}

#[cfg(feature = "ml-dsa")]
#[test]
fn an_ml_dsa_signature_is_made_in_place() {
    use cose_ext::rustcrypto::MlDsa44SigningKey;

    let signer = MlDsa44SigningKey::from_bytes(&[7; 32]).expect("a key");
    let builder = Sign1Builder::new().key_id(b"attester");
    let built = builder.sign(Content::Embedded(b"payload"), &signer).expect("built");
    let mut buffer = [0; 3000];
    let draft = Draft::write(&mut buffer, Algorithm::ML_DSA_44, 1, header);
    let draft = draft.payload(|writer| _ = writer.encoded(b"payload")).expect("room");
    assert_eq!(draft.sign(&signer), Ok(&built[..]));
}

#[cfg(feature = "hmac")]
#[test]
fn a_mac0_of_any_length() {
    use cose_ext::crypto::{SecretKey, SymmetricKey};
    use cose_ext::mac0::{Draft, Mac0Builder};

    let key = SymmetricKey { k: &[0x11; 32], algorithm: None };
    let key = SecretKey::symmetric(key, &RustCrypto);
    let algorithm = Algorithm::HMAC_256;
    let payload = vec![0x42; 65_536];
    let mut buffer = vec![0; 66_000];
    for len in LENGTHS {
        let payload = payload.get(..len).expect("shorter");
        let builder = Mac0Builder::new().key_id(b"attester");
        let built = builder.authenticate(algorithm, Content::Embedded(payload), &key);
        let built = built.expect("built");
        let draft = Draft::write(&mut buffer, algorithm, 1, header);
        let draft = draft.payload(|writer| _ = writer.encoded(payload)).expect("room");
        assert_eq!(draft.check(), Ok(()));
        assert_eq!(without_heap(|| draft.authenticate(&key)), Ok(&built[..]), "{len}");
    }
    let draft = Draft::write(&mut buffer, algorithm, 1, header).payload(claims).expect("room");
    let needed = match draft.room_for(1 << 20) {
        Err(BufferTooShort { needed }) => needed,
        Ok(()) => 0,
    };
    assert_eq!(needed, 2 + 14 + 1 + 2 + CLAIMS + 5 + (1 << 20));
}
