//! The verifier: keys of the makers, a table of what may be there, and a key for its results.

use cose_ext::{
    Context, Digest, Profile, Trust,
    crypto::Algorithm,
    key::{TrustStore, TrustedKey},
    rustcrypto::{Ed25519SigningKey, RustCrypto},
};
use rats_eat::{
    Error, Freshness, Requirements, Token, Tree,
    appraisal::{Appraiser, Reference},
    claim::ContentFormat,
    ear::{Ear, EarBuilder, VerifierId},
    jws,
};

use crate::{Trouble, device};

pub(crate) const NONCE: [u8; 16] = *b"fresh and random";
/// The time, as a clock would tell it.
const NOW: i64 = 1_800_000_060;

/// Runs `call` with the keys that are enrolled.
fn trusting<R>(call: impl FnOnce(&Trust<'_>) -> Result<R, Trouble>) -> Result<R, Trouble> {
    let (device, modem) = (device::public_key()?, device::modem_key()?);
    let context = Context::new(&RustCrypto);
    let keys = [
        TrustedKey::new(&device, &context)?.with_key_id(b"device").for_issuer(device::MAKER),
        TrustedKey::new(&modem, &context)?.with_key_id(b"modem"),
    ];
    call(&Trust::keys(&TrustStore::new(&keys)))
}

/// Verifies all parts of `evidence`, and that it answers to `nonce`, now.
pub(crate) fn verify(evidence: &[u8], nonce: &[u8]) -> Result<Tree, Trouble> {
    let token = Token::decode(evidence, &Profile::LENIENT)?;
    let context = Context::new(&RustCrypto);
    let tree = trusting(|trust| Ok(token.verify_all(trust, &Requirements::DEFAULT, &context)?))?;
    let claims = tree.claims().ok_or("no claims")?.value().claims(&Profile::LENIENT)?;
    Freshness::nonce(&nonce).at(NOW).within(300).check(&claims)?;
    Ok(tree)
}

/// Compares what was measured with a table, and issues a result.
pub(crate) fn appraise(evidence: &[u8]) -> Result<(), Trouble> {
    let token = Token::decode(evidence, &Profile::LENIENT)?;
    let context = Context::new(&RustCrypto);
    let boot_loader = device::boot_loader();
    let digest = Digest::new(Algorithm::SHA256, &boot_loader)?;
    let references =
        [Reference::digest("boot loader", digest).from_version("2.0").until(1_900_000_000)];
    let appraiser = Appraiser::new(&references)
        .with_component_format(ContentFormat(device::COMPONENT_FORMAT))
        .at(NOW);
    println!("\ncompared with {} reference values:", references.len());
    let verdict = trusting(|trust| {
        let claims = token.verify(trust, &Requirements::DEFAULT, &context)?;
        Ok(appraiser.appraise(&claims, &mut |component| {
            println!("  {}: {:?}", component.name, component.outcome);
        })?)
    })?;
    let verifier = VerifierId { developer: "https://verifier.example", build: "attest 1" };
    let result = EarBuilder::new(&verifier, NOW).nonce(&NONCE).verdict("device", &verdict)?;
    let result = result.to_bytes()?;
    let json = Ear::decode(&result, &Profile::DETERMINISTIC)?.to_json()?.to_string();
    println!("\nthe result, as the claims of a JWT:\n  {json}");
    let key = Ed25519SigningKey::from_bytes(&[9; 32])?;
    let jwt = jws::sign(json.as_bytes(), Some("verifier"), &key)?;
    println!("  signed: {} characters", jwt.len());
    Ok(())
}

/// Prints why something was refused; that it was not is trouble.
pub(crate) fn refuses(what: &str, outcome: Result<Tree, Trouble>) -> Result<(), Trouble> {
    match outcome {
        Ok(_) => Err(format!("{what} was accepted").into()),
        Err(trouble) if trouble.is::<Error>() => {
            println!("  {what}: {trouble}");
            Ok(())
        }
        Err(trouble) => Err(trouble),
    }
}
