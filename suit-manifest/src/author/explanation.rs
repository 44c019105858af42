//! What a manifest will do, in plain language.

use alloc::{format, string::String};
use core::fmt::Write;

use cose_ext::{
    Context, Verified,
    cbor::{Array, Map, Raw, Reader, Type},
};

use crate::{
    CommandSequence, ComponentId, Envelope, Error, Manifest, Section,
    command::{Command, CommandKind, Condition, Directive},
    digest,
    error::Breaks,
    parameters::{Parameter, ParameterKind, ParameterMap},
    strictness::embedded,
};

/// Sequences deeper inside of each other are not explained.
const DEEPEST: usize = 8;

/// Returns what a manifest will do, sentence by sentence, for people: which components there are,
/// and for each section what is checked and what is changed. It names what stands in the manifest
/// and does not run it.
///
/// # Errors
///
/// Those of [`Envelope::section`] and of sequences; a section that was severed and is not there is
/// said to be so.
pub fn explanation<B: Copy>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, B>,
    context: &Context<'_>,
) -> Result<String, Error> {
    let common = manifest.value().common();
    let mut out = format!("Manifest number {}.\n", manifest.value().sequence_number());
    for (index, component) in common.components().iter().enumerate() {
        let kind = match common.dependencies().at(index) {
            Some(_) => "holds a dependency, a manifest of its own",
            None => "",
        };
        line(&mut out, 0, &format!("Component {index} is {} {kind}", name(&component)));
    }
    let explain = Explain { context };
    if let Some(shared) = common.shared_sequence(&context.profile)? {
        line(&mut out, 0, "Before each section:");
        explain.sequence(&shared, 1, &mut out)?;
    }
    for section in Section::ALL {
        match envelope.section(manifest, section, context) {
            Ok(None) => {}
            Ok(Some(content)) => {
                line(&mut out, 0, &format!("To {}:", purpose(section)));
                explain.sequence(content.value(), 1, &mut out)?;
            }
            Err(error) if matches!(error.kind(), crate::ErrorKind::Unsupported(_)) => {
                let what =
                    format!("To {}: this part was cut off and is not here", purpose(section));
                line(&mut out, 0, &what);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

fn line(out: &mut String, depth: usize, text: &str) {
    for _ in 0..depth {
        out.push_str("  ");
    }
    out.push_str(text.trim_end());
    let ends = text.ends_with(':');
    out.push_str(if ends { "\n" } else { ".\n" });
}

/// A name in letters where it has only such, else in hexadecimal digits.
fn name(component: &ComponentId<'_>) -> String {
    let mut shown = String::from("\"");
    for (index, segment) in component.segments().enumerate() {
        if index > 0 {
            shown.push('/');
        }
        match core::str::from_utf8(segment) {
            Ok(text) if text.chars().all(|letter| letter.is_ascii_graphic()) => {
                shown.push_str(text)
            }
            _ => segment.iter().for_each(|byte| {
                let _ = write!(shown, "{byte:02x}");
            }),
        }
    }
    shown.push('"');
    shown
}

const fn purpose(section: Section) -> &'static str {
    match section {
        Section::Validate => "validate",
        Section::Load => "load",
        Section::Invoke => "start",
        Section::DependencyResolution => "find dependencies",
        Section::PayloadFetch => "fetch payloads",
        Section::CandidateVerification => "check what was fetched",
        Section::Install => "install",
        Section::Uninstall => "uninstall",
    }
}

struct Explain<'c> {
    context: &'c Context<'c>,
}

impl Explain<'_> {
    fn sequence(&self, item: &Raw<'_>, depth: usize, out: &mut String) -> Result<(), Error> {
        for command in CommandSequence::new(item)? {
            self.command(&command?, depth, out)?;
        }
        Ok(())
    }

    fn command(&self, command: &Command<'_>, depth: usize, out: &mut String) -> Result<(), Error> {
        let argument = command.argument();
        let Some(kind) = command.kind() else {
            line(
                out,
                depth,
                "do something that is not known here, so the manifest will be refused",
            );
            return Ok(());
        };
        match kind {
            CommandKind::Directive(Directive::SetComponentIndex) => {
                let which = match argument.data_type() {
                    Type::Bool => "for every component:".into(),
                    _ => format!("for component {}:", indices(&argument)?),
                };
                line(out, depth, &which);
            }
            CommandKind::Directive(Directive::OverrideParameters | Directive::SetParameters) => {
                let values = Map::new(&argument).breaks(crate::Rule::ParameterForm)?;
                for (parameter, (_, value)) in ParameterMap::new(&argument)?.zip(&values) {
                    let (parameter, _) = parameter?;
                    line(out, depth, &self.parameter(parameter, &value)?);
                }
            }
            CommandKind::Directive(Directive::TryEach) => {
                line(out, depth, "do the first of these that works:");
                for alternative in &Array::new(&argument).breaks(crate::Rule::ArgumentForm)? {
                    if alternative.data_type() == Type::Null {
                        line(out, depth.saturating_add(1), "or nothing");
                    } else {
                        line(out, depth.saturating_add(1), "either:");
                        self.nested(&alternative, depth.saturating_add(2), out)?;
                    }
                }
            }
            CommandKind::Directive(Directive::RunSequence) => {
                line(out, depth, "together:");
                self.nested(&argument, depth.saturating_add(1), out)?;
            }
            kind => line(out, depth, sentence(kind)),
        }
        Ok(())
    }

    fn nested(&self, wrapped: &Raw<'_>, depth: usize, out: &mut String) -> Result<(), Error> {
        if depth > DEEPEST {
            line(out, depth, "more, deeper than is explained here");
            return Ok(());
        }
        let content = embedded(wrapped, &self.context.profile);
        let content = content.breaks(crate::Rule::ArgumentForm)?;
        self.sequence(&content, depth, out)
    }

    fn parameter(&self, parameter: ParameterKind, value: &Raw<'_>) -> Result<String, Error> {
        let number = || value.read(Reader::uint).unwrap_or_default();
        Ok(match parameter {
            ParameterKind::Kept(Parameter::ImageDigest) => {
                let content = embedded(value, &self.context.profile);
                match digest::read(&content.breaks(crate::Rule::DigestForm)?) {
                    Ok(digest) => format!("the image is the one with the digest {digest}"),
                    // A processor compares it all the same, and never finds such an image.
                    Err(_) => {
                        String::from("the image is one that no image can be: its digest is none")
                    }
                }
            }
            ParameterKind::Kept(Parameter::ImageSize) => {
                format!("the image has {} bytes", number())
            }
            ParameterKind::Kept(Parameter::Uri) => {
                // Shown with its quotes and escapes: nobody knows what stands in it.
                format!("the payload is at {:?}", value.read(Reader::text).unwrap_or_default())
            }
            ParameterKind::Kept(Parameter::SourceComponent) => {
                format!("the source is component {}", number())
            }
            ParameterKind::Kept(Parameter::ComponentSlot) => format!("the slot is {}", number()),
            ParameterKind::Kept(Parameter::Content) => {
                let len = value.read(Reader::bytes).unwrap_or_default().len();
                format!("the content is {len} bytes that stand in the manifest")
            }
            ParameterKind::Kept(parameter) => format!("{} is set", label(parameter)),
            ParameterKind::StrictOrder => "whether the order of commands counts is set".into(),
            ParameterKind::SoftFailure => {
                "whether a failed check ends more than this part is set".into()
            }
            ParameterKind::Unsupported(code) => {
                format!("parameter {code} is set, which is not supported here")
            }
        })
    }
}

const fn label(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::VendorIdentifier => "the vendor",
        Parameter::ClassIdentifier => "the class of device",
        Parameter::DeviceIdentifier => "the one device that is meant",
        Parameter::InvokeArgs => "what the image is started with",
        Parameter::FetchArguments => "what the fetch needs",
        _ => "a parameter",
    }
}

