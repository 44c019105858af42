//! A transparent statement with one receipt in a tree of 2^20, verified: all of it, and what there is
//! around the two signatures and the hashes; what a service takes to register; and the fields read by
//! `coset`, which is what people take for such messages, and which checks neither receipt nor binding.
#![allow(missing_docs)]

use std::hint::black_box;

use benches::minima;
use cose_ext::{
    Context, Input, MapBuilder, Profile, Sign1,
    crypto::{Algorithm, HashFunction, KeyProfile, PublicKey, SignatureVerifier, VerifyError},
    cwt::ClaimKey,
    header::Vds,
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto, Sha256},
};
use coset::{CborSerializable as _, TaggedCborSerializable as _};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use merkle_proof::{
    Sha256Tree, TreeHash, UnauthenticatedPosition,
    cose::{Receipt, ReceiptBuilder, encode_inclusion},
    root_from_inclusion,
};
use scitt_core::{
    EntryRule, ReceiptKey, Registration, Requirements, ServiceKey, SignedStatement,
    StatementBuilder, TransparencyService, TransparentStatement, TrustedService, Verifier,
};

const ISSUER: &str = "https://maker.example";
const SERVICE: &str = "https://log.example";
const NOW: i64 = 1_800_000_000;
/// How much may be around the cryptography, in percent.
const MOST: f64 = 5.0;

/// Takes any signature: what is left is the verification around it.
struct Anything(KeyProfile);

impl SignatureVerifier for Anything {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, message: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        black_box(message);
        Ok(())
    }
}

fn statement(number: u64, issuer: &P256SigningKey) -> Vec<u8> {
    StatementBuilder::new(ISSUER, &format!("firmware {number}"))
        .key_id(b"maker")
        .sign_digest_of(&number.to_be_bytes(), &Sha256, issuer)
        .expect("a statement")
}

/// The statement with a receipt of the last of 2^20 leaves, whose path is made up.
fn transparent(statement: &[u8], service: &P256SigningKey) -> Vec<u8> {
    let signed = SignedStatement::decode(statement, &Profile::LENIENT).expect("a statement");
    let payload = signed.message().danger_unverified_payload().expect("embedded");
    let entry = EntryRule::DEFAULT.entry(signed.message(), payload);
    let leaf = Sha256Tree.leaf(&[entry.hash(&Sha256).as_ref()]);
    let path: Vec<[u8; 32]> = (0..20_u8).map(|row| Sha256Tree.leaf(&[&[row]])).collect();
    let position = UnauthenticatedPosition { tree_size: 1 << 20, leaf_index: (1 << 20) - 1 };
    let root = root_from_inclusion(&Sha256Tree, &leaf, position, &path).expect("a root");
    let claims = MapBuilder::new().with(ClaimKey::ISS, SERVICE).with(ClaimKey::SUB, "receipt");
    let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(b"log")
        .cwt_claims(&claims)
        .inclusion(encode_inclusion(position, &path))
        .sign(root.unconfirmed(), service)
        .expect("a receipt");
    signed.with_receipts(&[&receipt]).expect("a transparent statement")
}

fn verify(bytes: &[u8], issuer: &TrustedKey<'_>, service: TrustedKey<'_>) {
    let keys = [ServiceKey::new(service, Algorithm::ES256).with_key_id(b"log")];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE), keys: &keys }];
    let statement = TransparentStatement::decode(bytes, &Profile::LENIENT).expect("transparent");
    let context = Context::new(&RustCrypto);
    let verifier = Verifier::new(issuer, &services);
    let found = verifier.verify(&statement, &Input::embedded(), &context).expect("verified");
    let _ = black_box(found);
}

