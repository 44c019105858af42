//! Tokens made here.

use cose_ext::{
    Content,
    cbor::Writer,
    crypto::{Algorithm, PublicKey, SecretKey, Signer, SymmetricKey},
    cwt::ClaimKey,
    key::Jwk,
    mac0::Mac0Builder,
    rustcrypto::{Ed25519SigningKey, P256SigningKey, P384SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use rats_eat::{
    OwnedClaims,
    ar4si::{TrustClaim, TrustDimension, TrustVector},
    attester::{ClaimsWriter, write_claims},
    cose_ext::Profile,
    ear::{AppraisalBuilder, Ear, EarBuilder, VerifierId},
    jws,
};

use super::{Case, Trouble};

const IAT: i64 = 1_700_000_000;
const SECRET: &[u8; 32] = b"a secret that two programs share";

fn cbor(claims: &dyn Fn(&mut ClaimsWriter<'_, '_>)) -> Result<Vec<u8>, Trouble> {
    let mut buffer = [0; 2048];
    let mut writer = Writer::new(&mut buffer);
    write_claims(&mut writer, claims)?;
    Ok(writer.finish()?.to_vec())
}

/// Claims of an EAT, some of each type.
fn eat(claims: &mut ClaimsWriter<'_, '_>) {
    claims
        .text(ClaimKey::ISS, "https://maker.example")
        .int(ClaimKey::IAT, IAT)
        .bytes(ClaimKey::EAT_NONCE, &[7; 16])
        .bytes(ClaimKey::UEID, &[1; 17])
        .int(ClaimKey::OEMID, 64242)
        .bytes(ClaimKey::HWMODEL, b"model")
        .version(ClaimKey::HWVERSION, "1.2", None)
        .bool(ClaimKey::OEMBOOT, true)
        .uint(ClaimKey::DBGSTAT, 2)
        .submodules(&|parts| {
            parts.claims("TEE", &|tee| _ = tee.text(ClaimKey::SWNAME, "trusted os"));
        });
}

/// Claims of a PSA token.
fn psa(claims: &mut ClaimsWriter<'_, '_>) {
    claims
        .bytes(ClaimKey::EAT_NONCE, &[7; 32])
        .bytes(ClaimKey::UEID, &[1; 33])
        .text(ClaimKey::EAT_PROFILE, "tag:psacertified.org,2023:psa#tfm")
        .int(ClaimKey::int(2394), -1)
        .uint(ClaimKey::int(2395), 0x3000)
        .bytes(ClaimKey::int(2396), &[2; 32])
        .claim(ClaimKey::int(2399), |components| {
            components.array(1).map(2).int(2).bytes(&[3; 32]).int(5).bytes(&[4; 32]);
        });
}

fn result() -> Result<Vec<u8>, Trouble> {
    let vector = TrustVector::EMPTY
        .with(TrustDimension::Executables, TrustClaim::new(3))
        .with(TrustDimension::Configuration, TrustClaim::new(-33));
    let verifier = VerifierId { developer: "https://verifier.example", build: "1" };
    let result = EarBuilder::new(&verifier, IAT).nonce(&[7; 16]);
    Ok(result.appraisal("device", &AppraisalBuilder::of(&vector))?.to_bytes()?)
}

struct Signers {
    keys: [(&'static str, Box<dyn Signer>, String); 3],
}

impl Signers {
    fn new() -> Result<Self, Trouble> {
        let es256 = P256SigningKey::from_bytes(&[1; 32])?;
        let es384 = P384SigningKey::from_bytes(&[2; 48])?;
        let ed25519 = Ed25519SigningKey::from_bytes(&[3; 32])?;
        let jwk = |key: PublicKey<'_>| Jwk::encode(&key, Some("kid"));
        let jwks = [
            jwk((&es256.public_key()).into())?,
            jwk((&es384.public_key()).into())?,
            jwk((&ed25519.public_key()).into())?,
        ];
        let [one, two, three] = jwks;
        Ok(Self {
            keys: [
                ("ES256", Box::new(es256), one),
                ("ES384", Box::new(es384), two),
                ("EdDSA", Box::new(ed25519), three),
            ],
        })
    }
}

pub(crate) fn all() -> Result<Vec<Case>, Trouble> {
    let mut cases = Vec::new();
    let mut add = |name: String, kind: &str, token: String, key: &str, claims: String| {
        let (kind, key) = (kind.into(), key.into());
        cases.push(Case { name, kind, token, key, claims, wrong: None });
    };
    let (eat, psa, result) = (cbor(&eat)?, cbor(&psa)?, result()?);
    let eat_json = OwnedClaims::decode(eat.clone(), &Profile::DETERMINISTIC)?;
    let eat_json = eat_json.claims(&Profile::DETERMINISTIC)?.to_json()?.to_string();
    let result_json = Ear::decode(&result, &Profile::DETERMINISTIC)?.to_json()?.to_string();
    for (name, signer, jwk) in &Signers::new()?.keys {
        let sign1 = |payload: &[u8]| {
            Sign1Builder::new().key_id(b"kid").sign(Content::Embedded(payload), signer.as_ref())
        };
        let hex_of = |message: Vec<u8>, tags: &str| format!("{tags}{}", hex::encode(message));
        let token = hex_of(sign1(&eat)?, "d83d");
        add(format!("EAT as CWT, {name}"), "cwt", token, jwk, hex::encode(&eat));
        let token = hex_of(sign1(&psa)?, "");
        add(format!("PSA token, {name}"), "sign1", token, jwk, hex::encode(&psa));
        let token = hex_of(sign1(&result)?, "d83d");
        add(format!("EAR as CWT, {name}"), "ear-cwt", token, jwk, hex::encode(&result));
        let token = jws::sign(eat_json.as_bytes(), Some("kid"), signer.as_ref())?;
        add(format!("EAT as JWT, {name}"), "jwt", token, jwk, eat_json.clone());
        let token = jws::sign(result_json.as_bytes(), Some("kid"), signer.as_ref())?;
        add(format!("EAR as JWT, {name}"), "ear-jwt", token, jwk, result_json.clone());
    }
    let secret = SymmetricKey { k: SECRET, algorithm: Some(Algorithm::HMAC_256) };
    let secret = SecretKey::symmetric(secret, &RustCrypto);
    let maced = Mac0Builder::new().key_id(b"kid");
    let maced = maced.authenticate(Algorithm::HMAC_256, Content::Embedded(&eat), &secret)?;
    let token = format!("d83d{}", hex::encode(maced));
    let key = format!(r#"{{"kty":"oct","kid":"kid","alg":"HS256","k":"{}"}}"#, b64(SECRET));
    add("EAT as CWT, HMAC 256".into(), "cwt", token, &key, hex::encode(&eat));
    Ok(cases)
}

fn b64(bytes: &[u8]) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::encode_string(bytes)
}
