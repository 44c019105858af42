//! A signature is its issuer's, and a receipt is of this statement and of no other.

#[path = "support/counting.rs"]
mod counting;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Error as CoseError, Input, Label, MapBuilder, Processed, Profile, Sign1,
    crypto::Algorithm,
    error::{Limit, Misuse, Policy, Verification},
    header::Vds,
    key::{Identity, TrustStore, TrustedKey},
    rustcrypto::Sha256,
};
use counting::Counting;
use merkle_proof::{
    LeafIndex, MemoryTree, Sha256Tree, TreeSize, UnauthenticatedPosition,
    ccf::{self, Leaf, PathElement},
    cose::{Receipt, ReceiptBuilder, encode_ccf_inclusion, encode_inclusion},
};
use scitt_core::{
    EntryEncoding, EntryPayload, EntryRule, Error, ErrorKind, Included, LoggedStatement,
    Requirements, Rule, SignedStatement, Transparent, TransparentStatement, TrustedService,
    Verdict, Verifier,
};
use world::*;

/// Verifies with the usual issuer and the usual service.
fn verify<'a>(bytes: &'a [u8], input: &Input<'a, '_>) -> Result<Transparent<'a>, Error> {
    verify_by(bytes, input, EntryRule::DEFAULT)
}

fn verify_by<'a>(
    bytes: &'a [u8],
    input: &Input<'a, '_>,
    entry_rule: EntryRule,
) -> Result<Transparent<'a>, Error> {
    let keys = [service_key(&SERVICE, SERVICE_KID).with_entry_rule(entry_rule)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuers = issuer_key();
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT)?;
    Verifier::new(&issuers, &services).verify(&transparent, input, &context())
}

fn include_by<'a>(
    bytes: &'a [u8],
    input: &Input<'a, '_>,
    entry_rule: EntryRule,
) -> Result<Included<'a, LoggedStatement<'a>>, Error> {
    let keys = [service_key(&SERVICE, SERVICE_KID).with_entry_rule(entry_rule)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuers = issuer_key();
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT)?;
    Verifier::new(&issuers, &services).verify_inclusion_only(&transparent, input, &context())
}

fn is_broken(rule: &str, verdict: Result<Transparent<'_>, Error>) {
    let error = verdict.unwrap_err();
    assert_eq!(error.rule().map(|rule| rule.id), Some(rule), "{error}");
    assert_eq!(error.verdict(), Verdict::Broken, "{error}");
}

#[test]
fn a_statement_that_was_logged_among_others_is_transparent() {
    for others in [0, 1, 2, 3, 6, 7] {
        let mut log = Log::usual(others);
        let statement = envelope();
        let entry = log.register(&statement, &Input::embedded()).unwrap();
        log.fill(others);
        let bytes = transparent(&statement, &[&log.receipt(entry)]);
        let verified = verify(&bytes, &Input::embedded()).unwrap();
        assert_eq!(verified.services(), 1);
        assert_eq!(verified.statement().by().identity(), issuer_key().identity());
        assert_eq!(verified.statement().value().issuer(), Some(ISS));
        assert_eq!(verified.statement().value().subject(), Some(SUB));
        let root = verified.inclusion().root();
        assert_eq!(root.by().identity(), ed_key(&SERVICE).identity());
        assert_eq!(root.value().hash(), log.service.head().root.hash());
        assert_eq!(verified.inclusion().vds(), Vds::RFC9162_SHA256);
        assert!(verified.inclusion().is_registered_structure());
        assert!(verified.inclusion().value().payload().is_some());
        let logged = verified.inclusion().value();
        assert_eq!(
            logged.protected().as_received(),
            decode(&statement).message().headers().protected().as_received()
        );
    }
}

