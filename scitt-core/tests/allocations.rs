//! Verifying takes nothing from the heap.

#[path = "support/keys.rs"]
mod keys;
#[path = "support/published.rs"]
mod published;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Context, Input, MapBuilder, Profile,
    crypto::Algorithm,
    cwt::ClaimKey,
    header::Vds,
    key::{TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use merkle_proof::cose::ReceiptBuilder;
use scitt_core::{
    Error, Included, LoggedStatement, Requirements, ServiceKey, Statement, TransparentStatement,
    TrustedService, Verifier,
};
use testkit::alloc_count::{Counting, allocations_during};
use world::*;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// From the bytes to the artifact, which is not looked at where it is not given.
fn verify(
    bytes: &[u8],
    artifact: Option<&[u8]>,
    issuer: TrustedKey<'_>,
    service: ServiceKey<'_>,
    requirements: Requirements,
) -> Result<usize, Error> {
    let context = Context::new(&RustCrypto);
    let (issuers, keys) = ([issuer], [service]);
    let issuers = TrustStore::new(&issuers);
    let services = [TrustedService { name: "log", issuer: None, keys: &keys }];
    let verifier = Verifier::new(&issuers, &services).with_requirements(requirements);
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT)?;
    let input = Input::embedded();
    let verified = verifier.verify(&transparent, &input, &context)?;
    let included: Included<'_, LoggedStatement<'_>> =
        verifier.verify_inclusion_only(&transparent, &input, &context)?;
    assert_eq!(included.root().by(), verified.inclusion().root().by());
    if let Some(artifact) = artifact {
        let digest = verified.statement().try_map(Statement::digest)?;
        let _ = digest.vouch_for(&[artifact], &context)?;
    }
    Ok(verified.not_checked().count())
}

#[test]
fn a_transparent_hash_envelope_is_verified_without_heap() {
    let statement = envelope();
    let mut log = Log::usual(6);
    let by_eddsa = log.log(&statement);
    let claims = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt");
    let header = |receipt: ReceiptBuilder| receipt.key_id(b"log 2").cwt_claims(&claims);
    let root = *log.service.head().root.hash();
    let by_es256 = reissued(&root, &by_eddsa, header, &ec_signer(&ES256_SERVICE));
    let es256 = ServiceKey::new(ec_key(&ES256_SERVICE), Algorithm::ES256).with_key_id(b"log 2");
    for (receipt, key) in [(by_eddsa, service_key(&SERVICE, SERVICE_KID)), (by_es256, es256)] {
        let bytes = transparent(&statement, &[b"broken", &receipt]);
        let (verdict, allocated) = allocations_during(|| {
            verify(&bytes, Some(ARTIFACT), issuer_key(), key, Requirements::Rfc9943)
        });
        assert_eq!(verdict, Ok(3));
        assert_eq!(allocated.count, 0);
        let (verdict, allocated) = allocations_during(|| {
            verify(&bytes, Some(b"other"), issuer_key(), key, Requirements::Rfc9943)
        });
        assert!(verdict.is_err());
        assert_eq!(allocated.count, 0);
    }
}

#[test]
fn statements_of_ccf_ledgers_are_verified_without_heap() {
    for file in published::published() {
        // RSA takes from the heap by nature of its implementation.
        if file.issuer.curve().is_none() {
            continue;
        }
        let issuer = TrustedKey::new(file.issuer.public_key(), &context()).unwrap();
        let service = TrustedKey::new(file.service.public_key(), &context()).unwrap();
        let service = ServiceKey::new(service, file.service.usual_algorithm())
            .with_vds(Vds::CCF_LEDGER_SHA256);
        let (verdict, allocated) = allocations_during(|| {
            verify(&file.bytes, None, issuer, service, Requirements::Lenient)
        });
        assert!(verdict.is_ok(), "{}: {verdict:?}", file.name);
        assert_eq!(allocated.count, 0, "{}", file.name);
    }
}
