//! What a processor does with manifests of the shapes of the published examples: the manifest draft's 1, 2 and 4, the
//! one that TEEP fetches by its URI, and the dependent of trust domains with its dependency. The images are ours, since
//! nobody has those of the examples. The effects were written down from the texts, and are not what a run gave.

use cose_ext::crypto::Algorithm;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Digest};
use serde_json::{Value, json};
use suit_manifest::Section;
use suit_manifest::author::{
    Download, EnvelopeBuilder, Image, Load, ManifestBuilder, ParameterSet, RECORD_ALL,
    RECORD_FAILURE, Sequence, images,
};
use suit_manifest::label::{condition, directive};

use super::Trouble;
use super::area::{Area, Case};
use super::keys::signing_keys;

pub(crate) const SPEC: &str = "draft-ietf-suit-manifest-37";
pub(crate) const IMAGE: &[u8] = b"an image of the family";
pub(crate) const URI: &str = "http://images.example/file.bin";
const VENDOR: [u8; 16] = [1; 16];
const CLASS: [u8; 16] = [2; 16];
/// The file of the trusted application of TEEP's example.
const APPLICATION: [&[u8]; 4] = [b"TEEP-Device", b"SecureFS", &[0x8d; 16], b"ta"];

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let digest = digest_of(IMAGE)?;
    let of_image = Digest::new(Algorithm::SHA256, &digest)?;
    let image = |component: &[&[u8]], uri| Image {
        component: component.iter().map(|segment| segment.to_vec()).collect(),
        vendor_and_class: Some((VENDOR, CLASS)),
        digest: of_image,
        size: IMAGE.len() as u64,
        uri,
        download: None,
        load: None,
        is_bootable: false,
    };
    let checked =
        |at: &str| vec![json!(["check-vendor", at, true]), json!(["check-class", at, true])];
    let sha = hex(&digest);
    let fetch = |at: &str| json!(["fetch", at, URI, "network", sha]);
    let matches = |at: &str| json!(["check-image", at, true]);
    let commit = || json!(["commit-sequence", 1]);
    let holding = Some(hex(IMAGE));
    let update = |at: &str| {
        let installs = vec![fetch(at), matches(at)];
        [checked(at), installs, checked(at), vec![matches(at), commit()]].concat()
    };

    let one = signed(images(ManifestBuilder::new(1), &[image(&[&[0]], Some(URI))]))?;
    let empty = [("00", None)];
    let ended = Ended { effects: update("00"), contents: &[("00", Some(&sha))], number: Some(1) };
    Made { name: "example-1-update", why: "fetched, compared, validated", procedure: "update" }
        .add(area, &one.to_bytes(), &empty, &[(URI, IMAGE)], &ended)?;

    let boots = Image { is_bootable: true, ..image(&[&[0]], Some(URI)) };
    let two = images(ManifestBuilder::new(1), &[boots]).severed(Section::Install);
    let two = signed(two)?;
    Made {
        name: "example-2-update",
        why: "the install section is severed and there",
        procedure: "update",
    }
    .add(area, &two.to_bytes(), &empty, &[(URI, IMAGE)], &ended)?;
    let invoke = vec![json!(["invoke", "00", null])];
    let effects = [checked("00"), vec![matches("00")], checked("00"), invoke].concat();
    let ended = Ended { effects, contents: &[("00", Some(&sha))], number: None };
    let cut = two.without_severed();
    Made {
        name: "example-2-invoke",
        why: "what was severed is not asked for",
        procedure: "invoke",
    }
    .add(area, &cut.to_bytes(), &[("00", holding.as_deref())], &[], &ended)?;

    let four = Image {
        download: Some(Download { component: vec![vec![2]], digest: of_image }),
        load: Some(Load { component: vec![vec![1]], digest: of_image, size: IMAGE.len() as u64 }),
        is_bootable: true,
        ..image(&[&[0]], Some(URI))
    };
    let four = signed(images(ManifestBuilder::new(1), &[four]))?;
    let installs = vec![json!(["copy", "02", "00"]), matches("00")];
    let downloads = vec![fetch("02"), matches("02")];
    let effects = [
        checked("00"),
        downloads,
        checked("00"),
        installs,
        checked("00"),
        vec![matches("00"), commit()],
    ]
    .concat();
    let contents = [("00", Some(&*sha)), ("01", None), ("02", Some(&*sha))];
    let ended = Ended { effects, contents: &contents, number: Some(1) };
    let empty = [("00", None), ("01", None), ("02", None)];
    Made { name: "example-4-update", why: "kept outside, then installed", procedure: "update" }
        .add(area, &four.to_bytes(), &empty, &[(URI, IMAGE)], &ended)?;
    let loads = vec![json!(["copy", "00", "01"]), matches("01")];
    let invoke = vec![json!(["invoke", "01", null])];
    let effects =
        [checked("00"), vec![matches("00")], checked("00"), loads, checked("00"), invoke].concat();
    let contents = [("00", Some(&*sha)), ("01", Some(&*sha)), ("02", None)];
    let ended = Ended { effects, contents: &contents, number: None };
    let installed = [("00", holding.as_deref()), ("01", None), ("02", None)];
    Made { name: "example-4-invoke", why: "loaded, compared, started", procedure: "invoke" }.add(
        area,
        &four.to_bytes(),
        &installed,
        &[],
        &ended,
    )?;

    let name = APPLICATION.map(hex).join("/");
    let teep = images(ManifestBuilder::new(1), &[image(&APPLICATION, Some(URI))]);
    let teep =
        teep.section(Section::Uninstall, Sequence::new().command(directive::UNLINK, RECORD_ALL));
    let ended = Ended { effects: update(&name), contents: &[(&name, Some(&sha))], number: Some(1) };
    Made { name: "teep-uri-update", why: "a trusted application by its URI", procedure: "update" }
        .add(area, &signed(teep)?.to_bytes(), &[(&name, None)], &[(URI, IMAGE)], &ended)?;
    trust_domains(area)
}