#[test]
fn s10_the_signature_is_the_issuers() {
    let signer = ec_signer(&OTHER_ISSUER);
    let forged = builder().sign(PAYLOAD, &signer).unwrap();
    let statement = decode(&forged);
    let verify = |keys: &[TrustedKey<'_>]| {
        let (input, keys) = (Input::embedded(), TrustStore::new(keys));
        statement.verify(&input, &keys, Requirements::Rfc9943, &context()).map(drop)
    };
    let error = verify(&[issuer_key()]).unwrap_err();
    let invalid = CoseError::from(Verification::InvalidSignature { tried: 1 });
    assert_eq!(error, Error::from(invalid));
    assert_eq!(error.verdict(), Verdict::Broken);
    let nobody = Error::from(CoseError::from(Policy::NotEnrolled { tried: 0 }));
    assert_eq!(verify(&[]), Err(nobody));
    assert_eq!(verify(&[issuer_key().with_key_id(b"another")]), Err(nobody));
    // Nothing is known about a statement by somebody who was not enrolled.
    assert_eq!(nobody.verdict(), Verdict::CannotEvaluate);
    assert_eq!(verify(&[issuer_key(), ec_key(&OTHER_ISSUER)]), Ok(()));
}

#[test]
fn s10_protected_header_and_payload_are_signed() {
    let bytes = statement();
    let statement = decode(&bytes);
    let message = statement.message();
    let after_header = message.headers().unprotected().offset();
    let protected = message.headers().protected();
    let at_signature = bytes.len() - message.signature().len();
    let at_payload = after_header + 2;
    assert_eq!(&bytes[at_payload..at_payload + PAYLOAD.len()], PAYLOAD);
    let starts = [protected.offset() + 2, at_payload, at_signature + 5, bytes.len() - 3];
    for at in starts {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let Ok(statement) = SignedStatement::decode(&changed, &Profile::LENIENT) else { continue };
        let verified =
            statement.verify(&Input::embedded(), &issuer_key(), Requirements::Lenient, &context());
        assert!(verified.is_err(), "byte {at}");
    }
}

#[test]
fn s40_a_service_key_is_no_issuer_key_unless_it_is_enrolled_as_one() {
    let signer = ed_signer(&SERVICE);
    let bytes = builder().sign(PAYLOAD, &signer).unwrap();
    let mut log = Log::usual(1);
    let error = log.register(&bytes, &Input::embedded()).unwrap_err();
    // An EdDSA key is none of the issuer's.
    assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
    let statement = decode(&bytes);
    let verified =
        statement.verify(&Input::embedded(), &ed_key(&SERVICE), Requirements::Rfc9943, &context());
    assert!(verified.is_ok());
}

#[test]
fn s29_two_issuers_share_a_kid() {
    let keys = [issuer_key().with_key_id(KID), ec_key(&OTHER_ISSUER).with_key_id(KID)];
    for (signer, identity) in [(&ISSUER, keys[0].identity()), (&OTHER_ISSUER, keys[1].identity())] {
        let bytes = builder().sign(PAYLOAD, &ec_signer(signer)).unwrap();
        for store in [keys, [keys[1], keys[0]]] {
            let store = TrustStore::new(&store);
            let statement = decode(&bytes);
            let verified = statement
                .verify(&Input::embedded(), &store, Requirements::Rfc9943, &context())
                .unwrap();
            assert_eq!(verified.by().identity(), identity);
            assert_ne!(keys[0].identity(), keys[1].identity());
        }
    }
}

#[test]
fn s10_tries_are_bounded() {
    let wrong = Counting::new(ec_signer(&OTHER_ISSUER).verifying_key());
    let right = issuer_key();
    let bytes = statement();
    let statement = decode(&bytes);
    for (strangers, verdict) in [
        (7, Ok(right.identity())),
        (8, Err(Error::from(CoseError::from(Limit::Candidates)))),
        (100, Err(Error::from(CoseError::from(Limit::Candidates)))),
    ] {
        let mut keys = vec![wrong.trusted(Identity::new([1; 32])); strangers];
        keys.push(right);
        let keys = TrustStore::new(&keys);
        let found = statement.verify(&Input::embedded(), &keys, Requirements::Rfc9943, &context());
        assert_eq!(found.map(|verified| verified.by().identity()), verdict);
        assert_eq!(wrong.asked(), strangers.min(8));
        if let Err(error) = verdict {
            assert_eq!(error.verdict(), Verdict::CannotEvaluate);
        }
    }
}

