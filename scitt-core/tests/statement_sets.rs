//! Transparent statements about one subject, evaluated as a set.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Input, Profile, Value,
    cwt::ClaimKey,
    header::ContentType,
    key::{TrustStore, TrustedKey},
};
use scitt_core::{
    Error, ErrorKind, Registration, RequiredStatement, RequirementOutcome, Requirements, Rule,
    SetVerdict, Standing, StatementBuilder, StatementId, StatementSet, Supersession,
    TransparentStatement, TrustedService, Verifier,
};
use testkit::fixed_keys::EcKey;
use world::*;

const SBOM: ContentType<'static> = ContentType::MediaType("application/spdx+json");
const REPORT: ContentType<'static> = ContentType::MediaType("application/csaf+json");
const AUDITOR: &str = "https://auditor.example";

/// What a test says of one statement.
#[derive(Clone)]
struct Said {
    issuer: &'static str,
    key: &'static EcKey<32>,
    content_type: ContentType<'static>,
    issued_at: i64,
    payload: Vec<u8>,
    subject: &'static str,
    supersedes: Vec<StatementId>,
    withdraws: Vec<StatementId>,
}

fn said(payload: &[u8], issued_at: i64) -> Said {
    Said {
        issuer: ISS,
        key: &ISSUER,
        content_type: SBOM,
        issued_at,
        payload: payload.into(),
        subject: SUB,
        supersedes: vec![],
        withdraws: vec![],
    }
}

impl Said {
    fn by_auditor(mut self) -> Self {
        (self.issuer, self.key) = (AUDITOR, &OTHER_ISSUER);
        self
    }

    fn report(mut self) -> Self {
        self.content_type = REPORT;
        self
    }

    fn superseding(mut self, id: StatementId) -> Self {
        self.supersedes.push(id);
        self
    }

    fn withdrawing(mut self, id: StatementId) -> Self {
        self.withdraws.push(id);
        self
    }

    fn sign(&self) -> Vec<u8> {
        let mut builder = StatementBuilder::new(self.issuer, self.subject)
            .key_id(KID)
            .content_type(self.content_type)
            .issued_at(self.issued_at);
        if !self.supersedes.is_empty() {
            builder = builder.superseding(&self.supersedes);
        }
        if !self.withdraws.is_empty() {
            builder = builder.withdrawing(&self.withdraws);
        }
        builder.sign(&self.payload, &ec_signer(self.key)).unwrap()
    }
}

fn keys() -> [TrustedKey<'static>; 2] {
    [issuer_key(), ec_key(&OTHER_ISSUER).with_key_id(KID).for_issuer(AUDITOR)]
}

/// Verifies a statement with its receipt, and hands it to `then`.
fn with_transparent<T>(
    statement: &[u8],
    keys: &[TrustedKey<'_>],
    then: impl FnOnce(&scitt_core::Transparent<'_>) -> T,
) -> T {
    let mut log = Log::usual(1);
    let issuers = TrustStore::new(keys);
    let registration = Registration { issuers: &issuers, requirements: Requirements::Lenient };
    let entry =
        log.service.register(statement, &Input::embedded(), 0, &registration, &context()).unwrap();
    let bytes = transparent(statement, &[&log.receipt(entry)]);
    let service_keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &service_keys }];
    let statement = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let verifier = Verifier::new(&issuers, &services).with_requirements(Requirements::Lenient);
    then(&verifier.verify(&statement, &Input::embedded(), &context()).unwrap())
}

fn id(said: &Said) -> StatementId {
    with_transparent(&said.sign(), &keys(), |statement| {
        StatementId::of(statement.statement().value(), &context()).unwrap()
    })
}

fn set(all: &[Said]) -> StatementSet {
    let mut set = StatementSet::new(SUB);
    for (place, said) in all.iter().enumerate() {
        let added =
            with_transparent(&said.sign(), &keys(), |statement| set.add(statement, &context()));
        assert_eq!(added, Ok(place));
    }
    set
}

