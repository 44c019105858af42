//! Security advisories in CSAF.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use super::{
    Document, DocumentError, DocumentKind, Json, Package, VexStatus, Vulnerability,
    document_error::Member, finding::StoredFinding, identifier,
};
use crate::VersionRange;

/// The lists of `product_status`, and what they say (CSAF 2.0, 3.2.3.9). A version that is
/// recommended has the remedy.
const STATUSES: [(&str, VexStatus); 9] = [
    ("known_affected", VexStatus::Affected),
    ("first_affected", VexStatus::Affected),
    ("last_affected", VexStatus::Affected),
    ("known_not_affected", VexStatus::NotAffected),
    ("fixed", VexStatus::Fixed),
    ("first_fixed", VexStatus::Fixed),
    ("recommended", VexStatus::Fixed),
    ("under_investigation", VexStatus::UnderInvestigation),
    ("unknown", VexStatus::UnderInvestigation),
];

pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    let tracking = json.find("document").and_then(|document| document.find("tracking"));
    let id = tracking.and_then(|tracking| tracking.text("id"));
    let id = id.ok_or(DocumentError::Missing(Member("document.tracking.id")))?;
    let mut document = Document::new(DocumentKind::Csaf, identifier(Some(id)));
    let products = Products::read(json, &mut document.packages);
    for vulnerability in json.list("vulnerabilities") {
        let place = document.vulnerabilities.len();
        document.vulnerabilities.push(name(vulnerability));
        let Some(lists) = vulnerability.find("product_status") else { continue };
        for (list, status) in STATUSES {
            for id in lists.list(list).iter().filter_map(Json::as_text) {
                let Some(product) = products.0.get(id) else { continue };
                document.findings.push(StoredFinding {
                    vulnerability: place,
                    product: product.whole,
                    parts: product.part.into_iter().collect(),
                    status,
                });
            }
        }
    }
    Ok(document)
}

/// A CVE, or the first of the other names. One without a name is called nothing.
fn name(vulnerability: &Json) -> Vulnerability {
    let ids = || vulnerability.list("ids").iter().filter_map(|id| id.text("text"));
    match vulnerability.text("cve") {
        Some(cve) => Vulnerability::new(cve, ids()),
        None => Vulnerability::new(ids().next().unwrap_or_default(), ids().skip(1)),
    }
}

/// Where a product of the tree stands in the packages.
#[derive(Clone, Copy)]
struct Product {
    whole: usize,
    /// Of a component of another product: the component.
    part: Option<usize>,
}

/// The products of the tree by their ids.
struct Products<'j>(BTreeMap<&'j str, Product>);

/// What the branches above say of a product.
#[derive(Clone, Copy, Default)]
struct Above<'j> {
    name: Option<&'j str>,
    version: Option<&'j str>,
    range: Option<&'j str>,
}

impl<'j> Products<'j> {
    fn read(json: &'j Json, packages: &mut Vec<Package>) -> Self {
        let mut products = Self(BTreeMap::new());
        let Some(tree) = json.find("product_tree") else { return products };
        for product in tree.list("full_product_names") {
            products.add(product, Above::default(), packages);
        }
        let mut pending: Vec<(&Json, Above<'_>)> =
            tree.list("branches").iter().rev().map(|branch| (branch, Above::default())).collect();
        while let Some((branch, mut above)) = pending.pop() {
            let name = branch.text("name");
            match branch.text("category") {
                Some("product_name") => above.name = name,
                Some("product_version") => (above.version, above.range) = (name, None),
                Some("product_version_range") => (above.version, above.range) = (None, name),
                _ => {}
            }
            if let Some(product) = branch.find("product") {
                products.add(product, above, packages);
            }
            pending.extend(branch.list("branches").iter().rev().map(|inner| (inner, above)));
        }
        // A component within a product is a product of its own; one that is part of such a one is
        // not looked into.
        for relation in tree.list("relationships") {
            let id = relation.find("full_product_name").and_then(|full| full.text("product_id"));
            let place = |member| {
                let found = relation.text(member).and_then(|id| products.0.get(id));
                found.filter(|product| product.part.is_none()).map(|product| product.whole)
            };
            let within = place("relates_to_product_reference");
            if let (Some(id), Some(whole)) = (id, within) {
                let part = place("product_reference");
                products.0.insert(id, Product { whole, part });
            }
        }
        products
    }

    fn add(&mut self, product: &'j Json, above: Above<'_>, packages: &mut Vec<Package>) {
        let name = above.name.or_else(|| product.text("name"));
        let (Some(id), Some(name)) = (product.text("product_id"), name) else { return };
        let helper = product.find("product_identification_helper");
        let purl = helper.and_then(|helper| {
            let several = || helper.list("purls").first().and_then(Json::as_text);
            helper.text("purl").or_else(several)
        });
        let range = above.range.and_then(|range| VersionRange::parse(range).ok());
        let package = Package::new(name).with_version(above.version).with_purl(purl);
        self.0.insert(id, Product { whole: packages.len(), part: None });
        packages.extend(vec![package.with_versions(range)]);
    }
}
