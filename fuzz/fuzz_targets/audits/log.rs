//! A log and its auditor: what it counts is what was wrong, and it proves a fork where there are two histories.

use cose_ext::crypto::Algorithm;
use cose_ext::header::Vds;
use cose_ext::{Context, Input, MapBuilder, Profile};
use fuzz::{Accept, Chosen};
use merkle_proof::ccf::CcfSha256Tree;
use merkle_proof::cose::{
    CoseTree, Receipt, ReceiptBuilder, ReceiptReading, encode_ccf_inclusion, encode_consistency,
    encode_inclusion,
};
use merkle_proof::tlog::{Checkpoint, CoseNoteCrypto, KeyKind, NoteSigner, VerifierKey};
use merkle_proof::{
    CcfLedger, LeafIndex, MemoryTree, Rfc9162Tree, Sha256Tree, TreeHash, TreeHead, TreeSize,
    TrustedRoot, UnauthenticatedPosition,
};
use scitt_core::{
    AuditedEntry, Auditor, Discrepancy, EntryOutcome, EntryRule, ForkProof, HeadAudit, HeadForm,
    HeadVerifier, LedgerParts, LogHash, LogKind, LoggedContent, ObservedRoot, ReceiptAudit,
    ReceiptRules, Requirements, Resolution, ServiceKey, SignedHead, SignedHeadBuilder,
    SignedStatement, StatementBuilder, StatementEntries, TrustedIssuers, TrustedService,
};

use crate::{ISSUER, SERVICE, SIGNER, refused, trusted_key, with_issuer};

/// What the parts of an entry of a ledger are, beside the digest of its statement.
const PARTS: LedgerParts = LedgerParts { transaction: [1; 32], evidence_hash: [2; 32] };

fn context() -> Context<'static> {
    Context::new(&Accept::NOBODY)
}

fn statement(number: u8, issuer: &str) -> Vec<u8> {
    let made = StatementBuilder::new(issuer, "thing").key_id(b"1").sign(&[number], &SIGNER);
    made.expect("a statement")
}

pub fn check(chosen: &mut Chosen<'_>) {
    let rule =
        chosen.one_of([EntryRule::DEFAULT, EntryRule::SCITT_COSE, EntryRule::STATEMENT_BYTES]);
    match chosen.byte() % 2 {
        0 => {
            let auditor = audit(chosen, Sha256Tree, rule, None);
            heads(chosen, &auditor);
            receipts(chosen, &auditor);
        }
        _ => {
            let auditor = audit(chosen, CcfSha256Tree, EntryRule::CCF, Some(PARTS));
            heads(chosen, &auditor);
            ledger_receipts(chosen);
        }
    }
}

