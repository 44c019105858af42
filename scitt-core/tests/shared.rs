//! Many threads register with one service.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

use cose_ext::{Input, Profile, header::Vds};
use governed::*;
use merkle_proof::{Node, Sha256Tree};
use scitt_core::{
    AuditedEntry, Auditor, Bootstrap, EntryOutcome, EntryRule, Evidence, Governance, Log as _,
    LogRecord, LogTree as _, MemoryLog, NoSuchNode, PolicyRule, ServiceError, SharedService,
};
use world::*;

const THREADS: u32 = 8;
const EACH: u32 = 25;

/// A log in memory that may fail, and takes its time, as a disk does.
struct Slow {
    log: MemoryLog<Sha256Tree>,
    fails: &'static AtomicBool,
}

impl scitt_core::LogTree for Slow {
    type Error = NoSuchNode;

    fn structure(&self) -> Vds {
        self.log.structure()
    }

    fn size(&self) -> u64 {
        self.log.size()
    }

    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.log.join(left, right)
    }
}

impl scitt_core::Log for Slow {
    fn find(&self, identity: &[u8; 32]) -> Result<Option<u64>, NoSuchNode> {
        self.log.find(identity)
    }

    fn append(&mut self, records: &[LogRecord<'_>]) -> Result<(), NoSuchNode> {
        thread::sleep(std::time::Duration::from_millis(3));
        if self.fails.load(Relaxed) {
            return Err(NoSuchNode(Node { level: 0, index: 0 }));
        }
        self.log.append(records)
    }

    fn node(&self, node: Node) -> Result<[u8; 32], NoSuchNode> {
        self.log.node(node)
    }

    fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, NoSuchNode> {
        self.log.leaf(index)
    }

    fn erase(&mut self, index: u64) -> Result<bool, NoSuchNode> {
        self.log.erase(index)
    }

    fn evidence(&self, index: u64) -> Result<Option<Vec<u8>>, NoSuchNode> {
        self.log.evidence(index)
    }
}

fn shared(fails: &'static AtomicBool) -> SharedService<Slow> {
    let log = Slow { log: MemoryLog::new(Sha256Tree), fails };
    SharedService::new(governed(log, Bootstrap::FirstStatement))
}

fn register(
    service: &SharedService<Slow>,
    statement: &[u8],
) -> Result<u64, ServiceError<NoSuchNode>> {
    let entry = service.register(statement, &Input::embedded(), LOGGED_AT, &context());
    entry.map(scitt_core::EntryId::index)
}

#[test]
fn s24_threads_that_register_get_an_entry_each_and_share_batches() {
    static FINE: AtomicBool = AtomicBool::new(false);
    let service = shared(&FINE);
    register(&service, &policy_statement(&policy())).unwrap();
    let entries: Vec<Vec<u64>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let service = service.clone();
                scope.spawn(move || {
                    let one = |number| {
                        // Each statement comes from two threads.
                        let number = thread / 2 * EACH + number;
                        let entry = register(&service, &statement_no(number)).unwrap();
                        // It is in the log, and says the same whoever asks again.
                        assert!(service.with_service(|it| it.service().size()) > entry);
                        assert_eq!(register(&service, &statement_no(number)).unwrap(), entry);
                        entry
                    };
                    (0..EACH).map(one).collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for pair in entries.chunks(2) {
        assert_eq!(pair[0], pair[1]);
    }
    let different: BTreeSet<_> = entries.iter().flatten().collect();
    assert_eq!(different.len(), (THREADS / 2 * EACH) as usize);
    let size = service.with_service(|it| it.service().size());
    assert_eq!(size, u64::from(THREADS / 2 * EACH) + 1);
    assert!(service.batches() < size, "{} batches", service.batches());
}

#[test]
fn s31_each_decision_is_made_under_the_policy_before_its_entry() {
    static FINE: AtomicBool = AtomicBool::new(false);
    let service = shared(&FINE);
    register(&service, &policy_statement(&policy())).unwrap();
    // Policies that let in even or odd numbers follow each other while threads register both.
    let policies: Vec<Vec<u8>> =
        (0..12)
            .map(|turn| {
                let rule = PolicyRule::new().subject(&format!("part {}*", turn % 4));
                policy_statement(&policy().with_rule(rule).with_rule_for(
                    format!("application/x.turn-{turn}").as_str(),
                    PolicyRule::new(),
                ))
            })
            .collect();
    thread::scope(|scope| {
        for thread in 0..4 {
            let service = service.clone();
            scope.spawn(move || {
                for number in 0..40 {
                    // Let in or not, as the policy of the moment says.
                    let _ = register(&service, &statement_no(thread * 1000 + number));
                }
            });
        }
        let service = service.clone();
        scope.spawn(move || {
            for policy in &policies {
                register(&service, policy).unwrap();
            }
        });
    });
    service.with_service(|service| {
        let log = service.service().log();
        let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
        let mut governance = Governance::new(SERVICE_ISS, Bootstrap::FirstStatement);
        for index in 0..log.size() {
            let evidence = log.evidence(index).unwrap().unwrap();
            let evidence = Evidence::decode(&evidence, &Profile::LENIENT).unwrap();
            let entry = AuditedEntry::from(&evidence);
            let audit = auditor.replay(&entry, &mut governance, &context()).unwrap();
            assert_eq!(audit.outcome, EntryOutcome::Checked, "{index}");
        }
        let root = service.service().root(log.size(), &context()).unwrap();
        assert_eq!(*auditor.head().root.hash(), root);
    });
}

#[test]
fn a_log_that_fails_is_told_to_all_that_wait() {
    static FAILS: AtomicBool = AtomicBool::new(false);
    let service = shared(&FAILS);
    register(&service, &policy_statement(&policy())).unwrap();
    FAILS.store(true, Relaxed);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let service = service.clone();
                scope.spawn(move || register(&service, &statement_no(number)))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(Result::is_err), "{outcomes:?}");
    assert!(outcomes.iter().any(|it| matches!(it, Err(ServiceError::Log(_)))));
    FAILS.store(false, Relaxed);
    // Nothing is taken in until the service was made anew over the log.
    assert_eq!(register(&service, &statement_no(9)), Err(ServiceError::Interrupted));
    assert_eq!(service.with_service(|it| it.service().size()), 1);
}
