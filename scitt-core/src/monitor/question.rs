//! The question after a vulnerability.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{
    Affected, AffectedBy, Answer, Assessment, Monitor, Place,
    entry::{Entry, Listed},
};
use crate::{PackageName, Purl, VersionOrder, VersionRange, VexStatus, sbom::StoredFinding};

/// A package, the versions that are asked for, and the vulnerability, if one is named.
pub(super) struct Question<'m, 'q> {
    pub(super) monitor: &'m Monitor,
    pub(super) purl: Purl,
    pub(super) range: &'q VersionRange,
    pub(super) vulnerability: Option<&'q str>,
}

/// A listing of the package that is asked about.
#[derive(Clone, Copy)]
struct Hit<'m> {
    place: Place,
    entry: &'m Entry,
    listed: &'m Listed,
    by: AffectedBy,
}

/// A finding on the vulnerability that is asked about, whatever its product is.
struct Report<'m> {
    statement: usize,
    entry: &'m Entry,
    finding: &'m StoredFinding,
    assessment: Assessment<'m>,
}

/// The findings on the vulnerability by who states them, in the order of the log.
type Reports<'m> = BTreeMap<&'m str, Vec<Report<'m>>>;

impl<'m> Question<'m, '_> {
    pub(super) fn answer(&self) -> Answer<'m> {
        let mut answer = Answer::new(self.monitor.unread());
        let hits = self.hits();
        let asked: BTreeSet<Place> = hits.iter().map(|hit| hit.place).collect();
        let reports = self.reports();
        // Of several reports of one issuer on one product the last one counts, where a
        // vulnerability is named; of different vulnerabilities all do.
        let mut last: BTreeMap<_, (Affected<'m>, Option<bool>)> = BTreeMap::new();
        for hit in &hits {
            let is_inside = hit.listed.is_in(self.range, self.order_of(hit));
            if !hit.entry.contents.is_report() {
                let assessment = self.cleared_by(hit, &asked, &reports);
                answer.add(self.affected(hit, assessment), is_inside);
                continue;
            }
            for finding in hit.entry.contents.findings_about(hit.place.package) {
                // A finding on a part says nothing of the whole.
                let is_whole = finding.product == hit.place.package;
                if is_whole && !finding.parts.is_empty() && self.names_others(hit, finding) {
                    continue;
                }
                let Some(assessment) = self.assessment(hit.entry, finding) else { continue };
                let found = self.affected(hit, Some(assessment));
                if self.vulnerability.is_none() {
                    answer.add(found, is_inside);
                    continue;
                }
                let product = self.product(hit, finding);
                let key = (hit.entry.followed.issuer(), product, found.version);
                last.insert(key, (found, is_inside));
            }
        }
        for (found, is_inside) in last.into_values() {
            answer.add(found, is_inside);
        }
        answer
    }

    /// Every listing of the package, in the order of the log.
    fn hits(&self) -> Vec<Hit<'m>> {
        let index = &self.monitor.packages;
        let by_purl = index.get(&PackageName::Purl(self.purl.clone())).into_iter().flatten();
        let by_purl = by_purl.map(|place| (*place, AffectedBy::Purl));
        let names = self.purl.plain_names();
        let by_name = names.into_iter().filter_map(|name| index.get(&PackageName::Plain(name)));
        let by_name = by_name.flatten().map(|place| (*place, AffectedBy::NameAlone));
        let mut hits: Vec<_> = by_purl
            .chain(by_name)
            .filter_map(|(place, by)| {
                let entry = self.monitor.entries.get(place.statement)?;
                let listed = entry.contents.packages.get(place.package)?;
                Some(Hit { place, entry, listed, by })
            })
            .collect();
        // Purls first within a statement, as the sort keeps what is equal in its order.
        hits.sort_by_key(|hit| hit.place.statement);
        hits
    }

    /// The findings on the vulnerability that is named.
    fn reports(&self) -> Reports<'m> {
        let mut reports = Reports::new();
        if self.vulnerability.is_none() {
            return reports;
        }
        for (statement, entry) in self.monitor.entries.iter().enumerate() {
            let Some(issuer) = entry.followed.issuer() else { continue };
            for finding in &entry.contents.findings {
                if let Some(assessment) = self.assessment(entry, finding) {
                    let report = Report { statement, entry, finding, assessment };
                    reports.entry(issuer).or_default().push(report);
                }
            }
        }
        reports
    }

    fn order_of(&self, hit: &Hit<'_>) -> VersionOrder {
        match hit.by {
            AffectedBy::Purl => hit.listed.order,
            AffectedBy::NameAlone => VersionOrder::of_type(self.purl.kind()),
        }
    }

    fn affected(&self, hit: &Hit<'m>, assessment: Option<Assessment<'m>>) -> Affected<'m> {
        Affected {
            statement: &hit.entry.followed,
            version: hit.listed.version.as_deref(),
            versions: hit.listed.versions.as_ref(),
            by: hit.by,
            assessment,
        }
    }

    /// What a finding says, if it is of the vulnerability that is asked about.
    fn assessment(&self, entry: &'m Entry, finding: &StoredFinding) -> Option<Assessment<'m>> {
        let vulnerability = entry.contents.vulnerabilities.get(finding.vulnerability)?;
        let is_asked = self.vulnerability.is_none_or(|name| vulnerability.is_called(name));
        is_asked.then_some(Assessment {
            vulnerability: vulnerability.name(),
            status: finding.status,
            report: &entry.followed,
        })
    }

    /// Whether a finding is about parts, and this package, the product, is none of them.
    fn names_others(&self, hit: &Hit<'_>, finding: &StoredFinding) -> bool {
        !finding.parts.contains(&hit.place.package)
    }

    /// What tells the products of one issuer apart: where the finding is about a part, the product
    /// that it is a part of.
    fn product(
        &self,
        hit: &Hit<'m>,
        finding: &StoredFinding,
    ) -> Option<(&'m PackageName, Option<&'m str>)> {
        if finding.product == hit.place.package {
            return None;
        }
        let name = hit.entry.contents.names.get(&finding.product)?;
        let product = hit.entry.contents.packages.get(finding.product)?;
        Some((name, product.version.as_deref()))
    }

    /// What the issuer of a list of parts said last of the vulnerability that is asked about, if
    /// that clears the listing: of the package itself, or of the thing that the list is about, with
    /// this package as the part or with none. Nobody else's report clears it.
    fn cleared_by(
        &self,
        hit: &Hit<'m>,
        asked: &BTreeSet<Place>,
        reports: &Reports<'m>,
    ) -> Option<Assessment<'m>> {
        let own = reports.get(hit.entry.followed.issuer()?)?;
        let subject = self.monitor.places_of_subject(&hit.entry.followed);
        let said = own.iter().rev().find(|report| {
            let Report { statement, entry, finding, .. } = report;
            let place = |package| Place { statement: *statement, package };
            let covers = |package: usize, listed: &Listed| {
                let packages = &entry.contents.packages;
                packages.get(package).is_some_and(|known| known.covers(listed))
            };
            let is_subject = subject.binary_search(&place(finding.product)).is_ok()
                && version_of_subject(hit.entry)
                    .is_none_or(|version| covers(finding.product, &version));
            if finding.parts.is_empty() {
                let is_itself = asked.contains(&place(finding.product));
                is_subject || (is_itself && covers(finding.product, hit.listed))
            } else {
                let mut parts = finding.parts.iter();
                is_subject
                    && parts.any(|part| asked.contains(&place(*part)) && covers(*part, hit.listed))
            }
        })?;
        let status = said.assessment.status;
        let counts = status.is_cleared() || status == VexStatus::UnderInvestigation;
        counts.then_some(said.assessment)
    }
}

/// The version in the subject of a statement. A subject without one is the thing whatever its
/// version is.
fn version_of_subject(entry: &Entry) -> Option<Listed> {
    let purl = Purl::parse(entry.followed.subject()?).ok()?;
    let order = VersionOrder::of_type(purl.kind());
    Some(Listed { version: Some(purl.version()?.into()), versions: None, order })
}
