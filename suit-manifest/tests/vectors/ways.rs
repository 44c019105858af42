//! Other ways to run a case, which have to come to what the usual one comes to: the asynchronous driver, one that hashes the
//! manifest again before each section, one that makes a report, one whose power is cut at every call, and a dry run.

use serde_json::Value;
use suit_manifest::{
    Foreseen, RunError, Step,
    cose_ext::{Context, Digest, crypto::Algorithm},
    dry_run,
    report::{Conclusion, NewReport, Reference, Report, ReportLog},
    run, run_async, run_reporting,
};
use testkit::vectors::{Case, Trouble};

use crate::{
    cut,
    device::Device,
    later_device::{LaterDevice, wait_for},
    policy::Policy,
    processing::{Verdict, Way, device_of, process_on, verdict},
};

/// Runs the case in each of the other ways.
pub(crate) fn same_in_other_ways(
    case: &Case,
    usual: &Verdict,
    after: &Device,
) -> Result<(), Trouble> {
    let policy = Policy::of(case)?;
    if policy.has_second || matches!(usual, Verdict::Rejected(_)) {
        return Ok(());
    }
    let ways: [(&str, Way<'_>); 3] = [
        ("the asynchronous driver", &|mut processor, device, authority, context| {
            let mut later = LaterDevice { device, waits: 0 };
            let ended = wait_for(run_async(&mut processor, &mut later, authority, context));
            verdict(ended, &processor)
        }),
        ("hashed again", &|processor, device, authority, context| {
            device.changes_after = Some(usize::MAX);
            let mut processor = processor.with_rehash();
            verdict(run(&mut processor, device, authority, context), &processor)
        }),
        ("with a report", &|mut processor, device, authority, context| {
            let mut buffer = vec![0; 1 << 16];
            let mut log = ReportLog::new(&mut buffer);
            let ended = run_reporting(&mut processor, device, &mut log, authority, context);
            let verdict = verdict(ended, &processor)?;
            check_report(&log, &verdict, context)?;
            Ok(verdict)
        }),
    ];
    for (name, way) in ways {
        let mut device = device_of(case)?;
        let found = process_on(case, &policy, &mut device, way)?;
        same(name, usual, after, &found, &device)?;
        if device.effects != after.effects {
            return Err(format!("{name}: other effects: {}", Value::from(device.effects)).into());
        }
    }
    cut::at_every_call(case, &policy, &mut |name, found, device| {
        same(name, usual, after, found, device)
    })?;
    foreseen(case, &policy, usual, after)
}

/// The end is one and the same.
fn same(
    name: &str,
    usual: &Verdict,
    after: &Device,
    found: &Verdict,
    device: &Device,
) -> Result<(), Trouble> {
    let is_same = match (usual, found) {
        (Verdict::Success, Verdict::Success) => true,
        (Verdict::Failed(one, within, path), Verdict::Failed(other, around, way)) => {
            one == other && within == around && path == way
        }
        _ => false,
    };
    let (contents, expected) = (device.final_contents(), after.final_contents());
    if is_same && contents == expected && device.number == after.number {
        return Ok(());
    }
    let number = (device.number, after.number);
    Err(format!("{name}: {found:?} with {contents} and {number:?}, and not {expected}").into())
}

/// What a report says is how it ended.
fn check_report(
    log: &ReportLog<'_>,
    verdict: &Verdict,
    context: &Context<'_>,
) -> Result<(), Trouble> {
    let value = [7; 32];
    let reference = Reference::new("", Digest::new(Algorithm::SHA256, &value)?);
    let mut out = vec![0; 1 << 17];
    let report = NewReport { reference, nonce: None, log, capabilities: None };
    let bytes = report.write_to(&mut out)?;
    let report = Report::decode(bytes, &context.profile)?;
    let is_right = match (report.result(), verdict) {
        (Conclusion::Success, Verdict::Success) => true,
        (Conclusion::Failed(told), Verdict::Failed(failure, _, path)) => {
            let record = told.record;
            let place = (record.section(), record.offset(), record.is_shared());
            let manifest: Vec<_> = record.manifest_id().collect();
            place == (failure.section.label(), failure.offset as u64, failure.in_shared)
                && manifest.iter().map(|index| *index as usize).eq(path.iter().copied())
                && told.reason.number() >= 0
        }
        _ => false,
    };
    if is_right && log.omitted() == 0 {
        Ok(())
    } else {
        Err(format!("the report says {:?}, and it is {verdict:?}", report.result()).into())
    }
}

/// A dry run tells the effects of a procedure that succeeds, and has none.
fn foreseen(case: &Case, policy: &Policy, usual: &Verdict, after: &Device) -> Result<(), Trouble> {
    let told = std::cell::RefCell::new(Vec::new());
    let before = device_of(case)?.final_contents();
    let mut device = device_of(case)?;
    let way: Way<'_> = &|processor, device, authority, context| {
        let mut effect = |step: &Step<'_>| told.borrow_mut().push(name_of(step));
        match dry_run(processor, device, &mut effect, authority, context) {
            Ok(Foreseen::Until(_)) => {
                told.borrow_mut().clear();
                Ok(Verdict::Success)
            }
            Ok(_) => Ok(Verdict::Success),
            Err(RunError::Failed(failure)) => Ok(Verdict::Failed(failure, Vec::new(), Vec::new())),
            Err(error) => Err(format!("{error:?}").into()),
        }
    };
    let found = process_on(case, policy, &mut device, way)?;
    if device.final_contents() != before || !device.effects.is_empty() {
        return Err("a dry run has changed the device".into());
    }
    let (Verdict::Success, false) = (usual, told.borrow().is_empty()) else { return Ok(()) };
    let told: Vec<_> = told.into_inner().into_iter().flatten().collect();
    let effects = after.effects.iter().filter_map(|effect| effect[0].as_str());
    let effects: Vec<_> = effects.filter(|name| !name.starts_with("check-")).collect();
    match found {
        Verdict::Success if told == effects => Ok(()),
        found => Err(format!("a dry run: {found:?} {told:?}, and it was {effects:?}").into()),
    }
}

fn name_of(step: &Step<'_>) -> Option<&'static str> {
    match step {
        Step::Fetch { .. } => Some("fetch"),
        Step::Write { .. } => Some("write"),
        Step::Copy { .. } => Some("copy"),
        Step::Swap { .. } => Some("swap"),
        Step::Invoke { .. } => Some("invoke"),
        Step::Unlink(_) => Some("unlink"),
        Step::Commit { .. } => Some("commit-sequence"),
        _ => None,
    }
}
