//! What a processor does: effects on a platform that keeps everything in memory.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value, json};
use suit_manifest::{
    Answer, AuthenticationPolicy, Authority, CommandKind, DependencyIndex, Envelope, ErrorKind,
    Failure, HistoricDraft, Limits, Manifest, NestedFailure, Procedure, Processor, Readings,
    RunError, Step, Stored, Target, UnlinkDirective, Unsupported,
    cose_ext::{Context, Digest, Trust, Verified, crypto::Algorithm, rustcrypto::RustCrypto},
    run,
};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

#[cfg(feature = "hierarchy")]
use crate::second::Two;
use crate::{
    derived::derived,
    device::{Component, Device},
    facts,
    keys::Keys,
    keys_of,
    policy::{DEFAULT, Policy, Rollback},
    ways,
};

// More than any case so far: what is counted elsewhere is not to be in the way here.
pub(crate) const COMPONENTS: usize = 64;
pub(crate) const DEPTH: usize = 16;
pub(crate) const ARENA: usize = 1 << 16;

const SOFT: Readings = Readings { nested_failure: NestedFailure::Condition, ..DEFAULT };

const NEXT: Readings = Readings { dependency_index: DependencyIndex::ComponentOrNext, ..DEFAULT };

const UNLINK_IGNORED: Readings = Readings { unlink: UnlinkDirective::Ignored, ..DEFAULT };

/// Contested cases whose other reading is an option of the processor.
const OTHER_READINGS: [(&str, Readings); 5] = [
    ("proc-try-each-nested-all-fail", SOFT),
    ("proc-run-sequence-soft-not-inherited", SOFT),
    ("proc-dependency-index-outside-components", NEXT),
    ("proc-refcount-unlink-then-fetch", UNLINK_IGNORED),
    ("family-processing-trust-domains-update", NEXT),
];

/// How a procedure ended.
#[derive(Debug)]
pub(crate) enum Verdict {
    Success,
    Rejected(suit_manifest::Error),
    Failed(Failure, Vec<Value>, Vec<usize>),
    /// The power has gone.
    PowerLoss,
}

pub(crate) fn processing(case: &Case) -> Result<Outcome, Trouble> {
    if let Some((_, readings)) = OTHER_READINGS.iter().find(|(name, _)| *name == case.name) {
        let policy = Policy { readings: *readings, ..Policy::of(case)? };
        let (verdict, device) = process(case, &policy)?;
        compare_other(case, &device, &verdict)?;
    }
    if Policy::of(case)?.has_second && !cfg!(feature = "hierarchy") {
        return Ok(Outcome::not_run("a second processor needs the feature `hierarchy`"));
    }
    for derived in derived(case) {
        let derived = derived?;
        let trouble = |trouble: Trouble| format!("{}: {}", derived.name, trouble.message());
        let (_, _, facts) = judged(&derived).map_err(trouble)?;
        let differences: Vec<_> = DERIVED
            .iter()
            .filter_map(|name| {
                let (found, stated) = (facts.get(*name)?, derived.fact(name));
                (stated != Some(found)).then(|| format!("{name} is {found}"))
            })
            .collect();
        if !differences.is_empty() {
            return Err(format!("{}: {}", derived.name, differences.join(", ")).into());
        }
    }
    let (verdict, device, found) = judged(case)?;
    ways::same_in_other_ways(case, &verdict, &device)?;
    let mut facts = read(case)?;
    for (name, value) in found {
        facts.is(name, value);
    }
    Ok(match verdict {
        Verdict::Success => Outcome::Accepted(facts),
        Verdict::Rejected(error) => {
            let rule = error.rule().map(|rule| rule.id);
            Outcome::Refused { rule, error: error.to_string(), facts }
        }
        Verdict::PowerLoss => Outcome::Failed("the power has gone".into()),
        Verdict::Failed(failure, ..) => {
            let rule = Some(failure.rule.to_ref().id);
            Outcome::Refused { rule, error: failure.to_string(), facts }
        }
    })
}

