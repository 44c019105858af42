//! Manifests from descriptions in JSON: the ones that were published with them, byte for byte.

use serde_json::Value;
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
    nothing_is_passed_over(&case.bytes()?)?;
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

/// A member that nobody knows is refused, wherever it stands: what an author has misspelt is not left out in silence.
fn nothing_is_passed_over(json: &[u8]) -> Result<(), Trouble> {
    let whole: Value = serde_json::from_slice(json)?;
    let mut paths = Vec::new();
    objects(&whole, String::new(), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        let mut changed = whole.clone();
        let object = changed.pointer_mut(&path).and_then(Value::as_object_mut).ok_or("object")?;
        object.insert("no-such-member".into(), Value::from(1));
        if make(changed.to_string().as_bytes()).is_ok() {
            return Err(format!("a member that nobody knows is taken at {path:?}").into());
        }
    }
    Ok(())
}

/// Where the objects stand in a description.
fn objects(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                objects(member, format!("{path}/{name}"), paths);
            }
            paths.push(path);
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                objects(element, format!("{path}/{index}"), paths);
            }
        }
        _ => {}
    }
}
