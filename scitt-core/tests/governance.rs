//! Registration policies that are registered themselves, and the keys of receipts.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Input, MapBuilder, Profile,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
    header::ContentType,
    key::KeyResolver,
};
use governed::*;
use merkle_proof::Sha256Tree;
use scitt_core::{
    Bootstrap, Candidate, Error, ErrorKind, Evidence, Governance, GovernedService, Log as _,
    LogTree as _, MemoryLog, Offered, OwnedClaimKey, Policy, PolicyIssuer, PolicyRule, Registrar,
    Registration, RegistrationPolicy, Requirements, Rule, ServiceError, ServiceLimits, Verdict,
};
use world::*;

#[test]
fn s33_the_first_statement_is_a_policy() {
    let mut service = first();
    assert_eq!(register(&mut service, &statement_no(0)), Err(refused(Rule::PolicyFirst)));
    let endorsement = endorsement_of(&NEXT_SERVICE);
    assert_eq!(register(&mut service, &endorsement), Err(refused(Rule::PolicyFirst)));
    // Whoever signs it has to be among its own administrators.
    let policy = policy_statement_by(&policy(), SERVICE_ISS, ISS, &ec_signer(&ISSUER));
    assert_eq!(register(&mut service, &policy).unwrap_err().verdict(), Verdict::CannotEvaluate);
    assert_eq!(register(&mut service, &policy_statement(&self::policy())), Ok(0));
    assert_eq!(register(&mut service, &statement_no(0)), Ok(1));
    assert_eq!(service.governance().in_force().unwrap().since, Some(0));
}

#[test]
fn s33_a_configured_policy_counts_until_another_is_registered() {
    let mut service = governed(MemoryLog::new(Sha256Tree), Bootstrap::Preconfigured(policy()));
    assert_eq!(register(&mut service, &statement_no(0)), Ok(0));
    assert_eq!(service.governance().in_force().unwrap().since, None);
    assert_eq!(register(&mut service, &policy_statement(&without_issuers())), Ok(1));
    assert!(register(&mut service, &statement_no(1)).is_err());
}

#[test]
fn s33_administrators_may_be_enrolled_out_of_band() {
    let bootstrap = Bootstrap::Administrators(vec![administrator()]);
    let mut service = governed(MemoryLog::new(Sha256Tree), bootstrap);
    assert_eq!(register(&mut service, &statement_no(0)), Err(refused(Rule::PolicyFirst)));
    // A policy by somebody else, who names himself in it.
    let usurper = Policy::new().administered_by(party(ISS, &ec_signer(&ISSUER)));
    let usurped = policy_statement_by(&usurper, SERVICE_ISS, ISS, &ec_signer(&ISSUER));
    assert!(register(&mut service, &usurped).is_err());
    assert_eq!(register(&mut service, &policy_statement(&policy())), Ok(0));
    assert_eq!(register(&mut service, &statement_no(0)), Ok(1));
}

#[test]
fn s32_a_policy_is_a_statement_about_this_service() {
    let mut service = first();
    let administrator = administrator_signer();
    let other =
        policy_statement_by(&policy(), "https://other.example", ADMINISTRATOR, &administrator);
    assert_eq!(register(&mut service, &other), Err(refused(Rule::PolicyRegistered)));
    // Nor one that nobody could replace: with a policy in force.
    let mut service = governed(MemoryLog::new(Sha256Tree), Bootstrap::Preconfigured(policy()));
    let last = policy_statement(&Policy::new());
    assert_eq!(register(&mut service, &last), Err(refused(Rule::PolicyRegistered)));
    // An issuer cannot change the policy.
    let by_issuer = policy_statement_by(&policy(), SERVICE_ISS, ISS, &ec_signer(&ISSUER));
    assert!(register(&mut service, &by_issuer).is_err());
    assert_eq!(service.service().size(), 0);
}

