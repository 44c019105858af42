//! What is noted while a manifest is processed.

use cose_ext::cbor::Writer;

use super::{
    Property, Reason,
    record::{NewRecord, write_record, write_system_properties},
};
use crate::{Error, Failure, Outcome, Place, Rule};

/// Takes note of what a processor does, for a report ([`run_reporting`](crate::run_reporting)).
///
/// `manifest` leads to the manifest that is being run, by component indices; the root has none.
pub trait ReportSink {
    /// A command has succeeded or failed; `measured` is what its component was found to be.
    fn noted(&mut self, outcome: &Outcome<'_>, manifest: &[u8], measured: &[Property<'_>]);

    /// An image is about to be invoked, and may not come back: what has to be reported must be
    /// reported now.
    fn invoking(&mut self, place: &Place, manifest: &[u8]) {
        let _ = (place, manifest);
    }

    /// The procedure was carried out.
    fn succeeded(&mut self) {}

    /// The procedure has failed.
    fn failed(&mut self, failure: &Failure, manifest: &[u8]);

    /// The manifest was refused.
    fn refused(&mut self, error: &Error);
}

/// A sink that keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReport;

impl ReportSink for NoReport {
    fn noted(&mut self, _: &Outcome<'_>, _: &[u8], _: &[Property<'_>]) {}

    fn failed(&mut self, _: &Failure, _: &[u8]) {}

    fn refused(&mut self, _: &Error) {}
}

/// What is noted while a manifest is processed, in memory of the caller, until a
/// [`NewReport`](super::NewReport) takes it.
///
/// # State, invariant, cost
///
/// Whole items, one after the other, as they will stand in the report, and their number. One that
/// does not fit is left out and counted: what is in the buffer is right, and the report can say
/// that it is not all. Behind them stands the record of the last command that failed, in case that
/// it ends the procedure.
#[derive(Debug)]
pub struct ReportLog<'b> {
    buffer: &'b mut [u8],
    len: usize,
    count: usize,
    omitted: usize,
    last: Option<(Place, usize)>,
    ending: Ending,
}

/// How the procedure ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    Success,
    /// Whose record stands behind the others and has so many bytes; `None` if it did not fit.
    Failed {
        record: Option<usize>,
        code: i64,
        reason: Reason,
    },
}

impl<'b> ReportLog<'b> {
    /// Returns an empty log that keeps what it is told in `buffer`. A record takes about 15 bytes,
    /// and 45 more if it holds a digest.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, len: 0, count: 0, omitted: 0, last: None, ending: Ending::Success }
    }

    /// Returns how many records and system properties the log has.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Returns how many did not fit.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// Returns whether the procedure was carried out.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.ending, Ending::Success)
    }

    pub(super) fn items(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or_default()
    }

    pub(super) const fn ending(&self) -> Ending {
        self.ending
    }

    /// The record of the command that ended the procedure.
    pub(super) fn last(&self, len: usize) -> &[u8] {
        self.buffer.get(self.len..self.len.saturating_add(len)).unwrap_or_default()
    }

    /// Writes an item behind the others; returns its length if it fits. It is not counted yet.
    fn put(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> Option<usize> {
        let mut writer = Writer::new(self.buffer.get_mut(self.len..).unwrap_or_default());
        write(&mut writer);
        writer.finish().ok().map(|item| item.len())
    }

    fn add(&mut self, write: impl FnOnce(&mut Writer<'_>)) {
        match self.put(write) {
            Some(len) => {
                self.len = self.len.saturating_add(len);
                self.count = self.count.saturating_add(1);
            }
            None => self.omitted = self.omitted.saturating_add(1),
        }
    }

    /// Ends the log at a place.
    fn end(&mut self, place: &Place, manifest: &[u8], code: i64, reason: Reason) {
        let record = match self.last {
            Some((last, len)) if last == *place => Some(len),
            _ => self.put(|writer| write_record(&record(place, manifest, &[]), writer)),
        };
        self.ending = Ending::Failed { record, code, reason };
    }
}

impl ReportSink for ReportLog<'_> {
    fn noted(&mut self, outcome: &Outcome<'_>, manifest: &[u8], measured: &[Property<'_>]) {
        let asks = outcome.policy;
        if !measured.is_empty() && asks.asks_for_system_properties(outcome.succeeded) {
            self.add(|writer| {
                write_system_properties(outcome.component.segments(), measured, writer);
            });
        }
        let new = record(&outcome.place, manifest, measured);
        if asks.asks_for_record(outcome.succeeded) {
            self.add(|writer| write_record(&new, writer));
        }
        // Once more, behind the list: it is moved on by the next item if the procedure goes on.
        self.last = match outcome.succeeded {
            true => None,
            false => self.put(|writer| write_record(&new, writer)).map(|len| (outcome.place, len)),
        };
    }

    fn invoking(&mut self, place: &Place, manifest: &[u8]) {
        self.last = None;
        self.end(place, manifest, 0, Reason::InvokePending);
    }

    fn succeeded(&mut self) {
        self.ending = Ending::Success;
    }

    fn failed(&mut self, failure: &Failure, manifest: &[u8]) {
        let reason = Reason::of_failure(failure);
        self.end(&failure.place(), manifest, code(failure.rule), reason);
    }

    fn refused(&mut self, error: &Error) {
        // No section was run, and none has the number 0.
        let nowhere = NewRecord {
            manifest_id: &[],
            section: 0,
            offset: error.offset().unwrap_or(0),
            component_index: 0,
            is_shared: false,
            properties: &[],
        };
        let record = self.put(|writer| write_record(&nowhere, writer));
        let code = Rule::ALL.iter().find(|rule| Some(rule.to_ref()) == error.rule());
        let code = code.map_or(0, |rule| self::code(*rule));
        self.ending = Ending::Failed { record, code, reason: Reason::of_error(error) };
    }
}

fn record<'r>(place: &Place, manifest: &'r [u8], properties: &'r [Property<'r>]) -> NewRecord<'r> {
    NewRecord {
        manifest_id: manifest,
        section: place.section.label(),
        offset: place.offset,
        component_index: place.component_index,
        is_shared: place.is_shared,
        properties,
    }
}

/// The number of a rule, for the developers of this project: its place among all, from 1 on.
fn code(rule: Rule) -> i64 {
    let place = Rule::ALL.iter().position(|one| *one == rule);
    place.and_then(|place| i64::try_from(place).ok()).map_or(0, |place| place.saturating_add(1))
}
