//! A template for an image that may stand in one of two places (SUIT manifest 7, example 3).

use alloc::vec::Vec;

use cose_ext::Digest;

use super::{ManifestBuilder, ParameterSet, RECORD_ALL, RECORD_FAILURE, Sequence};
use crate::{
    Section,
    label::{condition, directive},
};

/// An image for a device with two slots, of which one holds what runs while the other is written.
#[derive(Clone, Debug)]
pub struct SlottedImage<'a> {
    /// The component of each slot.
    pub slots: [Vec<Vec<u8>>; 2],
    /// Whose devices, and which class of them, it is for.
    pub vendor_and_class: Option<([u8; 16], [u8; 16])>,
    /// The digest of the image, which runs from either slot.
    pub digest: Digest<'a>,
    /// The size of the image in bytes.
    pub size: u64,
    /// Where the image comes from.
    pub uri: &'a str,
}

/// Adds to `builder` the slots and sequences of `image`; it must have neither yet.
///
/// To install, the device says by component-slot which slot is to be written. To validate and to
/// invoke, it is the one that holds the image.
pub fn slotted(mut builder: ManifestBuilder, image: &SlottedImage<'_>) -> ManifestBuilder {
    for slot in &image.slots {
        builder = builder.component(slot);
    }
    let mut expected = ParameterSet::new().image_digest(&image.digest).image_size(image.size);
    let mut shared = Sequence::new().set_all_components();
    if let Some((vendor, class)) = &image.vendor_and_class {
        expected = expected.vendor_identifier(vendor).class_identifier(class);
        shared = shared
            .override_parameters(&expected)
            .command(condition::VENDOR_IDENTIFIER, RECORD_ALL)
            .command(condition::CLASS_IDENTIFIER, RECORD_ALL);
    } else {
        shared = shared.override_parameters(&expected);
    }
    let source = ParameterSet::new().uri(image.uri);
    let either = |of: &dyn Fn(Sequence, u64) -> Sequence| {
        let one = [0, 1].map(|slot| of(Sequence::new().set_component_index(slot), slot));
        Sequence::new().set_component_index(0).try_each(&one)
    };
    let matches = |sequence: Sequence, _| sequence.command(condition::IMAGE_MATCH, RECORD_ALL);
    let install = either(&|sequence, slot| {
        sequence
            .override_parameters(&ParameterSet::new().component_slot(slot))
            .command(condition::COMPONENT_SLOT, RECORD_FAILURE)
            .override_parameters(&source)
            .command(directive::FETCH, RECORD_FAILURE)
            .command(condition::IMAGE_MATCH, RECORD_ALL)
    });
    let invoke = either(&|sequence, slot| {
        matches(sequence, slot).command(directive::INVOKE, RECORD_FAILURE)
    });
    builder
        .shared(shared)
        .section(Section::Install, install)
        .section(Section::Validate, either(&matches))
        .section(Section::Invoke, invoke)
}
