//! Monitors: who follow a log and can say which statements speak of a package.

mod answer;
mod checkpoint;
mod entry;
mod followed;
mod question;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use cose_ext::{Context, IssuerBinding, Verified};

pub use self::{
    answer::{Affected, AffectedBy, Answer, Assessment},
    followed::{Followed, Observation},
};
use self::{
    entry::{Contents, Entry},
    question::Question,
};
use crate::{
    Document, DocumentError, DocumentLimits, Error, PackageName, Purl, Rule, Statement,
    VersionRange,
};

/// Follows a log by subject and issuer, and reads what its statements say into an index.
///
/// # State, invariant, cost
///
/// Every statement comes as a `Verified` one, so its issuer signed it, and a document counts only
/// where the signature covers it: as the payload, or as the preimage of a hash envelope, which is
/// hashed here. The index holds names and versions, and no documents. A question costs as many
/// comparisons of versions as the package has entries. A document that cannot be read is counted
/// and named in every answer: it may list anything. What the monitor knows is data
/// ([`checkpoint`](Self::checkpoint)).
#[derive(Clone, Debug, Default)]
pub struct Monitor {
    subjects: Option<Vec<String>>,
    issuers: Option<Vec<String>>,
    limits: DocumentLimits,
    entries: Vec<Entry>,
    by_subject: BTreeMap<String, Vec<usize>>,
    by_issuer: BTreeMap<String, Vec<usize>>,
    /// Where each package is listed, in ascending order.
    packages: BTreeMap<PackageName, Vec<Place>>,
    passed_over: u64,
    next: u64,
}

/// Where a package is listed: in which statement, and where in that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    statement: usize,
    package: usize,
}

impl Monitor {
    /// Makes a monitor that follows every statement.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Follows statements about these subjects only, besides those named before.
    #[must_use]
    pub fn following_subject(mut self, subject: &str) -> Self {
        self.subjects.get_or_insert_default().push(subject.into());
        self
    }

    /// Follows statements of this issuer only, besides those named before. Its key has to be
    /// enrolled for it.
    #[must_use]
    pub fn following_issuer(mut self, issuer: &str) -> Self {
        self.issuers.get_or_insert_default().push(issuer.into());
        self
    }

    /// Returns this monitor with other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: DocumentLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Takes notice of the entry `index` of the log. `preimage` is the document of a hash envelope,
    /// where it can be fetched.
    ///
    /// # Errors
    ///
    /// If `preimage` is not what the envelope is the digest of; then nothing has changed.
    pub fn observe(
        &mut self,
        index: u64,
        statement: &Verified<Statement<'_, '_>>,
        preimage: Option<&[u8]>,
        context: &Context<'_>,
    ) -> Result<Observation, Error> {
        let value = statement.value();
        let is_checked = statement.by().issuer() == IssuerBinding::Checked;
        let issuer = value.issuer().filter(|_| is_checked);
        let is_followed = |followed: &Option<Vec<String>>, name: Option<&str>| {
            followed.as_ref().is_none_or(|names| {
                name.is_some_and(|name| names.iter().any(|known| known == name))
            })
        };
        if !is_followed(&self.subjects, value.subject()) || !is_followed(&self.issuers, issuer) {
            self.passed_over = self.passed_over.saturating_add(1);
            self.next = self.next.max(index.saturating_add(1));
            return Ok(Observation::PassedOver);
        }
        let document = match (value.hash_envelope(), preimage) {
            (Some(_), None) => None,
            (Some(_), Some(preimage)) => {
                let digest = statement.try_map(Statement::digest)?;
                Some(*digest.vouch_for_bytes(preimage, context)?.value())
            }
            (None, None) => Some(value.payload()),
            // The payload is there: a preimage of it is something else.
            (None, Some(_)) => return Err(Error::refused(Rule::MonitoredDocument)),
        };
        let document = document.map(|bytes| Document::read(bytes, &self.limits));
        Ok(self.enter(index, value, issuer, document))
    }

