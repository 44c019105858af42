//! Manifests from descriptions in JSON: the ones that were published with them, byte for byte.

use suit_manifest::{
    Envelope, Error,
    author::json::manifest_from_json,
    cose_ext::{Context, Profile, crypto::Algorithm, rustcrypto::RustCrypto},
};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

/// Makes the manifest, and compares it with the envelope that the case names: digest, manifest and
/// severed members.
pub(crate) fn authoring_input(case: &Case) -> Result<Outcome, Trouble> {
    let made = match make(&case.bytes()?) {
        Ok(made) => made,
        Err(error) => return Ok(crate::refused(&error, Facts::new())),
    };
    let made = Envelope::decode(&made, &Profile::LENIENT)?;
    let published = case.sibling(&format!("{}.cbor", case.fact_str("signed_envelope_name")?))?;
    let published = Envelope::decode(&published, &Profile::LENIENT)?;
    let digest = made.authentication().digest();
    let mut facts = Facts::new();
    facts.is_hex("manifest_digest", digest.value()).is("digest_alg", digest.algorithm().value());
    if made.manifest_item().bytes() != published.manifest_item().bytes() {
        return Err("the manifest is not the one that was published".into());
    }
    // The published envelope with the blocks taken out of its wrapper is the one that was made.
    let mut signed = suit_manifest::author::EnvelopeBuilder::of(&made)?;
    for block in published.authentication().blocks() {
        signed.block(block.bytes().to_vec())?;
    }
    if signed.to_bytes() != published.bytes() {
        return Err("the envelope is not the one that was published".into());
    }
    Ok(Outcome::Accepted(facts))
}

fn make(json: &[u8]) -> Result<Vec<u8>, Error> {
    let context = Context::new(&RustCrypto);
    Ok(manifest_from_json(json)?.build(Algorithm::SHA256, &context)?.to_bytes())
}
