//! Monitors: who follow a log and can say which statements speak of a package.

mod answer;
mod followed;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use cose_ext::{Context, IssuerBinding, Verified};

pub use self::{
    answer::{Affected, AffectedBy, Answer},
    followed::{Followed, Observation},
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
/// and named in every answer: it may list anything.
#[derive(Clone, Debug, Default)]
pub struct Monitor {
    subjects: Option<Vec<String>>,
    issuers: Option<Vec<String>>,
    limits: DocumentLimits,
    statements: Vec<Followed>,
    by_subject: BTreeMap<String, Vec<usize>>,
    by_issuer: BTreeMap<String, Vec<usize>>,
    packages: BTreeMap<PackageName, Vec<Listed>>,
    passed_over: u64,
}

/// A package in a statement.
#[derive(Clone, Debug)]
struct Listed {
    statement: usize,
    version: Option<String>,
    order: crate::VersionOrder,
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
        let place = self.statements.len();
        let subject = statement.subject().map(ToString::to_string);
        let observation = match &document {
            None => Observation::WithoutDocument,
            Some(Ok(document)) => {
                Observation::Indexed { kind: document.kind(), packages: document.packages().len() }
            }
            Some(Err(error)) => Observation::Unread(*error),
        };
        if let Some(subject) = &subject {
            self.by_subject.entry(subject.clone()).or_default().push(place);
        }
        if let Some(issuer) = issuer {
            self.by_issuer.entry(issuer.into()).or_default().push(place);
        }
        for package in document.iter().flatten().flat_map(Document::packages) {
            let listed = Listed {
                statement: place,
                version: package.version().map(String::from),
                order: package.order(),
            };
            self.packages.entry(package.lookup()).or_default().push(listed);
        }
        self.statements.push(Followed::new(index, subject, issuer, observation));
        observation
    }

    /// Returns which statements list a version of the package `purl` that is in `range`. The
    /// version of the purl itself is not looked at.
    ///
    /// Packages without a purl are looked up by the name alone, with and without its namespace, and
    /// told apart in the answer.
    ///
    /// # Errors
    ///
    /// [`Rule::SubjectForm`] if `purl` is none.
    pub fn affected(&self, purl: &str, range: &VersionRange) -> Result<Answer<'_>, Error> {
        let purl = Purl::parse(purl)?.package();
        let order = crate::VersionOrder::of_type(purl.kind());
        let plain = purl.plain_names();
        let mut answer = Answer::new(self.unread());
        let by_purl = self.packages.get(&PackageName::Purl(purl)).into_iter().flatten();
        for listed in by_purl {
            self.judge(listed, listed.order, AffectedBy::Purl, range, &mut answer);
        }
        let by_name =
            plain.into_iter().filter_map(|name| self.packages.get(&PackageName::Plain(name)));
        for listed in by_name.flatten() {
            self.judge(listed, order, AffectedBy::NameAlone, range, &mut answer);
        }
        Ok(answer)
    }

    fn judge<'m>(
        &'m self,
        listed: &'m Listed,
        order: crate::VersionOrder,
        by: AffectedBy,
        range: &VersionRange,
        answer: &mut Answer<'m>,
    ) {
        let Some(statement) = self.statements.get(listed.statement) else { return };
        let version = listed.version.as_deref();
        let is_inside = version.and_then(|version| range.contains(version, order));
        answer.add(Affected { statement, version, by }, is_inside);
    }

    /// How many statements have documents that were not read.
    fn unread(&self) -> usize {
        self.statements.iter().filter(|statement| statement.is_unread()).count()
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
        places.into_iter().flatten().filter_map(|place| self.statements.get(*place))
    }

    /// Returns how many statements are followed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    /// Returns whether no statement is followed so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Returns how many statements are not followed, being about other subjects or of other
    /// issuers.
    #[must_use]
    pub const fn passed_over(&self) -> u64 {
        self.passed_over
    }
}
