//! SUIT_Parameters: what commands work with.

use cose_ext::cbor::{Limits, Raw};

use crate::{
    Error, ErrorKind, HistoricDraft, Rule,
    cursor::{Cursor, Keys},
    error::Fact,
    label::parameter,
};

/// A parameter that the processor keeps for each component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Parameter {
    /// The vendor of the device, 16 bytes, or a Private Enterprise Number in tag 112.
    VendorIdentifier,
    /// The class of the device.
    ClassIdentifier,
    /// The digest of the component, a SUIT_Digest in a byte string.
    ImageDigest,
    /// The slot of the component.
    ComponentSlot,
    /// The size of the component in bytes.
    ImageSize,
    /// What a component holds, or is to hold.
    Content,
    /// Where to fetch the component from.
    Uri,
    /// The index of the component to copy from or to swap with.
    SourceComponent,
    /// What a component is started with.
    InvokeArgs,
    /// The one device that is meant.
    DeviceIdentifier,
    /// What a fetch needs besides the URI.
    FetchArguments,
}

/// What the key of a parameter map names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    /// One that is kept for each component.
    Kept(Parameter),
    /// Whether the order of commands counts: part of the state of the sequence.
    StrictOrder,
    /// Whether a failing condition ends more than its sequence: part of the state of the sequence.
    SoftFailure,
    /// One of an extension that is recognised and refused.
    Unsupported(i64),
}

impl Parameter {
    /// The number of parameters that are kept.
    const COUNT: usize = 11;

    const ALL: [Self; Self::COUNT] = [
        Self::VendorIdentifier,
        Self::ClassIdentifier,
        Self::ImageDigest,
        Self::ComponentSlot,
        Self::ImageSize,
        Self::Content,
        Self::Uri,
        Self::SourceComponent,
        Self::InvokeArgs,
        Self::DeviceIdentifier,
        Self::FetchArguments,
    ];

    /// Returns the numbers of all parameters that the processor knows.
    pub(crate) fn codes() -> impl Iterator<Item = i64> {
        let state = [parameter::STRICT_ORDER, parameter::SOFT_FAILURE];
        Self::ALL.iter().map(|parameter| parameter.code()).chain(state)
    }

    /// Returns the number of the parameter.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::VendorIdentifier => parameter::VENDOR_IDENTIFIER,
            Self::ClassIdentifier => parameter::CLASS_IDENTIFIER,
            Self::ImageDigest => parameter::IMAGE_DIGEST,
            Self::ComponentSlot => parameter::COMPONENT_SLOT,
            Self::ImageSize => parameter::IMAGE_SIZE,
            Self::Content => parameter::CONTENT,
            Self::Uri => parameter::URI,
            Self::SourceComponent => parameter::SOURCE_COMPONENT,
            Self::InvokeArgs => parameter::INVOKE_ARGS,
            Self::DeviceIdentifier => parameter::DEVICE_IDENTIFIER,
            Self::FetchArguments => parameter::FETCH_ARGUMENTS,
        }
    }
}

impl ParameterKind {
    /// Returns what this number names; `None` if the registry has no such parameter.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) const fn new(code: i64) -> Option<Self> {
        Some(match code {
            parameter::VENDOR_IDENTIFIER => Self::Kept(Parameter::VendorIdentifier),
            parameter::CLASS_IDENTIFIER => Self::Kept(Parameter::ClassIdentifier),
            parameter::IMAGE_DIGEST => Self::Kept(Parameter::ImageDigest),
            parameter::COMPONENT_SLOT => Self::Kept(Parameter::ComponentSlot),
            parameter::IMAGE_SIZE => Self::Kept(Parameter::ImageSize),
            parameter::CONTENT => Self::Kept(Parameter::Content),
            parameter::URI => Self::Kept(Parameter::Uri),
            parameter::SOURCE_COMPONENT => Self::Kept(Parameter::SourceComponent),
            parameter::INVOKE_ARGS => Self::Kept(Parameter::InvokeArgs),
            parameter::DEVICE_IDENTIFIER => Self::Kept(Parameter::DeviceIdentifier),
            parameter::FETCH_ARGUMENTS => Self::Kept(Parameter::FetchArguments),
            parameter::STRICT_ORDER => Self::StrictOrder,
            parameter::SOFT_FAILURE => Self::SoftFailure,
            parameter::USE_BEFORE
            | parameter::ENCRYPTION_INFO
            | parameter::MINIMUM_BATTERY
            | parameter::UPDATE_PRIORITY
            | parameter::VERSION
            | parameter::WAIT_INFO
            | parameter::COMPONENT_METADATA => Self::Unsupported(code),
            _ => return None,
        })
    }

    /// Goes past a value, which has to have the type of the parameter.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn pass(self, cursor: &mut Cursor<'_>) -> Result<(), Error> {
        match self {
            Self::StrictOrder | Self::SoftFailure => cursor.bool(Rule::ParameterForm).map(drop),
            // Whoever meets one refuses it.
            Self::Unsupported(_) => cursor.skip(),
            // A Private Enterprise Number in its tag. Narrower limits were counted by before.
            Self::Kept(Parameter::VendorIdentifier)
                if cursor.first().is_some_and(|first| first >> 5 == 6) =>
            {
                cursor.any(&Limits::DEFAULT).map(drop)
            }
            Self::Kept(
                Parameter::ComponentSlot | Parameter::ImageSize | Parameter::SourceComponent,
            ) => cursor.uint(Rule::ParameterForm).map(drop),
            Self::Kept(Parameter::Uri) => cursor.text(Rule::ParameterForm).map(drop),
            Self::Kept(_) => cursor.bytes(Rule::ParameterForm).map(drop),
        }
    }

    /// Reads the next entry of a map: the parameter, and its value, which has its type.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn entry<'m>(
        cursor: &mut Cursor<'m>,
        keys: &mut Keys<'m>,
    ) -> Result<(Self, Raw<'m>), Error> {
        let at_key = cursor.offset();
        let label = cursor.label(keys, Rule::ParameterForm, Rule::ParameterKnown)?;
        let Some(kind) = Self::new(label) else {
            return Err(match HistoricDraft::of_parameter(label) {
                Some(draft) => Error::new(ErrorKind::Historic(draft)).at(at_key),
                None => Error::malformed(Rule::ParameterKnown, Fact::Label(label), at_key),
            });
        };
        let start = cursor.position();
        kind.pass(cursor)?;
        Ok((kind, cursor.item_since(start)))
    }

    /// Reads the next entry of a map that was scanned.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn scanned<'m>(cursor: &mut Cursor<'m>) -> Result<(Option<Self>, Raw<'m>), Error> {
        let label = cursor.int(Rule::ParameterForm)?;
        let start = cursor.position();
        cursor.skip()?;
        Ok((label.and_then(Self::new), cursor.item_since(start)))
    }
}

