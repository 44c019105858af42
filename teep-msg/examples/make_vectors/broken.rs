//! Messages that nobody may accept: by their CBOR, their CDDL, their COSE or their signature; and the two that tell what an
//! empty protected header signs.

use cose_ext::{
    SigStructure,
    cbor::Writer,
    crypto::Algorithm,
    encrypt::EncryptBuilder,
    recipient::{RecipientBuilder, Sealer},
    rustcrypto::RustCrypto,
};
use serde_json::json;
use teep_msg::{Purpose, QueryResponseContent, SuccessContent};
use testkit::rng::seeded;

use crate::{
    book::{Age, Book, Said},
    decoded::sha256,
    messages::{CHALLENGE, EVIDENCE_TYPE, NOW, TOKEN, request_by_both, signed},
    parties::{AGENT, AGENT_ED, ATTESTER, Party, RECIPIENT, STRANGER, Says, TAM, TAM_ED, claims},
};

fn encode(write: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
    let mut out = vec![0; 2048];
    let mut writer = Writer::new(&mut out);
    write(&mut writer);
    writer.finish().unwrap().to_vec()
}

fn algorithm(age: Age) -> Algorithm {
    if age.is_older() { Algorithm::ES256 } else { Algorithm::ESP256 }
}

/// Labels that differ between the numberings.
struct Labels {
    token: i64,
    err_msg: i64,
    err_lang: i64,
    tc_list: i64,
    ext_list: i64,
    success: i64,
    error: i64,
}

fn labels(age: Age) -> Labels {
    let add = i64::from(age.is_older());
    Labels {
        token: 19 + add,
        err_msg: 11 + add,
        err_lang: 21 + add,
        tc_list: 7 + add,
        ext_list: 8 + add,
        success: 4 + add,
        error: 5 + add,
    }
}

pub(crate) fn make(book: &mut Book, age: Age) {
    payloads(book, age);
    wrappers(book, age);
    empty_protected(book, age);
    encrypted(book, age);
}

/// A good signature over a payload that is no message.
fn payloads(book: &mut Book, age: Age) {
    let it = labels(age);
    let mut add =
        |what: &str, rule: &str, why: &str, by: &Party, write: &dyn Fn(&mut Writer<'_>)| {
            let bytes = by.sign1(algorithm(age), write);
            let said = Said::broken(format!("family-bad-{what}-{}", age.tag), rule, why);
            book.signed(age, said, bytes, &[by], &[by]);
        };
    add("token-7", "TM4", "a token of 7 bytes", &AGENT, &|w| {
        w.array(2).int(it.success).map(1).int(it.token).bytes(&[1; 7]);
    });
    add("token-65", "TM4", "a token of 65 bytes", &AGENT, &|w| {
        w.array(2).int(it.success).map(1).int(it.token).bytes(&[1; 65]);
    });
    add("challenge-513", "TM4", "a challenge of 513 bytes", &AGENT, &|w| {
        w.array(3).int(it.error).map(1).int(2).bytes(&[1; 513]).int(7);
    });
    add("error-code-0", "TM32", "the error code 0", &AGENT, &|w| {
        w.array(3).int(it.error).map(0).int(0);
    });
    add("error-without-code", "TM4", "an Error of two elements", &AGENT, &|w| {
        w.array(2).int(it.error).map(1).int(it.token).bytes(&TOKEN);
    });
    add("err-msg-129", "TM22", "an err-msg of 129 bytes", &AGENT, &|w| {
        w.array(3).int(it.error).map(1).int(it.err_msg).text(&"a".repeat(129)).int(1);
    });
    add("err-lang-36", "TM4", "an err-lang of 36 bytes", &AGENT, &|w| {
        w.array(3).int(it.error).map(1).int(it.err_lang).text(&"a".repeat(36)).int(1);
    });
    add("tc-list-empty", "TM4", "an empty tc-list", &AGENT, &|w| {
        w.array(2).int(2).map(1).int(it.tc_list).array(0);
    });
    add("ext-list-empty", "TM4", "an empty ext-list", &AGENT, &|w| {
        w.array(2).int(2).map(1).int(it.ext_list).array(0);
    });
    add("request-4-elements", "TM4", "a QueryRequest of four elements", &TAM, &|w| {
        w.array(4).int(1).map(0).array(0).int(0);
    });
    add("unknown-type", "TM4", "a message of type 9", &AGENT, &|w| {
        w.array(2).int(9).map(0);
    });
    add("options-array", "TM4", "options that are no map", &AGENT, &|w| {
        w.array(2).int(it.success).array(0);
    });
    add("duplicate-option", "C2", "an option twice", &AGENT, &|w| {
        w.array(2).int(it.success).map(2);
        w.int(it.token).bytes(&TOKEN).int(it.token).bytes(&TOKEN);
    });
    add("trailing", "C1", "a byte behind the message", &AGENT, &|w| {
        w.array(2).int(it.success).map(0).int(0);
    });
    let other = labels(if age.is_older() { Age::NEW } else { Age::OLD });
    add("other-numbering", "TM4", "a Success of the other numbering", &AGENT, &|w| {
        w.array(2).int(other.success).map(1).int(other.token).bytes(&TOKEN);
    });
}

