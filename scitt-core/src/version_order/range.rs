//! Ranges of versions (VERS).

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::{cmp::Ordering, fmt};

use super::VersionOrder;
use crate::{
    Error, Rule,
    subject::{decode, encode},
};

/// The longest range that is read, in bytes, as it came and as it is written: what is read is
/// always read again once it was written.
const MAX_LEN: usize = 4096;

/// The most constraints of a range. Whether two ranges overlap is found by comparing every version
/// that one of them names with all others; advisories name tens.
const MAX_CONSTRAINTS: usize = 256;

/// A range of versions: constraints as a VERS has them, `vers:maven/>=2.0|<2.15.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// The versioning scheme; `None`: that of the package.
    scheme: Option<String>,
    constraints: Vec<Constraint>,
}

/// One constraint of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Constraint {
    comparator: Comparator,
    version: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparator {
    Equal,
    NotEqual,
    Below,
    NotAbove,
    Above,
    NotBelow,
}

impl Comparator {
    const ALL: [(&'static str, Self); 6] = [
        ("!=", Self::NotEqual),
        ("<=", Self::NotAbove),
        (">=", Self::NotBelow),
        ("<", Self::Below),
        (">", Self::Above),
        ("=", Self::Equal),
    ];

    const fn is_lower(self) -> bool {
        matches!(self, Self::Above | Self::NotBelow)
    }

    const fn is_upper(self) -> bool {
        matches!(self, Self::Below | Self::NotAbove)
    }

    /// Whether a version that stands in `order` to that of the constraint is inside.
    fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Below => order.is_lt(),
            Self::NotAbove => order.is_le(),
            Self::Above => order.is_gt(),
            Self::NotBelow => order.is_ge(),
        }
    }
}

impl VersionRange {
    /// Every version.
    pub const ANY: Self = Self { scheme: None, constraints: Vec::new() };

    /// Reads a VERS, or its constraints alone: `>=2.0|<2.15.0`. `*` is every version. In
    /// constraints alone versions are taken as they are, in a VERS they are percent-encoded.
    ///
    /// # Errors
    ///
    /// [`Rule::VersionRange`] if the text is not a range, is longer than 4096 bytes, or has more
    /// than 256 constraints.
    pub fn parse(range: &str) -> Result<Self, Error> {
        Self::read(range).ok_or(Error::broken(Rule::VersionRange, 0))
    }

    fn read(range: &str) -> Option<Self> {
        if range.len() > MAX_LEN {
            return None;
        }
        let (scheme, constraints) = match range.strip_prefix("vers:") {
            Some(rest) => {
                let (scheme, constraints) = rest.split_once('/')?;
                (
                    Some(scheme.to_ascii_lowercase()).filter(|scheme| !scheme.is_empty())?.into(),
                    constraints,
                )
            }
            None => (None, range),
        };
        if constraints == "*" {
            return Some(Self { scheme, constraints: Vec::new() });
        }
        if constraints.split('|').count() > MAX_CONSTRAINTS {
            return None;
        }
        let is_encoded = scheme.is_some();
        let constraints = constraints.split('|').map(|text| Constraint::read(text, is_encoded));
        let range = Self { scheme, constraints: constraints.collect::<Option<_>>()? };
        Some(range).filter(|range| range.to_string().len() <= MAX_LEN)
    }

    /// Returns whether a version is inside; `None` where the order does not say: it knows no older
    /// and newer, the version or one of the range is not of its kind, or the range is of another
    /// scheme.
    #[must_use]
    pub fn contains(&self, version: &str, order: VersionOrder) -> Option<bool> {
        Ordered::new(self, order).contains(version)
    }
}

/// A range with its constraints in the order of their versions, to be asked many times.
struct Ordered<'r> {
    range: &'r VersionRange,
    order: VersionOrder,
    constraints: Vec<&'r Constraint>,
}

impl<'r> Ordered<'r> {
    fn new(range: &'r VersionRange, order: VersionOrder) -> Self {
        let mut constraints: Vec<&Constraint> = Vec::with_capacity(range.constraints.len());
        for constraint in &range.constraints {
            // Before the first that is newer. What cannot be compared goes last: such a range
            // answers nothing.
            let place = constraints.partition_point(|other| {
                let before = order.compare(&constraint.version, &other.version);
                !before.unwrap_or(Ordering::Greater).is_lt()
            });
            constraints.insert(place, constraint);
        }
        Self { range, order, constraints }
    }

    fn contains(&self, version: &str) -> Option<bool> {
        let Self { range, order, .. } = *self;
        if range.scheme.as_deref().is_some_and(|scheme| !is_scheme_of(scheme, order)) {
            return None;
        }
        if range.constraints.is_empty() {
            return Some(true);
        }
        let is_named =
            |one: &Constraint| one.comparator == Comparator::Equal && one.version == version;
        if range.constraints.iter().any(is_named) {
            return Some(true);
        }
        let mut sorted: Vec<(&Constraint, Ordering)> = Vec::with_capacity(self.constraints.len());
        for constraint in &self.constraints {
            let against = match constraint.comparator {
                // Of an order that knows only equality, that much is known.
                Comparator::Equal | Comparator::NotEqual if order == VersionOrder::Exact => {
                    match constraint.version == version {
                        true => Ordering::Equal,
                        false => Ordering::Less,
                    }
                }
                _ => order.compare(version, &constraint.version)?,
            };
            sorted.push((constraint, against));
        }
        Some(is_inside(&sorted))
    }
}

