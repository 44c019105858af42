//! A service over a log that has to be waited for.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context as TaskContext, Poll, Waker},
};

use cose_ext::{Input, header::Vds};
use governed::*;
use merkle_proof::{Node, Sha256Tree};
use scitt_core::{
    AsyncLog, Bootstrap, GovernedService, Log as _, LogRecord, LogTree, MemoryLog, NoSuchNode,
    Rule, ServiceError, Submitted, TransparencyService,
};
use world::*;

/// A log in memory whose every answer is waited for twice.
struct Remote(MemoryLog<Sha256Tree>);

/// Is not ready so many times.
struct Later(usize);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<()> {
        match self.0.checked_sub(1) {
            Some(left) => {
                self.0 = left;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl LogTree for Remote {
    type Error = NoSuchNode;

    fn structure(&self) -> Vds {
        self.0.structure()
    }

    fn size(&self) -> u64 {
        self.0.size()
    }

    fn join(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.0.join(left, right)
    }
}

impl AsyncLog for Remote {
    async fn find_async(&self, identity: &[u8; 32]) -> Result<Option<u64>, NoSuchNode> {
        Later(2).await;
        self.0.find(identity)
    }

    async fn append_async(&mut self, records: &[LogRecord<'_>]) -> Result<(), NoSuchNode> {
        Later(2).await;
        self.0.append(records)
    }

    async fn node_async(&self, node: Node) -> Result<[u8; 32], NoSuchNode> {
        Later(2).await;
        self.0.node(node)
    }

    async fn leaf_async(&self, index: u64) -> Result<Option<Vec<u8>>, NoSuchNode> {
        Later(2).await;
        self.0.leaf(index)
    }

    async fn erase_async(&mut self, index: u64) -> Result<bool, NoSuchNode> {
        Later(2).await;
        self.0.erase(index)
    }

    async fn evidence_async(&self, index: u64) -> Result<Option<Vec<u8>>, NoSuchNode> {
        Later(2).await;
        self.0.evidence(index)
    }
}

/// The smallest executor: polls until it is done. Returns how often it had to wait, too.
fn run<F: Future>(future: F) -> (F::Output, usize) {
    let mut future = pin!(future);
    let mut context = TaskContext::from_waker(Waker::noop());
    let mut waited = 0;
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return (output, waited),
            Poll::Pending => waited += 1,
        }
    }
}

fn done<F: Future>(future: F) -> F::Output {
    run(future).0
}

async fn begin() -> GovernedService<Remote> {
    let log = Remote(MemoryLog::new(Sha256Tree));
    let service = TransparencyService::over(log, SERVICE_ISS, receipt_key(&SERVICE));
    let context = context();
    let service = GovernedService::open_async(service, Bootstrap::FirstStatement, &context);
    service.await.unwrap()
}

#[test]
fn a_service_over_a_log_that_is_waited_for_does_what_the_other_does() {
    let (input, context) = (Input::embedded(), context());
    let mut remote = done(begin());
    let mut local = first();
    let statements = [policy_statement(&policy()), statement_no(0), statement_no(1), statement()];
    for (index, statement) in (0..).zip(&statements) {
        let (entry, waited) = run(remote.register_async(statement, &input, LOGGED_AT, &context));
        assert_eq!(entry.unwrap().index(), index);
        assert!(waited >= 4, "it looks the statement up, and appends it");
        assert_eq!(register(&mut local, statement), Ok(index));
        // And once more: one entry.
        let again = remote.submit_async(statement, &input, LOGGED_AT, &context);
        assert!(matches!(done(again), Ok(Submitted::Known(entry)) if entry.index() == index));
    }
    let signer = ed_signer(&SERVICE);
    done(remote.service_mut().sign_head_async(LOGGED_AT, &signer, &context)).unwrap();
    local.service_mut().sign_head(LOGGED_AT, &signer, &context).unwrap();
    for index in 0..4 {
        let entry = remote.service().entry(index).unwrap();
        let (receipt, waited) = run(remote.service().receipt_async(entry, &context));
        assert!(waited > 0);
        assert_eq!(receipt.unwrap(), local.service().receipt(entry, &context).unwrap());
        let statement = done(remote.service().statement_async(entry, &context)).unwrap();
        assert_eq!(statement.as_ref(), Some(&statements[usize::try_from(index).unwrap()]));
        let pending = remote.service().prepare_receipt_async(entry, LOGGED_AT, &context);
        let pending = done(pending).unwrap();
        assert_eq!(pending.root(), local.service().head().root.hash());
        assert_eq!(done(remote.service().ledger_parts_async(entry)).unwrap(), None);
    }
    for older in 1..=4 {
        let growth = done(remote.service().prepare_consistency_async(older, LOGGED_AT, &context));
        let expected = local.service().prepare_consistency(older, LOGGED_AT, &context);
        let expected = expected.unwrap().sign(&signer).unwrap();
        assert_eq!(growth.unwrap().sign(&signer).unwrap(), expected);
    }
    // A refusal is one here as well.
    let stranger = builder().sign(PAYLOAD, &ec_signer(&OTHER_ISSUER)).unwrap();
    let refused = done(remote.register_async(&stranger, &input, LOGGED_AT, &context));
    assert!(refused.unwrap_err().refusal().is_some());
    // What governs is not erased, the rest is.
    let policy = remote.service().entry(0).unwrap();
    assert!(done(remote.erase_async(policy, &context)).is_err());
    let entry = remote.service().entry(2).unwrap();
    assert_eq!(done(remote.erase_async(entry, &context)), Ok(true));
    assert_eq!(done(remote.service().statement_async(entry, &context)), Ok(None));
    assert!(done(remote.service().receipt_async(entry, &context)).unwrap().is_some());
    let _ = Rule::OneEntry;
}

#[test]
fn s24_a_commit_that_was_not_waited_for_interrupts_the_service() {
    let (input, context) = (Input::embedded(), context());
    let mut service = done(begin());
    let statement = policy_statement(&policy());
    done(service.submit_async(&statement, &input, LOGGED_AT, &context)).unwrap();
    {
        let mut commit = pin!(service.commit_async());
        let mut task = TaskContext::from_waker(Waker::noop());
        assert!(commit.as_mut().poll(&mut task).is_pending());
        // Dropped here: whether the batch is in the log, nobody knows.
    }
    let found = done(service.commit_async());
    assert_eq!(found, Err(ServiceError::Interrupted));
    let found = done(service.submit_async(&statement_no(1), &input, LOGGED_AT, &context));
    assert!(found.is_err());
}
