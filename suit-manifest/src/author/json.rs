//! Manifests described in JSON, in the form of the examples of the specification.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use cose_ext::{Digest, crypto::Algorithm};
use serde_json::{Map, Value};

use super::{Download, Image, LanguageTextBuilder, Load, ManifestBuilder, TextBuilder, images};
use crate::{Error, Rule, Section, error::Fact, label::text};

type Object = Map<String, Value>;
type OwnedDigest = (Algorithm, Vec<u8>);

/// Reads a description of images in JSON, and makes the manifest of the templates.
///
/// The form is that of the inputs from which the examples of draft-ietf-suit-manifest-37 were made:
/// `manifest-sequence-number`, `components` with `install-id`, `install-digest`, `install-size`,
/// `vendor-id`, `class-id`, `uri`, `download-id`, `load-id` and more, `description`,
/// `reference-uri`, `severable`. Segments of identifiers are hexadecimal. Three members are passed
/// over, as the examples want it: `include-json`, `model-info` and `component-version` stand in an
/// input and not in the manifest that was published with it. Any other member that is not known is
/// refused, and so is one that would not be used, such as `class-id` without `vendor-id`: what an
/// author has misspelt is not left out in silence.
///
/// # Errors
///
/// [`Rule::AuthoringInput`], which names the member.
pub fn manifest_from_json(json: &[u8]) -> Result<ManifestBuilder, Error> {
    let input: Value = serde_json::from_slice(json).map_err(|_| missing("JSON"))?;
    let input = input.as_object().ok_or(missing("an object"))?;
    only(input, &INPUT)?;
    if number(input, "manifest-version")? != 1 {
        return Err(missing("manifest-version"));
    }
    let listed = input.get("components").and_then(Value::as_array).ok_or(missing("components"))?;
    let parts: Vec<_> = listed.iter().map(Parts::read).collect::<Result<_, _>>()?;
    let described: Vec<_> = parts.iter().map(Parts::image).collect::<Result<_, _>>()?;
    let mut builder =
        images(ManifestBuilder::new(number(input, "manifest-sequence-number")?), &described);
    if let Some(uri) = input.get("reference-uri") {
        builder = builder.reference_uri(uri.as_str().ok_or(missing("reference-uri"))?);
    }
    let texts = texts(input, &parts)?;
    Ok(match flag(input, "severable", false)? {
        false => builder.text(&texts),
        true => Section::ALL
            .into_iter()
            .fold(builder.severed_text(&texts), |builder, section| builder.severed(section)),
    })
}

/// What an image borrows: identifiers and digests, out of their hexadecimal digits.
struct Parts<'j> {
    json: &'j Object,
    install: Vec<Vec<u8>>,
    digest: OwnedDigest,
    download: Option<(Vec<Vec<u8>>, OwnedDigest)>,
    load: Option<(Vec<Vec<u8>>, OwnedDigest)>,
}

impl<'j> Parts<'j> {
    fn read(component: &'j Value) -> Result<Self, Error> {
        let json = component.as_object().ok_or(missing("components"))?;
        only(json, &COMPONENT)?;
        let is_kept = !flag(json, "install-on-download", true)?;
        let download = match is_kept {
            false => unused(json, &["download-id", "download-digest"])?,
            true => Some((identifier(json, "download-id")?, digest(json, "download-digest")?)),
        };
        let load = match flag(json, "loadable", false)? {
            false => unused(json, &["load-id", "load-digest", "load-size"])?,
            true => Some((identifier(json, "load-id")?, digest(json, "load-digest")?)),
        };
        let (install, digest) = (identifier(json, "install-id")?, digest(json, "install-digest")?);
        Ok(Self { json, install, digest, download, load })
    }

    fn image(&self) -> Result<Image<'_>, Error> {
        let vendor_and_class = match self.json.contains_key("vendor-id") {
            false => unused(self.json, &["class-id"])?,
            true => Some((uuid(self.json, "vendor-id")?, uuid(self.json, "class-id")?)),
        };
        let download = match &self.download {
            None => None,
            Some((component, (algorithm, value))) => Some(Download {
                component: component.clone(),
                digest: Digest::new(*algorithm, value)?,
            }),
        };
        let load = match &self.load {
            None => None,
            Some((component, (algorithm, value))) => Some(Load {
                component: component.clone(),
                digest: Digest::new(*algorithm, value)?,
                size: number(self.json, "load-size")?,
            }),
        };
        let uri = match self.json.get("uri") {
            None => None,
            Some(uri) => Some(uri.as_str().ok_or(missing("uri"))?),
        };
        Ok(Image {
            component: self.install.clone(),
            vendor_and_class,
            digest: Digest::new(self.digest.0, &self.digest.1)?,
            size: number(self.json, "install-size")?,
            uri,
            download,
            load,
            is_bootable: flag(self.json, "bootable", false)?,
        })
    }
}