/// What the envelope of the case says, whatever is done with it.
fn read(case: &Case) -> Result<Facts, Trouble> {
    let (bytes, keys) = (case.bytes()?, keys_of(case)?);
    let context = Context::new(&RustCrypto);
    let found = facts::of_bytes(&bytes);
    let Ok(envelope) = Envelope::decode(&bytes, &context.profile) else { return Ok(found) };
    let found = found.and(facts::of_envelope(&envelope, case, &keys)?);
    let authentication = &Policy::of(case)?.authentication;
    let verified =
        keys.trusting(&context, |trust| envelope.verify(trust, authentication, &context))?;
    Ok(match verified {
        Ok(manifest) => {
            let is_rejected = case.fact_str("verdict")? == "rejected-before-effects";
            match crate::explained(&envelope, &manifest.by_ref(), &context) {
                Err(trouble) if !is_rejected => return Err(trouble),
                _ => {}
            }
            found.and(facts::of_manifest(&envelope, &manifest.by_ref(), "present", &context)?)
        }
        Err(_) => found,
    })
}

/// Facts that a derived case states and that are compared with what is found.
const DERIVED: [&str; 4] = ["verdict", "failed_at", "final", "final_sequence"];

/// Processes a case, checks its effects, and gives what else was found under the names of its facts.
fn judged(case: &Case) -> Result<(Verdict, Device, Object<String, Value>), Trouble> {
    let (verdict, device) = process(case, &Policy::of(case)?)?;
    let mut facts = Object::new();
    facts.insert("final".into(), device.final_contents());
    facts.insert("final_sequence".into(), json!(device.number));
    compare_effects(case, &device)?;
    compare_failure(case, &device, &verdict, &mut facts)?;
    Ok((verdict, device, facts))
}

/// The device as the case says it is before.
pub(crate) fn device_of(case: &Case) -> Result<Device, Trouble> {
    let platform = object(case.fact("platform"))?;
    let bytes = |name: &str| hex_of(platform.get(name).unwrap_or(&Value::Null));
    let mut stand_ins = BTreeMap::new();
    let mut content = |value: &Value| content_of(case, value, &mut stand_ins);
    let mut components = BTreeMap::new();
    for component in platform["components"].as_array().ok_or("components")? {
        let id = component["id"].as_array().ok_or("id")?;
        let id: Vec<_> = id.iter().filter_map(Value::as_str).collect();
        let held = &component["content"];
        let entry = Component {
            content: if held.is_null() { None } else { Some(content(held)?) },
            slot: component["slot"].as_u64(),
            references: component.get("refcount").and_then(Value::as_u64).unwrap_or(0),
        };
        components.insert(id.join("/"), entry);
    }
    let mut network = BTreeMap::new();
    for (uri, payload) in object(platform.get("fetch"))? {
        network.insert(uri.clone(), content(payload)?);
    }
    Ok(Device {
        vendor: bytes("vendor_id")?,
        class: bytes("class_id")?,
        device: bytes("device_id")?,
        components,
        network,
        number: platform.get("stored_sequence").and_then(Value::as_u64),
        numbers: BTreeMap::new(),
        effects: Vec::new(),
        stand_ins,
        changes_after: None,
        under: None,
    })
}

/// A content: hexadecimal digits, a file beside that of the case, or the digest and the size of an image that
/// nobody has, for which other bytes stand in.
fn content_of(
    case: &Case,
    value: &Value,
    stand_ins: &mut BTreeMap<Vec<u8>, (String, u64)>,
) -> Result<Vec<u8>, Trouble> {
    let Some(content) = value.as_object() else { return hex_of(value) };
    if let Some(file) = content.get("file").and_then(Value::as_str) {
        return case.sibling(file);
    }
    let digest = content["digest"].as_str().ok_or("digest")?;
    let size = content["size"].as_u64().ok_or("size")?;
    let bytes = format!("stands in for {digest}").into_bytes();
    stand_ins.insert(bytes.clone(), (digest.to_owned(), size));
    Ok(bytes)
}

