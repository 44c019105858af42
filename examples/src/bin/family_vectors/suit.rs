//! SUIT envelopes: signed in several ways, whole and broken.

use cose_ext::crypto::{Algorithm, SecretKey, SymmetricKey};
use cose_ext::mac0::Mac0Builder;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::{SignBuilder, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Digest};
use serde_json::{Value, json};
use suit_manifest::author::{
    EnvelopeBuilder, LanguageTextBuilder, ManifestBuilder, ParameterSet, RECORD_ALL,
    RECORD_FAILURE, Sequence, TextBuilder,
};
use suit_manifest::label::{condition, directive};
use suit_manifest::{Envelope, Section, cose_ext::Profile};

use super::Trouble;
use super::area::{Area, Case};
use super::cose::changed_at;
use super::keys::{mac_key, signing_keys, symmetric_jwk};

const SPEC: &str = "draft-ietf-suit-manifest-37";
const IMAGE: &[u8] = b"an image of the family";

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let context = Context::new(&RustCrypto);
    let shapes = [
        ("boot", boot(&context)?, Algorithm::SHA256),
        ("install", install(&context)?, Algorithm::SHA256),
        ("severed", severed(&context)?, Algorithm::SHA384),
    ];
    for (shape, manifest, hash) in shapes {
        let built = manifest.build(hash, &context)?;
        for signer in ["es256", "es384", "eddsa", "hmac", "two"] {
            let (envelope, keys) = signed(area, built.clone(), signer, &context)?;
            let bytes = envelope.to_bytes();
            let name = format!("family-envelope-{shape}-{signer}");
            add(area, &name, &bytes, &keys, None, Some(hash))?;
            broken(area, &name, &bytes, envelope.digest(), &keys)?;
        }
        let name = format!("family-envelope-{shape}-unsigned");
        let why = "no authentication block";
        add(area, &name, &built.to_bytes(), &["es256.jwk.json".into()], Some(why), None)?;
    }
    Ok(())
}

fn image_digest(context: &Context<'_>) -> Result<Vec<u8>, Trouble> {
    Ok(context.hash(Algorithm::SHA256, &[IMAGE])?.as_ref().to_vec())
}

fn shared(context: &Context<'_>) -> Result<Sequence, Trouble> {
    let digest = image_digest(context)?;
    let parameters = ParameterSet::new()
        .vendor_identifier(&[1; 16])
        .class_identifier(&[2; 16])
        .image_digest(&Digest::new(Algorithm::SHA256, &digest)?)
        .image_size(u64::try_from(IMAGE.len())?);
    Ok(Sequence::new()
        .override_parameters(&parameters)
        .command(condition::VENDOR_IDENTIFIER, RECORD_ALL)
        .command(condition::CLASS_IDENTIFIER, RECORD_ALL))
}

/// One component, checked and started.
fn boot(context: &Context<'_>) -> Result<ManifestBuilder, Trouble> {
    Ok(ManifestBuilder::new(1)
        .component(&[b"app"])
        .shared(shared(context)?)
        .section(Section::Validate, Sequence::new().command(condition::IMAGE_MATCH, RECORD_ALL))
        .section(Section::Invoke, Sequence::new().command(directive::INVOKE, RECORD_FAILURE)))
}

/// Fetched and checked.
fn install(context: &Context<'_>) -> Result<ManifestBuilder, Trouble> {
    let from = ParameterSet::new().uri("https://images.example/app.bin");
    let fetch = Sequence::new()
        .override_parameters(&from)
        .command(directive::FETCH, RECORD_FAILURE)
        .command(condition::IMAGE_MATCH, RECORD_ALL);
    Ok(boot(context)?.section(Section::Install, fetch))
}

