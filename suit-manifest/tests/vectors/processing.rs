//! What a processor does: effects on a platform that keeps everything in memory.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value, json};
use suit_manifest::{
    Answer, AuthenticationPolicy, Authority, CommandKind, DependencyIndex, Envelope, ErrorKind,
    Failure, Limits, Manifest, NestedFailure, Procedure, Processor, Readings, RunError, Step,
    Stored, Target, Unsupported,
    cose_ext::{
        Context, Digest, Trust, Verified, crypto::Algorithm, rustcrypto::RustCrypto,
        sign::SignPolicy,
    },
    run,
};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::{
    device::{Component, Device},
    keys_of,
};

const COMPONENTS: usize = 8;
const DEPTH: usize = 8;

const SOFT: Readings = Readings {
    nested_failure: NestedFailure::Condition,
    dependency_index: DependencyIndex::Component,
};

const NEXT: Readings = Readings {
    nested_failure: NestedFailure::Ends,
    dependency_index: DependencyIndex::ComponentOrNext,
};

/// Contested cases whose other reading is an option of the processor.
const OTHER_READINGS: [(&str, Readings); 4] = [
    ("proc-try-each-nested-all-fail", SOFT),
    ("proc-run-sequence-soft-not-inherited", SOFT),
    ("proc-dependency-index-outside-components", NEXT),
    ("family-processing-trust-domains-update", NEXT),
];

/// How a procedure ended.
enum Verdict {
    Success,
    Rejected(suit_manifest::Error),
    Failed(Failure, Vec<Value>, Vec<usize>),
}

pub(crate) fn processing(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys) = (case.bytes()?, keys_of(case)?);
    let context = Context::new(&RustCrypto);
    let policy = policy(case)?;
    let mut device = device_of(case)?;
    let readings = Readings::default();
    let verdict = keys.trusting(&context, |trust| {
        process(case, &bytes, &mut device, trust, &policy, readings, &context)
    })??;
    if let Some((_, readings)) = OTHER_READINGS.iter().find(|(name, _)| *name == case.name) {
        let mut device = device_of(case)?;
        let verdict = keys.trusting(&context, |trust| {
            process(case, &bytes, &mut device, trust, &policy, *readings, &context)
        })??;
        compare_other(case, &device, &verdict)?;
    }

    let mut facts = Facts::new();
    let accepted = matches!(verdict, Verdict::Success);
    facts.is("final", device.final_contents()).is("final_sequence", json!(device.number));
    compare_effects(case, &device)?;
    compare_failure(case, &device, &verdict, &mut facts)?;
    Ok(match verdict {
        Verdict::Success => Outcome::Accepted(facts),
        Verdict::Rejected(error) => {
            let rule = error.rule().map(|rule| rule.id);
            Outcome::Refused { rule, error: error.to_string(), facts }
        }
        Verdict::Failed(failure, ..) => {
            debug_assert!(!accepted);
            let rule = Some(failure.rule.to_ref().id);
            Outcome::Refused { rule, error: failure.to_string(), facts }
        }
    })
}

/// The device as the case says it is before.
fn device_of(case: &Case) -> Result<Device, Trouble> {
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
        let (bytes, keys, policy) = (case.bytes()?, keys_of(&case)?, policy(&case)?);
        let readings = match case.fact("reading").and_then(Value::as_str) {
            None => Readings::default(),
            Some("dependency-index: component-or-next") => NEXT,
            Some(other) => return Err(format!("the reading {other}").into()),
        };
        let mut device = device_of(&case)?;
        let context = Context::new(&RustCrypto);
        let verdict = keys.trusting(&context, |trust| {
            process(&case, &bytes, &mut device, trust, &policy, readings, &context)
        })??;
        compare_effects(&case, &device)?;
        let verdict = match verdict {
            Verdict::Success => "success",
            Verdict::Rejected(_) => "rejected-before-effects",
            Verdict::Failed(..) => "failed",
        };
        let found = json!([verdict, device.final_contents(), device.number]);
        let stated = ["verdict", "final", "final_sequence"].map(|name| case.fact(name).cloned());
        if found != json!(stated) {
            return Err(format!("found {found}, the list states {}", json!(stated)).into());
        }
    }
    Ok(())
}

