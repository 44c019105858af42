//! Signed heads, the proof that a service showed two histories, and that nobody can be framed.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Content, Input, Label, MapBuilder, Profile, Value, crypto::Algorithm, cwt::ClaimKey,
    header::Vds, rustcrypto::RustCrypto, sign1::Sign1Builder,
};
use merkle_proof::{
    LeafIndex, MemoryTree, Sha256Tree, TreeHead, TreeSize, UnauthenticatedPosition,
    cose::{Receipt, ReceiptBuilder, ReceiptReading, encode_consistency, encode_inclusion},
    tlog::{Base64, CoseNoteCrypto, KeyKind, NoteCrypto, VerifierKey},
};
use scitt_core::{
    Discrepancy, Error, ErrorKind, ForkProof, HeadForm, HeadVerifier, Included, KeyStatus,
    LoggedStatement, ObservedRoot, ReceiptRules, Resolution, Rule, ServiceKey, SignedHead,
    SignedHeadBuilder, StatementEntries, TrustedService, Verdict,
};
use world::*;

type Tree = MemoryTree<Sha256Tree>;

/// A log of `size` entries, the ones from `fork` on of another history.
fn log(size: u64, fork: u64) -> Tree {
    let mut tree = MemoryTree::new(Sha256Tree);
    for index in 0..size {
        let history = u8::from(index >= fork);
        tree.append(&[&[history], &index.to_be_bytes()]);
    }
    tree
}

fn head(tree: &Tree, size: u64) -> Vec<u8> {
    signed_by(&tree.head_at(size).unwrap(), &SERVICE)
}

fn signed_by(
    head: &TreeHead<merkle_proof::Rfc9162Tree, [u8; 32]>,
    key: &testkit::fixed_keys::Ed25519Key,
) -> Vec<u8> {
    let builder = SignedHeadBuilder::new(SERVICE_ISS, SERVICE_KID, head, 1_800_000_000);
    builder.sign(&ed_signer(key)).unwrap()
}

fn keys() -> [ServiceKey<'static>; 1] {
    [service_key(&SERVICE, SERVICE_KID)]
}

fn service<'k>(keys: &'k [ServiceKey<'k>]) -> TrustedService<'k> {
    TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys }
}

fn verify<'a>(verifier: &HeadVerifier<'a>, bytes: &'a [u8]) -> Result<SignedHead<'a>, Error> {
    verifier.verify(HeadForm::Cose(bytes), &context())
}

#[test]
fn s60_a_head_has_its_form() {
    let keys = keys();
    let verifier = HeadVerifier::new(service(&keys));
    let tree = log(5, 5);
    let bytes = head(&tree, 5);
    let good = verify(&verifier, &bytes).unwrap();
    assert_eq!((good.service(), good.size()), ("log", 5));
    assert_eq!(good.root(), tree.head().root.hash());
    assert_eq!(good.form().bytes(), bytes);
    let form = ErrorKind::Broken(Rule::HeadForm);
    let root = *tree.head().root.hash();
    let usual_claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, SignedHead::SUBJECT);
    let receipt_claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "scitt.receipt.v1");
    let size_and_root = Value::Array(&[Value::from(5), Value::Bytes(&root)]).to_bytes();
    let other = |claims: &MapBuilder, vds: Option<Vds>, payload: &[u8]| {
        let mut message = Sign1Builder::new().key_id(SERVICE_KID).cwt_claims(claims);
        if let Some(vds) = vds {
            message = message.protected(Label::VDS, Value::Int(vds.value()));
        }
        message.sign(Content::Embedded(payload), &ed_signer(&SERVICE)).unwrap()
    };
    let vds = Some(Vds::RFC9162_SHA256);
    assert!(verify(&verifier, &other(&usual_claims, vds, &size_and_root)).is_ok());
    let long_root = Value::Array(&[Value::from(5), Value::Bytes(&[0; 33])]).to_bytes();
    let three = Value::Array(&[Value::from(5), Value::Bytes(&root), Value::from(1)]).to_bytes();
    let negative = Value::Array(&[Value::from(-5), Value::Bytes(&root)]).to_bytes();
    let empty = Value::Array(&[Value::from(0), Value::Bytes(&root)]).to_bytes();
    for (what, bytes) in [
        ("another subject", other(&receipt_claims, vds, &size_and_root)),
        ("no structure", other(&usual_claims, None, &size_and_root)),
        ("a range", other(&usual_claims, Some(Vds::MMR_SHA256), &size_and_root)),
        ("a root of 33 bytes", other(&usual_claims, vds, &long_root)),
        ("three items", other(&usual_claims, vds, &three)),
        ("a negative size", other(&usual_claims, vds, &negative)),
        ("no leaves and another root", other(&usual_claims, vds, &empty)),
        ("a root alone", other(&usual_claims, vds, &root)),
        (
            "no deterministic encoding",
            other(&usual_claims, vds, &[&[0x82, 0x18, 5][..], &size_and_root[2..]].concat()),
        ),
        ("no tag", bytes[1..].to_vec()),
    ] {
        assert_eq!(verify(&verifier, &bytes).unwrap_err().kind(), form, "{what}");
    }
    // The head of a ledger, by a key of a log.
    let of_ledger = other(&usual_claims, Some(Vds::CCF_LEDGER_SHA256), &size_and_root);
    let pinned = ErrorKind::Refused(Rule::ServiceKeyPinned);
    assert_eq!(verify(&verifier, &of_ledger).unwrap_err().kind(), pinned);
    let none = head(&tree, 0);
    assert_eq!(verify(&verifier, &none).unwrap().size(), 0);
    // A receipt is no head, and a head is no receipt.
    let receipt = Log::usual(1).log(&statement());
    assert!(verify(&verifier, &receipt).is_err());
    assert!(Receipt::decode(&bytes, &Profile::LENIENT).is_err());
}

