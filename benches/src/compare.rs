//! A section of works: by criterion, and as ratios of one run.

use std::{fmt, time::Duration};

use criterion::Criterion;

use crate::{report::Report, timing::least, work::Work};

/// How long each work is measured.
const EACH: Duration = Duration::from_millis(400);

/// Measures all works of a section by criterion, a group for each `what`; then once more taking
/// turns, and prints and reports how many times longer the others take.
pub fn compare(c: &mut Criterion, works: &[Work], report: &Report) {
    for works in works.chunk_by(|one, next| one.what == next.what) {
        let mut group = c.benchmark_group(works[0].what);
        for work in works {
            group.bench_function(work.by, |b| b.iter(|| work.run()));
        }
        group.finish();
    }
    for works in works.chunk_by(|one, next| one.what == next.what) {
        let runs: Vec<_> = works.iter().map(|work| || work.run()).collect();
        let runs: Vec<&dyn Fn()> = runs.iter().map(|run| run as &dyn Fn()).collect();
        let times = least(&runs, EACH);
        println!("{}:", works[0].what);
        for (work, time) in works.iter().zip(&times) {
            println!("  {:44} {:>12}  {:>8.2}", work.by, duration(*time), time / times[0]);
            report.time(work.what, work.by, *time);
        }
    }
}

/// Writes nanoseconds with three digits and a unit.
pub fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns => (ns / 1e6, "ms"),
    };
    let digits = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.digits$} {unit}")
}

/// Returns the work that does `what` by `by`.
///
/// # Panics
/// If there is none.
pub fn find<'w>(works: &'w [Work], what: &str, by: &str) -> &'w Work {
    let found = works.iter().find(|work| work.what == what && work.by == by);
    found.unwrap_or_else(|| panic!("nobody does {what} by {by}"))
}

/// What there is around cryptography.
#[derive(Clone, Copy, Debug)]
pub struct Overhead {
    around: f64,
    cryptography: f64,
}

impl Overhead {
    /// Measures a work without its signatures and the cryptography alone, taking turns. The hashes that the work
    /// still does are subtracted from it.
    pub fn measure(without: &Work, hashes: Option<&Work>, cryptography: &Work) -> Self {
        let (without, cryptography) = (|| without.run(), || cryptography.run());
        let hashes = || hashes.iter().for_each(|work| work.run());
        let times = least(&[&without, &hashes, &cryptography], EACH);
        Self { around: (times[0] - times[1]).max(0.0), cryptography: times[2] }
    }

    /// Returns how much is around the cryptography, in percent of it.
    pub fn percent(&self) -> f64 {
        100.0 * self.around / self.cryptography
    }
}

impl fmt::Display for Overhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (around, cryptography) = (duration(self.around), duration(self.cryptography));
        let percent = self.percent();
        write!(
            f,
            "around the cryptography {around}, the cryptography {cryptography}: {percent:.2} %"
        )
    }
}