/// Replays a few entries, some of which are withheld, there before, or of nobody.
fn audit<T: LogHash + Clone>(
    chosen: &mut Chosen<'_>,
    tree: T,
    rule: EntryRule,
    ledger: Option<LedgerParts>,
) -> Auditor<T> {
    let mut auditor = Auditor::new(tree.clone(), rule);
    let mut expected = [0; 3];
    let mut seen = Vec::new();
    for number in 0..chosen.byte() % 8 {
        let kind = chosen.byte() % 8;
        let made = match kind {
            0 => statement(number, "https://stranger.example"),
            1 => seen.last().cloned().unwrap_or_else(|| statement(number, ISSUER)),
            _ => statement(number, ISSUER),
        };
        let decoded = SignedStatement::decode(&made, &Profile::LENIENT).expect("it was made");
        let bytes = rule.entry(decoded.message(), &[number]).parts().concat();
        let mut entry = match kind {
            2 => AuditedEntry::withheld(&bytes),
            3 => AuditedEntry {
                content: LoggedContent::Withheld { entry: &bytes, statement: Some(&made) },
                ..AuditedEntry::withheld(&bytes)
            },
            _ => AuditedEntry::statement(&made, Input::embedded()).decided_at(7),
        };
        if let Some(parts) = ledger {
            entry = entry.in_ledger(parts);
        }
        let replayed = with_issuer(|issuers| {
            let mut policy = TrustedIssuers { issuers, requirements: Requirements::Rfc9943 };
            assert!(format!("{policy:?}").contains("requirements"));
            auditor.replay(&entry, &mut policy, &context()).expect("small enough")
        });
        assert_eq!(replayed.index, u64::from(number));
        let place = match replayed.outcome {
            EntryOutcome::Checked => 0,
            EntryOutcome::Withheld { .. } => 1,
            EntryOutcome::Faulty(error) => {
                refused(&error);
                2
            }
            _ => unreachable!("there are three"),
        };
        let known = seen.contains(&made);
        assert_eq!(
            place,
            match kind {
                0 => 2,
                1 if known => 2,
                2 | 3 => 1,
                _ => 0,
            }
        );
        expected[place] += 1;
        if place == 0 {
            seen.push(made);
        }
    }
    let report = auditor.report();
    assert_eq!([report.checked(), report.withheld(), report.faulty()], expected);
    assert_eq!(report.first_withheld().is_some(), expected[1] > 0);
    let text = report.to_string();
    match report.first_fault() {
        None => assert_eq!(expected[2], 0),
        Some(fault) => {
            assert!(text.ends_with(&fault.to_string()) && fault.rule().is_some());
            assert!(!fault.verdict().to_string().is_empty() && fault.index() < auditor.size());
        }
    }
    // What outlives the process is all of it, and nothing less.
    let kept = auditor.checkpoint();
    let again = Auditor::resume(tree.clone(), &kept).expect("as it was written");
    assert_eq!((again.checkpoint(), again.head() == auditor.head()), (kept.clone(), true));
    assert_eq!(again.report(), auditor.report());
    let end = chosen.below(kept.len());
    Auditor::resume(tree.clone(), &kept[..end]).err().iter().for_each(refused);
    let mut other = kept;
    other[end] ^= chosen.byte() | 1;
    if let Ok(resumed) = Auditor::resume(tree, &other) {
        assert_eq!(resumed.checkpoint(), other);
    }
    again
}

fn key(vds: Vds) -> [ServiceKey<'static>; 1] {
    let rule = if vds == Vds::CCF_LEDGER_SHA256 { EntryRule::CCF } else { EntryRule::DEFAULT };
    let key = ServiceKey::new(trusted_key(1), Algorithm::ES256).with_key_id(b"log");
    [key.with_vds(vds).with_entry_rule(rule)]
}

/// Heads that the service signed, of this history or of another.
fn heads<T: LogHash>(chosen: &mut Chosen<'_>, auditor: &Auditor<T>) {
    let vds = <T::Kind as LogKind>::VDS;
    let keys = key(vds);
    let service = TrustedService { name: "log", issuer: Some(SERVICE), keys: &keys };
    let verifier = HeadVerifier::new(service);
    let is_other = chosen.byte() % 2 == 0;
    let mut root = *auditor.head().root.hash();
    if is_other {
        root[0] ^= 1;
    }
    let size = auditor.size() + u64::from(chosen.byte() % 4 == 0);
    let other = TreeHead::<T::Kind, _>::new(size, TrustedRoot::vouched_for(root));
    let issuer = chosen.one_of([SERVICE, SERVICE, SERVICE, "https://stranger.example"]);
    let builder = |head: &TreeHead<T::Kind, _>, issuer| {
        SignedHeadBuilder::new(issuer, chosen_id(issuer), head, 7)
    };
    let (one, two) = (builder(&auditor.head(), SERVICE), builder(&other, issuer));
    assert!(one.prepare(Algorithm::ES256).is_ok());
    let one = one.sign(&SIGNER).expect("a head");
    let two = two.certified_by(&[b"a certificate"]).sign(&SIGNER).expect("a head");
    let verify = |bytes| verifier.verify(HeadForm::Cose(bytes), &context());
    let head = match verify(&one) {
        Ok(head) => head,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(
        (head.size(), head.root(), head.service()),
        (auditor.size(), auditor.head().root.hash(), "log")
    );
    assert_eq!(head.rfc9162().is_some(), vds == Vds::RFC9162_SHA256);
    assert_eq!(head.ccf_ledger().is_some(), vds == Vds::CCF_LEDGER_SHA256);
    assert!(format!("{head:?}").contains("root") && head.form() == HeadForm::Cose(&one));
    assert_eq!(auditor.check_head(&head), HeadAudit::Agrees);
    let elsewhere =
        key(if vds == Vds::RFC9162_SHA256 { Vds::CCF_LEDGER_SHA256 } else { Vds::RFC9162_SHA256 });
    let elsewhere = HeadVerifier::new(TrustedService { keys: &elsewhere, ..service });
    refused(&elsewhere.verify(HeadForm::Cose(&one), &context()).expect_err("another structure"));
    let second = match verify(&two) {
        Ok(second) => second,
        // The empty tree has one root, and a head is by its service.
        Err(error) => {
            assert!(issuer != SERVICE || (size == 0 && is_other));
            return refused(&error);
        }
    };
    let audited = auditor.check_head(&second);
    let is_fork = is_other && size == auditor.size();
    assert_eq!(matches!(audited, HeadAudit::Contradicts { .. }), is_fork);
    assert_eq!(audited == HeadAudit::Ahead, size > auditor.size());
    proven(auditor, &verifier, &head, &second, is_fork);
    // The other history is an older one, with a path from what was replayed.
    let older = chosen.below(auditor.size() as usize + 1) as u64;
    let forged = TreeHead::<T::Kind, _>::new(older, TrustedRoot::vouched_for([7; 32]));
    let forged = SignedHeadBuilder::new(SERVICE, b"log", &forged, 7).sign(&SIGNER).expect("a head");
    if let Ok(forged) = verify(&forged) {
        proven(auditor, &verifier, &head, &forged, true);
    }
}

fn chosen_id(issuer: &str) -> &'static [u8] {
    if issuer == SERVICE { b"log" } else { b"stranger" }
}

