//! Signed statements, registration policies and evidence of decisions, whose signatures are all good.
//!
//! An input that begins with a byte below 2 chooses a set of statements, or a policy and what it decides upon.
#![no_main]

#[path = "statements/policy.rs"]
mod policy;
#[path = "statements/set.rs"]
mod set;

use core::fmt;

use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, Chosen, with_keys};
use libfuzzer_sys::fuzz_target;
use scitt_core::{
    EntryRule, Evidence, OwnedContentType, Policy, Requirements, SignedStatement, Statement,
    TransparentStatement, Verifier,
};

fn refused<E: std::error::Error>(error: &E) {
    assert!(!error.to_string().is_empty());
}

fuzz_target!(|bytes: &[u8]| {
    match bytes {
        [0, choices @ ..] => return set::check(&mut Chosen::by(choices)),
        [1, choices @ ..] => return policy::check(&mut Chosen::by(choices)),
        _ => {}
    }
    let context = Context::new(&Accept::ALL);
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        match SignedStatement::decode(bytes, &profile) {
            Ok(statement) => check(&statement),
            Err(error) => refused(&error),
        }
    }
    match Policy::decode(bytes, &context) {
        Ok(policy) => {
            let encoded = policy.encode();
            let again = Policy::decode(&encoded, &context).expect("what was written is read");
            assert_eq!(again, policy);
            assert_eq!(again.encode(), encoded);
        }
        Err(error) => refused(&error),
    }
    if let Ok(evidence) = Evidence::decode(bytes, &Profile::LENIENT) {
        let encoded = evidence.encode();
        assert_eq!(Evidence::decode(&encoded, &Profile::LENIENT), Ok(evidence));
        if let Ok(statement) = evidence.statement(&Profile::LENIENT) {
            let statement = SignedStatement::decode(&statement, &Profile::LENIENT);
            assert!(statement.expect("a statement").message().headers().unprotected().is_empty());
        }
    }
    if let Ok(statement) = TransparentStatement::decode(bytes, &Profile::LENIENT) {
        with_keys(|issuers| {
            let verifier = Verifier::new(issuers, &[]);
            let found = verifier.explain(&statement, &Input::embedded(), &context, &mut Plain);
            assert!(found.expect("nothing unprintable").is_err(), "no service is trusted");
        });
    }
});

/// Takes texts that no terminal would obey.
struct Plain;

impl fmt::Write for Plain {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_plain = text.chars().all(|it| it == '\n' || !it.is_control());
        if is_plain { Ok(()) } else { Err(fmt::Error) }
    }
}

/// What holds strictly holds leniently; the entry is the same whatever stands in the unprotected header.
fn check(statement: &SignedStatement<'_>) {
    let message = statement.message();
    let context = Context::new(&Accept::ALL);
    let input = match message.danger_unverified_payload() {
        Some(_) => Input::embedded(),
        None => Input::detached(b"apart"),
    };
    with_keys(|issuers| {
        let verify = |requirements| statement.verify(&input, issuers, requirements, &context);
        let (strict, lenient) = (verify(Requirements::Rfc9943), verify(Requirements::Lenient));
        assert!(lenient.is_ok() || strict.is_err(), "the strict requirements accept more");
        if let Ok(verified) = lenient {
            assert_eq!(strict.is_err(), statement.unmet_requirements().next().is_some());
            let value = verified.value();
            let described = (value.issuer(), value.subject(), value.content_type());
            assert!(!format!("{described:?} {value:?}").is_empty());
            assert_eq!(value.digest_algorithm(), value.hash_envelope().map(|it| it.algorithm));
            if let Some(found) = value.content_type() {
                assert!(OwnedContentType::from(found).borrow() == found);
            }
            assert_eq!(
                value.protected().as_received(),
                message.headers().protected().as_received()
            );
            verified.try_map(Statement::digest).err().iter().for_each(refused);
        }
        for error in [strict.err(), lenient.err()].iter().flatten() {
            refused(error);
        }
    });
    let payload = message.danger_unverified_payload_of(&input).expect("where it is");
    let Ok(dressed) = statement.with_receipts(&[b"a receipt"]) else { return };
    let dressed = SignedStatement::decode(&dressed, &Profile::LENIENT).expect("as it was");
    for rule in [EntryRule::DEFAULT, EntryRule::SCITT_COSE] {
        let bare = rule.entry(message, payload);
        if rule == EntryRule::DEFAULT {
            assert_eq!(
                rule.entry(dressed.message(), payload).parts().concat(),
                bare.parts().concat()
            );
        }
        let logged = bare.parts().concat();
        let logged = SignedStatement::decode(&logged, &Profile::LENIENT).expect("an entry");
        if rule == EntryRule::DEFAULT {
            assert_eq!(logged.message().danger_unverified_payload(), Some(payload));
        }
        assert_eq!(logged.message().signature(), message.signature());
    }
}
