//! Messages of TEEP decoded with all checks, beside a tree of `ciborium` and a hand-written reader over `minicbor` that
//! checks nothing; and an exchange of four signed messages.

use std::hint::black_box;

use cose_ext::{
    Context,
    crypto::{Algorithm, SignatureVerifier as _, Signer as _},
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
};
use teep_msg::{Message, Numbering};

use crate::{
    exchange::{Parties, exchange, read, read_with_ciborium, read_with_minicbor, update_of_64_kib},
    null::Null,
    work::{Work, kept},
};

const QUERY_REQUEST: &[u8] =
    include_bytes!("../../../vectors/teep/family-query-request-unsigned-26.cbor");

fn query_request() -> usize {
    let profile = cose_ext::Profile::LENIENT;
    let message = Message::decode(black_box(QUERY_REQUEST), Numbering::Iana, &profile);
    let message = message.expect("a message");
    let request = message.query_request().expect("a QueryRequest");
    _ = black_box(request);
    message.options().token().expect("a token").len()
}

/// Reads the token as somebody would who knows what is in it.
fn query_request_by_minicbor() -> usize {
    let mut decoder = minicbor::Decoder::new(black_box(QUERY_REQUEST));
    assert_eq!(decoder.array().expect("an array"), Some(5));
    assert_eq!(decoder.u8().expect("a type"), 1);
    let mut token = &[][..];
    for _ in 0..decoder.map().expect("options").expect("a definite length") {
        match decoder.u64().expect("a label") {
            19 => token = decoder.bytes().expect("a token"),
            _ => decoder.skip().expect("an option"),
        }
    }
    for _ in 0..3 {
        decoder.skip().expect("suites and data items");
    }
    token.len()
}

fn key(number: u8) -> &'static P256SigningKey {
    let key = P256SigningKey::from_bytes(&[number; 32]).expect("a scalar");
    kept(key.with_algorithm(Algorithm::ESP256).expect("an algorithm of the curve"))
}

/// Returns who signs and who is trusted, with signatures.
fn real() -> Parties<'static> {
    let (tam, agent) = (key(1), key(2));
    let trusted = |key: &P256SigningKey, number: u8| {
        kept(TrustedKey::parsed(kept(key.verifying_key()), Identity::new([number; 32])))
    };
    Parties { tam, agent, tams: trusted(tam, 1), agents: trusted(agent, 2) }
}

/// Returns who signs and who is trusted, where signatures are zeros and all are good.
fn null() -> Parties<'static> {
    let (tam, agent) =
        (kept(Null::new(kept(key(1).public_key()))), kept(Null::new(kept(key(2).public_key()))));
    let tams = kept(TrustedKey::parsed(tam, Identity::new([1; 32])));
    let agents = kept(TrustedKey::parsed(agent, Identity::new([2; 32])));
    Parties { tam, agent, tams, agents }
}

/// Makes four signatures and checks them, of messages as long as those of an exchange.
fn eight_signature_operations() -> impl Fn() {
    let keys = [key(1), key(2)].map(|signer| (signer, signer.verifying_key()));
    move || {
        let message = black_box([0x5a; 200]);
        for (signer, verifier) in &keys {
            for _ in 0..2 {
                let mut signature = [0; 64];
                signer.sign(&[&message], &mut signature).expect("a signature");
                let checked = verifier.verify(Algorithm::ESP256, &[&message], &signature);
                black_box(checked).expect("a good signature");
            }
        }
    }
}

/// Returns the works of this benchmark.
pub fn teep() -> Vec<Work> {
    let update: &'static [u8] = update_of_64_kib().leak();
    assert_eq!(update.len(), 65_536);
    assert_eq!(read(update), read_with_minicbor(update));
    assert_eq!(read_with_ciborium(update).as_array().map(Vec::len), Some(2));
    assert_eq!(query_request(), query_request_by_minicbor());
    let request = "QueryRequest of 64 bytes decoded";
    let updated = "Update of 64 KiB decoded";
    let without = "exchange of four messages, without the signatures";
    let with = "exchange of four messages, ES256";
    let (real, null) = (kept(real()), kept(null()));
    let run = |parties: &Parties<'_>| exchange(black_box(parties), &Context::new(&RustCrypto));
    vec![
        Work::new(request, "teep-msg", query_request),
        Work::new(request, "ciborium, a Value", move || {
            read_with_ciborium(black_box(QUERY_REQUEST))
        }),
        Work::new(request, "minicbor, nothing checked", query_request_by_minicbor),
        Work::new(updated, "teep-msg", move || read(black_box(update)).manifests),
        Work::new(updated, "ciborium, a Value", move || read_with_ciborium(black_box(update))),
        Work::new(updated, "minicbor, nothing checked", move || {
            read_with_minicbor(black_box(update)).manifests
        }),
        Work::new(without, "teep-msg", move || run(null)),
        Work::new(with, "teep-msg", move || run(real)),
        Work::new(with, "the eight signature operations alone", eight_signature_operations()),
    ]
}
