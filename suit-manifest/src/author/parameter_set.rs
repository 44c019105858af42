//! Parameters to be set (SUIT manifest 8.4.8).

use alloc::vec::Vec;

use cose_ext::{Digest, Value};

use super::encoded::{SortedMap, byte_string, digest, int, text};
use crate::label::parameter;

/// The parameters that one directive sets. Setting one again replaces it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ParameterSet {
    map: SortedMap,
}

impl ParameterSet {
    /// Makes a set of no parameters.
    pub const fn new() -> Self {
        Self { map: SortedMap::new() }
    }

    fn with(mut self, label: i64, value: Vec<u8>) -> Self {
        self.map.set(int(label), value);
        self
    }

    /// Sets the identifier of the vendor, a UUID.
    pub fn vendor_identifier(self, uuid: &[u8; 16]) -> Self {
        self.with(parameter::VENDOR_IDENTIFIER, byte_string(uuid))
    }

    /// Sets the identifier of the class of devices, a UUID.
    pub fn class_identifier(self, uuid: &[u8; 16]) -> Self {
        self.with(parameter::CLASS_IDENTIFIER, byte_string(uuid))
    }

    /// Sets the identifier of one device, a UUID.
    pub fn device_identifier(self, uuid: &[u8; 16]) -> Self {
        self.with(parameter::DEVICE_IDENTIFIER, byte_string(uuid))
    }

    /// Sets the digest that the component has to have.
    pub fn image_digest(self, image: &Digest<'_>) -> Self {
        self.with(parameter::IMAGE_DIGEST, byte_string(&digest(image)))
    }

    /// Sets the size that the component has to have, in bytes.
    pub fn image_size(self, size: u64) -> Self {
        self.with(parameter::IMAGE_SIZE, int(size))
    }

    /// Sets the slot that the component has to be in.
    pub fn component_slot(self, slot: u64) -> Self {
        self.with(parameter::COMPONENT_SLOT, int(slot))
    }

    /// Sets whether commands have to be done in their order.
    pub fn strict_order(self, is_strict: bool) -> Self {
        self.with(parameter::STRICT_ORDER, boolean(is_strict))
    }

    /// Sets whether a condition that fails ends only its sequence.
    pub fn soft_failure(self, is_soft: bool) -> Self {
        self.with(parameter::SOFT_FAILURE, boolean(is_soft))
    }

    /// Sets the content to be written, or compared with.
    pub fn content(self, content: &[u8]) -> Self {
        self.with(parameter::CONTENT, byte_string(content))
    }

    /// Sets where to fetch from.
    pub fn uri(self, uri: &str) -> Self {
        self.with(parameter::URI, text(uri))
    }

    /// Sets the index of the component to copy from or to swap with.
    pub fn source_component(self, index: u64) -> Self {
        self.with(parameter::SOURCE_COMPONENT, int(index))
    }

    /// Sets what is handed to the component when it is invoked.
    pub fn invoke_args(self, args: &[u8]) -> Self {
        self.with(parameter::INVOKE_ARGS, byte_string(args))
    }

    /// Sets what is handed to whatever fetches.
    pub fn fetch_arguments(self, arguments: &[u8]) -> Self {
        self.with(parameter::FETCH_ARGUMENTS, byte_string(arguments))
    }

    /// Sets the parameter `label` to an encoded item, for parameters of extensions. The manifest
    /// builder checks the encoding.
    pub fn encoded(self, label: i64, item: &[u8]) -> Self {
        self.with(label, item.to_vec())
    }

    /// Returns the encoded map.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.map.to_bytes()
    }
}

fn boolean(value: bool) -> Vec<u8> {
    Value::Bool(value).to_bytes()
}
