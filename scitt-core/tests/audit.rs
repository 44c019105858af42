//! The replay of a whole log.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Context, Input, Profile, Verified, crypto::Algorithm, key::KeyResolver, rustcrypto::Sha256,
};
use merkle_proof::{
    CcfLedger, MemoryTree, Rfc9162Tree, Sha256Tree, TreeSize,
    ccf::CcfSha256Tree,
    cose::{Receipt, ReceiptReading},
};
use scitt_core::{
    AuditedEntry, Auditor, EntryEncoding, EntryOutcome, EntryPayload, EntryRule, Error, ErrorKind,
    HeadAudit, HeadForm, HeadVerifier, LedgerParts, LoggedContent, ReceiptAudit, Replay,
    ReplayedPolicy, Requirements, Rule, ServiceKey, SignedHeadBuilder, Statement, TrustedIssuers,
    TrustedService,
};
use world::*;

fn issuers() -> cose_ext::key::TrustedKey<'static> {
    issuer_key()
}

fn policy<'r>(issuers: &'r dyn KeyResolver) -> TrustedIssuers<'r> {
    TrustedIssuers { issuers, requirements: Requirements::Rfc9943 }
}

/// Statements of the issuer about different things.
fn statements(count: usize) -> Vec<Vec<u8>> {
    let one = |n| {
        scitt_core::StatementBuilder::new(ISS, &format!("release {n}"))
            .key_id(KID)
            .sign(PAYLOAD, &ec_signer(&ISSUER))
            .unwrap()
    };
    (0..count).map(one).collect()
}

fn digest(statement: &[u8], rule: EntryRule) -> Vec<u8> {
    let entry = rule.entry(decode(statement).message(), PAYLOAD);
    entry.hash(&Sha256).as_ref().to_vec()
}

fn auditor() -> Auditor<Sha256Tree> {
    Auditor::new(Sha256Tree, EntryRule::DEFAULT)
}

fn replay(auditor: &mut Auditor<Sha256Tree>, entry: &AuditedEntry<'_>) -> EntryOutcome {
    let issuers = issuers();
    let size = auditor.size();
    let audit = auditor.replay(entry, &mut policy(&issuers), &context()).unwrap();
    assert_eq!((audit.index, auditor.size()), (size, size + 1));
    audit.outcome
}

fn whole(statement: &[u8]) -> AuditedEntry<'_> {
    AuditedEntry::statement(statement, Input::embedded())
}

fn keys() -> [ServiceKey<'static>; 1] {
    [service_key(&SERVICE, SERVICE_KID)]
}

fn service<'k>(keys: &'k [ServiceKey<'k>]) -> TrustedService<'k> {
    TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys }
}

#[test]
fn s65_the_replay_has_the_roots_that_the_service_signed() {
    let mut log = Log::usual(0);
    let mut auditor = auditor();
    let (keys, statements) = (keys(), statements(9));
    let mut receipts = Vec::new();
    let mut heads = Vec::new();
    for statement in &statements {
        receipts.push(log.log(statement));
        let head = log.service.head();
        let head = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, &head, 1);
        heads.push(head.sign(&ed_signer(&SERVICE)).unwrap());
    }
    let verifier = HeadVerifier::new(service(&keys));
    for (n, statement) in statements.iter().enumerate() {
        let head = verifier.verify(HeadForm::Cose(&heads[n]), &context()).unwrap();
        assert_eq!(auditor.check_head(&head), HeadAudit::Ahead);
        assert_eq!(replay(&mut auditor, &whole(statement)), EntryOutcome::Checked);
        assert_eq!(auditor.check_head(&head), HeadAudit::Agrees);
    }
    assert_eq!(auditor.head(), log.service.head());
    assert_eq!(auditor.report().checked(), 9);
    assert_eq!(auditor.report().to_string(), "9 entries checked");
    for (n, (statement, receipt)) in statements.iter().zip(&receipts).enumerate() {
        let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        let check = |statement: &[u8]| {
            auditor.check_receipt(&whole(statement), &receipt, &service(&keys), &context())
        };
        let size = u64::try_from(n).unwrap() + 1;
        assert_eq!(check(statement), Ok(ReceiptAudit::Agrees { size }));
        // The receipt of one entry beside another.
        let other = check(&statements[(n + 1) % 9]).unwrap_err();
        assert_eq!(other.verdict(), scitt_core::Verdict::Broken, "{n}: {other}");
    }
}