#[test]
fn s10_a_key_speaks_for_the_issuer_that_it_was_enrolled_for() {
    let key = Counting::new(ec_signer(&ISSUER).verifying_key());
    let enrolled = key.trusted(Identity::new([1; 32])).for_issuer("https://a.example");
    let of = |issuer: &str| {
        let builder = scitt_core::StatementBuilder::new(issuer, SUB).key_id(KID);
        builder.sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap()
    };
    let verify = |bytes: &[u8]| {
        decode(bytes)
            .verify(&Input::embedded(), &enrolled, Requirements::Lenient, &context())
            .map(drop)
    };
    assert_eq!(verify(&of("https://a.example")), Ok(()));
    assert_eq!(key.asked(), 1);
    for other in
        ["https://b.example", "https://a.example/", "https://A.example", "https://a.exampl"]
    {
        let error = verify(&of(other)).unwrap_err();
        assert_eq!(error, Error::from(CoseError::from(Policy::NotEnrolled { tried: 0 })));
    }
    // Nor for a statement that names no issuer, or names it where nobody signed.
    let bare = MapBuilder::new().with(Label::ALG, Algorithm::ES256).with(Label::KID, KID);
    let named = MapBuilder::new().with(
        Label::CWT_CLAIMS,
        &MapBuilder::new().with(cose_ext::cwt::ClaimKey::ISS, "https://a.example"),
    );
    for unprotected in [MapBuilder::new(), named] {
        let error = verify(&signed(&bare, &unprotected)).unwrap_err();
        assert_eq!(error, Error::from(CoseError::from(Policy::IssuerNotClaimed)));
    }
    assert_eq!(key.asked(), 2);
}

#[test]
fn s10_certificates_that_come_along_change_no_identity() {
    let bytes = statement();
    let mut identities = Vec::new();
    for certificate in [&b"one certificate"[..], b"another of the same key"] {
        let chain = MapBuilder::new().with(Label::X5CHAIN, certificate);
        let bytes = decode(&bytes).message().with_unprotected(&chain).unwrap();
        let verified = decode(&bytes)
            .verify(&Input::embedded(), &issuer_key(), Requirements::Rfc9943, &context())
            .unwrap();
        identities.push(verified.by().identity());
    }
    assert_eq!(identities[0], identities[1]);
}

#[test]
fn s14_a_receipt_of_another_statement_does_not_count() {
    let mut log = Log::usual(4);
    let (ours, theirs) = (statement(), envelope());
    let (our_receipt, their_receipt) = (log.log(&ours), log.log(&theirs));
    let our_receipt_again = log.log(&ours);
    for (statement, good, grafted) in
        [(&ours, &our_receipt_again, &their_receipt), (&theirs, &their_receipt, &our_receipt)]
    {
        is_broken("S14", verify(&transparent(statement, &[grafted]), &Input::embedded()));
        // Beside a good one it does no harm, and adds nothing.
        for receipts in [[&good[..], &grafted[..]], [&grafted[..], &good[..]]] {
            let bytes = transparent(statement, &receipts);
            assert_eq!(verify(&bytes, &Input::embedded()).unwrap().services(), 1);
        }
    }
}

#[test]
fn s14_nor_one_of_the_same_content_by_another_signature() {
    // What anybody makes by flipping s, or the issuer by signing again with another nonce.
    let bytes = statement();
    let receipt = Log::usual(2).log(&bytes);
    let flipped = flip_s(&bytes);
    assert!(
        decode(&flipped)
            .verify(&Input::embedded(), &issuer_key(), Requirements::Rfc9943, &context())
            .is_ok()
    );
    is_broken("S14", verify(&transparent(&flipped, &[&receipt]), &Input::embedded()));
}