/// What the examples of the specifications do. The lists stand here and the envelopes where they were published.
const PUBLISHED: &str = include_str!("../../../vectors/suit/published.json");

/// Processes a published envelope as the lists say that are kept for it.
pub(crate) fn published(case: &Case) -> Result<(), Trouble> {
    let lists: Vec<Value> = serde_json::from_str(PUBLISHED)?;
    for list in lists.iter().filter(|list| list["of"] == case.name.as_str()) {
        let facts = object(Some(&list["facts"]))?.clone();
        let mut case = case.clone();
        case.facts = facts;
        let policy = Policy::of(&case)?;
        let readings = match case.fact("reading").and_then(Value::as_str) {
            None => policy.readings,
            Some("dependency-index: component-or-next") => NEXT,
            Some(other) => return Err(format!("the reading {other}").into()),
        };
        let (verdict, device) = process(&case, &Policy { readings, ..policy })?;
        compare_effects(&case, &device)?;
        let verdict = match verdict {
            Verdict::Success => "success",
            Verdict::Rejected(_) => "rejected-before-effects",
            Verdict::Failed(..) | Verdict::PowerLoss => "failed",
        };
        let found = json!([verdict, device.final_contents(), device.number]);
        let stated = ["verdict", "final", "final_sequence"].map(|name| case.fact(name).cloned());
        if found != json!(stated) {
            return Err(format!("found {found}, the list states {}", json!(stated)).into());
        }
    }
    Ok(())
}

/// How a processor is run that is ready.
pub(crate) type Way<'w> = &'w dyn Fn(
    Processor<'_, COMPONENTS, DEPTH>,
    &mut Device,
    &Authority<'_>,
    &Context<'_>,
) -> Result<Verdict, Trouble>;

/// Runs the procedure of a case on its device.
fn process(case: &Case, policy: &Policy) -> Result<(Verdict, Device), Trouble> {
    let mut device = device_of(case)?;
    let verdict =
        process_on(case, policy, &mut device, &|mut processor, device, authority, context| {
            if policy.has_second {
                return beside_second(case, processor, device, policy, authority, context);
            }
            verdict(run(&mut processor, device, authority, context), &processor)
        })?;
    Ok((verdict, device))
}

/// Runs the procedure of a case in this way.
pub(crate) fn process_on(
    case: &Case,
    policy: &Policy,
    device: &mut Device,
    way: Way<'_>,
) -> Result<Verdict, Trouble> {
    let (bytes, keys) = (case.bytes()?, keys_of(case)?);
    let context = Context::new(&RustCrypto);
    keys.trusting(&context, |trust| process_by(case, &bytes, device, trust, policy, way, &context))?
}

fn process_by(
    case: &Case,
    bytes: &[u8],
    device: &mut Device,
    trust: &Trust<'_>,
    policy: &Policy,
    way: Way<'_>,
    context: &Context<'_>,
) -> Result<Verdict, Trouble> {
    let authentication = &policy.authentication;
    let verified = Envelope::decode(bytes, &context.profile)
        .and_then(|envelope| Ok((envelope, envelope.verify(trust, authentication, context)?)));
    let (envelope, manifest) = match verified {
        Ok(verified) => verified,
        Err(error) => return Ok(Verdict::Rejected(error)),
    };
    let digest = stored_digest(case)?;
    let digest = digest.as_deref().map(digest_of).transpose()?;
    let own = envelope.authentication().digest();
    let number = manifest.value().sequence_number();
    let stored = device.number.map(|stored| match policy.rollback {
        Rollback::SameManifest => Stored { sequence_number: stored, manifest: digest },
        Rollback::Greater => Stored { sequence_number: stored, manifest: None },
        Rollback::NotLower => Stored { sequence_number: stored, manifest: Some(own) },
        Rollback::Any => Stored { sequence_number: stored.min(number), manifest: Some(own) },
    });
    let target = Target {
        components: device.components.len(),
        stored,
        limits: Limits::DEFAULT,
        readings: policy.readings,
    };
    let procedure = match case.fact_str("procedure")? {
        "update" => Procedure::Update,
        "invoke" => Procedure::Invoke,
        "uninstall" => Procedure::Uninstall,
        other => return Err(format!("the procedure {other}").into()),
    };
    let mut arena = vec![0; ARENA];
    let processor = Processor::<COMPONENTS, DEPTH>::new(
        &envelope, &manifest, procedure, &target, &mut arena, context,
    );
    let processor = match processor {
        Ok(processor) => processor,
        Err(error) => return Ok(Verdict::Rejected(error)),
    };
    let authority = Authority { trust, policy: authentication };
    way(processor, device, &authority, context)
}

