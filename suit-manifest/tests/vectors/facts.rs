//! What an envelope says, as the vectors write it.

use serde_json::{Map as Object, Value, json};
use suit_manifest::{
    AuthenticationPolicy, ComponentId, Envelope, Manifest, Section, SectionBytes,
    cose_ext::{
        Authenticated, Context, Input, Profile, Verified,
        cbor::{Array, Map, Raw, Reader, Type},
        rustcrypto::RustCrypto,
    },
    label,
};
use testkit::vectors::{Case, Facts, Trouble};

use crate::keys::{Keys, identity};

const PROFILE: Profile = Profile::LENIENT;

/// Facts of the bytes alone.
pub(crate) fn of_bytes(bytes: &[u8]) -> Facts {
    let mut facts = Facts::new();
    facts.is("envelope_length", bytes.len()).is("length", bytes.len()).is("sha256", sha256(bytes));
    facts
}

fn sha256(bytes: &[u8]) -> String {
    let algorithm = suit_manifest::cose_ext::crypto::Algorithm::SHA256;
    hex::encode(Context::new(&RustCrypto).hash(algorithm, &[bytes]).unwrap().as_ref())
}

/// Facts of an envelope that nobody vouches for.
pub(crate) fn of_envelope(
    envelope: &Envelope<'_>,
    case: &Case,
    keys: &Keys,
) -> Result<Facts, Trouble> {
    let mut facts = Facts::new();
    let found = envelope_object(envelope, case, keys)?;
    for (key, value) in found {
        facts.is(key, value);
    }
    facts.is("envelope_keys", envelope_keys(envelope)?);
    let mut integrated = Object::new();
    for payload in envelope.integrated_payloads() {
        let mut found = Object::new();
        found.insert("length".into(), payload.payload.len().into());
        found.insert("sha256".into(), sha256(payload.payload).into());
        if let Ok(dependency) = Envelope::decode(payload.payload, &PROFILE) {
            let facts = envelope_object(&dependency, case, keys)?;
            found.insert("dependency".into(), facts.into());
        }
        integrated.insert(payload.uri.into(), found.into());
    }
    if let Some(stated) = case.fact("integrated") {
        facts.is("integrated", overlay(stated, integrated.into()));
    }
    Ok(facts)
}

/// `stated` with those parts replaced that were found.
fn overlay(stated: &Value, found: Value) -> Value {
    match (stated, found) {
        (Value::Object(stated), Value::Object(found)) => {
            let mut all = stated.clone();
            for (key, found) in found {
                if let Some(stated) = stated.get(&key) {
                    all.insert(key, overlay(stated, found));
                }
            }
            all.into()
        }
        (_, found) => found,
    }
}

fn envelope_object(
    envelope: &Envelope<'_>,
    case: &Case,
    keys: &Keys,
) -> Result<Object<String, Value>, Trouble> {
    let mut found = Object::new();
    let tag = envelope.is_tagged().then_some(label::tag::ENVELOPE);
    let digest = envelope.authentication().digest();
    let context = Context::new(&RustCrypto);
    let computed = context.hash(digest.algorithm(), &[envelope.manifest_item().bytes()])?;
    found.insert("envelope_tag".into(), json!(tag));
    found.insert("digest_alg".into(), digest.algorithm().value().into());
    found.insert("manifest_digest".into(), hex::encode(digest.value()).into());
    let matches = computed.as_ref() == digest.value();
    found.insert("manifest_digest_matches".into(), matches.into());
    let manifest = PROFILE.embedded(&envelope.manifest_item())?;
    let manifest_keys: Result<Vec<_>, Trouble> =
        Map::new(&manifest)?.iter().map(|(key, _)| json(&key)).collect();
    found.insert("manifest_keys".into(), manifest_keys?.into());
    if let Some(blocks) = blocks(envelope, case, keys, &context)? {
        found.insert("auth_blocks".into(), blocks.into());
    }
    Ok(found)
}

/// The blocks with the key that verifies each; `None` unless one does for every block.
fn blocks(
    envelope: &Envelope<'_>,
    case: &Case,
    keys: &Keys,
    context: &Context<'_>,
) -> Result<Option<Vec<Value>>, Trouble> {
    let mut found = Vec::new();
    let authentication = envelope.authentication();
    for block in authentication.blocks() {
        let Ok(message) = block.message(&PROFILE) else { return Ok(None) };
        let input = Input::detached(authentication.signed_bytes());
        let verified = keys.trusting(context, |trust| {
            let policy = AuthenticationPolicy::ANY_BLOCK.signers;
            message.verify(&input, trust, &policy, context).map(|verified| *verified.by())
        })?;
        let Ok(by) = verified else { return Ok(None) };
        let name = (0..case.keys.len()).find(|index| by.has(&identity(*index)));
        let tag = match message {
            Authenticated::Sign1(_) => 18,
            Authenticated::Sign(_) => 98,
            Authenticated::Mac0(_) => 17,
            Authenticated::Mac(_) => 97,
            _ => return Ok(None),
        };
        let algorithm = by.iter().next().map(|by| by.algorithm().value());
        let mut block = json!({
            "cose_tag": tag,
            "alg": algorithm,
            "payload": "detached",
            "verifies_with": name.map(|index| case.keys[index].clone()),
        });
        let key_id = message.headers().unprotected().key_id()?;
        if let Some(key_id) = message.headers().protected().key_id()?.or(key_id) {
            block["kid_hex"] = hex::encode(key_id).into();
        }
        found.push(block);
    }
    Ok(Some(found))
}