fn evaluate(all: &[Said], required: &[RequiredStatement<'_>]) -> SetVerdict {
    set(all).evaluate(required, Supersession::Stated)
}

#[test]
fn s73_a_set_is_about_one_subject() {
    let mut set = StatementSet::new("pkg:generic/valve");
    assert_eq!(set.subject(), "pkg:generic/valve");
    let refused: Result<usize, Error> =
        with_transparent(&said(b"1", 1).sign(), &keys(), |one| set.add(one, &context()));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Refused(Rule::OneSubject));
    assert!(set.standings(Supersession::Newest).is_empty());
}

#[test]
fn required_kinds_are_there_and_by_whom() {
    let (sbom, report) = (said(b"sbom", 1), said(b"report", 1).report().by_auditor());
    let types = [SBOM];
    let reports = [REPORT, ContentType::MediaType("application/vnd.openvex+json")];
    let by_vendor = [ISS];
    let by_auditor = [AUDITOR];
    let want = [
        RequiredStatement::of_type(&types).by(&by_vendor),
        RequiredStatement::of_type(&reports).by(&by_auditor),
    ];
    let verdict = evaluate(&[sbom.clone(), report.clone()], &want);
    assert!(verdict.is_met());
    let met = |place| RequirementOutcome::Met { by: vec![place] };
    assert_eq!(verdict.outcomes(), [met(0), met(1)]);
    assert_eq!(verdict.standings(), [Standing::Current, Standing::Current]);
    let verdict = evaluate(std::slice::from_ref(&sbom), &want);
    assert!(!verdict.is_met());
    assert_eq!(verdict.outcomes(), [met(0), RequirementOutcome::Missing]);
    // The right kind by somebody else.
    let verdict = evaluate(&[sbom.clone().by_auditor(), report.clone()], &want);
    assert_eq!(verdict.outcomes()[0], RequirementOutcome::Missing);
    // By anybody, and by two different issuers.
    let any = [RequiredStatement::of_type(&types).by_at_least(2)];
    let two = [sbom.clone(), said(b"again", 2), sbom.clone().by_auditor()];
    assert_eq!(evaluate(&two, &any).outcomes(), [RequirementOutcome::Met { by: vec![0, 2] }]);
    let one = RequirementOutcome::TooFew { issuers: 1 };
    assert_eq!(evaluate(&two[..2], &any).outcomes(), [one]);
    let anything = [RequiredStatement::of_type(&[])];
    assert!(evaluate(&[report], &anything).is_met());
    assert!(!evaluate(&[], &anything).is_met());
    assert!(evaluate(&[], &[]).is_met());
}

#[test]
fn s75_only_the_issuer_of_a_statement_supersedes_or_withdraws_it() {
    let first = said(b"first", 1);
    let types = [SBOM];
    let want = [RequiredStatement::of_type(&types)];
    let newer = said(b"second", 2).superseding(id(&first));
    let verdict = evaluate(&[first.clone(), newer.clone()], &want);
    assert_eq!(verdict.standings(), [Standing::Superseded { by: 1 }, Standing::Current]);
    assert!(verdict.is_met());
    let notice = said(b"notice", 3).report().withdrawing(id(&first));
    let verdict = evaluate(&[notice.clone(), first.clone()], &want);
    assert_eq!(verdict.standings(), [Standing::Current, Standing::Withdrawn { by: 0 }]);
    assert_eq!(verdict.outcomes(), [RequirementOutcome::NoneStands]);
    // Somebody else, who says the same.
    for other in [newer.clone().by_auditor(), notice.clone().by_auditor()] {
        let verdict = evaluate(&[first.clone(), other], &want);
        assert_eq!(verdict.standings()[0], Standing::Current);
    }
    // What was superseded stays so where the newer one is withdrawn.
    let withdrawn = said(b"oops", 4).report().withdrawing(id(&newer));
    let verdict = evaluate(&[first.clone(), newer, withdrawn], &want);
    let standings =
        [Standing::Superseded { by: 1 }, Standing::Withdrawn { by: 2 }, Standing::Current];
    assert_eq!(verdict.standings(), standings);
    assert_eq!(verdict.outcomes(), [RequirementOutcome::NoneStands]);
    // A statement about nothing in the set changes nothing.
    let of_another = said(b"second", 2).superseding(id(&said(b"elsewhere", 1)));
    let verdict = evaluate(&[first, of_another], &want);
    assert_eq!(verdict.standings(), [Standing::Current, Standing::Current]);
}

