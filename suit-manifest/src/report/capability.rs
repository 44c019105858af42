//! SUIT_Capability_Report: what a processor can do (SUIT report 6).

use cose_ext::cbor::{Array, Elements, Map, Raw, Reader, Type, Writer};

use crate::{
    Error, Rule,
    command::CommandKind,
    error::{Breaks, Fact},
    label::capability,
    parameters::Parameter,
};

/// What a processor can do: parsed, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct CapabilityReport<'a> {
    map: Map<'a>,
    components: Array<'a>,
}

/// Components that a processor can write: those of one name, or all whose names begin so.
#[derive(Clone, Copy, Debug)]
pub struct ComponentCapability<'a> {
    array: Array<'a>,
}

impl<'a> CapabilityReport<'a> {
    /// Reads a capability report: four mandatory keys, and lists of numbers under all other integer
    /// keys and paths of them.
    ///
    /// # Errors
    ///
    /// [`Rule::CapabilityForm`].
    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::CapabilityForm)?;
        let broken = |fact, at| Error::malformed(Rule::CapabilityForm, fact, at);
        for (key, value) in &map {
            match key.data_type() {
                Type::Array => Numbers::read(&key).map(drop)?,
                _ if key.read(Reader::int).breaks(Rule::CapabilityForm)?.to_i64()
                    == Some(capability::COMPONENTS) =>
                {
                    continue;
                }
                _ => {}
            }
            Numbers::read(&value)?;
        }
        let [Some(components), Some(_), Some(_), Some(_)] = map.find_all([
            capability::COMPONENTS,
            capability::COMMANDS,
            capability::PARAMETERS,
            capability::ALGORITHMS,
        ]) else {
            return Err(broken(Fact::Count(map.len()), raw.offset()));
        };
        let components = Array::new(&components).breaks(Rule::CapabilityForm)?;
        if components.is_empty() {
            return Err(broken(Fact::Count(0), components.offset()));
        }
        for component in &components {
            ComponentCapability::read(&component)?;
        }
        Ok(Self { map, components })
    }

    /// Returns which components can be written.
    pub fn components(&self) -> impl Iterator<Item = ComponentCapability<'a>> + use<'a> {
        // Every element was read before.
        self.components.iter().filter_map(|component| ComponentCapability::read(&component).ok())
    }

    /// Returns the numbers under `key`, of [`label::capability`](crate::label::capability).
    #[must_use]
    pub fn numbers(&self, key: i64) -> Option<Numbers<'a>> {
        Numbers::read(&self.map.find(key)?).ok()
    }

    /// Returns whether the processor knows the command of this number.
    #[must_use]
    pub fn has_command(&self, code: i64) -> bool {
        self.has(capability::COMMANDS, code)
    }

    /// Returns whether the processor knows the parameter of this number.
    #[must_use]
    pub fn has_parameter(&self, code: i64) -> bool {
        self.has(capability::PARAMETERS, code)
    }

    /// Returns whether the processor knows the COSE algorithm of this number.
    #[must_use]
    pub fn has_algorithm(&self, number: i64) -> bool {
        self.has(capability::ALGORITHMS, number)
    }

    fn has(&self, key: i64, number: i64) -> bool {
        self.numbers(key).is_some_and(|mut numbers| numbers.any(|one| one == number))
    }
}

impl<'a> ComponentCapability<'a> {
    /// Byte strings, and `true` behind them if more may follow.
    fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::CapabilityForm)?;
        let last = array.len().saturating_sub(1);
        for (index, segment) in array.iter().enumerate() {
            if index == last && segment.data_type() == Type::Bool {
                if !segment.read(Reader::bool).breaks(Rule::CapabilityForm)? {
                    let offset = segment.offset();
                    return Err(Error::malformed(Rule::CapabilityForm, Fact::None, offset));
                }
                continue;
            }
            segment.read(Reader::bytes).breaks(Rule::CapabilityForm)?;
        }
        Ok(Self { array })
    }

    /// Returns the segments of the name, or of its beginning.
    pub fn segments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.array.iter().filter_map(|segment| segment.read(Reader::bytes).ok())
    }

    /// Returns whether more segments may follow.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        self.array.iter().last().is_some_and(|last| last.data_type() == Type::Bool)
    }
}

/// Iterator over a list of numbers.
#[derive(Clone, Debug)]
pub struct Numbers<'a> {
    elements: Elements<'a>,
}

impl<'a> Numbers<'a> {
    /// One integer or more.
    fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::CapabilityForm)?;
        if array.is_empty() {
            return Err(Error::malformed(Rule::CapabilityForm, Fact::Count(0), raw.offset()));
        }
        for number in &array {
            number.read(Reader::int).breaks(Rule::CapabilityForm)?;
        }
        Ok(Self { elements: array.iter() })
    }
}

impl Iterator for Numbers<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        // Every element was read before; one of 2^63 and more is passed over.
        self.elements.find_map(|number| number.read(Reader::int).ok()?.to_i64())
    }
}

/// What this processor can do, to be written into a report. Commands, parameters and members are
/// those of this build; components and algorithms are those of the device.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities<'r> {
    /// The components that can be written: the segments of their names, and whether more may
    /// follow. At least one.
    pub components: &'r [(&'r [&'r [u8]], bool)],
    /// The numbers of the COSE algorithms. At least one.
    pub algorithms: &'r [i64],
}

impl Capabilities<'_> {
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.map(4).int(capability::COMPONENTS).array(self.components.len());
        for (segments, is_prefix) in self.components {
            writer.array(segments.len().saturating_add(usize::from(*is_prefix)));
            for segment in *segments {
                writer.bytes(segment);
            }
            if *is_prefix {
                writer.bool(true);
            }
        }
        let commands = || CommandKind::ALL.iter().filter(|kind| kind.is_supported());
        writer.int(capability::COMMANDS).array(commands().count());
        for command in commands() {
            writer.int(command.code());
        }
        writer.int(capability::PARAMETERS).array(Parameter::codes().count());
        for parameter in Parameter::codes() {
            writer.int(parameter);
        }
        writer.int(capability::ALGORITHMS).array(self.algorithms.len());
        for algorithm in self.algorithms {
            writer.int(*algorithm);
        }
    }
}