#[test]
fn s65_a_receipt_from_beyond_the_replay_is_a_discrepancy_that_is_resolved_by_going_on() {
    let mut log = Log::usual(0);
    let statements = statements(4);
    let receipts: Vec<_> = statements.iter().map(|statement| log.log(statement)).collect();
    let mut auditor = auditor();
    replay(&mut auditor, &whole(&statements[0]));
    replay(&mut auditor, &whole(&statements[1]));
    let keys = keys();
    let last = Receipt::decode(&receipts[3], &Profile::LENIENT).unwrap();
    let check = |auditor: &Auditor<Sha256Tree>| {
        auditor.check_receipt(&whole(&statements[3]), &last, &service(&keys), &context()).unwrap()
    };
    let ReceiptAudit::Unknown(discrepancy) = check(&auditor) else { panic!("it was not replayed") };
    assert_eq!(discrepancy.known(), &auditor.head());
    assert_eq!(discrepancy.root(), log.service.head().root.hash());
    replay(&mut auditor, &whole(&statements[2]));
    replay(&mut auditor, &whole(&statements[3]));
    assert_eq!(check(&auditor), ReceiptAudit::Agrees { size: 4 });
}

#[test]
fn s65_entries_that_are_not_those_that_were_signed_contradict_the_heads() {
    let mut log = Log::usual(0);
    let statements = statements(5);
    let receipts: Vec<_> = statements.iter().map(|statement| log.log(statement)).collect();
    let keys = keys();
    let verifier = HeadVerifier::new(service(&keys));
    let sign = |head: &merkle_proof::TreeHead<Rfc9162Tree, [u8; 32]>| {
        let head = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, head, 1);
        head.sign(&ed_signer(&SERVICE)).unwrap()
    };
    // Somebody hands out the log without its third entry.
    let mut auditor = auditor();
    for n in [0, 1, 3, 4] {
        replay(&mut auditor, &whole(&statements[n]));
    }
    let mut honest = MemoryTree::new(Sha256Tree);
    for statement in &statements {
        honest.append(&[&digest(statement, EntryRule::DEFAULT)]);
    }
    let true_head = sign(&honest.head_at(3).unwrap());
    let true_head = verifier.verify(HeadForm::Cose(&true_head), &context()).unwrap();
    let replayed = auditor.clone();
    let HeadAudit::Contradicts { replayed: root } = replayed.check_head(&true_head) else {
        panic!("the third entry is another")
    };
    assert_ne!(root, *true_head.root());
    let receipt = Receipt::decode(&receipts[3], &Profile::LENIENT).unwrap();
    let audit =
        auditor.check_receipt(&whole(&statements[3]), &receipt, &service(&keys), &context());
    assert!(matches!(audit, Ok(ReceiptAudit::Unknown(_))));
    // No fork so far: nobody signed what was replayed. Once the service did, it is one.
    let older = sign(&honest.head_at(2).unwrap());
    let older = verifier.verify(HeadForm::Cose(&older), &context()).unwrap();
    assert_eq!(auditor.check_head(&older), HeadAudit::Agrees);
    let error = auditor.prove_fork(&true_head, &older, &context()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(Rule::ForkFromSignedHeads));
    let error = auditor.prove_fork(&older, &older, &context()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(Rule::ForkFromSignedHeads));
    let second_history = sign(&auditor.head());
    let second = verifier.verify(HeadForm::Cose(&second_history), &context()).unwrap();
    let proof = auditor.prove_fork(&second, &true_head, &context()).unwrap();
    let bytes = proof.to_bytes();
    let again = scitt_core::ForkProof::from_bytes(&bytes, &verifier, &context()).unwrap();
    assert_eq!((again.older().size(), again.newer().size()), (3, 4));
}