fn proven<T: LogHash>(
    auditor: &Auditor<T>,
    verifier: &HeadVerifier<'_>,
    agreed: &SignedHead<'_>,
    other: &SignedHead<'_>,
    is_fork: bool,
) {
    match auditor.prove_fork(agreed, other, &context()) {
        Ok(proof) => {
            assert!(is_fork && proof.service() == "log");
            let bytes = proof.to_bytes();
            let again = ForkProof::from_bytes(&bytes, verifier, &context());
            assert_eq!(again.map(|again| again.to_bytes()).as_ref(), Ok(&bytes));
            assert!(proof.older().size() <= proof.newer().size());
        }
        Err(error) => {
            assert!(!is_fork, "{error}");
            refused(&error);
        }
    }
}

fn receipt(vds: Vds) -> ReceiptBuilder {
    let claims = MapBuilder::new().with(1, SERVICE).with(2, "log");
    ReceiptBuilder::new(vds).key_id(b"log").cwt_claims(&claims)
}

/// Receipts of entries of a log that the auditor replays, and of one that it does not.
fn receipts(chosen: &mut Chosen<'_>, auditor: &Auditor<Sha256Tree>) {
    let keys = key(Vds::RFC9162_SHA256);
    let service = TrustedService { name: "log", issuer: Some(SERVICE), keys: &keys };
    let rule = EntryRule::DEFAULT;
    let mut log = MemoryTree::new(Sha256Tree);
    let mut known = Auditor::new(Sha256Tree, rule);
    let statements: Vec<_> = (0..1 + chosen.byte() % 8).map(|it| statement(it, ISSUER)).collect();
    let seen = chosen.below(statements.len() + 1);
    for (number, made) in statements.iter().enumerate() {
        let decoded = SignedStatement::decode(made, &Profile::LENIENT).expect("it was made");
        let digest =
            rule.entry(decoded.message(), &[number as u8]).hash(&cose_ext::rustcrypto::Sha256);
        log.append(&[digest.as_ref()]);
        if number < seen {
            with_issuer(|issuers| {
                let mut policy = TrustedIssuers { issuers, requirements: Requirements::Rfc9943 };
                let entry = AuditedEntry::statement(made, Input::embedded());
                let _ = known.replay(&entry, &mut policy, &context()).expect("small");
            });
        }
    }
    let index = chosen.below(statements.len());
    let size = log.size();
    let position = UnauthenticatedPosition { tree_size: size, leaf_index: index as u64 };
    let path = log.inclusion_path(LeafIndex(index as u64), TreeSize(size)).expect("a leaf");
    let root = *log.head().root.hash();
    let of_entry = receipt(Vds::RFC9162_SHA256)
        .inclusion(encode_inclusion(position, &path))
        .sign(&root, &SIGNER)
        .expect("a receipt");
    let of_entry = Receipt::decode(&of_entry, &Profile::DETERMINISTIC).expect("it was made");
    let entry = AuditedEntry::statement(&statements[index], Input::embedded());
    let audit = known.check_receipt(&entry, &of_entry, &service, &context()).expect("its root");
    assert_eq!(audit == ReceiptAudit::Agrees { size }, known.size() == size, "{audit:?}");
    let stranger = TrustedService { issuer: Some("https://stranger.example"), ..service };
    refused(
        &known.check_receipt(&entry, &of_entry, &stranger, &context()).expect_err("of another"),
    );
    assert!(
        auditor.check_receipt(&entry, &of_entry, &service, &context()).is_ok()
            || auditor.size() < u64::MAX
    );
    if let ReceiptAudit::Unknown(open) = audit {
        resolved(&open, &log, &service, known.size());
        let path = match known.size() {
            0 => return,
            older => log.consistency_path(TreeSize(older), TreeSize(size)).expect("smaller"),
        };
        let proof = encode_consistency(TreeSize(known.size()), TreeSize(size), &path);
        let grown = receipt(Vds::RFC9162_SHA256).consistency(proof).sign(&root, &SIGNER);
        let grown = grown.expect("a receipt");
        let grown = Receipt::decode(&grown, &Profile::DETERMINISTIC).expect("it was made");
        let reading = ReceiptReading::DEFAULT;
        let audit = known.check_consistency(&grown, &service, &reading, &context());
        assert!(matches!(audit, Ok(ReceiptAudit::Unknown(_))), "{audit:?}");
    }
    observed(&statements[index], &of_entry, &service, position, &log);
}

