//! Which components a manifest lists, as its commands count them.

use super::{DependencyIndex, Readings};
use crate::{ComponentId, Dependencies, Manifest};

/// The components of a manifest in the order of their indices; with them, if the reading is so, the
/// dependencies that are named behind the last of them.
#[inline]
pub(super) fn component_ids<'m>(
    manifest: &Manifest<'m>,
    readings: Readings,
) -> impl Iterator<Item = ComponentId<'m>> + use<'m> {
    let common = manifest.common();
    let len = common.components().len();
    let behind = match readings.dependency_index {
        DependencyIndex::Component => Dependencies::NONE,
        DependencyIndex::ComponentOrNext => common.dependencies(),
    };
    // Each has to be the next index: a gap ends the list, and what is beyond names nothing.
    let behind = behind.into_iter().filter(move |one| one.index >= len).enumerate();
    let next = behind
        .take_while(move |(place, one)| one.index == len.saturating_add(*place))
        .map_while(|(_, one)| one.prefix);
    common.components().into_iter().chain(next)
}

/// How many of them there are.
#[inline]
pub(super) fn count_components(manifest: &Manifest<'_>, readings: Readings) -> usize {
    match readings.dependency_index {
        DependencyIndex::Component => manifest.common().components().len(),
        DependencyIndex::ComponentOrNext => component_ids(manifest, readings).count(),
    }
}