/// How a procedure has ended.
pub(crate) fn verdict<E: core::fmt::Debug>(
    ended: Result<(), RunError<E>>,
    processor: &Processor<'_, COMPONENTS, DEPTH>,
) -> Result<Verdict, Trouble> {
    Ok(match ended {
        Ok(()) => Verdict::Success,
        Err(RunError::Refused(error)) => Verdict::Rejected(error),
        Err(RunError::Failed(failure)) => {
            let section = section_of(&failure);
            let around = processor
                .around()
                .map(|around| json!([section, around.offset, around.command.code()]));
            Verdict::Failed(failure, around.collect(), processor.manifest_path().collect())
        }
        Err(other) => return Err(format!("the device failed: {other:?}").into()),
    })
}

/// Runs the procedure where a second processor has declared the prefixes of the case. What fails there is told as
/// the innermost command.
#[cfg(feature = "hierarchy")]
fn beside_second(
    case: &Case,
    processor: Processor<'_, COMPONENTS, DEPTH>,
    device: &mut Device,
    policy: &Policy,
    authority: &Authority<'_>,
    context: &Context<'_>,
) -> Result<Verdict, Trouble> {
    let first = core::mem::replace(device, Device::with_components([]));
    let mut two = Two::new(case, first, keys_of(case)?, *policy)?;
    let mut processor = processor.with_second_processor(two.declared());
    let ended = run(&mut processor, &mut two, authority, context);
    let there = two.failed();
    if let Some(missed) = two.missed() {
        return Err(format!("the second processor was not asked about {missed}").into());
    }
    *device = two.device;
    Ok(match (verdict(ended, &processor)?, there) {
        (Verdict::Failed(here, mut within, mut path), Some((failure, around, below))) => {
            within.push(json!([
                section_of(&here),
                here.offset,
                here.command.map(CommandKind::code)
            ]));
            within.extend(around);
            path.push(here.component_index.into());
            path.extend(below);
            Verdict::Failed(failure, within, path)
        }
        (verdict, _) => verdict,
    })
}

#[cfg(not(feature = "hierarchy"))]
fn beside_second(
    _: &Case,
    _: Processor<'_, COMPONENTS, DEPTH>,
    _: &mut Device,
    _: &Policy,
    _: &Authority<'_>,
    _: &Context<'_>,
) -> Result<Verdict, Trouble> {
    Err("a second processor needs the feature `hierarchy`".into())
}

/// The digest of the manifest that the device follows so far.
fn stored_digest(case: &Case) -> Result<Option<Vec<u8>>, Trouble> {
    match object(case.fact("platform"))?.get("stored_manifest_digest") {
        Some(digest) if !digest.is_null() => Ok(Some(hex_of(digest)?)),
        _ => Ok(None),
    }
}

