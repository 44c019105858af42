//! Sets of transparent statements about one subject, beside what follows from who said what of whom; and keys that a token
//! confirms.

use cose_ext::crypto::Algorithm;
use cose_ext::cwt::ClaimKey;
use cose_ext::header::{ContentType, Vds};
use cose_ext::key::{Thumbprint, TrustStore, TrustedKey};
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, MapBuilder, Profile, Value};
use fuzz::{Accept, Chosen, Nobody};
use merkle_proof::cose::{ReceiptBuilder, encode_inclusion};
use merkle_proof::{Sha256Tree, TreeHash, UnauthenticatedPosition};
use scitt_core::{
    AttestedKey, EntryRule, Error, ErrorKind, RequiredStatement, RequirementOutcome, Requirements,
    ServiceKey, SignedStatement, Standing, StatementBuilder, StatementId, StatementSet,
    Supersession, TokenCheck, Transparent, TransparentStatement, TrustedService, Verifier,
};

use crate::policy::{ISSUER, OTHER, key};
use crate::refused;

const SIGNER: Nobody = Nobody(Algorithm::ES256);
const SERVICE: &str = "https://log.example";
const TYPES: [ContentType<'static>; 3] = [
    ContentType::MediaType("application/spdx+json"),
    ContentType::MediaType("Application/SPDX+JSON"),
    ContentType::ContentFormat(50),
];

fn context() -> Context<'static> {
    Context::new(&Accept::NOBODY)
}

/// Logs a statement alone, verifies it, and hands it to `then`.
fn transparent<R>(made: &[u8], then: impl FnOnce(&Transparent<'_>) -> R) -> R {
    let context = context();
    let signed = SignedStatement::decode(made, &Profile::LENIENT).expect("it was made");
    let payload = signed.message().danger_unverified_payload().expect("embedded");
    let entry = EntryRule::DEFAULT.entry(signed.message(), payload).hash(&Sha256);
    let position = UnauthenticatedPosition { tree_size: 1, leaf_index: 0 };
    let claims = MapBuilder::new().with(1, SERVICE).with(2, "log");
    let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(b"log")
        .cwt_claims(&claims)
        .inclusion(encode_inclusion::<[u8; 32]>(position, &[]))
        .sign(&Sha256Tree.leaf(&[entry.as_ref()]), &SIGNER)
        .expect("a receipt");
    let bytes = signed.with_receipts(&[&receipt]).expect("one receipt");
    let statement = TransparentStatement::decode(&bytes, &Profile::LENIENT).expect("it was made");
    let trusted = |number| TrustedKey::new(key(number), &context).expect("of the right shape");
    let keys = [
        trusted(0).with_key_id(b"1").for_issuer(ISSUER),
        trusted(1).with_key_id(b"2").for_issuer(OTHER),
    ];
    let issuers = TrustStore::new(&keys);
    let service_keys = [ServiceKey::new(trusted(0), Algorithm::ES256).with_key_id(b"log")];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE), keys: &service_keys }];
    let verifier = Verifier::new(&issuers, &services).with_requirements(Requirements::Lenient);
    then(&verifier.verify(&statement, &Input::embedded(), &context).expect("it is in the log"))
}

/// Who said what, when, and of which.
struct Said {
    id: StatementId,
    is_other: bool,
    content_type: usize,
    issued_at: Option<i64>,
    supersedes: Vec<StatementId>,
    withdraws: Vec<StatementId>,
}

pub fn check(chosen: &mut Chosen<'_>) {
    attested(chosen);
    let mut set = StatementSet::new("thing");
    assert_eq!(set.subject(), "thing");
    let mut all: Vec<Said> = Vec::new();
    for _ in 0..chosen.byte() % 6 {
        let is_other = chosen.byte() % 3 == 0;
        let (issuer, key_id) = if is_other { (OTHER, b"2") } else { (ISSUER, b"1") };
        let content_type = usize::from(chosen.byte()) % TYPES.len();
        let issued_at = chosen.one_of([None, Some(1), Some(2), Some(3)]);
        let of = all.get(usize::from(chosen.byte()) % 8).map(|said| said.id);
        let subject = if chosen.byte() % 8 == 0 { "other" } else { "thing" };
        let mut builder =
            StatementBuilder::new(issuer, subject).key_id(key_id).content_type(TYPES[content_type]);
        if let Some(at) = issued_at {
            builder = builder.issued_at(at);
        }
        let (mut supersedes, mut withdraws) = (Vec::new(), Vec::new());
        let how = chosen.byte() % 6;
        match (how, of) {
            (0, Some(id)) => {
                supersedes = vec![id];
                builder = builder.superseding(&supersedes);
            }
            (1, Some(id)) => {
                withdraws = vec![id];
                builder = builder.withdrawing(&withdraws);
            }
            (2, Some(id)) => {
                // One alone needs no list.
                supersedes = vec![id];
                let named = Value::Bytes(id.as_bytes());
                builder = builder.claim(ClaimKey::text(StatementId::SUPERSEDES), named);
            }
            (3, _) => {
                builder = builder.claim(ClaimKey::text(StatementId::WITHDRAWS), "no statement")
            }
            _ => {}
        }
        let payload = [chosen.byte() % 3];
        let made = builder.sign(&payload, &SIGNER).expect("a statement");
        let (id, added) = transparent(&made, |statement| {
            let id = StatementId::of(statement.statement().value(), &context());
            (id.expect("a hash"), set.add(statement, &context()))
        });
        match added {
            Ok(place) => {
                assert!(place == all.len() && subject == "thing" && how != 3);
                all.push(Said { id, is_other, content_type, issued_at, supersedes, withdraws });
            }
            Err(error) => {
                assert!(subject == "other" || how == 3);
                refused(&error);
            }
        }
    }
    for supersession in [Supersession::Stated, Supersession::Newest] {
        let standings: Vec<_> =
            (0..all.len()).map(|place| standing(&all, place, supersession)).collect();
        assert_eq!(set.standings(supersession), standings);
        required(&set, &all, &standings, supersession);
    }
}

