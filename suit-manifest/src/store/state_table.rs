//! The table of a device's state: what it is asked for, what changes, and how it is written.

use cose_ext::{
    Context, Digest,
    cbor::{Array, Reader, Writer},
    crypto::Secret,
    key::Identity,
};

use super::{
    ManifestName, StoreError,
    contents::Contents,
    seal::{self, seal},
};
use crate::{
    ComponentName, Error, Rule, digest,
    error::{Breaks, Fact},
};

/// What the seals of this state are for.
const PURPOSE: &str = "suit-manifest state";

/// What an entry of the table is about.
#[derive(Clone, Copy, Debug)]
enum Key<'a> {
    /// The number of the manifest that was committed.
    Number(&'a ManifestName<'a>, &'a Identity),
    /// How many refer to a component.
    References(&'a ComponentName<'a>),
    /// How often a manifest of this name and authority was started that has not confirmed itself,
    /// by its digest.
    Trials(&'a ManifestName<'a>, &'a Identity, &'a [u8]),
    /// That a manifest refers to a component, 1, or did, 2.
    Link(&'a ComponentName<'a>, &'a Digest<'a>),
}

impl Key<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        let component = |writer: &mut Writer<'_>, name: &ComponentName<'_>| {
            writer.array(name.segments().count());
            for segment in name.segments() {
                writer.bytes(segment);
            }
        };
        match self {
            Self::Number(name, authority) => {
                writer.array(3).int(0);
                name.write(writer);
                writer.bytes(authority.as_bytes());
            }
            Self::References(name) => {
                writer.array(2).int(1);
                component(writer, name);
            }
            Self::Trials(name, authority, digest) => {
                writer.array(4).int(3);
                name.write(writer);
                writer.bytes(authority.as_bytes()).bytes(digest);
            }
            Self::Link(name, by) => {
                writer.array(3).int(2);
                component(writer, name);
                digest::write(by, writer);
            }
        }
    }
}

/// That a manifest refers to a component.
const LINKED: u64 = 1;
/// That it did, and does not any more.
const UNLINKED: u64 = 2;
/// How the key of a link begins: an array of three, the first of which is 2.
const LINK: [u8; 2] = [0x83, 2];
/// The longest key: names of some segments and a digest.
const KEY: usize = 256;

