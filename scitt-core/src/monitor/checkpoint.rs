//! What a monitor knows, as data: to go on in another process.
//!
//! ```cddl
//! monitor = [1, next: uint, passed-over: uint, subjects: names, issuers: names,
//!     limits: [bytes: uint, packages: uint], statements: [* statement], packages: [* package]]
//! names = [* tstr] / nil
//! statement = [index: uint, subject: tstr / nil, issuer: tstr / nil, observation,
//!     versions: [* [version: tstr / nil, range: tstr / nil, order: uint]],
//!     vulnerabilities: [* [+ tstr]],
//!     findings: [* [vulnerability: uint, product: uint, parts: [* uint], status: uint]]]
//! package = [is-purl: uint, tstr, [+ [statement: uint, place: uint]]]
//! ```

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Followed, Monitor, Observation, Place,
    entry::{Contents, Entry, Listed},
};
use crate::{
    DocumentError, DocumentKind, DocumentLimits, Error, PackageName, Purl, Rule, VersionOrder,
    VersionRange, VexStatus, Vulnerability,
    checkpoint::{Decoder, Encoder},
    sbom::{DocumentMember, StoredFinding},
};

/// The version of the form.
const VERSION: u64 = 1;

impl Monitor {
    /// Returns all that the monitor knows as one CBOR item in deterministic encoding, to go on
    /// later ([`resume`](Self::resume)). It is as trustworthy as the place where it is kept:
    /// whoever can change it decides what the monitor answers.
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        let mut to = Encoder::default();
        to.array(8).uint(VERSION).uint(self.next).uint(self.passed_over);
        for names in [&self.subjects, &self.issuers] {
            to.optional(names.as_ref(), |to, names| {
                to.list(names.iter(), |to, name| {
                    to.text(name);
                });
            });
        }
        to.array(2).len(self.limits.bytes).len(self.limits.packages);
        to.list(self.entries.iter(), write_entry);
        to.list(self.packages.iter(), |to, (name, places)| {
            to.array(3);
            match name {
                PackageName::Purl(purl) => to.uint(1).text(&purl.to_string()),
                PackageName::Plain(name) => to.uint(0).text(name),
            };
            to.list(places.iter(), |to, place| {
                to.array(2).len(place.statement).len(place.package);
            });
        });
        to.into_bytes()
    }

    /// Goes on where [`checkpoint`](Self::checkpoint) was made: the next statement to observe is
    /// that of entry [`next_index`](Self::next_index), if the log is followed without gaps.
    ///
    /// # Errors
    ///
    /// [`Rule::MonitorCheckpoint`] if the bytes are something else.
    pub fn resume(checkpoint: &[u8]) -> Result<Self, Error> {
        let mut from = Decoder::new(checkpoint, Rule::MonitorCheckpoint);
        from.array_of(8)?;
        let broken = from.broken();
        if from.uint()? != VERSION {
            return Err(broken);
        }
        let (next, passed_over) = (from.uint()?, from.uint()?);
        let subjects = from.optional(names)?;
        let issuers = from.optional(names)?;
        from.array_of(2)?;
        let limits = DocumentLimits { bytes: from.len()?, packages: from.len()? };
        let mut monitor = Self { next, passed_over, subjects, issuers, limits, ..Self::default() };
        for _ in 0..from.array()? {
            let entry = read_entry(&mut from)?;
            monitor.insert(entry);
        }
        let mut last = None;
        for _ in 0..from.array()? {
            let broken = from.broken();
            from.array_of(3)?;
            let name = read_name(&mut from)?;
            let places = from.list(|from| {
                from.array_of(2)?;
                Ok(Place { statement: from.len()?, package: from.len()? })
            })?;
            // In ascending order, each once: there is one form.
            let ascends = last.as_ref().is_none_or(|last| *last < name);
            if !ascends || places.is_empty() || !monitor.are_places(&places) {
                return Err(broken);
            }
            for place in &places {
                if let Some(entry) = monitor.entries.get_mut(place.statement) {
                    entry.contents.set_name(place.package, &name);
                }
            }
            last = Some(name.clone());
            monitor.packages.insert(name, places);
        }
        from.end()?;
        // Every package has one name.
        let listed = monitor.entries.iter().map(|entry| entry.contents.packages.len());
        let named = monitor.packages.values().map(Vec::len);
        match listed.sum::<usize>() == named.sum::<usize>() {
            true => Ok(monitor),
            false => Err(Error::broken(Rule::MonitorCheckpoint, 0)),
        }
    }

    /// Whether these are places of packages, in ascending order.
    fn are_places(&self, places: &[Place]) -> bool {
        let is_there = |place: &Place| {
            let entry = self.entries.get(place.statement);
            entry.is_some_and(|entry| place.package < entry.contents.packages.len())
        };
        places.iter().all(is_there) && places.is_sorted_by(|one, next| one < next)
    }
}

fn names(from: &mut Decoder<'_>) -> Result<Vec<String>, Error> {
    from.list(|from| from.text().map(String::from))
}

fn read_name(from: &mut Decoder<'_>) -> Result<PackageName, Error> {
    let broken = from.broken();
    match (from.uint()?, from.text()?) {
        (0, name) => Ok(PackageName::Plain(name.into())),
        (1, text) => {
            let purl = Purl::parse(text).ok().filter(|purl| purl.to_string() == text);
            Ok(PackageName::Purl(purl.ok_or(broken)?))
        }
        _ => Err(broken),
    }
}

