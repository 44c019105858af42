//! What an auditor and a monitor take: an entry replayed, a receipt found among the roots of a log, a proof of a fork, a
//! bill of materials read and asked. Beside it `serde_json::Value`, which is what people read such documents with, and
//! which keeps the last of two equal members.
#![allow(missing_docs)]

use std::hint::black_box;

use benches::{cases, compare::compare, report, say, shortest};
use cose_ext::{
    Context, Input, Profile,
    crypto::Algorithm,
    key::TrustedKey,
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use merkle_proof::{MemoryTree, Sha256Tree, TreeSize};
use scitt_core::{
    AuditedEntry, Auditor, EntryRule, ForkProof, HeadForm, HeadVerifier, Monitor, Requirements,
    ServiceKey, SignedHeadBuilder, SignedStatement, StatementBuilder, TrustedIssuers,
    TrustedService, VersionRange,
};

const ISSUER: &str = "https://maker.example";
const SERVICE: &str = "https://log.example";

fn documents(c: &mut Criterion) {
    let bom = cases::bill_of_materials(5000);
    compare(c, &cases::audit(), report!());
    let key = P256SigningKey::from_bytes(&[1; 32]).expect("a key");
    let (public, context) = (key.public_key(), Context::new(&RustCrypto));
    let issuer = TrustedKey::new(&public, &context).expect("a key").for_issuer(ISSUER);
    let statement = StatementBuilder::new(ISSUER, "pump").key_id(b"1");
    let statement = statement.sign(bom.as_bytes(), &key).expect("a statement");
    let statement = SignedStatement::decode(&statement, &Profile::LENIENT).expect("a statement");
    let input = Input::embedded();
    let verified =
        statement.verify(&input, &issuer, Requirements::Rfc9943, &context).expect("good");
    let mut monitor = Monitor::new();
    for index in 0..20 {
        monitor.observe(index, &verified, None, &context).expect("observed");
    }
    let range = VersionRange::parse(">=1.0.0|<2.0.0").expect("a range");
    let mut group = c.benchmark_group("monitor");
    group.throughput(Throughput::Elements(20));
    let ask = || {
        let affected = monitor.affected("pkg:cargo/part-77", &range).expect("an answer");
        black_box(affected.affected().len());
    };
    group.bench_function("a package that 20 of 20 statements list", |b| b.iter(ask));
    group.finish();
    let [asked] = shortest([&mut { ask }], 1000);
    say!("a package that 20 of 20 statements list: {asked:.2?}");
}

fn audits(c: &mut Criterion) {
    let key = P256SigningKey::from_bytes(&[1; 32]).expect("a key");
    let (public, context) = (key.public_key(), Context::new(&RustCrypto));
    let issuer = TrustedKey::new(&public, &context).expect("a key").for_issuer(ISSUER);
    let mut number: u64 = 0;
    let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
    let mut group = c.benchmark_group("auditor");
    group.throughput(Throughput::Elements(1));
    group.bench_function("an entry replayed, its signature checked", |b| {
        b.iter_batched(
            || {
                number += 1;
                let statement = StatementBuilder::new(ISSUER, &format!("release {number}"));
                statement.key_id(b"1").sign(b"it pumps", &key).expect("a statement")
            },
            |statement| {
                let mut policy =
                    TrustedIssuers { issuers: &issuer, requirements: Requirements::Rfc9943 };
                let entry = AuditedEntry::statement(&statement, Input::embedded());
                auditor.replay(&entry, &mut policy, &context).expect("replayed")
            },
            BatchSize::SmallInput,
        );
    });
    let signer = Ed25519SigningKey::from_bytes(&[2; 32]).expect("a key");
    let log = |salt: u8, size: u64| {
        let mut tree = MemoryTree::new(Sha256Tree);
        for index in 0..size {
            tree.append(&[&[salt], &index.to_be_bytes()]);
        }
        let head = SignedHeadBuilder::new(SERVICE, b"1", &tree.head(), 0).sign(&signer);
        (tree, head.expect("a head"))
    };
    let ((_, older), (tree, newer)) = (log(0, 1000), log(1, 1 << 16));
    let service_public = signer.public_key();
    let service_key = TrustedKey::new(&service_public, &context).expect("a key");
    let keys = [ServiceKey::new(service_key, Algorithm::EDDSA).with_key_id(b"1")];
    let service = TrustedService { name: "log", issuer: Some(SERVICE), keys: &keys };
    let verifier = HeadVerifier::new(service);
    let head = |bytes| verifier.verify(HeadForm::Cose(bytes), &context).expect("a head");
    let other = *tree.head_at(1000).expect("a head").root.hash();
    let path = tree.consistency_path(TreeSize(1000), TreeSize(1 << 16)).expect("a path");
    let proof = ForkProof::between(&head(&older), &head(&newer), other, &path, &context);
    let proof = proof.expect("a fork").to_bytes();
    let read = || {
        let proof = ForkProof::from_bytes(black_box(&proof), &verifier, &context);
        black_box(proof.expect("a fork").newer().size());
    };
    group.bench_function("a fork proof of sizes 1000 and 2^16", |b| b.iter(read));
    group.finish();
    let [read] = shortest([&mut { read }], 1000);
    say!("a fork proof of sizes 1000 and 2^16, two signatures: {read:.2?}");
}

criterion_group!(benches, documents, audits);
criterion_main!(benches);