#[test]
fn s39_position_alters_nothing_as_long_as_the_fold_is_the_same() {
    let mut log = Log::usual(2);
    let statement = statement();
    let entry = log.register(&statement, &Input::embedded()).unwrap();
    log.fill(11); // Eleven, of which two were registered before.
    assert_eq!((entry.index(), log.service.size()), (2, 12));
    let receipt = log.receipt(entry);
    let expected = verify(&transparent(&statement, &[&receipt]), &Input::embedded()).map(summary);
    let root = *log.service.head().root.hash();
    let path: Vec<Vec<u8>> = Receipt::decode(&receipt, &Profile::LENIENT)
        .unwrap()
        .rfc9162()
        .unwrap()
        .inclusion_proofs()
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path()
        .map(|hash| hash.unwrap().to_vec())
        .collect();
    let mut same_fold = 0;
    for (tree_size, leaf_index) in (7..19).flat_map(|size| (0..8).map(move |index| (size, index))) {
        let position = UnauthenticatedPosition { tree_size, leaf_index };
        let bytes =
            transparent(&statement, &[&with_proof(&receipt, &encode_inclusion(position, &path))]);
        match include_by(&bytes, &Input::embedded(), EntryRule::DEFAULT) {
            Ok(included) => {
                assert_eq!(included.root().value().hash(), &root);
                let verified = verify(&bytes, &Input::embedded()).map(summary);
                assert_eq!(verified, expected, "{position:?}");
                same_fold += 1;
            }
            Err(error) => assert_eq!(error.verdict(), Verdict::Broken, "{position:?}"),
        }
    }
    // Leaf 2 of 9 to 16 leaves, at least: the path of four elements takes the same turns.
    assert!(same_fold >= 8, "{same_fold}");
}

/// Everything that a verdict tells, but for the place of the bytes.
fn summary(verified: Transparent<'_>) -> (Identity, [u8; 32], usize, usize) {
    let root = verified.inclusion().root();
    let identity = verified.statement().by().identity();
    (identity, *root.value().hash(), verified.services(), verified.not_checked().count())
}

/// The receipt with another proof under the same signature.
fn with_proof(receipt: &[u8], proof: &[u8]) -> Vec<u8> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
    let proofs = [cose_ext::Value::Bytes(proof)];
    let vdp = MapBuilder::new().with(cose_ext::header::Vdp::INCLUSION, &proofs[..]);
    let unprotected = MapBuilder::new().with(Label::VDP, &vdp);
    receipt.message().with_unprotected(&unprotected).unwrap()
}

#[test]
fn s14_every_byte_of_the_path_counts() {
    let statement = statement();
    let receipt = Log::usual(5).log(&statement);
    let position = UnauthenticatedPosition { tree_size: 6, leaf_index: 5 };
    let decoded = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
    let path = |change: Option<usize>, less: usize, add: usize| {
        let proof = decoded.rfc9162().unwrap().inclusion_proofs().unwrap().next().unwrap().unwrap();
        assert_eq!(proof.position(), position);
        let mut path: Vec<Vec<u8>> = proof.path().map(|hash| hash.unwrap().to_vec()).collect();
        path.truncate(path.len() - less);
        path.extend(vec![vec![7; 32]; add]);
        if let Some(at) = change {
            path[at / 32][at % 32] ^= 0x10;
        }
        let bytes =
            transparent(&statement, &[&with_proof(&receipt, &encode_inclusion(position, &path))]);
        verify(&bytes, &Input::embedded()).map(drop)
    };
    assert_eq!(path(None, 0, 0), Ok(()));
    for at in [0, 31, 32, 63] {
        let error = path(Some(at), 0, 0).unwrap_err();
        assert_eq!(error.rule().unwrap().id, "S14");
    }
    assert_eq!(path(None, 1, 0).unwrap_err().rule().unwrap().id, "M5");
    assert_eq!(path(None, 0, 1).unwrap_err().rule().unwrap().id, "M4");
}