/// The dependent, whose dependency has the index behind the only component, and the prefix as its component identifier.
fn trust_domains(area: &mut Area) -> Result<(), Trouble> {
    let write = |content: &[u8]| {
        Sequence::new()
            .override_parameters(&ParameterSet::new().content(content))
            .command(directive::WRITE, RECORD_ALL)
    };
    let (first, second): (&[u8], &[u8]) = (b"hello world", b" in multiple trust domains");
    let inner = ManifestBuilder::new(1)
        .component(&[b"00"])
        .manifest_component_id(&[b"dependent.suit"])
        .section(Section::Install, write(first));
    let inner = signed(inner)?;
    let uri = "http://images.example/dependent.suit";
    let digest = Digest::new(Algorithm::SHA256, inner.digest().get(4..).unwrap_or_default())?;
    let outer = ManifestBuilder::new(1)
        .component(&[b"10"])
        .dependency_under(1, &[b"dependent.suit"])
        .section(
            Section::DependencyResolution,
            Sequence::new()
                .set_component_index(1)
                .override_parameters(&ParameterSet::new().image_digest(&digest).uri(uri))
                .command(directive::FETCH, RECORD_FAILURE)
                .command(condition::IMAGE_MATCH, RECORD_ALL),
        )
        .section(
            Section::Install,
            Sequence::new()
                .set_component_index(1)
                .override_parameters(&ParameterSet::new().image_digest(&digest))
                .command(condition::DEPENDENCY_INTEGRITY, RECORD_ALL)
                .command(directive::PROCESS_DEPENDENCY, 0)
                .set_component_index(0)
                .and(&write(second)),
        );
    let envelope = inner.to_bytes();
    let (held, own, other) = (hex(b"dependent.suit"), hex(b"10"), hex(b"00"));
    let components = [(&*held, None), (&*own, None), (&*other, None)];
    let ended = Ended { effects: Vec::new(), contents: &components, number: None };
    let why = "the index of the dependency is beyond the components; under the other reading it is the next one";
    let mut facts = facts("update", &components, &[(uri, &envelope)], &ended);
    facts["verdict"] = "rejected-before-effects".into();
    facts["contested"] = json!({
        "reading": "the keys of suit-dependencies are indices of suit-components",
        "other": {
            "verdict": "success",
            "why": "the draft's own example: the key is a further index, the prefix its component identifier",
            "effects": [
                ["fetch", held, uri, "network", hex(&digest_of(&envelope)?)],
                ["check-image", held, true],
                ["check-dependency", held, true],
                ["write", other, hex(&digest_of(first)?)],
                ["write", own, hex(&digest_of(second)?)],
                ["commit-sequence", 1],
            ],
        },
    });
    let bytes = signed(outer)?.to_bytes();
    put(area, "trust-domains-update", why, &bytes, false, facts)
}