#[test]
fn s65_consistency_receipts_begin_with_the_replayed_log() {
    use cose_ext::{MapBuilder, cwt::ClaimKey, header::Vds};
    use merkle_proof::cose::{ReceiptBuilder, encode_consistency};
    let statements = statements(6);
    let mut tree = MemoryTree::new(Sha256Tree);
    let mut auditor = auditor();
    for (n, statement) in statements.iter().enumerate() {
        tree.append(&[&digest(statement, EntryRule::DEFAULT)]);
        if n < 4 {
            replay(&mut auditor, &whole(statement));
        }
    }
    let claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "scitt.receipt.v1");
    let receipt = |older, newer| {
        let path = tree.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
        ReceiptBuilder::new(Vds::RFC9162_SHA256)
            .key_id(SERVICE_KID)
            .cwt_claims(&claims)
            .consistency(encode_consistency(TreeSize(older), TreeSize(newer), &path))
            .sign(tree.head_at(newer).unwrap().root.hash(), &ed_signer(&SERVICE))
            .unwrap()
    };
    let keys = keys();
    let check = |receipt: &[u8]| {
        let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        let (service, reading) = (service(&keys), ReceiptReading::DEFAULT);
        auditor.check_consistency(&receipt, &service, &reading, &context())
    };
    assert_eq!(check(&receipt(2, 4)), Ok(ReceiptAudit::Agrees { size: 4 }));
    assert!(matches!(check(&receipt(3, 6)), Ok(ReceiptAudit::Unknown(_))));
    // From a size that nobody replayed.
    assert!(check(&receipt(5, 6)).is_err());
}

#[test]
fn s66_every_decision_is_made_again() {
    let mut auditor = auditor();
    let other = scitt_core::StatementBuilder::new(ISS, "by somebody else")
        .key_id(b"stranger")
        .sign(PAYLOAD, &ed_signer(&STRANGER))
        .unwrap();
    let mut changed = statement();
    *changed.last_mut().unwrap() ^= 1;
    let good = statement();
    let kind = |outcome: EntryOutcome| match outcome {
        EntryOutcome::Faulty(error) => error.kind(),
        outcome => panic!("{outcome:?}"),
    };
    let fault = kind(replay(&mut auditor, &whole(&other)));
    assert_eq!(scitt_core::Error::new(fault).verdict(), scitt_core::Verdict::CannotEvaluate);
    let fault = kind(replay(&mut auditor, &whole(&changed)));
    assert_eq!(scitt_core::Error::new(fault).verdict(), scitt_core::Verdict::Broken);
    assert_eq!(auditor.report().faulty(), 2);
    assert!(auditor.report().first_fault().is_some_and(|fault| fault.index() == 0));
    // A key that is bound to no issuer.
    let unbound = ec_key(&ISSUER).with_key_id(KID);
    let audit = auditor.replay(&whole(&good), &mut policy(&unbound), &context()).unwrap();
    assert_eq!(kind(audit.outcome), ErrorKind::Refused(Rule::IssuerBound));
    let text = auditor.report().to_string();
    assert!(text.starts_with("0 entries checked; 3 faulty, the first at 0:"), "{text}");
}

/// Lets in statements of the subject that the last statement with another subject names: a policy that
/// is itself in the log.
struct Governed<'r> {
    issuers: &'r dyn KeyResolver,
    allowed: Option<String>,
}

impl ReplayedPolicy for Governed<'_> {
    fn with_issuers(
        &mut self,
        _: &Replay<'_, '_>,
        _: &Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver, Requirements),
    ) -> Result<(), Error> {
        then(self.issuers, Requirements::Rfc9943);
        Ok(())
    }

    fn decide(
        &mut self,
        _: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        _: &Context<'_>,
    ) -> Result<(), Error> {
        let subject = statement.value().subject();
        let is_policy = subject.is_some_and(|subject| subject.starts_with("policy:"));
        if is_policy || subject == self.allowed.as_deref() {
            Ok(())
        } else {
            Err(ErrorKind::Refused(Rule::AuditDecision).into())
        }
    }

    fn committed(
        &mut self,
        _: &Replay<'_, '_>,
        statement: &Verified<Statement<'_, '_>>,
        _: &Context<'_>,
    ) {
        let subject = statement.value().subject().and_then(|text| text.strip_prefix("policy:"));
        if let Some(subject) = subject {
            self.allowed = Some(subject.into());
        }
    }
}

#[test]
fn s66_the_policy_in_force_is_the_one_committed_before() {
    let issuers = issuers();
    let mut policy = Governed { issuers: &issuers, allowed: None };
    let mut auditor = auditor();
    for (n, (subject, is_good)) in [
        ("a", false),
        ("policy:a", true),
        ("a", true),
        ("b", false),
        ("policy:b", true),
        ("b", true),
        ("a", false),
    ]
    .into_iter()
    .enumerate()
    {
        let statement = scitt_core::StatementBuilder::new(ISS, subject)
            .key_id(KID)
            .sign(&[u8::try_from(n).unwrap()], &ec_signer(&ISSUER))
            .unwrap();
        let audit = auditor.replay(&whole(&statement), &mut policy, &context()).unwrap();
        assert_eq!(audit.outcome == EntryOutcome::Checked, is_good, "{n}: {audit:?}");
    }
}

