//! S28 for relying parties and auditors: what a head, a proof of a fork, an entry of a log or an answer
//! of a service costs whoever looks at it.

#[path = "../../merkle-proof/tests/support/metered.rs"]
mod metered;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Content, Context, Input, Label, MapBuilder, Profile, Value, cwt::ClaimKey, header::Vds,
    sign1::Sign1Builder,
};
use merkle_proof::{
    MemoryTree, Sha256Tree, TreeHead, TreeSize, TrustedRoot,
    cose::{Receipt, ReceiptBuilder, ReceiptReading, encode_consistency},
};
use metered::Metered;
use scitt_core::{
    AuditedEntry, Auditor, EntryOutcome, EntryRule, ForkProof, HeadForm, HeadVerifier,
    Requirements, ServiceKey, SignedHead, SignedHeadBuilder, StatementSet, TransparentStatement,
    TrustedIssuers, TrustedService, Verifier,
};
use world::*;

const SIZES: [usize; 2] = [64 * 1024, 1024 * 1024];
const CANDIDATES: usize = cose_ext::Limits::DEFAULT.candidates;

/// What `call` did to an input of `input` bytes: no more than `checks` checks, and (checks + 3) times the
/// input hashed.
#[track_caller]
fn is_bounded(input: usize, checks: usize, call: impl FnOnce(&Context<'_>)) -> usize {
    let metered = Metered::new();
    call(&Context::new(&metered));
    assert!(metered.checks() <= checks, "{} checks", metered.checks());
    let most = (metered.checks() + 3) * input.max(1024);
    assert!(metered.hashed() <= most, "{} bytes of {most}", metered.hashed());
    metered.hashed()
}

/// Keys of the service that all answer to its kid; the last is the one that signs.
fn many_keys() -> Vec<ServiceKey<'static>> {
    let stranger = service_key(&STRANGER, SERVICE_KID);
    let mut keys = vec![stranger; 100];
    keys.push(service_key(&SERVICE, SERVICE_KID));
    keys
}

fn service<'k>(keys: &'k [ServiceKey<'k>]) -> TrustedService<'k> {
    TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys }
}

/// A head with an unprotected header of `size` bytes, which anybody can add.
fn padded_head(size: usize) -> Vec<u8> {
    let claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, SignedHead::SUBJECT);
    let payload = Value::Array(&[Value::from(1), Value::Bytes(&[1; 32])]).to_bytes();
    Sign1Builder::new()
        .key_id(SERVICE_KID)
        .protected(Label::VDS, Value::Int(Vds::RFC9162_SHA256.value()))
        .cwt_claims(&claims)
        .unprotected(Label::text("padding"), Value::Bytes(&vec![0; size]))
        .sign(Content::Embedded(&payload), &ed_signer(&SERVICE))
        .unwrap()
}

#[test]
fn s28_a_head_costs_as_many_checks_as_there_may_be_candidates() {
    let keys = many_keys();
    let verifier = HeadVerifier::new(service(&keys));
    for size in SIZES {
        let head = padded_head(size);
        is_bounded(head.len(), CANDIDATES, |context| {
            assert!(verifier.verify(HeadForm::Cose(&head), context).is_err());
        });
    }
}

/// A log with `size` entries, and a head of it.
fn head(size: u64, salt: u8) -> (MemoryTree<Sha256Tree>, Vec<u8>) {
    let mut tree = MemoryTree::new(Sha256Tree);
    for index in 0..size {
        tree.append(&[&[salt], &index.to_be_bytes()]);
    }
    let head = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, &tree.head(), 1);
    let head = head.sign(&ed_signer(&SERVICE)).unwrap();
    (tree, head)
}

#[test]
fn s28_a_fork_proof_costs_two_heads_and_one_path() {
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let verifier = HeadVerifier::new(service(&keys));
    let ((_, older), (tree, newer)) = (head(5, 0), head(64, 1));
    let form = |head: &[u8]| Value::Array(&[Value::from(1), Value::Bytes(head)]).to_bytes();
    let (older, newer) = (form(&older), form(&newer));
    let other_root = *tree.head_at(5).unwrap().root.hash();
    let proof = |path: &[[u8; 32]]| {
        let path: Vec<_> = path.iter().map(|hash| Value::Bytes(hash)).collect();
        Value::Array(&[
            Value::from(1),
            Value::Encoded(&older),
            Value::Encoded(&newer),
            Value::Bytes(&other_root),
            Value::Array(&path),
        ])
        .to_bytes()
    };
    let good = proof(&tree.consistency_path(TreeSize(5), TreeSize(64)).unwrap());
    is_bounded(good.len(), 2, |context| {
        assert!(ForkProof::from_bytes(&good, &verifier, context).is_ok());
    });
    for size in SIZES {
        let long = proof(&vec![[7; 32]; size / 34]);
        is_bounded(long.len(), 2, |context| {
            assert!(ForkProof::from_bytes(&long, &verifier, context).is_err());
        });
    }
}

