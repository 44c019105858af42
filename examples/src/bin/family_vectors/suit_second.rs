//! What two processors do together: a dependency under a prefix is handed to a second one (trust domains 5.4.1). An observer
//! of the device sees the effects of both in one list, with the names that the components have on the device. The effects
//! were written down from the texts, and are not what a run gave.

use cose_ext::{Digest, crypto::Algorithm};
use serde_json::{Value, json};
use suit_manifest::{
    Section,
    author::{
        EnvelopeBuilder, ManifestBuilder, ParameterSet, RECORD_ALL, RECORD_FAILURE, Sequence,
    },
    label::{condition, directive},
};

use super::Trouble;
use super::area::Area;
use super::suit_processing::{Ended, IMAGE, URI, digest_of, facts, hex, put_for, signed_by};

/// Where the image of the application is put, and what holds its manifest.
const APPLICATION: &str = "746565/617070";
const HOLDER: &str = "6170702e73756974";
const MEMBER: &str = "#app";
/// The commands that fail, as [section, offset, command].
const IMAGE_MATCH: (u64, u64, u64) = (20, 44, 3);
const PROCESS: (u64, u64, u64) = (20, 40, 11);
const INTEGRITY: (u64, u64, u64) = (15, 52, 7);

/// A case in the making.
struct Pair<'c> {
    name: &'c str,
    why: &'c str,
    bytes: Vec<u8>,
    components: &'c [(&'c str, Option<&'c str>)],
    network: &'c [(&'c str, &'c [u8])],
}

impl Pair<'_> {
    fn add(
        &self,
        area: &mut Area,
        ended: &Ended<'_>,
        failed: Option<Value>,
    ) -> Result<(), Trouble> {
        let mut facts = facts("update", self.components, self.network, ended);
        facts["policy"]["dependency_prefix"] = "second-processor".into();
        let is_valid = failed.is_none();
        if let (Some(Value::Object(failed)), Some(facts)) = (failed, facts.as_object_mut()) {
            facts.insert("verdict".into(), "failed".into());
            facts.extend(failed);
        }
        let enrolled = &["es256", "eddsa"];
        put_for(area, self.name, self.why, &self.bytes, is_valid, facts, enrolled)
    }
}

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let sha = hex(&digest_of(IMAGE)?);
    let application = signed_by("eddsa", application()?)?;
    let envelope = hex(&digest_of(&application.to_bytes())?);
    let taken = |holds: bool| json!(["check-dependency", HOLDER, holds]);
    let begun = vec![json!(["fetch", HOLDER, MEMBER, "integrated", envelope]), taken(true)];
    let fetched = |sha: &str| json!(["fetch", APPLICATION, URI, "network", sha]);
    let matches = |holds: bool| json!(["check-image", APPLICATION, holds]);
    let commit = json!(["commit-sequence", 1]);
    let empty = [(HOLDER, None), (APPLICATION, None)];
    let contents = [(HOLDER, Some(&*envelope)), (APPLICATION, Some(&*sha))];
    let image: &[(&str, &[u8])] = &[(URI, IMAGE)];

    let bytes = carrier(&application, true)?;
    let installed = vec![fetched(&sha), matches(true), taken(true), matches(true), commit.clone()];
    Pair {
        name: "second-processor-update",
        why: "the first processor sets the URI, the second one fetches the image and compares it",
        bytes: bytes.clone(),
        components: &empty,
        network: image,
    }
    .add(
        area,
        &Ended {
            effects: [begun.clone(), installed].concat(),
            contents: &contents,
            number: Some(1),
        },
        None,
    )?;

    let other: &[u8] = b"another image";
    let wrong = hex(&digest_of(other)?);
    let effects = [begun.clone(), vec![fetched(&wrong), matches(false)]].concat();
    Pair {
        name: "second-processor-other-image",
        why: "the second processor finds another image: what the first one asked for fails",
        bytes,
        components: &empty,
        network: &[(URI, other)],
    }
    .add(
        area,
        &Ended {
            effects,
            contents: &[(HOLDER, Some(&envelope)), (APPLICATION, Some(&wrong))],
            number: None,
        },
        Some(json!({
            "failed_at": IMAGE_MATCH,
            "failed_within": [PROCESS],
            "failed_manifest": [0],
        })),
    )?;

    let stranger = signed_by("es384", self::application()?)?;
    let held = hex(&digest_of(&stranger.to_bytes())?);
    Pair {
        name: "second-processor-unknown-signer",
        why: "the second processor does not know who has signed the dependency",
        bytes: carrier(&stranger, true)?,
        components: &empty,
        network: image,
    }
    .add(
        area,
        &Ended {
            effects: vec![json!(["fetch", HOLDER, MEMBER, "integrated", held]), taken(false)],
            contents: &[(HOLDER, Some(&held)), (APPLICATION, None)],
            number: None,
        },
        Some(json!({ "failed_at": INTEGRITY })),
    )?;

    let effects = [begun, vec![fetched(&sha), matches(true), taken(true)]].concat();
    Pair {
        name: "second-processor-section-missed",
        why: "the dependency has a validate section, which the first processor does not ask for (trust domains 5.1)",
        bytes: carrier(&application, false)?,
        components: &empty,
        network: image,
    }
    .add(
        area,
        &Ended { effects, contents: &contents, number: None },
        Some(json!({ "failed_at": null })),
    )?;
    parameters(area)?;
    beside(area)?;
    nested(area)
}

