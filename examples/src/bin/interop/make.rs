//! Signatures and CWTs; what a secret key opens is in [`super::make_sealed`].

use cose_ext::crypto::{Algorithm, PublicKey, Signer};
use cose_ext::cwt::ClaimsBuilder;
use cose_ext::header::ContentType;
use cose_ext::rustcrypto::{
    Ed25519SigningKey, MlDsa44SigningKey, MlDsa65SigningKey, MlDsa87SigningKey, P256SigningKey,
    P384SigningKey, P521SigningKey, RsaSigningKey,
};
use cose_ext::sign::{SignBuilder, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Label, Value};

use super::Trouble;
use super::case::Case;
use super::keys::{public_key, rsa_key};
use super::make_sealed;

/// What every message is about.
pub(crate) const CONTENT: &[u8] = b"This is the content.";
pub(crate) const EXTERNAL: &[u8] = b"known to both sides";

/// A key that signs, and the COSE_Key that verifies, with its kid.
type Pair = (Box<dyn Signer>, Vec<u8>);

/// The kid of the key for `algorithm`.
pub(crate) fn key_id(algorithm: Algorithm) -> Vec<u8> {
    algorithm.to_string().into_bytes()
}

/// Every message that is made here.
pub(crate) fn all() -> Result<Vec<Case>, Trouble> {
    let signers = signers()?;
    let mut cases = Vec::new();
    for pair in &signers {
        let key_id = key_id(pair.0.algorithm());
        cases.push(sign1(pair, "", Sign1Builder::new().key_id(&key_id))?);
    }
    let es256 = signers.first().ok_or("no signers")?;
    cases.extend(variants(es256)?);
    cases.extend(sign(&signers)?);
    cases.push(cwt(es256)?);
    cases.extend(make_sealed::all()?);
    Ok(cases)
}

fn signers() -> Result<Vec<Pair>, Trouble> {
    let mut pairs: Vec<Pair> = Vec::new();
    macro_rules! weierstrass {
        ($key:ident, $private:expr, $($algorithm:ident)*) => {$(
            let key = $key::from_bytes(&$private)?.with_algorithm(Algorithm::$algorithm)?;
            let public = public_key(key.public_key().as_public_key(), Algorithm::$algorithm)?;
            pairs.push((Box::new(key), public));
        )*};
    }
    weierstrass!(P256SigningKey, [0x21; 32], ES256 ESP256);
    weierstrass!(P384SigningKey, [0x22; 48], ES384 ESP384);
    let p521 = [&[0][..], &[0x23; 65]].concat();
    weierstrass!(P521SigningKey, p521, ES512 ESP512);
    weierstrass!(Ed25519SigningKey, [0x24; 32], EDDSA ED25519);
    macro_rules! ml_dsa {
        ($($key:ident)*) => {$(
            let key = $key::from_bytes(&[0x25; 32])?;
            let public = public_key(key.public_key().as_public_key(), key.algorithm())?;
            pairs.push((Box::new(key), public));
        )*};
    }
    ml_dsa!(MlDsa44SigningKey MlDsa65SigningKey MlDsa87SigningKey);
    let rsa = rsa_key()?;
    for algorithm in [Algorithm::PS256, Algorithm::PS384, Algorithm::PS512, Algorithm::RS256] {
        let signer = RsaSigningKey::from_private_key(&rsa)?.with_algorithm(algorithm)?;
        let material = rsa.public.ok_or("no public part")?;
        let public = public_key(PublicKey { material, algorithm: None }, algorithm)?;
        pairs.push((Box::new(signer), public));
    }
    Ok(pairs)
}

fn sign1((signer, key): &Pair, what: &str, builder: Sign1Builder) -> Result<Case, Trouble> {
    let algorithm = signer.algorithm();
    let message = builder.sign(Content::Embedded(CONTENT), signer.as_ref())?;
    let name = format!("sign1 {algorithm}{what}");
    let case = Case::new("sign1", name, algorithm.value(), message);
    Ok(Case { keys: vec![key.clone()], ..case })
}