/// The service answers with a path from what is known to the root in question, or to another.
fn resolved(
    open: &Discrepancy,
    log: &MemoryTree<Sha256Tree>,
    service: &TrustedService<'_>,
    older: u64,
) {
    assert_eq!((open.older_size(), open.known().size), (older, older));
    assert!(format!("{open:?}").contains("not known") && open.root() == log.head().root.hash());
    let mut longer = log.clone();
    longer.append(&[b"one more"]);
    for (log, resolves) in [(log, true), (&longer, false)] {
        let Ok(path) = log.consistency_path(TreeSize(older), TreeSize(log.size())) else { return };
        let proof = encode_consistency(TreeSize(older), TreeSize(log.size()), &path);
        let root = *log.head().root.hash();
        let answer = receipt(Vds::RFC9162_SHA256).consistency(proof).sign(&root, &SIGNER);
        let answer = answer.expect("a receipt");
        let answer = Receipt::decode(&answer, &Profile::DETERMINISTIC).expect("it was made");
        let resolution = open.resolve(&answer, service, &ReceiptReading::DEFAULT, &context());
        let expected = match resolves {
            true => Resolution::Resolved,
            false => Resolution::Open { consistent: root },
        };
        assert_eq!(resolution, Ok(expected));
    }
}

/// Two receipts of one size and of different roots are no receipts of one log.
fn observed(
    made: &[u8],
    receipt: &Receipt<'_>,
    service: &TrustedService<'_>,
    position: UnauthenticatedPosition,
    log: &MemoryTree<Sha256Tree>,
) {
    let statement = SignedStatement::decode(made, &Profile::LENIENT).expect("it was made");
    let mut entries = StatementEntries::new(&statement, &Input::embedded()).expect("embedded");
    let rules = ReceiptRules::DEFAULT;
    let included = service.verify_inclusion(&mut entries, receipt, &rules, &context());
    let root =
        ObservedRoot::new(&included.expect("it is in the log"), position).expect("of a tree");
    assert_eq!(root.root(), log.head().root.hash());
    assert!(root.compare(&root).is_none());
    let checkpoint = Checkpoint::new("log.example", log.size(), [7; 32]).expect("an origin");
    let crypto = CoseNoteCrypto::new(&Accept::NOBODY).expect("SHA-256");
    let key = VerifierKey::new("log.example", KeyKind::Ed25519, &[1; 32], &crypto).expect("a name");
    let nobody = fuzz::Nobody(Algorithm::EDDSA);
    let signer = NoteSigner::new(key, &nobody).expect("of that kind");
    let note = signer.note(&checkpoint, None).expect("a note");
    let keys = [key];
    let verifier = HeadVerifier::new(*service).with_checkpoints("log.example", &keys);
    let head = verifier.verify(HeadForm::Checkpoint(&note), &context()).expect("a head");
    assert!(root.compare_with_head(&head).is_some() && head.form().bytes() == note);
    for origin in ["other.example", "log.example"] {
        let verifier = HeadVerifier::new(*service).with_checkpoints(origin, &[]);
        refused(&verifier.verify(HeadForm::Checkpoint(&note), &context()).expect_err("no key"));
    }
    let verifier = HeadVerifier::new(*service);
    refused(&verifier.verify(HeadForm::Checkpoint(&note), &context()).expect_err("no keys"));
    let tree = CoseTree::<Rfc9162Tree>::new(&cose_ext::rustcrypto::Sha256).expect("SHA-256");
    assert_eq!(tree.empty(), Sha256Tree.empty());
}