fn success(age: Age) -> Vec<u8> {
    let content = SuccessContent { token: Some(&TOKEN), ..Default::default() };
    signed!(content, age, &AGENT)
}

fn wrappers(book: &mut Book, age: Age) {
    let good = success(age);
    let mut add = |what: &str, rule: &str, why: &str, bytes: Vec<u8>| {
        let said = Said::broken(format!("family-bad-{what}-{}", age.tag), rule, why);
        book.signed(age, said, bytes, &[&AGENT], &[]);
    };
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    add("signature", "C20", "the last bit of the signature is another", changed);
    let mut changed = good.clone();
    let at = changed.windows(TOKEN.len()).position(|window| window == TOKEN).unwrap();
    changed[at] ^= 1;
    add("payload", "C20", "one bit of the token is another", changed);
    let by_stranger = STRANGER.sign1(algorithm(age), |w| {
        w.array(2).int(labels(age).success).map(0);
    });
    add("stranger", "C93", "signed by a key that nobody named", by_stranger);
    add("cut", "C1", "one byte is missing", good[..good.len() - 1].to_vec());
    let mut mac = good.clone();
    mac[0] = 0xd1;
    add("mac-tag", "TM4", "the tag of COSE_Mac0", mac);
    add(
        "untagged",
        "TM4",
        "no tag: nobody can say which message of COSE it is",
        good[1..].to_vec(),
    );
    let payload = encode(|w| {
        w.array(2).int(labels(age).success).map(0);
    });
    let wrapped = |protected: &dyn Fn(&mut Writer<'_>), attached: bool| {
        let protected = encode(protected);
        let structure = SigStructure::signature1(&protected, &[], &payload);
        let mut signature = [0; 64];
        AGENT.signer(algorithm(age)).sign(&structure.parts(), &mut signature).unwrap();
        encode(|w| {
            w.tag(18).array(4).bytes(&protected).map(0);
            match attached {
                true => w.bytes(&payload),
                false => w.null(),
            };
            w.bytes(&signature);
        })
    };
    let alg = |w: &mut Writer<'_>| {
        w.map(1).int(1).int(algorithm(age).value());
    };
    add("detached", "TM4", "the payload is not in the message", wrapped(&alg, false));
    let critical = wrapped(
        &|w| {
            w.map(3).int(1).int(algorithm(age).value()).int(2).array(1).int(99).int(99).int(1);
        },
        true,
    );
    add("crit", "C15", "a critical header that nobody knows", critical);
    let sha512 = wrapped(
        &|w| {
            w.map(1).int(1).int(-36);
        },
        true,
    );
    add("alg-es512", "C21", "an algorithm of another key", sha512);
}