#[test]
fn s61_a_head_is_signed_by_a_key_of_the_service_in_force() {
    let tree = log(5, 5);
    let bytes = head(&tree, 5);
    let with = |key: ServiceKey<'static>, issuer| {
        let keys = [key];
        let service = TrustedService { name: "log", issuer, keys: &keys };
        let outcome = HeadVerifier::new(service).verify(HeadForm::Cose(&bytes), &context());
        outcome.map(|head| head.size()).map_err(|error| error.kind())
    };
    let [key] = keys();
    let iss = Some(SERVICE_ISS);
    assert_eq!(with(key, iss), Ok(5));
    assert_eq!(with(key, None), Ok(5));
    assert_eq!(with(key.with_status(KeyStatus::RetiredAccepted), iss), Ok(5));
    for status in [KeyStatus::Retired, KeyStatus::Compromised] {
        let refused = ErrorKind::Refused(Rule::ServiceKeyStatus);
        assert_eq!(with(key.with_status(status), iss), Err(refused));
    }
    let other_kid = ErrorKind::Refused(Rule::HeadSigned);
    assert_eq!(with(key.with_key_id(b"log 2"), iss), Err(other_kid));
    let pinned = Err(ErrorKind::Refused(Rule::ServiceKeyPinned));
    assert_eq!(with(key.with_vds(Vds::CCF_LEDGER_SHA256), iss), pinned);
    let other_issuer = Err(ErrorKind::Refused(Rule::ReceiptIssuer));
    assert_eq!(with(key, Some("https://other.example")), other_issuer);
    // Somebody else's signature under the kid of the service.
    let forged = signed_by(&tree.head(), &STRANGER);
    let keys = keys();
    let error = verify(&HeadVerifier::new(service(&keys)), &forged).unwrap_err();
    assert_eq!(error.verdict(), Verdict::Broken);
    // A changed bit anywhere.
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(verify(&HeadVerifier::new(service(&keys)), &changed).is_err(), "byte {place}");
    }
}

/// A checkpoint of the service.
fn checkpoint(head: &TreeHead<merkle_proof::Rfc9162Tree, [u8; 32]>) -> Vec<u8> {
    use cose_ext::crypto::Signer;
    let text = format!("log.example\n{}\n{}\n", head.size, Base64(head.root.hash()));
    let crypto = CoseNoteCrypto::new(&RustCrypto).unwrap();
    let key = VerifierKey::new("log.example", KeyKind::Ed25519, &SERVICE.public, &crypto).unwrap();
    let mut signature = [0; 64];
    ed_signer(&SERVICE).sign(&[text.as_bytes()], &mut signature).unwrap();
    let line = [&key.id()[..], &signature].concat();
    format!("{text}\n\u{2014} log.example {}\n", Base64(&line)).into_bytes()
}

