//! Epoch markers (draft-ietf-rats-epoch-markers-04): what a relying party hands out
//! in place of a nonce.

use cose_ext::{
    Profile,
    cbor::{Array, Item, Map, Raw, Reader, Type},
    tag,
};

use crate::{Error, Rule, label::epoch as label};

/// An epoch marker as it was received: parsed, borrowed, untrusted. The numbers of its tags from
/// 26980 on are suggested and not yet registered.
///
/// In a claims set a marker stands in the claim `em`:
/// [`Freshness::in_epoch`](crate::Freshness::in_epoch) asks for one. As a nonce a marker is its
/// bytes, as received.
///
/// ```compile_fail,E0308
/// use rats_eat::{cose_ext::{Profile, Verified}, epoch_marker::EpochMarker};
/// fn forge(bytes: &[u8]) -> Verified<EpochMarker<'_>> {
///     EpochMarker::decode(bytes, &Profile::LENIENT).unwrap() // nobody vouches for it
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EpochMarker<'a> {
    raw: Raw<'a>,
    epoch: Epoch<'a>,
}

/// How a marker tells its epoch.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Epoch<'a> {
    /// Date and time as text (tag 0).
    Date(&'a str),
    /// Seconds since 1970, a number as it stands (tag 1).
    Time(Raw<'a>),
    /// A time with its scale, zone and more (tag 1001, RFC 9581).
    ExtendedTime(Map<'a>),
    /// TSTInfo of RFC 3161 in DER (tag 26980).
    TstInfo(&'a [u8]),
    /// TSTInfo on the ground of CBOR times (tag 26981).
    CborTstInfo(Map<'a>),
    /// One tick, an integer, text or bytes (tag 26982).
    Tick(Raw<'a>),
    /// Ticks, one at least (tag 26983).
    Ticks(Array<'a>),
    /// A counter that only grows (tag 26984).
    Counter(u64),
}

impl<'a> EpochMarker<'a> {
    /// Reads a marker that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed; [`Rule::EpochMarker`] for another tag or content.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::of(&profile.item(bytes, 0)?)
    }

    /// Reads the marker that a checked item is: the claim `em`, for one.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn of(item: &Raw<'a>) -> Result<Self, Error> {
        let wrong = Error::broken(Rule::EpochMarker, item.offset());
        let (tag, content) = content(item).ok_or(wrong)?;
        let epoch = Epoch::read(tag, &content).ok_or(wrong)?;
        Ok(Self { raw: *item, epoch })
    }

    /// Returns how the marker tells its epoch.
    #[must_use]
    pub const fn epoch(&self) -> Epoch<'a> {
        self.epoch
    }

    /// Returns the marker as it was received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.raw.bytes()
    }
}

/// The number of a tag, and what stands behind it.
fn content<'a>(item: &Raw<'a>) -> Option<(u64, Raw<'a>)> {
    let (number, content) = item
        .read(|reader| {
            let number = reader.item()?;
            let start = reader.position();
            reader.skip()?;
            Ok((number, reader.raw_since(start)))
        })
        .ok()?;
    let Item::Tag(number) = number else { return None };
    let head = item.bytes().len().checked_sub(content.len())?;
    // Checked with the whole; walked once more for its place.
    let raw = Profile::LENIENT.item(content, item.offset().saturating_add(head)).ok()?;
    Some((number, raw))
}

impl<'a> Epoch<'a> {
    fn read(number: u64, content: &Raw<'a>) -> Option<Self> {
        Some(match number {
            label::DATE_TEXT => Self::Date(content.read(Reader::text).ok()?),
            tag::EPOCH_TIME => {
                matches!(content.data_type(), Type::Int | Type::Float).then_some(())?;
                Self::Time(*content)
            }
            label::EXTENDED_TIME => Self::ExtendedTime(extended_time(content)?),
            label::TST_INFO => {
                let der = content.read(Reader::bytes).ok()?;
                (der.first() == Some(&DER_SEQUENCE)).then_some(Self::TstInfo(der))?
            }
            label::CBOR_TST_INFO => Self::CborTstInfo(tst_info(content)?),
            label::TICK => Self::Tick(Some(*content).filter(is_tick)?),
            label::TICKS => {
                let ticks = Array::new(content).ok()?;
                let all = !ticks.is_empty() && ticks.iter().all(|tick| is_tick(&tick));
                all.then_some(Self::Ticks(ticks))?
            }
            label::COUNTER => Self::Counter(content.read(Reader::uint).ok()?),
            _ => return None,
        })
    }
}

/// The first byte of a TSTInfo in DER.
const DER_SEQUENCE: u8 = 0x30;

/// Exactly one base time, in one of three forms (RFC 9581 3.3).
fn extended_time<'a>(content: &Raw<'a>) -> Option<Map<'a>> {
    let map = Map::new(content).ok()?;
    let base_times = map.find_all([1, 4, 5]).into_iter().flatten().count();
    (base_times == 1).then_some(map)
}

/// Version 1, and policy, message imprint, serial number and time.
fn tst_info<'a>(content: &Raw<'a>) -> Option<Map<'a>> {
    let map = Map::new(content).ok()?;
    let [version, policy, imprint, serial, time] = map.find_all([0, 1, 2, 3, 4]);
    (version?.read(Reader::uint).ok()? == 1).then_some(())?;
    (policy?.data_type() == Type::Tag).then_some(())?;
    serial?.read(Reader::int).ok()?;
    (imprint.is_some() && time.is_some()).then_some(map)
}

fn is_tick(raw: &Raw<'_>) -> bool {
    matches!(raw.data_type(), Type::Int | Type::Text | Type::Bytes)
}
