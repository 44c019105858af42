//! What a transparency service registers, and what it makes receipts of.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Error as CoseError, Input, Label, MapBuilder, Profile, Value,
    crypto::{Algorithm, HashFunction, Signer},
    error::{Policy, Verification},
    key::{TrustStore, TrustedKey},
    rustcrypto::Sha256,
};
use merkle_proof::{Sha256Tree, TreeHash, cose::Receipt};
use scitt_core::{
    EntryRule, Error, ErrorKind, GovernedService, MemoryLog, ReceiptKey, Registrar, Registration,
    Requirements, Rule, StatementBuilder, TransparencyService, TransparentStatement,
    TrustedService, Verdict, Verifier,
};
use world::*;

fn is_transparent(bytes: &[u8]) -> Result<(), Error> {
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuers = [issuer_key(), ed_key(&STRANGER)];
    let issuers = TrustStore::new(&issuers);
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT)?;
    let verifier = Verifier::new(&issuers, &services);
    verifier.verify(&transparent, &Input::embedded(), &context()).map(drop)
}

#[test]
fn s21_the_unprotected_header_is_not_logged() {
    let bare = statement();
    let unprotected = MapBuilder::new()
        .with(Label::X5CHAIN, &b"certificate"[..])
        .with(Label::RECEIPTS, &[Value::Bytes(b"whatever")][..])
        .with("note", "to be dropped");
    let dressed = decode(&bare).message().with_unprotected(&unprotected).unwrap();
    let mut log = Log::usual(3);
    let entry = log.register(&dressed, &Input::embedded()).unwrap();
    assert_eq!(log.service.statement(entry, &context()).unwrap(), Some(bare.clone()));
    // One entry, and the receipt is good for either form.
    assert_eq!(log.register(&bare, &Input::embedded()), Ok(entry));
    let receipt = log.receipt(entry);
    assert_eq!(is_transparent(&transparent(&bare, &[&receipt])), Ok(()));
    assert_eq!(is_transparent(&transparent(&dressed, &[&receipt])), Ok(()));
    // The leaf is the digest of the bare statement: tag, empty map, preferred heads.
    let leaf = Sha256Tree.leaf(&[Sha256.hash(&[&bare]).as_ref()]);
    let mut alone = Log::usual(0);
    alone.register(&dressed, &Input::embedded()).unwrap();
    assert_eq!(*alone.service.head().root.hash(), leaf);
}

#[test]
fn s21_what_was_registered_can_be_had_back() {
    let bare = statement();
    let bytes = usual_transparent(&bare);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(transparent.to_signed().unwrap(), bare);
}

#[test]
fn s22_a_receipt_needs_an_entry_and_an_entry_a_registration() {
    let (mut longer, shorter) = (Log::usual(5), Log::usual(2));
    let entry = longer.register(&statement(), &Input::embedded()).unwrap();
    assert_eq!(entry.index(), 5);
    assert!(longer.service.prepare_receipt(entry, 0, &context()).is_ok());
    // An entry of another log that this one does not have.
    let error =
        refusal(shorter.service.prepare_receipt(entry, 0, &context()).map(drop)).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "M3");
    assert_eq!(shorter.service.statement(entry, &context()).unwrap(), None);
    // One that it has is of the statement that stands there, not of the other log's.
    let other = Log::usual(3);
    let entry = longer
        .register(&builder().sign(b"x", &ec_signer(&ISSUER)).unwrap(), &Input::embedded())
        .unwrap();
    assert_eq!(entry.index(), 6);
    assert!(other.service.prepare_receipt(entry, 0, &context()).is_err());
}

#[test]
fn s22_what_is_signed_is_the_root_with_the_entry_in_it() {
    let mut log = Log::usual(4);
    let before = *log.service.head().root.hash();
    let entry = log.register(&statement(), &Input::embedded()).unwrap();
    let pending = log.service.prepare_receipt(entry, 7, &context()).unwrap();
    assert_ne!(*pending.root(), before);
    assert_eq!(pending.root(), log.service.head().root.hash());
    // In two steps, for a key that lives elsewhere, it is the same receipt.
    let signer = ed_signer(&SERVICE);
    let mut signature = vec![0; signer.signature_len()];
    let prepared = pending.prepare().unwrap();
    signer.sign(&prepared.structure().parts(), &mut signature).unwrap();
    let in_two_steps = prepared.attach(&signature);
    assert_eq!(in_two_steps, pending.sign(&signer).unwrap());
}