#[test]
fn s24_a_statement_that_has_two_entries_is_found() {
    let mut auditor = auditor();
    let statement = statement();
    assert_eq!(replay(&mut auditor, &whole(&statement)), EntryOutcome::Checked);
    for again in [statement.clone(), flip_s(&statement)] {
        let EntryOutcome::Faulty(error) = replay(&mut auditor, &whole(&again)) else {
            panic!("a second entry")
        };
        assert_eq!(error.kind(), ErrorKind::Broken(Rule::OneEntry));
    }
}

#[test]
fn s67_a_payload_that_is_withheld_leaves_the_rest_good_and_is_named() {
    let mut log = Log::usual(0);
    let statements = statements(5);
    let receipts: Vec<_> = statements.iter().map(|statement| log.log(statement)).collect();
    let digests: Vec<_> =
        statements.iter().map(|statement| digest(statement, EntryRule::DEFAULT)).collect();
    let mut auditor = auditor();
    for n in 0..5 {
        let outcome = match n {
            1 | 3 => replay(&mut auditor, &AuditedEntry::withheld(&digests[n])),
            _ => replay(&mut auditor, &whole(&statements[n])),
        };
        let withheld = EntryOutcome::Withheld { header_is_bound: false };
        assert_eq!(outcome, if n % 2 == 1 { withheld } else { EntryOutcome::Checked });
    }
    assert_eq!(auditor.head(), log.service.head());
    let report = auditor.report();
    assert_eq!((report.checked(), report.withheld(), report.first_withheld()), (3, 2, Some(1)));
    let text = report.to_string();
    assert_eq!(text, "3 entries checked; 2 without payload, so not checked, the first at 1");
    let keys = keys();
    for (n, receipt) in receipts.iter().enumerate() {
        let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        let entry = AuditedEntry::withheld(&digests[n]);
        let audit = auditor.check_receipt(&entry, &receipt, &service(&keys), &context());
        assert!(matches!(audit, Ok(ReceiptAudit::Agrees { .. })), "{n}");
    }
}

#[test]
fn s67_where_the_entry_does_not_bind_the_payload_the_header_is_shown_to_be_the_logged_one() {
    let rule =
        EntryRule { encoding: EntryEncoding::Preferred(EntryPayload::Nil), ..EntryRule::DEFAULT };
    let detached = builder().sign_detached(PAYLOAD, &ec_signer(&ISSUER)).unwrap();
    let entry = digest(&detached, rule);
    let mut auditor = Auditor::new(Sha256Tree, rule);
    let shown = |statement| AuditedEntry {
        content: LoggedContent::Withheld { entry: &entry, statement: Some(statement) },
        ledger: None,
        decided_at: None,
    };
    let bound = EntryOutcome::Withheld { header_is_bound: true };
    assert_eq!(replay(&mut auditor, &shown(&detached)), bound);
    // Another header beside the same digest.
    let other = statements(1);
    let EntryOutcome::Faulty(error) = replay(&mut auditor, &shown(&other[0])) else {
        panic!("another header")
    };
    assert_eq!(error.kind(), ErrorKind::Broken(Rule::AuditRoot));
    let with_payload = AuditedEntry::statement(&detached, Input::detached(PAYLOAD));
    let mut whole = Auditor::new(Sha256Tree, rule);
    assert_eq!(replay(&mut whole, &with_payload), EntryOutcome::Checked);
}

#[test]
fn an_entry_that_cannot_be_computed_stops_the_replay() {
    let mut auditor = auditor();
    let issuers = issuers();
    for bytes in [&b"no statement"[..], &[]] {
        let entry = whole(bytes);
        assert!(auditor.replay(&entry, &mut policy(&issuers), &context()).is_err());
    }
    assert_eq!(auditor.size(), 0);
}

