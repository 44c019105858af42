//! What the specifications of receipts and of COSE ask for, through the calls of this crate: the
//! crates below enforce it, and their errors name their own rules.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Content, Input, Label, MapBuilder, Profile, Value,
    cbor::Reader,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
    header::{Vdp, Vds},
    key::TrustStore,
    sign1::Sign1Builder,
};
use merkle_proof::{
    LeafIndex, MemoryTree, Sha256Tree, TreeSize, TrustedRoot, UnauthenticatedPosition,
    ccf::CcfSha256Tree,
    cose::{Receipt, ReceiptBuilder, ReceiptReading, encode_consistency, encode_inclusion},
};
use scitt_core::{
    EntryRule, Error, NotChecked, ReceiptKey, Registration, Requirements, ServiceKey,
    TransparencyService, TransparentStatement, TrustedService, Verdict, Verifier,
};
use world::*;

fn service<'k>(keys: &'k [ServiceKey<'k>]) -> TrustedService<'k> {
    TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys }
}

fn of_log() -> [ServiceKey<'static>; 1] {
    [service_key(&SERVICE, SERVICE_KID)]
}

fn of_ledger() -> [ServiceKey<'static>; 1] {
    let key = ServiceKey::new(ec_key(&ES256_SERVICE), Algorithm::ES256);
    [key.with_key_id(b"ledger").with_vds(Vds::CCF_LEDGER_SHA256)]
}

/// What a relying party says of the statement with this one receipt.
fn judge(statement: &[u8], receipt: &[u8], keys: &[ServiceKey<'_>]) -> Result<(), Error> {
    let bytes = transparent(statement, &[receipt]);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT)?;
    let (issuer, services) = (issuer_key(), [service(keys)]);
    let verifier = Verifier::new(&issuer, &services);
    verifier.verify(&transparent, &Input::embedded(), &context()).map(drop)
}

fn rule(found: Result<(), Error>) -> &'static str {
    found.unwrap_err().rule().unwrap().id
}

/// The claims of a receipt.
fn receipt_claims() -> MapBuilder {
    MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt")
}

#[test]
fn s80_the_signature_covers_the_protected_header_as_received() {
    // Keys in no order, heads longer than they have to be: valid, and not what an encoder makes.
    let claims = claims().to_bytes();
    let header = [
        &[0xa3, 0x18, 0x0f][..],
        &claims,
        &[0x19, 0, 4, 0x58, KID.len() as u8],
        KID,
        &[0x01, 0x38, 6],
    ]
    .concat();
    let raw = Raw::new(&header);
    let statement = raw.sign(&ec_signer(&ISSUER));
    let receipt = Log::usual(2).log(&statement);
    assert_eq!(judge(&statement, &receipt, &of_log()), Ok(()));
    // The same parameters in another encoding are another statement: nothing is encoded again.
    let tidy = protected().to_bytes();
    let signature = &statement[statement.len() - 64..];
    let other = Raw::new(&tidy).assemble(signature);
    let receipt = logged_blindly(&other, 3, 1, 3, 1, |path| path);
    let error = judge(&other, &receipt, &of_log()).unwrap_err();
    assert_eq!((error.verdict(), error.rule().unwrap().id), (Verdict::Broken, "C20"));
}

#[test]
fn s81_crit_is_processed_also_where_only_inclusion_is_checked() {
    let crit = [Value::Text("attestedsvc")];
    let header = protected().with(Label::text("attestedsvc"), Value::Bool(true));
    let statement = signed(&header.with(Label::CRIT, &crit[..]), &MapBuilder::new());
    let receipt = logged_blindly(&statement, 3, 1, 3, 1, |path| path);
    assert_eq!(rule(judge(&statement, &receipt, &of_log())), "C15");
    let bytes = transparent(&statement, &[&receipt]);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let (keys, nobody) = (of_log(), TrustStore::new(&[]));
    let services = [service(&keys)];
    let verifier = Verifier::new(&nobody, &services);
    let included = verifier.verify_inclusion_only(&transparent, &Input::embedded(), &context());
    assert_eq!(rule(included.map(drop)), "C15");
    // And a service registers nothing of the kind.
    let mut log = Log::usual(0);
    let error = log.register(&statement, &Input::embedded()).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C15");
}