/// The manifest of the application: its image, from where the first processor says.
fn application() -> Result<ManifestBuilder, Trouble> {
    let digest = digest_of(IMAGE)?;
    let digest = Digest::new(Algorithm::SHA256, &digest)?;
    let expected =
        || Sequence::new().override_parameters(&ParameterSet::new().image_digest(&digest));
    Ok(ManifestBuilder::new(1)
        .component(&[b"app"])
        .section(
            Section::Install,
            expected()
                .command(directive::FETCH, RECORD_FAILURE)
                .command(condition::IMAGE_MATCH, RECORD_ALL),
        )
        .section(Section::Validate, expected().command(condition::IMAGE_MATCH, RECORD_ALL)))
}

/// Puts a dependency that came along into the current component, and has it taken over.
fn resolve(dependency: &EnvelopeBuilder, member: &str) -> Result<Sequence, Trouble> {
    let digest = dependency.digest().get(4..).unwrap_or_default();
    let digest = Digest::new(Algorithm::SHA256, digest)?;
    Ok(Sequence::new()
        .override_parameters(&ParameterSet::new().image_digest(&digest).uri(member))
        .command(directive::FETCH, RECORD_FAILURE)
        .command(condition::DEPENDENCY_INTEGRITY, RECORD_ALL))
}

/// The manifest of the first processor.
fn carrier(application: &EnvelopeBuilder, validates: bool) -> Result<Vec<u8>, Trouble> {
    let validate =
        Sequence::new().set_component_index(0).command(condition::DEPENDENCY_INTEGRITY, RECORD_ALL);
    let validate =
        if validates { validate.command(directive::PROCESS_DEPENDENCY, 0) } else { validate };
    let outer = ManifestBuilder::new(1)
        .component(&[b"app.suit"])
        .component(&[b"tee", b"app"])
        .dependency_under(0, &[b"tee"])
        .section(
            Section::DependencyResolution,
            Sequence::new().set_component_index(0).and(&resolve(application, MEMBER)?),
        )
        .section(
            Section::Install,
            Sequence::new()
                .set_component_index(1)
                .override_parameters(&ParameterSet::new().uri(URI))
                .set_component_index(0)
                .command(directive::PROCESS_DEPENDENCY, 0),
        )
        .section(Section::Validate, validate);
    let envelope = signed_by("es256", outer)?.integrate(MEMBER, &application.to_bytes());
    Ok(envelope.to_bytes())
}

fn writes(content: &[u8], replaces: bool) -> Sequence {
    let parameters = ParameterSet::new().content(content);
    let set = match replaces {
        true => Sequence::new().override_parameters(&parameters),
        false => Sequence::new().set_parameters(&parameters),
    };
    set.command(directive::WRITE, RECORD_ALL)
}

/// What the first processor has set stays where the dependency sets what is not set yet.
fn parameters(area: &mut Area) -> Result<(), Trouble> {
    let inner = ManifestBuilder::new(1)
        .component(&[b"app"])
        .section(Section::Install, writes(b"default", false));
    let inner = signed_by("eddsa", inner)?;
    let outer = ManifestBuilder::new(1)
        .component(&[b"app.suit"])
        .component(&[b"tee", b"app"])
        .dependency_under(0, &[b"tee"])
        .section(
            Section::DependencyResolution,
            Sequence::new().set_component_index(0).and(&resolve(&inner, MEMBER)?),
        )
        .section(
            Section::Install,
            Sequence::new()
                .set_component_index(1)
                .override_parameters(&ParameterSet::new().content(b"configured"))
                .set_component_index(0)
                .command(directive::PROCESS_DEPENDENCY, 0),
        );
    let bytes = signed_by("es256", outer)?.integrate(MEMBER, &inner.to_bytes()).to_bytes();
    let (held, sha) = (hex(&digest_of(&inner.to_bytes())?), hex(&digest_of(b"configured")?));
    Pair {
        name: "second-processor-parameters",
        why: "a parameter that the first processor has set is set in the second one, whose manifest does not replace it",
        bytes,
        components: &[(HOLDER, None), (APPLICATION, None)],
        network: &[],
    }
    .add(
        area,
        &Ended {
            effects: vec![
                json!(["fetch", HOLDER, MEMBER, "integrated", held]),
                json!(["check-dependency", HOLDER, true]),
                json!(["write", APPLICATION, sha]),
                json!(["commit-sequence", 1]),
            ],
            contents: &[(HOLDER, Some(&held)), (APPLICATION, Some(&sha))],
            number: Some(1),
        },
        None,
    )
}