/// Install section and text beside the manifest, which has their digests.
fn severed(context: &Context<'_>) -> Result<ManifestBuilder, Trouble> {
    let text = TextBuilder::new().language(
        "en",
        &LanguageTextBuilder::new()
            .text(suit_manifest::label::text::MANIFEST_DESCRIPTION, "the family's"),
    );
    Ok(install(context)?.severed(Section::Install).severed_text(&text))
}

/// Signs the envelope in the way that `by` names; returns it with the files of the keys.
fn signed(
    area: &mut Area,
    mut envelope: EnvelopeBuilder,
    by: &str,
    context: &Context<'_>,
) -> Result<(EnvelopeBuilder, Vec<String>), Trouble> {
    let keys = signing_keys()?;
    let mut files = Vec::new();
    let mut file = |area: &mut Area, name: &str, jwk: &Value| {
        let name = format!("{name}.jwk.json");
        area.json(&name, jwk);
        files.push(name);
    };
    match by {
        "hmac" => {
            let key = mac_key(32);
            let algorithm = Some(Algorithm::HMAC_256);
            let secret = SecretKey::symmetric(SymmetricKey { k: &key, algorithm }, &RustCrypto);
            let block = Mac0Builder::new().authenticate(
                Algorithm::HMAC_256,
                Content::Detached(envelope.digest()),
                &secret,
            )?;
            envelope.block(block)?;
            file(area, "hmac", &symmetric_jwk(&key));
        }
        "two" => {
            let digest = envelope.digest().to_vec();
            let mut signing = SignBuilder::new().prepare(Content::Detached(&digest))?;
            for key in keys.iter().filter(|key| matches!(key.name, "es256" | "eddsa")) {
                signing.sign(SignatureBuilder::new(), &*key.signer)?;
                file(area, key.name, &key.jwk);
            }
            envelope.block(signing.finish()?)?;
        }
        one => {
            let key = keys.iter().find(|key| key.name == one).ok_or("no such key")?;
            envelope.sign(Sign1Builder::new(), &*key.signer, context)?;
            file(area, key.name, &key.jwk);
        }
    }
    Ok((envelope, files))
}

/// The envelope with one thing wrong.
fn broken(
    area: &mut Area,
    name: &str,
    bytes: &[u8],
    digest: &[u8],
    keys: &[String],
) -> Result<(), Trouble> {
    let place = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part);
    let image = place(b"images.example").or(place(b"app")).ok_or("no component")?;
    let stated = place(digest).ok_or("no digest")?;
    let last_of_digest = stated.saturating_add(digest.len()).saturating_sub(1);
    let made = [
        (
            "manifest",
            changed_at(bytes, image),
            "a bit of the manifest or of a severed member was changed",
        ),
        ("digest", changed_at(bytes, last_of_digest), "a bit of the digest was changed"),
        (
            "cut",
            bytes.get(..bytes.len().saturating_sub(1)).unwrap_or_default().to_vec(),
            "the last byte is missing",
        ),
        ("trailing", [bytes, &[0]].concat(), "a byte follows the envelope"),
    ];
    for (what, bytes, why) in made {
        add(area, &format!("{name}-{what}"), &bytes, keys, Some(why), None)?;
    }
    Ok(())
}

fn add(
    area: &mut Area,
    name: &str,
    bytes: &[u8],
    keys: &[String],
    broken: Option<&str>,
    hash: Option<Algorithm>,
) -> Result<(), Trouble> {
    let file = format!("{name}.cbor");
    area.file(&file, bytes);
    let mut facts = json!({ "envelope_length": bytes.len() });
    if let Some(hash) = hash {
        Envelope::decode(bytes, &Profile::LENIENT)?;
        facts["envelope_tag"] = 107.into();
        facts["digest_alg"] = hash.value().into();
        facts["sequence_number"] = 1.into();
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let why = broken.unwrap_or("made and signed by suit-manifest");
    let (kind, is_valid) = ("envelope", broken.is_none());
    area.case(&Case { name, kind, spec: SPEC, file: &file, keys: &keys, is_valid, why, facts });
    Ok(())
}