#[test]
fn s82_a_receipt_is_tagged_and_names_a_known_structure_where_it_is_signed() {
    let statement = statement();
    let good = Log::usual(2).log(&statement);
    let decoded = Receipt::decode(&good, &Profile::LENIENT).unwrap();
    let vdp = decoded.message().headers().unprotected().find(Label::VDP).unwrap();
    let root = usual_root(&statement);
    let with = |protected: Option<Value<'_>>, unprotected: Option<i64>| {
        let mut header = MapBuilder::new()
            .with(Label::ALG, Algorithm::EDDSA)
            .with(Label::KID, SERVICE_KID)
            .with(Label::CWT_CLAIMS, &receipt_claims());
        if let Some(vds) = protected {
            header = header.with(Label::VDS, vds);
        }
        let mut loose = MapBuilder::new().with(Label::VDP, Value::Encoded(vdp.bytes()));
        if let Some(vds) = unprotected {
            loose = loose.with(Label::VDS, vds);
        }
        let raw = Raw::new(&header.to_bytes()).unprotected(&loose).payload(&root);
        raw.detached().sign(&ed_signer(&SERVICE))
    };
    assert_eq!(judge(&statement, &with(Some(Value::from(1)), None), &of_log()), Ok(()));
    for (what, receipt) in [
        ("none", with(None, None)),
        ("unprotected", with(None, Some(1))),
        ("unknown", with(Some(Value::from(77)), None)),
        ("text", with(Some(Value::Text("RFC9162_SHA256")), None)),
        ("a ledger", with(Some(Value::from(2)), None)),
        ("no tag", good[1..].to_vec()),
        ("no receipt", vec![0xf6]),
        ("nothing", vec![]),
    ] {
        assert!(judge(&statement, &receipt, &of_log()).is_err(), "{what}");
        // Beside a good one it changes nothing.
        let bytes = transparent(&statement, &[&receipt, &good]);
        let both = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let (issuer, keys) = (issuer_key(), of_log());
        let services = [service(&keys)];
        let verifier = Verifier::new(&issuer, &services);
        let found = verifier.verify(&both, &Input::embedded(), &context()).unwrap();
        assert_eq!(found.services(), 1, "{what}");
    }
}

/// The log of the usual statement at `index`, among others.
fn tree_with(statement: &[u8], size: u64, index: u64) -> MemoryTree<Sha256Tree> {
    let decoded = decode(statement);
    let entry = EntryRule::DEFAULT.entry(decoded.message(), PAYLOAD);
    let entry = entry.hash(&cose_ext::rustcrypto::Sha256);
    let mut tree = MemoryTree::new(Sha256Tree);
    for place in 0..size {
        match place == index {
            true => tree.append(&[entry.as_ref()]),
            false => tree.append(&[&place.to_be_bytes()]),
        };
    }
    tree
}

/// The root of the usual log with two others and the statement.
fn usual_root(statement: &[u8]) -> [u8; 32] {
    let mut log = Log::usual(2);
    log.register(statement, &Input::embedded()).unwrap();
    *log.service.head().root.hash()
}

/// A receipt of the statement at `index` of a log of `size`, which claims another position and has
/// a path that `change` has had.
fn logged_blindly(
    statement: &[u8],
    size: u64,
    index: u64,
    claimed_size: u64,
    claimed_index: u64,
    change: impl FnOnce(Vec<[u8; 32]>) -> Vec<[u8; 32]>,
) -> Vec<u8> {
    let tree = tree_with(statement, size, index);
    let path = change(tree.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap());
    let position = UnauthenticatedPosition { tree_size: claimed_size, leaf_index: claimed_index };
    ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&receipt_claims())
        .inclusion(encode_inclusion(position, &path))
        .sign(tree.head().root.hash(), &ed_signer(&SERVICE))
        .unwrap()
}