    fn enter(
        &mut self,
        index: u64,
        statement: &Statement<'_, '_>,
        issuer: Option<&str>,
        document: Option<Result<Document, DocumentError>>,
    ) -> Observation {
        let observation = match &document {
            None => Observation::WithoutDocument,
            Some(Ok(document)) => {
                Observation::Indexed { kind: document.kind(), packages: document.packages().len() }
            }
            Some(Err(error)) => Observation::Unread(*error),
        };
        let subject = statement.subject().map(ToString::to_string);
        let followed = Followed::new(index, subject, issuer, observation);
        let (place, packages) = (self.entries.len(), &mut self.packages);
        let contents = document.and_then(Result::ok).map(|document| {
            Contents::of(document, |name, package| {
                packages.entry(name).or_default().push(Place { statement: place, package });
            })
        });
        self.insert(Entry { followed, contents: contents.unwrap_or_default() });
        self.next = self.next.max(index.saturating_add(1));
        observation
    }

    /// Adds a statement whose packages are in the index already, or will be.
    fn insert(&mut self, entry: Entry) {
        let place = self.entries.len();
        if let Some(subject) = entry.followed.subject() {
            self.by_subject.entry(subject.into()).or_default().push(place);
        }
        if let Some(issuer) = entry.followed.issuer() {
            self.by_issuer.entry(issuer.into()).or_default().push(place);
        }
        self.entries.push(entry);
    }

    /// Returns which statements list a version of the package `purl` that is in `range`, and what
    /// vulnerability reports say of such versions, whichever the vulnerability. The version of the
    /// purl itself is not looked at.
    ///
    /// A report that clears a product stands beside the lists that name it, and takes nothing away
    /// from them: it is about one vulnerability, and which one is meant,
    /// [`affected_by`](Self::affected_by) says. Packages without a purl are looked up by the name
    /// alone, with and without its namespace, and told apart in the answer.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if `purl` is not a purl.
    pub fn affected(&self, purl: &str, range: &VersionRange) -> Result<Answer<'_>, Error> {
        let purl = Purl::parse(purl)?.package();
        Ok(Question { monitor: self, purl, range, vulnerability: None }.answer())
    }

    /// Answers as [`affected`](Self::affected) does for one vulnerability, by any of its names.
    /// Reports on others do not count, and of several reports of one issuer on one product the last
    /// one does.
    ///
    /// A listing is cleared by a report of the issuer who listed it, on the package itself or on
    /// the subject of the list with this package as the part; reports of others are in the answer,
    /// and clear nothing.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if `purl` is not a purl.
    pub fn affected_by(
        &self,
        vulnerability: &str,
        purl: &str,
        range: &VersionRange,
    ) -> Result<Answer<'_>, Error> {
        let purl = Purl::parse(purl)?.package();
        Ok(Question { monitor: self, purl, range, vulnerability: Some(vulnerability) }.answer())
    }

    /// Where the subject of a statement is listed, by its purl or by its name.
    fn places_of_subject(&self, statement: &Followed) -> &[Place] {
        let Some(subject) = statement.subject() else { return &[] };
        let name = match Purl::parse(subject) {
            Ok(purl) => PackageName::Purl(purl.package()),
            Err(_) => PackageName::Plain(subject.into()),
        };
        self.packages.get(&name).map_or(&[], Vec::as_slice)
    }

    /// How many statements have documents that were not read.
    fn unread(&self) -> usize {
        self.entries.iter().filter(|entry| entry.followed.is_unread()).count()
    }

    /// Returns the statements about a subject, in the order of the log.
    pub fn about(&self, subject: &str) -> impl Iterator<Item = &Followed> {
        self.found(self.by_subject.get(subject))
    }

    /// Returns the statements of an issuer, in the order of the log.
    pub fn of_issuer(&self, issuer: &str) -> impl Iterator<Item = &Followed> {
        self.found(self.by_issuer.get(issuer))
    }

    fn found<'m>(&'m self, places: Option<&'m Vec<usize>>) -> impl Iterator<Item = &'m Followed> {
        let entries = places.into_iter().flatten().filter_map(|place| self.entries.get(*place));
        entries.map(|entry| &entry.followed)
    }

    /// Returns how many statements are followed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether no statement is followed so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns how many statements are not followed, being about other subjects or of other
    /// issuers.
    #[must_use]
    pub const fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Returns the index after the last entry that was observed, followed or not: where to go on.
    #[must_use]
    pub const fn next_index(&self) -> u64 {
        self.next
    }
}