#[test]
fn s31_each_part_of_a_policy_is_applied() {
    let signer = ec_signer(&ISSUER);
    let statement = || {
        builder()
            .typ(ContentType::MediaType("application/x.sbom+cose"))
            .content_type(ContentType::MediaType("application/spdx+json"))
            .issued_at(LOGGED_AT)
    };
    let media = ContentType::MediaType;
    let met = [
        PolicyRule::new(),
        PolicyRule::new().issuer("https://another.example").issuer(ISS),
        PolicyRule::new().algorithm(Algorithm::EDDSA).algorithm(Algorithm::ES256),
        PolicyRule::new().subject("pump*"),
        PolicyRule::new().subject(SUB),
        PolicyRule::new().content_type(media("application/spdx+json")),
        PolicyRule::new().typ(media("application/x.sbom+cose")),
        PolicyRule::new().claim(OwnedClaimKey::Int(6)).claim(OwnedClaimKey::Text("svn".into())),
        PolicyRule::new().valid_in_time(),
    ];
    let unmet = [
        PolicyRule::new().issuer("https://another.example"),
        PolicyRule::new().algorithm(Algorithm::EDDSA),
        PolicyRule::new().subject("pump"),
        PolicyRule::new().subject("valve*"),
        PolicyRule::new().content_type(media("application/vnd.cyclonedx+json")),
        PolicyRule::new().content_type(ContentType::ContentFormat(50)),
        PolicyRule::new().typ(media("application/x.vex+cose")),
        PolicyRule::new().claim(OwnedClaimKey::Int(7)),
    ];
    let judge = |rule: &PolicyRule, for_typ: Option<&str>| {
        let policy = match for_typ {
            None => policy().with_rule(rule.clone()),
            Some(typ) => policy().with_rule_for(typ, rule.clone()),
        };
        // As it comes back out of its encoding.
        let decoded = Policy::decode(&policy.encode(), &context()).unwrap();
        assert_eq!(decoded, policy);
        let mut service = governed(MemoryLog::new(Sha256Tree), Bootstrap::Preconfigured(decoded));
        let made = statement().claim(ClaimKey::from("svn"), 7).sign(PAYLOAD, &signer).unwrap();
        register(&mut service, &made).map(drop)
    };
    for rule in &met {
        assert_eq!(judge(rule, None), Ok(()), "{rule:?}");
        assert_eq!(judge(rule, Some("application/x.sbom+cose")), Ok(()), "{rule:?}");
    }
    for rule in &unmet {
        assert_eq!(judge(rule, None), Err(refused(Rule::PolicyInForce)), "{rule:?}");
        let own = judge(rule, Some("application/x.sbom+cose"));
        assert_eq!(own, Err(refused(Rule::PolicyInForce)), "{rule:?}");
        // A rule for another type says nothing about this one.
        assert_eq!(judge(rule, Some("application/x.vex+cose")), Ok(()), "{rule:?}");
    }
}

#[test]
fn s31_validity_is_compared_with_the_time_of_the_decision() {
    let signer = ec_signer(&ISSUER);
    let policy = policy().with_rule(PolicyRule::new().valid_in_time());
    for (expires, is_valid) in [(LOGGED_AT + 1, true), (LOGGED_AT, false)] {
        let bootstrap = Bootstrap::Preconfigured(policy.clone());
        let mut service = governed(MemoryLog::new(Sha256Tree), bootstrap);
        let bytes = builder().claim(ClaimKey::EXP, expires).sign(PAYLOAD, &signer).unwrap();
        assert_eq!(register(&mut service, &bytes).is_ok(), is_valid);
    }
}

#[test]
fn s31_the_policy_that_was_committed_last_is_applied_also_within_a_batch() {
    let mut service = first();
    let mut submit = |statement: &[u8]| {
        let submitted = service.submit(statement, &Input::embedded(), LOGGED_AT, &context());
        refusal(submitted).map(|submitted| submitted.entry().index())
    };
    assert_eq!(submit(&policy_statement(&policy())), Ok(0));
    assert_eq!(submit(&statement_no(0)), Ok(1));
    assert_eq!(submit(&policy_statement(&without_issuers())), Ok(2));
    assert!(submit(&statement_no(1)).is_err());
    // What is queued has its entry, whatever the policy became.
    assert_eq!(submit(&statement_no(0)), Ok(1));
    assert_eq!(service.service().size(), 0);
    assert_eq!(service.commit().unwrap(), 3);
    assert_eq!(service.commit().unwrap(), 0);
    assert!(register(&mut service, &statement_no(1)).is_err());
    assert_eq!(register(&mut service, &statement_no(0)), Ok(1));
}