/// A COSE_Sign with one signature, whose body protected header is received as `received` and signed as `signed`.
fn with_empty(age: Age, received: &[u8], signed: &[u8]) -> Vec<u8> {
    let payload = {
        let both = request_by_both(age);
        let sign = cose_ext::Sign::decode(&both, &cose_ext::Profile::LENIENT).unwrap();
        sign.danger_unverified_payload().unwrap().to_vec()
    };
    let algorithm = if age.is_older() { Algorithm::EDDSA } else { Algorithm::ED25519 };
    let protected = encode(|w| {
        w.map(1).int(1).int(algorithm.value());
    });
    let structure = SigStructure::signature(signed, &protected, &[], &payload);
    let mut signature = [0; 64];
    TAM_ED.signer(algorithm).sign(&structure.parts(), &mut signature).unwrap();
    encode(|w| {
        w.tag(98).array(4).bytes(received).map(0).bytes(&payload).array(1);
        w.array(3).bytes(&protected).map(1).int(4).bytes(&TAM_ED.thumbprint()).bytes(&signature);
    })
}

/// What `h'a0'` signs: RFC 9052 says nothing, and older peers sign what they send.
fn empty_protected(book: &mut Book, age: Age) {
    let mut add = |what: &str, broken, why: &str, bytes, signed: &str| {
        let facts = json!({"signed_body_protected": signed});
        let said = Said { broken, ..Said::valid(format!("family-{what}-{}", age.tag), why) };
        let good: &[&Party] = if broken.is_some() { &[] } else { &[&TAM_ED] };
        book.signed(age, said.with(facts), bytes, &[&TAM_ED], good);
    };
    let bytes = with_empty(age, b"\xa0", b"\xa0");
    add(
        "a0-as-received",
        None,
        "received as h'a0' and signed so: under a named switch",
        bytes,
        "a0",
    );
    let bytes = with_empty(age, b"\xa0", b"");
    add("a0-as-zero-length", None, "received as h'a0', and signed as h''", bytes, "");
    let bytes = with_empty(age, b"", b"\xa0");
    let why = "received as h'', and h'a0' signed: no switch for that";
    add("bad-a0-from-nothing", Some("C46"), why, bytes, "a0");
}

/// Evidence that is encrypted to its receiver, for its purpose and for another one.
fn encrypted(book: &mut Book, age: Age) {
    let says = Says { nonce: Some(&CHALLENGE), status: None, issued_at: NOW };
    let evidence = claims(&says, &ATTESTER);
    for (what, purpose) in
        [("encrypted-eat", Purpose::Eat), ("encrypted-for-a-report", Purpose::SuitReport)]
    {
        let public = RECIPIENT.public();
        let to = cose_ext::crypto::PublicKey::from(&public);
        let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, to);
        let mut random = seeded(u64::from(age.is_older()) + 7);
        let mut sealer = Sealer::new(&RustCrypto, &mut random).with_agreed(purpose.agreed());
        let builder = EncryptBuilder::new().iv(&[9; 12]);
        let encrypted =
            builder.encrypt(Algorithm::A128GCM, &evidence, &[recipient], &mut sealer).unwrap();
        let content = QueryResponseContent {
            attestation_payload: Some(&encrypted),
            attestation_payload_format: Some(EVIDENCE_TYPE),
            ..Default::default()
        };
        let label = std::str::from_utf8(purpose.label()).unwrap();
        let mut facts = json!({"encrypted": {
            "supp_pub_other": label, "plaintext_sha256": sha256(&evidence), "recipient": RECIPIENT.name,
        }});
        if purpose != Purpose::Eat {
            facts["strict_violation"] = "eat-encryption-context".into();
        }
        let said =
            Said::valid(format!("family-{what}-{}", age.tag), "ECDH-ES+A128KW in two layers");
        let keys = [&AGENT_ED, &ATTESTER, &RECIPIENT];
        let bytes = signed!(content, age, &AGENT_ED);
        book.signed(age, said.with(facts), bytes, &keys, &[&AGENT_ED]);
    }
}
