//! Sequence numbers and counts of references, which survive restarts.

use core::fmt;

use cose_ext::{
    Context, Digest,
    cbor::{Array, Reader, Writer},
    crypto::Secret,
    key::Identity,
};

use super::{
    ManifestName, Slots, StoreError,
    seal::{self, parts, seal},
};
use crate::{ComponentName, Error, Rule, digest, error::Breaks};

/// What the seals of this state are for.
const PURPOSE: &str = "suit-manifest state";

/// Sequence numbers by name and authority, and how many manifests refer to which component.
///
/// # State, invariant, cost
///
/// One table in two slots of its own, which take turns: a change is written as a whole beside the
/// table before, so a loss of power leaves the one or the other. A secret of the device seals it;
/// who can put an older copy back brings its numbers back as well, which only memory that counts by
/// itself prevents. Each call reads both slots; the buffer has to take the table twice.
#[derive(Clone, Copy)]
pub struct DeviceState<'k, S> {
    slots: S,
    secret: &'k dyn Secret,
}

/// What an entry of the table is about.
#[derive(Clone, Copy, Debug)]
enum Key<'a> {
    /// The number of the manifest that was committed.
    Number(&'a ManifestName<'a>, &'a Identity),
    /// How many refer to a component.
    References(&'a ComponentName<'a>),
    /// How often a manifest was started that has not confirmed itself, by its digest.
    Trials(&'a [u8]),
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
            Self::Trials(digest) => {
                writer.array(2).int(3).bytes(digest);
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
/// The longest key: names of some segments and a digest.
const KEY: usize = 256;

impl<'k, S: Slots> DeviceState<'k, S> {
    /// Returns the state in these slots, of which it uses the first two.
    pub const fn new(slots: S, secret: &'k dyn Secret) -> Self {
        Self { slots, secret }
    }

    /// Returns the sequence number that was committed for the manifests of this name by this
    /// authority; `None` if none was.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
    pub fn sequence_number(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<u64>, StoreError<S::Error>> {
        self.value(&Key::Number(name, authority), buffer, context)
    }

    /// Moves the sequence number; it never moves back.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn commit(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        number: u64,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<(), StoreError<S::Error>> {
        let key = Key::Number(name, authority);
        match self.value(&key, buffer, context)? {
            Some(stored) if stored >= number => Ok(()),
            _ => self.change(&[(key, number)], buffer, context),
        }
    }

    /// Returns how many manifests refer to a component.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
    pub fn references(
        &mut self,
        component: &ComponentName<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        Ok(self.value(&Key::References(component), buffer, context)?.unwrap_or(0))
    }

    /// Counts that a manifest refers to a component, once for each manifest.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn link(
        &mut self,
        component: &ComponentName<'_>,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        let link = Key::Link(component, manifest);
        let count = self.references(component, buffer, context)?;
        if self.value(&link, buffer, context)? == Some(LINKED) {
            return Ok(count);
        }
        let more = count.saturating_add(1);
        let changes = [(Key::References(component), more), (link, LINKED)];
        self.change(&changes, buffer, context)?;
        Ok(more)
    }

    /// Counts that a manifest does not refer to a component any more, once for each manifest, and
    /// returns how many still do (trust domains 5.6.5).
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn unlink(
        &mut self,
        component: &ComponentName<'_>,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        let link = Key::Link(component, manifest);
        let count = self.references(component, buffer, context)?;
        if count == 0 || self.value(&link, buffer, context)? == Some(UNLINKED) {
            return Ok(count);
        }
        let fewer = count.saturating_sub(1);
        let changes = [(Key::References(component), fewer), (link, UNLINKED)];
        self.change(&changes, buffer, context)?;
        Ok(fewer)
    }

    /// Counts a start of a manifest, if it was not started `most` times already; returns whether it
    /// may be.
    pub(super) fn try_once(
        &mut self,
        manifest: &[u8],
        most: u64,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<bool, StoreError<S::Error>> {
        let key = Key::Trials(manifest);
        let trials = self.value(&key, buffer, context)?.unwrap_or(0);
        if trials >= most {
            return Ok(false);
        }
        self.change(&[(key, trials.saturating_add(1))], buffer, context)?;
        Ok(true)
    }

    fn value(
        &mut self,
        key: &Key<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<u64>, StoreError<S::Error>> {
        let mut encoded = [0; KEY];
        let key = encode(key, &mut encoded).ok_or(StoreError::TooLong)?;
        let Some((slot, _)) = self.newest(buffer, context)? else { return Ok(None) };
        let Some((_, table)) = self.table(slot, buffer, context)? else { return Ok(None) };
        Ok(entries(&table).find(|(known, _)| *known == key).map(|(_, value)| value))
    }

    /// Writes the table with some entries changed, over the older of the two.
    fn change(
        &mut self,
        changes: &[(Key<'_>, u64)],
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<(), StoreError<S::Error>> {
        let newest = self.newest(buffer, context)?;
        let half = buffer.len() / 2;
        let (old, new) = buffer.split_at_mut_checked(half).ok_or(StoreError::TooLong)?;
        let table = match newest {
            None => None,
            Some((slot, _)) => self.table(slot, old, context)?,
        };
        let table = table.map(|(_, table)| table);
        let mut encoded = [[0; KEY]; 2];
        let mut set = [(&[][..], 0); 2];
        for (((key, value), room), place) in changes.iter().zip(&mut encoded).zip(&mut set) {
            *place = (encode(key, room).ok_or(StoreError::TooLong)?, *value);
        }
        let set = set.get(..changes.len()).unwrap_or_default();
        let kept = |(key, _): &(&[u8], u64)| !set.iter().any(|(changed, _)| changed == key);
        let unchanged = || table.iter().flat_map(entries).filter(kept);
        let count = unchanged().count().saturating_add(set.len());
        let generation = newest.map_or(0, |(_, generation)| generation.saturating_add(1));
        // The seal is the first part of the record; the second is empty.
        let (sealed, record) =
            new.split_at_mut_checked(new.len() / 2).ok_or(StoreError::TooLong)?;
        let sealed = seal(sealed, PURPOSE, 2, self.secret, |writer| {
            writer.int(generation).array(count.saturating_mul(2));
            for (key, value) in unchanged().chain(set.iter().copied()) {
                writer.encoded(key).int(value);
            }
        });
        let sealed = sealed.map_err(|_| StoreError::TooLong)?;
        let mut writer = Writer::new(record);
        writer.array(2).bytes(sealed).bytes(&[]);
        let record = writer.finish().map_err(|_| StoreError::TooLong)?;
        let slot = newest.map_or(0, |(slot, _)| usize::from(slot == 0));
        match self.slots.write(slot, record).map_err(StoreError::Slots)? {
            true => Ok(()),
            false => Err(StoreError::TooLong),
        }
    }

    /// The slot of the newest table, and its generation.
    fn newest(
        &mut self,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<(usize, u64)>, StoreError<S::Error>> {
        let mut newest: Option<(usize, u64)> = None;
        for slot in 0..2 {
            if let Some((generation, _)) = self.table(slot, buffer, context)?
                && newest.is_none_or(|(_, known)| generation > known)
            {
                newest = Some((slot, generation));
            }
        }
        Ok(newest)
    }

    fn table<'b>(
        &mut self,
        slot: usize,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<(u64, Array<'b>)>, StoreError<S::Error>> {
        let len = self.slots.read(slot, buffer).map_err(StoreError::Slots)?;
        let buffer: &'b [u8] = buffer;
        let bytes = buffer.get(..len).unwrap_or_default();
        let Some((sealed, _)) = parts(bytes) else { return Ok(None) };
        match seal::open(sealed, self.secret, context).and_then(|content| read(content.value())) {
            Ok(table) => Ok(Some(table)),
            Err(error) if error.is_limit() => Err(error.into()),
            Err(_) => Ok(None),
        }
    }
}

fn read<'a>(content: &Array<'a>) -> Result<(u64, Array<'a>), Error> {
    let [generation, table] = seal::items(content, PURPOSE)?;
    let generation = generation.read(Reader::uint).breaks(Rule::StoreSealed)?;
    Ok((generation, Array::new(&table).breaks(Rule::StoreSealed)?))
}

/// Keys, encoded, and their values.
fn entries<'a>(table: &Array<'a>) -> impl Iterator<Item = (&'a [u8], u64)> + use<'a> {
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

/// Shows no secret.
impl<S: fmt::Debug> fmt::Debug for DeviceState<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceState").field("slots", &self.slots).finish_non_exhaustive()
    }
}