#[test]
fn s23_every_statement_has_a_receipt_at_every_size_of_the_log() {
    let signer = ed_signer(&STRANGER);
    let mut log = Log::usual(0);
    let registration = Registration {
        issuers: &ed_key(&STRANGER).for_issuer(ISS),
        requirements: Requirements::Rfc9943,
    };
    let mut registered = Vec::new();
    for n in 0..9 {
        let statement = StatementBuilder::new(ISS, &format!("part {n}")).key_id(KID);
        let statement = statement.sign(PAYLOAD, &signer).unwrap();
        let input = Input::embedded();
        let entry =
            log.service.register(&statement, &input, LOGGED_AT, &registration, &context()).unwrap();
        registered.push((entry, statement));
        assert_eq!(log.service.size(), n + 1);
        for (entry, statement) in &registered {
            let bytes = transparent(statement, &[&log.receipt(*entry)]);
            assert_eq!(is_transparent(&bytes), Ok(()), "{entry:?} of {}", n + 1);
        }
    }
}

#[test]
fn s23_a_receipt_says_who_made_it_when_and_of_what() {
    let mut log = Log::usual(1);
    let receipt = log.log(&statement());
    let receipt = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
    let protected = receipt.message().headers().protected();
    assert_eq!(protected.key_id(), Ok(Some(SERVICE_KID)));
    let claims = protected.cwt_claims().unwrap().unwrap();
    assert_eq!(claims.issuer(), Ok(Some(SERVICE_ISS)));
    let subject = TransparencyService::<MemoryLog<Sha256Tree>>::RECEIPT_SUBJECT;
    assert_eq!(claims.subject(), Ok(Some(subject)));
    let issued_at = claims.issued_at().unwrap().unwrap();
    assert!(!issued_at.is_tagged());
    assert_eq!(issued_at.time().floor(), 1_800_000_000);
    assert_eq!(receipt.message().danger_unverified_payload(), None);
}

#[test]
fn s24_a_statement_that_comes_again_has_its_entry() {
    let mut log = Log::usual(2);
    let statement = statement();
    let entry = log.register(&statement, &Input::embedded()).unwrap();
    log.fill(4);
    let size = log.service.size();
    let head = log.service.head();
    assert_eq!(log.register(&statement, &Input::embedded()), Ok(entry));
    assert_eq!((log.service.size(), log.service.head()), (size, head));
    // Other content is another statement, be it one byte.
    let other = builder().sign(b"it pumpt", &ec_signer(&ISSUER)).unwrap();
    assert_ne!(log.register(&other, &Input::embedded()), Ok(entry));
    assert_eq!(log.service.size(), size + 1);
}

#[test]
fn s24_another_signature_over_the_same_content_makes_no_second_entry() {
    let original = statement();
    let flipped = flip_s(&original);
    assert_ne!(original, flipped);
    assert_eq!(flip_s(&flipped), original);
    for (first, second) in [(&original, &flipped), (&flipped, &original)] {
        let mut log = Log::usual(2);
        let entry = log.register(first, &Input::embedded()).unwrap();
        let size = log.service.size();
        assert_eq!(log.register(second, &Input::embedded()), Ok(entry));
        assert_eq!(log.service.size(), size);
        // Whoever was first: the content is registered, and what the service gives back is
        // transparent. The receipt is of that signature, and of no other.
        let receipt = log.receipt(entry);
        let registered = log.service.statement(entry, &context()).unwrap().unwrap();
        assert_eq!(registered, *first);
        assert_eq!(is_transparent(&transparent(&registered, &[&receipt])), Ok(()));
        let error = is_transparent(&transparent(second, &[&receipt])).unwrap_err();
        assert_eq!(error.verdict(), Verdict::Broken);
    }
}