fn indices(argument: &Raw<'_>) -> Result<String, Error> {
    if argument.data_type() != Type::Array {
        return Ok(format!("{}", argument.read(Reader::uint).breaks(crate::Rule::ArgumentForm)?));
    }
    let mut shown = String::new();
    for (place, index) in Array::new(argument).breaks(crate::Rule::ArgumentForm)?.iter().enumerate()
    {
        let index = index.read(Reader::uint).breaks(crate::Rule::ArgumentForm)?;
        let _ = write!(shown, "{}{index}", if place > 0 { ", then " } else { "" });
    }
    Ok(shown)
}

const fn sentence(kind: CommandKind) -> &'static str {
    match kind {
        CommandKind::Condition(condition) => match condition {
            Condition::VendorIdentifier => "check that the device is of this vendor",
            Condition::ClassIdentifier => "check that the device is of this class",
            Condition::DeviceIdentifier => "check that it is this very device",
            Condition::ImageMatch => "check that the image is the right one",
            Condition::ComponentSlot => "check that this is the slot",
            Condition::CheckContent => "check that the component holds this content",
            Condition::DependencyIntegrity => "check that the dependency is authentic and whole",
            Condition::IsDependency => "go on only if the component is a dependency",
            Condition::Abort => "stop",
            Condition::UseBefore => "check that the time has not come, which is not supported here",
            Condition::ImageNotMatch => {
                "check that the image is another, which is not supported here"
            }
            Condition::MinimumBattery => "check the battery, which is not supported here",
            Condition::UpdateAuthorized => "ask for permission, which is not supported here",
            Condition::Version => "check the version, which is not supported here",
        },
        CommandKind::Directive(directive) => match directive {
            Directive::ProcessDependency => "do what the dependency says for this section",
            Directive::Write => "write the content",
            Directive::Fetch => "fetch the payload",
            Directive::Copy => "copy it from the source",
            Directive::Invoke => "start it",
            Directive::Swap => "exchange it with the source",
            Directive::Unlink => "say that it is not needed any more",
            Directive::Wait => "wait, which is not supported here",
            _ => "set something, which is not supported here",
        },
    }
}