/// A CCF ledger's receipt of `data_hash`, with the tree that it is of.
fn ccf_receipt(data_hash: &[u8; 32]) -> Vec<u8> {
    let evidence = "ce:2.1:00";
    let leaf = Leaf::<[u8; 32]>::new(&[1; 32], evidence, data_hash).unwrap();
    let path = [PathElement { left: true, hash: [2; 32] }];
    let tree = merkle_proof::cose::CoseTree::<merkle_proof::CcfLedger>::new(&Sha256).unwrap();
    let mut fold = ccf::InclusionFold::new(&tree, &leaf.hash(&tree));
    fold.push(PathElement { left: true, hash: &path[0].hash[..] }).unwrap();
    let root = *fold.finish().unconfirmed();
    let claims = MapBuilder::new()
        .with(cose_ext::cwt::ClaimKey::ISS, SERVICE_ISS)
        .with(cose_ext::cwt::ClaimKey::SUB, "scitt.ccf.signature.v1");
    ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(encode_ccf_inclusion(&leaf, &path))
        .sign(&root, &ed_signer(&SERVICE))
        .unwrap()
}

#[test]
fn s14_a_ccf_receipt_binds_by_its_data_hash() {
    use cose_ext::crypto::HashFunction;
    let (ours, theirs) = (statement(), envelope());
    let data_hash = |statement: &[u8]| {
        // A tagged statement with an empty unprotected header in preferred heads is its own entry.
        <[u8; 32]>::try_from(Sha256.hash(&[statement]).as_ref()).unwrap()
    };
    let keys = [service_key(&SERVICE, SERVICE_KID).with_vds(Vds::CCF_LEDGER_SHA256)];
    let services = [TrustedService { name: "ledger", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuers = issuer_key();
    let verify = |receipt: &[u8]| {
        let bytes = transparent(&ours, &[receipt]);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let verifier = Verifier::new(&issuers, &services);
        let verified = verifier.verify(&transparent, &Input::embedded(), &context());
        verified.map(|verified| verified.inclusion().is_registered_structure())
    };
    assert_eq!(verify(&ccf_receipt(&data_hash(&ours))), Ok(false));
    let error = verify(&ccf_receipt(&data_hash(&theirs))).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "S14");
    assert_eq!(error.verdict(), Verdict::Broken);
}

#[test]
fn s25_a_log_that_binds_the_payload_by_the_signature_needs_the_signature() {
    let nil =
        EntryRule { encoding: EntryEncoding::Preferred(EntryPayload::Nil), ..EntryRule::DEFAULT };
    let mut log = Log::usual(0).with_entry_rule(nil);
    let statement = statement();
    let receipt = log.log(&statement);
    let bytes = transparent(&statement, &[&receipt]);
    let verified = verify_by(&bytes, &Input::embedded(), nil).unwrap();
    assert_eq!(verified.inclusion().value().payload(), None);
    let error = include_by(&bytes, &Input::embedded(), nil).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::PayloadBound)));
    assert_eq!(error.verdict(), Verdict::RefusedByPolicy);

    // Why: the payload is somebody else's, and the log cannot tell.
    let swapped = swap_payload(&bytes);
    let error = include_by(&swapped, &Input::embedded(), nil).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::PayloadBound)));
    is_broken("C20", verify_by(&swapped, &Input::embedded(), nil));
}

#[test]
fn s25_a_log_that_holds_the_payload_does_not() {
    let attached = EntryRule::DEFAULT;
    let bytes = usual_transparent(&statement());
    let included = include_by(&bytes, &Input::embedded(), attached).unwrap();
    assert!(included.value().payload().is_some());
    assert_eq!(included.root().by().identity(), ed_key(&SERVICE).identity());
    let error = include_by(&swap_payload(&bytes), &Input::embedded(), attached).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "S14");
}

