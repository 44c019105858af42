//! A service that registers whom it is told to, one call at a time: each statement has one state, which only goes forward.

use cose_ext::crypto::Algorithm;
use cose_ext::header::Vds;
use cose_ext::key::{TrustStore, TrustedKey};
use cose_ext::{Context, Input};
use fuzz::{Accept, Chosen};
use merkle_proof::{Node, Sha256Tree};
use scitt_core::{
    EntryRule, Log, LogRecord, LogTree, MemoryLog, NoSuchNode, ReceiptKey, Registration,
    RegistrationState, Requirements, ServiceError, ServiceLimits, StatementBuilder, Submitted,
    TransparencyService,
};

use crate::{ISSUER, SERVICE, SIGNER, key, refused};

pub fn check(first: u8, steps: &[u8]) {
    let context = Context::new(&Accept::NOBODY);
    let chosen = &mut Chosen::by(steps);
    let rule = [EntryRule::DEFAULT, EntryRule::SCITT_COSE, EntryRule::STATEMENT_BYTES];
    let receipt_key = match first % 2 {
        0 => ReceiptKey::by_thumbprint(key(), Algorithm::ES256, &context).expect("of a whole key"),
        _ => ReceiptKey::new(b"log", Algorithm::ES256).certified_by(&[b"a certificate"]),
    };
    assert_eq!(receipt_key.public_key().is_none(), receipt_key.certificates().count() == 1);
    assert_eq!(receipt_key.to_cose_key().is_some(), receipt_key.public_key().is_some());
    let limits = ServiceLimits::DEFAULT.with_statement_bytes(400).with_queued(3);
    let mut service = TransparencyService::in_memory(Sha256Tree, SERVICE, receipt_key)
        .with_entry_rule(rule[usize::from(first / 2 % 3)])
        .with_limits(limits);
    let trusted = TrustedKey::new(key(), &context).expect("of the right shape");
    let (bound, unbound) = ([trusted.for_issuer(ISSUER)], [trusted]);
    let issuers = TrustStore::new(if first / 8 % 4 == 0 { &unbound } else { &bound });
    let requirements =
        if first / 32 % 2 == 0 { Requirements::Rfc9943 } else { Requirements::Lenient };
    let policy = Registration { issuers: &issuers, requirements };
    assert!(format!("{policy:?}").contains("requirements"));
    let may = first / 8 % 4 != 0 || requirements == Requirements::Lenient;
    let mut queued = 0;
    for _ in 0..12 {
        let number = chosen.byte() % 8;
        let payload = vec![number; if number == 7 { 500 } else { 1 }];
        let builder = StatementBuilder::new(ISSUER, "thing").key_id(b"1");
        let (made, input) = match number % 2 {
            0 => (builder.sign(&payload, &SIGNER), Input::embedded()),
            _ => (builder.sign_detached(&payload, &SIGNER), Input::detached(&payload)),
        };
        let made = made.expect("a statement");
        let size = service.size();
        match chosen.byte() % 5 {
            0 => match service.register(&made, &input, 7, &policy, &context) {
                Ok(entry) => {
                    assert_ne!(service.state(entry), Some(RegistrationState::Queued));
                    assert!(service.statement(entry, &context).is_ok_and(|found| found.is_some()));
                    queued = 0;
                }
                Err(error) => {
                    assert!(!may || number == 7 || queued == 3);
                    refused(&error);
                }
            },
            1 => {
                assert_eq!(service.commit().ok(), Some(queued));
                assert_eq!(service.size(), size + queued as u64);
                queued = 0;
            }
            2 => {
                service.rotate(ReceiptKey::new(&[number], Algorithm::ES256).with_public_key(key()));
                assert!(service.signed_head().is_none() && service.keys().len() > 1);
            }
            3 => {
                service.sign_head(7, &SIGNER, &context).expect("the signer's own");
                assert_eq!(service.signed_head().map(|head| head.size()), Some(size));
            }
            _ => match service.submit(&made, &input, 7, &policy, &context) {
                Ok(Submitted::Queued(entry)) => {
                    assert_eq!(service.state(entry), Some(RegistrationState::Queued));
                    queued = queued.max((entry.index() + 1 - size) as usize);
                }
                Ok(Submitted::Known(entry)) => {
                    let state = service.state(entry);
                    assert!(matches!(
                        state,
                        Some(RegistrationState::Committed | RegistrationState::ReceiptReady)
                    ));
                }
                Err(error) => {
                    assert!(!may || number == 7 || queued == 3);
                    refused(&error);
                }
            },
        }
        assert_eq!(service.registrar().batch().len(), queued);
    }
    failing(chosen, &policy, &context);
    let entry = service.entry(0);
    assert_eq!(entry.is_none(), service.size() == 0);
    assert_eq!(service.into_log().head().size > 0, entry.is_some());
}

