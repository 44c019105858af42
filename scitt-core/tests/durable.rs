//! A durable service whose process is killed again and again.
//!
//! The quick run registers 400 statements and kills 5 times; `SCITT_KILLS=50 SCITT_STATEMENTS=10000` is
//! the long one.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use cose_ext::{Input, Profile};
use governed::*;
use merkle_proof::{
    Sha256Tree,
    tlog::{Checkpoint, Note},
};
use scitt_core::{
    AuditedEntry, Auditor, Bootstrap, DurableLog, DurableLogError, EntryOutcome, EntryRule,
    Evidence, Governance, GovernedService, Log as _, LogTree as _, Policy, PolicyRule,
    ServiceError, StatementBuilder, Submitted, TransparentStatement, TrustedService, Verifier,
};
use world::*;

/// SplitMix64: quick, and the same in every run.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

const FOLDER: &str = "SCITT_DURABLE_FOLDER";
const ORIGIN: &str = "log.example/scitt";

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn statements() -> u64 {
    number("SCITT_STATEMENTS", 400)
}

/// A checkpoint with something that looks like a signature: nobody verifies it here.
fn note(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, merkle_proof::store::Unsigned> {
    let note = format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes();
    assert!(Note::parse(&note).is_ok());
    Ok(note)
}

fn open(folder: &Path) -> Result<GovernedService<DurableLog>, DurableLogError> {
    Ok(governed(DurableLog::open(folder, ORIGIN, note)?, Bootstrap::FirstStatement))
}

/// What stands at each place: policies at 0 and three more times, a new key for the receipts, and
/// statements by whom the policy in force lets in and nobody else does.
fn item(index: u64, count: u64) -> Vec<u8> {
    let phase = phase(index, count);
    let another = || party("https://another.example", &ec_signer(&OTHER_ISSUER));
    let policy = |rule: &str| {
        let rule = PolicyRule::new().subject(rule);
        let policy: Policy = without_issuers().with_rule(rule);
        if phase.is_multiple_of(2) {
            policy.registering(party(ISS, &ec_signer(&ISSUER)))
        } else {
            policy.registering(another())
        }
    };
    if index == 0 || phase != self::phase(index - 1, count) {
        return policy_statement(&policy(&format!("phase {phase} *")));
    }
    if index == rotation(count) {
        return endorsement_of(&NEXT_SERVICE);
    }
    let (issuer, key) = if phase.is_multiple_of(2) {
        (ISS, &ISSUER)
    } else {
        ("https://another.example", &OTHER_ISSUER)
    };
    let statement = StatementBuilder::new(issuer, &format!("phase {phase} part {index}"));
    statement.key_id(KID).sign(PAYLOAD, &ec_signer(key)).unwrap()
}

fn phase(index: u64, count: u64) -> u64 {
    index * 4 / count
}

fn rotation(count: u64) -> u64 {
    count * 5 / 8
}

/// The places where something changes.
fn changes(count: u64) -> impl Iterator<Item = u64> {
    (1..count).filter(move |index| {
        *index == rotation(count) || phase(*index, count) != phase(index - 1, count)
    })
}

/// The process that is killed: registers batch after batch, and tells in a file what it acknowledged.
#[test]
fn the_child_process() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let count = statements();
    let mut service = open(&folder).unwrap();
    let mut rng = Rng(service.service().size() ^ u64::from(std::process::id()));
    let mut told = OpenOptions::new().create(true).append(true).open(folder.join("told")).unwrap();
    let context = context();
    let submit = |service: &mut GovernedService<DurableLog>, index: u64| {
        let item = item(index, count);
        service.submit(&item, &Input::embedded(), LOGGED_AT, &context).unwrap()
    };
    // What may not have been acknowledged is handed in again, and has the entry that it had.
    let size = service.service().size();
    for index in size.saturating_sub(3)..size {
        let again = submit(&mut service, index);
        assert!(matches!(again, Submitted::Known(entry) if entry.index() == index));
    }
    while service.service().size() < count {
        let first = service.service().size();
        let mut end = (first + 1 + rng.next() % 40).min(count);
        if let Some(change) = changes(count).find(|change| (first..end + 5).contains(change)) {
            // In the middle of a batch.
            end = (change + 3).min(count);
        }
        for index in first..end {
            assert_eq!(submit(&mut service, index).entry().index(), index);
        }
        service.commit().unwrap();
        let is_new = service.receipt_key().unwrap().key_id() == NEXT_SERVICE_KID;
        let key = if is_new { &NEXT_SERVICE } else { &SERVICE };
        service.service_mut().sign_head(LOGGED_AT, &ed_signer(key), &context).unwrap();
        // A line that an earlier kill cut short is over.
        let mut lines = String::from("\n");
        for index in first..end {
            let entry = service.service().entry(index).unwrap();
            let receipt = service.service().receipt(entry, &context).unwrap().unwrap();
            lines += &format!("{index} {}\n", hex::encode(receipt));
        }
        told.write_all(lines.as_bytes()).unwrap();
    }
}