#[test]
fn s34_a_policy_has_known_parts_only() {
    let encoded = policy()
        .with_rule(PolicyRule::new().subject("a*").valid_in_time())
        .with_rule_for("application/x.vex+cose", PolicyRule::new().issuer(ISS))
        .encode();
    assert!(Policy::decode(&encoded, &context()).is_ok());
    for cut in 0..encoded.len() {
        assert!(Policy::decode(&encoded[..cut], &context()).is_err(), "{cut}");
    }
    let broken = |bytes: &[u8]| {
        let error = Policy::decode(bytes, &context()).unwrap_err();
        assert_eq!(error.rule().unwrap().id, "S34", "{error}");
    };
    for bytes in [
        &b""[..],
        &[0x80],
        &[0xa1, 0x06, 0x80],             // a part that is not known
        &[0xa1, 0x20, 0x80],             // nor below
        &[0xa1, 0x01, 0x80],             // nobody
        &[0xa1, 0x04, 0xa1, 0x08, 0xf5], // a rule that is not known
        &[0xa1, 0x04, 0xa1, 0x07, 0x01],
        &[0xa1, 0x04, 0xa1, 0x02, 0x81, 0x61, 0x61],
        &[0xa1, 0x04, 0xa1, 0x04, 0x81, 0x1a, 0, 1, 0, 0],
        &[0xa1, 0x03, 0x81, 0xa1, 0x02, 0x80],
        &[0xa1, 0x05, 0x81, 0x81, 0x61, 0x61],
    ] {
        broken(bytes);
    }
}

#[test]
fn s35_every_decision_can_be_made_again_from_what_is_kept() {
    let mut service = first();
    let collateral = MapBuilder::new().with("note", "looked at, and not logged");
    let dressed = decode(&statement_no(1)).message().with_unprotected(&collateral).unwrap();
    for statement in [policy_statement(&policy()), statement_no(0), dressed.clone()] {
        register(&mut service, &statement).unwrap();
    }
    register(&mut service, &endorsement_of(&NEXT_SERVICE)).unwrap();
    register(&mut service, &policy_statement(&without_issuers())).unwrap();

    let log = service.service().log();
    let evidence = log.evidence(2).unwrap().unwrap();
    let evidence = Evidence::decode(&evidence, &Profile::LENIENT).unwrap();
    assert_eq!((evidence.submitted, evidence.decided_at), (&dressed[..], LOGGED_AT));
    assert_eq!(evidence.statement(&Profile::LENIENT).unwrap(), statement_no(1));

    let mut governance = Governance::new(SERVICE_ISS, Bootstrap::FirstStatement);
    let registrar = Registrar::new(log.structure(), 0);
    let mut tree = merkle_proof::MemoryTree::new(Sha256Tree);
    for index in 0..log.size() {
        let evidence = log.evidence(index).unwrap().unwrap();
        let checked = governance.replay(index, &evidence, &registrar, &context()).unwrap();
        tree.append(&[&registrar.leaf(&checked, index, &context()).unwrap()]);
    }
    assert_eq!(tree.head(), service.service().head());
    assert_eq!(governance.in_force(), service.governance().in_force());
    assert_eq!(governance.endorsed_keys(), service.governance().endorsed_keys());

    // A decision that the policy did not allow is found: the last policy lets nobody in.
    let evidence = log.evidence(1).unwrap().unwrap();
    assert!(governance.replay(5, &evidence, &registrar, &context()).is_err());
    for garbage in [&b""[..], &[0x80], &[0x84, 1, 2, 3, 4]] {
        let error = Evidence::decode(garbage, &Profile::LENIENT).unwrap_err();
        assert_eq!(error.rule().unwrap().id, "S35");
    }
}

#[test]
fn s35_a_service_that_is_opened_again_goes_on_where_it_was() {
    let mut service = first();
    register(&mut service, &policy_statement(&policy())).unwrap();
    register(&mut service, &endorsement_of(&NEXT_SERVICE)).unwrap();
    let log = service.service().log().clone();
    let mut again = governed(log, Bootstrap::FirstStatement);
    assert_eq!(again.governance().in_force(), service.governance().in_force());
    assert_eq!(again.receipt_key(), service.receipt_key());
    assert_eq!(register(&mut again, &statement_no(0)), Ok(2));
    assert!(register(&mut again, &policy_statement(&without_issuers())).is_ok());
}

/// Looks at the collateral, as a policy may.
struct AsksForNote;

impl RegistrationPolicy for AsksForNote {
    fn with_issuers(
        &self,
        _: &Offered<'_>,
        _: &cose_ext::Context<'_>,
        then: &mut dyn FnMut(&dyn KeyResolver),
    ) -> Result<(), Error> {
        then(&issuer_key());
        Ok(())
    }

    fn decide(&self, candidate: &Candidate<'_>, _: &cose_ext::Context<'_>) -> Result<(), Error> {
        let note = candidate.collateral.find("note".into());
        note.map(drop).ok_or(refused(Rule::PolicyInForce))
    }
}

