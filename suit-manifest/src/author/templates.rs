//! Templates for the common shapes of manifests, beside those of [`images`](super::images) and
//! [`slotted`](super::slotted).

use alloc::vec::Vec;

use cose_ext::Digest;

use super::{Image, ManifestBuilder, ParameterSet, RECORD_ALL, RECORD_FAILURE, Sequence, images};
use crate::{
    Section,
    label::{condition, directive},
};

/// Adds to `builder` one image that is installed where it runs; it must have no components yet.
///
/// The image is fetched if it has a URI, compared with its digest whenever it is validated, and
/// invoked if it is bootable.
pub fn single_image(builder: ManifestBuilder, image: &Image<'_>) -> ManifestBuilder {
    images(builder, core::slice::from_ref(image))
}

/// A configuration that is written beside an image, and stands in the manifest as a whole.
#[derive(Clone, Debug)]
pub struct Config<'a> {
    /// The component that holds it.
    pub component: Vec<Vec<u8>>,
    /// What it says.
    pub content: &'a [u8],
}

/// Adds to `builder` an image and its configuration; it must have no components yet. The image must
/// be one that is installed and invoked in one place.
///
/// The configuration is written after the image was installed and compared with its digest.
/// Validation compares both, so an image never starts with the configuration of another.
pub fn image_with_config(
    builder: ManifestBuilder,
    image: &Image<'_>,
    config: &Config<'_>,
) -> ManifestBuilder {
    let content = ParameterSet::new().content(config.content);
    let mut expected = ParameterSet::new().image_digest(&image.digest).image_size(image.size);
    let mut shared = Sequence::new().set_component_index(0);
    if let Some((vendor, class)) = &image.vendor_and_class {
        expected = expected.vendor_identifier(vendor).class_identifier(class);
        shared = shared
            .override_parameters(&expected)
            .command(condition::VENDOR_IDENTIFIER, RECORD_ALL)
            .command(condition::CLASS_IDENTIFIER, RECORD_ALL);
    } else {
        shared = shared.override_parameters(&expected);
    }
    let shared = shared.set_component_index(1).override_parameters(&content);
    let mut install = Sequence::new().set_component_index(0);
    if let Some(uri) = image.uri {
        install = install
            .override_parameters(&ParameterSet::new().uri(uri))
            .command(directive::FETCH, RECORD_FAILURE);
    }
    let install = install
        .command(condition::IMAGE_MATCH, RECORD_ALL)
        .set_component_index(1)
        .command(directive::WRITE, RECORD_FAILURE);
    let validate = Sequence::new()
        .set_component_index(0)
        .command(condition::IMAGE_MATCH, RECORD_ALL)
        .set_component_index(1)
        .command(condition::CHECK_CONTENT, RECORD_ALL);
    let builder = builder
        .component(&image.component)
        .component(&config.component)
        .shared(shared)
        .section(Section::Install, install)
        .section(Section::Validate, validate);
    if image.is_bootable {
        let invoke = Sequence::new().set_component_index(0);
        builder.section(Section::Invoke, invoke.command(directive::INVOKE, RECORD_FAILURE))
    } else {
        builder
    }
}

/// A manifest that another one fetches, checks and processes.
#[derive(Clone, Debug)]
pub struct DependencyManifest<'a> {
    /// The component that holds its envelope.
    pub component: Vec<Vec<u8>>,
    /// What stands before the names of its components, if anything does.
    pub prefix: Option<Vec<Vec<u8>>>,
    /// The digest of its manifest, as its envelope states it.
    pub digest: Digest<'a>,
    /// Where its envelope comes from; of an integrated one, its key in the envelope.
    pub uri: &'a str,
    /// The sections that it has: each is processed in the section of its kind.
    pub sections: &'a [Section],
}

/// Adds to `builder` a manifest that does nothing but process its dependencies, one after the other
/// (SUIT trust domains 8.1); it must have no components yet.
///
/// Each is fetched and checked in dependency-resolution, before any payload; checked again in
/// validate, which every procedure runs; and processed in each of its sections. The digests are set
/// by override-parameters, since the list of shared commands (SUIT manifest appendix A) does not
/// have the set-parameters that the template of the text uses there.
pub fn dependent(
    mut builder: ManifestBuilder,
    dependencies: &[DependencyManifest<'_>],
) -> ManifestBuilder {
    let is_one = dependencies.len() == 1;
    let mut shared = Sequence::new();
    let mut sections = Section::ALL.map(|section| (section, Sequence::new()));
    for (index, dependency) in (0_u64..).zip(dependencies) {
        builder = builder.component(&dependency.component);
        builder = match &dependency.prefix {
            None => builder.dependency(index),
            Some(prefix) => builder.dependency_under(index, prefix),
        };
        let at = |sequence: Sequence| match is_one {
            true => sequence,
            false => sequence.set_component_index(index),
        };
        let digest = ParameterSet::new().image_digest(&dependency.digest);
        shared = at(shared).override_parameters(&digest);
        for (section, sequence) in &mut sections {
            let is_processed = dependency.sections.contains(section);
            let is_checked = match section {
                Section::DependencyResolution | Section::Validate => true,
                Section::Uninstall => is_processed,
                _ => false,
            };
            if !is_processed && !is_checked {
                continue;
            }
            let mut more = at(core::mem::take(sequence));
            if *section == Section::DependencyResolution {
                more = more
                    .override_parameters(&ParameterSet::new().uri(dependency.uri))
                    .command(directive::FETCH, RECORD_FAILURE);
            }
            if is_checked {
                more = more.command(condition::DEPENDENCY_INTEGRITY, RECORD_ALL);
            }
            if is_processed {
                more = more.command(directive::PROCESS_DEPENDENCY, RECORD_FAILURE);
            }
            *sequence = more;
        }
    }
    builder = builder.shared(shared);
    for (section, sequence) in sections {
        if !sequence.is_empty() {
            builder = builder.section(section, sequence);
        }
    }
    builder
}