#[test]
fn s35_what_was_acknowledged_survives_the_death_of_the_process() {
    if std::env::var_os(FOLDER).is_some() {
        return;
    }
    let (count, kills) = (statements(), number("SCITT_KILLS", 5));
    let folder = std::env::temp_dir().join(format!("scitt-durable-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let told = folder.join("told");
    let acknowledged =
        || fs::read(&told).map_or(0, |told| told.iter().filter(|byte| **byte == b'\n').count());
    let mut rng = Rng(0x5c17);
    let mut killed = 0;
    loop {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_child_process", "--nocapture"])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut over = None;
        if killed < kills {
            // Not before it has done its share, so that the kills are spread over the whole log, and
            // a quarter of them while it starts.
            let share = usize::try_from(count * killed / (kills + 1)).unwrap();
            let began = Instant::now();
            while acknowledged() < share && began.elapsed() < Duration::from_secs(300) {
                over = child.try_wait().unwrap();
                if over.is_some() {
                    break;
                }
                sleep(Duration::from_millis(1));
            }
            let millis = if killed % 4 == 0 { rng.next() % 60 } else { rng.next() % 25 };
            sleep(Duration::from_millis(millis));
            if over.is_none() && child.try_wait().unwrap().is_none() {
                child.kill().unwrap(); // SIGKILL
                killed += 1;
                child.wait().unwrap();
                continue;
            }
        }
        let status = over.unwrap_or_else(|| child.wait().unwrap());
        assert!(status.success());
        break;
    }
    assert_eq!(killed, kills, "the process was over before it was killed often enough");
    check(&folder, count);
    fs::remove_dir_all(folder).unwrap();
}

/// Nothing is lost or there twice, every receipt is good, and the audit agrees.
fn check(folder: &Path, count: u64) {
    let service = open(folder).unwrap();
    let log = service.service().log();
    assert_eq!(log.size(), count);
    let context = context();

    let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
    let mut governance = Governance::new(SERVICE_ISS, Bootstrap::FirstStatement);
    let mut statements = Vec::new();
    for index in 0..count {
        let evidence = log.evidence(index).unwrap().unwrap();
        let evidence = Evidence::decode(&evidence, &Profile::LENIENT).unwrap();
        assert_eq!(evidence.submitted, item(index, count), "{index}");
        let entry = AuditedEntry::from(&evidence);
        let audit = auditor.replay(&entry, &mut governance, &context).unwrap();
        assert_eq!((audit.index, audit.outcome), (index, EntryOutcome::Checked));
        statements.push(evidence.submitted.to_vec());
    }
    assert_eq!(statements.iter().collect::<BTreeSet<_>>().len(), statements.len());
    let root = service.service().root(count, &context).unwrap();
    assert_eq!(*auditor.head().root.hash(), root);
    assert_eq!(governance.in_force(), service.governance().in_force());
    assert_eq!(governance.in_force().unwrap().since, changes(count).last());
    assert_eq!(governance.endorsed_keys()[0].since, rotation(count) + 1);

    let keys = [service_key(&SERVICE, SERVICE_KID), service_key(&NEXT_SERVICE, NEXT_SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let nobody = cose_ext::key::TrustStore::new(&[]);
    let verifier = Verifier::new(&nobody, &services);
    let told = fs::read_to_string(folder.join("told")).unwrap();
    let mut acknowledged = BTreeSet::new();
    for line in told.split_inclusive('\n') {
        // A line that the kill cut short acknowledges nothing.
        let whole = line.strip_suffix('\n').and_then(|line| line.split_once(' '));
        let Some((index, receipt)) = whole else { continue };
        let (Ok(index), Ok(receipt)) = (index.parse::<usize>(), hex::decode(receipt)) else {
            continue;
        };
        let bytes = transparent(&statements[index], &[&receipt]);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let included = verifier.verify_inclusion_only(&transparent, &Input::embedded(), &context);
        assert!(included.is_ok(), "{index}: {:?}", included.err());
        acknowledged.insert(index);
    }
    assert!(!acknowledged.is_empty());
}

#[test]
fn a_durable_log_is_opened_again_as_it_was() {
    let folder = std::env::temp_dir().join(format!("scitt-reopen-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut service = open(&folder).unwrap();
    for index in 0..300 {
        let submitted =
            service.submit(&item(index, 400), &Input::embedded(), LOGGED_AT, &context()).unwrap();
        assert_eq!(submitted.entry().index(), index);
        if index % 7 == 0 {
            service.commit().unwrap();
        }
    }
    service.commit().unwrap();
    let root = service.service().root(300, &context()).unwrap();
    // One writer.
    assert!(open(&folder).is_err());
    drop(service);
    let service = open(&folder).unwrap();
    assert_eq!(service.service().root(300, &context()).unwrap(), root);
    assert_eq!(service.receipt_key().unwrap().key_id(), NEXT_SERVICE_KID);
    // Roots and proofs of every size that it had.
    let mut memory = merkle_proof::MemoryTree::new(Sha256Tree);
    for index in 0..300 {
        let statement = item(index, 400);
        let decoded = decode(&statement);
        let payload = decoded.message().danger_unverified_payload().unwrap();
        let entry = EntryRule::DEFAULT.entry(decoded.message(), payload);
        let leaf = entry.hash(&cose_ext::rustcrypto::Sha256);
        assert_eq!(service.service().log().leaf(index).unwrap().as_deref(), Some(leaf.as_ref()));
        memory.append(&[leaf.as_ref()]);
        let size = index + 1;
        let root = service.service().root(size, &context()).unwrap();
        assert_eq!(root, *memory.head().root.hash(), "{size}");
    }
    assert_eq!(service.service().log().leaf(300).unwrap(), None);
    drop(service);
    // What was erased stays erased, and the leaf stays.
    let mut service = open(&folder).unwrap();
    let entry = service.service().entry(7).unwrap();
    assert!(service.erase(entry, &context()).unwrap());
    drop(service);
    let service = open(&folder).unwrap();
    assert_eq!(service.service().statement(entry, &context()).unwrap(), None);
    assert!(service.service().log().leaf(7).unwrap().is_some());
    assert_eq!(service.service().root(300, &context()).unwrap(), root);
    drop(service);
    // A record that was lost is damage, and said to be.
    let records = folder.join("records");
    let whole = fs::read(&records).unwrap();
    fs::write(&records, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(open(&folder), Err(DurableLogError::Records(_))));
    fs::remove_dir_all(folder).unwrap();
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn s23_receipts_come_out_of_stored_tiles_that_led_to_the_root() {
    let folder = std::env::temp_dir().join(format!("scitt-tiles-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (context, input) = (context(), Input::embedded());
    let mut service = open(&folder).unwrap();
    service.submit(&policy_statement(&policy()), &input, LOGGED_AT, &context).unwrap();
    // The index of an entry is known when it is accepted, and stays.
    let accepted: Vec<_> = (0..300)
        .map(|number| service.submit(&statement_no(number), &input, LOGGED_AT, &context).unwrap())
        .collect();
    assert_eq!(service.commit().unwrap(), 301);
    for (index, submitted) in (1..).zip(&accepted) {
        assert_eq!(submitted.entry().index(), index);
        let number = u32::try_from(index - 1).unwrap();
        let again = service.submit(&statement_no(number), &input, LOGGED_AT, &context).unwrap();
        assert_eq!(again, Submitted::Known(submitted.entry()));
    }
    service.service_mut().sign_head(LOGGED_AT, &ed_signer(&SERVICE), &context).unwrap();
    assert_eq!(service.service().log().head().size, 301);
    let receipt = |service: &GovernedService<DurableLog>, index| {
        let entry = service.service().entry(index).unwrap();
        service.service().receipt(entry, &context)
    };
    let before = receipt(&service, 7).unwrap();
    assert!(before.is_some());
    drop(service);
    // Another process makes the same one, out of the files.
    let mut service = open(&folder).unwrap();
    service.service_mut().sign_head(LOGGED_AT, &ed_signer(&SERVICE), &context).unwrap();
    assert_eq!(receipt(&service, 7).unwrap(), before);
    drop(service);
    // And none out of tiles that somebody changed, wherever.
    let tiles: Vec<_> = files(&folder.join("log").join("public").join("tile"))
        .into_iter()
        .filter(|path| !path.to_string_lossy().contains("entries"))
        .collect();
    assert!(tiles.len() >= 2);
    let mut refused = 0;
    for path in tiles {
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[0] ^= 1;
        // While the service runs: opening it would make the tile again.
        let mut service = open(&folder).unwrap();
        fs::write(&path, &changed).unwrap();
        let signer = ed_signer(&SERVICE);
        let signed = service.service_mut().sign_head(LOGGED_AT, &signer, &context);
        match signed.and_then(|()| receipt(&service, 7)) {
            Ok(receipt) => assert_eq!(receipt, before, "{}", path.display()),
            Err(ServiceError::Log(DurableLogError::Tile(_))) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        drop(service);
        fs::write(&path, &whole).unwrap();
    }
    assert!(refused > 0);
    fs::remove_dir_all(folder).unwrap();
}
