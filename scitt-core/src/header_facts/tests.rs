//! How often the header of a statement is read while it is verified.

use alloc::vec::Vec;

use cose_ext::{
    Context, Input, Profile,
    crypto::Algorithm,
    cwt::Time,
    key::{TrustStore, TrustedKey},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto, Sha256},
};
use merkle_proof::Sha256Tree;

use super::READS;
use crate::{
    Judged, ReceiptKey, Registration, Requirements, ServiceKey, SignedStatement, StatementBuilder,
    StatementSignature, TransparencyService, TransparentStatement, TrustedService, Verifier,
};

const ISSUER: &str = "https://vendor.example";
const NOW: i64 = 1_800_000_000;

/// Returns how many headers `call` reads.
fn reads_of<T>(call: impl FnOnce() -> T) -> (usize, T) {
    READS.set(0);
    let result = call();
    (READS.get(), result)
}

fn transparent(issuer: &P256SigningKey, log: &Ed25519SigningKey) -> Vec<u8> {
    let context = Context::new(&RustCrypto);
    let public = issuer.public_key();
    let key = TrustedKey::new(&public, &context).unwrap().for_issuer(ISSUER);
    let statement = StatementBuilder::new(ISSUER, "pump 1.2").key_id(b"1");
    let statement = statement.sign_digest_of(b"release", &Sha256, issuer).unwrap();
    let receipt_key = ReceiptKey::new(b"2", Algorithm::EDDSA);
    let mut service =
        TransparencyService::in_memory(Sha256Tree, "https://log.example", receipt_key);
    let registration = Registration { issuers: &key, requirements: Requirements::Rfc9943 };
    let entry =
        service.register(&statement, &Input::embedded(), NOW, &registration, &context).unwrap();
    let receipt = service.prepare_receipt(entry, NOW, &context).unwrap().sign(log).unwrap();
    let statement = SignedStatement::decode(&statement, &Profile::LENIENT).unwrap();
    statement.with_receipts(&[&receipt]).unwrap()
}

/// The header of the statement once, and that of its receipt once: before the signature and after
/// it, at a time and without, and where the signature cannot be checked and the service is relied
/// on.
#[test]
fn a_header_is_read_once_on_every_way_through_the_verifier() {
    let context = Context::new(&RustCrypto);
    let input = Input::embedded();
    let issuer = P256SigningKey::from_bytes(&[1; 32]).unwrap();
    let log = Ed25519SigningKey::from_bytes(&[2; 32]).unwrap();
    let bytes = transparent(&issuer, &log);
    let (issuer_public, log_public) = (issuer.public_key(), log.public_key());
    let issuers = TrustedKey::new(&issuer_public, &context).unwrap().for_issuer(ISSUER);
    let log_key = TrustedKey::new(&log_public, &context).unwrap();
    let keys = [ServiceKey::new(log_key, Algorithm::EDDSA)];
    let services =
        [TrustedService { name: "log", issuer: Some("https://log.example"), keys: &keys }];
    let statement = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();

    let (alone, verified) = reads_of(|| {
        let statement = statement.statement();
        statement.verify(&input, &issuers, Requirements::Rfc9943, &context)
    });
    assert_eq!(verified.unwrap().value().issuer(), Some(ISSUER));
    assert_eq!(alone, 1, "a statement without receipts");

    for verifier in [
        Verifier::new(&issuers, &services),
        Verifier::new(&issuers, &services).at(Time::Seconds(NOW)),
    ] {
        let (reads, verified) = reads_of(|| verifier.verify(&statement, &input, &context));
        assert_eq!(verified.unwrap().statement().value().subject(), Some("pump 1.2"));
        assert_eq!(reads, 2, "statement and receipt");
        let included = || verifier.verify_inclusion_only(&statement, &input, &context);
        let (reads, included) = reads_of(included);
        assert!(included.is_ok());
        assert_eq!(reads, 2, "statement and receipt");
    }

    // No key of the issuer is enrolled: the statement is judged twice, and read once.
    let nobody = TrustStore::new(&[]);
    let verifier =
        Verifier::new(&nobody, &services).with_signature(StatementSignature::WhereEnrolled);
    let (reads, judged) = reads_of(|| verifier.judge(&statement, &input, &context));
    assert!(matches!(judged.unwrap(), Judged::Included(_)));
    assert_eq!(reads, 2, "statement and receipt");
}