#[test]
fn s61_a_checkpoint_is_a_signed_head_where_its_keys_are_enrolled() {
    let tree = log(9, 9);
    let note = checkpoint(&tree.head());
    let crypto = CoseNoteCrypto::new(&RustCrypto).unwrap();
    let of = |key| [VerifierKey::new("log.example", KeyKind::Ed25519, key, &crypto).unwrap()];
    let (own, other) = (of(&SERVICE.public), of(&STRANGER.public));
    let keys = keys();
    let plain = HeadVerifier::new(service(&keys));
    let kind = |verifier: &HeadVerifier<'_>, note: &[u8]| {
        let outcome = verifier.verify(HeadForm::Checkpoint(note), &context());
        outcome.map(|head| head.size()).map_err(|error| error.kind())
    };
    assert_eq!(kind(&plain.with_checkpoints("log.example", &own), &note), Ok(9));
    let refused = Err(ErrorKind::Refused(Rule::HeadSigned));
    assert_eq!(kind(&plain, &note), refused);
    assert_eq!(kind(&plain.with_checkpoints("log.example", &other), &note), refused);
    assert_eq!(kind(&plain.with_checkpoints("other.example", &own), &note), refused);
    let form = Err(ErrorKind::Broken(Rule::HeadForm));
    assert_eq!(kind(&plain.with_checkpoints("log.example", &own), b"no note"), form);
    let changed = String::from_utf8(note).unwrap().replace("\n9\n", "\n8\n");
    let broken = Err(ErrorKind::Broken(Rule::HeadSigned));
    assert_eq!(kind(&plain.with_checkpoints("log.example", &own), changed.as_bytes()), broken);
    let _ = crypto.sha256(&[]);
}

#[test]
fn s62_two_signed_heads_that_contradict_each_other_are_a_fork() {
    let keys = keys();
    let verifier = HeadVerifier::new(service(&keys));
    for newer in 2..18 {
        for older in 1..=newer {
            for fork in 0..older {
                let (one, other) = (log(newer, newer), log(newer, fork));
                let (a, b) = (head(&one, older), head(&other, newer));
                let (a, b) = (verify(&verifier, &a).unwrap(), verify(&verifier, &b).unwrap());
                let other_root = *other.head_at(older).unwrap().root.hash();
                let proof = if older == newer {
                    ForkProof::of_one_size(&a, &b)
                } else {
                    let path = other.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
                    ForkProof::between(&a, &b, other_root, &path, &context())
                };
                let proof = proof.unwrap();
                let bytes = proof.to_bytes();
                let again = ForkProof::from_bytes(&bytes, &verifier, &context()).unwrap();
                assert_eq!(again.to_bytes(), bytes);
                assert_eq!((again.older(), again.newer()), (&a, &b));
                assert_eq!(again.service(), "log");
            }
        }
    }
}

#[test]
fn s62_heads_of_one_history_are_no_fork() {
    let keys = keys();
    let verifier = HeadVerifier::new(service(&keys));
    let tree = log(12, 12);
    let refused = ErrorKind::Refused(Rule::ForkFromSignedHeads);
    let kind = |outcome: Result<ForkProof<'_>, Error>| outcome.unwrap_err().kind();
    for newer in 2..=12 {
        let b = head(&tree, newer);
        let b = verify(&verifier, &b).unwrap();
        assert_eq!(kind(ForkProof::of_one_size(&b, &b)), refused);
        for older in 1..newer {
            let a = head(&tree, older);
            let a = verify(&verifier, &a).unwrap();
            assert_eq!(kind(ForkProof::of_one_size(&a, &b)), refused);
            let path = tree.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
            assert_eq!(kind(ForkProof::between(&a, &b, *a.root(), &path, &context())), refused);
            // Another root, by a path that is true or of another history.
            let other = log(newer, 0);
            let other_root = *other.head_at(older).unwrap().root.hash();
            let other_path = other.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
            for path in [path, other_path] {
                let error = ForkProof::between(&a, &b, other_root, &path, &context()).unwrap_err();
                assert_ne!(error.kind(), refused);
                assert_eq!(error.verdict(), Verdict::Broken, "{older} {newer}");
            }
            // The larger one first.
            assert_eq!(kind(ForkProof::between(&b, &a, other_root, &[], &context())), refused);
        }
    }
}