fn scitt(c: &mut Criterion) {
    let issuer = P256SigningKey::from_bytes(&[1; 32]).expect("a key");
    let service = P256SigningKey::from_bytes(&[2; 32]).expect("a key");
    let (issuer_public, service_public) = (issuer.public_key(), service.public_key());
    let context = Context::new(&RustCrypto);
    let bytes = transparent(&statement(0, &issuer), &service);
    let issuer_key = TrustedKey::new(&issuer_public, &context).expect("a key").for_issuer(ISSUER);
    let service_key = TrustedKey::new(&service_public, &context).expect("a key");

    let mut group = c.benchmark_group("scitt");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("verify a transparent statement", |b| {
        b.iter(|| verify(black_box(&bytes), &issuer_key, service_key));
    });
    group.bench_function("coset: read the fields, verify nothing", |b| {
        b.iter(|| {
            let message =
                coset::CoseSign1::from_tagged_slice(black_box(&bytes)).expect("a message");
            black_box(message.protected.header.to_vec().expect("a header"))
        });
    });
    group.throughput(Throughput::Elements(1));
    let policy = Registration { issuers: &issuer_key, requirements: Requirements::Rfc9943 };
    let mut log = TransparencyService::in_memory(
        Sha256Tree,
        SERVICE,
        ReceiptKey::new(b"log", Algorithm::ES256),
    );
    let mut number = 0;
    group.bench_function("register in memory", |b| {
        b.iter_batched(
            || {
                number += 1;
                statement(number, &issuer)
            },
            |statement| {
                let input = Input::embedded();
                log.register(&statement, &input, NOW, &policy, &context).expect("registered")
            },
            BatchSize::SmallInput,
        );
    });
    log.sign_head(NOW, &service, &context).expect("signed");
    let mut index = 0;
    group.bench_function("receipt under a signed root", |b| {
        b.iter(|| {
            index = (index + 1) % log.size();
            let entry = log.entry(index).expect("an entry");
            log.receipt(entry, &context).expect("a receipt")
        });
    });
    group.finish();
    overhead(&bytes, &issuer_public, &service_public, &context);
}

/// Null verifiers beside the raw cryptography, in turns: two signatures, and the hashes of the entry, the
/// leaf and the path.
fn overhead<'k>(
    bytes: &[u8],
    issuer: impl Into<PublicKey<'k>>,
    service: impl Into<PublicKey<'k>>,
    context: &Context<'_>,
) {
    let (issuer, service) = (issuer.into(), service.into());
    let [null_issuer, null_service] = [&issuer, &service].map(|key| Anything(key.profile()));
    let identity = |byte| Identity::new([byte; 32]);
    let any_issuer = TrustedKey::parsed(&null_issuer, identity(1)).for_issuer(ISSUER);
    let any_service = TrustedKey::parsed(&null_service, identity(2));

    let statement = TransparentStatement::decode(bytes, &Profile::LENIENT).expect("transparent");
    let (_, receipt) = statement.receipts().iter().next().expect("a receipt");
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).expect("a receipt");
    let message = statement.statement().message();
    let payload = message.danger_unverified_payload().expect("embedded");
    let entry = EntryRule::DEFAULT.entry(message, payload);
    let hashes = || {
        let digest = Sha256.hash(&entry.parts());
        let mut hash = Sha256.hash(&[&[0], digest.as_ref()]);
        for _ in 0..20 {
            hash = Sha256.hash(&[&[1], hash.as_ref(), digest.as_ref()]);
        }
        hash
    };
    let check = |message: &Sign1<'_>, key: &PublicKey<'_>, input: &Input<'_, '_>| {
        let signed = message.to_be_signed(input, &Profile::LENIENT).expect("a structure");
        let used = context.provider.with_verifier(key, &mut |verifier| {
            // Whether it is good does not change what it costs.
            _ = black_box(verifier.verify(Algorithm::ES256, &signed.parts(), message.signature()));
        });
        used.expect("a key");
    };
    let around = || verify(black_box(bytes), &any_issuer, any_service);
    let hashing = || _ = black_box(hashes());
    let signatures = || {
        check(message, &issuer, &Input::embedded());
        check(receipt.message(), &service, &Input::detached(&[7; 32]));
    };
    let [all, hashed] = minima(around, hashing, 2000);
    let [_, signed] = minima(around, signatures, 200);
    let extra = all.saturating_sub(hashed);
    let raw = signed + hashed;
    let share = 100.0 * extra.as_secs_f64() / raw.as_secs_f64();
    println!(
        "transparent statement, tree of 2^20: around the cryptography {extra:?}, two signatures \
         {signed:?}, hashes {hashed:?}: {share:.1} %"
    );
    assert!(share <= MOST, "{share:.1} % is more than {MOST} %");
}

criterion_group!(benches, scitt);
criterion_main!(benches);