#[test]
fn the_newest_of_an_issuer_takes_the_place_of_the_others_where_the_policy_says_so() {
    let all = [
        said(b"1", 1),
        said(b"3", 3),
        said(b"2", 2),
        said(b"4", 9).report(),
        said(b"5", 9).by_auditor(),
    ];
    let set = set(&all);
    let current = [Standing::Current; 5];
    assert_eq!(set.standings(Supersession::Stated), current);
    let superseded = Standing::Superseded { by: 1 };
    let newest = [superseded, Standing::Current, superseded, Standing::Current, Standing::Current];
    assert_eq!(set.standings(Supersession::Newest), newest);
    // Of one second, both stand.
    let same = self::set(&[said(b"1", 1), said(b"2", 1)]);
    assert_eq!(same.standings(Supersession::Newest), [Standing::Current; 2]);
}

#[test]
fn the_same_statement_counts_once() {
    let one = said(b"1", 1);
    let verdict = evaluate(&[one.clone(), one.clone()], &[]);
    assert_eq!(verdict.standings(), [Standing::Current, Standing::Repeated { of: 0 }]);
    // Another signature over the same content is the same statement.
    let other = with_transparent(&flip_s(&one.sign()), &keys(), |statement| {
        StatementId::of(statement.statement().value(), &context()).unwrap()
    });
    assert_eq!(other, id(&one));
    assert_ne!(other.as_bytes(), id(&said(b"1", 2)).as_bytes());
}

#[test]
fn an_issuer_that_nobody_checked_is_none_that_is_named() {
    let unbound = [ec_key(&ISSUER).with_key_id(KID)];
    let mut set = StatementSet::new(SUB);
    with_transparent(&said(b"1", 1).sign(), &unbound, |one| set.add(one, &context())).unwrap();
    let by = [ISS];
    let types = [SBOM];
    let named = [RequiredStatement::of_type(&types).by(&by)];
    assert_eq!(
        set.evaluate(&named, Supersession::Stated).outcomes(),
        [RequirementOutcome::Missing]
    );
    assert!(set.evaluate(&[RequiredStatement::of_type(&types)], Supersession::Stated).is_met());
}

#[test]
fn s74_other_statements_are_named_by_their_identities() {
    let add = |claim: &'static str, value: Value<'_>| {
        let statement = StatementBuilder::new(ISS, SUB)
            .key_id(KID)
            .claim(ClaimKey::text(claim), value)
            .sign(PAYLOAD, &ec_signer(&ISSUER))
            .unwrap();
        let mut set = StatementSet::new(SUB);
        with_transparent(&statement, &keys(), |one| set.add(one, &context()))
    };
    for claim in [StatementId::SUPERSEDES, StatementId::WITHDRAWS] {
        assert_eq!(add(claim, Value::Bytes(&[1; 32])), Ok(0));
        assert_eq!(add(claim, Value::Array(&[Value::Bytes(&[1; 32])])), Ok(0));
        assert_eq!(add(claim, Value::Array(&[])), Ok(0));
        for value in [
            Value::Bytes(&[1; 31]),
            Value::Text("x"),
            Value::Array(&[Value::Bytes(&[1; 32]), Value::from(1)]),
        ] {
            let kind = add(claim, value).unwrap_err().kind();
            assert_eq!(kind, ErrorKind::Broken(Rule::ReplacingClaims));
        }
    }
}