/// What the state is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Request<'a> {
    /// The number that was committed.
    Number(&'a ManifestName<'a>, &'a Identity),
    /// Move that number, which never moves back.
    Commit(&'a ManifestName<'a>, &'a Identity, u64),
    /// How many manifests refer to a component.
    References(&'a ComponentName<'a>),
    /// Count that a manifest refers to a component.
    Link(&'a ComponentName<'a>, &'a Digest<'a>),
    /// Count that it does not any more.
    Unlink(&'a ComponentName<'a>, &'a Digest<'a>),
    /// Count a start of the manifest of this digest, if there were fewer than `most`: 1 if so.
    Try { name: &'a ManifestName<'a>, authority: &'a Identity, manifest: &'a [u8], most: u64 },
    /// Drop the marks of a manifest that refers to nothing any more.
    Forget(&'a Digest<'a>),
}

/// Which entries go.
#[derive(Clone, Copy, Debug)]
enum Dropped<'a> {
    None,
    /// Starts that were counted of manifests of this name and authority.
    Trials(&'a ManifestName<'a>, &'a Identity),
    /// The marks of a manifest that it does not refer to a component any more.
    Unlinked(&'a Digest<'a>),
}

/// What a request comes to: the answer, and the entries that change with it.
#[derive(Debug)]
pub(super) struct Decision<'a> {
    pub(super) answer: Option<u64>,
    changes: [Option<(Key<'a>, u64)>; 2],
    dropped: Dropped<'a>,
}

impl<'a> Decision<'a> {
    const fn unchanged(answer: Option<u64>) -> Self {
        Self { answer, changes: [None; 2], dropped: Dropped::None }
    }

    const fn change(answer: u64, first: (Key<'a>, u64)) -> Self {
        Self { answer: Some(answer), changes: [Some(first), None], dropped: Dropped::None }
    }

    /// A count that is the answer, and a mark.
    const fn both(count: u64, key: Key<'a>, mark: (Key<'a>, u64)) -> Self {
        let changes = [Some((key, count)), Some(mark)];
        Self { answer: Some(count), changes, dropped: Dropped::None }
    }

    /// Returns whether there is something to write.
    pub(super) const fn is_change(&self) -> bool {
        self.changes[0].is_some() || !matches!(self.dropped, Dropped::None)
    }
}

impl<'a> Request<'a> {
    /// Divides the buffer of the caller: room to read a table, and to write another one.
    pub(super) fn rooms<'b>(&self, buffer: &'b mut [u8]) -> (&'b mut [u8], &'b mut [u8]) {
        match self {
            Self::Number(..) | Self::References(_) => (buffer, &mut []),
            _ => buffer.split_at_mut(buffer.len() / 2),
        }
    }

    /// Decides by the table; `None` stands for an empty one.
    pub(super) fn decide<E>(
        &self,
        table: Option<&Array<'_>>,
    ) -> Result<Decision<'a>, StoreError<E>> {
        let value = |key: &Key<'_>| value(table, key);
        Ok(match *self {
            Self::Number(name, authority) => {
                Decision::unchanged(value(&Key::Number(name, authority))?)
            }
            Self::Commit(name, authority, number) => {
                let key = Key::Number(name, authority);
                match value(&key)? {
                    Some(stored) if stored >= number => Decision::unchanged(Some(stored)),
                    // Whoever failed before it is older now, or may try again.
                    _ => Decision {
                        dropped: Dropped::Trials(name, authority),
                        ..Decision::change(number, (key, number))
                    },
                }
            }
            Self::References(component) => {
                Decision::unchanged(Some(value(&Key::References(component))?.unwrap_or(0)))
            }
            Self::Link(component, manifest) => {
                let (key, link) = (Key::References(component), Key::Link(component, manifest));
                let count = value(&key)?.unwrap_or(0);
                if value(&link)? == Some(LINKED) {
                    return Ok(Decision::unchanged(Some(count)));
                }
                let more = count.saturating_add(1);
                Decision::both(more, key, (link, LINKED))
            }
            Self::Unlink(component, manifest) => {
                let (key, link) = (Key::References(component), Key::Link(component, manifest));
                let count = value(&key)?.unwrap_or(0);
                if count == 0 || value(&link)? == Some(UNLINKED) {
                    return Ok(Decision::unchanged(Some(count)));
                }
                Decision::both(count.saturating_sub(1), key, (link, UNLINKED))
            }
            Self::Forget(manifest) => {
                let dropped = Dropped::Unlinked(manifest);
                let goes = dropped.filter()?;
                let any =
                    table.into_iter().flat_map(pairs).any(|(key, value)| goes.has(key, value));
                let dropped = if any { dropped } else { Dropped::None };
                Decision { dropped, ..Decision::unchanged(None) }
            }
            Self::Try { name, authority, manifest, most } => {
                let key = Key::Trials(name, authority, manifest);
                let trials = value(&key)?.unwrap_or(0);
                if trials >= most {
                    return Ok(Decision::unchanged(Some(0)));
                }
                Decision::change(1, (key, trials.saturating_add(1)))
            }
        })
    }
}

/// What the keys of entries that go have in common.
struct Going {
    room: [u8; KEY],
    len: usize,
    /// Whether that stands at their beginning, and not at their end.
    is_first: bool,
}

impl Dropped<'_> {
    fn filter<E>(&self) -> Result<Going, StoreError<E>> {
        let mut room = [0; KEY];
        let (len, is_first) = match self {
            Self::None => (0, false),
            Self::Trials(name, authority) => {
                let key = encode(&Key::Trials(name, authority, &[]), &mut room);
                // All but the digest, which is empty here.
                (key.ok_or(StoreError::TooLong)?.len().saturating_sub(1), true)
            }
            Self::Unlinked(manifest) => {
                let mut writer = Writer::new(&mut room);
                digest::write(manifest, &mut writer);
                (writer.finish().map_err(|_| StoreError::TooLong)?.len(), false)
            }
        };
        Ok(Going { room, len, is_first })
    }
}

impl Going {
    /// Whether an entry goes.
    fn has(&self, key: &[u8], value: u64) -> bool {
        let common = self.room.get(..self.len).unwrap_or_default();
        match (common.is_empty(), self.is_first) {
            (true, _) => false,
            (false, true) => key.starts_with(common),
            (false, false) => key.starts_with(&LINK) && key.ends_with(common) && value == UNLINKED,
        }
    }
}

/// The newer of two tables, found while their slots are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Newest(Option<(usize, u64)>);

impl Newest {
    /// How many slots take turns.
    pub(super) const SLOTS: usize = 2;

    /// Looks at what a slot holds.
    pub(super) fn look(&mut self, slot: usize, table: Option<&Table<'_>>) {
        if let Some(table) = table
            && self.0.is_none_or(|(_, known)| table.generation > known)
        {
            self.0 = Some((slot, table.generation));
        }
    }

    /// Returns the slot of the newer table, when both were looked at.
    pub(super) fn slot(self) -> Option<usize> {
        self.0.map(|(slot, _)| slot)
    }