/// A case in the making.
struct Made {
    name: &'static str,
    why: &'static str,
    procedure: &'static str,
}

/// How a procedure that succeeds has ended.
pub(crate) struct Ended<'e> {
    pub(crate) effects: Vec<Value>,
    /// The digest of what each component holds.
    pub(crate) contents: &'e [(&'e str, Option<&'e str>)],
    pub(crate) number: Option<u64>,
}

impl Made {
    fn add(
        &self,
        area: &mut Area,
        bytes: &[u8],
        components: &[(&str, Option<&str>)],
        network: &[(&str, &[u8])],
        ended: &Ended<'_>,
    ) -> Result<(), Trouble> {
        let facts = facts(self.procedure, components, network, ended);
        put(area, self.name, self.why, bytes, true, facts)
    }
}

pub(crate) fn facts(
    procedure: &str,
    components: &[(&str, Option<&str>)],
    network: &[(&str, &[u8])],
    ended: &Ended<'_>,
) -> Value {
    let components: Vec<_> = components
        .iter()
        .map(|(id, content)| {
            json!({ "id": id.split('/').collect::<Vec<_>>(), "content": content, "slot": null })
        })
        .collect();
    let network = network.iter().map(|(uri, payload)| ((*uri).to_owned(), hex(payload).into()));
    let contents = ended.contents.iter().map(|(id, sha)| ((*id).to_owned(), json!(sha)));
    json!({
        "procedure": procedure,
        "policy": {
            "auth": "any",
            "signers": "any",
            "dependency_signature": "required",
            "dependency_prefix": "prepend",
            "unlink": "honoured",
        },
        "platform": {
            "vendor_id": hex(&VENDOR),
            "class_id": hex(&CLASS),
            "device_id": hex(&[3; 16]),
            "components": components,
            "fetch": Value::Object(network.collect()),
            "stored_sequence": null,
        },
        "verdict": "success",
        "failed_at": null,
        "effects": ended.effects,
        "final": Value::Object(contents.collect()),
        "final_sequence": ended.number,
    })
}

fn put(
    area: &mut Area,
    name: &str,
    why: &str,
    bytes: &[u8],
    is_valid: bool,
    facts: Value,
) -> Result<(), Trouble> {
    put_for(area, name, why, bytes, is_valid, facts, &["es256"])
}

/// Adds a case whose device has these keys.
pub(crate) fn put_for(
    area: &mut Area,
    name: &str,
    why: &str,
    bytes: &[u8],
    is_valid: bool,
    facts: Value,
    enrolled: &[&str],
) -> Result<(), Trouble> {
    let mut keys = Vec::new();
    for key in signing_keys()?.iter().filter(|key| enrolled.contains(&key.name)) {
        let file = format!("{}.jwk.json", key.name);
        area.json(&file, &key.jwk);
        keys.push(file);
    }
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    let keys = &*keys;
    let (name, file) =
        (format!("family-processing-{name}"), format!("family-processing-{name}.cbor"));
    area.file(&file, bytes);
    let kind = "processing";
    area.case(&Case { name: &name, kind, spec: SPEC, file: &file, keys, is_valid, why, facts });
    Ok(())
}

fn signed(manifest: ManifestBuilder) -> Result<EnvelopeBuilder, Trouble> {
    signed_by("es256", manifest)
}

pub(crate) fn signed_by(
    signer: &str,
    manifest: ManifestBuilder,
) -> Result<EnvelopeBuilder, Trouble> {
    let context = Context::new(&RustCrypto);
    let mut envelope = manifest.build(Algorithm::SHA256, &context)?;
    let keys = signing_keys()?;
    let key = keys.iter().find(|key| key.name == signer).ok_or("no such key")?;
    envelope.sign(Sign1Builder::new(), &*key.signer, &context)?;
    Ok(envelope)
}

pub(crate) fn digest_of(bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    Ok(Context::new(&RustCrypto).hash(Algorithm::SHA256, &[bytes])?.as_ref().to_vec())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