fn envelope_keys(envelope: &Envelope<'_>) -> Result<Value, Trouble> {
    let offset = if envelope.is_tagged() { 2 } else { 0 };
    let map = PROFILE.item(&envelope.bytes()[offset..], offset)?;
    Map::new(&map)?.iter().map(|(key, _)| json(&key)).collect()
}

/// Facts of a manifest that somebody vouches for; `present` is the word for a severable member that
/// is there.
pub(crate) fn of_manifest<B: Copy>(
    envelope: &Envelope<'_>,
    verified: &Verified<Manifest<'_>, B>,
    present: &str,
    context: &Context<'_>,
) -> Result<Facts, Trouble> {
    let mut facts = Facts::new();
    let manifest = verified.value();
    let common = manifest.common();
    facts
        .is("manifest_version", 1)
        .is("manifest_map_deterministic", true)
        .is("sequence_number", manifest.sequence_number())
        .is("components", common.components().iter().map(segments).collect::<Vec<_>>());
    if let Some(uri) = manifest.reference_uri() {
        facts.is("reference_uri", uri);
    }
    if let Some(component) = manifest.manifest_component_id() {
        facts.is("manifest_component_id", segments(component));
    }
    if !common.dependencies().is_empty() {
        let mut dependencies = Object::new();
        for dependency in common.dependencies() {
            let mut metadata = Object::new();
            if let Some(prefix) = dependency.prefix {
                metadata.insert("1".into(), segments(prefix));
            }
            dependencies.insert(dependency.index.to_string(), metadata.into());
        }
        facts.is("suit_dependencies", dependencies.clone());
        facts.is("dependencies", dependencies);
    }
    let mut sequences = Object::new();
    if let Some(shared) = common.shared_sequence(&context.profile)? {
        sequences.insert("shared".into(), sequence(&shared)?);
    }
    let mut severable = Object::new();
    for section in Section::ALL {
        let content = envelope.section(verified, section, context);
        if let Some(SectionBytes::Severed(_)) = manifest.section(section)? {
            let state = if content.is_ok() { present } else { "severed" };
            severable.insert(section.label().to_string(), state.into());
            if content.is_err() {
                continue;
            }
        }
        if let Some(content) = content? {
            sequences.insert(section.name().into(), sequence(content.value())?);
        }
    }
    if let Some(SectionBytes::Severed(_)) = manifest.text()? {
        let state = match envelope.text(verified, context) {
            Ok(Some(_)) => present,
            _ => "severed",
        };
        severable.insert(label::manifest::TEXT.to_string(), state.into());
    }
    facts.is("sequences", sequences);
    if !severable.is_empty() {
        facts.is("severable", severable);
    }
    Ok(facts)
}

fn segments(component: ComponentId<'_>) -> Value {
    component.segments().map(|segment| json!({ "hex": hex::encode(segment) })).collect()
}

fn sequence(raw: &Raw<'_>) -> Result<Value, Trouble> {
    let mut commands = Vec::new();
    let mut elements = Array::new(raw)?.iter();
    while let (Some(command), Some(argument)) = (elements.next(), elements.next()) {
        let command = command.read(Reader::int)?.to_i64();
        let argument = match command {
            Some(label::directive::TRY_EACH) => {
                Array::new(&argument)?.iter().map(|raw| nested(&raw)).collect::<Result<_, _>>()?
            }
            Some(label::directive::RUN_SEQUENCE) => nested(&argument)?,
            _ => json(&argument)?,
        };
        commands.push(json!([command, argument]));
    }
    Ok(commands.into())
}

fn nested(raw: &Raw<'_>) -> Result<Value, Trouble> {
    match raw.data_type() {
        Type::Bytes => sequence(&PROFILE.embedded(raw)?),
        _ => json(raw),
    }
}

fn json(raw: &Raw<'_>) -> Result<Value, Trouble> {
    Ok(match raw.data_type() {
        Type::Int => {
            let int = raw.read(Reader::int)?;
            int.to_u64().map_or_else(|| json!(int.to_i64()), Value::from)
        }
        Type::Bytes => json!({ "hex": hex::encode(raw.read(Reader::bytes)?) }),
        Type::Text => raw.read(Reader::text)?.into(),
        Type::Array => Array::new(raw)?.iter().map(|raw| json(&raw)).collect::<Result<_, _>>()?,
        Type::Map => {
            let mut object = Object::new();
            for (key, value) in Map::new(raw)? {
                object.insert(json(&key)?.to_string(), json(&value)?);
            }
            object.into()
        }
        Type::Null => Value::Null,
        Type::Bool => (raw.bytes() == [0xf5]).into(),
        other => return Err(format!("no way to write a {other}").into()),
    })
}