/// A digest by the algorithm of its length.
fn digest_of(value: &[u8]) -> Result<Digest<'_>, Trouble> {
    let algorithm = match value.len() {
        48 => Algorithm::SHA384,
        64 => Algorithm::SHA512,
        _ => Algorithm::SHA256,
    };
    Ok(Digest::new(algorithm, value)?)
}

/// The effects are the stated ones, in their order, or in another that the case allows.
fn compare_effects(case: &Case, device: &Device) -> Result<(), Trouble> {
    let stated = case.fact("effects").and_then(Value::as_array).ok_or("effects")?;
    let found = &device.effects;
    let rule = case.fact("effects_rule").and_then(Value::as_str);
    let agrees = match rule {
        Some(rule) if rule.starts_with("any prefix of the list, in any order") => {
            found.iter().all(|effect| stated.contains(effect))
        }
        Some(rule) if rule.starts_with("any prefix") => stated.starts_with(found),
        _ => stated == found,
    };
    if agrees {
        Ok(())
    } else {
        Err(format!("effects: found {}, the case states {}", json!(found), json!(stated)).into())
    }
}

/// Verdict and effects are those of the other reading.
fn compare_other(case: &Case, device: &Device, verdict: &Verdict) -> Result<(), Trouble> {
    let other = &object(case.fact("contested"))?["other"];
    let (found, why) = match verdict {
        Verdict::Success => ("success", String::new()),
        Verdict::Rejected(error) => ("rejected-before-effects", error.to_string()),
        Verdict::Failed(failure, ..) => ("failed", failure.to_string()),
        Verdict::PowerLoss => ("power loss", String::new()),
    };
    if other["verdict"] == found && other["effects"] == json!(device.effects) {
        Ok(())
    } else {
        Err(format!("the other reading: {found} {why} after {}", json!(device.effects)).into())
    }
}

/// The failing command is the stated one. A failure without effects is as good as a rejection.
fn compare_failure(
    case: &Case,
    device: &Device,
    verdict: &Verdict,
    facts: &mut Object<String, Value>,
) -> Result<(), Trouble> {
    let stated = case.fact_str("verdict")?;
    match verdict {
        Verdict::Success => {
            facts.insert("verdict".into(), "success".into());
            facts.insert("failed_at".into(), Value::Null);
        }
        Verdict::Rejected(error) => {
            let has_effects = !device.effects.is_empty();
            if stated != "rejected-before-effects" && (stated != "failed" || has_effects) {
                return Err(format!("rejected: {error}; the case states {stated}").into());
            }
        }
        Verdict::PowerLoss => return Err("the power has gone".into()),
        Verdict::Failed(failure, within, path) => {
            let command = failure.command.map(CommandKind::code);
            if stated == "rejected-before-effects" && device.effects.is_empty() {
                return Ok(());
            }
            facts.insert("verdict".into(), "failed".into());
            let at = json!([section_of(failure), failure.offset, command]);
            // At the end of a section, no command has failed.
            facts.insert("failed_at".into(), if command.is_some() { at } else { Value::Null });
            facts.insert("failed_during".into(), failure.section.label().into());
            if case.fact("failed_within").is_some() {
                facts.insert("failed_within".into(), json!(within));
            }
            if case.fact("failed_manifest").is_some() {
                facts.insert("failed_manifest".into(), json!(path));
            }
        }
    }
    Ok(())
}

pub(crate) fn section_of(failure: &Failure) -> Value {
    if failure.in_shared { "shared".into() } else { failure.section.label().into() }
}

fn object(value: Option<&Value>) -> Result<&Object<String, Value>, Trouble> {
    value.and_then(Value::as_object).ok_or_else(|| "an object is missing".into())
}

fn hex_of(value: &Value) -> Result<Vec<u8>, Trouble> {
    Ok(hex::decode(value.as_str().ok_or("hexadecimal digits are missing")?)?)
}

