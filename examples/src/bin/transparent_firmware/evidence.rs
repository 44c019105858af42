//! The device attests: nonce, measured component, manifest, and the roots that it relied on.

use cose_ext::{
    Context, Profile, Trust,
    cbor::{Array, Reader},
    crypto::Algorithm,
    cwt::ClaimKey,
    key::{TrustStore, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
};
use rats_eat::{Freshness, Requirements, Token, attester, attester::ClaimsWriter};

use crate::{Trouble, board::Pump, cast::NOW};

pub(crate) const NONCE: [u8; 16] = *b"fresh and random";
const MAKER: &str = "https://maker.example/devices";
const DEVICE: u8 = 40;
const OTHER_DEVICE: u8 = 41;

/// Claims of this story, by numbers for private use: digest of the image, digest of the manifest, and the roots by service.
const IMAGE: ClaimKey<'static> = ClaimKey::int(-70_000);
const MANIFEST: ClaimKey<'static> = ClaimKey::int(-70_001);
const ROOTS: ClaimKey<'static> = ClaimKey::int(-70_002);

pub(crate) fn of(pump: &Pump, nonce: &[u8]) -> Result<Vec<u8>, Trouble> {
    signed_by(DEVICE, pump, nonce)
}

pub(crate) fn of_another_device(pump: &Pump, nonce: &[u8]) -> Result<Vec<u8>, Trouble> {
    signed_by(OTHER_DEVICE, pump, nonce)
}

fn signed_by(seed: u8, pump: &Pump, nonce: &[u8]) -> Result<Vec<u8>, Trouble> {
    let key = P256SigningKey::from_bytes(&[seed; 32])?;
    let image = Context::new(&RustCrypto).hash(Algorithm::SHA256, &[&pump.image])?;
    let claims = |claims: &mut ClaimsWriter<'_, '_>| {
        claims
            .text(ClaimKey::ISS, MAKER)
            .int(ClaimKey::IAT, NOW)
            .bytes(ClaimKey::EAT_NONCE, nonce)
            .bytes(ClaimKey::UEID, b"\x01pump number 17!!!")
            .bytes(IMAGE, image.as_ref())
            .bytes(MANIFEST, &pump.manifest)
            .claim(ROOTS, |roots| {
                roots.array(pump.relied_on.len());
                for (service, root) in &pump.relied_on {
                    roots.array(2).text(service).bytes(root);
                }
            });
    };
    Ok(attester::sign(&mut [0; 1024], Some(b"pump 17"), &key, &claims)?.to_vec())
}

/// What a verifier says of evidence: how many roots it states that are roots of the logs.
pub(crate) fn appraise(
    evidence: &[u8],
    manifest: &[u8],
    image: &[u8],
    is_root: &dyn Fn(&str, &[u8]) -> bool,
) -> Result<usize, Trouble> {
    let context = Context::new(&RustCrypto);
    let public = P256SigningKey::from_bytes(&[DEVICE; 32])?.public_key();
    let keys = [TrustedKey::new(&public, &context)?.with_key_id(b"pump 17").for_issuer(MAKER)];
    let trust = TrustStore::new(&keys);
    let token = Token::decode(evidence, &Profile::LENIENT)?;
    let verified = token.verify(&Trust::keys(&trust), &Requirements::DEFAULT, &context)?;
    let claims = verified.value();
    let nonce: &[u8] = &NONCE;
    Freshness::nonce(&nonce).at(NOW).within(300).check(claims)?;
    let bytes = |key| claims.find(key).and_then(|value| value.read(Reader::bytes).ok());
    let expected = context.hash(Algorithm::SHA256, &[image])?;
    if bytes(MANIFEST) != Some(manifest) || bytes(IMAGE) != Some(expected.as_ref()) {
        return Err("the device runs something else".into());
    }
    let roots = claims.find(ROOTS).ok_or("no roots")?;
    let mut known = 0_usize;
    for pair in Array::new(&roots)?.iter() {
        let [service, root] = Array::new(&pair)?.exactly()?;
        if is_root(service.read(Reader::text)?, root.read(Reader::bytes)?) {
            known = known.saturating_add(1);
        }
    }
    Ok(known)
}
