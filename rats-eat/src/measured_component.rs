//! Measured components of an EAT (RFC 10013): what was measured, and the measurement.

#[cfg(feature = "json")]
mod json;
mod version;

use cose_ext::{
    IntOrText, Profile,
    cbor::{Array, Elements, Item, Map, Raw, Reader},
};

use crate::{Error, Rule, error::Breaks, label::component as label};

#[cfg(feature = "json")]
pub use json::{ComponentJson, from_json};
pub use version::ComponentVersion;

/// A measured component as it was received: parsed, borrowed, untrusted. Members that are not known
/// here are kept.
///
/// ```compile_fail,E0308
/// use rats_eat::{cose_ext::{Profile, Verified}, measured_component::MeasuredComponent};
/// fn forge(bytes: &[u8]) -> Verified<MeasuredComponent<'_>> {
///     MeasuredComponent::decode(bytes, &Profile::LENIENT).unwrap() // nobody vouches for it
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MeasuredComponent<'a> {
    map: Map<'a>,
    name: &'a str,
    version: Option<ComponentVersion<'a>>,
    measurement: Measurement<'a>,
    authorities: Option<Array<'a>>,
    flags: Option<&'a [u8]>,
}

/// What was measured of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 10013 4 has no others")]
pub enum Measurement<'a> {
    /// A digest, and the hash function by its COSE number or its name.
    Digest {
        /// The hash function.
        algorithm: IntOrText<'a>,
        /// Its output.
        value: &'a [u8],
    },
    /// The measured bytes themselves.
    Raw(&'a [u8]),
}

impl<'a> MeasuredComponent<'a> {
    /// Reads a component that is the whole of `bytes`, in CBOR.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, and for what breaks a rule of components.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::of(&profile.item(bytes, 0)?)
    }

    /// Reads the component that a checked item is.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn of(item: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(item).breaks(Rule::MeasuredComponent)?;
        let keys = [label::ID, label::DIGEST, label::AUTHORITIES, label::FLAGS, label::RAW];
        let [id, digest, authorities, flags, raw] = map.find_all(keys);
        let id = id.ok_or(Error::broken(Rule::MeasuredComponent, map.offset()))?;
        let (name, version) = read_id(&id)?;
        let measurement = match (digest, raw) {
            (Some(digest), None) => read_digest(&digest)?,
            (None, Some(raw)) => {
                Measurement::Raw(raw.read(Reader::bytes).breaks(Rule::ComponentMeasurement)?)
            }
            _ => return Err(Error::broken(Rule::ComponentMeasurement, map.offset())),
        };
        let authorities = authorities.map(|authorities| read_authorities(&authorities));
        let flags = flags.map(|flags| read_flags(&flags)).transpose()?;
        Ok(Self { map, name, version, measurement, authorities: authorities.transpose()?, flags })
    }

    /// Returns the name of the component.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Returns its version.
    #[must_use]
    pub const fn version(&self) -> Option<ComponentVersion<'a>> {
        self.version
    }

    /// Returns what was measured.
    #[must_use]
    pub const fn measurement(&self) -> Measurement<'a> {
        self.measurement
    }

    /// Returns the identifiers of those who speak for the component; what they mean, a profile
    /// says.
    #[must_use]
    pub fn authorities(&self) -> Authorities<'a> {
        Authorities { elements: self.authorities.map(|array| array.iter()) }
    }

    /// Returns the 8 bytes of flags; what they mean, a profile says.
    #[must_use]
    pub const fn flags(&self) -> Option<&'a [u8]> {
        self.flags
    }

    /// Returns the component as it was received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }

    /// Checks that the component can be understood without a profile: an EAT whose profile its
    /// consumer does not know is refused where a component has authorities or flags.
    ///
    /// # Errors
    ///
    /// [`Rule::ComponentProfile`].
    pub const fn check_without_profile(&self) -> Result<(), Error> {
        if self.authorities.is_some() || self.flags.is_some() {
            return Err(Error::refused(Rule::ComponentProfile));
        }
        Ok(())
    }
}

fn read_id<'a>(raw: &Raw<'a>) -> Result<(&'a str, Option<ComponentVersion<'a>>), Error> {
    let array = Array::new(raw).breaks(Rule::ComponentId)?;
    let mut elements = array.iter();
    let name = elements.next().ok_or(Error::broken(Rule::ComponentId, raw.offset()))?;
    let name = name.read(Reader::text).breaks(Rule::ComponentId)?;
    let version = elements.next().map(|version| ComponentVersion::read(&version)).transpose()?;
    match elements.next() {
        None => Ok((name, version)),
        Some(more) => Err(Error::broken(Rule::ComponentId, more.offset())),
    }
}

fn read_digest<'a>(raw: &Raw<'a>) -> Result<Measurement<'a>, Error> {
    let array = Array::new(raw).breaks(Rule::ComponentDigest)?;
    let [algorithm, value] = array.exactly().breaks(Rule::ComponentDigest)?;
    let algorithm = read_int_or_text(&algorithm, Rule::ComponentDigest)?;
    let value = value.read(Reader::bytes).breaks(Rule::ComponentDigest)?;
    Ok(Measurement::Digest { algorithm, value })
}

fn read_authorities<'a>(raw: &Raw<'a>) -> Result<Array<'a>, Error> {
    let array = Array::new(raw).breaks(Rule::ComponentAuthorities)?;
    if array.is_empty() {
        return Err(Error::broken(Rule::ComponentAuthorities, raw.offset()));
    }
    for authority in &array {
        authority.read(Reader::bytes).breaks(Rule::ComponentAuthorities)?;
    }
    Ok(array)
}

fn read_flags<'a>(raw: &Raw<'a>) -> Result<&'a [u8], Error> {
    let flags = raw.read(Reader::bytes).breaks(Rule::ComponentFlags)?;
    if flags.len() == 8 {
        Ok(flags)
    } else {
        Err(Error::broken(Rule::ComponentFlags, raw.offset()))
    }
}

fn read_int_or_text<'a>(raw: &Raw<'a>, rule: Rule) -> Result<IntOrText<'a>, Error> {
    match raw.read(|reader| reader.item()) {
        Ok(Item::Int(number)) => Ok(IntOrText::Int(number)),
        Ok(Item::Text(text)) => Ok(IntOrText::Text(text)),
        _ => Err(Error::broken(rule, raw.offset())),
    }
}

/// Iterator over the authorities of a component: [`MeasuredComponent::authorities`].
#[derive(Clone, Debug)]
pub struct Authorities<'a> {
    elements: Option<Elements<'a>>,
}

impl<'a> Iterator for Authorities<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.elements.as_mut()?.next()?.read(Reader::bytes).ok()
    }
}