/// Detached, with external data, empty, and with more in the headers.
fn variants(pair: &Pair) -> Result<Vec<Case>, Trouble> {
    let (signer, key) = pair;
    let case = |what: &str, message| {
        let name = format!("sign1 {}, {what}", signer.algorithm());
        let case = Case::new("sign1", name, signer.algorithm().value(), message);
        Case { keys: vec![key.clone()], ..case }
    };
    let make = |content, external| {
        Sign1Builder::new().external_aad(external).sign(content, signer.as_ref())
    };
    let mut empty = case("empty payload", make(Content::Embedded(b""), b"")?);
    empty.content = Vec::new();
    let rich = Sign1Builder::new()
        .content_type(ContentType::MediaType("text/plain"))
        .typ(ContentType::MediaType("application/example"))
        .protected("own", Value::Array(&[Value::Int((-7).into()), Value::Bool(true), Value::Null]))
        .protected(Label::int(70_000), Value::Bytes(&[7; 300]))
        .unprotected(Label::KID, Value::Bytes(&key_id(signer.algorithm())))
        .unprotected(Label::int(-70_000), "text");
    Ok(vec![
        Case {
            detached: Some(CONTENT.to_vec()),
            ..case("detached", make(Content::Detached(CONTENT), b"")?)
        },
        Case {
            external: EXTERNAL.to_vec(),
            ..case("external data", make(Content::Embedded(CONTENT), EXTERNAL)?)
        },
        Case {
            detached: Some(CONTENT.to_vec()),
            external: EXTERNAL.to_vec(),
            ..case("detached, external data", make(Content::Detached(CONTENT), EXTERNAL)?)
        },
        empty,
        sign1(pair, ", header parameters", rich)?,
    ])
}

/// By each signer alone, and by all that other libraries know together; nothing in the protected bucket of the body.
fn sign(signers: &[Pair]) -> Result<Vec<Case>, Trouble> {
    let one = |pairs: &[&Pair], what: &str, external: &[u8]| -> Result<Case, Trouble> {
        let mut signing =
            SignBuilder::new().external_aad(external).prepare(Content::Embedded(CONTENT))?;
        for (signer, _) in pairs {
            let headers = SignatureBuilder::new().key_id(&key_id(signer.algorithm()));
            signing.sign(headers, signer.as_ref())?;
        }
        let algorithm = pairs.first().map_or(0, |(signer, _)| signer.algorithm().value());
        let name = format!("sign {what}");
        let case = Case::new("sign", name, algorithm, signing.finish()?);
        let keys = pairs.iter().map(|(_, key)| key.clone()).collect();
        Ok(Case { external: external.to_vec(), keys, ..case })
    };
    let classic = |(signer, _): &&Pair| {
        let algorithms = [Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::EDDSA];
        algorithms.contains(&signer.algorithm())
    };
    let classic: Vec<&Pair> = signers.iter().filter(classic).collect();
    let mut cases = vec![
        one(&classic, "ES256, ES384, ES512, EdDSA", b"")?,
        one(&classic, "ES256, ES384, ES512, EdDSA, external data", EXTERNAL)?,
    ];
    for pair in &classic {
        cases.push(one(&[pair], &format!("{} alone", pair.0.algorithm()), b"")?);
    }
    Ok(cases)
}

/// Claims as the payload of a CWT, with a tag of their own left out (RFC 8392 7.1), and in the header (RFC 9597).
fn cwt(pair: &Pair) -> Result<Case, Trouble> {
    let claims = ClaimsBuilder::new()
        .issuer("https://maker.example")
        .subject("thing")
        .audience("reader")
        .expires_at(4_102_444_800)
        .not_before(1_700_000_000)
        .issued_at(1_700_000_000)
        .cwt_id(&[1, 2, 3]);
    let payload = claims.to_bytes();
    let (signer, key) = pair;
    let message = Sign1Builder::new()
        .key_id(&key_id(signer.algorithm()))
        .cwt_claims(&cose_ext::MapBuilder::new().with(1, "https://maker.example").with(2, "thing"))
        .sign(Content::Embedded(&payload), signer.as_ref())?;
    let name = format!("cwt {}", signer.algorithm());
    let case = Case::new("cwt", name, signer.algorithm().value(), message);
    Ok(Case { content: payload, keys: vec![key.clone()], ..case })
}
