//! Policies of every shape, and what they decide: a rule is met by a statement that has what it asks for, and by no other.

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::cwt::ClaimKey;
use cose_ext::header::ContentType;
use cose_ext::{Context, Input};
use fuzz::{Accept, Chosen, Nobody};
use merkle_proof::Sha256Tree;
use scitt_core::{
    Bootstrap, GovernedService, OwnedClaimKey, OwnedContentType, Policy, PolicyIssuer, PolicyRule,
    ReceiptKey, StatementBuilder, TransparencyService,
};

use crate::refused;

pub const ISSUER: &str = "https://maker.example";
pub const OTHER: &str = "https://auditor.example";
pub static NUMBERS: [[u8; 32]; 2] = [[0x81; 32], [0x82; 32]];
const SIGNER: Nobody = Nobody(Algorithm::ES256);

pub fn key(number: usize) -> PublicKey<'static> {
    let x = &NUMBERS[number % 2];
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(x) };
    PublicKey { material, algorithm: None }
}

/// What a statement says.
#[derive(Clone, Copy)]
struct Says {
    subject: &'static str,
    content_type: ContentType<'static>,
    typ: Option<ContentType<'static>>,
    claim: bool,
    expires: Option<i64>,
}

const AT: i64 = 1_700_000_000;

/// A rule that asks for some of it, or for something else.
fn rule(chosen: &mut Chosen<'_>, says: &Says) -> (PolicyRule, bool) {
    let mut rule = PolicyRule::new();
    let mut met = true;
    for _ in 0..chosen.byte() % 5 {
        let (asked, has) = match chosen.byte() % 8 {
            0 => (rule.clone().issuer(ISSUER), true),
            1 => (rule.clone().algorithm(Algorithm::ES256), true),
            2 => (rule.clone().subject("thi*"), says.subject.starts_with("thi")),
            3 => (rule.clone().content_type(says.content_type), true),
            4 => {
                let typ = ContentType::MediaType("application/x");
                (rule.clone().typ(typ), says.typ == Some(typ))
            }
            5 => (rule.clone().claim(OwnedClaimKey::Text("vendor".into())), says.claim),
            6 => (rule.clone().claim(OwnedClaimKey::Int(4)), says.expires.is_some()),
            _ => (rule.clone().valid_in_time(), says.expires.is_none_or(|end| AT < end)),
        };
        // Two types, or two issuers, are one or the other: then one that is named is enough.
        rule = asked;
        met &= has;
    }
    if chosen.byte() % 8 == 0 {
        rule = rule.algorithm(Algorithm::EDDSA);
        let only = PolicyRule::new().algorithm(Algorithm::EDDSA);
        // Where the right one stands beside it, it is met still.
        met &= rule != only && !has_only(&rule);
    }
    (rule, met)
}

/// The rule names no other algorithm.
fn has_only(rule: &PolicyRule) -> bool {
    !format!("{rule:?}").contains("ES256")
}

pub fn check(chosen: &mut Chosen<'_>) {
    let context = Context::new(&Accept::NOBODY);
    let says = Says {
        subject: chosen.one_of(["thing", "other"]),
        content_type: chosen
            .one_of([ContentType::MediaType("text/plain"), ContentType::ContentFormat(50)]),
        typ: chosen.one_of([
            None,
            Some(ContentType::MediaType("application/x")),
            Some(ContentType::ContentFormat(60)),
        ]),
        claim: chosen.byte() % 2 == 0,
        expires: chosen.one_of([None, Some(AT - 100), Some(AT + 100)]),
    };
    let party = |issuer: &str, number: usize, chosen: &mut Chosen<'_>| {
        let party = PolicyIssuer::new(issuer).with_key(key(number), b"1", &context);
        let party = party.expect("a key of the right shape");
        match chosen.byte() % 4 {
            0 => party.with_key(key(number + 1), b"2", &context).expect("another"),
            _ => party,
        }
    };
    let (all, met) = rule(chosen, &says);
    let (typed, typed_met) = rule(chosen, &says);
    let own = OwnedContentType::from(
        chosen.one_of([ContentType::MediaType("application/x"), ContentType::ContentFormat(60)]),
    );
    assert!(!own.to_string().is_empty());
    let registers = chosen.byte() % 8 != 0;
    let mut policy = Policy::new()
        .administered_by(party(OTHER, 1, chosen))
        .rooted_in(party(OTHER, 1, chosen))
        .with_rule(all)
        .with_rule_for(own.clone(), typed.clone())
        .with_rule_for(own.clone(), typed);
    if registers {
        policy = policy.registering(party(ISSUER, 0, chosen));
    }
    assert!(PolicyIssuer::new(ISSUER).with_anchor(b"no certificate").is_err());
    let encoded = policy.encode();
    assert_eq!(Policy::decode(&encoded, &context).as_ref(), Ok(&policy));
    for end in [encoded.len() - 1, chosen.below(encoded.len())] {
        refused(&Policy::decode(&encoded[..end], &context).expect_err("it is cut"));
    }
    let mut other = encoded;
    let place = chosen.below(other.len());
    other[place] ^= chosen.byte() | 1;
    match Policy::decode(&other, &context) {
        Ok(read) => assert_eq!(Policy::decode(&read.encode(), &context), Ok(read)),
        Err(error) => refused(&error),
    }

    let mut builder = StatementBuilder::new(ISSUER, says.subject).key_id(b"1");
    builder = builder.content_type(says.content_type);
    if let Some(typ) = says.typ {
        builder = builder.typ(typ);
    }
    if says.claim {
        builder = builder.claim(ClaimKey::text("vendor"), "v");
    }
    if let Some(end) = says.expires {
        builder = builder.claim(ClaimKey::from(4), end);
    }
    let made = builder.sign(b"payload", &SIGNER).expect("a statement");
    let receipt_key = ReceiptKey::new(b"log", Algorithm::ES256);
    let service = TransparencyService::in_memory(Sha256Tree, "https://log.example", receipt_key);
    let service = GovernedService::open(service, Bootstrap::Preconfigured(policy), &context);
    let mut service = service.expect("an empty log");
    let is_own = says.typ.map(OwnedContentType::from) == Some(own);
    let submitted = service.submit(&made, &Input::embedded(), AT, &context);
    assert_eq!(submitted.is_ok(), registers && met && (typed_met || !is_own), "{submitted:?}");
    submitted.err().iter().for_each(refused);
}