    /// Returns the slot of the next table: the older one's.
    pub(super) fn next_slot(self) -> usize {
        self.0.map_or(0, |(slot, _)| usize::from(slot == 0))
    }
}

/// A table as it stands in a slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'b> {
    generation: u64,
    entries: Array<'b>,
}

impl<'b> Table<'b> {
    /// Reads what stands in a slot under its seal; nothing if it is no table.
    pub(super) fn read<E>(
        contents: &Contents<'b>,
        secret: &dyn Secret,
        context: &Context<'_>,
    ) -> Result<Option<Self>, StoreError<E>> {
        // The seal is all of the record.
        let Some(record) = contents.record(PURPOSE)? else { return Ok(None) };
        match seal::open(record.seal, secret, context).and_then(|content| Self::of(content.value()))
        {
            Ok(table) => Ok(Some(table)),
            Err(error) if error.is_limit() => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    fn of(content: &Array<'b>) -> Result<Self, Error> {
        let [generation, entries] = seal::items(content, PURPOSE)?;
        let generation = generation.read(Reader::uint).breaks(Rule::StoreSealed)?;
        Ok(Self { generation, entries: Array::new(&entries).breaks(Rule::StoreSealed)? })
    }

    /// Returns the entries of the newer table, which was there when its slot was looked at; of a
    /// slot that reads otherwise now, nothing is made.
    pub(super) fn entries<E>(
        newest: Newest,
        table: Option<Self>,
    ) -> Result<Option<Array<'b>>, StoreError<E>> {
        match (newest.slot(), table) {
            (None, _) => Ok(None),
            (Some(_), Some(table)) => Ok(Some(table.entries)),
            (Some(_), None) => Err(Error::malformed(Rule::StoreSealed, Fact::None, 0).into()),
        }
    }
}

/// Writes the next table: the entries of the one before, and what the decision changes.
pub(super) fn write_table<'o, E>(
    newest: Newest,
    entries: Option<&Array<'_>>,
    decision: &Decision<'_>,
    secret: &dyn Secret,
    out: &'o mut [u8],
) -> Result<&'o [u8], StoreError<E>> {
    let mut encoded = [[0; KEY]; 2];
    let mut set = [(&[][..], 0); 2];
    let mut changed = 0usize;
    let places = encoded.iter_mut().zip(&mut set);
    for ((key, value), (room, place)) in decision.changes.iter().flatten().zip(places) {
        *place = (encode(key, room).ok_or(StoreError::TooLong)?, *value);
        changed = changed.saturating_add(1);
    }
    let set = set.get(..changed).unwrap_or_default();
    let going = decision.dropped.filter()?;
    let kept = |(key, value): &(&[u8], u64)| {
        !set.iter().any(|(changed, _)| changed == key) && !going.has(key, *value)
    };
    let unchanged = || entries.into_iter().flat_map(pairs).filter(kept);
    let count = unchanged().count().saturating_add(set.len());
    let generation = newest.0.map_or(0, |(_, generation)| generation.saturating_add(1));
    // The seal is the first part of the record; the second is empty.
    let (sealed, record) = out.split_at_mut(out.len() / 2);
    let sealed = seal(sealed, PURPOSE, 2, secret, |writer| {
        writer.int(generation).array(count.saturating_mul(2));
        for (key, value) in unchanged().chain(set.iter().copied()) {
            writer.encoded(key).int(value);
        }
    });
    let sealed = sealed.map_err(|_| StoreError::TooLong)?;
    let mut writer = Writer::new(record);
    writer.array(2).bytes(sealed).bytes(&[]);
    writer.finish().map(|record| &*record).map_err(|_| StoreError::TooLong)
}

fn value<E>(entries: Option<&Array<'_>>, key: &Key<'_>) -> Result<Option<u64>, StoreError<E>> {
    let mut room = [0; KEY];
    let key = encode(key, &mut room).ok_or(StoreError::TooLong)?;
    let mut entries = entries.into_iter().flat_map(pairs);
    Ok(entries.find(|(known, _)| *known == key).map(|(_, value)| value))
}

/// Keys, encoded, and their values.
fn pairs<'a>(table: &Array<'a>) -> impl Iterator<Item = (&'a [u8], u64)> + use<'a> {
    let mut elements = table.iter();
    core::iter::from_fn(move || {
        let (key, value) = (elements.next()?, elements.next()?);
        Some((key.bytes(), value.read(Reader::uint).ok()?))
    })
}

fn encode<'o>(key: &Key<'_>, room: &'o mut [u8; KEY]) -> Option<&'o [u8]> {
    let mut writer = Writer::new(room);
    key.write(&mut writer);
    writer.finish().ok().map(|key| &*key)
}