#[test]
fn s83_an_inclusion_path_is_used_up_and_leads_to_the_signed_root() {
    let statement = statement();
    let judged = |receipt: &[u8]| judge(&statement, receipt, &of_log());
    for size in 1..12 {
        for index in 0..size {
            let good = logged_blindly(&statement, size, index, size, index, |path| path);
            assert_eq!(judged(&good), Ok(()), "{index} of {size}");
            // An index that is not below the size, and a size of nothing.
            for claimed in [size, size + 1, u64::MAX] {
                let receipt = logged_blindly(&statement, size, index, size, claimed, |path| path);
                assert_eq!(rule(judged(&receipt)), "M3");
            }
            let none = logged_blindly(&statement, size, index, 0, 0, |path| path);
            assert_eq!(rule(judged(&none)), "M3");
            // One element too many or too few.
            let long = logged_blindly(&statement, size, index, size, index, |mut path| {
                path.push([0; 32]);
                path
            });
            assert_eq!(rule(judged(&long)), "M4");
            if size > 1 {
                let short = logged_blindly(&statement, size, index, size, index, |mut path| {
                    path.pop();
                    path
                });
                assert_eq!(rule(judged(&short)), "M5");
                // Another element leads to a root that nobody signed.
                let other = logged_blindly(&statement, size, index, size, index, |mut path| {
                    path[0][31] ^= 1;
                    path
                });
                let error = judged(&other).unwrap_err();
                assert_eq!((error.verdict(), error.rule().unwrap().id), (Verdict::Broken, "S14"));
            }
        }
    }
}

#[test]
fn s84_consistency_starts_from_a_root_that_is_held_and_grows() {
    let statement = statement();
    let tree = tree_with(&statement, 9, 0);
    let keys = of_log();
    let proof =
        |older: u64, newer: u64, path: &[[u8; 32]], root: &[u8; 32], signer: &dyn Signer| {
            ReceiptBuilder::new(Vds::RFC9162_SHA256)
                .key_id(SERVICE_KID)
                .cwt_claims(&receipt_claims())
                .consistency(encode_consistency(TreeSize(older), TreeSize(newer), path))
                .sign(root, signer)
                .unwrap()
        };
    let verify = |older: u64, receipt: &[u8]| {
        let known = tree.head_at(older).unwrap();
        let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        let reading = ReceiptReading::DEFAULT;
        let found = service(&keys).verify_consistency(&known, &receipt, &reading, &context());
        found.map(|root| *root.value().hash())
    };
    let (root, signer) = (*tree.head().root.hash(), ed_signer(&SERVICE));
    for older in 1..9 {
        let path = tree.consistency_path(TreeSize(older), TreeSize(9)).unwrap();
        assert_eq!(verify(older, &proof(older, 9, &path, &root, &signer)), Ok(root));
        // Signed by somebody else, or another root.
        let stranger = proof(older, 9, &path, &root, &ed_signer(&OTHER_SERVICE));
        assert_eq!(verify(older, &stranger).unwrap_err().verdict(), Verdict::Broken);
        let other = proof(older, 9, &path, &[7; 32], &signer);
        assert_eq!(verify(older, &other).unwrap_err().verdict(), Verdict::Broken);
        // From another root than the one that is held, and not from the size that is held.
        let changed: Vec<_> = path.iter().map(|hash| hash.map(|byte| byte ^ 1)).collect();
        assert!(verify(older, &proof(older, 9, &changed, &root, &signer)).is_err());
        assert!(verify(older % 8 + 1, &proof(older, 9, &path, &root, &signer)).is_err());
        // One element too many.
        let long = [&path[..], &[[0; 32]]].concat();
        assert!(verify(older, &proof(older, 9, &long, &root, &signer)).is_err());
    }
    // Nothing grows out of an empty log, or back; out of itself grows the same root alone.
    let of_nothing = proof(0, 9, &[], &root, &signer);
    assert_eq!(rule(verify(0, &of_nothing).map(drop)), "M8");
    assert!(verify(9, &proof(9, 5, &[], &root, &signer)).is_err());
    assert_eq!(verify(9, &proof(9, 9, &[], &root, &signer)), Ok(root));
    assert!(verify(9, &proof(9, 9, &[], &[7; 32], &signer)).is_err());
}

/// A ledger of three others, the statement and one more.
struct Ledger {
    /// Of the statement, at sizes 4 and 5.
    receipts: Vec<Vec<u8>>,
    /// At every size from 1.
    roots: Vec<[u8; 32]>,
    /// From every size from 1 to 5.
    growth: Vec<Vec<u8>>,
}