/// The texts of the manifest and of its components, by language.
fn texts(input: &Object, parts: &[Parts<'_>]) -> Result<TextBuilder, Error> {
    let mut languages: Vec<(String, LanguageTextBuilder)> = Vec::new();
    let mut of =
        |language: &str, add: &dyn Fn(LanguageTextBuilder) -> LanguageTextBuilder| match languages
            .iter_mut()
            .find(|(known, _)| known == language)
        {
            Some((_, texts)) => *texts = add(core::mem::take(texts)),
            None => languages.push((language.to_owned(), add(LanguageTextBuilder::new()))),
        };
    for (language, texts) in described(input)? {
        for (label, value) in labelled(texts?, &MANIFEST_TEXTS, &[])? {
            of(language, &|builder| builder.text(label, value));
        }
    }
    for part in parts {
        for (language, texts) in described(part.json)? {
            let of_component = labelled(texts?, &COMPONENT_TEXTS, &PASSED_OVER)?;
            of(language, &|builder| builder.component(&part.install, &of_component));
        }
    }
    let all = languages.iter();
    Ok(all.fold(TextBuilder::new(), |texts, (language, of)| texts.language(language, of)))
}

const MANIFEST_TEXTS: [(&str, i64); 2] = [
    ("manifest-description", text::MANIFEST_DESCRIPTION),
    ("update-description", text::UPDATE_DESCRIPTION),
];

const COMPONENT_TEXTS: [(&str, i64); 4] = [
    ("vendor-name", text::VENDOR_NAME),
    ("model-name", text::MODEL_NAME),
    ("vendor-domain", text::VENDOR_DOMAIN),
    ("component-description", text::COMPONENT_DESCRIPTION),
];

/// Texts of a component that stand in an input and not in the manifest.
const PASSED_OVER: [&str; 2] = ["model-info", "component-version"];

/// The members of an input.
const INPUT: [&str; 7] = [
    "manifest-version",
    "manifest-sequence-number",
    "components",
    "description",
    "reference-uri",
    "severable",
    "include-json",
];

/// The members of a component.
const COMPONENT: [&str; 15] = [
    "install-id",
    "install-digest",
    "install-size",
    "install-on-download",
    "download-id",
    "download-digest",
    "uri",
    "vendor-id",
    "class-id",
    "bootable",
    "loadable",
    "load-id",
    "load-digest",
    "load-size",
    "description",
];

/// Refuses members that are none of these.
fn only(of: &Object, known: &[&str]) -> Result<(), Error> {
    match of.keys().all(|name| known.contains(&name.as_str())) {
        true => Ok(()),
        false => Err(missing("another member")),
    }
}

/// Nothing, where none of these members stands that would not be used.
fn unused<T>(of: &Object, names: &[&'static str]) -> Result<Option<T>, Error> {
    match names.iter().find(|name| of.contains_key(**name)) {
        None => Ok(None),
        Some(name) => Err(missing(name)),
    }
}

/// The languages of a description, each with its texts.
fn described(of: &Object) -> Result<impl Iterator<Item = Described<'_>>, Error> {
    let languages = match of.get("description") {
        None => None,
        Some(languages) => Some(languages.as_object().ok_or(missing("description"))?),
    };
    let entries = languages.into_iter().flatten();
    Ok(entries.map(|(name, texts)| (name, texts.as_object().ok_or(missing("description")))))
}

/// A language with its texts, if they are an object.
type Described<'j> = (&'j String, Result<&'j Object, Error>);

/// The texts with their labels.
fn labelled<'j>(
    texts: &'j Object,
    labels: &[(&'static str, i64)],
    passed_over: &[&str],
) -> Result<Vec<(i64, &'j str)>, Error> {
    let is_known = |name: &str| labels.iter().any(|(known, _)| *known == name);
    if !texts.keys().all(|name| is_known(name) || passed_over.contains(&name.as_str())) {
        return Err(missing("another member"));
    }
    let stated = labels.iter().filter_map(|(name, label)| Some((name, label, texts.get(*name)?)));
    let text = |(name, label, text): (&&'static str, &i64, &'j Value)| {
        Ok((*label, text.as_str().ok_or(missing(name))?))
    };
    stated.map(text).collect()
}

const fn missing(name: &'static str) -> Error {
    Error::new(crate::ErrorKind::Malformed { rule: Rule::AuthoringInput, fact: Fact::Name(name) })
}

fn number(of: &Object, name: &'static str) -> Result<u64, Error> {
    of.get(name).and_then(Value::as_u64).ok_or(missing(name))
}

fn flag(of: &Object, name: &'static str, absent: bool) -> Result<bool, Error> {
    of.get(name).map_or(Ok(absent), |value| value.as_bool().ok_or(missing(name)))
}

fn identifier(of: &Object, name: &'static str) -> Result<Vec<Vec<u8>>, Error> {
    let segments = of.get(name).and_then(Value::as_array).ok_or(missing(name))?;
    let segments = segments.iter().map(|segment| segment.as_str().and_then(bytes));
    segments.collect::<Option<_>>().ok_or(missing(name))
}

fn digest(of: &Object, name: &'static str) -> Result<OwnedDigest, Error> {
    let digest = of.get(name).and_then(Value::as_object).ok_or(missing(name))?;
    only(digest, &["algorithm-id", "digest-bytes"])?;
    let algorithm = match digest.get("algorithm-id").and_then(Value::as_str) {
        Some("sha256") => Algorithm::SHA256,
        Some("sha384") => Algorithm::SHA384,
        Some("sha512") => Algorithm::SHA512,
        _ => return Err(missing("algorithm-id")),
    };
    let value = digest.get("digest-bytes").and_then(Value::as_str).and_then(bytes);
    Ok((algorithm, value.ok_or(missing("digest-bytes"))?))
}

fn uuid(of: &Object, name: &'static str) -> Result<[u8; 16], Error> {
    let text = of.get(name).and_then(Value::as_str).ok_or(missing(name))?;
    let bytes = bytes(&text.replace('-', "")).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(missing(name))
}

/// Bytes of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let mut digits = digits.chars();
    let mut bytes = Vec::new();
    while let Some(high) = digits.next() {
        let (high, low) = (high.to_digit(16)?, digits.next()?.to_digit(16)?);
        bytes.push(u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?);
    }
    Some(bytes)
}