#[test]
fn s21_a_policy_may_look_at_the_unprotected_header_that_is_not_logged() {
    let mut log = Log::usual(0).service;
    let bare = statement();
    let mut register = |bytes: &[u8]| {
        refusal(log.register(bytes, &Input::embedded(), LOGGED_AT, &AsksForNote, &context()))
    };
    assert_eq!(register(&bare), Err(refused(Rule::PolicyInForce)));
    let note = MapBuilder::new().with("note", "let me in");
    let dressed = decode(&bare).message().with_unprotected(&note).unwrap();
    let entry = register(&dressed).unwrap();
    assert_eq!(log.statement(entry, &context()).unwrap(), Some(bare));
}

#[test]
fn a_service_takes_no_more_than_its_limits() {
    let limits = ServiceLimits::DEFAULT.with_queued(2).with_statement_bytes(1000);
    let mut log = Log::usual(0).service.with_limits(limits);
    let policy = Registration { issuers: &issuer_key(), requirements: Requirements::Rfc9943 };
    let signer = ec_signer(&ISSUER);
    let mut submit = |bytes: &[u8]| {
        log.submit(bytes, &Input::embedded(), LOGGED_AT, &policy, &context()).map(drop)
    };
    let long = builder().sign(&[0; 1000], &signer).unwrap();
    assert_eq!(submit(&long), Err(ErrorKind::StatementTooLong.into()));
    for number in 0..2 {
        assert_eq!(submit(&statement_no(number)), Ok(()));
    }
    assert_eq!(submit(&statement_no(2)), Err(ServiceError::from(ErrorKind::QueueFull)));
}

#[test]
fn what_governs_is_not_erased_and_what_was_erased_is_withheld_from_an_audit() {
    use scitt_core::{AuditedEntry, Auditor, EntryOutcome, EntryRule};
    let mut service = first();
    register(&mut service, &policy_statement(&policy())).unwrap();
    register(&mut service, &statement_no(0)).unwrap();
    register(&mut service, &endorsement_of(&NEXT_SERVICE)).unwrap();
    let entry = |service: &GovernedService<_>, index| service.service().entry(index).unwrap();
    for governing in [0, 2] {
        let entry = entry(&service, governing);
        assert_eq!(service.erase(entry, &context()), Err(ErrorKind::Governs.into()));
    }
    let ordinary = entry(&service, 1);
    assert_eq!(service.erase(ordinary, &context()), Ok(true));
    assert_eq!(service.erase(ordinary, &context()), Ok(false));
    // It comes again: its entry is known, and it is looked at once more.
    assert_eq!(register(&mut service, &statement_no(0)), Ok(1));

    let log = service.service().log();
    let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
    let mut governance = Governance::new(SERVICE_ISS, Bootstrap::FirstStatement);
    let mut outcomes = Vec::new();
    for index in 0..log.size() {
        let leaf = log.leaf(index).unwrap().unwrap();
        let evidence = log.evidence(index).unwrap();
        let evidence =
            evidence.as_ref().map(|bytes| Evidence::decode(bytes, &Profile::LENIENT).unwrap());
        let entry = evidence.as_ref().map_or(AuditedEntry::withheld(&leaf), AuditedEntry::from);
        let audit = auditor.replay(&entry, &mut governance, &context()).unwrap();
        outcomes.push(audit.outcome);
    }
    let withheld = EntryOutcome::Withheld { header_is_bound: false };
    assert_eq!(outcomes, [EntryOutcome::Checked, withheld, EntryOutcome::Checked]);
    assert_eq!(auditor.head(), service.service().head());
    assert_eq!(governance.in_force(), service.governance().in_force());
}

#[test]
fn issuers_of_a_policy_speak_for_themselves_only() {
    let another = PolicyIssuer::new("https://another.example");
    let another = another.with_key(ec_public(&OTHER_ISSUER), KID, &context()).unwrap();
    let bootstrap = Bootstrap::Preconfigured(policy().registering(another));
    let mut service = governed(MemoryLog::new(Sha256Tree), bootstrap);
    let mut register = |issuer: &str, signer: &dyn Signer| {
        let statement = scitt_core::StatementBuilder::new(issuer, SUB).key_id(KID);
        register(&mut service, &statement.sign(PAYLOAD, signer).unwrap()).map(drop)
    };
    assert_eq!(register(ISS, &ec_signer(&ISSUER)), Ok(()));
    assert_eq!(register("https://another.example", &ec_signer(&OTHER_ISSUER)), Ok(()));
    assert!(register(ISS, &ec_signer(&OTHER_ISSUER)).is_err());
    assert!(register("https://third.example", &ec_signer(&ISSUER)).is_err());
}
