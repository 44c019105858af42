//! Signed heads of CCF ledgers, and the proof that a ledger showed two histories.

#[path = "support/world.rs"]
mod world;

use cose_ext::header::Vds;
use merkle_proof::{CcfLedger, MemoryTree, TreeHead, TreeSize, ccf::CcfSha256Tree};
use scitt_core::{
    AuditedEntry, Auditor, EntryRule, Error, ErrorKind, ForkProof, HeadAudit, HeadForm,
    HeadVerifier, LedgerParts, Requirements, Rule, ServiceKey, SignedHead, SignedHeadBuilder,
    TrustedIssuers, TrustedService, Verdict,
};
use world::*;

type Ledger = MemoryTree<CcfSha256Tree>;

/// A ledger of `size` entries, the ones from `fork` on of another history.
fn ledger(size: u64, fork: u64) -> Ledger {
    let mut tree = MemoryTree::new(CcfSha256Tree);
    for index in 0..size {
        let history = u8::from(index >= fork);
        tree.append(&[&[history; 32], &[2; 32], &[u8::try_from(index).unwrap(); 32]]);
    }
    tree
}

fn signed(head: &TreeHead<CcfLedger, [u8; 32]>) -> Vec<u8> {
    let builder = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, head, LOGGED_AT);
    builder.sign(&ed_signer(&SERVICE)).unwrap()
}

fn keys() -> [ServiceKey<'static>; 1] {
    [service_key(&SERVICE, SERVICE_KID).with_vds(Vds::CCF_LEDGER_SHA256)]
}

fn verifier<'k>(keys: &'k [ServiceKey<'k>]) -> HeadVerifier<'k> {
    HeadVerifier::new(TrustedService { name: "ledger", issuer: Some(SERVICE_ISS), keys })
}

fn verify<'a>(verifier: &HeadVerifier<'a>, bytes: &'a [u8]) -> Result<SignedHead<'a>, Error> {
    verifier.verify(HeadForm::Cose(bytes), &context())
}

#[test]
fn s62_two_signed_heads_of_a_ledger_that_contradict_each_other_are_a_fork() {
    let keys = keys();
    let verifier = verifier(&keys);
    for newer in 2..10 {
        for older in 1..=newer {
            for fork in 0..older {
                let (one, other) = (ledger(newer, newer), ledger(newer, fork));
                let a = signed(&one.head_at(older).unwrap());
                let b = signed(&other.head_at(newer).unwrap());
                let (a, b) = (verify(&verifier, &a).unwrap(), verify(&verifier, &b).unwrap());
                assert_eq!(a.vds(), Vds::CCF_LEDGER_SHA256);
                assert!(a.rfc9162().is_none() && a.ccf_ledger().is_some());
                let other_root = *other.head_at(older).unwrap().root.hash();
                let proof = if older == newer {
                    ForkProof::of_one_size(&a, &b)
                } else {
                    let path = other.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
                    ForkProof::between(&a, &b, other_root, &path, &context())
                };
                let bytes = proof.unwrap().to_bytes();
                let again = ForkProof::from_bytes(&bytes, &verifier, &context()).unwrap();
                assert_eq!(again.to_bytes(), bytes);
            }
        }
    }
}

#[test]
fn s62_heads_of_one_ledger_or_of_two_structures_are_no_fork() {
    let keys = keys();
    let of_ledger = verifier(&keys);
    let tree = ledger(7, 7);
    let refused = ErrorKind::Refused(Rule::ForkFromSignedHeads);
    let newer = signed(&tree.head());
    let newer = verify(&of_ledger, &newer).unwrap();
    for older in 1..7 {
        let a = signed(&tree.head_at(older).unwrap());
        let a = verify(&of_ledger, &a).unwrap();
        let path = tree.consistency_path(TreeSize(older), TreeSize(7)).unwrap();
        let same = ForkProof::between(&a, &newer, *a.root(), &path, &context());
        assert_eq!(same.unwrap_err().kind(), refused);
        // Another root, by a true path and by the path of another history.
        let other = ledger(7, 0);
        let other_root = *other.head_at(older).unwrap().root.hash();
        let other_path = other.consistency_path(TreeSize(older), TreeSize(7)).unwrap();
        for path in [path, other_path] {
            let error = ForkProof::between(&a, &newer, other_root, &path, &context());
            assert_eq!(error.unwrap_err().verdict(), Verdict::Broken, "{older}");
        }
    }
    // A service may run a log and a ledger: they have nothing to agree on.
    let log_keys = [service_key(&SERVICE, SERVICE_KID)];
    let of_log = verifier(&log_keys);
    let mut log = MemoryTree::new(merkle_proof::Sha256Tree);
    (0..7_u8).for_each(|entry| _ = log.append(&[&[entry]]));
    let head = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, &log.head(), LOGGED_AT);
    let head = head.sign(&ed_signer(&SERVICE)).unwrap();
    let head = verify(&of_log, &head).unwrap();
    assert_eq!(ForkProof::of_one_size(&head, &newer).unwrap_err().kind(), refused);
    // And a key that is enrolled for the one signs no heads of the other.
    let pinned = ErrorKind::Refused(Rule::ServiceKeyPinned);
    let bytes = signed(&tree.head());
    assert_eq!(verify(&of_log, &bytes).unwrap_err().kind(), pinned);
}

#[test]
fn s62_an_auditor_of_a_ledger_proves_a_fork() {
    let statements: Vec<_> = (0..5_u8)
        .map(|number| {
            let subject = format!("part {number}");
            let builder = scitt_core::StatementBuilder::new(ISS, &subject).key_id(KID);
            builder.sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap()
        })
        .collect();
    let replay = |transaction: u8| {
        let mut auditor = Auditor::new(CcfSha256Tree, EntryRule::CCF);
        let issuers = issuer_key();
        let requirements = Requirements::Rfc9943;
        let mut policy = TrustedIssuers { issuers: &issuers, requirements };
        for statement in &statements {
            let parts = LedgerParts { transaction: [transaction; 32], evidence_hash: [1; 32] };
            let entry = AuditedEntry::statement(statement, cose_ext::Input::embedded());
            let _ = auditor.replay(&entry.in_ledger(parts), &mut policy, &context()).unwrap();
        }
        auditor
    };
    let (shown, hidden) = (replay(1), replay(2));
    let keys = keys();
    let verifier = verifier(&keys);
    let bytes = [signed(&shown.head()), signed(&hidden.head())];
    let [agreed, other] = bytes.each_ref().map(|bytes| verify(&verifier, bytes).unwrap());
    assert_eq!(shown.check_head(&agreed), HeadAudit::Agrees);
    assert!(matches!(shown.check_head(&other), HeadAudit::Contradicts { .. }));
    let proof = shown.prove_fork(&agreed, &other, &context()).unwrap().to_bytes();
    assert!(ForkProof::from_bytes(&proof, &verifier, &context()).is_ok());
    // A head of a log says nothing of a ledger.
    let log_keys = [service_key(&SERVICE, SERVICE_KID)];
    let of_log = HeadVerifier::new(TrustedService { keys: &log_keys, ..verifier.service });
    let mut log = MemoryTree::new(merkle_proof::Sha256Tree);
    log.append(&[b"entry"]);
    let head = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, &log.head(), LOGGED_AT);
    let head = head.sign(&ed_signer(&SERVICE)).unwrap();
    let head = verify(&of_log, &head).unwrap();
    assert_eq!(shown.check_head(&head), HeadAudit::OtherStructure);
}
