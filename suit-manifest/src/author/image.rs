//! Templates of the specification for images (SUIT manifest 7).

use alloc::vec::Vec;

use cose_ext::Digest;

use super::{ManifestBuilder, ParameterSet, RECORD_ALL, RECORD_FAILURE, Sequence};
use crate::{
    Section,
    label::{condition, directive},
};

/// An image that a manifest installs, loads and invokes, by the templates of the specification:
/// compatibility check, component download, install, load and invocation.
#[derive(Clone, Debug)]
pub struct Image<'a> {
    /// Where the image is installed.
    pub component: Vec<Vec<u8>>,
    /// Whose devices, and which class of them, it is for.
    pub vendor_and_class: Option<([u8; 16], [u8; 16])>,
    /// The digest of the image.
    pub digest: Digest<'a>,
    /// The size of the image in bytes.
    pub size: u64,
    /// Where the image comes from; `None` if it is there already.
    pub uri: Option<&'a str>,
    /// Where it is kept before it is installed; `None` if it is installed as it comes.
    pub download: Option<Download<'a>>,
    /// Where it runs from, if it has to be loaded.
    pub load: Option<Load<'a>>,
    /// Whether it is invoked.
    pub is_bootable: bool,
}

/// Where an image is kept before it is installed.
#[derive(Clone, Debug)]
pub struct Download<'a> {
    /// The component that keeps it.
    pub component: Vec<Vec<u8>>,
    /// Its digest there.
    pub digest: Digest<'a>,
}

/// Where an image runs from.
#[derive(Clone, Debug)]
pub struct Load<'a> {
    /// The component that it is copied to.
    pub component: Vec<Vec<u8>>,
    /// Its digest there.
    pub digest: Digest<'a>,
    /// Its size there, in bytes.
    pub size: u64,
}

/// The sequences that grow image by image.
#[derive(Default)]
struct Sequences {
    shared: Sequence,
    fetch: Sequence,
    install: Sequence,
    validate: Sequence,
    load: Sequence,
    invoke: Sequence,
}

/// Adds to `builder` the components and sequences of `images`; it must have neither yet.
pub fn images(mut builder: ManifestBuilder, images: &[Image<'_>]) -> ManifestBuilder {
    let components = |image: &Image<'_>| {
        let apart = [image.download.is_some(), image.load.is_some()];
        apart.iter().filter(|it| **it).count().saturating_add(1)
    };
    let has_one = images.iter().map(components).sum::<usize>() == 1;
    let at = |sequence: Sequence, index: u64| match has_one {
        true => sequence,
        false => sequence.set_component_index(index),
    };
    let mut all = Sequences::default();
    let mut next = 0_u64;
    let mut take = |builder: ManifestBuilder, component: &[Vec<u8>]| {
        let index = next;
        next = next.saturating_add(1);
        (builder.component(component), index)
    };
    for image in images {
        let index;
        (builder, index) = take(builder, &image.component);
        all.shared = at(all.shared, index).and(&compatibility(image));
        if let Some(uri) = image.uri {
            let source = ParameterSet::new().uri(uri);
            match &image.download {
                None => all.install = at(all.install, index).and(&fetch(&source)),
                Some(download) => {
                    let kept;
                    (builder, kept) = take(builder, &download.component);
                    let source = source.image_digest(&download.digest);
                    all.fetch = at(all.fetch, kept).and(&fetch(&source));
                    let from = ParameterSet::new().source_component(kept);
                    all.install = at(all.install, index).and(&copy(&from));
                }
            }
        }
        all.validate = at(all.validate, index).command(condition::IMAGE_MATCH, RECORD_ALL);
        let mut runs_from = index;
        if let Some(load) = &image.load {
            (builder, runs_from) = take(builder, &load.component);
            let from = ParameterSet::new()
                .image_digest(&load.digest)
                .image_size(load.size)
                .source_component(index);
            all.load = at(all.load, runs_from).and(&copy(&from));
        }
        if image.is_bootable {
            all.invoke = at(all.invoke, runs_from).command(directive::INVOKE, RECORD_FAILURE);
        }
    }
    builder = builder.shared(all.shared);
    for (section, sequence) in [
        (Section::PayloadFetch, all.fetch),
        (Section::Install, all.install),
        (Section::Validate, all.validate),
        (Section::Load, all.load),
        (Section::Invoke, all.invoke),
    ] {
        if !sequence.is_empty() {
            builder = builder.section(section, sequence);
        }
    }
    builder
}

/// What the image has to be, and whether it is one for this device.
fn compatibility(image: &Image<'_>) -> Sequence {
    let expected = ParameterSet::new().image_digest(&image.digest).image_size(image.size);
    match &image.vendor_and_class {
        None => Sequence::new().override_parameters(&expected),
        Some((vendor, class)) => Sequence::new()
            .override_parameters(&expected.vendor_identifier(vendor).class_identifier(class))
            .command(condition::VENDOR_IDENTIFIER, RECORD_ALL)
            .command(condition::CLASS_IDENTIFIER, RECORD_ALL),
    }
}

fn fetch(source: &ParameterSet) -> Sequence {
    Sequence::new()
        .override_parameters(source)
        .command(directive::FETCH, RECORD_FAILURE)
        .command(condition::IMAGE_MATCH, RECORD_ALL)
}

fn copy(source: &ParameterSet) -> Sequence {
    Sequence::new()
        .override_parameters(source)
        .command(directive::COPY, RECORD_FAILURE)
        .command(condition::IMAGE_MATCH, RECORD_ALL)
}