impl VersionRange {
    /// Returns whether some version is in both ranges; `None` where that is not known. A version
    /// that one of them names and that both contain is such a one; whether versions between two
    /// that are named exist, nobody says.
    #[must_use]
    pub fn overlaps(&self, other: &Self, order: VersionOrder) -> Option<bool> {
        if self.is_any_of(order) || other.is_any_of(order) {
            return Some(true);
        }
        let (this, that) = (Ordered::new(self, order), Ordered::new(other, order));
        let mut named = self.constraints.iter().chain(&other.constraints);
        let in_both = |one: &Constraint| {
            let of = |range: &Ordered<'_>| range.contains(&one.version) == Some(true);
            of(&this) && of(&that)
        };
        if named.any(in_both) {
            return Some(true);
        }
        // Single versions, of which none is in the other range.
        let are_single =
            |range: &Self| range.constraints.iter().all(|one| one.comparator == Comparator::Equal);
        let knows = |range: &Ordered<'_>, versions: &Self| {
            let mut versions = versions.constraints.iter();
            versions.all(|one| range.contains(&one.version) == Some(false))
        };
        let is_apart =
            (are_single(self) && knows(&that, self)) || (are_single(other) && knows(&this, other));
        is_apart.then_some(false)
    }

    /// Whether it is every version of this order.
    fn is_any_of(&self, order: VersionOrder) -> bool {
        let is_scheme = self.scheme.as_deref().is_none_or(|scheme| is_scheme_of(scheme, order));
        self.constraints.is_empty() && is_scheme
    }
}

/// The containment of VERS, over constraints in the order of their versions.
fn is_inside(sorted: &[(&Constraint, Ordering)]) -> bool {
    let holds =
        |(constraint, order): &(&Constraint, Ordering)| constraint.comparator.admits(*order);
    let of = |comparator| move |(one, _): &&(&Constraint, Ordering)| one.comparator == comparator;
    if sorted.iter().filter(of(Comparator::Equal)).any(holds) {
        return true;
    }
    if !sorted.iter().filter(of(Comparator::NotEqual)).all(holds) {
        return false;
    }
    let bounds: Vec<_> = sorted
        .iter()
        .filter(|(one, _)| one.comparator.is_lower() || one.comparator.is_upper())
        .collect();
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else {
        // Only versions that are left out.
        return sorted.iter().any(|(one, _)| one.comparator == Comparator::NotEqual);
    };
    let is_below_all = first.0.comparator.is_upper() && holds(first);
    let is_above_all = last.0.comparator.is_lower() && holds(last);
    let is_between = bounds.windows(2).any(|pair| match pair {
        [low, high] => {
            low.0.comparator.is_lower() && high.0.comparator.is_upper() && holds(low) && holds(high)
        }
        _ => false,
    });
    is_below_all || is_above_all || is_between
}

/// Whether a scheme of VERS means this order.
fn is_scheme_of(scheme: &str, order: VersionOrder) -> bool {
    let named = match scheme {
        "semver" => VersionOrder::SemVer,
        "debian" => VersionOrder::Debian,
        scheme => VersionOrder::of_type(scheme),
    };
    named == order
}

impl Constraint {
    fn read(text: &str, is_encoded: bool) -> Option<Self> {
        let text = text.trim();
        let found = Comparator::ALL.iter().find_map(|(sign, comparator)| {
            text.strip_prefix(sign).map(|version| (*comparator, version.trim()))
        });
        let (comparator, version) = found.unwrap_or((Comparator::Equal, text));
        let version = if is_encoded { decode(version)? } else { version.to_string() };
        // One that begins with a comparator is a constraint that somebody took apart.
        let is_good = !version.is_empty()
            && (is_encoded || !version.starts_with(['<', '>', '=', '!']))
            && !version.contains(char::is_whitespace);
        is_good.then_some(Self { comparator, version })
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "vers:{scheme}/")?;
        }
        if self.constraints.is_empty() {
            return f.write_str("*");
        }
        for (place, constraint) in self.constraints.iter().enumerate() {
            let sign = Comparator::ALL.iter().find(|(_, one)| *one == constraint.comparator);
            let sign = sign.map_or("", |(sign, _)| sign);
            // A VERS leaves this one out; without a scheme it keeps a version from being read as
            // one.
            let sign = if self.scheme.is_some() && sign == "=" { "" } else { sign };
            let bar = if place == 0 { "" } else { "|" };
            let mut version = constraint.version.clone();
            if self.scheme.is_some() {
                version.clear();
                encode(&constraint.version, &mut version);
            }
            write!(f, "{bar}{sign}{version}")?;
        }
        Ok(())
    }
}
