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

/// A receipt of the last of 2^20 leaves: the path is made up, the root follows from it.
fn in_a_tree_of_2_to_the_20(statement: &[u8]) -> Vec<u8> {
    use cose_ext::crypto::HashFunction as _;
    use merkle_proof::{
        Sha256Tree, TreeHash as _, UnauthenticatedPosition, cose::encode_inclusion,
        root_from_inclusion,
    };
    let decoded = decode(statement);
    let payload = decoded.message().danger_unverified_payload().unwrap();
    let entry = scitt_core::EntryRule::DEFAULT.entry(decoded.message(), payload);
    let leaf = Sha256Tree.leaf(&[entry.hash(&cose_ext::rustcrypto::Sha256).as_ref()]);
    let path: Vec<[u8; 32]> = (0..20_u8)
        .map(|row| cose_ext::rustcrypto::Sha256.hash(&[&[row]]).as_ref().try_into().unwrap())
        .collect();
    let position = UnauthenticatedPosition { tree_size: 1 << 20, leaf_index: (1 << 20) - 1 };
    let root = root_from_inclusion(&Sha256Tree, &leaf, position, &path).unwrap();
    let claims = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt");
    ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(encode_inclusion(position, &path))
        .sign(root.unconfirmed(), &ed_signer(&SERVICE))
        .unwrap()
}

#[test]
fn a_receipt_in_a_tree_of_2_to_the_20_is_verified_without_heap() {
    let statement = envelope();
    let bytes = transparent(&statement, &[&in_a_tree_of_2_to_the_20(&statement)]);
    let key = service_key(&SERVICE, SERVICE_KID);
    let (verdict, allocated) = allocations_during(|| {
        verify(&bytes, Some(ARTIFACT), issuer_key(), key, Requirements::Rfc9943)
    });
    assert_eq!((verdict, allocated.count), (Ok(3), 0));
    // The explanation of it takes none either, as long as what it is written to takes none.
    struct Counted(usize);
    impl core::fmt::Write for Counted {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let (written, allocated) = allocations_during(|| {
        let keys = [key];
        let services = [TrustedService { name: "log", issuer: None, keys: &keys }];
        let issuer = issuer_key();
        let verifier = Verifier::new(&issuer, &services);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let mut out = Counted(0);
        let context = Context::new(&RustCrypto);
        let found = verifier.explain(&transparent, &Input::embedded(), &context, &mut out);
        assert!(found.unwrap().is_ok());
        out.0
    });
    assert!(written > 200);
    assert_eq!(allocated.count, 0);
}