/// Where a statement stands, read out of what all of them say.
fn standing(all: &[Said], place: usize, supersession: Supersession) -> Standing {
    let one = &all[place];
    if let Some(of) = (0..place).find(|before| all[*before].id == one.id) {
        return Standing::Repeated { of };
    }
    // One type, however it is spelt.
    let same_type = |a: usize, b: usize| a == b || (a < 2 && b < 2);
    let mut others =
        (0..all.len()).filter(|other| *other != place && all[*other].is_other == one.is_other);
    if let Some(by) = others.clone().find(|other| all[*other].withdraws.contains(&one.id)) {
        return Standing::Withdrawn { by };
    }
    let replaces = |other: &usize| {
        let other = &all[*other];
        let is_newer = matches!((other.issued_at, one.issued_at), (Some(a), Some(b)) if a > b);
        let is_newest = supersession == Supersession::Newest;
        other.supersedes.contains(&one.id)
            || (is_newest && is_newer && same_type(other.content_type, one.content_type))
    };
    others.find(replaces).map_or(Standing::Current, |by| Standing::Superseded { by })
}

fn required(set: &StatementSet, all: &[Said], standings: &[Standing], supersession: Supersession) {
    for (types, issuers, count) in [
        (&TYPES[..1], &[][..], 1),
        (&TYPES[2..], &[ISSUER][..], 1),
        (&[], &[], 2),
        (&[], &[OTHER], 1),
        (&[], &["https://stranger.example"], 1),
    ] {
        let asked = RequiredStatement::of_type(types).by(issuers).by_at_least(count);
        let verdict = set.evaluate(&[asked], supersession);
        let such = |said: &Said| {
            let is_type = types.is_empty() || (types[0] == TYPES[2]) == (said.content_type == 2);
            let issuer = if said.is_other { OTHER } else { ISSUER };
            is_type && (issuers.is_empty() || issuers.contains(&issuer))
        };
        let found: Vec<_> = all.iter().zip(standings).filter(|(said, _)| such(said)).collect();
        let current: Vec<_> = found.iter().filter(|(_, it)| **it == Standing::Current).collect();
        let by = |other| usize::from(current.iter().any(|(said, _)| said.is_other == other));
        let voices = by(true) + by(false);
        let is_met = voices >= count && voices > 0;
        assert_eq!((verdict.is_met(), verdict.standings()), (is_met, standings));
        match &verdict.outcomes()[0] {
            RequirementOutcome::Met { by } => assert_eq!(by.len(), voices),
            RequirementOutcome::Missing => assert!(found.is_empty()),
            RequirementOutcome::NoneStands => assert!(!found.is_empty() && current.is_empty()),
            RequirementOutcome::TooFew { issuers } => assert!(*issuers == voices && voices < count),
            other => panic!("{other:?}"),
        }
    }
    assert!(set.evaluate(&[], supersession).is_met(), "nothing is asked for");
}

/// A token that is one byte, and good if that is 1.
struct Quote;

impl TokenCheck for Quote {
    fn check(&self, token: &[u8], _: &Thumbprint, _: &Context<'_>) -> Result<i64, Error> {
        if token == [1] { Ok(100) } else { Err(Error::from(ErrorKind::NotInLog)) }
    }
}

fn attested(chosen: &mut Chosen<'_>) {
    let context = context();
    let typ = chosen.one_of([AttestedKey::TYP, AttestedKey::TYP, "application/x"]);
    let issuer = chosen.one_of([ISSUER, ISSUER, OTHER]);
    let (subject, token) = (chosen.one_of([ISSUER, ISSUER, "thing"]), chosen.one_of([1, 1, 0]));
    let made = StatementBuilder::new(issuer, subject).key_id(b"1").typ(ContentType::MediaType(typ));
    let made = made.sign(&[token], &SIGNER).expect("a statement");
    let statement = SignedStatement::decode(&made, &Profile::LENIENT).expect("it was made");
    let trusted =
        [TrustedKey::new(key(0), &context).expect("of the right shape").for_issuer(issuer)];
    let issuers = TrustStore::new(&trusted);
    let verified = statement.verify(&Input::embedded(), &issuers, Requirements::Lenient, &context);
    let verified = verified.expect("by its issuer");
    let thumbprint = Thumbprint::from_bytes([7; 32]);
    let confirmed = AttestedKey::confirm(&verified, ISSUER, &thumbprint, &Quote, &context);
    let is_good = typ == AttestedKey::TYP && issuer == ISSUER && subject == ISSUER && token == 1;
    assert_eq!(confirmed.is_ok(), is_good);
    match confirmed {
        Ok(key) => {
            assert_eq!((key.key(), key.attested_at()), (&thumbprint, 100));
            for now in [99, 100, 110, 111] {
                let within = key.within(10, now);
                assert_eq!(within.is_ok(), (100..=110).contains(&now));
                within.err().iter().for_each(refused);
            }
        }
        Err(error) => refused(&error),
    }
}