#[test]
fn s26_nothing_is_registered_that_was_not_checked() {
    let mut log = Log::usual(2);
    let head = log.service.head();
    let signer = ec_signer(&OTHER_ISSUER);
    let mut changed = statement();
    *changed.last_mut().unwrap() ^= 1;
    let forged = builder().sign(PAYLOAD, &signer).unwrap();
    for bytes in [&changed, &forged] {
        let error = log.register(bytes, &Input::embedded()).unwrap_err();
        let invalid = CoseError::from(Verification::InvalidSignature { tried: 1 });
        assert_eq!(error, Error::from(invalid));
    }
    let receipt = log.log(&statement());
    let head_with_one = log.service.head();
    assert_ne!(head, head_with_one);
    let garbage: [&[u8]; 3] = [b"", b"\xa0", &receipt];
    for bytes in garbage {
        assert!(log.register(bytes, &Input::embedded()).is_err());
    }
    // Critical labels, digests of the wrong length.
    let crit = [Value::Text("x")];
    let critical = protected().with("x", 1).with(Label::CRIT, &crit[..]);
    let critical = signed(&critical, &MapBuilder::new());
    let envelope = protected().with(Label::PAYLOAD_HASH_ALG, Algorithm::SHA256);
    let envelope = signed(&envelope, &MapBuilder::new());
    for (bytes, rule) in [(critical, "C15"), (envelope, "C40")] {
        let error = log.register(&bytes, &Input::embedded()).unwrap_err();
        assert_eq!(error.rule().unwrap().id, rule);
    }
    assert_eq!(log.service.head(), head_with_one);
}

#[test]
fn s26_the_required_headers_are_asked_for() {
    let mut log = Log::usual(0);
    let no_claims = MapBuilder::new().with(Label::ALG, Algorithm::ES256).with(Label::KID, KID);
    let bytes = signed(&no_claims, &MapBuilder::new());
    let (issuers, input) = (ec_key(&ISSUER), Input::embedded());
    let mut register = |requirements| {
        let registration = Registration { issuers: &issuers, requirements };
        refusal(log.service.register(&bytes, &input, LOGGED_AT, &registration, &context()))
    };
    let refused = Err(Error::from(ErrorKind::Refused(Rule::StatementClaims)));
    assert_eq!(register(Requirements::Rfc9943), refused);
    assert!(register(Requirements::Lenient).is_ok());
}

#[test]
fn s26_an_issuer_registers_under_its_own_name_only() {
    let keys = [issuer_key(), ec_key(&OTHER_ISSUER).for_issuer("urn:other")];
    let issuers = TrustStore::new(&keys);
    let registration = Registration { issuers: &issuers, requirements: Requirements::Rfc9943 };
    let mut service = TransparencyService::in_memory(
        Sha256Tree,
        SERVICE_ISS,
        ReceiptKey::new(SERVICE_KID, Algorithm::EDDSA),
    );
    let mut register = |issuer: &str, signer: &dyn Signer| {
        let statement = StatementBuilder::new(issuer, SUB).key_id(KID).sign(PAYLOAD, signer);
        let input = Input::embedded();
        refusal(service.register(&statement.unwrap(), &input, LOGGED_AT, &registration, &context()))
            .map(drop)
    };
    assert_eq!(register(ISS, &ec_signer(&ISSUER)), Ok(()));
    assert_eq!(register("urn:other", &ec_signer(&OTHER_ISSUER)), Ok(()));
    let invalid = CoseError::from(Verification::InvalidSignature { tried: 1 });
    assert_eq!(register(ISS, &ec_signer(&OTHER_ISSUER)), Err(Error::from(invalid)));
    let nobody = CoseError::from(Policy::NotEnrolled { tried: 0 });
    assert_eq!(register("urn:third", &ec_signer(&ISSUER)), Err(Error::from(nobody)));
}

#[test]
fn the_service_is_a_machine_that_can_be_moved_to_another_thread() {
    fn is_machine<T: Send + Sync + 'static>() {}
    is_machine::<TransparencyService<MemoryLog<Sha256Tree>>>();
    is_machine::<Registrar>();
    is_machine::<GovernedService<MemoryLog<Sha256Tree>>>();
    is_machine::<EntryRule>();
    let mut log = Log::usual(1).service;
    let statement = statement();
    let registered = std::thread::spawn(move || {
        let issuers: [TrustedKey<'_>; 1] = [issuer_key()];
        let registration = Registration {
            issuers: &TrustStore::new(&issuers),
            requirements: Requirements::Rfc9943,
        };
        log.register(&statement, &Input::embedded(), LOGGED_AT, &registration, &context()).is_ok()
    });
    assert!(registered.join().unwrap());
}