fn ledger(statement: &[u8]) -> Ledger {
    let (signer, input) = (ec_signer(&ES256_SERVICE), Input::embedded());
    let key = ReceiptKey::new(b"ledger", Algorithm::ES256);
    let mut ledger = TransparencyService::in_memory(CcfSha256Tree, SERVICE_ISS, key);
    let policy = Registration { issuers: &issuer_key(), requirements: Requirements::Rfc9943 };
    let other = |number: u32| builder().claim(ClaimKey::CTI, &number.to_be_bytes()[..]);
    let mut roots = Vec::new();
    let mut register = |ledger: &mut TransparencyService<_>, bytes: &[u8]| {
        let entry = ledger.register(bytes, &input, LOGGED_AT, &policy, &context()).unwrap();
        roots.push(*ledger.head().root.hash());
        entry
    };
    for number in 0..3 {
        let bytes = other(number).sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap();
        register(&mut ledger, &bytes);
    }
    let entry = register(&mut ledger, statement);
    let receipt = |ledger: &TransparencyService<_>| {
        let pending = ledger.prepare_receipt(entry, LOGGED_AT, &context()).unwrap();
        pending.sign(&signer).unwrap()
    };
    let mut receipts = vec![receipt(&ledger)];
    let bytes = other(9).sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap();
    register(&mut ledger, &bytes);
    receipts.push(receipt(&ledger));
    let growth = (1..5).map(|older| {
        let pending = ledger.prepare_consistency(older, LOGGED_AT, &context()).unwrap();
        pending.sign(&signer).unwrap()
    });
    let growth = growth.collect();
    Ledger { receipts, roots, growth }
}

fn proofs(receipt: &[u8], kind: cose_ext::IntOrText<'_>) -> Vec<Vec<u8>> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
    let vdp = receipt.message().headers().vdp().unwrap().unwrap();
    let proofs = vdp.proofs(kind).unwrap().unwrap();
    proofs.iter().map(|proof| proof.read(Reader::bytes).unwrap().to_vec()).collect()
}

#[test]
fn s85_receipts_of_a_ledger_have_one_root_and_no_payload() {
    let statement = statement();
    let Ledger { receipts, roots, .. } = ledger(&statement);
    let keys = of_ledger();
    let judged = |receipt: &[u8]| judge(&statement, receipt, &keys);
    for receipt in &receipts {
        assert_eq!(judged(receipt), Ok(()));
    }
    let signer = ec_signer(&ES256_SERVICE);
    let begin = || {
        let builder = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256).key_id(b"ledger");
        builder.cwt_claims(&receipt_claims())
    };
    let (small, large) = (
        proofs(&receipts[0], Vdp::INCLUSION).remove(0),
        proofs(&receipts[1], Vdp::INCLUSION).remove(0),
    );
    let twice = begin().inclusion(large.clone()).inclusion(large.clone());
    assert_eq!(judged(&twice.sign(&roots[4], &signer).unwrap()), Ok(()));
    for root in [&roots[3], &roots[4]] {
        let mixed = begin().inclusion(small.clone()).inclusion(large.clone());
        assert_eq!(rule(judged(&mixed.sign(root, &signer).unwrap())), "M53");
    }
    let inclusion = [Value::Bytes(&large)];
    let vdp = MapBuilder::new().with(Vdp::INCLUSION, &inclusion[..]);
    let attached = Sign1Builder::new()
        .protected(Label::VDS, 2)
        .key_id(b"ledger")
        .cwt_claims(&receipt_claims())
        .unprotected(Label::VDP, &vdp)
        .sign(Content::Embedded(&roots[4]), &signer)
        .unwrap();
    let error = judged(&attached).unwrap_err();
    assert_eq!((error.verdict(), error.rule().unwrap().id), (Verdict::Broken, "M54"));
}

#[test]
fn s85_a_ledger_grows_out_of_a_root_that_was_verified_before() {
    let Ledger { roots, growth, .. } = ledger(&statement());
    let keys = of_ledger();
    let (reading, context) = (ReceiptReading::DEFAULT, context());
    let verify = |older: &[u8; 32], receipt: &[u8]| {
        let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
        let known = TrustedRoot::vouched_for(*older);
        let found = service(&keys).verify_ledger_consistency(&known, &receipt, &reading, &context);
        found.map(|root| *root.value().hash())
    };
    for (older, receipt) in growth.iter().enumerate() {
        assert_eq!(verify(&roots[older], receipt), Ok(roots[4]), "{older}");
        for other in (0..4).filter(|other| *other != older) {
            assert_eq!(rule(verify(&roots[other], receipt).map(drop)), "M36");
        }
    }
    // Two proofs that lead to two newer roots.
    let both = proofs(&growth[1], Vdp::CONSISTENCY).remove(0);
    let signer = ec_signer(&ES256_SERVICE);
    let begin = || {
        let builder = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256).key_id(b"ledger");
        builder.cwt_claims(&receipt_claims()).consistency(both.clone())
    };
    let same = begin().consistency(both.clone()).sign(&roots[4], &signer).unwrap();
    assert_eq!(verify(&roots[1], &same), Ok(roots[4]));
    let mut bent = both.clone();
    *bent.last_mut().unwrap() ^= 1;
    let mixed = begin().consistency(bent).sign(&roots[4], &signer).unwrap();
    assert!(verify(&roots[1], &mixed).is_err());
    // A key that is enrolled for another structure.
    let log = [ServiceKey { vds: Vds::RFC9162_SHA256, ..keys[0] }];
    let receipt = Receipt::decode(&growth[1], &Profile::LENIENT).unwrap();
    let known = TrustedRoot::vouched_for(roots[1]);
    let found = service(&log).verify_ledger_consistency(&known, &receipt, &reading, &context);
    assert_eq!(found.unwrap_err().rule().unwrap().id, "S17");
}