/// The parameters of a map that stands alone.
///
/// # State, invariant, cost
///
/// A cursor over a map that was found to be in deterministic encoding, so that its head tells how
/// many entries it has. Each entry is read once.
#[cfg(any(feature = "alloc", feature = "hierarchy"))]
#[derive(Clone, Debug)]
pub(crate) struct ParameterMap<'m> {
    cursor: Cursor<'m>,
    keys: Keys<'m>,
}

#[cfg(any(feature = "alloc", feature = "hierarchy"))]
impl<'m> ParameterMap<'m> {
    /// Reads the argument of override-parameters or set-parameters.
    pub(crate) fn new(argument: &Raw<'m>) -> Result<Self, Error> {
        let mut cursor = Cursor::checked(argument);
        let keys = cursor.keys(Rule::ParameterForm)?;
        Ok(Self { cursor, keys })
    }
}

/// The parameters and their values in order, each checked for its type.
#[cfg(any(feature = "alloc", feature = "hierarchy"))]
impl<'m> Iterator for ParameterMap<'m> {
    type Item = Result<(ParameterKind, Raw<'m>), Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Self { cursor, keys } = self;
        keys.next().then(|| ParameterKind::entry(cursor, keys))
    }
}

/// The parameters of one component, each as it stands in the manifest that set it.
///
/// Their types were checked when they were set. Cleared once, when the processor is made: they
/// persist over the sequences of a procedure, and over the dependencies that it runs through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'m> {
    values: [Option<&'m [u8]>; Parameter::COUNT],
}

impl<'m> Parameters<'m> {
    pub(crate) const NONE: Self = Self { values: [None; Parameter::COUNT] };

    /// The place of a parameter.
    const fn slot(parameter: Parameter) -> usize {
        match parameter {
            Parameter::VendorIdentifier => 0,
            Parameter::ClassIdentifier => 1,
            Parameter::ImageDigest => 2,
            Parameter::ComponentSlot => 3,
            Parameter::ImageSize => 4,
            Parameter::Content => 5,
            Parameter::Uri => 6,
            Parameter::SourceComponent => 7,
            Parameter::InvokeArgs => 8,
            Parameter::DeviceIdentifier => 9,
            Parameter::FetchArguments => 10,
        }
    }

    pub(crate) fn set(&mut self, parameter: Parameter, value: &'m [u8], replace: bool) {
        if let Some(slot) = self.values.get_mut(Self::slot(parameter))
            && (replace || slot.is_none())
        {
            *slot = Some(value);
        }
    }

    /// Returns the value of the parameter as it was encoded.
    pub(crate) fn encoded(&self, parameter: Parameter) -> Option<&'m [u8]> {
        *self.values.get(Self::slot(parameter))?
    }

    pub(crate) fn bytes(&self, parameter: Parameter) -> Option<&'m [u8]> {
        self.cursor(parameter)?.bytes(Rule::ParameterForm).ok()
    }

    pub(crate) fn uint(&self, parameter: Parameter) -> Option<u64> {
        self.cursor(parameter)?.uint(Rule::ParameterForm).ok()
    }

    pub(crate) fn text(&self, parameter: Parameter) -> Option<&'m str> {
        self.cursor(parameter)?.text(Rule::ParameterForm).ok()
    }

    fn cursor(&self, parameter: Parameter) -> Option<Cursor<'m>> {
        Some(Cursor::checked(&Raw::read_before(self.encoded(parameter)?, 0)))
    }
}
