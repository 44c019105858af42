//! CWTs over every message: the forms of RFC 8392 A.3 to A.7, on bytes made here.

use cose_ext::crypto::Algorithm;
use cose_ext::cwt::{Claims, ClaimsBuilder, Cwt};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::error::{Error, Limit, Policy};
use cose_ext::key::{HeldSecret, Identity, TrustedKey};
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::{RecipientBuilder, Sealer};
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::sign::{SignBuilder, SignPolicy, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, IssuerBinding, Limits, Profile, Rule, Supplied, Trust, tag};
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::{KEY_32, SHARED, context, h, held, symmetric};

const ISSUER: &str = "coap://as.example.com";

fn signer() -> P256SigningKey {
    P256SigningKey::from_bytes(&[7; 32]).unwrap()
}

fn claims() -> Vec<u8> {
    ClaimsBuilder::new().issuer(ISSUER).subject("erikw").cwt_id(&[0x0b, 0x71]).to_bytes()
}

fn with_cwt_tag(message: Vec<u8>) -> Vec<u8> {
    [&h("d83d")[..], &message].concat()
}

fn sign1(payload: &[u8]) -> Vec<u8> {
    Sign1Builder::new().sign(Content::Embedded(payload), &signer()).unwrap()
}

fn sign(payload: &[u8]) -> Vec<u8> {
    let mut signing = SignBuilder::new().prepare(Content::Embedded(payload)).unwrap();
    signing.sign(SignatureBuilder::new(), &signer()).unwrap();
    signing.finish().unwrap()
}

fn mac0(payload: &[u8]) -> Vec<u8> {
    let content = Content::Embedded(payload);
    Mac0Builder::new().authenticate(Algorithm::HMAC_256, content, &symmetric(&KEY_32)).unwrap()
}

fn mac(payload: &[u8]) -> Vec<u8> {
    let key = symmetric(&KEY_32);
    MacBuilder::new()
        .authenticate(
            Algorithm::HMAC_256,
            Content::Embedded(payload),
            &[RecipientBuilder::direct(&key)],
            &mut Sealer::new(&RustCrypto, &mut seeded(1)),
        )
        .unwrap()
}

fn encrypt0(plaintext: &[u8]) -> Vec<u8> {
    let builder = Encrypt0Builder::new().iv(&[9; 12]);
    builder.encrypt(Algorithm::A256GCM, plaintext, &symmetric(&KEY_32)).unwrap()
}

fn encrypt_for(recipient: RecipientBuilder<'_>, plaintext: &[u8]) -> Vec<u8> {
    let mut rng = seeded(1);
    let sealer = &mut Sealer::new(&RustCrypto, &mut rng);
    let builder = EncryptBuilder::new().iv(&[9; 12]);
    builder.encrypt(Algorithm::A256GCM, plaintext, &[recipient], sealer).unwrap()
}

fn encrypt(plaintext: &[u8]) -> Vec<u8> {
    encrypt_for(RecipientBuilder::direct(&symmetric(&KEY_32)), plaintext)
}

/// Opens a token with the key of [`signer`] and with `secret`, and says who vouches for which issuer.
fn open_with(
    bytes: &[u8],
    secret: &HeldSecret<'_>,
    context: &Context<'_>,
) -> Result<(Identity, IssuerBinding), Error> {
    let signer = signer();
    let public = signer.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), context)?;
    let trust = Trust::keys(&trusted).and_secrets(secret);
    let token = Cwt::decode(bytes, &context.profile)?;
    let mut plaintext = vec![0; 2 * bytes.len()];
    let policy = SignPolicy::All;
    let verified = token.open(&Supplied::NOTHING, &trust, &policy, context, &mut plaintext)?;
    assert_eq!(verified.value().bytes(), claims());
    let by = verified.by().iter().next().copied().unwrap();
    assert_eq!(verified.by().signatures(), 1);
    Ok((by.identity(), by.issuer()))
}

