//! Signed statements, registration policies and evidence of decisions, whose signatures are all good.
#![no_main]

use core::fmt;

use cose_ext::{Context, Input, Profile};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use scitt_core::{
    EntryRule, Evidence, Policy, Requirements, SignedStatement, Statement, TransparentStatement,
    Verifier,
};

fuzz_target!(|bytes: &[u8]| {
    let context = Context::new(&AcceptAll);
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        if let Ok(statement) = SignedStatement::decode(bytes, &profile) {
            check(&statement);
        }
    }
    if let Ok(policy) = Policy::decode(bytes, &context) {
        let encoded = policy.encode();
        let again = Policy::decode(&encoded, &context).expect("what was written is read");
        assert_eq!(again, policy);
        assert_eq!(again.encode(), encoded);
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
    let context = Context::new(&AcceptAll);
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
            let _ = verified.try_map(Statement::digest);
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