/// Receipts of a ledger's entries, and of its growth.
fn ledger_receipts(chosen: &mut Chosen<'_>) {
    let keys = key(Vds::CCF_LEDGER_SHA256);
    let service = TrustedService { name: "log", issuer: Some(SERVICE), keys: &keys };
    let mut known = Auditor::new(CcfSha256Tree, EntryRule::CCF);
    let made = statement(0, ISSUER);
    let decoded = SignedStatement::decode(&made, &Profile::LENIENT).expect("it was made");
    let digest = EntryRule::CCF.entry(decoded.message(), &[0]).hash(&cose_ext::rustcrypto::Sha256);
    let leaf = merkle_proof::ccf::Leaf::new(&PARTS.transaction, "evidence", digest.as_ref());
    let leaf = leaf.expect("32 bytes");
    let evidence = CcfSha256Tree.leaf(&[b"evidence"]);
    let entry = AuditedEntry::statement(&made, Input::embedded())
        .in_ledger(LedgerParts { evidence_hash: evidence, ..PARTS });
    let is_seen = chosen.byte() % 2 == 0;
    if is_seen {
        with_issuer(|issuers| {
            let mut policy = TrustedIssuers { issuers, requirements: Requirements::Rfc9943 };
            let _ = known.replay(&entry, &mut policy, &context()).expect("small");
        });
    }
    let path: [merkle_proof::ccf::PathElement<[u8; 32]>; 0] = [];
    let made = receipt(Vds::CCF_LEDGER_SHA256)
        .inclusion(encode_ccf_inclusion(&leaf, &path))
        .sign(&leaf.hash(&CcfSha256Tree), &SIGNER)
        .expect("a receipt");
    let read = Receipt::decode(&made, &Profile::DETERMINISTIC).expect("it was made");
    let audit = known.check_ledger_receipt(&entry, &read, &service, &context());
    assert_eq!(audit, Ok(is_seen.then_some(1)));
    // It grew: by a proof from what is held.
    let mut log = MemoryTree::new(CcfSha256Tree);
    (0..2 + chosen.byte() % 9).for_each(|entry| _ = log.append(&[&[entry]]));
    let older = 1 + chosen.below(log.size() as usize - 1) as u64;
    let proof = log.ccf_consistency_proof(TreeSize(older), TreeSize(log.size())).expect("smaller");
    let grown = receipt(Vds::CCF_LEDGER_SHA256)
        .consistency(merkle_proof::cose::encode_ccf_consistency(&proof.anchor, &proof.path))
        .sign(log.head().root.hash(), &SIGNER)
        .expect("a receipt");
    let grown = Receipt::decode(&grown, &Profile::DETERMINISTIC).expect("it was made");
    let held = log.head_at(older).expect("smaller").root;
    for (held, good) in [(held, true), (TrustedRoot::<CcfLedger, _>::vouched_for([7; 32]), false)] {
        let reading = ReceiptReading::DEFAULT;
        let verdict = service.verify_ledger_consistency(&held, &grown, &reading, &context());
        assert_eq!(verdict.is_ok(), good);
        verdict.err().iter().for_each(refused);
    }
}