fn open(bytes: &[u8]) -> Result<Identity, Error> {
    open_with(bytes, &held(&KEY_32), &context()).map(|(identity, _)| identity)
}

fn signed_identity() -> Identity {
    let public = signer().public_key();
    TrustedKey::new(public.as_public_key(), &context()).unwrap().identity()
}

#[test]
fn c71_a_token_is_any_message_that_its_tag_says() {
    let claims = claims();
    for (message, tag, vouches) in [
        (sign1(&claims), tag::COSE_SIGN1, signed_identity()),
        (sign(&claims), tag::COSE_SIGN, signed_identity()),
        (mac0(&claims), tag::COSE_MAC0, SHARED),
        (mac(&claims), tag::COSE_MAC, SHARED),
        (encrypt0(&claims), tag::COSE_ENCRYPT0, SHARED),
        (encrypt(&claims), tag::COSE_ENCRYPT, SHARED),
    ] {
        assert_eq!(open(&message), Ok(vouches), "tag {tag}");
        let token = with_cwt_tag(message.clone());
        assert_eq!(open(&token), Ok(vouches), "tag 61 and {tag}");
        let shown = Cwt::decode(&token, &Profile::LENIENT).unwrap().to_string();
        assert!(shown.starts_with(&format!("61({tag}(")), "{shown}");
        // The last byte belongs to the signature, tag or ciphertext, or to an empty recipient.
        for at in 4..token.len() {
            let mut changed = token.clone();
            changed[at] ^= 1;
            assert!(open(&changed).is_err(), "tag {tag}, byte {at}");
        }
        let untagged = with_cwt_tag(message[if tag < 24 { 1 } else { 2 }..].to_vec());
        assert!(open(&untagged).is_err(), "61 without {tag}");
    }
}

