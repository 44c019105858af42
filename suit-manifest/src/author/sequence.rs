//! Command sequences to be written (SUIT manifest 8.4.6).

use alloc::vec::Vec;

use cose_ext::{Value, cbor::Head};

use super::{
    ParameterSet,
    encoded::{array, byte_string, headed, int},
};
use crate::label::directive;

/// Report success and failure, with information about the system.
pub const RECORD_ALL: u64 = 15;
/// Report failure.
pub const RECORD_FAILURE: u64 = 2;

/// A command sequence in the making: commands with their arguments, in the order in which they are
/// added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Sequence {
    /// Commands and arguments, encoded.
    body: Vec<u8>,
    /// How many items they are.
    items: usize,
}

impl Sequence {
    /// Makes a sequence of no commands.
    pub const fn new() -> Self {
        Self { body: Vec::new(), items: 0 }
    }

    /// Adds the command `code` with an encoded argument, for commands of extensions. The manifest
    /// builder checks the encoding.
    pub fn encoded(self, code: i64, argument: &[u8]) -> Self {
        self.item(&int(code), argument)
    }

    /// Adds an encoded command with its encoded argument.
    pub(super) fn item(mut self, code: &[u8], argument: &[u8]) -> Self {
        self.body.extend_from_slice(code);
        self.body.extend_from_slice(argument);
        self.items = self.items.saturating_add(2);
        self
    }

    /// Adds a condition or directive whose argument is a reporting policy: what of
    /// [`label::condition`](crate::label::condition) or
    /// [`label::directive`](crate::label::directive), and what to report of it.
    pub fn command(self, code: i64, policy: u64) -> Self {
        self.encoded(code, &int(policy))
    }

    /// Adds set-component-index: what follows is about this component.
    pub fn set_component_index(self, index: u64) -> Self {
        self.encoded(directive::SET_COMPONENT_INDEX, &int(index))
    }

    /// Adds set-component-index: what follows is about each of these components.
    pub fn set_component_indices(self, indices: &[u64]) -> Self {
        let indices: Vec<_> = indices.iter().map(|index| int(*index)).collect();
        let list = array(indices.iter().map(Vec::as_slice));
        self.encoded(directive::SET_COMPONENT_INDEX, &list)
    }

    /// Adds set-component-index: what follows is about every component.
    pub fn set_all_components(self) -> Self {
        self.encoded(directive::SET_COMPONENT_INDEX, &Value::Bool(true).to_bytes())
    }

    /// Adds override-parameters.
    pub fn override_parameters(self, parameters: &ParameterSet) -> Self {
        self.encoded(directive::OVERRIDE_PARAMETERS, &parameters.to_bytes())
    }

    /// Adds set-parameters: sets those that are not set (trust domains).
    pub fn set_parameters(self, parameters: &ParameterSet) -> Self {
        self.encoded(directive::SET_PARAMETERS, &parameters.to_bytes())
    }

    /// Adds try-each: the first sequence that does not fail is the last that is tried.
    pub fn try_each(self, sequences: &[Sequence]) -> Self {
        let wrapped: Vec<_> = sequences.iter().map(Self::wrapped).collect();
        self.encoded(directive::TRY_EACH, &array(wrapped.iter().map(Vec::as_slice)))
    }

    /// Adds try-each that succeeds, too, when every sequence failed.
    pub fn try_each_or_none(self, sequences: &[Sequence]) -> Self {
        let mut wrapped: Vec<_> = sequences.iter().map(Self::wrapped).collect();
        wrapped.push(Value::Null.to_bytes());
        self.encoded(directive::TRY_EACH, &array(wrapped.iter().map(Vec::as_slice)))
    }

    /// Adds run-sequence.
    pub fn run_sequence(self, sequence: &Sequence) -> Self {
        self.encoded(directive::RUN_SEQUENCE, &sequence.wrapped())
    }

    /// Adds the commands of `other`.
    pub fn and(mut self, other: &Sequence) -> Self {
        self.body.extend_from_slice(&other.body);
        self.items = self.items.saturating_add(other.items);
        self
    }

    /// Returns whether there is no command.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// Returns the sequence as the byte string that it is in a manifest.
    pub(crate) fn wrapped(&self) -> Vec<u8> {
        byte_string(&headed(Head::array(self.items), &self.body))
    }
}