/// Of two dependencies, one has no prefix and stays with the first processor.
fn beside(area: &mut Area) -> Result<(), Trouble> {
    let inner = |component: &[u8], content: &[u8]| {
        let manifest = ManifestBuilder::new(1)
            .component(&[component])
            .section(Section::Install, writes(content, true));
        signed_by("eddsa", manifest)
    };
    let (own, other) = (inner(b"cfg", b"normal world")?, inner(b"cfg", b"secure world")?);
    let process = |index| {
        Sequence::new().set_component_index(index).command(directive::PROCESS_DEPENDENCY, 0)
    };
    let outer = ManifestBuilder::new(1)
        .component(&[b"cfg.suit"])
        .component(&[b"app.suit"])
        .dependency(0)
        .dependency_under(1, &[b"tee"])
        .section(
            Section::DependencyResolution,
            Sequence::new()
                .set_component_index(0)
                .and(&resolve(&own, "#cfg")?)
                .set_component_index(1)
                .and(&resolve(&other, MEMBER)?),
        )
        .section(Section::Install, process(1).and(&process(0)));
    let (own, other) = (own.to_bytes(), other.to_bytes());
    let envelope = signed_by("es256", outer)?.integrate("#cfg", &own).integrate(MEMBER, &other);
    let (first, held) = (hex(&digest_of(&own)?), hex(&digest_of(&other)?));
    let (normal, secure) = (hex(&digest_of(b"normal world")?), hex(&digest_of(b"secure world")?));
    let (holder, cfg, tee) = (hex(b"cfg.suit"), hex(b"cfg"), format!("746565/{}", hex(b"cfg")));
    Pair {
        name: "second-processor-beside",
        why: "a dependency without a prefix stays with the first processor, and its component is another one",
        bytes: envelope.to_bytes(),
        components: &[(&holder, None), (HOLDER, None), (&cfg, None), (&tee, None)],
        network: &[],
    }
    .add(
        area,
        &Ended {
            effects: vec![
                json!(["fetch", holder, "#cfg", "integrated", first]),
                json!(["check-dependency", holder, true]),
                json!(["fetch", HOLDER, MEMBER, "integrated", held]),
                json!(["check-dependency", HOLDER, true]),
                json!(["write", tee, secure]),
                json!(["write", cfg, normal]),
                json!(["commit-sequence", 1]),
            ],
            contents: &[
                (&holder, Some(&first)),
                (HOLDER, Some(&held)),
                (&cfg, Some(&normal)),
                (&tee, Some(&secure)),
            ],
            number: Some(1),
        },
        None,
    )
}

/// What was handed over has a dependency of its own, under a further prefix.
fn nested(area: &mut Area) -> Result<(), Trouble> {
    let inner = ManifestBuilder::new(1)
        .component(&[b"app"])
        .section(Section::Install, writes(b"within", true));
    let inner = signed_by("eddsa", inner)?;
    let process =
        || Sequence::new().set_component_index(0).command(directive::PROCESS_DEPENDENCY, 0);
    let middle = ManifestBuilder::new(1)
        .component(&[b"in.suit"])
        .dependency_under(0, &[b"box"])
        .section(
            Section::DependencyResolution,
            Sequence::new().set_component_index(0).and(&resolve(&inner, "#in")?),
        )
        .section(Section::Install, process());
    let inner = inner.to_bytes();
    let middle = signed_by("eddsa", middle)?.integrate("#in", &inner);
    let outer = ManifestBuilder::new(1)
        .component(&[b"app.suit"])
        .dependency_under(0, &[b"tee"])
        .section(
            Section::DependencyResolution,
            Sequence::new()
                .set_component_index(0)
                .and(&resolve(&middle, MEMBER)?)
                .command(directive::PROCESS_DEPENDENCY, 0),
        )
        .section(Section::Install, process());
    let middle = middle.to_bytes();
    let bytes = signed_by("es256", outer)?.integrate(MEMBER, &middle).to_bytes();
    let (held, within) = (hex(&digest_of(&middle)?), hex(&digest_of(&inner)?));
    let written = hex(&digest_of(b"within")?);
    let holder = format!("746565/{}", hex(b"in.suit"));
    let target = format!("746565/{}/617070", hex(b"box"));
    Pair {
        name: "second-processor-nested",
        why: "the dependency of a dependency stands under both prefixes, and the second processor runs both",
        bytes,
        components: &[(HOLDER, None), (&holder, None), (&target, None)],
        network: &[],
    }
    .add(
        area,
        &Ended {
            effects: vec![
                json!(["fetch", HOLDER, MEMBER, "integrated", held]),
                json!(["check-dependency", HOLDER, true]),
                json!(["fetch", holder, "#in", "integrated", within]),
                json!(["check-dependency", holder, true]),
                json!(["write", target, written]),
                json!(["commit-sequence", 1]),
            ],
            contents: &[(HOLDER, Some(&held)), (&holder, Some(&within)), (&target, Some(&written))],
            number: Some(1),
        },
        None,
    )
}