#[test]
fn s25_a_nil_payload_as_submitted_is_bound_by_the_signature_only() {
    let submitted = EntryRule {
        encoding: EntryEncoding::Preferred(EntryPayload::AsSubmitted),
        ..EntryRule::DEFAULT
    };
    let as_received = EntryRule { encoding: EntryEncoding::AsReceived, ..EntryRule::DEFAULT };
    let embedded = statement();
    let detached = Raw::new(&protected().to_bytes()).detached().sign(&ec_signer(&ISSUER));
    for rule in [submitted, as_received] {
        for (statement, input, binds) in
            [(&embedded, Input::embedded(), true), (&detached, Input::detached(PAYLOAD), false)]
        {
            let mut log = Log::usual(0).with_entry_rule(rule);
            let entry = log.register(statement, &input).unwrap();
            log.fill(3);
            let bytes = transparent(statement, &[&log.receipt(entry)]);
            let verified = verify_by(&bytes, &input, rule).unwrap();
            assert_eq!(verified.inclusion().value().payload().is_some(), binds);
            let included = include_by(&bytes, &input, rule).map(drop);
            assert_eq!(included.is_ok(), binds, "{included:?}");
        }
    }
}

#[test]
fn inclusion_without_signature_is_inclusion_only() {
    // Nobody's signature, logged all the same by a service that does not look.
    let forged = Raw::new(&protected().to_bytes()).assemble(&[7; 64]);
    let bytes = transparent(&forged, &[&logged_blindly(&forged)]);
    assert!(include_by(&bytes, &Input::embedded(), EntryRule::DEFAULT).is_ok());
    is_broken("C20", verify(&bytes, &Input::embedded()));
}

#[test]
fn inclusion_without_signature_asks_for_the_header_all_the_same() {
    let crit = [cose_ext::Value::Text("attestedsvc")];
    let critical = protected().with("attestedsvc", 1).with(Label::CRIT, &crit[..]);
    let critical = signed(&critical, &MapBuilder::new());
    let bytes = transparent(&critical, &[&logged_blindly(&critical)]);
    let error = include_by(&bytes, &Input::embedded(), EntryRule::DEFAULT).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C15");
    let labels = [Label::text("attestedsvc")];
    let input = Input::embedded().with_processed(Processed::new(&labels));
    assert!(include_by(&bytes, &input, EntryRule::DEFAULT).is_ok());

    let gap = MapBuilder::new().with(Label::ALG, Algorithm::ES256).with(Label::KID, KID);
    let gap = signed(&gap, &MapBuilder::new());
    let bytes = transparent(&gap, &[&logged_blindly(&gap)]);
    let error = include_by(&bytes, &Input::embedded(), EntryRule::DEFAULT).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::StatementClaims)));
}

#[test]
fn the_builder_makes_statements_whose_payload_travels_apart() {
    let builder = || scitt_core::StatementBuilder::new("https://maker.example", "a").key_id(b"1");
    let signer = ec_signer(&ISSUER);
    let detached = builder().sign_detached(PAYLOAD, &signer).unwrap();
    let message = Sign1::decode(&detached, &Profile::LENIENT).unwrap();
    assert_eq!(message.danger_unverified_payload(), None);
    let embedded = builder().sign(PAYLOAD, &signer).unwrap();
    let other = Sign1::decode(&embedded, &Profile::LENIENT).unwrap();
    assert_eq!(other.danger_unverified_payload(), Some(PAYLOAD));
    assert_eq!(message.signature(), other.signature(), "one content, one signature");
}