#[test]
fn s28_the_deepest_fork_proof_is_within_its_budget() {
    // No log is that large: the path of 2^63 leaves, whatever it leads to.
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let verifier = HeadVerifier::new(service(&keys));
    let sign = |size: u64, root: [u8; 32]| {
        let head =
            TreeHead::<merkle_proof::Rfc9162Tree, _>::new(size, TrustedRoot::vouched_for(root));
        let head = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, &head, 1);
        head.sign(&ed_signer(&SERVICE)).unwrap()
    };
    let (older, newer) = (sign(1, [1; 32]), sign(1 << 63, [2; 32]));
    let [older, newer] =
        [&older, &newer].map(|head| verifier.verify(HeadForm::Cose(head), &context()).unwrap());
    let path = [[7; 32]; 63];
    let error = ForkProof::between(&older, &newer, [3; 32], &path, &context()).unwrap_err();
    assert_eq!(error.verdict(), scitt_core::Verdict::Broken, "{error}");
}

#[test]
fn s28_an_entry_is_hashed_for_its_leaf_and_for_what_was_signed() {
    let issuer = issuer_key();
    for size in SIZES {
        let statement = builder().sign(&vec![0; size], &ec_signer(&ISSUER)).unwrap();
        for rule in [EntryRule::DEFAULT, EntryRule::STATEMENT_BYTES] {
            let mut auditor = Auditor::new(Sha256Tree, rule);
            let mut policy =
                TrustedIssuers { issuers: &issuer, requirements: Requirements::Rfc9943 };
            let entry = AuditedEntry::statement(&statement, Input::embedded());
            let hashed = is_bounded(statement.len(), 1, |context| {
                let audit = auditor.replay(&entry, &mut policy, context).unwrap();
                assert_eq!(audit.outcome, EntryOutcome::Checked);
            });
            // The leaf is hashed by the tree that the auditor was given.
            let passes = if rule.hash.is_some() { 2 } else { 1 };
            assert!(hashed <= passes * (statement.len() + 1024), "{hashed}");
        }
    }
}

#[test]
fn s28_a_receipt_beside_a_log_and_an_answer_of_consistency_are_bounded() {
    let keys = many_keys();
    let statement = statement();
    let auditor = {
        let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
        let issuer = issuer_key();
        let mut policy = TrustedIssuers { issuers: &issuer, requirements: Requirements::Rfc9943 };
        let entry = AuditedEntry::statement(&statement, Input::embedded());
        auditor.replay(&entry, &mut policy, &context()).unwrap();
        auditor
    };
    let claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "scitt.receipt.v1");
    for size in SIZES {
        let receipt = Log::usual(0).log(&statement);
        let entry = AuditedEntry::statement(&statement, Input::embedded());
        is_bounded(receipt.len() + statement.len(), 64, |context| {
            let receipt = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
            let found = auditor.check_receipt(&entry, &receipt, &service(&keys), context);
            assert!(found.is_err());
        });
        // Proofs from the size that was replayed, each of which leads elsewhere.
        let proof = encode_consistency(TreeSize(1), TreeSize(1 << 40), &[[7; 32]; 40]);
        let builder =
            ReceiptBuilder::new(Vds::RFC9162_SHA256).key_id(SERVICE_KID).cwt_claims(&claims);
        let copies = (size / proof.len()).min(64);
        let builder = (0..copies).fold(builder, |builder, _| builder.consistency(proof.clone()));
        let answer = builder.sign(&[0; 32], &ed_signer(&STRANGER)).unwrap();
        is_bounded(2 * answer.len(), 64, |context| {
            let answer = Receipt::decode(&answer, &Profile::LENIENT).unwrap();
            let (service, reading) = (service(&keys), ReceiptReading::DEFAULT);
            assert!(auditor.check_consistency(&answer, &service, &reading, context).is_err());
        });
    }
}

#[test]
fn s28_a_member_of_a_set_is_hashed_once() {
    for size in SIZES {
        let statement = builder().sign(&vec![0; size], &ec_signer(&ISSUER)).unwrap();
        let bytes = {
            let mut log = Log::usual(0);
            let limits = scitt_core::ServiceLimits::DEFAULT.with_statement_bytes(usize::MAX);
            log.service = log.service.with_limits(limits);
            transparent(&statement, &[&log.log(&statement)])
        };
        let issuer = issuer_key();
        let keys = [service_key(&SERVICE, SERVICE_KID)];
        let services = [service(&keys)];
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let verifier = Verifier::new(&issuer, &services);
        let verified = verifier.verify(&transparent, &Input::embedded(), &context()).unwrap();
        let mut set = StatementSet::new(SUB);
        let hashed = is_bounded(bytes.len(), 0, |context| {
            set.add(&verified, context).unwrap();
        });
        assert!(hashed <= bytes.len() + 1024);
    }
}