#[test]
fn the_ledger_of_a_ccf_service_is_replayed_too() {
    let mut auditor: Auditor<CcfSha256Tree> = Auditor::new(CcfSha256Tree, EntryRule::CCF);
    let mut tree: MemoryTree<CcfSha256Tree> = MemoryTree::new(CcfSha256Tree);
    let issuers = issuers();
    for (n, statement) in statements(3).iter().enumerate() {
        let parts =
            LedgerParts { transaction: [u8::try_from(n).unwrap(); 32], evidence_hash: [7; 32] };
        tree.append(&[
            &parts.transaction,
            &parts.evidence_hash,
            &digest(statement, EntryRule::CCF),
        ]);
        let entry = whole(statement).in_ledger(parts).decided_at(7);
        let audit = auditor.replay(&entry, &mut policy(&issuers), &context()).unwrap();
        assert_eq!(audit.outcome, EntryOutcome::Checked);
    }
    let head: merkle_proof::TreeHead<CcfLedger, [u8; 32]> = auditor.head();
    assert_eq!(head, tree.head());
    assert_eq!(EntryRule::CCF.hash, Some(Algorithm::SHA256));
}

/// The receipt of an entry in a ledger as it was at `size`.
#[cfg(feature = "ccf")]
fn ledger_receipt(
    tree: &MemoryTree<CcfSha256Tree>,
    (index, size): (u64, u64),
    data_hash: &[u8; 32],
) -> Vec<u8> {
    use merkle_proof::{
        Side,
        ccf::{Leaf, PathElement},
        cose::{ReceiptBuilder, encode_ccf_inclusion},
        inclusion_nodes,
    };
    let transaction = [u8::try_from(index).unwrap(); 32];
    let leaf = Leaf::new(&transaction, EVIDENCE, data_hash).unwrap();
    let path: Vec<_> = inclusion_nodes(merkle_proof::LeafIndex(index), TreeSize(size))
        .unwrap()
        .map(|node| PathElement {
            left: node.side == Side::Left,
            hash: tree.subtree_hash(node.subtree).unwrap(),
        })
        .collect();
    let claims = cose_ext::MapBuilder::new()
        .with(cose_ext::cwt::ClaimKey::ISS, SERVICE_ISS)
        .with(cose_ext::cwt::ClaimKey::SUB, "scitt.ccf.signature.v1");
    ReceiptBuilder::new(cose_ext::header::Vds::CCF_LEDGER_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(encode_ccf_inclusion(&leaf, &path))
        .sign(tree.head_at(size).unwrap().root.hash(), &ed_signer(&SERVICE))
        .unwrap()
}

#[cfg(feature = "ccf")]
const EVIDENCE: &str = "ce:2.1:00";

#[cfg(feature = "ccf")]
#[test]
fn s65_receipts_of_a_ledger_are_of_roots_that_it_had() {
    use cose_ext::crypto::HashFunction;
    let mut auditor: Auditor<CcfSha256Tree> = Auditor::new(CcfSha256Tree, EntryRule::CCF);
    let mut tree: MemoryTree<CcfSha256Tree> = MemoryTree::new(CcfSha256Tree);
    let (issuers, statements) = (issuers(), statements(4));
    let evidence_hash = Sha256.hash(&[EVIDENCE.as_bytes()]).as_ref().try_into().unwrap();
    let parts =
        |n: usize| LedgerParts { transaction: [u8::try_from(n).unwrap(); 32], evidence_hash };
    for (n, statement) in statements.iter().enumerate() {
        let data_hash = digest(statement, EntryRule::CCF);
        tree.append(&[&parts(n).transaction, &evidence_hash, &data_hash]);
        if n < 3 {
            let entry = whole(statement).in_ledger(parts(n));
            auditor.replay(&entry, &mut policy(&issuers), &context()).unwrap();
        }
    }
    let keys = [service_key(&SERVICE, SERVICE_KID)
        .with_vds(cose_ext::header::Vds::CCF_LEDGER_SHA256)
        .with_entry_rule(EntryRule::CCF)];
    let check = |statement: &[u8], receipt: &[u8]| {
        let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        auditor.check_ledger_receipt(&whole(statement), &receipt, &service(&keys), &context())
    };
    let data_hash = digest(&statements[1], EntryRule::CCF).try_into().unwrap();
    let receipt = ledger_receipt(&tree, (1, 3), &data_hash);
    assert_eq!(check(&statements[1], &receipt), Ok(Some(3)));
    // The ledger was not replayed so far.
    let later = ledger_receipt(&tree, (1, 4), &data_hash);
    assert_eq!(check(&statements[1], &later), Ok(None));
    let other = check(&statements[2], &receipt).unwrap_err();
    assert_eq!(other.verdict(), scitt_core::Verdict::Broken);
}