#[test]
fn detached_payloads_are_named_by_the_caller() {
    let detached = Raw::new(&protected().to_bytes()).detached().sign(&ec_signer(&ISSUER));
    let mut log = Log::usual(1);
    let misuse = |misuse| Error::from(CoseError::from(misuse));
    let error = log.register(&detached, &Input::embedded()).unwrap_err();
    assert_eq!(error, misuse(Misuse::PayloadIsDetached));
    let entry = log.register(&detached, &Input::detached(PAYLOAD)).unwrap();
    log.fill(2);
    let bytes = transparent(&detached, &[&log.receipt(entry)]);

    let verified = verify(&bytes, &Input::detached(PAYLOAD)).unwrap();
    assert_eq!(verified.statement().value().payload(), PAYLOAD);
    // The default rule has the payload in the entry, wherever it was.
    assert!(verified.inclusion().value().payload().is_some());
    for other in [&b"it leaks"[..], b"", b"it pump"] {
        is_broken("C20", verify(&bytes, &Input::detached(other)));
        let error = include_by(&bytes, &Input::detached(other), EntryRule::DEFAULT).unwrap_err();
        assert_eq!(error.verdict(), Verdict::Broken);
    }
    let error = verify(&bytes, &Input::embedded()).map(drop).unwrap_err();
    assert_eq!(error, misuse(Misuse::PayloadIsDetached));
    assert_eq!(error.verdict(), Verdict::CannotEvaluate);
    let error = include_by(&bytes, &Input::embedded(), EntryRule::DEFAULT).unwrap_err();
    assert_eq!(error, misuse(Misuse::PayloadIsDetached));
    let embedded = usual_transparent(&statement());
    let error = verify(&embedded, &Input::detached(PAYLOAD)).map(drop).unwrap_err();
    assert_eq!(error, misuse(Misuse::PayloadIsEmbedded));
}

#[test]
fn external_data_is_part_of_what_was_signed() {
    let protected = protected().to_bytes();
    let structure = cose_ext::SigStructure::signature1(&protected, b"order 7", PAYLOAD);
    let signer = ec_signer(&ISSUER);
    let mut signature = [0; 64];
    cose_ext::crypto::Signer::sign(&signer, &structure.parts(), &mut signature).unwrap();
    let statement = Raw::new(&protected).assemble(&signature);
    let input = Input::embedded().with_external_aad(b"order 7");
    let mut log = Log::usual(1);
    assert!(log.register(&statement, &Input::embedded()).is_err());
    let entry = log.register(&statement, &input).unwrap();
    let bytes = transparent(&statement, &[&log.receipt(entry)]);
    assert!(verify(&bytes, &input).is_ok());
    is_broken("C20", verify(&bytes, &Input::embedded()));
}

/// The statement with another payload of the same length.
fn swap_payload(bytes: &[u8]) -> Vec<u8> {
    let at = bytes.windows(PAYLOAD.len()).position(|window| window == PAYLOAD).unwrap();
    let mut swapped = bytes.to_vec();
    swapped[at..at + PAYLOAD.len()].copy_from_slice(b"it leaks");
    swapped
}

/// A receipt by a log that takes whatever it is given.
fn logged_blindly(statement: &[u8]) -> Vec<u8> {
    use cose_ext::crypto::HashFunction;
    let mut log = MemoryTree::new(Sha256Tree);
    log.append(&[b"something else"]);
    let statement = decode(statement);
    let entry = EntryRule::DEFAULT.entry(statement.message(), PAYLOAD);
    let index = log.append(&[Sha256.hash(&entry.parts()).as_ref()]);
    let position = UnauthenticatedPosition { tree_size: 2, leaf_index: index };
    let proof =
        encode_inclusion(position, &log.inclusion_path(LeafIndex(index), TreeSize(2)).unwrap());
    let claims = MapBuilder::new()
        .with(cose_ext::cwt::ClaimKey::ISS, SERVICE_ISS)
        .with(cose_ext::cwt::ClaimKey::SUB, "receipt");
    ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(proof)
        .sign(log.head().root.hash(), &ed_signer(&SERVICE))
        .unwrap()
}