#[test]
fn s62_heads_of_two_services_are_no_fork() {
    let keys = keys();
    let one = HeadVerifier::new(service(&keys));
    let two = HeadVerifier::new(TrustedService { name: "another", ..service(&keys) });
    let (a, b) = (head(&log(4, 4), 4), head(&log(4, 0), 4));
    let (a, b) = (verify(&one, &a).unwrap(), verify(&two, &b).unwrap());
    let refused = ErrorKind::Refused(Rule::ForkFromSignedHeads);
    assert_eq!(ForkProof::of_one_size(&a, &b).unwrap_err().kind(), refused);
}

#[test]
fn s63_a_fork_proof_is_checked_by_whoever_reads_it() {
    let service_keys = keys();
    let verifier = HeadVerifier::new(service(&service_keys));
    let (one, other) = (log(7, 7), log(7, 2));
    let (a, b) = (head(&one, 3), head(&other, 7));
    let (a, b) = (verify(&verifier, &a).unwrap(), verify(&verifier, &b).unwrap());
    let other_root = *other.head_at(3).unwrap().root.hash();
    let path = other.consistency_path(TreeSize(3), TreeSize(7)).unwrap();
    let bytes = ForkProof::between(&a, &b, other_root, &path, &context()).unwrap().to_bytes();
    for place in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[place] ^= bit;
            assert!(ForkProof::from_bytes(&changed, &verifier, &context()).is_err(), "{place}");
        }
    }
    for end in 0..bytes.len() {
        assert!(ForkProof::from_bytes(&bytes[..end], &verifier, &context()).is_err());
    }
    let form = ErrorKind::Broken(Rule::ForkProofForm);
    assert_eq!(ForkProof::from_bytes(&[0xa0], &verifier, &context()).unwrap_err().kind(), form);
    // Somebody who trusts another key of that name believes none of it.
    let stranger = [service_key(&STRANGER, SERVICE_KID)];
    let stranger = HeadVerifier::new(service(&stranger));
    assert!(ForkProof::from_bytes(&bytes, &stranger, &context()).is_err());
    // A key in other hands proves nothing against the service.
    let [key] = service_keys;
    let lost = [key.with_status(KeyStatus::Compromised)];
    let error =
        ForkProof::from_bytes(&bytes, &HeadVerifier::new(service(&lost)), &context()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(Rule::ServiceKeyStatus));
}

/// The receipt of one leaf in a tree, with the size that it claims.
fn receipt(tree: &Tree, index: u64, size: u64, claimed: u64) -> Vec<u8> {
    let position = UnauthenticatedPosition { tree_size: claimed, leaf_index: index };
    let proof =
        encode_inclusion(position, &tree.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap());
    let claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "scitt.receipt.v1");
    ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(proof)
        .sign(tree.head_at(size).unwrap().root.hash(), &ed_signer(&SERVICE))
        .unwrap()
}

fn consistency(tree: &Tree, older: u64, newer: u64) -> Vec<u8> {
    let claims =
        MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "scitt.receipt.v1");
    let path = tree.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
    ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .consistency(encode_consistency(TreeSize(older), TreeSize(newer), &path))
        .sign(tree.head_at(newer).unwrap().root.hash(), &ed_signer(&SERVICE))
        .unwrap()
}

/// An honest log whose leaf 0 is the entry of the usual statement, and what a receipt says of it.
fn honest(size: u64) -> (Tree, Vec<u8>) {
    let statement = statement();
    let entry = scitt_core::EntryRule::DEFAULT.entry(decode(&statement).message(), PAYLOAD);
    let digest = entry.hash(&cose_ext::rustcrypto::Sha256);
    let mut tree = MemoryTree::new(Sha256Tree);
    tree.append(&[digest.as_ref()]);
    for index in 1..size {
        tree.append(&[&index.to_be_bytes()]);
    }
    (tree, statement)
}