fn process(
    case: &Case,
    bytes: &[u8],
    device: &mut Device,
    trust: &Trust<'_>,
    policy: &AuthenticationPolicy<'_>,
    readings: Readings,
    context: &Context<'_>,
) -> Result<Verdict, Trouble> {
    let verified = Envelope::decode(bytes, &context.profile)
        .and_then(|envelope| Ok((envelope, envelope.verify(trust, policy, context)?)));
    let (envelope, manifest) = match verified {
        Ok(verified) => verified,
        Err(error) => return Ok(Verdict::Rejected(error)),
    };
    let platform = object(case.fact("platform"))?;
    let stored_digest = match platform.get("stored_manifest_digest") {
        Some(digest) if !digest.is_null() => Some(hex_of(digest)?),
        _ => None,
    };
    let manifest_digest = stored_digest
        .as_deref()
        .map(|digest| Digest::new(Algorithm::SHA256, digest))
        .transpose()?;
    let stored =
        device.number.map(|sequence_number| Stored { sequence_number, manifest: manifest_digest });
    let target =
        Target { components: device.components.len(), stored, limits: Limits::DEFAULT, readings };
    let procedure = match case.fact_str("procedure")? {
        "update" => Procedure::Update,
        "invoke" => Procedure::Invoke,
        other => return Err(format!("the procedure {other}").into()),
    };
    let mut arena = [0; 8192];
    let processor = Processor::<COMPONENTS, DEPTH>::new(
        &envelope, &manifest, procedure, &target, &mut arena, context,
    );
    let mut processor = match processor {
        Ok(processor) => processor,
        Err(error) => return Ok(Verdict::Rejected(error)),
    };
    let authority = Authority { trust, policy };
    Ok(match run(&mut processor, device, &authority, context) {
        Ok(()) => Verdict::Success,
        Err(RunError::Refused(error)) => Verdict::Rejected(error),
        Err(RunError::Failed(failure)) => {
            let section = section(&failure);
            let around = processor
                .around()
                .map(|around| json!([section, around.offset, around.command.code()]));
            Verdict::Failed(failure, around.collect(), processor.manifest_path().collect())
        }
        Err(other) => return Err(format!("the device failed: {other:?}").into()),
    })
}

fn policy(case: &Case) -> Result<AuthenticationPolicy<'static>, Trouble> {
    let policy = object(case.fact("policy"))?;
    let of = |name: &str| match policy.get(name).and_then(Value::as_str) {
        Some("any") => Ok(SignPolicy::AtLeast(1)),
        Some("all") => Ok(SignPolicy::All),
        other => match policy.get(name).and_then(Value::as_u64) {
            Some(count) => Ok(SignPolicy::AtLeast(count.try_into()?)),
            None => Err(Trouble::from(format!("the policy {name}: {other:?}"))),
        },
    };
    let expected = [
        ("dependency_signature", "required"),
        ("dependency_prefix", "prepend"),
        ("unlink", "honoured"),
    ];
    for (name, value) in expected {
        if policy.get(name).and_then(Value::as_str).is_some_and(|found| found != value) {
            return Err(format!("the policy {name} is another than {value}").into());
        }
    }
    Ok(AuthenticationPolicy { blocks: of("auth")?, signers: of("signers")? })
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
    let found = match verdict {
        Verdict::Success => "success".to_owned(),
        Verdict::Rejected(error) => format!("rejected: {error}"),
        Verdict::Failed(failure, ..) => format!("failed: {failure}"),
    };
    if other["verdict"] == found && other["effects"] == json!(device.effects) {
        Ok(())
    } else {
        Err(format!("the other reading: {found} after {}", json!(device.effects)).into())
    }
}

/// The failing command is the stated one. A failure without effects is as good as a rejection.
fn compare_failure(
    case: &Case,
    device: &Device,
    verdict: &Verdict,
    facts: &mut Facts,
) -> Result<(), Trouble> {
    let stated = case.fact_str("verdict")?;
    match verdict {
        Verdict::Success => {
            facts.is("verdict", "success").is("failed_at", Value::Null);
        }
        Verdict::Rejected(error) => {
            let has_effects = !device.effects.is_empty();
            if stated != "rejected-before-effects" && (stated != "failed" || has_effects) {
                return Err(format!("rejected: {error}; the case states {stated}").into());
            }
        }
        Verdict::Failed(failure, within, path) => {
            let command = failure.command.map(CommandKind::code);
            if stated == "rejected-before-effects" && device.effects.is_empty() {
                return Ok(());
            }
            facts.is("verdict", "failed");
            facts.is("failed_at", json!([section(failure), failure.offset, command]));
            facts.is("failed_during", failure.section.label());
            if case.fact("failed_within").is_some() {
                facts.is("failed_within", json!(within));
            }
            if case.fact("failed_manifest").is_some() {
                facts.is("failed_manifest", json!(path));
            }
        }
    }
    Ok(())
}

fn section(failure: &Failure) -> Value {
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
