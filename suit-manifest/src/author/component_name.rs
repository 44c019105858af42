//! Names of components, encoded.

use alloc::vec::Vec;

use super::encoded::{array, byte_string};

/// Returns the encoded component identifier of these segments.
pub(crate) fn component_name<S: AsRef<[u8]>>(segments: &[S]) -> Vec<u8> {
    let segments: Vec<_> = segments.iter().map(|segment| byte_string(segment.as_ref())).collect();
    array(segments.iter().map(Vec::as_slice))
}