fn write_entry(to: &mut Encoder, entry: &Entry) {
    let Followed { index, subject, issuer, observation } = &entry.followed;
    to.array(7).uint(*index).optional_text(subject.as_deref()).optional_text(issuer.as_deref());
    write_observation(to, observation);
    to.list(entry.contents.packages.iter(), |to, listed| {
        to.array(3).optional_text(listed.version.as_deref());
        let versions = listed.versions.as_ref().map(ToString::to_string);
        to.optional_text(versions.as_deref()).len(place_in(&VersionOrder::ALL, &listed.order));
    });
    to.list(entry.contents.vulnerabilities.iter(), |to, Vulnerability { name, aliases }| {
        to.array(aliases.len().saturating_add(1)).text(name);
        for alias in aliases {
            to.text(alias);
        }
    });
    to.list(entry.contents.findings.iter(), |to, finding| {
        to.array(4).len(finding.vulnerability).len(finding.product);
        to.list(finding.parts.iter(), |to, part| {
            to.len(*part);
        });
        to.len(place_in(&VexStatus::ALL, &finding.status));
    });
}

fn read_entry(from: &mut Decoder<'_>) -> Result<Entry, Error> {
    from.array_of(7)?;
    let index = from.uint()?;
    let subject = from.optional(Decoder::text)?.map(String::from);
    let issuer = from.optional(Decoder::text)?.map(String::from);
    let observation = read_observation(from)?;
    let packages = from.list(|from| {
        from.array_of(3)?;
        let version = from.optional(Decoder::text)?.map(String::from);
        let broken = from.broken();
        let versions = from.optional(|from| {
            let text = from.text()?;
            let range = VersionRange::parse(text).ok().filter(|range| range.to_string() == text);
            range.ok_or(broken)
        })?;
        let order = of_place(&VersionOrder::ALL, from)?;
        Ok(Listed { version, versions, order })
    })?;
    let vulnerabilities = from.list(|from| {
        let broken = from.broken();
        let mut names = names(from)?.into_iter();
        let name = names.next().ok_or(broken)?;
        Ok(Vulnerability { name, aliases: names.collect() })
    })?;
    let findings = from.list(|from| {
        from.array_of(4)?;
        let broken = from.broken();
        let (vulnerability, product) = (from.len()?, from.len()?);
        let parts = from.list(Decoder::len)?;
        let is_there = |place: &usize| *place < packages.len();
        let are_there = is_there(&product) && parts.iter().all(is_there);
        if vulnerability >= vulnerabilities.len() || !are_there {
            return Err(broken);
        }
        let status = of_place(&VexStatus::ALL, from)?;
        Ok(StoredFinding { vulnerability, product, parts, status })
    })?;
    let followed = Followed { index, subject, issuer, observation };
    Ok(Entry { followed, contents: Contents::new(packages, vulnerabilities, findings) })
}

/// The place of a value in the list of all of its kind, by which it is written.
fn place_in<T: PartialEq>(all: &[T], value: &T) -> usize {
    all.iter().position(|one| one == value).unwrap_or(all.len())
}

fn of_place<T: Copy>(all: &[T], from: &mut Decoder<'_>) -> Result<T, Error> {
    let broken = from.broken();
    all.get(from.len()?).copied().ok_or(broken)
}

/// A number and two more, which not every observation needs.
fn write_observation(to: &mut Encoder, observation: &Observation) {
    let numbers = match observation {
        Observation::Indexed { kind, packages } => {
            [0, place_in(&DocumentKind::ALL, kind), *packages]
        }
        Observation::WithoutDocument => [1, 0, 0],
        Observation::PassedOver => [2, 0, 0],
        Observation::Unread(DocumentError::Json { line, column }) => [3, *line, *column],
        Observation::Unread(DocumentError::Cbor) => [4, 0, 0],
        Observation::Unread(DocumentError::Unknown) => [5, 0, 0],
        Observation::Unread(DocumentError::Missing(member)) => [6, member.place(), 0],
        Observation::Unread(DocumentError::TooLong) => [7, 0, 0],
        Observation::Unread(DocumentError::TooManyPackages) => [8, 0, 0],
    };
    to.array(3);
    for number in numbers {
        to.len(number);
    }
}

fn read_observation(from: &mut Decoder<'_>) -> Result<Observation, Error> {
    let broken = from.broken();
    from.array_of(3)?;
    let [what, one, two] = [from.len()?, from.len()?, from.len()?];
    let unread = match (what, one, two) {
        (0, kind, packages) => {
            let kind = DocumentKind::ALL.get(kind).copied().ok_or(broken)?;
            return Ok(Observation::Indexed { kind, packages });
        }
        (1, 0, 0) => return Ok(Observation::WithoutDocument),
        (3, line, column) => DocumentError::Json { line, column },
        (4, 0, 0) => DocumentError::Cbor,
        (5, 0, 0) => DocumentError::Unknown,
        (6, member, 0) => DocumentError::Missing(DocumentMember::at(member).ok_or(broken)?),
        (7, 0, 0) => DocumentError::TooLong,
        (8, 0, 0) => DocumentError::TooManyPackages,
        _ => return Err(broken),
    };
    Ok(Observation::Unread(unread))
}