fn observed(statement: &[u8], receipt: &[u8]) -> Option<ObservedRoot> {
    let keys = keys();
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
    let statement = decode(statement);
    let mut entries = StatementEntries::new(&statement, &Input::embedded()).unwrap();
    let included: Included<'_, LoggedStatement<'_>> = service(&keys)
        .verify_inclusion(&mut entries, &receipt, &ReceiptRules::DEFAULT, &context())
        .ok()?;
    let proof = receipt.rfc9162().unwrap().inclusion_proofs().unwrap().next().unwrap().unwrap();
    ObservedRoot::new(&included, proof.position())
}

#[test]
fn s64_bare_receipts_frame_nobody() {
    let (tree, statement) = honest(8);
    // Sizes 5 and 6, of which leaf 0 has paths of the same length, and the first claims to be of 6.
    let forged = receipt(&tree, 0, 5, 6);
    let (one, other) = (
        observed(&statement, &forged).unwrap(),
        observed(&statement, &receipt(&tree, 0, 6, 6)).unwrap(),
    );
    assert_ne!(one.root(), other.root());
    let discrepancy: Discrepancy = other.compare(&one).expect("one size, two roots");
    assert_eq!(discrepancy.older_size(), 6);
    // There is no way from here to a fork proof: it takes signed heads, and the honest service signed
    // only true ones. Each of them agrees with every other.
    let keys = keys();
    let verifier = HeadVerifier::new(service(&keys));
    for older in 1..8 {
        let (a, b) = (head(&tree, older), head(&tree, 8));
        let (a, b) = (verify(&verifier, &a).unwrap(), verify(&verifier, &b).unwrap());
        let path = tree.consistency_path(TreeSize(older), TreeSize(8)).unwrap();
        for root in [*one.root(), *other.root()] {
            assert!(ForkProof::between(&a, &b, root, &path, &context()).is_err());
        }
        let says = one.compare_with_head(&a).is_some();
        assert_eq!(says, older == 6, "{older}");
    }
    // Receipts that claim different sizes, or one root, say nothing.
    let third = observed(&statement, &receipt(&tree, 0, 8, 8)).unwrap();
    assert_eq!(one.compare(&third), None);
    assert_eq!(one.compare(&one), None);
}

#[test]
fn s64_consistency_resolves_a_discrepancy() {
    let (tree, _) = honest(12);
    let keys = keys();
    let service = service(&keys);
    let ask = |known: u64, root: u64, answer: &[u8]| {
        let root = *tree.head_at(root).unwrap().root.hash();
        let discrepancy = Discrepancy::new(tree.head_at(known).unwrap(), root);
        let answer = Receipt::decode(answer, &Profile::LENIENT).unwrap();
        discrepancy.resolve(&answer, &service, &ReceiptReading::DEFAULT, &context())
    };
    assert_eq!(ask(5, 9, &consistency(&tree, 5, 9)), Ok(Resolution::Resolved));
    let consistent = *tree.head_at(12).unwrap().root.hash();
    assert_eq!(ask(5, 9, &consistency(&tree, 5, 12)), Ok(Resolution::Open { consistent }));
    // The answer starts from another size, is of another history, or by somebody else.
    assert!(ask(5, 9, &consistency(&tree, 4, 9)).is_err());
    let other = ask(5, 9, &consistency(&log(9, 0), 5, 9)).unwrap_err();
    assert_eq!(other.verdict(), Verdict::Broken);
    let mut forged = consistency(&tree, 5, 9);
    *forged.last_mut().unwrap() ^= 1;
    assert!(ask(5, 9, &forged).is_err());
    let lost = [keys[0].with_status(KeyStatus::Compromised)];
    let answer = consistency(&tree, 5, 9);
    let answer = Receipt::decode(&answer, &Profile::LENIENT).unwrap();
    let error = TrustedService { keys: &lost, ..service }
        .verify_consistency(
            &tree.head_at(5).unwrap(),
            &answer,
            &ReceiptReading::DEFAULT,
            &context(),
        )
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(Rule::ServiceKeyStatus));
    assert_eq!(keys[0].algorithm, Algorithm::EDDSA);
}