#[test]
fn s87_without_the_artifact_the_verdict_says_so() {
    let statement = envelope();
    let bytes = usual_transparent(&statement);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let (issuer, keys) = (issuer_key(), of_log());
    let services = [service(&keys)];
    let verifier = Verifier::new(&issuer, &services);
    let found = verifier.verify(&transparent, &Input::embedded(), &context()).unwrap();
    assert!(found.not_checked().any(|it| it == NotChecked::Preimage));
}

#[test]
fn s88_structures_that_are_not_registered_are_accepted_by_name_and_named() {
    let statement = statement();
    let Ledger { receipts, .. } = ledger(&statement);
    // The service's key is trusted, and not for ledgers.
    let log = [ServiceKey { vds: Vds::RFC9162_SHA256, ..of_ledger()[0] }];
    assert_eq!(rule(judge(&statement, &receipts[0], &log)), "S17");
    let bytes = transparent(&statement, &[&receipts[0]]);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let (issuer, keys) = (issuer_key(), of_ledger());
    let services = [service(&keys)];
    let verifier = Verifier::new(&issuer, &services);
    let found = verifier.verify(&transparent, &Input::embedded(), &context()).unwrap();
    let named = NotChecked::StructureRegistration(Vds::CCF_LEDGER_SHA256);
    assert!(found.not_checked().any(|it| it == named));
    assert!(!found.inclusion().is_registered_structure());
}

#[test]
fn s17_a_key_with_several_algorithms_signs_by_each_of_them_and_no_other() {
    let statement = statement();
    let tree = tree_with(&statement, 4, 2);
    let path = tree.inclusion_path(LeafIndex(2), TreeSize(4)).unwrap();
    let position = UnauthenticatedPosition { tree_size: 4, leaf_index: 2 };
    let signed = |signer: &dyn Signer| {
        let builder = ReceiptBuilder::new(Vds::RFC9162_SHA256).key_id(b"log 2");
        let builder = builder.cwt_claims(&receipt_claims());
        let builder = builder.inclusion(encode_inclusion(position, &path));
        builder.sign(tree.head().root.hash(), signer).unwrap()
    };
    struct Esp256(cose_ext::rustcrypto::P256SigningKey);
    impl Signer for Esp256 {
        fn algorithm(&self) -> Algorithm {
            Algorithm::ESP256
        }
        fn signature_len(&self) -> usize {
            self.0.signature_len()
        }
        fn sign(
            &self,
            message: &[&[u8]],
            out: &mut [u8],
        ) -> Result<usize, cose_ext::crypto::SignError> {
            self.0.sign(message, out)
        }
    }
    let es256 = signed(&ec_signer(&ES256_SERVICE));
    let esp256 = signed(&Esp256(ec_signer(&ES256_SERVICE)));
    let key = ServiceKey::new(ec_key(&ES256_SERVICE), Algorithm::ES256).with_key_id(b"log 2");
    let both = [key.with_more_algorithms(&[Algorithm::ESP256])];
    for receipt in [&es256, &esp256] {
        assert_eq!(judge(&statement, receipt, &both), Ok(()));
    }
    assert_eq!(judge(&statement, &es256, &[key]), Ok(()));
    assert_eq!(rule(judge(&statement, &esp256, &[key])), "S17");
    let others = [key.with_more_algorithms(&[Algorithm::ES384, Algorithm::EDDSA])];
    assert_eq!(rule(judge(&statement, &esp256, &others)), "S17");
}