/// A log that fails when it is asked for the so-manieth time, and not before.
struct Failing {
    log: MemoryLog<Sha256Tree>,
    left: core::cell::Cell<u8>,
}

/// A log of others failed.
#[derive(Debug)]
struct Down;

impl core::fmt::Display for Down {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the log is down")
    }
}

impl std::error::Error for Down {}

impl From<NoSuchNode> for Down {
    fn from(_: NoSuchNode) -> Self {
        Self
    }
}

impl Failing {
    fn asked(&self) -> Result<(), Down> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left == 0 { Err(Down) } else { Ok(()) }
    }
}

impl LogTree for Failing {
    type Error = Down;

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

impl Log for Failing {
    fn find(&self, identity: &[u8; 32]) -> Result<Option<u64>, Down> {
        self.asked()?;
        Ok(self.log.find(identity)?)
    }

    fn append(&mut self, records: &[LogRecord<'_>]) -> Result<(), Down> {
        self.asked()?;
        Ok(self.log.append(records)?)
    }

    fn node(&self, node: Node) -> Result<[u8; 32], Down> {
        self.asked()?;
        Ok(self.log.node(node)?)
    }

    fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, Down> {
        self.asked()?;
        Ok(self.log.leaf(index)?)
    }

    fn erase(&mut self, index: u64) -> Result<bool, Down> {
        self.asked()?;
        Ok(self.log.erase(index)?)
    }

    fn evidence(&self, index: u64) -> Result<Option<Vec<u8>>, Down> {
        self.asked()?;
        Ok(self.log.evidence(index)?)
    }
}

/// Step by step, over a log that fails sometime: a service that could not append appends no more.
fn failing(chosen: &mut Chosen<'_>, policy: &Registration<'_>, context: &Context<'_>) {
    let log = Failing { log: MemoryLog::new(Sha256Tree), left: core::cell::Cell::new(u8::MAX) };
    let key = ReceiptKey::new(b"log", Algorithm::ES256).with_public_key(key());
    let mut service = TransparencyService::over(log, SERVICE, key);
    service.log().left.set(chosen.byte() % 24);
    for number in [0, 1, 1, 0, 2] {
        let made = StatementBuilder::new(ISSUER, "thing").key_id(b"1").sign(&[number], &SIGNER);
        let made = made.expect("a statement");
        let received = service.registrar().receive(&made, &Input::embedded(), context);
        let received = received.expect("a statement");
        match service.resubmitted(&received, context) {
            Ok(None) => {}
            Ok(Some(known)) => {
                assert!(known.entry().index() <= u64::from(number));
                continue;
            }
            Err(error) => {
                assert!(matches!(error, ServiceError::Log(Down)));
                refused(&error);
            }
        }
        let Ok(checked) = service.registrar().check(&received, 7, policy, context) else { return };
        match service.accept(checked, context) {
            Ok(accepted) => assert!(accepted.entry().index() <= u64::from(number)),
            Err(error) => {
                assert!(matches!(error, ServiceError::Log(Down)));
                refused(&error);
                continue;
            }
        }
        if chosen.byte() % 2 == 0 {
            continue;
        }
        let (size, queued) = (service.size(), service.registrar().batch().len() as u64);
        match service.commit() {
            Ok(count) => assert_eq!(service.size(), size + count as u64),
            Err(error) => {
                assert!(matches!(error, ServiceError::Log(Down)) && service.size() == size);
                refused(&error);
                // It is as if nothing had been queued, and stays so.
                assert!(queued > 0 && service.registrar().batch().is_empty());
                let again = service.submit(&made, &Input::embedded(), 7, policy, context);
                assert!(again.is_err());
                assert!(matches!(service.commit(), Err(ServiceError::Interrupted)));
                return;
            }
        }
    }
    if let Some(entry) = service.entry(0) {
        for _ in 0..2 {
            match service.statement(entry, context) {
                Ok(statement) => assert!(statement.is_some()),
                Err(error) => refused(&error),
            }
            if let Err(error) = service.root(service.size(), context) {
                refused(&error);
            }
        }
    }
}
