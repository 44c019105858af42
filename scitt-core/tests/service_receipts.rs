//! Receipts of a governed service: their keys, their shapes, and what stays when something is erased.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Input, Profile,
    crypto::{Algorithm, Signer},
    header::ContentType,
};
use governed::*;
use merkle_proof::{
    Sha256Tree,
    ccf::{AnchorReading, CcfSha256Tree},
    cose::{Receipt, ReceiptVerifier},
};
use scitt_core::{
    AttestedKey, Error, GovernedService, Log as _, MemoryLog, ReceiptKey, Registration,
    RegistrationState, Requirements, Rule, Submitted, TransparencyService, TransparentStatement,
    TrustedService, Verifier,
};
use world::*;

#[test]
fn s36_a_key_that_an_offline_root_endorses_signs_from_then_on() {
    let mut service = first();
    register(&mut service, &policy_statement(&policy())).unwrap();
    register(&mut service, &statement_no(0)).unwrap();
    let sign = |service: &mut GovernedService<MemoryLog<Sha256Tree>>, signer: &dyn Signer| {
        service.service_mut().sign_head(LOGGED_AT, signer, &context())
    };
    let receipt = |service: &GovernedService<MemoryLog<Sha256Tree>>, index| {
        let entry = service.service().entry(index).unwrap();
        service.service().receipt(entry, &context()).unwrap()
    };
    sign(&mut service, &ed_signer(&SERVICE)).unwrap();
    let old = receipt(&service, 1).unwrap();

    // Not by an issuer, an administrator or the old key, and not for another service.
    let key = receipt_key(&NEXT_SERVICE);
    for (issuer, signer) in [
        (ISS, &ec_signer(&ISSUER) as &dyn Signer),
        (ADMINISTRATOR, &administrator_signer()),
        (SERVICE_ISS, &ed_signer(&SERVICE)),
    ] {
        let endorsement = endorsement_by(&key, SERVICE_ISS, issuer, signer);
        assert!(register(&mut service, &endorsement).is_err(), "{issuer}");
    }
    let elsewhere = endorsement_by(&key, "https://other.example", ROOT, &root_signer());
    let error = register(&mut service, &elsewhere).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "S36");

    register(&mut service, &endorsement_of(&NEXT_SERVICE)).unwrap();
    assert_eq!(service.receipt_key(), Some(&key));
    assert_eq!(receipt(&service, 1), None, "the old key signs no more");
    assert!(sign(&mut service, &ed_signer(&SERVICE)).is_err());
    sign(&mut service, &ed_signer(&NEXT_SERVICE)).unwrap();
    let new = receipt(&service, 1).unwrap();

    // Both verify, each under its own key.
    let keys = [service_key(&SERVICE, SERVICE_KID), service_key(&NEXT_SERVICE, NEXT_SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuer = issuer_key();
    for receipt in [&old, &new] {
        let bytes = transparent(&statement_no(0), &[receipt]);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let verifier = Verifier::new(&issuer, &services);
        let _ = verifier.verify(&transparent, &Input::embedded(), &context()).unwrap();
    }
}

#[test]
fn s37_a_signature_of_another_key_is_not_released() {
    let key = receipt_key(&SERVICE);
    let mut service = TransparencyService::in_memory(Sha256Tree, SERVICE_ISS, key);
    let policy = Registration { issuers: &issuer_key(), requirements: Requirements::Rfc9943 };
    let statement = statement();
    let input = Input::embedded();
    let entry = service.register(&statement, &input, LOGGED_AT, &policy, &context()).unwrap();
    assert_eq!(service.state(entry), Some(RegistrationState::Committed));
    let error = service.sign_head(LOGGED_AT, &ed_signer(&OTHER_SERVICE), &context()).unwrap_err();
    assert_eq!(error.refusal().unwrap().rule().unwrap().id, "S37");
    assert_eq!(service.receipt(entry, &context()).unwrap(), None);
    service.sign_head(LOGGED_AT, &ed_signer(&SERVICE), &context()).unwrap();
    assert_eq!(service.state(entry), Some(RegistrationState::ReceiptReady));
    assert!(service.receipt(entry, &context()).unwrap().is_some());
}

#[test]
fn s23_one_signature_serves_the_receipts_of_a_batch() {
    let mut service = first();
    register(&mut service, &policy_statement(&policy())).unwrap();
    for number in 0..20 {
        let submitted =
            service.submit(&statement_no(number), &Input::embedded(), LOGGED_AT, &context());
        let submitted = submitted.unwrap();
        assert!(matches!(submitted, Submitted::Queued(_)));
        let state = service.service().state(submitted.entry());
        assert_eq!(state, Some(RegistrationState::Queued));
    }
    assert_eq!(service.commit().unwrap(), 20);
    service.service_mut().sign_head(LOGGED_AT, &ed_signer(&SERVICE), &context()).unwrap();
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let mut signatures = std::collections::BTreeSet::new();
    for index in 1..=20 {
        let entry = service.service().entry(index).unwrap();
        let receipt = service.service().receipt(entry, &context()).unwrap().unwrap();
        let decoded = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
        signatures.insert(decoded.message().signature().to_vec());
        let statement = service.service().statement(entry, &context()).unwrap().unwrap();
        let bytes = transparent(&statement, &[&receipt]);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let issuer = issuer_key();
        let verifier = Verifier::new(&issuer, &services);
        let _ = verifier.verify(&transparent, &Input::embedded(), &context()).unwrap();
    }
    assert_eq!(signatures.len(), 1);
    assert_eq!(service.service().state(service.service().entry(20).unwrap()).map(|_| ()), Some(()));
    assert_eq!(service.service().entry(21), None);
}

#[test]
fn a_log_of_the_shape_of_a_ccf_ledger_gives_receipts_of_that_shape() {
    use cose_ext::header::Vds;
    let signer = ec_signer(&ES256_SERVICE);
    let key = ReceiptKey::by_thumbprint(ec_public(&ES256_SERVICE), Algorithm::ES256, &context());
    let key = key.unwrap();
    let kid = key.key_id().to_vec();
    let mut service = TransparencyService::in_memory(CcfSha256Tree, SERVICE_ISS, key);
    let policy = Registration { issuers: &issuer_key(), requirements: Requirements::Rfc9943 };
    let pinned = scitt_core::ServiceKey::new(ec_key(&ES256_SERVICE), Algorithm::ES256)
        .with_key_id(&kid)
        .with_vds(Vds::CCF_LEDGER_SHA256);
    let keys = [pinned];
    let services = [TrustedService { name: "ledger", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuer = issuer_key();
    let verifier = Verifier::new(&issuer, &services);
    let mut roots = Vec::new();
    for number in 0..12 {
        let input = Input::embedded();
        let statement = statement_no(number);
        service.register(&statement, &input, LOGGED_AT, &policy, &context()).unwrap();
        service.sign_head(LOGGED_AT, &signer, &context()).unwrap();
        roots.push(*service.head().root.hash());
        for index in 0..=u64::from(number) {
            let entry = service.entry(index).unwrap();
            let receipt = service.receipt(entry, &context()).unwrap().unwrap();
            let statement = service.statement(entry, &context()).unwrap().unwrap();
            let bytes = transparent(&statement, &[&receipt]);
            let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
            let found = verifier.verify(&transparent, &input, &context()).unwrap();
            assert_eq!(found.inclusion().vds(), Vds::CCF_LEDGER_SHA256);
            // And of no other.
            let bytes = world::transparent(&statement_no(99), &[&receipt]);
            let other = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
            let error = verifier.verify(&other, &input, &context()).unwrap_err();
            assert_eq!(error.rule().unwrap().id, "S14");
        }
    }
    // What an entry stands for may be erased: its receipt is made out of the leaf.
    let entry = service.entry(3).unwrap();
    let before = service.receipt(entry, &context()).unwrap();
    service.log_mut().erase(3).unwrap();
    assert_eq!(service.receipt(entry, &context()).unwrap(), before);
    // An auditor comes to the same root.
    let mut auditor = scitt_core::Auditor::new(CcfSha256Tree, scitt_core::EntryRule::CCF);
    for index in 0..12_u32 {
        let entry = service.entry(index.into()).unwrap();
        let statement = statement_no(index);
        let parts = service.ledger_parts(entry).unwrap().unwrap();
        let entry = scitt_core::AuditedEntry::statement(&statement, Input::embedded());
        let issuers = issuer_key();
        let mut policy =
            scitt_core::TrustedIssuers { issuers: &issuers, requirements: Requirements::Rfc9943 };
        let _ = auditor.replay(&entry.in_ledger(parts), &mut policy, &context()).unwrap();
    }
    assert_eq!(auditor.head(), service.head());
    // Growth from every size to the last one.
    let reading = merkle_proof::cose::ReceiptReading::DEFAULT.with_ccf_ledger();
    for (older, root) in (1..12).zip(&roots) {
        let receipt = service.prepare_consistency(older, LOGGED_AT, &context()).unwrap();
        let receipt = receipt.sign(&signer).unwrap();
        let receipt = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
        let known = merkle_proof::TrustedRoot::vouched_for(*root);
        let key = ec_key(&ES256_SERVICE);
        let context = context();
        let verifier = ReceiptVerifier::new(&key, &context).with_reading(&reading);
        let receipt = receipt.ccf_ledger().unwrap();
        let newer = receipt.verify_consistency(&known, AnchorReading::default(), &verifier);
        assert_eq!(newer.unwrap().value().hash(), roots.last().unwrap());
    }
    assert!(service.prepare_consistency(0, LOGGED_AT, &context()).is_err());
    assert!(service.prepare_consistency(13, LOGGED_AT, &context()).is_err());
}

#[test]
fn a_service_shows_that_its_log_only_grew() {
    let mut log = Log::usual(1);
    let mut heads = vec![log.service.head()];
    for _ in 0..6 {
        log.fill_more();
        heads.push(log.service.head());
    }
    for older in &heads {
        let pending = log.service.prepare_consistency(older.size, LOGGED_AT, &context()).unwrap();
        let receipt = pending.sign(&ed_signer(&SERVICE)).unwrap();
        let receipt = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
        let (key, context) = (ed_key(&SERVICE), context());
        let verifier = ReceiptVerifier::new(&key, &context);
        let newer = receipt.rfc9162().unwrap().verify_consistency(older, &verifier);
        assert_eq!(newer.unwrap().value().hash(), heads.last().unwrap().root.hash());
    }
}

/// Takes the thumbprint itself for a token.
struct Quote;

impl scitt_core::TokenCheck for Quote {
    fn check(
        &self,
        token: &[u8],
        confirmed: &cose_ext::key::Thumbprint,
        _: &cose_ext::Context<'_>,
    ) -> Result<i64, Error> {
        let genuine = token == confirmed.as_bytes();
        genuine.then_some(LOGGED_AT).ok_or(refused(Rule::ReceiptKeyAttested))
    }
}

#[test]
fn s38_a_registered_token_confirms_a_receipt_key_for_a_while() {
    use cose_ext::key::{Thumbprint, TrustedKey};
    let thumbprint = |key: &testkit::fixed_keys::Ed25519Key| {
        let signer = ed_signer(key);
        let public = signer.public_key();
        Thumbprint::of(&(&public).into(), &cose_ext::rustcrypto::RustCrypto).unwrap()
    };
    let (key, other) = (thumbprint(&SERVICE), thumbprint(&OTHER_SERVICE));
    let signer = ed_signer(&SERVICE);
    let made = |typ: &str, subject: &str| {
        scitt_core::StatementBuilder::new(SERVICE_ISS, subject)
            .key_thumbprint(&key)
            .typ(ContentType::MediaType(typ))
            .sign(key.as_bytes(), &signer)
            .unwrap()
    };
    let trusted: TrustedKey<'_> = ed_key(&SERVICE).for_issuer(SERVICE_ISS);
    let confirm = |bytes: &[u8], key| {
        let statement = decode(bytes)
            .verify(&Input::embedded(), &trusted, Requirements::Rfc9943, &context())
            .unwrap();
        AttestedKey::confirm(&statement, SERVICE_ISS, key, &Quote, &context())
    };
    let good = made(AttestedKey::TYP, SERVICE_ISS);
    let attested = confirm(&good, &key).unwrap();
    assert_eq!((attested.key(), attested.attested_at()), (&key, LOGGED_AT));
    assert!(attested.within(3600, LOGGED_AT + 3600).is_ok());
    let unmet = Err(refused(Rule::ReceiptKeyAttested));
    assert_eq!(attested.within(3600, LOGGED_AT + 3601), unmet);
    assert_eq!(attested.within(3600, LOGGED_AT - 1), unmet, "made in the future");
    assert_eq!(confirm(&good, &other), unmet);
    assert_eq!(confirm(&made("application/x.other+cose", SERVICE_ISS), &key), unmet);
    assert_eq!(confirm(&made(AttestedKey::TYP, "https://other.example"), &key), unmet);
}

#[test]
fn a_payload_can_be_erased_and_the_proofs_stay() {
    let mut log = Log::usual(3);
    let entry = log.register(&statement(), &Input::embedded()).unwrap();
    let head = log.service.head();
    assert!(log.service.log_mut().erase(entry.index()).unwrap());
    assert!(!log.service.log_mut().erase(entry.index()).unwrap());
    assert_eq!(log.service.statement(entry, &context()).unwrap(), None);
    assert_eq!(log.service.head(), head);
    let bytes = transparent(&statement(), &[&log.receipt(entry)]);
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let issuer = issuer_key();
    let verifier = Verifier::new(&issuer, &services);
    let _ = verifier.verify(&transparent, &Input::embedded(), &context()).unwrap();
}