/// A published manifest whose commands are looked at, and none run: what the processor takes, and what it
/// refuses by its name. Where the case states the order in which another processor called its platform,
/// this one asks in the same order if everything is as the manifest wants it.
pub(crate) fn scan<B: Copy>(
    case: &Case,
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, B>,
    context: &Context<'_>,
) -> Result<(), Trouble> {
    let count = manifest.value().common().components().len();
    let readings = Readings { dependency_index: DependencyIndex::ComponentOrNext, ..SOFT };
    let target = Target { components: count, stored: None, limits: Limits::DEFAULT, readings };
    let mut refused = None;
    let mut order = Vec::new();
    for procedure in [Procedure::Update, Procedure::Invoke] {
        let processor =
            Processor::<16, DEPTH>::new(envelope, manifest, procedure, &target, &mut [], context);
        match processor {
            Ok(mut processor) if case.fact("published_callback_order").is_some() => {
                if procedure == Procedure::Invoke {
                    order = steps(&mut processor, case, context)?;
                }
            }
            Ok(_) => {}
            Err(error) => match error.kind() {
                ErrorKind::Unsupported(
                    Unsupported::Command(_)
                    | Unsupported::Parameter(_)
                    | Unsupported::SeveredAbsent(_),
                ) => refused = Some(error),
                _ => return Err(format!("the scan: {error}").into()),
            },
        }
    }
    let needs_extension = case.name.starts_with("fe-") || case.name.starts_with("um-");
    if needs_extension && refused.is_none() {
        return Err("commands of an extension were not refused".into());
    }
    match case.fact("published_callback_order") {
        Some(stated) if *stated != json!(order) => {
            Err(format!("the platform is asked in the order {}", json!(order)).into())
        }
        _ => Ok(()),
    }
}

/// The older draft that the look at all commands names, before anything is done.
pub(crate) fn historic(
    envelope: &Envelope<'_>,
    keys: &Keys,
    context: &Context<'_>,
) -> Result<HistoricDraft, Trouble> {
    keys.trusting(context, |trust| {
        let manifest = envelope.verify(trust, &AuthenticationPolicy::ANY_BLOCK, context)?;
        let components = manifest.value().common().components().len();
        let readings = NEXT;
        let target = Target { components, stored: None, limits: Limits::DEFAULT, readings };
        for procedure in [Procedure::Update, Procedure::Invoke] {
            let processor = Processor::<COMPONENTS, DEPTH>::new(
                envelope,
                &manifest,
                procedure,
                &target,
                &mut [],
                context,
            );
            match processor.map_err(|error| error.kind()) {
                Err(ErrorKind::Historic(draft)) => return Ok(draft),
                Err(other) => return Err(format!("refused for another reason: {other:?}").into()),
                Ok(_) => {}
            }
        }
        Err("a manifest of an older draft would be run".into())
    })?
}

/// What the processor asks for, if everything is as the manifest wants it.
fn steps(
    processor: &mut Processor<'_, 16, DEPTH>,
    case: &Case,
    context: &Context<'_>,
) -> Result<Vec<&'static str>, Trouble> {
    let parameters = &case.fact("sequences").ok_or("sequences")?["shared"][0][1];
    let digest = hex_of(&parameters["3"]["hex"])?;
    let image =
        Answer::Image { digest: &digest[4..], size: parameters["14"].as_u64().ok_or("size")? };
    let mut order = Vec::new();
    loop {
        let (name, answer) = match processor.step(context)? {
            Step::FindComponent(_) => (None, Answer::Held(true)),
            Step::CheckVendor { .. } => (Some("condition vendor-identifier"), Answer::Held(true)),
            Step::CheckClass { .. } => (Some("condition class-identifier"), Answer::Held(true)),
            Step::DigestImage { .. } => (Some("condition image-match"), image),
            Step::Invoke { .. } => (Some("invoke"), Answer::Done),
            Step::Ended(Ok(())) => return Ok(order),
            other => return Err(format!("an unexpected step: {other:?}").into()),
        };
        order.extend(name);
        processor.answer(answer)?;
    }
}