#[test]
fn c50_a_maced_token_of_rfc_8392_a_4() {
    let token = h("d83dd18443a10105a044a10161615820
        f7b3a80fe8b6519d4ed36688b5991650f912b169330d22a87a5ea4143315c691");
    let key = h("348a629f5ceed032c3e8706ec47d9bfafb00fb4250b018dd965435ca50cb836e");
    let read = |key: &'static [u8], issuer: Option<&'static str>| {
        let mut held = held(key);
        if let Some(issuer) = issuer {
            held = held.for_issuer(issuer);
        }
        let token = Cwt::decode(&token, &Profile::LENIENT)?;
        let trust = Trust::secrets(&held);
        let verified = token.verify(&Supplied::NOTHING, &trust, &SignPolicy::All, &context())?;
        assert_eq!(verified.value().issuer(), Ok(Some("a")));
        Ok(verified.by().iter().next().unwrap().issuer())
    };
    let key: &'static [u8] = key.leak();
    assert_eq!(read(key, None), Ok(IssuerBinding::NotBound));
    assert_eq!(read(key, Some("a")), Ok(IssuerBinding::Checked));
    breaks(Rule::Enrolled, read(key, Some("b")));
    breaks(Rule::Enrolled, read(&KEY_32, None));
}

#[test]
fn c95_a_key_of_an_issuer_speaks_for_it_alone_in_every_token() {
    let none = ClaimsBuilder::new().subject("erikw").to_bytes();
    for make in [mac0, mac, encrypt0, encrypt] {
        let binding = |issuer| {
            open_with(&make(&claims()), &held(&KEY_32).for_issuer(issuer), &context())
                .map(|(_, binding)| binding)
        };
        assert_eq!(binding(ISSUER), Ok(IssuerBinding::Checked));
        assert!(binding("coap://other.example.com").is_err());
        let silent = open_with(&make(&none), &held(&KEY_32).for_issuer(ISSUER), &context());
        breaks(Rule::IssuerClaimed, silent);
    }
    let other = held(&KEY_32).for_issuer("coap://other.example.com");
    for make in [encrypt0, encrypt] {
        breaks(Rule::IssuerOfKey, open_with(&make(&claims()), &other, &context()));
    }
}

#[test]
fn c71_a_nested_token_is_vouched_for_by_its_innermost_layer() {
    // RFC 8392 A.7: signed, then encrypted; and the other way around.
    let signed = sign1(&claims());
    assert_eq!(open(&with_cwt_tag(encrypt0(&signed))), Ok(signed_identity()));
    assert_eq!(open(&encrypt(&with_cwt_tag(signed.clone()))), Ok(signed_identity()));
    assert_eq!(open(&sign1(&encrypt0(&claims()))), Ok(SHARED));
    assert_eq!(open(&mac0(&sign(&claims()))), Ok(signed_identity()));
    assert_eq!(open(&encrypt0(&encrypt(&signed))), Ok(signed_identity()));
    // Of a content key that was wrapped, anybody who got at it can be the sender.
    let wrapped = |content: &[u8]| {
        let key = symmetric(&KEY_32);
        encrypt_for(RecipientBuilder::key_wrap(Algorithm::A256KW, &key), content)
    };
    assert_eq!(open(&wrapped(&signed)), Ok(signed_identity()));
    let refusal = breaks(Rule::Attribution, open(&wrapped(&claims())));
    assert_eq!(refusal, Error::from(Policy::Unattributed));
    // Each layer has to hold.
    for outer in [sign1, sign, mac0, mac, encrypt0, encrypt] {
        let token = outer(&signed);
        for at in 0..token.len() {
            let mut changed = token.clone();
            changed[at] ^= 1;
            assert!(open(&changed).is_err(), "byte {at}");
        }
    }
}

#[test]
fn c71_tokens_nest_as_deep_as_the_limit_says() {
    let nested = |layers| (1..layers).fold(sign1(&claims()), |token, _| sign1(&token));
    assert_eq!(open(&nested(4)), Ok(signed_identity()));
    assert_eq!(open(&nested(5)).map_err(|error| error.kind()), Err(Limit::NestedTokens.into()));
    let limits = Limits::DEFAULT.with_nested_tokens(1);
    let context = context().with_profile(Profile::LENIENT.with_limits(limits));
    assert!(open_with(&nested(1), &held(&KEY_32), &context).is_ok());
    let refusal = open_with(&nested(2), &held(&KEY_32), &context).map_err(|error| error.kind());
    assert_eq!(refusal, Err(Limit::NestedTokens.into()));
}

#[test]
fn c70_claims_agree_with_the_headers_of_every_layer() {
    let header = |issuer: &str| ClaimsBuilder::new().issuer(issuer);
    let encrypted = |issuer: &str, content: &[u8]| {
        Encrypt0Builder::new()
            .iv(&[9; 12])
            .cwt_claims(header(issuer).as_map())
            .encrypt(Algorithm::A256GCM, content, &symmetric(&KEY_32))
            .unwrap()
    };
    for content in [claims(), sign1(&claims())] {
        assert!(open(&encrypted(ISSUER, &content)).is_ok());
        breaks(Rule::ClaimsAgree, open(&encrypted("else", &content)));
    }
}

#[test]
fn c53_an_encrypted_token_needs_room_for_its_plaintext() {
    let bytes = encrypt0(&claims());
    let token = Cwt::decode(&bytes, &Profile::LENIENT).unwrap();
    let (held, context) = (held(&KEY_32), context());
    let trust = Trust::secrets(&held);
    let verdict = token.verify(&Supplied::NOTHING, &trust, &SignPolicy::All, &context);
    assert!(matches!(
        verdict.map_err(|error| error.kind()),
        Err(cose_ext::error::ErrorKind::Misuse(_))
    ));
    assert!(token.danger_unverified_claims(&Profile::LENIENT).is_err());
    assert!(Claims::decode(&claims(), &Profile::LENIENT).is_ok());
}
