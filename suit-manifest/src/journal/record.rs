//! One record of a journal.

use cose_ext::Context;

use crate::{Place, Procedure, Processor, Section};

/// The length of a record in bytes.
pub const RECORD: usize = 32;

/// Where the checksum stands.
const CHECKSUM: usize = RECORD - 4;

/// Which manifest and which procedure a journal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 33]);

impl Fingerprint {
    /// Of nothing: where there is no journal.
    pub(super) const NONE: Self = Self([0; 33]);

    pub(crate) fn of<const COMPONENTS: usize, const DEPTH: usize>(
        processor: &Processor<'_, COMPONENTS, DEPTH>,
        context: &Context<'_>,
    ) -> Self {
        let mut bytes = [0; 33];
        let (procedure, digest) = processor.identity(context);
        let digest = digest.map(|digest| digest.value()).unwrap_or_default();
        for (place, byte) in bytes.iter_mut().zip(digest.iter().take(32)) {
            *place = *byte;
        }
        if let Some(last) = bytes.last_mut() {
            *last = match procedure {
                Procedure::Update => 1,
                Procedure::Invoke => 2,
                Procedure::Uninstall => 3,
                #[cfg(feature = "hierarchy")]
                Procedure::Staging => 4,
                #[cfg(feature = "hierarchy")]
                Procedure::Installation => 5,
                #[cfg(feature = "hierarchy")]
                Procedure::OnRequest => 6,
            };
        }
        Self(bytes)
    }
}

/// Where a command stands: section, offset, component, and how deep its manifest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) place: Place,
    pub(crate) depth: u8,
}

/// A record of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// A procedure started.
    Started,
    /// A command began.
    Begun(Position),
    /// A command ended, and whether it succeeded.
    Ended(Position, bool),
}

const STARTED: u8 = 1;
const BEGUN: u8 = 2;
const ENDED: u8 = 3;

impl Record {
    /// Returns the record for this place of the journal of this procedure. The checksum covers
    /// both: no record that is left from another journal counts.
    pub(crate) fn to_bytes(self, index: usize, fingerprint: &Fingerprint) -> [u8; RECORD] {
        let (kind, position, succeeded) = match self {
            Self::Started => (STARTED, None, false),
            Self::Begun(position) => (BEGUN, Some(position), false),
            Self::Ended(position, succeeded) => (ENDED, Some(position), succeeded),
        };
        let mut bytes = [0; RECORD];
        let content = content(kind, position, succeeded);
        let sum = checksum(&content, index, fingerprint).to_le_bytes();
        for (place, byte) in bytes.iter_mut().zip(content.into_iter().chain(sum)) {
            *place = byte;
        }
        bytes
    }

    /// Returns the record that was written at this place of the journal of this procedure; `None`
    /// for anything else.
    pub(crate) fn read(
        bytes: &[u8; RECORD],
        index: usize,
        fingerprint: &Fingerprint,
    ) -> Option<Self> {
        let (content, sum) = bytes.split_at_checked(CHECKSUM)?;
        let content: &[u8; CHECKSUM] = content.try_into().ok()?;
        if sum != checksum(content, index, fingerprint).to_le_bytes() {
            return None;
        }
        let [kind, section, is_shared, component_index, depth, succeeded, _, _, offset @ ..] =
            *content;
        let offset = offset.first_chunk().map(|offset| u64::from_le_bytes(*offset))?;
        let place = || {
            Some(Position {
                place: Place {
                    section: Section::from_label(i64::from(section))?,
                    is_shared: is_shared == 1,
                    offset: usize::try_from(offset).ok()?,
                    component_index,
                },
                depth,
            })
        };
        match kind {
            STARTED => Some(Self::Started),
            BEGUN => Some(Self::Begun(place()?)),
            ENDED => Some(Self::Ended(place()?, succeeded == 1)),
            _ => None,
        }
    }
}

fn content(kind: u8, position: Option<Position>, succeeded: bool) -> [u8; CHECKSUM] {
    let mut content = [0; CHECKSUM];
    let head = position.map_or([kind, 0, 0, 0, 0, 0, 0, 0], |position| {
        let place = position.place;
        let section = u8::try_from(place.section.label()).unwrap_or(0);
        let [shared, succeeded] = [u8::from(place.is_shared), u8::from(succeeded)];
        [kind, section, shared, place.component_index, position.depth, succeeded, 0, 0]
    });
    let offset = position.map_or(0, |position| position.place.offset);
    let offset = u64::try_from(offset).unwrap_or(u64::MAX).to_le_bytes();
    for (place, byte) in content.iter_mut().zip(head.into_iter().chain(offset)) {
        *place = byte;
    }
    content
}

/// The CRC-32 of a record, its place and its journal (polynomial 0xedb88320, as in IEEE 802.3). It
/// finds records that were cut off; nobody is kept from writing one.
fn checksum(content: &[u8; CHECKSUM], index: usize, fingerprint: &Fingerprint) -> u32 {
    let index = u64::try_from(index).unwrap_or(u64::MAX).to_le_bytes();
    let bytes = content.iter().chain(&index).chain(&fingerprint.0);
    !bytes.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            let half = sum >> 1;
            if sum & 1 == 1 { half ^ 0xedb8_8320 } else { half }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{CHECKSUM, Fingerprint, Position, RECORD, Record, checksum};
    use crate::{Place, Section};

    fn records() -> [Record; 3] {
        let place =
            Place { section: Section::Install, is_shared: true, offset: 300, component_index: 2 };
        let position = Position { place, depth: 1 };
        [Record::Started, Record::Begun(position), Record::Ended(position, true)]
    }

    #[test]
    fn a_record_counts_whole_and_in_its_place_only() {
        let journal = Fingerprint([7; 33]);
        for record in records() {
            let bytes = record.to_bytes(5, &journal);
            assert_eq!(Record::read(&bytes, 5, &journal), Some(record));
            assert_eq!(Record::read(&bytes, 6, &journal), None);
            assert_eq!(Record::read(&bytes, 5, &Fingerprint([8; 33])), None);
            for place in 0..RECORD {
                let mut cut = bytes;
                cut[place..].fill(0xff);
                assert_eq!(Record::read(&cut, 5, &journal), None, "{place}");
            }
        }
        assert_eq!(Record::read(&[0xff; RECORD], 0, &journal), None);
    }

    #[test]
    fn the_checksum_is_the_usual_one() {
        // CRC-32 of 28 + 8 + 33 zero bytes.
        let sum = checksum(&[0; CHECKSUM], 0, &Fingerprint([0; 33]));
        assert_eq!(sum, 0x7a75_e7b6);
    }
}
